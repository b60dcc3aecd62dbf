"""Engines by SQL: the same text on SQLite, DuckDB and PostgreSQL. Each loads the tables once and can then be asked."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from importlib import import_module
from typing import Any, Protocol

from wuzha.adapters.columns.counted import Counted, make_counted
from wuzha.adapters.columns.tables import Table, Tables
from wuzha.adapters.columns.text import SUMS, carry_over

Rows = Sequence[tuple[Any, ...]]


class Session(Protocol):
    """The tables, loaded."""

    def count(self) -> Counted:
        """The amounts of every duty of :data:`wuzha.adapters.columns.text.SUMMED` verbs."""
        ...


class SqliteSession:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def count(self) -> Counted:
        return make_counted(self._db.execute(carry_over(SUMS, "sqlite")))


@contextmanager
def open_sqlite(tables: Tables) -> Iterator[Session]:
    """SQLite in memory. Needs sqlglot."""
    with closing(sqlite3.connect(":memory:")) as db:
        load_sqlite(db, tables)
        yield SqliteSession(db)


def load_sqlite(db: sqlite3.Connection, tables: Tables) -> None:
    for name, table in tables.all.items():
        columns = ", ".join(f'"{column}"' for column in table)
        marks = ", ".join("?" * len(table))
        db.execute(f'CREATE TABLE "{name}" ({columns})')
        db.executemany(f'INSERT INTO "{name}" VALUES ({marks})', _list_rows(table))
    for name, columns in INDEXES:
        db.execute(f"CREATE INDEX {name}_key ON {name} ({columns})")
    db.execute("ANALYZE")


# Without them a database that loops would read whole tables again and again.
INDEXES = (("record", "kind"), ("credit", "bearers, unit"), ("day", "calendar, day"))


class DuckSession:
    def __init__(self, db: Any) -> None:
        self._db = db

    def count(self) -> Counted:
        found = self._db.execute(SUMS).fetchnumpy()
        return Counted(*(found[f"sum_{name}"] for name in ("duty", "unit", "win", "now", "due")))


@contextmanager
def open_duckdb(tables: Tables) -> Iterator[Session]:
    """DuckDB in this process, in memory. Needs duckdb and pyarrow."""
    duckdb, arrow = import_module("duckdb"), import_module("pyarrow")
    with closing(duckdb.connect()) as db:
        for name, table in tables.all.items():
            db.register(f"{name}_arrow", make_arrow(arrow, table))
            db.execute(f'CREATE TABLE "{name}" AS SELECT * FROM {name}_arrow')
        yield DuckSession(db)


def make_arrow(arrow: Any, table: Table) -> Any:
    """The table as Arrow has it; text may be empty of rows and still is text."""
    return arrow.table(
        {
            name: arrow.array(list(column), arrow.string()) if isinstance(column, tuple) else arrow.array(column)
            for name, column in table.items()
        }
    )


class PostgresqlSession:
    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def count(self) -> Counted:
        self._cursor.execute(carry_over(SUMS, "postgres"))
        return make_counted(self._cursor.fetchall())


@contextmanager
def open_postgresql(cursor: Any, tables: Tables) -> Iterator[Session]:
    """PostgreSQL over a psycopg cursor, in tables that end with the session."""
    for name, table in tables.all.items():
        columns = ", ".join(f'"{c}" {"text" if isinstance(values, tuple) else "bigint"}' for c, values in table.items())
        cursor.execute(f'CREATE TEMPORARY TABLE "{name}" ({columns})')
        with cursor.copy(f'COPY pg_temp."{name}" FROM STDIN') as copy:
            for row in _list_rows(table):
                copy.write_row(row)
        cursor.execute(f'ANALYZE pg_temp."{name}"')
    try:
        yield PostgresqlSession(cursor)
    finally:
        for name in tables.all:
            cursor.execute(f'DROP TABLE pg_temp."{name}"')


def _list_rows(table: Table) -> Iterator[tuple[Any, ...]]:
    columns = [column if isinstance(column, tuple) else column.tolist() for column in table.values()]
    return zip(*columns, strict=True)
