"""The audit log as a file."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.adapters.table_export import Column, Table
from wuzha.adapters.wording.audit import describe_action, describe_object
from wuzha.web.accounts.models import AuditEntry
from wuzha.web.audit.forms import read_language
from wuzha.web.audit.templatetags.audit import tell_details


def write_details(entry: AuditEntry) -> str:
    told: list[tuple[Any, Any]] = tell_details(entry)
    return "；".join(f"{word} {value}" for word, value in told)


COLUMNS = (
    Column(_("Number"), lambda one: one.pk, "number"),
    Column(_("Time"), lambda one: f"{timezone.localtime(one.at):%Y-%m-%d %H:%M:%S}"),
    Column(_("Who"), lambda one: str(one.actor or "")),
    Column(_("User name"), lambda one: one.actor.username if one.actor else ""),
    Column(pgettext_lazy("audit", "What was done"), lambda one: describe_action(one.action, read_language())),
    Column(_("To what"), lambda one: describe_object(one.object_type, read_language())),
    Column(_("Its number"), lambda one: one.object_id),
    Column(_("Beside it"), write_details),
    Column(_("Number of the request"), lambda one: one.request),
)


def tabulate_entries(entries: QuerySet[AuditEntry]) -> Table:
    return Table("audit", _("Audit log"), COLUMNS, entries)
