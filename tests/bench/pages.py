"""How long the pages of the sample county take at the server. Run by ``make bench``; prints one table.

Each figure stands beside its ratio to fetching four columns of all records in one plain query of the same run, so that
runs on different machines can be compared.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from uuid import uuid4

ROUNDS = 15
PROMISE_MS = 300


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WUZHA_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "wuzha.settings"
        import django

        django.setup()
        measure(Path(folder))


def measure(folder: Path) -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from wuzha.web.accounts.models import Unit, User
    from wuzha.web.campaign.demo import load_sample_county
    from wuzha.web.campaign.models import Record
    from wuzha.web.campaign.queries.totals import forget_counts
    from wuzha.web.campaign.start import prepare_pages

    call_command("migrate", verbosity=0)
    now = timezone.now()
    today = timezone.localdate(now)
    loading = clock(lambda: load_sample_county(today=today, now=now, progress=lambda done, all_: None))
    officer = User.objects.get(username="officer")
    client = Client()
    client.force_login(officer)

    def scan() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT kind, unit_id, happened_on, quantity FROM campaign_record")
            cursor.fetchall()

    def get(path: str) -> Callable[[], None]:
        def fetch() -> None:
            answer = client.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"{path} answered {answer.status_code}")

        return fetch

    def record(kind: str) -> None:
        village = Unit.objects.filter(kind="village").earliest("path")
        Record.objects.create(
            id=uuid4(), unit=village, kind=kind, happened_on=today, author=officer, recorded_at=now, received_at=now
        )

    base = median(clock(scan) for _ in range(ROUNDS))
    print(f"\n{Unit.objects.count():,} units, {Record.objects.count():,} records, {today}")
    print(f"{'':52}{'ms':>9}{'× scan':>9}")
    show("fetching four columns of all records (scan)", base, base)
    show("loading the sample county", loading, base)
    county, town = "/standings/SQ/", "/standings/SQ03/"
    prepare_pages(today)
    get(county)()
    forget_counts()
    show("what a start makes ready", clock(lambda: show_nothing(prepare_pages(today))), base)
    forget_counts()
    show("standings, nothing counted yet", clock(get(county)), base)
    show("standings of a past day, not asked before", clock(get(f"{county}?as_of={date(today.year, 1, 20)}")), base)
    for kind in ("rally", "talk", "visit"):
        record(kind)
        show(f"standings right after one new record ({kind})", clock(get(county)), base)
    for name, path in (
        ("standings of the county", county),
        ("standings of a town", town),
        ("today", "/today/"),
        ("records", "/records/"),
        ("plans", "/plans/"),
    ):
        times = sorted(clock(get(path)) for _ in range(ROUNDS))
        show(f"{name}, median of {ROUNDS}", median(times), base)
        show(f"{name}, slowest of {ROUNDS}", times[-1], base)
    print(
        f"database: {(folder / 'wuzha.sqlite3').stat().st_size / 1e6:.0f} MB; promised: standings under {PROMISE_MS} ms"
    )


def clock(work: Callable[[], None]) -> float:
    """Milliseconds that the work takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def show_nothing(count: int) -> None:
    """The plans that were counted are no figure of this table."""


def show(name: str, ms: float, base: float) -> None:
    print(f"{name:52}{ms:9.1f}{ms / base:9.2f}")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
