"""A phone's position in a record: one line that reads back to the same, and only where the kind asks for a place."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.core.base.unit import Unit
from wuzha.core.ground.point import Point
from wuzha.core.ledger.check import check_record
from wuzha.core.ledger.parse import write_extra
from wuzha.core.ledger.position import Position, read_position, write_position
from wuzha.core.ledger.record import Record, RecordKind, keep_position

DAY = date(2026, 3, 20)
VILLAGE = Unit(code="SQ0101", name="柳湾村", kind="village")
BANNER = RecordKind("banner", "横幅", "Banner", "site", ("quantity", "change", "subject", "place"))
LEAFLET = RecordKind("leaflet", "明白纸", "Leaflet", "handout", ("quantity", "audience"))


def make_record(kind: RecordKind, position: str, place: str = "") -> Record:
    return Record(uuid4(), "SQ0101", kind.code, DAY, place=place, extra={"position": position})


def find(kind: RecordKind, position: str) -> list[str]:
    return [problem.code for problem in check_record(make_record(kind, position), kind, VILLAGE, DAY)]


@given(
    st.floats(-85, 85, allow_nan=False).map(lambda lat: round(lat, 6)),
    st.floats(-180, 180, allow_nan=False).map(lambda lon: round(lon, 6)),
    st.none() | st.integers(0, 9_999_999),
)
def test_a_position_reads_back_to_the_same(lat: float, lon: float, accuracy_m: int | None) -> None:
    position = Position(Point(lon, lat), accuracy_m)
    assert read_position(write_position(position)) == position


@pytest.mark.parametrize(
    "text", ["", "村口", "34.1", "91.0,113.0", "34.0,181.0", "34.0, 113.0", "34.0,113.0 12m", "٣٤.0,113.0", "nan,113.0"]
)
def test_what_is_no_place_is_no_position(text: str) -> None:
    assert read_position(text) is None


def test_only_a_kind_that_asks_for_a_place_has_a_position() -> None:
    assert find(BANNER, "34.765432,113.123456 ±12m") == []
    assert find(LEAFLET, "34.765432,113.123456 ±12m") == ["record.extra-unknown"]
    assert find(BANNER, "村口") == ["record.position-unreadable"]


def test_a_position_of_more_than_a_hundred_metres_is_coarse() -> None:
    point = Point(113.0, 34.0)
    assert [Position(point, metres).is_coarse for metres in (None, 100, 101)] == [False, False, True]


def test_a_position_is_written_into_a_table_with_its_title() -> None:
    assert write_extra(make_record(BANNER, "34.765432,113.123456 ±12m"), BANNER) == "定位：34.765432,113.123456 ±12m"


def test_a_correction_keeps_the_position_while_the_place_is_called_the_same() -> None:
    original = make_record(BANNER, "34.765432,113.123456", place="村口")
    correction = replace(original, id=uuid4(), extra={"wording": "不轻信"})
    assert keep_position(correction, original).extra == {**original.extra, "wording": "不轻信"}
    assert keep_position(replace(correction, place="广场"), original).extra == {"wording": "不轻信"}
