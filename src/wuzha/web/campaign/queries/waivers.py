"""Which duties are set aside, for whom and until when. Reads only."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db.models import Q

from wuzha.core.assessment.model import Obligation
from wuzha.core.assessment.obligations import expand_obligations, expand_windows
from wuzha.core.base.unit import Tree
from wuzha.core.duty.model import Duty, Waiver
from wuzha.core.duty.who import list_turns
from wuzha.core.plan.model import Plan
from wuzha.core.plan.waiver import WaiverSaid, spread_waiver
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.models import DutyWaiver, PlanVersion


def load_waivers(tree: Tree) -> Mapping[int, tuple[Waiver, ...]]:
    """Those in force, by the database's number of the plan, with every unit that each is for."""
    found: dict[int, tuple[Waiver, ...]] = {}
    for row in DutyWaiver.objects.filter(withdrawn_at=None).select_related("unit"):
        found[row.version_id] = (*found.get(row.version_id, ()), spread_waiver(row.to_core(), tree))
    return found


def list_waivers_of(version: PlanVersion, duty_id: str, unit: Unit, tree: Tree) -> list[DutyWaiver]:
    """Every waiver of the duty that is or was for the unit, withdrawn ones too, the latest first.

    One for all units below another is for those that stood there on its first day.
    """
    rows = DutyWaiver.objects.filter(Q(unit=unit) | Q(is_below=True), version=version, duty=duty_id)
    found = rows.select_related("unit", "author", "withdrawn_by").order_by("-id")
    return [row for row in found if unit.code in spread_waiver(row.to_core(), tree).units]


def list_covered(plan: Plan, duty: Duty, said: WaiverSaid, tree: Tree) -> list[Obligation]:
    """What this waiver alone would set aside, of those who bear each window."""
    waiver = spread_waiver(said, tree)
    alone = replace(duty, waivers=(waiver,))
    return [
        one
        for turn in list_turns(alone, tree, expand_windows(alone, plan.valid), date.max)
        for code in sorted(turn.bearers & waiver.units)
        for one in expand_obligations(alone, tree.by_code[code], turn.windows)
        if one.waived
    ]
