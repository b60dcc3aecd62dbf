"""A sentence as the rules read it: half-width signs without blanks, with the way back to its place in the text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wuzha.core.base.numerals import fold
from wuzha.core.plan.reading import SentenceFate, Span

_NOTHING = "\ufeff\u200b\u200c\u200d\u2060"


@dataclass(frozen=True, slots=True)
class Line:
    """``raw`` is the sentence as written; ``start`` its place in the document, None where there is none."""

    raw: str
    folded: str
    start: int | None
    clause: str
    demands: tuple[str, ...]

    def locate(self, start: int, end: int) -> Span:
        """The place in ``raw`` of ``folded[start:end]``, which must not be empty."""
        shown = [at for at, sign in enumerate(self.raw) if not _is_blank(sign)]
        return shown[start], shown[end - 1] + 1

    def place(self, start: int, end: int) -> Span | None:
        """The place in the document of ``raw[start:end]``."""
        return None if self.start is None else (self.start + start, self.start + end)


def list_lines(text: str, coverage: Iterable[SentenceFate]) -> Iterator[Line]:
    for fate in coverage:
        yield make_line(text[fate.span[0] : fate.span[1]], fate.span[0], fate.clause, fate.demand_ids)


def make_line(raw: str, start: int | None, clause: str, demands: tuple[str, ...]) -> Line:
    folded = "".join(fold(raw).split())
    return Line(raw, folded if folded.isprintable() else _drop_nothing(folded), start, clause, demands)


def _drop_nothing(folded: str) -> str:
    return "".join(sign for sign in folded if sign not in _NOTHING)


def _is_blank(sign: str) -> bool:
    return sign.isspace() or sign in _NOTHING
