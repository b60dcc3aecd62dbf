"""What every answer tells the browser, and what a site that is reached by https alone adds to it."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory, override_settings

from tests.web.cast import PASSWORD, Cast
from tests.web.conftest import Visit
from wuzha.web.accounts.models import AuditSeal
from wuzha.web.accounts.policy import leave_body_out

PAGES = ("/today/", "/standings/", "/papers/", "/records/", "/sites/", "/phone/", "/me/", "/not-there/")


@pytest.mark.parametrize("address", PAGES)
def test_no_page_lets_anything_run_that_stands_in_it(cast: Cast, visit: Visit, address: str) -> None:
    answer = visit(cast.officer).get(address, follow=True)
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", PAGES)
def test_nothing_that_could_run_stands_in_a_page(cast: Cast, visit: Visit, address: str) -> None:
    page = visit(cast.officer).get(address, follow=True).content.decode()
    scripts = [tag.split(">")[0] for tag in page.split("<script")[1:]]

    assert all("src=" in tag or 'type="application/json"' in tag for tag in scripts)
    assert " style=" not in page
    assert " onclick=" not in page


def test_the_session_travels_to_this_site_alone(cast: Cast, client: Client) -> None:
    client.post("/log-in/", {"username": cast.officer.username, "password": PASSWORD})
    answer = client.get("/today/")
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert client.cookies["sessionid"]["samesite"] == "Lax"


@override_settings(SECURE_SSL_REDIRECT=True, SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"))
@override_settings(SECURE_HSTS_SECONDS=60)
def test_a_site_of_https_leads_there_and_stays(cast: Cast, client: Client) -> None:
    assert client.get("/log-in/").headers["Location"].startswith("https://")
    answer = client.get("/log-in/", headers={"X-Forwarded-Proto": "https"})
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=60")


def test_djangos_own_look_at_a_site_of_https_finds_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    told = {
        "WUZHA_HTTPS": "1",
        "WUZHA_DATA": str(tmp_path_factory.mktemp("data")),
        "WUZHA_SECRET_KEY": "abcdefghijklmnop" * 4,
    }
    environment = {**os.environ, **told, "DJANGO_SETTINGS_MODULE": "wuzha.settings"}
    command = [sys.executable, "-W", "ignore", "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "full", [HttpResponse(b"abc", headers={"ETag": '"1"'}), StreamingHttpResponse([b"abc"], headers={"ETag": '"1"'})]
)
def test_head_is_answered_without_a_body(rf: RequestFactory, full: HttpResponse) -> None:
    """The test client takes it away by itself; the server in this process does not."""
    full.set_cookie("seen", "1")
    short = leave_body_out(lambda _: full)(rf.head("/"))

    assert b"".join(short) == b""
    assert short.headers["ETag"] == '"1"'
    assert short.cookies["seen"].value == "1"
    assert short.headers.get("Content-Length", "3") == "3"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="there, nothing is put in in place of another row")
@pytest.mark.django_db
def test_what_is_kept_for_good_is_not_put_in_anew_either() -> None:
    at = datetime(2026, 3, 20, tzinfo=UTC)
    row = AuditSeal.objects.create(last_id=5, count=5, before="0" * 64, digest="1" * 64, sealed_at=at)
    columns = "id, last_id, count, before, digest, sealed_at"
    forged = f"INSERT OR REPLACE INTO accounts_auditseal ({columns}) VALUES (%s, 6, 5, %s, %s, '2026-03-20')"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(forged, [row.pk, "0" * 64, "2" * 64])
    assert AuditSeal.objects.get().digest == "1" * 64
