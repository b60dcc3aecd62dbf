"""The dense engine says what the specification says, for any plan, any tree with its history, and any ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import partial
from itertools import pairwise
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.engine_cases import make_case
from tests.core.ledgers import (
    CODES,
    DAYS,
    TAUGHT,
    TREE,
    YEAR,
    change_tree,
    cover_duties,
    do_duties,
    duties,
    file_duties,
    histories,
    ledgers,
    make_plan,
    questions,
    records,
)
from wuzha.adapters.columns.counters import Batch, Lane, Reach, Reached, count_reached, group_rows
from wuzha.adapters.columns.dense import roll_up_dense
from wuzha.adapters.columns.ledger import make_columns
from wuzha.adapters.columns.question import Question
from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment.assess import assess
from wuzha.core.assessment.model import Totals
from wuzha.core.assessment.rollup import Cell, roll_up
from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import EARLIEST, Placement, Tree
from wuzha.core.base.windows import Cadence, Rhythm
from wuzha.core.duty.model import Duty, Narrow, Target, Waiver, Who
from wuzha.core.ledger.record import BEIJING, Moment, Record, keep_known

KINDS = load_kinds()
Asked = tuple[Duty, list[Record]]


def ask_both(
    chosen: Sequence[Duty], ledger: Sequence[Record], as_of: date, tree: Tree = TREE
) -> tuple[Mapping[Cell, Totals], Mapping[Cell, Totals]]:
    plan = make_plan(*chosen)
    counted = roll_up_dense(Question(plan, tree, KINDS, as_of), make_columns(ledger))
    return counted, roll_up(assess(plan, tree, ledger, KINDS, as_of), tree.at(as_of))


@given(questions(), histories, DAYS)
def test_the_totals_of_one_duty_are_those_of_the_specification(question: Asked, tree: Tree, as_of: date) -> None:
    duty, ledger = question
    counted, specified = ask_both([duty], ledger, as_of, tree)

    assert counted == specified


def test_what_a_closed_unit_did_not_do_is_missed_before_its_due_day_and_what_it_did_is_met() -> None:
    """V2 closes on 18 June, before its half-year and its June are over."""
    rhythms = (Rhythm(Cadence.MONTH), Rhythm(Cadence.HALF_YEAR))
    closed = Who(name=("V1", "V2"))
    asked = [
        Duty(str(n), "do", "rally", closed, Interval(date(2026, 1, 1), date(2026, 9, 1)), rhythm=rhythm)
        for n, rhythm in enumerate(rhythms)
    ]
    done = [
        Record(UUID(int=1), "V2", "rally", date(2026, 6, 17)),
        Record(UUID(int=2), "V1", "rally", date(2026, 6, 17)),
    ]
    for ledger in ([], done):
        for as_of in (date(2026, 6, 17), date(2026, 6, 18), date(2026, 7, 1)):
            counted, specified = ask_both(asked, ledger, as_of)
            assert counted == specified


@given(st.lists(duties, min_size=2, max_size=6), ledgers, DAYS)
def test_the_totals_of_a_plan_are_those_of_the_specification(
    chosen: list[Duty], ledger: list[Record], as_of: date
) -> None:
    named = [replace(duty, id=f"{number}-{duty.id}") for number, duty in enumerate(chosen)]
    counted, specified = ask_both(named, ledger, as_of)

    assert counted == specified


@settings(max_examples=80)
@given(st.integers(0, 2**64))
def test_a_county_cast_with_dice_has_the_totals_of_the_specification(seed: int) -> None:
    """Some duties over one dense ledger of every kind, place, audience, grade and amount."""
    case = make_case(seed)
    ground, ledger = case.ground, case.ledger
    specified = roll_up(assess(ground.plan, ground.tree, ledger, KINDS, ground.as_of), ground.tree.at(ground.as_of))

    assert roll_up_dense(ground, make_columns(ledger)) == specified


@given(st.data(), do_duties | file_duties | cover_duties, histories, DAYS)
def test_reached_goals_are_told_in_time_and_late(data: st.DataObject, duty: Duty, tree: Tree, as_of: date) -> None:
    """Many records of the duty's own kind, some of a great amount."""
    kinds = ("visit",) if duty.object == "household" else TAUGHT if duty.verb == "cover" else (duty.object,)
    drawn = data.draw(st.lists(records(kinds), min_size=20, max_size=60, unique_by=lambda record: record.id))
    ledger = [replace(one, quantity=one.quantity * data.draw(st.sampled_from([1, 1, 1, 300]))) for one in drawn]
    counted, specified = ask_both([duty], ledger, as_of, tree)

    assert counted == specified


