"""How units score and what the scores are the sum of; what persons do to them. Authorise, parse, call once, answer."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import Problem, make_problem
from wuzha.core.score.check import check_appeal, check_correction, check_figure
from wuzha.core.score.model import Correction, Figure, Line, Score, Sort
from wuzha.core.score.model import Scorecard as Card
from wuzha.web.accounts.access import UserRequest, find_home, get_area, list_codes_in_sight
from wuzha.web.accounts.context import read_as_of
from wuzha.web.accounts.models import Post, Unit, User
from wuzha.web.accounts.queries import show_past
from wuzha.web.accounts.tables import show_page
from wuzha.web.campaign import access
from wuzha.web.campaign.actions import scores as actions
from wuzha.web.campaign.actions.scores import Act, AnsweredError, WaitsError
from wuzha.web.campaign.forms.records import make_record_id
from wuzha.web.campaign.forms.scores import AnswerForm, DecideForm, FiguresForm, FilingForm, ReasonForm
from wuzha.web.campaign.forms.standings import read_known
from wuzha.web.campaign.models import Scorecard, ScoreEvent
from wuzha.web.campaign.queries import scores as queries
from wuzha.web.campaign.queries.ground import load_plan
from wuzha.web.campaign.queries.scores import Asked, Counting, Matter
from wuzha.web.campaign.tables.inspections import tabulate_findings
from wuzha.web.campaign.tables.scores import tabulate_lines, tabulate_pieces, tabulate_scores
from wuzha.web.campaign.wording import language

Kind = ScoreEvent.Kind
PAGE = 50
Judgement = Mapping[str, Any]


@require_safe
def show_scores(request: UserRequest) -> HttpResponse:
    """How do our units score? The card that holds on the day; what there is beside it."""
    today, as_of = request.today, read_as_of(request)
    home = find_home(request.user, today)
    cards = list(access.list_visible_scorecards(request.user, today))
    row = queries.find_card_on(cards, as_of)
    if row is not None and home is not None:
        return _show_table(request, row, home)
    place = {
        "as_of": as_of,
        "home": home,
        "cards": cards,
        "drafts": access.list_draft_scorecards(request.user, today),
        "may_prepare": access.list_card_bodies(request.user, today).exists(),
    }
    return render(request, "campaign/scores/none.html", place)


@require_safe
def show_card(request: UserRequest, card: int) -> HttpResponse:
    """How do the units score by this card?"""
    row = access.get_scorecard(request.user, card, request.today)
    home = find_home(request.user, request.today)
    if home is None:
        raise Http404
    return _show_table(request, row, home)


def _show_table(request: UserRequest, row: Scorecard, home: Unit) -> HttpResponse:
    """The unit of the address, or the card's body where the person may see it, or else their own."""
    today = request.today
    code = request.GET.get("unit", "") or (row.unit.code if home.path in row.unit.path else home.code)
    unit, asked = get_area(request.user, code, today), _read_asked(request, row)
    events = queries.list_events(asked)
    scores = queries.build_scores(asked, unit.code, events)
    if scores is None:
        raise Http404
    show_past([unit], asked.as_of, today)
    matters = queries.list_matters(events)
    place = {
        "as_of": asked.as_of,
        "known": asked.known_by,
        "unit": unit,
        "row": row,
        "scores": scores,
        "filing": queries.find_filing(row, events),
        "waiting": _list_waiting(request, matters),
        "siblings": queries.list_cards_of(row.unit),
        "drafts": access.list_draft_scorecards(request.user, today),
        "may_prepare": access.list_card_bodies(request.user, today).exists(),
        "may_manage": access.may_manage_scores(request.user, row, today),
        "may_issue": scores.children and access.find_paper_office(request.user, row.unit, today, is_above=False),
    }
    return show_page(request, "campaign/scores/table.html", place, [tabulate_scores(scores.children, scores.card)])


