"""Whether a lower plan carries out a higher one: for each higher duty, which lower duties do so, and how far."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from wuzha.core.base.unit import Tree
from wuzha.core.duty.model import ALL, Duty, Who
from wuzha.core.duty.who import list_bearers
from wuzha.core.plan.diff.facets import Change, Facet, Side, Turn, compare, is_apart, list_sides
from wuzha.core.plan.diff.match import find_likeness
from wuzha.core.plan.model import Plan

# Kinds of unit that do not lie inside a town, so that a duty of theirs is not for a town's plan to carry out.
ABOVE_TOWN = frozenset({"county", "department"})
ALIKE = 600
"""Of 1000: how alike the words must be where no kind of record tells that two duties are about one thing."""

# Facets in which the lower plan may do as it likes, as long as the work is done.
OWN_AFFAIR = frozenset({Facet.LEAD, Facet.PROOF, Facet.ACTOR})


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


@dataclass(frozen=True, slots=True)
class Area:
    """Whom the lower plan can bind: a tree with the lower unit's code, or only the kinds of unit that may lie in it."""

    tree: Tree | None = None
    code: str = ""

    def list_kinds(self, duty: Duty) -> frozenset[str] | None:
        """The kinds of unit in the area that bear the duty; none where only a roster could tell."""
        if self.tree is None:
            return frozenset(duty.who.kind) - ABOVE_TOWN if duty.who.kind and ALL not in duty.who.kind else None
        inside = {unit.code for unit in self.tree.walk_down(self.code)}
        return frozenset(unit.kind for unit in list_bearers(duty.who, self.tree) if unit.code in inside)

    def count_bearers(self, duty: Duty) -> int:
        """How many units of the area bear the duty; 0 where only a roster could tell."""
        inside = {unit.code for unit in self.tree.walk_down(self.code)} if self.tree else set()
        return sum(unit.code in inside for unit in list_bearers(duty.who, self.tree)) if self.tree else 0


Feeds = Callable[[Duty], Iterable[str]]


def cover_plan(higher: Plan, lower: Plan, feeds: Feeds, area: Area | None = None) -> Coverage:
    """For each duty of the higher plan, in its order, how the lower plan carries it out.

    ``feeds`` tells the record kinds that count for a duty: two duties are about one thing when a record can serve both.
    """
    area = area or Area()
    below = list_sides(lower)
    fed = {side.duty.id: frozenset(feeds(side.duty)) for side in below}
    return Coverage(tuple(_cover(side, below, frozenset(feeds(side.duty)), fed, area) for side in list_sides(higher)))


def _cover(
    side: Side, below: Sequence[Side], kinds: frozenset[str], fed: dict[str, frozenset[str]], area: Area
) -> Cover:
    here = area.list_kinds(side.duty)
    if here is not None and not here and side.duty.who != Who():
        return Cover(side.duty, Reach.ELSEWHERE)
    found = [
        _weigh(side, other, area) for other in below if _is_same_matter(side, other, bool(kinds & fed[other.duty.id]))
    ]
    return _settle(side.duty, here or frozenset(), found, area)


def _is_same_matter(side: Side, other: Side, shares_records: bool) -> bool:
    """A record can serve both, and somebody can be meant by both or the lower duty hands it on to units below."""
    duty, lower = side.duty, other.duty
    has_words = bool(duty.quote and lower.quote)
    if shares_records and not (duty.vague and lower.vague and has_words):
        return not is_apart(duty.who, lower.who) or _hands_on(duty.who, lower.who)
    return has_words and find_likeness(duty.quote, lower.quote) >= ALIKE


def _hands_on(higher: Who, lower: Who) -> bool:
    """What is asked of a town is done by its villages; what they record counts for the town."""
    return "town" in higher.kind and bool(set(lower.kind) & {"village", "community", "grid"})


def _weigh(side: Side, other: Side, area: Area) -> Carried:
    shared = replace(other, duty=_add_up_below(side.duty, other.duty, area))
    changes = tuple(change for change in compare(side, shared) if change.facet not in OWN_AFFAIR)
    aside = {Facet.WHO} if side.duty.who != Who() else set()
    return Carried(other.duty, _find_reach(side, other, [c for c in changes if c.facet not in aside]), changes)


def _add_up_below(duty: Duty, lower: Duty, area: Area) -> Duty:
    """The lower duty as it comes to for the unit above, when several units below each do their part of it."""
    target = lower.target
    if lower.verb not in ("do", "keep") or target is None or target.of or not is_apart(duty.who, lower.who):
        return lower
    return replace(lower, target=replace(target, amount=target.amount * max(1, area.count_bearers(lower))))


def _find_reach(side: Side, other: Side, changes: Collection[Change]) -> Reach:
    """Units aside, which :func:`_settle` looks at for all carrying duties together."""
    if side.duty.vague:
        return Reach.MORE if not other.duty.vague else Reach.SAME
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


def _settle(duty: Duty, here: frozenset[str], found: Sequence[Carried], area: Area) -> Cover:
    """The best carrying duty for each kind of unit; of the kinds the worst."""
    if not found:
        return Cover(duty, Reach.NONE)
    by_kind = {kind: _find_best(kind, found, area) for kind in sorted(here) or [""]}
    left_out = tuple(kind for kind, best in by_kind.items() if best is None)
    chosen = [best for best in by_kind.values() if best is not None]
    if not chosen:
        return Cover(duty, Reach.NONE, left_out=left_out)
    worst = max((best.reach for best in chosen), key=RANK.index)
    if left_out:
        worst = max(worst, Reach.LESS, key=RANK.index)
    by = tuple({best.duty.id: best for best in chosen}.values())
    return Cover(duty, worst, by, left_out)


def _find_best(kind: str, found: Iterable[Carried], area: Area) -> Carried | None:
    """The lower duty that asks most of this kind of unit; of equals the one that stands first."""
    fitting = [carried for carried in found if not kind or _asks(carried.duty, kind, area)]
    return min(fitting, key=lambda carried: RANK.index(carried.reach), default=None)


def _asks(duty: Duty, kind: str, area: Area) -> bool:
    kinds = area.list_kinds(duty)
    if kinds is None or kind in kinds:
        return True
    return kind == "town" and bool(kinds & {"village", "community", "grid"})
