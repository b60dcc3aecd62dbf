"""Inspections: rounds, the draw, the checklist at the place. Authorise, parse, call once, answer."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from secrets import token_hex
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wuzha.adapters.lint_rules import load_rules
from wuzha.adapters.uploads import clean_name
from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import Problem, make_problem
from wuzha.core.base.windows import find_window
from wuzha.core.supervision.checklist import Item, Verdict, check_item, count_most_minutes
from wuzha.core.supervision.inspection import QUARTER
from wuzha.core.supervision.mending import count_mendings
from wuzha.web.accounts.access import Role, UserRequest, get_managed_unit
from wuzha.web.accounts.models import Unit
from wuzha.web.accounts.tables import show_page
from wuzha.web.campaign import access
from wuzha.web.campaign.actions import evidence
from wuzha.web.campaign.actions import inspections as actions
from wuzha.web.campaign.actions.inspections import Actor, Photo, Said, Seen
from wuzha.web.campaign.forms.inspections import (
    CallOffForm,
    Choices,
    DropForm,
    ItemForm,
    RoundForm,
    SeedForm,
    VisitForm,
)
from wuzha.web.campaign.forms.records import make_record_id
from wuzha.web.campaign.models import InspectionRound, InspectionVisit
from wuzha.web.campaign.queries import inspections as queries
from wuzha.web.campaign.tables.inspections import tabulate_items
from wuzha.web.campaign.wording import language

PAGE = 30
UNITS, ITEMS, RECORDS = 10, 5, 3


@require_safe
def list_rounds(request: UserRequest) -> HttpResponse:
    """Which rounds are there, and what waits for me?"""
    user, today = request.user, request.today
    rounds = access.list_visible_rounds(user, today)
    inspected = access.list_inspected_rounds(user, today)
    findings = queries.list_standings(access.list_visible_findings(user, today), today)
    place = {
        "page": Paginator(rounds, PAGE).get_page(request.GET.get("page")),
        "desk": queries.find_desk(inspected, today),
        "visits": queries.list_waiting_visits(inspected, today),
        "counts": count_mendings(one.mending for one in findings),
        "offices": access.list_inspecting_offices(user, today),
        "may_inspect": access.is_supervisor(user, today),
        "no_as_of": True,
    }
    return render(request, "campaign/inspections/list.html", place)


def _get_office(request: UserRequest) -> Unit:
    """The office named in the address, or the first. Raises ``PermissionDenied`` where the person has none."""
    offices = access.list_inspecting_offices(request.user, request.today)
    if code := request.GET.get("unit"):
        office = get_managed_unit(request.user, code, request.today)
        offices = [one for one in offices if one.pk == office.pk]
    if not offices:
        raise PermissionDenied(_("Only an officer of a county or town office plans inspections."))
    return offices[0]


@require_http_methods(["GET", "HEAD", "POST"])
def plan_round(request: UserRequest) -> HttpResponse:
    """A new round. Nobody is drawn by it yet."""
    office = _get_office(request)
    items = queries.list_items(office, request.today)
    choices = _list_choices(request, office, items)
    data = request.POST if request.method == "POST" else None
    form = RoundForm(data, choices=choices, today=request.today, initial=_propose_round(request.today, choices))
    if form.is_bound and form.is_valid():
        row = _plan(request, form, office, items)
        if row is not None:
            messages.success(request, _("The round is planned. Nobody has been drawn yet."))
            return redirect("campaign:inspection", row.pk)
    place = {
        "form": form,
        "office": office,
        "offices": choices.offices,
        "items": items,
        "most_minutes": count_most_minutes(items, ITEMS, RECORDS),
        "shown_items": min(ITEMS, len(items)),
        "shown_records": RECORDS,
        "no_as_of": True,
    }
    return render(request, "campaign/inspections/new.html", place, status=422 if form.errors else 200)


def _list_choices(request: UserRequest, office: Unit, items: Sequence[Item]) -> Choices:
    offices = access.list_inspecting_offices(request.user, request.today)
    areas = queries.list_areas(office, request.today)
    kinds, lines = queries.list_kinds_there(areas[0]), queries.list_lines_there(areas[0])
    return Choices(offices, areas, kinds, lines, max(len(items), 1))


def _propose_round(today: date, choices: Choices) -> dict[str, Any]:
    quarter = find_window(QUARTER, today)
    last = quarter.closes - timedelta(days=1)
    kinds = [kind for kind in choices.kinds if kind in ("village", "community")] or list(choices.kinds[:1])
    counts = {"units": UNITS, "items": min(ITEMS, choices.items), "records": RECORDS}
    return {"opens_on": today, "last_on": last, "kinds": kinds, "method": InspectionRound.Method.SEALED} | counts


def _plan(request: UserRequest, form: RoundForm, office: Unit, items: Sequence[Item]) -> InspectionRound | None:
    """The round; none, with the reason beside its field, where it cannot be drawn."""
    told = form.cleaned_data
    area = get_managed_unit(request.user, told["area"], request.today)
    codes = [unit.code for unit in queries.list_candidates(office, area, told["kinds"], told["line"], told["opens_on"])]
    reasons, problems = queries.read_reasons(told["reasons"], codes)
    form.tell("reasons", *problems)
    if not codes:
        form.tell("kinds", make_problem("inspection.nobody-to-draw"))
    elif len(codes) < told["units"]:
        form.tell("units", make_problem("inspection.too-many-asked", there=len(codes), asked=told["units"]))
    if form.errors:
        return None
    is_public = told["method"] == InspectionRound.Method.PUBLIC
    public = {"source": told["source"], "source_on": told["source_on"]} if is_public else {"sealed": token_hex(16)}
    plain = {
        name: told[name] for name in ("title", "kinds", "line", "opens_on", "last_on", "units", "items", "records")
    }
    said = Said(area=area, reasons=reasons, **plain, **public)
    actor = _make_actor(request, office, Role.OFFICER)
    return actions.plan_round(actor=actor, office=office, said=said, items=items, candidates=codes)


def _make_actor(request: UserRequest, office: Unit, *roles: str) -> Actor:
    """The person in their own post at the office. Raises ``PermissionDenied`` without one."""
    post = access.find_inspecting_post(request.user, office, request.today, *roles)
    if not post:
        raise PermissionDenied
    return Actor(request.user, post, request.now)


@require_safe
def show_round(request: UserRequest, pk: int) -> HttpResponse:
    """What was drawn, how, and what has come of it?"""
    return _show_round(request, access.get_round(request.user, pk, request.today), None)


def _show_round(request: UserRequest, row: InspectionRound, form: SeedForm | None) -> HttpResponse:
    is_inside = access.list_inspected_rounds(request.user, request.today).filter(pk=row.pk).exists()
    is_drawn = hasattr(row, "draw")
    results = queries.find_results(row, request.today) if is_drawn else None
    place = {
        "round": row,
        "results": results,
        "burden": queries.estimate_burden(row),
        "items": queries.read_items(row),
        "candidates": queries.name_units(row.candidates),
        "spared": queries.name_units(row.draw.spared) if is_drawn else [],
        "is_inside": is_inside,
        "is_early": bool(row.source_on and request.today < row.source_on),
        "may_draw": bool(access.find_inspecting_post(request.user, row.unit, request.today, Role.OFFICER)),
        "form": form or SeedForm(),
        "no_as_of": True,
    }
    # Whoever is shown no counts takes none out.
    going_out = [tabulate_items(results.items)] if results and is_inside else []
    return show_page(request, "campaign/inspections/round.html", place, going_out, status=422 if form else 200)


@require_POST
def draw_round(request: UserRequest, pk: int) -> HttpResponse:
    """Draw the lot, once."""
    row = access.get_drawable_round(request.user, pk, request.today)
    form = SeedForm(request.POST)
    if not row.sealed and not form.is_valid():
        return _show_round(request, row, form)
    seed = "" if row.sealed else form.cleaned_data["seed"]
    problems = actions.draw_round(actor=_make_actor(request, row.unit, Role.OFFICER), row=row, seed=seed)
    for problem in problems:
        messages.error(request, describe_problem(problem, language()))
    if not problems:
        messages.success(request, _("The lot has been drawn. It stands as it is."))
    return redirect("campaign:inspection", row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def show_visit(request: UserRequest, pk: int) -> HttpResponse:
    """What is there to be looked at, at this unit? And afterwards: what was seen?"""
    visit = access.get_visit(request.user, pk, request.today)
    may_inspect = bool(access.find_inspecting_post(request.user, visit.round.unit, request.today))
    if request.method == "POST" and not may_inspect:
        raise PermissionDenied
    items = queries.list_visit_items(visit)
    form = _make_visit_form(request, items)
    if form.is_bound and form.is_valid() and _report(request, visit, form):
        return redirect("campaign:inspection-visit", visit.pk)
    report = queries.find_report(visit)
    answers = {one.item: one for one in queries.read_answers(report)}
    place = {
        "visit": visit,
        "form": form if may_inspect and report is None else None,
        "off_form": CallOffForm(),
        "report": report,
        "seen": [(item, answers.get(item.code)) for item in items],
        "findings": queries.list_standings(visit.findings.all(), request.today),
        "records": queries.list_drawn_records(visit),
        "minutes": queries.count_visit_minutes(visit),
        "may_inspect": may_inspect,
        "no_as_of": True,
    }
    return render(request, "campaign/inspections/visit.html", place, status=422 if form.errors else 200)


def _make_visit_form(request: UserRequest, items: Sequence[Item]) -> VisitForm:
    mend_by = {f"mend_by-{item.code}": request.today + queries.TIME_TO_MEND for item in items}
    initial = mend_by | {"record_id": make_record_id(request.now), "made_on": request.today}
    if request.method == "POST":
        return VisitForm(request.POST, request.FILES, items=items, initial=initial)
    return VisitForm(items=items, initial=initial)


def _report(request: UserRequest, visit: InspectionVisit, form: VisitForm) -> bool:
    """Whether the result is kept; if not the form says why."""
    photos = _read_photos(form)
    if form.errors:
        return False
    told = form.cleaned_data
    seen = Seen(told["record_id"], told["made_on"], form.list_answers(), photos, told["note"])
    actor = _make_actor(request, visit.round.unit)
    problems = actions.report_visit(actor=actor, visit=visit, seen=seen)
    for problem in problems:
        form.add_error(None, describe_problem(problem, language()))
        if problem.code == "inspection.settled":  # a colleague was faster, and the page has no form any more
            messages.error(request, describe_problem(problem, language()))
    if not problems:
        bad = sum(answer.verdict is Verdict.BAD for answer in seen.answers)
        messages.success(request, _("Kept. The visit stands in the ledger; findings: %(n)s.") % {"n": bad})
    return not problems


def _read_photos(form: VisitForm) -> Mapping[str, Photo]:
    """The photos by item. One that cannot be kept is told beside its field, before anything is written."""
    photos: dict[str, Photo] = {}
    for code, file in form.list_photos().items():
        photo, problems = _read_photo(file)
        for problem in problems:
            form.add_error(f"photo-{code}", describe_problem(problem, language()))
        if photo is not None:
            photos[code] = photo
    if len(photos) > evidence.FILES_A_RECORD:
        problem = make_problem("evidence.too-many", limit=evidence.FILES_A_RECORD)
        form.add_error(None, describe_problem(problem, language()))
    return photos


def _read_photo(file: "UploadedFile[bytes]") -> tuple[Photo | None, list[Problem]]:
    name = clean_name(file.name or "")
    if (file.size or 0) > evidence.count_limit():
        return None, evidence.refuse_size(name, file.size or 0)
    content = file.read()
    prepared, problems = evidence.prepare(content, name)
    return (Photo(name, content) if prepared and prepared.look is not None else None), problems


@require_POST
def call_off(request: UserRequest, pk: int) -> HttpResponse:
    """The drawn unit is not visited, for a reason."""
    visit = access.get_visit(request.user, pk, request.today)
    actor = _make_actor(request, visit.round.unit)
    form = CallOffForm(request.POST)
    if form.is_valid():
        problems = actions.call_off_visit(actor=actor, visit=visit, reason=form.cleaned_data["reason"])
        for problem in problems:
            messages.error(request, describe_problem(problem, language()))
        if not problems:
            messages.success(request, _("Noted. The unit may be drawn again."))
        return redirect("campaign:inspection", visit.round_id)
    messages.error(request, _("Say why nobody goes there."))
    return redirect("campaign:inspection-visit", visit.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def show_checklist(request: UserRequest) -> HttpResponse:
    """What do our inspections look at? An officer words it, adds to it and drops from it, from a day on."""
    office = _get_office(request)
    form = _make_item_form(request, office)
    if request.method == "POST" and _change_checklist(request, office, form):
        return redirect(request.get_full_path())
    place = {
        "office": office,
        "offices": access.list_inspecting_offices(request.user, request.today),
        "listed": queries.list_listed(office, request.today),
        "coming": queries.list_coming(office, request.today),
        "form": form,
        "no_as_of": True,
    }
    return render(request, "campaign/inspections/checklist.html", place, status=422 if form.errors else 200)


def _make_item_form(request: UserRequest, office: Unit) -> ItemForm:
    if request.method == "POST" and "drop" not in request.POST:
        return ItemForm(request.POST, today=request.today)
    named = request.GET.get("item", "")
    item = next((one for one in queries.list_items(office, request.today) if one.code == named), None)
    told = {"title": item.title, "look": item.look, "minutes": item.minutes, "code": item.code} if item else {}
    return ItemForm(today=request.today, initial={"since": request.today, "minutes": 5} | told)


def _change_checklist(request: UserRequest, office: Unit, form: ItemForm) -> bool:
    """Whether something was changed; if not the form says why."""
    actor = _make_actor(request, office, Role.OFFICER)
    drop = DropForm(request.POST)
    if "drop" in request.POST:
        known = {item.code: item for item in queries.list_items(office, request.today)}
        item = known.get(drop.cleaned_data["drop"]) if drop.is_valid() else None
        if item is not None and len(known) > 1:
            actions.set_item(actor=actor, office=office, item=item, since=request.today, is_dropped=True)
            messages.success(request, _("Taken off the list from today on. Rounds already planned keep it."))
        return True
    if not form.is_valid():
        return False
    told = form.cleaned_data
    code = told["code"] or f"{actions.OWN}{token_hex(4)}"
    item = Item(code, told["title"].strip(), told["look"].strip(), told["minutes"])
    problems = check_item(item, load_rules(), told["since"])
    if problems:
        form.tell(problems)
        return False
    actions.set_item(actor=actor, office=office, item=item, since=told["since"])
    messages.success(request, _("Kept. It holds for rounds planned from that day on."))
    return True
