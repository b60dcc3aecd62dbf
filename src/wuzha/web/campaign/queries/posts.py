"""What lies on a post's desk, and how the units of one line stand."""

from collections.abc import Mapping, Sequence
from datetime import date

from wuzha.core.assessment.model import Totals
from wuzha.core.base.unit import Unit as CoreUnit
from wuzha.web.accounts.access import opens_unit
from wuzha.web.accounts.models import ApiToken, Post, Unit
from wuzha.web.campaign.models import DraftPaper, DraftScorecard, HeldRecord, InspectionVisit, PlanVersion
from wuzha.web.campaign.queries.ground import PlanInForce, list_begun_plans
from wuzha.web.campaign.queries.work import list_bearers


def count_open_work(post: Post, on: date) -> Mapping[str, int]:
    """How much is under work where the post is, by kind; kinds of which there is nothing are left out."""
    drafts = {"unit": post.unit}
    visits = InspectionVisit.objects.filter(round__unit=post.unit, report__isnull=True, called_off__isnull=True)
    found = {
        "plans": PlanVersion.objects.filter(state=PlanVersion.State.DRAFT, **drafts).count(),
        "papers": DraftPaper.objects.filter(**drafts).count(),
        "scorecards": DraftScorecard.objects.filter(**drafts).count(),
        "held": HeldRecord.objects.filter(opens_unit(post, "unit"), applied_at=None).count(),
        "visits": visits.filter(round__last_on__gte=on).count(),
        "keys": ApiToken.objects.filter(post=post, closes_on__gt=on).count(),
    }
    return {kind: number for kind, number in found.items() if number}


def list_line_units(post: Post, as_of: date) -> list[str]:
    """The codes of the units that the post opens, of those that exist on the day."""
    units = Unit.objects.filter(opens_unit(post), opens_on__lte=as_of, closes_on__gt=as_of)
    return list(units.values_list("code", flat=True))


def list_line_plans(post: Post, as_of: date) -> list[PlanInForce]:
    """The plans begun by that day under which a unit of the post owes anything, the highest issuer's first."""
    return [plan for plan in list_begun_plans(post.unit, as_of) if count_line(post, plan, as_of)]


def count_line(post: Post, in_force: PlanInForce, as_of: date) -> Sequence[tuple[CoreUnit, Totals]]:
    """How each unit of the post's line stands in the plan: nothing of any other unit is in it."""
    codes = frozenset(list_line_units(post, as_of))
    return [row for row in list_bearers(in_force, post.unit.code, "", as_of) if row[0].code in codes]
