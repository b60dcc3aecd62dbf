"""Photos of a Word paper: one as wide as the type area, or two beside each other in a table without rules."""

import io
from collections.abc import Mapping, Sequence

from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_LINE_SPACING
from docx.shared import Mm
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from wuzha.adapters.paper.layout import find_measure
from wuzha.adapters.paper.picture import Print
from wuzha.adapters.paper.word import CENTER, Set, add_run, make, set_paragraph
from wuzha.core.paper.model import Picture

# Word adds air at both sides of a cell, which would make it narrower than its picture.
CELL_MARGINS = ("left", "right")


def add_pictures(
    document: WordDocument, pictures: Sequence[Picture], prints: Mapping[str, Print], area_mm: float
) -> None:
    """One picture with its caption, or two side by side."""
    if len(pictures) == 1:
        _add_picture(document.add_paragraph(), pictures[0], prints[pictures[0].evidence])
        if pictures[0].caption:
            _add_caption(document.add_paragraph(), pictures[0].caption)
        return
    table = document.add_table(rows=1, cols=len(pictures))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    table.rows[0]._tr.get_or_add_trPr().append(make("cantSplit"))
    for column, cell, picture in zip(table.columns, table.rows[0].cells, pictures, strict=True):
        column.width = cell.width = Mm(area_mm / len(pictures))
        _set_margins(cell)
        _add_picture(cell.paragraphs[0], picture, prints[picture.evidence])
        if picture.caption:
            _add_caption(cell.add_paragraph(), picture.caption)


def _set_margins(cell: _Cell) -> None:
    margins = make("tcMar")
    for side in CELL_MARGINS:
        margins.append(make(side, w=0, type="dxa"))
    cell._tc.get_or_add_tcPr().append(margins)


def _add_picture(paragraph: WordParagraph, picture: Picture, made: Print) -> None:
    """A line of exact height would cut it off."""
    set_paragraph(paragraph, Set(align=CENTER, keep=bool(picture.caption), before_pt=6))
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    run = add_run(paragraph, "", "fang", find_measure("body_pt"))
    shape = run.add_picture(io.BytesIO(made.content), Mm(made.width_mm), Mm(made.height_mm))
    shape._inline.docPr.set("descr", picture.caption)


def _add_caption(paragraph: WordParagraph, text: str) -> None:
    set_paragraph(paragraph, Set(align=CENTER))
    add_run(paragraph, text, "kai", find_measure("table_pt"))
