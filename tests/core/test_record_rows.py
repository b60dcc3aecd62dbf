"""Rows of raw text to records."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from uuid import UUID

import pytest

from wuzha.core.base.problem import Source
from wuzha.core.base.unit import Unit
from wuzha.core.ledger.parse import RecordRow, parse_record, parse_records, write_extra
from wuzha.core.ledger.record import Detail, Kinds, RecordKind

KINDS: Kinds = {
    "rally": RecordKind("rally", "集中宣传活动", "Rally", "event", ("quantity",)),
    "talk": RecordKind("talk", "宣讲", "Talk", "event", ("quantity",), details=(Detail("speaker", "主讲", "Speaker"),)),
    "banner": RecordKind("banner", "横幅", "Banner", "site", ("quantity", "change")),
    "followup": RecordKind("followup", "重点人员核查", "Follow-up", "check", ("subject",), grades=("high", "low")),
    "awareness": RecordKind("awareness", "知晓率抽样", "Survey", "count", ("quantity", "people")),
}
FIRST, SECOND, THIRD, FOURTH = (f"018f3c1e-0000-7000-8000-00000000000{number}" for number in (1, 2, 3, 4))
UNITS = {
    code: Unit(code, name, "village", opens_on=date(2026, 1, 1), closes_on=date(2026, 12, 1))
    for code, name in (("SQ01", "柳湾村"), ("SQ02", "上林村"))
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


def test_the_same_id_with_the_same_content_is_one_record_sent_twice() -> None:
    records, problems = parse_records([make_row(2, id=FIRST), make_row(3, id=FIRST)], KINDS)

    assert (len(records), problems) == (1, ())


def test_the_same_id_with_another_content_is_told_and_the_first_stands() -> None:
    records, problems = parse_records([make_row(2, id=FIRST), make_row(3, id=FIRST, quantity="2")], KINDS)

    assert [record.quantity for record in records] == [1]
    assert [(problem.code, problem.source.row, problem.values) for problem in problems] == [
        ("record.id-twice", 3, {"first_row": "2", "value": FIRST, "field": "quantity"})
    ]


def test_a_bad_row_does_not_hide_the_next() -> None:
    records, problems = parse_records([make_row(2, kind="巡山"), make_row(3), make_row(4, quantity="x")], KINDS)

    assert len(records) == 1
    assert [problem.source.row for problem in problems] == [2, 4]


def take(*rows: RecordRow) -> tuple[list[str], list[tuple[str, int | None]]]:
    """The ids that were taken in by their last figure, and what was told with its row."""
    records, problems = parse_records(rows, KINDS, UNITS)
    assert all(problem.source.column for problem in problems)
    return [str(record.id)[-1] for record in records], [(problem.code, problem.source.row) for problem in problems]


def test_a_row_of_a_unit_that_the_roster_does_not_have_is_told_and_left_out() -> None:
    records, problems = parse_records([make_row(2), make_row(3, unit="SQ99")], KINDS, UNITS)

    assert [record.unit for record in records] == ["SQ01"]
    assert [(problem.code, problem.source.row) for problem in problems] == [("record.unit-unknown", 3)]


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"quantity": "1000000000000000000"}, "record.too-large", "数量"),
        ({"happened_on": "2025-12-31"}, "record.before-opening", "日期"),
        ({"happened_on": "2026-12-01"}, "record.after-closing", "日期"),
        ({"kind": "知晓率抽样", "quantity": "9", "people": "8"}, "record.hits-over-asked", "数量"),
        ({"kind": "followup", "change": "核查"}, "record.subject-missing", "对象编号"),
        ({"withdrawn": "是"}, "record.withdraws-nothing", "更正编号"),
        ({"id": FIRST, "replaces": FIRST}, "record.replaces-itself", "更正编号"),
    ],
)
def test_a_row_is_asked_what_a_form_asks(cells: dict[str, str], code: str, column: str) -> None:
    records, problems = parse_records([make_row(2, **cells), make_row(3)], KINDS, UNITS)

    assert [(problem.code, problem.source.row, problem.source.column) for problem in problems] == [(code, 2, column)]
    assert len(records) == 1


def test_a_day_that_has_not_come_is_no_mistake_in_a_file() -> None:
    assert take(make_row(2, id=FIRST, happened_on="2026-11-30")) == (["1"], [])


def test_a_correction_may_come_before_what_it_corrects() -> None:
    rows = (make_row(2, id=SECOND, replaces=FIRST), make_row(3, id=FIRST), make_row(4, id=THIRD, replaces=SECOND))

    assert take(*rows) == (["2", "1", "3"], [])


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"replaces": THIRD}, "record.original-unlisted"),
        ({"unit": "SQ02", "replaces": FIRST}, "record.correction-moves"),
        ({"kind": "横幅", "replaces": FIRST}, "record.correction-moves"),
    ],
)
def test_a_correction_that_fits_no_record_is_told_and_what_it_names_stands(cells: dict[str, str], code: str) -> None:
    assert take(make_row(2, id=FIRST), make_row(3, id=SECOND, **cells)) == (["1"], [(code, 3)])


def test_a_record_is_corrected_once_and_the_second_is_led_to_the_first() -> None:
    rows = (make_row(2, id=FIRST), *(make_row(row, id=own, replaces=FIRST) for row, own in ((3, SECOND), (4, THIRD))))
    _, problems = parse_records(rows, KINDS, UNITS)

    assert take(*rows) == (["1", "2"], [("record.corrected-twice", 4)])
    assert problems[0].values["first"] == "3"


def test_what_was_taken_back_is_not_corrected() -> None:
    back = make_row(3, id=SECOND, replaces=FIRST, withdrawn="是")

    assert take(make_row(2, id=FIRST), back, make_row(4, id=THIRD, replaces=SECOND)) == (
        ["1", "2"],
        [("record.already-withdrawn", 4)],
    )


def test_corrections_in_a_circle_are_told_each_and_none_counts() -> None:
    rows = (make_row(2, id=FIRST, replaces=SECOND), make_row(3, id=SECOND, replaces=FIRST), make_row(4, id=THIRD))

    assert take(*rows) == (["3"], [("record.correction-circle", 2), ("record.correction-circle", 3)])


@pytest.mark.parametrize("bad", [{"quantity": "三"}, {"quantity": "0"}, {"unit": "SQ99"}])
def test_the_correction_of_a_row_that_was_refused_is_told_and_not_counted(bad: dict[str, str]) -> None:
    ids, told = take(make_row(2, id=FIRST, **bad), make_row(3, id=SECOND, replaces=FIRST))

    assert ids == []
    assert told[1:] == [("record.original-refused", 3)]


def test_what_follows_a_refused_correction_does_not_count_beside_the_first_record() -> None:
    rows = (
        make_row(2, id=THIRD, replaces=SECOND),
        make_row(3, id=SECOND, unit="SQ02", replaces=FIRST),
        make_row(4, id=FIRST),
        make_row(5, id=FOURTH, replaces=THIRD, unit="SQ02"),
    )

    assert take(*rows)[0] == ["1"]


def test_details_are_listed_in_one_cell_by_their_titles() -> None:
    record, problems = parse_record(make_row(kind="宣讲", extra="主讲：派出所民警"), KINDS)

    assert problems == ()
    assert record is not None
    assert record.extra == {"speaker": "派出所民警"}
    assert write_extra(record, KINDS["talk"]) == "主讲：派出所民警"


def test_a_detail_that_the_kind_does_not_have_is_told_with_its_cell() -> None:
    record, (problem,) = parse_record(make_row(kind="宣讲", extra="天气：晴"), KINDS)

    assert record is None
    assert (problem.code, problem.source.column) == ("record.extra-unknown", "其他说明")
    assert problem.values["detail"] == "天气"


def test_what_is_written_into_one_cell_reads_back_whatever_marks_it_holds() -> None:
    record, _ = parse_record(make_row(kind="宣讲", extra="主讲：甲：乙"), KINDS)
    assert record is not None
    odd = replace(record, extra={"speaker": "上午；下午：两场"})
    again, problems = parse_record(make_row(kind="宣讲", extra=write_extra(odd, KINDS["talk"])), KINDS)

    assert problems == ()
    assert again is not None
    assert again.extra == {"speaker": "上午，下午：两场"}


def test_two_rows_that_differ_in_a_detail_alone_are_two_records() -> None:
    rows = [make_row(2, kind="宣讲", extra="主讲：甲"), make_row(3, kind="宣讲", extra="主讲：乙")]
    records, _ = parse_records(rows, KINDS)

    assert len({record.id for record in records}) == 2
