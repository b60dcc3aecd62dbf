"""The page of a visit round. Authorise, parse, call once, answer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wuzha.adapters.wording import describe_problem
from wuzha.core.ledger.record import Record
from wuzha.web.accounts.access import UserRequest, get_recording_unit, get_unit, may_record
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign import access
from wuzha.web.campaign.actions import rounds as actions
from wuzha.web.campaign.actions.records import add_record
from wuzha.web.campaign.forms.records import make_record_id
from wuzha.web.campaign.forms.rounds import SubjectsForm, TickForm
from wuzha.web.campaign.queries import rounds as queries
from wuzha.web.campaign.wording import language

# So many numbers a page: a thumb can go through them, and the page stays light.
SHOWN = 120


@require_safe
def show_own_round(request: UserRequest) -> HttpResponse:
    """The round of the unit that the person records for."""
    unit = access.list_recording_units(request.user, request.today).first()
    if unit is None:
        raise PermissionDenied(_("You hold no post that makes records. Ask the officer of your unit to appoint you."))
    return redirect("campaign:round", unit.code)


@require_http_methods(["GET", "HEAD", "POST"])
def show_round(request: UserRequest, code: str) -> HttpResponse:
    """Which households are left? A tick makes one record of a visit."""
    unit = get_unit(request.user, code, request.today)
    if request.method == "POST":
        return _tick(request, get_recording_unit(request.user, code, request.today))
    return _show(request, unit, None)


@require_POST
def set_subjects(request: UserRequest, code: str) -> HttpResponse:
    """Which numbers does the round go through?"""
    unit = get_recording_unit(request.user, code, request.today)
    form = SubjectsForm(request.POST)
    if not form.is_valid():
        return _show(request, unit, form)
    actions.set_subjects(actor=request.user, unit=unit, numbers=form.cleaned_data["numbers"], now=request.now)
    messages.success(request, _("The list has been kept. What was visited before stays visited."))
    return redirect("campaign:round", code)


def _tick(request: UserRequest, unit: Unit) -> HttpResponse:
    form = TickForm(request.POST)
    if not form.is_valid():
        return redirect("campaign:round", unit.code)
    record_id, subject = form.cleaned_data["tick"]
    record = Record(record_id, unit.code, queries.VISIT, request.today, subject=subject)
    outcome, problems = add_record(actor=request.user, record=record, now=request.now)
    if outcome.is_good:
        messages.success(request, _("No. %(number)s is done.") % {"number": subject})
    for problem in problems:
        messages.error(request, describe_problem(problem, language()))
    return redirect("campaign:round", unit.code)


def _show(request: UserRequest, unit: Unit, form: SubjectsForm | None) -> HttpResponse:
    found = queries.find_round(unit, request.today)
    place = {
        "unit": unit,
        "round": found,
        "shown": [(make_record_id(request.now), number) for number in found.left[:SHOWN]],
        "more": len(found.left) - SHOWN,
        "form": form or SubjectsForm(initial={"numbers": queries.find_numbers(unit)}),
        "may_record": may_record(request.user, unit, request.today),
        "no_as_of": True,
    }
    return render(request, "campaign/rounds/round.html", place, status=422 if form else 200)
