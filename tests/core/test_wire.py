"""A record as JSON: written and read back it is the same; what cannot be read is told field by field."""

import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.core.ledger.record import Record
from wuzha.core.ledger.wire import read_record, write_record

ID = "018f0000-0000-7000-8000-000000000001"
PLAIN: dict[str, Any] = {"id": ID, "unit": "SQ0101", "kind": "rally", "happened_on": "2026-06-15"}
# Text as a database can keep it; margins are not kept.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20).map(str.strip)
CENTS = st.none() | st.integers(0, 10**10).map(lambda cents: Fraction(cents, 100))
WHOLE = st.none() | st.integers(-5, 10**9)
RECORDS = st.builds(
    Record,
    id=st.uuids(),
    unit=TEXT.filter(bool),
    kind=TEXT.filter(bool),
    happened_on=st.dates(),
    quantity=st.integers(-5, 10**9),
    people=WHOLE,
    subject=TEXT,
    area_m2=CENTS,
    at_m=WHOLE,
    change=TEXT,
    grade=TEXT,
    place=TEXT,
    audience=TEXT,
    note=TEXT,
    loss_yuan=CENTS,
    recorded_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    replaces=st.none() | st.uuids(),
    withdrawn=st.booleans(),
    extra=st.dictionaries(TEXT, TEXT, max_size=3),
)


def find(told: object) -> list[tuple[str, str]]:
    record, problems = read_record(told)
    assert record is None
    return [(problem.code, problem.source.key) for problem in problems]


@given(RECORDS)
def test_a_record_written_sent_and_read_is_the_same_record(record: Record) -> None:
    sent = json.loads(json.dumps(write_record(record)))

    assert read_record(sent) == (record, [])


def test_the_form_has_every_field_of_a_record_but_those_that_the_server_tells() -> None:
    record, _ = read_record(PLAIN)
    assert record is not None

    assert set(write_record(record)) == {item.name for item in fields(Record)} - {"author", "received_at"}


def test_what_is_not_told_is_as_a_record_has_it_by_itself() -> None:
    nothing = {"people": None, "note": None, "quantity": None, "extra": None, "recorded_at": None, "replaces": None}

    assert read_record(PLAIN | nothing) == (Record(UUID(ID), "SQ0101", "rally", date(2026, 6, 15)), [])


@pytest.mark.parametrize("name", ["author", "received_at", "quantitiy", "位置"])
def test_a_field_that_nobody_knows_is_a_problem_and_never_dropped(name: str) -> None:
    _, (problem,) = read_record(PLAIN | {name: None})

    assert (problem.code, problem.values) == ("wire.field-unknown", {"name": name})


@pytest.mark.parametrize("name", ["id", "unit", "kind", "happened_on"])
@pytest.mark.parametrize("value", [None, ""])
def test_what_every_record_needs_is_missed_once(name: str, value: object) -> None:
    assert find(PLAIN | {name: value}) == [("record.cell-missing", name)]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("id", "7", "record.id-invalid"),
        ("id", 7, "record.id-invalid"),
        ("replaces", ["x"], "record.id-invalid"),
        ("happened_on", "2026-02-30", "record.not-a-date"),
        ("happened_on", "15.6.2026", "record.not-a-date"),
        ("happened_on", 20260615, "record.not-a-date"),
        ("quantity", "3", "record.not-a-number"),
        ("quantity", 2.5, "record.not-a-number"),
        ("quantity", True, "record.not-a-number"),
        ("people", 10**40, "record.not-a-number"),
        ("area_m2", 2.5, "record.not-a-number"),
        ("loss_yuan", "1e9", "record.not-a-number"),
        ("loss_yuan", "NaN", "record.not-a-number"),
        ("note", 5, "wire.not-text"),
        ("note", "a\0b", "wire.not-text"),
        ("place", "\ud800", "wire.not-text"),
        ("withdrawn", "false", "record.yes-or-no"),
        ("extra", ["a"], "wire.not-text"),
        ("extra", {"a": 1}, "wire.not-text"),
        ("extra", {"a": "\0"}, "wire.not-text"),
        ("extra", {str(number): "" for number in range(41)}, "wire.not-text"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field(name: str, value: object, code: str) -> None:
    assert find(PLAIN | {name: value}) == [(code, name)]


def test_every_mistake_is_told_at_once() -> None:
    told = {"unit": 5, "quantity": "x", "colour": "red"}

    assert {code for code, _ in find(told)} == {
        *("wire.not-text", "record.not-a-number", "wire.field-unknown", "record.cell-missing"),
    }


@pytest.mark.parametrize("told", [None, [], "record", 5])
def test_what_is_no_object_is_no_record(told: object) -> None:
    assert find(told) == [("wire.not-an-object", "")]


@pytest.mark.parametrize("at", ["yesterday", 5, "2026-06-15T08:00:00", "0001-01-01T00:00:00+14:00", "+275760-09-13Z"])
def test_a_clock_that_cannot_be_read_is_told_and_does_not_keep_the_fact_out(at: object) -> None:
    record, (problem,) = read_record(PLAIN | {"recorded_at": at})

    assert record == Record(UUID(ID), "SQ0101", "rally", date(2026, 6, 15))
    assert (problem.code, problem.source.key, problem.severity) == ("record.not-a-time", "recorded_at", "warning")


def test_the_phones_time_is_the_same_instant_in_any_zone() -> None:
    record, _ = read_record(PLAIN | {"recorded_at": "2026-06-15T08:00:00+08:00"})

    assert record is not None
    assert record.recorded_at == datetime(2026, 6, 15, 8, tzinfo=timezone(timedelta(hours=8)))


def test_what_is_finer_than_a_hundredth_is_written_as_it_is_kept() -> None:
    record, _ = read_record(PLAIN | {"area_m2": "2.676", "loss_yuan": "7"})
    assert record is not None

    told = write_record(replace(record, at_m=3))
    assert (told["area_m2"], told["loss_yuan"], told["at_m"]) == ("2.68", "7.00", 3)
