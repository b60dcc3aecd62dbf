"""Whoever takes personal data out shows once more who they are, and loses nothing of what they typed."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET

from tests.web.cast import PASSWORD, Cast
from tests.web.conftest import Visit, mark_session
from tests.web.ledger import enter
from wuzha.web.accounts.models import AuditEntry
from wuzha.web.accounts.signin.models import SignIn
from wuzha.web.accounts.signin.proof import step_up_required
from wuzha.web.urls import urlpatterns as pages

LONG_AGO = timedelta(minutes=16)


@step_up_required
def reveal(request: HttpRequest) -> HttpResponse:
    told = ",".join(f"{name}={'+'.join(values)}" for name, values in sorted(request.POST.lists()))
    return HttpResponse(f"revealed {request.method} {told}")


@step_up_required
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    return HttpResponse("names", headers={"Content-Disposition": "attachment; filename=names.csv"})


urlpatterns = [path("reveal/", reveal), path("export/", export), *pages]
handler400 = "wuzha.web.accounts.views.answer_bad_request"
pytestmark = pytest.mark.urls(__name__)
HTML = {"Accept": "text/html"}


@pytest.fixture
def browser(cast: Cast) -> Client:
    """The officer, who logged in a while ago."""
    client = Client(headers=HTML)
    client.force_login(cast.officer)
    mark_session(client, cast.officer, LONG_AGO)
    return client


def test_whoever_has_just_logged_in_is_not_asked(cast: Cast, visit: Visit) -> None:
    assert visit(cast.officer).get("/export/").content == b"names"


def test_after_a_quarter_of_an_hour_one_is_asked(browser: Client) -> None:
    answer = browser.get("/export/")
    assert answer.status_code == 200
    assert "请确认是您本人" in answer.content.decode()
    assert b"names" not in answer.content
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_session_from_before_devices_were_listed_is_asked_once_and_listed_then(cast: Cast) -> None:
    client = Client(headers=HTML)
    client.force_login(cast.officer)
    assert "请确认是您本人" in client.get("/export/").content.decode()

    client.post("/export/", {"proof-given": "GET", "proof-back": "", "proof-password": PASSWORD})

    assert client.get("/export/").content == b"names"
    device = SignIn.objects.get(user=cast.officer)
    assert device.session_key == client.session.session_key


def test_with_the_password_it_goes_on_to_the_file_and_back_to_the_page(browser: Client) -> None:
    asked = browser.get("/export/?unit=SQ&x=1", headers={"Referer": "http://testserver/units/SQ/?page=2"})
    assert 'value="/units/SQ/?page=2"' in asked.content.decode()

    given = browser.post(
        "/export/?unit=SQ&x=1", {"proof-given": "GET", "proof-back": "/units/SQ/?page=2", "proof-password": PASSWORD}
    )

    assert given.headers["Refresh"] == "0; url=http://testserver/export/?unit=SQ&x=1"
    assert 'href="/units/SQ/?page=2"' in given.content.decode()
    assert browser.get("/export/?unit=SQ&x=1").content == b"names"


def test_what_was_typed_is_kept_sign_by_sign(browser: Client) -> None:
    typed = {"reason": '第一行\n第二行 "<b>', "unit": ["SQ01", "SQ02"]}
    page = browser.post("/reveal/", typed).content.decode()
    assert "revealed" not in page
    assert "第一行\n第二行 &quot;&lt;b&gt;</textarea>" in page
    assert page.count('<textarea name="unit" hidden>') == 2

    answer = browser.post("/reveal/", typed | {"proof-given": "POST", "proof-password": PASSWORD})

    assert answer.content.decode() == 'revealed POST reason=第一行\n第二行 "<b>,unit=SQ01+SQ02'


def test_a_wrong_password_reveals_nothing_and_keeps_what_was_typed(browser: Client) -> None:
    answer = browser.post("/reveal/", {"reason": "核实", "proof-given": "POST", "proof-password": "wrong"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "密码不对" in page
    assert "核实</textarea>" in page
    assert "revealed" not in page
    assert AuditEntry.objects.get().action == "proof.failed"


def test_guessing_once_more_has_to_wait_and_the_right_password_too(browser: Client) -> None:
    for _ in range(5):
        browser.post("/export/", {"proof-given": "GET", "proof-password": "wrong"})
    answer = browser.post("/export/", {"proof-given": "GET", "proof-password": PASSWORD})
    assert "请过 1 分钟再试" in answer.content.decode()
    assert "Refresh" not in answer.headers


@pytest.mark.parametrize("back", ["//evil.example/x", "https://evil.example/", "javascript:alert(1)", "http:///evil"])
def test_nobody_is_led_elsewhere(browser: Client, back: str) -> None:
    given = browser.post("/export/", {"proof-given": "GET", "proof-back": back, "proof-password": PASSWORD})
    assert "Refresh" in given.headers
    assert "evil" not in given.content.decode()
    assert "javascript:" not in given.content.decode()


def test_saying_that_it_was_given_is_no_proof(browser: Client) -> None:
    assert "请确认是您本人" in browser.post("/reveal/", {"proof-given": "POST"}).content.decode()
    assert "revealed" not in browser.post("/reveal/", {"proof-given": "POST", "proof-password": ""}).content.decode()


def test_a_script_is_told_in_a_sentence_and_a_part_is_put_in_place(browser: Client) -> None:
    told = browser.get("/export/", headers={"Accept": "application/json"})
    assert (told.status_code, told.json()["confirm"]) == (403, True)
    part = browser.get("/export/", headers={"Accept": "*/*", "HX-Request": "true"})
    assert part.headers["HX-Retarget"] == "#content"
    assert "请确认是您本人" in part.content.decode()


def test_a_session_that_nothing_is_known_of_has_proved_nothing(cast: Cast) -> None:
    client = Client(headers=HTML)
    client.force_login(cast.officer)
    assert "请确认是您本人" in client.get("/export/").content.decode()


def test_a_proof_of_the_future_is_none(cast: Cast) -> None:
    """A server whose clock was wrong for an hour must not leave doors open."""
    client = Client(headers=HTML)
    client.force_login(cast.officer)
    mark_session(client, cast.officer, -timedelta(hours=1))
    assert "请确认是您本人" in client.get("/export/").content.decode()


def test_the_proof_is_asked_with_a_token_against_forged_forms(cast: Cast) -> None:
    client = Client(headers=HTML, enforce_csrf_checks=True)
    client.force_login(cast.officer)
    mark_session(client, cast.officer, LONG_AGO)
    assert client.post("/export/", {"proof-given": "GET", "proof-password": PASSWORD}).status_code == 403


@override_settings(STEP_UP_S=60)
def test_how_long_a_proof_holds_is_a_setting(cast: Cast) -> None:
    client = Client(headers=HTML)
    client.force_login(cast.officer)
    mark_session(client, cast.officer, timedelta(seconds=61))
    assert "请确认是您本人" in client.get("/export/").content.decode()


ADDRESSES = (
    "/records/export.csv",
    "/records/export.xlsx?unit=SQ0101",
    "/papers/?format=csv&table=papers",
    "/papers/?format=xlsx",
)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["get", "head"])
def test_nothing_is_noted_or_given_before_the_proof_and_the_file_after_it(
    browser: Client, cast: Cast, address: str, method: str
) -> None:
    enter(cast.officer, cast.village, timezone.localdate(), "talk", people=3)
    asked = getattr(browser, method)(address)
    assert "attachment" not in asked.headers.get("Content-Disposition", "")
    assert not AuditEntry.objects.filter(action__startswith="table.").exists()

    given = browser.post(address, {"proof-given": "GET", "proof-password": PASSWORD})
    assert f"url=http://testserver{address}" in given.headers["Refresh"]
    answer: Any = browser.get(address)
    assert answer.streaming
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_form_behind_such_an_address_is_no_way_round_the_proof(browser: Client) -> None:
    for told in ({}, {"proof-given": "GET"}, {"proof-given": "POST"}, {"proof-given": "GET", "proof-password": "x"}):
        answer: Any = browser.post("/papers/?format=csv&table=papers", told)
        assert not answer.streaming
        assert "attachment" not in answer.headers.get("Content-Disposition", "")
    assert not browser.get("/records/export.csv").streaming


def test_another_spelling_of_the_address_is_no_way_round_the_proof(browser: Client) -> None:
    spellings = ("format=csv&table=units&table=papers", "table=papers&format=&format=csv", "format=csv&table=")
    for told in spellings:
        answer: Any = browser.get(f"/papers/?{told}")
        assert "请确认是您本人" in answer.content.decode(), told
