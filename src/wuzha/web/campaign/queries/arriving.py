"""The ledger in columns that this process keeps, brought up to date by what arrived since it last looked.

SQLite lets one writer in at a time, so that whatever arrived later stands under a higher row number. PostgreSQL lets in
many, and the one who began first may end last: there each record holds the number of its transaction
(``arrived_in``), and a snapshot tells which transactions had ended when it was taken. What was not in the snapshot of
the last look is new, however late it ends.

What is kept can be thrown away at any time, and is where the record that came last is no longer there.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection

from wuzha.adapters.columns.ledger import NONE, Ints
from wuzha.adapters.columns.live import Arrivals, LiveColumns

PIECE = 50_000
# Stands for an empty field in what the database answers; no amount is below nought.
EMPTY = -1

TEXTS = ("kind", "subject", "change", "grade", "place", "audience")
COUNTED = ("quantity", "people", "at_m", "area", "loss")
AMOUNTS = f"""
    r.quantity, COALESCE(r.people, {EMPTY}), COALESCE(r.at_m, {EMPTY}),
    CAST(COALESCE(ROUND(r.area_m2 * 100), {EMPTY}) AS BIGINT),
    CAST(COALESCE(ROUND(r.loss_yuan * 100), {EMPTY}) AS BIGINT)
"""
# Of PostgreSQL: the snapshot, our own transaction if it has written anything, and which table of which server this is.
# A ledger put back from a backup is another table, or another server's.
MOMENT = """
    CONCAT_WS(' ', pg_current_snapshot(), COALESCE(CAST(pg_current_xact_id_if_assigned() AS TEXT), '-'),
        CAST(CAST('campaign_record' AS regclass) AS oid), EXTRACT(EPOCH FROM pg_postmaster_start_time()))
"""
# The columns in the order in which they are read: mark, ids, unit, day, arrival, withdrawn, texts, amounts.
SQLITE = f"""
    SELECT r.rowid, r.id, COALESCE(r.replaces_id, ''), r.unit_id,
        CAST(julianday(r.happened_on) - 1721424.5 AS INTEGER), CAST(r.received_at AS TEXT),
        CAST(r.withdrawn AS INTEGER), {", ".join(f"CAST(r.{name} AS TEXT)" for name in TEXTS)}, {AMOUNTS}
    FROM campaign_record r WHERE r.rowid >= %s ORDER BY r.rowid
"""
POSTGRESQL = f"""
    SELECT {MOMENT}, uuid_send(r.id), COALESCE(uuid_send(r.replaces_id), ''::bytea),
        r.unit_id, (r.happened_on - DATE '0001-01-01') + 1, CAST(EXTRACT(EPOCH FROM r.received_at) * 1000000 AS BIGINT),
        CAST(r.withdrawn AS INTEGER),
        {", ".join(f"r.{name}" for name in TEXTS)}, {AMOUNTS}
    FROM campaign_record r
"""
# The record that came last, what a transaction wrote that had not ended when the last look was taken, and what our own
# wrote, if we are in the middle of one: a snapshot does not tell of that. Numbers from above what has been given out
# came with a ledger that was restored from another server: they say nothing here.
SINCE = """
    WHERE r.id = %s OR r.arrived_in = CAST(CAST(pg_current_xact_id_if_assigned() AS TEXT) AS BIGINT)
        OR (r.arrived_in >= %s AND r.arrived_in < CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS TEXT) AS BIGINT)
        AND NOT pg_visible_in_snapshot(CAST(CAST(r.arrived_in AS TEXT) AS xid8), CAST(%s AS pg_snapshot)))
"""

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the ledger was read: the record that came last, and what the database calls that moment."""

    last: bytes
    moment: Any


@dataclass(slots=True)
class Ledger:
    """The ledger of this process. ``turn`` changes when it was filled anew, so that older row numbers say nothing."""

    columns: LiveColumns = field(default_factory=LiveColumns)
    turn: int = 0
    mark: Mark | None = None
    looking: Lock = field(default_factory=Lock)


@dataclass(frozen=True, slots=True)
class Look:
    """The ledger as it was when it was looked at: the first ``size`` rows of the columns."""

    columns: LiveColumns
    turn: int
    size: int


LEDGER = Ledger()


def look() -> Look:
    """The ledger with all that has arrived."""
    with LEDGER.looking:
        if LEDGER.mark is None or not _read_on(LEDGER, LEDGER.mark):
            _fill_anew(LEDGER)
        return Look(LEDGER.columns, LEDGER.turn, LEDGER.columns.size)


def forget_ledger() -> None:
    """Throw away what is kept; the next look reads the whole ledger."""
    with LEDGER.looking:
        LEDGER.mark = None


