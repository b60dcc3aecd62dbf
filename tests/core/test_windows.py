"""Laws of calendar windows."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.core.base.interval import DAY, Interval, make_inclusive
from wuzha.core.base.windows import Cadence, Rhythm, find_window, list_windows

days = st.dates(date(2015, 1, 1), date(2045, 12, 31))
rhythms = st.builds(Rhythm, st.sampled_from(Cadence), st.integers(0, 28))


@given(rhythms, days)
def test_each_day_lies_in_its_window(rhythm: Rhythm, day: date) -> None:
    assert day in find_window(rhythm, day).interval


@given(rhythms, st.integers(2016, 2044))
def test_windows_tile_the_year(rhythm: Rhythm, year: int) -> None:
    whole = make_inclusive(date(year, 1, 1), date(year, 12, 31))
    windows = list(list_windows(rhythm, whole))

    assert windows[0].opens <= whole.opens
    assert windows[-1].closes >= whole.closes
    assert all(before.closes == after.opens for before, after in pairwise(windows))


@given(rhythms, days, days)
def test_days_share_a_label_exactly_when_they_share_a_window(rhythm: Rhythm, one: date, other: date) -> None:
    first, second = find_window(rhythm, one), find_window(rhythm, other)

    assert (first.label == second.label) == (first == second)


@given(days)
def test_the_closing_day_is_not_inside_the_window(day: date) -> None:
    window = find_window(Rhythm(Cadence.WEEK), day)

    assert window.closes not in window.interval
    assert window.opens.isoweekday() == 1


def test_a_month_that_ends_on_the_20th_counts_from_the_21st() -> None:
    window = find_window(Rhythm(Cadence.MONTH, 20), date(2026, 1, 5))

    assert (window.opens, window.interval.last_day, window.label) == (date(2025, 12, 21), date(2026, 1, 20), "2026-01")


def test_fortnights_do_not_break_at_the_new_year() -> None:
    window = find_window(Rhythm(Cadence.FORTNIGHT), date(2026, 1, 1))

    assert window.closes - window.opens == timedelta(days=14)
    assert window.opens <= date(2025, 12, 31)


@pytest.mark.parametrize("month_ends", [-1, 29])
def test_a_month_cannot_end_on_a_day_that_some_months_lack(month_ends: int) -> None:
    with pytest.raises(ValueError, match="month_ends"):
        Rhythm(Cadence.MONTH, month_ends)


@given(days, st.integers(-40, 40))
def test_an_interval_has_as_many_days_as_lie_in_it(opens: date, length: int) -> None:
    interval = Interval(opens, opens + timedelta(days=length))

    assert interval.days == sum(opens + n * DAY in interval for n in range(-50, 50))