def _read_asked(request: UserRequest, row: Scorecard) -> Asked:
    return Asked(row, read_as_of(request), read_known(request))


def _list_waiting(request: UserRequest, matters: Iterable[Matter]) -> list[Matter]:
    """What nobody has decided yet, of the units the person may see."""
    waiting = [(one, one.event.unit.code) for one in matters if one.answer is None and one.event.unit]
    seen = list_codes_in_sight(request.user, {code for _one, code in waiting}, request.today)
    return [one for one, code in waiting if code in seen]


@require_http_methods(["GET", "HEAD", "POST"])
def show_rules(request: UserRequest, card: int) -> HttpResponse:
    """What does the card say, who adopted it, and where was it declared?"""
    row = access.get_scorecard(request.user, card, request.today)
    may = access.may_manage_scores(request.user, row, request.today)
    if request.method == "POST" and not may:
        raise PermissionDenied
    form = FilingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        post = access.find_office_post(request.user, row.unit, request.today)
        act = _make_act(request, post)
        actions.add_event(act=act, card=row, kind=Kind.FILED, unit=None, item="", text=form.cleaned_data["text"])
        messages.success(request, _("The filing is named."))
        return redirect("campaign:score-rules", row.pk)
    events = queries.list_events(Asked(row, request.today))
    place = {
        "row": row,
        "unit": row.unit,
        "card": queries.read_card(row),
        "plan": load_plan(row.plan).plan,
        "filing": queries.find_filing(row, events),
        "form": form if may else None,
        "may_manage": may,
        "is_late": row.adopted_on > row.opens_on,
        "no_as_of": True,
    }
    return render(request, "campaign/scores/rules.html", place, status=422 if form.errors else 200)


def _make_act(request: UserRequest, post: Post | None) -> Act:
    if post is None:
        raise PermissionDenied
    return Act(request.user, access.name_post(post), request.now)


@require_safe
def show_unit_score(request: UserRequest, card: int, code: str) -> HttpResponse:
    """What is this unit's score the sum of?"""
    row = access.get_scorecard(request.user, card, request.today)
    unit, asked = get_area(request.user, code, request.today), _read_asked(request, row)
    events = queries.list_events(asked, code)
    found = queries.find_score(asked, code, events)
    if found is None:
        raise Http404
    show_past([unit], asked.as_of, request.today)
    place = {
        "as_of": asked.as_of,
        "known": asked.known_by,
        "unit": unit,
        "row": row,
        "card": found[0].card,
        "plan": found[0].in_force.plan,
        "score": found[1],
        "matters": queries.list_matters(events),
        "may_appeal": access.find_scored_post(request.user, row, unit, request.today) is not None,
    }
    counting, score = found
    tables = [tabulate_lines(score.lines, counting.card, counting.in_force.plan)]
    return show_page(request, "campaign/scores/unit.html", place, tables)


# --- one item of one unit ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spot:
    """One item of one unit's score, as the person who asks may see it."""

    row: Scorecard
    card: Card
    unit: Unit
    counting: Counting
    score: Score
    line: Line
    matters: tuple[Matter, ...]
    user: User
    today: date

    @property
    def item(self) -> str:
        return self.line.item.code

    @property
    def open_charge(self) -> Matter | None:
        return next((one for one in self.matters if one.event.kind == Kind.CHARGE and one.answer is None), None)

    @property
    def open_appeal(self) -> Matter | None:
        return next((one for one in self.matters if one.event.kind == Kind.APPEAL and one.answer is None), None)


def _find_spot(request: UserRequest, asked: Asked, code: str, item: str) -> Spot:
    """Raises ``Http404`` for a unit out of sight and an item that is not there."""
    row, unit = asked.row, get_area(request.user, code, request.today)
    events = queries.list_events(asked, code)
    found = queries.find_score(asked, code, events)
    line = found[1].find(item) if found else None
    if found is None or line is None:
        raise Http404
    matters = tuple(queries.list_matters(events, item))
    return Spot(row, found[0].card, unit, *found, line, matters, request.user, request.today)


