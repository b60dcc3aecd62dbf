"""The page of a visit round. Authorise, parse, call once, answer."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.ledger.record import Record
from wuzha.core.ledger.subjects import read_subjects
from wuzha.web.accounts.access import UserRequest, get_area, get_recording_unit, may_record
from wuzha.web.accounts.models import Unit
from wuzha.web.accounts.tables import show_page
from wuzha.web.campaign.actions import rounds as actions
from wuzha.web.campaign.actions.records import add_record
from wuzha.web.campaign.forms.records import make_record_id
from wuzha.web.campaign.forms.rounds import SubjectsForm, TickForm
from wuzha.web.campaign.queries import rounds as queries
from wuzha.web.campaign.tables.records import tabulate_round
from wuzha.web.campaign.views.own_unit import find_own_unit, let_choose
from wuzha.web.campaign.wording import language

# So many numbers a page: a thumb can go through them, and the page stays light.
SHOWN = 120


@require_safe
def show_own_round(request: UserRequest) -> HttpResponse:
    """The round of the unit that the person records for."""
    unit = find_own_unit(request)
    return redirect("campaign:round", unit.code) if unit else let_choose(request)


@require_http_methods(["GET", "HEAD", "POST"])
def show_round(request: UserRequest, code: str) -> HttpResponse:
    """Which households are left? A tick makes one record of a visit."""
    unit = get_area(request.user, code, request.today)
    calls = queries.list_calls(unit, request.today)
    call = _choose(request, calls)
    if request.method == "POST":
        return _tick(request, get_recording_unit(request.user, code, request.today), call)
    return _show(request, unit, None, calls, call)


def _choose(request: UserRequest, calls: Sequence[queries.Call]) -> queries.Call | None:
    """The duty that the address names, else the first there is. Raises ``Http404`` for one that is not there."""
    key = request.GET.get("duty", "")
    found = next((call for call in calls if key in ("", call.key)), None)
    if key and found is None:
        raise Http404
    return found


@require_POST
def set_subjects(request: UserRequest, code: str) -> HttpResponse:
    """Which numbers does the round go through?"""
    unit = get_recording_unit(request.user, code, request.today)
    form = SubjectsForm(request.POST)
    if not form.is_valid():
        calls = queries.list_calls(unit, request.today)
        return _show(request, unit, form, calls, _choose(request, calls))
    numbers = form.cleaned_data["numbers"]
    actions.set_subjects(actor=request.user, unit=unit, numbers=numbers, now=request.now)
    told = _("The list has been kept, %(listed)d numbers in all. What was visited before stays visited.")
    messages.success(request, told % {"listed": len(read_subjects(numbers)[0])})
    return _go_back(request, code)


def _go_back(request: UserRequest, code: str) -> HttpResponse:
    """To the round that was shown."""
    chosen = request.GET.get("duty", "")
    return redirect(reverse("campaign:round", args=[code]) + (f"?{urlencode({'duty': chosen})}" if chosen else ""))


def _tick(request: UserRequest, unit: Unit, call: queries.Call | None) -> HttpResponse:
    form = TickForm(request.POST)
    if not form.is_valid():
        return _go_back(request, unit.code)
    record_id, subject = form.cleaned_data["tick"]
    record = _make_visit(record_id, unit, request.today, subject, call)
    outcome, problems = add_record(actor=request.user, record=record, now=request.now)
    if outcome.is_good:
        messages.success(request, _("No. %(number)s is done.") % {"number": subject})
    for problem in problems:
        messages.error(request, describe_problem(problem, language()))
    return _go_back(request, unit.code)


def _make_visit(record_id: UUID, unit: Unit, today: date, subject: str, call: queries.Call | None) -> Record:
    """A visit that counts for the duty: where it names places or audiences, at the first of them."""
    if call is None:
        return Record(record_id, unit.code, queries.VISIT, today, subject=subject)
    place, audience = next(iter(call.duty.narrow.place), ""), next(iter(call.duty.narrow.audience), "")
    return Record(record_id, unit.code, call.kind, today, subject=subject, place=place, audience=audience)


def _show(
    request: UserRequest,
    unit: Unit,
    form: SubjectsForm | None,
    calls: Sequence[queries.Call],
    call: queries.Call | None,
) -> HttpResponse:
    found = queries.find_round(unit, request.today, call)
    place = {
        "unit": unit,
        "round": found,
        "calls": calls,
        "chosen": f"?{urlencode({'duty': call.key})}" if call else "",
        "shown": [(make_record_id(request.now), number) for number in found.left[:SHOWN]],
        "more": len(found.left) - SHOWN,
        "form": form or SubjectsForm(initial={"numbers": queries.find_numbers(unit)}),
        "may_record": may_record(request.user, unit, request.today),
        "no_as_of": True,
    }
    going_out, status = [tabulate_round(found.left)], 422 if form else 200
    return show_page(request, "campaign/rounds/round.html", place, going_out, status)
