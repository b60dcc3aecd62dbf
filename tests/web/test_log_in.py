"""Coming in by name and password: guessing is slow, nobody is kept out by others, and nothing is told to strangers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, RequestFactory, override_settings
from django.utils import timezone

from tests.web.cast import PASSWORD, Cast
from wuzha.web.accounts.models import AuditEntry
from wuzha.web.accounts.signin.address import read_address, widen
from wuzha.web.accounts.signin.models import Attempt, SignIn
from wuzha.web.accounts.signin.patience import PLACE_STEPS, STEPS, Counter, begin_attempt, choose_wait

HERE = "192.0.2.7"
ELSEWHERE = "198.51.100.9"
WAITS = "请过 1 分钟再试"
MD5 = "django.contrib.auth.hashers.MD5PasswordHasher"


@pytest.fixture(autouse=True)
def _hash_fast(cast: Cast) -> Iterator[None]:
    """A hundred attempts at the real strength of a password would take a minute."""
    with override_settings(PASSWORD_HASHERS=[MD5]):
        for person in (cast.secretary, cast.officer):
            person.set_password(PASSWORD)
            person.save()
        yield


def try_in(username: str, password: str, address: str = HERE, client: Client | None = None) -> tuple[int, str]:
    """302 when the door opens, and what the page says otherwise."""
    browser = client or Client()
    answer = browser.post("/log-in/", {"username": username, "password": password}, REMOTE_ADDR=address)
    return answer.status_code, answer.content.decode()


def fail(times: int, username: str = "secretary", address: str = HERE, client: Client | None = None) -> None:
    for _ in range(times):
        assert try_in(username, "wrong", address, client)[0] == 200


def let_pass(span: timedelta) -> None:
    """As if all attempts had been so much earlier."""
    for row in Attempt.objects.all():
        Attempt.objects.filter(pk=row.pk).update(at=row.at - span)


def make_known(username: str = "secretary") -> Client:
    """A device on which the person has logged in before."""
    client = Client()
    assert try_in(username, PASSWORD, client=client)[0] == 302
    client.post("/log-out/")
    return client


def test_after_five_wrong_passwords_the_right_one_has_to_wait_and_the_page_says_how_long(cast: Cast) -> None:
    fail(5)
    status, page = try_in("secretary", PASSWORD)
    assert status == 200
    assert WAITS in page
    assert "对不上" not in page


def test_four_wrong_passwords_do_not_close_the_door(cast: Cast) -> None:
    fail(4)
    assert try_in("secretary", PASSWORD)[0] == 302


def test_a_minute_later_the_door_is_open_again(cast: Cast) -> None:
    fail(5)
    let_pass(timedelta(minutes=1))
    assert try_in("secretary", PASSWORD)[0] == 302


def test_who_goes_on_guessing_waits_longer_and_longer(cast: Cast) -> None:
    for _ in range(10):
        fail(1)
        let_pass(timedelta(minutes=1))
    let_pass(-timedelta(minutes=1))
    assert "请过 5 分钟再试" in try_in("secretary", PASSWORD)[1]
    assert [choose_wait(failures, STEPS) for failures in (4, 5, 10, 20, 500)] == [
        timedelta(),
        *(timedelta(minutes=minutes) for minutes in (1, 5, 15, 15)),
    ]


def test_waiting_is_not_made_longer_by_trying(cast: Cast) -> None:
    fail(5)
    let_pass(timedelta(seconds=30))
    fail(3)
    let_pass(timedelta(seconds=30))
    assert try_in("secretary", PASSWORD)[0] == 302


def test_what_was_wrong_before_is_forgotten_once_it_was_right(cast: Cast) -> None:
    fail(4)
    assert try_in("secretary", PASSWORD)[0] == 302
    fail(4)
    assert try_in("secretary", PASSWORD)[0] == 302


def test_nobody_can_lock_another_person_out(cast: Cast) -> None:
    """Whatever is tried in her name from elsewhere, she comes in where she is; and on a device that knows her even
    from the very address that the wrong passwords came from."""
    known = make_known()
    fail(5)
    fail(5, address=ELSEWHERE)

    assert try_in("secretary", PASSWORD, "203.0.113.5")[0] == 302
    assert try_in("secretary", PASSWORD, HERE, known)[0] == 302


def test_a_device_that_knows_one_person_is_no_way_to_guess_at_another(cast: Cast) -> None:
    known = make_known("officer")
    fail(5, client=known)
    assert WAITS in try_in("secretary", PASSWORD, client=known)[1]
    assert WAITS in try_in("secretary", PASSWORD)[1]


def test_a_device_that_knows_the_person_is_slowed_by_its_own_failures(cast: Cast) -> None:
    known = make_known()
    fail(5, client=known)
    assert WAITS in try_in("secretary", PASSWORD, client=known)[1]
    assert try_in("secretary", PASSWORD)[0] == 302, "and nobody else by these"


def test_the_cookie_of_a_device_can_neither_be_made_up_nor_read(cast: Cast) -> None:
    known = make_known()
    cookie = known.cookies["wuzha_device"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert "secretary" not in cookie.value
    forger = Client()
    forger.cookies["wuzha_device"] = cookie.value[:-2] + "xx"
    fail(5, client=forger)
    assert WAITS in try_in("secretary", PASSWORD)[1], "counted as any other device of that address"


def test_one_address_cannot_guess_at_everybody_in_turn(cast: Cast) -> None:
    now = timezone.now()
    for number in range(PLACE_STEPS[0][0]):
        fail(1, f"nobody-{number}")
    assert WAITS in try_in("secretary", PASSWORD)[1]
    assert try_in("secretary", PASSWORD, ELSEWHERE)[0] == 302
    assert Attempt.objects.filter(at__gte=now).exists()


def test_a_town_hall_behind_one_address_may_mistype(cast: Cast) -> None:
    for number in range(PLACE_STEPS[0][0] - 1):
        fail(1, f"person-{number}")
    assert try_in("secretary", PASSWORD)[0] == 302


@pytest.mark.parametrize("spelling", ["Secretary", " secretary ", "ｓecretary"])
def test_another_spelling_of_the_name_is_no_way_around(cast: Cast, spelling: str) -> None:
    fail(5, spelling)
    assert WAITS in try_in("secretary", PASSWORD)[1]


def test_an_empty_field_is_no_attempt(cast: Cast) -> None:
    for _ in range(6):
        try_in("secretary", "")
    assert not Attempt.objects.exists()
    assert try_in("secretary", PASSWORD)[0] == 302


def test_tries_are_counted_before_they_are_looked_at(cast: Cast) -> None:
    """Forty at the same moment are not forty first tries."""
    now = timezone.now()
    counter = (Counter("one-key"),)
    answers = [begin_attempt(counter, now)[1] for _ in range(40)]
    assert answers.count(None) == 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="the embedded database of a test is one connection's own")
def test_many_at_once_are_counted_together(cast: Cast) -> None:
    def attempt(_number: int) -> datetime | None:
        try:
            return begin_attempt((Counter("parallel"),), timezone.now())[1]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(40)))
    assert answers.count(None) <= 5 + 8, "those under way together at most"


def test_a_name_that_nobody_has_is_counted_and_not_written_down(cast: Cast) -> None:
    fail(5, "my-secret-password")
    assert WAITS in try_in("my-secret-password", "wrong")[1]
    assert "my-secret-password" not in str(list(AuditEntry.objects.values_list("details", "object_id")))


def test_every_refusal_is_written_down_with_its_reason_and_address(cast: Cast) -> None:
    fail(5)
    try_in("secretary", PASSWORD)
    told = list(AuditEntry.objects.filter(action="log-in.failed").order_by("id").values_list("details", flat=True))
    assert [one["why"] for one in told] == ["wrong"] * 5 + ["waits"]
    assert {(one["username"], one["address"]) for one in told} == {("secretary", HERE)}


class Counting(PBKDF2PasswordHasher):
    """Counts how often a password is hashed, which is all of the time that a log-in takes."""

    iterations = 1
    hashed = 0

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        type(self).hashed += 1
        return super().encode(password, salt, iterations)


@pytest.mark.parametrize("name", ["secretary", "nobody-at-all", "closed"])
def test_the_time_it_takes_does_not_tell_whether_an_account_exists(cast: Cast, name: str) -> None:
    with override_settings(PASSWORD_HASHERS=[f"{__name__}.Counting"]):
        cast.secretary.set_password(PASSWORD)
        cast.secretary.save()
        cast.outsider.username, cast.outsider.is_active = "closed", False
        cast.outsider.set_password(PASSWORD)
        cast.outsider.save()
        Counting.hashed = 0
        _, page = try_in(name, "wrong")
        assert Counting.hashed == 1
        assert "用户名和密码对不上" in page


def test_a_closed_account_says_no_more_than_a_wrong_password(cast: Cast) -> None:
    cast.secretary.is_active = False
    cast.secretary.save()
    right, wrong = try_in("secretary", PASSWORD), try_in("secretary", "wrong")
    assert right[0] == wrong[0] == 200
    assert "用户名和密码对不上" in right[1]
    assert not SignIn.objects.exists()


def test_a_key_planted_before_the_log_in_opens_nothing_after_it(cast: Cast) -> None:
    client = Client()
    client.get("/log-in/")
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = str(planted)

    assert try_in("secretary", PASSWORD, client=client)[0] == 302

    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()
    thief = Client()
    thief.cookies["sessionid"] = str(planted)
    assert thief.get("/me/").status_code == 302


@pytest.mark.parametrize(
    "goal",
    [
        "//evil.example/",
        "https://evil.example/",
        "http:///evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        " //e",
    ],
)
def test_nobody_is_led_to_another_site(cast: Cast, goal: str) -> None:
    told = {"username": "secretary", "password": PASSWORD, "next": goal}
    assert Client().post("/log-in/", told).headers["Location"] == "/today/"
    assert Client().post(f"/log-in/?next={goal}", told | {"next": ""}).headers["Location"] == "/today/"


def test_the_person_is_led_to_where_they_wanted_to_go(cast: Cast) -> None:
    told = {"username": "secretary", "password": PASSWORD, "next": "/records/?page=2"}
    assert Client().post("/log-in/", told).headers["Location"] == "/records/?page=2"


def test_a_log_in_is_sent_by_our_own_page_alone(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    assert try_in("secretary", PASSWORD, client=client)[0] == 403
    assert client.post("/log-in/passkey/", {}).status_code == 403


@pytest.mark.parametrize("told", ["nonsense", "1.2.3.4:80", "<b>", "fe80::1%eth0", ""])
def test_what_is_no_address_is_none(rf: RequestFactory, told: str) -> None:
    assert read_address(rf.get("/", REMOTE_ADDR=told)) == ""
    assert read_address(rf.get("/", REMOTE_ADDR="192.0.2.7", headers={"X-Forwarded-For": "203.0.113.9"})) == "192.0.2.7"


def test_a_household_of_the_new_addresses_counts_as_one_place() -> None:
    assert widen("2001:db8:1:2:aaaa::1") == widen("2001:db8:1:2:bbbb::7") != widen("2001:db8:1:3::1")
    assert widen("::ffff:192.0.2.7") == widen("192.0.2.7")


def test_attempts_are_not_kept_longer_than_a_day(cast: Cast) -> None:
    Attempt.objects.create(key="old", at=datetime(2026, 1, 1, tzinfo=UTC))
    assert try_in("secretary", PASSWORD)[0] == 302
    assert not Attempt.objects.exists()
