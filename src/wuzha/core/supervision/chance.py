"""Whether chance explains that an indicator missed its goal, when many units and windows are asked at once.

At 95 % one town in twenty misses by luck alone, every month anew. A measure must not rest on that: the interval is
widened to 1 - 5 %/n, where n counts the windows of all units that the plan asks of the duty (Bonferroni's inequality),
so that in a county where nothing is wrong a whole plan brings forth one such proposal at most 1 time in 20.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from wuzha.core.assessment.assess import complete_duty
from wuzha.core.assessment.certainty import Certainty, Sort, find_certainty
from wuzha.core.assessment.model import Standing, Status
from wuzha.core.assessment.pace import Place, find_place
from wuzha.core.base.chance import (
    CONFIDENCE,
    find_change_interval,
    find_count_interval,
    find_ratio_interval,
    find_share_interval,
)
from wuzha.core.ledger.record import Kinds
from wuzha.core.plan.model import Plan

Bounds = tuple[Fraction, Fraction | None]
Certainties = Mapping[Place, Certainty | None]
"""By duty, unit and window, of every indicator; none for one that is no count (a sum of money, an area)."""


@dataclass(frozen=True, slots=True)
class Signal:
    """An indicator's number with the interval by which it is judged: ``asked`` windows were asked at once."""

    certainty: Certainty
    asked: int
    low: Fraction
    high: Fraction | None

    def holds(self, value: Fraction) -> bool:
        return self.low <= value and (self.high is None or value <= self.high)

    @property
    def is_change(self) -> bool:
        return self.certainty.sort in (Sort.CHANGE, Sort.RATED)


def list_certainties(plan: Plan, kinds: Kinds, standings: Iterable[Standing]) -> Certainties:
    """How sure each indicator of the plan is."""
    duties = {duty.id: complete_duty(duty, kinds) for duty in plan.duties if duty.verb == "attain"}
    return {
        find_place(one): find_certainty(duties[one.obligation.duty], one.tally)
        for one in standings
        if one.obligation.duty in duties
    }


def count_asked(standings: Iterable[Standing]) -> Mapping[str, int]:
    """How many windows of all units each duty asks, those ahead included: the same number all through the plan."""
    counts: dict[str, int] = {}
    for one in standings:
        if one.status not in (Status.EXEMPT, Status.WAIVED):
            counts[one.obligation.duty] = counts.get(one.obligation.duty, 0) + 1
    return counts


def make_signal(certainty: Certainty, asked: int) -> Signal:
    low, high = _find_bounds(certainty, 1 - (1 - CONFIDENCE) / max(1, asked))
    return Signal(certainty, asked, low, high)


def _find_bounds(certainty: Certainty, confidence: float) -> Bounds:
    now, of = certainty.now, certainty.of or 0
    if certainty.sort is Sort.COUNT:
        return find_count_interval(now, confidence)
    if certainty.sort is Sort.SHARE:
        return find_share_interval(now, of, confidence)
    if certainty.asked is not None:
        return find_ratio_interval((now, certainty.asked[0]), (of, certainty.asked[1]), confidence)
    return find_change_interval(now, of, confidence) if now or of else (Fraction(-1), None)


def is_explained(signal: Signal, goal: Fraction | None) -> bool:
    """Whether chance explains the number: no change lies in the interval, or the goal itself does."""
    return (signal.is_change and signal.holds(Fraction(0))) or goal is None or signal.holds(goal)


def is_worse_than_baseline(signal: Signal, standing: Standing) -> bool:
    """Whether a change has gone the wrong way, and not by chance. It missed its goal: that tells which way is wrong."""
    value, goal = standing.tally.value, standing.tally.goal
    if not signal.is_change or value is None or goal is None or signal.holds(Fraction(0)):
        return False
    return value > 0 if value > goal else value < 0
