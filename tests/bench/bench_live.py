"""``make bench`` for the live pages of a large county: a process of its own, on the database of the run."""

import subprocess
import sys


def test_how_long_the_pages_of_a_large_county_take() -> None:
    subprocess.run([sys.executable, "-m", "tests.bench.live"], check=True)
