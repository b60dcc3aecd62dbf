"""What reading one document may cost. Where the system has no such limits (Windows), the clock still holds."""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from typing import Any

from wuzha.adapters.documents.model import MAX_CHARACTERS

try:
    import resource as _resource
except ImportError:  # Windows
    _resource = None  # type: ignore[assignment]  # asked for before every use


@dataclass(frozen=True, slots=True)
class Limits:
    """``memory`` is address space and ``written`` the size of any one file, in bytes; ``_s`` are seconds.

    ``characters`` is how long the text may be. A long text is read as a plan with so many ``signs_a_second`` at the
    least; honest ones go three times as fast on a small machine, and the site reads the text once more.
    """

    memory: int = 640 * 1024 * 1024
    written: int = 0
    cpu_s: int = 10
    wall_s: float = 12.0
    characters: int = MAX_CHARACTERS
    signs_a_second: int = 20_000

    def as_words(self) -> tuple[str, ...]:
        return str(self.memory), str(self.written), str(self.cpu_s)


def limit_reading(signs: int, signs_a_second: int, cpu_s: int) -> None:
    """From here on this process may use no more processor time than reading so many signs takes an honest text."""
    _set_each({"RLIMIT_CPU": min(ceil(time.process_time() + signs / signs_a_second), cpu_s)})


def set_limits(memory: int, written: int, cpu_s: int) -> None:
    """Binds this process and all that it starts, for good."""
    _set_each({"RLIMIT_AS": memory, "RLIMIT_FSIZE": written, "RLIMIT_CPU": cpu_s, "RLIMIT_CORE": 0})


def _set_each(limits: Mapping[str, int]) -> None:
    system: Any = _resource
    if system is None:
        return
    for kind, limit in limits.items():
        with suppress(AttributeError, ValueError, OSError):  # some systems know the name and refuse the limit
            system.setrlimit(getattr(system, kind), (limit, limit))
