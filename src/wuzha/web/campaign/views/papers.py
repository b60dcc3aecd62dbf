"""What paper is due, and what was issued: the list, the draft with its preview, the issued paper and its files."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import has_errors
from wuzha.core.paper.check import check_paper
from wuzha.core.paper.model import FormCode, Paper
from wuzha.web.accounts.access import UserRequest, find_home
from wuzha.web.accounts.context import read_as_of
from wuzha.web.accounts.tables import show_page
from wuzha.web.campaign import access
from wuzha.web.campaign.actions import papers as actions
from wuzha.web.campaign.actions.measures import NotGivenError, check_giving
from wuzha.web.campaign.actions.papers import AddresseeGoneError, ChangedError, Drawn, UnfitError
from wuzha.web.campaign.forms.papers import AskForm, Choices, PaperFilterForm, RevisionForm, WordsForm
from wuzha.web.campaign.forms.standings import read_known
from wuzha.web.campaign.models import DraftPaper
from wuzha.web.campaign.month_grid import draw_issued
from wuzha.web.campaign.queries import papers as queries
from wuzha.web.campaign.queries.measures import find_measure, list_events
from wuzha.web.campaign.queries.papers import Days
from wuzha.web.campaign.queries.table_calls import FORM
from wuzha.web.campaign.queries.titles import find_certified
from wuzha.web.campaign.tables import papers as tables
from wuzha.web.campaign.views.plans import INERT
from wuzha.web.campaign.wording import language
from wuzha.web.campaign.writers.model import Ask, Writer
from wuzha.web.campaign.writers.table import find_writer, get_writer, is_counted, list_offered

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
    place: dict[str, Any] = {
        "form": form,
        "drafts": access.list_draft_papers(user, today),
        "page": Paginator(papers, PAGE).get_page(request.GET.get("page")),
        "home": home,
        "may_write": office is not None,
        "may_read": access.is_supervisor(user, today) or papers.exists(),
        "candidates": queries.list_candidates(home, today, CANDIDATES) if home and office else [],
        "offered": list_offered() if office else [],
        "no_as_of": True,
    }
    # Whoever is shown no list takes none out.
    going_out = [tables.tabulate_issued(papers)] if place["may_read"] else []
    if place["candidates"]:
        going_out.append(tables.tabulate_candidates(place["candidates"]))
    return show_page(request, "campaign/papers/list.html", place, going_out)


@require_http_methods(["GET", "HEAD", "POST"])
def start_paper(request: UserRequest) -> HttpResponse:
    """A new paper, with what it will say; kept as a draft when its words are sent."""
    found = find_writer(request.GET.get("form", ""))
    if found is None:
        return redirect("campaign:papers")
    code, kind = found
    asking = kind.ask_form(request.GET, choices=_list_choices(request))
    if not asking.is_valid():
        return _ask(request, code, kind, asking)
    office, subject = kind.find_place(code, request.user, asking.cleaned_data, request.today)
    if office is None:
        raise PermissionDenied
    writer = kind(Ask(code, office, subject, asking.make_asked(), _read_days(request), request.today))
    said = writer.propose()
    if said is None:
        raise Http404
    form = _make_form(request, writer, said)
    if request.method == "POST" and form.is_valid():
        drawn = _draw(form, writer)
        if drawn is not None:
            draft = actions.draft_paper(
                actor=request.user, unit=office, addressee=subject, drawn=drawn, now=request.now
            )
            messages.success(request, _("Kept as a draft. Nothing has gone out."))
            return redirect("campaign:paper-draft", draft.pk)
    shown = writer.draw(form.make_said() if form.is_bound and form.is_valid() else said)
    if shown.paper:
        form.tell_doubts(writer.list_readings(shown.paper))
    place = {
        "form": form,
        "code": code,
        "subject": subject,
        "office": office,
        "days": writer.ask.days,
        "paper": shown.paper,
        "problems": shown.problems,
        "forms": writer.siblings,
        "no_as_of": True,
    }
    return render(request, "campaign/papers/draft.html", place, status=422 if form.errors else 200)


def _list_choices(request: UserRequest) -> Choices:
    home = find_home(request.user, request.today)
    return queries.list_choices(home, request.today) if home else Choices()


def _ask(request: UserRequest, code: FormCode, kind: type[Writer], asking: AskForm) -> HttpResponse:
    """What the new paper is to be made of, for whoever writes papers at all."""
    if kind.begin:
        return redirect(kind.begin)
    home = find_home(request.user, request.today)
    if home is None or access.find_paper_office(request.user, home, request.today, is_above=False) is None:
        raise PermissionDenied
    is_first = not any(name in request.GET for name in asking.fields)
    form = type(asking)(choices=asking.choices) if is_first else asking
    place = {"form": form, "code": code, "note": kind.note, "as_of_day": read_as_of(request), "no_as_of": True}
    return render(request, "campaign/papers/ask.html", place, status=200 if is_first else 422)


def _read_days(request: UserRequest) -> Days:
    """The days in the address. A paper speaks of no day that is still to come."""
    as_of, known = min(read_as_of(request), request.today), read_known(request)
    return Days(as_of, request.today, request.now) if known is None else Days(as_of, known)


def _make_form(request: UserRequest, writer: Writer, said: Mapping[str, Any], revision: int | None = None) -> WordsForm:
    data = request.POST if request.method == "POST" else None
    return writer.make_form(data, said, {} if revision is None else {"revision": revision})


def _draw(form: WordsForm, writer: Writer) -> Drawn | None:
    """The draft's content; none, with the reason beside the form, where there is nothing to write."""
    said = form.make_said()
    counted = writer.draw(said)
    problems = (*counted.problems, *(check_paper(counted.paper) if counted.paper else ()))
    if counted.paper is None or has_errors(problems):
        form.tell_problems(problems)
        return None
    return Drawn(counted.paper, writer.ask.asked, said, writer.ask.days.as_of, writer.ask.days.known_by)


