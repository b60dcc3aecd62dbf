"""What holds of the reading of any text at all."""

import json
import time
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.core.plan.read import read_plan
from wuzha.core.plan.reading import Inference, Reading, reading_to_json

WORDS = (
    *(
        "一、",
        "（二）",
        "3.",
        "（4）",
        "第五条 ",
        "各村",
        "派出所：",
        "每月",
        "每周",
        "至少",
        "不少于",
        "2次",
        "3块宣传栏",
    ),
    *("50%", "千分之一", "下降", "率达到", "逐户", "全覆盖", "零发案", "6月底前", "2027年3月1日", "至", "31日"),
    *(
        "，",
        "。",
        "；",
        "、",
        "：",
        "\n",
        "\r\n",
        " ",
        "\u3000",
        "开展",
        "宣传",
        "要",
        "“",
        "”",
        "（",
        "）",
        "《",
        "》",
    ),
    *("（责任单位：县公安局）", "（完成时限：5月底）", "奖励500元", "扣2分", "已", "\ufeff"),
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=60).map("".join))

PLAN = """石桥县全民反诈宣传工作方案
一、工作目标
全县电诈发案数同比下降10%，群众知晓率达到95%以上。
二、工作步骤
（一）动员部署阶段（2027年1月1日至1月31日）。各乡镇召开1次动员会。
（二）集中宣传阶段（2月1日至11月30日）。
1.各村每月至少举办1次集中宣传，悬挂横幅不少于5条。
2.各银行要定期更新宣传内容。
三、保障措施
对工作不力的，予以通报批评。
"""


def list_blank(text: str) -> set[int]:
    return {at for at, sign in enumerate(text) if sign.isspace()}


@given(TEXTS)
def test_spans_are_ordered_disjoint_and_hold_all_that_is_not_blank(text: str) -> None:
    reading = read_plan(text)
    covered: set[int] = set()
    last = 0
    for fate in reading.coverage:
        start, end = fate.span
        assert last <= start < end <= len(text)
        covered.update(range(start, end))
        last = end
    assert set(range(len(text))) - covered <= list_blank(text)


@given(TEXTS)
def test_every_quote_is_the_text_at_its_span(text: str) -> None:
    reading = read_plan(text)
    for demand in (*reading.demands, *reading.vague):
        assert demand.quote == text[slice(*demand.span)] != ""


@given(TEXTS)
def test_comparator_value_and_unit_are_null_together(text: str) -> None:
    for demand in read_plan(text).demands:
        nulls = {demand.comparator is None, demand.value is None, demand.unit is None}
        assert len(nulls) == 1
        assert demand.cadence or demand.deadline or demand.value is not None


@given(TEXTS)
def test_coverage_names_each_demand_and_no_other(text: str) -> None:
    reading = read_plan(text)
    named = [name for fate in reading.coverage for name in dict.fromkeys(fate.demand_ids)]
    assert set(named) == {demand.id for demand in (*reading.demands, *reading.vague)}
    assert len({demand.id for demand in reading.demands}) == len(reading.demands)


@given(TEXTS)
def test_any_reading_can_be_written_as_json(text: str) -> None:
    written = json.loads(json.dumps(reading_to_json(read_plan(text))))
    assert set(written) == {"title", "issuer", "valid", "phases", "duties", "vague", "problems", "coverage"}


