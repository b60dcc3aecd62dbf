"""Who is reached counts once, however often and however the ledger is cut."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tests.core.ledgers import TREE
from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment.assess import assess_duty, complete_duty
from wuzha.core.base.interval import Interval
from wuzha.core.duty.model import Duty, Target, Who
from wuzha.core.ledger.record import Record
from wuzha.core.plan.model import Plan

KINDS = load_kinds()
YEAR = Interval(date(2026, 1, 1), date(2027, 1, 1))
DUTY = Duty("v", "cover", "household", Who(("village",)), YEAR, target=Target("at_least", Fraction(1), share=True))
PLAN = Plan("试", "", YEAR, (), (DUTY,))
LAST = date(2026, 12, 31)

visits = st.lists(
    st.builds(
        Record,
        id=st.uuids(),
        unit=st.sampled_from([unit.code for unit in TREE.units]),
        kind=st.just("visit"),
        happened_on=st.dates(date(2026, 1, 1), LAST),
        quantity=st.integers(1, 3),
        subject=st.sampled_from(["", "1", "2", "3", "4"]),
    ),
    max_size=12,
    unique_by=lambda record: record.id,
)


def reach(ledger: list[Record], as_of: date = LAST) -> dict[str, Fraction | None]:
    standings = assess_duty(complete_duty(DUTY, KINDS), PLAN, TREE, ledger, KINDS, as_of)
    return {standing.obligation.unit: standing.tally.value for standing in standings}


def visit_again(record: Record) -> Record:
    return replace(
        record, id=UUID(int=record.id.int ^ 1), happened_on=min(LAST, record.happened_on + timedelta(days=1))
    )


@given(visits)
def test_the_same_number_twice_counts_once(ledger: list[Record]) -> None:
    again = [visit_again(record) for record in ledger if record.subject]
    assert reach([*ledger, *again]) == reach(ledger)


@given(visits, st.randoms(use_true_random=False))
def test_the_order_of_the_ledger_changes_nothing(ledger: list[Record], chance: Random) -> None:
    mixed = list(ledger)
    chance.shuffle(mixed)
    assert reach(mixed) == reach(ledger)


@given(visits)
def test_a_record_of_three_unnumbered_households_is_three_records_of_one(ledger: list[Record]) -> None:
    split = [
        replace(record, id=UUID(int=(record.id.int + part * 7919) % 2**128), quantity=1)
        for record in ledger
        for part in range(1 if record.subject else record.quantity)
    ]
    assert reach(split) == reach(ledger)


@given(visits, visits)
def test_more_visits_never_reach_fewer_and_never_more_than_there_are(ledger: list[Record], more: list[Record]) -> None:
    before, after = reach(ledger), reach([*ledger, *more])
    for code, value in after.items():
        base = TREE.by_code[code].find_attribute("households", LAST)
        earlier = before[code]
        if value is not None and base is not None and earlier is not None:
            assert earlier <= value <= base.value
