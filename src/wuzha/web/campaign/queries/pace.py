"""The pace of a unit's work that is done bit by bit, by the core over the records that count. Reads only."""

from collections.abc import Iterable, Mapping
from datetime import date

from wuzha.core.assessment.assess import Past, list_borne
from wuzha.core.assessment.model import Standing
from wuzha.core.assessment.pace import Pace, Place, find_pace, find_place, may_have_pace
from wuzha.core.base.unit import Tree
from wuzha.core.duty.model import Duty
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.queries.ground import PlanInForce, load_bound_tree
from wuzha.web.campaign.queries.standings import list_rows_below
from wuzha.web.campaign.queries.tallies import Row

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
        own = [one for one in asked if one[2].obligation.unit == code]
        rows = list_rows_below(tree, [code], [duty for _, duty, _ in own], as_of, in_force.known_by)
        for one in own:
            pace = _find_pace(tree, one, rows, as_of)
            if pace is not None:
                found.append(((in_force.version.pk, find_place(one[2])), pace))
    return found


def _find_pace(tree: Tree, asked: Asked, rows: Iterable[Row], as_of: date) -> Pace | None:
    """From the facts that count for the unit in the window of the standing."""
    in_force, duty, standing = asked
    feeding, owed = list_feeding_kinds(duty, load_kinds()), standing.obligation
    facts = [row for row in rows if row.kind in feeding]
    borne = list_borne(duty, in_force.plan.valid, tree, facts, as_of, (owed.unit,))
    mine = next(one for one in borne if owed.window in one.windows)
    return find_pace(duty, mine.unit, standing, Past.of(duty, mine.facts, mine.stays), as_of)
