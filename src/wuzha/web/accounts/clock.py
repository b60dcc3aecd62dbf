"""The one place where the pages read the clock.

Every request carries the moment it came in, as an instant and as the local day. Whatever decides something about a
request takes these, so that one request knows one day, even at midnight, and nothing below a view asks for the time.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import cast

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

Answer = Callable[[HttpRequest], HttpResponseBase]


class TimedRequest(HttpRequest):
    """A request as every view gets it: ``now`` is aware, ``today`` is its day in the time zone of the settings."""

    now: datetime
    today: date


def tell_the_time(get_response: Answer) -> Answer:
    """The middleware. It stands first, so that the page of an error has its day too."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        timed = cast(TimedRequest, request)
        timed.now = timezone.now()
        timed.today = timezone.localdate(timed.now)
        return get_response(timed)

    return answer
