"""Which records make a standing, and which duties a record serves: the same rule, asked from both ends.

One record credits every duty that it satisfies, in every plan, once each. Of the units that bear one duty it credits
the nearest: its own, or else the closest one above. So nothing is counted twice up the tree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wuzha.core.base.unit import Tree, Unit, find_nearest
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.kinds.measure import is_counted
from wuzha.core.duty.model import Duty
from wuzha.core.duty.who import list_bearers
from wuzha.core.ledger.record import Kinds, Record


@dataclass(frozen=True, slots=True)
class Credit:
    """A record serves this duty of this unit."""

    duty: str
    unit: str


def list_feeding_kinds(duty: Duty, kinds: Kinds) -> frozenset[str]:
    """The record kinds that can count for the duty."""
    if VERBS[duty.verb].feeds == "population":
        if duty.through:
            return frozenset({duty.through})
        return frozenset(kind.code for kind in kinds.values() if kind.covers == duty.object)
    named = (duty.object, *duty.also)
    return frozenset((kinds[code].reads or code) if code in kinds else code for code in named)


def credit_records(
    duty: Duty, bearers: Iterable[Unit], tree: Tree, records: Iterable[Record], kinds: Kinds
) -> Mapping[str, list[Record]]:
    """The records that count for each bearing unit, by the unit's code. Each record stands under one unit at most."""
    feeding = list_feeding_kinds(duty, kinds)
    nearest = map_nearest(tree, bearers)
    credited: dict[str, list[Record]] = {}
    for record in records:
        unit = nearest.get(record.unit) if record.kind in feeding else None
        if unit is not None:
            credited.setdefault(unit, []).append(record)
    return credited


def map_nearest(tree: Tree, bearers: Iterable[Unit]) -> Mapping[str, str]:
    """For every unit at or below a bearer, the bearer whose obligations its records serve."""
    codes = frozenset(unit.code for unit in bearers)
    nearest: dict[str, str] = {}
    for unit in _list_parents_first(tree):
        found = unit.code if unit.code in codes else nearest.get(unit.parent)
        if found is not None:
            nearest[unit.code] = found
    return nearest


def list_credits(record: Record, duties: Iterable[Duty], tree: Tree, kinds: Kinds) -> list[Credit]:
    """The duties that this record serves, each with the unit whose obligation it credits."""
    found = []
    for duty in duties:
        if record.kind in list_feeding_kinds(duty, kinds) and is_counted(duty.narrow, record):
            codes = frozenset(unit.code for unit in list_bearers(duty.who, tree))
            unit = find_nearest(tree, record.unit, codes)
            if unit is not None:
                found.append(Credit(duty.id, unit))
    return found


def _list_parents_first(tree: Tree) -> Iterable[Unit]:
    for root in tree.list_children(""):
        yield from tree.walk_down(root.code)
