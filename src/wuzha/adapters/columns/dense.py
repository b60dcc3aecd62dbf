"""The dense engine: the totals of every unit and duty of a plan, counted in arrays.

What is asked of a unit is the specification's word: who bears which windows, whom a unit's records credit, and how a
unit stands that did nothing, which says window by window what is owed and how much. The counters
(:mod:`wuzha.adapters.columns.counters`) only find where that was reached, and when. Duties that come down to one amount
in a window are counted so: ``do``, ``file`` and ``cover``. The others are left to the specification, over the same
columns.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from math import ceil

import numpy as np
from numpy.typing import NDArray

from wuzha.adapters.columns.counters import (
    NEVER,
    ONCE,
    Batch,
    Lane,
    Numbers,
    Reach,
    Reached,
    add_below,
    count_reached,
    group_rows,
)
from wuzha.adapters.columns.ledger import HUNDRED, NONE, Columns, Ints
from wuzha.adapters.columns.question import Question
from wuzha.core.assessment.assess import assess_facts, complete_duty
from wuzha.core.assessment.counted import stand_counted_unit
from wuzha.core.assessment.model import Standing, Status, Totals
from wuzha.core.assessment.obligations import expand_windows, find_due_day
from wuzha.core.assessment.rollup import Cell
from wuzha.core.base.unit import Tree, Unit
from wuzha.core.base.windows import Window
from wuzha.core.duty.kinds.cover import find_base_name
from wuzha.core.duty.model import Duty, Narrow, Waiver
from wuzha.core.duty.who import Turn, list_turns
from wuzha.core.ledger.credit import list_feeding_kinds, trace_nearest

DENSE_VERBS = frozenset({"do", "file", "cover"})
ASKED = frozenset({Status.OPEN, Status.MET, Status.LATE, Status.MISSED})
# Kept in hundredths by the ledger's columns.
HUNDREDTHS = frozenset({"area_m2", "loss_yuan"})

OwnCounts = Mapping[Status, Ints]


def roll_up_dense(question: Question, columns: Columns) -> Mapping[Cell, Totals]:
    """What :func:`wuzha.core.assessment.rollup.roll_up` says of all standings of the plan in the tree of that day.

    All records in the columns are looked at. How the plan stood as known then is asked of columns that hold no more
    than was known: ``roll_up_dense(question, columns.keep_known(by))``.
    """
    count = DenseCount(question, columns)
    last = count.roster.last
    found: dict[Cell, Totals] = {}
    for duty, own in count.count_own():
        below = {status: add_below(counts[: len(last)], last) for status, counts in own.items() if counts.any()}
        found.update(((count.roster.codes[number], duty), totals) for number, totals in _list_totals(below))
    return found


def _list_totals(below: Mapping[Status, Numbers]) -> Iterator[tuple[int, Totals]]:
    """The numbers of the units that have anything of a duty, with their totals. Units with equal counts share them."""
    first, group = group_rows(list(below.values()))
    shared = [Totals({status: int(sums[one]) for status, sums in below.items() if sums[one]}) for one in first.tolist()]
    return ((number, shared[of]) for number, of in enumerate(group.tolist()) if shared[of].counts)


@dataclass(frozen=True)
class Roster:
    """Units by number: those of the tree of that day depth-first, then those that stand outside it.

    ``last`` is the last number below each unit of the tree.
    """

    tree: Tree
    as_of: date

    @cached_property
    def codes(self) -> tuple[str, ...]:
        now = self.tree.at(self.as_of)
        inside = [unit.code for root in now.list_children("") for unit in now.walk_down(root.code)]
        there = frozenset(inside)
        return (*inside, *(unit.code for unit in self.tree.units if unit.code not in there))

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        return {code: number for number, code in enumerate(self.codes)}

    @cached_property
    def last(self) -> Ints:
        now = self.tree.at(self.as_of)
        last = list(range(len(now.units)))
        for number in reversed(range(len(last))):
            above = self.numbers.get(now.by_code[self.codes[number]].parent)
            if above is not None:
                last[above] = max(last[above], last[number])
        return np.array(last, np.int64)


@dataclass(frozen=True, slots=True)
class Asked:
    """The windows of a duty that the same units bear, as the counters see them, and what stands whatever was done.

    ``fixed`` are the numbers of windows by unit in such a status, ``over`` and ``running`` those that are asked about,
    by whether their due day has passed. Of a unit that ``ended`` before it passed nothing is to come.
    """

    lane: Lane
    fixed: OwnCounts
    over: Ints
    running: Ints
    ended: NDArray[np.bool_]

    def settle(self, reached: Reached) -> OwnCounts:
        """How many windows of each unit are in each status."""
        on_time, late, early = (
            _widen(counted, len(self.over)) for counted in (reached.on_time, reached.late, reached.early)
        )
        short = self.running - early
        counts = {
            Status.MET: on_time + early,
            Status.LATE: late,
            Status.MISSED: self.over - on_time - late + np.where(self.ended, short, 0),
            Status.OPEN: np.where(self.ended, 0, short),
        }
        return {**counts, **self.fixed}


@dataclass(frozen=True)
class DenseCount:
    """One question over one ledger."""

    question: Question
    columns: Columns
    _reaches: dict[frozenset[str], int] = field(default_factory=dict)
    _sorted: dict[object, tuple[Ints, tuple[Unit, ...]]] = field(default_factory=dict)

    @cached_property
    def duties(self) -> tuple[Duty, ...]:
        return tuple(complete_duty(duty, self.question.kinds) for duty in self.question.plan.duties)

    @cached_property
    def roster(self) -> Roster:
        return Roster(self.question.tree, self.question.as_of)

    @cached_property
    def ledger(self) -> "Ledger":
        narrows = {_find_narrow(duty) for duty in self.duties}
        return Ledger(self.columns, self.question.as_of, self.roster.numbers, tuple(narrows))

    def count_own(self) -> Iterator[tuple[str, OwnCounts]]:
        """For each duty, in how many windows each unit itself is in each status."""
        amounts: dict[str, Ints] = {}
        asked = {duty.id: list(self._ask(duty, amounts)) for duty in self.duties if self.is_dense(duty)}
        lanes = [one.lane for turns in asked.values() for one in turns]
        batch = self.ledger.make_batch(amounts)
        reached = iter(count_reached(len(self.roster.codes), lanes, self.reaches, [lambda: batch]))
        settled = {duty: [one.settle(next(reached)) for one in turns] for duty, turns in asked.items()}
        for duty in self.duties:
            yield duty.id, _add(settled[duty.id]) if duty.id in settled else self._count_facts(duty)

    def is_dense(self, duty: Duty) -> bool:
        """Whether the duty comes down to whole amounts, none below nought, of which more is better.

        Heads are whole: a sum of money among them is asked of the specification.
        """
        if duty.vague or not duty.fed:
            return True
        exact = duty.measure not in HUNDREDTHS or not (self.columns.inexact or duty.verb == "cover")
        rising = duty.target is None or duty.target.side == "at_least"
        return duty.verb in DENSE_VERBS and exact and rising and not self.ledger.has_negative(duty.measure)

    def _ask(self, duty: Duty, amounts: dict[str, Ints]) -> Iterator[Asked]:
        """A lane for each turn of bearers; what it counts is put into ``amounts``."""
        feeds = self.ledger.find_feeds(_find_narrow(duty), list_feeding_kinds(duty, self.question.kinds))
        windows = expand_windows(duty, self.question.plan.valid)
        for turn in list_turns(duty, self.question.tree, windows, self.question.as_of):
            reach = self._reaches.setdefault(turn.bearers, len(self._reaches))
            owed = self._ask_turn(duty, turn)
            lane = self._make_lane(duty, turn, owed, (reach, feeds))
            amounts[lane.measure] = self._read_amounts(duty, lane)
            yield Asked(lane, owed.fixed, owed.over, owed.running, owed.ended)

    def _ask_turn(self, duty: Duty, turn: Turn) -> "Owed":
        """What the specification says of each unit that bears the windows, had it done nothing."""
        sort, units = self._sort_units(duty, turn.bearers)
        found = [list(stand_counted_unit(duty, unit, turn.windows, {}, self.question.as_of)) for unit in units]
        return Owed.of(duty, sort, found, turn, self.question.as_of)

    def _sort_units(self, duty: Duty, bearers: frozenset[str]) -> tuple[Ints, tuple[Unit, ...]]:
        """Each bearer's sort, from 1, and a unit of each. Duties that ask alike share the answer."""
        key = (bearers, _list_wanted(duty), duty.waivers)
        if key not in self._sorted:
            sorts: dict[object, int] = {}
            first: list[Unit] = []
            sort = np.zeros(len(self.roster.codes), np.int64)
            for code in bearers:
                unit = self.question.tree.by_code[code]
                number = sorts.setdefault(_find_sort(unit, duty), len(sorts) + 1)
                if number > len(first):
                    first.append(unit)
                sort[self.roster.numbers[code]] = number
            self._sorted[key] = sort, tuple(first)
        return self._sorted[key]

    def _make_lane(self, duty: Duty, turn: Turn, owed: "Owed", fed: tuple[int, tuple[int, ...]]) -> Lane:
        last = self.question.as_of.toordinal()
        windows = _list_opened(turn, self.question.as_of)
        due = np.array([find_due_day(duty, window).toordinal() for window in windows], np.int64)
        reach, feeds = fed
        return Lane(
            reach=reach,
            measure=_name_measure(duty, turn),
            feeds=feeds,
            opens=np.array([window.opens.toordinal() for window in windows], np.int64),
            closes=np.minimum(np.array([window.closes.toordinal() for window in windows], np.int64), last + 1),
            due=due,
            over=due < last,
            sort=owed.sort,
            goals=owed.goals,
        )

    def _read_amounts(self, duty: Duty, lane: Lane) -> Ints:
        if duty.verb != "cover":
            return self.ledger.read_amount(duty.measure)
        return self.ledger.count_heads(duty, lane, self._make_reach(list(self._reaches)[lane.reach]))

    @property
    def reaches(self) -> list[Reach]:
        return [self._make_reach(bearers) for bearers in self._reaches]

    def _make_reach(self, bearers: frozenset[str]) -> Reach:
        """Whom a record credits follows the tree on its day; nobody is credited with days on which he was not there."""
        crediting = trace_nearest(self.question.tree, bearers)
        rows = [(unit, bearer, date.min, date.max) for unit, bearer in crediting.nearest.items()]
        rows += [
            (unit, bearer, days.opens, days.closes)
            for unit, turns in crediting.moving.items()
            for days, bearer in turns
        ]
        numbers, lives = self.roster.numbers, self.question.tree.by_code
        table = np.array(
            [
                (
                    numbers[unit],
                    max(opens, lives[bearer].opens_on).toordinal(),
                    min(closes, lives[bearer].closes_on).toordinal(),
                    numbers[bearer],
                )
                for unit, bearer, opens, closes in rows
            ],
            np.int64,
        ).reshape(-1, 4)
        # A bearer that was not there yet has no days, and must not stand between those of others.
        table = table[table[:, 1] < table[:, 2]]
        unit, opens, closes, bearer = table[np.lexsort((table[:, 1], table[:, 0]))].T
        return self._make_plain_reach(unit, opens, closes, bearer) or Reach(bearer, unit, opens, closes)

    def _make_plain_reach(self, unit: Ints, opens: Ints, closes: Ints, bearer: Ints) -> Reach | None:
        """Without days, where all that was ever recorded lies inside of them."""
        days = self.columns.happened_on
        always = (opens <= days.min(initial=NEVER)) & (closes > days.max(initial=0))
        if not always.all() or len(np.unique(unit)) < len(unit):
            return None
        every = np.full(len(self.roster.codes), -1)
        every[unit] = bearer
        return Reach(every)

    def _count_facts(self, duty: Duty) -> OwnCounts:
        """The same for a duty that cannot be counted in arrays, by the specification."""
        counts = {status: np.zeros(len(self.roster.codes), np.int64) for status in Status}
        rows = self.ledger.list_fed(list_feeding_kinds(duty, self.question.kinds))
        facts = list(self.columns.list_rows(rows.tolist()))
        for standing in assess_facts(duty, self.question.plan.valid, self.question.tree, facts, self.question.as_of):
            counts[standing.status][self.roster.numbers[standing.obligation.unit]] += 1
        return counts


