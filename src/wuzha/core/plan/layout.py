"""Text to lines as a reader sees them: paragraphs that were broken into lines are whole again, tables fall into cells.

A table row is one line of the text, its cells parted by tabs, lines inside a cell by vertical tabs; the cells that a
merged one covers are empty, so that columns keep their place. Nothing is copied: every line is a span of the text.
"""

import re
from dataclasses import dataclass

from wuzha.core.base.numerals import fold
from wuzha.core.plan.reading import Span

_ROW = re.compile(r"[^\r\n\x0c\x1c-\x1e\x85\u2028\u2029]+")
_NUMBER = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}|[(（]?[一二三四五六七八九十\d]{1,3}[)）]?|[①-⑳])[、.．]?\s*")
_STARTS_ITEM = re.compile(
    r"\s*(?:第[零一二三四五六七八九十百\d]{1,5}[章节条]|[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|"
    r"\d{1,2}(?:[.．、](?!\d)|[)）])|[①-⑳]|附件|[一二三四五六七八九十]是(?!一))"
)
_CLOSED = re.compile(r"[。！？!?；;：:…][”’」』）)]?$")
_BLANK = re.compile(r"\s")
_RULE = re.compile(r"[-:=—─┼+|｜│\s]+")
"""The line under a table's head (| --- | --- |)."""
_BARS = ("｜", "│", "|")
_MARKS_A_PARAGRAPH = "\u3000\u3000"
_LEAST_WIDTH, _SLACK = 40, 6
"""In halves of a Chinese sign: a line under 20 signs is not called full, and one may fall 3 short of the width."""

_LONGEST_LINE = 70
"""Signs; a text with a longer line is not broken into lines."""


@dataclass(slots=True, unsafe_hash=True)  # never changed; made by the hundred, and frozen ones cost twice as much
class Cell:
    """Where a line stands in a table; all three count from 0, tables through the whole text."""

    table: int
    row: int
    column: int


@dataclass(slots=True, unsafe_hash=True)  # never changed; made by the hundred, and frozen ones cost twice as much
class Line:
    """A paragraph, or one line of a table's cell (``cell`` says of which); it has neither blanks at its ends."""

    span: Span
    cell: Cell | None = None


def read_layout(text: str) -> tuple[Line, ...]:
    """All lines of ``text`` in order; spans are disjoint and hold all that is not blank."""
    rows = [match.span() for match in _ROW.finditer(text) if not match[0].isspace()]
    sign = _find_sign(text)
    lines: list[Line] = []
    at = table = 0
    prose: list[Span] = []
    for first, last in _find_tables(text, rows, sign):
        prose = [span for row in rows[at:first] for span in _cut(text, row, "\x0b")]
        lines += _join_broken(text, prose)
        for number, row in enumerate(rows[first:last]):
            lines += _read_row(text, row, table, number, sign)
        at, table = last, table + 1
    prose = [span for row in rows[at:] for span in _cut(text, row, "\x0b")]
    return (*lines, *_join_broken(text, prose))


def _cut(text: str, span: Span, sign: str) -> list[Span]:
    """The pieces of a span between signs, without the blanks at their ends; empty pieces are left out."""
    if text.find(sign, *span) < 0:  # nearly every line
        words = text[span[0] : span[1]].lstrip()
        start = span[1] - len(words)
        return [(start, start + len(words.rstrip()))] if words else []
    return [piece for piece in _cut_all(text, span, sign) if piece[0] < piece[1]]


def _cut_all(text: str, span: Span, sign: str) -> list[Span]:
    pieces, start = [], span[0]
    for part in text[span[0] : span[1]].split(sign):
        stripped = part.strip()
        from_ = start + part.index(stripped[0]) if stripped else start
        pieces.append((from_, from_ + len(stripped)))
        start += len(part) + 1
    return pieces


def _read_row(text: str, row: Span, table: int, number: int, sign: str) -> list[Line]:
    row = _strip_frame(text, row, sign)
    if sign != "\t" and _RULE.fullmatch(text, *row):
        return []
    start, lines = row[0], []
    for column, words in enumerate(text[row[0] : row[1]].split(sign)):
        cell = Cell(table, number, column)
        lines += [Line(span, cell) for span in _cut(text, (start, start + len(words)), "\x0b")]
        start += len(words) + 1
    return lines


