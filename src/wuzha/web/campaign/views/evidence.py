"""Files of records over HTTP: pieces from a phone, whole files from a form, and what a browser gets back."""

from collections.abc import Callable, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wuzha.adapters.evidence_store import StoreError
from wuzha.adapters.images import BrokenPhotoError, TooManyPixelsError, draw_anew
from wuzha.adapters.uploads import Upload, clean_name
from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import Problem, make_problem
from wuzha.web.accounts.access import UserRequest
from wuzha.web.campaign import access
from wuzha.web.campaign.actions import evidence as actions
from wuzha.web.campaign.actions.evidence import PIECE_LIMIT, Progress
from wuzha.web.campaign.forms.evidence import read_number, read_upload
from wuzha.web.campaign.models import Evidence
from wuzha.web.campaign.queries import evidence as queries
from wuzha.web.campaign.wording import language

RETRY_S = 30
SHOWN_TYPE = "image/jpeg"
OF_FILES: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=600",
        "Content-Encoding": "identity",  # packed already; packing it again only takes time
    }
)
STATUS: Mapping[str, int] = MappingProxyType(
    {
        "evidence.head": 400,
        "evidence.past-end": 400,
        "evidence.gap": 409,
        "evidence.conflict": 409,
        "evidence.too-large": 413,
        "evidence.piece-too-large": 413,
        "evidence.heic": 415,
        "evidence.type-unknown": 415,
        "evidence.type-differs": 415,
        "evidence.store": 503,
    }
)
View = Callable[[UserRequest, UUID], HttpResponseBase]


def answer_programs(view: View) -> Callable[[HttpRequest, UUID], HttpResponseBase]:
    """For a view that a program asks: whoever is not logged in gets 401 as JSON, never the page to log in."""

    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, pk: UUID) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return JsonResponse({"log_in": True}, status=401)
        return view(cast(UserRequest, request), pk)

    return answer


