"""Tags that every template uses: days as people say them, links that keep the as-of date, and the shared parts."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from django import template
from django.db.models import Model
from django.forms import BoundField, CheckboxInput, FileInput, RadioSelect, Select
from django.http import QueryDict
from django.template.context import RequestContext
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from wuzha.adapters.wording.problem import describe_problem
from wuzha.adapters.wording.words import (
    Language,
    describe_attribute,
    describe_line,
    describe_status,
    describe_unit_kind,
)
from wuzha.core.base.problem import Problem, has_errors
from wuzha.core.base.roster import COLUMNS, RosterChange
from wuzha.core.base.unit import EARLIEST, LATEST
from wuzha.core.base.unit import Unit as CoreUnit
from wuzha.web.accounts.access import opens_address, sees_unit
from wuzha.web.accounts.models import Post, Unit, User
from wuzha.web.accounts.queries import list_ancestors
from wuzha.web.accounts.roles import describe_sight

register = template.Library()

WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# What a status looks like without its colour; its word is in the table of adapters.
SHAPES: Mapping[str, str] = MappingProxyType(
    {
        "upcoming": "·",
        "open": "◐",
        "met": "●",
        "late": "◑",
        "missed": "○",
        "exempt": "—",
        "waived": "—",
        "unknown": "◌",
    }
)


def _is_chinese() -> bool:
    return (get_language() or "zh-hans").startswith("zh")


def render_day(value: date, shown_year: int) -> str:
    """3月20日（周四）; with its year when that is not the year the page shows."""
    if _is_chinese():
        year = "" if value.year == shown_year else f"{value.year}年"
        return f"{year}{value.month}月{value.day}日（周{WEEKDAYS_ZH[value.weekday()]}）"
    year = "" if value.year == shown_year else f" {value.year}"
    return f"{WEEKDAYS_EN[value.weekday()]} {value.day} {MONTHS_EN[value.month - 1]}{year}"


@register.simple_tag(takes_context=True)
def day(context: RequestContext, value: date | None, beside: date | None = None) -> SafeString | str:
    """``{% day record.happened_on %}``: the day as people say it, on one line; nothing for no day.

    The year stands with it where it is not that of the page, or of ``beside``. Of an instant it is the local day.
    """
    if value is None:
        return ""
    shown = _find_local_day(value)
    return format_html('<span class="nowrap">{}</span>', render_day(shown, (beside or context["as_of"]).year))


def _find_local_day(value: date) -> date:
    return timezone.localdate(value) if isinstance(value, datetime) else value


@register.simple_tag
def full_day(value: date | None) -> SafeString | str:
    """``{% full_day plan.valid_from %}``: 2026年1月1日, always with its year and without the weekday.

    Of an instant it is the local day.
    """
    if value is None:
        return ""
    shown = _find_local_day(value)
    month = MONTHS_EN[shown.month - 1]
    chinese = f"{shown.year}年{shown.month}月{shown.day}日"
    return format_html(
        '<span class="nowrap">{}</span>', chinese if _is_chinese() else f"{shown.day} {month} {shown.year}"
    )


@register.simple_tag(takes_context=True)
def link(context: RequestContext, address: str, *args: object, **query: object) -> str:
    """``{% link 'accounts:unit' unit.code kind='rally' %}``: an address that keeps the as-of date of this page, and the
    day by which records must have come where the page asks for one."""
    days = {"as_of": _find_past_day(context), "known": context.get("known")}
    return _join(reverse(address, args=args), days | query)


def _find_past_day(context: RequestContext) -> date | None:
    """The day of the page where that is not today. A day that could not be read is not handed on."""
    as_of: date | None = context.get("as_of")
    return None if as_of == context.get("today") else as_of


@register.simple_tag(takes_context=True)
def link_with(context: RequestContext, **query: object) -> str:
    """``{% link_with page=2 %}``: this page with its other filters kept; an empty value takes a filter away."""
    request = context["request"]
    return _join(request.path, request.GET.dict() | query)


@register.filter
def list_pairs(asked: QueryDict) -> list[tuple[str, str]]:
    """What stands behind the question mark; ``request.GET.items`` would be the value of ``?items=`` in a template."""
    return [(name, str(value)) for name, value in asked.items()]


@register.inclusion_tag("parts/export.html", takes_context=True)
def export(context: RequestContext, name: str, titled: object = False) -> dict[str, object]:
    """``{% export "units" %}``: links to that table of the page as a file, under the filters and days of the page.

    ``titled`` says which table, where more than one link stands in a place.
    """
    request, table = context["request"], context["tables"][name]
    asked = request.GET.dict() | {"page": "", "table": name}
    addresses = {ending: _join(request.path, asked | {"format": ending}) for ending in ("xlsx", "csv")}
    return {"title": table.title, "titled": titled, **addresses}


def _join(path: str, query: dict[str, Any]) -> str:
    told = {key: _write(value) for key, value in query.items() if value not in (None, "")}
    return f"{path}?{urlencode(told)}" if told else path


def _write(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


@register.simple_tag
def icon(name: str) -> SafeString:
    """``{% icon 'person' %}``: an icon of the sprite, hidden from screen readers: a word always stands beside."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("icons/icons.svg"), name
    )


