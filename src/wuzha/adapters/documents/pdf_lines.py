"""Signs with places to lines, lines to paragraphs: the page broke the lines, the writer the paragraphs.

Everything is judged by place: where the text's margins are, whether the next word would still have fitted, whether a
line is indented. Distances are in points.
"""

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from wuzha.adapters.documents.pdf_table import Grid, Place

OUTER_SHARE = 0.12
"""Headers, footers and page numbers stand in this share of the page at its top and bottom."""

CELL_GAP = 1.2
"""So many times the height of the letters part two cells; what is set wide in a sentence stays below."""

APART = 1.1
"""A head or foot is farther from the text than this many times what the lines of the text are from each other."""

_PAGE = re.compile(
    r"第\s*(\d{1,4})\s*页|^[-—–―－]+\s*(\d{1,4})\s*[-—–―－]|[-—–―－]\s*(\d{1,4})\s*[-—–―－]+$|\s(\d{1,4})$"
)
"""The number of a page inside a longer head or foot."""

_ASKS = re.compile(r"每|至少|不少于|不低于|\d\s*[次场条份个名人户项篇%％]")
_NUMBER = re.compile(r"[-—–―－一~·.•\s]*第?\s*\d{1,4}\s*页?\s*(?:[/／,，共]\s*共?\s*\d{1,4}\s*页?)?[-—–―－一~·.•\s]*")
_MARKER = re.compile(
    r"(?:第[零一二三四五六七八九十百\d]{1,5}[章节条]|[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]"
    r"|\d{1,2}[.．、）)](?!\d)|[①-⑳]|附件|附：)"
)
_ENDS = "。：:；;！!？?"
_CLOSING = "、，。．：；！？）】》〉」』”’,.:;!?)]}%％"
_WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef“”‘’—…]")
_TOKEN = re.compile(r"[0-9A-Za-z.,%％+\-/]+|.")


@dataclass(frozen=True, slots=True)
class Sign:
    text: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    left: float
    right: float
    bottom: float
    top: float
    page: int = 0
    is_row: bool = False
    """Whether its pieces stand far apart, as the cells of a table do."""

    @property
    def size(self) -> float:
        """The height of the line, which stands for the size of its letters."""
        return max(self.top - self.bottom, 1.0)


@dataclass(frozen=True, slots=True)
class Page:
    width: float
    height: float
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class _Frame:
    """How the text stands on the pages: its margins, the width of an ideograph, where paragraphs begin if indented."""

    left: float
    right: float
    em: float
    indent: float | None


def gather_lines(signs: Iterable[Sign | None], page: int, grids: Sequence[Grid] = ()) -> list[Line]:
    """The lines in the order of the file, a table as one line a row where its first sign stands."""
    items: list[Line | int] = []
    tables: dict[int, dict[Place, list[Sign | None]]] = {}
    for table, run in groupby(signs, key=lambda sign: _find_table(sign, grids)):
        if table is None:
            items += _gather_plain(run, page)
            continue
        if table not in tables:
            tables[table] = {}
            items.append(table)
        _fill_cells(tables[table], grids[table], run)
    return [
        line
        for item in items
        for line in ([item] if isinstance(item, Line) else _list_rows(grids[item], tables[item], page))
    ]


def _find_table(sign: Sign | None, grids: Sequence[Grid]) -> int | None:
    if sign is None:
        return None
    return next((at for at, grid in enumerate(grids) if grid.find_place(*sign.middle) is not None), None)


def _fill_cells(cells: dict[Place, list[Sign | None]], grid: Grid, signs: Iterable[Sign | None]) -> None:
    for sign in signs:
        place = grid.find_place(*sign.middle) if sign else None
        if place is not None:
            cells.setdefault(place, []).append(sign)


def _list_rows(grid: Grid, cells: Mapping[Place, Sequence[Sign | None]], page: int) -> Iterator[Line]:
    """Each row that holds words, its cells apart by tabs; a merged cell has its words in its first place."""
    for row, (top, bottom) in enumerate(pairwise(grid.rows)):
        places = [_write_cell(cells.get((row, column), ()), page) for column in range(len(grid.columns) - 1)]
        if any(places):
            yield Line("\t".join(places), grid.columns[0], grid.columns[-1], bottom, top, page, True)


