"""A county of a million records in full, by each engine that is installed, once the records are columns.

The specification is timed too, on a tenth of the records and duties. All is told as a ratio to reading the columns.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import chain
from time import perf_counter
from types import MappingProxyType

import numpy as np

from wuzha.adapters.columns.dense import roll_up_dense
from wuzha.adapters.columns.engines import ENGINES
from wuzha.adapters.columns.ledger import NONE, TEXT_FIELDS, Columns
from wuzha.adapters.columns.question import Question
from wuzha.adapters.columns.tables import make_tables
from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment.assess import assess_facts, complete_duty
from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import EARLIEST, Attribute, Tree, Unit
from wuzha.core.base.windows import Cadence, Rhythm
from wuzha.core.duty.model import Duty, Target, Who
from wuzha.core.plan.model import Plan

UNITS, RECORDS, DUTIES = 5_000, 1_000_000, 60
PROMISE_S = 1.0
YEAR = Interval(date(2027, 1, 1), date(2028, 1, 1))
KINDS = (
    "rally",
    "talk",
    "showing",
    "performance",
    "contest",
    "broadcast",
    "training",
    "visit",
    "street_round",
    "banner",
)
RUNS = MappingProxyType({"sql": 1})
CADENCES = (Cadence.WEEK, Cadence.MONTH, Cadence.MONTH, Cadence.QUARTER, Cadence.YEAR)


def make_tree() -> Tree:
    base = (Attribute("population", EARLIEST, Fraction(2_000)),)
    towns = [Unit(f"T{number}", f"镇{number}", "town", "C") for number in range(40)]
    villages = [
        Unit(f"V{number}", f"村{number}", "village", f"T{number % 40}", attributes=base) for number in range(UNITS - 41)
    ]
    return Tree((Unit("C", "石桥县", "county"), *towns, *villages))


def make_plan() -> Plan:
    target = Target("at_least", Fraction(1))
    duties = (
        Duty(
            f"d{number}",
            "do",
            KINDS[number % len(KINDS)],
            Who(kind=("village",) if number % 6 else ("town",)),
            YEAR,
            target=replace(target, amount=Fraction(1 + number % 3)),
            rhythm=Rhythm(CADENCES[number % len(CADENCES)], 20 if number % 7 == 0 else 0),
        )
        for number in range(DUTIES)
    )
    return Plan("石桥县方案", "县联席办", YEAR, (), tuple(duties))


def make_columns(count: int, seed: int = 1) -> Columns:
    dice = np.random.default_rng(seed)
    villages = UNITS - 41
    texts = ("", *(f"V{number}" for number in range(villages)), *KINDS)
    empty = np.zeros(count, dtype=np.int64)
    none = np.full(count, NONE)
    codes = dict.fromkeys(TEXT_FIELDS, empty) | {
        "unit": dice.integers(1, villages + 1, count),
        "kind": dice.integers(villages + 1, len(texts), count),
    }
    ids = np.arange(count, dtype=np.uint64)
    days = np.sort(dice.integers(YEAR.opens.toordinal(), YEAR.closes.toordinal(), count))
    ones = np.ones(count, dtype=np.int64)
    return Columns(
        *(texts, codes, ids, ids, days, ones, none, none, none, none, none, empty - 1, np.zeros(count, dtype=np.bool_))
    )


def time_best(ask: Callable[[], object], times: int = 3) -> float:
    """Seconds of the quickest of some runs."""
    found = []
    for _ in range(times):
        start = perf_counter()
        ask()
        found.append(perf_counter() - start)
    return min(found)


def measure() -> float:
    """Prints the table; seconds of the default engine for statuses and totals of every unit and duty."""
    question = Question(make_plan(), make_tree(), load_kinds(), date(2027, 11, 22))
    columns = make_columns(RECORDS)
    scan = time_best(lambda: [np.unique(columns.codes["kind"]), columns.happened_on.sum(), columns.quantity.sum()])
    whole = time_best(lambda: roll_up_dense(question, columns))
    print(f"\n{RECORDS:,} records, {UNITS:,} units, {DUTIES} duties")
    first = (("read the columns", scan), ("dense: every status, all totals", whole))
    for name, seconds in chain(first, list_counts(question, columns)):
        print(f"{name:44} {seconds:8.3f} s {seconds / scan:9.1f} x reading", flush=True)
    return whole


def list_counts(question: Question, columns: Columns) -> Iterator[tuple[str, float]]:
    """Each engine's amounts of every cell, once the tables are loaded."""
    tables = make_tables(
        plan=question.plan, tree=question.tree, kinds=question.kinds, columns=columns, as_of=question.as_of
    )
    for engine in ENGINES.values():
        if engine.is_installed and engine.name != "spark":
            with engine.open(tables) as session:
                yield (
                    f"{engine.name}: amounts of every cell",
                    time_best(session.count, 1 if engine.name == "sql" else 3),
                )
    few = make_columns(RECORDS // 10)
    yield "specification, on a tenth of the records", time_best(lambda: specify(question, few), 1)


def specify(question: Question, columns: Columns) -> int:
    rows = list(columns.list_rows(range(columns.size)))
    found = 0
    for duty in question.plan.duties:
        facts = [row for row in rows if row.kind == duty.object]
        whole = complete_duty(duty, question.kinds)
        found += len(list(assess_facts(whole, question.plan.valid, question.tree, facts, question.as_of)))
    return found


if __name__ == "__main__":
    sys.exit(measure() > PROMISE_S)
