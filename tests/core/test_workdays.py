"""The working calendar: the published days, a county's own, and due days that move by them."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.ledgers import do_duties
from wuzha.adapters.calendar import load_calendar
from wuzha.adapters.calendar_yaml import read_calendar_yaml
from wuzha.core.assessment.obligations import expand_windows, find_due_day
from wuzha.core.base.interval import DAY, Interval
from wuzha.core.base.windows import Cadence, Rhythm, list_windows
from wuzha.core.base.workdays import (
    LONGEST_REST_DAYS,
    Calendar,
    DayChange,
    DaySaid,
    Workdays,
    amend_calendar,
    count_workdays,
    find_next_workday,
    find_previous_workday,
    is_workday,
)
from wuzha.core.duty.model import Due, Duty, OnDayOff, Who

PUBLISHED = load_calendar().workdays
LONG = [cadence for cadence in Cadence if cadence not in (Cadence.DAY, Cadence.WEEK, Cadence.FORTNIGHT)]
days = st.dates(date(2023, 6, 1), date(2029, 6, 1))
calendars = st.one_of(
    st.just(PUBLISHED),
    st.builds(
        Workdays,
        off=st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=80),
        worked=st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=20),
    ),
)
# Drawn densely where days can move past an end: few cases are tried on a desk.
MOVES = [OnDayOff.NEXT, OnDayOff.NEXT, OnDayOff.PREVIOUS, OnDayOff.STAY]
dues = st.builds(Due, st.sampled_from([0, 0, 1, 20, 31]), st.sampled_from(MOVES), calendars)
duties = st.builds(
    Duty,
    id=st.just("table"),
    verb=st.sampled_from(["file", "do"]),
    object=st.just("progress_table"),
    who=st.just(Who()),
    valid=st.builds(lambda first, n: Interval(first, first + n * DAY), days, st.integers(1, 700)),
    rhythm=st.builds(Rhythm, st.sampled_from([*LONG, *[Cadence.MONTH] * 5]), st.sampled_from([0, 20])),
    due=dues,
)


@pytest.mark.parametrize(("year", "count"), [(2024, 251), (2025, 248), (2026, 248)])
def test_the_published_years_have_as_many_working_days_as_were_counted(year: int, count: int) -> None:
    assert count_workdays(PUBLISHED, Interval(date(year, 1, 1), date(year + 1, 1, 1))) == count
    assert PUBLISHED.is_published(year)


def test_a_make_up_day_is_always_on_a_weekend_and_no_day_is_both() -> None:
    assert {day.weekday() for day in PUBLISHED.worked} == {5, 6}
    assert not PUBLISHED.worked & PUBLISHED.off


def test_every_list_names_its_notice_and_the_year_is_complete_only_then() -> None:
    assert PUBLISHED.years == {2024, 2025, 2026}
    assert {day.year for day in PUBLISHED.off | PUBLISHED.worked} == set(PUBLISHED.years)


@given(calendars, days)
def test_what_is_found_is_a_workday_and_none_lies_between(calendar: Workdays, day: date) -> None:
    after, before = find_next_workday(calendar, day), find_previous_workday(calendar, day)

    assert after is None or (is_workday(calendar, after) and count_workdays(calendar, Interval(day, after)) == 0)
    assert before is None or (
        is_workday(calendar, before) and count_workdays(calendar, Interval(before + DAY, day + DAY)) == 0
    )


@given(duties)
def test_windows_whose_due_days_move_still_tile(duty: Duty) -> None:
    windows = expand_windows(duty, duty.valid)

    assert windows[0].opens == duty.valid.opens
    assert windows[0].whole.opens <= duty.valid.opens
    assert windows[-1].closes >= duty.valid.closes
    assert all(before.closes == after.opens for before, after in pairwise(windows))
    assert all(window.opens < window.closes for window in windows)
    assert all(window.whole == window.interval for window in windows[1:])


@given(duties)
def test_a_moved_due_day_is_a_workday_inside_its_own_window(duty: Duty) -> None:
    for window in expand_windows(duty, duty.valid):
        due_on = find_due_day(duty, window)
        assert due_on in window.whole
        assert due_on in window.interval or window.whole.opens < duty.valid.opens
        if duty.due.on_day_off:
            rest = [due_on + n * DAY for n in range(LONGEST_REST_DAYS + 1)]
            assert is_workday(duty.due.workdays, due_on) or not any(is_workday(duty.due.workdays, day) for day in rest)


@given(duties)
def test_due_days_keep_their_order(duty: Duty) -> None:
    found = [find_due_day(duty, window) for window in expand_windows(duty, duty.valid)]

    assert all(one < other for one, other in pairwise(found))


@given(do_duties.filter(lambda duty: duty.rhythm is not None and not duty.due.on_day_off))
def test_without_a_word_of_the_plan_nothing_moves(duty: Duty) -> None:
    assert duty.rhythm is not None
    first, *later = expand_windows(duty, duty.valid)
    regular, *others = list_windows(duty.rhythm, duty.valid)

    assert later == others
    assert all(window.regular is None for window in later)
    assert first.whole == regular.interval
    assert first.interval == regular.interval.overlap(Interval(duty.valid.opens, regular.closes))


@given(duties, st.data())
def test_a_duty_cut_down_to_some_windows_has_just_those(duty: Duty, data: st.DataObject) -> None:
    """As pages do that ask for one window only."""
    windows = expand_windows(duty, duty.valid)
    first = data.draw(st.integers(0, len(windows) - 1))
    last = data.draw(st.integers(first, len(windows) - 1))
    within = duty.valid.overlap(Interval(windows[first].opens, windows[last].closes))
    cut = Duty(duty.id, duty.verb, duty.object, duty.who, within, rhythm=duty.rhythm, due=duty.due)

    assert expand_windows(cut, duty.valid) == windows[first : last + 1]


@given(st.integers(2016, 2044), st.integers(-60, 60), st.integers(-60, 60))
def test_semesters_with_days_of_their_own_tile_the_year(year: int, spring: int, autumn: int) -> None:
    own = (
        (f"{year}-S1", date(year, 2, 1) + timedelta(days=spring)),
        (f"{year}-S2", date(year, 9, 1) + timedelta(days=autumn)),
    )
    whole = Interval(date(year - 1, 6, 1), date(year + 1, 6, 1))
    windows = list(list_windows(Rhythm(Cadence.SEMESTER, semesters=own), whole))

    assert windows[0].opens <= whole.opens
    assert windows[-1].closes >= whole.closes
    assert all(before.closes == after.opens for before, after in pairwise(windows))
    assert {(window.label, window.opens) for window in windows} >= set(own)


def test_of_two_things_said_of_a_day_the_later_holds() -> None:
    day = date(2026, 10, 8)
    off = amend_calendar(Calendar(PUBLISHED), [DaySaid(day, DayChange.OFF, "县庆")])
    again = amend_calendar(off, [DaySaid(day, DayChange.WORK, "县庆改期")])

    assert [is_workday(one, day) for one in (PUBLISHED, off.workdays, again.workdays)] == [True, False, True]


@given(st.lists(st.tuples(st.sampled_from([date(2026, 2, 14), date(2026, 2, 16)]), st.booleans()), max_size=5))
def test_whatever_a_county_says_no_day_is_both_off_and_worked_and_its_last_word_holds(said: list[Any]) -> None:
    """Of a make-up Saturday and of a holiday."""
    told = [DaySaid(day, DayChange.WORK if works else DayChange.OFF, "县里定的") for day, works in said]
    found = amend_calendar(Calendar(PUBLISHED), told).workdays

    assert not found.off & found.worked
    assert all(is_workday(found, day) == works for day, works in dict(said).items())


def test_a_county_file_with_a_mistake_names_its_line_and_changes_nothing() -> None:
    text = """
