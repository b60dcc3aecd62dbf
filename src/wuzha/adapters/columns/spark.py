"""The same text on Spark. The tables go there as Parquet files in a folder that all workers can read."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from wuzha.adapters.columns.counted import Counted, make_counted
from wuzha.adapters.columns.sql import Session, make_arrow
from wuzha.adapters.columns.tables import Tables
from wuzha.adapters.columns.text import SUMS, carry_over


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
    builder = sql.SparkSession.builder.appName("wuzha").config("spark.ui.enabled", "false")
    spark = sql.SparkSession.getActiveSession() or builder.getOrCreate()
    with TemporaryDirectory(prefix="wuzha-spark-") as folder:
        load_tables(spark, tables, Path(folder))
        yield SparkSession(spark)


def load_tables(spark: Any, tables: Tables, folder: Path) -> None:
    """The tables as views of that session."""
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    for name, table in tables.all.items():
        path = folder / f"{name}.parquet"
        parquet.write_table(make_arrow(arrow, table), path)
        spark.read.parquet(path.as_uri()).createOrReplaceTempView(name)
