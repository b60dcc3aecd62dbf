"""A plan rendered as a 方案 and told in a policy note; the record of a talk; a notice of free words."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from tests.core.test_letter import make_facts
from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.plan_yaml import read_plan_yaml
from wuzha.core.paper.check import check_paper
from wuzha.core.paper.model import Grid, Heading, Paper, join_spans, list_figures, list_spans, number_headings
from wuzha.core.paper.notice import NoticeSaid, write_notice
from wuzha.core.paper.plan_paper import PlanSaid, list_clauses, write_plan
from wuzha.core.paper.plan_text import Document, PlanText, read_surroundings, say_duty, split_clause
from wuzha.core.paper.policy_note import UNKNOWN_PURPOSE, NoteSaid, write_policy_note
from wuzha.core.paper.talk import NOT_SAID, TalkSaid, write_talk
from wuzha.core.paper.wire import read_paper, write_paper

YAML = """
title: 石桥县试行工作方案
issuer: 石桥县反诈联席办
valid: {from: 2026-01-01, to: 2026-12-31}
phases:
  - {id: launch, name: 动员部署, from: 2026-01-01, to: 2026-01-31}
duties:
  - id: cases
    clause: 一（一）
    quote: 全县发案数同比下降20%以上
    who: {kind: county}
    attain: cases
    change: {at_most: -20%, against: last_year}
  - id: rally
    clause: 三（一）1
    quote: 每个村每月举办1场活动
    who: {kind: village}
    do: rally
    at_least: 1
    every: month
  - id: boards
    clause: 三（一）2
    quote: 设置宣传栏不少于4块
    who: {kind: village}
    keep: board
    at_least: 4
    lead: 县联席办
  - {id: slogans, clause: 三（一）3, quote: 刷写标语不少于4条, who: {kind: village}, keep: slogan, at_least: 6}
  - {id: table, clause: 四, who: {kind: town}, file: progress_table, every: month, due: {day: 20}}
