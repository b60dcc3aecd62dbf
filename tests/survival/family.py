"""A process and those it began."""

import os
from pathlib import Path

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def list_family(pid: int) -> list[int]:
    """The process and all below it that still live."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        try:
            tasks = list(Path(f"/proc/{one}/task").iterdir())
            waiting += [int(word) for task in tasks for word in (task / "children").read_text().split()]
        except OSError:
            continue
        found.append(one)
    return found


def read_busy_s(pid: int) -> float:
    """Processor time of the process and all below it so far; of those that have ended their parent knows."""
    return sum(_read_ticks(one) for one in list_family(pid)) / TICKS_A_SECOND


def _read_ticks(pid: int) -> int:
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(int(word) for word in told[11:15])
