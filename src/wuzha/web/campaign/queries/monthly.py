"""The monthly progress table of a county or a town, from the ledger that this process keeps. Reads only.

What is computed is kept until a record arrives, since a county's takes a second. What people typed and sheets brought
is put in at every look.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from types import MappingProxyType
from urllib.parse import urlencode
from uuid import UUID
from weakref import WeakKeyDictionary

from django.urls import reverse

from wuzha.adapters.columns.live import LiveColumns
from wuzha.adapters.monthly_columns import load_columns
from wuzha.core.assessment.model import Totals
from wuzha.core.assessment.rollup import Cell as Place
from wuzha.core.base.windows import Window
from wuzha.core.ledger.record import find_limit
from wuzha.core.paper.column import ChangeOf, Column, Columns, OfAttribute, OfStanding, OfTitles, ShareOf, list_named
from wuzha.core.paper.month import Entries, Entry, MonthlyQuestion, MonthlyRow, MonthlyTable, TitleBook
from wuzha.core.paper.month import find_month as find_month_window
from wuzha.core.paper.month import find_since as find_since_day
from wuzha.core.paper.month_cells import list_fed_kinds
from wuzha.core.paper.month_rows import FOLDED
from wuzha.core.paper.month_words import Link, RecordFilter, find_filter
from wuzha.core.paper.monthly import compute_table, fill_in
from wuzha.core.title.life import TitleEventKind
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.models import TitleProgram, TitleStep
from wuzha.web.campaign.queries.arriving import look
from wuzha.web.campaign.queries.ground import PlanInForce, load_bound_tree, stamp_roster
from wuzha.web.campaign.queries.standings import open_facts
from wuzha.web.campaign.queries.totals import PlanCounts, count_plan

NOTHING: Mapping[tuple[str, str], Entry] = MappingProxyType({})
# So many tables are kept; the one that was asked for longest ago goes first.
MOST_KEPT = 12


@dataclass(frozen=True, slots=True)
class MonthlyAsked:
    """Which table: of a unit and all below it, for the month named 2026-11, as of a day.

    ``typed``, ``imported`` and ``signed`` are by unit and column. As known by which day the plan says
    (:class:`PlanInForce`).
    """

    in_force: PlanInForce
    unit_code: str
    month: str
    as_of: date
    month_ends: int = 0
    typed: Mapping[tuple[str, str], Entry] = field(default_factory=lambda: NOTHING)
    imported: Mapping[tuple[str, str], Entry] = field(default_factory=lambda: NOTHING)
    signed: Mapping[tuple[str, str], Entry] = field(default_factory=lambda: NOTHING)


def build_monthly_table(asked: MonthlyAsked) -> MonthlyTable:
    """The table counted now.

    Raises KeyError for a unit that the plan does not bind, ValueError for what is no month.
    """
    question = _make_question(asked)
    kept, size = _find_kept(), look().size
    name = _name(asked, question), _stamp_titles()
    with KEEPING:
        found = kept.pop(name, None)
    if found is None or found[0] != size:
        found = size, _compute(asked, question, load_columns())
    with KEEPING:
        kept[name] = found
        while len(kept) > MOST_KEPT:
            kept.popitem(last=False)
    return fill_in(found[1], Entries({}, asked.typed, asked.imported, asked.signed))


Kept = OrderedDict[object, tuple[int, MonthlyTable]]
# With the columns of the ledger goes what was made of them.
TABLES: WeakKeyDictionary[LiveColumns, Kept] = WeakKeyDictionary()
KEEPING = Lock()


def _find_kept() -> Kept:
    columns = look().columns
    with KEEPING:
        return TABLES.setdefault(columns, OrderedDict())


def _name(asked: MonthlyAsked, question: MonthlyQuestion) -> object:
    """What the computed part of a table hangs on beside the ledger."""
    issuer, known = asked.in_force.version.unit.code, asked.in_force.known_by
    kinds = frozenset(question.kinds)
    return stamp_roster(), issuer, question.plan, kinds, asked.unit_code, question.month, question.day, known


def _compute(asked: MonthlyAsked, question: MonthlyQuestion, columns: Columns) -> MonthlyTable:
    facts = open_facts(question.tree, question.day, asked.in_force.known_by)
    rows = facts.list_rows((asked.unit_code,), list_fed_kinds(columns, question))
    is_standing = any(isinstance(column.counts, OfStanding) for column in columns.values())
    standings = _read_counts(count_plan(asked.in_force, question.day), question) if is_standing else {}
    is_titled = any(isinstance(column.counts, OfTitles) for column in columns.values())
    titles = _read_titles(asked, question) if is_titled else TitleBook()
    return compute_table(columns, question, rows, Entries(standings, titles=titles))


def _stamp_titles() -> tuple[int, int]:
    """Steps and programmes are only added, so that their last numbers tell whether any came."""
    steps = TitleStep.objects.order_by("-id").values_list("id", flat=True).first() or 0
    return steps, TitleProgram.objects.order_by("-id").values_list("id", flat=True).first() or 0


def _read_titles(asked: MonthlyAsked, question: MonthlyQuestion) -> TitleBook:
    """The applications and awards of all programmes that the units of the plan may be in."""
    known = asked.in_force.known_by
    codes = {unit.code for unit in question.tree.units}
    wanted = TitleEventKind.APPLIED, TitleEventKind.AWARDED
    steps = TitleStep.objects.filter(kind__in=[kind.value for kind in wanted], on__lte=question.day)
    if known is not None:
        steps = steps.filter(made_at__lte=find_limit(known))
    days: dict[tuple[str, str], tuple[date, ...]] = {}
    for code, kind, day in steps.order_by("id").values_list("unit__code", "kind", "on"):
        if code in codes:
            days[code, kind] = (*days.get((code, kind), ()), day)
    programs = _list_programs(question)
    return TitleBook(frozenset(kind for _, kinds in programs for kind in kinds), days)


def _list_programs(question: MonthlyQuestion) -> list[tuple[int, list[str]]]:
    """The programmes at and above the table's unit, or below it, with the kinds of unit that may apply."""
    if "programs" not in question.kept:
        found = TitleProgram.objects.order_by("id").values_list("pk", "kinds", "unit__code")
        known = question.tree.by_code
        question.kept["programs"] = [(pk, kinds) for pk, kinds, code in found if code in known]
    programs: list[tuple[int, list[str]]] = question.kept["programs"]
    return programs


