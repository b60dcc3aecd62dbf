"""Which units a duty is for, and in which of its windows.

A unit bears a window by what it was, and where it stood, in the window's middle: so of a change inside a window the
longer side decides, as a window is owed when half of it lies inside the unit's life. A page of an earlier day knows
nothing of what changed after it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from wuzha.core.base.interval import DAY, Interval
from wuzha.core.base.unit import LATEST, Tree, Unit
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
        and all(_has_attribute(unit, name, as_of) for name in who.attribute)
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
        bearers = sets[tree.find_stretch(find_bearing_day(duty, window.interval, as_of))]
        # Most often they are the very same set; large ones that are merely equal take long to compare.
        if turns and (turns[-1].bearers is bearers or turns[-1].bearers == bearers):
            turns[-1] = Turn((*turns[-1].windows, window), bearers)
        else:
            turns.append(Turn((window,), bearers))
    return turns


def find_bearing_day(duty: Duty, window: Interval, as_of: date) -> date:
    """The day that decides who bears the window: its middle, or the day asked about if that comes first.

    Of a duty owed once the window is the time until its due day. A change on the very middle day of an even window,
    with as much before it as after, already counts.
    """
    last = window.last_day if duty.rhythm is not None else max(duty.by or duty.valid.last_day, duty.valid.opens)
    return min(window.opens + (last + DAY - window.opens) // 2, as_of)


def trace_bearers(who: Who, tree: Tree) -> tuple[frozenset[str], ...]:
    """The codes of the bearers in each stretch of the tree (:meth:`Tree.list_stretches`)."""
    asked = ("bearers", who)
    if asked not in tree.kept:
        tree.kept[asked] = _trace_bearers(who, tree)
    found: tuple[frozenset[str], ...] = tree.kept[asked]
    return found


def _trace_bearers(who: Who, tree: Tree) -> tuple[frozenset[str], ...]:
    first, *later = tree.list_stretches()
    now = frozenset(unit.code for unit in list_bearers(who, tree.at(first.opens)))
    found = [now]
    for stretch in later:
        now = _follow(who, tree, stretch.opens, now)
        found.append(now)
    return tuple(found)


def _follow(who: Who, tree: Tree, day: date, before: frozenset[str]) -> frozenset[str]:
    """The bearers from that day on: only units that changed, and those below them, are asked again."""
    there, asked = tree.at(day), tree.list_changed(day)
    chosen = {code for code in asked if code in there.by_code and selects(who, there.by_code[code], there)}
    after = before.difference(asked) | chosen
    return before if after == before else after


def _fits(wanted: Iterable[str], value: str) -> bool:
    wanted = tuple(wanted)
    if not wanted:
        return True
    return value in wanted or (ALL in wanted and value != "")


def _lies_in(areas: tuple[str, ...], unit: Unit, tree: Tree) -> bool:
    return not areas or any(above.code in areas for above in tree.walk_up(unit.code))


def _has_attribute(unit: Unit, name: str, as_of: date) -> bool:
    attribute = unit.find_attribute(name, as_of)
    return attribute is not None and attribute.value > 0
