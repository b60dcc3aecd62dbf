"""What reading one document may cost. Where the system has no such limits (Windows), the clock still holds."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from wuzha.adapters.documents.model import MAX_CHARACTERS

try:
    import resource as _resource
except ImportError:  # Windows
    _resource = None  # type: ignore[assignment]  # asked for before every use


@dataclass(frozen=True, slots=True)
class Limits:
    """``memory`` is address space and ``written`` the size of any one file, in bytes; ``_s`` are seconds.

    ``characters`` is how long the text may be.
    """

    memory: int = 640 * 1024 * 1024
    written: int = 0
    cpu_s: int = 10
    wall_s: float = 12.0
    characters: int = MAX_CHARACTERS

    def as_words(self) -> tuple[str, ...]:
        return str(self.memory), str(self.written), str(self.cpu_s)


def set_limits(memory: int, written: int, cpu_s: int) -> None:
    """Binds this process and all that it starts, for good."""
    system: Any = _resource
    if system is None:
        return
    kinds = ("RLIMIT_AS", memory), ("RLIMIT_FSIZE", written), ("RLIMIT_CPU", cpu_s), ("RLIMIT_CORE", 0)
    for kind, limit in kinds:
        with suppress(AttributeError, ValueError, OSError):  # some systems know the name and refuse the limit
            system.setrlimit(getattr(system, kind), (limit, limit))
