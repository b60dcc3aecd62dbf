"""The plain tables that engines count on say what the tree, the calendar and the ledger say."""

from datetime import UTC, date, datetime
from fractions import Fraction
from uuid import UUID

from hypothesis import given

from tests.core.ledgers import CODES, DAYS, TREE, duties, ledgers, make_plan, questions
from wuzha.adapters.columns.ledger import NONE, make_columns
from wuzha.adapters.columns.tables import Tables, make_tables
from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment.obligations import find_due_day
from wuzha.core.base.interval import DAY
from wuzha.core.duty.kinds.measure import order_by_time
from wuzha.core.duty.model import Duty
from wuzha.core.ledger.record import Record, keep_in_effect


def make(ledger: list[Record], *asked: Duty, as_of: date = date(2026, 12, 31)) -> Tables:
    return make_tables(plan=make_plan(*asked), tree=TREE, kinds=load_kinds(), columns=make_columns(ledger), as_of=as_of)


@given(questions())
def test_the_rows_are_the_records_in_the_order_in_which_facts_hold(question: tuple[Duty, list[Record]]) -> None:
    columns = make_columns(question[1])
    rows = list(columns.list_rows(range(columns.size)))
    assert [row.id for row in rows] == [record.id for record in sorted(question[1], key=order_by_time)]
    by_id = {record.id: record for record in question[1]}
    for row in rows:
        assert row == tuple(getattr(by_id[row.id], name) for name in row._fields)
    in_effect = {record.id for record in keep_in_effect(question[1])}
    assert {row.id for row, counts in zip(rows, columns.in_effect, strict=True) if counts} == in_effect


@given(ledgers, duties)
def test_what_is_below_a_unit_is_a_slice(ledger: list[Record], duty: Duty) -> None:
    tables = make(ledger, duty)
    for number, last in zip(tables.unit["number"], tables.unit["last"], strict=True):
        below = [unit.code for unit in TREE.walk_down(tables.codes[int(number)])]
        assert list(tables.codes[int(number) : int(last) + 1]) == below
    assert sorted(tables.codes) == sorted(CODES)


@given(questions(), DAYS)
def test_every_day_of_the_ledger_lies_in_the_window_that_holds_it(
    question: tuple[Duty, list[Record]], as_of: date
) -> None:
    tables = make(question[1], question[0], as_of=as_of)
    (demand,) = tables.demands
    expected = {
        (record.happened_on.toordinal(), number, int(record.happened_on <= find_due_day(demand.duty, window)))
        for record in question[1]
        for number, window in enumerate(demand.windows)
        if window.opens <= record.happened_on < min(window.closes, as_of + DAY)
    }
    assert set(zip(*(map(int, tables.day[name]) for name in ("day", "win", "in_time")), strict=True)) == expected


def test_amounts_finer_than_hundredths_are_kept_and_their_kind_is_named() -> None:
    third = Record(UUID(int=1), "V1", "banner", date(2026, 3, 1), area_m2=Fraction(1, 3))
    half = Record(UUID(int=2), "V1", "mural", date(2026, 3, 1), area_m2=Fraction(1, 2))
    columns = make_columns([half, third])
    assert columns.inexact == {"banner"}
    assert [row.area_m2 for row in columns.list_rows(range(2))] == [Fraction(1, 3), Fraction(1, 2)]


def test_a_field_left_empty_is_no_zero_and_the_clock_is_kept_to_the_microsecond() -> None:
    seen_at = datetime(2026, 3, 1, 8, 0, 0, 123456, tzinfo=UTC)
    empty = Record(UUID(int=1), "V1", "talk", date(2026, 3, 1))
    zero = Record(UUID(int=2), "V1", "talk", date(2026, 3, 1), people=0, at_m=0, received_at=seen_at)
    columns = make_columns([zero, empty])
    assert [row.people for row in columns.list_rows(range(2))] == [None, 0]
    assert [row.at_m for row in columns.list_rows(range(2))] == [None, 0]
    assert list(columns.received_at) == [NONE, int(seen_at.timestamp()) * 10**6 + 123456]
