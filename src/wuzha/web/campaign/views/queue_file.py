"""A phone's queue that comes as a file: shown row by row, then taken in by the same door as from the phone."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wuzha.adapters.evidence_store import StoreError
from wuzha.adapters.uploads import Upload
from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.ledger.record import Record
from wuzha.core.ledger.wire import read_record
from wuzha.web.accounts.access import UserRequest
from wuzha.web.campaign import access
from wuzha.web.campaign.actions.evidence import take_in_piece
from wuzha.web.campaign.forms.queue_file import Queue, QueueFileForm, QueuePhoto
from wuzha.web.campaign.receipts import MOST_RECORDS, take_in_told, write_problems
from wuzha.web.campaign.wording import language

TAKEN = ("saved", "known")


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the file: as it can be read, how many photos go with it, and what became of it."""

    record: Record | None
    photos: int
    problems: list[dict[str, Any]]
    result: str = ""
    page: str = ""
    unit: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def take_in_queue(request: UserRequest) -> HttpResponse:
    """What is in this file? First only looked at; on the second press each record is taken in and answered."""
    if not access.list_recording_units(request.user, request.today).exists():
        raise PermissionDenied
    is_sent = request.method == "POST"
    form = QueueFileForm(request.POST, request.FILES) if is_sent else QueueFileForm()
    place: dict[str, Any] = {"form": form, "no_as_of": True}
    if is_sent and form.is_valid():
        queue: Queue = form.cleaned_data["queue"]
        is_done = "take" in request.POST
        rows = _take_in(request, queue) if is_done else [_preview(one, queue) for one in queue.records]
        rows += [_answer_lone(request, pk, photos, is_done=is_done) for pk, photos in _list_lone(queue).items()]
        rows = _name_units(request, rows)
        place |= {"queue": queue, "rows": rows, "is_done": is_done, "text": form.cleaned_data["text"]}
        place["taken"] = sum(row.result in TAKEN for row in rows)
    return render(request, "campaign/phone/queue_file.html", place)


def _name_units(request: UserRequest, rows: list[Row]) -> list[Row]:
    """Each with the name of its record's unit, or its code where that is none of the person's."""
    names = dict(access.list_recording_units(request.user, request.today).values_list("code", "name"))
    return [replace(row, unit=names.get(row.record.unit, row.record.unit)) if row.record else row for row in rows]


def _preview(told: object, queue: Queue) -> Row:
    record, problems = read_record(told)
    return Row(record, len(queue.list_photos(_read_id(told))), write_problems(problems))


def _list_lone(queue: Queue) -> dict[UUID, list[QueuePhoto]]:
    """The photos whose record the phone has sent already, so that the file holds it no more; by that record."""
    told = {_read_id(one) for one in queue.records}
    lone: dict[UUID, list[QueuePhoto]] = {}
    for photo in queue.photos:
        if str(photo.record_id) not in told:
            lone.setdefault(photo.record_id, []).append(photo)
    return lone


def _answer_lone(request: UserRequest, pk: UUID, photos: list[QueuePhoto], *, is_done: bool) -> Row:
    try:
        record = access.get_mendable_record(request.user, pk, request.today)
    except (Http404, PermissionDenied):
        text = _("The record of these photos is not in the ledger, or not yours to mend. They stay on the phone.")
        return Row(None, len(photos), [{"text": text}], "refused" if is_done else "")
    problems = [one for photo in photos for one in _take_in_photo(request, photo)] if is_done else []
    page = reverse("campaign:record", args=[pk])
    return Row(record.to_core(), len(photos), problems, "known" if is_done else "", page)


def _read_id(told: object) -> str:
    return str(told.get("id", "")) if isinstance(told, dict) else ""


def _take_in(request: UserRequest, queue: Queue) -> list[Row]:
    """Each record by the door of the phone, then the photos of those that are in the ledger."""
    rows: list[Row] = []
    for start in range(0, len(queue.records), MOST_RECORDS):
        part = queue.records[start : start + MOST_RECORDS]
        told = take_in_told(actor=request.user, told=part, sent_at=None, now=request.now, for_whom=queue.owner)
        rows.extend(_answer(request, queue, one, answer) for one, answer in zip(part, told["answers"], strict=True))
    return rows


def _answer(request: UserRequest, queue: Queue, told: object, answer: dict[str, Any]) -> Row:
    record, _problems = read_record(told)
    photos = queue.list_photos(_read_id(told))
    problems = list(answer["problems"])
    if answer["result"] in TAKEN:
        problems.extend(one for photo in photos for one in _take_in_photo(request, photo))
    return Row(record, len(photos), problems, answer["result"], answer["page"])


def _take_in_photo(request: UserRequest, photo: QueuePhoto) -> list[dict[str, Any]]:
    upload = Upload(photo.id, photo.record_id, len(photo.content), photo.sha256, photo.name)
    if not access.may_attach(request.user, upload.record_id, request.today):
        raise PermissionDenied
    try:
        _progress, problems = take_in_piece(
            actor=request.user, upload=upload, offset=0, piece=photo.content, now=request.now
        )
    except StoreError:
        return [{"text": _("The photo could not be kept: the server's disk refuses it.")}]
    return [{"text": describe_problem(problem, language())} for problem in problems]
