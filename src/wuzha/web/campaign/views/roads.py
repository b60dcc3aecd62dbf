"""The pages of sites and roads: what hangs where, and the lines it hangs along. Authorise, parse, call once, answer."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wuzha.core.base.problem import has_errors
from wuzha.web.accounts.access import (
    UserRequest,
    find_home,
    get_area,
    get_managed_unit,
    get_recording_unit,
    list_managed_units,
    list_visible_units,
    may_manage,
    may_record,
)
from wuzha.web.accounts.context import read_as_of
from wuzha.web.accounts.queries import show_past
from wuzha.web.accounts.tables import show_page
from wuzha.web.campaign.actions import roads as actions
from wuzha.web.campaign.drawing import draw_map, draw_shapes
from wuzha.web.campaign.forms.roads import GroundForm, PlaceForm, SitesForm, is_shifted_by_default
from wuzha.web.campaign.queries import roads as queries
from wuzha.web.campaign.queries.sites import has_site, load_sites
from wuzha.web.campaign.tables import ground as tables

PAGE = 50


@require_safe
def show_home_sites(request: UserRequest) -> HttpResponse:
    """The sites of the person's own unit."""
    home = find_home(request.user, request.today)
    if home is None:
        return render(request, "campaign/sites/none.html", {"no_as_of": True})
    return _render_sites(request, home.code)


@require_safe
def show_sites(request: UserRequest, code: str) -> HttpResponse:
    """What hangs where, at the unit and below it, and where along the roads nothing does."""
    return _render_sites(request, code)


def _render_sites(request: UserRequest, code: str) -> HttpResponse:
    today, as_of = request.today, read_as_of(request)
    unit = get_area(request.user, code, today)
    form = SitesForm(request.GET, path=unit.path)
    chosen = form.cleaned_data if form.is_valid() else {}
    seen = list_visible_units(request.user, today)
    sites = load_sites(unit, as_of, request.GET.get("spaced", "")[:40], chosen.get("limit"), seen)
    show_past([unit], as_of, today)
    kind, unseen = chosen.get("kind", ""), chosen.get("unseen") or 0
    shown = [row for row in sites.sites if kind in ("", row.site.kind) and row.unseen_days >= unseen]
    is_near = request.GET.get("near") == "1"
    place = {
        "as_of": as_of,
        "unit": unit,
        "form": form,
        "sites": sites,
        "drawing": draw_map(sites, is_near=is_near),
        "is_near": is_near,
        "standing": sum(row.site.is_standing for row in sites.sites),
        "damaged": sum(row.site.is_damaged for row in sites.sites),
        "page": Paginator(shown, PAGE).get_page(request.GET.get("page")),
        "may_record": may_record(request.user, unit, today),
        "may_manage": may_manage(request.user, unit, today),
    }
    going_out = [
        tables.tabulate_sites(shown),
        tables.tabulate_gaps(sites.gaps),
        tables.tabulate_hoardings(sites.hoardings),
    ]
    return show_page(request, "campaign/sites/sites.html", place, going_out)


@require_http_methods(["GET", "HEAD", "POST"])
def place_site(request: UserRequest, code: str) -> HttpResponse:
    """Where one numbered site stands."""
    unit = get_recording_unit(request.user, code, request.today)
    subject = request.GET.get("subject", "")[:64].replace("\0", "")
    if not has_site(unit, subject):
        raise Http404
    known = queries.find_place(unit, subject)
    # What is kept is WGS84, whatever the setting says of what is typed.
    initial = {"lon": known.lon, "lat": known.lat, "is_shifted": False} if known else {}
    form = PlaceForm(request.POST) if request.method == "POST" else PlaceForm(initial=initial)
    if form.is_valid():
        actions.place_site(actor=request.user, unit=unit, subject=subject, point=form.make_point(), now=request.now)
        messages.success(request, _("The place of no. %(subject)s is kept.") % {"subject": subject})
        return redirect("campaign:sites", unit.code)
    shapes = queries.list_shapes_round(unit, known)
    place = {
        "unit": unit,
        "subject": subject,
        "form": form,
        "drawing": draw_shapes(shapes),
        "is_placed": known is not None,
        "no_as_of": True,
    }
    return render(request, "campaign/sites/place.html", place, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def upload_roads(request: UserRequest, code: str) -> HttpResponse:
    """Takes a file of roads and outlines and leads to its preview; lists the roads that are there."""
    today = request.today
    unit = get_managed_unit(request.user, code, today)
    initial = {"opens_on": today, "is_shifted": is_shifted_by_default()}
    form = GroundForm(request.POST, request.FILES) if request.method == "POST" else GroundForm(initial=initial)
    if form.is_valid():
        typed = form.cleaned_data
        file = {"name": typed["file"].name, "content": typed["file"].read(), "is_shifted": typed["is_shifted"]}
        actions.hold_ground(actor=request.user, unit=unit, file=file | {"opens_on": typed["opens_on"]}, now=request.now)
        return redirect("campaign:roads-preview", unit.code)
    roads = queries.list_open_roads(unit)
    place = {"unit": unit, "form": form, "roads": roads, "no_as_of": True}
    going_out, status = [tables.tabulate_roads(roads)], 422 if form.errors else 200
    return show_page(request, "campaign/sites/upload.html", place, going_out, status)


@require_safe
def preview_roads(request: UserRequest, code: str) -> HttpResponse:
    """What the held file would change, drawn and listed, or everything that is wrong in it."""
    unit = get_managed_unit(request.user, code, request.today)
    upload = queries.find_held_ground(request.user)
    if upload is None or upload.unit_id != unit.pk:
        return redirect("campaign:roads-upload", unit.code)
    preview = queries.preview_ground(upload, list_managed_units(request.user, request.today))
    place = {
        "unit": unit,
        "upload": upload,
        "preview": preview,
        "is_refused": has_errors(preview.problems),
        "drawing": draw_shapes([change.shape for change in preview.changes]),
        "page": Paginator(preview.changes, PAGE).get_page(request.GET.get("page")),
        "no_as_of": True,
    }
    return show_page(request, "campaign/sites/preview.html", place, [tables.tabulate_ground(preview.changes)])


@require_POST
def confirm_roads(request: UserRequest, code: str) -> HttpResponse:
    """Takes the held file in; a page of a file that another has replaced since takes nothing in."""
    unit = get_managed_unit(request.user, code, request.today)
    upload = queries.find_held_ground(request.user)
    if upload is None or upload.unit_id != unit.pk:
        raise Http404
    if request.POST.get("seen") != upload.fingerprint:
        messages.warning(
            request,
            _("Nothing was imported: another file was uploaded after that page. This is the newer one; look it over."),
        )
        return redirect("campaign:roads-preview", unit.code)
    managed = list_managed_units(request.user, request.today)
    made, problems = actions.take_in_ground(actor=request.user, upload=upload, managed=managed, now=request.now)
    if has_errors(problems):
        return redirect("campaign:roads-preview", unit.code)
    messages.success(
        request, _("The file is in: %(number)d lines and places are new or changed.") % {"number": len(made)}
    )
    return redirect("campaign:sites", unit.code)


@require_POST
def close_road(request: UserRequest, code: str, number: int) -> HttpResponse:
    """From today on the road asks for nothing."""
    unit = get_managed_unit(request.user, code, request.today)
    road = get_object_or_404(queries.list_open_roads(unit), pk=number)
    actions.close_road(actor=request.user, road=road, closes_on=request.today, now=request.now)
    messages.success(request, _("“%(name)s” is no longer counted from today on.") % {"name": road.name})
    return redirect("campaign:roads-upload", unit.code)
