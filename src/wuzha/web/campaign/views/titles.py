"""Titles: who has one, how a unit stands on the way to one, and the steps that people take. Authorise, parse, call
once, answer."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import Problem, has_errors, make_problem
from wuzha.core.title.criteria import CriterionFinding, check_findings, list_unmet
from wuzha.core.title.life import Title, TitleEvent, TitleEventKind, check_title_event
from wuzha.core.title.share import Stage
from wuzha.web.accounts.access import UserRequest, find_home, get_area, may_record
from wuzha.web.accounts.context import read_as_of
from wuzha.web.accounts.models import Post, Unit
from wuzha.web.accounts.queries import show_past
from wuzha.web.accounts.tables import show_page
from wuzha.web.accounts.templatetags.wuzha import kind_title
from wuzha.web.campaign import access
from wuzha.web.campaign.actions import titles as actions
from wuzha.web.campaign.forms import titles as forms
from wuzha.web.campaign.forms.standings import read_known
from wuzha.web.campaign.models import TitleCertificate, TitleCriteria, TitleProgram
from wuzha.web.campaign.queries import titles as queries
from wuzha.web.campaign.queries.calendar import find_calendar
from wuzha.web.campaign.queries.ground import load_tree
from wuzha.web.campaign.tables import titles as tables
from wuzha.web.campaign.title_said import with_findings
from wuzha.web.campaign.wording import language

PAGE = 100
SHOWN = 20
Kind = TitleEventKind


# --- programmes -------------------------------------------------------------------------------------------------------


@require_safe
def show_programs(request: UserRequest) -> HttpResponse:
    """Which titles are there, and who has them?"""
    today, as_of, known = request.today, read_as_of(request), read_known(request)
    home = find_home(request.user, today)
    places = [(one, choose_place(one, home)) for one in access.list_visible_programs(request.user, today)]
    show_past([home, *(unit for _program, unit in places)], as_of, today)
    place = {
        "as_of": as_of,
        "known": known,
        "home": home,
        "programs": [(one, unit, queries.build_share(one, unit.code, as_of, known)) for one, unit in places],
        "own": queries.list_unit_titles(home, as_of) if home else [],
        "may_set_up": access.list_issuing_units(request.user, today).exists(),
        "may_review": access.is_supervisor(request.user, today),
    }
    return render(request, "campaign/titles/list.html", place)


def choose_place(program: TitleProgram, home: Unit | None) -> Unit:
    """The person's own area where it lies inside the programme's, else the programme's."""
    return home if home is not None and home.path.startswith(program.unit.path) else program.unit


@require_http_methods(["GET", "HEAD", "POST"])
def set_up_program(request: UserRequest) -> HttpResponse:
    """A new title of a unit whose plans the person issues."""
    units = access.list_issuing_units(request.user, request.today).order_by("path")
    unit = units.filter(code=request.GET.get("unit", "")).first() or units.first()
    if unit is None:
        raise PermissionDenied
    plans = queries.list_plan_choices(unit, request.today)
    data = request.POST if request.method == "POST" else None
    form = forms.ProgramForm(data, plans=plans, issuer=unit.name, day=request.today)
    if form.is_valid() and _is_fit(form, unit, form.cleaned_data["kinds"], request.today):
        try:
            program = actions.set_up_program(
                actor=request.user,
                unit=unit,
                name=form.cleaned_data["name"],
                kinds=form.cleaned_data["kinds"],
                criteria=form.to_said(),
                now=request.now,
            )
        except IntegrityError:
            form.add_error("name", _("There is a title of this name already. Choose another name."))
        else:
            messages.success(request, _("The title has been set up. Units may apply from now on."))
            return redirect("campaign:title", program.pk)
    place = {"form": form, "unit": unit, "units": units[:PAGE], "no_as_of": True}
    return render(request, "campaign/titles/new.html", place, status=422 if form.errors else 200)


def _is_fit(form: forms.CriteriaForm, unit: Unit, kinds: Sequence[str], day: date) -> bool:
    """Whether the criteria may stand as those of a title for such units; if not, the form says why."""
    said = form.to_said()
    row = TitleCriteria(
        program=TitleProgram(unit=unit), version=said.version, text=said.text, title=said.title, months=said.months
    )
    problems, unasked = queries.check_program(queries.load_criteria(row), kinds, day)
    for problem in problems:
        if problem.severity == "error":
            form.add_error("source", describe_problem(problem, language()))
    if unasked:
        told = _("These criteria ask nothing of: %(kinds)s. Choose others, or leave them out.")
        words = "、".join(kind_title(kind) for kind in unasked)
        form.add_error("source", told % {"kinds": words})
    return not form.errors


