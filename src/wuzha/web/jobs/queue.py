"""What happens to a job: asked for, taken, held on to, finished, put off, given up. The one door for writing them.

A worker holds a job by a lease. Whoever is killed lets go by saying nothing: when the lease has run out, the next
worker takes the job. So a job may be begun twice and its work must bear that; it is finished once, by whoever holds it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from wuzha.web.jobs.models import Job, JobPiece, Worker

State = Job.State
OPEN = (State.WAITING, State.RUNNING)
# After each failed attempt so long; behind the last there is none more.
PAUSES = (timedelta(seconds=5), timedelta(seconds=20), timedelta(seconds=80), timedelta(minutes=5))
MOST_ATTEMPTS = len(PAUSES) + 1
# A worker that was not heard of for so long is not at work.
SILENT_AFTER = timedelta(seconds=60)
# What is over is forgotten after so long, and a file that was made earlier still.
KEEP_JOB = timedelta(days=30)
KEEP_FILE = timedelta(days=1)
GIVEN_UP = "job.given-up"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: by ``kind`` the worker knows the work, ``title`` is what the person reads."""

    kind: str
    key: str
    title: str
    asked: Mapping[str, Any]


def ask_job(*, actor: AbstractBaseUser, wish: Wish, now: datetime) -> Job:
    """The job of that wish. While it is open, the same wish is the same job."""
    open_one = Job.objects.filter(key=wish.key, state__in=OPEN)
    found = open_one.first()
    if found is not None:
        return found
    told = {"title": wish.title[:200], "asked": dict(wish.asked), "asked_by": actor, "asked_at": now, "due_at": now}
    try:
        with transaction.atomic():
            return Job.objects.create(kind=wish.kind, key=wish.key, **told)
    except IntegrityError:
        return open_one.get()


def find_due(now: datetime) -> QuerySet[Job]:
    """Those that may be taken: waiting ones whose turn has come, and those whose worker let go."""
    waiting = Q(state=State.WAITING, due_at__lte=now)
    return Job.objects.filter(waiting | Q(state=State.RUNNING, leased_until__lte=now)).order_by("due_at", "asked_at")


def count_before(job: Job) -> int:
    """How many open jobs come before this one."""
    return Job.objects.filter(state__in=OPEN, due_at__lt=job.due_at).exclude(pk=job.pk).count()


def claim_job(*, worker: str, now: datetime, lease: timedelta) -> Job | None:
    """Takes the next job, or none. Two workers never take the same one.

    On PostgreSQL the row is locked and others pass it by; SQLite's transactions begin with the lock of the one writer.
    A job that its workers did not survive so often is given up here.
    """
    if not find_due(now).exists():
        return None
    with transaction.atomic():
        job = find_due(now).select_for_update(skip_locked=True).first()
        if job is None:
            return None
        if job.attempts >= MOST_ATTEMPTS:
            _finish(Job.objects.filter(pk=job.pk), State.FAILED, {"code": GIVEN_UP}, now)
            return None
        job.state, job.worker, job.leased_until = State.RUNNING, worker, now + lease
        job.attempts += 1
        job.save(update_fields=("state", "worker", "leased_until", "attempts"))
    return job


def hold_on(*, job: Job, now: datetime, lease: timedelta) -> bool:
    """The lease anew. False when somebody else has the job by now."""
    return bool(_held(job).update(leased_until=now + lease))


def finish_job(*, job: Job, answer: Mapping[str, Any], now: datetime) -> bool:
    """Done. False when somebody else has the job by now, whose answer then counts."""
    return _finish(_held(job), State.DONE, answer, now)


def fail_job(*, job: Job, answer: Mapping[str, Any], now: datetime) -> bool:
    """Not done, with what the person is told; it will not be tried again."""
    return _finish(_held(job), State.FAILED, answer, now)


def put_off_job(*, job: Job, answer: Mapping[str, Any], now: datetime) -> bool:
    """To be tried again after a pause that grows; after the last attempt it has failed with that answer."""
    if job.attempts >= MOST_ATTEMPTS:
        return fail_job(job=job, answer=answer, now=now)
    waiting = {"state": State.WAITING, "worker": "", "leased_until": None, "due_at": now + PAUSES[job.attempts - 1]}
    return bool(_held(job).update(**waiting))


def let_go(*, worker: str, now: datetime) -> int:
    """A worker that stops gives back what it holds: it is nobody's fault, so the attempt does not count."""
    given = 0
    for job in Job.objects.filter(worker=worker, state=State.RUNNING):
        back = {"state": State.WAITING, "worker": "", "leased_until": None, "due_at": now}
        given += _held(job).update(attempts=max(job.attempts - 1, 0), **back)
    Worker.objects.filter(name=worker).delete()
    return given


def keep_piece(*, job: Job, number: int, content: bytes) -> None:
    JobPiece.objects.create(job=job, attempt=job.attempts, number=number, content=content)


def note_worker(*, name: str, is_inside: bool, now: datetime) -> None:
    """This worker lives."""
    Worker.objects.update_or_create(name=name, defaults={"is_inside": is_inside, "seen_at": now})


def is_anybody_at_work(now: datetime) -> bool:
    """Whether a worker of its own, outside the pages, was heard of lately."""
    return Worker.objects.filter(is_inside=False, seen_at__gt=now - SILENT_AFTER).exists()


def forget_jobs(*, now: datetime) -> int:
    """Files a day after they were made, jobs a month after their end, workers that fell silent. Tells how many rows."""
    pieces = JobPiece.objects.filter(job__finished_at__lte=now - KEEP_FILE)
    jobs = Job.objects.filter(finished_at__lte=now - KEEP_JOB)
    silent = Worker.objects.filter(seen_at__lte=now - 10 * SILENT_AFTER)
    return sum(found.delete()[0] for found in (pieces, jobs, silent))


def _held(job: Job) -> QuerySet[Job]:
    """The row, while this attempt of this worker holds it."""
    return Job.objects.filter(pk=job.pk, state=State.RUNNING, worker=job.worker, attempts=job.attempts)


def _finish(found: QuerySet[Job], state: str, answer: Mapping[str, Any], now: datetime) -> bool:
    return bool(found.update(state=state, answer=dict(answer), finished_at=now, worker="", leased_until=None))