@dataclass(frozen=True, slots=True)
class Owed:
    """What is asked before anything is done: ``sort`` is each unit's row in ``goals``, 0 for who bears nothing."""

    sort: Ints
    goals: Ints
    fixed: OwnCounts
    over: Ints
    running: Ints
    ended: NDArray[np.bool_]

    @classmethod
    def of(cls, duty: Duty, sort: Ints, found: Sequence[Sequence[Standing]], turn: Turn, as_of: date) -> "Owed":
        opened = _list_opened(turn, as_of)
        columns = {window.opens: column for column, window in enumerate(opened)}
        over = [find_due_day(duty, window) < as_of for window in opened]
        goals = np.full((len(found) + 1, len(columns)), NEVER)
        counts = np.zeros((len(found) + 1, 2), np.int64)
        ended = np.zeros(len(found) + 1, np.bool_)
        fixed = {status: np.zeros(len(found) + 1, np.int64) for status in Status if status not in ASKED}
        for row, standings in enumerate(found, start=1):
            for standing in standings:
                if standing.status in ASKED:
                    column = columns[standing.obligation.window.opens]
                    goals[row, column] = _find_goal(duty, standing)
                    counts[row, int(over[column])] += 1
                    ended[row] |= standing.obligation.due_on < as_of and not over[column]
                else:
                    fixed[standing.status][row] += 1
        by_unit = {status: numbers[sort] for status, numbers in fixed.items()}
        return cls(sort, goals, by_unit, over=counts[sort, 1], running=counts[sort, 0], ended=ended[sort])


