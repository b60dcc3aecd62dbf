"""What paper is due, and what was issued: the list, the draft with its preview, the issued paper and its files."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wuzha.core.paper.check import check_paper
from wuzha.core.paper.letter import AREA_FORMS, UNIT_FORMS, Facts, read_said
from wuzha.core.paper.model import FormCode, Paper
from wuzha.web.accounts.access import UserRequest, find_home, get_unit
from wuzha.web.accounts.context import read_as_of
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign import access
from wuzha.web.campaign.actions import papers as actions
from wuzha.web.campaign.actions.papers import ChangedError, Drawn, UnfitError
from wuzha.web.campaign.forms.papers import (
    PaperChoiceForm,
    PaperFilterForm,
    PaperForm,
    RevisionForm,
    propose_words,
    read_words,
)
from wuzha.web.campaign.forms.standings import read_known
from wuzha.web.campaign.models import DraftPaper
from wuzha.web.campaign.queries import papers as queries
from wuzha.web.campaign.queries.papers import Days
from wuzha.web.campaign.views.plans import INERT

PAGE = 50
CANDIDATES = 8
KINDS = MappingProxyType(
    {
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "pdf": "application/pdf",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)


@require_safe
def list_papers(request: UserRequest) -> HttpResponse:
    """What paper is due, what is being written, what was issued?"""
    today, user = request.today, request.user
    form = PaperFilterForm(request.GET)
    told = form.cleaned_data if form.is_valid() else {}
    papers = queries.filter_papers(access.list_visible_papers(user, today), told)
    home = find_home(user, today)
    office = access.find_paper_office(user, home, today, is_above=False) if home else None
    place = {
        "form": form,
        "drafts": access.list_draft_papers(user, today),
        "page": Paginator(papers, PAGE).get_page(request.GET.get("page")),
        "home": home,
        "may_write": office is not None,
        "may_read": access.is_reviewer(user, today),
        "candidates": queries.list_candidates(home, today, CANDIDATES) if home and office else [],
        "no_as_of": True,
    }
    return render(request, "campaign/papers/list.html", place)


@require_http_methods(["GET", "HEAD", "POST"])
def start_paper(request: UserRequest) -> HttpResponse:
    """A new paper about a unit, with what it will say; kept as a draft when its words are sent."""
    choice = PaperChoiceForm(request.GET)
    if not choice.is_valid():
        return redirect("campaign:papers")
    code, told = cast(FormCode, choice.cleaned_data["form"]), choice.cleaned_data
    subject = get_unit(request.user, told["unit"], request.today)
    office = access.find_paper_office(request.user, subject, request.today, is_above=code in UNIT_FORMS)
    if office is None:
        raise PermissionDenied
    days = _read_days(request)
    facts = queries.gather_facts(subject, told["plan"], days, request.today)
    if facts is None:
        raise Http404
    form = _make_form(request, code, _propose(code, facts, office, told["plan"]))
    if request.method == "POST" and form.is_valid():
        drawn = _draw(form, facts, {"plan": told["plan"]}, days)
        if drawn is not None:
            draft = actions.draft_paper(
                actor=request.user, unit=office, addressee=subject, drawn=drawn, now=request.now
            )
            messages.success(request, _("Kept as a draft. Nothing has gone out."))
            return redirect("campaign:paper-draft", draft.pk)
    said = form.make_said() if form.is_bound and form.is_valid() else _propose_said(form)
    shown = queries.count_letter(code, facts, read_said(said))
    place = {
        "form": form,
        "code": code,
        "subject": subject,
        "office": office,
        "days": days,
        "paper": shown.paper,
        "problems": shown.problems,
        "forms": UNIT_FORMS if code in UNIT_FORMS else AREA_FORMS,
        "no_as_of": True,
    }
    return render(request, "campaign/papers/draft.html", place, status=422 if form.errors else 200)


def _read_days(request: UserRequest) -> Days:
    """The days in the address. A paper speaks of no day that is still to come."""
    return Days(min(read_as_of(request), request.today), read_known(request) or request.today)


def _make_form(request: UserRequest, code: str, initial: Mapping[str, Any]) -> PaperForm:
    data = request.POST if request.method == "POST" else None
    return PaperForm(data, paper=code, today=request.today, initial=dict(initial))


def _propose(code: FormCode, facts: Facts, office: Unit, plan_pk: int) -> dict[str, Any]:
    return propose_words(code, facts, *queries.find_office_words(office, code, plan_pk))


def _propose_said(form: PaperForm) -> dict[str, Any]:
    """The words proposed, for the first look at a new paper."""
    told = form.initial
    asks = [line for line in str(told["asks"]).splitlines() if line]
    return {name: told[name] for name in ("title", "addressee", "signed_by", "mark")} | {
        "asks": asks,
        "answer_by": None,
    }


def _draw(form: PaperForm, facts: Facts | None, asked: Mapping[str, Any], days: Days) -> Drawn | None:
    """The draft's content; none, with the reason beside the form, where there is nothing to write."""
    said = form.make_said()
    counted = queries.count_letter(cast(FormCode, form.paper), facts, read_said(said))
    problems = (*counted.problems, *(check_paper(counted.paper) if counted.paper else ()))
    if counted.paper is None or problems:
        form.tell_problems(problems)
        return None
    return Drawn(counted.paper, asked, said, days.as_of, days.known_by)


