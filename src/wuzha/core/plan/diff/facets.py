"""In what two duties differ, facet by facet, and whether each difference asks for more or for less.

Every comparison is a mirror: what is tightened one way is loosened the other way.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from wuzha.core.base.interval import Interval
from wuzha.core.base.numerals import fold
from wuzha.core.base.windows import Cadence
from wuzha.core.duty.model import ALL, Duty, OnDayOff, Target, Who
from wuzha.core.plan.model import Plan


class Turn(StrEnum):
    """Which way a difference goes, from the old duty to the new one."""

    TIGHTER = "tighter"
    LOOSER = "looser"
    OTHER = "other"


class Facet(StrEnum):
    OBJECT = "object"
    COUNTED = "counted"
    WORDS = "words"
    MEASURE = "measure"
    AMOUNT = "amount"
    CADENCE = "cadence"
    RATE = "rate"
    BUNCHED = "bunched"
    """As many or more in all, but over longer windows, so that they may be left to the end of one."""
    DEADLINE = "deadline"
    STRETCH = "stretch"
    WHO = "who"
    ACTOR = "actor"
    LEAD = "lead"
    NARROW = "narrow"
    SEEN = "seen"
    PROOF = "proof"


@dataclass(frozen=True, slots=True)
class Change:
    facet: Facet
    turn: Turn


@dataclass(frozen=True, slots=True)
class Side:
    """A duty with the validity of its plan, against which its days are read."""

    duty: Duty
    valid: Interval

    @property
    def objects(self) -> frozenset[str]:
        return frozenset(code for code in (self.duty.object, *self.duty.also) if code)


# How many windows a year has. What is owed once counts as once a year, since a plan is for a year as a rule.
PER_YEAR: Mapping[Cadence, int] = MappingProxyType(
    {
        Cadence.DAY: 365,
        Cadence.WEEK: 52,
        Cadence.FORTNIGHT: 26,
        Cadence.MONTH: 12,
        Cadence.QUARTER: 4,
        Cadence.HALF_YEAR: 2,
        Cadence.SEMESTER: 2,
        Cadence.YEAR: 1,
    }
)
LAST_DAY_OF_MONTH = 31
MOVES = (OnDayOff.PREVIOUS, OnDayOff.STAY, OnDayOff.NEXT)
TIMES = ("do", "file", "check")
"""Verbs at which amount and cadence together say how often something is done in a year."""


def list_sides(plan: Plan) -> tuple[Side, ...]:
    return tuple(Side(duty, plan.valid) for duty in plan.duties)


def compare(old: Side, new: Side) -> tuple[Change, ...]:
    """Every facet in which the new duty differs from the old, in the order of :class:`Facet`."""
    found = [Change(facet, turn) for find in COMPARISONS for facet, turn in find(old, new)]
    order = list(Facet)
    return tuple(sorted(found, key=lambda change: order.index(change.facet)))


Found = Iterator[tuple[Facet, Turn]]


def turn_up(old: Fraction | int, new: Fraction | int) -> Turn:
    """More is tighter."""
    return Turn.TIGHTER if new > old else Turn.LOOSER


def find_times(duty: Duty) -> int:
    return PER_YEAR[duty.rhythm.cadence] if duty.rhythm else 1


def _compare_objects(old: Side, new: Side) -> Found:
    """Fewer kinds to choose from is tighter; another kind is another task."""
    if old.duty.verb != new.duty.verb:
        yield Facet.OBJECT, Turn.OTHER
    elif old.objects != new.objects:
        yield Facet.OBJECT, _turn_choice(old.objects, new.objects)


def _turn_choice(old: frozenset[str], new: frozenset[str]) -> Turn:
    """Of a choice: with more to choose from it is easier. Nothing named is no choice and tells nothing."""
    if old and new and old < new:
        return Turn.LOOSER
    return Turn.TIGHTER if old and new and new < old else Turn.OTHER


def _compare_counted(old: Side, new: Side) -> Found:
    if old.duty.vague != new.duty.vague:
        yield Facet.COUNTED, Turn.LOOSER if new.duty.vague else Turn.TIGHTER


def _compare_words(old: Side, new: Side) -> Found:
    """Of what cannot be counted nothing but the words tells what is asked."""
    one, other = old.duty, new.duty
    if one.vague and other.vague and one.quote and other.quote and fold_words(one.quote) != fold_words(other.quote):
        yield Facet.WORDS, Turn.OTHER


@lru_cache(maxsize=4096)
def fold_words(text: str) -> str:
    """Letters and numbers alone, in half width and lower case."""
    return "".join(sign for sign in fold(text).casefold() if sign.isalnum())


def _compare_amounts(old: Side, new: Side) -> Found:
    """Amount and cadence. Where the two pull apart, what they come to in a year decides."""
    if old.duty.vague or new.duty.vague or old.duty.verb != new.duty.verb:
        return
    if _find_form(old.duty) != _find_form(new.duty):
        yield Facet.MEASURE, Turn.OTHER
        amount = None
    else:
        amount = _turn_amount(old.duty.target, new.duty.target)
    cadence = _turn_cadence(old.duty, new.duty)
    if old.duty.verb in TIMES and amount is not None and cadence is not None and amount != cadence:
        yield _weigh_rate(old.duty, new.duty)
        return
    if amount is not None:
        yield Facet.AMOUNT, amount
    if cadence is not None:
        yield Facet.CADENCE, cadence


def _find_form(duty: Duty) -> tuple[object, ...]:
    """What must agree before two amounts can be compared at all."""
    target = duty.target
    # Heads are covered either way, whatever field of a record tells how many.
    measure = "" if duty.verb == "cover" else duty.measure
    if target is None:
        return (measure, "at_least", False, "", "")
    return (measure, target.side, target.share, target.of, target.against)


def _turn_amount(old: Target | None, new: Target | None) -> Turn | None:
    before, after = _find_amount(old), _find_amount(new)
    if before == after:
        return None
    is_limit = any(target is not None and target.side == "at_most" for target in (old, new))
    return turn_up(after, before) if is_limit else turn_up(before, after)


def _find_amount(target: Target | None) -> Fraction:
    return target.amount if target is not None else Fraction(1)


def _turn_cadence(old: Duty, new: Duty) -> Turn | None:
    if old.rhythm == new.rhythm:
        return None
    before, after = find_times(old), find_times(new)
    if before != after:
        return turn_up(before, after)
    return Turn.OTHER


def find_yearly_rate(duty: Duty) -> Fraction:
    """What amount and cadence come to in a year."""
    return _find_amount(duty.target) * find_times(duty)


def _weigh_rate(old: Duty, new: Duty) -> tuple[Facet, Turn]:
    before, after = find_yearly_rate(old), find_yearly_rate(new)
    return Facet.RATE, Turn.OTHER if before == after else turn_up(before, after)


DayOfPlan = tuple[int, int, int]


def find_day(day: date, valid: Interval) -> DayOfPlan:
    """The day with its year counted from the plan's first, so that last year's 30 June is this year's 30 June."""
    return day.year - valid.opens.year, day.month, min(day.day, 28) if day.month == 2 else day.day


