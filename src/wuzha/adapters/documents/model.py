"""What every reader of a document works with: the answer, the refusal, the limits."""

from dataclasses import dataclass
from typing import Literal, get_args

from wuzha.core.base.problem import Problem, Source

Kind = Literal["txt", "docx", "pdf", "html", "doc"]
KINDS: tuple[Kind, ...] = get_args(Kind)

MAX_BYTES = 20 * 1024 * 1024
MAX_CHARACTERS = 300_000
"""A plan for one campaign may have 4,000 characters; seventy times that is a book, and would only take time."""

STOP_CHARACTERS = 10 * MAX_CHARACTERS
"""Where a reader gives up gathering text that can only be refused."""

MAX_COLUMNS = 64
"""Word draws at most 63 columns; a cell that claims to cover more is given no more empty places than these."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as text.

    ``text`` is what the site shows and what every span of a reading counts in, character by character: whoever shows
    the document shows exactly this. Lines end in ``\\n``; the row of a table is one line, its cells apart by ``\\t``
    and the lines inside a cell by ``\\v``. ``kind`` is the format that the file really had, whatever it was called.
    """

    name: str
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a reader took from the bytes: the text, and what the person should be told although it was read."""

    kind: Kind
    text: str
    told: tuple[Problem, ...] = ()


class RefusedError(Exception):
    """Carries a problem out of a reader; never leaves this package."""

    def __init__(self, code: str, /, **params: object) -> None:
        super().__init__(code)
        values = tuple(sorted((name, str(value)) for name, value in params.items()))
        self.problem = Problem(code, params=values)


def name_problem(problem: Problem, name: str) -> Problem:
    """The problem with the document it is about."""
    params = dict(problem.params) | {"name": name}
    return Problem(problem.code, Source(document=name), tuple(sorted(params.items())), problem.severity)


def check_text(text: str, limit: int = MAX_CHARACTERS) -> None:
    """Raises ``RefusedError`` for a text without words, or longer than the limit."""
    if not text.strip("\ufeff \t\v\r\n\u3000\xa0"):
        raise RefusedError("document.empty")
    if len(text) > limit:
        raise RefusedError("document.too-long", size=len(text), limit=limit)
