"""The cast, everything of it that can be asked for, and a network that nobody may reach."""

import socket
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from tests.attack.ground import make_ground
from tests.web.cast import Cast
from tests.web.conftest import Visit, begun_day, cast, no_counts, rates_file, visit
from wuzha.web.campaign.queries.totals import forget_counts

__all__ = ("Visit", "begun_day", "cast", "no_counts", "rates_file", "visit")


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    forget_counts()


@pytest.fixture(autouse=True)
def evidence(tmp_path: Path, settings: Settings) -> Path:
    """A folder of the test's own for photos and papers."""
    settings.EVIDENCE = tmp_path / "evidence"
    return tmp_path / "evidence"


@pytest.fixture
def ground(cast: Cast) -> Cast:
    """The cast with a plan, records, papers, rounds, scores, titles and a table of 青石镇, by known numbers."""
    make_ground(cast)
    return cast


@pytest.fixture
def no_rates(settings: Settings) -> None:
    """As many requests as a test wants; how often one may ask is tried elsewhere."""
    settings.RATE_FACTOR = 0


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Whoever opens a connection or asks for a name fails, and stands in the list."""
    tried: list[Any] = []

    def refuse(*told: Any, **named: Any) -> None:
        tried.append((told[1:], named))
        raise OSError("no network in this test")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    return tried