def _write_cell(signs: Sequence[Sign | None], page: int) -> str:
    """The lines of a cell: what was only broken at its edge is joined, what the writer broke is apart."""
    return "\v".join(_join_lines(_gather_plain(signs, page)))


def _gather_plain(signs: Iterable[Sign | None], page: int) -> list[Line]:
    """Lines of text; pieces that stand beside each other on one height are one line."""
    lines: list[Line] = []
    for run in _split_runs(signs):
        line = _make_line(run, page)
        if lines and _is_beside(lines[-1], line):
            lines[-1] = _put_beside(lines[-1], line)
        else:
            lines.append(line)
    return lines


def _split_runs(signs: Iterable[Sign | None]) -> Iterator[list[Sign]]:
    """The signs that are printed one after the other on one height; blanks are told by the gaps, not by themselves."""
    run: list[Sign] = []
    for sign in signs:
        if sign is not None and not sign.text.strip():
            continue
        if run and (sign is None or not _is_level(run[-1], sign)):
            yield run
            run = []
        if sign is not None:
            run.append(sign)
    if run:
        yield run


def _is_level(before: Sign, sign: Sign) -> bool:
    """Whether the two share a third of their height, as a raised figure still does with its neighbours."""
    shared = min(before.top, sign.top) - max(before.bottom, sign.bottom)
    return shared > 0.3 * min(before.top - before.bottom, sign.top - sign.bottom)


def _make_line(signs: list[Sign], page: int) -> Line:
    """The signs from left to right, whatever order the file has them in: another font may have been printed first."""
    written = sorted(signs, key=lambda sign: sign.left)
    pieces = [written[0].text]
    is_row = False
    for before, sign in pairwise(written):
        if not _is_printed_again(before, sign):
            pieces.append(f" {sign.text}" if _is_apart(before, sign) else sign.text)
            is_row = is_row or sign.left - before.right > CELL_GAP * (before.top - before.bottom)
    left, right = written[0].left, max(sign.right for sign in written)
    bottom, top = min(sign.bottom for sign in written), max(sign.top for sign in written)
    return Line("".join(pieces), left, right, bottom, top, page, is_row)


def _is_printed_again(before: Sign, sign: Sign) -> bool:
    """Bold letters are sometimes made by printing each twice, a hair apart."""
    return before.text == sign.text and sign.left - before.left < 0.2 * (before.right - before.left)


def _is_apart(before: Sign, sign: Sign) -> bool:
    """Whether a blank stands between: ideographs and what is beside them are often set wide, letters are not."""
    gap = sign.left - before.right
    is_wide = _WIDE.match(before.text) or _WIDE.match(sign.text)
    return gap > (0.8 if is_wide else 0.15) * max(before.top - before.bottom, 1.0)


def _is_beside(before: Line, line: Line) -> bool:
    middle, other = (before.top + before.bottom) / 2, (line.top + line.bottom) / 2
    return abs(middle - other) < 0.3 * min(before.size, line.size) and line.left >= before.right - 1


def _put_beside(before: Line, line: Line) -> Line:
    gap = line.left - before.right
    return replace(
        before,
        text=f"{before.text}{' ' if gap > 0.5 * before.size else ''}{line.text}",
        right=line.right,
        bottom=min(before.bottom, line.bottom),
        top=max(before.top, line.top),
        is_row=before.is_row or line.is_row or gap > CELL_GAP * before.size,
    )


def write_text(pages: Sequence[Page]) -> str:
    """The paragraphs of all pages, a line each."""
    return "\n".join(_join_lines(_join_tables([line for page in _drop_margins(pages) for line in page])))


def _join_lines(lines: Sequence[Line]) -> list[str]:
    """The paragraphs that the lines were broken from."""
    if not lines:
        return []
    frame = _measure(lines)
    ends = _find_right_edges(lines, frame)
    paragraphs = [lines[0].text]
    for (before, line), edge in zip(pairwise(lines), ends, strict=False):
        if _begins(before, line, edge, frame):
            paragraphs.append(line.text)
        else:
            paragraphs[-1] = _join(paragraphs[-1], line.text)
    return paragraphs


