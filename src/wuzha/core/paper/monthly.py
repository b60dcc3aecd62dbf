"""The monthly progress table (工作进展情况表): a line a unit, a subtotal a town, a total; every cell with its source.

Pure. What is counted is counted by the specification (:mod:`wuzha.core.paper.month_cells`); what is added up here are
figures of the same table, so that the parts are the whole.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from wuzha.core.base.unit import Unit
from wuzha.core.duty.model import Fact
from wuzha.core.paper.column import ChangeOf, Column, Columns, OfStanding, OfTitles, ShareOf, list_named
from wuzha.core.paper.month import Cell, Entries, MonthlyQuestion, MonthlyRow, MonthlyTable, RowKind
from wuzha.core.paper.month_cells import Ledger, derive, make_cell, read_entry
from wuzha.core.paper.month_rows import Branch, is_there, list_branches
from wuzha.core.paper.month_sums import sum_rows

NO_ENTRIES = Entries()


def compute_table(
    columns: Columns, question: MonthlyQuestion, facts: Iterable[Fact], entries: Entries = NO_ENTRIES
) -> MonthlyTable:
    """The table from facts in effect, as known by the question's day.

    A unit that closed before the month has a line only while something that it did or owed still counts. Raises
    KeyError for a ``top`` that the tree does not have.
    """
    ledger, shown = Ledger.of(question, facts), tuple(columns.values())
    filled = [_fill(branch, shown, ledger, entries) for branch in list_branches(question)]
    branches = [branch for branch in filled if branch.rows]
    rows: list[MonthlyRow] = []
    for branch in branches:
        first = len(rows)
        rows += branch.rows
        if len(branches) > 1 and len(branch.rows) > 1:
            rows.append(_sum_up("subtotal", branch.top, range(first, len(rows)), rows, (shown, question)))
    units = [number for number, row in enumerate(rows) if row.kind == "unit"]
    top = question.tree.at(question.day).by_code[question.top]
    return MonthlyTable(question, shown, (*rows, _sum_up("total", top, units, rows, (shown, question))))


def fill_in(table: MonthlyTable, entries: Entries) -> MonthlyTable:
    """The table with other entries of people and sheets; what is computed stays as it is, standings too.

    For columns of which no share or change is made of what is typed or imported, as those that come with Wuzha.
    """
    places = [place for place, column in enumerate(table.columns) if column.source != "computed"]
    columns = tuple(table.columns[place] for place in places)
    made: list[tuple[Cell, ...]] = []
    short: list[MonthlyRow] = []
    there = table.question.tree.at(table.question.day)
    for row in table.rows:
        if row.kind == "unit":
            cells = tuple(read_entry(column, row, entries) for column in columns)
        else:
            summed = {number: short[number] for number in row.members}
            cells = sum_rows(columns, {}, summed, there)
        made.append(cells)
        short.append(replace(row, cells=cells))
    rows = (_put(row, dict(zip(places, cells, strict=True))) for row, cells in zip(table.rows, made, strict=True))
    return replace(table, rows=tuple(rows))


def _put(row: MonthlyRow, cells: Mapping[int, Cell]) -> MonthlyRow:
    return replace(row, cells=tuple(cells.get(place, cell) for place, cell in enumerate(row.cells)))


def _fill(branch: Branch, columns: Sequence[Column], ledger: Ledger, entries: Entries) -> Branch:
    rows = (replace(row, cells=_make_cells(row, columns, ledger, entries)) for row in branch.rows)
    return Branch(branch.top, tuple(row for row in rows if is_there(row.unit, ledger.question) or _tells(row, columns)))


def _make_cells(row: MonthlyRow, columns: Sequence[Column], ledger: Ledger, entries: Entries) -> tuple[Cell, ...]:
    made: dict[str, Cell] = {}
    for column in columns:
        match column.counts:
            case (ShareOf() | ChangeOf()) as derived:
                first, second = (made[code] for code in list_named(column))
                made[column.code] = derive(derived, first, second, row, ledger.question)
            case _:
                made[column.code] = make_cell(column, row, ledger, entries)
    return tuple(made.values())


def _tells(row: MonthlyRow, columns: Sequence[Column]) -> bool:
    elsewhere = OfStanding | OfTitles
    pairs = zip(columns, row.cells, strict=True)
    return any(cell.records or (cell.is_known and isinstance(one.counts, elsewhere)) for one, cell in pairs)


def _sum_up(
    kind: RowKind,
    top: Unit,
    members: Iterable[int],
    rows: Sequence[MonthlyRow],
    asked: tuple[tuple[Column, ...], MonthlyQuestion],
) -> MonthlyRow:
    columns, question = asked
    summed: Mapping[int, MonthlyRow] = {number: rows[number] for number in members}
    places = {column.code: place for place, column in enumerate(columns)}
    cells = sum_rows(columns, places, summed, question.tree.at(question.day))
    return MonthlyRow(kind, top, cells, members=tuple(summed))