@require_safe
def show_item(request: UserRequest, card: int, code: str, item: str) -> HttpResponse:
    """What does this item give the unit, and what is it the sum of?"""
    row = access.get_scorecard(request.user, card, request.today)
    asked = _read_asked(request, row)
    return _show_item(request, asked, _find_spot(request, asked, code, item), {})


def _show_item(request: UserRequest, asked: Asked, spot: Spot, forms: Mapping[str, Any]) -> HttpResponse:
    show_past([spot.unit], asked.as_of, request.today)
    is_now = asked.as_of == request.today and asked.known_by is None
    pieces = queries.list_pieces(spot.counting, spot.line, spot.unit.code, asked.as_of)
    place: dict[str, Any] = {
        "as_of": asked.as_of,
        "known": asked.known_by,
        "unit": spot.unit,
        "row": spot.row,
        "card": spot.card,
        "line": spot.line,
        "plan": spot.counting.in_force.plan,
        "in_force": spot.counting.in_force,
        "pieces": pieces,
        "matters": spot.matters,
        "forms": _offer(spot, request.now) | dict(forms) if is_now else {},
        "may_manage": access.may_manage_scores(request.user, spot.row, request.today),
    }
    tables = [tabulate_pieces(pieces)]
    if spot.line.item.is_of_findings:
        found = [one.standing for one in spot.counting.findings.get(spot.unit.code, ())]
        place["shares"] = queries.share_findings(spot.counting, spot.line, spot.unit.code, asked.as_of)
        place["page"] = Paginator(found, PAGE).get_page(request.GET.get("page"))
        tables = [tabulate_findings(found)]
    return show_page(request, "campaign/scores/item.html", place, tables, status=422 if forms else 200)


def _offer(spot: Spot, now: datetime) -> dict[str, ReasonForm]:
    """An empty form for each act that the person can do here now, with the id under which it is sent."""
    offered = {name: deed for name, deed in ACTS.items() if deed.may(spot)}
    return {
        name: deed.form(auto_id=f"id_{name}_%s", initial={"key": make_record_id(now)}) for name, deed in offered.items()
    }


@require_POST
def do_act(request: UserRequest, card: int, code: str, item: str, act: str) -> HttpResponse:
    """One named act on an item of a unit's score: a bonus, a deduction and the way to it, an appeal and its answer."""
    row = access.get_scorecard(request.user, card, request.today)
    asked = Asked(row, request.today)
    spot = _find_spot(request, asked, code, item)
    if act not in ACTS:
        raise Http404
    deed = ACTS[act]
    post = deed.find_post(spot)
    if post is None:
        raise PermissionDenied
    form = deed.form(request.POST, auto_id=f"id_{act}_%s")
    if form.is_valid() and queries.was_sent(row, request.user, form.cleaned_data["key"]):
        return _tell_kept(request, spot)
    problems = deed.check(spot, form.cleaned_data) if form.is_valid() else ()
    for problem in problems:
        form.add_error(None, describe_problem(problem, language()))
    if form.errors:
        return _show_item(request, asked, spot, {act: form})
    try:
        _perform(deed, spot, form.cleaned_data, _make_act(request, post))
    except AnsweredError:
        messages.error(request, _("Somebody else has decided this meanwhile."))
        return redirect("campaign:score-item", row.pk, code, item)
    except WaitsError:
        messages.error(request, describe_problem(_say_waiting(deed.kind), language()))
        return redirect("campaign:score-item", row.pk, code, item)
    return _tell_kept(request, spot)


def _tell_kept(request: UserRequest, spot: Spot) -> HttpResponse:
    """Sent twice, an act is kept once and told of twice."""
    messages.success(request, _("Kept with your name, your post and today's day."))
    return redirect("campaign:score-item", spot.row.pk, spot.unit.code, spot.item)


