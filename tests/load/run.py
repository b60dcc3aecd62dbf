"""One day from beginning to end: the county made, the site served, the day played, everything read back, the report."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

from tests.load.book import Book
from tests.load.check import check
from tests.load.county import SEED, Cast, read_cast
from tests.load.day import Day, play_day
from tests.load.report import Report, tell_memory, tell_processors, tell_requests, write_report
from tests.load.watch import Watch
from tests.load.wire import Browser
from tests.survival.server import POSTGRESQL, Site
from tests.survival.tables import prepare_place

BEIJING = ZoneInfo("Asia/Shanghai")
READY_S = 120


@contextmanager
def serve_county(data: Path, users: int, records: int, **settings: str) -> Iterator[tuple[Site, Cast]]:
    """A site of its own with the county in it."""
    site = Site(data / "data", environment=prepare_place(data / "data") | settings)
    command = [sys.executable, "-m", "tests.load.county", str(users), str(records)]
    made = subprocess.run(command, env=site.environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    cast = read_cast(made.splitlines()[-1])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        site.port = int(probe.getsockname()[1])
    site.start()
    try:
        yield site, cast
    finally:
        site.stop()


def run_load(
    data: Path, *, minutes: float, users: int, records: int, seed: int, folder: Path
) -> tuple[Report, tuple[Path, Path]]:
    """The report, and where it was written as JSON and as Markdown."""
    with serve_county(data, users, records) as (site, cast):
        played = asyncio.run(play(site, cast, minutes * 60, seed))
        looked, losses = asyncio.run(check(site, cast, played.book))
        report = make_report(site, cast, played, looked, losses)
    return report, write_report(report, folder)


@dataclass(frozen=True, slots=True)
class Played:
    """A day that is over."""

    began: datetime
    seconds: float
    book: Book
    watch: Watch
    most_busy: int


def make_report(site: Site, cast: Cast, played: Played, looked: dict[str, int], losses: list[str]) -> Report:
    """What the day and the reading back have shown, of a site that still runs."""
    book, watch = played.book, played.watch
    requests, overall = tell_requests(book)
    return Report(
        when=played.began.isoformat(timespec="minutes"),
        database="PostgreSQL" if POSTGRESQL else "SQLite",
        users=len(cast.people),
        minutes=round(played.seconds / 60, 2),
        took_s=round(watch.took_s, 1),
        records_before=cast.records,
        requests=requests,
        overall=overall,
        troubles=dict(book.troubles.most_common()),
        cuts=dict(sorted(book.cuts.items())),
        looked=looked,
        losses=losses,
        memory_mb=tell_memory(watch),
        processors=tell_processors(watch),
        sizes_mb=measure_sizes(site),
        most_busy=played.most_busy,
    )


async def play(site: Site, cast: Cast, seconds: float, seed: int = SEED) -> Played:
    """The day, watched. The book is complete when everybody has finished what they had begun."""
    assert site.process is not None
    began, book, watch = datetime.now(BEIJING), Book(), Watch(site.process.pid)
    await make_ready(site, cast)
    watching = asyncio.create_task(watch.look())
    day = Day(cast, book, "127.0.0.1", site.port, seconds, began.date(), seed)
    await play_day(day)
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    return Played(began, seconds, book, watch, day.most_busy)


async def make_ready(site: Site, cast: Cast) -> None:
    """A start counts the plans in the background; the day begins when that is done, as days do."""
    officer = next(person for person in cast.people if person.role == "officer")
    browser, start = Browser("127.0.0.1", site.port, {"sessionid": officer.session}), perf_counter()
    while perf_counter() - start < READY_S:
        answer = await browser.get("/standings/SQ/")
        if answer.status == 200 and answer.took_ms < 500:
            break
    browser.close()


def measure_sizes(site: Site) -> dict[str, float]:
    """Megabytes of the database and of the photos."""
    evidence = sum(file.stat().st_size for file in (site.data / "evidence").rglob("*") if file.is_file())
    if POSTGRESQL:
        with closing(site.open_database()) as database:
            size = database.execute("SELECT pg_database_size(current_database())").fetchone()[0]
    else:
        size = sum(file.stat().st_size for file in site.data.glob("wuzha.sqlite3*"))
    return {"database": round(size / 1e6, 1), "photos": round(evidence / 1e6, 1)}
