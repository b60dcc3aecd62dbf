"""The pages of burden: what a plan costs, and the minutes that this is reckoned with."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wuzha.web.accounts.access import UserRequest, find_home
from wuzha.web.accounts.context import read_as_of
from wuzha.web.accounts.tables import show_page
from wuzha.web.campaign import access
from wuzha.web.campaign.actions import burden as actions
from wuzha.web.campaign.forms.burden import MinutesForm
from wuzha.web.campaign.kinds import load_kinds_at
from wuzha.web.campaign.queries import burden as queries
from wuzha.web.campaign.tables import plans as tables


@require_safe
def show_burden(request: UserRequest, plan: int) -> HttpResponse:
    """What does this plan cost the units?"""
    found = access.get_weighed_plan(request.user, plan, request.today)
    as_of = read_as_of(request)
    visible = access.list_visible_plans(request.user, request.today)
    burden, together = queries.weigh_version(found, as_of), queries.weigh_beside(found, visible, as_of)
    place = {"as_of": as_of, "plan": found, "unit": found.unit, "burden": burden, "together": together}
    going_out = [tables.tabulate_burden(burden, together), tables.tabulate_loads(burden)]
    return show_page(request, "campaign/plans/burden.html", place, going_out + tables.tabulate_kind_loads(burden))


@require_http_methods(["GET", "HEAD", "POST"])
def show_minutes(request: UserRequest) -> HttpResponse:
    """How many minutes does one record cost? An officer of the county can set the county's own figure."""
    home = find_home(request.user, request.today)
    if home is None:
        raise PermissionDenied
    unit = access.find_minutes_unit(request.user, request.today)
    if request.method == "POST" and unit is None:
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    kinds = load_kinds_at((unit or home).path)
    form = MinutesForm(data, kinds=kinds, initial={"valid_from": request.today})
    if unit is not None and request.method == "POST" and form.is_valid():
        actions.set_minutes(actor=request.user, unit=unit, now=request.now, **form.cleaned_data)
        messages.success(request, _("The figure has been added. Earlier days keep theirs."))
        return redirect("campaign:minutes")
    as_of = read_as_of(request)
    place: dict[str, Any] = {
        "as_of": as_of,
        "unit": unit or home,
        "form": form if unit else None,
        "rows": queries.list_minute_rows(unit or home, as_of),
        "history": queries.list_own_minutes(unit or home).reverse(),
    }
    going_out, status = [tables.tabulate_minutes(place["rows"])], 422 if form.errors else 200
    return show_page(request, "campaign/plans/burden_minutes.html", place, going_out, status)