@require_http_methods(["GET", "HEAD", "POST"])
def show_draft(request: UserRequest, draft: UUID) -> HttpResponse:
    """A draft as it would go out. Sending its words counts it anew, from what is known now."""
    held = access.get_draft_paper(request.user, draft, request.today)
    writer = get_writer(held, request.now)
    form = _make_form(request, writer, held.said, held.revision)
    if request.method == "POST" and form.is_valid() and _change(request, held, form, writer):
        messages.success(request, _("Kept, with the figures as known now."))
        return redirect("campaign:paper-draft", held.pk)
    content = queries.read_content(held)
    now = writer.draw(held.said)
    form.tell_doubts(writer.list_readings(content))
    place: dict[str, Any] = {
        "draft": held,
        "form": form,
        "code": held.form,
        "subject": held.addressee,
        "office": held.unit,
        "days": Days(held.as_of, held.known_by),
        "paper": _number(held, content, request),
        "problems": (
            *check_paper(content),
            *actions.check_addressee(held, request.today),
            *check_giving(actor=request.user, paper=held, now=request.now),
        ),
        "doubts": [replace(problem, severity="warning") for problem in now.problems],
        "changes": queries.list_changes(held, now),
        "no_as_of": True,
    }
    going_out = [tables.tabulate_figure_changes([(request.now, place["changes"])])]
    return show_page(request, "campaign/papers/draft.html", place, going_out, status=422 if form.errors else 200)


def _number(draft: DraftPaper, content: Paper, request: UserRequest) -> Paper:
    """The paper with the number and the day that it would have if it went out now."""
    year = request.today.year
    serial = queries.find_next_serial(draft.unit, draft.form, year)
    number = get_writer(draft, request.now).rules.say_number(draft, year, serial)
    return actions.number_paper(content, number, request.today)


def _change(request: UserRequest, held: DraftPaper, form: WordsForm, writer: Writer) -> bool:
    """Whether the draft has the new words. Not when somebody else was faster, or nothing is left to write."""
    drawn = _draw(form, writer)
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
    try:
        actions.discard_paper(actor=request.user, draft=held, now=request.now)
    except ChangedError:  # somebody else has discarded or issued it at that moment
        messages.error(request, _say_changed())
    else:
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
        writer = get_writer(held, request.now)
        issued = actions.issue_paper(
            actor=request.user, draft=held, now=request.now, render=writer.render, rules=writer.rules
        )
    except ChangedError:
        messages.error(request, _say_changed())
        return redirect("campaign:papers")
    except (AddresseeGoneError, NotGivenError) as refused:
        messages.error(request, " ".join(describe_problem(problem, language()) for problem in refused.problems))
        return redirect("campaign:paper-draft", held.pk)
    except UnfitError:
        messages.error(request, _("This paper cannot be laid out yet. The page names what is in the way."))
        return redirect("campaign:paper-draft", held.pk)
    messages.success(request, _("Issued as %(number)s. From now on it does not change.") % {"number": issued.number})
    return redirect("campaign:paper", issued.pk)


@require_safe
def show_paper(request: UserRequest, paper: int) -> HttpResponse:
    """An issued paper: what it says, where its figures come from, its files, and what has changed since."""
    found = access.get_issued_paper(request.user, paper, request.today)
    paper_said, restatements = queries.read_content(found), found.restatements.select_related("made_by")
    opens = access.opens_figures(request.user, found, request.today)
    place = {
        "issued": found,
        "opens": opens,
        "paper": paper_said,
        "counted_at": queries.find_moment(found),
        "files": [(sort, getattr(found, f"{sort}_sha256")) for sort in KINDS if getattr(found, f"{sort}_sha256")],
        "restatements": restatements,
        "may_publish": access.may_publish(request.user, found, request.today),
        "may_restate": access.may_restate(request.user, found, request.today) and is_counted(found.form),
        "measure": find_measure(found),
        "certified": find_certified(found, request.today),
        "events": list_events(found),
        "may_answer": access.find_answering_post(request.user, found, request.today) is not None,
        "no_as_of": True,
    }
    changes = tables.tabulate_figure_changes((one.made_at, one.changes) for one in restatements)
    going_out = [tables.tabulate_sources(paper_said), changes] if opens else [changes]
    if found.form == FORM:
        place["grid"] = draw_issued(paper_said, request.GET.get("open", ""))
        return show_page(request, "campaign/monthly/issued.html", place, going_out)
    return show_page(request, "campaign/papers/issued.html", place, going_out)


@require_POST
def restate_paper(request: UserRequest, paper: int) -> HttpResponse:
    """Counts the paper again as known now. What was issued stays."""
    found = access.get_restatable_paper(request.user, paper, request.today)
    if not is_counted(found.form):
        raise Http404
    now = get_writer(found, request.now).draw(found.said)
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