def _find_due(side: Side) -> DayOfPlan | None:
    """The last good day of a duty owed once; none where it is simply the plan's last."""
    duty = side.duty
    if duty.by is None and duty.valid.closes == side.valid.closes:
        return None
    return find_day(duty.by or duty.valid.last_day, side.valid)


def _compare_deadlines(old: Side, new: Side) -> Found:
    if (old.duty.rhythm is None) != (new.duty.rhythm is None):
        return
    if old.duty.rhythm is not None:
        yield from _compare_due_days(old.duty, new.duty)
        return
    before, after = _find_due(old), _find_due(new)
    if before is None and after is None:
        return
    last_before = before or find_day(old.valid.last_day, old.valid)
    last_after = after or find_day(new.valid.last_day, new.valid)
    if last_before != last_after:
        yield Facet.DEADLINE, Turn.TIGHTER if last_after < last_before else Turn.LOOSER
    else:
        yield from _compare_moves(old.duty, new.duty)


def _compare_due_days(old: Duty, new: Duty) -> Found:
    """The day of the month by which it must be in, without one the last; other windows have other days."""
    if old.rhythm != new.rhythm:
        return
    before, after = (duty.due.day or LAST_DAY_OF_MONTH for duty in (old, new))
    if before != after:
        yield Facet.DEADLINE, Turn.TIGHTER if after < before else Turn.LOOSER
    else:
        yield from _compare_moves(old, new)


def _compare_moves(old: Duty, new: Duty) -> Found:
    """Where the same due day goes on a day off: to the day before is the tightest, to the day after the loosest."""
    before, after = (MOVES.index(duty.due.on_day_off) for duty in (old, new))
    if before != after:
        yield Facet.DEADLINE, Turn.TIGHTER if after < before else Turn.LOOSER


