"""Standings counted by status, duty by duty, for every bearing unit of a plan.

A plan is counted once a day by the dense engine, over the whole ledger. After that only those are counted again whose
records have arrived, by the specification: what a new record changes lies with the units that bear a duty that it
serves. So what is kept is at any moment what counting anew would give, and can be thrown away.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wuzha.adapters.columns.counters import add_below
from wuzha.adapters.columns.dense import DenseCount, Roster
from wuzha.adapters.columns.question import Question
from wuzha.core.assessment.assess import assess_facts
from wuzha.core.assessment.model import Status, Totals
from wuzha.core.base.unit import Tree
from wuzha.core.duty.model import Duty
from wuzha.core.duty.who import trace_bearers
from wuzha.core.ledger.credit import list_feeding_kinds, trace_nearest
from wuzha.core.plan.model import Plan
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.queries.arriving import Look, forget_ledger, look
from wuzha.web.campaign.queries.facts import Facts
from wuzha.web.campaign.queries.ground import PlanInForce, bound_of, forget_ground, ground_of, stamp_roster

# So many plans and days are kept; the one that was asked for longest ago goes first.
MOST_KEPT = 24
# When more than this has arrived, counting anew is quicker than counting those again whom it concerns.
MOST_ARRIVED = 2_000

Counted = NDArray[Any]
# By status, in how many windows each unit stands so, by the unit's number in the roster.
OwnCounts = Mapping[Status, Counted]


@dataclass(frozen=True)
class PlanCounts:
    """The standings of a plan counted: ``own`` has a place for each duty of the plan, in its order."""

    roster: Roster
    own: tuple[OwnCounts, ...]

    def find(self, place: int, code: str) -> Mapping[Status, int]:
        """How many obligations of the unit itself stand how; empty where it bears none of the duty."""
        number = self.roster.numbers.get(code)
        if number is None:
            return {}
        return {status: int(counts[number]) for status, counts in self.own[place].items() if counts[number]}

    def find_below(self, place: int, code: str) -> Totals | None:
        """The same of the unit and all that stands below it on that day; none where nobody bears the duty."""
        number = self.roster.numbers.get(code)
        if number is None or number >= len(self.roster.last):
            return None
        found = {status: int(sums[number]) for status, sums in self._below[place].items() if sums[number]}
        return Totals(found) if found else None

    def list_below(self, place: int, code: str, *statuses: Status) -> Iterator[str]:
        """The units at or below this one that have any obligation of the duty in one of the statuses, by their codes,
        in the order of the tree of that day."""
        number = self.roster.numbers.get(code)
        if number is None or number >= len(self.roster.last):
            return
        here = slice(number, int(self.roster.last[number]) + 1)
        there = [counts[here] > 0 for status, counts in self.own[place].items() if status in statuses]
        if there:
            yield from (self.roster.codes[number + step] for step in np.flatnonzero(np.any(there, axis=0)).tolist())

    @cached_property
    def _below(self) -> tuple[Mapping[Status, Counted], ...]:
        last = self.roster.last
        return tuple(
            {status: add_below(counts[: len(last)], last) for status, counts in own.items()} for own in self.own
        )

    def count_again(self, place: int, counts: Mapping[str, Mapping[Status, int]]) -> "PlanCounts":
        """With what these units, by code, have of this duty."""
        found = {status: np.array(counted) for status, counted in self.own[place].items()}
        for code, by_status in counts.items():
            number = self.roster.numbers[code]
            for status in found.keys() | by_status.keys():
                counted = found.setdefault(status, np.zeros(len(self.roster.codes), np.int32))
                counted[number] = by_status.get(status, 0)
        return replace(self, own=(*self.own[:place], found, *self.own[place + 1 :]))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the counts of a plan hang on beside the ledger. The roster is named by its stamp."""

    roster: str
    issuer: str
    plan: Plan
    feeding: tuple[frozenset[str], ...]
    as_of: date
    known_by: date | None


@dataclass(slots=True)
class Kept:
    """The counts of a plan, over the first ``size`` rows of the ledger's ``turn``."""

    counts: PlanCounts | None = None
    turn: int = 0
    size: int = 0


