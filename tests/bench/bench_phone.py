"""``make bench`` for the phone page: a process of its own, with a site and a browser of its own."""

import subprocess
import sys


def test_what_the_phone_page_weighs_and_how_long_it_takes_at_the_speed_of_3g() -> None:
    subprocess.run([sys.executable, "-m", "tests.bench.phone"], check=True)