@register.inclusion_tag("parts/status.html")
def status(value: object, count: int | None = None) -> dict[str, object]:
    """``{% status 'met' %}``: shape, word and colour; with ``count`` the word is followed by a number."""
    name = str(value)
    return {"name": name, "shape": SHAPES[name], "word": describe_status(name, _language()), "count": count}


@register.inclusion_tag("parts/figure.html")
def figure(value: object, base: object = None, href: str = "", unit: str = "") -> dict[str, object]:
    """``{% figure 41 base=50 href=url unit='户' %}``: 41 / 50 户, linked to what it counts."""
    return {"value": value, "base": base, "href": href, "unit": unit}


@register.inclusion_tag("parts/problems.html")
def problems(items: Iterable[Problem], title: str = "") -> dict[str, object]:
    """``{% problems found %}``: each problem as a sentence: where, which rule, how to mend."""
    found = tuple(items)
    told = [(item.severity, describe_problem(item, _language()), item.code) for item in found]
    return {"told": told, "title": title, "severity": "error" if has_errors(found) else "warning"}


@register.inclusion_tag("parts/form_field.html")
def form_field(field: BoundField) -> dict[str, object]:
    """``{% form_field form.name %}``: label, control, help and errors, with what was typed kept."""
    control = field.as_widget(attrs={"class": _choose_class(field)})
    return {"field": field, "control": control, "is_check": isinstance(field.field.widget, CheckboxInput)}


def _choose_class(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, CheckboxInput | RadioSelect):
        name = "form-check-input"
    else:
        name = "form-select" if isinstance(widget, Select) and not isinstance(widget, FileInput) else "form-control"
    return f"{name} is-invalid" if field.errors else name


@register.inclusion_tag("parts/crumbs.html", takes_context=True)
def crumbs(context: RequestContext, unit: Model | None, address: str = "accounts:unit") -> dict[str, object]:
    """``{% crumbs unit 'campaign:standings' %}``: 县 › 镇 › 村 of the page's day, as far up as the posts reach."""
    request = context["request"]
    days = {name: context[name] for name in ("as_of", "today")}
    above = list_ancestors(unit, request.user, days["today"], days["as_of"]) if isinstance(unit, Unit) else ()
    is_seen = isinstance(unit, Unit) and sees_unit(request.user, unit, days["today"])
    address = address if opens_address(request.user, address) else "accounts:unit"
    return {"above": above, "unit": unit, "is_seen": is_seen, "address": address, "request": request, **days}


@register.simple_tag(takes_context=True)
def opens(context: RequestContext, address: str) -> bool:
    """``{% opens 'campaign:records' as may_records %}``: whether the person's posts count on pages of that name."""
    user = context["request"].user
    return isinstance(user, User) and opens_address(user, address)


def _language() -> Language:
    return "zh" if _is_chinese() else "en"


@register.filter
def kind_title(code: str) -> str:
    """A kind of unit in the language of the page."""
    return describe_unit_kind(code, _language())


@register.filter
def line_title(code: str) -> str:
    """A line (条线) in the language of the page."""
    return describe_line(code, _language())


@register.filter
def post_sight(post: Post) -> str:
    """What the holder of the post sees, in words."""
    return describe_sight(post)


@register.filter
def attribute_title(code: str) -> str:
    """A denominator of a unit in the language of the page."""
    return describe_attribute(code, _language())


@register.inclusion_tag("accounts/roster_change.html")
def roster_change(change: RosterChange) -> dict[str, object]:
    """What a roster does to one unit: new, which fields from what to what, which figures of which day."""
    before = change.before
    fields = (
        [(COLUMNS[name], _tell(before, name), _tell(change.after, name)) for name in change.fields] if before else []
    )
    figures = [
        (attribute_title(new.name), new.valid_from, number(old.value) if old else "", number(new.value))
        for new, old in change.figures
    ]
    return {"is_new": before is None, "fields": fields, "figures": figures, "since": change.since}


def _tell(unit: CoreUnit | None, name: str) -> str:
    value = getattr(unit, name, "")
    if name in ("kind", "line"):
        return kind_title(value) if name == "kind" else line_title(value)
    return "" if value in (EARLIEST, LATEST) else str(value)


@register.filter
def of(found: Mapping[Any, Any], key: object) -> Any:
    """``{% for one in coming|of:unit.pk %}``: what stands under the key; nothing where it has no such key."""
    return found.get(key, ()) if found else ()


@register.filter
def number(value: Fraction | Decimal | int) -> str:
    """2,140 or 12.5: thousands set off by commas, at most two decimals, no empty ones."""
    return f"{float(value):,.2f}".rstrip("0").rstrip(".")