class Shelf:
    """What was counted, by what was asked. Whoever asks the same at the same time waits for the first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Asked, tuple[Lock, Kept]] = OrderedDict()
        self._lock = Lock()

    def find(self, asked: Asked) -> tuple[Lock, Kept]:
        with self._lock:
            found = self._kept.pop(asked, None) or (Lock(), Kept())
            self._kept[asked] = found
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            return found

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


SHELF = Shelf()


def count_plan(in_force: PlanInForce, as_of: date) -> PlanCounts:
    """For every duty of the plan: the standings of each bearing unit by status."""
    kinds = load_kinds()
    feeding = tuple(list_feeding_kinds(duty, kinds) for duty in in_force.plan.duties)
    issuer = in_force.version.unit.code
    asked = Asked(stamp_roster(), issuer, in_force.plan, feeding, as_of, in_force.known_by)
    lock, kept = SHELF.find(asked)
    with lock:
        _bring_up(asked, kept, look())
        if kept.counts is None:
            raise RuntimeError("counted, and nothing kept")
        return kept.counts


def forget_counts() -> None:
    """Throw away what was counted; the next page counts again. For tests, whose ledgers come and go."""
    forget_ground()
    forget_ledger()
    SHELF.clear()


def _bring_up(asked: Asked, kept: Kept, now: Look) -> None:
    """Count what has arrived since, or everything."""
    arrived = now.size - kept.size
    if kept.counts is None or kept.turn != now.turn or arrived > MOST_ARRIVED:
        kept.counts = _count_all(asked, now)
    elif arrived:
        kept.counts = _count_arrived(asked, kept.counts, now, kept.size)
    kept.turn, kept.size = now.turn, now.size


def _count_all(asked: Asked, now: Look) -> PlanCounts:
    facts = _open_facts(asked, now)
    columns = facts.take(facts.find_rows(None, frozenset[str]().union(*asked.feeding)))
    duties = tuple(_rename(duty, str(place)) for place, duty in enumerate(asked.plan.duties))
    question = Question(replace(asked.plan, duties=duties), facts.tree, facts.kinds, asked.as_of)
    count = DenseCount(question, columns)
    return PlanCounts(count.roster, tuple(_keep(own) for _, own in count.count_own()))


def _rename(duty: Duty, name: str) -> Duty:
    """A plan cut to windows has a duty several times: while it is counted each has a name of its own."""
    own = tuple(replace(waiver, duty=name) for waiver in duty.waivers if waiver.duty == duty.id)
    return replace(duty, id=name, waivers=own)


def _keep(own: Mapping[Status, NDArray[np.int64]]) -> OwnCounts:
    return {status: counts.astype(np.int32) for status, counts in own.items() if counts.any()}


def _open_facts(asked: Asked, now: Look) -> Facts:
    tree = bound_of(asked.roster, asked.issuer)
    return Facts(now, ground_of(asked.roster), tree, load_kinds(), asked.as_of, asked.known_by)


def _count_arrived(asked: Asked, counts: PlanCounts, now: Look, size: int) -> PlanCounts:
    """Those counted again whom a record that arrived since then concerns."""
    facts = _open_facts(asked, now)
    arrived = _list_arrived(facts, size)
    for place, (duty, feeding) in enumerate(zip(asked.plan.duties, asked.feeding, strict=True)):
        units = frozenset[str]().union(*(arrived[kind] for kind in feeding & arrived.keys()))
        bearers = _list_bearers(duty, facts.tree, units)
        if bearers:
            counts = counts.count_again(place, _count_units(asked, duty, bearers, facts))
    return counts


def _list_arrived(facts: Facts, size: int) -> Mapping[str, frozenset[str]]:
    """By kind, the units of the records that came since, and of those that they replaced, up to the day."""
    columns, codes = facts.look.columns, facts.ground.codes
    rows = columns.list_since(size)
    rows = rows[columns.read("happened_on", rows) <= facts.as_of.toordinal()]
    found: dict[str, set[str]] = {}
    for kind, unit in zip(columns.read("kind", rows).tolist(), columns.read("unit", rows).tolist(), strict=True):
        found.setdefault(columns.name(kind), set()).add(codes.get(unit, ""))
    return {kind: frozenset(units) for kind, units in found.items()}


def _list_bearers(duty: Duty, tree: Tree, units: Iterable[str]) -> frozenset[str]:
    """Everybody whose obligations the records of these units can serve, in any window."""
    if not units or duty.vague:
        return frozenset()
    credits_ = [trace_nearest(tree, bearers) for bearers in set(trace_bearers(duty.who, tree))]
    return frozenset[str]().union(*(one.list_bearers(unit) for one in credits_ for unit in units))


def _count_units(asked: Asked, duty: Duty, bearers: frozenset[str], facts: Facts) -> Mapping[str, Mapping[Status, int]]:
    rows = facts.list_tallied(bearers, duty)
    counts: dict[str, dict[Status, int]] = {code: {} for code in bearers}
    for standing in assess_facts(duty, asked.plan.valid, facts.tree, rows, asked.as_of, bearers):
        found = counts[standing.obligation.unit]
        found[standing.status] = found.get(standing.status, 0) + 1
    return counts