def _strip_frame(text: str, row: Span, sign: str) -> Span:
    """The row without the bars at both its ends: | 部门 | 任务 | has two cells."""
    start, end = row
    written = text[start:end].strip()
    if sign == "\t" or len(written) < 2 or written[0] != sign or written[-1] != sign:
        return row
    start = text.index(sign, start) + 1
    return start, max(start, text.rindex(sign, start - 1, end))


def _find_sign(text: str) -> str:
    """What parts the cells of a row: a tab, or the bar that a table copied as plain text is drawn with."""
    return next((sign for sign in _BARS if sign in text), "\t") if "\t" not in text else "\t"


def _find_tables(text: str, rows: list[Span], sign: str) -> list[Span]:
    """From which row to which (the last not included) the tables go."""
    if sign not in text:
        return []
    rows = [_strip_frame(text, row, sign) for row in rows]
    widths = [text.count(sign, *row) for row in rows]
    tables, first = [], 0
    while first < len(rows):
        last = first
        while last < len(rows) and widths[last] and abs(widths[last] - widths[first]) <= 1:
            last += 1
        if last - first > 1 and _is_table([text[slice(*row)].split(sign) for row in rows[first:last]]):
            tables.append((first, last))
        first = max(last, first + 1)
    return tables


def _is_table(rows: list[list[str]]) -> bool:
    """Two columns may be a mere indent, a number and its item, or a tab within a sentence: they need a head."""
    filled = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    if max(len(cells) for cells in filled) < 2:
        return False
    columns = max(len(row) for row in rows)
    if columns > 2:
        return any(row[0].strip() for row in rows) or max(len(cells) for cells in filled) > 2
    head = filled[0]
    numbered = all(_NUMBER.fullmatch(row[0]) or _STARTS_ITEM.match(row[0]) for row in rows if row[0].strip())
    return not numbered and len(head) == 2 and all(len(cell) <= 12 and not _CLOSED.search(cell) for cell in head)


def _join_broken(text: str, spans: list[Span]) -> list[Line]:
    """Paragraphs of a text that was broken into lines of one length, as a copy from a PDF or a letter is."""
    width = _find_width(text, spans)
    if not width:
        return [Line(span) for span in spans]
    lines: list[Line] = []
    at = 0
    while at < len(spans):
        end = at
        while end + 1 < len(spans) and _runs_on(text, spans[end], spans[end + 1], width):
            end += 1
        if end > at and _CLOSED.search(text[slice(*spans[end])]):
            lines.append(Line((spans[at][0], spans[end][1])))
        else:
            lines += [Line(span) for span in spans[at : end + 1]]
        at = end + 1
    return lines


def _find_width(text: str, spans: list[Span]) -> int:
    """The width to which the lines were filled, in halves of a sign; 0 if the text is not broken into lines."""
    if len(spans) < 3 or max(end - start for start, end in spans) > _LONGEST_LINE:
        return 0
    widths = {span: _measure(text, span) for span in spans}
    open_ = [span for span in spans if widths[span] >= _LEAST_WIDTH and not _CLOSED.search(text[slice(*span)])]
    width = max((widths[span] for span in open_), default=0)
    full = sum(widths[span] >= width - _SLACK for span in open_)
    items = sum(widths[span] < width - _SLACK and not _STARTS_ITEM.match(text, span[0]) for span in open_)
    return width if full > 1 and items * 2 <= full and max(widths.values()) <= width + 4 else 0


def _measure(text: str, span: Span) -> int:
    """The width with the indent; a Latin sign takes half the room of a Chinese one."""
    line = text.rfind("\n", 0, span[0]) + 1
    return len(text[line : span[1]].encode("gbk", "replace"))


def _runs_on(text: str, line: Span, following: Span, width: int) -> bool:
    """Whether a line is full and the next one neither begins an item nor a paragraph."""
    between = text[line[1] : following[0]]
    if between.count("\n") + between.count("\r") - between.count("\r\n") != 1 or _STARTS_ITEM.match(text, following[0]):
        return False
    closed = bool(_CLOSED.search(text[slice(*line)]))
    if _MARKS_A_PARAGRAPH in between or (closed and between[-1:] in " \u3000"):
        return False
    return _measure(text, line) >= (width - 2 if closed else width - _SLACK)


def read_words(text: str, span: Span) -> str:
    """The words of a span, folded and without blanks."""
    return drop_blanks(fold(text[slice(*span)]))


def drop_blanks(words: str) -> str:
    return words if " " not in words and words.isprintable() else _BLANK.sub("", words)
