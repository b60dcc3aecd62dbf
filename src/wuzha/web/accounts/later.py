"""Tables too long for one answer: asked for on the page, written by a worker, fetched by whoever asked.

The worker asks the page's own view, as the person and on the day it runs: the file holds what they may see then.
"""

from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import resolve
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wuzha.web.accounts.access import UserRequest, list_posts
from wuzha.web.accounts.models import User
from wuzha.web.accounts.personal_files import is_personal
from wuzha.web.jobs.models import Job
from wuzha.web.jobs.queue import Wish, ask_job
from wuzha.web.jobs.worker import Order, RefusedError

EXPORT = "export"
Answer = Callable[[Any], HttpResponseBase]
Wrap = Callable[[Answer], Answer]


def ask_export(request: UserRequest, title: str) -> Job:
    """The job that writes the table that this address asks for."""
    address, language = request.get_full_path(), translation.get_language()
    key = f"{EXPORT}:{request.user.pk}:{hash_address(f'{language} {address}')}"
    wish = Wish(EXPORT, key, title, {"address": address, "language": language})
    return ask_job(actor=request.user, wish=wish, now=request.now)


def find_later(request: UserRequest, name: str, count: int) -> HttpResponse | None:
    """The way to the job where the file is too long to be written while its reader waits; none where it is not."""
    if request.method != "GET" or count <= settings.EXPORT_AT_ONCE_ROWS or isinstance(request, LaterRequest):
        return None
    title = _("File of %(name)s, %(count)d rows") % {"name": name, "count": count}
    return redirect("accounts:job", ask_export(request, title).pk)


def hash_address(address: str) -> str:
    """Short enough for a key, however many filters the address has."""
    return sha256(address.encode()).hexdigest()[:40]


class LaterRequest(WSGIRequest):
    """A request without a visitor: the worker's own, on behalf of whoever asked.

    Where its page wants proof of who they are, they gave it when they asked, and give it again for the file.
    """

    wants_proof = False
    user: User
    now: Any
    today: date


def write_export(order: Order, wrap: Wrap) -> Mapping[str, Any]:
    """Writes the file and tells its name, kind, size, and the posts by which it was made.

    ``wrap`` is what stands around every view. Raises ``Http404`` and ``PermissionDenied`` as the page does.
    """
    if not order.actor.is_active:
        raise RefusedError("job.forbidden")
    request = _make_request(order)
    found = resolve(request.path_info)
    request.wants_proof = is_personal(found.view_name, request.GET)
    with translation.override(order.asked["language"]):
        answer = wrap(lambda asked: found.func(asked, *found.args, **found.kwargs))(request)
        if not isinstance(answer, StreamingHttpResponse) or answer.status_code != 200:
            raise RefusedError("job.no-table")
        size = order.keep(iter(answer))
    return {
        "name": answer.headers["Content-Disposition"],
        "media_type": answer.headers["Content-Type"],
        "size": size,
        "wants_proof": request.wants_proof,
        "posts": list_post_keys(order.actor, timezone.localdate(order.now)),
    }


def list_post_keys(user: User, on: date) -> list[int]:
    return sorted(list_posts(user, on).values_list("pk", flat=True))


def may_fetch(user: User, job: Job, on: date) -> bool:
    """Whether every post by which the file was made is still in force: leaving one takes the file away, too."""
    return set(job.answer.get("posts", ())) <= set(list_post_keys(user, on))


def _make_request(order: Order) -> LaterRequest:
    address = urlsplit(order.asked["address"])
    request = LaterRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": address.path,
            "QUERY_STRING": address.query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.input": BytesIO(),
        }
    )
    request.user = order.actor
    request.now, request.today = order.now, timezone.localdate(order.now)
    return request
