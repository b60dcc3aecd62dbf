"""What is made ready when the site starts, so that the first visitor waits no longer than the others."""

import gc
from contextlib import suppress
from datetime import date
from threading import Event, Thread

from django.db import DatabaseError, connection, connections

from wuzha.web.accounts.database_file import Mark, mark_file, set_journals_aside
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.queries.ground import list_plans_in_force
from wuzha.web.campaign.queries.totals import count_plan
from wuzha.web.campaign.queries.work import list_watches

# Whether the ledger has been read; where nothing is made ready beside the server, it is when somebody asks for it.
READY = Event()
READY.set()


def prepare_in_background(today: date, *, refreshes: bool = True) -> Thread:
    """Starts :func:`prepare_pages` beside the server. The thread ends with the process."""
    READY.clear()
    thread = Thread(target=_prepare_and_close, args=(today, refreshes), name="prepare-pages", daemon=True)
    thread.start()
    return thread


def prepare_pages(today: date, *, refreshes: bool = True) -> int:
    """Refresh what the database knows of its tables, which is enough once for all processes, read the ledger, and count
    the plans in force and what of them is due today; tells how many plans there are."""
    if refreshes:
        refresh_statistics()
    roots = list(Unit.objects.filter(parent=None))
    plans = [in_force for root in roots for in_force in list_plans_in_force(root, today)]
    for in_force in plans:
        count_plan(in_force, today)
    for root in roots:
        list_watches(root, today)
    return len(plans)


def refresh_statistics() -> None:
    """Without them SQLite guesses, and reads the whole ledger for the newest fifty records."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def close_connections() -> None:
    """A connection of this thread that was opened before the server runs would keep its view of the folder for good."""
    connections.close_all()


def put_away(begun_with: Mark | None) -> None:
    """Leaves the database whole in its one file, so that whoever copies the folder of a stopped site copies all of it.

    SQLite does that when the last connection closes, but those of the server's threads end without closing. A folder
    that cannot be written is left as it is: its journal holds everything still. When the file is no longer the one that
    the site began with, nothing is folded into whatever lies there now.
    """
    if begun_with is not None and mark_file() == begun_with:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    elif begun_with is not None:
        set_journals_aside(begun_with)
    connections.close_all()


def settle_memory() -> None:
    """What was made ready stays for good: Python's collector need not look through it again and again, which takes
    longer than most pages do."""
    gc.collect()
    gc.freeze()


def _prepare_and_close(today: date, refreshes: bool) -> None:
    try:
        prepare_pages(today, refreshes=refreshes)
        settle_memory()
    finally:
        READY.set()  # a page that could not be made ready is made when it is asked for
        connections.close_all()
