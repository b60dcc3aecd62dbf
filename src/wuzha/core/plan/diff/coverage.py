"""Whether a lower plan carries out a higher one: for each higher duty, which lower duties do so, and how far."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from wuzha.core.base.unit import Tree
from wuzha.core.duty.model import ALL, Duty, Who
from wuzha.core.duty.who import list_bearers
from wuzha.core.plan.diff.facets import Change, Facet, Side, Turn, compare, find_times, is_apart, list_sides
from wuzha.core.plan.diff.match import MANY, find_likeness
from wuzha.core.plan.model import Plan

# Kinds of unit that do not lie inside a town, so that a duty of theirs is not for a town's plan to carry out.
ABOVE_TOWN = frozenset({"county", "department"})
ALIKE = 600
"""Of 1000: how alike the words must be where no kind of record tells that two duties are about one thing."""

# Facets in which the lower plan may do as it likes, as long as the work is done. Who does it is told all the same.
OWN_AFFAIR = frozenset({Facet.WORDS, Facet.LEAD, Facet.PROOF})


class Reach(StrEnum):
    """How far a lower plan carries out a duty. ``other`` carries it out in a measure that cannot be compared."""

    MORE = "more"
    SAME = "same"
    LESS = "less"
    OTHER = "other"
    NONE = "none"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Carried:
    """A duty of the lower plan that carries the higher one out, and in what it differs from it."""

    duty: Duty
    reach: Reach
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """One higher duty. ``left_out`` are kinds of unit that it names and that no lower duty asks."""

    duty: Duty
    reach: Reach
    by: tuple[Carried, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    covers: tuple[Cover, ...]

    def list_by(self, *reaches: Reach) -> tuple[Cover, ...]:
        return tuple(cover for cover in self.covers if cover.reach in reaches)

    def count(self, *reaches: Reach) -> int:
        return len(self.list_by(*reaches))

    @property
    def falling(self) -> int:
        """How many higher duties fall on the lower unit's area at all."""
        return len(self.covers) - self.count(Reach.ELSEWHERE)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is asked less, in another measure, or not at all."""
        return self.falling == self.count(Reach.MORE, Reach.SAME)


@dataclass(frozen=True)
class Area:
    """Whom the lower plan can bind: a tree with the lower unit's code, or only the kinds of unit that may lie in it."""

    tree: Tree | None = None
    code: str = ""

    @cached_property
    def inside(self) -> frozenset[str]:
        return frozenset(unit.code for unit in self.tree.walk_down(self.code)) if self.tree else frozenset()

    def find_bearers(self, duty: Duty) -> "Bearers":
        """Who bears the duty in the area: kinds of unit and how many units. Without a roster the kinds it names."""
        if self.tree is None:
            named = bool(duty.who.kind) and ALL not in duty.who.kind
            return Bearers(frozenset(duty.who.kind) - ABOVE_TOWN if named else None, 0)
        units = [unit for unit in list_bearers(duty.who, self.tree) if unit.code in self.inside]
        return Bearers(frozenset(unit.kind for unit in units), len(units))


@dataclass(frozen=True, slots=True)
class Bearers:
    """``kinds`` is none, and ``count`` 0, where only a roster could tell."""

    kinds: frozenset[str] | None
    count: int


@dataclass(frozen=True, slots=True)
class _Known:
    """A duty with the record kinds that count for it and who bears it in the area."""

    side: Side
    feeds: frozenset[str]
    bearers: Bearers

    @property
    def duty(self) -> Duty:
        return self.side.duty


Feeds = Callable[[Duty], Iterable[str]]


def cover_plan(higher: Plan, lower: Plan, feeds: Feeds, area: Area | None = None) -> Coverage:
    """For each duty of the higher plan, in its order, how the lower plan carries it out.

    ``feeds`` tells the record kinds that count for a duty: two duties are about one thing when a record can serve both.
    """
    area = area or Area()
    above, below = (
        [_Known(side, frozenset(feeds(side.duty)), area.find_bearers(side.duty)) for side in list_sides(plan)]
        for plan in (higher, lower)
    )
    by_words = len(above) * len(below) <= MANY
    return Coverage(tuple(_cover(known, below, by_words) for known in above))


def _cover(known: _Known, below: Sequence[_Known], by_words: bool) -> Cover:
    here = known.bearers.kinds
    if here is not None and not here and known.duty.who != Who():
        return Cover(known.duty, Reach.ELSEWHERE)
    found = [(_weigh(known, other), other) for other in below if _is_same_matter(known, other, by_words)]
    return _settle(known.duty, here or frozenset(), found)


