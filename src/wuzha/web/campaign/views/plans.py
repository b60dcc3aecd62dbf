"""The plan pages: authorise, parse, call once, answer."""

from collections.abc import Callable, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wuzha.adapters.wording import Language
from wuzha.web.accounts.access import UserRequest
from wuzha.web.accounts.context import read_as_of
from wuzha.web.accounts.queries import read_tree
from wuzha.web.campaign import access
from wuzha.web.campaign.actions import plans as actions
from wuzha.web.campaign.forms.plans import DutyForm, HeadForm, IssueForm, UploadForm, find_year, read_duty
from wuzha.web.campaign.models import DraftDuty, PlanVersion
from wuzha.web.campaign.queries import plans as queries

View = Callable[..., HttpResponse]
State = PlanVersion.State
Decision = DraftDuty.Decision
# What a browser can be made to do with a file that it is handed: nothing.
INERT: Mapping[str, str] = MappingProxyType(
    {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
)


def _speak() -> Language:
    return "zh" if (get_language() or "zh-hans").startswith("zh") else "en"


def _is_part(request: UserRequest) -> bool:
    """Whether htmx asks for a part of the page."""
    return request.headers.get("HX-Request") == "true"


def _read_post(request: UserRequest) -> QueryDict | None:
    """What was sent, if anything was: a form without it is shown and not judged."""
    return request.POST if request.method == "POST" else None


def refuses_issued(view: View) -> View:
    """Answers 409 with a sentence where an action finds the plan issued, for instance by a colleague meanwhile."""

    @wraps(view)
    def guarded(request: UserRequest, plan: int, **values: Any) -> HttpResponse:
        try:
            return view(request, plan=plan, **values)
        except actions.IssuedError:
            return render(request, "campaign/plans/issued_refusal.html", {"plan_pk": plan}, status=409)

    return guarded


@require_safe
def list_plans(request: UserRequest) -> HttpResponse:
    """What have we promised?"""
    return _answer_list(request, None)


@require_POST
def upload_plan(request: UserRequest) -> HttpResponse:
    """Takes in a document. What is wrong with it is said beside the field, and nothing is kept of it."""
    units = access.list_issuing_units(request.user, request.today)
    if not units.exists():
        raise PermissionDenied
    form = UploadForm(request.POST, request.FILES, units=units)
    if not form.is_valid():
        return _answer_list(request, form)
    file, unit, year = (form.cleaned_data[name] for name in ("file", "unit", "year"))
    plan, problems = actions.upload_plan(
        actor=request.user, unit=unit, name=str(file.name), content=file.read(), now=request.now, year=year
    )
    if plan is None:
        form.refuse(problems)
        return _answer_list(request, form)
    return redirect("campaign:plan-review", plan.pk)


def _answer_list(request: UserRequest, form: UploadForm | None) -> HttpResponse:
    today, as_of = request.today, read_as_of(request)
    units = access.list_issuing_units(request.user, today)
    shelves = queries.list_shelves(access.list_visible_plans(request.user, today), as_of)
    place = {
        "as_of": as_of,
        "shelves": shelves,
        "form": form or UploadForm(units=units, initial={"unit": units.first(), "year": find_year(today)}),
        "may_upload": units.exists(),
    }
    return render(request, "campaign/plans/list.html", place, status=422 if form else 200)


@require_safe
def show_plan(request: UserRequest, plan: int) -> HttpResponse:
    """A draft: did Wuzha read it right? An issued plan: what does it say?"""
    found = access.get_plan(request.user, plan, request.today)
    if found.state == State.ISSUED:
        return _show_issued(request, found)
    return _show_review(request, found, None)


def _show_issued(request: UserRequest, plan: PlanVersion) -> HttpResponse:
    duties = queries.list_issued_duties(plan, _speak())
    place = {"plan": plan, "unit": plan.unit, "duties": duties, "no_as_of": True}
    return render(request, "campaign/plans/issued.html", place)


def _show_review(request: UserRequest, plan: PlanVersion, head: HeadForm | None) -> HttpResponse:
    review = queries.read_review(plan, _speak(), request.GET)
    place = {
        "plan": plan,
        "unit": plan.unit,
        "review": review,
        "counts": review.counts,
        "head": head or _make_head_form(plan),
        "no_as_of": True,
    }
    return render(request, "campaign/plans/review.html", place, status=422 if head else 200)


def _make_head_form(plan: PlanVersion, data: Any = None) -> HeadForm:
    initial = {name: getattr(plan, name) for name in actions.HEAD}
    return HeadForm(data, phases=queries.list_phases(plan), initial=initial)


@require_POST
@refuses_issued
def mend_head(request: UserRequest, plan: int) -> HttpResponse:
    found = access.get_managed_plan(request.user, plan, request.today)
    form = _make_head_form(found, request.POST)
    if not form.is_valid():
        actions.refuse_issued(found)
        return _show_review(request, found, form)
    actions.mend_head(actor=request.user, plan=found, head=form.make_head(), now=request.now)
    messages.success(request, _("The head of the plan has been changed."))
    return redirect("campaign:plan-review", found.pk)


@require_POST
@refuses_issued
def discard_draft(request: UserRequest, plan: int) -> HttpResponse:
    """Takes away a draft that was uploaded by mistake, its document with it."""
    found = access.get_managed_plan(request.user, plan, request.today)
    actions.discard_draft(actor=request.user, plan=found, now=request.now)
    messages.success(request, _("The draft “%(title)s” has been removed.") % {"title": found.title})
    return redirect("campaign:plans")


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
def decide_duty(request: UserRequest, plan: int, duty: int) -> HttpResponse:
    """Accept, drop, restore. A duty that is broken is mended first."""
    row = access.get_draft_duty(request.user, plan, duty, request.today)
    decision = request.POST.get("decision", "")
    if decision not in Decision.values:
        return HttpResponse(status=400)
    card = queries.list_cards(row.version, [row], _speak())[0]
    if decision == Decision.ACCEPTED and card.is_broken:
        return _answer_card(request, row, refused=True)
    actions.decide_duty(actor=request.user, row=row, decision=decision, now=request.now)
    return _answer_card(request, row)


def _write_place(row: DraftDuty) -> str:
    """The page of the review that holds the duty, at its card."""
    return f"{reverse('campaign:plan-review', args=[row.version_id])}?duty={row.pk}#duty-{row.pk}"


def _answer_card(request: UserRequest, row: DraftDuty, *, refused: bool = False) -> HttpResponse:
    """The card and the counters for htmx; otherwise back to the card's place on the page."""
    if not _is_part(request):
        if refused:
            messages.warning(request, _("This duty cannot be accepted yet: something in it has to be mended first."))
        return redirect(_write_place(row))
    cards = queries.list_cards(row.version, queries.list_rows(row.version), _speak())
    card = next(card for card in cards if card.row.pk == row.pk)
    place = {"plan": row.version, "card": card, "counts": queries.count_cards(cards), "refused": refused}
    return render(request, "campaign/plans/card_answer.html", place)


@require_safe
@refuses_issued
def show_card(request: UserRequest, plan: int, duty: int) -> HttpResponse:
    """One card again, when mending is broken off."""
    return _answer_card(request, access.get_draft_duty(request.user, plan, duty, request.today))


@require_http_methods(["GET", "HEAD", "POST"])
@refuses_issued
def mend_duty(request: UserRequest, plan: int, duty: int) -> HttpResponse:
    """A form in plain words. What was typed stays typed when something is wrong with it."""
    row = access.get_draft_duty(request.user, plan, duty, request.today)
    actions.refuse_issued(row.version)
    form = _make_duty_form(row.version, _read_post(request), read_duty(queries.decode_days(row.duty)), f"duty{row.pk}")
    if request.method == "POST":
        mended = _read_form(form, row.version, row.duty)
        if mended is not None:
            actions.mend_duty(actor=request.user, row=row, duty=mended, now=request.now)
            return _answer_card(request, row)
    return _answer_duty_form(request, row.version, form, row)


@require_http_methods(["GET", "HEAD", "POST"])
@refuses_issued
def add_duty(request: UserRequest, plan: int) -> HttpResponse:
    """A duty that was not found, from words of the document."""
    found = access.get_managed_plan(request.user, plan, request.today)
    actions.refuse_issued(found)
    form = _make_duty_form(found, _read_post(request), queries.suggest_duty(found, request.GET), "new")
    if request.method == "POST":
        duty = _read_form(form, found, {})
        if duty is not None:
            row = actions.add_duty(actor=request.user, plan=found, duty=duty, now=request.now)
            return redirect(_write_place(row))
    return _answer_duty_form(request, found, form, None)


def _make_duty_form(plan: PlanVersion, data: Any, initial: dict[str, Any], name: str) -> DutyForm:
    """``name`` keeps the ids of two forms on one page apart."""
    return DutyForm(
        data,
        phases=queries.list_phases(plan),
        text=queries.read_text(plan),
        initial=initial,
        auto_id=f"{name}-%s",
    )


def _read_form(form: DutyForm, plan: PlanVersion, before: dict[str, Any]) -> dict[str, Any] | None:
    """The duty in the plan language, or None after its mistakes have been put into the form."""
    if not form.is_valid():
        return None
    duty = form.make_duty({"id": "new", **before})
    look = queries.look_at_duties(plan, [queries.encode_days(duty)])[0]
    errors = [problem for problem in look.problems if problem.severity == "error"]
    form.refuse(errors)
    return None if errors else duty


def _answer_duty_form(request: UserRequest, plan: PlanVersion, form: DutyForm, row: DraftDuty | None) -> HttpResponse:
    place = {"plan": plan, "unit": plan.unit, "form": form, "row": row, "no_as_of": True}
    if _is_part(request):
        return render(request, "campaign/plans/duty_form_part.html", place)
    return render(request, "campaign/plans/duty_form.html", place, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@refuses_issued
def issue_plan(request: UserRequest, plan: int) -> HttpResponse:
    """What will be issued, and then issuing it, once and for all."""
    found = access.get_managed_plan(request.user, plan, request.today)
    actions.refuse_issued(found)
    tree, form = read_tree(), IssueForm(_read_post(request))
    if request.method == "POST" and form.is_valid():
        leave_out = form.cleaned_data["leave_out"]
        if actions.issue_plan(actor=request.user, plan=found, tree=tree, now=request.now, leave_out=leave_out):
            messages.success(request, _("The plan has been issued. From now on it does not change."))
            return redirect("campaign:plan-review", found.pk)
    place = {
        "plan": found,
        "unit": found.unit,
        "form": form,
        "preview": queries.read_preview(found, tree, _speak()),
        "no_as_of": True,
    }
    return render(request, "campaign/plans/issue.html", place, status=409 if request.method == "POST" else 200)


@require_safe
def download_yaml(request: UserRequest, plan: int) -> HttpResponse:
    """The plan file: the issued text byte for byte, or what a draft would give now."""
    found = access.get_plan(request.user, plan, request.today)
    text = found.text if found.state == State.ISSUED else queries.write_plan(found)[0]
    return _answer_file(text.encode(), "text/yaml; charset=utf-8", f"{found.title}.yaml")


@require_safe
def download_document(request: UserRequest, plan: int) -> HttpResponse:
    """The file as it was uploaded, always as a download, never opened by the browser."""
    found = access.get_plan(request.user, plan, request.today)
    document = queries.get_document(found)
    return _answer_file(bytes(document.content), "application/octet-stream", document.name)


def _answer_file(content: bytes, kind: str, name: str) -> HttpResponse:
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(content, content_type=kind, headers={**INERT, "Content-Disposition": disposition})
