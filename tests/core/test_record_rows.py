"""Rows of raw text to records."""

from datetime import UTC, date, datetime
from fractions import Fraction
from uuid import UUID

import pytest

from wuzha.core.base.problem import Source
from wuzha.core.ledger.parse import RecordRow, parse_record, parse_records
from wuzha.core.ledger.record import Kinds, RecordKind

KINDS: Kinds = {
    "rally": RecordKind("rally", "集中宣传活动", "Rally", "event", ("quantity",)),
    "banner": RecordKind("banner", "横幅", "Banner", "site", ("quantity", "change")),
    "followup": RecordKind("followup", "重点人员核查", "Follow-up", "check", ("subject",), grades=("high", "low")),
}
RALLY = {"unit": "SQ01", "kind": "集中宣传活动", "happened_on": "2026-03-20"}


def make_row(number: int = 2, **cells: str) -> RecordRow:
    return RecordRow({**RALLY, **cells}, Source(document="台账.csv", row=number))


def test_a_row_is_read_whole() -> None:
    record, problems = parse_record(
        make_row(
            id="018f3c1e-0000-7000-8000-000000000001",
            quantity="3",
            people="1,200",
            loss_yuan="12.50",
            recorded_at="2026-03-20T09:00",
        ),
        KINDS,
    )

    assert problems == ()
    assert record is not None
    assert (record.id, record.kind, record.happened_on) == (
        UUID("018f3c1e-0000-7000-8000-000000000001"),
        "rally",
        date(2026, 3, 20),
    )
    assert (record.quantity, record.people, record.loss_yuan) == (3, 1200, Fraction(25, 2))
    assert record.recorded_at == datetime(2026, 3, 20, 1, 0, tzinfo=UTC)


def test_what_people_wrote_for_people_stays_as_they_wrote_it() -> None:
    record, _ = parse_record(make_row(place="河东，集市（北口）", note="１０人到场！", quantity="２"), KINDS)

    assert record is not None
    assert (record.place, record.note, record.quantity) == ("河东，集市（北口）", "１０人到场！", 2)


def test_words_of_the_form_are_understood() -> None:
    banner, _ = parse_record(make_row(kind="横幅", change="拆除"), KINDS)
    check, _ = parse_record(make_row(kind="followup", change="建档", grade="高", subject="0017"), KINDS)
    withdrawn, _ = parse_record(make_row(withdrawn="是", replaces="018f3c1e-0000-7000-8000-000000000001"), KINDS)

    assert banner is not None
    assert banner.change == "remove"
    assert check is not None
    assert (check.change, check.grade) == ("enrol", "high")
    assert withdrawn is not None
    assert withdrawn.withdrawn


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("unit", "", "record.cell-missing"),
        ("kind", "", "record.cell-missing"),
        ("kind", "巡山", "record.kind-unknown"),
        ("happened_on", "", "record.cell-missing"),
        ("happened_on", "昨天", "record.not-a-date"),
        ("quantity", "三", "record.not-a-number"),
        ("quantity", "-1", "record.negative"),
        ("people", "1.5", "record.not-a-number"),
        ("area_m2", "-2", "record.negative"),
        ("loss_yuan", "NaN", "record.not-a-number"),
        ("id", "17", "record.id-invalid"),
        ("replaces", "前一条", "record.id-invalid"),
        ("change", "拆除", "record.change-unknown"),
        ("grade", "高", "record.grade-unknown"),
        ("withdrawn", "也许", "record.yes-or-no"),
        ("recorded_at", "早上", "record.not-a-time"),
    ],
)
def test_a_bad_cell_gives_no_record_and_says_which(field: str, value: str, code: str) -> None:
    record, problems = parse_record(make_row(9, **{field: value}), KINDS)

    assert record is None
    assert [problem.code for problem in problems] == [code]
    assert problems[0].source.row == 9
    assert problems[0].source.column != ""


def test_rows_without_ids_get_the_same_ids_every_time() -> None:
    rows = [make_row(2), make_row(3, note="第二场"), make_row(4)]
    once, _ = parse_records(rows, KINDS)
    again, problems = parse_records(rows, KINDS)

    assert problems == ()
    assert [record.id for record in once] == [record.id for record in again]
    assert len({record.id for record in once}) == 3, "two equal rows are two facts"


def test_the_same_id_on_two_rows_is_told_and_taken_once() -> None:
    same = "018f3c1e-0000-7000-8000-000000000001"
    records, problems = parse_records([make_row(2, id=same), make_row(3, id=same)], KINDS)

    assert len(records) == 1
    assert [(problem.code, problem.source.row, problem.values["first_row"]) for problem in problems] == [
        ("record.id-twice", 3, "2")
    ]


def test_a_bad_row_does_not_hide_the_next() -> None:
    records, problems = parse_records([make_row(2, kind="巡山"), make_row(3), make_row(4, quantity="x")], KINDS)

    assert len(records) == 1
    assert [problem.source.row for problem in problems] == [2, 4]


def test_a_row_of_a_unit_that_the_roster_does_not_have_is_told_and_left_out() -> None:
    records, problems = parse_records([make_row(2), make_row(3, unit="SQ99")], KINDS, {"SQ01"})

    assert [record.unit for record in records] == ["SQ01"]
    assert [(problem.code, problem.source.row) for problem in problems] == [("record.unit-unknown", 3)]
