"""The ledger as Parquet: a folder of parts, mirrored from the database by appending. Never the source of truth.

Each run writes what is new as one part; many parts are put together into one. Parts are numbered in the order in which
they were written; inside a part the rows stand by id, whose first half is the device's clock, so that the same records
are the same bytes whatever order they came in. No order holds across parts or by day: whoever reads sorts, by day and
within a day by id, which is the order in which facts hold. Thrown away and built anew it holds the
same rows, and after :func:`compact` the same bytes. A part appears whole or not at all, and a record that stands in two
parts, because a run was cut off between writing and clearing up, is read once. Needs pyarrow.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as arrow
from pyarrow import compute, parquet

from wuzha.adapters.columns.ledger import HUNDRED, NONE, TEXT_FIELDS, Columns, Ints, Words
from wuzha.core.ledger.record import Record

MOST_PARTS = 32
ORDINAL_OF_1970 = date(1970, 1, 1).toordinal()
AMOUNTS = ("quantity", "people", "at_m", "area", "loss")
SCHEMA = arrow.schema(
    [
        ("id", arrow.binary(16)),
        *((name, arrow.string()) for name in TEXT_FIELDS),
        ("happened_on", arrow.date32()),
        *((name, arrow.int64()) for name in AMOUNTS),
        ("recorded_at", arrow.timestamp("us", "UTC")),
        ("received_at", arrow.timestamp("us", "UTC")),
        ("replaces", arrow.binary(16)),
        ("withdrawn", arrow.bool_()),
    ]
)


def append_records(folder: Path, records: Iterable[Record]) -> int:
    """Write the records that the mirror lacks as one part; how many they were.

    Raises ``ValueError`` for an amount finer than hundredths, which no database of ours holds.
    """
    known = frozenset(_read_table(list_parts(folder), ["id"])["id"].to_pylist())
    fresh = [record for record in records if record.id.bytes not in known]
    if fresh:
        _write_part(folder, _make_table(fresh))
    if len(list_parts(folder)) > MOST_PARTS:
        compact(folder)
    return len(fresh)


def rebuild(folder: Path, records: Iterable[Record]) -> int:
    """Throw the mirror away and build it anew; how many records it holds."""
    for part in list_parts(folder):
        part.unlink()
    return append_records(folder, records)


def compact(folder: Path) -> None:
    """Put all parts into one, each record once. The others go when it stands."""
    parts = list_parts(folder)
    if parts:
        _write_part(folder, _read_table(parts))
    for part in parts:
        part.unlink()


def list_parts(folder: Path) -> list[Path]:
    return sorted(folder.glob("part-*.parquet"))


def find_latest(folder: Path) -> tuple[datetime | None, int]:
    """When the server received the latest record that the mirror holds, and how many it holds."""
    table = _read_table(list_parts(folder), ["id", "received_at"])
    return compute.max(table["received_at"]).as_py(), table.num_rows


def read_mirror(folder: Path) -> Columns:
    """The ledger as the engines take it, in the order in which facts hold. An empty folder is an empty ledger."""
    table = _sort_rows(_read_table(list_parts(folder)))
    high, low = _split_ids(table["id"])
    texts: dict[str, int] = {"": 0}
    codes = {name: _number_texts(table[name], texts) for name in TEXT_FIELDS}
    return Columns(
        tuple(texts),
        codes,
        high,
        low,
        _read_days(table),
        quantity=_read_ints(table["quantity"]),
        people=_read_ints(table["people"]),
        at_m=_read_ints(table["at_m"]),
        area=_read_ints(table["area"]),
        loss=_read_ints(table["loss"]),
        recorded_at=_read_ints(table["recorded_at"].cast(arrow.int64())),
        received_at=_read_ints(table["received_at"].cast(arrow.int64())),
        replaces=_find_replaced(table),
        withdrawn=table["withdrawn"].to_numpy(),
    )


def read_records(folder: Path) -> list[Record]:
    """The same records one by one, for the specification; without notes, authors and what only describes."""
    rows = _sort_rows(_read_table(list_parts(folder))).to_pylist()
    return [_make_record(row) for row in rows]


def _make_record(row: dict[str, Any]) -> Record:
    plain = {name: row[name] for name in SCHEMA.names if name not in ("area", "loss")}
    return Record(
        **{
            **plain,
            "id": UUID(bytes=row["id"]),
            "area_m2": _read_hundredths(row["area"]),
            "loss_yuan": _read_hundredths(row["loss"]),
            "replaces": UUID(bytes=row["replaces"]) if row["replaces"] else None,
        }
    )


def _read_hundredths(amount: int | None) -> Fraction | None:
    return None if amount is None else Fraction(amount, HUNDRED)


def _sort_rows(table: Any) -> Any:
    """In the order in which facts hold: by day, and within a day by id."""
    high, low = _split_ids(table["id"])
    return table.take(arrow.array(np.lexsort((low, high, _read_days(table)))))


def _read_days(table: Any) -> Ints:
    """As :meth:`date.toordinal` counts them."""
    days: Ints = table["happened_on"].cast(arrow.int32()).to_numpy().astype(np.int64) + ORDINAL_OF_1970
    return days


def _make_table(records: Iterable[Record]) -> Any:
    return arrow.Table.from_pylist([_make_row(record) for record in records], schema=SCHEMA)


def _make_row(record: Record) -> dict[str, object]:
    plain = {name: getattr(record, name) for name in SCHEMA.names if name not in ("area", "loss")}
    return {
        **plain,
        "id": record.id.bytes,
        "area": _count_hundredths(record.area_m2),
        "loss": _count_hundredths(record.loss_yuan),
        "replaces": record.replaces.bytes if record.replaces else None,
    }


def _count_hundredths(amount: Fraction | None) -> int | None:
    if amount is not None and HUNDRED % amount.denominator:
        raise ValueError(f"{amount} is finer than hundredths")
    return None if amount is None else int(amount * HUNDRED)


def _write_part(folder: Path, table: Any) -> None:
    """In the order of the ids, so that the same records are the same bytes; whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    last = max((int(part.stem.removeprefix("part-")) for part in list_parts(folder)), default=0)
    part = folder / f"part-{last + 1:06}.parquet"
    waiting = part.with_suffix(".waiting")
    parquet.write_table(table.sort_by("id"), waiting, compression="zstd")
    waiting.replace(part)


