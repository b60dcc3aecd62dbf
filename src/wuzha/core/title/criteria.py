"""Criteria of a title: a plan like any other, looked at unit by unit."""

from collections.abc import Iterable, Mapping
from math import exp

from wuzha.core.assessment.model import Standing, Status
from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.core.plan.model import Plan

CASES = ("cases", "losses", "high_loss_cases")


def check_criteria(plan: Plan) -> tuple[Problem, ...]:
    """A criterion that is met by there being no case: it is met by luck as well, and by silence."""
    return tuple(
        make_problem("title.case-criterion", Source(clause=duty.clause, key=duty.id), duty=duty.id)
        for duty in plan.duties
        if duty.verb == "attain" and duty.object in CASES
    )


def find_quiet_chance(expected: float) -> float:
    """How likely nothing happens at all where so many cases are expected: what "no case" is worth.

    P(X = 0) of a Poisson variable. A community of 2,000 at 7 cases a year per 10,000 expects 0.35 in three months and
    has none in 70 of 100 times without doing anything. Raises ValueError below 0.
    """
    if expected < 0:
        raise ValueError(f"{expected} is no number of cases")
    return exp(-expected)


def list_unmet(plan: Plan, standings: Iterable[Standing]) -> Mapping[str, tuple[str, ...]]:
    """By unit, the criteria that it does not meet as of the day; empty for a unit that meets all that is asked of it.

    A criterion is met when no window of it was missed, and what cannot be told is not met.
    """
    wanting: dict[str, dict[str, None]] = {}
    ids = {duty.id for duty in plan.duties}
    for one in standings:
        if one.obligation.duty in ids:
            found = wanting.setdefault(one.obligation.unit, {})
            if one.status in (Status.MISSED, Status.UNKNOWN):
                found[one.obligation.duty] = None
    return {unit: tuple(duties) for unit, duties in wanting.items()}
