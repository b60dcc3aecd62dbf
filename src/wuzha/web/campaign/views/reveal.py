"""What is covered in a record or in the words of a plan, for whoever may see it and says why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wuzha.adapters.wording.words import describe_field
from wuzha.core.ledger.personal import EXTRA, FREE, read_field
from wuzha.core.ledger.position import POSITION
from wuzha.web.accounts.access import UserRequest
from wuzha.web.accounts.audit import note_look
from wuzha.web.accounts.signin.proof import demand_proof
from wuzha.web.campaign import access
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.models import Record
from wuzha.web.campaign.queries.covered import list_covered_lines
from wuzha.web.campaign.wording import language
from wuzha.web.personal.access import demand_reveal
from wuzha.web.personal.forms import WhyForm
from wuzha.web.personal.guard import list_fields
from wuzha.web.personal.reveal import keep_nowhere, reveal_texts


@dataclass(frozen=True, slots=True)
class Line:
    """A text with what it is called: as everybody reads it, and as it was typed."""

    label: str
    masked: str
    original: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def reveal_record(request: UserRequest, pk: UUID) -> HttpResponseBase:
    """Which numbers stand in this record? For officers and reviewers of its unit."""
    record = access.get_record(request.user, pk, request.today)
    demand_reveal(request.user, record.unit, request.today)
    if request.method == "POST" and (proof := demand_proof(request)) is not None:
        return proof
    texts, form = _read_texts(record), WhyForm(request.POST if request.method == "POST" else None)
    shown: list[Line] = []
    if request.method == "POST" and form.is_valid():
        found = reveal_texts(actor=request.user, target=record, texts=texts, why=form.make_why(), now=request.now)
        shown = [Line(_name_field(record, one.field), one.masked, one.original) for one in found]
    covered = list_fields("record", record.pk)
    masked = [Line(_name_field(record, name), text) for name, text in texts.items() if name in covered]
    place = {"title": _("What is covered in this record"), "back": reverse("campaign:record", args=[record.pk])}
    return _answer(request, form, place, masked, shown)


def _read_texts(record: Record) -> dict[str, str]:
    told = record.to_core()
    names = [*FREE, *(EXTRA + code for code in told.extra if code != POSITION)]
    return {name: read_field(told, name) for name in names}


def _name_field(record: Record, name: str) -> str:
    if not name.startswith(EXTRA):
        return describe_field(name, language())
    kind = load_kinds().get(record.kind)
    code = name.removeprefix(EXTRA)
    titles = {
        one.code: one.title if language() == "zh" else one.title_en for one in (kind.known_details if kind else ())
    }
    return titles.get(code, code)


@require_http_methods(["GET", "HEAD", "POST"])
def reveal_plan(request: UserRequest, plan: int) -> HttpResponseBase:
    """Whom do the words of this plan name with a number? For who manages the plan."""
    found = access.get_managed_plan(request.user, plan, request.today)
    if request.method == "POST" and (proof := demand_proof(request)) is not None:
        return proof
    lines, form = list_covered_lines(found), WhyForm(request.POST if request.method == "POST" else None)
    shown: list[Line] = []
    if request.method == "POST" and form.is_valid():
        note_look(actor=request.user, target=found, what="numbers", why=form.make_why(), now=request.now)
        shown = [Line(_("Line %(number)d") % {"number": one.number}, one.masked, one.original) for one in lines]
    masked = [Line(_("Line %(number)d") % {"number": one.number}, one.masked) for one in lines]
    place = {
        "title": _("Who is named with a number in this plan"),
        "back": reverse("campaign:plan-review", args=[found.pk]),
    }
    return _answer(request, form, place, masked, shown)


def _answer(
    request: UserRequest, form: WhyForm, place: Mapping[str, Any], masked: Sequence[Line], shown: Sequence[Line]
) -> HttpResponse:
    told = {**place, "form": form, "masked": masked, "shown": shown, "no_as_of": True}
    return keep_nowhere(render(request, "personal/numbers.html", told, status=422 if form.errors else 200))
