"""Standings as files: JSON, CSV and a workbook. A status is a word in each; unknown is a word too, never a zero."""

import csv
import io
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import islice
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties

from wuzha.adapters.wording.certainty import say_certainty, say_chance
from wuzha.adapters.wording.pace import say_pace
from wuzha.adapters.wording.words import describe_reason, describe_status
from wuzha.core.assessment.assess import complete_duty
from wuzha.core.assessment.certainty import find_certainty
from wuzha.core.assessment.model import Standing, Status, Totals
from wuzha.core.assessment.pace import Pace, Place, find_place
from wuzha.core.assessment.rollup import Cell, count_standings, roll_up
from wuzha.core.base.unit import UNIT_KINDS, Tree
from wuzha.core.duty.model import Duty, Tally
from wuzha.core.duty.sentence import render_duty
from wuzha.core.ledger.record import Kinds
from wuzha.core.plan.model import Plan

HEADS = (
    *("单位代码", "单位", "任务", "任务内容", "时段", "截止日期", "状态"),
    *("数值", "目标", "基数", "还差", "说明", "记录数"),
)
WIDTHS = (14, 22, 20, 46, 16, 12, 10, 10, 10, 10, 10, 20, 8)
TOTAL_HEADS = ("应完成", "已完成", "按时")
MAX_SHEET_ROWS = 1_000_000
A4 = 9  # by its number in the file format
# Wide signs too, which spreadsheets here make narrow ones of, and blanks that a program takes off in front of them.
FORMULA = re.compile(r"[\s\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\（）]")

Sheet = Any  # the published types know a write-only sheet without its columns and page setup
Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell of a head looks."""

    font: Font
    alignment: Alignment


TITLE = Style(Font(bold=True, size=14), Alignment(vertical="center"))
HEAD = Style(Font(bold=True), Alignment(horizontal="center", vertical="center", wrap_text=True))
HEAD_HEIGHT = 62
DUTIES_A_PAGE = 4
PRINTED_PERCENT = 66


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a file of standings needs.

    ``by_branch`` holds totals, by a branch's top unit and duty, of duties whose standings were not made one by one;
    only a table of sums can be made of them.
    """

    plan: Plan
    tree: Tree
    standings: Sequence[Standing]
    kinds: Kinds
    as_of: date
    paces: Mapping[Place, Pace] = field(default_factory=dict)
    known_by: date | None = None
    by_branch: Mapping[Cell, Totals] = field(default_factory=dict)

    def count_duty(self, duty: str) -> Totals:
        mine = count_standings(standing for standing in self.standings if standing.obligation.duty == duty)
        return sum((totals for (_, of), totals in self.by_branch.items() if of == duty), mine)

    def count_branch(self, top: str, codes: Collection[str]) -> Totals:
        """All duties of the units with these codes, which are the branch that ``top`` stands for."""
        mine = count_standings(standing for standing in self.standings if standing.obligation.unit in codes)
        return sum((totals for (unit, _), totals in self.by_branch.items() if unit == top), mine)

    @property
    def duties(self) -> Mapping[str, Duty]:
        """The plan's duties by their ids, with the measure that is counted."""
        return {duty.id: complete_duty(duty, self.kinds) for duty in self.plan.duties}

    def list_by_chance(self) -> list[Standing]:
        """The indicators that chance alone could have made."""
        duties = self.duties
        return [one for one in self.standings if say_chance(duties[one.obligation.duty], one.tally)]

    def roll_up(self) -> Mapping[Cell, Totals]:
        return roll_up(self.standings, self.tree)


def write_number(value: Fraction | None) -> int | float | None:
    """An exact number as a file holds it: whole where it is whole."""
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)


