"""Which units a duty is for, and in which of its windows.

A unit bears a window by what it was, where it stood and which attributes it had in the window's middle: so of a change
inside a window the longer side decides, as a window is owed when half of it lies inside the unit's life. A page of an
earlier day knows nothing of what changed after it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from wuzha.core.base.interval import DAY, Interval
from wuzha.core.base.unit import EARLIEST, LATEST, Tree, Unit
from wuzha.core.base.windows import Window
from wuzha.core.duty.model import ALL, Duty, Who


def selects(who: Who, unit: Unit, tree: Tree, as_of: date = LATEST) -> bool:
    """Whether the unit bears the duty. Every filled part must agree; a selector with no part selects nobody."""
    if who == Who():
        return False
    return (
        _fits(who.kind, unit.kind)
        and _fits(who.line, unit.line)
        and _fits(who.name, unit.name)
        and _has_all(who, unit, as_of)
        and _lies_in(who.area, unit, tree)
    )


def list_bearers(who: Who, tree: Tree, as_of: date = LATEST) -> tuple[Unit, ...]:
    """The units that the tree, as it is shown, makes bearers. For a tree with a history see :func:`list_turns`."""
    return tuple(unit for unit in tree.units if selects(who, unit, tree, as_of))


@dataclass(frozen=True, slots=True)
class Turn:
    """Windows on end that the same units bear, by their codes."""

    windows: tuple[Window, ...]
    bearers: frozenset[str]


def list_turns(
    duty: Duty,
    tree: Tree,
    windows: Sequence[Window],
    as_of: date,
    traced: Sequence[frozenset[str]] | None = None,
) -> list[Turn]:
    """The duty's windows with who bears them, as the tree was known on that day. One turn where nobody changed.

    ``traced`` is what :func:`trace_bearers` says of the duty, for who asks it of many duties.
    """
    sets = trace_bearers(duty.who, tree) if traced is None else traced
    turns: list[Turn] = []
    for window in windows:
        bearers = sets[find_bearing_stretch(duty.who, tree, find_bearing_day(duty, window.interval, as_of))]
        # Most often they are the very same set; large ones that are merely equal take long to compare.
        if turns and (turns[-1].bearers is bearers or turns[-1].bearers == bearers):
            turns[-1] = Turn((*turns[-1].windows, window), bearers)
        else:
            turns.append(Turn((window,), bearers))
    return turns


def find_bearing_day(duty: Duty, window: Interval, as_of: date) -> date:
    """The day that decides who bears the window: its middle, or the day asked about if that comes first.

    Of a duty owed once the window is the time until its due day; days before the duty's first are nobody's. A change
    on the very middle day of an even window, with as much before it as after, already counts.
    """
    opens = max(window.opens, duty.valid.opens)
    last = window.last_day if duty.rhythm is not None else max(duty.by or duty.valid.last_day, duty.valid.opens)
    return min(opens + (last + DAY - opens) // 2, as_of)


def find_bearers(who: Who, tree: Tree, day: date) -> frozenset[str]:
    """The codes of those whom the tree of that day, with the attributes of that day, makes bearers."""
    return trace_bearers(who, tree)[find_bearing_stretch(who, tree, day)]


def trace_bearers(who: Who, tree: Tree) -> tuple[frozenset[str], ...]:
    """The codes of the bearers in each stretch in which nobody can become one or stop being one.

    :func:`find_bearing_stretch` says in which of them a day lies.
    """
    asked = ("bearers", who)
    if asked not in tree.kept:
        tree.kept[asked] = tuple(_trace_bearers(who, tree))
    found: tuple[frozenset[str], ...] = tree.kept[asked]
    return found


def find_bearing_stretch(who: Who, tree: Tree, day: date) -> int:
    """The place of the day's stretch in what :func:`trace_bearers` tells."""
    return bisect_right(_list_edges(who, tree), day)


def _list_edges(who: Who, tree: Tree) -> tuple[date, ...]:
    """The days on which units changed or, where the duty asks for an attribute, got or lost it."""
    if not who.attribute:
        return tree.change_days
    return tuple(sorted({*tree.change_days, *_list_turned(who, tree)}))


def _list_turned(who: Who, tree: Tree) -> Mapping[date, tuple[str, ...]]:
    """By day the units that from then on have all that the duty asks for, or no longer have it."""
    asked = ("turned", who.attribute)
    if asked not in tree.kept:
        turned: dict[date, tuple[str, ...]] = {}
        for unit in tree.units:
            for day in _list_turning_days(who, unit):
                turned[day] = (*turned.get(day, ()), unit.code)
        tree.kept[asked] = turned
    found: Mapping[date, tuple[str, ...]] = tree.kept[asked]
    return found


def _list_turning_days(who: Who, unit: Unit) -> Iterator[date]:
    """What holds since the earliest day of all holds for every day before it too."""
    known = {one.valid_from for one in unit.attributes if one.name in who.attribute and one.valid_from > EARLIEST}
    days = [EARLIEST, *sorted(known)]
    return (after for before, after in pairwise(days) if _has_all(who, unit, before) != _has_all(who, unit, after))


def _trace_bearers(who: Who, tree: Tree) -> Iterator[frozenset[str]]:
    now = frozenset(unit.code for unit in list_bearers(who, tree.at(date.min), EARLIEST))
    yield now
    for day in _list_edges(who, tree):
        now = _follow(who, tree, day, now)
        yield now


def _follow(who: Who, tree: Tree, day: date, before: frozenset[str]) -> frozenset[str]:
    """The bearers from that day on: only units that changed, and those below them, are asked again."""
    there, asked = tree.at(day), [*tree.list_changed(day), *(_list_turned(who, tree).get(day, ()))]
    chosen = {code for code in asked if code in there.by_code and selects(who, there.by_code[code], there, day)}
    after = before.difference(asked) | chosen
    return before if after == before else after


def _fits(wanted: Iterable[str], value: str) -> bool:
    wanted = tuple(wanted)
    if not wanted:
        return True
    return value in wanted or (ALL in wanted and value != "")


def _lies_in(areas: tuple[str, ...], unit: Unit, tree: Tree) -> bool:
    return not areas or any(above.code in areas for above in tree.walk_up(unit.code))


def _has_all(who: Who, unit: Unit, as_of: date) -> bool:
    return all(_has_attribute(unit, name, as_of) for name in who.attribute)


def _has_attribute(unit: Unit, name: str, as_of: date) -> bool:
    attribute = unit.find_attribute(name, as_of)
    return attribute is not None and attribute.value > 0
