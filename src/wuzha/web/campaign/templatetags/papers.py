"""Papers on a page: each block as it is printed, and each figure a link to what it counts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from wuzha.adapters.paper.layout import list_attachments, list_marks
from wuzha.core.paper.model import (
    Block,
    Figure,
    FigureSource,
    Grid,
    Heading,
    Merge,
    Paper,
    Paragraph,
    Picture,
    Span,
    list_rows,
    number_headings,
    say_day,
)
from wuzha.core.paper.restate import map_figures
from wuzha.web.campaign.models.papers import Form, IssuedPaper

register = template.Library()


@register.inclusion_tag("campaign/papers/paper.html")
def show_paper(
    paper: Paper, said: Mapping[str, Any] | None = None, issued: IssuedPaper | None = None, opens: bool = True
) -> dict[str, Any]:
    """``{% show_paper paper %}``: the paper in the order and look of the printed one.

    ``opens`` is false for whoever may not see what its figures count: for them they are plain numbers.

    Its photos are shown from the evidence that was chosen (``said``) or, of a public copy, masked as in ``issued``.
    """
    links = _link_photos(paper, said, issued)
    if not opens:
        paper = replace(paper, sources=())
    return {
        "paper": paper,
        "head": paper.worn_head,
        "mark": paper.masthead or paper.issuer,
        "day": say_day(paper.signed_on) if paper.signed_on else "",
        "blocks": [_draw(label, row, paper, links) for label, row in list_rows(number_headings(paper.blocks))],
        "marks": list_marks(paper),
        "attachments": list_attachments(paper),
        "annex": [_draw(label, row, paper, links) for label, row in list_rows(("", block) for block in paper.annex)],
    }


@register.filter
def list_sourced(paper: Paper) -> list[tuple[str, FigureSource]]:
    """The source of each figure beside the figure as it is printed."""
    printed = map_figures(paper)
    return [(printed.get(source.id, ""), source) for source in paper.sources]


@register.filter
def form_title(code: str) -> str:
    """A kind of paper in the language of the page."""
    return str(Form(code).label)


def _link_photos(paper: Paper, said: Mapping[str, Any] | None, issued: IssuedPaper | None) -> Mapping[str, str]:
    """Where the page gets each picture from, by its hash."""
    if issued is not None:
        shown = (block for block in issued.content["blocks"] if block["is"] == "picture")
        return {
            one["evidence"]: reverse("campaign:briefing-photo", args=(issued.pk, place, "masked"))
            for place, one in enumerate(shown)
        }
    photos = (said or {}).get("photos", ())
    return {one["sha256"]: reverse("campaign:evidence-thumbnail", args=(one["evidence"],)) for one in photos}


def _draw(label: str, row: tuple[Block, ...], paper: Paper, links: Mapping[str, str]) -> SafeString:
    match row[0]:
        case Heading() as block:
            words = format_html('<span class="paper-head-{}">{}{}</span>', block.level, label, block.text)
            return format_html('<p class="paper-level-{}">{}{}</p>', block.level, words, _join(block.run_on, paper))
        case Paragraph() as block:
            return format_html("<p>{}</p>", _join(block.spans, paper))
        case Grid() as block:
            return _draw_grid(block, paper)
        case Picture():
            shown = ((_draw_picture(block, links),) for block in row if isinstance(block, Picture))
            return format_html('<div class="paper-pictures">{}</div>', format_html_join("", "{}", shown))


def _draw_picture(picture: Picture, links: Mapping[str, str]) -> SafeString:
    address = links.get(picture.evidence)
    image = format_html('<img src="{}" alt="{}" loading="lazy">', address, picture.caption) if address else ""
    return format_html("<figure>{}<figcaption>{}</figcaption></figure>", image, picture.caption)


def _join(spans: Iterable[Span], paper: Paper) -> SafeString:
    return format_html_join("", "{}", ((_draw_span(span, paper),) for span in spans))


def _draw_span(span: Span, paper: Paper) -> SafeString | str:
    """A figure leads to the page that lists what it counts, and says when pointed at what that is."""
    source = paper.find_source(span.id) if isinstance(span, Figure) else None
    if not isinstance(span, Figure):
        return span
    if source is None:
        return span.text
    told = f"{source.definition}。{source.filter}"
    return format_html('<a class="paper-figure" href="{}" title="{}">{}</a>', source.address, told, span.text)


def _draw_grid(grid: Grid, paper: Paper) -> SafeString:
    rows = format_html_join("", "<tr>{}</tr>", ((_draw_row(grid, number, paper),) for number in range(len(grid.rows))))
    caption = format_html("<caption>{}</caption>", grid.caption) if grid.caption else ""
    return format_html('<div class="paper-grid" tabindex="0"><table>{}{}</table></div>', caption, rows)


def _draw_row(grid: Grid, row: int, paper: Paper) -> SafeString:
    return format_html_join("", "{}", ((cell,) for cell in _list_cells(grid, row, paper)))


def _list_cells(grid: Grid, row: int, paper: Paper) -> Iterator[SafeString]:
    """The cells of a row that are not hidden by a merge."""
    for column, span in enumerate(grid.rows[row]):
        merge = _find_merge(grid, row, column)
        if merge is not None and (merge.row, merge.column) != (row, column):
            continue
        size = format_html(' rowspan="{}" colspan="{}"', merge.rows, merge.columns) if merge else ""
        name = "th" if row < grid.head_rows else "td"
        kind = " num" if isinstance(span, Figure) else ""
        yield format_html('<{} class="cell{}"{}>{}</{}>', name, kind, size, _draw_span(span, paper), name)


def _find_merge(grid: Grid, row: int, column: int) -> Merge | None:
    def holds(merge: Merge) -> bool:
        return merge.row <= row < merge.row + merge.rows and merge.column <= column < merge.column + merge.columns

    return next((merge for merge in grid.merged if holds(merge)), None)
