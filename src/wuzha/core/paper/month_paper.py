"""The monthly table as a paper: the same figures in tables that fit a page, each with its source."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from wuzha.core.paper.check import is_printable
from wuzha.core.paper.column import Column
from wuzha.core.paper.model import Figure, FigureSource, Grid, Merge, Paper, Paragraph, Span, list_figures
from wuzha.core.paper.month import MonthlyRow, MonthlyTable
from wuzha.core.paper.month_words import (
    Link,
    list_notes,
    make_source,
    name_figure,
    no_link,
    say_cell,
    say_heading,
    say_period,
    say_row,
)

NUMBER_MM, NAME_MM, FIGURE_MM, TEXT_MM, SIGNED_MM = 8, 30, 15, 60, 28
BRIEF = "本件只列小计和合计；各单位的明细、文字说明和报送情况，在同一编号的电子表格（Excel）里。"
# So much stands beside the names before another table begins.
MOST_MM = 118
HEADS = ("序号", "单位")


def make_paper(table: MonthlyTable, link: Link = no_link) -> Paper:
    """The table cut into pieces that are as wide as a page, groups of columns kept together."""
    grids = tuple(make_grid(table, columns) for columns in cut_columns(table.columns))
    notes = tuple(Paragraph((words,)) for words in (say_period(table.question), *list_notes(table)))
    sources = tuple(_list_sources(table, link))
    return Paper("monthly-table", say_heading(table), (*grids, *notes), sealed=False, sources=sources)


def make_brief(paper: Paper, table: MonthlyTable) -> Paper:
    """The paper of the table as it is printed: sums alone, with the lines that stand in no subtotal, and without the
    columns in which sums say nothing. A table without subtotals is printed whole."""
    inner = {number for row in table.rows if row.kind == "subtotal" for number in row.members}
    if not inner:
        return paper
    short = replace(table, rows=tuple(row for number, row in enumerate(table.rows) if number not in inner))
    columns = tuple(column for column in table.columns if not column.is_text)
    grids = tuple(make_grid(short, piece) for piece in cut_columns(columns))
    words = tuple(block for block in paper.blocks if not isinstance(block, Grid))
    brief = replace(paper, blocks=(Paragraph((BRIEF,)), *grids, *words))
    said = {figure.id for figure in list_figures(brief)}
    return replace(brief, sources=tuple(source for source in paper.sources if source.id in said))


def _list_sources(table: MonthlyTable, link: Link) -> Iterator[FigureSource]:
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            if cell.is_known and not column.is_text:
                yield make_source(table, row, column, link)


def list_groups(columns: Sequence[Column]) -> list[tuple[Column, ...]]:
    """Columns beside each other that share a head."""
    groups: list[tuple[Column, ...]] = []
    for column in columns:
        if groups and groups[-1][0].group == column.group:
            groups[-1] = (*groups[-1], column)
        else:
            groups.append((column,))
    return groups


def cut_columns(columns: Sequence[Column], most: int = MOST_MM) -> list[tuple[Column, ...]]:
    """Pieces of whole groups, as many as fit; a group that is too wide by itself stands alone."""
    pieces: list[tuple[Column, ...]] = []
    for group in list_groups(columns):
        if pieces and sum(map(measure, (*pieces[-1], *group))) <= most:
            pieces[-1] += group
        else:
            pieces.append(group)
    return pieces


def measure(column: Column) -> int:
    """How wide it stands, in mm."""
    if column.source == "signed":
        return SIGNED_MM
    return TEXT_MM if column.is_text else FIGURE_MM


def make_grid(table: MonthlyTable, columns: Sequence[Column]) -> Grid:
    """Some columns of the table: two rows of heads, groups merged over their columns."""
    top = (*HEADS, *(column.group if _is_first(columns, place) else "" for place, column in enumerate(columns)))
    bottom = ("", "", *(say_head(column) for column in columns))
    body = (_make_row(table, row, number, columns) for row, number in number_rows(table.rows))
    widths = (NUMBER_MM, NAME_MM, *map(measure, columns))
    return Grid((top, bottom, *body), widths, 2, tuple(_list_merges(columns)))


def _is_first(columns: Sequence[Column], place: int) -> bool:
    return place == 0 or columns[place - 1].group != columns[place].group


def _list_merges(columns: Sequence[Column]) -> Iterator[Merge]:
    yield from (Merge(0, place, rows=2) for place in range(len(HEADS)))
    place = len(HEADS)
    for group in list_groups(columns):
        if len(group) > 1:
            yield Merge(0, place, columns=len(group))
        place += len(group)


def say_head(column: Column) -> str:
    """The head of one column: title, measure, and who says so where that is not Wuzha."""
    measure_ = f"（{column.measure}）" if column.measure and "（" not in column.title else ""
    return f"{column.title}{measure_}{'［导入］' if column.source == 'imported' else ''}"


def number_rows(rows: Sequence[MonthlyRow]) -> Iterator[tuple[MonthlyRow, int]]:
    """Each row with its number among the units; 0 for sums."""
    number = 0
    for row in rows:
        number += row.kind == "unit"
        yield row, number if row.kind == "unit" else 0


def _make_row(table: MonthlyTable, row: MonthlyRow, number: int, columns: Sequence[Column]) -> tuple[Span, ...]:
    cells = (_make_span(table, row, column) for column in columns)
    return (str(number) if number else "", say_row(row, table.question), *cells)


def _make_span(table: MonthlyTable, row: MonthlyRow, column: Column) -> Span:
    cell = table.read(row, column.code)
    text = say_cell(cell, column)
    return Figure(name_figure(row, column), text) if cell.is_known and not column.is_text else _set_in_one(text)


def _set_in_one(words: str) -> str:
    """What people typed as one line, without the signs that no file takes: one unit's line must not stop the table."""
    return "".join(sign for sign in " ".join(words.split()) if is_printable(sign))