@require_http_methods(["GET", "HEAD", "POST"])
def show_draft(request: UserRequest, draft: UUID) -> HttpResponse:
    """A draft as it would go out. Sending its words counts it anew, from what is known now."""
    held = access.get_draft_paper(request.user, draft, request.today)
    form = _make_form(request, held.form, read_words(held))
    if request.method == "POST" and form.is_valid() and _change(request, held, form):
        messages.success(request, _("Kept, with the figures as known now."))
        return redirect("campaign:paper-draft", held.pk)
    content = queries.read_content(held)
    now = queries.recount(held, request.today)
    place = {
        "draft": held,
        "form": form,
        "code": held.form,
        "subject": held.addressee,
        "office": held.unit,
        "days": Days(held.as_of, held.known_by),
        "paper": _number(held, content, request),
        "problems": check_paper(content),
        "doubts": [replace(problem, severity="warning") for problem in now.problems],
        "changes": queries.list_changes(held, now),
        "no_as_of": True,
    }
    return render(request, "campaign/papers/draft.html", place, status=422 if form.errors else 200)


def _number(draft: DraftPaper, content: Paper, request: UserRequest) -> Paper:
    """The paper with the number and the day that it would have if it went out now."""
    serial = queries.find_next_serial(draft.unit, draft.form, request.today.year)
    return actions.number_paper(content, draft.said.get("mark", ""), serial, request.today)


def _change(request: UserRequest, held: DraftPaper, form: PaperForm) -> bool:
    """Whether the draft has the new words. Not when somebody else was faster, or nothing is left to write."""
    if held.addressee is None:
        raise Http404
    days = Days(held.as_of, request.today)
    facts = queries.gather_facts(held.addressee, held.asked["plan"], days, request.today)
    drawn = _draw(form, facts, held.asked, days)
    if drawn is None:
        return False
    revision = form.cleaned_data["revision"] or 0
    try:
        actions.change_paper(actor=request.user, draft=held, revision=revision, drawn=drawn, now=request.now)
    except ChangedError:
        form.add_error(None, _say_changed())
        return False
    return True


def _say_changed() -> str:
    return _("Somebody else has changed this draft meanwhile. Look at it again before you go on.")


@require_POST
def discard_draft(request: UserRequest, draft: UUID) -> HttpResponse:
    held = access.get_draft_paper(request.user, draft, request.today)
    actions.discard_paper(actor=request.user, draft=held, now=request.now)
    messages.success(request, _("The draft “%(title)s” has been removed.") % {"title": held.title})
    return redirect("campaign:papers")


@require_POST
def issue_draft(request: UserRequest, draft: UUID) -> HttpResponse:
    """Gives the paper its number and freezes it. A second press leads to the paper that is there."""
    before = access.list_visible_papers(request.user, request.today).filter(draft=draft).first()
    if before is not None:
        return redirect("campaign:paper", before.pk)
    held = access.get_draft_paper(request.user, draft, request.today)
    form = RevisionForm(request.POST)
    if not form.is_valid() or form.cleaned_data["revision"] != held.revision:
        messages.error(request, _say_changed())
        return redirect("campaign:paper-draft", held.pk)
    try:
        issued = actions.issue_paper(actor=request.user, draft=held, now=request.now)
    except ChangedError:
        messages.error(request, _say_changed())
        return redirect("campaign:papers")
    except UnfitError:
        messages.error(request, _("This paper cannot be laid out yet. The page names what is in the way."))
        return redirect("campaign:paper-draft", held.pk)
    messages.success(request, _("Issued as %(number)s. From now on it does not change.") % {"number": issued.number})
    return redirect("campaign:paper", issued.pk)


@require_safe
def show_paper(request: UserRequest, paper: int) -> HttpResponse:
    """An issued paper: what it says, where its figures come from, its files, and what has changed since."""
    found = access.get_issued_paper(request.user, paper, request.today)
    place = {
        "issued": found,
        "paper": queries.read_content(found),
        "files": [(sort, getattr(found, f"{sort}_sha256")) for sort in KINDS if getattr(found, f"{sort}_sha256")],
        "restatements": found.restatements.select_related("made_by"),
        "may_restate": access.may_restate(request.user, found, request.today) and found.form in queries.RECOUNTS,
        "no_as_of": True,
    }
    return render(request, "campaign/papers/issued.html", place)


@require_POST
def restate_paper(request: UserRequest, paper: int) -> HttpResponse:
    """Counts the paper again as known now. What was issued stays."""
    found = access.get_restatable_paper(request.user, paper, request.today)
    if found.form not in queries.RECOUNTS:
        raise Http404
    now = queries.recount(found, request.today)
    changes = queries.list_changes(found, now)
    actions.restate_paper(actor=request.user, paper=found, now_paper=now.paper, changes=changes, now=request.now)
    if changes:
        messages.success(request, _("Counted again. The figures that came out otherwise are listed below."))
    else:
        messages.success(request, _("Counted again. Every figure is as it was."))
    return redirect("campaign:paper", found.pk)


@require_safe
def send_file(request: UserRequest, paper: int, sort: str) -> HttpResponse:
    """One of the paper's files, byte for byte as it was issued, always as a download."""
    found = access.get_issued_paper(request.user, paper, request.today)
    content = bytes(getattr(found, sort)) if sort in KINDS else b""
    if not content:
        raise Http404
    disposition = content_disposition_header(True, f"{found.number} {found.title}.{sort}") or "attachment"
    return HttpResponse(content, content_type=KINDS[sort], headers={**INERT, "Content-Disposition": disposition})