"""
TEXT = """石桥县试行工作方案
石桥县反诈联席办
为减少群众损失，制定本方案。本方案自2026年1月1日起施行，至2026年12月31日止。
一、工作目标
（一）压降案件。全县发案数同比下降20%以上，这是底线。
三、重点任务
（一）村里的事
1.办活动。每个村每月举办1场活动，可以同赶集一起办。
2.立阵地。设置宣传栏不少于4块。
"""
SAID = PlanSaid("石桥县试行工作方案", "石桥县反诈联席办")


@pytest.fixture(scope="module")
def told() -> PlanText:
    plan, problems = read_plan_yaml(YAML)
    assert plan is not None, problems
    return PlanText(plan, load_kinds())


def read_text(paper: Paper) -> str:
    blocks = (label + join_spans(list_spans(block)) for label, block in number_headings(paper.blocks))
    return "\n".join(blocks)


def test_a_plan_stands_in_its_chapters_and_the_phases_where_a_number_was_left_out(told: PlanText) -> None:
    paper = write_plan(told, SAID)
    text = read_text(paper)

    assert check_paper(paper) == ()
    assert "一、工作目标\n（一）全县发案数同比下降20%以上。" in text
    assert "二、实施步骤\n（一）动员部署（2026年1月1日至1月31日）\n三、重点任务" in text
    assert "本方案自2026年1月1日起施行，至2026年12月31日止。" in text
    clauses = {join_spans(list_spans(heading)): clause for clause, heading in list_clauses(paper)}
    assert clauses["每个村每月举办1场活动。"] == "三（一）1"


def test_who_answers_is_said_where_the_words_do_not_name_them(told: PlanText) -> None:
    text = read_text(write_plan(told, SAID))

    assert "每个村每月举办1场活动。\n" in text
    assert "设置宣传栏不少于4块。（牵头单位：县联席办；责任单位：各村）" in text


def test_what_was_confirmed_is_printed_and_not_what_the_document_had_said(told: PlanText) -> None:
    text = read_text(write_plan(told, SAID))

    assert "各村至少有 6 处固定标语" in text
    assert "不少于4条" not in text


def test_the_words_around_the_duties_come_from_the_document(told: PlanText) -> None:
    document = read_surroundings(TEXT)
    text = read_text(write_plan(replace(told, document=document), replace(SAID, purpose=document.purpose)))

    assert document.purpose == ("为减少群众损失，制定本方案。",)
    assert text.count("本方案自") == 1
    assert "（一）压降案件。全县发案数同比下降20%以上，这是底线。" in text
    assert "（一）村里的事\n1.办活动。每个村每月举办1场活动，可以同赶集一起办。" in text


def test_a_sentence_with_a_demand_that_was_not_confirmed_is_not_taken_over(told: PlanText) -> None:
    """Two demands were read in the sentence, one of them was dropped: only the words of the other are printed."""
    document = Document(sentences=(("每个村每月举办1场活动，另发传单不少于900份。", 2),))
    assert say_duty(told.plan.duties[1], replace(told, document=document)) == "每个村每月举办1场活动。"


def test_the_annex_names_every_duty_once_with_its_terms(told: PlanText) -> None:
    paper = write_plan(told, SAID)
    (grid,) = paper.annex

    assert isinstance(grid, Grid)
    assert len(grid.rows) == len(told.plan.duties) + 1
    assert grid.rows[3] == ("3", "设置宣传栏不少于4块", "各村", "县联席办", "至少 4", "有效期内")
    assert "不少于4条" not in str(grid.rows), "six were confirmed"
    assert paper.attachments == ("任务分解表",)
    assert write_plan(told, replace(SAID, has_annex=False)).annex == ()
    assert read_paper(write_paper(paper)) == paper


def test_a_plan_without_duties_is_still_a_paper(told: PlanText) -> None:
    empty = replace(told, plan=replace(told.plan, duties=(), phases=()))
    assert check_paper(write_plan(empty, SAID)) == ()
    assert "方案没有列出可以计数的任务。" in read_text(write_policy_note(empty, NoteSaid("解读", "县联席办")))


@pytest.mark.parametrize(
    ("clause", "parts"),
    [("三（二）1", ("三", "（二）", "1")), ("第五条（1）", ("第五条", "（1）")), ("十二", ("十二",)), ("", ())],
)
def test_a_clause_is_cut_into_its_numbers(clause: str, parts: tuple[str, ...]) -> None:
    assert split_clause(clause) == parts


def test_a_policy_note_says_what_the_plan_says_and_by_whom_it_is_done(told: PlanText) -> None:
    paper = write_policy_note(told, NoteSaid("《方案》政策解读", "县联席办", contact=("县联席办，县政府大院一号楼。",)))
    text = read_text(paper)

    assert check_paper(paper) == ()
    assert UNKNOWN_PURPOSE in text
    assert "方案自2026年1月1日起施行，至2026年12月31日止，分1个阶段：动员部署" in text
    assert "全县发案数同比下降20%以上（方案一（一））。" in text
    villages = text.partition("各村\n")[2].partition("（二）")[0]
    assert "每个村每月举办1场活动（方案三（一）1）。" in villages
    assert "进展" not in villages, "that is the towns'"
    assert "县政府大院一号楼" in text
    assert "96110" in text


PARTS = """
title: 石桥县试行工作方案
issuer: 石桥县反诈联席办
valid: {from: 2026-01-01, to: 2026-12-31}
duties:
  - {id: high, clause: 三（六）, quote: 高风险的每周核查1次, who: {kind: town},
     check: followup, grade: high, every: week}
  - {id: low, clause: 三（六）, quote: 低风险的每月核查1次, who: {kind: town},
     check: followup, grade: low, every: month}
  - {id: half, clause: 三（一）, quote: 6月30日前覆盖50%的住户, who: {kind: village},
     cover: household, at_least: 50%, by: 2026-06-30}
  - {id: met, clause: 三（二）, quote: 召开班会，覆盖100%的学生, who: {kind: school},
     cover: student, at_least: 100%, by: 2026-06-30}
