"""What a server in front says of a visitor is believed; what the visitor says of themselves is not."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from pytest_django import Settings

from wuzha.web.wsgi import believe_proxies


def look(**told: str) -> dict[str, Any]:
    """What the site is told of a request that comes to its server like this."""
    seen: dict[str, Any] = {}

    def note(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        seen.update(environ)
        return ()

    believe_proxies(note)({"REMOTE_ADDR": "127.0.0.1", **told}, lambda *_: None)
    return seen


@pytest.mark.parametrize(
    ("hops", "visitor"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("198.51.100.7, 10.20.0.5", "198.51.100.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("", "127.0.0.1"),
        (" , ", "127.0.0.1"),
        ("10.20.0.5", "127.0.0.1"),
    ],
)
def test_the_visitor_is_the_last_hop_that_is_no_server_in_front(settings: Settings, hops: str, visitor: str) -> None:
    settings.PROXIES = ["127.0.0.1", "10.20.0.0/16"]
    assert look(HTTP_X_FORWARDED_FOR=hops)["REMOTE_ADDR"] == visitor


def test_nobody_else_may_say_who_they_are_or_how_they_came() -> None:
    seen = look(
        REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR="198.51.100.7", HTTP_X_FORWARDED_PROTO="https",
        HTTP_FORWARDED="for=198.51.100.7", HTTP_ACCEPT="text/html",
    )  # fmt: skip
    assert seen == {"REMOTE_ADDR": "192.0.2.7", "HTTP_ACCEPT": "text/html"}


def test_a_proxy_tells_how_the_visitor_came() -> None:
    assert look(HTTP_X_FORWARDED_PROTO="https")["HTTP_X_FORWARDED_PROTO"] == "https"
