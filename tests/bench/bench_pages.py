"""``make bench`` for the pages: a process of its own, with a database file as in service."""

import subprocess
import sys


def test_how_long_the_pages_take() -> None:
    subprocess.run([sys.executable, "-m", "tests.bench.pages"], check=True)