def _is_same_matter(known: _Known, other: _Known, by_words: bool) -> bool:
    """A record can serve both, and somebody can be meant by both or the lower duty hands it on to units below."""
    duty, lower = known.duty, other.duty
    has_words = bool(duty.quote and lower.quote)
    if known.feeds & other.feeds and not (duty.vague and lower.vague and has_words):
        return not is_apart(duty.who, lower.who) or _hands_on(duty.who, lower.who)
    return by_words and has_words and find_likeness(duty.quote, lower.quote) >= ALIKE


def _hands_on(higher: Who, lower: Who) -> bool:
    """What is asked of a town is done by its villages; what they record counts for the town."""
    return "town" in higher.kind and bool(set(lower.kind) & {"village", "community", "grid"})


def _weigh(known: _Known, other: _Known) -> Carried:
    shared = replace(other.side, duty=_add_up_below(known.duty, other))
    differs = _mark_bunched(known.duty, other.duty, compare(known.side, shared))
    changes = tuple(change for change in differs if change.facet not in OWN_AFFAIR)
    aside = {Facet.WHO} if known.duty.who != Who() else set()
    reach = _find_reach(known.duty, other.duty, [change for change in changes if change.facet not in aside])
    return Carried(other.duty, reach, changes)


def _mark_bunched(duty: Duty, lower: Duty, changes: Iterable[Change]) -> Iterator[Change]:
    """Twelve in a year are less than one every month, since all of them may be left to December."""
    is_longer = find_times(lower) < find_times(duty)
    for change in changes:
        falls_behind = change.facet == Facet.RATE and change.turn != Turn.LOOSER and is_longer
        yield Change(Facet.BUNCHED, Turn.LOOSER) if falls_behind else change


def _add_up_below(duty: Duty, other: _Known) -> Duty:
    """The lower duty as it comes to for the unit above, when several units below each do their part of it."""
    lower, target = other.duty, other.duty.target
    if lower.verb not in ("do", "keep") or target is None or target.of or not is_apart(duty.who, lower.who):
        return lower
    return replace(lower, target=replace(target, amount=target.amount * max(1, other.bearers.count)))


def _find_reach(duty: Duty, lower: Duty, changes: Collection[Change]) -> Reach:
    """Units aside, which :func:`_settle` looks at for all carrying duties together."""
    if duty.vague:
        return Reach.MORE if not lower.vague else Reach.SAME
    turns = {change.turn for change in changes}
    if Turn.LOOSER in turns:
        return Reach.LESS
    if any(
        change.facet in (Facet.OBJECT, Facet.MEASURE, Facet.NARROW) and change.turn == Turn.OTHER for change in changes
    ):
        return Reach.OTHER
    return Reach.MORE if Turn.TIGHTER in turns else Reach.SAME


RANK = (Reach.MORE, Reach.SAME, Reach.OTHER, Reach.LESS, Reach.NONE)
"""From the best to the worst: what one duty leaves open another may fill, and the worst kind of unit decides."""


def _settle(duty: Duty, here: frozenset[str], found: Sequence[tuple[Carried, _Known]]) -> Cover:
    """The best carrying duty for each kind of unit; of the kinds the worst."""
    if not found:
        return Cover(duty, Reach.NONE)
    by_kind = {kind: _find_best(kind, found) for kind in sorted(here) or [""]}
    left_out = tuple(kind for kind, best in by_kind.items() if best is None)
    chosen = [best for best in by_kind.values() if best is not None]
    if not chosen:
        return Cover(duty, Reach.NONE, left_out=left_out)
    worst = max((best.reach for best in chosen), key=RANK.index)
    if left_out:
        worst = max(worst, Reach.LESS, key=RANK.index)
    by = tuple({best.duty.id: best for best in chosen}.values())
    return Cover(duty, worst, by, left_out)


def _find_best(kind: str, found: Iterable[tuple[Carried, _Known]]) -> Carried | None:
    """The lower duty that asks most of this kind of unit; of equals the one that stands first."""
    fitting = [carried for carried, known in found if not kind or _asks(known.bearers, kind)]
    return min(fitting, key=lambda carried: RANK.index(carried.reach), default=None)


def _asks(bearers: Bearers, kind: str) -> bool:
    if bearers.kinds is None or kind in bearers.kinds:
        return True
    return kind == "town" and bool(bearers.kinds & {"village", "community", "grid"})
