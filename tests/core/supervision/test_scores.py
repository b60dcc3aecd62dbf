"""Scorecards: examples, laws, what is refused, and rules that stay as they were announced."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
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
from wuzha.core.score.check import (
    check_appeal,
    check_change,
    check_correction,
    check_entries,
    check_figure,
    check_scorecard,
    round_points,
)
from wuzha.core.score.count import count_score, find_ratio, tally_standings
from wuzha.core.score.model import (
    Base,
    Correction,
    Counts,
    Entry,
    Figure,
    Given,
    Item,
    Line,
    Owed,
    Score,
    Scorecard,
    Scored,
    Select,
    Sort,
    State,
)
from wuzha.core.supervision.mending import Event, Mending, Step, judge_mending
from wuzha.core.supervision.mending import State as Mended

NOON = datetime(2027, 5, 20, 4, tzinfo=UTC)
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


def count(standings: Sequence[Standing], entries: Sequence[Entry] = (), as_of: date = YEAR.last_day) -> Score:
    tallies = tally_standings(CARD, standings).get(UNIT, {})
    return count_score(CARD, PLAN, Scored(UNIT, "village", tallies), Given(tuple(entries)), as_of)


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

    score = count(standings, read_entries(case), case["as_of"])

    assert {line.item.code: describe(line) for line in score.lines} == case["lines"]
    assert (score.earned, score.possible) == (case["earned"], case["possible"])
    assert score.possible + score.unknown + score.idle == CARD.points
    assert score.earned == sum(score.add_up(sort) for sort in Sort)


STATUSES = st.sampled_from(Status)
SETTLED = (Status.MET, Status.LATE, Status.MISSED)


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

    score = count(standings, entries, date(2027, 9, 10))

    assert score.earned == sum((line.earned for line in score.lines), Fraction(0))
    assert score.possible + score.unknown + score.idle == CARD.points
    assert score.digest == CARD.digest
    for code, duty in (("rallies", "rally"), ("tables", "table")):
        line, held = score.find(code), [one.status for one in standings if one.obligation.duty == duty]
        assert line is not None
        done = held.count(Status.MET) + (held.count(Status.LATE) if code == "rallies" else 0)
        settled, unknown = len([one for one in held if one in SETTLED]), held.count(Status.UNKNOWN)
        due = max(settled + unknown, 1)
        assert abs(line.earned - Fraction(line.item.points * done, due)) <= Fraction(1, 200)
        assert abs(line.possible - Fraction(line.item.points * settled, due)) <= Fraction(1, 200)
        assert all((100 * one).denominator == 1 for one in (line.earned, line.possible, line.unknown))
        assert 0 <= line.earned <= line.possible <= line.item.points
        assert line.low is None or line.high is None or line.low <= line.earned <= line.high


@given(st.lists(STATUSES, min_size=1, max_size=8), st.data())
def test_one_more_done_never_takes_points_away(statuses: list[Status], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(statuses) - 1))
    better = [Status.MET if n == number and s is Status.MISSED else s for n, s in enumerate(statuses)]

    earned = [
        count(list_standings({"rally": {f"2027-{n:02}": s for n, s in enumerate(row, 1)}})).earned
        for row in (statuses, better)
    ]

    assert earned[1] >= earned[0]


MENDED = Item("mended", "按期整改", "Mended", "work", 6, counts=Counts.ON_TIME, of=Base.FINDINGS)
FINDINGS = replace(CARD, items=(MENDED,), points=6)


def weigh_findings(*found: Owed, card: Scorecard = FINDINGS) -> Line:
    scored = Scored(UNIT, "village", {}, found)
    (line,) = count_score(card, PLAN, scored, Given(), date(2027, 9, 10)).lines
    return line


def owe(number: int, status: Status, due_on: date = date(2027, 5, 20)) -> Owed:
    return Owed(f"查{number}", UNIT, due_on, status)


@given(st.lists(st.sampled_from([*SETTLED, Status.UNKNOWN, Status.OPEN]), max_size=30), st.integers(0, 4))
def test_the_points_of_findings_are_the_sum_of_those_that_it_lists(statuses: list[Status], before: int) -> None:
    early = [owe(100 + n, Status.MISSED, date(2026, 12, 31)) for n in range(before)]
    found = [owe(n, status) for n, status in enumerate(statuses)]

    line = weigh_findings(*found, *early)

    assert line.findings == tuple(found), "what was due before the period is not listed"
    held = Counter(one.status for one in line.findings)
    due = sum(held[one] for one in (*SETTLED, Status.UNKNOWN))
    assert line.possible + line.unknown + line.idle == 6
    settled = due - held[Status.UNKNOWN]
    assert [line.hits, line.base] == [held[Status.MET], settled]
    assert abs(line.earned - Fraction(6 * held[Status.MET], max(due, 1))) <= Fraction(1, 200)
    assert line.state is (State.NOTHING_DUE if not due else State.COUNTED if settled else State.UNKNOWN)


def test_findings_mended_late_earn_points_only_where_the_card_says_so() -> None:
    found = (owe(1, Status.LATE), owe(2, Status.MISSED))
    both = replace(FINDINGS, items=(replace(MENDED, counts=Counts.MET),))

    assert [weigh_findings(*found).earned, weigh_findings(*found, card=both).earned] == [0, 3]


def test_what_an_item_counts_is_one_of_the_rules_and_old_cards_keep_their_digest() -> None:
    duties = replace(MENDED, of=Base.DUTIES, select=Select(verbs=("file",)))
    card = replace(FINDINGS, items=(replace(duties, of=Base.FINDINGS),))

    assert card.digest != replace(FINDINGS, items=(duties,)).digest
    assert check_change(FINDINGS, replace(FINDINGS, items=(duties,)), date(2027, 6, 1)) != ()
    assert CARD.digest == "89121ff8e1cf0c70fa3c2401c4f2bf7d48c91efcd80df005e20f27c7e156e78c"


@pytest.mark.parametrize(
    "changed",
    [
        {"select": Select(verbs=("file",))},
        {"waits_for": "案件"},
        {"counts": Counts.BASELINE},
        {"sort": Sort.BONUS, "each": 1},
    ],
)
def test_an_item_counts_findings_or_something_else(changed: dict[str, Any]) -> None:
    card = replace(FINDINGS, items=(replace(MENDED, **changed),))

    assert "score.findings-not-alone" in {problem.code for problem in check_scorecard(card)}
    assert check_scorecard(FINDINGS) == ()


DAY = date(2027, 5, 20)


@pytest.mark.parametrize(
    ("mending", "status"),
    [
        (Mending(Mended.OPEN, DAY), Status.OPEN),
        (Mending(Mended.OVERDUE, DAY, is_late=True), Status.MISSED),
        (Mending(Mended.REPORTED, DAY, mended_on=DAY), Status.UNKNOWN),
        (Mending(Mended.CLOSED, DAY, mended_on=DAY), Status.MET),
        (Mending(Mended.CLOSED, DAY, is_late=True), Status.LATE),
        (Mending(Mended.OVERDUE, DAY, objection=Event(Step.OBJECTED, NOON, DAY, "桥东来", "不是")), Status.UNKNOWN),
        (Mending(Mended.STRUCK, DAY), None),
    ],
)
def test_a_finding_counts_once_somebody_has_looked_again(mending: Mending, status: Status | None) -> None:
    assert judge_mending(mending) is status


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
        ("按网格员计分", "score.ranks-persons"),
        ("每次活动上传照片3张", "score.counts-photos"),
        ("国家反诈中心APP使用率", "score.counts-installs"),
        ("涉诈人员亲属管控", "score.on-relatives"),
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
    waiting = replace(CARD.by_code["reused"], waits_for="预警")
    card = replace(CARD, items=tuple(waiting if item.code == "reused" else item for item in CARD.items))
    entry = Entry("reused", UNIT, date(2027, 5, 1), "石小桥", "被采用")

    assert [one.code for one in check_entries([entry], card, [UNIT])] == ["score.entry-not-yet"]


SHARE = Item("met_in_time", "及时见面", "Met in time", "work", 10, waits_for="预警")
CASES = Item("cases", "发案与往年比", "Cases", "work", 20, counts=Counts.BASELINE, waits_for="案件")


def weigh(item: Item, done: str, asked: str, *corrections: Correction) -> Line:
    """The line of a card of this item alone, with one figure brought in."""
    card = replace(CARD, items=(item,), points=item.points)
    assert check_scorecard(card) == ()
    figure = Figure(item.code, UNIT, date(2027, 5, 1), Fraction(done), Fraction(asked), "石小桥", "反诈中心5月表")
    assert check_figure(figure, card) == ()
    given = Given(corrections=corrections, figures=(figure,))
    (line,) = count_score(card, PLAN, Scored(UNIT, "village", {}), given, date(2027, 6, 1)).lines
    return line


def test_an_item_without_a_figure_is_unknown_and_neither_zero_nor_full() -> None:
    card = replace(CARD, items=(SHARE, CASES), points=30)
    score = count_score(card, PLAN, Scored(UNIT, "village", {}), Given(), date(2027, 6, 1))

    assert [line.state for line in score.lines] == [State.UNKNOWN, State.UNKNOWN]
    assert [score.earned, score.possible, score.unknown] == [0, 0, 30]


def test_a_figure_is_asked_only_of_the_kinds_of_unit_that_the_item_names() -> None:
    card = replace(CARD, items=(replace(SHARE, kinds=("town", "village")),), points=10)

    states = [
        count_score(card, PLAN, Scored(UNIT, kind, {}), Given(), date(2027, 6, 1)).lines[0].state
        for kind in ("village", "bank")
    ]

    assert states == [State.UNKNOWN, State.NOTHING_DUE]


def test_a_figure_that_was_brought_in_is_a_share_of_the_points() -> None:
    line = weigh(SHARE, "9", "12")

    assert line.state is State.COUNTED
    assert [line.earned, line.possible, line.unknown] == [Fraction(15, 2), 10, 0]
    assert line.low is not None
    assert line.high is not None
    assert line.low < Fraction(15, 2) < line.high
    assert weigh(SHARE, "90", "120").low is None, "a large base is not explained by chance"
    assert weigh(SHARE, "0", "0").state is State.NOTHING_DUE


@pytest.mark.parametrize(
    ("now", "then", "points"),
    [
        # (now + 10) / (then/3 + 10): at most 1 earns all, 1.5 and more nothing.
        ("0", "0", Fraction(20)),
        ("10", "30", Fraction(20)),
        ("15", "30", Fraction(10)),  # 25/20
        ("20", "30", Fraction(0)),  # 30/20
        ("2", "0", Fraction(12)),  # 12/10: the year before two was none, and two are little
        ("60", "90", Fraction(0)),  # 70/40
    ],
)
def test_a_number_is_held_against_the_units_own_years_and_drawn_to_no_change(
    now: str, then: str, points: Fraction
) -> None:
    line = weigh(CASES, now, then)

    assert line.earned == points
    assert line.low is not None
    assert line.high is not None
    assert line.low <= points <= line.high


@given(st.integers(0, 60), st.integers(0, 200))
def test_one_case_more_never_earns_points_and_the_reach_holds_them(now: int, then: int) -> None:
    fewer, more = (weigh(CASES, str(count), str(then)) for count in (now, now + 1))

    assert fewer.earned >= more.earned
    assert fewer.low is not None
    assert fewer.high is not None
    assert 0 <= fewer.low <= fewer.earned <= fewer.high <= 20


def test_a_small_place_is_drawn_to_no_change_more_than_a_large_one() -> None:
    def read(now: str, then: str) -> Fraction | None:
        return find_ratio(CASES, Figure("cases", UNIT, YEAR.opens, Fraction(now), Fraction(then), "", ""))

    assert read("2", "3") == Fraction(12, 11)
    assert read("200", "300") == Fraction(210, 110)


def test_money_is_not_shrunk_and_without_earlier_losses_unknown() -> None:
    money = replace(CASES, shrink=0)

    told, untold = weigh(money, "125000.50", "300000"), weigh(money, "100", "0")
    assert told.earned == Fraction("10.00"), "20 x (150 - 125.0005) / 50, to hundredths"
    assert told.low is None
    assert untold.state is State.UNKNOWN
    assert untold.unknown == 20


@pytest.mark.parametrize(
    ("item", "done", "asked", "code"),
    [
        ("met_in_time", "13", "12", "score.figure-too-big"),
        ("met_in_time", "-1", "12", "score.figure-too-big"),
        ("met_in_time", "1/2", "12", "score.figure-not-whole"),
        ("rallies", "1", "2", "score.figure-not-asked"),
        ("nothing", "1", "2", "score.figure-not-asked"),
    ],
)
def test_a_figure_that_cannot_be_is_refused(item: str, done: str, asked: str, code: str) -> None:
    card = replace(CARD, items=(SHARE, CARD.by_code["rallies"]), points=18)
    figure = Figure(item, UNIT, YEAR.opens, Fraction(done), Fraction(asked), "石小桥", "5月表")

    assert [problem.code for problem in check_figure(figure, card)] == [code]


def test_a_correction_gives_back_what_was_lost_and_never_more() -> None:
    given = Correction("met_in_time", UNIT, date(2027, 5, 20), Fraction(2), "县督导员", "两次见面没有录上")
    line = weigh(SHARE, "9", "12", given)

    assert [line.earned, line.corrected, line.room] == [Fraction(19, 2), 2, Fraction(5, 2)]
    assert check_correction(replace(given, points=Fraction(1, 2)), line) == ()
    assert [one.code for one in check_correction(replace(given, points=Fraction(1)), line)] == [
        "score.correction-too-big"
    ]
    assert [one.code for one in check_correction(replace(given, points=Fraction(0)), line)] == [
        "score.correction-too-big"
    ]
    assert weigh(SHARE, "12", "12", given).earned == 10, "a record that came later takes the place of the correction"


def test_an_appeal_against_a_deduction_gives_it_back() -> None:
    entry = Entry("invented", UNIT, date(2027, 5, 1), "石小桥", "二月那场没有开")
    back = Correction("invented", UNIT, date(2027, 5, 9), Fraction(10), "县督导员", "有签到册为证")
    score = count_score(CARD, PLAN, Scored(UNIT, "village", {}), Given((entry,), (back,)), date(2027, 6, 1))
    before = count_score(CARD, PLAN, Scored(UNIT, "village", {}), Given((entry,), (back,)), date(2027, 5, 8))

    assert [before.earned, score.earned] == [-10, 0]


def test_appeals_end_some_days_after_the_period() -> None:
    assert check_appeal(CARD, "rallies", date(2028, 1, 10)) == ()
    assert [one.code for one in check_appeal(CARD, "rallies", date(2028, 1, 11))] == ["score.appeal-late"]
    assert [one.code for one in check_appeal(CARD, "nothing", date(2027, 5, 1))] == ["score.item-unknown"]


def test_a_duty_without_a_number_earns_nothing() -> None:
    vague = replace(PLAN.duties[0], id="often", vague=True)
    only = replace(PLAN, duties=(vague,))

    assert [one.code for one in check_scorecard(replace(CARD, items=(CARD.items[0],), points=8), only)] == [
        "score.no-duties"
    ]


@pytest.mark.parametrize(
    ("points", "text"),
    [
        ("1/3", "0.33"),
        ("2/3", "0.67"),
        ("1/200", "0.01"),
        ("-15/2", "-7.5"),
        ("8", "8"),
        ("-1/1000", "0"),
        ("10", "10"),
    ],
)
def test_points_are_rounded_to_two_places(points: str, text: str) -> None:
    assert round_points(Fraction(points)) == text