@answer_programs
@require_http_methods(["GET", "PUT"])
def take_in(request: UserRequest, pk: UUID) -> HttpResponseBase:
    """``PUT`` a piece of a file, or ask with ``GET`` how much of it has arrived."""
    if request.method == "GET":
        return _tell_state(request, pk)
    upload, problems = read_upload(pk, request.headers)
    offset = read_number(request.headers.get("X-Offset", "0"))
    if upload is None or offset is None:
        return _answer(Progress(0), problems or [make_problem("evidence.head", header="X-Offset")])
    if not access.may_attach(request.user, upload.record_id, request.today):
        raise PermissionDenied
    piece = _read_piece(request)
    if piece is None:
        return _answer(Progress(0), [make_problem("evidence.piece-too-large", limit=PIECE_LIMIT // 1024)])
    return _take_in(request, upload, offset, piece)


def _take_in(request: UserRequest, upload: Upload, offset: int, piece: bytes) -> HttpResponse:
    try:
        progress, problems = actions.take_in_piece(
            actor=request.user, upload=upload, offset=offset, piece=piece, now=request.now
        )
    except (StoreError, DatabaseError):
        return _answer(Progress(0), [make_problem("evidence.store", name=upload.name)])
    return _answer(progress, problems)


def _read_piece(request: HttpRequest) -> bytes | None:
    """The body; none for one that is too long, which is not read."""
    if (read_number(request.headers.get("Content-Length", "0")) or 0) > PIECE_LIMIT:
        return None
    try:
        return request.body
    except RequestDataTooBig:
        return None


def _tell_state(request: UserRequest, pk: UUID) -> HttpResponse:
    """What is kept of the file. An id that is not the person's to see and one that never was look the same."""
    try:
        kept = access.get_evidence(request.user, pk, request.today)
    except Http404:
        return _tell_unfinished(request, pk)
    return _answer(Progress(kept.sent_size, complete=True), [])


def _tell_unfinished(request: UserRequest, pk: UUID) -> HttpResponse:
    try:
        received = queries.count_arrived(request.user, pk)
    except StoreError:
        return _answer(Progress(0), [make_problem("evidence.store", name=str(pk))])
    if received:
        return _answer(Progress(received), [])
    return JsonResponse({"received": 0, "complete": False, "problems": []}, status=404)


def _answer(progress: Progress, problems: list[Problem]) -> HttpResponse:
    told = [{"code": problem.code, "text": describe_problem(problem, language())} for problem in problems]
    status = max((STATUS.get(problem.code, 422) for problem in problems), default=200)
    body = {"received": progress.received, "complete": progress.complete, "problems": told}
    return JsonResponse(body, status=status, headers={"Retry-After": str(RETRY_S)} if status == 503 else None)


@require_safe
def send_file(request: UserRequest, pk: UUID) -> HttpResponseBase:
    """A photo drawn anew, to be looked at; anything else, and with ``?kept`` the photo as it is kept, to be saved."""
    evidence = access.get_evidence(request.user, pk, request.today)
    if evidence.is_photo and "kept" not in request.GET:
        return send_drawn(evidence)
    return send_evidence(evidence, queries.open_file, evidence.media_type, evidence.name)


@require_safe
def send_thumbnail(request: UserRequest, pk: UUID) -> HttpResponseBase:
    evidence = access.get_evidence(request.user, pk, request.today)
    if not evidence.is_photo:
        raise Http404
    return send_evidence(evidence, queries.open_thumbnail, SHOWN_TYPE, "thumbnail.jpg", is_shown=True)


def send_evidence(
    evidence: Evidence, find: Callable[[Evidence], BinaryIO], media_type: str, name: str, *, is_shown: bool = False
) -> HttpResponseBase:
    """The bytes of a file that the caller has made sure the person may see: to be saved, unless they are our own."""
    try:
        content = find(evidence)
    except StoreError:
        return HttpResponse(status=503, headers={"Retry-After": str(RETRY_S)})
    return FileResponse(
        content, as_attachment=not is_shown, filename=name, content_type=media_type, headers=dict(OF_FILES)
    )


def send_drawn(evidence: Evidence) -> HttpResponseBase:
    """A photo that the caller has made sure the person may see, drawn anew; as it is kept where that fails."""
    try:
        with queries.open_file(evidence) as file:
            drawn = draw_anew(file.read())
    except StoreError:
        return HttpResponse(status=503, headers={"Retry-After": str(RETRY_S)})
    except (BrokenPhotoError, TooManyPixelsError):
        return send_evidence(evidence, queries.open_file, evidence.media_type, evidence.name)
    name = content_disposition_header(False, f"{evidence.name.rpartition('.')[0]}.jpg") or ""
    return HttpResponse(drawn, SHOWN_TYPE, headers={**OF_FILES, "Content-Disposition": name})


@require_POST
def attach(request: UserRequest, pk: UUID) -> HttpResponse:
    """Photos for a record that is there already; told on its page."""
    record = access.get_mendable_record(request.user, pk, request.today)
    tell_of_files(request, take_in_files(request, record.pk))
    return redirect("campaign:record", pk=pk)


def take_in_files(request: UserRequest, record_id: UUID) -> list[Problem]:
    """Keep the files that came with a form, each by itself: one that is refused keeps no other out."""
    files = cast("list[UploadedFile[bytes]]", request.FILES.getlist("files"))
    return [problem for file in files for problem in _take_in_file(request, record_id, file)]


def _take_in_file(request: UserRequest, record_id: UUID, file: "UploadedFile[bytes]") -> list[Problem]:
    name = clean_name(file.name or "")
    if (file.size or 0) > actions.count_limit():
        return actions.refuse_size(name, file.size or 0)
    told: dict[str, Any] = {"actor": request.user, "record_id": record_id, "name": name, "now": request.now}
    try:
        return actions.take_in_file(content=file.read(), **told)[1]
    except (StoreError, DatabaseError):
        return [make_problem("evidence.store", name=name)]


def tell_of_files(request: HttpRequest, problems: list[Problem]) -> None:
    """What was not kept, said on the next page; the record itself is not touched by it."""
    for problem in problems:
        messages.warning(request, describe_problem(problem, language()))
