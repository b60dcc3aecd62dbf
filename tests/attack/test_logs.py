"""What the log keeps: one line an event, whatever was typed, and nothing that opens a door."""

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.web.cast import PASSWORD, Cast
from tests.web.conftest import Visit
from tests.web.test_api import make_key
from wuzha.web.accounts import queries
from wuzha.web.accounts.clean_logs import CleanLogs, hide_secrets, put_on_one_line

NEW = "another-long-enough-password"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that any logger says, down to the smallest word, through the filter of the settings' handler."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(CleanLogs())
    loggers = [logging.getLogger(name) for name in ("", "django", "django.request", "django.db.backends", "waitress")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield written
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


def test_the_filter_stands_at_every_handler() -> None:
    told: Any = settings.LOGGING
    assert told["handlers"]
    assert all("clean" in handler.get("filters", ()) for handler in told["handlers"].values())


def test_logging_in_changing_a_password_and_a_key_leave_nothing_behind(cast: Cast, log: io.StringIO) -> None:
    browser = Client(enforce_csrf_checks=True)
    page = browser.get("/log-in/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    form = {"username": "officer", "password": "wrong-" + PASSWORD, "csrfmiddlewaretoken": token}
    browser.post("/log-in/", form)
    browser.post("/log-in/", form | {"password": PASSWORD})
    browser.post("/log-in/", form | {"csrfmiddlewaretoken": "stale"})
    browser.post("/me/password/", {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})
    key = make_key(cast, cast.officer)
    Client().get("/api/v1/post/", headers={"Authorization": f"Bearer {key}"})
    Client().get(f"/api/v1/not-there/?token={key}", headers={"Authorization": f"Bearer {key}"})

    told = log.getvalue()
    assert "/api/v1/not-there/" in told, "the log hears something"
    session = browser.cookies["sessionid"].value if "sessionid" in browser.cookies else "none"
    kept = (PASSWORD, NEW, key, token, session, browser.cookies["csrftoken"].value, settings.SECRET_KEY)
    assert [told[max(told.find(secret) - 60, 0) :][:140] for secret in kept if secret in told] == []


def test_a_page_that_fails_says_nothing_and_logs_no_secret(
    cast: Cast, visit: Visit, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(f"password={PASSWORD!r} Cookie: sessionid=abcdef123456; postgres://wuzha:{NEW}@db/wuzha")

    browser = visit(cast.officer)
    browser.raise_request_exception = False
    monkeypatch.setattr(queries, "list_children", fail)
    answer = browser.get("/units/SQ/", headers={"Accept": "text/html"})

    assert answer.status_code == 500
    page, told = answer.content.decode(), log.getvalue()
    assert "Traceback" in told
    assert not any(word in page for word in ("Traceback", "RuntimeError", PASSWORD, NEW, settings.SECRET_KEY))
    assert not any(word in told for word in (PASSWORD, NEW, "abcdef123456", settings.SECRET_KEY))


def test_no_name_begins_a_line_of_its_own(cast: Cast, log: io.StringIO) -> None:
    browser = Client()
    forged = "/nothing/%0a2026-01-01 ERROR django officer logged in%0d%1b[2J\u202e"
    browser.get(forged)
    browser.post("/log-in/", {"username": "a\n2026-01-01 ERROR forged", "password": "x"})
    logging.getLogger("wuzha").error("the name was %s", "a\r\nforged\x1b[0m")

    lines = log.getvalue().splitlines()
    assert lines
    assert not any(line.startswith(("2026-01-01", "forged")) for line in lines)
    assert "\x1b" not in log.getvalue()
    assert "\u202e" not in log.getvalue()


@given(st.text(max_size=60))
def test_whatever_is_logged_stays_on_its_line(text: str) -> None:
    assert len(put_on_one_line(text).splitlines()) <= 1


@pytest.mark.parametrize(
    "told",
    [
        "password=hunter2-hunter2",
        "{'password': 'hunter2-hunter2', 'username': 'a'}",
        '{"new_password1": "hunter2-hunter2"}',
        "<QueryDict: {'password': ['hunter2-hunter2']}>",
        "Authorization: Bearer hunter2-hunter2",
        "GET /x?token=hunter2-hunter2&page=2",
        "sessionid=hunter2-hunter2; csrftoken=b",
        "WUZHA_SECRET_KEY=hunter2-hunter2",
        "postgres://wuzha:hunter2-hunter2@db:5432/wuzha",
        "otp: hunter2-hunter2",
        "{'csrf_token': <SimpleLazyObject: 'hunter2-hunter2'>, 'request': 1}",
        "AGE-SECRET-KEY-1HUNTER2",
    ],
)
def test_what_looks_like_a_key_is_hidden(told: str) -> None:
    assert "hunter2" not in hide_secrets(told).lower()


@pytest.mark.parametrize(
    "told", ["Not Found: /units/SQ01/keys/", "the password was changed", "令牌已停用", "token of 2 parts"]
)
def test_plain_words_stay_as_they_are(told: str) -> None:
    assert hide_secrets(told) == told
