"""Pace: the even rule, the unit's own rate with its uncertainty, and silence where nothing can be told."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from math import exp, lgamma, log
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.ledgers import DAYS, TREE, YEAR, do_duties, ledgers, make_plan, questions
from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment import pace as pace_module
from wuzha.core.assessment.assess import assess
from wuzha.core.assessment.model import Status
from wuzha.core.assessment.pace import Outlook, Pace, find_waiting_weeks, list_paces
from wuzha.core.base.interval import Interval
from wuzha.core.base.windows import Cadence, Rhythm
from wuzha.core.duty.model import Duty, Target, Who
from wuzha.core.ledger.record import Record

KINDS = load_kinds()
VILLAGE = Who(kind=("village",), area=("V1",))
# 20 households at V1 until July, 25 after; the goal is a count of its own.
LEAFLETS = Duty("d", "do", "leaflet", VILLAGE, YEAR, target=Target("at_least", Fraction(365)))


def give(day: date, quantity: int, kind: str = "leaflet") -> Record:
    return Record(UUID(int=day.toordinal()), "V1", kind, day, quantity)


def give_weekly(until: date, *quantities: int) -> list[Record]:
    """One record a week, the last of them on that day."""
    return [give(until - timedelta(days=7 * back), n) for back, n in enumerate(reversed(quantities))]


def find(duty: Duty, ledger: list[Record], as_of: date) -> Pace | None:
    plan = make_plan(duty)
    standings = assess(plan, TREE, ledger, KINDS, as_of)
    return list_paces(plan, TREE, ledger, KINDS, standings, as_of).get(
        ("d", "V1", standings[0].obligation.window.label)
    )


def ask(duty: Duty, ledger: list[Record], as_of: date) -> Pace:
    found = find(duty, ledger, as_of)
    assert found is not None
    return found


def test_the_goal_is_spread_evenly_over_the_days_to_the_due_day() -> None:
    assert ask(LEAFLETS, [], date(2026, 1, 1)).expected == 1
    assert ask(LEAFLETS, [], date(2026, 4, 10)).expected == 100
    assert ask(LEAFLETS, [], date(2026, 12, 31)).expected == 365
    soon = replace(LEAFLETS, by=date(2026, 7, 19))
    assert ask(soon, [], date(2026, 4, 10)).expected == 182
    assert ask(soon, [], date(2026, 9, 1)).expected == 365


def test_a_steady_village_is_told_a_few_days_and_they_hold_the_even_answer() -> None:
    as_of = date(2026, 6, 30)
    pace = ask(LEAFLETS, give_weekly(as_of, *[15] * 12), as_of)

    assert pace.value == 180
    assert pace.weeks == 12
    even = as_of + timedelta(weeks=(365 - 180) / 15)
    assert pace.first_on is not None
    assert pace.last_on is not None
    assert pace.first_on < even < pace.last_on
    assert (pace.last_on - pace.first_on).days < 50
    assert (pace.outlook, pace.is_behind) == (Outlook.IN_TIME, True)


def test_a_unit_that_has_closed_has_no_pace_any_more() -> None:
    """V2 closes on 18 June."""
    until_autumn = Interval(YEAR.opens, date(2026, 9, 1))
    plan = make_plan(replace(LEAFLETS, who=Who(name=("V2",)), valid=until_autumn))

    def list_on(day: date) -> list[int]:
        standings = assess(plan, TREE, [], KINDS, day)
        return [int(pace.expected) for pace in list_paces(plan, TREE, [], KINDS, standings, day).values()]

    assert len(list_on(date(2026, 6, 17))) == 1
    assert list_on(date(2026, 6, 18)) == []


def test_done_on_the_due_day_at_the_latest_is_in_time_and_a_day_later_is_doubtful() -> None:
    as_of = date(2026, 6, 30)
    ledger = give_weekly(as_of, *[15] * 12)
    last = ask(LEAFLETS, ledger, as_of).last_on
    assert last is not None

    assert ask(replace(LEAFLETS, by=last), ledger, as_of).outlook is Outlook.IN_TIME
    assert ask(replace(LEAFLETS, by=last - timedelta(days=1)), ledger, as_of).outlook is Outlook.DOUBTFUL


def test_lumps_make_the_answer_wider_though_the_sum_is_the_same() -> None:
    as_of = date(2026, 6, 30)
    steady = ask(LEAFLETS, give_weekly(as_of, *[15] * 12), as_of)
    lumpy = ask(LEAFLETS, give_weekly(as_of, *[60, 0, 0, 0] * 3), as_of)

    assert steady.first_on is not None
    assert steady.last_on is not None
    assert lumpy.first_on is not None
    assert lumpy.first_on < steady.first_on
    assert lumpy.last_on is None or lumpy.last_on > steady.last_on


@pytest.mark.parametrize(
    ("weekly", "outlook"),
    [
        ((15, 15, 15), Outlook.FEW),
        ((90, 0, 0, 0, 0, 90), Outlook.FEW),
        ((), Outlook.IDLE),
        ((4,) * 12, Outlook.TOO_LATE),
        ((30,) * 11, Outlook.IN_TIME),
    ],
)
def test_few_records_give_no_day(weekly: tuple[int, ...], outlook: Outlook) -> None:
    as_of = date(2026, 6, 30)
    duty = replace(LEAFLETS, valid=Interval(date(2026, 6, 9), date(2027, 1, 1))) if len(weekly) == 3 else LEAFLETS
    pace = ask(duty, give_weekly(as_of, *weekly), as_of)

    assert pace.outlook is outlook
    assert (pace.first_on is None) == (outlook in (Outlook.FEW, Outlook.IDLE))


def test_before_its_first_day_a_yearly_duty_has_no_pace_and_from_then_on_the_goal_is_spread_over_the_rest() -> None:
    yearly = replace(LEAFLETS, rhythm=Rhythm(Cadence.YEAR), valid=Interval(date(2026, 5, 1), YEAR.closes))
    duty = replace(yearly, target=Target("at_least", Fraction(245)))

    assert find(duty, [], date(2026, 4, 30)) is None
    assert ask(duty, [], date(2026, 5, 1)).expected == 1
    assert ask(duty, [], date(2026, 5, 10)).expected == 10
    assert ask(duty, [give(date(2026, 4, 20), 100)], date(2026, 5, 10)).value == 0


def test_work_of_long_ago_makes_no_rate() -> None:
    assert ask(LEAFLETS, [give(date(2026, 1, 5), 300)], date(2026, 11, 1)).outlook is Outlook.IDLE


def test_what_is_done_before_the_due_day_and_what_is_over_have_no_pace() -> None:
    assert find(LEAFLETS, [give(date(2026, 2, 1), 365)], date(2026, 6, 30)) is None
    assert find(LEAFLETS, [], date(2027, 2, 1)) is None


@pytest.mark.parametrize(
    "duty",
    [
        replace(LEAFLETS, vague=True),
        replace(LEAFLETS, target=Target("at_least", Fraction(1))),
        replace(LEAFLETS, rhythm=Rhythm(Cadence.MONTH)),
        Duty("d", "attain", "cases", VILLAGE, YEAR, target=Target("at_least", Fraction(30))),
        Duty("d", "file", "progress_table", VILLAGE, YEAR),
        Duty("d", "check", "followup", VILLAGE, YEAR, rhythm=Rhythm(Cadence.YEAR)),
    ],
)
def test_nothing_settled_vague_short_or_single_has_a_pace(duty: Duty) -> None:
    day = date(2026, 1, 20)
    assert find(duty, [give(day, 3), give(day + timedelta(days=1), 3, "cases")], day + timedelta(days=7)) is None


def test_a_yearly_duty_and_things_kept_standing_have_a_pace() -> None:
    yearly = replace(LEAFLETS, rhythm=Rhythm(Cadence.YEAR))
    assert ask(yearly, [], date(2026, 4, 10)).expected == 100
    banners = Duty("d", "keep", "banner", VILLAGE, YEAR, target=Target("at_least", Fraction(40)))
    as_of = date(2026, 6, 30)
    up = [replace(one, kind="banner", change="install") for one in give_weekly(as_of, 3, 3, 3, 3, 3)]
    pace = ask(banners, up, as_of)
    assert pace.value == 15
    assert pace.weeks == 12
    assert pace.last_on is not None


@given(questions(), DAYS)
def test_a_pace_is_only_of_what_is_short_and_never_points_back(
    question: tuple[Duty, list[Record]], as_of: date
) -> None:
    duty, ledger = question
    plan = make_plan(duty)
    standings = assess(plan, TREE, ledger, KINDS, as_of)
    by_place = {(s.obligation.duty, s.obligation.unit, s.obligation.window.label): s for s in standings}
    for place, pace in list_paces(plan, TREE, ledger, KINDS, standings, as_of).items():
        assert by_place[place].status in (Status.OPEN, Status.MISSED)
        assert pace.value == by_place[place].tally.value
        assert pace.value < pace.goal
        assert 0 <= pace.expected <= pace.goal
        days = [day for day in (pace.first_on, pace.last_on) if day is not None]
        assert days == sorted(days)
        assert all(day > as_of for day in days)


@given(st.integers(1, 30), st.integers(0, 60), st.integers(4, 12), st.floats(0.05, 0.95))
def test_the_waiting_time_is_that_of_counts_whose_rate_is_only_estimated(
    remaining: int, done: int, weeks: int, chance: float
) -> None:
    """In so many weeks at least ``remaining`` more come with that chance: the tail of a negative binomial."""
    wait = find_waiting_weeks(chance, remaining, done, weeks)
    shape, share = done + 0.5, weeks / (weeks + wait)
    fewer = sum(
        exp(lgamma(shape + n) - lgamma(shape) - lgamma(n + 1) + shape * log(share) + n * log(1 - share))
        for n in range(remaining)
    )
    assert 1 - fewer == pytest.approx(chance, abs=1e-6)


@given(do_duties, ledgers, st.lists(st.integers(0, 9), min_size=4, max_size=12), DAYS)
def test_the_weeks_of_what_adds_up_are_the_steps_of_its_tally(
    duty: Duty, ledger: list[Record], weekly: list[int], as_of: date
) -> None:
    """Counted week by week or as the difference of two days, the rate and so the pace is one."""
    duty = replace(duty, rhythm=None, target=Target("at_least", Fraction(90)))
    ledger = [*ledger, *(replace(one, kind="rally") for one in give_weekly(as_of, *weekly))]
    plan = make_plan(duty)
    standings = assess(plan, TREE, ledger, KINDS, as_of)
    fast = list_paces(plan, TREE, ledger, KINDS, standings, as_of)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pace_module, "ADDITIVE", ())
        slow = list_paces(plan, TREE, ledger, KINDS, standings, as_of)
    assert fast == slow
