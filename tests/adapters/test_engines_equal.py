"""Every engine gives what the specification gives: each obligation, its status, value, goal, base and shortfall."""

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings

from tests.adapters.engine_cases import Case, cases
from wuzha.adapters.columns.assess import assess_columns
from wuzha.adapters.columns.engines import ENGINES
from wuzha.adapters.columns.ledger import make_columns
from wuzha.core.assessment.assess import assess
from wuzha.core.assessment.model import Standing
from wuzha.core.duty.model import Tally

QUICK = [name for name in ENGINES if name != "spark"]


def list_cells(standings: Iterable[Standing]) -> list[object]:
    """All that a standing says but for the records behind it, in the order of the standings."""
    return [(s.obligation, s.status, strip(s.tally), s.shortfall, s.reason) for s in standings]


def strip(tally: Tally) -> tuple[object, ...]:
    return tally.value, tally.goal, tally.of, tally.reason, tally.low, tally.high


def hold_equal(name: str, case: Case) -> None:
    ground = case.ground
    expected = assess(ground.plan, ground.tree, case.ledger, ground.kinds, ground.as_of)
    found = assess_columns(ENGINES[name], ground, make_columns(case.ledger))
    assert list_cells(found.standings) == list_cells(expected)
    counted = {duty.id for duty in ground.plan.duties if duty.verb in ENGINES[name].verbs}
    assert found.by_engine == counted


@pytest.mark.parametrize("name", QUICK)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(case=cases())
def test_an_engine_stands_by_the_specification(name: str, case: Case) -> None:
    hold_equal(name, case)
