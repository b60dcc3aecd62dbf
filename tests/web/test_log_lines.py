"""The program's own log: a line for each request that names the kind of page and nobody; errors without data."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from tests.web.cast import Cast
from tests.web.conftest import Visit
from wuzha.web.accounts.log_lines import JsonLines, TextLines
from wuzha.web.accounts.refusal import answer_failure
from wuzha.web.accounts.request_id import name_request
from wuzha.web.accounts.watch import name_route

PHONE, IDENTITY = "13800138000", "11010119900307123X"


class Kept(logging.StreamHandler[io.StringIO]):
    def __init__(self) -> None:
        super().__init__(io.StringIO())
        self.setFormatter(JsonLines())

    def list_lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


@pytest.fixture
def lines(settings: Settings) -> Iterator[Kept]:
    """What is written as JSON while the test runs."""
    settings.LOG_REQUESTS = True
    kept, root = Kept(), logging.getLogger()
    root.addHandler(kept)
    yield kept
    root.removeHandler(kept)


def find_request(lines: Kept) -> dict[str, Any]:
    (line,) = [line for line in lines.list_lines() if line["logger"] == "wuzha.request"]
    return line


def test_a_request_has_a_line_with_its_number_and_the_kind_of_page(cast: Cast, visit: Visit, lines: Kept) -> None:
    answer = visit(cast.officer).get("/units/SQ01/?as_of=2026-03-20&words=柳湾村")

    line = find_request(lines)
    assert line["request"] == answer["X-Request-ID"]
    assert (line["method"], line["route"], line["status"], line["level"]) == ("GET", "accounts:unit", 200, "INFO")
    assert line["queries"] > 0
    assert 0 < line["database_ms"] <= line["ms"]
    assert "T" in line["time"]


def test_the_line_holds_no_address_no_parameter_and_nobody(cast: Cast, visit: Visit, lines: Kept) -> None:
    client = visit(cast.officer)
    client.get(f"/units/SQ0101/?words={PHONE}", HTTP_USER_AGENT="Secret-Browser", HTTP_AUTHORIZATION="Bearer hush")
    client.post("/log-in/", {"username": "secretary", "password": "sunny-bridge-42"})
    client.get(f"/there-is-no/{PHONE}/")

    text = lines.stream.getvalue()
    for secret in ("SQ0101", PHONE, "words", "Secret-Browser", "hush", "officer", "secretary", "sunny", "there-is-no"):
        assert secret not in text


def test_an_address_that_is_nobodys_has_no_name(db: None, lines: Kept) -> None:
    Client().get("/there-is-no-such-page/")

    assert (find_request(lines)["route"], find_request(lines)["status"]) == ("none", 404)


def test_static_files_have_no_line_and_nothing_is_written_unless_asked_for(
    cast: Cast, lines: Kept, settings: Settings
) -> None:
    request = RequestFactory().get("/static/css/wuzha.css")
    assert name_route(request) == "static"

    settings.LOG_REQUESTS = False
    Client().get("/log-in/")
    assert lines.list_lines() == []


def raise_and_catch(error: Exception) -> Any:
    secret_in_a_variable = PHONE
    try:
        raise error
    except Exception:
        assert secret_in_a_variable
        return sys.exc_info()


@pytest.mark.parametrize("form", [JsonLines(), TextLines()])
def test_an_error_tells_where_it_happened_and_nothing_that_anybody_typed(form: logging.Formatter) -> None:
    error = ValueError(f"bad value {PHONE} or {IDENTITY}\nDETAIL:  Key (name)=(柳湾村网格员) already exists.")
    record = logging.LogRecord("wuzha.web.tick", logging.ERROR, "x.py", 1, "failed for %s", (PHONE,), None)
    record.exc_info = raise_and_catch(error)
    text = form.format(record)

    assert "ValueError" in text
    assert "raise_and_catch" in text
    assert "test_log_lines.py" in text
    for secret in (PHONE, IDENTITY, IDENTITY[:17], "柳湾村网格员"):
        assert secret not in text


def test_a_line_of_json_is_one_line_whatever_is_in_it() -> None:
    record = logging.LogRecord("wuzha", logging.WARNING, "x.py", 1, 'first\nlevel=ERROR "quoted" 石桥', (), None)
    text = JsonLines().format(record)

    assert "\n" not in text
    assert json.loads(text)["message"] == 'first level=ERROR "quoted" 石桥'


def test_digits_that_are_needed_stay() -> None:
    told = "port 8000 since 2026-03-20, 138 0013 8000 or 138-0013-8000"
    record = logging.LogRecord("wuzha", logging.WARNING, "x.py", 1, told, (), None)

    assert json.loads(JsonLines().format(record))["message"] == "port 8000 since 2026-03-20, … or …"


def fail(request: HttpRequest) -> HttpResponse:
    try:
        raise RuntimeError("石桥")
    except RuntimeError:
        return answer_failure(request)


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_whoever_meets_a_fault_is_given_the_number_to_tell_the_administrator(accept: str) -> None:
    request: Any = RequestFactory().get("/", HTTP_ACCEPT=accept)
    request.now = timezone.now()

    answer: Any = name_request(fail)(request)

    assert answer.status_code == 500
    assert answer["X-Request-ID"] in answer.content.decode()


def test_the_wrapper_of_the_database_is_gone_after_the_request(cast: Cast, visit: Visit) -> None:
    visit(cast.officer).get("/units/")

    assert not connection.execute_wrappers
