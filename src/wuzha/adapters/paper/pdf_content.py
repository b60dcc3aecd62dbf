"""What ``paper.typ`` is told of a paper: values only, every text a text and never markup."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from wuzha.adapters.paper.layout import (
    LEVEL_ROLES,
    Page,
    Role,
    break_title,
    find_mark,
    find_measure,
    find_pitch,
    fit_mark,
    has_signature,
    list_attachments,
    list_colophon,
    list_marks,
    list_signature,
    list_under_title,
    load_measures,
    say_addressee,
    scale_widths,
    size_table,
)
from wuzha.adapters.paper.picture import Print
from wuzha.core.paper.check import list_cells
from wuzha.core.paper.model import (
    Block,
    Grid,
    Head,
    Heading,
    Paper,
    Paragraph,
    Picture,
    join_spans,
    list_rows,
    list_spans,
    number_headings,
    say_day,
)

Value = object
"""Whatever JSON holds."""
MARK_SIZES: Mapping[Head, str] = MappingProxyType(
    {"red": "mark_pt", "letter": "letter_mark_pt", "briefing": "briefing_mark_pt", "plain": "mark_pt"}
)


def list_content(paper: Paper, page: Page, prints: Mapping[str, Print]) -> dict[str, Value]:
    """The paper as ``paper.typ`` reads it, but for its fonts."""
    day = paper.signed_on
    return {
        "title": paper.title,
        "author": paper.issuer or paper.signed_by,
        "day": [day.year, day.month, day.day] if day else None,
        "measures": {name: measure.value for name, measure in load_measures().items()},
        "character_pt": find_pitch(),
        "page": _describe_page(page),
        "head": _describe_head(paper),
        "title_lines": break_title(paper.title),
        "under_title": list_under_title(paper),
        "addressee": say_addressee(paper),
        "blocks": list(_list_blocks(number_headings(paper.blocks), page, prints, _find_closing(paper))),
        "annex": list(_list_blocks(_list_annex(paper), page, prints)),
        "attachments": list_attachments(paper),
        "signature": [{"text": text, "right": right} for text, right in list_signature(paper)],
        "sealed": paper.sealed,
        "colophon": [{"left": left, "right": right, "hangs": "：" in left[:4]} for left, right in list_colophon(paper)],
        "ruled": paper.worn_head != "letter",
    }


def list_texts(paper: Paper) -> Iterator[tuple[Role, str]]:
    """Everything that is printed, with the type it is printed in."""
    yield "number", "— 0123456789"
    yield "song", paper.title + find_mark(paper)
    if paper.worn_head == "plain":
        yield "kai", paper.issuer + paper.number
    for label, block in (*number_headings(paper.blocks), *_list_annex(paper)):
        yield from _list_block_texts(label, block)
    yield "hei", "附件"
    yield from ((role, text) for text, role in list_marks(paper))
    yield "kai", paper.marks.approved_by
    yield "fang", "签发人："
    yield "fang", "".join((say_addressee(paper), "附件：", paper.number, paper.issuer, *list_attachments(paper)))
    yield "fang", "".join(text for text, _ in list_signature(paper))
    yield "fang", "".join(left + right for left, right in list_colophon(paper))


def _list_block_texts(label: str, block: Block) -> Iterator[tuple[Role, str]]:
    match block:
        case Heading():
            yield LEVEL_ROLES[block.level - 1], label + block.text
            yield "fang", join_spans(block.run_on)
        case Paragraph():
            yield "fang", join_spans(block.spans)
        case Grid():
            yield "hei", block.caption + _join_rows(block, 0, block.head_rows)
            yield "fang", _join_rows(block, block.head_rows, len(block.rows))
        case Picture():
            yield "kai", join_spans(list_spans(block))


def _join_rows(grid: Grid, first: int, last: int) -> str:
    return "".join(join_spans(row) for row in grid.rows[first:last])


def _describe_page(page: Page) -> dict[str, Value]:
    return {
        "width_mm": page.width_mm,
        "height_mm": page.height_mm,
        "top_mm": page.top_mm,
        "bottom_mm": page.bottom_mm,
        "left_mm": page.left_mm,
        "right_mm": page.right_mm,
        "area_mm": page.area_mm,
    }


def _describe_head(paper: Paper) -> dict[str, Value]:
    mark = find_mark(paper)
    size_pt, width = fit_mark(mark, find_measure(MARK_SIZES[paper.worn_head]))
    return {
        "kind": paper.worn_head,
        "mark": mark,
        "size_pt": size_pt,
        "width": width,
        "number": paper.number,
        "marks": [{"text": text, "role": role} for text, role in list_marks(paper)],
        "approved_by": paper.marks.approved_by,
        "issuer": paper.issuer,
        "day": say_day(paper.signed_on) if paper.signed_on else "",
    }


def _list_annex(paper: Paper) -> Iterator[tuple[str, Block]]:
    return (("", block) for block in paper.annex)


def _find_closing(paper: Paper) -> int:
    """The row of blocks that stands together with the signature, or none."""
    return len(list(list_rows(number_headings(paper.blocks)))) - 1 if paper.attachments or has_signature(paper) else -1


def _list_blocks(
    labelled: Iterable[tuple[str, Block]], page: Page, prints: Mapping[str, Print], closing: int = -1
) -> Iterator[dict[str, Value]]:
    for number, (label, row) in enumerate(list_rows(labelled)):
        match row[0]:
            case Heading() as block:
                yield _describe_heading(label, block)
            case Paragraph() as block:
                yield {"kind": "paragraph", "text": join_spans(block.spans), "keep": number == closing}
            case Grid() as block:
                yield _describe_grid(block, page.area_mm)
            case Picture():
                pictures = [block for block in row if isinstance(block, Picture)]
                items = [_describe_picture(picture, prints[picture.evidence]) for picture in pictures]
                yield {"kind": "pictures", "items": items, "gap_mm": find_measure("picture_gap_mm")}


def _describe_heading(label: str, heading: Heading) -> dict[str, Value]:
    return {
        "kind": "heading",
        "level": heading.level,
        "text": label + heading.text,
        "run_on": join_spans(heading.run_on),
    }


def _describe_grid(grid: Grid, area_mm: float) -> dict[str, Value]:
    return {
        "kind": "grid",
        "caption": grid.caption,
        "head_rows": grid.head_rows,
        "size_pt": size_table(grid, area_mm),
        "widths": scale_widths(grid, area_mm),
        "cells": list(_list_grid_cells(grid)),
    }


def _list_grid_cells(grid: Grid) -> Iterator[dict[str, Value]]:
    """Every cell that is seen: those under a merge are left out."""
    merges = {(merge.row, merge.column): merge for merge in grid.merged}
    hidden = {cell for merge in grid.merged for cell in list_cells(merge)} - set(merges)
    for y, row in enumerate(grid.rows):
        for x, span in enumerate(row):
            if (y, x) not in hidden:
                merge = merges.get((y, x))
                columns, rows = (merge.columns, merge.rows) if merge else (1, 1)
                yield {"x": x, "y": y, "columns": columns, "rows": rows, "text": join_spans([span])}


def _describe_picture(picture: Picture, made: Print) -> dict[str, Value]:
    return {
        "file": f"{picture.evidence}.jpg",
        "caption": picture.caption,
        "width_mm": made.width_mm,
        "height_mm": made.height_mm,
    }
