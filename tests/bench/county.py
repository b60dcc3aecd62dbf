"""A county of a million records in full, by each engine that is installed, once the records are columns.

The specification is timed too, on a hundredth of the records and units. All is told in seconds on the clock, in those
of the processors, and as a ratio to reading the columns.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import chain
from os import getloadavg
from time import perf_counter, process_time
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from wuzha.adapters.columns.dense import roll_up_dense
from wuzha.adapters.columns.engines import ENGINES
from wuzha.adapters.columns.ledger import NONE, TEXT_FIELDS, Columns
from wuzha.adapters.columns.question import Question
from wuzha.adapters.columns.tables import make_tables
from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment.assess import assess_facts, complete_duty
from wuzha.core.assessment.model import Standing, Totals
from wuzha.core.assessment.rollup import Cell, roll_up
from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import EARLIEST, Attribute, Tree, Unit
from wuzha.core.base.windows import Cadence, Rhythm
from wuzha.core.duty.model import Duty, Target, Who
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.core.plan.model import Plan

UNITS, RECORDS, DUTIES = 5_000, 1_000_000, 60
DENSE_RUNS = 5
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
AS_OF = date(2027, 11, 22)
# One that takes long is asked once.
RUNS = MappingProxyType({"sql": 1})
CADENCES = (Cadence.WEEK, Cadence.MONTH, Cadence.MONTH, Cadence.QUARTER, Cadence.YEAR)


class Took(NamedTuple):
    """Seconds on the clock, and those that the processors worked for this process, all threads together."""

    clock: float
    worked: float


def make_tree(units: int = UNITS) -> Tree:
    """A county with a town for every 125 units, and villages."""
    base = (Attribute("population", EARLIEST, Fraction(2_000)),)
    count = max(1, units // 125)
    towns = [Unit(f"T{number}", f"镇{number}", "town", "C") for number in range(count)]
    villages = [
        Unit(f"V{number}", f"村{number}", "village", f"T{number % count}", attributes=base)
        for number in range(units - count - 1)
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


def make_columns(count: int, tree: Tree, seed: int = 1) -> Columns:
    """Records of the villages, each on a day of the year and of one of the kinds."""
    dice = np.random.default_rng(seed)
    villages = sum(unit.kind == "village" for unit in tree.units)
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
    nowhere, withdrawn = empty - 1, np.zeros(count, dtype=np.bool_)
    return Columns(
        *(texts, codes, ids, ids, days, ones, none, none, none, none, none, none, nowhere, withdrawn),
    )


def time_best(ask: Callable[[], object], times: int = 3) -> Took:
    """The quickest of some runs."""
    found = []
    for _ in range(times):
        start, worked = perf_counter(), process_time()
        ask()
        found.append(Took(perf_counter() - start, process_time() - worked))
    return min(found)


def measure() -> float:
    """Prints the table; seconds of the default engine for statuses and totals of every unit and duty."""
    question = make_question()
    columns = make_columns(RECORDS, question.tree)
    # A tree keeps some answers about itself: each run has one of its own.
    fresh = iter([make_question() for _ in range(DENSE_RUNS)])
    scan = time_best(lambda: [np.unique(columns.codes["kind"]), columns.happened_on.sum(), columns.quantity.sum()])
    whole = time_best(lambda: roll_up_dense(next(fresh), columns), DENSE_RUNS)
    print(f"\n{RECORDS:,} records, {UNITS:,} units, {DUTIES} duties; load {getloadavg()[0]:.1f}")
    print(f"{'':44} {'clock':>10} {'worked':>10} {'x reading':>10}")
    first = (("read the columns", scan), ("dense: every status, all totals", whole))
    for name, took in chain(first, list_counts(question, columns)):
        print(f"{name:44} {took.clock:8.3f} s {took.worked:8.3f} s {took.clock / scan.clock:10.1f}", flush=True)
    return whole.clock


def make_question(units: int = UNITS) -> Question:
    return Question(make_plan(), make_tree(units), load_kinds(), AS_OF)


def list_counts(question: Question, columns: Columns) -> Iterator[tuple[str, Took]]:
    """Each engine's amounts of every cell, once the tables are loaded."""
    tables = make_tables(
        plan=question.plan, tree=question.tree, kinds=question.kinds, columns=columns, as_of=question.as_of
    )
    for engine in ENGINES.values():
        if engine.is_installed and engine.name != "spark":
            with engine.open(tables) as session:
                yield f"{engine.name}: amounts of every cell", time_best(session.count, RUNS.get(engine.name, 3))
    few = make_question(UNITS // 100)
    some = make_columns(RECORDS // 100, few.tree)
    yield "dense, a hundredth of records and units", time_best(lambda: roll_up_dense(few, some))
    yield "specification, a hundredth of both", time_best(lambda: specify(few, some), 1)
    if specify(few, some) != roll_up_dense(few, some):
        raise AssertionError("the dense engine and the specification differ")


def specify(question: Question, columns: Columns) -> Mapping[Cell, Totals]:
    """All totals by the specification."""
    rows = list(columns.list_rows(range(columns.size)))
    standings: list[Standing] = []
    for duty in question.plan.duties:
        whole = complete_duty(duty, question.kinds)
        feeding = list_feeding_kinds(whole, question.kinds)
        facts = [row for row in rows if row.kind in feeding and row.happened_on <= question.as_of]
        standings += assess_facts(whole, question.plan.valid, question.tree, facts, question.as_of)
    return roll_up(standings, question.tree)


if __name__ == "__main__":
    sys.exit(measure() > PROMISE_S)