def render_json(report: Report) -> str:
    """``{plan, as_of, standings, totals}``; what is not known is null."""
    plan, duties = report.plan, report.duties
    document = {
        "plan": {
            "title": plan.title,
            "issuer": plan.issuer,
            "valid": {"from": plan.valid.opens.isoformat(), "to": plan.valid.last_day.isoformat()},
        },
        "as_of": report.as_of.isoformat(),
        "known_by": report.known_by.isoformat() if report.known_by else None,
        "standings": [
            _standing_to_json(standing, duties[standing.obligation.duty]) | _pace_to_json(standing, report)
            for standing in report.standings
        ],
        "totals": [_totals_to_json(cell, totals) for cell, totals in report.roll_up().items()],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _standing_to_json(standing: Standing, duty: Duty) -> dict[str, object]:
    owed, tally = standing.obligation, standing.tally
    certain = _certainty_to_json(duty, tally)
    return ({"certainty": certain} if certain else {}) | {
        "unit": owed.unit,
        "duty": owed.duty,
        "window": owed.window.label,
        "due_on": owed.due_on.isoformat(),
        "status": standing.status.value,
        "value": write_number(tally.value),
        "goal": write_number(tally.goal),
        "of": write_number(tally.of),
        "shortfall": write_number(standing.shortfall),
        "reason": standing.reason,
        "records": [str(record) for record in tally.records],
    }


def _certainty_to_json(duty: Duty, tally: Tally) -> dict[str, object] | None:
    """The counts behind an indicator with its interval at 95 %; none for what is no indicator."""
    found = find_certainty(duty, tally)
    if found is None:
        return None
    return {
        "now": found.now,
        "of": found.of,
        **({"asked": list(found.asked)} if found.asked else {}),
        "low": write_number(found.low),
        "high": write_number(found.high),
        "chance": found.chance,
        "is_chance": found.is_chance,
        "say": say_certainty(duty, tally),
    }


def _pace_to_json(standing: Standing, report: Report) -> dict[str, object]:
    """``{"pace": …}`` for work done bit by bit that is still short; nothing for the rest."""
    pace = report.paces.get(find_place(standing))
    if pace is None:
        return {}
    told: dict[str, object] = {
        "expected": write_number(pace.expected),
        "outlook": pace.outlook.value,
        "weeks": pace.weeks,
        "first_on": pace.first_on.isoformat() if pace.first_on else None,
        "last_on": pace.last_on.isoformat() if pace.last_on else None,
        "say": say_pace(pace, standing.obligation.due_on, report.as_of),
    }
    return {"pace": told}


def _totals_to_json(cell: Cell, totals: Totals) -> dict[str, object]:
    unit, duty = cell
    return {
        "unit": unit,
        "duty": duty,
        "expected": totals.expected,
        "met": totals.met,
        "on_time": totals.on_time,
        "missed": totals.missed,
        "counts": {status.value: totals.count(status) for status in Status},
    }


def list_rows(report: Report) -> Iterator[tuple[Value, ...]]:
    """One row a standing, in the order of ``HEADS``."""
    duties = report.duties
    sentences = {duty.id: render_duty(duty, report.kinds) for duty in report.plan.duties}
    for standing in report.standings:
        owed, tally = standing.obligation, standing.tally
        yield (
            owed.unit,
            report.tree.by_code[owed.unit].name,
            owed.duty,
            sentences[owed.duty],
            owed.window.label,
            owed.due_on.isoformat(),
            describe_status(standing.status),
            *(write_number(value) for value in (tally.value, tally.goal, tally.of, standing.shortfall)),
            _explain(standing, duties[owed.duty]),
            len(tally.records),
        )


def _explain(standing: Standing, duty: Duty) -> str:
    """Why nothing is judged, and how sure an indicator is; of a change from 0 both."""
    reason = describe_reason(standing.reason)
    return "。".join(words for words in (reason, say_certainty(duty, standing.tally)) if words)


def render_csv(report: Report) -> str:
    """One row a standing. Text that a spreadsheet would take for a formula gets an apostrophe before it."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(HEADS)
    writer.writerows([_disarm(value) for value in row] for row in list_rows(report))
    return stream.getvalue()


def _disarm(value: Value) -> Value:
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


def render_xlsx(report: Report) -> bytes:
    """A workbook: for each kind of unit a sheet of units × duties with its three sums, then every obligation."""
    book = Workbook(write_only=True)
    totals = report.roll_up()
    for kind, title in UNIT_KINDS.items():
        codes = [unit.code for unit in report.tree.units if unit.kind == kind]
        codes = [code for code in codes if any((code, duty.id) in totals for duty in report.plan.duties)]
        if codes:
            _write_totals(book, title, codes, report, totals)
    _write_obligations(book, report)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write_totals(book: Workbook, title: str, codes: list[str], report: Report, totals: Mapping[Cell, Totals]) -> None:
    """Three columns a duty under its sentence; printed four duties a page, each page with the units beside them."""
    duties = [duty for duty in report.plan.duties if any((code, duty.id) in totals for code in codes)]
    sheet = _open_sheet(book, title, [14, 22, *[9] * (3 * len(duties))], frozen="C4")
    sheet.row_dimensions[2].height = HEAD_HEIGHT
    for number in range(len(duties)):
        left, right = (get_column_letter(3 + 3 * number + shift) for shift in (0, 2))
        sheet.merged_cells.add(f"{left}2:{right}2")
    _append(sheet, [f"{report.plan.title}：完成情况（{_say_day(report)}）"], TITLE)
    _append(sheet, ["", "", *(text for duty in duties for text in (render_duty(duty, report.kinds), "", ""))], HEAD)
    _append(sheet, ["单位代码", "单位", *TOTAL_HEADS * len(duties)], HEAD)
    for code in codes:
        sums = [_list_sums(totals.get((code, duty.id))) for duty in duties]
        _append(sheet, [code, report.tree.by_code[code].name, *(value for three in sums for value in three)])
    # On paper the title is the page's head; in the first cell it would be cut off beside every further page's columns.
    sheet.print_area = f"A2:{get_column_letter(2 + 3 * len(duties))}{3 + len(codes)}"
    sheet.print_title_cols, sheet.print_title_rows = "A:B", "2:3"
    sheet.oddHeader.center.text = f"{report.plan.title}（{_say_day(report)}）".replace("&", "&&")
    sheet.oddFooter.center.text = "&P / &N"
    sheet.page_setup.scale = PRINTED_PERCENT
    for number in range(DUTIES_A_PAGE, len(duties), DUTIES_A_PAGE):
        sheet.col_breaks.append(Break(id=2 + 3 * number))


def _say_day(report: Report) -> str:
    known = f"，按 {report.known_by.isoformat()} 及以前收到的记录" if report.known_by else ""
    return f"截至 {report.as_of.isoformat()}{known}"


def _list_sums(totals: Totals | None) -> tuple[Value, Value, Value]:
    """Expected, met, on time; empty where nothing is owed, so that nothing reads as a zero."""
    return (totals.expected, totals.met, totals.on_time) if totals is not None else (None, None, None)


def _write_obligations(book: Workbook, report: Report) -> None:
    """All of them: a further sheet where one would be over what a sheet holds."""
    for part, rows in enumerate(_split(list_rows(report)), start=1):
        sheet = _open_sheet(book, "应办事项" if part == 1 else f"应办事项 {part}", WIDTHS, frozen="C2")
        _fit_to_width(sheet)
        _append(sheet, HEADS, HEAD)
        for row in rows:
            _append(sheet, row)


def _split(rows: Iterator[tuple[Value, ...]]) -> Iterator[list[tuple[Value, ...]]]:
    """Lists of what one sheet holds; one empty list where there are no rows."""
    yield list(islice(rows, MAX_SHEET_ROWS))
    while more := list(islice(rows, MAX_SHEET_ROWS)):
        yield more


def _open_sheet(book: Workbook, title: str, widths: Sequence[float], frozen: str) -> Sheet:
    sheet: Sheet = book.create_sheet(NOT_IN_SHEET_NAME.sub("", title)[:31])
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = frozen
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.print_title_rows = f"1:{int(frozen[1:]) - 1}"
    return sheet


def _fit_to_width(sheet: Sheet) -> None:
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _append(sheet: Sheet, row: Iterable[Value], style: Style | None = None) -> None:
    sheet.append([_make_cell(sheet, value, style) for value in row])


def _make_cell(sheet: Sheet, value: Value, style: Style | None) -> object:
    if style is None:
        return _make_plain(sheet, value)
    cell = WriteOnlyCell(sheet, CONTROL.sub("", str(value)))
    cell.data_type = "s"
    cell.font, cell.alignment = style.font, style.alignment
    return cell


def _make_plain(sheet: Sheet, value: Value) -> object:
    """Text stays text: what begins like a formula is stored as a string and marked so that editing keeps it one."""
    if not isinstance(value, str):
        return value
    text = CONTROL.sub("", value)
    if not FORMULA.match(text):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
