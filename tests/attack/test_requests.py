"""Requests that a page of somebody else sends, that lie about the host, or use a verb that nobody offered."""

import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client
from pytest_django import Settings

from tests.attack.ground import ADDRESSES, ask, fetch, find_path
from tests.web.cast import PASSWORD, Cast
from tests.web.conftest import Visit
from tests.web.test_api import make_key
from wuzha.web.accounts.models import AuditEntry, User
from wuzha.web.campaign.models import Record

EVIL = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "javascript:alert(1)",
    "https:evil.example",
    "///evil.example",
)
RETURNS = ("next", "back", "return", "return_to", "redirect", "url", "continue")
# A program's call carries its key in its head, which no page of somebody else can set; a cookie opens none of them.
FOR_KEYS = {name for name, _ in ADDRESSES if name.startswith("api:")}
# Answers 503 on purpose where nothing runs the jobs, as in a test.
NOT_READY = "health:ready"
PLAIN = [(name, values) for name, values in ADDRESSES if name not in FOR_KEYS]


def count_writes() -> tuple[int, int]:
    return AuditEntry.objects.count(), Record.objects.count()


@pytest.mark.usefixtures("no_rates")
def test_no_form_is_taken_from_a_page_of_somebody_else(ground: Cast) -> None:
    """Every address of the site, with a session and without the token of a page."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ground.officer)
    before = count_writes()
    let_in = []
    for name, values in ADDRESSES:
        status, _ = ask(browser, "post", find_path(name, values), headers={"Origin": "https://evil.example"})
        if status not in (401, 403, 405):
            let_in.append((name, status))
    assert let_in == []
    assert count_writes() == before


@pytest.mark.usefixtures("no_rates")
def test_a_session_opens_no_call_that_is_for_keys(ground: Cast, visit: Visit) -> None:
    browser = visit(ground.officer)
    opened = [
        name for name in ("records", "kinds", "standings", "post") if browser.get(f"/api/v1/{name}/").status_code != 401
    ]
    assert opened == []
    assert browser.post("/api/v1/records/", {}, "application/json").status_code == 401


@pytest.mark.usefixtures("no_rates")
@pytest.mark.parametrize("verb", ["TRACE", "OPTIONS", "DELETE", "PATCH", "PUT", "HEAD", "PROPFIND"])
def test_a_verb_that_nobody_offered_changes_nothing(ground: Cast, visit: Visit, verb: str) -> None:
    browser = visit(ground.officer)
    before = count_writes()
    for name, values in ADDRESSES:
        heads = {"X-HTTP-Method-Override": "POST", "X-Trace": "seen"}
        answer, body = fetch(browser, verb, find_path(name, values), headers=heads)
        assert answer.status_code < 500 or name == NOT_READY, (verb, name)
        assert b"X-Trace" not in body
    after = count_writes()
    assert after[1] == before[1]
    assert after[0] == before[0] or verb in ("HEAD", "OPTIONS"), "a look is noted, nothing else"


@pytest.mark.usefixtures("no_rates")
def test_no_address_leads_off_the_site(ground: Cast, visit: Visit) -> None:
    browser = visit(ground.officer)
    led = []
    for number, (name, values) in enumerate(PLAIN):
        evil = EVIL[number % len(EVIL)]
        path, query = find_path(name, values), dict.fromkeys(RETURNS, evil)
        if name.endswith(("log-out", "discard")):  # what is asked for afterwards must still be there
            continue
        tried = (fetch(browser, method, path, query, headers={"Referer": evil})[0] for method in ("get", "post"))
        for answer in tried:
            where = urlsplit(answer.headers.get("Location", ""))
            if where.netloc not in ("", "testserver") or where.scheme not in ("", "http"):
                led.append((name, answer.headers["Location"]))
    assert led == []


@pytest.mark.parametrize("evil", EVIL)
def test_whoever_logs_in_or_changes_the_language_stays_here(cast: Cast, evil: str) -> None:
    for path, form in (
        ("/log-in/", {"username": "officer", "password": PASSWORD, "next": evil}),
        ("/language/", {"language": "en", "next": evil}),
    ):
        answer = Client().post(f"{path}?next={evil}", form)
        where = urlsplit(answer.headers.get("Location", "/"))
        assert where.netloc == "", (path, answer.headers["Location"])
        assert where.scheme == ""
        assert not where.path.startswith(("//", "/\\"))


@pytest.mark.usefixtures("no_rates")
def test_a_host_that_lies_is_written_on_no_page(ground: Cast, visit: Visit) -> None:
    browser = visit(ground.officer)
    for name, values in PLAIN:
        path = find_path(name, values)
        lies = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
        answer, body = fetch(browser, "get", path, headers=lies)
        assert b"evil.example" not in body, path
        assert "evil.example" not in answer.headers.get("Location", ""), path


def test_a_host_that_is_not_the_sites_is_refused_where_its_names_are_said(cast: Cast, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["wuzha.example"]
    assert Client().get("/log-in/", headers={"Host": "evil.example"}).status_code == 400
    assert Client().get("/log-in/", headers={"Host": "wuzha.example"}).status_code == 200


@pytest.mark.usefixtures("no_rates")
def test_every_answer_says_that_it_is_shown_in_no_frame_guessed_as_nothing_else_and_kept_by_no_cache(
    ground: Cast, visit: Visit
) -> None:
    """Whoever shares a cache with somebody else must not read their page from it."""
    browser = visit(ground.officer)
    for name, values in ADDRESSES:
        path = find_path(name, values)
        answer, _ = fetch(browser, "get", path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert (
            "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
            or "sandbox" in answer.headers["Content-Security-Policy"]
        ), path
        control = answer.headers.get("Cache-Control", "")
        shared = not re.search("private|no-store|no-cache", control)
        if shared and answer.status_code == 200 and name not in SHARED:
            assert "Cookie" in answer.headers.get("Vary", ""), (path, control)


# The same for everybody: the phone page's own files.
SHARED = {"campaign:phone", "campaign:phone-worker", "campaign:phone-manifest", "campaign:phone-file"}


def test_no_page_holds_a_key_in_an_address(cast: Cast, visit: Visit) -> None:
    key = make_key(cast, cast.officer)
    assert Client().get(f"/api/v1/post/?token={key}&access_token={key}&key={key}").status_code == 401
    page = visit(cast.officer).get("/units/SQ/keys/").content.decode()
    assert key not in page
    assert "sessionid=" not in page


def test_a_session_that_somebody_laid_before_is_not_the_one_that_is_logged_in(cast: Cast) -> None:
    laid = Client()
    laid.get("/log-in/")
    session = laid.session
    session["laid"] = "1"
    session.save()
    before = session.session_key
    laid.cookies[site.SESSION_COOKIE_NAME] = before or ""
    laid.post("/log-in/", {"username": "officer", "password": PASSWORD})

    assert laid.session.session_key != before
    thief = Client()
    thief.cookies[site.SESSION_COOKIE_NAME] = before or ""
    assert thief.get("/today/").status_code == 302


def test_a_session_that_was_left_opens_nothing(cast: Cast) -> None:
    browser = Client()
    browser.post("/log-in/", {"username": "officer", "password": PASSWORD})
    kept = browser.cookies[site.SESSION_COOKIE_NAME].value
    browser.post("/log-out/")
    thief = Client()
    thief.cookies[site.SESSION_COOKIE_NAME] = kept
    assert thief.get("/today/").status_code == 302


def test_a_name_that_nobody_has_costs_as_much_as_one_that_somebody_has(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told by how often a password is hashed, which is what takes the time and can be counted on a busy machine."""
    runs: list[str] = []
    plain = PBKDF2PasswordHasher.encode

    def count(self: PBKDF2PasswordHasher, password: str, salt: str, iterations: int | None = None) -> str:
        runs.append(f"{iterations or self.iterations}")
        return plain(self, password, salt, 1)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", count)
    User.objects.filter(username="secretary").update(is_active=False)
    costs = {}
    for name in ("officer", "nobody-at-all", "secretary"):
        runs.clear()
        Client().post("/log-in/", {"username": name, "password": "wrong"})
        costs[name] = [*runs]
    assert costs["officer"], "somebody's password is looked at"
    assert len({tuple(cost) for cost in costs.values()}) == 1, costs


def test_who_is_there_is_not_told_by_the_page_either(cast: Cast) -> None:
    pages = {
        re.sub(
            r'name="csrfmiddlewaretoken" value="[^"]*"|value="(officer|nobody-at-all)"',
            "",
            Client().post("/log-in/", {"username": name, "password": "wrong"}).content.decode(),
        )
        for name in ("officer", "nobody-at-all")
    }
    assert len(pages) == 1
