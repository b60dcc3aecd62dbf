"""Tags of the campaign's pages: kinds, amounts, windows, duties and standings in words."""

from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django import template
from django.template.context import RequestContext
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext

from wuzha.adapters.wording.certainty import PlaceWords, list_place_words, say_certainty, say_comparison
from wuzha.adapters.wording.duty import ENGLISH, render_duty
from wuzha.adapters.wording.pace import say_pace
from wuzha.adapters.wording.record import render_record
from wuzha.adapters.wording.why import say_goal, say_move, say_role
from wuzha.adapters.wording.words import Language, describe_field, describe_status
from wuzha.core.assessment.model import Standing, Status, Totals
from wuzha.core.assessment.pace import find_place
from wuzha.core.assessment.places import Comparison
from wuzha.core.assessment.why import Part, Service, Why
from wuzha.core.base.windows import Window
from wuzha.core.duty.model import Duty
from wuzha.core.duty.sentence import CHINESE, render_who
from wuzha.core.ground.point import Point
from wuzha.core.ledger.check import is_survey
from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.core.ledger.record import RecordKind
from wuzha.web.accounts.access import opens_address
from wuzha.web.accounts.templatetags.wuzha import SHAPES, link
from wuzha.web.campaign import wording
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.models import Record
from wuzha.web.campaign.queries.ground import PlanInForce
from wuzha.web.campaign.queries.standings import MatrixRow

register = template.Library()


@register.filter
def record_kind(code: str) -> str:
    """A kind of record in the language of the page."""
    kind = load_kinds().get(code)
    return wording.title_kind(kind) if kind else code


@register.filter
def record_sentence(record: Record) -> str:
    """What the record says, as one sentence without its full stop; with its year where that is not the year it came."""
    kind, came = load_kinds().get(record.kind), localdate(record.received_at)
    return render_record(record.to_core(), kind, record.unit.name, wording.language(), came)


@register.filter
def details(record: Record) -> list[tuple[str, str]]:
    """What only describes, with the title of each; by its code where the kind has it no more."""
    kind = load_kinds().get(record.kind)
    known = kind.known_details if kind else ()
    titles = {one.code: one.title if wording.is_chinese() else one.title_en for one in known}
    return [(titles.get(name, name), text) for name, text in record.extra.items()]


@register.filter
def count_word(kind: RecordKind) -> str:
    """The counting word of a kind, for a sum."""
    return wording.count_kind(kind, 2)


@register.filter
def field_title(name: str) -> str:
    """A field of a record as people call it."""
    return describe_field(name, wording.language())


@register.filter
def field_value(value: Any, name: str) -> str:
    """A field's content as people write it."""
    if value is None or value == "":
        return "—"
    if name == "kind":
        return record_kind(value)
    if name == "change":
        return change_title(value)
    if name == "grade":
        return grade_title(value)
    if isinstance(value, date):
        return value.isoformat()
    return number(value) if isinstance(value, int | Fraction) else str(value)


@register.filter
def shape_title(shape: str) -> str:
    return str(wording.SHAPES[shape])


@register.filter
def change_title(code: str) -> str:
    return str(wording.CHANGES.get(code, code))


@register.filter
def grade_title(code: str) -> str:
    return str(wording.GRADES.get(code, code))


@register.filter
def number(value: Any) -> str:
    """1,234 or 12.5."""
    return "" if value is None else wording.say_number(Fraction(value))


@register.filter
def amount(record: Record) -> str:
    """What the record counts: 2 次, 36 平方米, 41 / 50 人."""
    kind = load_kinds().get(record.kind)
    if kind is None:
        return f"{record.quantity:,}"
    if is_survey(kind):
        asked = record.people or 0
        return f"{record.quantity:,} / {asked:,} {wording.count_kind(kind, asked)}"
    value = getattr(record, kind.counts)
    if value is None:
        return ""
    return f"{number(value)} {wording.count_kind(kind, 1 if value == 1 else 2)}"


@register.simple_tag(takes_context=True)
def unit_link(context: RequestContext, code: str) -> str:
    """The page of the unit; for who reads figures and no records that of its figures."""
    user = context["request"].user
    return link(context, "campaign:unit" if opens_address(user, "campaign:unit") else "campaign:standings", code)


