"""Counting for a nation on one machine: an array of small counters, one for each cell of unit and window.

The numbers that a plan needs are those of tree and calendar, not of texts. Units are numbered depth-first, so that
what lies below a unit is a slice, and a sum over it the difference of two running sums. Records are packed into words
of four or eight bytes, parted by ranges of units, and each range is counted in counters that fit a processor's own
memory. Nothing needs the records to come in any order.

Counters are one byte wide where the goals allow it, and safely so:

* no amount is negative, so a sum reaches a goal when the sum of the amounts, each cut to the highest goal, reaches it;
* a byte that ran over has lost 256, so the counters add up to all that was put into them only if none ran over. They
  are added up; where they do not agree, the range is counted again in eight bytes.

A window that can still be filled after its due day has two counters, of what came in time and of what came after it.
So each record is counted once a duty.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
# Whole numbers of a width that depends on how many there are.
Numbers = NDArray[np.integer[Any]]

# A goal that nothing reaches: of windows that are not asked about, and of units that do not bear the duty.
NEVER = int(np.iinfo(np.int64).max)
# What is counted where a duty counts no amount: each record once.
ONCE = ""
# Counters of one range of units, in all; so many bytes stay in a processor's second cache.
CELLS_AT_ONCE = 1 << 22
MOST_RANGES = 256
# Records looked at at once, so that what is worked out for them stays in the first or second cache.
RECORDS_AT_ONCE = 1 << 14
# A row of counters is a little longer than a power of two: a unit's own would all fall on the same lines of a cache.
PADDING = 64
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Batch:
    """Some records: who did it, by what kind of record (``feed``), on which day, how much.

    ``unit`` and ``feed`` count from 0, ``day`` is in the numbers of the windows; amounts are whole and never negative.
    """

    unit: Numbers
    feed: Numbers
    day: Numbers
    amounts: Mapping[str, Numbers]


@dataclass(frozen=True)
class Reach:
    """Who is credited with a unit's records: ``bearer`` by unit, -1 where nobody is.

    With ``opens`` and ``closes`` given, row ``n`` says that from day ``opens[n]`` to ``closes[n] - 1`` the records of
    ``unit[n]`` are those of ``bearer[n]``; the rows stand in the order of unit and day.
    """

    bearer: Ints
    unit: Ints | None = None
    opens: Ints | None = None
    closes: Ints | None = None

    @cached_property
    def is_own(self) -> bool:
        """Whether nobody is credited with another's records."""
        return self.unit is None and bool(((self.bearer == np.arange(len(self.bearer))) | (self.bearer < 0)).all())

    def find_bearers(self, unit: Numbers, day: Numbers) -> Numbers:
        if self.is_own:
            return unit
        if self.unit is None or self.opens is None or self.closes is None:
            return self.bearer.take(unit)
        return self._find_dated(unit.astype(np.int64), day.astype(np.int64), (self.unit, self.opens, self.closes))

    def _find_dated(self, unit: Ints, day: Ints, rows: tuple[Ints, Ints, Ints]) -> Ints:
        if not len(rows[0]):
            return np.full(len(unit), -1)
        units, opens, closes = rows
        low = min(int(opens.min()), int(day.min(initial=0)))
        span = max(int(opens.max()), int(day.max(initial=0))) - low + 1
        at = np.searchsorted(units * span + (opens - low), unit * span + (day - low), side="right") - 1
        found = (at >= 0) & (units[at] == unit) & (day < closes[at])
        return np.where(found, self.bearer[at], -1)


@dataclass(frozen=True, slots=True)
class Lane:
    """A duty as the counters see it.

    ``opens``, ``closes`` and ``due`` are its windows, which do not overlap, cut at the day asked about; ``over`` says
    whether a window's due day has passed. ``goals`` holds a row for each sort of bearer and a column for each window,
    ``sort`` the row of each unit; :data:`NEVER` where nothing is asked. A unit that bears nothing is of a sort that is
    never asked.
    """

    reach: int
    measure: str
    feeds: tuple[int, ...]
    opens: Ints
    closes: Ints
    due: Ints
    over: NDArray[np.bool_]
    sort: Numbers | None
    goals: Ints

    @property
    def highest(self) -> int:
        return int(self.goals.max(where=self.goals != NEVER, initial=0))

    @property
    def splits(self) -> NDArray[np.bool_]:
        """Which windows tell in time from late."""
        return self.over & (self.due < self.closes - 1)

    @property
    def is_reached_by_nothing(self) -> bool:
        """Whether somewhere the goal is none, which who does nothing has reached."""
        return bool((self.goals <= 0).any())

    @property
    def one_goal(self) -> int:
        """What every window asks of everybody; 0 where that differs, or where some due days are still to come."""
        goals = np.unique(self.goals)
        is_one = len(goals) == 1 and len(self.goals) == 1 and 0 < goals[0] < NEVER and bool(self.over.all())
        return int(goals[0]) if is_one else 0


