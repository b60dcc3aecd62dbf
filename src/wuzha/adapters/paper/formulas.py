"""The formulas of the monthly table in a spreadsheet. Each gives, over the figures of its sheet, the table's own value.

Sums pass over words, so that 不详 and — in a cell count for nothing. A share or a change of a sum leaves out the rows
of which one side is not known, on both sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from openpyxl.utils import get_column_letter

from wuzha.core.assessment.certainty import FEW
from wuzha.core.paper.column import ChangeOf, Column, ShareOf, list_named
from wuzha.core.paper.month import Cell, MonthlyRow, MonthlyTable
from wuzha.core.paper.month_words import NOTHING, UNKNOWN, say_marks

# A function takes 255 arguments; as many ranges as this stand in one.
MOST_PARTS = 200


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the table stands in its sheet: the row and the column of its first figure, from 1."""

    first_row: int
    first_column: int
    table: MonthlyTable

    def locate(self, number: int, place: int) -> str:
        return f"{self.letter(place)}{self.first_row + number}"

    def letter(self, place: int) -> str:
        return get_column_letter(self.first_column + place)


def write_formula(frame: Frame, number: int, place: int) -> str:
    """The formula of one cell; empty where it holds a figure of its own or words."""
    column, row = frame.table.columns[place], frame.table.rows[number]
    if isinstance(column.counts, ShareOf | ChangeOf):
        return _write_derived(frame, number, place)
    return _write_sum(frame, row, place) if row.kind != "unit" and not column.is_text else ""


def _write_sum(frame: Frame, row: MonthlyRow, place: int) -> str:
    """A town's sum is over its rows, the county's over the towns' sums."""
    cell, parts = row.cells[place], _join(_list_ranges(frame, _list_parts(frame.table, row), place))
    if cell.is_known:
        return f"=SUM({parts})"
    return f'=IF(COUNT({parts})=0,"{_say_missing(cell)}",SUM({parts}))'


def _list_parts(table: MonthlyTable, row: MonthlyRow) -> Sequence[int]:
    if row.kind == "subtotal":
        return row.members
    within = {number for one in table.rows if one.kind == "subtotal" for number in one.members}
    return [n for n, one in enumerate(table.rows) if one.kind == "subtotal" or (one.kind == "unit" and n not in within)]


def _list_ranges(frame: Frame, numbers: Sequence[int], place: int) -> list[str]:
    """The cells of these rows, neighbours as one range."""
    starts = [numbers[0], *(after for before, after in pairwise(numbers) if after != before + 1)]
    ends = [*(before for before, after in pairwise(numbers) if after != before + 1), numbers[-1]]
    return [
        frame.locate(start, place) if start == end else f"{frame.locate(start, place)}:{frame.locate(end, place)}"
        for start, end in zip(starts, ends, strict=True)
    ]


def _join(ranges: Sequence[str]) -> str:
    if len(ranges) <= MOST_PARTS:
        return ",".join(ranges)
    return ",".join(f"SUM({','.join(ranges[at : at + MOST_PARTS])})" for at in range(0, len(ranges), MOST_PARTS))


def _write_derived(frame: Frame, number: int, place: int) -> str:
    row, column = frame.table.rows[number], frame.table.columns[place]
    cell, places = row.cells[place], [frame.table.places[code] for code in list_named(column)]
    if row.kind == "unit":
        first, second = (frame.locate(number, one) for one in places)
        known = f"COUNT({first},{second})=2"
        # A unit that has closed has figures of both times, and no change that would mean anything.
        if isinstance(column.counts, ChangeOf) and not cell.is_known and _are_known(row, places):
            return ""
        return f'=IF({known},{_divide(column, cell, first, second)},"{_say_missing(cell)}")'
    if not cell.is_known:
        return ""
    first, second = (
        f"SUM({_join(_list_ranges(frame, _close_gaps(frame, numbers, one), one))})"
        for numbers, one in zip(cell.summed, places, strict=True)
    )
    return f"={_divide(column, cell, first, second)}"


def _are_known(row: MonthlyRow, places: Sequence[int]) -> bool:
    return all(row.cells[place].is_known for place in places)


def _close_gaps(frame: Frame, numbers: Sequence[int], place: int) -> list[int]:
    """With the rows between that hold words: a sum passes over them, and the formula stays short."""
    rows, wanted = frame.table.rows, set(numbers)
    between = range(numbers[0], numbers[-1] + 1)
    return [n for n in between if n in wanted or (rows[n].kind == "unit" and not rows[n].cells[place].is_known)]


def _divide(column: Column, cell: Cell, first: str, second: str) -> str:
    """A change from few is told in counts, as the table tells it."""
    match column.counts:
        case ShareOf(per=per):
            times = "" if per == 100 else f"*{per}"
            return f'IF({second}=0,"{NOTHING}",{first}/{second}{times})'
        case _:
            mark = say_marks(cell)
            unit = f"{column.counts.measure}{mark}" if isinstance(column.counts, ChangeOf) else mark
            signs = f'"+0""{unit}"";-0""{unit}"";""持平{mark}"""'
            return f"IF({second}<{FEW},TEXT({first}-{second},{signs}),{first}/{second}-1)"


def _say_missing(cell: Cell) -> str:
    return UNKNOWN if cell.is_unknown else NOTHING
