"""Pace: where a unit should be today in what it does bit by bit, and when it will be done at its own rate.

Asked of work that adds up over a long time: ``do``, ``cover`` and ``keep`` towards a goal of two or more, owed once or
by the half-year, semester or year. Never of what is settled at its end (``attain``), of a vague duty, of a deadline for
one paper (``file``), of a round of checks (``check``) or of a gap (``space``).

Where it should be is a working rule of this engine, not of any plan: the goal spread evenly over the days from the
first on which the unit can act to the due day, rounded down to whole things.

When it will be done: the tally grew by S in the last k whole weeks. Weeks of field work are lumpier than Poisson counts
(a visit day brings forty households), so that all is counted in lumps of the size of the index of dispersion
φ = variance / mean of the weekly growth, never below 1 (quasi-Poisson; McCullagh and Nelder, Generalized Linear Models,
2nd ed. 1989, 6.2.3). With Jeffreys' prior the weekly rate of lumps is Gamma(S/φ + 1/2, k), and the time T until R more
are done, waiting for R/φ lumps at that rate, has T / (T + k) ~ Beta(R/φ, S/φ + 1/2): the Gamma–Poisson predictive
distribution. Shown are its quantiles at 10 and 90 %.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import ceil
from statistics import fmean, variance

from wuzha.core.assessment.assess import Borne, Past, ask, complete_duty, count, list_borne
from wuzha.core.assessment.model import Obligation, Standing, Status
from wuzha.core.base.chance import find_beta_quantile
from wuzha.core.base.interval import DAY, Interval
from wuzha.core.base.unit import Tree, Unit
from wuzha.core.base.windows import Cadence
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.model import Duty, Tally
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.core.ledger.record import Kinds, Record, keep_in_effect
from wuzha.core.plan.model import Plan

CUMULATIVE = ("do", "cover", "keep")
# Of these the tally of two stretches is the sum of both: no number is counted once only, nothing is taken down again.
ADDITIVE = ("do",)
LONG = (Cadence.HALF_YEAR, Cadence.SEMESTER, Cadence.YEAR)
WEEK = timedelta(days=7)
WEEKS_BACK = 12
# With fewer whole weeks, or with work in fewer of them, a rate would be a guess.
FEWEST_WEEKS = 4
FEWEST_BUSY_WEEKS = 3
TAIL = 0.1
# What would take longer than this has no day that anybody should plan by.
LONGEST = timedelta(days=730)

# Duty, unit and window.
Place = tuple[str, str, str]


class Outlook(StrEnum):
    """Whether the due day will be kept at this rate; ``few`` and ``idle`` say why that cannot be told."""

    IN_TIME = "in-time"
    DOUBTFUL = "doubtful"
    TOO_LATE = "too-late"
    FEW = "few"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Pace:
    """``expected`` is where the unit should be today, ``value`` where it is, in the measure of the tally.

    At its own rate it will be done between ``first_on`` and ``last_on``, with four chances in five; ``last_on`` is none
    where that may take years, both are none where nothing can be told. ``weeks`` is how many weeks the rate rests on.
    """

    expected: Fraction
    value: Fraction
    goal: Fraction
    outlook: Outlook
    weeks: int
    first_on: date | None = None
    last_on: date | None = None

    @property
    def is_behind(self) -> bool:
        return self.value < self.expected


def has_pace(duty: Duty) -> bool:
    """Whether the duty is done bit by bit over a time long enough to speak of a rate."""
    is_long = duty.rhythm is None or duty.rhythm.cadence in LONG
    return duty.verb in CUMULATIVE and is_long and duty.fed and not duty.vague


def list_paces(
    plan: Plan, tree: Tree, records: Iterable[Record], kinds: Kinds, standings: Iterable[Standing], as_of: date
) -> Mapping[Place, Pace]:
    """The pace of every standing that has one, by duty, unit and window. ``standings`` are those of these records."""
    asked = {find_place(standing): standing for standing in standings}
    paced = [duty for duty in (complete_duty(duty, kinds) for duty in plan.duties) if has_pace(duty)]
    known = [record for record in keep_in_effect(records) if record.happened_on <= as_of] if paced else []
    found: dict[Place, Pace] = {}
    for duty in paced:
        feeding = list_feeding_kinds(duty, kinds)
        facts = [record for record in known if record.kind in feeding]
        for borne in list_borne(duty, plan.valid, tree, facts, as_of):
            found.update(_list_unit_paces(duty, borne, asked, as_of))
    return found


def _list_unit_paces(
    duty: Duty, borne: Borne, asked: Mapping[Place, Standing], as_of: date
) -> Iterator[tuple[Place, Pace]]:
    places = [(duty.id, borne.unit.code, window.label) for window in borne.windows]
    short = [place for place in places if place in asked and may_have_pace(duty, borne.unit, asked[place], as_of)]
    past = Past.of(duty, borne.facts if short else (), borne.stays)
    for place in short:
        pace = find_pace(duty, borne.unit, asked[place], past, as_of)
        if pace is not None:
            yield place, pace


def find_place(standing: Standing) -> Place:
    """What names a standing within its plan."""
    return standing.obligation.duty, standing.obligation.unit, standing.obligation.window.label


def find_pace(duty: Duty, unit: Unit, standing: Standing, past: Past, as_of: date) -> Pace | None:
    """None for what has no pace, is done already, has not begun, is over or cannot be known."""
    owed, tally = standing.obligation, standing.tally
    if not may_have_pace(duty, unit, standing, as_of) or tally.value is None or tally.goal is None:
        return None
    weeks = _list_weeks(owed, as_of)
    growth = _add_weeks_up(duty, unit, owed, past, weeks) if duty.verb in ADDITIVE else None
    if growth is None:
        values = _read_values(lambda day: count(duty, unit, owed, past, day), tally, weeks)
        growth = [float(after - before) for before, after in pairwise(values)]
    expected = find_expected(owed, tally.goal, as_of)
    return _look_ahead(Pace(expected, tally.value, tally.goal, Outlook.FEW, len(growth)), growth, owed, as_of)


def find_expected(obligation: Obligation, goal: Fraction, as_of: date) -> Fraction:
    """The goal spread evenly from the first day on which the unit can act to the due day; whole things only."""
    days = (obligation.due_on - obligation.begins_on).days + 1
    passed = min(max(0, (as_of - obligation.begins_on).days + 1), days)
    return Fraction(goal * passed // days) if days > 0 else goal


def find_waiting_weeks(chance: float, remaining: float, done: float, weeks: int) -> float:
    """The weeks in which so much more is done with that chance, after ``done`` in ``weeks``; both counted in lumps."""
    share = find_beta_quantile(chance, remaining, done + 0.5)
    return weeks * share / (1 - share) if share < 1 else float("inf")


def may_have_pace(duty: Duty, unit: Unit, standing: Standing, as_of: date) -> bool:
    """Whether it is running, still short of two or more, and done bit by bit. Nothing comes from a unit that closed."""
    owed, goal = standing.obligation, standing.tally.goal
    is_running = owed.begins_on <= as_of < min(owed.window.closes, unit.closes_on)
    is_short = standing.status in (Status.OPEN, Status.MISSED) and bool(standing.shortfall)
    return has_pace(duty) and is_running and is_short and goal is not None and goal >= 2


def _list_weeks(obligation: Obligation, as_of: date) -> list[date]:
    """The ends of the last whole weeks up to the day, the oldest first, and the day before the first of them."""
    passed = (as_of - obligation.begins_on).days + 1
    weeks = min(WEEKS_BACK, passed // 7)
    return [as_of - WEEK * number for number in range(weeks, -1, -1)]


def _add_weeks_up(duty: Duty, unit: Unit, owed: Obligation, past: Past, weeks: Sequence[date]) -> list[float]:
    """The growth week by week where what is done in a week adds to the rest, so that each fact is met but once."""
    asked = ask(duty, unit, owed, weeks[-1])
    stretches = (Interval(before + DAY, after + DAY) for before, after in pairwise(weeks))
    questions = (replace(asked, days=days, facts=past.within(days)) for days in stretches)
    return [float(VERBS[duty.verb].tally(question).value or 0) for question in questions]


def _read_values(tally_on: Callable[[date], Tally], now: Tally, days: Sequence[date]) -> list[Fraction]:
    """How far the unit was at the end of each day; the last is today's. Nothing where nothing was known then."""
    return [*(tally_on(day).value or Fraction(0) for day in days[:-1]), now.value or Fraction(0)]