@dataclass(frozen=True, slots=True)
class Reached:
    """Of each unit, in how many of its windows the goal was reached: in time, late, and where it is not yet due."""

    on_time: Numbers
    late: Numbers
    early: Numbers


@dataclass(frozen=True, slots=True)
class Bank:
    """Lanes that are counted together: one reach, one measure, one width of counter.

    ``first`` is each lane's first counter; counter 0 takes what counts nowhere. ``tables`` say for each feed and day
    which counter; each table serves lanes of different feeds, and a record passes all of them. ``spills`` says of a
    table whether it leaves anything out.
    """

    reach: int
    measure: str
    cut: int
    lanes: tuple[int, ...]
    first: tuple[int, ...]
    planes: int
    tables: tuple[Ints, ...]
    spills: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a count stands on: how many units, feeds and days, and the first day."""

    units: int
    feeds: int
    first_day: int
    days: int

    @classmethod
    def of(cls, units: int, lanes: Sequence[Lane]) -> "Ground":
        feeds = 1 + max((feed for lane in lanes for feed in lane.feeds), default=0)
        opened = [lane for lane in lanes if len(lane.opens)]
        if not opened:
            return cls(units, feeds, 0, 1)
        opens = min(int(lane.opens.min()) for lane in opened)
        return cls(units, feeds, opens, max(int(lane.closes.max()) for lane in opened) - opens)


@dataclass(frozen=True, slots=True)
class Packed:
    """Records of one reach, parted by ranges of units: ``words`` hold place in the range, feed and day."""

    words: Numbers
    amounts: Mapping[str, Numbers]
    starts: Ints

    def take_range(self, number: int) -> slice:
        return slice(int(self.starts[number]), int(self.starts[number + 1]))


@dataclass(frozen=True)
class Count:
    """One question to the counters."""

    ground: Ground
    lanes: Sequence[Lane]
    reaches: Sequence[Reach]

    @cached_property
    def banks(self) -> tuple[Bank, ...]:
        return tuple(_make_banks(self.lanes, self.ground))

    @cached_property
    def bits(self) -> int:
        """How many binary digits the place of a unit in its range has."""
        planes = max((bank.planes for bank in self.banks), default=1)
        bits = max(6, (CELLS_AT_ONCE // planes).bit_length() - 1)
        while self.ground.units >> bits >= MOST_RANGES:
            bits += 1
        return min(bits, max(1, self.ground.units.bit_length()))

    @property
    def row(self) -> int:
        """How many counters stand in a row: one for each unit of a range."""
        return (1 << self.bits) + PADDING

    @property
    def ranges(self) -> int:
        return (self.ground.units >> self.bits) + 1

    @cached_property
    def cuts(self) -> Mapping[tuple[int, str], int]:
        """For each reach and measure, the most that one record need count."""
        found: dict[tuple[int, str], int] = {}
        for bank in self.banks:
            key = (bank.reach, bank.measure)
            found[key] = max(found.get(key, 0), bank.cut)
        return found


def count_reached(
    units: int, lanes: Sequence[Lane], reaches: Sequence[Reach], batches: Iterable[Callable[[], Batch]]
) -> list[Reached]:
    """How often each unit reached its goal, lane by lane. ``batches`` are read when called, on both processors."""
    count = Count(Ground.of(units, lanes), lanes, reaches)
    size = count.ranges << count.bits
    reached = [_make_reached(lane, size) for lane in lanes]
    with ThreadPoolExecutor(WORKERS) as workers:
        packed = _turn_around(workers.map(lambda read: _pack(count, read()), batches), len(reaches))
        for bank in count.banks:
            jobs = [
                workers.submit(
                    _count_ranges, count, bank, packed[bank.reach], range(first, count.ranges, WORKERS), reached
                )
                for first in range(WORKERS)
            ]
            for job in jobs:
                job.result()
    return [_keep_bearers(found, reaches[lane.reach], units) for lane, found in zip(lanes, reached, strict=True)]


def _turn_around(found: Iterator[Sequence[Packed]], reaches: int) -> list[list[Packed]]:
    by_reach: list[list[Packed]] = [[] for _ in range(reaches)]
    for batch in found:
        for number, packed in enumerate(batch):
            by_reach[number].append(packed)
    return by_reach


def _make_reached(lane: Lane, size: int) -> Reached:
    kind = np.min_scalar_type(max(1, len(lane.opens)))

    def make(wanted: bool) -> Numbers:
        return np.zeros(size if wanted else 0, kind)

    return Reached(make(bool(lane.over.any())), make(bool(lane.splits.any())), make(bool((~lane.over).any())))


def _keep_bearers(found: Reached, reach: Reach, units: int) -> Reached:
    """Without what units did that bear nothing, where each is credited with its own."""
    counts = [counted[:units] for counted in (found.on_time, found.late, found.early)]
    for counted in counts:
        if reach.is_own and len(counted):
            counted[reach.bearer < 0] = 0
    return Reached(*counts)


# Which counters


def _make_banks(lanes: Sequence[Lane], ground: Ground) -> Iterator[Bank]:
    groups: dict[tuple[int, str, bool], list[int]] = {}
    for number, lane in enumerate(lanes):
        groups.setdefault((lane.reach, lane.measure, _is_narrow(lane)), []).append(number)
    for (reach, measure, _), members in groups.items():
        yield _make_bank(reach, measure, members, lanes, ground)


def _is_narrow(lane: Lane) -> bool:
    """Whether a byte may be enough: there is room above the highest goal for a few records more."""
    return lane.highest < 128


def _make_bank(reach: int, measure: str, members: Sequence[int], lanes: Sequence[Lane], ground: Ground) -> Bank:
    first, planes, passes = [], 1, list[tuple[set[int], Ints]]()
    for member in members:
        lane = lanes[member]
        first.append(planes)
        table = _find_table(passes, lane.feeds, ground)
        row = _number_days(lane, planes, ground)
        for feed in lane.feeds:
            table[feed] = row
        planes += len(lane.opens) + int(lane.splits.sum())
    return Bank(
        reach,
        measure,
        max(1, *(lanes[member].highest for member in members)),
        tuple(members),
        tuple(first),
        planes,
        tables=tuple(table.ravel() for _, table in passes),
        spills=tuple(bool((table == 0).any()) for _, table in passes),
    )


def _find_table(passes: list[tuple[set[int], Ints]], feeds: Iterable[int], ground: Ground) -> Ints:
    """The first table in which none of these feeds is taken."""
    wanted = set(feeds)
    for taken, table in passes:
        if not taken & wanted:
            taken.update(wanted)
            return table
    passes.append((wanted, np.zeros((ground.feeds, ground.days), np.int64)))
    return passes[-1][1]


def _number_days(lane: Lane, first: int, ground: Ground) -> Ints:
    """The counter of each day: windows in order; one that splits has a second counter right after its first."""
    row = np.zeros(ground.days, np.int64)
    at = first
    for opens, closes, due, splits in zip(
        lane.opens.tolist(), lane.closes.tolist(), lane.due.tolist(), lane.splits.tolist(), strict=True
    ):
        row[opens - ground.first_day : closes - ground.first_day] = at
        if splits:
            row[max(opens, due + 1) - ground.first_day : closes - ground.first_day] = at + 1
        at += 2 if splits else 1
    return row


# Reading


def _pack(count: Count, batch: Batch) -> list[Packed]:
    batch = _drop_unfit(batch, count.ground)
    ground = count.ground
    kind = np.uint32 if ground.feeds * ground.days << count.bits <= 1 << 32 else np.uint64
    cells: NDArray[np.unsignedinteger[Any]] = np.empty(len(batch.unit), kind)
    for rows in _list_blocks(len(cells)):
        cell = cells[rows]
        np.multiply(batch.feed[rows], kind(ground.days), out=cell, dtype=kind, casting="unsafe")
        cell += (batch.day[rows] - batch.day.dtype.type(ground.first_day)).astype(kind, copy=False)
        cell <<= kind(count.bits)
    return [_pack_reach(count, number, reach, batch, cells) for number, reach in enumerate(count.reaches)]


def _list_blocks(records: int) -> Iterator[slice]:
    return (slice(first, first + RECORDS_AT_ONCE) for first in range(0, records, RECORDS_AT_ONCE))


def _drop_unfit(batch: Batch, ground: Ground) -> Batch:
    """Without records of days that no window knows and of kinds that feed nothing."""
    first, last = ground.first_day, ground.first_day + ground.days - 1
    if not len(batch.day):
        return batch
    if batch.day.min() >= first and batch.day.max() <= last and batch.feed.max() < ground.feeds:
        return batch
    return _keep(batch, (batch.day >= first) & (batch.day <= last) & (batch.feed < ground.feeds))


def _keep(batch: Batch, rows: NDArray[np.bool_]) -> Batch:
    return Batch(batch.unit[rows], batch.feed[rows], batch.day[rows], {n: a[rows] for n, a in batch.amounts.items()})


def _pack_reach(count: Count, number: int, reach: Reach, batch: Batch, cells: Numbers) -> Packed:
    """``cells`` hold feed and day; the place of who is credited is added to them here."""
    bearer = reach.find_bearers(batch.unit, batch.day)
    amounts = {
        measure: _cut_amounts(batch.amounts[measure], cut)
        for (of, measure), cut in count.cuts.items()
        if of == number and measure != ONCE
    }
    if not reach.is_own:
        known = bearer >= 0
        bearer, cells = bearer[known], cells[known]
        amounts = {measure: amount[known] for measure, amount in amounts.items()}
    words, part = np.empty(len(cells), cells.dtype), np.empty(len(cells), np.uint8)
    for rows in _list_blocks(len(cells)):
        part[rows] = bearer[rows] >> count.bits
        np.bitwise_or(cells[rows], bearer[rows] & ((1 << count.bits) - 1), out=words[rows], casting="unsafe")
    return _part(words, amounts, part, count.ranges)


def _cut_amounts(amounts: Numbers, cut: int) -> Numbers:
    return np.minimum(amounts, cut).astype(np.min_scalar_type(cut), copy=False)


def _part(words: Numbers, amounts: Mapping[str, Numbers], part: NDArray[np.uint8], parts: int) -> Packed:
    """In the order of the ranges; what comes in order is left alone."""
    if (part[1:] < part[:-1]).any():
        order = np.argsort(part, kind="stable")
        part, words = part.take(order), words.take(order)
        amounts = {measure: amount.take(order) for measure, amount in amounts.items()}
    return Packed(words, amounts, np.searchsorted(part, np.arange(parts + 1)))


# Counting


def _count_ranges(
    count: Count, bank: Bank, packed: Sequence[Packed], numbers: Iterable[int], reached: Sequence[Reached]
) -> None:
    """Count some ranges of units, one after the other in the same counters."""
    width = np.uint8 if bank.cut < 128 else np.int64
    cells: Numbers = np.empty(bank.planes * count.row, width)
    for number in numbers:
        found = _count_range(count, bank, packed, number, cells)
        if found is None:
            continue
        here = slice(number << count.bits, (number + 1) << count.bits)
        for lane, first in zip(bank.lanes, bank.first, strict=True):
            _compare(count.lanes[lane], found[first:], reached[lane], here)


def _count_range(count: Count, bank: Bank, packed: Sequence[Packed], number: int, cells: Numbers) -> Numbers | None:
    """The counters of one range, a row for a window and a column for a unit; none where nothing can be reached."""
    slices = [(one, one.take_range(number)) for one in packed]
    words = np.concatenate([one.words[rows] for one, rows in slices] or [np.zeros(0, np.uint32)])
    if not len(words) and not any(count.lanes[lane].is_reached_by_nothing for lane in bank.lanes):
        return None
    amounts = _join_amounts(bank, [one.amounts[bank.measure][rows] for one, rows in slices if bank.measure != ONCE])
    found = _fill(count, bank, words, amounts, cells)
    return _fill(count, bank, words, amounts, np.empty(len(cells), np.int64)) if found is None else found


def _join_amounts(bank: Bank, parts: Sequence[Numbers]) -> Numbers | None:
    if bank.measure == ONCE:
        return None
    found: Numbers = np.minimum(np.concatenate(parts or [np.zeros(0, np.uint8)]), bank.cut)
    return found


def _fill(count: Count, bank: Bank, words: Numbers, amounts: Numbers | None, cells: Numbers) -> Numbers | None:
    """The counters in rows, filled; none if one of them ran over."""
    cells[:] = 0
    tables = [(table * count.row, spills) for table, spills in zip(bank.tables, bank.spills, strict=True)]
    added = np.ones(len(words), cells.dtype) if amounts is None else amounts.astype(cells.dtype, copy=False)
    total = sum(_fill_block(cells, tables, words[rows], added[rows], count.bits) for rows in _list_blocks(len(words)))
    found = cells.reshape(bank.planes, count.row)[:, :-PADDING]
    ran_over = cells.dtype == np.uint8 and int(found[1:].sum(axis=0, dtype=np.uint32).sum(dtype=np.int64)) != total
    return None if ran_over else found


def _fill_block(cells: Numbers, tables: Sequence[tuple[Ints, bool]], words: Numbers, added: Numbers, bits: int) -> int:
    """Add to the counters, and say how much was added to those that count: all but the first row."""
    place = words & words.dtype.type((1 << bits) - 1)
    days = (words >> words.dtype.type(bits)).astype(np.int64)
    all_added, total = int(added.sum(dtype=np.int64)), 0
    for table, spills in tables:
        keys = table.take(days)
        keys += place
        np.add.at(cells, keys, added)
        total += all_added
        if spills:
            total -= int(added[keys < (1 << bits)].sum(dtype=np.int64))
    return total


def _compare(lane: Lane, cells: Numbers, reached: Reached, here: slice) -> None:
    """Hold the lane's counters against its goals."""
    if lane.one_goal:
        _compare_all(lane, cells, reached, here)
        return
    at = 0
    for window, (over, splits) in enumerate(zip(lane.over.tolist(), lane.splits.tolist(), strict=True)):
        goal = _find_goals(lane, window, here, cells.shape[1])
        in_time = cells[at] >= goal
        if splits:
            reached.late[here] += (cells[at].astype(np.int64) + cells[at + 1] >= goal) & ~in_time
        target = reached.on_time if over else reached.early
        target[here] += in_time
        at += 2 if splits else 1


