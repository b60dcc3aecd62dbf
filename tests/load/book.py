"""What happened: each request with its time, each trouble, and what the site said it has kept."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Fate(Enum):
    """What is known of a record that was sent."""

    WAITING = "waiting"  # sent or about to be; no answer named it yet
    KEPT = "kept"  # an answer said that it is kept


@dataclass(slots=True)
class Sent:
    """A record as it was typed, by whom, and what the site said of it."""

    told: dict[str, Any]
    author: str
    fate: Fate = Fate.WAITING


@dataclass(slots=True)
class SentPhoto:
    """A photo that was sent with a record. ``pk`` is empty where the site gives the photo its id."""

    record: str
    sha256: str
    size: int
    pk: str = ""
    fate: Fate = Fate.WAITING


@dataclass(slots=True)
class Book:
    """The load's own account of the day. Nothing in it comes from the site's database."""

    times: dict[str, list[float]] = field(default_factory=dict)
    troubles: Counter[str] = field(default_factory=Counter)
    cuts: Counter[str] = field(default_factory=Counter)
    records: dict[str, Sent] = field(default_factory=dict)
    photos: list[SentPhoto] = field(default_factory=list)
    lines: set[str] = field(default_factory=set)
    papers: list[int] = field(default_factory=list)

    def note(self, kind: str, took_ms: float) -> None:
        self.times.setdefault(kind, []).append(took_ms)

    def trouble(self, kind: str, what: str) -> None:
        """Anything that was not expected; what stands in the report is cut, so that alike is counted together."""
        self.troubles[f"{kind}: {what[:120]}"] += 1

    def list_kept(self) -> list[Sent]:
        return [sent for sent in self.records.values() if sent.fate is Fate.KEPT]


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds: how they lie."""

    count: int
    p50: float
    p95: float
    p99: float
    most: float


def spread(times: Sequence[float]) -> Spread:
    """Raises ``statistics.StatisticsError`` for no times at all."""
    if len(times) == 1:
        return Spread(1, *[round(times[0], 1)] * 4)
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return Spread(len(times), *(round(value, 1) for value in (cuts[49], cuts[94], cuts[98], max(times))))


def find_slope(points: Sequence[tuple[float, float]]) -> float:
    """By how much the second grows with one of the first; 0 where there is nothing to draw a line through."""
    if len(points) < 2 or len({moment for moment, _ in points}) < 2:
        return 0.0
    moments, values = zip(*points, strict=True)
    return statistics.linear_regression(moments, values).slope
