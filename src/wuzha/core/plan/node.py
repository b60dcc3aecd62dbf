"""A value of a plan file together with its place, so that whoever finds it wrong can say where.

Values are plain: mappings with text keys, lists, text, whole numbers, true and false, dates, or nothing.
"""

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from wuzha.core.base.problem import NOWHERE, Problem, Severity, Source
from wuzha.core.duty.model import ALL

Path = tuple[str | int, ...]
Locate = Callable[[Path], Source]

ABSENT = object()
MAX_SHOWN = 40
MAX_LISTED = 40  # more than any table of words in the language has


def locate_nothing(path: Path) -> Source:
    """For values that come from no file: the key alone, as in ``duties.3.at_least`` with the first duty as 1."""
    return Source(key=".".join(str(part + 1) if isinstance(part, int) else part for part in path)) if path else NOWHERE


def name_key(path: Path) -> str:
    """The key at the end of the path; that of the list for an item of a list."""
    return next((part for part in reversed(path) if isinstance(part, str)), "")


FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2999, 12, 31)
"""A day of a plan before or after these is a slip of the pen."""


@dataclass(slots=True)
class Findings:
    """The problems of one reading, in the order in which they were found."""

    locate: Locate = locate_nothing
    problems: list[Problem] = field(default_factory=list)

    def tell(self, code: str, path: Path, *, severity: Severity = "error", **params: object) -> None:
        shown = tuple(sorted((name, str(value)) for name, value in params.items()))
        self.problems.append(Problem(code, self.locate(path), shown, severity))


@dataclass(frozen=True, slots=True)
class Node:
    """One value and its path.

    The ``read_…`` methods give the value in its type, or nothing after telling what is wrong.
    """

    value: object
    path: Path
    findings: Findings

    @property
    def key(self) -> str:
        return name_key(self.path)

    def tell(self, code: str, **params: object) -> None:
        self.findings.tell(code, self.path, severity="error", **params)

    def is_absent(self) -> bool:
        return self.value is ABSENT or self.value is None

    def refuse(self, code: str) -> None:
        """Tells that the value is of another kind; ``code`` says which was wanted, as in ``plan.not-a-day``."""
        self.tell(code, key=self.key, value=show(self.value))

    def find(self, key: str) -> "Node":
        """The value under the key; an absent node where there is none or this is no mapping."""
        value = self.value.get(key, ABSENT) if isinstance(self.value, Mapping) else ABSENT
        return Node(value, (*self.path, key), self.findings)

    def list_items(self) -> Iterator["Node"]:
        """The items of a list, none if this is no list."""
        for number, item in enumerate(self.value if isinstance(self.value, list | tuple) else ()):
            yield Node(item, (*self.path, number), self.findings)

    def is_mapping(self, known: Collection[str], later: Collection[str] = ()) -> bool:
        """Whether this is a mapping; tells if it is not, and of every key that is not known.

        ``later`` are keys of the language that nothing can count yet: each is told by a problem of its own.
        """
        if not isinstance(self.value, Mapping):
            self.refuse("plan.not-a-mapping")
            return False
        for key in self.value:
            if key in later:
                self.find(str(key)).tell("plan.not-yet", key=key)
            elif key not in known:
                self.find(str(key)).tell("plan.key-unknown", key=shorten(key), known=name_nearest(str(key), known))
        return True

    def read_text(self, default: str = "") -> str:
        """Text, or a number or date as it is written. Empty text and nothing give the default."""
        if self.is_absent():
            return default
        if isinstance(self.value, bool) or not isinstance(self.value, str | int | date):
            self.refuse("plan.not-a-text")
            return default
        return str(self.value)

    def read_texts(self) -> tuple[str, ...]:
        """One text or a list of texts."""
        if isinstance(self.value, list | tuple):
            return tuple(text for item in self.list_items() if (text := item.read_text()))
        text = self.read_text()
        return (text,) if text else ()

    def read_whole(self, lowest: int, highest: int) -> int | None:
        if self.is_absent():
            return None
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self.refuse("plan.not-a-whole-number")
            return None
        if not lowest <= self.value <= highest:
            self.tell("plan.number-range", key=self.key, value=self.value, lowest=lowest, highest=highest)
            return None
        return self.value

    def read_flag(self) -> bool:
        if self.is_absent():
            return False
        if not isinstance(self.value, bool):
            self.refuse("plan.not-a-flag")
            return False
        return self.value

    def read_day(self) -> date | None:
        if self.is_absent():
            return None
        if not isinstance(self.value, date):
            self.refuse("plan.not-a-day")
            return None
        if not FIRST_DAY <= self.value <= LAST_DAY:
            self.tell("plan.day-range", key=self.key, value=self.value)
            return None
        return self.value

    def require(self) -> bool:
        """Whether there is a value; tells if there is none."""
        if self.is_absent() or self.value == "":
            self.findings.tell("plan.key-missing", self.path, key=self.key)
            return False
        return True


def name_nearest(word: str, known: Iterable[str]) -> str:
    """What may be meant: the known word most like this one, else the words to choose from. Hyphens do not count.

    Nobody is led to ``all``: to be like a short word says little (mall), and it would bind every unit.
    """
    flat = {_flatten(name): name for name in known}
    guesses = [name for name in flat if name != ALL]
    near = difflib.get_close_matches(_flatten(word[:MAX_SHOWN]), guesses, n=1, cutoff=0.65)
    listed = [flat[name] for name in near] or [*flat.values()]
    return ("、".join(listed[:MAX_LISTED]) or "—") + ("…" if len(listed) > MAX_LISTED else "")


def _flatten(word: str) -> str:
    return word.lower().replace("-", "_").replace(" ", "_")


def show(value: object) -> str:
    """A value in a few words, for a sentence about it."""
    if isinstance(value, Mapping):
        return "{…}"
    if isinstance(value, list | tuple):
        return "[…]"
    return "" if value is None or value is ABSENT else shorten(value)


def shorten(value: object) -> str:
    text = str(value)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
