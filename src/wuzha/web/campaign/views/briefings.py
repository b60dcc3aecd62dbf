"""Briefings: what one is due of, where the count begins, and the public copy with its pictures looked at."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wuzha.core.paper.public import LeftOut, make_public
from wuzha.core.paper.wire import read_paper
from wuzha.web.accounts.access import UserRequest, find_home
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign import access
from wuzha.web.campaign.actions import briefings as actions
from wuzha.web.campaign.actions.briefings import StartedError, UnseenError
from wuzha.web.campaign.actions.papers import UnfitError
from wuzha.web.campaign.forms.briefings import BriefingStartForm, LookForm, PublicForm
from wuzha.web.campaign.models import IssuedPaper, PictureLook
from wuzha.web.campaign.queries import briefings as queries
from wuzha.web.campaign.queries.papers import find_next_serial
from wuzha.web.campaign.views.papers import KINDS
from wuzha.web.campaign.views.plans import INERT


@require_http_methods(["GET", "HEAD", "POST"])
def list_due(request: UserRequest) -> HttpResponse:
    """Of what is a briefing due? Events of which a plan asks one each, else the month; and where the count begins."""
    office = _find_office(request)
    form = BriefingStartForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _set_start(request, office, form)
    wanting = queries.list_wanting_events(office, request.today)
    place = {
        "office": office,
        "wanting": wanting,
        "events": [] if wanting else queries.list_recent_events(office, request.today),
        "months": queries.list_months(office, request.today),
        "next": queries.find_issue(office, request.today.year, _find_serial(request, office)),
        "form": form,
        "may_start": queries.may_start(office),
        "no_as_of": True,
    }
    return render(request, "campaign/briefings/due.html", place, status=422 if form.errors else 200)


def _find_office(request: UserRequest) -> Unit:
    """The office in whose name the person writes. Raises ``PermissionDenied`` for whoever writes no papers."""
    home = find_home(request.user, request.today)
    office = access.find_paper_office(request.user, home, request.today, is_above=False) if home else None
    if office is None:
        raise PermissionDenied
    return office


def _find_serial(request: UserRequest, office: Unit) -> int:
    return find_next_serial(office, queries.FORM, request.today.year)


def _set_start(request: UserRequest, office: Unit, form: BriefingStartForm) -> HttpResponse:
    before = form.cleaned_data["before_in_year"], form.cleaned_data["before_in_all"]
    try:
        actions.set_start(actor=request.user, unit=office, before=before, year=request.today.year, now=request.now)
        messages.success(request, _("Kept. The next briefing goes on from there."))
    except StartedError:
        messages.error(request, _("The count of this office has begun already and is not set again."))
    return redirect("campaign:briefings")


@require_http_methods(["GET", "HEAD", "POST"])
def prepare_public(request: UserRequest, paper: int) -> HttpResponse:
    """What will everybody read? The public copy as it would go out, and what is still to be looked at."""
    found = _get_briefing(request, paper)
    looks = queries.list_looks(found)
    shown = queries.list_shown(found)
    guessed = make_public(read_paper(found.content), _leave_out(found)).changes
    looks_like = list(dict.fromkeys(change.before for change in guessed if change.why == "looks"))
    form = PublicForm(request.POST if request.method == "POST" else None, looks_like=looks_like)
    left_out = _leave_out(found, form if form.is_bound and form.is_valid() else None)
    unseen = [one for one in shown if one["evidence"] not in looks]
    if form.is_bound and form.is_valid() and "issue" in request.POST:
        if unseen:
            form.add_error(None, _("Not every picture has been looked at yet."))
        elif not form.cleaned_data["is_read"]:
            form.add_error("is_read", _("Read the public copy first; then tick this."))
        elif (answer := _issue(request, found, left_out, looks)) is not None:
            return answer
    made = make_public(read_paper(found.content), replace(left_out, pictures={one: one for one in looks}))
    place = {
        "issued": found,
        "paper": made.paper,
        "changes": made.changes,
        "pictures": [(number, one, looks.get(one["evidence"])) for number, one in enumerate(shown)],
        "unseen": len(unseen),
        "form": form,
        "copies": found.public_copies.defer("docx", "pdf", "content"),
        "no_as_of": True,
    }
    return render(request, "campaign/briefings/public.html", place, status=422 if form.errors else 200)


def _leave_out(paper: IssuedPaper, form: PublicForm | None = None) -> LeftOut:
    """Whom the site knows, and what the person adds."""
    names, told = queries.list_known_names(paper.unit), form.cleaned_data if form else {}
    return LeftOut(
        names=(*names, *(form.list_names() if form else ())),
        kept=queries.list_known_places(),
        no_names=tuple(told.get("no_names", ())),
    )


def _issue(
    request: UserRequest, paper: IssuedPaper, left_out: LeftOut, looks: dict[str, PictureLook]
) -> HttpResponse | None:
    """The answer when the copy went out; none, with a message, when it could not."""
    post = access.get_publishing_post(request.user, paper, request.today)
    try:
        copy = actions.issue_public_copy(
            actor=request.user, paper=paper, left_out=left_out, looks=looks, post=post, now=request.now
        )
    except UnseenError:
        messages.error(request, _("Somebody has looked at a picture anew meanwhile. Read the public copy again."))
        return None
    except UnfitError:
        messages.error(request, _("The public copy cannot be laid out: a picture cannot be read."))
        return None
    messages.success(request, _("The public copy is kept, version %(version)s.") % {"version": copy.version})
    return redirect("campaign:paper", paper.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def look_at_picture(request: UserRequest, paper: int, place: int) -> HttpResponse:
    """Who can be known in this picture? A person marks the faces, or says that there are none."""
    found = _get_briefing(request, paper)
    picture = _get_picture(found, place)
    last = queries.list_looks(found).get(picture["evidence"])
    initial: dict[str, Any] = {"boxes": last.boxes, "no_faces": last.no_faces} if last else {}
    form = LookForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.keep_look(
            actor=request.user,
            paper=found,
            sha256=picture["evidence"],
            boxes=form.cleaned_data["boxes"],
            post=access.get_publishing_post(request.user, found, request.today),
            now=request.now,
        )
        messages.success(request, _("Kept. This is how the picture will be seen."))
        return redirect("campaign:briefing-picture", found.pk, place)
    shown = {"issued": found, "place": place, "picture": picture, "look": last, "form": form, "no_as_of": True}
    return render(request, "campaign/briefings/picture.html", shown, status=422 if form.errors else 200)


@require_safe
def send_picture(request: UserRequest, paper: int, place: int, sort: str) -> HttpResponse:
    """A picture of the paper: ``plain`` without anything that came with the photo, or ``masked`` as it may be seen."""
    found = _get_briefing(request, paper)
    picture = _get_picture(found, place)
    content = queries.read_content_of(picture["evidence"])
    look = queries.list_looks(found).get(picture["evidence"]) if sort == "masked" else PictureLook(boxes=[])
    if content is None or look is None or sort not in ("plain", "masked"):
        raise Http404
    try:
        made = actions.mask_picture(content, look)
    except UnfitError as error:
        raise Http404 from error
    return HttpResponse(made, content_type="image/jpeg", headers={**INERT, "Cache-Control": "private, no-store"})


@require_safe
def send_public_file(request: UserRequest, paper: int, version: int, sort: str) -> HttpResponse:
    """A file of a public copy, byte for byte as it was kept, always as a download."""
    found = access.get_issued_paper(request.user, paper, request.today)
    copy = found.public_copies.filter(version=version).first()
    content = bytes(getattr(copy, sort)) if copy and sort in ("docx", "pdf") else b""
    if copy is None or not content:
        raise Http404
    name = f"{copy.content['number']} {copy.content['title']}.{sort}"
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(content, content_type=KINDS[sort], headers={**INERT, "Content-Disposition": disposition})


def _get_briefing(request: UserRequest, pk: int) -> IssuedPaper:
    """The issued briefing, for who publishes for its office. Raises ``Http404`` or ``PermissionDenied`` otherwise."""
    found = access.get_publishable_paper(request.user, pk, request.today)
    if found.form != queries.FORM:
        raise Http404
    return found


def _get_picture(paper: IssuedPaper, place: int) -> dict[str, Any]:
    shown = queries.list_shown(paper)
    if place >= len(shown):
        raise Http404
    return shown[place]
