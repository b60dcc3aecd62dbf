"""How often something was asked for, counted where every process of this machine sees it.

A count is one row in a small SQLite file beside the data. It is never put through to the disk, takes some 20 µs, and
may be lost with the machine's power: then somebody may ask a little more often. Nothing of anybody stands in it, keys
are digests. Where the file cannot be written, or is held by others for too long, the process counts by itself: nobody
is refused because counting failed, and nobody is left uncounted.
"""

import os
import sqlite3
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import local

from django.conf import settings

WAIT_S = 0.05
# Of its own counts a process keeps so many.
MOST_OWN = 20_000
MAKE = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=OFF",
    "CREATE TABLE IF NOT EXISTS counts (key TEXT PRIMARY KEY, asked INTEGER NOT NULL, ends INTEGER NOT NULL)"
    " WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS counts_ends ON counts (ends)",
)
COUNT = (
    "INSERT INTO counts VALUES (?, 1, ?) ON CONFLICT (key) DO UPDATE SET asked = asked + 1 RETURNING asked",
    "DELETE FROM counts WHERE ends < ?",
)
_HERE = local()


@dataclass(slots=True)
class _Alone:
    """What this process counts by itself while it has to."""

    counts: Counter[str] = field(default_factory=Counter)

    def count_up(self, key: str) -> int:
        if len(self.counts) > MOST_OWN:
            self.counts.clear()
        self.counts[key] += 1
        return self.counts[key]


_ALONE = _Alone()


def count_up(name: str, ends: int, now: int) -> int:
    """One more under that name, of which nobody speaks again after ``ends``; both in seconds since 1970."""
    key = sha256(name.encode(errors="replace")).hexdigest()[:32]
    try:
        line = _open()
        (asked,) = line.execute(COUNT[0], (key, ends)).fetchone()
        if asked == 1:  # so that what is over goes, a little at a time
            line.execute(COUNT[1], (now,))
        return int(asked)
    except sqlite3.OperationalError:  # no such folder, no room, or held for too long
        return _ALONE.count_up(key)
    except sqlite3.DatabaseError:  # spoilt by a fall of the whole machine
        _begin_anew()
        return _ALONE.count_up(key)


def _open() -> sqlite3.Connection:
    """This thread's own; a process that was forked takes none over."""
    told = os.getpid(), settings.RATES
    if getattr(_HERE, "told", None) != told:
        line = sqlite3.connect(settings.RATES, timeout=WAIT_S, isolation_level=None)
        for statement in MAKE:
            line.execute(statement)
        _HERE.told, _HERE.line = told, line
    found: sqlite3.Connection = _HERE.line
    return found


def _begin_anew() -> None:
    _HERE.told = None
    for ending in ("", "-wal", "-shm"):
        with suppress(OSError):
            Path(f"{settings.RATES}{ending}").unlink(missing_ok=True)


def forget() -> None:
    """As if nobody had asked for anything yet."""
    _ALONE.counts.clear()
    with suppress(sqlite3.Error):
        _open().execute("DELETE FROM counts")
