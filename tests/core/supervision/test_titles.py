"""Titles: their life by examples, their share up the tree by law."""

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.ledgers import CODES, TREE
from wuzha.adapters.plan_yaml import check_plan_yaml, parse_plan_file, render_plan_yaml
from wuzha.adapters.title_yaml import load_criteria, read_title_events_yaml
from wuzha.core.assessment.model import Obligation, Standing, Status
from wuzha.core.base.windows import Window
from wuzha.core.base.workdays import Workdays
from wuzha.core.duty.model import Duty, Tally
from wuzha.core.title.criteria import (
    Ground,
    check_criteria,
    check_findings,
    find_quiet_chance,
    judge_criteria,
    judge_criterion,
    list_unmet,
)
from wuzha.core.title.life import (
    Title,
    TitleEvent,
    TitleEventKind,
    TitleState,
    add_months,
    check_title_event,
    collect_titles,
    find_award_day,
    replay_titles,
)
from wuzha.core.title.next import Ask, find_next
from wuzha.core.title.share import Stage, TitleShare, count_titles, find_stage

FILE = Path(__file__).parent / "title_examples.yaml"
CASES: Any = parse_plan_file(FILE.read_text("utf-8")).data
WORKDAYS = Workdays(off=frozenset(date(2027, 10, day) for day in range(1, 8)), worked=frozenset({date(2027, 10, 9)}))
UNIT = "SQ0101"
KIND = TitleEventKind


def award(on: date) -> list[TitleEvent]:
    """The events that lead to an award on that day."""
    days = {KIND.APPLIED: 20, KIND.SELF_CHECKED: 18, KIND.VISITED: 15, KIND.NOTICED: 12, KIND.AWARDED: 0}
    return [TitleEvent(UNIT, kind, on - timedelta(days=before), "石小桥") for kind, before in days.items()]


def hold(code: str, *more: KIND) -> Title:
    """A title from 1 January 2027 on, and what happened in April."""
    events = [TitleEvent(code, event.kind, event.on, event.by) for event in award(date(2027, 1, 1))]
    events += [TitleEvent(code, kind, date(2027, 4, 1), "石小桥", "正在倒查") for kind in more]
    return collect_titles(events)[code]


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
    titles = {code: hold(code) for code in holders}

    shares = count_titles(TREE, titles, kinds, day)

    for unit in TREE.units:
        is_asked = unit.kind in kinds and day in unit.life
        own = TitleShare(int(is_asked and unit.code in holders), int(is_asked))
        assert shares[unit.code] == sum((shares[one.code] for one in TREE.list_children(unit.code)), own)
    assert shares["C"].held == sum(
        unit.code in holders and unit.kind in kinds and day in unit.life for unit in TREE.units
    )


def test_a_title_that_is_paused_or_over_is_in_no_share() -> None:
    titles = {"T1": hold("T1", KIND.PAUSED), "T2": hold("T2")}

    assert count_titles(TREE, titles, ["town"], date(2027, 5, 1))["C"] == TitleShare(1, 2)
    assert count_titles(TREE, titles, ["town"], date(2028, 1, 1))["C"] == TitleShare(0, 2)


def test_the_criteria_of_the_package_are_a_plan_that_asks_for_no_silence() -> None:
    plan = load_criteria()

    assert [duty.verb for duty in plan.duties] == ["do", "cover", "attain"]
    assert check_criteria(plan) == ()


def test_a_criterion_of_no_cases_is_told_and_never_stands_alone() -> None:
    talk = {"id": "talk", "who": {"kind": "village"}, "do": "talk", "at_least": 1, "every": "year"}
    duty = {"id": "none", "who": {"kind": "village"}, "attain": "cases", "at_most": 0, "every": "year"}
    for duties, codes in (
        ([duty], [("title.case-criterion", "warning"), ("title.cases-alone", "error")]),
        ([duty, talk], [("title.case-criterion", "warning")]),
    ):
        valid = {"from": date(2027, 1, 1), "to": date(2027, 12, 31)}
        plan, _ = check_plan_yaml(render_plan_yaml({"title": "标准", "valid": valid, "duties": duties}))
        assert plan is not None
        assert [(problem.code, problem.severity) for problem in check_criteria(plan)] == codes


@pytest.mark.parametrize(("residents", "months", "chance"), [(2000, 3, 0.70), (2000, 12, 0.25)])
def test_no_case_in_a_small_place_is_mostly_luck(residents: int, months: int, chance: float) -> None:
    """At 7 cases a year per 10,000."""
    assert find_quiet_chance(7 * residents / 10_000 * months / 12) == pytest.approx(chance, abs=0.01)


