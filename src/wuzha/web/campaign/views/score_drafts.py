"""Scorecards before they hold: begun, edited item by item, adopted or put away. Authorise, parse, call once, answer."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wuzha.adapters.wording.duty import render_duty
from wuzha.core.base.interval import Interval, make_inclusive
from wuzha.core.base.problem import has_errors
from wuzha.core.duty.model import Duty
from wuzha.core.score.model import Scorecard as Card
from wuzha.web.accounts.access import UserRequest
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign import access, wording
from wuzha.web.campaign.actions import scores as actions
from wuzha.web.campaign.actions.scores import Act, ChangedError
from wuzha.web.campaign.forms.scores import NEW, CardHeadForm, ItemForm, NewCardForm, read_head, read_item
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.models import DraftScorecard, PlanVersion, Scorecard
from wuzha.web.campaign.queries import scores as queries
from wuzha.web.campaign.queries.ground import load_plan

TEMPLATE = "template"


def _say_changed() -> str:
    return _("Somebody else has changed this draft meanwhile. Look at it again before you go on.")


@require_http_methods(["GET", "HEAD", "POST"])
def start_card(request: UserRequest) -> HttpResponse:
    """For which days is the next card, and from which one does it begin?"""
    unit = _find_body(request)
    if unit is None:
        raise PermissionDenied
    plans, cards = list(queries.list_scored_plans(unit)), queries.list_cards_of(unit)
    form = NewCardForm(
        request.POST if request.method == "POST" else None,
        plans=plans,
        models=[(TEMPLATE, _("the built-in template")), *((str(row.pk), _name(row)) for row in cards)],
        initial=_propose(unit, plans, cards, request.today),
    )
    if request.method == "POST" and form.is_valid():
        model = next((row for row in cards if str(row.pk) == form.cleaned_data["model"]), None)
        content = _make_content(queries.read_card(model) if model else queries.load_template(), form)
        draft = actions.draft_card(
            actor=request.user, unit=unit, plan=form.find_plan(), content=content, now=request.now
        )
        return redirect("campaign:score-draft", draft.pk)
    place = {"unit": unit, "form": form, "has_plans": bool(plans), "no_as_of": True}
    return render(request, "campaign/scores/new.html", place, status=422 if form.errors else 200)


def _find_body(request: UserRequest) -> Unit | None:
    """The body named in the address, or else the highest whose card the person may prepare."""
    bodies = access.list_card_bodies(request.user, request.today)
    code = request.GET.get("unit", "")
    return (bodies.filter(code=code) if code and "\0" not in code else bodies).order_by("path").first()


def _name(row: Scorecard) -> str:
    return f"{row.title}（{row.opens_on} — {row.last_on}）"


def _propose(unit: Unit, plans: Sequence[PlanVersion], cards: Sequence[Scorecard], today: date) -> Mapping[str, Any]:
    """The next period that has no card: this year, or the one after the last card."""
    last = max((row.last_on for row in cards), default=None)
    year = today.year if last is None or last.year < today.year else last.year + 1
    days = {"opens_on": date(year, 1, 1), "last_on": date(year, 12, 31)}
    plan = next(
        (plan for plan in plans if plan.valid_from and plan.valid_from.year == year), plans[0] if plans else None
    )
    title = f"{unit.name}反诈宣传工作评分表（{year}年）"
    return {"title": title, "plan": str(plan.pk) if plan else "", "model": TEMPLATE, **days}


def _make_content(card: Card, form: NewCardForm) -> dict[str, Any]:
    told = form.cleaned_data
    content = queries.write_content(card, make_inclusive(told["opens_on"], told["last_on"]))
    return content | {"title": told["title"]}


@require_POST
def copy_card(request: UserRequest, card: int) -> HttpResponse:
    """A draft with the rules and the days of an adopted card, to be changed. Whether it can be adopted is said then."""
    row = access.get_managed_scorecard(request.user, card, request.today)
    period = Interval(row.opens_on, queries.read_card(row).period.closes)
    content = queries.write_content(queries.read_card(row), period)
    draft = actions.draft_card(actor=request.user, unit=row.unit, plan=row.plan, content=content, now=request.now)
    return redirect("campaign:score-draft", draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def show_draft(request: UserRequest, draft: UUID) -> HttpResponse:
    """What will the card say? Its head, its items, and what is wrong with it."""
    held = access.get_draft_scorecard(request.user, draft, request.today)
    initial = read_head(held.content, held.plan_id, held.filing, held.revision)
    plans = list(queries.list_scored_plans(held.unit))
    form = CardHeadForm(request.POST if request.method == "POST" else None, plans=plans, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = {"plan": form.find_plan(), "filing": form.cleaned_data["filing"]}
        told["content"] = {**held.content, **form.make_head()}
        if _change(request, held, form.cleaned_data["revision"], told):
            messages.success(request, _("Kept."))
            return redirect("campaign:score-draft", held.pk)
        form.add_error(None, _say_changed())
    _text, card, problems = queries.read_draft(held)
    if card is not None and not has_errors(problems):
        there = queries.list_overlapping(held.unit, card.period)
        problems = (*problems, *actions.check_period(card, there, request.today))
    place = {
        "draft": held,
        "unit": held.unit,
        "form": form,
        "card": card or queries.read_loosely(held),
        "plan": load_plan(held.plan).plan,
        "problems": problems,
        "may_adopt": not has_errors(problems),
        "no_as_of": True,
    }
    return render(request, "campaign/scores/draft.html", place, status=422 if form.errors else 200)


def _change(request: UserRequest, held: DraftScorecard, revision: int, told: Mapping[str, Any]) -> bool:
    """False when somebody else was quicker."""
    try:
        actions.change_draft(actor=request.user, draft=held, revision=revision, told=told, now=request.now)
    except ChangedError:
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def show_item(request: UserRequest, draft: UUID, item: str) -> HttpResponse:
    """What does this item score, and from what?"""
    held = access.get_draft_scorecard(request.user, draft, request.today)
    card, plan = queries.read_loosely(held), load_plan(held.plan).plan
    if item != NEW and item not in card.by_code:
        raise Http404
    duties = [(duty.id, _name_duty(duty)) for duty in plan.duties if not duty.vague]
    initial: Mapping[str, Any] = {"revision": held.revision}
    if item != NEW:
        select = card.by_code[item].select
        taken = [duty.id for duty in plan.duties if select is not None and select.takes(duty)]
        initial = read_item(card, item, taken, held.revision)
    data = request.POST if request.method == "POST" else None
    form = ItemForm(data, blocks=held.content["blocks"], duties=list(dict(duties).items()), initial=initial)
    if request.method == "POST" and form.is_valid():
        told = {"content": _put_item(held, form, item)}
        if _change(request, held, form.cleaned_data["revision"], told):
            return redirect("campaign:score-draft", held.pk)
        form.add_error(None, _say_changed())
    place = {"draft": held, "unit": held.unit, "form": form, "item": card.by_code.get(item), "no_as_of": True}
    return render(request, "campaign/scores/draft_item.html", place, status=422 if form.errors else 200)


def _name_duty(duty: Duty) -> str:
    """With its clause and sentence, for two duties of one kind are told apart by who bears them and how often."""
    return f"{duty.clause} {render_duty(duty, load_kinds(), wording.language())}".strip()


def _put_item(held: DraftScorecard, form: ItemForm, code: str) -> dict[str, Any]:
    """The content with the item in its place, or as the last one."""
    items = [dict(item) for item in held.content["items"]]
    taken = {item["code"] for item in items}
    if code == NEW:
        fresh = next(name for number in range(1, len(items) + 2) if (name := f"item{number}") not in taken)
        items.append(form.make_item(fresh))
    else:
        items = [form.make_item(code) if item["code"] == code else item for item in items]
    return _keep_blocks({**held.content, "blocks": form.list_blocks(), "items": items})


def _keep_blocks(content: dict[str, Any]) -> dict[str, Any]:
    """Without the blocks that no item is in."""
    used = {item["block"] for item in content["items"]}
    return {**content, "blocks": {code: titles for code, titles in content["blocks"].items() if code in used}}


@require_POST
def remove_item(request: UserRequest, draft: UUID, item: str) -> HttpResponse:
    """Takes an item out of the draft."""
    held = access.get_draft_scorecard(request.user, draft, request.today)
    items = [one for one in held.content["items"] if one["code"] != item]
    if len(items) == len(held.content["items"]):
        raise Http404
    if len(items) == 0:
        messages.error(request, _("A card wants at least one item."))
    elif not _change(request, held, held.revision, {"content": _keep_blocks({**held.content, "items": items})}):
        messages.error(request, _say_changed())
    return redirect("campaign:score-draft", held.pk)


@require_POST
def adopt_draft(request: UserRequest, draft: UUID) -> HttpResponse:
    """The card holds from now on: a named act. A second press leads to the card that is there."""
    before = access.list_visible_scorecards(request.user, request.today).filter(draft=draft).first()
    if before is not None:
        return redirect("campaign:score-rules", before.pk)
    held = access.get_draft_scorecard(request.user, draft, request.today)
    post = access.find_office_post(request.user, held.unit, request.today)
    revision = request.POST.get("revision", "")
    if post is None or not revision.isdecimal():
        raise PermissionDenied
    try:
        row, problems = actions.adopt_card(
            act=Act(request.user, access.name_post(post), request.now), draft=held, revision=int(revision)
        )
    except ChangedError:
        messages.error(request, _say_changed())
        return redirect("campaign:scores")
    if row is None:
        place = {"draft": held, "unit": held.unit, "problems": problems, "no_as_of": True}
        return render(request, "campaign/scores/refused.html", place, status=422)
    messages.success(request, _("Adopted. The rules stand for the whole period."))
    return redirect("campaign:score-rules", row.pk)


@require_POST
def discard_draft(request: UserRequest, draft: UUID) -> HttpResponse:
    held = access.get_draft_scorecard(request.user, draft, request.today)
    actions.discard_draft(actor=request.user, draft=held, now=request.now)
    messages.success(request, _("The draft “%(title)s” has been removed.") % {"title": str(held)})
    return redirect("campaign:scores")
