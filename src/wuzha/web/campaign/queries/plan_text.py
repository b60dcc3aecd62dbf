"""An issued plan with what its document says around the duties, for the papers that are made from it."""

from wuzha.adapters.plan_yaml import read_plan_yaml
from wuzha.core.paper.plan_text import NO_DOCUMENT, PlanText, read_surroundings
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.models import PlanVersion


def find_plan_text(pk: int) -> PlanText | None:
    """The plan as it was confirmed; none where there is no issued plan of that number."""
    version = PlanVersion.objects.filter(pk=pk, state=PlanVersion.State.ISSUED).select_related("document").first()
    plan = read_plan_yaml(version.text)[0] if version else None
    if version is None or plan is None:
        return None
    document = read_surroundings(version.document.text) if version.document else NO_DOCUMENT
    return PlanText(plan, load_kinds(), document)
