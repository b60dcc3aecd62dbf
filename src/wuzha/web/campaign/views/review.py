"""The review of a draft: decide, mend, answer, merge, split, add, undo. Authorise, parse, call once, answer."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wuzha.web.accounts.access import UserRequest
from wuzha.web.campaign import access
from wuzha.web.campaign.actions import drafts
from wuzha.web.campaign.actions import review as actions
from wuzha.web.campaign.forms.plans import MAX_QUOTE, DutyForm, HeadForm, read_duty
from wuzha.web.campaign.forms.review import (
    MAX_MERGED,
    MergeForm,
    SplitForm,
    add_up,
    answer_questions,
    merge_words,
    render_answer_fields,
)
from wuzha.web.campaign.kinds import load_kinds_at
from wuzha.web.campaign.models import DraftDuty, PlanVersion
from wuzha.web.campaign.queries import history, plans, review
from wuzha.web.campaign.queries.cards import Card, list_cards
from wuzha.web.campaign.wording import language

View = Callable[..., HttpResponse]
Decision = DraftDuty.Decision
# Tells kept.js which form was saved; a page that was opened anew says it in its address.
SAVED = "Wuzha-Saved"


def _is_part(request: UserRequest) -> bool:
    """Whether htmx asks for a part of the page."""
    return request.headers.get("HX-Request") == "true"


def read_post(request: UserRequest) -> QueryDict | None:
    """What was sent, if anything was: a form without it is shown and not judged."""
    return request.POST if request.method == "POST" else None


def _read_number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 9 else None


def refuses_issued(view: View) -> View:
    """Answers 409 with a sentence where an action finds the plan issued, for instance by a colleague meanwhile."""

    @wraps(view)
    def guarded(request: UserRequest, plan: int, **values: Any) -> HttpResponse:
        try:
            return view(request, plan=plan, **values)
        except drafts.IssuedError:
            return render(request, "campaign/plans/issued_refusal.html", {"plan_pk": plan}, status=409)

    return guarded


def refuses_stale(view: View) -> View:
    """Says what a colleague did to the duty meanwhile, and shows the duty as it is now. Nothing was saved."""

    @wraps(view)
    def guarded(request: UserRequest, plan: int, **values: Any) -> HttpResponse:
        try:
            return view(request, plan=plan, **values)
        except drafts.StaleError as stale:
            return _answer_stale(request, stale.row)

    return guarded


def _answer_stale(request: UserRequest, row: DraftDuty) -> HttpResponse:
    told = history.tell_meanwhile(row)
    if _is_part(request) and row.decision == Decision.GONE:
        return render(request, "campaign/plans/card_gone.html", {"plan": row.version, "row": row, "told": told})
    if _is_part(request):
        return _answer_card(request, row, told=told)
    messages.warning(request, told)
    return redirect(_write_place(row))


def show_review(request: UserRequest, plan: PlanVersion, head: HeadForm) -> HttpResponse:
    """Did Wuzha read it right?"""
    found = review.read_review(plan, language(), request.GET)
    place = {
        "plan": plan,
        "unit": plan.unit,
        "review": found,
        "progress": found.progress,
        "head": head,
        "answers": _make_answers(plan),
        "longest": MAX_QUOTE,
        "is_reader": not access.may_manage_plan(request.user, plan, request.today),
        "no_as_of": True,
    }
    return render(request, "campaign/plans/review.html", place, status=422 if head.errors else 200)


@require_POST
@refuses_issued
def accept_clear(request: UserRequest, plan: int) -> HttpResponse:
    found = access.get_managed_plan(request.user, plan, request.today)
    count = actions.accept_clear(actor=request.user, plan=found, now=request.now)
    told = ngettext("%(count)s duty has been accepted.", "%(count)s duties have been accepted.", count)
    messages.success(request, told % {"count": count})
    return redirect("campaign:plan-review", found.pk)


@require_POST
@refuses_issued
@refuses_stale
def decide_duty(request: UserRequest, plan: int, duty: int) -> HttpResponse:
    """Accept, drop, restore. A duty that is broken is mended first."""
    row = access.get_draft_duty(request.user, plan, duty, request.today)
    decision = request.POST.get("decision", "")
    if decision not in actions.DECIDED:
        return HttpResponse(status=400)
    if decision == Decision.ACCEPTED and list_cards(row.version, [row], language())[0].is_broken:
        return _answer_card(request, row, told=_tell_broken())
    revision = _read_number(request.POST.get("revision"))
    actions.decide_duty(actor=request.user, row=row, decision=decision, now=request.now, revision=revision)
    return _answer_card(request, row)


def _tell_broken() -> str:
    return _("This duty cannot be accepted yet: something in it has to be mended first.")


def _write_place(row: DraftDuty, saved: str = "") -> str:
    """The page of the review that holds the duty, at its card. ``saved`` names the form that was saved to kept.js."""
    page = reverse("campaign:plan-review", args=[row.version_id])
    told = f"&saved={saved}" if saved else ""
    return page if row.decision == Decision.GONE else f"{page}?duty={row.pk}{told}#duty-{row.pk}"


def _answer_card(request: UserRequest, row: DraftDuty, *, told: str = "", saved: str = "") -> HttpResponse:
    """The card and the counters for htmx; otherwise back to the card's place.

    ``told`` says what is wrong; ``saved`` names the form whose words are safe now, so that kept.js lets go of them.
    """
    if not _is_part(request):
        if told:
            messages.warning(request, told)
        return redirect(_write_place(row, saved))
    cards = list_cards(row.version, plans.list_rows(row.version), language())
    card = next(card for card in cards if card.row.pk == row.pk)
    progress = review.read_progress(row.version, cards)
    place = {
        "plan": row.version,
        "card": card,
        "progress": progress,
        "told": told,
        "answers": _make_answers(row.version),
    }
    answer = render(request, "campaign/plans/card_answer.html", place)
    if saved:
        answer.headers[SAVED] = saved
    return answer


@require_safe
@refuses_issued
def show_card(request: UserRequest, plan: int, duty: int) -> HttpResponse:
    """One card again, when mending is broken off."""
    row = access.get_draft_duty(request.user, plan, duty, request.today)
    return _answer_stale(request, row) if row.decision == Decision.GONE else _answer_card(request, row)


@require_http_methods(["GET", "HEAD", "POST"])
@refuses_issued
def mend_duty(request: UserRequest, plan: int, duty: int) -> HttpResponse:
    """A form in plain words. What was typed stays typed when something is wrong with it, or a colleague was faster."""
    row = _get_open_duty(request, plan, duty)
    if row.decision == Decision.GONE:
        return _answer_stale(request, row)
    form = make_duty_form(row.version, read_post(request), _read_row(row), f"duty{row.pk}")
    if request.method == "POST":
        return _save_mended(request, row, form)
    return _answer_duty_form(request, row.version, form, row)


def _get_open_duty(request: UserRequest, plan: int, duty: int) -> DraftDuty:
    row = access.get_draft_duty(request.user, plan, duty, request.today)
    drafts.refuse_issued(row.version)
    return row


def _read_row(row: DraftDuty) -> dict[str, Any]:
    return read_duty(plans.decode_days(row.duty))


def _save_mended(request: UserRequest, row: DraftDuty, form: DutyForm) -> HttpResponse:
    revision = _read_number(request.POST.get("revision"))
    mended = _read_form(form, row.version, row.duty)
    if mended is None:
        return _answer_duty_form(request, row.version, form, row)
    spans = [(span[0], span[1]) for span in form.choose_spans(row)]
    try:
        actions.mend_duty(actor=request.user, row=row, duty=mended, now=request.now, spans=spans, revision=revision)
    except drafts.StaleError as stale:
        return _answer_overtaken(request, stale.row, form)
    return _answer_card(request, row, saved=str(row.pk))


def _answer_overtaken(request: UserRequest, row: DraftDuty, form: DutyForm) -> HttpResponse:
    """What was typed stays in the form; saving it once more puts it over what the colleague did."""
    if row.decision == Decision.GONE:
        return _answer_stale(request, row)
    card = list_cards(row.version, [row], language())[0]
    told = _("%(stale)s Now it says: %(sentence)s What you typed still stands here; save once more to put it in place.")
    form.add_error(None, told % {"stale": history.tell_meanwhile(row), "sentence": card.sentence or card.quote})
    return _answer_duty_form(request, row.version, form, row, revision=row.revision)


def _make_answers(plan: PlanVersion) -> Any:
    return SimpleLazyObject(lambda: render_answer_fields(load_kinds_at(plan.unit.path)))


def make_duty_form(plan: PlanVersion, data: Any, initial: dict[str, Any], name: str) -> DutyForm:
    """``name`` keeps the ids of two forms on one page apart."""
    phases, text = plans.list_phases(plan), plans.read_text(plan)
    kinds = load_kinds_at(plan.unit.path)
    return DutyForm(data, phases=phases, text=text, kinds=kinds, initial=initial, auto_id=f"{name}-%s")


def _read_form(form: DutyForm, plan: PlanVersion, before: dict[str, Any]) -> dict[str, Any] | None:
    """The duty in the plan language, or None after its mistakes have been put into the form."""
    if not form.is_valid():
        return None
    duty = form.make_duty({"id": "new", **before})
    look = plans.look_at_duties(plan, [plans.encode_days(duty)])[0]
    errors = [problem for problem in look.problems if problem.severity == "error"]
    form.refuse(errors)
    return None if errors else duty


def _answer_duty_form(
    request: UserRequest, plan: PlanVersion, form: DutyForm, row: DraftDuty | None, *, revision: int | None = None
) -> HttpResponse:
    """The form again, with the state of the duty that the person saw, or the one that they have now been told of."""
    seen = request.POST.get("revision", "") if revision is None else revision
    shown = row.revision if row and seen == "" else seen
    place = {"plan": plan, "unit": plan.unit, "form": form, "row": row, "revision": shown, "no_as_of": True}
    if _is_part(request):
        return render(request, "campaign/plans/duty_form_part.html", place)
    return render(request, "campaign/plans/duty_form.html", place, status=422 if form.errors else 200)


@require_POST
@refuses_issued
@refuses_stale
def answer_duty(request: UserRequest, plan: int, duty: int) -> HttpResponse:
    """The answers to what is asked of a duty. What does not fit together is shown in the form of the whole duty."""
    row = _get_open_duty(request, plan, duty)
    drafts.refuse_stale(row, _read_number(request.POST.get("revision")))
    data, answered = answer_questions(_read_row(row), row.questions, request.POST, row.demand)
    if not answered:
        return _answer_card(request, row, told=_("Please choose or fill in an answer first."))
    form = make_duty_form(row.version, data, {}, f"duty{row.pk}")
    mended = _read_form(form, row.version, row.duty)
    if mended is None:
        return _answer_duty_form(request, row.version, form, row)
    actions.answer_duty(actor=request.user, row=row, duty=mended, answered=answered, now=request.now)
    return _answer_card(request, row, saved=f"answer-{row.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@refuses_issued
def add_duty(request: UserRequest, plan: int) -> HttpResponse:
    """A duty that was not found, from words of the document."""
    found = access.get_managed_plan(request.user, plan, request.today)
    drafts.refuse_issued(found)
    place = review.suggest_duty(found, request.GET)
    initial = read_duty(review.read_words(found, place["quote"])) | place if place["quote"] else place
    form = make_duty_form(found, read_post(request), initial, "new")
    if request.method == "POST":
        duty = _read_form(form, found, {})
        if duty is not None:
            spans = [(span[0], span[1]) for span in form.choose_spans(DraftDuty())]
            row = actions.add_duty(actor=request.user, plan=found, duty=duty, now=request.now, spans=spans)
            return redirect(_write_place(row, "new"))
    return _answer_duty_form(request, found, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@refuses_issued
@refuses_stale
def merge_duties(request: UserRequest, plan: int) -> HttpResponse:
    """Several duties that say the same become one; the words of all are kept."""
    found = access.get_managed_plan(request.user, plan, request.today)
    drafts.refuse_issued(found)
    rows = review.choose_rows(found, (request.POST or request.GET).getlist("duty"))
    if len(rows) < 2:
        messages.warning(request, _("Choose at least two duties first, then they can become one."))
        return redirect("campaign:plan-review", found.pk)
    cards = list_cards(found, rows, language())
    if len(rows) > MAX_MERGED:
        place = {"plan": found, "unit": found.unit, "cards": cards, "limit": MAX_MERGED, "no_as_of": True}
        return render(request, "campaign/plans/merge_fewer.html", place, status=422)
    sentences = [(card.row.pk, card.sentence or card.quote) for card in cards]
    form = MergeForm(read_post(request), sentences=sentences, initial={"keep": str(rows[0].pk)})
    kept = _save_merged(request, form, rows) if form.is_valid() else None
    if kept is not None:
        messages.success(request, _("%(count)s duties have become one.") % {"count": len(rows)})
        return redirect(_write_place(kept, "-".join(["merge", *(str(row.pk) for row in rows)])))
    place = {"plan": found, "unit": found.unit, "form": form, "cards": cards, "no_as_of": True}
    place |= add_up([_read_row(row) for row in rows])
    return render(request, "campaign/plans/merge.html", place, status=422 if form.errors else 200)


def _save_merged(request: UserRequest, form: MergeForm, rows: list[DraftDuty]) -> DraftDuty | None:
    """The merged duty, or None after its mistakes have been put into the form."""
    kept = next(row for row in rows if str(row.pk) == form.cleaned_data["keep"])
    quote, spans = merge_words(plans.read_text(kept.version), rows)
    whole = make_duty_form(kept.version, form.write_whole(_read_row(kept), quote), {}, "merged")
    duty = _read_form(whole, kept.version, kept.duty)
    if duty is None:
        form.take_mistakes(whole)
        return None
    seen = {row: _read_number(request.POST.get(f"revision-{row.pk}")) for row in [kept, *rows]}
    return actions.merge_duties(actor=request.user, rows=seen, duty=duty, spans=spans, now=request.now)


@require_http_methods(["GET", "HEAD", "POST"])
@refuses_issued
@refuses_stale
def split_duty(request: UserRequest, plan: int, duty: int) -> HttpResponse:
    """One duty that asks for several things becomes several, each with its own part of the words."""
    row = _get_open_duty(request, plan, duty)
    if row.decision == Decision.GONE:
        return _answer_stale(request, row)
    form = SplitForm(read_post(request), row=row, text=plans.read_text(row.version))
    parts = form.list_parts() if form.is_valid() else []
    if len(parts) > 1:
        parts = [part | {"read": review.read_words(row.version, part["quote"])} for part in parts]
        revision = _read_number(request.POST.get("revision"))
        first = actions.split_duty(actor=request.user, row=row, parts=parts, now=request.now, revision=revision)
        messages.success(request, _("One duty has become %(count)s. Mend each of them.") % {"count": len(parts)})
        return redirect(_write_place(first, f"split-{row.pk}"))
    card = list_cards(row.version, [row], language())[0]
    place = {"plan": row.version, "unit": row.version.unit, "form": form, "card": card, "no_as_of": True}
    return render(request, "campaign/plans/split.html", place, status=422 if form.errors else 200)


@require_POST
@refuses_issued
def undo_change(request: UserRequest, plan: int) -> HttpResponse:
    """Takes the last step back, whoever made it."""
    return _step(request, plan, actions.undo_change, _("Taken back: %(action)s (%(who)s, %(time)s)."))


@require_POST
@refuses_issued
def redo_change(request: UserRequest, plan: int) -> HttpResponse:
    """Makes good again what was taken back last."""
    return _step(request, plan, actions.redo_change, _("Made again: %(action)s (%(who)s, %(time)s)."))


def _step(request: UserRequest, plan: int, act: Callable[..., Any], told: str) -> HttpResponse:
    found = access.get_managed_plan(request.user, plan, request.today)
    drafts.refuse_issued(found)
    number = _read_number(request.POST.get("change")) or 0
    try:
        change = act(actor=request.user, plan=found, number=number, now=request.now)
    except actions.OvertakenError:
        messages.warning(request, _("Something else has been done meanwhile, so nothing was taken back. Look again."))
        return redirect("campaign:plan-review", found.pk)
    time = timezone.localtime(change.at).strftime("%H:%M")
    words = {"action": change.get_action_display(), "who": change.actor, "time": time}
    messages.success(request, told % words)
    row = next((step.row for step in change.steps.select_related("row") if step.row), None)
    return redirect(_write_place(row) if row else reverse("campaign:plan-review", args=[found.pk]))


@require_safe
def show_history(request: UserRequest, plan: int) -> HttpResponse:
    """Who changed what? Of the whole draft, or of one ``duty``; also once the plan is issued."""
    found = access.get_managed_plan(request.user, plan, request.today)
    duty = _read_number(request.GET.get("duty"))
    row = access.get_draft_duty(request.user, plan, duty, request.today) if duty else None
    page, entries = history.read_history(found, language(), request.GET, row)
    card: Card | None = list_cards(found, [row], language())[0] if row else None
    place = {"plan": found, "unit": found.unit, "page": page, "entries": entries, "card": card, "no_as_of": True}
    return render(request, "campaign/plans/history.html", place)
