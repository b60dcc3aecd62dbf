"""Somebody who holds the database itself, and takes away what keeps the audit log as it is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module

from django.db import connection

GUARD = import_module("wuzha.web.accounts.migrations.0007_audit_kept")
DROP = tuple(f"DROP TRIGGER {GUARD.TABLE}_stays_on_{event}" for event in ("update", "delete"))


@contextmanager
def tampering() -> Iterator[None]:
    """Within, entries of the audit log can be changed and deleted; afterwards the database refuses it again."""
    is_sqlite = connection.vendor == "sqlite"
    _run(DROP if is_sqlite else ["SET LOCAL session_replication_role = replica"])
    yield
    _run(GUARD.SQLITE if is_sqlite else ["SET LOCAL session_replication_role = origin"])


def _run(statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
