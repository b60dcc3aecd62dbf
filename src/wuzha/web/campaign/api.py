"""The interface for programs: the same door for records, and the same standings, as JSON.

Every call carries the key of a post. It sees and does what that post may, and never more than the post's own unit and
the units below it.
"""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import Router, Schema
from ninja.security import HttpBearer

from wuzha.adapters.bounded_json import load_bounded
from wuzha.core.ledger.wire import read_instant
from wuzha.web.accounts.access import find_token, get_token_unit
from wuzha.web.accounts.clock import TimedRequest
from wuzha.web.accounts.models import ApiToken, Post, Unit
from wuzha.web.accounts.queries import show_past
from wuzha.web.accounts.roles import Power, list_roles
from wuzha.web.campaign import access
from wuzha.web.campaign.kinds import load_kinds_around, load_kinds_at
from wuzha.web.campaign.queries.phone import describe_kind, describe_task
from wuzha.web.campaign.queries.work import Task, list_work
from wuzha.web.campaign.receipts import take_in_told, write_kept
from wuzha.web.campaign.views.phone_data import read_sending

PAGE = 200
# One record with the longest remarks and every detail, in bytes and in lists and objects.
MOST_BYTES, MOST_PARTS = 64 * 1024, 500
# What became of one record, as a status of HTTP.
STATUSES = (("saved", 201), ("known", 200), ("held", 202), ("conflict", 409), ("refused", 422))


def _describe_record() -> dict[str, Any]:
    """The one JSON form of a record, for the description of the interface."""
    return {
        "type": "object",
        "required": ["id", "unit", "kind", "happened_on"],
        "additionalProperties": False,
        "properties": {
            "id": {
                "type": "string",
                "format": "uuid",
                "description": "made by the sender, best a UUIDv7; never used twice",
            },
            "unit": {"type": "string", "description": "the code of the unit"},
            "kind": {"type": "string", "description": "a code of GET /kinds/"},
            "happened_on": {"type": "string", "format": "date"},
            "quantity": {"type": "integer", "default": 1},
            "people": {"type": "integer", "nullable": True},
            "subject": {"type": "string", "description": "an opaque number, never a name"},
            "area_m2": {"type": "string", "nullable": True, "description": "a decimal number as text"},
            "at_m": {"type": "integer", "nullable": True},
            "change": {"type": "string"},
            "grade": {"type": "string"},
            "place": {"type": "string"},
            "audience": {"type": "string"},
            "note": {"type": "string"},
            "loss_yuan": {"type": "string", "nullable": True, "description": "a decimal number as text"},
            "extra": {
                "type": "object",
                "additionalProperties": {"type": "string"},
                "description": (
                    "the kind's details by their codes; where the kind asks for a place also position: latitude and"
                    " longitude of WGS84 with metres of accuracy, such as 34.765432,113.123456 ±12m"
                ),
            },
            "recorded_at": {"type": "string", "format": "date-time", "nullable": True},
            "replaces": {"type": "string", "format": "uuid", "nullable": True},
            "withdrawn": {"type": "boolean", "default": False},
        },
    }


def _describe_sending() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["records"],
        "properties": {
            "sent_at": {"type": "string", "format": "date-time", "description": "the sender's clock at the sending"},
            "records": {"type": "array", "maxItems": PAGE, "items": _describe_record()},
        },
    }


class TokenRequest(TimedRequest):
    """A request that carried a good key."""

    auth: ApiToken