def _fill_anew(ledger: Ledger) -> None:
    """Read everything. A ledger that was empty and is so still is the same."""
    moment: Any = 0
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {MOMENT}")
            moment = cursor.fetchone()[0]
    mark: list[Mark] = []
    columns = LiveColumns()
    columns.fill(_read_pieces(mark, moment))
    if columns.size or ledger.columns.size or not ledger.turn:
        ledger.columns, ledger.turn = columns, ledger.turn + 1
    ledger.mark = mark[-1] if mark else None


def _read_pieces(mark: list[Mark], moment: Any) -> Iterator[Arrivals]:
    for rows in _list_pieces():
        mark[:] = [_mark(rows, moment)]
        yield _read(rows)


def _list_pieces() -> Iterator[Sequence[Row]]:
    """All records, piece by piece: a million at once would fill the memory."""
    text, words = (SQLITE, [0]) if connection.vendor == "sqlite" else (POSTGRESQL, [])
    with _open_cursor() as cursor:
        cursor.execute(text, words)
        while rows := cursor.fetchmany(PIECE):
            yield rows


def _open_cursor() -> AbstractContextManager[Any]:
    """PostgreSQL hands out a large answer in pieces only through a cursor that it keeps itself."""
    return connection.cursor() if connection.vendor == "sqlite" else closing(connection.chunked_cursor())


def _read_on(ledger: Ledger, mark: Mark) -> bool:
    """Add what arrived since; false where that cannot be told, so that all has to be read again."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(SQLITE, [mark.moment])
        else:
            cursor.execute(POSTGRESQL + SINCE, [UUID(bytes=mark.last), *_read_snapshot(mark.moment)])
        rows = cursor.fetchall()
    if not any(_read_id(row[1]) == mark.last for row in rows) or not _continues(mark.moment, rows[-1][0]):
        return False
    new = [row for row in rows if _read_id(row[1]) != mark.last]
    if new:
        ledger.columns.append(_read(new))
    ledger.mark = _mark(new or rows, rows[-1][0])
    return True


def _read_snapshot(moment: str) -> tuple[int, str]:
    """The oldest transaction that was running at that moment, and the snapshot."""
    snapshot = moment.partition(" ")[0]
    return int(snapshot.partition(":")[0]), snapshot


def _continues(before: Any, now: Any) -> bool:
    """Whether the moment is a later one of the same ledger, and what we saw of our own transaction still stands.

    Of a transaction of our own that has ended nobody knows here how it ended.
    """
    if connection.vendor == "sqlite":
        return True
    (_, own, *place), (_, own_now, *place_now) = before.split(" "), now.split(" ")
    return place == place_now and own in ("-", own_now)


def _mark(rows: Sequence[Row], moment: Any) -> Mark:
    last = rows[-1]
    return Mark(_read_id(last[1]), last[0] if connection.vendor == "sqlite" else moment)


def _read_id(told: Any) -> bytes:
    """Sixteen bytes, or none. SQLite keeps an id as its digits."""
    return bytes.fromhex(told) if isinstance(told, str) else bytes(told)


def _read_ids(told: Sequence[Any]) -> Sequence[bytes]:
    """The same for many, all at once: one by one takes half of the time of reading a ledger."""
    if not isinstance(told[0], str):
        return [bytes(one) for one in told]
    together = bytes.fromhex("".join(told))
    return [together[first : first + 16] for first in range(0, len(together), 16)]


def _read(rows: Sequence[Row]) -> Arrivals:
    _, ids, replaces, unit, day, received, withdrawn, *others = zip(*rows, strict=True)
    texts, amounts = others[: len(TEXTS)], others[len(TEXTS) :]
    numbers: dict[str, Ints] = {
        "unit": np.array(unit, np.int64),
        "happened_on": np.array(day, np.int64),
        "received_at": _read_moments(received),
        **{name: _read_amounts(values) for name, values in zip(COUNTED, amounts, strict=True)},
    }
    return Arrivals(
        _read_ids(ids),
        {place: _read_id(one) for place, one in enumerate(replaces) if one},
        dict(zip(TEXTS, texts, strict=True)),
        numbers,
        np.array(withdrawn, np.bool_),
    )


def _read_moments(told: Sequence[Any]) -> Ints:
    """Microseconds since 1970. SQLite keeps a moment as text, in UTC."""
    if isinstance(told[0], str):
        return np.array(told, "datetime64[us]").astype(np.int64)
    return np.array(told, np.int64)


def _read_amounts(told: Sequence[int]) -> Ints:
    amounts = np.array(told, np.int64)
    amounts[amounts == EMPTY] = NONE
    return amounts
