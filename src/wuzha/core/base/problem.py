"""A problem is data: what is wrong, where, and with which values. The shell makes it a sentence.

Nothing in the core stops at the first mistake: every step takes things and gives back ``(things, problems)``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a problem or a duty comes from, in the words a person would use to find the place.

    ``row`` and ``column`` count from 1 as a spreadsheet shows them; ``line`` counts from 1 in a text file; ``span`` is
    half-open, in characters of the decoded text.
    """

    document: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    line: int | None = None
    clause: str = ""
    key: str = ""
    span: tuple[int, int] | None = None


NOWHERE = Source()


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake or doubt. ``code`` is stable text such as ``roster.parent-missing`` that users may cite."""

    code: str
    source: Source = NOWHERE
    params: tuple[tuple[str, str], ...] = field(default=())
    severity: Severity = "error"

    @property
    def values(self) -> dict[str, str]:
        return dict(self.params)


def make_problem(code: str, source: Source = NOWHERE, *, severity: Severity = "error", **params: object) -> Problem:
    """A problem with its parameters as text, sorted by name, so that equal problems compare equal."""
    return Problem(code, source, tuple(sorted((name, str(value)) for name, value in params.items())), severity)


def has_errors(problems: Iterable[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)
