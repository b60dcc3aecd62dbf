"""The findings of inspections that items of a scorecard count. Reads only.

Those of every office count, whoever drew the round; a unit's are its own and those of all below it on the day.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from wuzha.core.base.unit import Tree
from wuzha.core.score.model import Owed
from wuzha.core.supervision.mending import judge_mending
from wuzha.web.campaign.models import InspectionFinding
from wuzha.web.campaign.queries.inspections import FindingStanding, list_standings

MOST_NAMES = 500


@dataclass(frozen=True, slots=True)
class DueFinding:
    """A finding with how it stands, and as a score counts it."""

    standing: FindingStanding
    owed: Owed


def list_due_findings(tree: Tree, code: str, as_of: date, known_by: date | None = None) -> list[DueFinding]:
    """What was found at the unit and below it on the tree of that day, in the order of the roster.

    What was struck out was no finding.
    """
    places = {unit.code: place for place, unit in enumerate(tree.walk_down(code))}
    # A unit and its own are asked for by name; more of them than a question holds are picked from what was found.
    rows = InspectionFinding.objects.all()
    rows = rows.filter(unit__code__in=list(places)) if len(places) <= MOST_NAMES else rows
    found = [_make_due(one) for one in list_standings(rows, as_of, known_by) if one.finding.unit.code in places]
    return sorted((one for one in found if one), key=lambda one: (places[one.owed.unit], one.owed.number))


def _make_due(standing: FindingStanding) -> DueFinding | None:
    status = judge_mending(standing.mending)
    if status is None:
        return None
    finding = standing.finding
    return DueFinding(standing, Owed(finding.number, finding.unit.code, standing.mending.mend_by, status))


def group_findings(tree: Tree, found: Iterable[DueFinding]) -> Mapping[str, tuple[DueFinding, ...]]:
    """By unit, what is its own and what is below it."""
    below: dict[str, list[DueFinding]] = defaultdict(list)
    for one in found:
        for unit in tree.walk_up(one.owed.unit):
            below[unit.code].append(one)
    return {code: tuple(held) for code, held in below.items()}
