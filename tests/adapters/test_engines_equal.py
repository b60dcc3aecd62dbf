"""Every engine gives what the specification gives: each obligation, its status, value, goal, base and shortfall."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.engine_cases import Case, make_case
from wuzha.adapters.columns.assess import assess_columns
from wuzha.adapters.columns.engines import ENGINES
from wuzha.adapters.columns.ledger import make_columns
from wuzha.core.assessment.assess import assess
from wuzha.core.assessment.model import Standing

QUICK = [name for name in ENGINES if name != "spark"]
SEEDS = st.integers(0, 2**64)


def list_cells(standings: Iterable[Standing]) -> list[Standing]:
    """All that a standing says but for the records behind it, in the order of the standings."""
    return [replace(standing, tally=replace(standing.tally, records=())) for standing in standings]


def hold_equal(name: str, case: Case) -> None:
    ground = case.ground
    expected = assess(ground.plan, ground.tree, case.ledger, ground.kinds, ground.as_of)
    found = assess_columns(ENGINES[name], ground, make_columns(case.ledger))
    for mine, asked in zip(list_cells(found.standings), list_cells(expected), strict=True):
        assert mine == asked


@pytest.mark.parametrize("name", QUICK)
@settings(max_examples=60)
@given(seed=SEEDS)
def test_an_engine_stands_by_the_specification(name: str, seed: int) -> None:
    hold_equal(name, make_case(seed))
