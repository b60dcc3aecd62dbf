"""Which engine counts for ``wuzha assess``. Every engine gives the same; they differ in how long one waits for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import click
import numpy as np

from wuzha.adapters.columns.assess import assess_columns
from wuzha.adapters.columns.dense import DenseCount
from wuzha.adapters.columns.engines import ENGINES, Engine
from wuzha.adapters.columns.ledger import Columns
from wuzha.adapters.columns.question import Question
from wuzha.adapters.wording.words import Language
from wuzha.cli.files import InputError, say
from wuzha.core.assessment.model import Standing, Totals
from wuzha.core.assessment.rollup import Cell
from wuzha.core.base.unit import Tree, Unit

AUTO = "auto"
SPECIFICATION = "specification"
DENSE = "dense"
NAMES = (AUTO, SPECIFICATION, *ENGINES)
# Below this the plain functions of the specification have answered before columns are made.
FEW_RECORDS = 20_000


@dataclass(frozen=True, slots=True)
class Answer:
    """The standings; or of duties whose standings were never made one by one, the totals by branch and duty."""

    standings: list[Standing]
    by_branch: Mapping[Cell, Totals]


def choose_engine(name: str, size: int, language: Language) -> Engine | None:
    """The engine of that name for so many records, none for the specification.

    Ends the command where its packages are missing.
    """
    if name == AUTO:
        name = DENSE if size > FEW_RECORDS else SPECIFICATION
    if name == SPECIFICATION:
        return None
    engine = ENGINES[name]
    if not engine.is_installed:
        raise InputError(
            say(
                language,
                f"引擎 {name} 要另装：pip install 'wuzha[{engine.extra}]'。不写 --engine 也能算，结果一样。",
                f"The engine {name} needs more: pip install 'wuzha[{engine.extra}]'. Without --engine it is the same.",
            )
        )
    return engine


def ask_engine(engine: Engine, question: Question, columns: Columns, branch: Tree, *, one_by_one: bool) -> Answer:
    """What the engine says of the units of the branch; ``one_by_one`` asks for every standing with its records."""
    if engine.name == DENSE and not one_by_one:
        return _count_densely(engine, question, columns, branch)
    try:
        standings = assess_columns(engine, question, columns).standings
    except OSError as mistake:
        raise click.ClickException(str(mistake)) from mistake
    return Answer(standings, {})


def _count_densely(engine: Engine, question: Question, columns: Columns, branch: Tree) -> Answer:
    """Sums of sums in arrays, and the standings of the duties that are no sums."""
    whole = DenseCount(question, columns)
    dense = tuple(duty.id for duty in whole.duties if whole.is_dense(duty))
    summed = replace(question.plan, duties=tuple(duty for duty in question.plan.duties if duty.id in dense))
    others = replace(question.plan, duties=tuple(duty for duty in question.plan.duties if duty.id not in dense))
    by_branch = _sum_branches(DenseCount(replace(question, plan=summed), columns), branch)
    rest = assess_columns(engine, replace(question, plan=others), columns).standings if others.duties else []
    return Answer(rest, by_branch)


def _sum_branches(count: DenseCount, branch: Tree) -> Mapping[Cell, Totals]:
    numbers = count.roster.numbers
    found: dict[Cell, Totals] = {}
    members = [(top.code, np.array([numbers[code] for code in codes])) for top, codes in list_branches(branch)]
    for duty, counts in count.count_own():
        for code, units in members:
            sums = {status: int(own[units].sum()) for status, own in counts.items()}
            found[code, duty] = Totals({status: n for status, n in sums.items() if n})
    return found


def list_branches(tree: Tree) -> list[tuple[Unit, frozenset[str]]]:
    """The unit on top by itself, then each unit below it with everything under that; the parts are the whole."""
    branches: list[tuple[Unit, frozenset[str]]] = []
    for top in tree.list_children(""):
        branches.append((top, frozenset({top.code})))
        for unit in tree.list_children(top.code):
            branches.append((unit, frozenset(below.code for below in tree.walk_down(unit.code))))
    return branches
