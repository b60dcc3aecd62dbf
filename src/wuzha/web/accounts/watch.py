"""One line in the log for each request, and its counts: which kind of page, how it ended, how long it took."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from wuzha.web.accounts.tally import TALLY

Answer = Callable[[HttpRequest], HttpResponseBase]
LOG = logging.getLogger("wuzha.request")
# An address that is nobody's has no name; the address itself would name whatever somebody typed.
NOWHERE, STATIC = "none", "static"


@dataclass(slots=True)
class Asking:
    """How often the database was asked, and how long that took."""

    times: int = 0
    seconds: float = 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        begun = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.times += 1
            self.seconds += perf_counter() - begun


def watch_requests(get_response: Answer) -> Answer:
    """Middleware. It stands right behind the number of the request, so that it sees all that takes time."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        asking, begun = Asking(), perf_counter()
        with connection.execute_wrapper(asking):
            response = get_response(request)
        _tell(request, response.status_code, perf_counter() - begun, asking)
        return response

    return answer


def name_route(request: HttpRequest) -> str:
    """``campaign:record``: the kind of page, never which one."""
    if request.resolver_match is not None:
        return request.resolver_match.view_name or NOWHERE
    return STATIC if request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/") else NOWHERE


def _tell(request: HttpRequest, status: int, seconds: float, asking: Asking) -> None:
    route = name_route(request)
    TALLY.count("wuzha_requests_total", route=route, status=str(status))
    TALLY.time("wuzha_request_seconds", seconds, route=route)
    TALLY.count("wuzha_database_seconds_total", asking.seconds)
    TALLY.count("wuzha_database_queries_total", asking.times)
    if route == STATIC or not settings.LOG_REQUESTS:
        return
    told = {"method": request.method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
    told |= {"queries": asking.times, "database_ms": round(asking.seconds * 1000, 1)}
    LOG.info("request", extra=told)
