"""A unit's line of the monthly table: how it stands after what was done with it."""

from datetime import date, timedelta
from typing import Any

import pytest

from wuzha.core.paper.month_line import (
    Deed,
    Line,
    LineAct,
    LineState,
    find_ready_day,
    list_moved,
    list_signed,
    read_line,
)

DUE = date(2026, 11, 20)
DAY = timedelta(days=1)


def act(deed: Deed, day: int, by: str = "桥东来", **told: Any) -> LineAct:
    return LineAct(deed, date(2026, 11, day), by, **told)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 11, 17), LineState.EARLY),
        (date(2026, 11, 18), LineState.WAITING),
        (date(2026, 11, 20), LineState.WAITING),
        (date(2026, 11, 21), LineState.SILENT),
    ],
)
def test_a_line_is_asked_for_two_days_before_it_is_due_and_silent_after(today: date, state: LineState) -> None:
    assert read_line([], DUE, today).state is state
    assert find_ready_day(DUE) == date(2026, 11, 18)


def test_silence_is_never_shown_as_handed_in() -> None:
    kept = [act(Deed.TYPED, 18, typed={"problems": "人手少"})]

    line = read_line(kept, DUE, DUE + DAY)

    assert line.state is LineState.SILENT
    assert not line.is_submitted
    assert list_signed(line) == {"filled_by": "", "checked_by": "", "handed_in": "未报送，按自动数字计"}


@pytest.mark.parametrize(("day", "said"), [(20, "2026-11-20"), (21, "2026-11-21（逾期）")])
def test_the_due_day_is_in_time_and_the_next_one_late(day: int, said: str) -> None:
    line = read_line([act(Deed.SUBMITTED, day)], DUE, date(2026, 11, 25))

    assert list_signed(line)["handed_in"] == said
    assert line.is_submitted


def test_who_filled_in_and_who_checked_are_told_apart() -> None:
    words = {"highlights": "赶集日讲反诈"}
    acts = [act(Deed.TYPED, 18, "河西望", typed=words), act(Deed.SUBMITTED, 19, "石小桥", typed=words)]

    line = read_line(acts, DUE, DUE)

    assert (line.filled_by, line.checked_by) == ("河西望", "石小桥")


def test_who_changes_the_words_on_handing_in_has_filled_them_in() -> None:
    acts = [act(Deed.TYPED, 18, "河西望", typed={"problems": "甲"}), act(Deed.SUBMITTED, 19, typed={"problems": "乙"})]

    assert read_line(acts, DUE, DUE).filled_by == "桥东来"


def test_a_line_given_back_counts_as_not_handed_in_until_it_comes_again() -> None:
    sent, back = act(Deed.SUBMITTED, 18, typed={"problems": "甲"}), act(Deed.RETURNED, 19, reason="写清楚")

    returned, again = read_line([sent, back], DUE, DUE + DAY), read_line([sent, back, sent], DUE, DUE + DAY)

    assert (returned.state, returned.reason, returned.is_submitted) == (LineState.RETURNED, "写清楚", False)
    assert returned.typed == {"problems": "甲"}, "the unit mends what it wrote and types nothing twice"
    assert list_signed(returned)["handed_in"] == "已退回，按自动数字计"
    assert (again.state, again.reason) == (LineState.SUBMITTED, "")


def test_what_moved_since_is_told_of_a_line_that_was_handed_in_alone() -> None:
    seen = {"talks_month": "3", "visits_month": "21"}
    sent = read_line([act(Deed.SUBMITTED, 18, seen=seen)], DUE, DUE)

    assert list_moved(sent, {"talks_month": "4", "visits_month": "21"}) == {"talks_month": ("3", "4")}
    assert list_moved(Line(LineState.RETURNED, seen=seen), {"talks_month": "4"}) == {}
