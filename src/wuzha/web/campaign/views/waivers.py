"""The page on which a duty is set aside for a unit, with who did so, why and until when."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import make_problem
from wuzha.core.duty.model import Duty
from wuzha.web.accounts.access import UserRequest, get_area
from wuzha.web.accounts.models import Unit
from wuzha.web.accounts.tables import show_page
from wuzha.web.campaign import access
from wuzha.web.campaign.actions import waivers as actions
from wuzha.web.campaign.forms.waivers import WaiverForm, WithdrawWaiverForm
from wuzha.web.campaign.models import PlanVersion
from wuzha.web.campaign.queries.ground import PlanInForce, load_bound_tree, load_plan, load_tree
from wuzha.web.campaign.queries.waivers import list_covered, list_waivers_of
from wuzha.web.campaign.tables.plans import tabulate_waivers
from wuzha.web.campaign.wording import language


@require_http_methods(["GET", "HEAD", "POST"])
def show_waivers(request: UserRequest, code: str, pk: int, duty_id: str) -> HttpResponse:
    """What of this duty is set aside for this unit? An officer of the plan's issuer can set more aside."""
    unit, in_force, duty = _get_place(request, code, pk, duty_id)
    giver = access.find_issuing_body(request.user, in_force.version, request.today)
    if request.method == "POST" and giver is None:
        raise PermissionDenied
    form = WaiverForm(request.POST if request.method == "POST" else None)
    if giver is not None and request.method == "POST" and form.is_valid():
        said = form.to_core(duty=duty_id, unit=code, given_by=giver.name)
        covered = list_covered(in_force.plan, duty, said, load_bound_tree(in_force))
        if covered:
            actions.give_waiver(actor=request.user, version=in_force.version, unit=unit, said=said, now=request.now)
            told = ngettext("Set aside: %(n)s window.", "Set aside: %(n)s windows.", len(covered))
            messages.success(request, told % {"n": len(covered)})
            return redirect("campaign:waivers", code, pk, duty_id)
        form.add_error(None, describe_problem(make_problem("waiver.covers-nothing"), language()))
    waivers = list_waivers_of(in_force.version, duty_id, unit, load_tree())
    place = {
        "unit": unit,
        "in_force": in_force,
        "duty": duty,
        "form": form if giver else None,
        "withdraw_form": WithdrawWaiverForm() if giver else None,
        "waivers": waivers,
        "no_as_of": True,
    }
    status = 422 if form.errors else 200
    return show_page(request, "campaign/waivers/waivers.html", place, [tabulate_waivers(waivers)], status)


def _get_place(request: UserRequest, code: str, pk: int, duty_id: str) -> tuple[Unit, PlanInForce, Duty]:
    """The unit, the issued plan that binds or ever bound it and its duty. Raises ``Http404`` for one out of sight."""
    unit = get_area(request.user, code, request.today)
    version = access.get_plan(request.user, pk, request.today)
    if version.state != PlanVersion.State.ISSUED:
        raise Http404
    in_force = load_plan(version)
    if unit.code not in load_bound_tree(in_force).by_code:
        raise Http404
    duty = in_force.plan.find_duty(duty_id)
    if duty is None:
        raise Http404
    return unit, in_force, duty


@require_POST
def withdraw_waiver(request: UserRequest, pk: int) -> HttpResponse:
    """Take up again what was set aside. Only an officer of the plan's issuer, with a reason."""
    row = access.get_waiver(request.user, pk, request.today)
    form = WithdrawWaiverForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why it is taken back."))
    elif actions.withdraw_waiver(actor=request.user, row=row, reason=form.cleaned_data["reason"], now=request.now):
        messages.success(request, _("Taken back. The duty is owed again; the waiver stays listed."))
    return redirect("campaign:waivers", row.unit.code, row.version_id, row.duty)