@given(do_duties, ledgers, st.sampled_from(CODES), st.dates(date(2026, 1, 1), date(2026, 6, 1)), DAYS)
def test_what_is_waived_stands_as_waived(duty: Duty, ledger: list[Record], code: str, since: date, as_of: date) -> None:
    waiver = Waiver("do", frozenset({code}), Interval(since, since + timedelta(days=90)), "洪灾")
    counted, specified = ask_both([replace(duty, waivers=(waiver,))], ledger, as_of)

    assert counted == specified


def test_a_document_counts_once_wherever_it_was_handed_in() -> None:
    duty = Duty("file", "file", "progress_table", Who(kind=("town",)), YEAR, narrow=Narrow(place=("广场",)))
    filed = Record(UUID(int=1), "T1", "progress_table", date(2026, 3, 2), quantity=0)
    counted, specified = ask_both([duty], [filed, replace(filed, id=UUID(int=2))], date(2026, 12, 31))

    assert counted == specified
    assert counted["C", "file"].met == 1


def test_of_a_kind_that_nobody_knows_the_quantity_counts() -> None:
    duty = Duty("do", "do", "parade", Who(kind=("town",)), YEAR, target=Target("at_least", Fraction(3)))
    counted, specified = ask_both(
        [duty], [Record(UUID(int=1), "V1", "parade", date(2026, 3, 2), 3)], date(2026, 12, 31)
    )

    assert counted == specified
    assert counted["T1", "do"].met == 1


def test_square_metres_are_no_heads() -> None:
    """Half of one is not fifty pupils."""
    half = Target("at_least", Fraction(1, 2), share=True)
    duty = Duty("cover", "cover", "student", Who(kind=("town",)), YEAR, target=half, measure="area_m2")
    taught = Record(UUID(int=1), "T1", "class_meeting", date(2026, 3, 2), area_m2=Fraction(1, 2))
    counted, specified = ask_both([duty], [taught], date(2026, 12, 31))

    assert counted == specified
    assert counted["T1", "cover"].met == 0


def test_a_unit_that_left_its_bearer_before_that_opened_is_credited_where_it_went() -> None:
    """V3 opens in March; the grid below it on paper had gone to V2 in February."""
    tree = change_tree(TREE, [("G2", Placement(date(2026, 2, 1), "G2", "grid", "V2"))])
    duty = Duty("do", "do", "rally", Who(kind=("village",)), YEAR, rhythm=Rhythm(Cadence.QUARTER))
    counted, specified = ask_both(
        [duty], [Record(UUID(int=1), "G2", "rally", date(2026, 4, 1))], date(2026, 5, 1), tree
    )

    assert counted == specified
    assert counted["V2", "do"].met == 1


def test_what_takes_away_from_an_amount_is_taken_away() -> None:
    duty = Duty("do", "do", "rally", Who(kind=("town",)), YEAR, target=Target("at_least", Fraction(200)))
    by_people = replace(duty, id="by people", measure="people")
    more = Record(UUID(int=1), "T1", "rally", date(2026, 3, 2), quantity=201, people=300)
    ledger = [more, replace(more, id=UUID(int=2), quantity=-2, people=0)]
    counted, specified = ask_both([duty, by_people], ledger, date(2026, 12, 31))

    assert counted == specified
    assert (counted["T1", "do"].met, counted["T1", "by people"].met) == (0, 1)


