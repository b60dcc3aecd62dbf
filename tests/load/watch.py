"""What the machine does meanwhile: the memory and the processor time of the server and of the load itself."""

import asyncio
import os
import resource
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from tests.survival.family import list_family, read_busy_s

PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6
EVERY_S = 1.0


@dataclass(slots=True)
class Watch:
    """Looks once a second. ``memory`` are seconds and megabytes of all the server's processes together."""

    pid: int
    memory: list[tuple[float, float]] = field(default_factory=list)
    processes: int = 1
    # By how many milliseconds the load's own clock was late: whoever is late himself blames the server for it.
    late_ms: list[float] = field(default_factory=list)
    server_s: float = 0.0
    own_s: float = 0.0
    took_s: float = 0.0

    async def look(self) -> None:
        """Until it is cancelled."""
        start, before, own = perf_counter(), read_busy_s(self.pid), read_own_s()
        while True:
            moment = perf_counter()
            self.memory.append((moment - start, read_memory_mb(self.pid)))
            self.processes = max(self.processes, len(list_family(self.pid)))
            self.server_s, self.own_s = read_busy_s(self.pid) - before, read_own_s() - own
            self.took_s = perf_counter() - start
            for _ in range(10):
                moment = perf_counter()
                await asyncio.sleep(EVERY_S / 10)
                self.late_ms.append((perf_counter() - moment - EVERY_S / 10) * 1000)


def read_memory_mb(pid: int) -> float:
    """What they hold in memory, together; what they share is counted for each."""
    return sum(_read_pages(one) for one in list_family(pid)) * PAGE_MB


def _read_pages(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0


def read_own_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
