"""What every verb must say of itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from wuzha.core.duty.model import Duty, Fact, Question, Tally


def remember_all(fact: Fact) -> bool:
    """For a verb whose tally rests on the whole past."""
    return True


def never(duty: Duty) -> bool:
    return False


def always(duty: Duty) -> bool:
    return True


def find_last_day(question: Question) -> date:
    return question.days.last_day


Feeds = Literal["named", "population"]


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb of the plan language.

    ``shapes`` are the record shapes its object may have; ``takes`` the plan keys it understands beside the common ones;
    ``tally`` counts. ``remembers`` says which facts from before the window matter too; none do when it is empty. A verb
    that ``settles`` is decided only when its window is over, because its value can still go either way. ``feeds`` says
    whether the object names record kinds or a population that several kinds reach. Where the facts come down to one
    amount, ``hold`` gives the tally of that amount, which may be counted elsewhere: the question has no facts then.
    Of a duty for which the verb ``stands`` is asked what is there on the day ``stands_on``: a unit that moved has taken
    along what it had put up, while what was done stays where it was done.
    """

    name: str
    shapes: frozenset[str]
    takes: frozenset[str]
    needs: frozenset[str]
    tally: Callable[[Question], Tally]
    remembers: Callable[[Fact], bool] | None = None
    settles: bool = False
    feeds: Feeds = "named"
    hold: Callable[[Question, Fraction], Tally] | None = None
    stands: Callable[[Duty], bool] = never
    stands_on: Callable[[Question], date] = find_last_day


def is_met(duty: Duty, tally: Tally) -> bool:
    """Whether the tally reaches its goal; an unknown tally never does."""
    if tally.value is None or tally.goal is None:
        return False
    if duty.target is not None and duty.target.side == "at_most":
        return tally.value <= tally.goal
    return tally.value >= tally.goal


def find_shortfall(duty: Duty, tally: Tally) -> Fraction | None:
    """How much is still wanting, in the tally's own measure; 0 when met, none when unknown."""
    if tally.value is None or tally.goal is None:
        return None
    if duty.target is not None and duty.target.side == "at_most":
        return max(Fraction(0), tally.value - tally.goal)
    return max(Fraction(0), tally.goal - tally.value)
