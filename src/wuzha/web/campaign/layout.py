"""The document as the review shows it: lines and tables, sentences with their fate, and exact stretches in them.

Every offset counts characters of ``Document.text``. In that text a line break ends a line, a tab ends a cell of a
table, and a vertical tab breaks a line inside a cell.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise
from types import MappingProxyType
from typing import Any

from wuzha.web.campaign.models import DraftDuty

CELL, BREAK = "\t", "\v"
# What stands for words that were left out between two stretches of one quote.
ELLIPSIS = "……"
GAPS: Mapping[int, str] = MappingProxyType({ord(sign): " " for sign in "\t\n\v\r\u3000\xa0"})
Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the document that the same duties came from; ``start`` counts characters of its text."""

    start: int
    text: str
    duties: tuple[int, ...]

    @property
    def shown(self) -> str:
        """Sign for sign as long as ``text``, so that a place in it is a place in the document."""
        return self.text.replace(BREAK, "\n")


@dataclass(frozen=True, slots=True)
class Sentence:
    """What stands between two ends of sentences. ``fate`` is empty for what lies outside every sentence."""

    fate: str
    pieces: tuple[Piece, ...]

    @property
    def start(self) -> int:
        return self.pieces[0].start if self.pieces else 0

    @property
    def duties(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(pk for piece in self.pieces for pk in piece.duties))


@dataclass(frozen=True, slots=True)
class Mark:
    """An exact stretch of the document, and the key of the duty that came from it."""

    start: int
    end: int
    duty: int


Line = tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A line of text, or a table: rows of cells, each cell a line."""

    rows: tuple[tuple[Line, ...], ...]
    is_table: bool = False

    @property
    def line(self) -> Line:
        return self.rows[0][0]


def list_spans(row: DraftDuty) -> list[Stretch]:
    """Every stretch of the document that the duty came from, in order; none for a duty without a known place."""
    spans = row.spans or [row.duty.get("span")]
    return sorted((span[0], span[1]) for span in spans if isinstance(span, list | tuple) and len(span) == 2)


def list_marks(rows: Iterable[DraftDuty]) -> list[Mark]:
    return [Mark(start, end, row.pk) for row in rows for start, end in list_spans(row)]


def lay_out(text: str, coverage: Sequence[Mapping[str, Any]], marks: Sequence[Mark]) -> list[Block]:
    """The document block by block, its sentences with their fate, and in them the exact stretches of the duties."""
    sheet = _Sheet(text, _list_stretches(coverage, len(text)), sorted(marks, key=lambda mark: mark.start))
    blocks: list[Block] = []
    for is_table, lines in groupby(_list_lines(text), key=lambda line: CELL in text[line[0] : line[1]]):
        found = list(lines)
        if is_table and any(_counts_cells(text[start:end]) > 1 for start, end in found):
            blocks.append(
                Block(tuple(tuple(sheet.lay_out(cell) for cell in _cut_cells(text, one)) for one in found), True)
            )
        else:
            blocks += (Block(((sheet.lay_out(line),),)) for line in found)
    return blocks


def _list_lines(text: str) -> Iterator[Stretch]:
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1


def _counts_cells(line: str) -> int:
    """A tab alone may be no more than the indent of a paragraph."""
    return sum(bool(cell.strip()) for cell in line.split(CELL))


def _cut_cells(text: str, line: Stretch) -> Iterator[Stretch]:
    start = line[0]
    for cell in text[line[0] : line[1]].split(CELL):
        yield start, start + len(cell)
        start += len(cell) + 1


def _list_stretches(coverage: Sequence[Mapping[str, Any]], length: int) -> list[tuple[int, int, str]]:
    """The sentences in order, inside the text and free of overlaps, whatever the stored reading says."""
    found: list[tuple[int, int, str]] = []
    reached = 0
    for item in sorted(coverage, key=lambda item: item["span"][0]):
        start, end = max(item["span"][0], reached), min(item["span"][1], length)
        if start < end:
            found.append((start, end, item["fate"]))
            reached = end
    return found


class _Sheet:
    """The text with its sentences and marks, both in order, ready to be cut into lines and cells."""

    def __init__(self, text: str, stretches: list[tuple[int, int, str]], marks: list[Mark]) -> None:
        self.text, self.stretches, self.marks = text, stretches, marks
        self.ends = [end for _, end, _ in stretches]
        self.mark_starts = [mark.start for mark in marks]
        # How far any mark up to here reaches: those before the first that reaches a place are never looked at.
        self.mark_reach = list(accumulate((mark.end for mark in marks), max))

    def lay_out(self, stretch: Stretch) -> Line:
        reached, end = stretch
        sentences: list[Sentence] = []
        following = range(bisect_right(self.ends, reached), len(self.stretches))
        for first, last, fate in map(self.stretches.__getitem__, following):
            if first >= end:
                break
            opens, closes = max(first, reached), min(last, end)
            if reached < opens:
                sentences.append(Sentence("", self._cut((reached, opens))))
            sentences.append(Sentence(fate, self._cut((opens, closes))))
            reached = closes
        if reached < end:
            sentences.append(Sentence("", self._cut((reached, end))))
        return tuple(sentences)

    def _cut(self, stretch: Stretch) -> tuple[Piece, ...]:
        start, end = stretch
        first, last = bisect_right(self.mark_reach, start), bisect_left(self.mark_starts, end)
        inside = [mark for mark in self.marks[first:last] if mark.end > start]
        edges = {start, end, *(edge for mark in inside for edge in (mark.start, mark.end) if start < edge < end)}
        return tuple(
            Piece(
                low, self.text[low:high], tuple(mark.duty for mark in inside if mark.start <= low and high <= mark.end)
            )
            for low, high in pairwise(sorted(edges))
        )


def flatten(text: str) -> str:
    """The text sign for sign, every gap a space: words copied from a page have lost what kind of gap it was."""
    return text.translate(GAPS)


def find_words(text: str, quote: str, near: int = -1) -> list[Stretch]:
    """Where the words stand: at ``near`` if they do, else where they come first; none if they do not stand there.

    A quote with an ellipsis that the document has not is several stretches, each looked for behind the one before.
    """
    paper, words = flatten(text), flatten(quote.replace("\r\n", "\n"))
    start = near if near >= 0 and paper.startswith(words, near) else paper.find(words)
    if start >= 0 and words:
        return [(start, start + len(words))]
    parts = [part.strip() for part in words.split(ELLIPSIS)]
    return _find_parts(paper, parts) if len(parts) > 1 else []


def _find_parts(paper: str, parts: Sequence[str]) -> list[Stretch]:
    found: list[Stretch] = []
    reached = 0
    for part in parts:
        start = paper.find(part, reached)
        if start < 0 or not part:
            return []
        reached = start + len(part)
        found.append((start, reached))
    return found


def melt(spans: Iterable[Stretch]) -> list[Stretch]:
    """In order and free of overlaps: stretches that share signs are one; those that only touch stay two."""
    melted: list[Stretch] = []
    for start, end in sorted(spans):
        if melted and start < melted[-1][1]:
            melted[-1] = (melted[-1][0], max(end, melted[-1][1]))
        else:
            melted.append((start, end))
    return melted


def join_words(text: str, spans: Sequence[Stretch]) -> str:
    """One quote of several stretches; a gap of one or two signs inside a line is kept, a longer one is an ellipsis."""
    joined: list[Stretch] = []
    for start, end in sorted(spans):
        if joined and start - joined[-1][1] <= 2 and "\n" not in text[joined[-1][1] : start]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return ELLIPSIS.join(text[start:end] for start, end in joined)
