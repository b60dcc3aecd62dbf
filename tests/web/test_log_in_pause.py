"""Ten wrong passwords from one place, and the name has to wait; nobody else does."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from tests.web.cast import PASSWORD, Cast
from tests.web.tampering import tampering
from wuzha.web.accounts.models import AuditEntry
from wuzha.web.accounts.queries import FAILURE_SPAN, MAX_FAILURES, find_log_in_pause, make_log_in_key

HERE = "192.0.2.7"


@pytest.fixture(autouse=True)
def _hash_fast(cast: Cast) -> Iterator[None]:
    """A hundred attempts at the real strength of a password would take a minute."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        for person in (cast.secretary, cast.officer):
            person.set_password(PASSWORD)
            person.save()
        yield


def try_in(username: str, password: str, address: str = HERE) -> tuple[int, str]:
    """302 when the door opens, and what the page says otherwise."""
    answer = Client(REMOTE_ADDR=address).post("/log-in/", {"username": username, "password": password})
    return answer.status_code, answer.content.decode()


def fail(times: int, username: str = "secretary") -> None:
    for _ in range(times):
        assert try_in(username, "wrong")[0] == 200


def read_end() -> datetime:
    end = find_log_in_pause(make_log_in_key("secretary", HERE), timezone.now())
    assert end is not None
    return end


def test_after_ten_wrong_passwords_the_right_one_has_to_wait_and_the_page_says_until_when(cast: Cast) -> None:
    fail(MAX_FAILURES)

    status, page = try_in("secretary", PASSWORD)

    shown = timezone.localtime(read_end() + timedelta(minutes=1)).strftime("%H:%M")
    assert status == 200
    assert f"请在 {shown} 之后再试" in page
    assert "对不上" not in page


def test_nine_wrong_passwords_do_not_close_the_door(cast: Cast) -> None:
    fail(MAX_FAILURES - 1)

    assert try_in("secretary", PASSWORD)[0] == 302


def test_another_person_and_another_place_do_not_wait(cast: Cast) -> None:
    fail(MAX_FAILURES)

    assert try_in("officer", PASSWORD)[0] == 302
    assert try_in("secretary", PASSWORD, "192.0.2.8")[0] == 302


def test_the_door_opens_again_a_quarter_of_an_hour_later(cast: Cast) -> None:
    fail(MAX_FAILURES)
    with tampering():
        for entry in AuditEntry.objects.all():
            AuditEntry.objects.filter(pk=entry.pk).update(at=entry.at - FAILURE_SPAN)

    assert try_in("secretary", PASSWORD)[0] == 302


def test_waiting_is_not_made_longer_by_trying(cast: Cast) -> None:
    fail(MAX_FAILURES)
    end = read_end()

    fail(3)

    assert read_end() == end
    assert AuditEntry.objects.count() == MAX_FAILURES


@pytest.mark.parametrize("spelling", ["Secretary", " secretary ", "ｓecretary"])
def test_another_spelling_of_the_name_is_no_way_around(cast: Cast, spelling: str) -> None:
    fail(MAX_FAILURES, spelling)

    assert "之后再试" in try_in("secretary", PASSWORD)[1]


def test_a_name_that_nobody_has_is_counted_and_not_written_down(cast: Cast) -> None:
    fail(MAX_FAILURES, "my-secret-password")

    assert "之后再试" in try_in("my-secret-password", "wrong")[1]
    assert "my-secret-password" not in str(list(AuditEntry.objects.values_list("details", "object_id")))
