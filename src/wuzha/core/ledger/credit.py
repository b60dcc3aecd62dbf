"""Which records make a standing, and which duties a record serves: the same rule, asked from both ends.

One record credits every duty that it satisfies, in every plan, once each. Of the units that bear one duty it credits
the nearest: its own, or else the closest one above, in the tree as it stood on the record's day. So nothing is counted
twice up the tree, and a unit that moved leaves behind what was done. What stands (:attr:`Verb.stands`) goes with it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeVar

from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import LATEST, Tree, Unit
from wuzha.core.base.windows import find_window
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.kinds.measure import is_counted
from wuzha.core.duty.model import Duty, Fact
from wuzha.core.duty.span import expand_windows
from wuzha.core.duty.who import find_bearers, find_bearing_day, trace_bearers
from wuzha.core.ledger.record import Kinds, Record

AnyFact = TypeVar("AnyFact", bound=Fact)


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


@dataclass(frozen=True)
class Crediting:
    """Whose obligations the records of each unit serve.

    ``nearest`` names the bearer of units that always had the same one, ``moving`` the bearers of the others, each with
    the days on which it was theirs.
    """

    nearest: Mapping[str, str]
    moving: Mapping[str, tuple[tuple[Interval, str], ...]] = field(default_factory=dict)

    def find_bearer(self, unit: str, day: date) -> str | None:
        """The bearer of the unit on that day, if there is one."""
        if unit in self.nearest:
            return self.nearest[unit]
        return next((bearer for days, bearer in self.moving.get(unit, ()) if day in days), None)

    def list_bearers(self, unit: str) -> frozenset[str]:
        """Every bearer that the unit ever had."""
        if unit in self.nearest:
            return frozenset({self.nearest[unit]})
        return frozenset(bearer for _, bearer in self.moving.get(unit, ()))

    @cached_property
    def stays(self) -> Mapping[str, Mapping[str, tuple[Interval, ...]]]:
        """By bearer: the units that were the bearer's for a time only, with that time."""
        found: dict[str, dict[str, tuple[Interval, ...]]] = {}
        for unit, servings in self.moving.items():
            for days, bearer in servings:
                kept = found.setdefault(bearer, {})
                kept[unit] = (*kept.get(unit, ()), days)
        return found


def trace_nearest(tree: Tree, bearers: Iterable[str]) -> Crediting:
    """:func:`map_nearest` over the whole history of the tree."""
    asked = ("credit", frozenset(bearers))
    if asked not in tree.kept:
        tree.kept[asked] = _trace_nearest(tree, asked[1])
    found: Crediting = tree.kept[asked]
    return found


def _trace_nearest(tree: Tree, codes: frozenset[str]) -> Crediting:
    first, *later = tree.list_stretches()
    nearest = dict(map_nearest(tree.at(first.opens), codes))
    starts: dict[str, list[tuple[date, str]]] = {}
    for stretch in later:
        before = {unit: nearest.get(unit, "") for unit in tree.list_changed(stretch.opens)}
        _follow(tree.at(stretch.opens), before, codes, nearest)
        for unit, was in before.items():
            if nearest.get(unit, "") != was:
                starts.setdefault(unit, [(date.min, was)]).append((stretch.opens, nearest.get(unit, "")))
    for unit in starts:
        nearest.pop(unit, None)
    return Crediting(nearest, {unit: _join(found) for unit, found in starts.items()})


def _follow(tree: Tree, units: Iterable[str], bearers: frozenset[str], nearest: dict[str, str]) -> None:
    for code in units:
        unit = tree.by_code.get(code)
        above = nearest.get(unit.parent) if unit else None
        found = code if unit and code in bearers else above
        if found is None:
            nearest.pop(code, None)
        else:
            nearest[code] = found


def _join(starts: list[tuple[date, str]]) -> tuple[tuple[Interval, str], ...]:
    ends = [since for since, _ in starts[1:]] + [date.max]
    return tuple((Interval(since, end), bearer) for (since, bearer), end in zip(starts, ends, strict=True) if bearer)


