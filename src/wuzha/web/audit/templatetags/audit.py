"""Entries of the audit log in the words of a page."""

import json
from typing import Any

from django import template
from django.template import RequestContext
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import pgettext

from wuzha.adapters.wording.audit import describe_action, describe_detail, describe_object, describe_value, load_actions
from wuzha.web.accounts.audit import LOOK_ACTION, LookReason
from wuzha.web.accounts.models import AuditEntry, User
from wuzha.web.audit.access import find_scope
from wuzha.web.audit.forms import read_language

register = template.Library()


@register.simple_tag(takes_context=True)
def reads_log(context: RequestContext) -> bool:
    """``{% reads_log as may_read_log %}``: whether the person may read the log of anybody else at all."""
    user = context["user"]
    return isinstance(user, User) and find_scope(user, context["today"]) is not None


@register.filter
def deed(entry: AuditEntry) -> str:
    return describe_action(entry.action, read_language())


@register.filter
def is_look(entry: AuditEntry) -> bool:
    action = load_actions().get(entry.action)
    return action is not None and action.look


@register.filter
def thing(entry: AuditEntry) -> str:
    return describe_object(entry.object_type, read_language())


@register.filter
def tell_details(entry: AuditEntry) -> list[tuple[str, str]]:
    """What stands beside the entry, word and value, in the order in which it was written."""
    language = read_language()
    found = [
        (describe_detail(name, language), _tell(value, name)) for name, value in entry.details.items() if value != ""
    ]
    if entry.action == LOOK_ACTION and (reason := entry.details.get("reason")) in LookReason.values:
        word = describe_detail("reason", language)
        found = [(name, str(LookReason(reason).label) if name == word else value) for name, value in found]
    return found


def _tell(value: Any, name: str = "") -> str:
    language = read_language()
    match value:
        case bool():
            return pgettext("audit", "yes") if value else pgettext("audit", "no")
        case str() if name.endswith("_at") and (at := parse_datetime(value)):
            return f"{localtime(at):%Y-%m-%d %H:%M}"
        case str():
            return describe_value(name, value, language)
        case list():
            return "、".join(_tell(one, name) for one in value)
        case dict():
            return "；".join(f"{describe_detail(key, language)} {_tell(one, key)}" for key, one in value.items())
    return json.dumps(value, ensure_ascii=False)
