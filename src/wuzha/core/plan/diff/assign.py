"""The best way to pair two lists: the assignment of greatest total weight, in whole numbers, always the same one."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Pair: TypeAlias = tuple[int, int]
FAR = 1 << 62
LARGEST = 300
"""More rows than this in one tangle are no plan that a person wrote; there the best pair goes first, one by one."""


def assign_pairs(weights: Mapping[Pair, int]) -> tuple[Pair, ...]:
    """Pairs ``(row, column)``, each row and column at most once, whose weights sum to the most. Weights are above zero.

    Pairs that are not in ``weights`` are never made. What has no weight in common is decided apart, so that a long plan
    is as quick as its largest tangle.
    """
    found: list[Pair] = []
    for rows, columns in _list_tangles(weights):
        found += _assign_tangle(rows, columns, weights)
    return tuple(sorted(found))


def _list_tangles(weights: Mapping[Pair, int]) -> list[tuple[list[int], list[int]]]:
    """The connected parts of the graph of possible pairs."""
    by_row: dict[int, set[int]] = {}
    by_column: dict[int, set[int]] = {}
    for row, column in weights:
        by_row.setdefault(row, set()).add(column)
        by_column.setdefault(column, set()).add(row)
    seen: set[int] = set()
    tangles = []
    for first in sorted(by_row):
        if first not in seen:
            rows, columns = _walk(first, by_row, by_column)
            seen |= rows
            tangles.append((sorted(rows), sorted(columns)))
    return tangles


def _walk(first: int, by_row: Mapping[int, set[int]], by_column: Mapping[int, set[int]]) -> tuple[set[int], set[int]]:
    rows, columns, waiting = {first}, set[int](), [first]
    while waiting:
        for column in by_row[waiting.pop()] - columns:
            columns.add(column)
            fresh = by_column[column] - rows
            rows |= fresh
            waiting.extend(fresh)
    return rows, columns


def _assign_tangle(rows: Sequence[int], columns: Sequence[int], weights: Mapping[Pair, int]) -> list[Pair]:
    """One tangle by the Hungarian method. Who is put where no pair can be made, which weighs nothing, stays alone."""
    if len(rows) > len(columns):
        turned = {(column, row): weights[row, column] for row in rows for column in columns if (row, column) in weights}
        return [(row, column) for column, row in _assign_tangle(columns, rows, turned)]
    if len(rows) > LARGEST:
        return _assign_greedily(rows, columns, weights)
    costs = [[-weights.get((row, column), 0) for column in columns] for row in rows]
    pairs = ((rows[row], columns[place]) for row, place in enumerate(_Hungarian(costs).solve()))
    return [pair for pair in pairs if pair in weights]


def _assign_greedily(rows: Sequence[int], columns: Sequence[int], weights: Mapping[Pair, int]) -> list[Pair]:
    inside, there = set(rows), set(columns)
    pairs = sorted((-weight, pair) for pair, weight in weights.items() if pair[0] in inside and pair[1] in there)
    found: list[Pair] = []
    for _, (row, column) in pairs:
        if row in inside and column in there:
            inside.remove(row)
            there.remove(column)
            found.append((row, column))
    return found


class _Hungarian:
    """Kuhn's method with potentials, in time rows² × columns. There are no fewer columns than rows.

    Rows and columns count from 1 here; column 0 holds the row that is being placed.
    """

    def __init__(self, costs: Sequence[Sequence[int]]) -> None:
        self.costs, self.width = costs, len(costs[0]) if costs else 0
        self.of_row, self.of_column = [0] * (len(costs) + 1), [0] * (self.width + 1)
        self.holder, self.before = [0] * (self.width + 1), [0] * (self.width + 1)
        self.least, self.used = [FAR] * (self.width + 1), [False] * (self.width + 1)

    def solve(self) -> list[int]:
        """For each row its column, counted from 0, all different, at the least total cost."""
        for row in range(1, len(self.costs) + 1):
            self._place(row)
        chosen = [0] * len(self.costs)
        for column in range(1, self.width + 1):
            if self.holder[column]:
                chosen[self.holder[column] - 1] = column - 1
        return chosen

    def _place(self, row: int) -> None:
        self.holder[0], column = row, 0
        self.least, self.used = [FAR] * (self.width + 1), [False] * (self.width + 1)
        while self.holder[column]:
            self.used[column] = True
            column = self._reach_on(column)
        while column:
            self.holder[column] = self.holder[self.before[column]]
            column = self.before[column]

    def _reach_on(self, column: int) -> int:
        """The column that is reached next at the least cost, which the potentials are then moved to make free."""
        row = self.holder[column]
        for other in range(1, self.width + 1):
            cost = self.costs[row - 1][other - 1] - self.of_row[row] - self.of_column[other]
            if not self.used[other] and cost < self.least[other]:
                self.least[other], self.before[other] = cost, column
        nearest = min((one for one in range(1, self.width + 1) if not self.used[one]), key=self.least.__getitem__)
        self._move(self.least[nearest])
        return nearest

    def _move(self, step: int) -> None:
        for column in range(self.width + 1):
            if self.used[column]:
                self.of_row[self.holder[column]] += step
                self.of_column[column] -= step
            else:
                self.least[column] -= step
