"""A ledger in columns that grows: what a running site counts its pages from.

Rows stand in the order in which they came, so that whoever counted the first so many finds what came since behind them.
They are only added; a row that another replaces stays and counts no longer. Thrown away and filled anew it holds the
same rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import RLock
from types import MappingProxyType
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from wuzha.adapters.columns.ledger import NONE, TEXT_FIELDS, Columns, Ints, Words

# Fields that are kept as the number of a text; the unit is kept by the number that the database gave it.
TEXTS = tuple(name for name in TEXT_FIELDS if name != "unit")
WIDTHS: Mapping[str, Any] = MappingProxyType(
    {
        **dict.fromkeys((*TEXTS, "unit", "happened_on", "replaces"), np.int32),
        **dict.fromkeys(("quantity", "people", "at_m", "area", "loss", "received_at"), np.int64),
        **dict.fromkeys(("id_high", "id_low"), np.uint64),
        **dict.fromkeys(("withdrawn", "counts"), np.bool_),
    }
)
# So many rows may lie outside the index by unit before it is made anew.
MOST_LOOSE = 20_000
# Of more units than this all rows are looked at instead of each unit's.
MOST_UNITS = 400
# Up to so many ids are looked for one by one.
FEW = 40

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Rows to be added, column by column, all of equal length.

    Ids are sixteen bytes each; ``replaces`` names, by its place, the few rows that replace another. ``texts`` by field;
    ``numbers`` by field, as :class:`Columns` has them, the unit by the database's number.
    """

    ids: Sequence[bytes]
    replaces: Mapping[int, bytes]
    texts: Mapping[str, Sequence[str]]
    numbers: Mapping[str, Ints]
    withdrawn: Mask


@dataclass(frozen=True, slots=True)
class Index:
    """The rows unit by unit, of the first ``size`` rows."""

    size: int
    rows: Rows
    units: NDArray[np.int32]

    @classmethod
    def of(cls, units: NDArray[np.int32]) -> "Index":
        rows = np.argsort(units, kind="stable")
        return cls(len(units), rows, units[rows])

    def find(self, unit: int) -> Rows:
        # Of the same width: otherwise the whole index is widened for each question.
        wanted = np.array([unit, unit + 1], np.int32)
        first, last = np.searchsorted(self.units, wanted)
        return self.rows[first:last]


