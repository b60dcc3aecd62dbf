"""The worker: takes one job after the other until it is told to stop. The same loop runs in ``wuzha worker`` and,
where there is none, in a thread of ``wuzha serve``."""

import logging
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from threading import Event, Thread
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connections
from django.http import Http404

from wuzha.web.jobs.models import Job
from wuzha.web.jobs.queue import (
    claim_job,
    fail_job,
    finish_job,
    hold_on,
    is_anybody_at_work,
    keep_piece,
    let_go,
    note_worker,
    put_off_job,
)

LOG = logging.getLogger(__name__)
# Between two looks when there was nothing to do.
LOOK_EVERY_S = 1.0
NOTE_EVERY = timedelta(seconds=15)
# What was made is kept in rows of this size.
PIECE_BYTES = 512 * 1024
# A job that takes longer hangs; its worker lets go of it, so that it is tried again or given up.
LONGEST_S = 30 * 60
FORBIDDEN, BROKEN = "job.forbidden", "job.broken"


class RefusedError(Exception):
    """The work cannot be done, and would not the next time either. ``code`` names the sentence for the person."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.answer = {"code": code, **params}


@dataclass(frozen=True, slots=True)
class Order:
    """What a work gets: whose wish it is, what was asked, when this attempt began, and where a file of it goes.

    The work asks anew whether the person may, as of ``now``.
    """

    # The person, as the room of people knows them, which stands above this one.
    actor: Any
    asked: Mapping[str, Any]
    now: datetime
    keep: Callable[[Iterator[bytes]], int]


# Gives what the page tells: ``address`` leads on, ``file`` names what can be fetched.
Work = Callable[[Order], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works, at what, by which clock; ``is_inside`` lets those of their own go first.

    ``may_work`` is asked before the database is used: not once its file was taken away or replaced.
    """

    works: Mapping[str, Work]
    read_clock: Callable[[], datetime]
    lease_s: float
    is_inside: bool = False
    may_work: Callable[[], bool] = lambda: True
    name: str = field(default_factory=lambda: f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid4().hex[:8]}")


def work_until(stop: Event, crew: Crew) -> None:
    """Works until ``stop`` is set; a job that has begun is done first. A database that is away is waited for."""
    noted = None
    while not stop.is_set():
        if not crew.may_work():
            stop.wait(LOOK_EVERY_S)
            continue
        now, worked = crew.read_clock(), False
        try:
            if noted is None or now - noted >= NOTE_EVERY:
                note_worker(name=crew.name, is_inside=crew.is_inside, now=now)
                noted = now
            if not (crew.is_inside and is_anybody_at_work(now)):
                worked = work_once(crew)
        except DatabaseError:
            LOG.exception("the worker cannot use the database; it will look again")
            connections.close_all()
        if not worked:
            stop.wait(LOOK_EVERY_S)


def work_once(crew: Crew) -> bool:
    """Does the job whose turn it is. False when there was none."""
    lease = timedelta(seconds=crew.lease_s)
    job = claim_job(worker=crew.name, now=crew.read_clock(), lease=lease)
    if job is None:
        return False
    with _keep_lease(job, crew, lease):
        _do(job, crew)
    return True


def stop_working(crew: Crew) -> None:
    """Gives back what this worker still holds, so that the next one need not wait for the lease to run out."""
    if not crew.may_work():
        return
    with suppress(DatabaseError):
        let_go(worker=crew.name, now=crew.read_clock())


def _do(job: Job, crew: Crew) -> None:
    work = crew.works.get(job.kind)
    try:
        if work is None:
            raise RefusedError("job.unknown")
        answer = work(Order(job.asked_by, job.asked, crew.read_clock(), lambda pieces: _keep(job, pieces)))
    except RefusedError as refused:
        fail_job(job=job, answer=refused.answer, now=crew.read_clock())
    except (PermissionDenied, Http404):
        fail_job(job=job, answer={"code": FORBIDDEN}, now=crew.read_clock())
    except Exception:
        # Whatever it was, the worker goes on with the next job, and this one is tried again.
        LOG.exception("attempt %s of job %s (%s) failed", job.attempts, job.pk, job.kind)
        put_off_job(job=job, answer={"code": BROKEN, "job": str(job.pk)}, now=crew.read_clock())
    else:
        if not finish_job(job=job, answer=answer, now=crew.read_clock()):
            LOG.warning("job %s was taken over while attempt %s went on", job.pk, job.attempts)


@contextmanager
def _keep_lease(job: Job, crew: Crew, lease: timedelta) -> Iterator[None]:
    """Holds on to the job beside the work, for as long as this process lives."""
    stop = Event()

    def run() -> None:
        try:
            begun = time.monotonic()
            while not stop.wait(crew.lease_s / 3) and time.monotonic() - begun < LONGEST_S:
                with suppress(DatabaseError):
                    if crew.may_work():
                        hold_on(job=job, now=crew.read_clock(), lease=lease)
        finally:
            connections.close_all()

    thread = Thread(target=run, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _keep(job: Job, pieces: Iterator[bytes]) -> int:
    """Keeps a file in pieces; tells its bytes. What an attempt before left is not of this one and is never sent.

    It lies aside until the last row of it has been read: whoever still reads from SQLite what it held at one moment may
    not write to it, once anybody else has written since.
    """
    with TemporaryFile() as aside:
        for piece in pieces:
            aside.write(piece)
        size = aside.tell()
        aside.seek(0)
        for number, content in enumerate(iter(lambda: aside.read(PIECE_BYTES), b"")):
            keep_piece(job=job, number=number, content=content)
    return size
