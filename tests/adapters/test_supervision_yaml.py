"""Ladders, measures, scorecards and titles as files: every mistake with its line and how to mend it."""

import pytest

from wuzha.adapters.scorecard_yaml import read_entries_yaml, read_scorecard_yaml
from wuzha.adapters.supervision_yaml import read_ladder_yaml, read_measures_yaml
from wuzha.adapters.title_yaml import read_title_events_yaml
from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import Problem
from wuzha.core.supervision.life import EventKind

LADDER = """\
title: 石桥县督导阶梯
steps:
  - code: circular
    title: 通报
    title_en: Circular
    when: [rank <= 3, missed_weeks >= 2, missed_windows <= 2, overdue_days > 很久]
    after: remind
    answer_days: 5
    mend_days: 0
    appeal_days: 5
    given_by: [secretary]
  - code: remind
    title: 提示
    title_en: Reminder
    when: worse_than_baseline >= 1
    answer_days: 5
    mend_days: 15
"""
DAYS = "answer_days: 5, mend_days: 9, appeal_days: 5"
MEASURES = """\
measures:
  - id: 1号
    step: remind
    unit: SQ0101
    about:
      - {duty: rally, windows: [2027-03, 2027-04]}
    events:
      - {what: given, on: 2027-05-10, by: 石小桥, post: officer}
      - {what: forgiven, on: 2027-05-13, by: 桥东来}
      - {what: answered, on: 五月, by: 桥东来}
visits:
  - {unit: SQ0102, on: 2027-04-08, items: [台账, 宣传栏]}
  - {unit: SQ0102}
"""


def tell(problems: tuple[Problem, ...]) -> list[tuple[int | None, str]]:
    return [(problem.source.line, problem.code) for problem in problems]


def test_every_mistake_of_a_ladder_is_told_with_its_line() -> None:
    ladder, problems = read_ladder_yaml(LADDER, "阶梯.yaml")

    assert ladder is None
    assert tell(problems) == [
        (3, "ladder.after-unknown"),
        (6, "ladder.ranking"),
        (6, "ladder.word-unknown"),
        (6, "ladder.sign-unknown"),
        (6, "ladder.number-wanted"),
        (9, "plan.number-range"),
        (11, "ladder.post-unknown"),
        (12, "plan.key-missing"),
    ]
    assert describe_problem(problems[1]).startswith("《阶梯.yaml》第 6 行“when”：“rank”是按名次算的，不能用来触发措施")


def test_a_step_follows_only_what_stands_below_it() -> None:
    remind = f"  - {{code: remind, title: 提示, title_en: Reminder, when: worse_than_baseline, {DAYS}}}\n"
    when = "[missed_windows >= 2 and missed_in_a_row > 1]"
    circular = f"  - {{code: circular, title: 通报, title_en: Circular, after: remind, when: {when}, {DAYS}}}\n"

    after_above = read_ladder_yaml(f"title: 阶梯\nsteps:\n{circular}{remind}")[1]
    twice = read_ladder_yaml(f"title: 阶梯\nsteps:\n{remind}{circular}{remind}")[1]
    ladder, none = read_ladder_yaml(f"title: 阶梯\nsteps:\n{remind}{circular}")

    assert [problem.code for problem in after_above] == ["ladder.after-above"]
    assert [problem.code for problem in twice] == ["ladder.step-twice"]
    assert none == ()
    assert ladder is not None
    assert [(one.word, one.least) for one in ladder.steps[1].triggers[0]] == [
        ("missed_windows", 2),
        ("missed_in_a_row", 2),
    ]


def test_measures_and_visits_are_read_as_far_as_they_can_be() -> None:
    lives, visits, problems = read_measures_yaml(MEASURES, "措施.yaml")

    assert [event.kind for event in lives[0]] == [EventKind.GIVEN]
    assert lives[0][0].giving is not None
    assert lives[0][0].giving.named[0].windows == ("2027-03", "2027-04")
    assert [(one.unit, one.items) for one in visits] == [("SQ0102", ("台账", "宣传栏"))]
    assert tell(problems) == [(9, "supervision.event-unknown"), (10, "plan.not-a-day"), (13, "plan.key-missing")]


@pytest.mark.parametrize("text", ["", "- 1", "measures: 3", "steps: []\ntitle: [", "a: &b 1\nc: *b", "items: {a: 1}"])
def test_no_text_is_too_strange_to_be_told_of(text: str) -> None:
    assert read_ladder_yaml(text)[1]
    assert read_scorecard_yaml(text)[1]
    assert read_measures_yaml(text)[2]
    assert read_entries_yaml(text)[1]
    assert read_title_events_yaml(text)[1]


CARD = """\
title: 评分表
from: 2027-01-01
to: 2027-12-31
points: 10
blocks: {work: [工作, Work], odd: [只有中文]}
items:
  - {code: a, block: work, title: 反诈APP安装率, title_en: Installs, points: 5, duties: {verb: do}}
  - {code: a, block: none, title: 宣讲, title_en: Talks, points: 3, duties: {verbs: do}}
  - {code: c, block: work, title: 会议, title_en: Meetings, points: 3}
  - {code: d, block: work, sort: malus, title: 虚报, title_en: Invented, points: 3}
  - {code: e, block: work, sort: deduction, title: 投诉, title_en: Complaints, points: 3, each: 5}
"""


def test_every_mistake_of_a_scorecard_is_told_with_its_line() -> None:
    card, problems = read_scorecard_yaml(CARD, "评分.yaml")

    assert card is None
    assert set(tell(problems)) == {
        (1, "score.sum-differs"),
        (5, "score.block-titles"),
        (7, "score.counts-installs"),
        (8, "plan.key-unknown"),
        (8, "score.item-twice"),
        (8, "score.block-unknown"),
        (9, "score.measure-missing"),
        (10, "score.word-unknown"),
        (10, "score.measure-missing"),
        (11, "score.each-missing"),
    }
    cited = next(describe_problem(one) for one in problems if one.code == "score.counts-installs")
    assert "国办函〔2026〕12号" in cited


def test_what_a_title_event_is_called_is_said_in_words() -> None:
    events, problems = read_title_events_yaml(
        "events:\n  - {unit: A, what: given, on: 2027-03-01, by: 桥东来}\n  - {unit: A, what: applied, by: 桥东来}\n"
    )

    assert events == ()
    assert tell(problems) == [(2, "title.event-unknown"), (3, "plan.key-missing")]
    step = Problem("title.step-missing", params=(("event", "visited"), ("event_before", "self_checked")))
    assert describe_problem(step) == "还没有“自查”，不能记“实地核查”。请按顺序办。"
    assert describe_problem(step, "en") == "There is no “self-check” yet, so “visit” cannot come. Keep the order."