def _compare_stretches(old: Side, new: Side) -> Found:
    """How long a repeated duty runs, where that is not simply as long as its plan."""
    if old.duty.rhythm is None or new.duty.rhythm is None:
        return
    if old.duty.valid == old.valid and new.duty.valid == new.valid:
        return
    opens = find_day(old.duty.valid.opens, old.valid), find_day(new.duty.valid.opens, new.valid)
    closes = find_day(old.duty.valid.last_day, old.valid), find_day(new.duty.valid.last_day, new.valid)
    if opens[0] == opens[1] and closes[0] == closes[1]:
        return
    if opens[1] <= opens[0] and closes[1] >= closes[0]:
        yield Facet.STRETCH, Turn.TIGHTER
    elif opens[1] >= opens[0] and closes[1] <= closes[0]:
        yield Facet.STRETCH, Turn.LOOSER
    else:
        yield Facet.STRETCH, Turn.OTHER


def _compare_who(old: Side, new: Side) -> Found:
    one, other = old.duty.who, new.duty.who
    if one == other:
        return
    if Who() in (one, other):
        yield Facet.WHO, Turn.TIGHTER if one == Who() else Turn.LOOSER
    elif is_apart(one, other):
        yield Facet.ACTOR, Turn.OTHER
    else:
        yield from _compare_reach(_holds(other, one), _holds(one, other))


def _compare_reach(wider: bool, narrower: bool) -> Found:
    """Each holding the other means the same units, named in another order."""
    if wider != narrower:
        yield Facet.WHO, Turn.TIGHTER if wider else Turn.LOOSER
    elif not wider:
        yield Facet.WHO, Turn.OTHER


def _list_parts(who: Who) -> tuple[tuple[str, ...], ...]:
    return who.kind, who.line, who.area, who.name, who.attribute


def is_apart(one: Who, other: Who) -> bool:
    """Whether no unit can be meant by both: another kind, line or name. Areas may lie in each other."""
    parts = ((one.kind, other.kind), (one.line, other.line), (one.name, other.name))
    return any(a and b and ALL not in (*a, *b) and not set(a) & set(b) for a, b in parts)


def _holds(whole: Who, part: Who) -> bool:
    """Whether whoever ``part`` selects is surely selected by ``whole`` too, as far as the words tell."""
    pairs = tuple(zip(_list_parts(whole), _list_parts(part), strict=True))
    kind, line, area, name, attribute = pairs
    return all(_allows(a, b) for a, b in (kind, line, area, name)) and set(attribute[0]) <= set(attribute[1])


def _allows(whole: tuple[str, ...], part: tuple[str, ...]) -> bool:
    return not whole or (bool(part) and (ALL in whole or set(part) <= set(whole)))


def _compare_leads(old: Side, new: Side) -> Found:
    if (old.duty.lead, old.duty.assist) != (new.duty.lead, new.duty.assist):
        yield Facet.LEAD, Turn.OTHER


def _compare_narrow(old: Side, new: Side) -> Found:
    """Which records count: a condition more is tighter, a further choice within a condition looser."""
    one, other = old.duty, new.duty
    turns = [
        *_turn_limits(one.narrow.place, other.narrow.place),
        *_turn_limits(one.narrow.audience, other.narrow.audience),
        *_turn_limits(_one(one.through), _one(other.through)),
        *_turn_limits(_one(one.along), _one(other.along)),
    ]
    if one.narrow.grade != other.narrow.grade:
        turns.append(Turn.OTHER)
    if turns:
        yield Facet.NARROW, join_turns(turns)


def _one(word: str) -> tuple[str, ...]:
    return (word,) if word else ()


def _turn_limits(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Turn]:
    before, after = frozenset(old), frozenset(new)
    if before == after:
        return
    if not before or not after:
        yield Turn.TIGHTER if after else Turn.LOOSER
    else:
        yield _turn_choice(before, after)


def _compare_seen(old: Side, new: Side) -> Found:
    before, after = old.duty.seen_every_days, new.duty.seen_every_days
    if before == after:
        return
    if before is None or after is None:
        yield Facet.SEEN, Turn.TIGHTER if before is None else Turn.LOOSER
    else:
        yield Facet.SEEN, turn_up(after, before)


def _compare_proof(old: Side, new: Side) -> Found:
    before, after = frozenset(old.duty.proof), frozenset(new.duty.proof)
    if before < after:
        yield Facet.PROOF, Turn.TIGHTER
    elif after < before:
        yield Facet.PROOF, Turn.LOOSER
    elif before != after:
        yield Facet.PROOF, Turn.OTHER


def join_turns(turns: Iterable[Turn]) -> Turn:
    """One word for several differences of one facet: a direction only where all agree."""
    found = set(turns)
    return found.pop() if len(found) == 1 else Turn.OTHER


COMPARISONS: tuple[Callable[[Side, Side], Found], ...] = (
    _compare_objects,
    _compare_counted,
    _compare_words,
    _compare_amounts,
    _compare_deadlines,
    _compare_stretches,
    _compare_who,
    _compare_leads,
    _compare_narrow,
    _compare_seen,
    _compare_proof,
)