class TokenAuth(HttpBearer):
    """The key of a post in ``Authorization: Bearer …``."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        timed: TokenRequest = request  # type: ignore[assignment]  # the time is told first of all
        return find_token(token, timed.today)


class Receipt(Schema):
    """What became of one record. ``kept`` is the version in the ledger where another one was sent."""

    id: str | None
    result: str
    problems: list[dict[str, Any]]
    kept: dict[str, Any] | None
    page: str


class Receipts(Schema):
    """The answers in the order of the records."""

    received_at: str
    clock_skew_s: int | None
    clock_is_off: bool
    answers: list[Receipt]


class RecordList(Schema):
    """One page of records; ``next_page`` is empty on the last."""

    count: int
    next_page: int | None
    records: list[dict[str, Any]]


router = Router(auth=TokenAuth())


def _describe_body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


@router.post(
    "/records/",
    response={201: Receipts, 200: Receipts, 202: Receipts, 409: Receipts, 422: Receipts},
    openapi_extra=_describe_body(_describe_record()),
    summary="Send one record",
)
def add_record(request: TokenRequest, sent_at: str = "") -> HttpResponse:
    """201 saved, 200 known already, 202 held until its original comes, 409 conflict, 422 refused."""
    try:
        told = load_bounded(read_body(request).decode(), MOST_PARTS)
    except ValueError:
        told = None
    answer = _take_in(request, [told], sent_at)
    return JsonResponse(answer, status=dict(STATUSES)[answer["answers"][0]["result"]])


@router.post(
    "/records/batch/",
    response={200: Receipts},
    openapi_extra=_describe_body(_describe_sending()),
    summary="Send up to 200 records",
)
def add_records(request: TokenRequest) -> HttpResponse:
    """Each record is answered by itself; those that are refused keep no other out. 413 for more than 200."""
    sending = read_sending(request)
    if isinstance(sending, HttpResponse):
        return sending
    return JsonResponse(_take_in(request, sending.records, sending.sent_at))


def read_body(request: HttpRequest) -> bytes:
    """The body of one record; raises ``ValueError`` for one that no record needs, before it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MOST_BYTES:
        raise ValueError(length)
    return request.body


def _take_in(request: TokenRequest, told: list[Any], sent_at: Any) -> dict[str, Any]:
    post = request.auth.post
    clock = read_instant(sent_at) if isinstance(sent_at, str) else sent_at
    return take_in_told(actor=post.user, told=told, sent_at=clock, now=request.now, post=post)


@router.get("/records/", response=RecordList, summary="The records that this post's holder made")
def list_records(request: TokenRequest, page: int = 1, since: date | None = None) -> dict[str, Any]:
    """In the order in which they came, those that came on or after the day ``since``; 200 a page."""
    found = access.list_own_records(request.auth.post)
    if since:
        found = found.filter(received_at__date__gte=since)
    start = (max(page, 1) - 1) * PAGE
    rows, count = list(found[start : start + PAGE]), found.count()
    next_page = max(page, 1) + 1 if start + PAGE < count else None
    return {"count": count, "next_page": next_page, "records": [write_kept(row.to_core()) for row in rows]}


@router.get("/kinds/", response=list[dict[str, Any]], summary="The kinds of record")
def list_kinds(request: TokenRequest) -> list[dict[str, Any]]:
    """Code, title and the fields that each asks; those that are computed are not sent and not listed."""
    return [describe_kind(kind) for kind in load_kinds_around([request.auth.post.unit.path]).values() if not kind.reads]


@router.get("/standings/", response=dict[str, Any], summary="A unit's duties and how it stands")
def list_standings(request: TokenRequest, unit: str = "", as_of: date | None = None) -> dict[str, Any]:
    """What the unit owes in every plan that binds it, as of a day; 404 for a unit out of the post's sight."""
    if request.auth.post.role not in list_roles(Power.FIGURES):
        raise Http404
    found = get_token_unit(request.auth.post, unit)
    today = timezone.localdate(request.now)
    day = as_of or today
    show_past([found], day, today)
    work = list_work(found, day)
    tasks = (*work.overdue, *work.open, *work.on_course, *work.done)
    told = [_describe_standing(task, found, day) for task in tasks]
    return {"unit": found.code, "name": found.name, "as_of": day.isoformat(), "duties": told}


def _describe_standing(task: Task, unit: Unit, day: date) -> dict[str, Any]:
    """The task with its status in full, and without a shortfall where there is none."""
    told = describe_task(task, unit, load_kinds_at(unit.path), day)
    left = told["left"] if task.standing.shortfall else ""
    return told | {"status": task.standing.status.value, "left": left}


@router.get("/post/", response=dict[str, Any], summary="Whose key this is")
def show_post(request: TokenRequest) -> dict[str, Any]:
    """The post that the key acts for, and the key's last day."""
    post: Post = request.auth.post
    return {
        "name": str(post.user),
        "unit": {"code": post.unit.code, "name": post.unit.name},
        "role": post.role,
        "key": request.auth.name,
        "closes_on": request.auth.closes_on.isoformat(),
    }
