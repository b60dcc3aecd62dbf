"""Tables of a Word paper: those of its text, and the 版记 that stands at the foot of its last page."""

from copy import deepcopy

from docx.document import Document as WordDocument
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.shared import Mm
from docx.table import Table, _Cell, _Row

from wuzha.adapters.paper.layout import (
    PT_PER_MM,
    Role,
    find_measure,
    find_pitch,
    list_colophon,
    measure_text,
    scale_widths,
    size_table,
)
from wuzha.adapters.paper.word import CENTER, LEFT, RIGHT, Element, Set, add_run, make, set_paragraph
from wuzha.core.paper.model import Grid, Paper, Span, join_spans

# Stands in a cell that is to be copied, until its text does.
SIGN = "x"


def add_grid(document: WordDocument, grid: Grid, area_mm: float) -> None:
    """The table as wide as the type area, its head again on every page."""
    size_pt = size_table(grid, area_mm)
    if grid.caption:
        caption = set_paragraph(document.add_paragraph(), Set(align=CENTER, keep=True))
        add_run(caption, grid.caption, "hei", find_measure("table_pt"))
    if grid.caption == "" and _ends_in_table(document):
        # Two tables that touch are one to Word, with the head of the first over both.
        set_paragraph(document.add_paragraph(), Set(line_pt=1))
    widths_mm = scale_widths(grid, area_mm)
    table = _make_table(document, 2, widths_mm)
    head, body = table.rows
    samples = (
        _make_sample(head, widths_mm, size_pt, is_head=True),
        _make_sample(body, widths_mm, size_pt, is_head=False),
    )
    for number, cells in enumerate(grid.rows):
        table._tbl.append(_copy_row(samples[number >= grid.head_rows], cells))
    for merge in grid.merged:
        last = merge.row + merge.rows - 1, merge.column + merge.columns - 1
        _merge(table, (merge.row, merge.column), last)


def _ends_in_table(document: WordDocument) -> bool:
    """Whether the last of the text, before the section's own settings, is a table."""
    parts = [part for part in document.element.body if not part.tag.endswith("}sectPr")]
    return bool(parts) and parts[-1].tag.endswith("}tbl")


def _make_sample(row: _Row, widths_mm: list[float], size_pt: float, *, is_head: bool) -> Element:
    """A row as all others of its sort are, with a sign in each cell; taken out of its table.

    To make every cell anew takes a hundred times as long as to copy one, and a county's table has twenty thousand.
    """
    _fill_row(row, (SIGN,) * len(widths_mm), widths_mm, "hei" if is_head else "fang", size_pt)
    _mark_row(row, is_head=is_head)
    row._tr.getparent().remove(row._tr)
    return row._tr


def _copy_row(sample: Element, cells: tuple[Span, ...]) -> Element:
    row = deepcopy(sample)
    for cell, span in zip(row.tc_lst, cells, strict=True):
        run = cell.p_lst[0].r_lst[0]
        text = join_spans([span])
        if text:
            run.text = text
        else:
            run.getparent().remove(run)
    return row


def _make_table(document: WordDocument, rows: int, widths_mm: list[float]) -> Table:
    table: Table = document.add_table(rows=rows, cols=len(widths_mm), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    # Word goes by the cells' widths, LibreOffice by the columns'.
    for column, width_mm in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width_mm)
    return table


def _fill_row(row: _Row, cells: tuple[Span, ...], widths_mm: list[float], role: Role, size_pt: float) -> None:
    row.height_rule, row.height = WD_ROW_HEIGHT_RULE.AT_LEAST, Mm(find_measure("table_row_mm"))
    for cell, span, width_mm in zip(row.cells, cells, widths_mm, strict=True):
        cell.width = Mm(width_mm)
        _fill_cell(cell, join_spans([span]), role, size_pt)


def _fill_cell(cell: _Cell, text: str, role: Role, size_pt: float) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = set_paragraph(cell.paragraphs[0], Set(align=CENTER, line_pt=size_pt * 1.3))
    if text:
        add_run(paragraph, text, role, size_pt)


