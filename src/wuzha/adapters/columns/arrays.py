"""The amounts of every cell, counted in NumPy arrays over the tables: needs nothing beside what the site needs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wuzha.adapters.columns.counted import COLUMNS, Counted
from wuzha.adapters.columns.counters import Reach
from wuzha.adapters.columns.ledger import Ints
from wuzha.adapters.columns.tables import AUDIENCE, MEASURES, PLACE, VERB_NAMES, Table, Tables
from wuzha.adapters.columns.text import COLUMN_OF, SUMMED

ANY_GRADE = -1
FILE, COVER = VERB_NAMES.index("file"), VERB_NAMES.index("cover")


@contextmanager
def open_arrays(tables: Tables) -> Iterator["ArraySession"]:
    """The tables are arrays already."""
    yield ArraySession(tables)


@dataclass(frozen=True, slots=True)
class Hits:
    """Records with the window of a duty for which they count, and the unit that is credited: arrays of equal length."""

    rows: Ints
    unit: Ints
    win: Ints
    in_time: NDArray[np.bool_]


class ArraySession:
    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def count(self) -> Counted:
        """The amounts of every duty of :data:`wuzha.adapters.columns.text.SUMMED` verbs."""
        found = [np.zeros((len(COLUMNS), 0), np.int64)]
        for row, verb in enumerate(_read(self._tables.duty, "verb").tolist()):
            if VERB_NAMES[verb] in SUMMED:
                found.append(self._count_duty(self._read_duty(row)))
        return Counted(*np.concatenate(found, axis=1))

    def find_hits(self, number: int) -> Hits:
        """The records that count for the demand of that number, in the order of time."""
        return self._find_hits(self._read_duty(number))

    def _read_duty(self, row: int) -> Mapping[str, int]:
        return {name: int(_read(self._tables.duty, name)[row]) for name in self._tables.duty}

    def _count_duty(self, duty: Mapping[str, int]) -> Ints:
        hits = self._find_hits(duty)
        amounts = self._read_amounts(duty, hits)
        windows = int(hits.win.max(initial=0)) + 1
        cells, place = np.unique(hits.unit * windows + hits.win, return_inverse=True)
        now, at_due = np.zeros(len(cells), np.int64), np.zeros(len(cells), np.int64)
        np.add.at(now, place, amounts)
        np.add.at(at_due, place, amounts * hits.in_time)
        return np.stack((np.full(len(cells), duty["number"]), cells // windows, cells % windows, now, at_due))

    def _find_hits(self, duty: Mapping[str, int]) -> Hits:
        calendar, windows = self._tables.win, _read(self._tables.win, "calendar") == duty["calendar"]
        number, opens, closes, due = (_read(calendar, name)[windows] for name in ("number", "opens", "closes", "due"))
        rows = self._list_fed(duty)
        unit, day = self._record("unit")[rows], self._record("day")[rows]
        at = np.searchsorted(opens, day, side="right") - 1
        bearer = self._make_reach(duty["bearers"]).find_bearers(unit, day)
        counts = (bearer >= 0) & (at >= 0)
        counts[counts] = day[counts] < closes[at[counts]]
        at = at[counts]
        return Hits(rows[counts], bearer[counts].astype(np.int64), number[at], day[counts] <= due[at])

    def _list_fed(self, duty: Mapping[str, int]) -> Ints:
        """The records in effect, of known units, that the duty's kinds and words let count."""
        kinds = _read(self._tables.feed, "kind")[_read(self._tables.feed, "duty") == duty["number"]]
        counts = self._tables.in_effect & (self._record("unit") >= 0) & np.isin(self._record("kind"), kinds)
        for field, name in ((PLACE, "place"), (AUDIENCE, "audience")):
            if duty[name]:
                counts &= self._find_texts(duty["number"], field)[self._record(name)]
        if duty["grade"] != ANY_GRADE:
            counts &= self._record("grade") == duty["grade"]
        return np.flatnonzero(counts)

    def _find_texts(self, duty: int, field: int) -> NDArray[np.bool_]:
        """Which texts hold one of the duty's words."""
        word = self._tables.word
        mine = (_read(word, "duty") == duty) & (_read(word, "field") == field)
        words = [str(word["word"][row]) for row in np.flatnonzero(mine).tolist()]
        return np.array([any(one in text for one in words) for text in self._tables.columns.texts], np.bool_)

    def _make_reach(self, group: int) -> Reach:
        credit = self._tables.credit
        mine = np.flatnonzero(_read(credit, "bearers") == group)
        mine = mine[np.lexsort((_read(credit, "opens")[mine], _read(credit, "unit")[mine]))]
        bearer, unit, opens, closes = (_read(credit, name)[mine] for name in ("bearer", "unit", "opens", "closes"))
        return Reach(bearer, unit, opens, closes)

    def _read_amounts(self, duty: Mapping[str, int], hits: Hits) -> Ints:
        if duty["verb"] == FILE:
            return np.ones(len(hits.rows), np.int64)
        measure = MEASURES[duty["measure"]]
        amounts = self._record(COLUMN_OF.get(measure, measure))[hits.rows]
        if duty["verb"] == COVER:
            named = self._record("subject")[hits.rows] > 0
            amounts[named] = self._find_first(hits, named)
        return amounts

    def _find_first(self, hits: Hits, named: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which of the records that name a subject are the first to reach it in the window.

        Records stand in the order of their days, so that the first of a group is its first in time.
        """
        rows = hits.rows[named]
        own, subject = self._record("unit")[rows], self._record("subject")[rows]
        keys = np.stack((hits.unit[named], own, subject, hits.win[named]))
        order = np.lexsort(keys)
        keys = keys[:, order]
        is_first = np.ones(len(rows), np.bool_)
        is_first[order[1:]] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
        return is_first

    def _record(self, name: str) -> Ints:
        return _read(self._tables.record, name)


def _read(table: Table, name: str) -> Ints:
    return np.asarray(table[name])
