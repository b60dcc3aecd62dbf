"""Sums up the tree: what a unit and everything below it owes, did, and did in time."""

from collections.abc import Iterable, Mapping

from wuzha.core.assessment.model import Standing, Status, Totals
from wuzha.core.base.unit import Tree

Cell = tuple[str, str]


def count_standings(standings: Iterable[Standing]) -> Totals:
    counts: dict[Status, int] = {}
    for standing in standings:
        counts[standing.status] = counts.get(standing.status, 0) + 1
    return Totals(counts)


def roll_up(standings: Iterable[Standing], tree: Tree) -> Mapping[Cell, Totals]:
    """Totals by (unit code, duty id), each with everything below the unit; an obligation is counted once a level.

    ``tree`` is the tree as of the day of the standings (:meth:`Tree.at`): a unit that moved has taken all it owes, and
    did, along. What a unit owes that stands outside the tree on that day is in no total of it.
    """
    counts: dict[Cell, dict[Status, int]] = {}
    ways = {unit.code: tuple(above.code for above in tree.walk_up(unit.code)) for unit in tree.units}
    for standing in standings:
        for code in ways.get(standing.obligation.unit, ()):
            cell = counts.setdefault((code, standing.obligation.duty), {})
            cell[standing.status] = cell.get(standing.status, 0) + 1
    return {cell: Totals(found) for cell, found in counts.items()}


def add_duties(totals: Mapping[Cell, Totals], code: str) -> Totals:
    """All duties of one unit together."""
    return sum((found for (unit, _), found in totals.items() if unit == code), Totals())