@register.simple_tag
def duty_title(duty: Duty) -> str:
    return wording.title_duty(duty, load_kinds())


@register.simple_tag
def pile_title(kind: str) -> str:
    """What lies on the desk of a post, by its kind."""
    return str(wording.PILES[kind])


@register.simple_tag
def duty_sentence(duty: Duty) -> str:
    """The whole duty as one sentence."""
    return render_duty(duty, load_kinds(), wording.language())


@register.simple_tag
def duty_who(duty: Duty) -> str:
    """Who bears the duty, for telling two duties of one kind apart."""
    return render_who(duty.who, ENGLISH if wording.language() == "en" else CHINESE)


@register.simple_tag
def duty_cadence(duty: Duty) -> str:
    return wording.title_cadence(duty)


@register.simple_tag(takes_context=True)
def window_title(context: RequestContext, window: Window) -> str:
    return wording.say_window(window, context["as_of"])


@register.simple_tag(takes_context=True)
def standing_text(context: RequestContext, duty: Duty, standing: Standing) -> str:
    """What is still wanting and by when, or that it is done."""
    return wording.say_standing(duty, standing, load_kinds(), context["as_of"])


@register.simple_tag
def tally_text(duty: Duty, standing: Standing) -> str:
    """41 / 50 户."""
    return wording.say_tally(duty, standing, load_kinds())


@register.simple_tag
def certainty_text(duty: Duty, standing: Standing) -> str:
    """How sure an indicator is; empty for what is no indicator or not known."""
    return say_certainty(duty, standing.tally, wording.language())


@register.filter
def comparison_text(found: Comparison) -> str:
    """Which places differ by more than chance, or that these numbers tell nothing apart."""
    return say_comparison(found, wording.language())


@register.filter
def place_words(found: Comparison) -> list[PlaceWords]:
    return list_place_words(found, wording.language())


@register.simple_tag(takes_context=True)
def pace_text(context: RequestContext, in_force: PlanInForce, duty: Duty, standing: Standing) -> str:
    """Where the unit should be today and when it will be done; empty for what has no pace. The view gives ``paces``."""
    pace = context["paces"].get((in_force.version.pk, find_place(standing)))
    if pace is None:
        return ""
    counter = wording.count_duty(duty, load_kinds(), pace.expected)
    return say_pace(pace, standing.obligation.due_on, context["as_of"], wording.language(), counter)


@register.simple_tag
def why_goal(why: Why) -> str:
    """What the goal is made of; empty where no number of the plan is its goal."""
    return say_goal(why, wording.language())


@register.simple_tag
def why_move(why: Why) -> str:
    """Which due day moved, and why; empty where none did."""
    return say_move(why, wording.language())


@register.simple_tag(takes_context=True)
def why_role(context: RequestContext, why: Why, part: Part) -> str:
    """Why the record is left out. The view gives the units' ``names``."""
    return say_role(why.duty, part.cause, context["names"], wording.language())


@register.simple_tag(takes_context=True)
def miss_text(context: RequestContext, service: Service) -> str:
    """Why the record does not count for the duty, and in which window it was looked at."""
    told = say_role(service.duty, service.cause, {}, wording.language())
    window = wording.say_window(service.window, context["as_of"]) if service.window else ""
    return f"{told}（{window}）" if window and wording.is_chinese() else f"{told} ({window})" if window else told


@register.simple_tag(takes_context=True)
def why_record(context: RequestContext, record: CoreRecord) -> str:
    """What the record says, as one sentence. The view gives the units' ``names``."""
    name = context["names"].get(record.unit, record.unit)
    return render_record(record, load_kinds().get(record.kind), name, wording.language(), context["as_of"])


@register.filter
def short_day(value: date) -> str:
    """6月30日."""
    return wording.say_day(value)


@register.filter
def status_count(totals: Totals, name: str) -> int:
    """``{{ totals|status_count:'open' }}``"""
    return totals.count(Status(name))