def _make_question(asked: MonthlyAsked) -> MonthlyQuestion:
    plan, ends = asked.in_force.plan, asked.month_ends
    month: Window = find_month_window(asked.month, ends)
    return MonthlyQuestion(
        load_bound_tree(asked.in_force),
        asked.unit_code,
        month,
        find_since_day(plan, month, ends),
        min(asked.as_of, month.interval.last_day),
        load_kinds(),
        plan,
        asked.in_force.known_by,
        ends,
    )


def _read_counts(counts: PlanCounts, question: MonthlyQuestion) -> Mapping[Place, Totals]:
    """Each unit's own standings. A duty that a plan holds in several pieces is one."""
    found: dict[Place, Totals] = {}
    units = [question.tree.by_code[code] for code in question.tree.list_ever_below(question.top)]
    for number, duty in enumerate(question.plan.duties):
        for unit in units:
            own = counts.find(number, unit.code)
            if own:
                place = unit.code, duty.id
                found[place] = found.get(place, Totals()) + Totals(own)
    return found


# --- where a figure leads to ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TableFigure:
    """A figure of the table of ``unit_code``: which table, which of its rows, which column; and what it rests on."""

    asked: MonthlyAsked
    row: MonthlyRow
    column: Column
    table: MonthlyTable
    records: tuple[UUID, ...]


def find_table_figure(asked: MonthlyAsked, row: str, column: str) -> TableFigure | None:
    """The figure with its records; none where there is no such row, or the column counts no records.

    Of a unit's own line ``row`` is ``unit``; of a town all its lines are ``total``.
    """
    found = load_columns().get(column)
    if found is None or isinstance(found.counts, OfAttribute | OfStanding | OfTitles | None) or found.is_derived:
        return None
    try:
        question = _make_question(asked)
        table = _compute(asked, question, {column: found})
    except (KeyError, ValueError):
        return None
    line = next((one for one in table.rows if one.kind == row and one.unit.code == asked.unit_code), None)
    return TableFigure(asked, line, found, table, table.list_records(line, column)) if line else None


