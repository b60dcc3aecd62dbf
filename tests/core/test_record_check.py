"""What keeps a record from being taken in."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest

from wuzha.core.base.unit import Unit
from wuzha.core.ledger.check import check_correction, check_record, has_same_content, list_differences
from wuzha.core.ledger.record import Detail, Record, RecordKind

TODAY = date(2026, 6, 15)
ID = UUID("018f0000-0000-7000-8000-000000000001")
OTHER = UUID("018f0000-0000-7000-8000-000000000002")
VILLAGE = Unit("V", "柳湾村", "village", opens_on=date(2026, 1, 1), closes_on=date(2026, 12, 1))

RALLY = RecordKind("rally", "集中宣传活动", "Rally", "event", ("quantity", "people", "place"))
BANNER = RecordKind("banner", "横幅", "Banner", "site", ("quantity", "change", "place"))
HOARDING = RecordKind("hoarding", "围挡", "Hoarding", "site", ("area_m2", "change"), counts="area_m2")
FOLLOWUP = RecordKind("followup", "核查", "Check", "check", ("subject", "change", "grade"), grades=("high", "low"))
SURVEY = RecordKind("awareness", "知晓率抽样", "Survey", "count", ("quantity", "people"))
CASES = RecordKind("cases", "发案", "Cases", "count", ("quantity", "loss_yuan"))
LOSSES = RecordKind("losses", "案损", "Losses", "count", (), reads="cases")


def make_record(kind: str = "rally", **fields: Any) -> Record:
    return Record(ID, "V", kind, **({"happened_on": TODAY} | fields))


def find(record: Record, kind: RecordKind | None) -> list[tuple[str, str]]:
    return [(problem.code, problem.source.key) for problem in check_record(record, kind, VILLAGE, TODAY)]


def test_a_plain_record_of_today_is_taken_in() -> None:
    assert find(make_record(people=80, place="村口广场"), RALLY) == []


def test_a_kind_that_nobody_knows_is_the_only_thing_said() -> None:
    assert find(make_record("dance", quantity=-1), None) == [("record.kind-unknown", "kind")]


def test_an_indicator_that_is_computed_is_never_typed() -> None:
    assert find(make_record("losses"), LOSSES) == [("record.kind-computed", "kind")]


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 6, 16), "record.future"),
        (date(2025, 12, 31), "record.before-opening"),
    ],
)
def test_a_day_outside_the_units_life_or_ahead_is_refused(day: date, code: str) -> None:
    assert find(make_record(happened_on=day), RALLY) == [(code, "happened_on")]


def test_the_opening_day_itself_is_good() -> None:
    assert find(make_record(happened_on=date(2026, 1, 1)), RALLY) == []


def test_the_closing_day_is_no_longer_the_units() -> None:
    closed = replace(VILLAGE, closes_on=TODAY)

    assert [problem.code for problem in check_record(make_record(), RALLY, closed, TODAY)] == ["record.after-closing"]


@pytest.mark.parametrize("field", ["quantity", "people", "at_m", "area_m2", "loss_yuan"])
def test_no_amount_is_negative_and_the_problem_names_the_field(field: str) -> None:
    wrong: dict[str, Any] = {field: -1}

    assert ("record.negative", field) in find(make_record(**wrong), RALLY)


def test_a_slip_of_the_finger_is_caught() -> None:
    assert find(make_record(people=10**9), RALLY) == [("record.too-large", "people")]


def test_an_event_that_happened_no_time_is_refused_while_no_case_is_good_news() -> None:
    assert find(make_record(quantity=0), RALLY) == [("record.nothing", "quantity")]
    assert find(make_record("cases", quantity=0), CASES) == []


def test_a_survey_says_how_many_were_asked() -> None:
    assert find(make_record("awareness", quantity=4), SURVEY) == [("record.asked-missing", "people")]


def test_more_cannot_know_than_were_asked() -> None:
    assert find(make_record("awareness", quantity=51, people=50), SURVEY) == [("record.hits-over-asked", "quantity")]
    assert find(make_record("awareness", quantity=50, people=50), SURVEY) == []


def test_a_check_needs_its_file_and_what_happened_to_it() -> None:
    found = find(make_record("followup"), FOLLOWUP)

    assert found == [("record.subject-missing", "subject"), ("record.change-missing", "change")]


def test_a_file_enters_the_register_with_its_grade_and_is_checked_without() -> None:
    enrolled = make_record("followup", subject="A-017", change="enrol")

    assert find(enrolled, FOLLOWUP) == [("record.grade-missing", "grade")]
    assert find(replace(enrolled, grade="high"), FOLLOWUP) == []
    assert find(replace(enrolled, change="check"), FOLLOWUP) == []


def test_a_change_or_grade_that_the_kind_does_not_have_is_refused() -> None:
    assert find(make_record("banner", change="enrol"), BANNER) == [("record.change-unknown", "change")]
    assert find(make_record(grade="high"), RALLY) == [("record.grade-unknown", "grade")]


def test_an_advert_on_a_hoarding_tells_its_area_when_it_goes_up_but_not_when_it_comes_down() -> None:
    assert find(make_record("hoarding", change="install"), HOARDING) == [("record.area-missing", "area_m2")]
    assert find(make_record("hoarding", change="install", area_m2=Fraction(12)), HOARDING) == []
    assert find(make_record("hoarding", change="remove"), HOARDING) == []


def test_text_longer_than_its_column_is_refused_with_the_field() -> None:
    assert find(make_record(place="村" * 121), RALLY) == [("record.too-long", "place")]


def test_a_record_cannot_replace_itself() -> None:
    assert find(make_record(replaces=ID), RALLY) == [("record.replaces-itself", "replaces")]


def test_a_withdrawal_names_what_it_takes_back() -> None:
    assert find(make_record(withdrawn=True), RALLY) == [("record.withdraws-nothing", "replaces")]
    assert find(make_record(withdrawn=True, replaces=OTHER), RALLY) == []


def test_a_record_that_was_wrong_all_along_can_still_be_withdrawn() -> None:
    assert find(make_record(happened_on=date(2020, 1, 1), withdrawn=True, replaces=OTHER), RALLY) == []


def test_every_mistake_is_told_at_once() -> None:
    codes = {code for code, _ in find(make_record(quantity=0, people=-1, happened_on=date(2027, 1, 1)), RALLY)}

    assert codes == {"record.nothing", "record.negative", "record.future", "record.after-closing"}


def test_a_correction_stays_with_its_unit_and_kind() -> None:
    moved = replace(make_record("banner"), unit="W")

    assert [p.source.key for p in check_correction(moved, make_record())] == ["unit", "kind"]
    assert check_correction(make_record(quantity=9), make_record()) == []


def test_the_same_fact_sent_twice_is_the_same_whatever_the_clocks_say() -> None:
    assert has_same_content(make_record(author="甲"), make_record(author="乙"))
    assert list_differences(make_record(quantity=2), make_record(quantity=3)) == ("quantity",)


TALK = RecordKind("talk", "宣讲", "Talk", "event", ("quantity",), details=(Detail("speaker", "主讲", "Speaker", 8),))


def test_what_only_describes_is_taken_in_when_the_kind_has_such_a_field() -> None:
    assert find(make_record("talk", extra={"speaker": "派出所民警"}), TALK) == []
    assert find(make_record("talk", extra={"weather": "晴"}), TALK) == [("record.extra-unknown", "extra")]
    assert find(make_record(extra={"speaker": "派出所民警"}), RALLY) == [("record.extra-unknown", "extra")]


def test_what_only_describes_has_its_own_longest() -> None:
    assert find(make_record("talk", extra={"speaker": "一" * 8}), TALK) == []
    assert find(make_record("talk", extra={"speaker": "一" * 9}), TALK) == [("record.extra-too-long", "extra")]


def test_what_only_describes_is_part_of_what_a_record_says() -> None:
    one, other = make_record("talk", extra={"speaker": "甲"}), make_record("talk", extra={"speaker": "乙"})
    assert list_differences(one, other) == ("extra",)
    assert has_same_content(one, make_record("talk", extra={"speaker": "甲"}))
