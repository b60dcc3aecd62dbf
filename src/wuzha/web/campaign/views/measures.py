"""A measure from its drafting to its end, and the ladder it is a step of. Authorise, parse, call once, answer."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import Problem
from wuzha.web.accounts.access import UserRequest, get_area
from wuzha.web.accounts.models import Post, Unit
from wuzha.web.accounts.roles import Power
from wuzha.web.accounts.tables import show_page
from wuzha.web.campaign import access
from wuzha.web.campaign.actions import measures as actions
from wuzha.web.campaign.actions.measures import Said
from wuzha.web.campaign.actions.papers import Drawn, draft_paper
from wuzha.web.campaign.forms.measures import (
    DecideForm,
    GiveForm,
    LadderForm,
    MeasureAskForm,
    StepForm,
    TellForm,
    make_ladder_text,
    make_step_forms,
)
from wuzha.web.campaign.models import IssuedPaper
from wuzha.web.campaign.queries import measures as queries
from wuzha.web.campaign.queries.measures import UnitCase
from wuzha.web.campaign.tables.supervision import tabulate_facts
from wuzha.web.campaign.wording import language
from wuzha.web.campaign.writers.measure import draw_measure


@require_http_methods(["GET", "HEAD", "POST"])
def start_measure(request: UserRequest) -> HttpResponse:
    """A step for a unit: chosen with its facts, then drafted as a paper. Nothing is given by it."""
    ask = MeasureAskForm(request.GET)
    if not ask.is_valid():
        return redirect("campaign:supervision")
    unit, today = get_area(request.user, ask.cleaned_data["unit"], request.today), request.today
    office = access.find_paper_office(request.user, unit, today, is_above=True, power=Power.SUPERVISE)
    if office is None:
        raise PermissionDenied
    case = queries.find_case(unit, ask.cleaned_data["plan"], today)
    if case is None:
        raise Http404
    chosen = queries.propose_giving(case, ask.cleaned_data["step"])
    data = request.POST if request.method == "POST" else None
    form = GiveForm(data, steps=queries.list_steps(case), windows=queries.list_windows(case), initial=chosen)
    if request.method == "POST" and form.is_valid():
        drawn = _draw(request, form, case, office)
        if drawn is not None:
            draft = draft_paper(actor=request.user, unit=office, addressee=unit, drawn=drawn, now=request.now)
            messages.success(request, _("Kept as a draft. Nothing has gone out."))
            return redirect("campaign:paper-draft", draft.pk)
    ticked = set(form["about"].value() or ())
    place = {"form": form, "case": case, "unit": unit, "office": office, "ticked": ticked, "no_as_of": True}
    return render(request, "campaign/supervision/give.html", place, status=422 if form.errors else 200)


def _draw(request: UserRequest, form: GiveForm, case: UnitCase, office: Unit) -> Drawn | None:
    """The paper that would give the measure; none, with the reasons beside the form, where it is not in order."""
    step = case.ladder.ladder.by_code[form.cleaned_data["step"]]
    now = request.now if case.as_of == request.today else None
    drawn, problems = draw_measure(case, step, form.list_named(), form.cleaned_data["reason"], office, now)
    if drawn is not None:
        draft = IssuedPaper(form=drawn.paper.form, unit=office, addressee=case.unit, asked=drawn.asked, said=drawn.said)
        draft.as_of = drawn.as_of
        problems = (*problems, *actions.check_giving(actor=request.user, paper=draft, now=request.now))
    for problem in problems:
        form.add_error(None, describe_problem(problem, language()))
    return None if problems else drawn


@require_safe
def show_measure(request: UserRequest, measure: int) -> HttpResponse:
    """What is this measure for, and what became of it?"""
    found = access.get_measure(request.user, measure, request.today)
    return _show(request, found.paper, 200)


def _show(request: UserRequest, paper: IssuedPaper, status: int, **forms: Any) -> HttpResponse:
    today, measure = request.today, queries.find_measure(paper)
    if measure is None:
        raise Http404
    line = queries.tell_measure(measure, today)
    deciding = access.find_deciding_post(request.user, paper, today)
    facts = queries.compare_facts(line.row, today)
    place = {
        "line": line,
        "measure": line.row,
        "issued": line.row.paper,
        "facts": facts,
        "made_good": sum(one.is_made_good for one in facts),
        "latest": queries.list_latest(line.row, today),
        "may_answer": access.find_answering_post(request.user, paper, today) is not None,
        "may_appeal": line.may_be_appealed,
        "may_decide": deciding is not None,
        "is_own": line.row.given_by_id == request.user.pk,
        "is_alone": deciding is not None and access.is_only_judge(request.user, paper, today),
        "no_as_of": True,
        **forms,
    }
    return show_page(request, "campaign/supervision/measure.html", place, [tabulate_facts(facts)], status)


@require_POST
def answer_paper(request: UserRequest, paper: int) -> HttpResponse:
    """The unit answers, says what it has mended, or appeals."""
    found = access.get_issued_paper(request.user, paper, request.today)
    post = access.find_answering_post(request.user, found, request.today)
    if post is None:
        raise PermissionDenied
    return _tell(request, found, post, TellForm(request.POST), is_alone=False)


@require_POST
def decide_measure(request: UserRequest, paper: int) -> HttpResponse:
    """The office decides about an appeal, clears, extends or takes back."""
    found = access.get_issued_paper(request.user, paper, request.today)
    post = access.find_deciding_post(request.user, found, request.today)
    if post is None:
        raise PermissionDenied
    is_alone = access.is_only_judge(request.user, found, request.today)
    return _tell(request, found, post, DecideForm(request.POST), is_alone=is_alone)


def _tell(request: UserRequest, paper: IssuedPaper, post: Post, form: TellForm, *, is_alone: bool) -> HttpResponse:
    measure = queries.find_measure(paper)
    if form.is_valid():
        told = form.cleaned_data
        said = Said(told["kind"], told["note"], told.get("until"), is_alone)
        row, problems = actions.tell_event(actor=request.user, paper=paper, said=said, post=post, now=request.now)
        for problem in problems if row is None else ():
            form.add_error(None, describe_problem(problem, language()))
        if row is not None:
            messages.success(request, _say_told(row.kind, problems))
            return redirect("campaign:measure", measure.pk) if measure else redirect("campaign:paper", paper.pk)
    if measure is not None:
        return _show(request, paper, 422, told=form)
    for errors in form.errors.values():
        messages.error(request, " ".join(str(error) for error in errors))
    return redirect("campaign:paper", paper.pk)


def _say_told(kind: str, problems: tuple[Problem, ...]) -> str:
    told = {
        "answered": _("Your answer has been kept with your name and the day."),
        "mended": _("Kept. The office will look at it and clear the measure."),
        "appealed": _("Your appeal has been kept. No further step is taken before it is decided."),
        "upheld": _("The appeal is refused, with your reason."),
        "lifted": _("The measure is lifted and counts no more."),
        "cleared": _("The measure is cleared and counts no more."),
        "extended": _("The day of mending has been moved."),
    }
    return " ".join([told[kind], *(describe_problem(problem, language()) for problem in problems)])


@require_http_methods(["GET", "HEAD", "POST"])
def show_ladder(request: UserRequest) -> HttpResponse:
    """By which steps are measures given here? The county's officer can change them from today on."""
    area = access.find_reviewed_area(request.user, request.today)
    if area is None:
        raise PermissionDenied
    unit = access.find_minutes_unit(request.user, request.today)
    if request.method == "POST" and unit is None:
        raise PermissionDenied
    found = queries.find_ladder(unit or area, request.today)
    data = request.POST if request.method == "POST" else None
    ladder = found.ladder
    head = LadderForm(data, initial={"title": ladder.title, "look_back_days": ladder.look_back_days})
    steps: list[StepForm] = make_step_forms(ladder, data)
    if unit is not None and data is not None:
        text = make_ladder_text(head, steps)
        if text is not None:
            reason = head.cleaned_data["reason"]
            actions.keep_ladder(actor=request.user, unit=unit, text=text, reason=reason, now=request.now)
            messages.success(request, _("The ladder holds from today on. What has begun goes on as it was given."))
            return redirect("campaign:ladder")
    place = {
        "found": found,
        "head": head,
        "steps": steps,
        "may_change": unit is not None,
        "history": queries.list_ladders(unit or area),
        "tab": "measures",
        "no_as_of": True,
    }
    return render(request, "campaign/supervision/ladder.html", place, status=422 if data is not None else 200)
