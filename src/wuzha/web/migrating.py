"""Changes of the tables, made by one machine at a time while the release before goes on serving.

The rule (docs/decisions/0022): a release only adds to the tables; what it no longer needs goes in the release after.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

try:
    import fcntl
except ImportError:  # a machine without it has one embedded database and nobody beside
    fcntl = None  # type: ignore[assignment]

# Any number, the same on every machine: PostgreSQL's lock has no name.
LOCK = 0x577A6861
WAIT_S = 600
LOOK_EVERY_S = 1.0
# A change that waits for a table keeps everybody who comes after it waiting, so it gives up soon and tries again.
TABLE_WAIT_S = 3
ATTEMPTS = 20
PAUSE_S = 3.0


class BusyError(Exception):
    """Another machine, or those who write, did not let go in time."""


@dataclass(frozen=True, slots=True)
class State:
    """``missing`` is the first change that the database has not had; ``unknown`` one that the program does not know."""

    missing: str
    unknown: str
    is_embedded: bool


def find_state() -> State:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    known = set(executor.loader.disk_migrations) | set(executor.loader.replacements)
    ours = {app for app, _ in known}
    ahead = sorted(one for one in executor.loader.applied_migrations if one[0] in ours and one not in known)
    missing = f"{plan[0][0].app_label}.{plan[0][0].name}" if plan else ""
    return State(missing, ".".join(ahead[-1]) if ahead else "", connection.vendor == "sqlite")


def migrate(tell_waiting: Callable[[], None] = lambda: None, wait_s: float = WAIT_S) -> int:
    """Brings the database up to date and tells how many changes that took; none where another machine did it first.

    Raises :class:`BusyError`. What was done until then stays done, change by change.
    """
    with _hold_lock(tell_waiting, wait_s):
        before = _count_missing()
        for attempt in range(1, ATTEMPTS + 1):
            try:
                _migrate_briefly()
                return before
            except OperationalError as error:
                if connection.vendor != "postgresql" or "lock timeout" not in str(error):
                    raise
                if attempt == ATTEMPTS:
                    raise BusyError from error
                time.sleep(PAUSE_S)
    return 0


def _migrate_briefly() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{TABLE_WAIT_S}s'")
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        if connection.vendor == "postgresql" and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")


def _count_missing() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _hold_lock(tell_waiting: Callable[[], None], wait_s: float) -> Iterator[None]:
    if connection.vendor == "postgresql":
        with _hold_on_server(tell_waiting, wait_s):
            yield
    else:
        with (Path(settings.DATA) / "migrating").open("w") as file:
            _wait(lambda: _lock_file(file), tell_waiting, wait_s)
            yield


@contextmanager
def _hold_on_server(tell_waiting: Callable[[], None], wait_s: float) -> Iterator[None]:
    """The lock is that of this connection: whoever is killed lets go of it."""
    _wait(_lock_on_server, tell_waiting, wait_s)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _lock_on_server() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _lock_file(file: IO[str]) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait(take: Callable[[], bool], tell_waiting: Callable[[], None], wait_s: float) -> None:
    if take():
        return
    tell_waiting()
    end = time.monotonic() + wait_s
    while time.monotonic() < end:
        time.sleep(LOOK_EVERY_S)
        if take():
            return
    raise BusyError
