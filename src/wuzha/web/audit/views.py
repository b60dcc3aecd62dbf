"""The pages of the audit log: authorise, parse, note who reads, call once, answer."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from wuzha.web.accounts.access import UserRequest
from wuzha.web.accounts.tables import show_page
from wuzha.web.audit import queries
from wuzha.web.audit.access import get_entry, get_scope
from wuzha.web.audit.actions import note_reading
from wuzha.web.audit.forms import AuditForm, read_place, write_place
from wuzha.web.audit.places import PIECE, place_entries
from wuzha.web.audit.tables import tabulate_entries


@require_http_methods(["GET", "HEAD", "POST"])
def show_log(request: UserRequest) -> HttpResponseBase:
    """Who did what? Reading it is noted in it."""
    scope = get_scope(request.user, request.today)
    form = AuditForm(request.GET)
    asked = form.read()
    before = read_place(request.GET.get("before", ""))
    if not scope.everything:
        place_entries(now=request.now, most=PIECE)
    page = queries.list_page(scope, asked, before) if asked else queries.Page((), None)
    place = {
        "form": form,
        "page": page,
        "older": write_place(page.older) if page.older else "",
        "begun": before is not None,
        "scope": scope,
        "state": queries.read_state(),
        "no_as_of": True,
    }
    if request.method == "GET" and "format" not in request.GET:
        filters = {name: str(value) for name, value in form.cleaned_data.items() if value}
        note_reading(actor=request.user, unit=scope.units[0], filters=filters, now=request.now)
    return show_page(
        request, "audit/log.html", place, [tabulate_entries(queries.list_all(scope, asked))] if asked else []
    )


@require_safe
def show_entry(request: UserRequest, number: int) -> HttpResponse:
    """What exactly was done, and does it stand as it was written?"""
    entry = get_entry(request.user, number, request.today)
    place = {"entry": entry, "standing": queries.find_standing(entry), "no_as_of": True}
    return render(request, "audit/entry.html", place)


@require_safe
def show_own(request: UserRequest) -> HttpResponse:
    """Who looked at my data, and where did I log in?"""
    place = {
        "looks": queries.list_looks_at(request.user, request.now),
        "log_ins": queries.list_own_log_ins(request.user, request.now),
        "no_as_of": True,
    }
    return render(request, "audit/own.html", place)
