"""The dense engine: the totals of every unit and duty of a plan, counted in arrays.

What is asked of a unit is the specification's word: it is asked how a unit stands that did nothing, once for each sort
of unit, and says window by window what is owed and how much. The counters (:mod:`wuzha.adapters.columns.counters`) only
find where that was reached, and when. What comes down to one amount in a window is counted so: ``do``, ``file`` and
``cover``. The rest is left to the specification, over the same columns.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from math import ceil

import numpy as np
from numpy.typing import NDArray

from wuzha.adapters.columns.counters import NEVER, ONCE, Batch, Lane, Numbers, Reach, Reached, add_below, count_reached
from wuzha.adapters.columns.ledger import HUNDRED, Columns, Ints, Row
from wuzha.adapters.columns.tables import HUNDREDTHS, Demand, Tables, make_tables
from wuzha.core.assessment.assess import assess_unit
from wuzha.core.assessment.counted import stand_counted_unit
from wuzha.core.assessment.model import Standing, Status, Totals
from wuzha.core.assessment.rollup import Cell
from wuzha.core.base.unit import Tree, Unit
from wuzha.core.duty.kinds.cover import find_base_name
from wuzha.core.duty.model import Duty, Narrow
from wuzha.core.ledger.credit import map_nearest
from wuzha.core.ledger.record import Kinds
from wuzha.core.plan.model import Plan

DENSE_VERBS = frozenset({"do", "file", "cover"})
ASKED = frozenset({Status.OPEN, Status.MET, Status.LATE, Status.MISSED})
# The columns of the ledger by the measure that counts them; any other measure is the quantity.
AMOUNTS: Mapping[str, str] = {"area_m2": "area", "loss_yuan": "loss", "people": "people", "heads": "heads"}
EMPTY_TEXT = 0


def roll_up_dense(*, plan: Plan, tree: Tree, kinds: Kinds, columns: Columns, as_of: date) -> Mapping[Cell, Totals]:
    """What :func:`wuzha.core.assessment.rollup.roll_up` says of all standings of the plan on that day."""
    return DenseCount(tree, make_tables(plan=plan, tree=tree, kinds=kinds, columns=columns, as_of=as_of)).roll_up()


@dataclass(frozen=True, slots=True)
class Owed:
    """What a duty asks before anything is done.

    ``sort`` is each unit's row in ``goals``, a column for each window opened; ``fixed`` are the numbers of windows by
    unit that stand as they stand whatever was done, ``over`` and ``running`` those that are asked about, by whether
    their due day has passed.
    """

    sort: Ints
    goals: Ints
    fixed: Mapping[Status, Ints]
    over: Ints
    running: Ints

    def settle(self, reached: Reached) -> Mapping[Status, Ints]:
        """How many windows of each unit are in each status."""
        on_time, late, early = (
            _widen(counted, len(self.sort)) for counted in (reached.on_time, reached.late, reached.early)
        )
        counts = {
            Status.MET: on_time + early,
            Status.LATE: late,
            Status.MISSED: self.over - on_time - late,
            Status.OPEN: self.running - early,
        }
        return {**counts, **self.fixed}


@dataclass(frozen=True)
class DenseCount:
    """One plan over one ledger as of one day."""

    tree: Tree
    tables: Tables

    def roll_up(self) -> Mapping[Cell, Totals]:
        """Totals by (unit code, duty id), each with everything below the unit."""
        last = np.asarray(self.tables.unit["last"])
        found: dict[Cell, Totals] = {}
        for duty, counts in self.count_own():
            below = {status: add_below(own, last) for status, own in counts.items()}
            for number in np.flatnonzero(sum(below.values(), np.zeros(len(last), np.int64))).tolist():
                totals = {status: int(sums[number]) for status, sums in below.items() if sums[number]}
                found[self.tables.codes[number], duty] = Totals(totals)
        return found

    def count_own(self) -> Iterator[tuple[str, Mapping[Status, Ints]]]:
        """For each duty, in how many windows each unit itself is in each status."""
        demands = [demand for demand in self.tables.demands if self.is_dense(demand)]
        owed = [self._ask(demand) for demand in demands]
        lanes = [self._make_lane(demand, one) for demand, one in zip(demands, owed, strict=True)]
        batch = self.ledger.make_batch(demands, self.reaches)
        reached = count_reached(len(self.tables.codes), lanes, self.reaches, [lambda: batch])
        settled = {demand.number: one.settle(found) for demand, one, found in zip(demands, owed, reached, strict=True)}
        for demand in self.tables.demands:
            yield demand.duty.id, settled.get(demand.number) or self._count_facts(demand)

    def is_dense(self, demand: Demand) -> bool:
        """Whether the duty comes down to whole amounts, none below nought, of which more is better."""
        duty = demand.duty
        if duty.vague or not duty.fed:
            return True
        exact = duty.measure not in HUNDREDTHS or not self.tables.columns.inexact
        rising = duty.target is None or duty.target.side == "at_least"
        return duty.verb in DENSE_VERBS and exact and rising and not self.ledger.has_negative(find_amount(duty))

    @cached_property
    def ledger(self) -> "Ledger":
        return Ledger(self.tables)

    @cached_property
    def reaches(self) -> tuple[Reach, ...]:
        """By the number of who bears: whose records are whose."""
        groups = np.asarray(self.tables.duty["bearers"])
        return tuple(self._make_reach(group) for group in range(int(groups.max(initial=-1)) + 1))

    def _make_reach(self, group: int) -> Reach:
        credit = self.tables.credit
        mine = np.asarray(credit["bearers"]) == group
        unit, bearer, opens, closes = (np.asarray(credit[n])[mine] for n in ("unit", "bearer", "opens", "closes"))
        days = self.tables.columns.happened_on
        always = (opens <= days.min(initial=NEVER)) & (closes > days.max(initial=0))
        if always.all() and len(np.unique(unit)) == len(unit):
            every = np.full(len(self.tables.codes), -1)
            every[unit] = bearer
            return Reach(every)
        order = np.lexsort((opens, unit))
        return Reach(bearer[order], unit[order], opens[order], closes[order])

    def _ask(self, demand: Demand) -> Owed:
        """What the specification says of each unit that bears the duty, had it done nothing."""
        sorts: dict[Unit, int] = {}
        units = len(self.tables.codes)
        numbers = {code: number for number, code in enumerate(self.tables.codes)}
        sort = np.full(units, 0)
        for unit in demand.bearers:
            sort[numbers[unit.code]] = sorts.setdefault(_strip(unit, demand.duty), len(sorts) + 1)
        found = [list(stand_counted_unit(demand.duty, unit, demand.windows, {}, self.tables.as_of)) for unit in sorts]
        goals = np.full((len(sorts) + 1, len(list_windows(self.tables, demand)[0])), NEVER)
        columns = {window.opens: column for column, window in enumerate(demand.windows)}
        for row, standings in enumerate(found, start=1):
            for standing in standings:
                if standing.status in ASKED:
                    goals[row, columns[standing.obligation.window.opens]] = _find_goal(demand.duty, standing)
        return _make_owed(sort, goals, found, self.tables.as_of)

    def _make_lane(self, demand: Demand, owed: Owed) -> Lane:
        opens, closes, due = list_windows(self.tables, demand)
        return Lane(
            reach=int(np.asarray(self.tables.duty["bearers"])[demand.number]),
            measure=name_measure(demand),
            feeds=self.ledger.find_feeds(demand),
            opens=opens,
            closes=closes,
            due=due,
            over=due < self.tables.as_of.toordinal(),
            sort=owed.sort,
            goals=owed.goals,
        )

    def _count_facts(self, demand: Demand) -> Mapping[Status, Ints]:
        """The same for a duty that cannot be counted in arrays, by the specification."""
        counts = {status: np.zeros(len(self.tables.codes), np.int64) for status in Status}
        numbers = {code: number for number, code in enumerate(self.tables.codes)}
        nearest = map_nearest(self.tree, demand.bearers)
        credited: dict[str, list[Row]] = {}
        for row in self.ledger.list_feeding(demand):
            if row.unit in nearest:
                credited.setdefault(nearest[row.unit], []).append(row)
        for unit in demand.bearers:
            facts = credited.get(unit.code, ())
            for standing in assess_unit(demand.duty, unit, demand.windows, facts, self.tables.as_of):
                counts[standing.status][numbers[unit.code]] += 1
        return counts


@dataclass(frozen=True)
class Ledger:
    """The records that count, as the counters want them.

    Records of one kind that differ in what a duty asks of them (place, audience, grade) are different feeds.
    """

    tables: Tables

    @cached_property
    def rows(self) -> Ints:
        """The records in effect, of units that are known, up to the day asked about."""
        own = self.tables.columns
        known = own.in_effect & (own.happened_on <= self.tables.as_of.toordinal()) & (self._all("unit") >= 0)
        return np.flatnonzero(known)

    def read(self, name: str) -> Ints:
        found: Ints = self._all(name)[self.rows]
        return found

    def _all(self, name: str) -> Ints:
        return np.asarray(self.tables.record[name])

    def has_negative(self, name: str) -> bool:
        return bool((self._all(name) < 0).any())

    @cached_property
    def fits(self) -> Mapping[Narrow, NDArray[np.bool_]]:
        """For each narrowing of a duty, which of the records it lets count."""
        return {narrow: self._fit(narrow) for narrow in {_find_narrow(one.duty) for one in self.tables.demands}}

    def _fit(self, narrow: Narrow) -> NDArray[np.bool_]:
        texts = self.tables.columns.texts
        found = np.ones(len(self.rows), np.bool_)
        for name, words in (("place", narrow.place), ("audience", narrow.audience)):
            if words:
                found &= np.array([any(word in text for word in words) for text in texts], np.bool_)[self.read(name)]
        if narrow.grade:
            found &= self.read("grade") == self.tables.columns.find_text(narrow.grade)
        return found

    @cached_property
    def feeds(self) -> tuple[Ints, Ints]:
        """Each record's feed, and of each feed one record that has it."""
        found = self.read("kind")
        for fits in self.fits.values():
            _, found = np.unique(found * 2 + fits, return_inverse=True)
        _, first, found = np.unique(found, return_index=True, return_inverse=True)
        return found, first

    def find_feeds(self, demand: Demand) -> tuple[int, ...]:
        """The feeds whose records count for the duty."""
        example = self.feeds[1]
        of_kind = np.isin(self.read("kind")[example], self._find_kinds(demand))
        wanted = of_kind & self.fits[_find_narrow(demand.duty)][example]
        return tuple(np.flatnonzero(wanted).tolist())

    def list_feeding(self, demand: Demand) -> Iterator[Row]:
        """The facts of the kinds that can count for the duty, for the specification."""
        wanted = np.isin(self.read("kind"), self._find_kinds(demand))
        return self.tables.columns.list_rows(self.rows[wanted].tolist())

    def _find_kinds(self, demand: Demand) -> Ints:
        feed = self.tables.feed
        found: Ints = np.asarray(feed["kind"])[np.asarray(feed["duty"]) == demand.number]
        return found

    def make_batch(self, demands: Sequence[Demand], reaches: Sequence[Reach]) -> Batch:
        amounts = {find_amount(demand.duty): self.read(find_amount(demand.duty)) for demand in demands}
        for demand in demands:
            if demand.duty.verb == "cover":
                reach = reaches[int(np.asarray(self.tables.duty["bearers"])[demand.number])]
                amounts[name_measure(demand)] = self._count_heads(demand, reach)
        return Batch(self.read("unit"), self.feeds[0], self.read("day"), amounts)

    def _count_heads(self, demand: Demand, reach: Reach) -> Ints:
        """One for the first time that a subject is reached in a window, nothing for any later; heads without subject.

        Records stand in the order of their days, so the first of a group is its first in time.
        """
        heads, subject = self.read(find_amount(demand.duty)).copy(), self.read("subject")
        counts = np.isin(self.feeds[0], self.find_feeds(demand)) & (subject != EMPTY_TEXT)
        rows = np.flatnonzero(counts)
        unit, day = self.read("unit")[rows], self.read("day")[rows]
        opens = list_windows(self.tables, demand)[0]
        window = np.searchsorted(opens, day, side="right")
        keys = np.stack((reach.find_bearers(unit, day), unit, subject[rows], window))
        order = np.lexsort(keys)
        keys = keys[:, order]
        is_first = np.ones(len(rows), np.bool_)
        is_first[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
        heads[rows[order]] = is_first
        return heads


def list_windows(tables: Tables, demand: Demand) -> tuple[Ints, Ints, Ints]:
    """Opens, closes and due of the duty's windows opened by the day asked about."""
    win = tables.win
    mine = np.asarray(win["calendar"]) == np.asarray(tables.duty["calendar"])[demand.number]
    opens, closes, due = (np.asarray(win[name])[mine] for name in ("opens", "closes", "due"))
    return opens, closes, due


def find_amount(duty: Duty) -> str:
    """The column that the duty counts."""
    return AMOUNTS.get(duty.measure, "quantity")


def name_measure(demand: Demand) -> str:
    """What the counters add up: a document is one whatever stands in it, and of a population each subject is one."""
    match demand.duty.verb:
        case "file":
            return ONCE
        case "cover":
            return f"heads of {demand.number}"
        case _:
            return find_amount(demand.duty)


def _find_narrow(duty: Duty) -> Narrow:
    """A document that is handed in counts wherever that was done."""
    return Narrow() if duty.verb == "file" else duty.narrow


def _strip(unit: Unit, duty: Duty) -> Unit:
    """The unit without what does not change what is asked of it."""
    base = duty.target.of if duty.target else ""
    wanted = (base, find_base_name(duty)) if duty.verb == "cover" else (base,)
    attributes = tuple(one for one in unit.attributes if one.name in wanted)
    return replace(unit, code="", name="", kind="", parent="", line="", attributes=attributes, roads=())


def _find_goal(duty: Duty, standing: Standing) -> int:
    """The goal in the counters' own whole numbers. More than there are of a population is never reached."""
    goal, base = standing.tally.goal, standing.tally.of
    if goal is None or (duty.verb == "cover" and base is not None and goal > base):
        return NEVER
    return ceil(goal * HUNDRED) if duty.verb == "do" and duty.measure in HUNDREDTHS else ceil(goal)


def _make_owed(sort: Ints, goals: Ints, found: Sequence[Sequence[Standing]], as_of: date) -> Owed:
    """Count the standings of each sort, and give each unit the numbers of its own; sort 0 bears nothing."""
    asked = {over: np.zeros(len(found) + 1, np.int64) for over in (True, False)}
    fixed = {status: np.zeros(len(found) + 1, np.int64) for status in Status if status not in ASKED}
    for row, standings in enumerate(found, start=1):
        for standing in standings:
            if standing.status in ASKED:
                asked[standing.obligation.due_on < as_of][row] += 1
            else:
                fixed[standing.status][row] += 1
    return Owed(sort, goals, {status: n[sort] for status, n in fixed.items()}, asked[True][sort], asked[False][sort])


def _widen(counted: Numbers, units: int) -> Ints:
    """A count that was not wanted is nought everywhere."""
    return counted.astype(np.int64) if len(counted) else np.zeros(units, np.int64)