def _join_tables(lines: Sequence[Line]) -> list[Line]:
    """Tables that go on over the end of a page: heads told again fall away, a row that was cut is one row."""
    joined: list[Line] = []
    head = ""
    for line in lines:
        last = joined[-1] if joined else None
        if "\t" not in line.text or last is None or last.text.count("\t") != line.text.count("\t"):
            head = line.text
            joined.append(line)
        elif last.page == line.page:
            joined.append(line)
        elif _is_cut(last.text, line.text):
            joined[-1] = replace(last, text=_join_cells(last.text, line.text), page=line.page)
        elif line.text != head:
            joined.append(line)
    return joined


def _is_cut(text: str, more: str) -> bool:
    """Whether a row without its first cell is the rest of the row before, not one under a merged cell."""
    pairs = zip(text.split("\t"), more.split("\t"), strict=True)
    begins = any(rest and (cell[-1:] in _ENDS or _MARKER.match(rest)) for cell, rest in pairs)
    return more.startswith("\t") and not begins


def _join_cells(text: str, more: str) -> str:
    return "\t".join(_join(cell, rest) for cell, rest in zip(text.split("\t"), more.split("\t"), strict=True))


def _join(text: str, more: str) -> str:
    """Without a blank, but between two words of letters or figures."""
    is_word = text[-1:].isascii() and more[:1].isascii() and text[-1:].isalnum() and more[:1].isalnum()
    return f"{text} {more}" if is_word and not (text[-1:].isdigit() and more[:1].isdigit()) else text + more


def _drop_margins(pages: Sequence[Page]) -> list[list[Line]]:
    """The lines of each page without page numbers and the heads and feet that stand apart from the text."""
    repeated = _find_repeated(pages)
    return [
        [
            line
            for line in page.lines
            if not (_is_outer(line, page) and (_NUMBER.fullmatch(line.text) or _name_place(line) in repeated))
        ]
        for page in pages
    ]


def _find_repeated(pages: Sequence[Page]) -> set[tuple[str, int]]:
    """What at least half of the pages, and three, have at the same height, apart from the text and no sentence.

    With narrow margins the text itself begins in the outer part of the page; when in doubt a line is text.
    """
    pitch = _find_pitch(pages)
    counts = Counter(name for page in pages for name in {_name_place(line) for line in _list_apart(page, pitch)})
    return {name for name, count in counts.items() if count >= max(3, len(pages) / 2)}


def _find_pitch(pages: Sequence[Page]) -> float:
    """From one line of the text to the next, as most lines of all pages stand."""
    steps = [step for page in pages for step in _list_steps(_sort_down(page))]
    return statistics.median(steps) if steps else 0.0


def _list_apart(page: Page, pitch: float) -> Iterator[Line]:
    """The lines that a gap parts from the text above or below them, and that neither ask nor end a sentence."""
    down = _sort_down(page)
    steps = [*_list_steps(down)]
    gaps = [at + 1 for at, step in enumerate(steps) if step > APART * max(pitch, down[at].size)]
    head = max((at for at in gaps if _is_outer(down[at - 1], page) and _is_high(down[at - 1], page)), default=0)
    foot = min((at for at in gaps if _is_outer(down[at], page) and not _is_high(down[at], page)), default=len(down))
    for line in (*down[:head], *down[max(head, foot) :]):
        if not line.is_row and line.text[-1:] not in _ENDS and not _ASKS.search(line.text):
            yield line


def _sort_down(page: Page) -> list[Line]:
    return sorted(page.lines, key=lambda line: -line.bottom)


def _list_steps(down: Sequence[Line]) -> Iterator[float]:
    return (before.bottom - line.bottom for before, line in pairwise(down))


def _name_place(line: Line) -> tuple[str, int]:
    """The words, with the number of the page told from the page itself, and the height."""
    return _PAGE.sub(lambda told: _count_from(told, line.page), line.text), round(line.bottom / 3)


def _count_from(told: re.Match[str], page: int) -> str:
    number = next(filter(None, told.groups()))
    return told[0].replace(number, f"#{int(number) - page}", 1)