@register.simple_tag(takes_context=True)
def row_cells(context: RequestContext, row: MatrixRow, *, own: object = "", gone: object = False) -> SafeString:
    """The cells of a row of the matrix: all duties together, then each. Of a unit that is ``gone`` they lead nowhere.

    Built here and not by a template of its own, since a county's matrix has thousands of them.
    """
    plan = context["in_force"].version.pk
    path, _, query = cell_link(context, row.unit.code, plan, period=context["form"]["period"], own=own).partition("?")
    duties = ("", *(f"{quote(duty.id, safe='')}/" for duty in context["matrix"].duties))
    cells = (row.total, *row.cells)
    language = wording.language()
    return format_html_join(
        "",
        "<td>{}</td>",
        (
            (_render_cell(totals, "" if gone else f"{path}{duty}{'?' if query else ''}{query}", language),)
            for duty, totals in zip(duties, cells, strict=True)
        ),
    )


def _render_cell(totals: Totals | None, href: str, language: Language) -> SafeString:
    """Met of expected, and the status that asks for most. Unknown is never shown as 0."""
    if totals is None:
        return format_html('<span class="cell-none" title="{}">–</span>', gettext("Does not bear this duty"))
    inside, title = _render_totals(tuple(totals.counts.items()), language)
    if not href:
        return format_html('<span title="{}">{}</span>', title, inside)
    return format_html('<a href="{}" title="{}">{}</a>', href, title, inside)


@lru_cache(maxsize=8192)
def _render_totals(counts: tuple[tuple[Status, int], ...], language: Language) -> tuple[SafeString, str]:
    """What stands in a cell, and its title, in the language that is asked for. Most cells share a few small numbers."""
    totals = Totals(dict(counts))
    status = _find_loudest(totals)
    mark = _render_mark(status, totals.count(status)) if status else ""
    return format_html("{}{}", _render_figure(totals), mark), _explain(totals)


def _explain(totals: Totals) -> str:
    told = {"expected": totals.expected, "met": totals.met, "on_time": totals.on_time, "missed": totals.missed}
    return gettext("%(expected)s expected, %(met)s met, %(on_time)s of them on time, %(missed)s missed") % told


def _render_figure(totals: Totals) -> SafeString:
    if not totals.expected:
        return format_html('<span class="cell-none">{}</span>', "—")
    if totals.count(Status.UNKNOWN) == totals.expected:
        return format_html('<span class="cell-unknown">{}</span>', describe_status(Status.UNKNOWN, wording.language()))
    return format_html(
        '<span>{}<span class="figure-base"> / {}</span></span>', number(totals.met), number(totals.expected)
    )


def _render_mark(status: Status, count: int) -> SafeString:
    return format_html(
        '<span class="cell-mark status status-{}"><span aria-hidden="true">{}</span> {} {}</span>',
        status,
        SHAPES[str(status)],
        describe_status(status, wording.language()),
        number(count),
    )


def _find_loudest(totals: Totals) -> Status | None:
    """What a reader has to see first."""
    order = (Status.MISSED, Status.OPEN, Status.UNKNOWN, Status.LATE, Status.MET, Status.UPCOMING, Status.EXEMPT)
    return next((status for status in order if totals.count(status)), None)


@register.filter
def words(text: str) -> list[str]:
    """A list written in a template."""
    return text.split()


@register.simple_tag
def status_shape(status: str) -> str:
    """The shape of a status, where its word is said to screen readers only."""
    return SHAPES[str(status)]


@register.simple_tag(takes_context=True)
def cell_link(context: RequestContext, code: str, plan: int, duty_id: str = "", **query: object) -> str:
    """The page of one figure: of a duty at and below a unit, or without a duty of all of them."""
    args = (code, plan, duty_id) if duty_id else (code, plan)
    return link(context, "campaign:cell", *args, **query)


@register.filter
def metres(value: Any) -> str:
    """1,240 m, in the words of the page."""
    return wording.say_metres(value)


@register.filter
def whole(value: Any) -> str:
    """Metres as one says them along a road: 1,240."""
    return f"{round(value):,}"


@register.filter
def degrees(point: Point) -> str:
    """117.04315, 36.20118: degrees east and north, to the metre, as a map takes them."""
    return f"{point.lon:.5f}, {point.lat:.5f}"


@register.filter
def share_text(share: Fraction) -> str:
    """12.5%."""
    return f"{wording.say_number(share * 100)}%"


@register.filter
def shape_sort(sort: str) -> str:
    """What a thing of a road file is."""
    return str(wording.SHAPE_SORTS[sort])
