"""``make bench`` for exports: a process of its own, whose memory is measured."""

import subprocess
import sys


def test_how_long_an_export_takes_and_how_much_memory() -> None:
    subprocess.run([sys.executable, "-m", "tests.bench.export"], check=True)
