"""Which duties are set aside, for whom and until when. Reads only."""

from collections.abc import Mapping
from dataclasses import replace

from django.db.models import Q, QuerySet

from wuzha.core.assessment.model import Obligation
from wuzha.core.assessment.obligations import expand_obligations, expand_windows
from wuzha.core.base.unit import Tree
from wuzha.core.duty.model import Duty, Waiver
from wuzha.core.duty.who import list_bearers
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


def list_waivers_of(version: PlanVersion, duty_id: str, unit: Unit) -> QuerySet[DutyWaiver]:
    """Every waiver of the duty that is or was for the unit, withdrawn ones too, the latest first."""
    above = unit.path.strip("/").split("/")
    mine = Q(unit=unit) | Q(unit__code__in=above, is_below=True)
    rows = DutyWaiver.objects.filter(mine, version=version, duty=duty_id)
    return rows.select_related("unit", "author", "withdrawn_by").order_by("-id")


def list_covered(plan: Plan, duty: Duty, said: WaiverSaid, tree: Tree) -> list[Obligation]:
    """What this waiver alone would set aside."""
    waiver = spread_waiver(said, tree)
    alone = replace(duty, waivers=(waiver,))
    windows = expand_windows(alone, plan.valid)
    bearers = [unit for unit in list_bearers(duty.who, tree) if unit.code in waiver.units]
    return [one for unit in bearers for one in expand_obligations(alone, unit, windows) if one.waived]
