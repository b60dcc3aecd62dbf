"""As known then: what had not been received by a day does not count, and nothing else changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.ledgers import DAYS, TREE, make_plan, questions
from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment.assess import assess
from wuzha.core.assessment.model import Standing
from wuzha.core.duty.model import Duty
from wuzha.core.ledger.record import BEIJING, Moment, Record, keep_in_effect, keep_known

KINDS = load_kinds()
START = datetime(2026, 1, 1, tzinfo=UTC)
Asked = tuple[Duty, list[Record]]


@st.composite
def received(draw: st.DrawFn) -> Asked:
    """A duty with a ledger whose records came in at some time of the year, corrections in any order."""
    duty, ledger = draw(questions())
    hours = draw(st.lists(st.integers(0, 24 * 365), min_size=len(ledger), max_size=len(ledger)))
    return duty, [replace(r, received_at=START + timedelta(hours=h)) for r, h in zip(ledger, hours, strict=True)]


def assess_known(question: Asked, as_of: date, by: Moment | None) -> list[Standing]:
    duty, ledger = question
    return assess(make_plan(duty), TREE, ledger, KINDS, as_of, known_by=by)


def make_record(number: int, received_at: datetime | None, **fields: object) -> Record:
    record = Record(UUID(int=number), "V1", "rally", date(2026, 3, 1), received_at=received_at)
    return replace(record, **fields)  # type: ignore[arg-type]  # the fields of a record, by name


@given(received(), DAYS)
def test_known_by_later_than_everything_is_as_known_now(question: Asked, as_of: date) -> None:
    plain = assess_known(question, as_of, None)

    assert assess_known(question, as_of, date(2027, 1, 2)) == plain
    assert assess_known(question, as_of, datetime(2027, 1, 2, tzinfo=UTC)) == plain


@given(received(), DAYS, DAYS)
def test_what_is_known_by_a_day_is_the_ledger_as_it_was_then(question: Asked, as_of: date, by: date) -> None:
    duty, ledger = question
    then = [r for r in ledger if r.received_at is not None and r.received_at.astimezone(BEIJING).date() <= by]

    assert assess_known(question, as_of, by) == assess_known((duty, then), as_of, None)


@given(received(), DAYS)
def test_before_anything_was_received_nothing_counts(question: Asked, as_of: date) -> None:
    duty, _ = question
    assert assess_known(question, as_of, date(2025, 12, 31)) == assess_known((duty, []), as_of, None)


def test_an_original_counts_again_before_its_correction_or_withdrawal_came() -> None:
    noon = datetime(2026, 3, 5, 4, tzinfo=UTC)
    original = make_record(1, noon)
    ledger = [original, make_record(2, noon + timedelta(days=3), replaces=original.id, withdrawn=True)]

    assert keep_in_effect(keep_known(ledger, date(2026, 3, 7))) == [original]
    assert keep_in_effect(keep_known(ledger, date(2026, 3, 8))) == []


def test_a_day_ends_at_midnight_in_beijing() -> None:
    late, later = (make_record(n, datetime(2026, 3, 5, hour, tzinfo=UTC)) for n, hour in ((1, 15), (2, 16)))

    assert keep_known([late, later], date(2026, 3, 5)) == [late]
    assert keep_known([late, later], date(2026, 3, 6)) == [late, later]


def test_what_came_in_at_that_very_instant_is_known() -> None:
    noon = datetime(2026, 3, 5, 4, tzinfo=UTC)
    record = make_record(1, noon)

    assert keep_known([record], noon) == [record]
    assert keep_known([record], noon - timedelta(microseconds=1)) == []
    last = datetime(2026, 3, 5, 23, 59, 59, 999999, tzinfo=BEIJING)
    assert keep_known([make_record(2, last)], date(2026, 3, 5)) == [make_record(2, last)]


def test_without_the_time_of_receipt_the_phones_time_counts_and_without_both_it_was_always_known() -> None:
    told = make_record(1, None, recorded_at=datetime(2026, 3, 5, tzinfo=UTC))
    silent = make_record(2, None)

    assert keep_known([told, silent], date(2026, 3, 4)) == [silent]
    assert keep_known([told, silent], date(2026, 3, 5)) == [told, silent]


def test_an_instant_must_tell_its_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        keep_known([], datetime(2026, 3, 5))  # noqa: DTZ001  # without a zone on purpose
