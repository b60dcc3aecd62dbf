"""Standings by an engine: it counts what comes down to amounts, the specification the rest; the core decides both."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

import numpy as np

from wuzha.adapters.columns.arrays import ArraySession
from wuzha.adapters.columns.counted import Counted, index_amounts
from wuzha.adapters.columns.engines import Engine
from wuzha.adapters.columns.ledger import Columns
from wuzha.adapters.columns.question import Question
from wuzha.adapters.columns.tables import HUNDREDTHS, Demand, Tables, make_tables
from wuzha.core.assessment.assess import NOTHING, assess_facts
from wuzha.core.assessment.counted import stand_counted_unit
from wuzha.core.assessment.model import Standing
from wuzha.core.ledger.row import Row


@dataclass(frozen=True, slots=True)
class Assessed:
    """The standings in the order of the specification, and the ids of the duties that the engine counted."""

    standings: list[Standing]
    by_engine: frozenset[str]


def assess_columns(engine: Engine, question: Question, columns: Columns) -> Assessed:
    """Every obligation of the plan as it stands on the day, counted by this engine where it can."""
    tables = make_tables(
        plan=question.plan, tree=question.tree, kinds=question.kinds, columns=columns, as_of=question.as_of
    )
    with engine.open(tables) as session:
        counted = session.count()
    return name_records(tables, stand_tables(question, tables, counted, engine.verbs))


def stand_tables(question: Question, tables: Tables, counted: Counted, verbs: Collection[str]) -> Assessed:
    """The standings, where ``counted`` holds the amounts of the duties of these verbs."""
    standings: list[Standing] = []
    by_engine: set[str] = set()
    for _, same in groupby(tables.demands, key=_find_place):
        demands = list(same)
        if is_countable(tables, demands[0], verbs):
            by_engine.add(demands[0].duty.id)
            standings += _stand_amounts(question, tables, counted, demands)
        else:
            standings += _stand_facts(question, tables, demands[0])
    return Assessed(standings, frozenset(by_engine))


def _find_place(demand: Demand) -> int:
    return demand.place


def is_countable(tables: Tables, demand: Demand, verbs: Collection[str]) -> bool:
    """Whether the engine can count the duty, and the tables hold its amounts exactly.

    Heads are whole: a sum of money among them is asked of the specification.
    """
    duty = demand.duty
    whole = duty.measure not in HUNDREDTHS
    return duty.verb in verbs and (whole or (duty.verb != "cover" and not tables.columns.inexact))


def _stand_amounts(
    question: Question, tables: Tables, counted: Counted, demands: Sequence[Demand]
) -> Iterator[Standing]:
    """One duty, unit by unit."""
    amounts = [index_amounts(counted, demand, tables) for demand in demands]
    for unit in question.tree.units:
        for demand, found in zip(demands, amounts, strict=True):
            if unit.code in demand.codes:
                mine = found.get(unit.code, {})
                yield from stand_counted_unit(demand.duty, unit, demand.windows, mine, tables.as_of)


def _stand_facts(question: Question, tables: Tables, demand: Demand) -> Iterator[Standing]:
    """One duty by the specification, over the records that can count for it."""
    rows = list(list_feeding(tables, demand))
    return assess_facts(demand.duty, question.plan.valid, question.tree, rows, tables.as_of)


def name_records(tables: Tables, assessed: Assessed) -> Assessed:
    """The same with the records behind each figure, which an engine that only counts does not know."""
    behind: dict[tuple[str, str, date], list[int]] = {}
    for demand in tables.demands:
        if demand.duty.id in assessed.by_engine:
            hits = ArraySession(tables).find_hits(demand.number)
            for record, unit, win in zip(hits.rows.tolist(), hits.unit.tolist(), hits.win.tolist(), strict=True):
                cell = demand.duty.id, tables.codes[unit], demand.windows[win].opens
                behind.setdefault(cell, []).append(record)
    verbs = {demand.duty.id: demand.duty.verb for demand in tables.demands}
    named = [
        _name(tables.columns, standing, verbs[standing.obligation.duty], behind)
        if standing.obligation.duty in assessed.by_engine
        else standing
        for standing in assessed.standings
    ]
    return Assessed(named, assessed.by_engine)


def _name(
    columns: Columns, standing: Standing, verb: str, behind: Mapping[tuple[str, str, date], list[int]]
) -> Standing:
    """As the verbs name them: of documents the first; of a sum held against nothing known, none."""
    owed, tally = standing.obligation, standing.tally
    if tally is NOTHING or (tally.value is None and verb != "cover"):
        return standing
    numbers = behind.get((owed.duty, owed.unit, owed.window.opens), [])
    ids = tuple(columns.find_id(number) for number in (numbers[:1] if verb == "file" else numbers))
    return replace(standing, tally=replace(tally, records=ids))


def list_feeding(tables: Tables, demand: Demand) -> Iterator[Row]:
    """The facts in effect up to the day asked about that are of the duty's kinds."""
    columns = tables.columns
    kinds = tables.feed["kind"][tables.feed["duty"] == demand.number]
    known = columns.in_effect & (columns.happened_on <= tables.as_of.toordinal())
    return columns.list_rows(np.flatnonzero(known & np.isin(columns.codes["kind"], kinds)).tolist())
