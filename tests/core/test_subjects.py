"""Opaque numbers from what people write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.core.ledger.subjects import MOST, read_subjects


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1-4", ("1", "2", "3", "4")),
        ("１－３，9；11", ("1", "2", "3", "9", "11")),
        ("甲栋1-3 乙栋2", ("甲栋1", "甲栋2", "甲栋3", "乙栋2")),
        ("3、1、3", ("3", "1")),
        ("7号至9号", ("7号至9号",)),
        ("", ()),
    ],
)
def test_numbers_and_ranges_are_read_in_their_order_each_once(text: str, numbers: tuple[str, ...]) -> None:
    assert read_subjects(text) == (numbers, ())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9-1", "subject.range-reversed"),
        ("柳大壮", "subject.no-number"),
        ("0" * 11, "subject.personal"),
        ("0" * 17 + "X", "subject.personal"),
        ("1" + "号" * 30, "subject.too-long"),
        ("1-999999", "subject.too-many"),
    ],
)
def test_what_is_no_number_of_a_household_is_told(text: str, code: str) -> None:
    numbers, (problem,) = read_subjects(f"5,{text}")

    assert (numbers, problem.code) == (("5",), code)


def test_a_personal_number_is_not_repeated_in_what_is_told() -> None:
    _, (problem,) = read_subjects("0" * 18)
    assert "0000" not in str(problem.params)


@given(st.integers(0, 900000), st.integers(0, MOST - 1))
def test_a_range_has_as_many_numbers_as_it_spans(first: int, more: int) -> None:
    numbers, problems = read_subjects(f"{first}-{min(first + more, 999999)}")
    assert problems == ()
    assert len(numbers) == min(first + more, 999999) - first + 1