WINDOWS = [Window(date(2027, m, 1), date(2027, m + 1, 1), f"2027-{m:02}") for m in range(1, 7)]
TALK, HOMES, _ = load_criteria().duties


def stand(duty: Duty, month: int, status: Status, shortfall: int | None = None) -> Standing:
    window = WINDOWS[month - 1]
    obligation = Obligation(duty.id, "V1", window, window.opens, window.closes - timedelta(days=1))
    return Standing(obligation, Tally(None, None), status, None if shortfall is None else Fraction(shortfall))


@pytest.mark.parametrize(
    ("standings", "day", "ground", "until"),
    [
        pytest.param(
            [(1, Status.OPEN, 1)], date(2027, 1, 10), Ground.PENDING, date(2027, 1, 31), id="nothing done yet"
        ),
        pytest.param([(1, Status.OPEN, 0)], date(2027, 1, 10), Ground.MET, None, id="done for now"),
        pytest.param(
            [(1, Status.MET), (2, Status.OPEN, 1)], date(2027, 2, 9), Ground.MET, None, id="this month is open"
        ),
        pytest.param([(1, Status.LATE), (2, Status.OPEN, 1)], date(2027, 2, 9), Ground.MET, None, id="late is done"),
        pytest.param(
            [(1, Status.MISSED), (2, Status.MET)], date(2027, 3, 1), Ground.MISSED, date(2027, 4, 30), id="one missed"
        ),
        pytest.param(
            [(1, Status.MISSED), (2, Status.MET)], date(2027, 4, 30), Ground.MISSED, date(2027, 4, 30), id="day"
        ),
        pytest.param([(1, Status.MISSED), (2, Status.MET)], date(2027, 5, 1), Ground.MET, None, id="missed long ago"),
        pytest.param([(1, Status.UNKNOWN)], date(2027, 2, 9), Ground.UNKNOWN, date(2027, 1, 31), id="cannot be told"),
        pytest.param([(6, Status.UPCOMING)], date(2027, 2, 9), Ground.NOT_BEGUN, date(2027, 6, 1), id="not begun"),
        pytest.param(
            [(1, Status.WAIVED), (2, Status.EXEMPT)], date(2027, 3, 9), Ground.NOT_ASKED, None, id="set aside"
        ),
    ],
)
def test_a_criterion_is_met_by_what_was_done_and_by_nothing_else(
    standings: list[tuple[Any, ...]], day: date, ground: Ground, until: date | None
) -> None:
    found = judge_criterion(TALK, [stand(TALK, *one) for one in standings], day, 3)

    assert (found.ground, found.until) == (ground, until)
    assert found.is_met == (ground in (Ground.MET, Ground.NOT_ASKED))
    assert set(found.wanting) <= set(found.looked_at)


def test_what_is_owed_once_is_looked_at_whenever_it_was_due() -> None:
    found = judge_criterion(HOMES, [stand(HOMES, 1, Status.MISSED)], date(2029, 1, 1), 3)
    assert (found.ground, found.until) == (Ground.MISSED, None)


def test_what_stands_in_the_way_is_named_and_other_duties_are_none_of_the_titles() -> None:
    told = {TALK.id: [stand(TALK, 1, Status.MET)], HOMES.id: [stand(HOMES, 1, Status.OPEN, 9)], "other": []}
    found = judge_criteria(load_criteria(), told, date(2027, 1, 31))

    assert [one.duty.id for one in found] == [TALK.id, HOMES.id]
    assert list_unmet(found) == (HOMES.id,)
    assert check_findings(found) == ()


def test_a_unit_that_is_asked_nothing_shows_nothing() -> None:
    told = {TALK.id: [stand(TALK, 1, Status.EXEMPT)]}
    for findings in ((), judge_criteria(load_criteria(), told, date(2027, 1, 31))):
        assert [one.code for one in check_findings(findings)] == ["title.nothing-asked"]


def test_a_later_day_off_or_a_unit_gone_from_the_roster_takes_no_title_back() -> None:
    events = award(date(2027, 3, 20))
    notice = next(event for event in events if event.kind is KIND.NOTICED)
    all_off = Workdays(off=frozenset(notice.on + timedelta(days=n) for n in range(12)))
    _, told = replay_titles(events, [UNIT], all_off)

    assert [one.code for one in told] == ["title.notice-short"]
    assert collect_titles(events)[UNIT].find_state(date(2027, 4, 1)) is TitleState.HELD


