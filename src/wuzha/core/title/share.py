"""The share of units with a title, up the tree: the parts add up."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from wuzha.core.base.unit import Tree, Unit
from wuzha.core.title.life import Kind, Title, Titles, TitleState, recall


class Stage(StrEnum):
    """Where a unit stands on a day: the states of a title, with the public notice told from the steps before it."""

    NONE = "none"
    APPLYING = "applying"
    NOTICED = "noticed"
    HELD = "held"
    PAUSED = "paused"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REFUSED = "refused"


def find_stage(title: Title, day: date) -> Stage:
    then = recall(title, day)
    state = then.find_state(day)
    if state is None:
        return Stage.NONE
    if state is TitleState.APPLYING and then.find(Kind.NOTICED) is not None:
        return Stage.NOTICED
    return Stage(state.value)


@dataclass(frozen=True, slots=True)
class TitleShare:
    """``held`` of ``units`` have the title; one that is paused or has ended is not held."""

    held: int = 0
    units: int = 0

    def __add__(self, other: "TitleShare") -> "TitleShare":
        return TitleShare(self.held + other.held, self.units + other.units)


def list_candidates(tree: Tree, kinds: Collection[str], day: date, code: str = "") -> Iterator[Unit]:
    """The units of these kinds that are open on the day, in the order of the roster: of the whole tree, or those at and
    below the unit with that code. ``tree`` is the tree as of the day (:meth:`Tree.at`)."""
    units = tree.walk_down(code) if code else iter(tree.units)
    return (unit for unit in units if unit.kind in kinds and day in unit.life)


def count_titles(tree: Tree, titles: Titles, kinds: Collection[str], day: date) -> Mapping[str, TitleShare]:
    """By unit, the units of these kinds at it and below, open on the day, and those of them that hold the title."""
    held, units = Counter[str](), Counter[str]()
    for unit in list_candidates(tree, kinds, day):
        is_held = find_stage(titles.get(unit.code, Title(unit.code)), day) is Stage.HELD
        for above in tree.walk_up(unit.code):
            units[above.code] += 1
            held[above.code] += is_held
    return {unit.code: TitleShare(held[unit.code], units[unit.code]) for unit in tree.units}
