"""Subtotals and the total: sums of the rows, and shares of those sums. What is not known is no 0: it is counted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from wuzha.core.base.unit import Tree
from wuzha.core.paper.column import ChangeOf, Column, ShareOf
from wuzha.core.paper.month import Cell, MonthlyRow, State
from wuzha.core.paper.month_cells import NONE, NOTHING_OWED, divide

Rows = Mapping[int, MonthlyRow]


def sum_rows(columns: Sequence[Column], places: Mapping[str, int], rows: Rows, tree: Tree) -> tuple[Cell, ...]:
    """The cells of a subtotal over these rows, by their numbers. ``tree`` is that of the last day."""
    spoken = [_list_spoken(place, rows, tree) for place in range(len(columns))]
    return tuple(_sum_column(column, place, places, rows, spoken) for place, column in enumerate(columns))


def _list_spoken(place: int, rows: Rows, tree: Tree) -> frozenset[int]:
    """The rows without a figure for which a unit above has given one: they are no gap."""
    speaking = {row.unit.code for row in rows.values() if row.is_own and row.cells[place].is_known}
    silent = (number for number, row in rows.items() if row.cells[place].is_unknown)
    if not speaking:
        return frozenset()
    return frozenset(
        number for number in silent if any(above.code in speaking for above in tree.walk_up(rows[number].unit.code))
    )


def _sum_column(
    column: Column, place: int, places: Mapping[str, int], rows: Rows, spoken: Sequence[frozenset[int]]
) -> Cell:
    match column.counts:
        case ShareOf(top=top, base=base):
            return _share(column.counts, rows, (places[top], places[base]), spoken)
        case ChangeOf(now=now, then=then):
            return _change(column.counts, rows, (places[now], places[then]), spoken)
        case _:
            return NONE if column.is_text else _add(place, rows, spoken[place])


def _add(place: int, rows: Rows, spoken: frozenset[int]) -> Cell:
    cells = {number: row.cells[place] for number, row in rows.items()}
    known = tuple(number for number, cell in cells.items() if cell.is_known)
    unknown = [number for number, cell in cells.items() if cell.is_unknown]
    missing = len([number for number in unknown if number not in spoken])
    count = sum(cells[number].count for number in known)
    if known:
        value = sum((cells[number].value or Fraction(0) for number in known), Fraction(0))
        return Cell(State.KNOWN, value, count=count, missing=missing, summed=(tuple(rows),))
    reason = next((cells[number].reason for number in unknown), "")
    return Cell(State.UNKNOWN if unknown else State.NONE, reason=reason, missing=missing, summed=(tuple(rows),))


def _share(share: ShareOf, rows: Rows, pair: tuple[int, int], spoken: Sequence[frozenset[int]]) -> Cell:
    """Only rows of which both are known, or which one side does not concern, are on either side."""
    top, base = pair
    lacking = {number for number, row in rows.items() if row.cells[base].is_unknown}
    silent = {number for number, row in rows.items() if row.cells[top].is_unknown and number not in spoken[top]}
    # Who speaks for units without a base speaks of more than the base holds.
    beyond = {number for number, row in rows.items() if row.is_own and row.cells[top].is_known} if lacking else set()
    over = tuple(number for number, row in rows.items() if row.cells[top].is_known and number not in lacking | beyond)
    under = tuple(number for number, row in rows.items() if row.cells[base].is_known and number not in silent)
    made = _divide_sums(share, rows, (top, over), (base, under))
    return _tell_missing(made, [rows[number].cells[base if number in lacking else top] for number in lacking | silent])


def _change(change: ChangeOf, rows: Rows, pair: tuple[int, int], spoken: Sequence[frozenset[int]]) -> Cell:
    """Over the rows of which nobody failed to report now or then."""
    now, then = pair
    lacking = {number for number, row in rows.items() if row.cells[now].is_unknown or row.cells[then].is_unknown}
    kept = [number for number in rows if number not in lacking]
    ups = tuple(number for number in kept if rows[number].cells[now].is_known)
    downs = tuple(number for number in kept if rows[number].cells[then].is_known)
    made = _divide_sums(change, rows, (now, ups), (then, downs))
    missing = lacking - (spoken[now] & spoken[then])
    return _tell_missing(made, [rows[number].cells[then] for number in missing])


def _divide_sums(
    derived: ShareOf | ChangeOf, rows: Rows, first: tuple[int, tuple[int, ...]], second: tuple[int, tuple[int, ...]]
) -> Cell:
    """Each side is the place of a column with the numbers of the rows to be added."""
    summed = first[1], second[1]
    if not (first[1] and second[1]):
        return Cell(State.NONE, reason=NOTHING_OWED, summed=summed)
    tops, bases = (
        sum((rows[number].cells[place].value or Fraction(0) for number in numbers), Fraction(0))
        for place, numbers in (first, second)
    )
    return replace(divide(derived, tops, bases), summed=summed)


def _tell_missing(made: Cell, missing: Sequence[Cell]) -> Cell:
    """With how many units are left out; where nothing else is there, it is unknown."""
    if made.is_known or not missing:
        return replace(made, missing=len(missing))
    reason = next((cell.reason for cell in missing if cell.reason), "")
    return replace(made, state=State.UNKNOWN, reason=reason, missing=len(missing))
