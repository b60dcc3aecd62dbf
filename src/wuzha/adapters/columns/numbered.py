"""Records that are numbers already, in a Parquet file: how a nation's ledger comes to the counters.

The file has the columns ``unit`` (numbered depth-first), ``kind``, ``day`` and the amounts, all of them whole and none
below nought. Each row group is a batch, read when it is asked for.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from pyarrow import parquet

from wuzha.adapters.columns.counters import Batch

UNIT, KIND, DAY = "unit", "kind", "day"


def list_batches(path: Path, amounts: Sequence[str] = ("quantity",)) -> list[Callable[[], Batch]]:
    """How to read each row group of the file. Raises ``OSError`` when there is no such file."""
    with parquet.ParquetFile(path) as file:
        groups, metadata = file.num_row_groups, file.metadata
    return [partial(_read_group, path, metadata, group, tuple(amounts)) for group in range(groups)]


def _read_group(path: Path, metadata: parquet.FileMetaData, group: int, amounts: tuple[str, ...]) -> Batch:
    with parquet.ParquetFile(path, metadata=metadata) as file:
        table = file.read_row_group(group, columns=[UNIT, KIND, DAY, *amounts], use_threads=False)
    unit, kind, day, *counted = (table[name].to_numpy() for name in (UNIT, KIND, DAY, *amounts))
    return Batch(unit, kind, day, dict(zip(amounts, counted, strict=True)))
