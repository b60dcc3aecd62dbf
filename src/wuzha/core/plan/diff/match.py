"""Which duty of the new plan is which of the old: by what is asked of whom first, then by how alike the words are.

Numbers, clauses and places play no part, so a plan that was renumbered or reworded is not torn apart. All weights are
whole numbers and every tie is settled by the duties' own content, so that neither the order of the duties nor which
plan is called the old one changes who is paired with whom.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Literal

from wuzha.core.base.interval import Interval
from wuzha.core.base.numerals import fold
from wuzha.core.duty.model import ALL, Duty, Who
from wuzha.core.plan.diff.assign import Pair, assign_pairs
from wuzha.core.plan.diff.facets import Side, find_day

Reason = Literal["same", "same-task", "same-object", "same-words"]

ENOUGH = 450
"""Of 1000: how alike two duties must be to be one and the same, when they do not ask the same of the same units."""
MANY = 10**6
NO_DAYS = Interval(date.min, date.min)


@dataclass(frozen=True, slots=True)
class Match:
    """Two duties taken to be one, why, and how alike their words are, in thousandths."""

    old: Side
    new: Side
    reason: Reason
    alike: int


@dataclass(frozen=True, slots=True)
class Matching:
    matches: tuple[Match, ...]
    old: tuple[Side, ...]
    new: tuple[Side, ...]


def match_duties(old: Sequence[Side], new: Sequence[Side]) -> Matching:
    """Each duty stands in one match, or in the rest of its side."""
    rest_old, rest_new = sorted(old, key=_order), sorted(new, key=_order)
    matches: list[Match] = []
    for reason, make_key, weigh in STEPS:
        found = _pair(rest_old, rest_new, make_key, weigh)
        for row, column in found:
            one, other = rest_old[row], rest_new[column]
            told: Reason = "same-object" if reason == "same-words" and asks_same(one, other) else reason
            matches.append(Match(one, other, told, find_likeness(one.duty.quote, other.duty.quote)))
        taken_old, taken_new = {row for row, _ in found}, {column for _, column in found}
        rest_old = [side for place, side in enumerate(rest_old) if place not in taken_old]
        rest_new = [side for place, side in enumerate(rest_new) if place not in taken_new]
    return Matching(tuple(matches), tuple(rest_old), tuple(rest_new))


def _order(side: Side) -> tuple[str, ...]:
    duty = side.duty
    return duty.verb, duty.object, duty.quote, repr(replace(duty, id="", clause="", span=None)), duty.id


Key = Callable[[Side], Hashable]
Weigh = Callable[[Side, Side], int]


def _pair(old: Sequence[Side], new: Sequence[Side], make_key: Key, weigh: Weigh) -> tuple[Pair, ...]:
    """The best pairs within each key. A weight of 0 makes no pair."""
    places: dict[Hashable, list[tuple[int, int]]] = {}
    rows = _number_within(old, make_key)
    for column, (key, rank) in enumerate(_number_within(new, make_key)):
        places.setdefault(key, []).append((column, rank))
    weights = {
        (row, column): weight * MANY - (rank - other) ** 2
        for row, (key, rank) in enumerate(rows)
        for column, other in places.get(key, ())
        if (weight := weigh(old[row], new[column]))
    }
    return assign_pairs(weights)


def _number_within(sides: Iterable[Side], make_key: Key) -> list[tuple[Hashable, int]]:
    """Each side's key, and which one it is of that key: between equals the first goes with the first."""
    seen: Counter[Hashable] = Counter()
    found = []
    for side in sides:
        key = make_key(side)
        found.append((key, min(seen[key], 900)))
        seen[key] += 1
    return found


def _key_content(side: Side) -> Hashable:
    """Everything that is asked, and the words; not its name, number or place. Days count from the plan's year."""
    duty = side.duty
    days = (duty.valid.opens, duty.valid.last_day, *((duty.by,) if duty.by else ()))
    bare = replace(duty, id="", clause="", span=None, quote="", by=None, who=Who(), valid=NO_DAYS)
    return bare, _key_who(duty.who), tuple(find_day(day, side.valid) for day in days), _fold(duty.quote)


def _key_who(who: Who) -> Hashable:
    """The units meant, in whatever order they are named."""
    return tuple(frozenset(part) for part in (who.kind, who.line, who.area, who.name, who.attribute))


def _key_task(side: Side) -> Hashable:
    """The verb, its object and the units. Where nothing is named the words must agree."""
    duty = side.duty
    return duty.verb, side.objects, _key_who(duty.who), "" if side.objects else _fold(duty.quote)


def _key_all(side: Side) -> Hashable:
    return ""


def _weigh_content(old: Side, new: Side) -> int:
    return 1


def _weigh_task(old: Side, new: Side) -> int:
    """Within the same task the words decide, then cadence and conditions."""
    one, other = old.duty, new.duty
    alike = (one.rhythm == other.rhythm, one.narrow == other.narrow, one.target == other.target, _same_end(old, new))
    return 1 + 4 * find_likeness(one.quote, other.quote) + 250 * sum(alike)


def _same_end(old: Side, new: Side) -> bool:
    return (old.duty.by is None) == (new.duty.by is None) and old.duty.during == new.duty.during


def _weigh_words(old: Side, new: Side) -> int:
    """How alike in words, in what is asked and of whom; 0 below ``ENOUGH``."""
    one, other = old.duty, new.duty
    same_task = asks_same(old, new)
    words = find_likeness(one.quote, other.quote) if one.quote or other.quote else 500 * same_task
    weight = 6 * words // 10 + 300 * same_task + 100 * _shares_kind(one, other)
    return weight if weight >= ENOUGH else 0


def asks_same(old: Side, new: Side) -> bool:
    """The same verb, and a kind of record in common."""
    return old.duty.verb == new.duty.verb and bool(old.objects & new.objects)


def _shares_kind(one: Duty, other: Duty) -> bool:
    return one.who == other.who or bool((set(one.who.kind) & set(other.who.kind)) - {ALL})


def find_likeness(one: str, other: str) -> int:
    """Of 1000, by Dice's measure over pairs of neighbouring characters; only letters and numbers count."""
    first, second = _list_pairs(one), _list_pairs(other)
    total = len(first) + len(second)
    if not total:
        return 1000 if _fold(one) == _fold(other) else 0
    return 2000 * len(first & second) // total


@lru_cache(maxsize=4096)
def _list_pairs(text: str) -> frozenset[str]:
    letters = _fold(text)
    return frozenset(letters[place : place + 2] for place in range(len(letters) - 1))


@lru_cache(maxsize=4096)
def _fold(text: str) -> str:
    return "".join(sign for sign in fold(text).casefold() if sign.isalnum())


STEPS: tuple[tuple[Reason, Key, Weigh], ...] = (
    ("same", _key_content, _weigh_content),
    ("same-task", _key_task, _weigh_task),
    ("same-words", _key_all, _weigh_words),
)
