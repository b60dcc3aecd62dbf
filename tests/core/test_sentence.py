"""Duties in plain words."""

from datetime import date
from typing import Any

import pytest

from tests.core.test_plan_build import build_duty
from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.wording import duty as duty_wording
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.sentence import CHINESE, render_duty, render_goal

CASES: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"do": "rally", "at_least": 1, "every": "month"}, "各村每月至少办 1 次集中宣传活动", "至少 1"),
    (
        {"do": "leaflet", "at_least": 500, "by": date(2027, 6, 30)},
        "各村2027年6月30日前至少发 500 份明白纸、手册",
        "至少 500",
    ),
    ({"do": "talk", "at_least": 300, "sum": "people"}, "各村宣讲至少面向 300 人次", "至少 300"),
    (
        {"do": "talk", "at_least": 2, "where": "广场", "for": "老年人"},
        "各村至少办 2 次宣讲（地点：广场）（对象：老年人）",
        "至少 2",
    ),
    ({"keep": "slogan", "at_least": 4}, "各村至少有 4 处固定标语", "至少 4"),
    (
        {"keep": "banner", "at_least": {"per_thousand": 1, "of": "population"}},
        "各村横幅不少于常住人口的 1‰",
        "至少为常住人口的 1‰",
    ),
    (
        {"cover": "household", "at_least": "50%", "by": date(2027, 6, 30)},
        "各村2027年6月30日前至少覆盖 50% 的住户",
        "至少 50%",
    ),
    ({"file": "progress-table", "every": "month", "due": {"day": 20}}, "各村每月 20 日前报送工作进展情况表", ""),
    (
        {"file": "progress-table", "every": "month", "due": {"day": 20, "on_day_off": "next_workday"}},
        "各村每月 20 日前（截止日遇放假顺延）报送工作进展情况表",
        "",
    ),
    (
        {"file": "progress-table", "by": date(2027, 5, 1), "due": {"on_day_off": "previous_workday"}},
        "各村2027年5月1日前（截止日遇放假提前）报送工作进展情况表",
        "",
    ),
    ({"check": "followup", "grade": "high", "every": "week"}, "各村每周完成高危重点人员核查，一个不漏", ""),
    (
        {"space": "advert", "along": "main-road", "at_most": "200 m"},
        "各村沿主要道路每 200 米以内至少有 1 处公益广告",
        "间隔不超过 200 米",
    ),
    (
        {"attain": "cases", "change": {"at_most": "-20%", "against": "last_year"}},
        "各村发案同比下降 20% 以上",
        "同比下降 20% 以上",
    ),
    ({"attain": "cases", "at_most": 0}, "各村发案为零", "不超过 0"),
    (
        {"file": "progress-table", "during": "spring"},
        "各村2027年3月1日至2027年5月31日报送工作进展情况表",
        "",
    ),
)


@pytest.mark.parametrize(("keys", "sentence", "goal"), CASES)
def test_a_duty_reads_as_a_clerk_would_say_it(keys: dict[str, Any], sentence: str, goal: str) -> None:
    duty = build_duty(**keys)
    assert render_duty(duty, load_kinds()) == sentence
    assert render_goal(duty) == goal


def test_the_examples_show_every_verb() -> None:
    assert {verb for keys, _, _ in CASES for verb in keys if verb in VERBS} == set(VERBS)


def test_every_phrase_has_its_english() -> None:
    assert set(duty_wording.ENGLISH.phrases) == set(CHINESE.phrases)
    assert set(duty_wording.ENGLISH.rhythms) == set(CHINESE.rhythms)
    assert set(duty_wording.ENGLISH.populations) == set(CHINESE.populations)


@pytest.mark.parametrize(("keys", "sentence", "goal"), CASES)
def test_english_leaves_no_chinese_word(keys: dict[str, Any], sentence: str, goal: str) -> None:
    plain = {key: value for key, value in keys.items() if key not in ("where", "for")}
    duty = build_duty(**plain)
    text = duty_wording.render_duty(duty, load_kinds(), "en") + duty_wording.render_goal(duty, "en")
    assert text.replace("‰", "").replace("²", "").replace("×", "").isascii()
    assert "{" not in text


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ({"kind": "county"}, "全县"),
        ({"kind": ["village", "community"]}, "各村、社区"),
        ({"line": "all"}, "各单位"),
        ({"line": "education"}, "教育条线各单位"),
        ({"kind": "department", "line": "education"}, "教育部门"),
        ({"kind": "school", "attribute": "students"}, "有学生数的各学校"),
        ({"name": "石桥镇"}, "石桥镇"),
        (None, "（未定由谁办）"),
    ],
)
def test_the_bearers_are_named_as_a_plan_would(who: object, words: str) -> None:
    duty = build_duty(file="progress-table", who=who)
    assert render_duty(duty, load_kinds()) == f"{words}报送工作进展情况表"


@pytest.mark.parametrize(
    ("duty", "words"),
    [
        ({"do": "leaflet", "at_least": {"per": 1, "of": "households"}}, "各村每户至少 1 份明白纸、手册"),
        ({"keep": "poster", "at_least": {"per": 2, "of": "outlets"}}, "各村每个网点至少有 2 处海报"),
        ({"keep": "banner", "at_least": {"per_thousand": 1, "of": "population"}}, "各村横幅不少于常住人口的 1‰"),
    ],
)
def test_so_many_for_each_is_not_said_as_a_share(duty: dict[str, object], words: str) -> None:
    assert render_duty(build_duty(**duty), load_kinds()) == words


def test_a_vague_duty_says_that_nothing_is_counted() -> None:
    duty = build_duty(vague=True, quote="适时开展宣传")
    assert render_duty(duty, load_kinds()) == "各村：适时开展宣传（只列出，不计数）"
