"""What keeps a paper from going out: a figure nobody can open, headings out of order, a table that does not close."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields

from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.core.paper.model import (
    Figure,
    Grid,
    Heading,
    Merge,
    Paper,
    Picture,
    join_spans,
    list_figures,
    list_spans,
    number_headings,
)


def check_paper(paper: Paper) -> tuple[Problem, ...]:
    """Every problem of the paper, in the order in which it is read. A paper without errors can be laid out."""
    return (
        *_check_title(paper),
        *_check_signs(paper),
        *_check_levels(paper),
        *_check_figures(paper),
        *_check_grids(paper),
    )


def list_lines(paper: Paper) -> Iterator[tuple[str, str]]:
    """Every text that is printed, with the words by which its place is found."""
    for name in ("title", "addressee", "signed_by", "number", "issuer", "masthead"):
        yield name, getattr(paper, name)
    for one in fields(paper.marks):
        yield one.name, getattr(paper.marks, one.name)
    for text in paper.attachments:
        yield "attachments", text
    if paper.colophon:
        yield "colophon", paper.colophon.copied_to
        yield "colophon", paper.colophon.printed_by
    for number, block in enumerate(paper.all_blocks, start=1):
        yield str(number), join_spans(list_spans(block))


def _check_title(paper: Paper) -> Iterator[Problem]:
    if not paper.title.strip():
        yield make_problem("paper.no-title")


def _check_signs(paper: Paper) -> Iterator[Problem]:
    """Control signs cannot be written into a document; lone surrogates cannot be written at all."""
    for place, text in list_lines(paper):
        sign = next((sign for sign in text if not is_printable(sign)), None)
        if sign is not None:
            yield make_problem("paper.unprintable-sign", Source(key=place), sign=f"U+{ord(sign):04X}")


def is_printable(sign: str) -> bool:
    """Surrogates, control signs and the signs that Unicode keeps for no sign at all are not."""
    return unicodedata.category(sign) not in {"Cc", "Cs"} and ord(sign) & 0xFFFE != 0xFFFE


def _check_levels(paper: Paper) -> Iterator[Problem]:
    """The first heading is of level 1, and none goes down by more than one level."""
    above = 0
    for label, block in number_headings(paper.blocks):
        if isinstance(block, Heading):
            if block.level > above + 1:
                yield make_problem("paper.level-order", Source(clause=label), text=block.text)
            above = block.level


def _check_figures(paper: Paper) -> Iterator[Problem]:
    known = Counter(source.id for source in paper.sources)
    for name in sorted(name for name, times in known.items() if times > 1):
        yield make_problem("paper.source-twice", Source(key=name))
    printed: dict[str, str] = {}
    for figure in list_figures(paper):
        if figure.id not in known:
            yield make_problem("paper.figure-without-source", Source(key=figure.id), text=figure.text)
        yield from _check_same(figure, printed)


def _check_same(figure: Figure, printed: dict[str, str]) -> Iterator[Problem]:
    """The same figure says the same wherever it stands."""
    before = printed.setdefault(figure.id, figure.text)
    if before != figure.text:
        yield make_problem("paper.figure-differs", Source(key=figure.id), text=figure.text, before=before)


def _check_grids(paper: Paper) -> Iterator[Problem]:
    for number, grid in enumerate((block for block in paper.all_blocks if isinstance(block, Grid)), start=1):
        place = Source(key=grid.caption or str(number))
        if not is_even(grid):
            yield make_problem("paper.grid-uneven", place)
        elif not are_apart(grid):
            yield make_problem("paper.merge-wrong", place)


def is_even(grid: Grid) -> bool:
    """Whether it has a row, every row a cell a column, every column a width, and no more head than rows."""
    columns = len(grid.widths_mm)
    rows_fit = all(len(row) == columns for row in grid.rows)
    return bool(columns and grid.rows) and rows_fit and min(grid.widths_mm) > 0 and _has_body(grid)


def _has_body(grid: Grid) -> bool:
    return 0 <= grid.head_rows <= len(grid.rows)


def are_apart(grid: Grid) -> bool:
    """Whether the merged rectangles lie inside, none over another, none across the end of the head."""
    cells = Counter(cell for merge in grid.merged for cell in list_cells(merge))
    inside = all(0 <= row < len(grid.rows) and 0 <= column < len(grid.widths_mm) for row, column in cells)
    whole = all(min(merge.rows, merge.columns) > 0 and _is_on_one_side(merge, grid.head_rows) for merge in grid.merged)
    return inside and whole and all(times == 1 for times in cells.values())


def _is_on_one_side(merge: Merge, head_rows: int) -> bool:
    return merge.row >= head_rows or merge.row + merge.rows <= head_rows


def list_cells(merge: Merge) -> Iterator[tuple[int, int]]:
    """The row and column of each cell of the rectangle."""
    return (
        (row, column)
        for row in range(merge.row, merge.row + merge.rows)
        for column in range(merge.column, merge.column + merge.columns)
    )


def list_pictures(paper: Paper) -> Iterator[Picture]:
    return (block for block in paper.all_blocks if isinstance(block, Picture))