@dataclass(frozen=True, slots=True)
class Deed:
    """A sort of act: its form, whose post it wants, what may stand in its way, and what it answers."""

    kind: str
    form: type[ReasonForm]
    find_post: Callable[[Spot], Post | None]
    check: Callable[[Spot, Judgement], tuple[Problem, ...]]
    find_about: Callable[[Spot], Matter | None] | None = None
    sort: Sort | None = None

    def may(self, spot: Spot) -> bool:
        """Whether the page offers it."""
        fits = self.sort is None or spot.line.item.sort is self.sort
        return (
            fits
            and (self.find_about is None or self.find_about(spot) is not None)
            and not (self.find_post(spot) is None or _is_waiting(spot, self.kind))
        )


def _perform(deed: Deed, spot: Spot, told: Judgement, act: Act) -> None:
    kind = told.get("decision", deed.kind)
    about = deed.find_about(spot) if deed.find_about else None
    actions.add_event(
        act=act,
        card=spot.row,
        kind=kind,
        unit=spot.unit,
        item=spot.item,
        text=told["text"],
        points=told.get("points") if kind == Kind.ACCEPTED else None,
        about=about.event if about else None,
        key=told["key"],
    )


def _is_waiting(spot: Spot, kind: str) -> bool:
    """Whether what would be asked waits for its answer already: one charge and one appeal at a time."""
    waiting = {Kind.APPEAL: spot.open_appeal, Kind.CHARGE: spot.open_charge}
    return any(matter is not None for of, matter in waiting.items() if of == kind)


def _say_waiting(kind: str) -> Problem:
    return make_problem("score.charge-waits" if kind == Kind.CHARGE else "score.appeal-waits")


def _find_unit_post(spot: Spot) -> Post | None:
    return access.find_scored_post(spot.user, spot.row, spot.unit, spot.today)


def _find_officer_post(spot: Spot) -> Post | None:
    return access.find_office_post(spot.user, spot.row.unit, spot.today)


def _find_hearing_post(spot: Spot) -> Post | None:
    return access.find_hearing_post(spot.user, spot.row, spot.today)


def _check_open(spot: Spot, told: Judgement) -> tuple[Problem, ...]:
    """The card's days and those for appeals; an item of the sort that the act is for."""
    return check_appeal(spot.card, spot.item, spot.today)


def _check_appeal(spot: Spot, told: Judgement) -> tuple[Problem, ...]:
    if _is_waiting(spot, Kind.APPEAL):
        return (_say_waiting(Kind.APPEAL),)
    return _check_open(spot, told)


def _check_granted(spot: Spot, told: Judgement) -> tuple[Problem, ...]:
    if spot.line.item.sort is not Sort.BONUS:
        return (make_problem("score.entry-not-granted", item=spot.line.item.title),)
    return _check_open(spot, told)


def _check_charged(spot: Spot, told: Judgement) -> tuple[Problem, ...]:
    if spot.line.item.sort is not Sort.DEDUCTION:
        return (make_problem("score.entry-not-granted", item=spot.line.item.title),)
    if _is_waiting(spot, Kind.CHARGE):
        return (_say_waiting(Kind.CHARGE),)
    return _check_open(spot, told)


def _check_reply(spot: Spot, told: Judgement) -> tuple[Problem, ...]:
    return () if spot.open_charge else (make_problem("score.nothing-asked"),)


def _check_decision(spot: Spot, told: Judgement) -> tuple[Problem, ...]:
    """A deduction waits until the unit has spoken or its days are over; to drop it nobody waits."""
    charge = spot.open_charge
    if charge is None:
        return (make_problem("score.nothing-asked"),)
    until = charge.event.happened_on + timedelta(days=spot.card.hear_days)
    if told["decision"] == Kind.IMPOSED and not charge.replies and spot.today <= until:
        return (make_problem("score.not-heard", until=until),)
    return ()


