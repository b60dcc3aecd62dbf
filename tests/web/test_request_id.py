"""Every request has a number: in its answer, in what it writes into the audit log, and believed from a proxy only."""

import re

import pytest
from django.test import Client
from pytest_django import Settings

from tests.web.cast import PASSWORD, Cast
from wuzha.web.accounts.models import AuditEntry
from wuzha.web.accounts.request_id import read_request_id

OWN = re.compile(r"[0-9a-hjkmnp-tv-z]{15}")
PROXYS = "7f3a9c0d2b1e4f5a8c6d7e8f90a1b2c3"


def fail_to_log_in(**headers: str) -> str:
    told = {"username": "secretary", "password": "wrong-in-any-case"}
    return str(Client().post("/log-in/", told, **headers)["X-Request-ID"])  # type: ignore[arg-type]


def test_each_answer_has_a_number_of_its_own_in_the_order_of_time(db: None) -> None:
    names = [Client().get("/log-in/")["X-Request-ID"] for _ in range(5)]

    assert all(OWN.fullmatch(name) for name in names)
    assert len(set(names)) == 5
    assert [name[:9] for name in names] == sorted(name[:9] for name in names)


def test_an_entry_of_the_audit_log_bears_the_number_of_its_request(cast: Cast) -> None:
    name = fail_to_log_in()

    assert AuditEntry.objects.get().request == name


def test_outside_a_request_there_is_no_number(cast: Cast) -> None:
    fail_to_log_in()

    assert read_request_id() == ""


@pytest.mark.parametrize("name", [PROXYS, "0192f3c1-7a6b-7000-8000-0123456789ab"])
def test_a_number_that_a_server_in_front_gave_is_taken_over(cast: Cast, name: str) -> None:
    assert fail_to_log_in(HTTP_X_REQUEST_ID=name) == name
    assert AuditEntry.objects.get().request == name


@pytest.mark.parametrize(
    "name",
    ["", "short", "x" * 65, "abcdefgh\nlevel=ERROR", "abcdefgh ijkl", "-bcdefghij", "石桥县石桥县石桥", 'a"bcdefgh'],
)
def test_a_number_that_could_break_a_line_of_the_log_is_not_taken_over(db: None, name: str) -> None:
    assert OWN.fullmatch(fail_to_log_in(HTTP_X_REQUEST_ID=name))


def test_a_number_from_anybody_else_is_not_believed(db: None) -> None:
    name = fail_to_log_in(HTTP_X_REQUEST_ID=PROXYS, REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR="127.0.0.1")

    assert OWN.fullmatch(name)


def test_a_network_of_servers_in_front_can_be_named(db: None, settings: Settings) -> None:
    settings.PROXIES = ["10.20.0.0/16", "2001:db8::/32"]

    assert fail_to_log_in(HTTP_X_REQUEST_ID=PROXYS, REMOTE_ADDR="10.20.3.4") == PROXYS
    assert fail_to_log_in(HTTP_X_REQUEST_ID=PROXYS, REMOTE_ADDR="2001:db8::9") == PROXYS
    assert fail_to_log_in(HTTP_X_REQUEST_ID=PROXYS, REMOTE_ADDR="127.0.0.1") != PROXYS
    assert fail_to_log_in(HTTP_X_REQUEST_ID=PROXYS, REMOTE_ADDR="") != PROXYS


def test_a_password_entered_and_given_up_in_the_pause_still_has_a_number(cast: Cast) -> None:
    answer = Client().post("/log-in/", {"username": "secretary", "password": PASSWORD})

    assert answer.status_code == 302
    assert OWN.fullmatch(answer["X-Request-ID"])
