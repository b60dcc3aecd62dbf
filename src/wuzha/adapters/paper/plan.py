"""A plan as an official paper: .docx in the layout of GB/T 9704-2012 (page, grid and type of the body; no red head).

The type that the standard names is not free; the document names it with its East-Asian font in every run, and a machine
without it shows its own nearest.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import docx
from docx.document import Document as WordDocument
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph

Level = Literal["title", "issuer", "body", "first", "second", "third", "right", "caption"]


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph. ``head`` is set in the type of its level, ``text`` follows it in the type of the body."""

    level: Level
    text: str
    head: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; the first row is its head. ``widths_mm`` add up to the type area of 156 mm."""

    rows: tuple[tuple[str, ...], ...]
    widths_mm: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Type:
    """How a level is set: the East-Asian font, its size in points, and the paragraph."""

    font: str
    size_pt: float
    indent: bool = True
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY


SONG, HEI, KAI, FANG = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"
BODY = _Type(FANG, 16)
TYPES: Mapping[Level, _Type] = MappingProxyType(
    {
        "title": _Type(SONG, 22, indent=False, align=WD_ALIGN_PARAGRAPH.CENTER),
        "issuer": _Type(KAI, 16, indent=False, align=WD_ALIGN_PARAGRAPH.CENTER),
        "body": BODY,
        "first": _Type(HEI, 16),
        "second": _Type(KAI, 16),
        "third": BODY,
        "right": _Type(FANG, 16, indent=False, align=WD_ALIGN_PARAGRAPH.RIGHT),
        "caption": _Type(HEI, 16, indent=False, align=WD_ALIGN_PARAGRAPH.LEFT),
    }
)
PITCH_PT = 28.95
"""22 lines on the 225 mm of the type area (5.2.3)."""


def render_plan_docx(content: Iterable[Line | Grid], *, title: str, author: str) -> bytes:
    """The paper as the bytes of a .docx. ``title`` and ``author`` go into its properties."""
    document = docx.Document()
    document.core_properties.title, document.core_properties.author = title, author
    document.core_properties.comments = ""
    _set_page(document)
    for item in content:
        if isinstance(item, Line):
            _add_line(document.add_paragraph(), item)
        else:
            _add_grid(document, item)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _set_page(document: WordDocument) -> None:
    """A4 with 37 mm above, 28 mm at the binding, and the 156 × 225 mm type area that follows (5.2.1)."""
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(37), Mm(35)
    page.left_margin, page.right_margin = Mm(28), Mm(26)
    _add_page_number(page.footer.paragraphs[0])


def _add_page_number(paragraph: Paragraph) -> None:
    """— 1 — in 14 pt, as 7.5 asks; the number is a field that Word fills."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _add_run(paragraph, "— ", "宋体", 14)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    _add_run(paragraph, " —", "宋体", 14)


def _add_line(paragraph: Paragraph, line: Line) -> None:
    style = TYPES[line.level]
    _set_paragraph(paragraph, style)
    if line.head:
        _add_run(paragraph, line.head, style.font, style.size_pt)
        _add_run(paragraph, line.text, BODY.font, BODY.size_pt)
    else:
        _add_run(paragraph, line.text, style.font, style.size_pt)


def _set_paragraph(paragraph: Paragraph, style: _Type) -> None:
    form = paragraph.paragraph_format
    paragraph.alignment = style.align
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(PITCH_PT)
    if style.indent:
        form.first_line_indent = Pt(2 * style.size_pt)


def _add_run(paragraph: Paragraph, text: str, font: str, size_pt: float) -> None:
    """Word takes the East-Asian font from an attribute of its own, which must stand in every run."""
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, Pt(size_pt)
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _add_grid(document: WordDocument, grid: Grid) -> None:
    table = document.add_table(rows=len(grid.rows), cols=len(grid.widths_mm), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    # Word goes by the cells' widths, LibreOffice by the columns'.
    for column, width_mm in zip(table.columns, grid.widths_mm, strict=True):
        column.width = Mm(width_mm)
    _repeat_head(table)
    for number, (row, texts) in enumerate(zip(table.rows, grid.rows, strict=True)):
        _fill_row(row, texts, grid.widths_mm, HEI if number == 0 else FANG)


def _repeat_head(table: Table) -> None:
    """The head row stands again on each page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)


def _fill_row(row: _Row, texts: Sequence[str], widths_mm: Sequence[int], font: str) -> None:
    row.height_rule, row.height = WD_ROW_HEIGHT_RULE.AT_LEAST, Mm(9)
    for cell, text, width_mm in zip(row.cells, texts, widths_mm, strict=True):
        cell.width, cell.vertical_alignment = Mm(width_mm), WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _add_run(paragraph, text, font, 12)
