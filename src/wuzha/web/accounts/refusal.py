"""Refusals to a program: short JSON with a sentence, never a page and never a way to the log-in.

When the database cannot be read or written (locked for too long, disk full, folder read-only), everybody is asked to
come again later; nothing has been kept then, and nothing acknowledged. A missing key of the ring is such a case with a
sentence of its own, since the administrator has to do something else.
"""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.db import InterfaceError, InternalError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure

from wuzha.web.accounts.request_id import read_request_id

# What SQLite and PostgreSQL raise when they are locked, full, read-only or gone.
CLOSED = (OperationalError, InternalError, InterfaceError)
RETRY_AFTER_S = 20
View = TypeVar("View", bound=Callable[..., HttpResponse])


class NoKeyError(OperationalError):
    """The key ring lacks what would seal or open something. Nothing was kept; coming again helps once it is back."""


def refuse(status: int, text: str, **told: object) -> JsonResponse:
    """A refusal with its sentence in ``text`` and whatever else the program should know."""
    answer = JsonResponse({"text": text} | told, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def refuse_closed() -> JsonResponse:
    """503: nothing was kept; try again after ``Retry-After`` seconds."""
    give_up_connection()
    text = _("The server cannot save just now, so nothing was taken in. Please send it again later.")
    if isinstance(sys.exception(), NoKeyError):
        text = _(
            "The key ring of the server lacks a key, so nothing was taken in. The administrator must put the kept copy "
            "of the keys back (wuzha keys list, wuzha keys put). Please send it again after that."
        )
    answer = refuse(503, text)
    answer.headers["Retry-After"] = str(RETRY_AFTER_S)
    return answer


def give_up_connection() -> None:
    """The next request opens a new one: one that met a closed folder or a full disk may stay useless for ever."""
    if not connection.in_atomic_block:
        connection.close()


def refuse_when_closed(view: View) -> View:
    """Turns a database that cannot be used into a 503."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(*args, **kwargs)
        except CLOSED:
            return refuse_closed()

    return cast(View, answer)


def wants_page(request: HttpRequest) -> bool:
    """Whether a browser asks for something to show, as all of them say; a script or a program asks for data."""
    return "text/html" in request.headers.get("Accept", "")


def answer_forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form or a script whose token against forged requests is missing or too old."""
    if wants_page(request):
        return csrf_failure(request, reason)
    return refuse(403, _("The page is too old. Load it again and send once more; nothing was lost."), csrf=True)


def answer_failure(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the database could not be used, also before the view was reached."""
    is_closed = isinstance(sys.exception(), CLOSED)
    if not wants_page(request):
        failed = _("Something went wrong at our end.")
        return refuse_closed() if is_closed else refuse(500, failed, request=read_request_id())
    if not is_closed:
        return HttpResponse(render_to_string("500.html", {"number": read_request_id()}), status=500)
    name = "503-keys.html" if isinstance(sys.exception(), NoKeyError) else "503.html"
    give_up_connection()
    page = HttpResponse(render_to_string(name, {"number": read_request_id()}), status=503)
    page.headers["Retry-After"] = str(RETRY_AFTER_S)
    return page
