"""The pace of a unit's work that is done bit by bit, from the facts that it was counted from. Reads only."""

from collections.abc import Iterable, Mapping
from datetime import date

from wuzha.core.assessment.pace import Pace, Place, find_pace, find_place
from wuzha.web.campaign.queries.ground import PlanInForce
from wuzha.web.campaign.queries.standings import Case

# A standing of a plan: the version's number, and its place in the plan.
Key = tuple[int, Place]


def list_paces(asked: Iterable[tuple[PlanInForce, Case]], as_of: date) -> Mapping[Key, Pace]:
    """The pace of each of these that has one."""
    found: dict[Key, Pace] = {}
    for in_force, case in asked:
        pace = find_pace(case.duty, case.unit, case.standing, case.past, as_of)
        if pace is not None:
            found[in_force.version.pk, find_place(case.standing)] = pace
    return found