class LiveColumns:
    """Rows that are only added. One may add while others read: each sees all that was added until then, whole."""

    def __init__(self) -> None:
        self.size = 0
        self._arrays: dict[str, NDArray[Any]] = {name: np.zeros(0, kind) for name, kind in WIDTHS.items()}
        self._texts: dict[str, int] = {"": 0}
        self._names: list[str] = [""]
        self._index = Index.of(np.zeros(0, np.int32))
        self._lock = RLock()

    # --- adding ---

    def append(self, arrivals: Arrivals) -> int:
        """Add the rows that are not there yet; how many they were. What a row replaces must be there, or among them."""
        with self._lock:
            high, low = _split(arrivals.ids)
            new = np.flatnonzero(self._find_ids(high, low, self.size) < 0)
            first = self.size
            self._write(arrivals, new, (high, low))
            rows = {place: first + row for row, place in enumerate(new.tolist())}
            self._replace({rows[place]: one for place, one in arrivals.replaces.items() if place in rows})
            if self.size - self._index.size > MOST_LOOSE:
                self._put_in_order()
            return len(new)

    def fill(self, pieces: Iterable[Arrivals]) -> None:
        """Add a whole ledger, piece by piece, in which no row comes twice. What is there must be nothing."""
        with self._lock:
            replacing: dict[int, bytes] = {}
            for piece in pieces:
                first = self.size
                self._write(piece, np.arange(len(piece.ids)), _split(piece.ids))
                replacing.update((first + place, replaced) for place, replaced in piece.replaces.items())
            # Not before: what a row replaces may stand in a later piece, since a database answers in any order.
            self._replace(replacing)
            self._put_in_order()

    def _put_in_order(self) -> None:
        self._index = Index.of(self._arrays["unit"][: self.size].copy())

    def _write(self, arrivals: Arrivals, new: Rows, ids: tuple[Words, Words]) -> None:
        first, last = self.size, self.size + len(new)
        self._make_room(last)
        here = slice(first, last)
        for name, half in zip(("id_high", "id_low"), ids, strict=True):
            self._arrays[name][here] = half[new]
        for name, numbers in arrivals.numbers.items():
            self._arrays[name][here] = numbers[new]
        for name, texts in arrivals.texts.items():
            self._arrays[name][here] = self._number(texts)[new]
        self._arrays["withdrawn"][here] = arrivals.withdrawn[new]
        self._arrays["counts"][here] = ~arrivals.withdrawn[new]
        self._arrays["replaces"][here] = -1
        self.size = last

    def _make_room(self, wanted: int) -> None:
        """Readers keep the arrays that they began with."""
        if wanted > len(self._arrays["unit"]):
            room = wanted + wanted // 8 + 64
            for name, array in list(self._arrays.items()):
                wider = np.zeros(room, array.dtype)
                wider[: self.size] = array[: self.size]
                self._arrays[name] = wider

    def _number(self, texts: Sequence[str]) -> Ints:
        """The number of each text; most texts are known, and many come again and again."""
        known = self._texts
        for text in set(texts) - known.keys():
            self._names.append(text)
            known[text] = len(self._names) - 1
        return np.array([known[text] for text in texts], np.int64)

    def _find_ids(self, high: Words, low: Words, size: int) -> Ints:
        highs, lows = self._arrays["id_high"][:size], self._arrays["id_low"][:size]
        found = np.full(len(low), -1, np.int64)
        if not size:
            return found
        if len(low) <= FEW:
            for place, (upper, lower) in enumerate(zip(high, low, strict=True)):
                rows = np.flatnonzero(lows == lower)
                rows = rows[highs[rows] == upper]
                found[place] = rows[0] if len(rows) else -1
            return found
        order = np.lexsort((highs, lows))
        return _find_sorted(highs[order], lows[order], order, high, low)

    def _replace(self, replacing: Mapping[int, bytes]) -> None:
        """The rows, by their numbers, stop counting what they replace."""
        if replacing:
            gone = self._find_ids(*_split(list(replacing.values())), self.size)
            self._arrays["replaces"][list(replacing)] = gone
            self._arrays["counts"][gone[gone >= 0]] = False

    # --- reading ---

    def read(self, name: str, rows: Rows | slice) -> NDArray[Any]:
        return self._arrays[name][rows]

    def list_since(self, size: int) -> Rows:
        """The rows that came after so many, and those that they replaced."""
        with self._lock:
            rows = np.arange(size, self.size)
            replaced = self._arrays["replaces"][rows]
        return np.unique(np.concatenate((rows, replaced[replaced >= 0])))

    def name(self, number: int) -> str:
        return self._names[number]

    def find_rows(
        self,
        kinds: Iterable[str] | None,
        last_day: int,
        units: Sequence[int] | None = None,
        known_by: int | None = None,
    ) -> Rows:
        """The rows in effect of these kinds and units up to that day, in the order of days and ids.

        Of all kinds, or of all units, where none are named.

        ``known_by``, in microseconds since 1970, asks for what was received and in effect by then.
        """
        with self._lock:
            rows = self._choose(kinds, last_day, units, known_by)
            ids = self._arrays["id_low"][rows], self._arrays["id_high"][rows]
            return rows[np.lexsort((*ids, self._arrays["happened_on"][rows]))]

    def list_latest(self, last_day: int, units: Sequence[int], count: int) -> list[UUID]:
        """The ids of so many rows in effect of these units up to that day: of the latest days, and of a day what was
        received last."""
        with self._lock:
            rows = self._choose(None, last_day, units, None)
            day = self._arrays["happened_on"][rows]
            if 0 < count < len(rows):
                # To put all in order would take as long as a page may.
                rows = rows[day >= np.partition(day, -count)[-count]]
            keys = [self._arrays[name][rows] for name in ("id_low", "id_high", "received_at", "happened_on")]
            chosen = rows[np.lexsort(keys)[::-1][:count]]
            ids = zip(self._arrays["id_high"][chosen].tolist(), self._arrays["id_low"][chosen].tolist(), strict=True)
            return [UUID(int=high << 64 | low) for high, low in ids]

    def _choose(
        self, kinds: Iterable[str] | None, last_day: int, units: Sequence[int] | None, known_by: int | None
    ) -> Rows:
        size = self.size
        counts = self._arrays["counts"][:size] if known_by is None else self._count_by(known_by, size)
        if units is not None and len(units) <= MOST_UNITS:
            rows = self._keep_kinds(self._list_of(units, size), kinds)
        else:
            rows = self._keep_kinds(np.arange(size), kinds)
            rows = rows if units is None else self._keep_units(rows, units)
        day = self._arrays["happened_on"][rows]
        found: Rows = rows[counts[rows] & (day <= last_day)]
        return found

    def _list_of(self, units: Sequence[int], size: int) -> Rows:
        """The rows of these units."""
        index = self._index
        loose = np.flatnonzero(np.isin(self._arrays["unit"][index.size : size], np.array(units, np.int32))) + index.size
        return np.concatenate((*(index.find(one) for one in units), loose))

    def _keep_kinds(self, rows: Rows, kinds: Iterable[str] | None) -> Rows:
        if kinds is None:
            return rows
        wanted = np.zeros(len(self._names), np.bool_)
        wanted[self._find_texts(kinds)] = True
        found: Rows = rows[wanted[self._arrays["kind"][rows]]]
        return found

    def _keep_units(self, rows: Rows, units: Sequence[int]) -> Rows:
        unit = self._arrays["unit"][rows]
        wanted = np.zeros(max(int(unit.max(initial=0)), *units) + 1, np.bool_)
        wanted[list(units)] = True
        found: Rows = rows[wanted[unit]]
        return found

    def _find_texts(self, texts: Iterable[str]) -> list[int]:
        return [self._texts[text] for text in texts if text in self._texts]

    def _count_by(self, known_by: int, size: int) -> Mask:
        """Which rows had been received by then and were neither withdrawn nor replaced."""
        known = self._arrays["received_at"][:size].astype(np.int64) <= known_by
        counts: Mask = known & ~self._arrays["withdrawn"][:size].astype(np.bool_)
        replaced = self._arrays["replaces"][:size][known]
        counts[replaced[replaced >= 0].astype(np.intp)] = False
        return counts

    def take(self, rows: Rows, codes: Mapping[int, str]) -> Columns:
        """These rows, all of which count, as the engines take them; ``codes`` names each unit by its number.

        A unit that has no code yet is nobody's.
        """
        with self._lock:
            return self._take(rows, codes)

    def _take(self, rows: Rows, codes: Mapping[int, str]) -> Columns:
        texts: dict[str, int] = {"": 0}
        found = {name: self._take_texts(name, rows, texts) for name in TEXTS}
        units, places = np.unique(self._arrays["unit"][rows], return_inverse=True)
        named = [texts.setdefault(codes.get(int(unit), ""), len(texts)) for unit in units]
        found["unit"] = np.array(named, np.int64)[places] if named else np.zeros(0, np.int64)

        def read(name: str) -> Ints:
            return np.asarray(self._arrays[name][rows], np.int64)

        return Columns(
            tuple(texts),
            found,
            np.asarray(self._arrays["id_high"][rows], np.uint64),
            np.asarray(self._arrays["id_low"][rows], np.uint64),
            read("happened_on"),
            quantity=read("quantity"),
            people=read("people"),
            at_m=read("at_m"),
            area=read("area"),
            loss=read("loss"),
            # The server has told of every row, so that the clock of the phone is never asked for.
            recorded_at=np.full(len(rows), NONE),
            received_at=read("received_at"),
            replaces=np.full(len(rows), -1, np.int64),
            withdrawn=np.zeros(len(rows), np.bool_),
        )

    def _take_texts(self, name: str, rows: Rows, texts: dict[str, int]) -> Ints:
        numbers, places = np.unique(self._arrays[name][rows], return_inverse=True)
        named = [texts.setdefault(self._names[int(number)], len(texts)) for number in numbers]
        return np.array(named, np.int64)[places] if named else np.zeros(0, np.int64)


def _split(ids: Sequence[bytes]) -> tuple[Words, Words]:
    """The upper and the lower half of each id."""
    halves = np.frombuffer(b"".join(ids), dtype=">u8").reshape(-1, 2).astype(np.uint64)
    return np.ascontiguousarray(halves[:, 0]), np.ascontiguousarray(halves[:, 1])


def _find_sorted(highs: Words, lows: Words, order: Rows, high: Words, low: Words) -> Ints:
    """Where each id stands among ids in order of their lower, then their upper halves; -1 where it does not."""
    found = np.full(len(low), -1, np.int64)
    first, last = np.searchsorted(lows, low), np.searchsorted(lows, low, side="right")
    for step in range(int((last - first).max(initial=0))):
        place = first + step
        inside = place < last
        hit = inside.copy()
        hit[inside] = highs[place[inside]] == high[inside]
        found[hit] = order[place[hit]]
    return found
