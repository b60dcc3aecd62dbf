"""The dense engine says what the specification says, for any plan, tree and ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.core.ledgers import DAYS, TREE, duties, ledgers, make_plan, questions
from wuzha.adapters.columns.dense import roll_up_dense
from wuzha.adapters.columns.ledger import make_columns
from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment.assess import assess
from wuzha.core.assessment.model import Totals
from wuzha.core.assessment.rollup import Cell, roll_up
from wuzha.core.base.unit import Tree
from wuzha.core.duty.model import Duty
from wuzha.core.ledger.record import Record

KINDS = load_kinds()
Asked = tuple[Duty, list[Record]]


def ask_both(
    chosen: Sequence[Duty], ledger: Sequence[Record], as_of: date, tree: Tree = TREE
) -> tuple[Mapping[Cell, Totals], Mapping[Cell, Totals]]:
    plan = make_plan(*chosen)
    columns = make_columns(ledger)
    counted = roll_up_dense(plan=plan, tree=tree, kinds=KINDS, columns=columns, as_of=as_of)
    return counted, roll_up(assess(plan, tree, ledger, KINDS, as_of), tree)


@given(questions(), DAYS)
def test_the_totals_of_one_duty_are_those_of_the_specification(question: Asked, as_of: date) -> None:
    duty, ledger = question
    counted, specified = ask_both([duty], ledger, as_of)

    assert counted == specified


@given(st.lists(duties, min_size=2, max_size=6), ledgers, DAYS)
def test_the_totals_of_a_plan_are_those_of_the_specification(
    chosen: list[Duty], ledger: list[Record], as_of: date
) -> None:
    named = [replace(duty, id=f"{number}-{duty.id}") for number, duty in enumerate(chosen)]
    counted, specified = ask_both(named, ledger, as_of)

    assert counted == specified
