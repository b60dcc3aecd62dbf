"""The share of units with a title, up the tree: the parts add up."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from wuzha.core.base.unit import Tree
from wuzha.core.title.life import Title, Titles, TitleState


@dataclass(frozen=True, slots=True)
class TitleShare:
    """``held`` of ``units`` have the title; one that is paused or has ended is not held."""

    held: int = 0
    units: int = 0

    def __add__(self, other: "TitleShare") -> "TitleShare":
        return TitleShare(self.held + other.held, self.units + other.units)


def count_titles(tree: Tree, titles: Titles, kinds: Collection[str], day: date) -> Mapping[str, TitleShare]:
    """By unit, the units of these kinds at it and below, open on the day, and those of them that hold the title.

    ``tree`` is the tree as of the day (:meth:`Tree.at`).
    """
    counts = {unit.code: TitleShare() for unit in tree.units}
    for unit in tree.units:
        if unit.kind in kinds and day in unit.life:
            is_held = titles.get(unit.code, Title(unit.code)).find_state(day) is TitleState.HELD
            one = TitleShare(int(is_held), 1)
            for above in tree.walk_up(unit.code):
                counts[above.code] = counts[above.code] + one
    return counts
