"""Where one is signed in: seen, signed out, ended by a new password, by lying unused and by age."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.web.cast import PASSWORD, Cast
from tests.web.conftest import Visit, mark_session
from wuzha.web.accounts.models import AuditEntry, User
from wuzha.web.accounts.signin.browsers import name_browser
from wuzha.web.accounts.signin.models import SignIn
from wuzha.web.accounts.signin.sessions import TOUCH, read_mark, write_mark

NEW = "quiet-river-and-77"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
PHONE = "Mozilla/5.0 (Linux; Android 12; HarmonyOS) AppleWebKit/537.36 Chrome/99.0 HuaweiBrowser/14.0 Mobile Safari/537"


def come_in(user: User, agent: str = CHROME, address: str = "192.0.2.7") -> Client:
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    assert client.post("/log-in/", {"username": user.username, "password": PASSWORD}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def grow_old(client: Client, *, unused: timedelta = timedelta(), whole: timedelta = timedelta()) -> None:
    """As if the session had begun, and been seen last, so much earlier."""
    session = client.session
    mark = read_mark(session)
    assert mark is not None
    seen, began = mark.seen - int(unused.total_seconds()), mark.began - int(whole.total_seconds())
    write_mark(session, replace(mark, seen=seen, began=began))
    session.save()


def test_the_list_says_which_device_from_where_and_since_when(cast: Cast) -> None:
    here = come_in(cast.secretary)
    come_in(cast.secretary, PHONE, "198.51.100.9")
    come_in(cast.officer)
    page = here.get("/me/security/").content.decode()
    assert "Chrome · Windows" in page
    assert "华为浏览器 · 鸿蒙" in page
    assert "198.51.100.9" in page
    assert page.count("/me/security/sessions/") == 3, "two devices, and all others at once"
    assert page.count("<strong>本机</strong>") == 1


def test_a_device_is_signed_out_at_once_and_it_is_written_down(cast: Cast) -> None:
    here, lost = come_in(cast.secretary), come_in(cast.secretary, PHONE, "198.51.100.9")
    row = SignIn.objects.get(address="198.51.100.9")
    here.post(f"/me/security/sessions/{row.pk}/end/")
    assert not is_in(lost)
    assert is_in(here)
    entry = AuditEntry.objects.get(action="session.ended")
    assert entry.details == {"address": "198.51.100.9", "browser": "华为浏览器 · 鸿蒙"}


def test_nobody_signs_another_person_out(cast: Cast) -> None:
    theirs, mine = come_in(cast.secretary), come_in(cast.officer)
    row = SignIn.objects.get(user=cast.secretary)
    assert mine.post(f"/me/security/sessions/{row.pk}/end/").status_code == 404
    mine.post("/me/security/sessions/end-others/")
    assert is_in(theirs)


def test_everywhere_else_is_everywhere_but_here(cast: Cast) -> None:
    others = [come_in(cast.secretary, address=f"192.0.2.{number}") for number in range(3)]
    here = come_in(cast.secretary)
    here.post("/me/security/sessions/end-others/")
    assert [is_in(other) for other in others] == [False] * 3
    assert is_in(here)
    assert SignIn.objects.filter(user=cast.secretary).count() == 1
    assert AuditEntry.objects.get(action="session.ended-elsewhere").details == {"devices": 3}


def test_signing_this_device_out_leads_to_the_log_in(cast: Cast) -> None:
    here = come_in(cast.secretary)
    row = SignIn.objects.get()
    assert here.post(f"/me/security/sessions/{row.pk}/end/").headers["Location"] == "/log-in/"
    assert not is_in(here)
    assert not SignIn.objects.exists()


def test_logging_out_ends_the_key_for_good(cast: Cast) -> None:
    client = come_in(cast.secretary)
    key = str(client.session.session_key)
    client.post("/log-out/")
    assert not Session.objects.filter(session_key=key).exists()
    thief = Client()
    thief.cookies["sessionid"] = key
    assert not is_in(thief)
    assert AuditEntry.objects.filter(action="log-in.ended", actor=cast.secretary).exists()


def test_logging_out_by_a_link_does_nothing(cast: Cast) -> None:
    client = come_in(cast.secretary)
    assert client.get("/log-out/").status_code == 405
    assert is_in(client)


def test_a_new_password_ends_the_others_and_not_this_one(cast: Cast) -> None:
    here, thief = come_in(cast.secretary), come_in(cast.secretary, PHONE)
    key = here.session.session_key
    here.post("/me/password/", {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})
    assert is_in(here)
    assert not is_in(thief)
    assert here.session.session_key != key, "a key that was known before is none now"
    assert SignIn.objects.get().session_key == here.session.session_key
    assert "本机" in here.get("/me/security/").content.decode()


def test_a_session_that_lies_unused_ends(cast: Cast) -> None:
    client = come_in(cast.secretary)
    grow_old(client, unused=timedelta(seconds=settings.SESSION_IDLE_S - 60))
    assert is_in(client)
    grow_old(client, unused=timedelta(seconds=settings.SESSION_IDLE_S + 60))
    answer = client.get("/records/?page=2")
    assert answer.headers["Location"] == "/log-in/?next=/records/%3Fpage%3D2"
    assert not SignIn.objects.exists()


def test_a_session_ends_by_its_age_however_much_it_is_used(cast: Cast) -> None:
    client = come_in(cast.secretary)
    grow_old(client, whole=timedelta(seconds=settings.SESSION_COOKIE_AGE - 60))
    assert is_in(client)
    grow_old(client, whole=timedelta(seconds=120))
    assert not is_in(client)


def test_being_used_is_noted_every_few_minutes_and_not_with_each_page(cast: Cast) -> None:
    client = come_in(cast.secretary)
    first = SignIn.objects.get().seen_at
    client.get("/me/")
    assert SignIn.objects.get().seen_at == first
    grow_old(client, unused=TOUCH)
    client.get("/me/")
    assert SignIn.objects.get().seen_at > first
    mark = read_mark(client.session)
    assert mark is not None
    assert timezone.now().timestamp() - mark.seen < 60


def test_a_device_that_is_signed_out_while_it_asks_is_not_signed_in_again(cast: Cast) -> None:
    """The note that it was seen must not write a session back that somebody has just ended."""
    client = come_in(cast.secretary)
    grow_old(client, unused=TOUCH)
    key = str(client.session.session_key)
    Session.objects.filter(session_key=key).delete()
    assert not is_in(client)
    assert not Session.objects.filter(session_key=key).exists()


def test_whoever_is_closed_is_out_at_once(cast: Cast) -> None:
    client = come_in(cast.secretary)
    User.objects.filter(pk=cast.secretary.pk).update(is_active=False)
    assert not is_in(client)


@pytest.mark.parametrize("address", ["/phone/records/", "/phone/state/"])
def test_a_phone_whose_session_has_ended_is_told_so_and_keeps_what_waits_on_it(
    cast: Cast, visit: Visit, address: str
) -> None:
    client = come_in(cast.secretary)
    grow_old(client, unused=timedelta(seconds=settings.SESSION_IDLE_S + 60))
    answer = client.post(address) if address.endswith("records/") else client.get(address)
    assert answer.status_code == 401
    assert answer.json()["log_in"] is True


def test_a_part_of_a_page_asked_for_too_late_opens_the_log_in_whole(cast: Cast) -> None:
    client = come_in(cast.secretary)
    grow_old(client, unused=timedelta(seconds=settings.SESSION_IDLE_S + 60))
    answer = client.get("/records/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/records/"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/log-in/?next=%2Frecords%2F"


def test_the_list_costs_the_same_however_long_it_is(cast: Cast) -> None:
    here = come_in(cast.secretary)

    def count() -> int:
        with CaptureQueriesContext(connection) as caught:
            here.get("/me/security/")
        return len(caught)

    few = count()
    for number in range(8):
        come_in(cast.secretary, address=f"192.0.2.{number}")
    assert count() == few


def test_old_devices_go_from_the_list_with_the_next_log_in(cast: Cast) -> None:
    come_in(cast.secretary)
    SignIn.objects.update(seen_at=timezone.now() - timedelta(days=30))
    here = come_in(cast.secretary)
    assert SignIn.objects.count() == 1
    assert is_in(here)


@pytest.mark.parametrize(
    ("agent", "name"),
    [(CHROME, "Chrome · Windows"), (PHONE, "华为浏览器 · 鸿蒙"), ("", ""), ("curl/8", ""), ("<script>", "")],
)
def test_a_device_is_named_by_what_a_person_would_know_it_by(agent: str, name: str) -> None:
    assert name_browser(agent) == name


def test_a_session_without_a_mark_is_no_proof(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.secretary)
    assert read_mark(client.session) is None
    mark_session(client, cast.secretary)
    assert read_mark(client.session) is not None
