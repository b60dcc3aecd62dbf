"""Laws of assessment: what must hold for any plan, any tree and any ledger."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.core.ledgers import (
    CODES,
    DAYS,
    TREE,
    YEAR,
    cover_duties,
    do_duties,
    file_duties,
    ledgers,
    make_plan,
    questions,
    records,
    waivers,
)
from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment.assess import assess
from wuzha.core.assessment.model import Standing, Status, Totals
from wuzha.core.assessment.rollup import add_duties, count_standings, roll_up
from wuzha.core.base.interval import Interval
from wuzha.core.duty.kinds.check import NO_SUBJECTS
from wuzha.core.duty.model import Duty, Narrow, Waiver, Who
from wuzha.core.duty.who import list_bearers
from wuzha.core.ledger.credit import credit_records, list_credits
from wuzha.core.ledger.record import Record, keep_in_effect

KINDS = load_kinds()
DONE = (Status.MET, Status.LATE)
Asked = tuple[Duty, list[Record]]
acts = do_duties | file_duties | cover_duties


def assess_one(duty: Duty, ledger: list[Record], as_of: date) -> list[Standing]:
    return assess(make_plan(duty), TREE, ledger, KINDS, as_of)


@given(do_duties, ledgers, records(), DAYS)
def test_adding_a_record_never_unmeets_a_do_duty(duty: Duty, ledger: list[Record], new: Record, as_of: date) -> None:
    before = assess_one(duty, ledger, as_of)
    after = assess_one(duty, [*ledger, replace(new, id=type(new.id)(int=2**99))], as_of)

    for old, now in zip(before, after, strict=True):
        assert now.status in DONE or old.status not in DONE
        assert now.tally.value is None or old.tally.value is None or now.tally.value >= old.tally.value


@given(questions(), DAYS)
def test_the_order_of_the_ledger_changes_nothing(question: Asked, as_of: date) -> None:
    duty, ledger = question
    shuffled = sorted(ledger, key=lambda record: (record.id.int * 7919) % 1009)

    assert statuses(assess_one(duty, ledger, as_of)) == statuses(assess_one(duty, shuffled, as_of))


@given(questions(), DAYS)
def test_facts_of_later_days_are_not_looked_at(question: Asked, as_of: date) -> None:
    duty, ledger = question
    ledger = keep_in_effect(ledger)
    known = [record for record in ledger if record.happened_on <= as_of]

    assert assess_one(duty, ledger, as_of) == assess_one(duty, known, as_of)


@given(questions(), DAYS)
def test_parts_add_up_to_the_whole(question: Asked, as_of: date) -> None:
    duty, ledger = question
    standings = assess_one(duty, ledger, as_of)
    totals = roll_up(standings, TREE)

    assert totals.get(("C", duty.id), Totals()) == count_standings(standings)
    for code in CODES:
        parts = [totals.get((child.code, duty.id), Totals()) for child in TREE.list_children(code)]
        own = count_standings(s for s in standings if s.obligation.unit == code)
        assert sum(parts, own) == totals.get((code, duty.id), Totals())


@given(questions(), DAYS)
def test_what_is_met_in_time_is_met_and_what_is_met_was_expected(question: Asked, as_of: date) -> None:
    duty, ledger = question
    total = add_duties(roll_up(assess_one(duty, ledger, as_of), TREE), "C")

    assert 0 <= total.on_time <= total.met <= total.expected


@given(questions())
def test_a_record_is_never_counted_twice_up_the_tree(question: Asked) -> None:
    duty, ledger = question
    credited = credit_records(duty, list_bearers(duty.who, TREE), TREE, ledger, KINDS)
    counted = [record.id for found in credited.values() for record in found]

    assert len(counted) == len(set(counted))


@given(do_duties, ledgers)
def test_the_sum_over_the_tree_is_the_sum_of_the_records(duty: Duty, ledger: list[Record]) -> None:
    """What all bearers did together is what their records say, once each."""
    duty = replace(duty, rhythm=None, measure="quantity")
    tallies = [standing.tally for standing in assess_one(duty, ledger, date(2026, 12, 31))]
    behind = {record for tally in tallies for record in tally.records}
    total = sum((tally.value for tally in tallies if tally.value is not None), Fraction(0))

    assert total == sum(record.quantity for record in ledger if record.id in behind)


@given(do_duties, ledgers)
def test_both_directions_of_credit_agree(duty: Duty, ledger: list[Record]) -> None:
    standings = assess_one(duty, ledger, date(2026, 12, 31))
    forward = {(record, s.obligation.unit) for s in standings for record in s.tally.records}
    backward = {(record.id, credit.unit) for record in ledger for credit in list_credits(record, [duty], TREE, KINDS)}

    assert forward <= backward


@given(ledgers)
def test_a_replaced_record_and_its_withdrawal_leave_no_trace_in_what_counts(ledger: list[Record]) -> None:
    withdrawals = [
        replace(record, id=type(record.id)(int=2**80 + n), replaces=record.id, withdrawn=True)
        for n, record in enumerate(ledger)
    ]

    assert keep_in_effect([*ledger, *withdrawals]) == []


@given(questions(), DAYS)
def test_an_unknown_figure_has_no_value_and_a_reason(question: Asked, as_of: date) -> None:
    duty, ledger = question
    for standing in assess_one(duty, ledger, as_of):
        if standing.status is Status.UNKNOWN:
            assert standing.tally.value is None
            assert standing.reason
        if standing.status in DONE:
            assert standing.shortfall == 0


@given(questions(), DAYS)
def test_time_only_opens_what_was_upcoming(question: Asked, as_of: date) -> None:
    duty, ledger = question
    today = assess_one(duty, ledger, as_of)
    tomorrow = assess_one(duty, ledger, as_of + timedelta(days=1))

    for now, later in zip(today, tomorrow, strict=True):
        assert later.status is not Status.UPCOMING or now.status is Status.UPCOMING


def statuses(standings: list[Standing]) -> list[Status]:
    return [standing.status for standing in standings]


@given(questions(), DAYS, DAYS)
def test_what_was_done_in_time_stays_done(question: Asked, one: date, other: date) -> None:
    """Of what is an act, not a state: after the due day neither time nor a later census takes it back."""
    duty, ledger = question
    before, after = sorted((one, other))
    assume(duty.verb in ("do", "file", "cover"))
    for was, now in zip(assess_one(duty, ledger, before), assess_one(duty, ledger, after), strict=True):
        if was.status is Status.MET and before >= was.obligation.due_on:
            assert now.status is Status.MET


@given(acts, st.lists(records(("rally", "progress_table", "visit")), min_size=1, max_size=15), st.integers(1, 9))
def test_what_was_done_before_the_duty_came_into_force_counts_nowhere(
    duty: Duty, ledger: list[Record], days: int
) -> None:
    """Of what is an act: a state may have been there before. The duty begins soon after a village's first."""
    opens = min(ledger[0].happened_on + timedelta(days=days), YEAR.closes - timedelta(days=1))
    as_of = opens + timedelta(days=days)
    late = replace(duty, who=Who(name=("V1",)), valid=Interval(opens, YEAR.closes), narrow=Narrow())
    ledger = [replace(record, unit="V1", id=UUID(int=number)) for number, record in enumerate(ledger, start=1)]
    since = [record for record in ledger if record.happened_on >= opens]

    assert [(one.status, one.tally) for one in assess_one(late, ledger, as_of)] == [
        (one.status, one.tally) for one in assess_one(late, since, as_of)
    ]


