"""Monthly tables under collection: the table with what people and sheets brought, and its lines. Reads only."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from uuid import UUID, uuid5

from django.db.models import Q

from wuzha.adapters.monthly_columns import load_columns
from wuzha.core.base.interval import DAY
from wuzha.core.base.windows import Window
from wuzha.core.duty.model import Duty
from wuzha.core.duty.span import find_due_day
from wuzha.core.paper.column import Column
from wuzha.core.paper.model import say_day
from wuzha.core.paper.month import Entries, Entry, MonthlyRow, MonthlyTable, find_month
from wuzha.core.paper.month_line import Line, LineState, find_ready_day, list_moved, list_signed, read_line
from wuzha.core.paper.month_words import say_cell
from wuzha.core.paper.monthly import fill_in
from wuzha.core.plan.model import Plan
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.models import IssuedPaper, TableAct, TableCall, TableSheet, TableUpload
from wuzha.web.campaign.queries.ground import PlanInForce, load_plan, load_tree
from wuzha.web.campaign.queries.monthly import MonthlyAsked, build_monthly_table

# A table becomes one paper: the id of the draft that it would have been follows from its own number.
NAMESPACE = UUID("5f6f1a4e-3b0e-4f4c-9a63-0d9a6f5c2b11")
FORM = "monthly-table"
DRAFT = "草稿"
# The kind of record that a plan asks for by such a table.
TABLE = "progress_table"


def find_key(call: TableCall) -> UUID:
    return uuid5(NAMESPACE, str(call.pk))


@dataclass(frozen=True)
class Collection:
    """A table of ``top`` and all below it as it stands on a day. ``lines`` are those of its units, by code.

    ``last_act`` and ``last_sheet`` tell whether anything was added since.
    """

    call: TableCall
    asked: MonthlyAsked
    table: MonthlyTable
    lines: Mapping[str, Line]
    sheets: Sequence[TableSheet]
    paper: IssuedPaper | None
    last_act: int

    @property
    def last_sheet(self) -> int:
        return max((sheet.pk for sheet in self.sheets), default=0)

    @cached_property
    def units(self) -> Sequence[MonthlyRow]:
        return [row for row in self.table.rows if row.kind == "unit"]

    @cached_property
    def counted(self) -> Mapping[str, int]:
        return count_lines(self.units, self.lines)

    def list_below(self, row: MonthlyRow) -> Sequence[MonthlyRow]:
        """The units' rows of a subtotal."""
        return [self.table.rows[number] for number in row.members]

    def count(self, row: MonthlyRow) -> Mapping[str, int]:
        return count_lines(self.list_below(row), self.lines)


def count_lines(rows: Iterable[MonthlyRow], lines: Mapping[str, Line]) -> Mapping[str, int]:
    """How many lines are there, handed in, back with their unit, and neither."""
    states = Counter(lines[row.unit.code].state for row in rows)
    submitted = states[LineState.SUBMITTED] + states[LineState.LATE]
    returned = states[LineState.RETURNED]
    rest = states.total() - submitted - returned
    return {"all": states.total(), "submitted": submitted, "returned": returned, "late": states[LineState.LATE],
            "missing": rest}  # fmt: skip


def open_collection(call: TableCall, top: Unit, today: date, *, is_final: bool = False) -> Collection:
    """The table as it stands now. Once it is issued its day is that of the paper, from whatever is known now.

    ``is_final``: for the issue. Whoever has not handed in by then is counted by the computed figures, due or not.
    """
    paper, acts = find_issued(call), read_acts(call, top)
    sheets = list(TableSheet.objects.filter(call=call).select_related("author"))
    day = paper.as_of if paper else today
    imported = _read_sheets(sheets)
    asked = MonthlyAsked(load_plan(call.version), top.code, call.month, day, call.month_ends, imported=imported)
    bare = build_monthly_table(asked)
    judged_on = call.due_on + DAY if paper or is_final else today
    lines = {
        row.unit.code: read_line((act.to_core() for act in acts.get(row.unit.code, ())), call.due_on, judged_on)
        for row in bare.rows
        if row.kind == "unit"
    }
    entries = Entries({}, _read_typed(lines), imported, _read_signed(lines))
    table = replace(fill_in(bare, entries), notes=_say_sheets(sheets), mark=DRAFT)
    last = max((act.pk for listed in acts.values() for act in listed), default=0)
    return Collection(call, asked, table, lines, sheets, paper, last)


