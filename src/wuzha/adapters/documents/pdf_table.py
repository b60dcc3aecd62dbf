"""Tables of a PDF by the lines that are drawn around their cells.

Drawn lines that touch each other make a grid. Where no line stands between two places of the grid, they are one merged
cell, and its words stand in the first of them. Distances are in points, heights count upwards.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

MAX_RULES = 300
"""Drawn lines of a page, pieces of one line taken together; a drawing has more, a table has not."""
NEAR = 2.5
"""Lines drawn as near as this are one; so far may they miss each other and still touch."""

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line: where it stands across (``at``), and from where to where it goes along."""

    at: float
    start: float
    end: float

    def covers(self, place: float) -> bool:
        return self.start - NEAR <= place <= self.end + NEAR


@dataclass(frozen=True, slots=True)
class Grid:
    """The borders from left to right and from top to bottom; ``firsts`` leads each place to the first of its cell."""

    columns: Sequence[float]
    rows: Sequence[float]
    firsts: Mapping[Place, Place]

    def find_place(self, across: float, height: float) -> Place | None:
        """The cell (row, column) around a point, named by its first place."""
        row = next((at for at, (top, bottom) in enumerate(pairwise(self.rows)) if bottom <= height <= top), None)
        column = next((at for at, (left, right) in enumerate(pairwise(self.columns)) if left <= across <= right), None)
        return None if row is None or column is None else self.firsts[row, column]


def find_grids(upright: Iterable[Rule], level: Iterable[Rule]) -> list[Grid]:
    """The tables of a page; a frame around one column is none."""
    across, along = _merge(upright), _merge(level)
    if len(across) + len(along) > MAX_RULES:
        return []
    groups = (_make_grid(*group) for group in _group(across, along))
    return [grid for grid in groups if grid is not None]


def _merge(rules: Iterable[Rule]) -> list[Rule]:
    """Pieces of one line, drawn cell by cell, as the whole line."""
    merged: list[Rule] = []
    for at, run in _cluster(sorted(rules, key=lambda rule: rule.at)):
        for rule in sorted(run, key=lambda item: item.start):
            last = merged[-1] if merged else None
            if last is not None and last.at == at and rule.start <= last.end + NEAR:
                merged[-1] = Rule(at, last.start, max(last.end, rule.end))
            else:
                merged.append(Rule(at, rule.start, rule.end))
    return merged


def _cluster(rules: Iterable[Rule]) -> Iterator[tuple[float, list[Rule]]]:
    """Neighbours that stand within ``NEAR`` of the first of them, under that one's place."""
    run: list[Rule] = []
    for rule in rules:
        if run and rule.at - run[0].at > NEAR:
            yield run[0].at, run
            run = []
        run.append(rule)
    if run:
        yield run[0].at, run


def _group(upright: Sequence[Rule], level: Sequence[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Lines that touch one another, over any number of others."""
    left = set(range(len(upright)))
    unseen = set(range(len(level)))
    while left:
        standing, lying, fresh = [left.pop()], [], True
        while fresh:
            more = [at for at in unseen if any(_touch(upright[one], level[at]) for one in standing)]
            unseen.difference_update(more)
            lying += more
            others = [at for at in left if any(_touch(upright[at], level[one]) for one in more)]
            left.difference_update(others)
            standing += others
            fresh = bool(others)
        yield [upright[at] for at in standing], [level[at] for at in lying]


def _touch(upright: Rule, level: Rule) -> bool:
    return upright.covers(level.at) and level.covers(upright.at)


def _make_grid(upright: Sequence[Rule], level: Sequence[Rule]) -> Grid | None:
    columns = [at for at, _ in groupby(sorted(rule.at for rule in upright))]
    rows = [at for at, _ in groupby(sorted((rule.at for rule in level), reverse=True))]
    if len(columns) < 3 or len(rows) < 2:
        return None
    firsts: dict[Place, Place] = {}
    for row in range(len(rows) - 1):
        for column in range(len(columns) - 1):
            firsts[row, column] = _find_first(row, column, (upright, level), (columns, rows), firsts)
    return Grid(columns, rows, firsts)


def _find_first(
    row: int,
    column: int,
    rules: tuple[Sequence[Rule], Sequence[Rule]],
    borders: tuple[Sequence[float], Sequence[float]],
    firsts: Mapping[Place, Place],
) -> Place:
    """The place itself, or where its left or upper neighbour begins if no line is drawn between."""
    (upright, level), (columns, rows) = rules, borders
    middle = (rows[row] + rows[row + 1]) / 2
    if column and not _is_drawn(upright, columns[column], middle):
        return firsts[row, column - 1]
    middle = (columns[column] + columns[column + 1]) / 2
    if row and not _is_drawn(level, rows[row], middle):
        return firsts[row - 1, column]
    return row, column


def _is_drawn(rules: Iterable[Rule], at: float, place: float) -> bool:
    return any(rule.at == at and rule.start <= place <= rule.end for rule in rules)