def _check_answer(spot: Spot, told: Judgement) -> tuple[Problem, ...]:
    """Points come back within what was lost. Whoever appealed, or made the deduction, does not answer."""
    appeal = spot.open_appeal
    if appeal is None:
        return (make_problem("score.nothing-asked"),)
    imposed = {one.answer.made_by_id for one in spot.matters if one.answer and one.answer.kind == Kind.IMPOSED}
    is_own_refusal = told["decision"] == Kind.REFUSED and spot.user.pk in imposed
    if appeal.event.made_by_id == spot.user.pk or is_own_refusal:
        return (make_problem("score.own-judge"),)
    if told["decision"] == Kind.REFUSED:
        return ()
    points = Fraction(told["points"])
    correction = Correction(spot.item, spot.unit.code, spot.today, points, str(spot.user), told["text"])
    return check_correction(correction, spot.line)


def _find_charge(spot: Spot) -> Matter | None:
    return spot.open_charge


def _find_appeal(spot: Spot) -> Matter | None:
    return spot.open_appeal


ACTS: Mapping[str, Deed] = MappingProxyType(
    {
        "appeal": Deed(Kind.APPEAL, ReasonForm, _find_unit_post, _check_appeal),
        "reply": Deed(Kind.REPLY, ReasonForm, _find_unit_post, _check_reply, _find_charge),
        "answer": Deed(Kind.ACCEPTED, AnswerForm, _find_hearing_post, _check_answer, _find_appeal),
        "bonus": Deed(Kind.BONUS, ReasonForm, _find_officer_post, _check_granted, sort=Sort.BONUS),
        "charge": Deed(Kind.CHARGE, ReasonForm, _find_officer_post, _check_charged, sort=Sort.DEDUCTION),
        "decide": Deed(Kind.IMPOSED, DecideForm, _find_hearing_post, _check_decision, _find_charge),
    }
)


# --- figures that are brought in --------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def show_figures(request: UserRequest, card: int, item: str) -> HttpResponse:
    """The figures of an item that Wuzha cannot count, for every unit right below the card's body."""
    row = access.get_managed_scorecard(request.user, card, request.today)
    found = queries.read_card(row).by_code.get(item)
    if found is None or not found.waits_for or found.sort is not Sort.POINTS:
        raise Http404
    units = queries.list_asked_units(row, found, request.today)
    last = queries.find_last_figures(row, item)
    form = FiguresForm(request.POST if request.method == "POST" else None, units=units, initial=last)
    if request.method == "POST" and form.is_valid() and _check_figures(request, row, item, form):
        kept = _keep_figures(request, row, item, form)
        messages.success(request, _("Kept: figures of %(n)s units.") % {"n": kept})
        return redirect("campaign:score-card", row.pk)
    place = {"row": row, "unit": row.unit, "item": found, "form": form, "rows": form.list_rows(), "no_as_of": True}
    return render(request, "campaign/scores/figures.html", place, status=422 if form.errors else 200)


def _check_figures(request: UserRequest, row: Scorecard, item: str, form: FiguresForm) -> bool:
    card, by = queries.read_card(row), str(request.user)
    for unit, done, asked in form.list_figures():
        numbers = (Fraction(done), Fraction(asked))
        for problem in check_figure(
            Figure(item, unit.code, request.today, *numbers, by, form.cleaned_data["text"]), card
        ):
            form.add_error(f"done_{unit.pk}", describe_problem(problem, language()))
    return not form.errors


def _keep_figures(request: UserRequest, row: Scorecard, item: str, form: FiguresForm) -> int:
    """Those that differ from what holds are kept, each with its own audit entry."""
    act = _make_act(request, access.find_office_post(request.user, row.unit, request.today))
    return actions.add_figures(act=act, card=row, item=item, text=form.cleaned_data["text"], told=form.list_figures())