@require_safe
def show_program(request: UserRequest, pk: int) -> HttpResponse:
    """How many units have the title, up the tree, and what waits for somebody."""
    program = access.get_title_program(request.user, pk, request.today)
    as_of, known = read_as_of(request), read_known(request)
    unit = _read_place(request, program)
    share = queries.build_share(program, unit.code, as_of, known)
    units = queries.list_units(program, unit.code, as_of, known_by=known) if share else []
    show_past([unit, program.unit], as_of, request.today)
    place = {
        "as_of": as_of,
        "known": known,
        "program": program,
        "unit": unit,
        "share": share,
        "stages": [(stage, share.stages[stage]) for stage in Stage if share.stages[stage]] if share else [],
        "waiting": queries.list_waiting(units),
        "ending": [one for one in units if queries.ends_soon(one, as_of)],
        "criteria": queries.find_criteria(program, as_of),
        "sight": [*access.list_sight(request.user, request.today)],
        "may_review": access.is_supervisor(request.user, request.today),
    }
    table = tables.tabulate_share(program.name, [share.whole, *share.rows] if share else [])
    return show_page(request, "campaign/titles/program.html", place, [table])


def _read_place(request: UserRequest, program: TitleProgram) -> Unit:
    """The unit named in the address, which lies at or below the programme's; else the person's own area."""
    code = request.GET.get("unit", "")
    if not code:
        return choose_place(program, find_home(request.user, request.today))
    unit = get_area(request.user, code, request.today)
    if not unit.path.startswith(program.unit.path):
        raise Http404
    return unit


@require_safe
def show_units(request: UserRequest, pk: int) -> HttpResponse:
    """The units behind a figure: those that could hold the title, or those of them at one stage."""
    program = access.get_title_program(request.user, pk, request.today)
    as_of, known = read_as_of(request), read_known(request)
    unit, stage = _read_place(request, program), request.GET.get("stage", "")
    if stage and stage not in list(Stage):
        raise Http404
    found = queries.list_units(program, unit.code, as_of, stage, known)
    show_past([unit, program.unit], as_of, request.today)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    place = {"as_of": as_of, "known": known, "program": program, "unit": unit, "stage": stage, "page": page}
    return show_page(request, "campaign/titles/units.html", place, [tables.tabulate_units(program.name, found, as_of)])


@require_http_methods(["GET", "HEAD", "POST"])
def show_criteria(request: UserRequest, pk: int) -> HttpResponse:
    """What is asked of whoever wants the title? An officer of the programme may change it from today on."""
    program = access.get_title_program(request.user, pk, request.today)
    may_change = access.find_awarding_post(request.user, program, request.today) is not None
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    plans = queries.list_plan_choices(program.unit, request.today)
    data = request.POST if request.method == "POST" else None
    form = forms.CriteriaForm(data, plans=plans, issuer=program.unit.name, day=request.today)
    if form.is_valid() and _is_fit(form, program.unit, program.kinds, request.today):
        actions.change_criteria(actor=request.user, program=program, criteria=form.to_said(), now=request.now)
        messages.success(request, _("The criteria hold from today on. What was decided before stays."))
        return redirect("campaign:title-criteria", program.pk)
    criteria = queries.find_criteria(program, request.today)
    in_force = queries.load_criteria(criteria) if criteria else None
    place = {
        "program": program,
        "criteria": criteria,
        "in_force": in_force,
        "has_cases": in_force is not None and queries.has_case_criterion(in_force),
        "rows": queries.list_criteria(program),
        "form": form if may_change else None,
        "no_as_of": True,
    }
    return render(request, "campaign/titles/criteria.html", place, status=422 if form.errors else 200)


# --- one unit ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that can be done to a title: the event, the word on its button, and in which post it is done."""

    kind: Kind
    word: Any
    find_post: Callable[[UserRequest, TitleProgram, Unit], Post | None]
    form: type[forms.StepForm] = forms.StepForm
    is_grave: bool = False


def _as_unit(request: UserRequest, program: TitleProgram, unit: Unit) -> Post | None:
    return access.find_applying_post(request.user, unit, request.today)


def _as_visitor(request: UserRequest, program: TitleProgram, unit: Unit) -> Post | None:
    return access.find_visiting_post(request.user, unit, request.today)


def _as_reviewer(request: UserRequest, program: TitleProgram, unit: Unit) -> Post | None:
    return access.find_objecting_post(request.user, unit, request.today)


def _as_awarder(request: UserRequest, program: TitleProgram, unit: Unit) -> Post | None:
    return access.find_awarding_post(request.user, program, request.today)


