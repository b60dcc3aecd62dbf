"""The pages of the kinds of record: what there is, and what the county adds."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wuzha.core.ledger.record import RecordKind
from wuzha.web.accounts.access import UserRequest, find_home
from wuzha.web.accounts.models import Unit
from wuzha.web.accounts.tables import show_page
from wuzha.web.campaign import access
from wuzha.web.campaign.actions import kinds as actions
from wuzha.web.campaign.forms.kinds import CloseForm, KindForm, fill_kind
from wuzha.web.campaign.queries import kinds as queries
from wuzha.web.campaign.tables.plans import tabulate_kind_entries, tabulate_kinds


@require_http_methods(["GET", "HEAD", "POST"])
def show_kinds(request: UserRequest) -> HttpResponse:
    """What can be recorded? An officer of the county can add a kind of the county's own."""
    home = find_home(request.user, request.today)
    if home is None:
        raise PermissionDenied
    unit = access.find_minutes_unit(request.user, request.today)
    if request.method == "POST" and unit is None:
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = KindForm(data, path=(unit or home).path, initial={"asks": ["quantity"], "minutes": 30})
    sight = tuple(access.list_sight(request.user, request.today))
    if unit is not None and request.method == "POST" and form.is_valid():
        told = form.cleaned_data["reason"]
        actions.set_kind(
            actor=request.user,
            unit=unit,
            kind=form.to_core(),
            valid_from=request.today,
            reason=told,
            now=request.now,
        )
        messages.success(request, _("The kind has been added. It stands in every form and list from now on."))
        return redirect("campaign:kinds")
    place: dict[str, Any] = {
        "unit": unit or home,
        "form": form if unit else None,
        "groups": queries.list_groups(),
        "own": queries.list_own(sight, access.list_kind_holders(request.user, request.today), request.today),
        "history": queries.list_entries(sight),
        "no_as_of": True,
    }
    going_out = [tabulate_kinds(place["own"], place["groups"]), tabulate_kind_entries(place["history"])]
    return show_page(request, "campaign/kinds/kinds.html", place, going_out, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def change_kind(request: UserRequest, kind_code: str) -> HttpResponse:
    """What should a kind of our own be from now on?"""
    kind, unit = _get_own_kind(request, kind_code)
    data = request.POST if request.method == "POST" else None
    form = KindForm(data, path=unit.path, fixed=kind, initial=fill_kind(kind))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data["reason"]
        actions.set_kind(
            actor=request.user, unit=unit, kind=form.to_core(), valid_from=request.today, reason=told, now=request.now
        )
        messages.success(request, _("The kind has been changed. Records made before stay as they are."))
        return redirect("campaign:kinds")
    place = {"unit": unit, "kind": kind, "form": form, "no_as_of": True}
    return render(request, "campaign/kinds/change.html", place, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def close_kind(request: UserRequest, kind_code: str) -> HttpResponse:
    """From when is a kind of our own not recorded any more?"""
    kind, unit = _get_own_kind(request, kind_code)
    form = CloseForm(request.POST if request.method == "POST" else None, initial={"last_day": request.today})
    if request.method == "POST" and form.is_valid():
        actions.close_kind(actor=request.user, unit=unit, kind=kind, now=request.now, **form.cleaned_data)
        messages.success(request, _("The kind has been closed. Its old records stay and still read well."))
        return redirect("campaign:kinds")
    place = {"unit": unit, "kind": kind, "form": form, "no_as_of": True}
    return render(request, "campaign/kinds/close.html", place, status=422 if form.errors else 200)


def _get_own_kind(request: UserRequest, code: str) -> tuple[RecordKind, Unit]:
    """The own kind and the unit that it belongs to, for an officer of a county there or above. Else ``Http404``."""
    found = queries.find_own(code, access.list_kind_holders(request.user, request.today))
    if found is None:
        raise Http404
    return found
