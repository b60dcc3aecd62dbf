"""``make bench`` for a nation: a million records, or as many as ``WUZHA_BENCH_NATION`` says (1: a hundred million)."""

import subprocess
import sys


def test_how_long_a_nation_takes_beside_duckdb_polars_and_a_mere_scan() -> None:
    subprocess.run([sys.executable, "-m", "tests.bench.nation"], check=True)
