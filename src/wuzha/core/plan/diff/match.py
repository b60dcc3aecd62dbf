"""Which duty of the new plan is which of the old: by what is asked of whom first, then by how alike the words are.

Numbers, clauses and places play no part, so a plan that was renumbered or reworded is not torn apart. All weights are
whole numbers and ties are broken by the content of the duties, so that neither the order of the duties nor which plan
is called the old one changes who is paired with whom.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Literal

from wuzha.core.base.interval import Interval
from wuzha.core.duty.model import ALL, Duty, Who
from wuzha.core.plan.diff.assign import Pair, assign_pairs
from wuzha.core.plan.diff.facets import Side, find_day, fold_words

Reason = Literal["same", "same-task", "same-object", "same-words"]

ENOUGH = 450
"""Of 1000: how alike two duties must be to be one and the same, when they do not ask the same of the same units."""
MANY = 250_000
"""Comparisons of words that a page can wait for."""
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
    one, other = sorted(old, key=_order), sorted(new, key=_order)
    if [_order(side) for side in one] <= [_order(side) for side in other]:
        return _match_sorted(one, other)
    back = _match_sorted(other, one)
    turned = (replace(match, old=match.new, new=match.old) for match in back.matches)
    return Matching(tuple(turned), back.new, back.old)


def _match_sorted(old: Sequence[Side], new: Sequence[Side]) -> Matching:
    """The pairs of each step, from what the steps before it have left. Always called with the same plan as ``old``."""
    matches: list[Match] = []
    for reason, pair in STEPS:
        found = pair(old, new)
        matches += (_make_match(old[row], new[column], reason) for row, column in found)
        rows, columns = {row for row, _ in found}, {column for _, column in found}
        old = [side for place, side in enumerate(old) if place not in rows]
        new = [side for place, side in enumerate(new) if place not in columns]
    return Matching(tuple(matches), tuple(old), tuple(new))


def _make_match(old: Side, new: Side, reason: Reason) -> Match:
    told: Reason = "same-object" if reason == "same-words" and asks_same(old, new) else reason
    return Match(old, new, told, find_likeness(old.duty.quote, new.duty.quote))


def _order(side: Side) -> tuple[str, ...]:
    duty = side.duty
    return duty.verb, duty.object, duty.quote, repr(replace(duty, id="", clause="", span=None)), duty.id


def _pair_same(old: Sequence[Side], new: Sequence[Side]) -> tuple[Pair, ...]:
    """Equals in order: it is all the same which of them goes with which."""
    waiting = {key: iter(columns) for key, columns in _place_by(new, _key_content).items()}
    found = ((row, next(waiting.get(_key_content(side), iter(())), None)) for row, side in enumerate(old))
    return tuple((row, column) for row, column in found if column is not None)


def _pair_tasks(old: Sequence[Side], new: Sequence[Side]) -> tuple[Pair, ...]:
    """The best pairs among those that ask the same task of the same units; of very many simply in order."""
    rows, columns = _place_by(old, _key_task), _place_by(new, _key_task)
    found: list[Pair] = []
    for key, here in rows.items():
        there = columns.get(key, [])
        if len(here) * len(there) > MANY:
            found += zip(here, there, strict=False)
        else:
            weights = {(row, column): _weigh_task(old[row], new[column]) for row in here for column in there}
            found += assign_pairs(weights)
    return tuple(found)


def _place_by(sides: Sequence[Side], make_key: Callable[[Side], Hashable]) -> dict[Hashable, list[int]]:
    places: dict[Hashable, list[int]] = {}
    for place, side in enumerate(sides):
        places.setdefault(make_key(side), []).append(place)
    return places


def _pair_words(old: Sequence[Side], new: Sequence[Side]) -> tuple[Pair, ...]:
    """The best pairs among those that are alike enough; of very long plans only among those of one verb and object."""
    is_long = len(old) * len(new) > MANY
    places: dict[Hashable, list[int]] = {}
    for column, side in enumerate(new):
        places.setdefault(_key_object(side) if is_long else "", []).append(column)
    candidates = (
        (row, column) for row, side in enumerate(old) for column in places.get(_key_object(side) if is_long else "", ())
    )
    weights = {(row, column): _weigh_words(old[row], new[column]) for row, column in candidates}
    return assign_pairs({pair: weight for pair, weight in weights.items() if weight})


def _key_object(side: Side) -> Hashable:
    return side.duty.verb, side.duty.object


def _key_content(side: Side) -> Hashable:
    """Everything that is asked, and the words; not its name, number or place. Days count from the plan's year."""
    duty = side.duty
    days = (duty.valid.opens, duty.valid.last_day, *((duty.by,) if duty.by else ()))
    bare = replace(duty, id="", clause="", span=None, quote="", by=None, who=Who(), valid=NO_DAYS)
    return bare, _key_who(duty.who), tuple(find_day(day, side.valid) for day in days), fold_words(duty.quote)


def _key_who(who: Who) -> Hashable:
    """The units meant, in whatever order they are named."""
    return tuple(frozenset(part) for part in (who.kind, who.line, who.area, who.name, who.attribute))


def _key_task(side: Side) -> Hashable:
    """The verb, its object and the units. Where nothing is named the words must agree."""
    duty = side.duty
    return duty.verb, side.objects, _key_who(duty.who), "" if side.objects else fold_words(duty.quote)


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
        return 1000 if fold_words(one) == fold_words(other) else 0
    return 2000 * len(first & second) // total


@lru_cache(maxsize=4096)
def _list_pairs(text: str) -> frozenset[str]:
    letters = fold_words(text)
    return frozenset(letters[place : place + 2] for place in range(len(letters) - 1))


Step = Callable[[Sequence[Side], Sequence[Side]], tuple[Pair, ...]]
STEPS: tuple[tuple[Reason, Step], ...] = (
    ("same", _pair_same),
    ("same-task", _pair_tasks),
    ("same-words", _pair_words),
)
