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
        ("7号至9号", ("7号", "8号", "9号")),
        ("7至9号", ("7号", "8号", "9号")),
        ("3栋101-3栋104", ("3栋101", "3栋102", "3栋103", "3栋104")),
        ("3栋101-103", ("3栋101", "3栋102", "3栋103")),
        ("SQ030201-001-003", ("SQ030201-001", "SQ030201-002", "SQ030201-003")),
        ("SQ030201-009-SQ030201-011", ("SQ030201-009", "SQ030201-010", "SQ030201-011")),
        ("SQ030201-009至SQ030201-011", ("SQ030201-009", "SQ030201-010", "SQ030201-011")),
        ("SQ030201-001，SQ030201-002", ("SQ030201-001", "SQ030201-002")),
        ("098-101", ("098", "099", "100", "101")),
        ("001-3", ("001", "002", "003")),
        ("1 ～ 3\n4 - 5", ("1", "2", "3", "4", "5")),
        ("1——3 5--6", ("1", "2", "3", "5", "6")),
        ("3-1-101", ("3-1-101",)),
        ("3-1-101-103", ("3-1-101", "3-1-102", "3-1-103")),
        ("3-1-101至3-1-103", ("3-1-101", "3-1-102", "3-1-103")),
        ("3-1-101-3-1-103", ("3-1-101", "3-1-102", "3-1-103")),
        ("2-3-1-101", ("2-3-1-101",)),
        ("3栋-101", ("3栋-101",)),
        ("", ()),
    ],
)
def test_numbers_and_ranges_are_read_in_their_order_each_once(text: str, numbers: tuple[str, ...]) -> None:
    assert read_subjects(text) == (numbers, ())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9-1", "subject.range-reversed"),
        ("3栋104-3栋101", "subject.range-reversed"),
        ("SQ030201-060-SQ030201-001", "subject.range-reversed"),
        ("3栋101-4栋104", "subject.range-unread"),
        ("3栋101至4栋104", "subject.range-unread"),
        ("3-1-101至4-1-104", "subject.range-unread"),
        ("7号至9室", "subject.range-unread"),
        ("SQ030201-001～SQ030202-060", "subject.range-unread"),
        ("甲12345678901234567至甲12345678901234569", "subject.personal"),
        ("石桥县青石镇柳湾村民委员会第1网格的门牌1-30", "subject.too-long"),
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


def test_what_cannot_be_read_is_told_with_its_line() -> None:
    numbers, (unread, reversed_) = read_subjects("1-2\n3栋101-4栋104，3\n9-5")

    assert numbers == ("1", "2", "3")
    assert [(problem.code, problem.source.line) for problem in (unread, reversed_)] == [
        ("subject.range-unread", 2),
        ("subject.range-reversed", 3),
    ]


@given(
    st.sampled_from(["", "甲", "3栋", "SQ030201-", "3-1-", "东-2号院"]),
    st.integers(0, 950),
    st.integers(0, 49),
    st.sampled_from(["-", "至", "~", "—"]),
    st.sampled_from(["", "号", "室"]),
)
def test_a_range_that_repeats_its_front_is_counted_through(
    head: str, first: int, more: int, sign: str, tail: str
) -> None:
    ends = [f"{head}{number:03}{tail}" for number in (first, first + more)]

    assert read_subjects(sign.join(ends)) == (
        tuple(f"{head}{number:03}{tail}" for number in range(first, first + more + 1)),
        (),
    )
