"""The engines that count, as a table. A new one is a function that opens it and a line here."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.util import find_spec
from types import MappingProxyType

from wuzha.adapters.columns.arrays import open_arrays
from wuzha.adapters.columns.spark import open_spark
from wuzha.adapters.columns.sql import Session, open_duckdb, open_sqlite
from wuzha.adapters.columns.tables import Tables
from wuzha.adapters.columns.text import SUMMED


@dataclass(frozen=True, slots=True)
class Engine:
    """``verbs`` are those whose amounts it counts; ``needs`` the packages that the extra ``extra`` installs."""

    name: str
    open: Callable[[Tables], AbstractContextManager[Session]]
    verbs: tuple[str, ...]
    needs: tuple[str, ...] = ()
    extra: str = ""

    @property
    def is_installed(self) -> bool:
        return all(find_spec(package) is not None for package in self.needs)


ENGINES: Mapping[str, Engine] = MappingProxyType(
    {
        engine.name: engine
        for engine in (
            Engine("dense", open_arrays, SUMMED),
            Engine("sql", open_sqlite, SUMMED, ("sqlglot",), "engines"),
            Engine("duckdb", open_duckdb, SUMMED, ("duckdb", "pyarrow"), "engines"),
            Engine("spark", open_spark, SUMMED, ("pyspark", "pyarrow", "sqlglot"), "spark"),
        )
    }
)
