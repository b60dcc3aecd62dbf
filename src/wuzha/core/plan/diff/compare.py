"""The differences of two plans: every duty of either stands in exactly one entry."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from wuzha.core.duty.model import Duty
from wuzha.core.plan.diff.facets import Change, Facet, Turn, compare, list_sides
from wuzha.core.plan.diff.match import Match, Reason, match_duties
from wuzha.core.plan.model import Plan


class Fate(StrEnum):
    """What became of a duty. ``mixed`` asks for more in one facet and for less in another."""

    ADDED = "added"
    GONE = "gone"
    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    MIXED = "mixed"
    MOVED = "moved"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Entry:
    """One duty of the old plan, the new one, or both. ``alike`` is how alike their words are, of 1000."""

    fate: Fate
    old: Duty | None
    new: Duty | None
    changes: tuple[Change, ...] = ()
    reason: Reason | None = None
    alike: int = 0


@dataclass(frozen=True, slots=True)
class Diff:
    """Entries in the order of the new plan; what is gone stands after what it stood after in the old plan."""

    entries: tuple[Entry, ...]

    def list_by(self, fate: Fate) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.fate == fate)

    def count(self, fate: Fate) -> int:
        return len(self.list_by(fate))

    @property
    def differences(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.fate != Fate.SAME)

    @property
    def is_equal(self) -> bool:
        return not self.differences


def compare_plans(old: Plan, new: Plan) -> Diff:
    """What the new plan asks otherwise than the old. The order of the duties in either makes no difference."""
    matching = match_duties(list_sides(old), list_sides(new))
    entries = [
        *(_make_entry(match) for match in matching.matches),
        *(Entry(Fate.ADDED, None, side.duty) for side in matching.new),
        *(Entry(Fate.GONE, side.duty, None) for side in matching.old),
    ]
    return Diff(tuple(_sort(entries, old.duties, new.duties)))


def _make_entry(match: Match) -> Entry:
    changes = compare(match.old, match.new)
    return Entry(find_fate(changes), match.old.duty, match.new.duty, changes, match.reason, match.alike)


def find_fate(changes: Iterable[Change]) -> Fate:
    """Another actor first; then the direction; then that it is otherwise."""
    changes = tuple(changes)
    turns = {change.turn for change in changes}
    if any(change.facet == Facet.ACTOR for change in changes):
        return Fate.MOVED
    if {Turn.TIGHTER, Turn.LOOSER} <= turns:
        return Fate.MIXED
    if Turn.TIGHTER in turns or Turn.LOOSER in turns:
        return Fate.TIGHTENED if Turn.TIGHTER in turns else Fate.LOOSENED
    return Fate.CHANGED if changes else Fate.SAME


def _sort(entries: Iterable[Entry], old: Sequence[Duty], new: Sequence[Duty]) -> Iterator[Entry]:
    """By the place in the new plan; a duty that is gone right after the last one before it that is still there."""
    entries = list(entries)
    places = {id(duty): place for place, duty in enumerate(new)}
    partner = {id(entry.old): places[id(entry.new)] for entry in entries if entry.old and entry.new}
    after, last = {}, -1
    for number, duty in enumerate(old):
        last = partner.get(id(duty), last)
        after[id(duty)] = (last, 1, number)

    def find_place(entry: Entry) -> tuple[int, int, int]:
        return (places[id(entry.new)], 0, 0) if entry.new else after[id(entry.old)]

    yield from sorted(entries, key=find_place)
