"""``make bench`` for the reader: a process of its own, so that its memory is nobody else's."""

import subprocess
import sys


def test_how_many_plans_are_read_in_a_second() -> None:
    subprocess.run([sys.executable, "-m", "tests.bench.reading"], check=True)
