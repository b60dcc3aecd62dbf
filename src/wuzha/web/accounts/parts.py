"""Parts of a page asked for by a script once the log-in has run out.

The page to log in would otherwise be put into the page as if it were the part that was asked for.
"""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url

Answer = Callable[[HttpRequest], HttpResponseBase]


def open_log_in_whole(get_response: Answer) -> Answer:
    """Sends the whole page to the log-in, and from there back to where the person was; nothing has been saved."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        to_log_in = urlsplit(response.headers.get("Location", "")).path == resolve_url(settings.LOGIN_URL)
        if request.headers.get("HX-Request") != "true" or response.status_code != 302 or not to_log_in:
            return response
        return HttpResponse(status=204, headers={"HX-Redirect": _write_log_in(request)})

    return answer


def _write_log_in(request: HttpRequest) -> str:
    """With the page of this site that the person was looking at, without what stands behind its ``#``."""
    page = urlsplit(request.headers.get("HX-Current-URL", ""))
    place = page._replace(scheme="", netloc="", fragment="").geturl()
    where = f"?{urlencode({'next': place})}" if place.startswith("/") and not place.startswith("//") else ""
    return resolve_url(settings.LOGIN_URL) + where
