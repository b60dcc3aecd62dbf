"""A scorecard as a county has written it down, and a score with everything that it is the sum of."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from json import dumps

from wuzha.core.assessment.model import Status, Totals
from wuzha.core.base.interval import Interval
from wuzha.core.base.problem import NOWHERE, Source
from wuzha.core.duty.model import Duty


class Sort(StrEnum):
    """``points`` are earned by doing one's duties; a bonus or deduction is granted by a named person."""

    POINTS = "points"
    BONUS = "bonus"
    DEDUCTION = "deduction"


class Counts(StrEnum):
    """What of a base earns the points.

    ``met`` and ``on_time`` are shares of standings, late ones in or out. ``baseline`` holds a number against the unit's
    own earlier years, drawn towards "no change" where it is small.
    """

    MET = "met"
    ON_TIME = "on_time"
    BASELINE = "baseline"


class Base(StrEnum):
    """What an item counts: windows of duties of the plan, or findings of inspections by their mending days."""

    DUTIES = "duties"
    FINDINGS = "findings"


@dataclass(frozen=True, slots=True)
class Select:
    """Which duties of the plan an item sums: by id, verb and record kind; what is empty does not narrow."""

    ids: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()

    def takes(self, duty: Duty) -> bool:
        if duty.vague:  # it has no number, so nothing can be earned by it
            return False
        wanted = ((self.ids, duty.id), (self.verbs, duty.verb), (self.objects, duty.object))
        return all(not words or word in words for words, word in wanted)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a scorecard.

    ``points`` is what it is worth in full; of a bonus or deduction the most it can come to, with ``each`` for one.
    ``waits_for`` names the part of the work that Wuzha cannot count yet: then the item is unknown until somebody brings
    a figure in. ``basis`` is the rule or clause it comes from, ``owner`` the office that answers for it.

    Of a baseline item, in per cent of the unit's own earlier ``years``: ``full_at`` or less earns all, ``none_at`` or
    more nothing, and between them the share in between. ``shrink`` is added to both counts, so that one case more in a
    small place moves little; 0 for sums of money, which are no counts. ``kinds`` are the kinds of unit of which a
    figure is asked; all where none is named.
    """

    code: str
    title: str
    title_en: str
    block: str
    points: int
    sort: Sort = Sort.POINTS
    each: int = 0
    select: Select | None = None
    counts: Counts = Counts.MET
    waits_for: str = ""
    basis: str = ""
    owner: str = ""
    full_at: int = 100
    none_at: int = 150
    shrink: int = 10
    years: int = 3
    kinds: tuple[str, ...] = ()
    of: Base = Base.DUTIES
    source: Source = field(default=NOWHERE, compare=False)

    @property
    def is_counted(self) -> bool:
        return not self.waits_for

    @property
    def is_of_findings(self) -> bool:
        return self.of is Base.FINDINGS

    def asks(self, kind: str) -> bool:
        """Whether the figure is asked of units of that kind."""
        return not self.kinds or kind in self.kinds


@dataclass(frozen=True, slots=True)
class Block:
    code: str
    title: str
    title_en: str


@dataclass(frozen=True)
class Scorecard:
    """The rules of one period. ``points`` is what all items of points come to together.

    A unit may appeal until ``appeal_days`` after the period; before a deduction it has ``hear_days`` to say its side.
    """

    title: str
    period: Interval
    points: int
    blocks: tuple[Block, ...]
    items: tuple[Item, ...]
    appeal_days: int = 10
    hear_days: int = 5
    source: Source = field(default=NOWHERE, compare=False)

    @property
    def appeals_until(self) -> date:
        """The last day on which a unit can appeal."""
        return self.period.last_day + timedelta(days=self.appeal_days)

    @cached_property
    def by_code(self) -> Mapping[str, Item]:
        return {item.code: item for item in self.items}

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of all that decides a score, and of the words by which it was announced."""
        period = [self.period.opens.isoformat(), self.period.closes.isoformat()]
        blocks = [[one.code, one.title, one.title_en] for one in self.blocks]
        days = [self.appeal_days, self.hear_days]
        rules = [self.title, period, self.points, days, blocks, [_list_rules(item) for item in self.items]]
        return sha256(dumps(rules).encode()).hexdigest()


def _list_rules(item: Item) -> list[object]:
    select = item.select
    taken = None if select is None else [select.ids, select.verbs, select.objects]
    words = [item.code, item.title, item.title_en, item.block, item.sort.value, item.counts.value, item.waits_for]
    baseline = [item.full_at, item.none_at, item.shrink, item.years]
    # What came later stands behind, and only where it says something: cards adopted before keep their digest.
    later = [item.of.value] if item.is_of_findings else []
    return [*words, item.points, item.each, taken, item.basis, item.owner, baseline, item.kinds, *later]


