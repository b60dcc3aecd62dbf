"""Titles: their life by examples, their share up the tree by law."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.ledgers import CODES, TREE
from wuzha.adapters.plan_yaml import check_plan_yaml, parse_plan_file, render_plan_yaml
from wuzha.adapters.title_yaml import load_criteria, read_title_events_yaml
from wuzha.core.assessment.model import Obligation, Standing, Status
from wuzha.core.base.interval import Interval
from wuzha.core.base.windows import Window
from wuzha.core.base.workdays import Workdays
from wuzha.core.duty.model import Tally
from wuzha.core.title.criteria import check_criteria, find_quiet_chance, list_unmet
from wuzha.core.title.life import (
    Title,
    TitleEvent,
    TitleEventKind,
    TitleState,
    add_months,
    check_title_event,
    replay_titles,
)
from wuzha.core.title.share import TitleShare, count_titles

FILE = Path(__file__).parent / "title_examples.yaml"
CASES: Any = parse_plan_file(FILE.read_text("utf-8")).data
WORKDAYS = Workdays(off=frozenset(date(2027, 10, day) for day in range(1, 8)), worked=frozenset({date(2027, 10, 9)}))
UNIT = "SQ0101"
KIND = TitleEventKind


def award(on: date) -> list[TitleEvent]:
    """The events that lead to an award on that day."""
    days = {KIND.APPLIED: 20, KIND.SELF_CHECKED: 18, KIND.VISITED: 15, KIND.NOTICED: 12, KIND.AWARDED: 0}
    return [TitleEvent(UNIT, kind, on - timedelta(days=before), "石小桥") for kind, before in days.items()]


def read_events(case: dict[str, Any]) -> list[TitleEvent]:
    events, problems = read_title_events_yaml(render_plan_yaml({"events": case["events"]}))
    assert problems == ()
    return [*(award(case["held_from"]) if "held_from" in case else []), *events]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["say"]) for case in CASES["cases"]])
def test_the_title_lives_as_written(case: dict[str, Any]) -> None:
    titles, problems = replay_titles(read_events(case), [UNIT], WORKDAYS)

    states = {
        day: titles.get(UNIT, Title(UNIT)).find_state(date.fromisoformat(str(day))) or "none" for day in case["states"]
    }
    assert [problem.code for problem in problems] == case["problems"]
    assert states == case["states"]


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(0, 30))
def test_months_are_added_without_leaving_the_month_that_is_meant(day: date, months: int) -> None:
    found = add_months(day, months)

    assert (found.year - day.year) * 12 + found.month - day.month == months
    assert found.day == day.day or (found + timedelta(days=1)).day == 1


@st.composite
def title_events(draw: st.DrawFn) -> list[TitleEvent]:
    day, found = date(2027, 1, 4), []
    for kind in draw(st.lists(st.sampled_from(KIND), max_size=25)):
        day += timedelta(days=draw(st.sampled_from([0, 1, 3, 9, 100])))
        reason = draw(st.sampled_from(["", "false_data", "reported_case", "报案"]))
        found.append(TitleEvent(UNIT, kind, day, draw(st.sampled_from(["石小桥", ""])), "见材料", reason))
    return found


@given(title_events(), st.integers(0, 600))
def test_no_title_is_held_without_visit_notice_and_award_and_none_is_lost_for_reporting(
    events: list[TitleEvent], days: int
) -> None:
    titles, _ = replay_titles(events, [UNIT], WORKDAYS)
    title = titles.get(UNIT, Title(UNIT))
    kinds = [event.kind for event in title.events]

    if title.valid is not None:
        granted = kinds.index(KIND.AWARDED)
        assert {KIND.APPLIED, KIND.SELF_CHECKED, KIND.VISITED, KIND.NOTICED} <= set(kinds[:granted])
    assert all(event.by for event in title.events)
    assert not any(event.reason in ("reported_case", "报案") for event in title.events if event.kind is KIND.REVOKED)
    if title.find_state(date(2027, 1, 4) + timedelta(days=days)) is TitleState.HELD:
        assert title.valid is not None


@given(title_events(), st.sampled_from(KIND))
def test_checking_an_event_changes_nothing(events: list[TitleEvent], kind: TitleEventKind) -> None:
    titles, _ = replay_titles(events, [UNIT], WORKDAYS)
    event = TitleEvent(UNIT, kind, date(2031, 1, 6), "石小桥", "见材料", "false_data")

    assert check_title_event(event, titles, [UNIT], WORKDAYS) == check_title_event(event, titles, [UNIT], WORKDAYS)


@given(st.sets(st.sampled_from(CODES)), st.sets(st.sampled_from(["county", "town", "village", "grid"])))
def test_the_share_of_a_unit_is_its_own_and_that_of_its_parts(holders: set[str], kinds: set[str]) -> None:
    day = date(2027, 5, 1)
    titles = {code: Title(code, valid=Interval(date(2027, 1, 1), date(2028, 1, 1))) for code in holders}

    shares = count_titles(TREE, titles, kinds, day)

    for unit in TREE.units:
        is_asked = unit.kind in kinds and day in unit.life
        own = TitleShare(int(is_asked and unit.code in holders), int(is_asked))
        assert shares[unit.code] == sum((shares[one.code] for one in TREE.list_children(unit.code)), own)
    assert shares["C"].held == sum(
        unit.code in holders and unit.kind in kinds and day in unit.life for unit in TREE.units
    )


def test_a_title_that_is_paused_or_over_is_in_no_share() -> None:
    valid = Interval(date(2027, 1, 1), date(2028, 1, 1))
    titles = {"T1": Title("T1", valid=valid, is_paused=True), "T2": Title("T2", valid=valid)}

    assert count_titles(TREE, titles, ["town"], date(2027, 5, 1))["C"] == TitleShare(1, 2)
    assert count_titles(TREE, titles, ["town"], date(2028, 1, 1))["C"] == TitleShare(0, 2)


def test_the_criteria_of_the_package_are_a_plan_that_asks_for_no_silence() -> None:
    plan = load_criteria()

    assert [duty.verb for duty in plan.duties] == ["do", "cover", "attain"]
    assert check_criteria(plan) == ()


def test_a_criterion_of_no_cases_is_told() -> None:
    duty = {"id": "none", "who": {"kind": "village"}, "attain": "cases", "at_most": 0, "every": "year"}
    text = render_plan_yaml(
        {"title": "标准", "valid": {"from": date(2027, 1, 1), "to": date(2027, 12, 31)}, "duties": [duty]}
    )
    plan, _ = check_plan_yaml(text)

    assert plan is not None
    assert [problem.code for problem in check_criteria(plan)] == ["title.case-criterion"]


@pytest.mark.parametrize(("residents", "months", "chance"), [(2000, 3, 0.70), (2000, 12, 0.25)])
def test_no_case_in_a_small_place_is_mostly_luck(residents: int, months: int, chance: float) -> None:
    """At 7 cases a year per 10,000."""
    assert find_quiet_chance(7 * residents / 10_000 * months / 12) == pytest.approx(chance, abs=0.01)


def list_standings() -> Iterator[Standing]:
    window = Window(date(2027, 1, 1), date(2027, 2, 1), "2027-01")
    for unit, duty, status in (
        ("V1", "title-talk", Status.MET),
        ("V1", "title-homes", Status.OPEN),
        ("V2", "title-talk", Status.MISSED),
        ("V2", "title-homes", Status.UNKNOWN),
        ("V3", "other", Status.MISSED),
    ):
        yield Standing(Obligation(duty, unit, window, window.opens, date(2027, 1, 31)), Tally(None, None), status)


def test_what_cannot_be_told_is_not_met_and_other_duties_are_none_of_the_titles() -> None:
    assert list_unmet(load_criteria(), list_standings()) == {"V1": (), "V2": ("title-talk", "title-homes")}
