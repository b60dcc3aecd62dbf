"""The session of a person: since when, when last seen, and when they last proved who they are.

All of it stands in the session itself, so that no page asks the database for more than it did; the list of devices
(:class:`~wuzha.web.accounts.signin.models.SignIn`) is brought up to date every few minutes.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from wuzha.web.accounts.clock import TimedRequest
from wuzha.web.accounts.refusal import CLOSED, refuse, wants_page
from wuzha.web.accounts.signin.models import SignIn

Answer = Callable[[TimedRequest], HttpResponseBase]
MARK = "signin"
# So exact is the time a device was last seen: a write for every page would cost more than it tells.
TOUCH = timedelta(minutes=5)
# Where a person may go who has to set up a second factor first.
WHILE_ENROLLING = ("/me/security/", "/log-out/", "/language/")


@dataclass(frozen=True, slots=True)
class Mark:
    """``began``, ``seen`` and ``proved`` in seconds of the epoch; ``sign_in`` is the row of the device."""

    sign_in: int
    began: int
    seen: int
    proved: int
    must_enrol: bool = False


def read_mark(session: SessionBase) -> Mark | None:
    told = session.get(MARK)
    return Mark(**told) if isinstance(told, dict) else None


def write_mark(session: SessionBase, mark: Mark) -> None:
    session[MARK] = asdict(mark)


def to_epoch(at: datetime) -> int:
    return int(at.timestamp())


def is_over(mark: Mark, now: datetime) -> bool:
    """Whether nobody has used the session for too long, or it is too old however much it is used."""
    at = to_epoch(now)
    return at - mark.seen >= settings.SESSION_IDLE_S or at - mark.began >= settings.SESSION_COOKIE_AGE


def find_live(now: datetime) -> dict[str, Any]:
    """The condition that a device is still signed in."""
    idle, whole = timedelta(seconds=settings.SESSION_IDLE_S), timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return {"seen_at__gt": now - idle - TOUCH, "began_at__gt": now - whole}


def keep_session(get_response: Answer) -> Answer:
    """The middleware. It stands behind the one that finds the user and before the one that demands one."""

    def answer(request: TimedRequest) -> HttpResponseBase:
        mark = read_mark(request.session)
        if mark is None:
            return get_response(request)
        if is_over(mark, request.now):
            leave(request)
        elif mark.must_enrol and not request.path.startswith(WHILE_ENROLLING):
            return _lead_to_enrolment(request)
        elif to_epoch(request.now) - mark.seen >= TOUCH.total_seconds():
            _touch(request, mark)
        return get_response(request)

    return answer


def leave(request: HttpRequest) -> None:
    """Ends the session of this request, here and in the list of devices."""
    SignIn.objects.filter(session_key=request.session.session_key).delete()
    request.session.flush()
    request.user = AnonymousUser()


def _lead_to_enrolment(request: TimedRequest) -> HttpResponseBase:
    if wants_page(request):
        return redirect(reverse("accounts:security"))
    return refuse(403, _("Set up a second step for logging in first, under “Me”."), enrol=True)


def _touch(request: TimedRequest, mark: Mark) -> None:
    """Notes that the device was seen. A database that cannot be written is no reason to show nothing."""
    try:
        with transaction.atomic():
            SignIn.objects.filter(pk=mark.sign_in).update(seen_at=request.now)
            write_mark(request.session, replace(mark, seen=to_epoch(request.now)))
            request.session.save()
    except UpdateError:  # signed out from elsewhere a moment ago
        leave(request)
    except CLOSED:
        pass
    request.session.modified = False
