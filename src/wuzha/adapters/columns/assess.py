"""Standings by an engine: it counts what comes down to amounts, the specification the rest; the core decides both."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from wuzha.adapters.columns.counted import Counted, index_amounts
from wuzha.adapters.columns.engines import Engine
from wuzha.adapters.columns.ledger import Columns, Row
from wuzha.adapters.columns.tables import HUNDREDTHS, Demand, Tables, make_tables
from wuzha.core.assessment.assess import assess_unit
from wuzha.core.assessment.counted import stand_counted_unit
from wuzha.core.assessment.model import Standing
from wuzha.core.base.unit import Tree
from wuzha.core.ledger.credit import map_nearest
from wuzha.core.ledger.record import Kinds
from wuzha.core.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Ground:
    """What is asked, without the ledger."""

    plan: Plan
    tree: Tree
    kinds: Kinds
    as_of: date


@dataclass(frozen=True, slots=True)
class Assessed:
    """The standings in the order of the specification, and the ids of the duties that the engine counted."""

    standings: list[Standing]
    by_engine: frozenset[str]


def assess_columns(engine: Engine, ground: Ground, columns: Columns) -> Assessed:
    """Every obligation of the plan as it stands on the day, counted by this engine where it can."""
    tables = make_tables(plan=ground.plan, tree=ground.tree, kinds=ground.kinds, columns=columns, as_of=ground.as_of)
    with engine.open(tables) as session:
        counted = session.count()
    return stand_tables(ground, tables, counted, engine.verbs)


def stand_tables(ground: Ground, tables: Tables, counted: Counted, verbs: Collection[str]) -> Assessed:
    """The standings, where ``counted`` holds the amounts of the duties of these verbs."""
    standings: list[Standing] = []
    taken = frozenset(demand.number for demand in tables.demands if is_countable(tables, demand, verbs))
    for demand in tables.demands:
        mine = (
            _stand_amounts(tables, counted, demand) if demand.number in taken else _stand_facts(ground, tables, demand)
        )
        standings += mine
    return Assessed(standings, frozenset(tables.demands[number].duty.id for number in taken))


def is_countable(tables: Tables, demand: Demand, verbs: Collection[str]) -> bool:
    """Whether the engine can count the duty, and the tables hold its amounts exactly."""
    exact = demand.duty.measure not in HUNDREDTHS or not tables.columns.inexact
    return demand.duty.verb in verbs and exact


def _stand_amounts(tables: Tables, counted: Counted, demand: Demand) -> Iterator[Standing]:
    amounts = index_amounts(counted, demand, tables)
    for unit in demand.bearers:
        yield from stand_counted_unit(demand.duty, unit, demand.windows, amounts.get(unit.code, {}), tables.as_of)


def _stand_facts(ground: Ground, tables: Tables, demand: Demand) -> Iterator[Standing]:
    """By the specification, over the records that can count for the duty."""
    nearest = map_nearest(ground.tree, demand.bearers)
    credited: dict[str, list[Row]] = {}
    for row in list_feeding(tables, demand):
        if row.unit in nearest:
            credited.setdefault(nearest[row.unit], []).append(row)
    for unit in demand.bearers:
        yield from assess_unit(demand.duty, unit, demand.windows, credited.get(unit.code, ()), tables.as_of)


def list_feeding(tables: Tables, demand: Demand) -> Iterator[Row]:
    """The facts in effect up to the day asked about that are of the duty's kinds."""
    columns = tables.columns
    kinds = tables.feed["kind"][tables.feed["duty"] == demand.number]
    known = columns.in_effect & (columns.happened_on <= tables.as_of.toordinal())
    return columns.list_rows(np.flatnonzero(known & np.isin(columns.codes["kind"], kinds)).tolist())
