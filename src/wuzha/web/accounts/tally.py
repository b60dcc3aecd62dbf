"""What this process has counted since it began: for whoever watches the site, never for a decision.

Each process counts for itself; a count is gone when the process ends.
"""

import os
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from threading import Lock

Labels = tuple[tuple[str, str], ...]
# The ends of the classes that times are sorted into, in seconds; a page of the site should lie in the second to fourth.
LIMITS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Tally:
    """Counts and times by name and labels. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: dict[tuple[str, Labels], float] = defaultdict(float)
        self._times: dict[tuple[str, Labels], list[float]] = {}

    def count(self, name: str, more: float = 1, **labels: str) -> None:
        with self._lock:
            self._counts[name, _write(labels)] += more

    def time(self, name: str, seconds: float, **labels: str) -> None:
        """One more that took so long: into its class, and into their sum, which stands last."""
        key = name, _write(labels)
        with self._lock:
            classes = self._times.setdefault(key, [0.0] * (len(LIMITS_S) + 2))
            classes[bisect_left(LIMITS_S, seconds)] += 1
            classes[-1] += seconds

    def list_counts(self) -> Iterator[tuple[str, Labels, float]]:
        with self._lock:
            found = sorted(self._counts.items())
        for (name, labels), count in found:
            yield name, labels, count

    def list_times(self) -> Iterator[tuple[str, Labels, list[float], float]]:
        """The classes, each with all quicker ones in it and the last with all, and the sum of the seconds."""
        with self._lock:
            found = sorted((key, list(classes)) for key, classes in self._times.items())
        for (name, labels), (*classes, total) in found:
            yield name, labels, [sum(classes[: number + 1]) for number in range(len(classes))], total


def _write(labels: dict[str, str]) -> Labels:
    return tuple(sorted((name, str(value)) for name, value in labels.items()))


TALLY = Tally()


def name_process() -> str:
    return str(os.getpid())
