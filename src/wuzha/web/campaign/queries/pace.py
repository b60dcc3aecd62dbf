"""The pace of a unit's work that is done bit by bit, by the core over the records that count. Reads only."""

from collections.abc import Iterable, Mapping
from datetime import date

from wuzha.core.assessment.assess import Past
from wuzha.core.assessment.model import Standing
from wuzha.core.assessment.pace import Pace, Place, find_pace, find_place, may_have_pace
from wuzha.core.duty.model import Duty
from wuzha.web.campaign.queries.ground import PlanInForce, load_bound_tree
from wuzha.web.campaign.queries.standings import credit_rows, list_rows_below

# A standing of a plan: the version's number, and its place in the plan.
Key = tuple[int, Place]
Asked = tuple[PlanInForce, Duty, Standing]


def list_paces(asked: Iterable[Asked], as_of: date) -> Mapping[Key, Pace]:
    """The pace of each of these standings that has one. One query for each plan, none where nothing has a pace."""
    by_plan: dict[int, list[Asked]] = {}
    for one in asked:
        if may_have_pace(one[1], one[2], as_of):
            by_plan.setdefault(one[0].version.pk, []).append(one)
    return {key: pace for found in by_plan.values() for key, pace in _list_plan_paces(found, as_of)}


def _list_plan_paces(asked: list[Asked], as_of: date) -> list[tuple[Key, Pace]]:
    in_force = asked[0][0]
    tree = load_bound_tree(in_force)
    found: list[tuple[Key, Pace]] = []
    for code in sorted({standing.obligation.unit for _, _, standing in asked}):
        unit, own = tree.by_code[code], [one for one in asked if one[2].obligation.unit == code]
        rows = list_rows_below(tree, unit, [duty for _, duty, _ in own], as_of)
        for _, duty, standing in own:
            past = Past.of(duty, credit_rows(duty, tree, rows).get(code, ()))
            pace = find_pace(duty, unit, standing, past, as_of)
            if pace is not None:
                found.append(((in_force.version.pk, find_place(standing)), pace))
    return found