def _mark_row(row: _Row, *, is_head: bool) -> None:
    """No row is torn over two pages; a head stands again on each."""
    properties = row._tr.get_or_add_trPr()
    properties.append(make("cantSplit"))
    if is_head:
        properties.append(make("tblHeader"))


def _merge(table: Table, first: tuple[int, int], last: tuple[int, int]) -> None:
    """python-docx strings the empty paragraphs of the others together; they are dropped again."""
    rows = table._tbl.tr_lst
    merged = rows[first[0]].tc_at_grid_offset(first[1]).merge(rows[last[0]].tc_at_grid_offset(last[1]))
    for paragraph in merged.p_lst[1:]:
        merged.remove(paragraph)


def add_colophon(document: WordDocument, paper: Paper) -> None:
    """版记 (7.4): at the foot of the type area, thick rules above and below, thin between; none on a letter."""
    lines = list_colophon(paper)
    if not lines:
        return
    area_mm = find_measure("area_width_mm")
    right_mm = max(measure_text(right) for _, right in lines) * find_measure("colophon_pt") / PT_PER_MM + 12
    widths_mm = [area_mm - right_mm, right_mm]
    table = _make_table(document, len(lines), widths_mm)
    for number, (row, line) in enumerate(zip(table.rows, lines, strict=True)):
        _mark_row(row, is_head=False)
        _fill_line(row, line, widths_mm)
        if not line[1]:
            _merge(table, (number, 0), (number, 1))
    _draw_rules(table, ruled=paper.worn_head != "letter")
    _pin_to_foot(table)
    # The table floats on the page of the paragraph behind it, which takes no room.
    set_paragraph(document.add_paragraph(), Set(line_pt=1))


def _fill_line(row: _Row, line: tuple[str, str], widths_mm: list[float]) -> None:
    """A character in from both sides; what goes over a line begins below the first name (7.4.2)."""
    size_pt = find_measure("colophon_pt")
    own, hang = size_pt / find_pitch(), 3 if "：" in line[0][:4] else 0
    left = Set(align=LEFT, left=own * (1 + hang), first=-own * hang, line_pt=size_pt * 1.7)
    right = Set(align=RIGHT, right=own, line_pt=size_pt * 1.7)
    for cell, text, width_mm, how in zip(row.cells, line, widths_mm, (left, right), strict=True):
        cell.width = Mm(width_mm)
        paragraph = set_paragraph(cell.paragraphs[0], how)
        if text:
            add_run(paragraph, text, "fang", size_pt)


def _pin_to_foot(table: Table) -> None:
    """A table that floats at the bottom of the type area of the page its anchor is on.

    LibreOffice floats no table as wide as the type area: there it stands below the text.
    """
    properties = table._tbl.tblPr
    place = make(
        "tblpPr",
        leftFromText=0,
        rightFromText=0,
        vertAnchor="margin",
        horzAnchor="margin",
        tblpXSpec="center",
        tblpYSpec="bottom",
    )
    properties.insert_element_before(place, "w:tblOverlap", "w:tblW", "w:jc", "w:tblLayout", "w:tblLook")


def _draw_rules(table: Table, *, ruled: bool) -> None:
    """The rules, and no room between them and the text: the text is indented by whole characters."""
    borders, room = make("tblBorders"), make("tblCellMar")
    kinds = {"top": "thick", "left": "", "bottom": "thick", "right": "", "insideH": "thin", "insideV": ""}
    for edge, kind in kinds.items():
        borders.append(_make_rule(edge, kind if ruled else ""))
    for edge in ("left", "right"):
        room.append(make(edge, w=0, type="dxa"))
    table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    table._tbl.tblPr.insert_element_before(room, "w:tblLook")


def _make_rule(edge: str, kind: str) -> Element:
    if not kind:
        return make(edge, val="nil")
    size_pt = find_measure(f"colophon_{kind}_mm") * PT_PER_MM
    return make(edge, val="single", sz=round(size_pt * 8), space=0, color="000000")
