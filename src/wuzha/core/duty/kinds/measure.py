"""What the verbs share: which facts count, how much each counts, and what the tally is held against."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from math import ceil
from uuid import UUID

from wuzha.core.base.unit import Unit
from wuzha.core.duty.model import Duty, Fact, Narrow, Tally

AREA = "area_m2"
# People where a record tells how many there were, else what it counts itself: a class meeting reaches its class, a
# hundred letters reach a hundred pupils.
HEADS = "heads"
# Of a survey against an earlier one: how many of those asked. Neither is counted by itself.
SHARE = "share"
NO_BASE = "no-base"


def is_counted(narrow: Narrow, fact: Fact) -> bool:
    """Whether the duty's ``where``, ``for`` and ``grade`` let this fact count."""
    return (
        (not narrow.place or any(word in fact.place for word in narrow.place))
        and (not narrow.audience or any(word in fact.audience for word in narrow.audience))
        and (not narrow.grade or fact.grade == narrow.grade)
    )


def read_measure(fact: Fact, measure: str) -> Fraction:
    """How much the fact counts in this measure; a field left empty counts nothing."""
    match measure:
        case "heads":
            return Fraction(fact.quantity if fact.people is None else fact.people)
        case "people":
            return Fraction(fact.people or 0)
        case "area_m2":
            return fact.area_m2 or Fraction(0)
        case "loss_yuan":
            return fact.loss_yuan or Fraction(0)
        case _:
            return Fraction(fact.quantity)


def order_by_time(fact: Fact) -> tuple[date, UUID]:
    """The order in which facts hold: by day, and within a day by the id, which the device makes in order of time."""
    return fact.happened_on, fact.id


def add_up(facts: Iterable[Fact], measure: str) -> Fraction:
    return sum((read_measure(fact, measure) for fact in facts), Fraction(0))


def find_base(duty: Duty, unit: Unit, as_of: date) -> Fraction | None:
    """The dated denominator that the target names; none when the target names none or nothing is known."""
    attribute = unit.find_attribute(duty.target.of, as_of) if duty.target else None
    return None if attribute is None else attribute.value


def find_goal(duty: Duty, unit: Unit, as_of: date) -> Fraction | None:
    """What the tally is held against; none when the denominator is not known.

    A share of a base of whole things is rounded up: one per thousand of 3,217 people is four banners, not 3.217.
    """
    if duty.target is None:
        return Fraction(1)
    if not duty.target.of:
        return duty.target.amount
    base = find_base(duty, unit, as_of)
    if base is None:
        return None
    goal = duty.target.amount * base
    return goal if duty.measure == AREA else Fraction(ceil(goal))


def make_unknown(reason: str, of: Fraction | None = None) -> Tally:
    """Nothing is known, which is not nothing done."""
    return Tally(value=None, goal=None, of=of, reason=reason)


def list_ids(facts: Iterable[Fact]) -> tuple[UUID, ...]:
    return tuple(fact.id for fact in facts)
