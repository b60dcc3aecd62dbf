"""What the phone asks for and sends, as JSON. Authorise, parse, call once, answer; never a page, never a redirect."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from wuzha.core.ledger.wire import read_instant
from wuzha.web.accounts.access import RECORDERS, UserRequest, has_left, hold_posts
from wuzha.web.accounts.refusal import refuse, refuse_when_closed
from wuzha.web.accounts.tally import TALLY
from wuzha.web.campaign import access
from wuzha.web.campaign.checklists import take_in_told_checklist
from wuzha.web.campaign.forms.checklists import is_checklist
from wuzha.web.campaign.queries.phone import describe_phone
from wuzha.web.campaign.queries.phone_inspections import describe_mendings, describe_rounds
from wuzha.web.campaign.receipts import MOST_RECORDS, take_in_told

# 200 records with the longest remarks.
MOST_BYTES = 2 * 1024 * 1024
# A unit to choose from; whoever looks after more records for them at the desk.
MOST_UNITS = 300


@dataclass(frozen=True, slots=True)
class Sending:
    """A sending as it came: the records unread, the sender's clock, and whose queue it is where that is said."""

    records: list[object]
    sent_at: datetime | None
    user: object = None


@login_not_required
@refuse_when_closed
@require_POST
def take_in(request: HttpRequest) -> HttpResponse:
    """Takes in up to 200 records and filled checklists; each gets its receipt, a checklist after the records.

    Nothing is acknowledged that is not kept. A checklist is a transaction of its own: what was kept of a sending that
    was cut off in between is known the next time.
    """
    if not request.user.is_authenticated:
        return refuse_stranger()
    sending = read_sending(request)
    if isinstance(sending, HttpResponse):
        return sending
    timed: UserRequest = request  # type: ignore[assignment]  # the time is told first, and the user is known
    if sending.user not in (None, timed.user.pk):
        return refuse(409, _("These records wait for another person's log-in. Log in as that person."), other_user=True)
    records, lists = split_queue(sending.records)
    told = take_in_told(actor=timed.user, told=records, sent_at=sending.sent_at, now=timed.now)
    told["answers"] += [
        take_in_told_checklist(actor=timed.user, told=one, now=timed.now, today=timed.today) for one in lists
    ]
    for one in told["answers"]:
        TALLY.count("wuzha_phone_answers_total", result=str(one["result"]))
    return _answer(told)


def split_queue(told: list[object]) -> tuple[list[object], list[dict[str, Any]]]:
    """The records of a queue, and the filled checklists among them."""
    lists = [one for one in told if is_checklist(one)]
    return [one for one in told if not is_checklist(one)], lists


def refuse_stranger() -> JsonResponse:
    """401: the log-in has run out. What waits on the phone goes on waiting."""
    return refuse(401, _("Log in again; what waits on this phone is kept."), log_in=True)


def read_sending(request: HttpRequest) -> Sending | JsonResponse:
    """The sending, or the refusal of one that is too large or no sending at all."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MOST_BYTES:
        return _refuse_size()
    told = _load(request.body)
    if not isinstance(told, dict) or not isinstance(told.get("records"), list):
        return refuse(400, _("This is no sending of records. Load the page again."))
    if len(told["records"]) > MOST_RECORDS:
        return _refuse_size()
    return Sending(told["records"], read_instant(told.get("sent_at")), told.get("user"))


def _load(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _refuse_size() -> JsonResponse:
    text = _("This is too much for one sending: at most %(number)d records.") % {"number": MOST_RECORDS}
    return refuse(413, text, at_most=MOST_RECORDS, at_most_bytes=MOST_BYTES)


def _answer(told: dict[str, Any]) -> JsonResponse:
    answer = JsonResponse(told)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@login_not_required
@refuse_when_closed
@require_GET
@ensure_csrf_cookie
def show_state(request: HttpRequest) -> HttpResponse:
    """All that the phone needs to work without a network until the next visit."""
    if not request.user.is_authenticated:
        return refuse_stranger()
    timed: UserRequest = request  # type: ignore[assignment]  # the time is told first, and the user is known
    if has_left(timed.user, timed.today):
        return refuse(401, _("All your posts have ended; what waits on this phone is kept."), log_in=True, left=True)
    posts = [post for post in hold_posts(timed.user, timed.today) if post.role in RECORDERS]
    working = list({post.unit.pk: post.unit for post in posts}.values())
    units = list(access.list_recording_units(timed.user, timed.today)[:MOST_UNITS])
    told = describe_phone(timed.user, working, units, timed.today)
    told["inspections"] = describe_rounds(access.list_walked_rounds(timed.user, timed.today), timed.today)
    told["mending"] = describe_mendings(working, timed.today)
    return _answer(told | {"server_time": timed.now.isoformat(), "csrf_token": get_token(request)})
