"""Does a plan collide with higher rules?"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wuzha.web.accounts.access import UserRequest
from wuzha.web.accounts.queries import read_tree
from wuzha.web.accounts.tables import show_page
from wuzha.web.campaign import access, wording
from wuzha.web.campaign.actions import lint as actions
from wuzha.web.campaign.forms.lint import StandForm
from wuzha.web.campaign.models import PlanVersion
from wuzha.web.campaign.queries.lint import Checkup, check_up
from wuzha.web.campaign.tables.plans import tabulate_findings
from wuzha.web.campaign.views.review import refuses_issued


@require_safe
def show_lint(request: UserRequest, plan: int) -> HttpResponse:
    """What was found, before issuing and after: each place with the rule, why, and a wording that would do."""
    found = access.get_plan(request.user, plan, request.today)
    return _answer(request, found, None)


@require_POST
@refuses_issued
def let_stand(request: UserRequest, plan: int) -> HttpResponse:
    """A person has looked at what was found and lets it stand, or takes it up again."""
    found = access.get_managed_plan(request.user, plan, request.today)
    key = request.POST.get("finding", "")
    if found.state == PlanVersion.State.DRAFT and key not in _check_up(request, found).keys:
        return _answer(request, found, None, is_unknown=True)
    if request.POST.get("again"):
        actions.take_up(actor=request.user, plan=found, finding=key, now=request.now)
        return redirect("campaign:plan-lint", found.pk)
    form = StandForm(request.POST)
    if not form.is_valid():
        return _answer(request, found, form)
    values = form.cleaned_data
    actions.let_stand(
        actor=request.user, plan=found, finding=values["finding"], reason=values["reason"], now=request.now
    )
    messages.success(request, _("It has been noted that you let this stand."))
    return redirect(reverse("campaign:plan-lint", args=[found.pk]))


def _answer(
    request: UserRequest, plan: PlanVersion, form: StandForm | None, *, is_unknown: bool = False
) -> HttpResponse:
    """``is_unknown``: what was to be let stand is not found, or not in this way."""
    checkup = _check_up(request, plan)
    may_decide = plan.state == PlanVersion.State.DRAFT and access.may_manage_plan(request.user, plan, request.today)
    place = {
        "plan": plan,
        "unit": plan.unit,
        "checkup": checkup,
        "may_decide": may_decide,
        "refused": form["finding"].value() if form else None,
        "is_unknown": is_unknown,
        "no_as_of": True,
    }
    status = 422 if form or is_unknown else 200
    return show_page(request, "campaign/plans/lint.html", place, [tabulate_findings(checkup.told)], status)


def _check_up(request: UserRequest, plan: PlanVersion) -> Checkup:
    return check_up(plan, read_tree(), request.today, wording.language())