def test_two_units_that_change_places_bear_each_its_own_half_of_the_year() -> None:
    july = date(2026, 7, 1)
    made = [
        ("V3", Placement(EARLIEST, "V3", "community", "T2")),
        ("V3", Placement(july, "V3", "village", "T2")),
        ("V1", Placement(july, "V1", "community", "T1")),
    ]
    tree = change_tree(TREE, made)
    duty = Duty("do", "do", "rally", Who(kind=("village",)), YEAR, rhythm=Rhythm(Cadence.MONTH))
    counted, specified = ask_both([duty], [], date(2027, 1, 1), tree)

    assert counted == specified
    assert (counted["V1", "do"].missed, counted["V3", "do"].missed) == (6, 6)


# As known then

MAYBE_HOURS = st.none() | st.integers(0, 24 * 365)
MIDNIGHT = datetime(2026, 1, 1, tzinfo=BEIJING)
FINE = st.sampled_from([None, Fraction(1, 2), Fraction(1, 3)])
MOMENTS = DAYS | st.integers(0, 24 * 365).map(lambda hours: MIDNIGHT + timedelta(hours=hours))


@st.composite
def told(draw: st.DrawFn) -> Asked:
    """A duty with a ledger of which the phone or the server tells when, or nobody; some amounts are very fine."""
    duty, ledger = draw(questions())
    return duty, [
        replace(
            record,
            recorded_at=_find_moment(draw(MAYBE_HOURS)),
            received_at=_find_moment(draw(MAYBE_HOURS)),
            area_m2=draw(FINE),
        )
        for record in ledger
    ]


def _find_moment(hours: int | None) -> datetime | None:
    return None if hours is None else MIDNIGHT + timedelta(hours=hours)


@given(told(), DAYS, MOMENTS)
def test_columns_cut_at_a_moment_stand_as_known_then(question: Asked, as_of: date, by: Moment) -> None:
    duty, ledger = question
    plan = make_plan(duty)
    counted = roll_up_dense(Question(plan, TREE, KINDS, as_of), make_columns(ledger).keep_known(by))

    assert counted == roll_up(assess(plan, TREE, ledger, KINDS, as_of, known_by=by), TREE)


@given(told(), MOMENTS)
def test_columns_cut_at_a_moment_hold_what_those_of_the_known_records_hold(question: Asked, by: Moment) -> None:
    ledger = question[1]
    cut, made = make_columns(ledger).keep_known(by), make_columns(keep_known(ledger, by))

    assert list(cut.list_rows(range(cut.size))) == list(made.list_rows(range(made.size)))
    assert (cut.in_effect.tolist(), cut.replaces.tolist()) == (made.in_effect.tolist(), made.replaces.tolist())
    assert (cut.inexact, cut.fine) == (made.inexact, made.fine)


def test_the_last_instant_of_a_day_in_beijing_is_known_by_it_and_the_next_is_not() -> None:
    last = datetime(2026, 3, 1, 15, 59, 59, 999_999, tzinfo=UTC)
    moments = [last, last + timedelta(microseconds=1)]
    ledger = [
        Record(UUID(int=number), "V1", "rally", date(2026, 3, 1), received_at=at)
        for number, at in enumerate(moments, start=1)
    ]

    kept = make_columns(ledger).keep_known(date(2026, 3, 1))

    assert [kept.find_id(number) for number in range(kept.size)] == [UUID(int=1)]


def test_an_instant_without_a_zone_cuts_nothing() -> None:
    with pytest.raises(ValueError, match="no zone"):
        make_columns([]).keep_known(datetime(2026, 3, 1))  # noqa: DTZ001  # the missing zone is what is tested


# The counters themselves


def make_lane(goal: int, due: int = 9) -> Lane:
    """One window of ten days."""
    opens, closes, last_good = np.array([0]), np.array([10]), np.array([due])
    return Lane(0, "quantity", (0,), opens, closes, last_good, np.array([True]), None, np.array([[goal]]))


def make_batch(unit: list[int], day: list[int], quantity: list[int]) -> Batch:
    return Batch(
        np.array(unit, np.uint32),
        np.zeros(len(unit), np.uint8),
        np.array(day, np.uint16),
        {"quantity": np.array(quantity, np.uint16)},
    )


