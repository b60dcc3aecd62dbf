"""The report of a day: one JSON for machines, one page of Markdown for people."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.load.book import Book, find_slope, spread
from tests.load.watch import Watch

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a reader wants to judge the day by."""

    when: str
    database: str
    users: int
    minutes: float
    took_s: float
    records_before: int
    requests: dict[str, dict[str, float]]
    overall: dict[str, float]
    troubles: dict[str, int]
    cuts: dict[str, int]
    looked: dict[str, int]
    losses: list[str]
    memory_mb: dict[str, float]
    processors: dict[str, float]
    sizes_mb: dict[str, float]
    most_busy: int
    load: list[float] = field(default_factory=lambda: [round(one, 1) for one in os.getloadavg()])

    @property
    def is_good(self) -> bool:
        """Nothing lost and nothing unexpected."""
        return not self.losses and not self.troubles


def tell_requests(book: Book) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """How long requests took, by kind and all together."""
    kinds = {kind: asdict(spread(times)) for kind, times in sorted(book.times.items())}
    every = [one for times in book.times.values() for one in times]
    return kinds, asdict(spread(every)) if every else {}


def tell_memory(watch: Watch) -> dict[str, float]:
    """Megabytes. The slope is that of the second half: what the first requests make ready is no leak."""
    held = [mb for _, mb in watch.memory]
    half = watch.memory[len(watch.memory) // 2 :]
    slope = find_slope(half) * 60
    told = {"least": min(held), "most": max(held), "first": held[0], "last": held[-1], "growth a minute": slope}
    return {name: round(value, 1) for name, value in told.items()} | {"processes": watch.processes}


def tell_processors(watch: Watch) -> dict[str, float]:
    """Of one processor each; beside it by how much the load's own clock was late."""
    took = max(watch.took_s, 0.001)
    late = spread(watch.late_ms or [0.0])
    return {
        "server": round(watch.server_s / took, 2),
        "load itself": round(watch.own_s / took, 2),
        "own delay p99 ms": late.p99,
        "own delay max ms": late.most,
    }


def write_report(report: Report, folder: Path) -> tuple[Path, Path]:
    """Both files in the folder, named by day, database and size; the same again takes their place."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"load-{report.when[:10]}-{report.database.split()[0].lower()}-{report.users}"
    told: dict[str, Any] = asdict(report) | {"is_good": report.is_good}
    (folder / f"{name}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    (folder / f"{name}.md").write_text("\n".join(list_lines(report)) + "\n")
    return folder / f"{name}.json", folder / f"{name}.md"


def list_lines(report: Report) -> Iterator[str]:
    verdict = "nothing was lost" if not report.losses else f"{len(report.losses)} LOST OR WRONG"
    troubles = sum(report.troubles.values())
    yield f"# A county's day, {report.when}"
    yield ""
    yield (
        f"{report.users:,} users, {report.minutes:g} minutes and what was left to finish ({report.took_s:.0f} s), "
        f"{report.database}, {report.records_before:,} records before: {verdict}, {troubles} errors in "
        f"{int(report.overall.get('count', 0)):,} requests."
    )
    yield ""
    yield from list_times(report)
    yield from list_table("errors", report.troubles)
    yield from list_table("lines cut on purpose", report.cuts)
    yield from list_table("read back", report.looked)
    yield from list_table("memory of the server, MB", report.memory_mb)
    yield from list_table("processors (1 is one of them, busy all the time)", report.processors)
    yield from list_table("sizes, MB", report.sizes_mb)
    yield f"Sessions at once: {report.most_busy} at most. Load of the machine at the end: {report.load}."
    yield from (f"- {loss}" for loss in report.losses[:MOST_SHOWN])
    if len(report.losses) > MOST_SHOWN:
        yield f"- and {len(report.losses) - MOST_SHOWN} more; all stand in the JSON."


def list_times(report: Report) -> Iterator[str]:
    yield "| request | count | p50 ms | p95 | p99 | max |"
    yield "|---|---|---|---|---|---|"
    for kind, told in [*report.requests.items(), ("**all**", report.overall)]:
        if told:
            figures = " | ".join(f"{told[name]:,.0f}" for name in ("count", "p50", "p95", "p99", "most"))
            yield f"| {kind} | {figures} |"
    yield ""


def list_table(title: str, told: dict[str, Any]) -> Iterator[str]:
    yield f"| {title} | |"
    yield "|---|---|"
    for name, value in told.items():
        yield f"| {name} | {value:,} |"
    if not told:
        yield "| none | |"
    yield ""
