"""The monthly table laid out for a page: sums first, and the lines of the town that is opened under its own.

The same lines come from a table that is being collected and from a paper that was issued. Values in, values out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from wuzha.core.paper.column import Column
from wuzha.core.paper.model import Figure, FigureSource, Grid, Paper, Span
from wuzha.core.paper.month import MonthlyRow
from wuzha.core.paper.month_line import Line
from wuzha.core.paper.month_paper import HEADS, list_groups, say_head
from wuzha.core.paper.month_words import name_column, say_cell, say_note, say_row
from wuzha.web.campaign.queries.monthly import link_figure
from wuzha.web.campaign.queries.table_calls import Collection

SUMS = ("subtotal", "total")
UNOPENED: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class GridCell:
    """A figure as it is printed, where it leads to, and what is said when it is pointed at."""

    text: str
    href: str = ""
    told: str = ""
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class GridLine:
    """A row: of a unit, or a sum. ``code`` is the unit's; ``line`` is how the unit's line stands, where that is shown;
    ``counted`` how many below a sum are handed in."""

    kind: str
    code: str
    label: str
    cells: tuple[GridCell, ...]
    is_open: bool = False
    line: Line | None = None
    counted: Mapping[str, int] = field(default_factory=lambda: UNOPENED)


@dataclass(frozen=True, slots=True)
class MonthGrid:
    """``groups`` are heads with how many columns each stands over, ``titles`` the columns' own."""

    groups: tuple[tuple[str, int], ...]
    titles: tuple[str, ...]
    lines: tuple[GridLine, ...]


# --- under collection -------------------------------------------------------------------------------------------------


def draw_live(collection: Collection, opened: str) -> MonthGrid:
    """``opened`` is the code of the town whose lines are shown; of a table without towns all are."""
    columns = collection.table.columns
    groups = tuple((group[0].group, len(group)) for group in list_groups(columns))
    return MonthGrid(groups, tuple(map(say_head, columns)), tuple(_list_live(collection, opened)))


def _list_live(collection: Collection, opened: str) -> Iterator[GridLine]:
    sums = [row for row in collection.table.rows if row.kind in SUMS]
    for row in sums:
        is_open = len(sums) == 1 or (row.kind == "subtotal" and row.unit.code == opened)
        yield _make_live(collection, row, is_open=is_open)
        if is_open:
            yield from (_make_live(collection, below) for below in collection.list_below(row))


def _make_live(collection: Collection, row: MonthlyRow, *, is_open: bool = False) -> GridLine:
    table = collection.table
    cells = (_make_cell(collection, row, column) for column in table.columns)
    counted = collection.count(row) if row.kind in SUMS else UNOPENED
    line = collection.lines.get(row.unit.code) if row.kind == "unit" else None
    return GridLine(row.kind, row.unit.code, say_row(row, table.question), tuple(cells), is_open, line, counted)


def _make_cell(collection: Collection, row: MonthlyRow, column: Column) -> GridCell:
    table = collection.table
    cell = table.read(row, column.code)
    href = link_figure(collection.asked, table, row, column) if cell.is_known else ""
    told = "；".join(words for words in (name_column(column), column.says, say_note(cell)) if words)
    return GridCell(say_cell(cell, column), href, told, column.is_text)


# --- issued -----------------------------------------------------------------------------------------------------------


def draw_issued(paper: Paper, opened: str) -> MonthGrid:
    """The frozen table: its pieces side by side again, each figure with the source that was issued with it."""
    grids = [block for block in paper.blocks if isinstance(block, Grid)]
    fixed = len(HEADS)
    heads, titles = ([span for grid in grids for span in grid.rows[number][fixed:]] for number in (0, 1))
    sources = {source.id: source for source in paper.sources}
    lines = [_make_issued(spans, label, sources) for label, spans in _list_issued(grids, fixed)]
    return MonthGrid(tuple(_join_heads(heads)), tuple(map(_read, titles)), tuple(_choose_lines(lines, opened)))


def _list_issued(grids: Sequence[Grid], fixed: int) -> Iterator[tuple[str, list[Span]]]:
    for number in range(grids[0].head_rows, len(grids[0].rows)):
        yield _read(grids[0].rows[number][1]), [span for grid in grids for span in grid.rows[number][fixed:]]


def _join_heads(heads: Iterable[Span]) -> Iterator[tuple[str, int]]:
    """A head and how many empty ones stand behind it."""
    found: list[tuple[str, int]] = []
    for head in map(_read, heads):
        if head or not found:
            found.append((head, 1))
        else:
            found[-1] = found[-1][0], found[-1][1] + 1
    return iter(found)


def _make_issued(spans: Sequence[Span], label: str, sources: Mapping[str, FigureSource]) -> GridLine:
    """Whose row it is stands in the names of its figures."""
    named = next((span.id.split(".") for span in spans if isinstance(span, Figure)), ["unit", ""])
    return GridLine(named[0], named[1], label, tuple(_make_frozen(span, sources) for span in spans))


def _make_frozen(span: Span, sources: Mapping[str, FigureSource]) -> GridCell:
    if not isinstance(span, Figure):
        return GridCell(span, is_text=len(span) > 2)
    source = sources.get(span.id)
    return (
        GridCell(span.text, source.address, f"{source.definition}；{source.filter}") if source else GridCell(span.text)
    )


def _choose_lines(lines: Sequence[GridLine], opened: str) -> Iterator[GridLine]:
    """Sums, the lines of the opened one under it."""
    is_small = sum(line.kind in SUMS for line in lines) == 1
    below: list[GridLine] = []
    for line in lines:
        if line.kind not in SUMS:
            below.append(line)
            continue
        is_open = is_small or (line.kind == "subtotal" and line.code == opened)
        yield GridLine(line.kind, line.code, line.label, line.cells, is_open)
        if is_open:
            yield from below
        below = []


def _read(span: Span) -> str:
    return span.text if isinstance(span, Figure) else span