@dataclass(frozen=True)
class Ledger:
    """The records that count, as the counters want them.

    Records of one kind that differ in what a duty asks of them (place, audience, grade) are different feeds.
    """

    columns: Columns
    as_of: date
    numbers: Mapping[str, int]
    narrows: tuple[Narrow, ...]
    _amounts: dict[str, Ints] = field(default_factory=dict)
    _negative: dict[str, bool] = field(default_factory=dict)

    @cached_property
    def rows(self) -> Ints:
        """The records in effect, of units that are known, up to the day asked about."""
        own = self.columns
        return np.flatnonzero(own.in_effect & (own.happened_on <= self.as_of.toordinal()) & (self._units >= 0))

    @cached_property
    def _units(self) -> Ints:
        numbers = np.array([self.numbers.get(text, -1) for text in self.columns.texts], np.int64)
        found: Ints = numbers[self.columns.codes["unit"]]
        return found

    def read_text(self, name: str) -> Ints:
        found: Ints = self.columns.codes[name][self.rows]
        return found

    def read_amount(self, measure: str) -> Ints:
        """What each record counts in the measure; an empty field is nothing."""
        if measure not in self._amounts:
            self._amounts[measure] = self._find_amounts(measure)[self.rows]
        return self._amounts[measure]

    def has_negative(self, measure: str) -> bool:
        """Whether a record takes away from the measure."""
        if measure not in self._negative:
            self._negative[measure] = bool((self.read_amount(measure) < 0).any())
        return self._negative[measure]

    def _find_amounts(self, measure: str) -> Ints:
        own = self.columns
        match measure:
            case "heads":
                return np.where(own.people == NONE, own.quantity, own.people)
            case "people" | "area_m2" | "loss_yuan":
                found = {"people": own.people, "area_m2": own.area, "loss_yuan": own.loss}[measure]
                return np.where(found == NONE, 0, found)
            case _:
                return own.quantity

    def list_fed(self, kinds: Iterable[str]) -> Ints:
        """The rows of the ledger of these kinds."""
        return self.rows[np.isin(self.read_text("kind"), self._find_kinds(kinds))]

    def _find_kinds(self, kinds: Iterable[str]) -> list[int]:
        return [number for number in map(self.columns.find_text, sorted(kinds)) if number >= 0]

    @cached_property
    def fits(self) -> Mapping[Narrow, NDArray[np.bool_]]:
        """For each narrowing, which of the records it lets count."""
        return {narrow: self._fit(narrow) for narrow in self.narrows}

    def _fit(self, narrow: Narrow) -> NDArray[np.bool_]:
        found = np.ones(len(self.rows), np.bool_)
        for name, words in (("place", narrow.place), ("audience", narrow.audience)):
            if words:
                says = [any(word in text for word in words) for text in self.columns.texts]
                found &= np.array(says, np.bool_)[self.read_text(name)]
        if narrow.grade:
            found &= self.read_text("grade") == self.columns.find_text(narrow.grade)
        return found

    @cached_property
    def feeds(self) -> tuple[Ints, Ints]:
        """Each record's feed, and of each feed one record that has it."""
        found = _renumber(self.read_text("kind"))
        for fits in self.fits.values():
            if not fits.all():
                found = _renumber(found * 2 + fits)
        example = np.zeros(int(found.max(initial=-1)) + 1, np.int64)
        example[found] = np.arange(len(found))
        return found, example

    @cached_property
    def _kinds(self) -> Ints:
        """The kind of each feed."""
        return self.columns.codes["kind"][self.rows[self.feeds[1]]]

    def find_feeds(self, narrow: Narrow, kinds: Iterable[str]) -> tuple[int, ...]:
        """The feeds of these kinds that the narrowing lets count."""
        of_kind = np.isin(self._kinds, self._find_kinds(kinds))
        return tuple(np.flatnonzero(of_kind & self.fits[narrow][self.feeds[1]]).tolist())

    def make_batch(self, amounts: Mapping[str, Ints]) -> Batch:
        return Batch(self._units[self.rows], self.feeds[0], self.columns.happened_on[self.rows], amounts)

    def count_heads(self, duty: Duty, lane: Lane, reach: Reach) -> Ints:
        """One for the first time that a subject is reached in a window, nothing for any later; heads without subject.

        Records stand in the order of their days, so the first of a group is its first in time.
        """
        heads, subject = self.read_amount(duty.measure).copy(), self.read_text("subject")
        rows = np.flatnonzero(np.isin(self.feeds[0], lane.feeds) & (subject != self.columns.find_text("")))
        unit, day = self._units[self.rows[rows]], self.columns.happened_on[self.rows[rows]]
        window = np.searchsorted(lane.opens, day, side="right")
        keys = np.stack((reach.find_bearers(unit, day), unit, subject[rows], window))
        order = np.lexsort(keys)
        keys = keys[:, order]
        is_first = np.ones(len(rows), np.bool_)
        is_first[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
        heads[rows[order]] = is_first
        return heads


def _renumber(values: Ints) -> Ints:
    """The same in whole numbers without gaps, in the same order. None may be negative, nor much above their number."""
    there = np.zeros(int(values.max(initial=-1)) + 1, np.bool_)
    there[values] = True
    found: Ints = (np.cumsum(there) - 1)[values]
    return found


def _list_opened(turn: Turn, as_of: date) -> list[Window]:
    """Only these can be asked about."""
    return [window for window in turn.windows if window.opens <= as_of]


def _name_measure(duty: Duty, turn: Turn) -> str:
    """What the counters add up: a document is one whatever stands in it, and of a population each subject is one."""
    match duty.verb:
        case "file":
            return ONCE
        case "cover":
            return f"heads of {duty.id} from {turn.windows[0].opens}"
        case _:
            # Of a kind that nobody knows the quantity counts.
            return duty.measure or "quantity"


def _find_narrow(duty: Duty) -> Narrow:
    """A document that is handed in counts wherever that was done."""
    return Narrow() if duty.verb == "file" else duty.narrow


def _find_sort(unit: Unit, duty: Duty) -> tuple[Unit, tuple[Waiver, ...]]:
    """All of a unit that changes what the duty asks of it."""
    wanted = _list_wanted(duty)
    attributes = tuple(one for one in unit.attributes if one.name in wanted)
    bare = Unit("", "", "", opens_on=unit.opens_on, closes_on=unit.closes_on, attributes=attributes)
    return bare, tuple(waiver for waiver in duty.waivers if unit.code in waiver.units)


def _list_wanted(duty: Duty) -> tuple[str, ...]:
    """The denominators that the duty asks for."""
    base = duty.target.of if duty.target else ""
    return (base, find_base_name(duty)) if duty.verb == "cover" else (base,)


def _find_goal(duty: Duty, standing: Standing) -> int:
    """The goal in the counters' own whole numbers. More than there are of a population is never reached."""
    goal, base = standing.tally.goal, standing.tally.of
    if goal is None or (duty.verb == "cover" and base is not None and goal > base):
        return NEVER
    return ceil(goal * HUNDRED) if duty.verb == "do" and duty.measure in HUNDREDTHS else ceil(goal)


def _add(counts: Sequence[OwnCounts]) -> OwnCounts:
    """All turns of a duty together."""
    return {status: np.sum([one[status] for one in counts], axis=0) for status in Status} if counts else {}


def _widen(counted: Numbers, units: int) -> Ints:
    """A count that was not wanted is nought everywhere."""
    return counted.astype(np.int64) if len(counted) else np.zeros(units, np.int64)
