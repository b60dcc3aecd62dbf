"""What takes its time is asked for, kept, done by a worker and fetched; the person finds out how it stands."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.jobs import do_jobs
from tests.web.ledger import enter
from wuzha.web.accounts.models import AuditEntry, Post
from wuzha.web.jobs.models import Job, JobPiece, Worker
from wuzha.web.jobs.queue import (
    KEEP_FILE,
    KEEP_JOB,
    MOST_ATTEMPTS,
    PAUSES,
    Wish,
    ask_job,
    claim_job,
    finish_job,
    forget_jobs,
    hold_on,
    is_anybody_at_work,
    let_go,
    note_worker,
)
from wuzha.web.jobs.worker import Crew, Order, RefusedError, Work, work_once

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=timezone.get_default_timezone())
LEASE = timedelta(seconds=30)
S = timedelta(seconds=1)
State = Job.State


def ask(cast: Cast, key: str = "a", now: datetime = NOW) -> Job:
    return ask_job(actor=cast.officer, wish=Wish("try", key, "试一试", {"key": key}), now=now)


def run(work: Work, now: datetime, name: str = "one") -> Job:
    """One turn of a worker that knows this work; the job after it."""
    assert work_once(Crew({"try": work}, lambda: now, 30, name=name))
    return Job.objects.latest("asked_at")


def succeed(order: Order) -> Mapping[str, Any]:
    return {"key": order.asked["key"]}


def break_down(order: Order) -> Mapping[str, Any]:
    raise OSError("disk")


def refuse(order: Order) -> Mapping[str, Any]:
    raise RefusedError("table.changed")


def forbid(order: Order) -> Mapping[str, Any]:
    raise PermissionDenied


def claim(name: str, now: datetime) -> Job | None:
    return claim_job(worker=name, now=now, lease=LEASE)


# --- the queue --------------------------------------------------------------------------------------------------------


def test_the_same_wish_pressed_twice_is_one_job_until_it_is_over(cast: Cast) -> None:
    first = ask(cast)

    assert ask(cast).pk == first.pk
    run(succeed, NOW)
    assert ask(cast, now=NOW + S).pk != first.pk


def test_jobs_are_done_in_the_order_in_which_they_were_asked_for(cast: Cast) -> None:
    ask(cast, "late", NOW + S)
    ask(cast, "early", NOW)

    first, second = claim("one", NOW + S), claim("two", NOW + S)

    assert first is not None
    assert second is not None
    assert (first.key, second.key) == ("early", "late")
    assert claim("three", NOW + S) is None


def test_a_job_that_is_held_is_taken_by_nobody_else_before_its_lease_has_run_out(cast: Cast) -> None:
    ask(cast)
    held = claim("one", NOW)
    assert held is not None

    assert claim("two", NOW + LEASE - S) is None
    assert hold_on(job=held, now=NOW + LEASE - S, lease=LEASE)
    assert claim("two", NOW + LEASE + S) is None
    taken = claim("two", NOW + 2 * LEASE)

    assert taken is not None
    assert taken.attempts == 2


def test_whoever_lost_the_job_finishes_nothing(cast: Cast) -> None:
    ask(cast)
    lost, taken = claim("one", NOW), claim("two", NOW + LEASE)
    assert lost is not None
    assert taken is not None

    assert not finish_job(job=lost, answer={"by": "one"}, now=NOW + LEASE)
    assert not hold_on(job=lost, now=NOW + LEASE, lease=LEASE)
    assert finish_job(job=taken, answer={"by": "two"}, now=NOW + LEASE)
    assert Job.objects.get().answer == {"by": "two"}


def test_what_fails_is_tried_again_after_pauses_that_grow_and_ends_with_a_sentence(cast: Cast, visit: Visit) -> None:
    job, now, waits = ask(cast), NOW, []
    for attempt in range(1, MOST_ATTEMPTS):
        job = run(break_down, now)
        assert (job.state, job.attempts) == (State.WAITING, attempt)
        assert claim("two", job.due_at - S) is None
        waits.append(job.due_at - now)
        now = job.due_at

    job = run(break_down, now)

    assert tuple(waits) == PAUSES == tuple(sorted(PAUSES))
    assert job.state == State.FAILED
    page = visit(cast.officer).get(f"/jobs/{job.pk}/").content.decode()
    assert "试了几次都没有办成" in page
    assert str(job.pk) in page


def test_what_is_refused_is_not_tried_again_and_says_why(cast: Cast, visit: Visit) -> None:
    ask(cast)

    job = run(refuse, NOW)

    assert (job.state, job.attempts) == (State.FAILED, 1)
    assert "做表的时候有人改了某一行" in visit(cast.officer).get(f"/jobs/{job.pk}/").content.decode()


def test_what_the_person_may_not_do_any_more_is_not_done(cast: Cast, visit: Visit) -> None:
    ask(cast)

    job = run(forbid, NOW)

    assert job.state == State.FAILED
    assert "您的岗位已经不能办这件事" in visit(cast.officer).get(f"/jobs/{job.pk}/").content.decode()


def test_a_kind_that_the_worker_does_not_know_is_told_as_such(cast: Cast, visit: Visit) -> None:
    ask(cast)
    assert work_once(Crew({}, lambda: NOW, 30))
    job = Job.objects.get()
    assert "旧版本" in visit(cast.officer).get(f"/jobs/{job.pk}/").content.decode()


def test_a_job_that_kills_its_workers_is_given_up(cast: Cast, visit: Visit) -> None:
    ask(cast)
    now = NOW
    for _ in range(MOST_ATTEMPTS):
        assert claim("dies", now) is not None
        now += LEASE

    assert claim("next", now) is None

    job = Job.objects.get()
    assert job.state == State.FAILED
    assert "先停下了" in visit(cast.officer).get(f"/jobs/{job.pk}/").content.decode()


def test_a_worker_that_stops_gives_back_what_it_holds_at_once(cast: Cast) -> None:
    ask(cast)
    claim("one", NOW)
    note_worker(name="one", is_inside=False, now=NOW)

    assert let_go(worker="one", now=NOW) == 1

    job = claim("two", NOW)
    assert job is not None
    assert job.attempts == 1
    assert not Worker.objects.exists()


def test_a_worker_of_its_own_goes_before_the_one_inside(cast: Cast) -> None:
    note_worker(name="inside", is_inside=True, now=NOW)
    assert not is_anybody_at_work(NOW)
    note_worker(name="own", is_inside=False, now=NOW)
    assert is_anybody_at_work(NOW + 59 * S)
    assert not is_anybody_at_work(NOW + 60 * S)


def test_what_is_over_is_forgotten_in_its_time(cast: Cast) -> None:
    ask(cast)
    job = claim("one", NOW)
    assert job is not None
    JobPiece.objects.create(job=job, attempt=1, number=0, content=b"x")
    finish_job(job=job, answer={}, now=NOW)

    forget_jobs(now=NOW + KEEP_FILE - S)
    assert JobPiece.objects.exists()
    forget_jobs(now=NOW + KEEP_FILE)
    assert not JobPiece.objects.exists()
    forget_jobs(now=NOW + KEEP_JOB - S)
    assert Job.objects.exists()
    forget_jobs(now=NOW + KEEP_JOB)
    assert not Job.objects.exists()


# --- pages and files --------------------------------------------------------------------------------------------------


@pytest.fixture
def long_list(cast: Cast, settings: Settings) -> str:
    """The address of a file that is longer than a page may take for it."""
    settings.EXPORT_AT_ONCE_ROWS = 2
    for number in range(1, 6):
        enter(cast.officer, cast.village, timezone.localdate(), "talk", people=number)
    return "/records/export.csv"


def ask_for(client: Client, address: str) -> Job:
    answer = client.get(address)
    assert answer.status_code == 302
    return Job.objects.get(pk=UUID(answer.headers["Location"].split("/")[2]))


def test_a_long_table_is_written_by_a_worker_and_is_the_one_of_the_page(
    cast: Cast, visit: Visit, long_list: str, settings: Settings
) -> None:
    client = visit(cast.officer)
    job = ask_for(client, long_list)
    waiting = client.get(f"/jobs/{job.pk}/")
    assert "正在排队" in waiting.content.decode()
    assert int(waiting.headers["Refresh"]) > 0
    assert client.get(f"/jobs/{job.pk}/file").status_code == 404

    do_jobs()
    page = client.get(f"/jobs/{job.pk}/")
    answer: Any = client.get(f"/jobs/{job.pk}/file")
    written = b"".join(answer.streaming_content).decode("utf-8-sig")
    settings.EXPORT_AT_ONCE_ROWS = 1000
    at_once: Any = client.get(long_list)

    assert "文件做好了" in page.content.decode()
    assert "Refresh" not in page.headers
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert int(answer.headers["Content-Length"]) == len(written.encode("utf-8-sig"))
    # Only the moment at which each was made differs.
    rows = b"".join(at_once.streaming_content).decode("utf-8-sig").splitlines()[1:]
    assert written.splitlines()[1:] == rows
    assert any("柳湾村" in row for row in rows)
    exported = AuditEntry.objects.filter(action="table.exported", actor=cast.officer)
    assert exported.count() == 2


@pytest.mark.usefixtures("long_list")
def test_a_post_that_ends_before_its_turn_gets_no_file(cast: Cast, visit: Visit) -> None:
    job = ask_for(visit(cast.officer), "/units/SQ01/?format=csv&table=units")
    Post.objects.filter(user=cast.officer).update(closes_on=timezone.localdate())

    do_jobs()

    job.refresh_from_db()
    assert job.state == State.FAILED
    assert not JobPiece.objects.exists()


def test_a_post_that_ends_afterwards_takes_the_file_away(cast: Cast, visit: Visit, long_list: str) -> None:
    client = visit(cast.officer)
    job = ask_for(client, long_list)
    do_jobs()
    assert client.get(f"/jobs/{job.pk}/file").status_code == 200

    Post.objects.filter(user=cast.officer).update(closes_on=timezone.localdate())
    # Whoever has no post left at all is led out; this person keeps one elsewhere.
    Post.objects.create(user=cast.officer, unit=cast.other_town, role=Post.Role.OFFICER)

    assert client.get(f"/jobs/{job.pk}/file").status_code == 404


def test_nobody_else_sees_the_job_or_its_file(cast: Cast, visit: Visit, long_list: str) -> None:
    job = ask_for(visit(cast.officer), long_list)
    do_jobs()

    for who in ("outsider", "town_officer", "supervisor", "nobody"):
        client = visit(cast.people[who])
        assert client.get(f"/jobs/{job.pk}/").status_code == 404
        assert client.get(f"/jobs/{job.pk}/file").status_code == 404
        assert job.title not in client.get("/jobs/").content.decode()
    assert job.title in visit(cast.officer).get("/jobs/").content.decode()


def test_half_a_file_of_an_attempt_that_was_cut_is_never_sent(cast: Cast, visit: Visit, long_list: str) -> None:
    client = visit(cast.officer)
    job = ask_for(client, long_list)
    cut = claim_job(worker="dies", now=timezone.now() - LEASE, lease=LEASE)
    assert cut is None, "it was asked for later than that"
    cut = claim_job(worker="dies", now=timezone.now(), lease=timedelta())
    assert cut is not None
    JobPiece.objects.create(job=cut, attempt=1, number=0, content="半份".encode())

    do_jobs()

    answer: Any = client.get(f"/jobs/{job.pk}/file")
    assert "半份" not in b"".join(answer.streaming_content).decode("utf-8-sig")


def test_a_file_whose_page_wants_proof_of_who_one_is_wants_it_again(
    cast: Cast, visit: Visit, long_list: str, settings: Settings
) -> None:
    client = visit(cast.officer)
    job = ask_for(client, long_list)
    do_jobs()
    job.refresh_from_db()
    assert job.answer["wants_proof"] is True
    settings.STEP_UP_S = 0

    answer = client.get(f"/jobs/{job.pk}/file", headers={"Accept": "text/html"})

    assert not answer.streaming
    assert "Content-Disposition" not in answer.headers