def _read_table(parts: Sequence[Path], columns: Sequence[str] | None = None) -> Any:
    """All rows of the parts, each record once."""
    names = list(columns or SCHEMA.names)
    schema = arrow.schema([SCHEMA.field(name) for name in names])
    table = arrow.concat_tables([schema.empty_table(), *(parquet.read_table(part, columns=names) for part in parts)])
    table = table.combine_chunks()
    high, low = _split_ids(table["id"])
    _, first = np.unique(np.stack((high, low), axis=1), axis=0, return_index=True)
    return table if len(first) == table.num_rows else table.take(arrow.array(np.sort(first)))


def _split_ids(column: Any) -> tuple[Words, Words]:
    """The upper and the lower half of each id."""
    halves = np.frombuffer(b"".join(column.to_pylist()), dtype=">u8").reshape(-1, 2).astype(np.uint64)
    return np.ascontiguousarray(halves[:, 0]), np.ascontiguousarray(halves[:, 1])


def _number_texts(column: Any, texts: dict[str, int]) -> Ints:
    encoded = column.combine_chunks().dictionary_encode()
    numbers = np.array([texts.setdefault(text, len(texts)) for text in encoded.dictionary.to_pylist()], dtype=np.int64)
    rows: Ints = numbers[encoded.indices.to_numpy()]
    return rows


def _read_ints(column: Any) -> Ints:
    return np.asarray(column.fill_null(NONE).to_numpy(), dtype=np.int64)


def _find_replaced(table: Any) -> Ints:
    replaced = table["replaces"].to_pylist()
    wanted = frozenset(one for one in replaced if one is not None)
    rows = {one: row for row, one in enumerate(table["id"].to_pylist()) if one in wanted} if wanted else {}
    return np.array([rows.get(one, -1) for one in replaced], dtype=np.int64)