def credit_records(
    duty: Duty, bearers: Iterable[Unit], tree: Tree, records: Iterable[Record], kinds: Kinds
) -> Mapping[str, list[Record]]:
    """The records that count for each bearing unit, by the unit's code. Each record stands under one unit at most.

    Only what stands is under every bearer that its unit ever had: the day asked about decides which of them it counts
    for.
    """
    crediting = trace_nearest(tree, (unit.code for unit in bearers))
    feeding = list_feeding_kinds(duty, kinds)
    return give_credit(duty, crediting, (record for record in records if record.kind in feeding))


def give_credit(duty: Duty, crediting: Crediting, facts: Iterable[AnyFact]) -> dict[str, list[AnyFact]]:
    """The same for facts that can feed the duty."""
    stands = VERBS[duty.verb].stands(duty)
    credited: dict[str, list[AnyFact]] = {}
    for fact in facts:
        for bearer in _find_credited(crediting, fact, stands):
            credited.setdefault(bearer, []).append(fact)
    return credited


def _find_credited(crediting: Crediting, fact: Fact, stands: bool) -> Collection[str]:
    if stands:
        return crediting.list_bearers(fact.unit)
    bearer = crediting.find_bearer(fact.unit, fact.happened_on)
    return () if bearer is None else (bearer,)


def map_nearest(tree: Tree, bearers: Iterable[Unit] | frozenset[str]) -> Mapping[str, str]:
    """For every unit at or below a bearer, the bearer whose obligations its records serve, in the tree as shown."""
    codes = bearers if isinstance(bearers, frozenset) else frozenset(unit.code for unit in bearers)
    nearest: dict[str, str] = {}
    for unit in _list_parents_first(tree):
        found = unit.code if unit.code in codes else nearest.get(unit.parent)
        if found is not None:
            nearest[unit.code] = found
    return nearest


def list_credits(
    record: Record, duties: Iterable[Duty], tree: Tree, kinds: Kinds, as_of: date = LATEST
) -> list[Credit]:
    """The duties that this record serves, each with the unit whose obligation it credits, as known on that day.

    What stands served the bearer it had first, and serves the one it has since its unit moved: both are named.
    """
    found: list[Credit] = []
    for duty in duties:
        if record.kind in list_feeding_kinds(duty, kinds) and is_counted(duty.narrow, record):
            found.extend(Credit(duty.id, unit) for unit in _list_served(record, duty, tree, as_of))
    return found


def _list_served(record: Record, duty: Duty, tree: Tree, as_of: date) -> list[str]:
    verb, served = VERBS[duty.verb], set[str]()
    for bearers in _list_bearer_sets(record, duty, tree, as_of):
        crediting = trace_nearest(tree, bearers)
        served.update(_find_credited(crediting, record, verb.stands(duty)))
    return [unit.code for unit in tree.units if unit.code in served]


def _list_bearer_sets(record: Record, duty: Duty, tree: Tree, as_of: date) -> Iterable[frozenset[str]]:
    """Who bears the window of the record's day; what is remembered can also serve those who bear a later one."""
    if VERBS[duty.verb].remembers is not None:
        return set(trace_bearers(duty.who, tree))
    window = _find_window(duty, record.happened_on)
    return {find_bearers(duty.who, tree, find_bearing_day(duty, window, as_of))}


def _find_window(duty: Duty, day: date) -> Interval:
    """The duty's window of that day, due days moved; by the calendar for a day on which the duty is not in force."""
    if duty.rhythm is None:
        return duty.valid
    windows = (window.interval for window in expand_windows(duty, duty.valid))
    return next((days for days in windows if day in days), find_window(duty.rhythm, day).interval)


def _list_parents_first(tree: Tree) -> Iterable[Unit]:
    for root in tree.list_children(""):
        yield from tree.walk_down(root.code)
