"""What workers do: every kind of job with its work. A new kind is a function and one line here."""

from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Event, Thread
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db import connections

from wuzha.web.accounts.database_file import watch_file
from wuzha.web.accounts.later import EXPORT, Answer, write_export
from wuzha.web.campaign.actions.monthly import ISSUE
from wuzha.web.campaign.kinds import keep_kinds
from wuzha.web.campaign.queries.ground import keep_stamp
from wuzha.web.campaign.works import issue_monthly_table
from wuzha.web.jobs.worker import Crew, Order, Work, stop_working, work_until


def wrap_view(view: Answer) -> Answer:
    """What the middleware keeps for one look at the ledger stands around a page that a worker asks, too."""
    return keep_kinds(keep_stamp(view))  # type: ignore[arg-type]  # theirs name the pages' own answer


def make_export(order: Order) -> Mapping[str, Any]:
    return write_export(order, wrap_view)


WORKS: Mapping[str, Work] = MappingProxyType({EXPORT: make_export, ISSUE: issue_monthly_table})


def gather_crew(read_clock: Callable[[], datetime], *, is_inside: bool) -> Crew:
    return Crew(WORKS, read_clock, float(settings.JOB_LEASE_S), is_inside, watch_file())


def work_in_background(crew: Crew) -> "Inside":
    """A worker beside the pages, in a thread of this process."""
    inside = Inside(crew)
    inside.thread.start()
    return inside


class Inside:
    """The thread and how it is asked to end."""

    def __init__(self, crew: Crew) -> None:
        self.crew = crew
        self.stop = Event()
        self.thread = Thread(target=self._run, name="jobs", daemon=True)

    def _run(self) -> None:
        try:
            work_until(self.stop, self.crew)
        finally:
            connections.close_all()

    def end(self, wait_s: float) -> None:
        """A job that has begun is given so long; then it is given back, to be done by the next worker."""
        self.stop.set()
        self.thread.join(wait_s)
        stop_working(self.crew)
