"""What time alone brings about: changes of the tree whose day has come, the sweep of files nobody names, seals.

Each part may be done again and again; one that was missed is made up by the next. None of it sends, grades or judges.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from threading import Event, Thread
from types import MappingProxyType

from django.db import DatabaseError, connections

from wuzha.adapters.evidence_store import StoreError
from wuzha.web.accounts.audit import seal_entries
from wuzha.web.accounts.coming import make_due_changes
from wuzha.web.accounts.database_file import watch_file
from wuzha.web.accounts.marks import leave_mark
from wuzha.web.audit.places import place_entries
from wuzha.web.campaign.actions.evidence import sweep_evidence
from wuzha.web.jobs.queue import forget_jobs
from wuzha.web.personal.retention import run_if_due

EVERY_S = 300
LOG = logging.getLogger(__name__)
PARTS: Mapping[str, Callable[[datetime], int]] = MappingProxyType(
    {
        "tree": make_due_changes,
        "files": lambda now: sweep_evidence(now=now),
        "seals": lambda now: seal_entries(now=now),
        "places": lambda now: place_entries(now=now),
        "jobs": lambda now: forget_jobs(now=now),
        "retention": run_if_due,
    }
)


def tick(now: datetime) -> dict[str, int]:
    """Does what is due by now and says how much of each; a part that fails keeps none of the others from being done.

    What failed is logged and missing in the answer.
    """
    done = {}
    for name, work in PARTS.items():
        try:
            done[name] = work(now)
        except (DatabaseError, StoreError):
            LOG.exception("what is due could not be done: %s", name)
    leave_mark("tick", now)
    return done


def tick_in_background(read_clock: Callable[[], datetime]) -> Event:
    """Ticks every few minutes beside the server until the event that is given back is set, or the process ends."""
    stop, is_ours = Event(), watch_file()

    def run() -> None:
        while not stop.wait(EVERY_S):
            if is_ours():
                tick(read_clock())
            with suppress(DatabaseError):
                connections.close_all()

    Thread(target=run, name="tick", daemon=True).start()
    return stop
