"""A nation in one question: 690,000 villages, forty duties, every cell, and the totals of every unit above them.

Run by ``make bench`` with a million records; ``WUZHA_BENCH_NATION=1`` asks for a hundred million, or say how many.
The records are made once and kept in the system's folder for temporary files, once in the order in which they
arrived and once in the order of units. The same question is put to the dense engine, to DuckDB as SQL and to Polars
as a lazy frame, each in a process of its own whose memory is measured; they must agree, unit by unit and duty by
duty. Beside each time stands its ratio to merely reading the columns.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wuzha.adapters.columns.counters import Batch, Lane, Numbers, Reach, add_below, count_reached
from wuzha.adapters.columns.numbered import list_batches
from wuzha.core.assessment.obligations import expand_windows, find_due_day
from wuzha.core.base.interval import Interval
from wuzha.core.base.windows import Cadence, Rhythm
from wuzha.core.duty.model import Due, Duty, Target, Who

Ints = NDArray[np.int64]

FULL, SHORT = 100_000_000, 1_000_000
# A nation is asked up to three times, and no more once so many seconds have gone.
ROUNDS, ENOUGH_S, ENOUGH_SHORT_S = 3, 200.0, 10.0
PROMISE_S, PROMISE_MB, PROMISE_RATIO = 8.0, 2048, 5.0
PER_LEVEL = (1, 31, 333, 2_850, 40_000, 690_000)
YEAR = Interval(date(2026, 1, 1), date(2027, 1, 1))
WEEKS = Interval(date(2026, 1, 5), date(2027, 1, 4))
FIRST_DAY, DAYS, AS_OF = YEAR.opens.toordinal(), 368, date(2027, 1, 4)
WEEKLY_KINDS, OTHER_KINDS = 8, 12
GROUP = 1 << 20
SEED = 20261122


@dataclass(frozen=True)
class Nation:
    """Units numbered depth-first: of each the last one below it, its parent, and which are villages."""

    last: Ints
    parent: Ints
    villages: Ints

    @property
    def units(self) -> int:
        return len(self.last)


def make_nation(per_level: tuple[int, ...] = PER_LEVEL) -> Nation:
    """Each unit has about as many below it as any other of its level."""
    below = [_share(many, few) for few, many in pairwise(per_level)]
    sizes = [np.ones(per_level[-1], np.int64)]
    for shares in reversed(below):
        sizes.insert(0, 1 + np.add.reduceat(sizes[0], np.cumsum(shares) - shares))
    numbers, parents = [np.zeros(1, np.int64)], [np.full(1, -1)]
    for shares, size in zip(below, sizes[1:], strict=True):
        before, first = np.cumsum(size) - size, np.cumsum(shares) - shares
        numbers.append(np.repeat(numbers[-1] + 1 - before[first], shares) + before)
        parents.append(np.repeat(numbers[-2], shares))
    order = np.concatenate(numbers)
    last, parent = np.empty(len(order), np.int64), np.empty(len(order), np.int64)
    last[order], parent[order] = order + np.concatenate(sizes) - 1, np.concatenate(parents)
    return Nation(last, parent, numbers[-1])


def _share(many: int, few: int) -> Ints:
    """How many each of the few gets."""
    ends = np.arange(few + 1) * many // few
    return ends[1:] - ends[:-1]


def make_duties() -> list[tuple[Duty, int]]:
    """Forty duties, each with the kind of record that feeds it: eight kinds feed a week and a month, twelve a month
    and a year. Half of the months are due on the 20th, half of the years by the end of June."""
    found = []
    for kind in range(WEEKLY_KINDS):
        found += [(_ask(kind, "week", 1 + kind % 2), kind), (_ask(kind, "month", 3 + kind % 4), kind)]
    for kind in range(WEEKLY_KINDS, WEEKLY_KINDS + OTHER_KINDS):
        found += [(_ask(kind, "month", 1 + kind % 3), kind), (_ask(kind, "year", 3 + kind % 8), kind)]
    return found


def _ask(kind: int, cadence: str, goal: int) -> Duty:
    return Duty(
        id=f"{cadence}-{kind}",
        verb="do",
        object=f"kind-{kind}",
        who=Who(kind=("village",)),
        valid=WEEKS if cadence == "week" else YEAR,
        target=Target("at_least", Fraction(goal)),
        rhythm=None if cadence == "year" else Rhythm(Cadence(cadence)),
        due=Due(20 if cadence == "month" and kind % 2 else 0),
        by=date(2026, 6, 30) if cadence == "year" and kind % 2 else None,
    )


def make_lane(duty: Duty, kind: int) -> Lane:
    """Days are counted from the first of the year."""
    windows = expand_windows(duty, YEAR)
    assert duty.target is not None
    return Lane(
        reach=0,
        measure="quantity",
        feeds=(kind,),
        opens=np.array([window.opens.toordinal() - FIRST_DAY for window in windows]),
        closes=np.array([window.closes.toordinal() - FIRST_DAY for window in windows]),
        due=np.array([find_due_day(duty, window).toordinal() - FIRST_DAY for window in windows]),
        over=np.ones(len(windows), np.bool_),
        sort=None,
        goals=np.full((1, len(windows)), int(duty.target.amount)),
    )


# Records


def make_records(records: int, nation: Nation, folder: Path) -> dict[str, Path]:
    """The two files, made unless they are there already."""
    paths = {order: folder / f"{records}-{order}.parquet" for order in ("arrived", "by-unit")}
    if not all(path.exists() for path in paths.values()):
        folder.mkdir(parents=True, exist_ok=True)
        words = draw_records(records, nation)
        write_records(words, paths["arrived"])
        words.sort()
        write_records(words, paths["by-unit"])
    return paths


def draw_records(records: int, nation: Nation) -> NDArray[np.uint64]:
    """Each a word of unit, day, kind and quantity, in the order of days. Weekly work is done five times as often."""
    chance = np.random.default_rng(SEED)
    kinds = np.repeat(np.arange(WEEKLY_KINDS + OTHER_KINDS), [5] * WEEKLY_KINDS + [1] * OTHER_KINDS).astype(np.uint64)
    villages = nation.villages.astype(np.uint64)
    words = np.empty(records, np.uint64)
    for first in range(0, records, GROUP):
        size = min(GROUP, records - first)
        day = ((first + np.arange(size)) * DAYS // records).astype(np.uint64)
        word = villages[chance.integers(0, len(villages), size)] << np.uint64(32)
        word |= day << np.uint64(16)
        word |= kinds[chance.integers(0, len(kinds), size)] << np.uint64(8)
        words[first : first + size] = word | chance.integers(1, 5, size, dtype=np.uint64)
    return words


def write_records(words: NDArray[np.uint64], path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.schema([("unit", pa.uint32()), ("kind", pa.uint8()), ("day", pa.uint16()), ("quantity", pa.uint16())])
    draft = path.with_suffix(".draft")
    with parquet.ParquetWriter(draft, schema) as writer:
        for first in range(0, len(words), GROUP):
            word = words[first : first + GROUP]
            columns = {
                "unit": (word >> np.uint64(32)).astype(np.uint32),
                "kind": (word >> np.uint64(8)).astype(np.uint8),
                "day": (word >> np.uint64(16)).astype(np.uint16),
                "quantity": word.astype(np.uint8).astype(np.uint16),
            }
            writer.write_table(pa.table(columns, schema=schema), row_group_size=GROUP)
    draft.rename(path)


# The question, put to each. An answer is the sum over all units and duties of what was met and met in time, and both
# again with each unit's and duty's own weight, so that no two figures can change places.


def scan(path: Path) -> list[int]:
    """Merely reading the columns, with both processors."""
    from pyarrow import parquet

    table = parquet.read_table(path)
    return [table.num_rows]


def ask_dense(path: Path) -> list[int]:
    nation = make_nation()
    answer, weights = np.zeros(4, np.int64), np.arange(1, nation.units + 1)
    for number, found in enumerate(count_dense(nation, list_batches(path)), start=1):
        assert (found.missed >= 0).all()
        met, on_time = found.met.astype(np.int64), found.on_time.astype(np.int64)
        answer += [met.sum(), on_time.sum(), number * (met @ weights), number * (on_time @ weights)]
    return [int(value) for value in answer]


@dataclass(frozen=True)
class Found:
    """The totals of one duty by unit, each with all below it."""

    duty: str
    expected: Numbers
    met: Numbers
    on_time: Numbers

    @property
    def missed(self) -> Numbers:
        return self.expected - self.met


def count_dense(nation: Nation, batches: list[Callable[[], Batch]]) -> list[Found]:
    duties = make_duties()
    bearer = np.full(nation.units, -1)
    bearer[nation.villages] = nation.villages
    lanes = [make_lane(duty, kind) for duty, kind in duties]
    reached = count_reached(nation.units, lanes, [Reach(bearer)], batches)
    villages = add_below((bearer >= 0).astype(np.int64), nation.last)

    def total(number: int) -> Found:
        own, windows = reached[number], len(lanes[number].opens)
        on_time = add_below(own.on_time, nation.last)
        met = on_time + add_below(own.late, nation.last) if len(own.late) else on_time
        return Found(duties[number][0].id, villages * windows, met, on_time)

    with ThreadPoolExecutor(2) as workers:
        return list(workers.map(total, range(len(duties))))


def list_calendar() -> dict[str, Ints]:
    """For each kind and day the duties and windows that a record counts for, as the SQL engines join it."""
    rows = []
    for number, (duty, kind) in enumerate(make_duties(), start=1):
        lane = make_lane(duty, kind)
        for win, (opens, closes, due) in enumerate(zip(lane.opens, lane.closes, lane.due, strict=True)):
            rows += [(kind, day, number, win, day <= due) for day in range(max(0, opens), min(DAYS, closes))]
    table = np.array(rows, np.int64)
    return {name: table[:, at] for at, name in enumerate(("kind", "day", "duty", "win", "in_time"))}


def list_duties() -> dict[str, Ints]:
    duties = make_duties()
    goals = [int(duty.target.amount) for duty, _ in duties if duty.target is not None]
    windows = [len(expand_windows(duty, YEAR)) for duty, _ in duties]
    return {"duty": np.arange(1, len(duties) + 1), "goal": np.array(goals), "windows": np.array(windows)}


COUNT_SQL = """
CREATE TEMP TABLE own AS
SELECT unit, duty, COUNT(*) FILTER (WHERE now >= goal) AS met, COUNT(*) FILTER (WHERE at_due >= goal) AS on_time
FROM (
    SELECT r.unit AS unit, c.duty AS duty, c.win AS win, SUM(r.quantity) AS now, SUM(r.quantity * c.in_time) AS at_due
    FROM read_parquet('{path}') AS r JOIN calendar AS c ON c.kind = r.kind AND c.day = r.day
    GROUP BY r.unit, c.duty, c.win
) JOIN duties USING (duty)
GROUP BY unit, duty
"""
ABOVE_SQL = """
CREATE TEMP TABLE {above} AS
SELECT t.parent AS unit, duty, SUM(met)::BIGINT AS met, SUM(on_time)::BIGINT AS on_time
FROM {below} JOIN tree AS t USING (unit) GROUP BY t.parent, duty
"""
TOTAL_SQL = """
SELECT SUM(met), SUM(on_time), SUM(met * (unit + 1) * duty), SUM(on_time * (unit + 1) * duty)
FROM (
    SELECT v.unit, d.duty, v.villages * d.windows AS expected, COALESCE(a.met, 0) AS met,
        COALESCE(a.on_time, 0) AS on_time, v.villages * d.windows - COALESCE(a.met, 0) AS missed
    FROM tree AS v CROSS JOIN duties AS d LEFT JOIN ({levels}) AS a ON a.unit = v.unit AND a.duty = d.duty
) WHERE missed >= 0 AND expected >= 0
"""


def ask_duckdb(path: Path) -> list[int]:
    import duckdb
    import pyarrow as pa

    nation = make_nation()
    with tempfile.TemporaryDirectory() as spill, duckdb.connect() as base:
        base.execute(f"SET threads = 2; SET memory_limit = '9GB'; SET temp_directory = '{spill}'")
        base.execute("SET preserve_insertion_order = false")
        base.register("calendar", pa.table(list_calendar()))
        base.register("duties", pa.table(list_duties()))
        base.register("tree", pa.table(list_tree(nation)))
        base.execute(COUNT_SQL.format(path=path))
        names = ["own"]
        for level in range(len(PER_LEVEL) - 1):
            base.execute(ABOVE_SQL.format(above=f"level{level}", below=names[-1]))
            names.append(f"level{level}")
        levels = " UNION ALL ".join(f"SELECT unit, duty, met, on_time FROM {name}" for name in names)
        row = base.execute(TOTAL_SQL.format(levels=levels)).fetchone()
    assert row is not None
    return [int(value) for value in row]


def list_tree(nation: Nation) -> dict[str, Ints]:
    bears = np.zeros(nation.units, np.int64)
    bears[nation.villages] = 1
    villages = add_below(bears, nation.last).astype(np.int64)
    return {"unit": np.arange(nation.units), "parent": nation.parent, "villages": villages}


def ask_polars(path: Path) -> list[int]:
    import polars as pl

    tree = pl.DataFrame(list_tree(make_nation()), schema_overrides={"unit": pl.UInt32}).with_columns(
        pl.col("parent").clip(0).cast(pl.UInt32)
    )
    calendar = pl.DataFrame(
        list_calendar(),
        schema={"kind": pl.UInt8, "day": pl.UInt16, "duty": pl.UInt8, "win": pl.UInt8, "in_time": pl.UInt8},
    )
    duties = pl.DataFrame(list_duties(), schema_overrides={"duty": pl.UInt8})
    quantity = pl.col("quantity").cast(pl.UInt32)
    level = (
        pl.scan_parquet(path)
        .join(calendar.lazy(), on=["kind", "day"])
        .group_by("unit", "duty", "win")
        .agg(quantity.sum().alias("now"), (quantity * pl.col("in_time")).sum().alias("at_due"))
        .join(duties.lazy(), on="duty")
        .group_by("unit", "duty")
        .agg(
            (pl.col("now") >= pl.col("goal")).sum().alias("met"),
            (pl.col("at_due") >= pl.col("goal")).sum().alias("on_time"),
        )
        .collect(engine="streaming")
    )
    levels = [level]
    for _ in PER_LEVEL[1:]:
        up = levels[-1].lazy().join(tree.lazy().select("unit", "parent"), on="unit")
        above = up.group_by("parent", "duty").agg(pl.col("met").sum(), pl.col("on_time").sum())
        levels.append(above.rename({"parent": "unit"}).collect(engine="streaming"))
    counts = [pl.col(name).cast(pl.Int64) for name in ("met", "on_time")]
    found = pl.concat([one.lazy().select("unit", "duty", *counts) for one in levels])
    every = tree.lazy().join(duties.lazy(), how="cross").join(found, on=["unit", "duty"], how="left")
    weight = (pl.col("unit").cast(pl.Int64) + 1) * pl.col("duty").cast(pl.Int64)
    met, on_time = pl.col("met").fill_null(0), pl.col("on_time").fill_null(0)
    missed = pl.col("villages") * pl.col("windows") - met
    sums = [
        met.sum().alias("a"),
        on_time.sum().alias("b"),
        (met * weight).sum().alias("c"),
        (on_time * weight).sum().alias("d"),
    ]
    row = every.filter(missed >= 0).select(*sums).collect(engine="streaming").row(0)
    return [int(value) for value in row]


ASKED: dict[str, Callable[[Path], list[int]]] = {
    "scan": scan,
    "dense": ask_dense,
    "DuckDB": ask_duckdb,
    "Polars": ask_polars,
}


# Measuring


@dataclass(frozen=True)
class Measured:
    name: str
    order: str
    seconds: float
    cpu_s: float
    peak_mb: float
    answer: list[int]


def measure(name: str, order: str, path: Path) -> Measured:
    """The best round, each in a process of its own."""
    rounds: list[dict[str, Any]] = []
    enough_s = ENOUGH_S if find_size() >= FULL else ENOUGH_SHORT_S
    while len(rounds) < ROUNDS and sum(one["seconds"] for one in rounds) < enough_s:
        command = [sys.executable, "-m", "tests.bench.nation", name, str(path)]
        rounds.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    assert len({str(one["answer"]) for one in rounds}) == 1
    best = min(rounds, key=lambda one: float(one["seconds"]))
    return Measured(name, order, best["seconds"], best["cpu_s"], max(r["peak_mb"] for r in rounds), best["answer"])


def run_one(name: str, path: Path) -> None:
    """One round in this process, told as JSON. What an engine needs to start is loaded before the time begins."""
    for package in ("pyarrow.parquet", *{"DuckDB": ("duckdb",), "Polars": ("polars",)}.get(name, ())):
        __import__(package)
    begun, used = time.perf_counter(), time.process_time()
    answer = ASKED[name](path)
    seconds, cpu_s = time.perf_counter() - begun, time.process_time() - used
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "cpu_s": cpu_s, "peak_mb": peak_mb, "answer": answer}))


def find_size() -> int:
    """How many records are asked for."""
    wanted = os.environ.get("WUZHA_BENCH_NATION", "")
    return {"": SHORT, "1": FULL}.get(wanted) or int(float(wanted))


def main() -> None:
    records = find_size()
    folder = Path(tempfile.gettempdir()) / "wuzha-bench-nation"
    paths = make_records(records, make_nation(), folder)
    load = os.getloadavg()[0]
    found = [measure("scan", order, path) for order, path in paths.items()]
    found += [measure("dense", order, path) for order, path in paths.items()]
    found += [measure(name, "arrived", paths["arrived"]) for name in ("DuckDB", "Polars")]
    print_table(records, found, load)
    check(records, found)


def print_table(records: int, found: list[Measured], load: float) -> None:
    cells = PER_LEVEL[-1] * sum(list_duties()["windows"])
    scanned = {one.order: one.seconds for one in found if one.name == "scan"}
    dense = min(one.seconds for one in found if one.name == "dense" and one.order == "arrived")
    print(f"\n{records:,} records, {cells:,} cells, best of {ROUNDS}, load at the start {load:.1f}")
    print(f"{'':10}{'records in order of':22}{'s':>9}{'cpu s':>9}{'× scan':>9}{'× dense':>9}{'peak MB':>9}")
    for one in found:
        ratios = f"{one.seconds / scanned[one.order]:9.1f}{one.seconds / dense:9.1f}"
        print(f"{one.name:10}{one.order:22}{one.seconds:9.2f}{one.cpu_s:9.2f}{ratios}{one.peak_mb:9.0f}")


def check(records: int, found: list[Measured]) -> None:
    """All give the same figures; and at full size what is promised of them."""
    if len({str(one.answer) for one in found if one.name != "scan"}) != 1:
        raise SystemExit("the engines do not agree: " + "; ".join(f"{one.name} {one.answer}" for one in found))
    if records < FULL:
        return
    dense = [one for one in found if one.name == "dense"]
    others = [one for one in found if one.name in ("DuckDB", "Polars")]
    slowest = max(one.seconds for one in dense)
    if slowest > PROMISE_S or max(one.peak_mb for one in dense) > PROMISE_MB:
        raise SystemExit(f"promised: {PROMISE_S:.0f} s and {PROMISE_MB} MB")
    if min(one.seconds for one in others) < PROMISE_RATIO * slowest:
        raise SystemExit(f"promised: {PROMISE_RATIO:.0f} times as fast as DuckDB and Polars")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run_one(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
