"""A record as a row of a sheet, and back."""

from datetime import UTC, date, datetime
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.adapters.kinds import load_kinds
from wuzha.core.ledger.check import has_same_content
from wuzha.core.ledger.record import Record
from wuzha.core.ledger.sheet import RISKY, guard_text, reread, unguard_text, write_cells, write_head


@given(st.text(alphabet="'=+-@\t\r甲1 "))
def test_a_guarded_text_is_no_formula_and_comes_back_as_it_was(text: str) -> None:
    guarded = guard_text(text)

    assert not guarded.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguard_text(guarded) == text
    assert bool(RISKY.match(text)) == (guarded != text)


@given(
    quantity=st.integers(1, 10**6),
    people=st.none() | st.integers(0, 10**6),
    cents=st.none() | st.integers(0, 10**9),
    place=st.text(max_size=40),
    note=st.text(max_size=80),
    subject=st.text(max_size=20),
)
def test_a_record_that_came_from_a_sheet_goes_through_another_unchanged(
    quantity: int, people: int | None, cents: int | None, place: str, note: str, subject: str
) -> None:
    record = Record(
        UUID(int=1),
        "SQ01",
        "talk",
        date(2026, 3, 5),
        quantity=quantity,
        people=people,
        loss_yuan=None if cents is None else Fraction(cents, 100),
        place=place,
        note=note,
        subject=subject,
    )
    once = reread(record, load_kinds())

    assert has_same_content(once, reread(once, load_kinds()))
    assert (once.quantity, once.people, once.loss_yuan) == (quantity, people, record.loss_yuan)


def test_clocks_are_told_in_beijing_time() -> None:
    at = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)

    assert write_cells(Record(UUID(int=1), "SQ01", "talk", date(2026, 3, 5), recorded_at=at), load_kinds())[
        "recorded_at"
    ] == ("2026-03-05 02:30:00")


@pytest.mark.parametrize(
    ("name", "kind", "head"),
    [
        ("quantity", "talk", "数量（次）"),
        ("quantity", "awareness", "数量（知道或做到的人）"),
        ("area_m2", "hoarding_advert", "面积（平方米）"),
        ("place", "talk", "地点"),
    ],
)
def test_a_head_says_in_what_its_numbers_are_counted(name: str, kind: str, head: str) -> None:
    assert write_head(name, load_kinds()[kind]) == head