@given(questions(), DAYS, DAYS)
def test_nothing_is_due_before_it_can_be_begun(question: Asked, opens: date, as_of: date) -> None:
    late = replace(question[0], valid=Interval(opens, YEAR.closes))
    for standing in assess_one(late, [], as_of):
        owed = standing.obligation
        assert owed.begins_on <= owed.due_on or owed.exempt
        assert owed.begins_on >= opens
        assert as_of >= opens or standing.status in (Status.UPCOMING, Status.EXEMPT)


@given(questions(), st.lists(waivers, max_size=3), DAYS)
def test_a_waiver_changes_nothing_but_its_own_cells(question: Asked, given_: list[Waiver], as_of: date) -> None:
    duty, ledger = question
    before = assess_one(duty, ledger, as_of)
    after = assess_one(replace(duty, waivers=tuple(given_)), ledger, as_of)
    mine = [one for one in given_ if one.duty == duty.id]

    for old, now in zip(before, after, strict=True):
        if now.status is not Status.WAIVED:
            assert now == old
            continue
        assert old.status is not Status.EXEMPT or old.reason == NO_SUBJECTS
        assert any(
            old.obligation.unit in one.units and one.days.overlap(old.obligation.window.interval).days for one in mine
        )
        assert now.reason in {one.reason for one in mine}


@given(questions(), st.lists(waivers, max_size=3), DAYS)
def test_what_is_waived_is_not_expected_and_nothing_else_is_lost(
    question: Asked, given_: list[Waiver], as_of: date
) -> None:
    duty, ledger = question
    before = count_standings(assess_one(duty, ledger, as_of))
    after = count_standings(assess_one(replace(duty, waivers=tuple(given_)), ledger, as_of))
    left = before.expected - after.expected

    assert sum(before.counts.values()) == sum(after.counts.values())
    assert 0 <= left <= after.count(Status.WAIVED)
    assert after.met <= after.expected
