"""Whether the end of the audit log is still there: a log that was cut off at a seal is a shorter one, and it holds.

What speaks of entries and seals that were there once: earlier checks, the mark of how far entries were placed, SQLite's
own counter, and a copy of every seal in a file outside of the database, to which each seal adds a line.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from wuzha.core.base.problem import NOWHERE, Problem, make_problem
from wuzha.web.accounts.models import AuditCheck, AuditCut, AuditEntry, AuditPlaced, AuditSeal

LOG = logging.getLogger(__name__)
LINE = re.compile(r"(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d) (?P<last_id>\d{1,18}) (?P<digest>[0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Copied:
    """One line of the file: up to which entry the seal went, its digest, and when it was made."""

    last_id: int
    digest: str
    at: str


def write_line(last_id: int, digest: str, at: datetime) -> str:
    """As it stands in the file, and as ``wuzha audit seal`` shows it."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M} {last_id} {digest}"


def copy_seal(last_id: int, digest: str, at: datetime) -> None:
    """Adds the seal to the file. Where that cannot be written the seal stands all the same, and the log says so."""
    path = Path(settings.SEALS)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="ascii") as file:
            file.write(write_line(last_id, digest, at) + "\n")
    except OSError as error:
        LOG.error("the seal could not be copied to %s: %s", path, error)


def read_copies() -> tuple[list[Copied], int] | None:
    """The seals of the file, and how many lines of it cannot be read. None where there is no file."""
    try:
        lines = Path(settings.SEALS).read_text("ascii", "replace").splitlines()
    except OSError:
        return None
    found = [match for line in lines if (match := LINE.fullmatch(line.strip()))]
    return [Copied(int(one["last_id"]), one["digest"], one["at"]) for one in found], len(lines) - len(found)


def list_lost() -> list[Problem]:
    """What was there once and is there no longer; nothing where all of it is."""
    return [*_list_short(), *_list_unknown_checks(), *_list_unknown_copies()]


def list_unsure() -> list[Problem]:
    """What could not be compared with the file outside of the database, and why."""
    found, path = read_copies(), str(settings.SEALS)
    if found is None:
        return [make_problem("audit.no-copies", NOWHERE, path=path)] if AuditSeal.objects.exists() else []
    return [make_problem("audit.copies-damaged", NOWHERE, path=path, count=found[1])] if found[1] else []


def _list_short() -> Iterator[Problem]:
    """The log ends before an entry that it had."""
    there = AuditEntry.objects.aggregate(last=Max("id"))["last"] or 0
    there = max(there, AuditCut.objects.aggregate(last=Max("last_id"))["last"] or 0)
    if (had := _find_highest()) > there:
        yield make_problem("audit.end-missing", NOWHERE, had=had, there=there)


def _find_highest() -> int:
    """The highest number that an entry had which was written for good."""
    checked = AuditCheck.objects.aggregate(last=Max("last_id"))["last"] or 0
    placed = AuditPlaced.objects.aggregate(last=Max("last_id"))["last"] or 0
    return max(checked, placed, _read_counter())


def _read_counter() -> int:
    """SQLite takes a number back with the transaction that was given up, so that its counter tells of kept entries.

    PostgreSQL's sequence runs on in such a case and so proves nothing: it is not asked.
    """
    if connection.vendor != "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [AuditEntry._meta.db_table])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _list_unknown_checks() -> Iterator[Problem]:
    """Every check that found seals found this one last: it is there for good."""
    seals = set(AuditSeal.objects.values_list("last_id", "digest"))
    for check in AuditCheck.objects.exclude(digest="").order_by("-last_id"):
        if (check.last_id, check.digest) not in seals:
            day = f"{timezone.localtime(check.checked_at):%Y-%m-%d %H:%M}"
            yield make_problem("audit.checked-missing", NOWHERE, number=check.last_id, day=day)
            return


def _list_unknown_copies() -> Iterator[Problem]:
    copies, _unread = read_copies() or ([], 0)
    seals = set(AuditSeal.objects.values_list("last_id", "digest"))
    lost = [copy for copy in copies if (copy.last_id, copy.digest) not in seals]
    if lost:
        first, path = lost[0], str(settings.SEALS)
        yield make_problem(
            "audit.copied-missing", NOWHERE, count=len(lost), number=first.last_id, day=first.at, path=path
        )
