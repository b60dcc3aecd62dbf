"""Tables whose rows are only added: the database itself refuses to change or to delete one.

Used by migrations, so that what it does for given words must stay as it is. SQLite drops a table's triggers when a
later migration rebuilds the table: such a migration keeps its rows again.
"""

from collections.abc import Sequence

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def keep_rows(*tables: str, function: str, words: str) -> migrations.RunPython:
    """The operation that lets the tables only grow. ``words`` is what whoever tries is told.

    ``function`` is the name of PostgreSQL's function, which goes when the migration is undone; the triggers go with
    their tables.
    """

    def freeze(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        is_sqlite = schema_editor.connection.vendor == "sqlite"
        for statement in _list_sqlite(tables, words) if is_sqlite else _list_postgresql(tables, function, words):
            schema_editor.execute(statement)

    def thaw(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION {function}() CASCADE")

    return migrations.RunPython(freeze, thaw)


def _list_sqlite(tables: Sequence[str], words: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_stays_on_{event.lower()} BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
        for table in tables
        for event in ("UPDATE", "DELETE")
    ]


def _list_postgresql(tables: Sequence[str], function: str, words: str) -> list[str]:
    refuse = (
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; END $$"
    )
    return [
        refuse,
        *(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {function}()"
            for table in tables
        ),
    ]
