"""Every request has a number that its lines in the log, its entries of the audit log and its answer name alike.

A number that begins with the time keeps the index of the audit log in order. One that a server in front has given is
taken over, so that both logs can be read together; anybody else could write anything there, and is not listened to.
"""

import re
import secrets
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from wuzha.web.accounts.clock import TimedRequest

Answer = Callable[[TimedRequest], HttpResponseBase]
# Stands in the environment of a request that a server in front handed on, whose visitor is told by then.
FROM_PROXY = "wuzha.from-proxy"
HEADER = "X-Request-ID"
# As nginx, Caddy, Traefik and HAProxy make them: hexadecimal, a UUID, or letters and digits.
PROXYS_OWN = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{7,63}")
# Without i, l, o and u, which are misread when somebody spells the number out on the telephone.
SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
TIME_SIGNS, CHANCE_SIGNS = 9, 6
_CURRENT: ContextVar[str] = ContextVar("request_id", default="")


def read_request_id() -> str:
    """The number of the request that is being answered; empty outside one."""
    return _CURRENT.get()


def name_request(get_response: Answer) -> Callable[[TimedRequest], HttpResponseBase]:
    """Middleware. It stands right behind the clock: whatever goes wrong further in has its number already."""

    def answer(request: TimedRequest) -> HttpResponseBase:
        name = _find_name(request) or make_request_id(request.now)
        token = _CURRENT.set(name)
        try:
            response = get_response(request)
        finally:
            _CURRENT.reset(token)
        response.headers[HEADER] = name
        return response

    return answer


def make_request_id(now: datetime) -> str:
    """Fifteen signs: the millisecond, and thirty bits that nobody can tell before."""
    left, signs = int(now.timestamp() * 1000), ""
    for _ in range(TIME_SIGNS):
        left, number = divmod(left, len(SIGNS))
        signs = SIGNS[number] + signs
    return signs + "".join(secrets.choice(SIGNS) for _ in range(CHANCE_SIGNS))


def _find_name(request: HttpRequest) -> str:
    """What a server in front has named it, in a form that cannot break a line of the log."""
    told = request.headers.get(HEADER, "")
    if not told or not PROXYS_OWN.fullmatch(told):
        return ""
    return told if comes_from_proxy(request) else ""


def comes_from_proxy(request: HttpRequest) -> bool:
    """Whether the connection itself is from a machine that the settings name as a server in front."""
    return FROM_PROXY in request.META or is_proxy(request.META.get("REMOTE_ADDR", ""))


def is_proxy(told: str) -> bool:
    try:
        address = ip_address(told)
    except ValueError:
        return False
    return any(address in network for network in _read_networks(tuple(settings.PROXIES)))


@cache
def _read_networks(told: Sequence[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(one, strict=False) for one in told)
