"""Every engine gives what the specification gives: each obligation, its status, its figures and their records."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.engine_cases import Case, make_case
from tests.core.ledgers import TREE, YEAR, make_plan
from wuzha.adapters.columns.assess import assess_columns
from wuzha.adapters.columns.engines import ENGINES
from wuzha.adapters.columns.ledger import make_columns
from wuzha.adapters.columns.question import Question
from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment.assess import assess
from wuzha.core.assessment.model import Standing, Status
from wuzha.core.base.unit import Tree
from wuzha.core.base.windows import Cadence, Rhythm
from wuzha.core.duty.model import Duty, Target, Who
from wuzha.core.ledger.record import Record

QUICK = [name for name in ENGINES if name != "spark"]
SEEDS = st.integers(0, 2**64)


def hold_equal(name: str, case: Case) -> None:
    ground = case.ground
    compare(assess_columns(ENGINES[name], ground, make_columns(case.ledger)).standings, case)


def compare(found: Iterable[Standing], case: Case) -> None:
    ground = case.ground
    expected = assess(ground.plan, ground.tree, case.ledger, ground.kinds, ground.as_of)
    for mine, asked in zip(found, expected, strict=True):
        assert mine == asked


@pytest.mark.parametrize("name", QUICK)
@settings(max_examples=80)
@given(seed=SEEDS)
def test_an_engine_stands_by_the_specification(name: str, seed: int) -> None:
    hold_equal(name, make_case(seed))


@pytest.mark.parametrize("name", QUICK)
def test_a_number_is_its_units_own_and_reached_again_after_the_due_day_it_is_still_in_time(name: str) -> None:
    target = Target("at_least", Fraction(2))
    duty = Duty("cover", "cover", "household", Who(kind=("town",)), YEAR, target=target, by=date(2026, 3, 20))
    reached = [visit("V1", 10, "3"), visit("G1", 12, "3"), visit("V1", 25, "3"), visit("G1", 26, "3")]
    case = Case(Question(make_plan(duty), TREE, load_kinds(), date(2026, 3, 31)), reached)
    hold_equal(name, case)
    town, _ = assess_columns(ENGINES[name], case.ground, make_columns(reached)).standings
    assert (town.tally.value, town.status) == (Fraction(2), Status.MET)


@pytest.mark.parametrize("name", QUICK)
def test_what_was_done_on_the_day_a_unit_closed_is_not_its_own(name: str) -> None:
    closing = replace(TREE.by_code["V1"], closes_on=date(2026, 3, 25))
    tree = Tree(tuple(closing if unit.code == "V1" else unit for unit in TREE.units))
    duty = Duty("do", "do", "visit", Who(name=("V1",)), YEAR, rhythm=Rhythm(Cadence.MONTH))
    case = Case(Question(make_plan(duty), tree, load_kinds(), date(2026, 4, 1)), [visit("G1", 25, "")])
    hold_equal(name, case)
    _, _, march = assess_columns(ENGINES[name], case.ground, make_columns(case.ledger)).standings
    assert (march.obligation.window.label, march.status) == ("2026-03", Status.MISSED)


def visit(unit: str, day: int, subject: str) -> Record:
    number = int.from_bytes(f"{unit}{day}".encode())
    return Record(UUID(int=number), unit, "visit", date(2026, 3, day), subject=subject)


def test_records_with_amounts_finer_than_the_tables_hold_are_counted_by_the_specification() -> None:
    duty = Duty("keep", "do", "banner", Who(kind=("village",)), YEAR, measure="area_m2", rhythm=Rhythm(Cadence.YEAR))
    third = Record(UUID(int=1), "V1", "banner", date(2026, 3, 1), area_m2=Fraction(1, 3))
    ground = Question(make_plan(duty), TREE, load_kinds(), date(2026, 3, 31))
    found = assess_columns(ENGINES["sql"], ground, make_columns([third]))
    assert found.by_engine == frozenset()
    assert found.standings[0].tally.value == Fraction(1, 3)
