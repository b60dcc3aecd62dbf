"""The page of the working days: what is known, and what the county says of its own days."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wuzha.web.accounts.access import UserRequest, find_home
from wuzha.web.accounts.tables import show_page
from wuzha.web.campaign import access
from wuzha.web.campaign.actions import calendar as actions
from wuzha.web.campaign.forms.calendar import DayForm
from wuzha.web.campaign.queries import calendar as queries
from wuzha.web.campaign.tables.plans import tabulate_days


@require_http_methods(["GET", "HEAD", "POST"])
def show_calendar(request: UserRequest) -> HttpResponse:
    """Which days are worked here? An officer of the county can say it of a day."""
    home = find_home(request.user, request.today)
    if home is None:
        raise PermissionDenied
    unit = access.find_minutes_unit(request.user, request.today)
    if request.method == "POST" and unit is None:
        raise PermissionDenied
    form = DayForm(request.POST if request.method == "POST" else None)
    if unit is not None and request.method == "POST" and form.is_valid():
        actions.say_day(actor=request.user, unit=unit, now=request.now, **form.cleaned_data)
        messages.success(request, _("The day has been entered. Due days follow it from now on."))
        return redirect("campaign:calendar")
    days = queries.list_days((unit or home).path)
    place = {
        "unit": unit or home,
        "form": form if unit else None,
        "days": days,
        "years": sorted(queries.find_calendar((unit or home).path).workdays.years),
        "no_as_of": True,
    }
    status = 422 if form.errors else 200
    return show_page(request, "campaign/calendar/calendar.html", place, [tabulate_days(days)], status)


@require_POST
def withdraw_day(request: UserRequest, pk: int) -> HttpResponse:
    """Take back what was said of a day. Only an officer of the unit that said it."""
    row = access.get_calendar_day(request.user, pk, request.today)
    if actions.withdraw_day(actor=request.user, row=row, now=request.now):
        messages.success(request, _("Taken back. The day is again what it was before."))
    return redirect("campaign:calendar")