def _compare_all(lane: Lane, cells: Numbers, reached: Reached, here: slice) -> None:
    """The same for a lane that asks one thing of everybody, all windows at once."""
    goal, kind = cells.dtype.type(lane.one_goal), reached.on_time.dtype
    splits = lane.splits
    at = np.concatenate(([0], np.cumsum(1 + splits)))
    if not splits.any():
        (cells[: at[-1]] >= goal).sum(axis=0, dtype=kind, out=reached.on_time[here])
        return
    for window, split in enumerate(splits.tolist()):
        first = cells[at[window]]
        in_time = first >= goal
        reached.on_time[here] += in_time
        if split:
            # What came late is enough by itself, or with what came in time; the sum may not run over.
            after = cells[at[window] + 1]
            short = goal - np.minimum(first, goal)
            reached.late[here] += (after >= short) & ~in_time


def _find_goals(lane: Lane, window: int, here: slice, size: int) -> Ints:
    """What is asked of each unit of the range in the window; nothing can be reached beyond the last unit."""
    goals = lane.goals[:, window]
    if lane.sort is None:
        return np.full(size, goals[0])
    found = np.full(size, NEVER)
    sort = lane.sort[here]
    found[: len(sort)] = goals.take(sort)
    return found


# Sums up the tree


def add_below(values: Numbers, last: Ints) -> Numbers:
    """For each unit the sum over itself and all below it: from its own number to ``last``, both inside.

    In four bytes where the sum of all, none of which is negative, has room in them.
    """
    most = len(values) * int(values.max(initial=0))
    sums: Numbers = np.zeros(len(values) + 1, np.int32 if most < 1 << 31 else np.int64)
    np.cumsum(values, out=sums[1:])
    found = sums.take(last + 1)
    found -= sums[:-1]
    return found


def group_rows(columns: Sequence[Numbers]) -> tuple[Ints, Ints]:
    """Rows that are equal in every column, none of which is negative: one row of each group, and each row's group."""
    keys, size = np.zeros(len(columns[0]) if columns else 0, np.int64), 1
    for column in columns:
        numbers, width = column, int(column.max(initial=0)) + 1
        if size * width > NEVER:
            keys, numbers = (np.unique(one, return_inverse=True)[1] for one in (keys, column))
            size = width = len(keys)
        keys = keys * width + numbers
        size *= width
    _, one, group = np.unique(keys, return_index=True, return_inverse=True)
    return one, group
