"""A policy note (政策解读) on a plan: why it was made, how long it holds, its goals, who does what, whom to ask.

It says what the plan says and nothing else; what the plan leaves out is said to be unknown.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from wuzha.core.duty.model import Duty
from wuzha.core.duty.sentence import render_duty
from wuzha.core.paper.model import Block, Heading, Paper, Paragraph, say_day
from wuzha.core.paper.plan_text import PlanText, find_sentence, say_bearers, say_duty, say_own_words

UNKNOWN_PURPOSE = "方案原文没有写明制定目的。"
# The line of the Ministry of Public Security for the whole country, and the police.
HOTLINES = (
    "接到疑似诈骗电话、短信，可以拨打全国反诈专线96110咨询；接到96110来电，请及时接听。发现被骗，请立即拨打110报警。"
)

# 高风险的每周核查1次 does not say who is checked; 6月30日前覆盖50%的住户 does not say by doing what.
NO_NOUN = re.compile(r"[^，,、；;的]{1,8}的(?=每|应|须|至少|不少于|不低于|不超过|全年)")
NO_VERB = re.compile(
    r"(?P<when>(?:\d{4}年)?(?:\d{1,2}月)?(?:\d{1,2}日|底|末)?(?:之?前|以前|内)?|(?:年底|年内|全年|每年|每月)前?)(?:全|实现)?覆盖"
)
# Who is checked, by the kind of record; and the people whom one covers by going to see them.
CHECKED: Mapping[str, str] = MappingProxyType({"followup": "重点人员"})
AT_HOME = frozenset({"household", "resident"})


@dataclass(frozen=True, slots=True)
class NoteSaid:
    """What a person typed. ``purpose`` are paragraphs; ``contact`` says whom to ask about the plan itself."""

    title: str
    signed_by: str
    purpose: tuple[str, ...] = ()
    contact: tuple[str, ...] = ()


def read_note_said(told: Mapping[str, Any]) -> NoteSaid:
    """What a person typed, from the JSON of a draft."""
    return NoteSaid(told["title"], told["signed_by"], tuple(told.get("purpose", ())), tuple(told.get("contact", ())))


def propose_note_title(plan: str) -> str:
    return f"《{plan}》政策解读"


def write_policy_note(told: PlanText, said: NoteSaid) -> Paper:
    return Paper(
        form="policy-note",
        title=said.title,
        blocks=tuple(_list_blocks(told, said)),
        signed_by=said.signed_by,
        sealed=False,
    )


def _list_blocks(told: PlanText, said: NoteSaid) -> Iterator[Block]:
    yield Heading(1, "为什么制定这份方案")
    yield from (Paragraph((line,)) for line in said.purpose or (UNKNOWN_PURPOSE,))
    yield Heading(1, "什么时候施行")
    yield Paragraph((_say_period(told),))
    goals, tasks = _part_duties(told)
    if goals:
        yield Heading(1, "要达到什么目标")
        yield from (Paragraph((sentence,)) for sentence in dict.fromkeys(_tell_goal(duty, told) for duty in goals))
    yield Heading(1, "谁来做什么")
    yield from _tell_tasks(tasks, told)
    yield Heading(1, "怎么咨询")
    yield from (Paragraph((line,)) for line in (*said.contact, HOTLINES))


def _say_period(told: PlanText) -> str:
    valid = told.plan.valid
    words = f"方案自{say_day(valid.opens)}起施行，至{say_day(valid.last_day)}止"
    steps = "；".join(
        f"{phase.name}，{say_day(phase.interval.opens)}至{say_day(phase.interval.last_day)}"
        for phase in told.plan.phases
    )
    return f"{words}，分{len(told.plan.phases)}个阶段：{steps}。" if steps else f"{words}。"


def _part_duties(told: PlanText) -> tuple[list[Duty], list[Duty]]:
    """What is to be reached, and what is to be done."""
    duties = told.plan.duties
    return [duty for duty in duties if duty.verb == "attain"], [duty for duty in duties if duty.verb != "attain"]


def _tell_goal(duty: Duty, told: PlanText) -> str:
    return say_duty(duty, told).rstrip("。") + _cite(duty)


def _tell_tasks(duties: list[Duty], told: PlanText) -> Iterator[Block]:
    """Grouped by who bears them, in the order in which the plan first names each."""
    if not duties:
        yield Paragraph(("方案没有列出可以计数的任务。",))
    groups: dict[str, list[Duty]] = {}
    for duty in duties:
        groups.setdefault(say_bearers(duty), []).append(duty)
    for bearers, within in groups.items():
        yield Heading(2, bearers)
        yield from (Paragraph((sentence,)) for sentence in dict.fromkeys(_tell_task(duty, told) for duty in within))


def _tell_task(duty: Duty, told: PlanText) -> str:
    return _say_whole(duty, told) + _cite(duty)


def _say_whole(duty: Duty, told: PlanText) -> str:
    """The duty's own words where they are a sentence. A part of one that lacks whom it is about, or its verb, stands in
    the whole sentence of the document; where there is none, with the word that is missing."""
    words = say_own_words(duty, told)
    about, covering = NO_NOUN.match(words), NO_VERB.match(words)
    if not (about or covering):
        return words
    if sentence := find_sentence(duty, told):
        return sentence.rstrip("。")
    if about and duty.object in CHECKED:
        return f"{about[0]}{CHECKED[duty.object]}{words[about.end() :]}"
    if covering and duty.verb == "cover" and duty.object in AT_HOME:
        return f"{covering['when']}走访{words[covering.end('when') :]}"
    return render_duty(duty, told.kinds)


def _cite(duty: Duty) -> str:
    return f"（方案{duty.clause}）。" if duty.clause else "。"