days:
  - {day: 2027-03-18, works: false}
semesters:
  - {semester: 2027春, opens: 2027-02-22, reason: 校历}
"""
    calendar, problems = read_calendar_yaml(text)

    assert calendar == load_calendar()
    assert [(problem.source.line, problem.code) for problem in problems] == [
        (3, "plan.key-missing"),
        (5, "calendar.not-a-semester"),
    ]


def test_a_list_published_later_comes_from_a_file() -> None:
    text = """
years:
  - year: 2027
    notice: 关于2027年部分节假日安排的通知
    dated: 2026-11-30
    holidays:
      - {name: 元旦, from: 2027-01-01, to: 2027-01-03, work: [2027-01-09]}
"""
    calendar, problems = read_calendar_yaml(text)

    assert problems == ()
    assert calendar.workdays.is_published(2027)
    assert is_workday(calendar.workdays, date(2027, 1, 9))
    assert find_next_workday(calendar.workdays, date(2027, 1, 1)) == date(2027, 1, 4)


def test_a_semester_far_from_its_season_is_refused() -> None:
    _, problems = read_calendar_yaml("semesters:\n  - {semester: 2027-S1, opens: 2027-06-01, reason: 校历}\n")

    assert [problem.code for problem in problems] == ["calendar.semester-far"]