def _is_high(line: Line, page: Page) -> bool:
    return line.bottom > page.height / 2


def _is_outer(line: Line, page: Page) -> bool:
    return line.bottom > page.height * (1 - OUTER_SHARE) or line.top < page.height * OUTER_SHARE


def _measure(lines: Sequence[Line]) -> _Frame:
    lines = [line for line in lines if not line.is_row] or lines
    em = statistics.median(_find_em(line) for line in lines)
    widest = max(line.right - line.left for line in lines)
    full = [line for line in lines if line.right - line.left > 0.6 * widest]
    left = sorted(line.left for line in full)[len(full) // 20]
    right = sorted(line.right for line in full)[len(full) * 9 // 10]
    starts = [line.left for before, line in pairwise(lines) if _would_have_fitted(before, line, right, em)]
    indented = [place for place in starts if 1.2 * em < place - left < 4 * em]
    indent = _find_common(indented) if len(indented) * 2 > len(starts) else None
    return _Frame(left, right, em, indent)


def _find_em(line: Line) -> float:
    """The width of an ideograph, guessed from the line's width and how many signs of which width it has."""
    return (line.right - line.left) / max(_count_ems(line.text), 1.0)


def _count_ems(text: str) -> float:
    return sum(1.0 if _WIDE.match(sign) else 0.5 for sign in text)


def _find_common(places: Iterable[float]) -> float:
    return float(Counter(round(place) for place in places).most_common(1)[0][0])


def _would_have_fitted(before: Line, line: Line, edge: float, em: float) -> bool:
    """Whether the first word of a line had room on the line before: then the writer began it anew."""
    token = _TOKEN.match(line.text)
    word = token[0] if token else ""
    closing = len(line.text[len(word) :]) - len(line.text[len(word) :].lstrip(_CLOSING))
    return edge - before.right > (_count_ems(word) + closing + 0.6) * em


def _is_indented(line: Line, frame: _Frame) -> bool:
    return line.left > frame.left + 1.2 * frame.em


def _find_right_edges(lines: Sequence[Line], frame: _Frame) -> Iterator[float]:
    """For each line, where lines like it end: at the margin, or at the edge of the cell or column around it."""
    for column, run in groupby(lines, key=lambda line: _name_column(line, frame)):
        held = list(run)
        is_cell = column and len(held) > 1 and held[0].left < frame.left + 0.7 * (frame.right - frame.left)
        edge = max(line.right for line in held) if is_cell else frame.right
        yield from (edge for _ in held)


def _name_column(line: Line, frame: _Frame) -> int:
    """Where a line stands that is neither at the margin nor where paragraphs begin; 0 for all others."""
    begins = frame.indent is not None and abs(line.left - frame.indent) < frame.em
    return round(line.left / (frame.em / 2)) if _is_indented(line, frame) and not begins else 0


def _begins(before: Line, line: Line, edge: float, frame: _Frame) -> bool:
    """Whether the line begins a paragraph."""
    if before.is_row or line.is_row:
        return True
    if _is_title(before, line, frame):
        return False
    if _is_at_right(before, frame) or _would_have_fitted(before, line, edge, frame.em):
        return True
    column = _name_column(line, frame)
    if _is_indented(line, frame) and not (column and column == _name_column(before, frame)):
        return True
    has_ended = before.text[-1:] in _ENDS
    if frame.indent is None or column:
        return has_ended or bool(_MARKER.match(line.text))
    return has_ended and bool(_MARKER.match(line.text))


def _is_at_right(line: Line, frame: _Frame) -> bool:
    """Signatures and dates stand at the right margin and are complete."""
    return line.left > (frame.left + frame.right) / 2 and line.right > frame.right - 2 * frame.em


def _is_title(before: Line, line: Line, frame: _Frame) -> bool:
    """Two centred lines in the same letters, larger than the rest: a title too long for one line."""
    big = min(_find_em(before), _find_em(line)) > 1.15 * frame.em
    same = abs(_find_em(before) - _find_em(line)) < 0.1 * frame.em
    centred = abs((before.left + before.right) - (line.left + line.right)) < 2 * frame.em
    return big and same and centred and before.page == line.page and before.text[-1:] not in _ENDS