def find_issued(call: TableCall) -> IssuedPaper | None:
    found = IssuedPaper.objects.filter(draft=find_key(call)).select_related("unit", "issued_by")
    return found.defer("docx", "pdf", "xlsx", "content").first()


def list_issued(calls: Iterable[TableCall]) -> Mapping[int, IssuedPaper]:
    """The papers that these tables became, by the table's number."""
    keys = {find_key(call): call.pk for call in calls}
    found = IssuedPaper.objects.filter(draft__in=keys).defer("docx", "pdf", "xlsx", "content")
    return {keys[paper.draft]: paper for paper in found}


def read_acts(call: TableCall, top: Unit) -> Mapping[str, Sequence[TableAct]]:
    """What was done with the lines at and below the unit, by unit code, the oldest first."""
    acts = TableAct.objects.filter(call=call, unit__path__startswith=top.path).select_related("unit", "author")
    found: dict[str, list[TableAct]] = defaultdict(list)
    for act in acts.order_by("id"):
        found[act.unit.code].append(act)
    return found


def _read_typed(lines: Mapping[str, Line]) -> Mapping[tuple[str, str], Entry]:
    """What was handed in. What is only kept, or came back, nobody stands for."""
    columns = load_columns()
    return MappingProxyType(
        {
            (unit, code): text if columns[code].is_text else Fraction(text)
            for unit, line in lines.items()
            if line.is_submitted
            for code, text in line.typed.items()
            if text and code in columns
        }
    )


def _read_signed(lines: Mapping[str, Line]) -> Mapping[tuple[str, str], Entry]:
    return {(unit, code): text for unit, line in lines.items() for code, text in list_signed(line).items()}


def _read_sheets(sheets: Iterable[TableSheet]) -> Mapping[tuple[str, str], Entry]:
    """A later sheet holds over an earlier one, cell by cell; so nothing is ever added up twice."""
    found: dict[tuple[str, str], Entry] = {}
    for sheet in sheets:
        for unit, cells in sheet.cells.items():
            found.update({(unit, code): Fraction(text) for code, text in cells.items()})
    return found


def _say_sheets(sheets: Sequence[TableSheet]) -> tuple[str, ...]:
    told = "、".join(f"《{sheet.name}》（{say_day(sheet.on)}导入）" for sheet in sheets)
    return (f"标“导入”的栏目取自{told}。",) if told else ()


def find_upload(user: User, call: TableCall) -> TableUpload | None:
    """The sheet for this table that the person has handed in and not yet taken in."""
    return TableUpload.objects.filter(uploaded_by=user, call=call).select_related("call").first()


# --- one unit's line --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class UnitLine:
    """A unit's line: its row, how it stands, what was done with it, and what moved since it was handed in."""

    collection: Collection
    row: MonthlyRow
    line: Line
    acts: Sequence[TableAct]

    @property
    def moved(self) -> Sequence[tuple[Column, str, str]]:
        columns = self.collection.table.places
        found = list_moved(self.line, self.said).items()
        return [(self.collection.table.columns[columns[code]], *pair) for code, pair in found if code in columns]

    @cached_property
    def said(self) -> Mapping[str, str]:
        return say_row_figures(self.collection.table, self.row)

    @property
    def last_act(self) -> int:
        return max((act.pk for act in self.acts), default=0)

    @property
    def fingerprint(self) -> str:
        """Tells whether the figures are those of another look."""
        return hashlib.sha256(json.dumps(self.said, sort_keys=True).encode()).hexdigest()[:32]


def say_row_figures(table: MonthlyTable, row: MonthlyRow) -> Mapping[str, str]:
    """Every figure of the line that nobody typed, as it is said."""
    pairs = zip(table.columns, row.cells, strict=True)
    return {column.code: say_cell(cell, column) for column, cell in pairs if column.source in ("computed", "imported")}


