"""What runs while the site is served: the pages in one process or in several, and what is done beside them."""

import gc
import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from threading import Event

from django.conf import settings

from wuzha.web.accounts.database_file import mark_file
from wuzha.web.campaign import start
from wuzha.web.processes import LOOK_EVERY_S, Part, close_all, keep_running, spare_memory
from wuzha.web.server import open_server, serve_until
from wuzha.web.tick import tick_in_background
from wuzha.web.works import gather_crew, work_in_background
from wuzha.web.wsgi import application

# Each process keeps the ledger in its memory, so that nobody gets more who has not asked for them.
MOST_UNASKED = 4
Clock = Callable[[], datetime]


def run_site(sockets: Sequence[socket.socket], stopping: Event, read_clock: Clock) -> None:
    """Answers at these sockets until ``stopping`` is set by a signal. What is under way is finished first."""
    spare_memory()
    start.close_connections()
    begun_with = mark_file()
    try:
        if count_processes() == 1:
            with _work_beside(read_clock):
                answer_pages(sockets, stopping, read_clock)
        else:
            _run_several(sockets, stopping, read_clock)
    finally:
        start.put_away(begun_with)


def count_processes() -> int:
    """In how many processes the pages are answered; one where the system cannot fork."""
    if not hasattr(os, "fork"):
        return 1
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return int(settings.PROCESSES) or min(there, MOST_UNASKED)


def _run_several(sockets: Sequence[socket.socket], stopping: Event, read_clock: Clock) -> None:
    # What has been read in until now is shared by all and not looked through by any.
    gc.collect()
    gc.freeze()
    numbers = range(1, count_processes() + 1)
    pages = [
        Part(f"pages {number}", partial(answer_pages, sockets, stopping, read_clock, refreshes=number == 1))
        for number in numbers
    ]
    beside = Part("what is done beside the pages", partial(_stay_beside, sockets, stopping, read_clock))
    keep_running([*pages, beside], stopping, settings.STOP_WAIT_S, stop_listening=partial(close_all, sockets))


def answer_pages(
    sockets: Sequence[socket.socket], stopping: Event, read_clock: Clock, *, refreshes: bool = True
) -> None:
    """Answers until ``stopping`` is set, and then what was asked before. One of several refreshes the statistics."""
    server = open_server(application, sockets)
    start.prepare_in_background(read_clock().date(), refreshes=refreshes)
    serve_until(server, stopping, settings.STOP_WAIT_S)


def _stay_beside(sockets: Sequence[socket.socket], stopping: Event, read_clock: Clock) -> None:
    """Time's own work and the jobs, in a process that answers nobody."""
    close_all(sockets)
    with _work_beside(read_clock):
        while not stopping.is_set():
            time.sleep(LOOK_EVERY_S)


@contextmanager
def _work_beside(read_clock: Clock) -> Iterator[None]:
    ticking = tick_in_background(read_clock)
    inside = work_in_background(gather_crew(read_clock, is_inside=True))
    try:
        yield
    finally:
        ticking.set()
        inside.end(settings.STOP_WAIT_S)
