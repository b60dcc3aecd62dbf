"""``make bench`` for the door of records: a real server on a folder of its own."""

import subprocess
import sys


def test_how_many_records_the_door_takes_in() -> None:
    subprocess.run([sys.executable, "-m", "tests.bench.intake"], check=True)