def make_link(asked: MonthlyAsked) -> Link:
    """What gives the address of the page that lists a figure's records, of the tables of this plan and month."""
    day = _find_day(asked)

    def link(records: RecordFilter) -> str:
        told: list[tuple[str, str]] = [
            ("table", str(asked.in_force.version.pk)),
            ("month", asked.month),
            ("ends", str(asked.month_ends)),
            ("row", records.row),
            ("column", records.column),
            ("unit", records.unit),
            *(("kind", kind) for kind in records.kinds),
            ("as_of", day.isoformat()),
        ]
        if asked.in_force.known_by is not None:
            told.append(("known", asked.in_force.known_by.isoformat()))
        return f"{reverse('campaign:records')}?{urlencode(told)}"

    return link


def _find_day(asked: MonthlyAsked) -> date:
    return min(asked.as_of, find_month_window(asked.month, asked.month_ends).interval.last_day)


def link_figure(asked: MonthlyAsked, table: MonthlyTable, row: MonthlyRow, column: Column) -> str:
    """Where a figure leads to: its records, its unit's page, its obligations; of a share what is above the line.

    Empty for what has no page of its own: sums of the roster's figures, and what was typed or imported.
    """
    match column.counts:
        case OfAttribute():
            unit = reverse("campaign:unit", args=(row.unit.code,))
            return f"{unit}?as_of={_find_day(asked).isoformat()}" if row.kind == "unit" else ""
        case OfStanding():
            return _link_standing(asked, table, row, column.counts)
        case OfTitles():
            return _link_titles(asked, table, row)
        case ShareOf() | ChangeOf():
            return link_figure(asked, table, row, table.columns[table.places[list_named(column)[0]]])
        case _:
            records = find_filter(row, column, table.question)
            return make_link(asked)(records) if records else ""


def _link_standing(asked: MonthlyAsked, table: MonthlyTable, row: MonthlyRow, counts: OfStanding) -> str:
    """The obligations: of the duties that are meant, and those that are met where only these are. A line holds the
    unit's own and those of its grids."""
    if row.kind == "subtotal" and row.unit.code == table.question.top:
        return ""
    duties = {duty.id for duty in table.question.plan.duties if duty.object in counts.kinds}
    args = (row.unit.code, asked.in_force.version.pk, *(duties if len(duties) == 1 else ()))
    query = {"as_of": _find_day(asked).isoformat()}
    if len(duties) > 1:
        query["kinds"] = " ".join(counts.kinds)
    if counts.tells == "met":
        query["status"] = "done"
    there = table.question.tree.at(table.question.day)
    if row.kind == "unit" and any(child.kind not in FOLDED for child in there.list_children(row.unit.code)):
        query["own"] = "1"
    if asked.in_force.known_by is not None:
        query["known"] = asked.in_force.known_by.isoformat()
    return f"{reverse('campaign:cell', args=args)}?{urlencode(query)}"


def _link_titles(asked: MonthlyAsked, table: MonthlyTable, row: MonthlyRow) -> str:
    """The titles behind it: a unit's own page, of a sum the units that could hold one."""
    kind = row.unit.kind if row.kind == "unit" else ""
    found = [pk for pk, kinds in _list_programs(table.question) if not kind or kind in kinds]
    if len(found) != 1:
        return reverse("campaign:titles")
    query = {"as_of": _find_day(asked).isoformat()}
    if asked.in_force.known_by is not None:
        query["known"] = asked.in_force.known_by.isoformat()
    if kind:
        return f"{reverse('campaign:title-unit', args=(found[0], row.unit.code))}?{urlencode(query)}"
    return f"{reverse('campaign:title-units', args=found)}?{urlencode({'unit': row.unit.code, **query})}"
