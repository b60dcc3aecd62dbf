"""One view of the database for as long as an archive takes, while others go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from wuzha.web.archive.tables import APPS

ALIAS = "archive"


@contextmanager
def open_snapshot() -> Iterator[str]:
    """The alias of a connection of its own that sees the database as it is now, and nothing that comes later.

    On SQLite the site's own connections take the lock of the writer at once, so that this one must not be begun as
    they are; on PostgreSQL it sees one state for all its questions.
    """
    told = dict(connections["default"].settings_dict)
    if connections["default"].vendor == "sqlite":
        told["OPTIONS"] = {**told["OPTIONS"], "transaction_mode": "DEFERRED"}
    connections.databases[ALIAS] = told
    try:
        with transaction.atomic(using=ALIAS):
            if connections[ALIAS].vendor == "postgresql":
                with connections[ALIAS].cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield ALIAS
    finally:
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.databases[ALIAS]


def list_migrations(alias: str) -> list[str]:
    """What has been done to the tables, by name: an archive goes back into tables of the same shape only."""
    done = MigrationRecorder(connections[alias]).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in done if app in APPS)