@pytest.mark.parametrize(
    "piece",
    [
        "一",
        "每",
        "不少于",
        "各村、",
        "（",
        "(",
        "，",
        "“",
        "每月",
        "1",
        "9,",
        "10%、",
        "全覆盖",
        "没有",
        "各单位和",
        "2027年",
        "一、",
        "的",
        "成立",
        "每个村、社区",
        "店、",
        "年终",
        "去年",
        "低于的",
        "零点",
    ],
)
def test_long_runs_of_one_piece_are_read_in_bounded_time(piece: str) -> None:
    text = piece * (4_000 // len(piece))
    started = time.process_time()
    read_plan(text)
    assert time.process_time() - started < 2


def test_demands_that_look_ahead_to_the_same_sentence_have_it_cut_once() -> None:
    text = "至2026年12月31日" * 4_000
    started = time.process_time()
    read_plan(text)
    assert time.process_time() - started < 0.9, "cut anew for each demand it took twice as long"


def read() -> Reading:
    return read_plan(PLAN)


def test_the_frame_of_a_plan_is_read() -> None:
    reading = read()
    assert reading.title == "石桥县全民反诈宣传工作方案"
    assert reading.issuer == "石桥县"
    assert reading.valid == (date(2027, 1, 1), date(2027, 11, 30))
    assert [phase.name for phase in reading.phases] == ["动员部署阶段", "集中宣传阶段"]


@pytest.mark.parametrize(
    ("words", "valid"),
    [
        ("本方案自2026年1月15日起施行，至2026年12月31日止。", (date(2026, 1, 15), date(2026, 12, 31))),
        ("本方案自2026年1月15日起施行，有效期至2027年1月14日。", (date(2026, 1, 15), date(2027, 1, 14))),
        ("有效期为2026年2月1日至2026年8月31日。", (date(2026, 2, 1), date(2026, 8, 31))),
        ("本方案自2026年2月30日起施行。", (None, None)),
    ],
)
def test_the_validity_that_a_paper_states_wins(words: str, valid: tuple[date | None, date | None]) -> None:
    reading = read_plan(
        f"石桥镇反诈宣传方案\n一、安排\n各村6月底前完成入户宣传。\n{words}\n石桥镇平安办\n2025年12月20日\n"
    )
    assert reading.valid == valid
    assert reading.demands[0].deadline == "2026-06-30"


def test_a_title_of_several_years_is_valid_through_the_last() -> None:
    reading = read_plan("石桥镇无诈村创建行动方案（2026—2028年）\n一、安排\n各村每月开展宣传1次。\n")
    assert reading.valid == (date(2026, 1, 1), date(2028, 12, 31))


def test_clauses_are_cited_as_people_cite_them() -> None:
    clauses = [demand.clause for demand in read().demands]
    assert clauses == ["一", "一", "二（一）", "二（一）", "二（二）", "二（二）1", "二（二）1"]


def test_a_duty_under_a_dated_heading_borrows_its_window_and_says_so() -> None:
    meeting = next(demand for demand in read().demands if "动员会" in demand.quote)
    assert (meeting.window_start, meeting.deadline) == ("2027-01-01", "2027-01-31")
    assert meeting.inferred == (Inference("window", "phase", "2027-01-01/2027-01-31"),)


def test_a_year_taken_from_elsewhere_is_said() -> None:
    window = next(demand for demand in read().demands if "集中宣传阶段" in demand.quote)
    assert window.deadline == "2027-11-30"
    assert window.inferred == (Inference("year", "text", "2027"),)


def test_a_demand_without_a_number_is_kept_apart_as_vague() -> None:
    reading = read()
    assert [(demand.actor, demand.vague) for demand in reading.vague] == [("各银行", True)]
    assert all(not demand.vague for demand in reading.demands)


def test_every_sentence_says_what_it_became() -> None:
    fates = [fate.fate for fate in read().coverage]
    assert fates == [
        "heading", "heading", "target", "heading", "duty", "duty", "duty", "duty", "vague", "heading", "consequence",
    ]  # fmt: skip


def test_the_year_is_left_open_when_the_text_gives_none() -> None:
    reading = read_plan("石桥镇宣传方案\n一、安排\n6月底前完成入户宣传。\n")
    assert reading.demands[0].deadline == "XXXX-06-30"
    assert "reading.year-unknown" in {problem.code for problem in reading.problems}


def test_a_text_that_is_no_plan_says_so() -> None:
    assert [problem.code for problem in read_plan("春天来了，花开了。").problems] == ["reading.no-duties"]
    assert [problem.code for problem in read_plan("").problems] == ["reading.no-duties"]


def test_a_report_asks_for_nothing_and_says_so() -> None:
    reading = read_plan("石桥镇反诈宣传工作总结\n一、做法\n每月开展宣传4次。\n")
    assert (reading.demands, [problem.code for problem in reading.problems]) == ((), ["reading.report"])


def test_blanks_inside_words_do_not_hide_a_demand_and_stay_in_the_quote() -> None:
    reading = read_plan("石桥镇宣传方案\n一、安排\n各村每 月开展宣 传 2 次。\n")
    assert [(demand.quote, demand.value, demand.cadence) for demand in reading.demands] == [
        ("各村每 月开展宣 传 2 次", Fraction(2), "monthly")
    ]


def test_signs_that_show_nothing_do_not_hide_a_demand() -> None:
    reading = read_plan("\ufeff石桥镇宣传方案\n一、安排\n各\u200b村每\u200b月开展宣传2次。\n")
    assert [(demand.actor, demand.value, demand.cadence) for demand in reading.demands] == [
        ("各村", Fraction(2), "monthly")
    ]
    assert reading.title == "石桥镇宣传方案"


def test_a_phase_that_says_how_far_to_come_is_a_phase_as_well() -> None:
    first, second = "第一阶段：2027年4月1日—5月15日，完成30%。", "第二阶段：6月1日—9月30日，完成70%。"
    text = f"石桥县无诈小区创建方案\n一、步骤\n{first}\n{second}\n"
    reading = read_plan(text)
    assert [demand.value for demand in reading.demands] == [Fraction(3, 10), Fraction(7, 10)]
    assert [(phase.name, phase.window_start, phase.deadline) for phase in reading.phases] == [
        ("第一阶段", "2027-04-01", "2027-05-15"),
        ("第二阶段", "2027-06-01", "2027-09-30"),
    ]


def test_measures_of_one_series_share_a_quote_and_keep_their_own_values() -> None:
    reading = read_plan("石桥县反诈方案\n一、目标\n全县发案数、损失金额分别下降5%、9%以上。\n")
    found = [(demand.measure, demand.value, demand.quote) for demand in reading.demands]
    words = "全县发案数、损失金额分别下降5%、9%以上"
    assert found == [("发案数", Fraction(-1, 20), words), ("损失金额", Fraction(-9, 100), words)]