"""
WHOLE = """石桥县试行工作方案
三、重点任务
（一）入户宣传。各村上门讲解，6月30日前覆盖50%的住户。
（六）分级核查。各乡镇对登记在册的重点人员分级核查，高风险的每周核查1次，低风险的每月核查1次。
"""


def read_note(document: Document | None = None) -> str:
    plan, problems = read_plan_yaml(PARTS)
    assert plan is not None, problems
    told = PlanText(plan, load_kinds(), document) if document else PlanText(plan, load_kinds())
    return read_text(write_policy_note(told, NoteSaid("解读", "县联席办")))


def test_a_policy_note_says_who_is_checked_and_by_what_homes_are_covered() -> None:
    text = read_note()
    assert "高风险的重点人员每周核查1次（方案三（六））。" in text
    assert "低风险的重点人员每月核查1次（方案三（六））。" in text
    assert "6月30日前走访覆盖50%的住户（方案三（一））。" in text
    assert "召开班会，覆盖100%的学生（方案三（二））。" in text


def test_a_part_of_a_sentence_stands_in_its_whole_sentence_and_that_once() -> None:
    text = read_note(read_surroundings(WHOLE))
    whole = "各乡镇对登记在册的重点人员分级核查，高风险的每周核查1次，低风险的每月核查1次（方案三（六））。"
    assert text.count(whole) == 1
    assert text.count("高风险的") == 1
    assert "各村上门讲解，6月30日前覆盖50%的住户（方案三（一））。" in text


def test_a_purpose_that_was_typed_takes_the_place_of_unknown(told: PlanText) -> None:
    text = read_text(write_policy_note(told, NoteSaid("解读", "县联席办", purpose=("为减少损失。",))))
    assert "为减少损失。" in text
    assert UNKNOWN_PURPOSE not in text


def test_the_record_of_a_talk_has_facts_and_leaves_the_lines_to_sign_empty() -> None:
    said = TalkSaid("约谈记录", "县联席办", date(2026, 3, 24), place="县联席办会议室", answers=("人手不足。",))
    paper = write_talk(make_facts(), said)
    text = read_text(paper)

    assert check_paper(paper) == ()
    assert {figure.id for figure in list_figures(paper)} == {source.id for source in paper.sources} != set()
    assert "时间：2026年3月24日" in text
    assert f"约谈人：{NOT_SAID}" in text
    assert "人手不足。" in text
    assert "议定事项\n" + NOT_SAID in text
    assert text.count("（签名）") == 3


def test_lines_of_a_notice_that_begin_like_headings_become_headings() -> None:
    body = (
        "现通知如下。",
        "一、工作安排",
        "（一）集中宣传。各村自选一天。",
        "1.先排日期",
        "（1）报镇里",
        "3.5公里内设点。",
    )
    paper = write_notice(NoticeSaid("通知", "各镇", "县联席办", body))

    levels = [block.level for block in paper.blocks if isinstance(block, Heading)]
    assert levels == [1, 2, 3, 4]
    assert read_text(paper).splitlines() == [
        "现通知如下。", "一、工作安排", "（一）集中宣传。各村自选一天。", "1.先排日期", "（1）报镇里", "3.5公里内设点。"
    ]  # fmt: skip
    assert check_paper(paper) == ()


def test_a_notice_that_leaves_a_level_out_is_not_laid_out() -> None:
    paper = write_notice(NoticeSaid("通知", "各镇", "县联席办", ("1.先排日期",)))
    assert [problem.code for problem in check_paper(paper)] == ["paper.level-order"]


def test_headings_of_a_document_cannot_be_changed_by_who_reads_them() -> None:
    assert isinstance(read_surroundings(TEXT).headings, MappingProxyType)
