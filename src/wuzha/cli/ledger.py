"""The ledger that a command line names: a CSV file, or a folder of Parquet that ``wuzha mirror`` wrote.

Pyarrow is imported only when a folder is named.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from wuzha.adapters.columns.ledger import Columns, make_columns
from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.spreadsheets import read_records_csv
from wuzha.adapters.wording.words import Language
from wuzha.cli.files import InputError, read_bytes, say
from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.core.base.unit import Tree
from wuzha.core.ledger.parse import parse_records
from wuzha.core.ledger.record import Record, keep_known


@dataclass(frozen=True)
class Ledger:
    """Records, and the same as columns: each is made when it is first asked for. ``size`` counts them."""

    size: int
    ask_records: Callable[[], Sequence[Record]]
    ask_columns: Callable[[], Columns]

    @cached_property
    def records(self) -> Sequence[Record]:
        return self.ask_records()

    @cached_property
    def columns(self) -> Columns:
        return self.ask_columns()


def read_ledger(
    path: str, tree: Tree, language: Language, known_by: date | None = None
) -> tuple[Ledger, tuple[Problem, ...]]:
    """What had been received by that day of the ledger, and what is wrong with what cannot be counted.

    Raises :class:`InputError` for a path that cannot be read, and for a folder where pyarrow is missing.
    """
    if Path(path).is_dir():
        return _read_folder(Path(path), tree, language, known_by)
    rows, problems = read_records_csv(Path(path).name, read_bytes(path, language))
    records, mistakes = parse_records(rows, load_kinds(), tree.by_code)
    return _hold(records, known_by), (*problems, *mistakes)


def _hold(records: Sequence[Record], known_by: date | None) -> Ledger:
    kept = records if known_by is None else tuple(keep_known(records, known_by))
    return Ledger(len(kept), lambda: kept, lambda: make_columns(kept))


def _read_folder(
    folder: Path, tree: Tree, language: Language, known_by: date | None
) -> tuple[Ledger, tuple[Problem, ...]]:
    mirror = _import_mirror(folder, language)
    if not mirror.list_parts(folder):
        words = f"{folder} 里没有 wuzha mirror 抄的台账。", f"{folder} holds no ledger that wuzha mirror wrote."
        raise InputError(say(language, *words))
    try:
        columns: Columns = mirror.read_mirror(folder)
        strange = tuple(_list_strange(columns, tree, folder.name))
        if known_by is not None:
            return _hold(mirror.read_records(folder), known_by), strange
    except (OSError, ValueError, KeyError) as error:
        words = (
            f"{folder} 里的台账读不了，请用 wuzha mirror --anew 重抄一遍：{error}",
            f"The ledger in {folder} cannot be read; write it anew with wuzha mirror --anew: {error}",
        )
        raise InputError(say(language, *words)) from None
    return Ledger(columns.size, lambda: tuple(mirror.read_records(folder)), lambda: columns), strange


def _import_mirror(folder: Path, language: Language) -> Any:
    if find_spec("pyarrow") is None:
        words = (
            f"{folder} 是文件夹。读 wuzha mirror 抄的台账要另装：pip install 'wuzha[engines]'。台账也可以给 CSV 文件。",
            f"{folder} is a folder. Reading it needs pip install 'wuzha[engines]'. A CSV file needs nothing.",
        )
        raise InputError(say(language, *words))
    return import_module("wuzha.adapters.columns.mirror")


def _list_strange(columns: Columns, tree: Tree, name: str) -> list[Problem]:
    """A problem for each unit that the roster does not know, with how many of its records do not count."""
    codes, numbers = np.unique(columns.codes["unit"], return_counts=True)
    found = Counter({columns.texts[code]: int(n) for code, n in zip(codes, numbers, strict=True)})
    return [
        make_problem("record.of-unknown-unit", Source(document=name), unit=unit, number=found[unit])
        for unit in sorted(found)
        if unit not in tree.by_code
    ]
