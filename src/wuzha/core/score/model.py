"""A scorecard as a county has written it down, and a score with everything that it is the sum of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from json import dumps

from wuzha.core.assessment.model import Standing
from wuzha.core.base.interval import Interval
from wuzha.core.base.problem import NOWHERE, Source
from wuzha.core.duty.model import Duty


class Sort(StrEnum):
    """``points`` are earned by doing one's duties; a bonus or deduction is granted by a named person."""

    POINTS = "points"
    BONUS = "bonus"
    DEDUCTION = "deduction"


class Counts(StrEnum):
    """Whether what was done late counts."""

    MET = "met"
    ON_TIME = "on_time"


@dataclass(frozen=True, slots=True)
class Select:
    """Which duties of the plan an item sums: by id, verb and record kind; what is empty does not narrow."""

    ids: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()

    def takes(self, duty: Duty) -> bool:
        wanted = ((self.ids, duty.id), (self.verbs, duty.verb), (self.objects, duty.object))
        return all(not words or word in words for words, word in wanted)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a scorecard.

    ``points`` is what it is worth in full; of a bonus or deduction the most it can come to, with ``each`` for one.
    ``waits_for`` names the part of the work that cannot be counted yet: then the item is worth nothing to anybody.
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
    source: Source = field(default=NOWHERE, compare=False)

    @property
    def is_counted(self) -> bool:
        return not self.waits_for


@dataclass(frozen=True, slots=True)
class Block:
    code: str
    title: str
    title_en: str


@dataclass(frozen=True)
class Scorecard:
    """The rules of one period. ``points`` is what all items of points come to together."""

    title: str
    period: Interval
    points: int
    blocks: tuple[Block, ...]
    items: tuple[Item, ...]
    source: Source = field(default=NOWHERE, compare=False)

    @cached_property
    def by_code(self) -> Mapping[str, Item]:
        return {item.code: item for item in self.items}

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of all that decides a score, and of the words by which it was announced."""
        period = [self.period.opens.isoformat(), self.period.closes.isoformat()]
        blocks = [[one.code, one.title, one.title_en] for one in self.blocks]
        rules = [self.title, period, self.points, blocks, [_list_rules(item) for item in self.items]]
        return sha256(dumps(rules).encode()).hexdigest()


def _list_rules(item: Item) -> list[object]:
    select = item.select
    taken = None if select is None else [select.ids, select.verbs, select.objects]
    words = [item.code, item.title, item.title_en, item.block, item.sort.value, item.counts.value, item.waits_for]
    return [*words, item.points, item.each, taken]


@dataclass(frozen=True, slots=True)
class Entry:
    """A bonus or deduction granted to a unit by a named person, with what it rests on."""

    item: str
    unit: str
    on: date
    by: str
    reason: str
    source: Source = field(default=NOWHERE, compare=False)


class State(StrEnum):
    """``nothing_due``: nothing of it was due of this unit, so that it is worth nothing to it. It is no zero."""

    COUNTED = "counted"
    NOT_COUNTED_YET = "not_counted_yet"
    NOTHING_DUE = "nothing_due"


@dataclass(frozen=True, slots=True)
class Line:
    """What an item gives, of how many possible points, and what it is the sum of.

    ``unknown`` are standings that cannot be told and so count neither for nor against.
    """

    item: Item
    state: State
    earned: Fraction = Fraction(0)
    possible: int = 0
    standings: tuple[Standing, ...] = ()
    unknown: tuple[Standing, ...] = ()
    entries: tuple[Entry, ...] = ()


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
    def possible(self) -> int:
        """Of the items of points that could be counted for this unit; a bonus comes on top."""
        return sum(line.possible for line in self.lines)

    @property
    def not_counted_yet(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.state is State.NOT_COUNTED_YET)