def _look_ahead(pace: Pace, growth: Sequence[float], owed: Obligation, as_of: date) -> Pace:
    if len(growth) < FEWEST_WEEKS:
        return pace
    total = sum(growth)
    if total <= 0:
        return _answer(pace, Outlook.IDLE)
    if sum(week > 0 for week in growth) < FEWEST_BUSY_WEEKS:
        return pace
    lump = max(1.0, variance(growth) / fmean(growth))
    remaining = float(pace.goal - pace.value) / lump
    first, last = (
        _add_weeks(as_of, find_waiting_weeks(tail, remaining, total / lump, len(growth))) for tail in (TAIL, 1 - TAIL)
    )
    return _answer(pace, _judge(owed.due_on, first, last), first, last)


def _answer(pace: Pace, outlook: Outlook, first: date | None = None, last: date | None = None) -> Pace:
    return Pace(pace.expected, pace.value, pace.goal, outlook, pace.weeks, first, last)


def _add_weeks(as_of: date, weeks: float) -> date | None:
    """The day by whose end so many weeks have passed, tomorrow at the soonest; none beyond what one plans for."""
    if weeks * WEEK.days > LONGEST.days:
        return None
    return as_of + max(DAY, timedelta(days=ceil(weeks * WEEK.days)))


def _judge(due_on: date, first: date | None, last: date | None) -> Outlook:
    if first is None or first > due_on:
        return Outlook.TOO_LATE
    return Outlook.IN_TIME if last is not None and last <= due_on else Outlook.DOUBTFUL
