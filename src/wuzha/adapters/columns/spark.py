"""The same text on Spark. The tables go there as Parquet files in a folder that all workers can read."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from wuzha.adapters.columns.counted import Counted, make_counted
from wuzha.adapters.columns.sql import Session, make_arrow
from wuzha.adapters.columns.tables import Tables
from wuzha.adapters.columns.text import SUMS, carry_over

SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "8",
        "spark.driver.host": "127.0.0.1",
    }
)


class SparkSession:
    def __init__(self, spark: Any) -> None:
        self._spark = spark

    def count(self) -> Counted:
        return make_counted(tuple(row) for row in self._spark.sql(carry_over(SUMS, "spark")).collect())


@contextmanager
def open_spark(tables: Tables) -> Iterator[Session]:
    """The session that is there already, or one on the cluster that Spark's own settings name, this machine by default.

    Needs pyspark, pyarrow and Java.
    """
    sql = import_module("pyspark.sql")
    spark = sql.SparkSession.getActiveSession() or make_builder().getOrCreate()
    with TemporaryDirectory(prefix="wuzha-spark-") as folder:
        load_tables(spark, tables, Path(folder))
        yield SparkSession(spark)


@contextmanager
def open_spark_here(master: str, folder: Path) -> Iterator[Any]:
    """A session on that master, whose workers write into the folder; it ends with the block."""
    os.environ["SPARK_WORKER_DIR"] = str(folder)
    builder = make_builder().master(master).config("spark.executor.memory", "512m")
    builder = builder.config("spark.sql.shuffle.partitions", "2").config("spark.local.dir", str(folder))
    spark = builder.getOrCreate()
    try:
        yield spark
    finally:
        spark.stop()


def make_builder() -> Any:
    """Tables are small beside what a cluster is made for: few parts, and no page of its own on the network."""
    builder = import_module("pyspark.sql").SparkSession.builder.appName("wuzha")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    return builder


def load_tables(spark: Any, tables: Tables, folder: Path) -> None:
    """The tables as views of that session."""
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    for name, table in tables.all.items():
        path = folder / f"{name}.parquet"
        parquet.write_table(make_arrow(arrow, table), path)
        spark.read.parquet(path.as_uri()).createOrReplaceTempView(name)