DEEDS: Mapping[str, Deed] = MappingProxyType(
    {
        "apply": Deed(Kind.APPLIED, pgettext_lazy("title", "Apply"), _as_unit),
        "self-check": Deed(Kind.SELF_CHECKED, pgettext_lazy("title", "Confirm the self-check"), _as_unit),
        "visit": Deed(Kind.VISITED, pgettext_lazy("title", "Enter the visit"), _as_visitor, forms.VisitForm),
        "notice": Deed(Kind.NOTICED, pgettext_lazy("title", "Give public notice"), _as_awarder, forms.NoticeForm),
        "settle": Deed(Kind.SETTLED, pgettext_lazy("title", "Settle the objection"), _as_awarder, forms.SettleForm),
        "award": Deed(Kind.AWARDED, pgettext_lazy("title", "Award the title"), _as_awarder),
        "renew": Deed(Kind.RENEWED, pgettext_lazy("title", "Renew the title"), _as_awarder),
        "resume": Deed(Kind.RESUMED, pgettext_lazy("title", "Let it go on"), _as_awarder, forms.ResumeForm),
        "object": Deed(Kind.OBJECTED, pgettext_lazy("title", "Enter an objection"), _as_reviewer, forms.ObjectForm),
        "pause": Deed(Kind.PAUSED, pgettext_lazy("title", "Pause the title"), _as_awarder, forms.PauseForm),
        "refuse": Deed(
            Kind.REFUSED, pgettext_lazy("title", "Refuse the title"), _as_awarder, forms.RefuseForm, is_grave=True
        ),
        "revoke": Deed(
            Kind.REVOKED, pgettext_lazy("title", "Revoke the title"), _as_awarder, forms.RevokeForm, is_grave=True
        ),
    }
)
# What stands folded below: it may be done, and is not what comes next.
ASIDE = ("object", "pause", "refuse", "revoke")


@dataclass(frozen=True, slots=True)
class Case:
    """A unit in a programme with all that its page and its steps rest on."""

    program: TitleProgram
    unit: Unit
    steps: list[Any]
    standing: queries.UnitTitle
    criteria: TitleCriteria | None
    findings: tuple[CriterionFinding, ...]

    @property
    def title(self) -> Title:
        return self.standing.title


def _open_case(request: UserRequest, pk: int, code: str, as_of: date, known: date | None = None) -> Case:
    program = access.get_title_program(request.user, pk, request.today)
    unit = access.get_title_unit(request.user, program, code, request.today)
    then = load_tree().at(as_of).by_code.get(code)
    if then is None:
        raise Http404
    steps = queries.list_steps(program, as_of, known, (unit.pk,))
    standing = queries.stand_unit(program, then, queries.make_title(code, steps), as_of)
    criteria = queries.find_criteria(program, as_of)
    findings = queries.judge_unit(criteria, code, as_of, known) if criteria else ()
    return Case(program, unit, steps, standing, criteria, findings)


@require_safe
def show_unit(request: UserRequest, pk: int, code: str) -> HttpResponse:
    """Where does this unit stand on the way to the title, what is missing, and what comes next?"""
    as_of, known = read_as_of(request), read_known(request)
    case = _open_case(request, pk, code, as_of, known)
    return _render_case(request, case, as_of, known)


def _render_case(
    request: UserRequest, case: Case, as_of: date, known: date | None, bound: tuple[str, forms.StepForm] | None = None
) -> HttpResponse:
    """``bound`` is the form of a step in which something is to be mended, with the step's name."""
    is_now = as_of == request.today and known is None
    deeds = [*_list_deeds(request, case)] if is_now else []
    what, typed = bound or ("", None)
    shown = [
        (name, deed, typed if typed is not None and name == what else _make_form(request, case, deed))
        for name, deed in deeds
    ]
    show_past([case.unit, case.program.unit], as_of, request.today)
    place = {
        "as_of": as_of,
        "known": known,
        "case": case,
        "unit": case.unit,
        "program": case.program,
        "unmet": list_unmet(case.findings),
        "quotes": {one.duty.id: one.duty.quote or one.duty.id for one in case.findings},
        "quiet": queries.find_quiet(case.program, case.standing.unit, as_of),
        "deeds": [one for one in shown if one[0] not in ASIDE],
        "aside": [one for one in shown if one[0] in ASIDE],
        "opened": what,
        "nothing_asked": check_findings(case.findings),
        "certificates": _list_certificates(request, case, as_of),
        "seen_visits": _list_seen_visits(request, case),
        "may_record": may_record(request.user, case.unit, request.today),
    }
    return render(request, "campaign/titles/unit.html", place, status=422 if bound else 200)


def _list_certificates(request: UserRequest, case: Case, as_of: date) -> list[TitleCertificate]:
    """Those of the unit in the programme that this person may open."""
    found = queries.list_certificates((case.unit.pk,), as_of, (case.program.pk,))
    papers = access.list_visible_papers(request.user, request.today).filter(pk__in=[one.paper_id for one in found])
    seen = set(papers.values_list("pk", flat=True)) if found else set()
    return [one for one in found if one.paper_id in seen]


