"""``make bench`` for the page of sites in a large county: a process of its own, with a database file as in service."""

import subprocess
import sys


def test_how_long_the_page_of_sites_takes_after_a_road_changed() -> None:
    subprocess.run([sys.executable, "-m", "tests.bench.sites"], check=True)