@dataclass(frozen=True, slots=True)
class Entry:
    """A bonus or deduction granted to a unit by a named person, with what it rests on."""

    item: str
    unit: str
    on: date
    by: str
    reason: str
    source: Source = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Correction:
    """Points given back after an appeal, by a named person and for a reason."""

    item: str
    unit: str
    on: date
    points: Fraction
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Figure:
    """What somebody brought in for an item that Wuzha cannot count: ``done`` of ``asked``, with where it is from.

    Of a baseline item ``done`` is the number of this period and ``asked`` that of the same days of the earlier years
    together.
    """

    item: str
    unit: str
    on: date
    done: Fraction
    asked: Fraction
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Given:
    """All that came by persons' acts. Of two figures for one item the later in the tuple holds."""

    entries: tuple[Entry, ...] = ()
    corrections: tuple[Correction, ...] = ()
    figures: tuple[Figure, ...] = ()

    def keep(self, unit: str, as_of: date) -> "Given":
        """What is of this unit and had come by that day."""
        return Given(
            tuple(one for one in self.entries if one.unit == unit and one.on <= as_of),
            tuple(one for one in self.corrections if one.unit == unit and one.on <= as_of),
            tuple(one for one in self.figures if one.unit == unit and one.on <= as_of),
        )


class State(StrEnum):
    """``nothing_due``: nothing of it was due of this unit, so that it is worth nothing to it. It is no zero.

    ``unknown``: it cannot be told. It is no zero either, and not full.
    """

    COUNTED = "counted"
    UNKNOWN = "unknown"
    NOTHING_DUE = "nothing_due"


@dataclass(frozen=True, slots=True)
class Owed:
    """A finding whose mending day lies in the period, the unit it was made at, and how it stands."""

    number: str
    unit: str
    due_on: date
    status: Status


@dataclass(frozen=True, slots=True)
class Scored:
    """Who is scored: a unit, by duty the totals of the windows that fall due in the period, and the findings."""

    code: str
    kind: str
    tallies: Mapping[str, Totals]
    findings: tuple[Owed, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """How many windows of a duty stand how, of those that fall due in the period."""

    duty: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class Line:
    """What an item gives, of how many possible points, and what it is the sum of.

    The windows or findings that are settled or cannot be told share the item's points evenly. ``possible`` is the share
    of the settled, ``unknown`` that of the others, so that together they are the item's points, unless nothing is due.
    ``hits`` of ``base`` are the settled windows, or the figure's counts. ``low`` and ``high`` say in points how far
    chance alone could carry a small base.
    """

    item: Item
    state: State
    counted: Fraction = Fraction(0)
    possible: Fraction = Fraction(0)
    unknown: Fraction = Fraction(0)
    hits: Fraction = Fraction(0)
    base: Fraction = Fraction(0)
    parts: tuple[Part, ...] = ()
    findings: tuple[Owed, ...] = ()
    entries: tuple[Entry, ...] = ()
    corrections: tuple[Correction, ...] = ()
    figure: Figure | None = None
    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def totals(self) -> Totals:
        """How what it counts stands: the windows of its duties, or its findings."""
        found = Counter(one.status for one in self.findings)
        return sum((part.totals for part in self.parts), Totals(found))

    @property
    def room(self) -> Fraction:
        """How many points a correction can give back at most: what was lost, never more."""
        match self.item.sort:
            case Sort.POINTS:
                return self.possible - self.counted
            case Sort.BONUS:
                return self.item.points - self.counted
        return -self.counted

    @property
    def corrected(self) -> Fraction:
        return min(self.room, sum((one.points for one in self.corrections), Fraction(0)))

    @property
    def earned(self) -> Fraction:
        return self.counted + self.corrected

    @property
    def idle(self) -> Fraction:
        """The points of an item of which nothing was due."""
        is_idle = self.state is State.NOTHING_DUE and self.item.sort is Sort.POINTS
        return Fraction(self.item.points if is_idle else 0)


@dataclass(frozen=True, slots=True)
class Score:
    """A unit's score as of a day: nothing but the sum of its lines. ``digest`` is that of the rules it follows."""

    unit: str
    as_of: date
    lines: tuple[Line, ...]
    digest: str

    @property
    def earned(self) -> Fraction:
        return sum((line.earned for line in self.lines), Fraction(0))

    @property
    def possible(self) -> Fraction:
        """Of the items of points what could be told for this unit; a bonus comes on top."""
        return sum((line.possible for line in self.lines), Fraction(0))

    @property
    def unknown(self) -> Fraction:
        """With :attr:`possible` and :attr:`idle` it comes to the points of the card."""
        return sum((line.unknown for line in self.lines), Fraction(0))

    @property
    def idle(self) -> Fraction:
        return sum((line.idle for line in self.lines), Fraction(0))

    def add_up(self, sort: Sort) -> Fraction:
        """What the items of one sort give; the sorts together are :attr:`earned`."""
        return sum((line.earned for line in self.lines if line.item.sort is sort), Fraction(0))

    def find(self, code: str) -> Line | None:
        return next((line for line in self.lines if line.item.code == code), None)
