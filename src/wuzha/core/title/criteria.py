"""Criteria of a title: a plan like any other, looked at unit by unit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import exp

from wuzha.core.assessment.model import Standing, Status
from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.core.duty.model import Duty
from wuzha.core.plan.model import Plan
from wuzha.core.title.life import add_months

CASES = ("cases", "losses", "high_loss_cases")
LOOK_BACK_MONTHS = 3
"""So far back windows are looked at where a programme says nothing else. Set by this project."""
DONE = (Status.MET, Status.LATE)
NOT_ASKED = (Status.EXEMPT, Status.WAIVED)


def check_criteria(plan: Plan) -> tuple[Problem, ...]:
    """A criterion that is met by there being no case: it is met by luck as well, and by silence. It may stand beside
    others, as a doubt; a title for nothing else is refused."""
    told = [
        make_problem(
            "title.case-criterion",
            Source(clause=duty.clause, key=duty.id),
            severity="warning",
            duty=duty.quote or duty.id,
        )
        for duty in plan.duties
        if is_about_cases(duty)
    ]
    if told and len(told) == len(plan.duties):
        told.append(make_problem("title.cases-alone"))
    return tuple(told)


def is_about_cases(duty: Duty) -> bool:
    return duty.verb == "attain" and duty.object in CASES


def find_quiet_chance(expected: float) -> float:
    """How likely nothing happens at all where so many cases are expected: what "no case" is worth.

    P(X = 0) of a Poisson variable. A community of 2,000 at 7 cases a year per 10,000 expects 0.35 in three months and
    has none in 70 of 100 times without doing anything. Raises ValueError below 0.
    """
    if expected < 0:
        raise ValueError(f"{expected} is no number of cases")
    return exp(-expected)


class Ground(StrEnum):
    """What the answer to a criterion rests on."""

    MET = "met"
    MISSED = "missed"
    UNKNOWN = "unknown"
    PENDING = "pending"
    NOT_BEGUN = "not_begun"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class CriterionFinding:
    """How a unit stands in one criterion. ``looked_at`` are the windows that decide, ``wanting`` those that stand in
    the way, the oldest first. ``until`` is the last day by which what is wanting may still be done, or up to which what
    was missed is held against the unit; none where nothing is wanting or no day helps."""

    duty: Duty
    ground: Ground
    looked_at: tuple[Standing, ...] = ()
    wanting: tuple[Standing, ...] = ()
    until: date | None = None

    @property
    def is_met(self) -> bool:
        return self.ground in (Ground.MET, Ground.NOT_ASKED)


def judge_criteria(
    plan: Plan, standings: Mapping[str, Sequence[Standing]], day: date, months: int = LOOK_BACK_MONTHS
) -> tuple[CriterionFinding, ...]:
    """The criteria that the unit bears, in the order of the plan. ``standings`` are those of the one unit, by duty."""
    return tuple(
        judge_criterion(duty, standings[duty.id], day, months) for duty in plan.duties if standings.get(duty.id)
    )


def judge_criterion(duty: Duty, standings: Iterable[Standing], day: date, months: int) -> CriterionFinding:
    """Whether the criterion is met as of the day.

    Met is what was done: at least one window that was met within the months looked back at, or is met now, and none
    missed or untold among them. A window that is still open is not held against the unit, nor is it counted for it; so
    a unit that has done nothing yet meets nothing. What is owed once is looked at whenever it was due.
    """
    asked = [one for one in standings if one.status not in NOT_ASKED]
    if not asked:
        return CriterionFinding(duty, Ground.NOT_ASKED)
    since = add_months(day, -months)
    seen = [one for one in asked if one.status != Status.UPCOMING and _counts(duty, one, since)]
    if not seen:
        opens = min(one.obligation.begins_on for one in asked)
        return CriterionFinding(duty, Ground.NOT_BEGUN, until=opens if opens > day else None)
    return _decide(duty, tuple(seen), months)


def _counts(duty: Duty, standing: Standing, since: date) -> bool:
    return duty.rhythm is None or standing.obligation.due_on >= since


def _decide(duty: Duty, seen: tuple[Standing, ...], months: int) -> CriterionFinding:
    missed = tuple(one for one in seen if one.status == Status.MISSED)
    unknown = tuple(one for one in seen if one.status == Status.UNKNOWN)
    wanting = tuple(one for one in seen if one.status == Status.OPEN and one.shortfall)
    if missed:
        until = None if duty.rhythm is None else add_months(missed[-1].obligation.due_on, months)
        return CriterionFinding(duty, Ground.MISSED, seen, missed, until)
    if unknown:
        return CriterionFinding(duty, Ground.UNKNOWN, seen, unknown, unknown[-1].obligation.due_on)
    if len(wanting) == len(seen):
        return CriterionFinding(duty, Ground.PENDING, seen, wanting, wanting[-1].obligation.due_on)
    return CriterionFinding(duty, Ground.MET, seen)


def list_unmet(findings: Iterable[CriterionFinding]) -> tuple[str, ...]:
    """The criteria that are not met, by the ids of their duties."""
    return tuple(one.duty.id for one in findings if not one.is_met)


def check_findings(findings: Sequence[CriterionFinding]) -> tuple[Problem, ...]:
    """A unit of which the criteria ask nothing shows nothing by meeting them."""
    if all(one.ground is Ground.NOT_ASKED for one in findings):
        return (make_problem("title.nothing-asked"),)
    return ()
