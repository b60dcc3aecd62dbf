"""SQLite's file under a running site. Whoever moves it or puts another in its place must stop the site first.

Connections stay open, and to an open connection a file that was replaced is still the old one: what it keeps is in
nobody's folder, and its journal would be laid over the new file. So the site asks before each answer whether the file
at its path is still the one it began with, and answers no more when it is not.
"""

import logging
from collections.abc import Callable
from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from wuzha.web.accounts.refusal import refuse, wants_page

Answer = Callable[[HttpRequest], HttpResponse]
# What tells one file from another on a machine: the disk and the number of the file on it.
Mark = tuple[int, int]
LOG = logging.getLogger(__name__)
JOURNALS = ("-wal", "-shm")


def find_unapplied() -> str:
    """The first change of the tables that the program knows and the database has not had yet; empty where none."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{plan[0][0].app_label}.{plan[0][0].name}" if plan else ""


def find_file() -> Path | None:
    """The file of the database; none where the database is a server or lies in memory."""
    name = str(connection.settings_dict["NAME"])
    return Path(name) if connection.vendor == "sqlite" and not name.startswith(("file:", ":")) else None


def mark_file() -> Mark | None:
    """Which file lies at the path now; none when there is none."""
    file = find_file()
    try:
        told = file.stat() if file else None
    except FileNotFoundError:
        return None
    return (told.st_dev, told.st_ino) if told else None


def watch_file() -> Callable[[], bool]:
    """Tells from now on whether the file at the path is still the one that lies there now.

    For what works beside the pages: a connection opened after the file was moved would make an empty one in its place,
    and one opened after it was replaced would read the new file through the journal of the old one.
    """
    begun_with = mark_file()
    return lambda: begun_with is None or mark_file() == begun_with


def refuse_replaced_file(answer: Answer) -> Answer:
    """Middleware. 503 from the moment at which another file lies at the path, or none."""
    is_ours = watch_file()

    def answer_unless_replaced(request: HttpRequest) -> HttpResponse:
        if is_ours():
            return answer(request)
        LOG.critical("the file of the database was moved or replaced while the site runs; stop the site and start it")
        if wants_page(request):
            return HttpResponse(render_to_string("503-replaced.html"), status=503)
        return refuse(
            503, _("The database was replaced while the site runs; nothing was saved. Ask the administrator.")
        )

    return answer_unless_replaced


def set_journals_aside(begun_with: Mark) -> None:
    """Puts the journal of a file that is no longer here beside the new one, which would be spoilt by it.

    It may hold the last records of the old file, so it is kept: ``….sqlite3-wal.of-the-old-file-NUMBER``.
    """
    file = find_file()
    for end in JOURNALS if file else ():
        journal = Path(f"{file}{end}")
        if journal.exists():
            journal.rename(f"{journal}.of-the-old-file-{begun_with[1]}")