def _list_seen_visits(request: UserRequest, case: Case) -> frozenset[int]:
    """The inspections that steps were part of and that this person may open."""
    told = [step.inspection_visit_id for step in case.steps if step.inspection_visit_id]
    visits = access.list_visible_visits(request.user, request.today).filter(pk__in=told) if told else ()
    return frozenset(visit.pk for visit in visits)


def _list_deeds(request: UserRequest, case: Case) -> Iterator[tuple[str, Deed]]:
    """What this person may do now: what is in order by the rules of titles, in a post that is theirs."""
    workdays = find_calendar(case.program.unit.path).workdays
    code = case.unit.code
    for name, deed in DEEDS.items():
        asked = TitleEvent(code, deed.kind, request.today, "x", "x", "false_data")
        if check_title_event(asked, {code: case.title}, (code,), workdays) or _check_deed(deed, case, request.today):
            continue
        if deed.find_post(request, case.program, case.unit) is not None:
            yield name, deed


def _check_deed(deed: Deed, case: Case, day: date) -> tuple[Problem, ...]:
    """What stands in the way beside the order of the steps: the criteria, and whether the title is for such a unit."""
    if deed.kind is Kind.APPLIED:
        unit = case.standing.unit
        if unit.kind not in case.program.kinds or day not in unit.life:
            return (make_problem("title.not-for-it"),)
        return check_findings(case.findings)
    if deed.kind is Kind.SELF_CHECKED and (unmet := list_unmet(case.findings)):
        quotes = {one.duty.id: one.duty.quote or one.duty.id for one in case.findings}
        return (make_problem("title.criteria-unmet", unmet="、".join(quotes[one] for one in unmet)),)
    return ()


def _make_form(request: UserRequest, case: Case, deed: Deed, data: Any = None) -> forms.StepForm:
    more: dict[str, Any] = {}
    if deed.form in (forms.VisitForm, forms.NoticeForm):
        more["today"] = request.today
    if deed.form is forms.VisitForm:
        more["findings"] = case.findings
        more["inspections"] = access.list_visible_visits(request.user, request.today).filter(unit=case.unit)[:SHOWN]
    form = deed.form(data, **more)
    form.fields["seen"].initial = len(case.steps)
    form.auto_id = f"{deed.kind}_%s"
    return form


@require_POST
def take_step(request: UserRequest, pk: int, code: str, what: str) -> HttpResponse:
    """One step by the person who may take it. What is out of order is told, and what was typed stays."""
    case = _open_case(request, pk, code, request.today)
    deed = DEEDS.get(what)
    if deed is None:
        raise Http404
    post = deed.find_post(request, case.program, case.unit)
    if post is None:
        raise PermissionDenied
    form = _make_form(request, case, deed, request.POST)
    if not form.is_valid():
        return _render_case(request, case, request.today, None, (what, form))
    problems = _check_deed(deed, case, request.today) or _take(request, case, deed, form, post)
    if has_errors(problems):
        for problem in problems:
            messages.error(request, describe_problem(problem, language()))
    return redirect("campaign:title-unit", pk, code)


def _take(request: UserRequest, case: Case, deed: Deed, form: forms.StepForm, post: Post) -> tuple[Problem, ...]:
    steps = form.to_steps(deed.kind, request.today, case.criteria)
    if deed.kind is Kind.SELF_CHECKED:
        steps = tuple(with_findings(step, case.findings) for step in steps)
    try:
        made, problems = actions.take_steps(
            actor=request.user, post=post, program=case.program, unit=case.unit, steps=steps, now=request.now
        )
    except actions.ChangedError:
        messages.warning(request, _("Somebody has just taken another step. Please look at it before you go on."))
        return ()
    if made:
        messages.success(request, _("Entered: %(what)s.") % {"what": made[-1].get_kind_display()})
    return problems


@require_safe
def show_criterion(request: UserRequest, pk: int, code: str, duty_id: str) -> HttpResponse:
    """Which records stand behind this criterion?"""
    as_of, known = read_as_of(request), read_known(request)
    case = _open_case(request, pk, code, as_of, known)
    finding = next((one for one in case.findings if one.duty.id == duty_id), None)
    if finding is None:
        raise Http404
    ids = [one for standing in finding.looked_at for one in standing.tally.records]
    rows = access.list_visible_records(request.user, request.today).filter(pk__in=ids).order_by("-happened_on", "-id")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    show_past([case.unit, case.program.unit, *(row.unit for row in page)], as_of, request.today)
    place = {
        "as_of": as_of,
        "known": known,
        "program": case.program,
        "unit": case.unit,
        "finding": finding,
        "months": case.criteria.months if case.criteria else 0,
        "page": page,
    }
    return show_page(request, "campaign/titles/criterion.html", place, [tables.tabulate_windows(finding, as_of)])