def open_line(call: TableCall, unit: Unit, today: date) -> UnitLine | None:
    """The line of the unit; none where the table has none for it."""
    if unit.code not in load_tree().at(today).by_code:
        return None
    collection = open_collection(call, unit, today)
    row = next((one for one in collection.units if one.unit.code == unit.code), None)
    if row is None:
        return None
    return UnitLine(collection, row, collection.lines[unit.code], read_acts(call, unit).get(unit.code, ()))


# --- what is asked of whom today --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Notice:
    """A line that waits for its unit; ``missing`` counts those that wait below it, where the unit collects."""

    call: TableCall
    unit: Unit
    line: Line


def list_calls_of(unit: Unit) -> list[TableCall]:
    """The tables of the unit and of those above it that are not issued. Of one plan and month the highest office's
    alone, so that nobody fills the same line in twice."""
    codes = unit.path.strip("/").split("/")
    calls = TableCall.objects.filter(unit__code__in=codes).select_related("unit", "version__unit")
    found: dict[tuple[int, str], TableCall] = {}
    for call in calls.order_by("-unit__path"):
        found[call.version_id, call.month] = call
    keys = {find_key(call): call for call in found.values()}
    issued = set(IssuedPaper.objects.filter(draft__in=keys).values_list("draft", flat=True)) if keys else set()
    return sorted((call for key, call in keys.items() if key not in issued), key=lambda call: call.due_on)


def list_notices(units: Sequence[Unit], today: date) -> list[Notice]:
    """The lines of these units that can be checked now and are not handed in, and those that came back."""
    due = [(unit, call) for unit in units for call in list_calls_of(unit) if unit.kind != "grid"]
    due = [(unit, call) for unit, call in due if unit != call.unit]
    if not due:
        return []
    wanted = Q(pk__in=())
    for unit, call in due:
        wanted |= Q(call=call, unit=unit)
    acts: dict[tuple[int, int], list[TableAct]] = defaultdict(list)
    for act in TableAct.objects.filter(wanted).select_related("author").order_by("id"):
        acts[act.call_id, act.unit_id].append(act)
    notices = [
        Notice(call, unit, read_line((one.to_core() for one in acts[call.pk, unit.pk]), call.due_on, today))
        for unit, call in due
    ]
    return [one for one in notices if not one.line.is_submitted and one.line.state is not LineState.EARLY]


def list_collecting(unit: Unit) -> list[TableCall]:
    """The tables that the unit itself collects and has not issued."""
    return [call for call in list_calls_of(unit) if call.unit_id == unit.pk]


# --- opening one ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Usual:
    """What a plan asks of its table: on which day its months end, and by when it is due."""

    plan: PlanInForce
    month: Window
    month_ends: int
    due_on: date


def find_usual(in_force: PlanInForce, today: date) -> Usual:
    """The month of today, as the plan's own duty of such a table has it; without one the calendar month."""
    duty = find_table_duty(in_force.plan)
    ends = duty.rhythm.month_ends if duty and duty.rhythm else 0
    month = find_month(today.strftime("%Y-%m"), ends)
    if today not in month.interval:
        year, number = divmod(today.year * 12 + today.month, 12)
        month = find_month(f"{year}-{number + 1:02}", ends)
    due_on = find_due_day(duty, month) if duty else month.interval.last_day
    return Usual(in_force, month, ends, due_on)


def find_table_duty(plan: Plan) -> Duty | None:
    return next((one for one in plan.duties if one.verb == "file" and one.object.replace("-", "_") == TABLE), None)


def find_overlapping(unit: Unit, version_id: int, month: str) -> TableCall | None:
    """The table of the same plan and month that the unit or an office above it has opened already."""
    codes = unit.path.strip("/").split("/")
    calls = TableCall.objects.filter(unit__code__in=codes, version=version_id, month=month)
    return calls.select_related("unit").order_by("unit__path").first()


def is_ready(call: TableCall, today: date) -> bool:
    return today >= find_ready_day(call.due_on)