@given(st.dates(date(2027, 9, 1), date(2027, 10, 20)), st.integers(0, 6))
def test_the_first_day_of_the_award_is_the_first_that_is_in_order(on: date, ahead: int) -> None:
    steps = [TitleEvent(UNIT, kind, on, "石小桥") for kind in (KIND.APPLIED, KIND.SELF_CHECKED, KIND.VISITED)]
    notice = TitleEvent(UNIT, KIND.NOTICED, on, "石小桥", starts_on=on + timedelta(days=ahead))
    titles = collect_titles([*steps, notice])
    day = find_award_day(notice, WORKDAYS)

    def ask(when: date) -> list[str]:
        event = TitleEvent(UNIT, KIND.AWARDED, when, "石小桥")
        return [one.code for one in check_title_event(event, titles, [UNIT], WORKDAYS)]

    assert ask(day) == []
    assert ask(day - timedelta(days=1)) == ["title.notice-short"]


def test_a_calendar_without_working_days_ends_the_search() -> None:
    idle = Workdays(off=frozenset(date(2027, 1, 1) + timedelta(days=n) for n in range(800)))
    notice = TitleEvent(UNIT, KIND.NOTICED, date(2027, 1, 1), "石小桥")
    assert find_award_day(notice, idle) > date(2027, 12, 31)


NEXT: list[tuple[list[tuple[KIND, date, tuple[str, ...]]], date, Ask, date | None]] = [
    ([], date(2027, 3, 1), Ask.APPLY, None),
    ([(KIND.APPLIED, date(2027, 3, 1), ())], date(2027, 3, 2), Ask.SELF_CHECK, date(2027, 3, 31)),
    ([(KIND.SELF_CHECKED, date(2027, 3, 2), ("title-talk",))], date(2027, 3, 2), Ask.MEND, date(2027, 4, 1)),
    ([(KIND.SELF_CHECKED, date(2027, 3, 2), ())], date(2027, 3, 2), Ask.VISIT, date(2027, 4, 1)),
    ([(KIND.VISITED, date(2027, 3, 3), ("title-talk",))], date(2027, 3, 3), Ask.VISIT_AGAIN, date(2027, 4, 2)),
    ([(KIND.VISITED, date(2027, 3, 4), ())], date(2027, 3, 4), Ask.NOTICE, date(2027, 3, 14)),
    ([(KIND.NOTICED, date(2027, 3, 5), ())], date(2027, 3, 12), Ask.WAIT, date(2027, 3, 12)),
    ([(KIND.OBJECTED, date(2027, 3, 8), ())], date(2027, 3, 12), Ask.SETTLE, date(2027, 3, 13)),
    ([(KIND.SETTLED, date(2027, 3, 9), ())], date(2027, 3, 13), Ask.AWARD, date(2027, 3, 23)),
    ([(KIND.AWARDED, date(2027, 3, 13), ())], date(2027, 3, 13), Ask.RENEW, date(2028, 3, 12)),
    ([(KIND.PAUSED, date(2027, 4, 1), ())], date(2027, 4, 2), Ask.RESUME, date(2027, 5, 1)),
    ([(KIND.RESUMED, date(2027, 4, 5), ()), (KIND.REVOKED, date(2027, 4, 6), ())], date(2027, 4, 6), Ask.APPLY, None),
]


def test_each_state_says_what_comes_next_and_by_when() -> None:
    events: list[TitleEvent] = []
    for added, day, ask, by in NEXT:
        events += [TitleEvent(UNIT, kind, on, "石小桥", unmet=unmet) for kind, on, unmet in added]
        found = find_next(collect_titles(events).get(UNIT, Title(UNIT)), day, WORKDAYS)
        assert (found.ask, found.by) == (ask, by)
        assert found.is_of_unit == (ask in (Ask.APPLY, Ask.SELF_CHECK, Ask.MEND, Ask.RENEW))


@given(title_events(), st.integers(0, 600))
def test_the_stage_is_the_state_with_the_notice_told_apart(events: list[TitleEvent], days: int) -> None:
    titles, _ = replay_titles(events, [UNIT], WORKDAYS)
    title, day = titles.get(UNIT, Title(UNIT)), date(2027, 1, 4) + timedelta(days=days)
    stage, state = find_stage(title, day), title.find_state(day)

    assert (stage is Stage.NONE) == (state is None)
    assert stage is Stage.NOTICED or stage is Stage.NONE or stage.value == state
    assert stage is not Stage.NOTICED or state is TitleState.APPLYING