def give(batch: Batch) -> Batch:
    return batch


def count_lane(lane: Lane, batches: list[Batch], units: int = 3) -> Reached:
    reads = [partial(give, batch) for batch in batches]
    return count_reached(units, [lane], [Reach(np.arange(units))], reads)[0]


@pytest.mark.parametrize("how_many", [100, 255, 256, 257, 512, 599])
def test_a_byte_that_ran_over_is_counted_again(how_many: int) -> None:
    """A byte keeps nothing of 256, and of 257 one, which would be too little."""
    batch = make_batch([1] * how_many, [3] * how_many, [1] * how_many)

    assert count_lane(make_lane(goal=100), [batch]).on_time.tolist() == [0, 1, 0]


@pytest.mark.parametrize("goal", [2, 127, 128, 300, 40_000])
def test_goals_of_every_width_are_reached_by_just_as_much(goal: int) -> None:
    batch = make_batch([0, 1, 1, 2], [3, 3, 4, 5], [65_535, goal - 1, 1, goal - 1])

    assert count_lane(make_lane(goal), [batch]).on_time.tolist() == [1, 1, 0]


def test_what_comes_after_the_due_day_is_late_with_what_came_before_it() -> None:
    batch = make_batch([0, 0, 1, 1, 2], [5, 6, 6, 7, 5], [1, 1, 1, 1, 2])
    reached = count_lane(make_lane(goal=2, due=5), [batch])

    assert (reached.on_time.tolist(), reached.late.tolist()) == ([0, 0, 1], [1, 1, 0])


def test_who_bears_nothing_reaches_nothing() -> None:
    batch = make_batch([0, 1, 2], [3, 3, 3], [9, 9, 9])
    bearers = Reach(np.array([0, -1, 2]))

    assert count_reached(3, [make_lane(goal=1)], [bearers], [partial(give, batch)])[0].on_time.tolist() == [1, 0, 1]


@given(st.permutations(range(40)), st.lists(st.integers(1, 39), max_size=4))
def test_neither_order_nor_batches_change_anything(order: list[int], cuts: list[int]) -> None:
    unit, day, quantity = [n * 7 % 23 for n in order], [n % 12 for n in order], [n % 3 for n in order]
    ends = sorted({0, *cuts, 40})
    batches = [make_batch(unit[a:b], day[a:b], quantity[a:b]) for a, b in pairwise(ends)]
    reached = count_lane(make_lane(goal=2, due=5), batches, units=23)
    in_time, ever = [0] * 23, [0] * 23
    for one, when, amount in zip(unit, day, quantity, strict=True):
        in_time[one] += amount * (when <= 5)
        ever[one] += amount * (when < 10)

    assert reached.on_time.tolist() == [int(amount >= 2) for amount in in_time]
    assert reached.late.tolist() == [int(early < 2 <= amount) for early, amount in zip(in_time, ever, strict=True)]


@given(st.lists(st.integers(0, 19_999), min_size=1, max_size=30, unique=True))
def test_units_of_many_ranges_get_what_is_theirs(chosen: list[int]) -> None:
    """More units than one range holds, in no order, and so many windows that a range is short."""
    opens = np.arange(2_000)
    windows = opens, opens + 1, opens, np.full(2_000, True)
    lane = Lane(0, "quantity", (0,), *windows, None, np.full((1, 2_000), 1))
    batch = make_batch(chosen, [unit % 2_000 for unit in chosen], [1] * len(chosen))
    reached = count_lane(lane, [batch], units=20_000)

    assert np.flatnonzero(reached.on_time).tolist() == sorted(chosen)


@given(st.lists(st.tuples(*[st.integers(0, 3) | st.integers(0, 2**62)] * 4), min_size=1, max_size=30))
def test_rows_are_of_one_group_just_when_they_are_equal(rows: list[tuple[int, ...]]) -> None:
    """Also where the numbers are too great for one number to tell the rows apart."""
    ones, groups = group_rows(list(np.array(rows, np.int64).T))

    assert [rows[one] for one in ones[groups].tolist()] == rows
    assert len(ones) == len(set(rows))
