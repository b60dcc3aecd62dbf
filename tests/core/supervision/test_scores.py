"""Scorecards: examples, laws, what is refused, and rules that stay as they were announced."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.supervision.test_ladder_examples import UNIT, make_standing
from wuzha.adapters.plan_yaml import parse_plan_file, render_plan_yaml
from wuzha.adapters.scorecard_yaml import load_scorecard, read_entries_yaml, read_scorecard_yaml
from wuzha.core.assessment.model import Standing, Status
from wuzha.core.base.interval import Interval
from wuzha.core.duty.model import Duty, Who
from wuzha.core.plan.model import Plan
from wuzha.core.score.check import check_change, check_entries, check_scorecard
from wuzha.core.score.count import count_scores
from wuzha.core.score.model import Entry, Item, Line, Scorecard, Select, Sort, State

EXAMPLES: Any = parse_plan_file((Path(__file__).parent / "score_examples.yaml").read_text("utf-8")).data
YEAR = Interval(date(2027, 1, 1), date(2028, 1, 1))
PLAN = Plan(
    "方案",
    "县联席办",
    YEAR,
    (),
    (
        Duty("rally", "do", "rally", Who(kind=("village",)), YEAR),
        Duty("table", "file", "progress_table", Who(kind=("village",)), YEAR),
    ),
)


def make_card() -> Scorecard:
    card, problems = read_scorecard_yaml(render_plan_yaml(EXAMPLES["card"]), plan=PLAN)
    assert problems == ()
    assert card is not None
    return card


CARD = make_card()


def read_entries(case: dict[str, Any]) -> tuple[Entry, ...]:
    if "entries" not in case:
        return ()
    entries, problems = read_entries_yaml(render_plan_yaml({"entries": case["entries"]}))
    assert problems == ()
    assert check_entries(entries, CARD, [UNIT]) == ()
    return entries


def list_standings(duties: dict[str, dict[str, str]]) -> list[Standing]:
    return [
        make_standing(duty, label, Status(status))
        for duty, windows in duties.items()
        for label, status in windows.items()
    ]


def describe(line: Line) -> str:
    return f"{line.earned}/{line.possible}" if line.state is State.COUNTED else line.state.value


@pytest.mark.parametrize("case", [pytest.param(case, id=case["say"]) for case in EXAMPLES["cases"]])
def test_the_score_is_as_written(case: dict[str, Any]) -> None:
    standings = list_standings(case["duties"])

    (score,) = count_scores(CARD, PLAN, standings, read_entries(case), case["as_of"])

    assert {line.item.code: describe(line) for line in score.lines} == case["lines"]
    assert (score.earned, score.possible) == (case["earned"], case["possible"])
    assert [line.item.code for line in score.not_counted_yet] == ["rate"]


STATUSES = st.sampled_from(Status)


@given(st.lists(STATUSES, max_size=8), st.lists(STATUSES, max_size=8), st.integers(0, 4))
def test_a_score_is_the_sum_of_its_lines_and_each_line_of_its_standings(
    rallies: list[Status], tables: list[Status], granted: int
) -> None:
    standings = [
        make_standing(duty, f"2027-{n:02}", status)
        for duty, statuses in (("rally", rallies), ("table", tables))
        for n, status in enumerate(statuses, start=1)
    ]
    entries = [Entry("reused", UNIT, date(2027, 2, 1), "石小桥", "被采用")] * granted

    for score in count_scores(CARD, PLAN, standings, entries, date(2027, 9, 10)):
        assert score.earned == sum((line.earned for line in score.lines), Fraction(0))
        assert score.possible <= CARD.points
        assert score.digest == CARD.digest
        for line in score.lines:
            if line.item.sort is Sort.POINTS:
                done = [one for one in line.standings if one.status in (Status.MET, Status.LATE)]
                assert 0 <= line.earned <= line.possible <= line.item.points
                assert (
                    line.item.code != "rallies"
                    or not line.possible
                    or line.earned == Fraction(8 * len(done), len(line.standings))
                )
            assert len(line.entries) <= granted


@given(st.lists(STATUSES, min_size=1, max_size=8), st.data())
def test_one_more_done_never_takes_points_away(statuses: list[Status], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(statuses) - 1))
    better = [Status.MET if n == number and s is Status.MISSED else s for n, s in enumerate(statuses)]

    earned = [
        count_scores(
            CARD, PLAN, list_standings({"rally": {f"2027-{n:02}": s for n, s in enumerate(row, 1)}}), (), YEAR.last_day
        )[0].earned
        for row in (statuses, better)
    ]

    assert earned[1] >= earned[0]


def test_the_template_has_a_hundred_points_and_says_what_is_not_counted_yet() -> None:
    card = load_scorecard()
    waiting = [item for item in card.items if item.waits_for and item.sort is Sort.POINTS]
    counted = [item for item in card.items if not item.waits_for and item.sort is Sort.POINTS]

    assert card.points == 100
    assert sum(item.points for item in (*waiting, *counted)) == 100
    assert {item.code for item in counted} == {"tasks", "homes", "checks", "mended"}
    assert sum(item.points for item in card.items if item.sort is Sort.BONUS) <= 5
    assert check_scorecard(card) == ()


def make_item(title: str, sort: Sort = Sort.POINTS) -> Item:
    select = Select(verbs=("do",)) if sort is Sort.POINTS else None
    return Item("extra", title, title if title.isascii() else "Extra", "work", 5, sort, 1, select)


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("反诈APP安装率达到90%", "score.counts-installs"),
        ("国家反诈中心注册人数不少于500人", "score.counts-installs"),
        ("每天转发朋友圈", "score.counts-forwards"),
        ("公众号点赞量", "score.counts-likes"),
        ("上传照片张数", "score.counts-photos"),
        ("网格员每日打卡", "score.counts-log-ins"),
        ("编发简报篇数", "score.counts-briefings"),
        ("民警个人积分排名", "score.ranks-persons"),
        ("Installs of the app", "score.counts-installs"),
        ("Forwards to groups", "score.counts-forwards"),
    ],
)
def test_what_may_not_be_counted_is_refused(title: str, code: str) -> None:
    card = replace(CARD, items=(make_item(title),), points=5)

    assert code in {problem.code for problem in check_scorecard(card)}


@pytest.mark.parametrize(
    ("title", "sort"),
    [
        ("入户走访覆盖率", Sort.POINTS),
        ("走访覆盖户数", Sort.POINTS),
        ("志愿者宣讲场次", Sort.POINTS),
        ("入户走访，不要求截图", Sort.POINTS),
        ("强制群众安装、通报安装率的", Sort.DEDUCTION),
        ("Straightforward talks", Sort.POINTS),
    ],
)
def test_what_may_be_counted_is_not_refused(title: str, sort: Sort) -> None:
    card = replace(CARD, items=(make_item(title, sort),), points=5 if sort is Sort.POINTS else 0)

    assert [problem.code for problem in check_scorecard(card)] == []


def test_a_duty_under_another_title_is_still_what_its_sentence_says() -> None:
    quoted = replace(PLAN.duties[0], quote="各村反诈APP安装率达到90%以上")
    plan = replace(PLAN, duties=(quoted, PLAN.duties[1]))

    assert [problem.code for problem in check_scorecard(CARD, plan)] == ["score.counts-installs"]


def test_rules_stay_as_they_were_announced_for_the_whole_period() -> None:
    dearer = tuple(replace(item, points=item.points + 1) if item.code == "rallies" else item for item in CARD.items)
    after = replace(CARD, items=dearer, points=21)

    (problem,) = check_change(CARD, after, date(2027, 12, 31))

    assert (problem.code, problem.values["items"]) == ("score.changed-midway", "集中宣传")
    assert check_change(CARD, after, date(2028, 1, 1)) == ()
    assert check_change(CARD, make_card(), date(2027, 6, 1)) == ()


def test_a_shorter_period_is_a_change_too() -> None:
    shorter = replace(CARD, period=Interval(YEAR.opens, date(2027, 7, 1)))

    assert [problem.values["items"] for problem in check_change(CARD, shorter, date(2027, 6, 1))] == ["石桥县评分表"]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (Entry("rallies", UNIT, date(2027, 5, 1), "石小桥", "好"), "score.entry-not-granted"),
        (Entry("reused", "张三", date(2027, 5, 1), "石小桥", "好"), "score.entry-not-a-unit"),
        (Entry("reused", UNIT, date(2027, 5, 1), "", "好"), "score.entry-unsigned"),
        (Entry("reused", UNIT, date(2027, 5, 1), "石小桥", " "), "score.entry-unsigned"),
        (Entry("reused", UNIT, date(2028, 1, 1), "石小桥", "好"), "score.entry-outside"),
    ],
)
def test_a_bonus_wants_a_unit_a_person_a_reason_and_its_period(entry: Entry, code: str) -> None:
    assert [problem.code for problem in check_entries([entry], CARD, [UNIT])] == [code]


def test_nothing_is_granted_under_an_item_that_is_not_counted_yet() -> None:
    entry = Entry("silence", UNIT, date(2027, 5, 1), "石小桥", "三天没有联系")

    assert [one.code for one in check_entries([entry], load_scorecard(), [UNIT])] == ["score.entry-not-yet"]
