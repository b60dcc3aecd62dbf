"""A phone's queue that comes as a file: shown row by row, then taken in by the same door as from the phone."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from wuzha.core.ledger.record import Record
from wuzha.core.ledger.wire import read_record
from wuzha.web.accounts.access import UserRequest
from wuzha.web.campaign import access
from wuzha.web.campaign.forms.queue_file import Queue, QueueFileForm
from wuzha.web.campaign.receipts import MOST_RECORDS, take_in_told, write_problems

TAKEN = ("saved", "known")


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the file: as it can be read, how many photos go with it, and what became of it."""

    record: Record | None
    photos: int
    problems: list[dict[str, Any]]
    result: str = ""
    page: str = ""


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
        place |= {"queue": queue, "rows": rows, "is_done": is_done, "text": form.cleaned_data["text"]}
        place["taken"] = sum(row.result in TAKEN for row in rows)
    return render(request, "campaign/phone/queue_file.html", place)


def _preview(told: object, queue: Queue) -> Row:
    record, problems = read_record(told)
    return Row(record, len(queue.list_photos(_read_id(told))), write_problems(problems))


def _read_id(told: object) -> str:
    return str(told.get("id", "")) if isinstance(told, dict) else ""


def _take_in(request: UserRequest, queue: Queue) -> list[Row]:
    """Each record by the door of the phone."""
    rows: list[Row] = []
    for start in range(0, len(queue.records), MOST_RECORDS):
        part = queue.records[start : start + MOST_RECORDS]
        told = take_in_told(actor=request.user, told=part, sent_at=None, now=request.now)
        rows.extend(_answer(queue, one, answer) for one, answer in zip(part, told["answers"], strict=True))
    return rows


def _answer(queue: Queue, told: object, answer: dict[str, Any]) -> Row:
    record, _problems = read_record(told)
    photos = len(queue.list_photos(_read_id(told)))
    return Row(record, photos, list(answer["problems"]), answer["result"], answer["page"])
