"""Rules that count: length, shares, samples, the same figures asked twice, targets above the known base."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from wuzha.core.base.numerals import NUMBER, fold, parse_number
from wuzha.core.base.unit import Tree, Unit
from wuzha.core.duty.kinds.cover import BASES
from wuzha.core.duty.model import Duty, Who
from wuzha.core.duty.who import list_bearers
from wuzha.core.plan.lint.line import Line
from wuzha.core.plan.lint.rule import Finding, Rule
from wuzha.core.plan.lint.words import is_asked, make_finding
from wuzha.core.plan.reading import Demand, Span

SPECIAL_LIMIT, GENERAL_LIMIT = 4000, 5000
"""Characters that a document on a special task, and any other, may have (整治形式主义为基层减负若干规定)."""

SAMPLE = 100
"""Fewer people asked than this bear no rate (a proposal of this project)."""

KNOWN = MappingProxyType({"known": "名册上", "known_en": "The roster knows"})
"""Where the base of a unit is known from, in both languages."""

_SPECIAL = re.compile(r"方案|计划|通知|行动|活动|宣传月|意见|安排")
_ANNEX = re.compile(r"^[ \t]*附(?:件|表|录)?[ ]?[\d一二三四五]{0,2}[ ]?[:.、]?[^\n。]{0,40}$", re.MULTILINE)
_ASKED = re.compile(
    rf"(?:抽样|抽查|问卷|抽取|随机|回访|调查|测评|访谈|询问|抽问|抽测)[^;。]{{0,16}}?(?P<size>{NUMBER})(?:人|名|份|户|位)"
)
_RATE = re.compile(r"知晓率|知晓度|满意率|满意度|识别率|普及率|掌握率|见面率|合格率|正确率")
_SHARE = re.compile(
    r"(?:(?:率|覆盖面|宣传面|覆盖|占比|比例|比重|知晓度|满意度)[^,;。%]{0,10}?|"
    r"(?<!去年)(?<!上年)(?<!同期)(?:户数|人数|总数|人口|居民|学生|职工|应宣对象|对象)的)(?P<size>(?:1\d\d|[2-9]\d\d|\d{4})(?:\.\d+)?%)"
)
_STATED = re.compile(
    rf"(?:辖区|辖内|辖|全[村镇乡县校]|本[村镇乡校]|共有|现有|常住|总)[^,;。\d]{{0,8}}?(?P<base>{NUMBER})(?P<unit>户|人|名)(?!次)"
)
_GOAL = re.compile(
    rf"(?:入户|走访|宣传|覆盖|见面|宣讲|培训)[^,;。\d]{{0,10}}?(?P<goal>{NUMBER})(?P<unit>户|人|名)(?!次|以[下内])"
)
_REACHED = re.compile(r"已|累计|去年|上年|截至")
_HOMES = re.compile(rf"({NUMBER})(?:余|多)?\s*(?:户(?!次)|个?家庭)")
_GROWS = re.compile(r"增长|提高|上升|同比|环比|提升|增加|下降|完成|增幅|翻")
_REPORTS = re.compile(r"报送|上报|填报|填写")
_FIGURES = (
    ("发案数", re.compile(r"发案|案件数|警情数")),
    ("案损", re.compile(r"案损|损失金额|损失情况|受损")),
    ("入户数", re.compile(r"入户")),
    ("宣传场次", re.compile(r"场次|活动次数|宣讲次数|活动开展数")),
    ("覆盖人数", re.compile(r"覆盖人数|受众人数|参加人数|宣传人数|人次")),
    ("劝阻数", re.compile(r"劝阻")),
    ("安装数", re.compile(r"安装")),
    ("发放数", re.compile(r"发放")),
    ("核查数", re.compile(r"核查")),
    ("进展情况", re.compile(r"进展|工作情况|开展情况|落实情况|工作总结|工作小结")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a demand of a document and a duty of a plan have in common, as far as these rules look at them."""

    id: str
    clause: str
    words: str
    span: Span | None
    verb: str
    object: str
    who: Who
    said_who: str
    every: str
    amount: Fraction | None
    """Heads to reach; None for a share or where no number is named."""


def ask_of_demand(demand: Demand) -> Ask:
    who = Who(demand.who.kind, demand.who.line) if demand.who else Who()
    counts = demand.comparator == ">=" and demand.unit not in (None, "%", "‰")
    amount = demand.value if counts else None
    verb, object_ = _find_task(demand.verb or "", demand.object or "", amount, demand.quote)
    return Ask(
        id=demand.id, clause=demand.clause, words=demand.quote, span=demand.span,
        verb=verb, object=object_, who=who, said_who=demand.actor or "",
        every="" if demand.cadence in (None, "once", "continuous") else demand.cadence, amount=amount,
    )  # fmt: skip


def ask_of_duty(duty: Duty) -> Ask:
    target = duty.target
    counts = target is not None and target.side == "at_least" and not target.share and not target.of
    amount = target.amount if target is not None and counts else None
    verb, object_ = _find_task(duty.verb, duty.object, amount, duty.quote)
    return Ask(
        id=duty.id, clause=duty.clause, words=duty.quote, span=duty.span, verb=verb, object=object_,
        who=duty.who, said_who="", every=str(duty.rhythm.cadence) if duty.rhythm else "", amount=amount,
    )  # fmt: skip


def _find_task(verb: str, object_: str, amount: Fraction | None, words: str) -> tuple[str, str]:
    """Verb and object; so many visits of which the words say that they are households (5000户) cover households."""
    if (verb, object_) == ("do", "visit") and any(parse_number(m[1]) == amount for m in _HOMES.finditer(fold(words))):
        return "cover", "household"
    return verb, object_


def find_length(rule: Rule, text: str, title: str) -> Iterator[Finding]:
    """A body of more characters than the rule allows; blanks and annexes are not counted."""
    limit = SPECIAL_LIMIT if _SPECIAL.search(title) else GENERAL_LIMIT
    size = sum(len(piece) for piece in cut_body(text).split())
    if size > limit:
        yield _tell(rule, None, size=size, limit=limit, over=size - limit)


def cut_body(text: str) -> str:
    """The text up to its annexes, which open with a line of their own in the second half."""
    half = len(text) // 2
    match = next((match for match in _ANNEX.finditer(fold(text)) if match.start() > half), None)
    return text[: match.start()] if match else text


def find_samples(rule: Rule, lines: Iterable[Line]) -> Iterator[Finding]:
    for line in lines:
        if not _RATE.search(line.folded):
            continue
        for match in _ASKED.finditer(line.folded):
            size = parse_number(match["size"])
            if size is not None and 0 < size < SAMPLE and is_asked(line.folded, *match.span()):
                yield make_finding(rule, line, match, size=str(size))


def find_shares(rule: Rule, lines: Iterable[Line]) -> Iterator[Finding]:
    for line in lines:
        if "%" not in line.folded:
            continue
        for match in _SHARE.finditer(line.folded):
            size = parse_number(match["size"].rstrip("%"))
            opens = max(line.folded.rfind(sign, 0, match.start()) for sign in ",;。") + 1
            if size is not None and size > 100 and not _GROWS.search(line.folded, opens, match.end()):
                yield make_finding(rule, line, match)


def find_duplicates(rule: Rule, asks: Sequence[Ask]) -> Iterator[Finding]:
    """From the second time on, a figure asked of the same units at the same rhythm."""
    groups: dict[tuple[str, str, Who], list[Ask]] = {}
    told: set[str] = set()
    for ask in asks:
        if not ask.every or not (ask.verb == "file" or _REPORTS.search(ask.words)):
            continue
        for figure in _list_figures(ask):
            group = groups.setdefault((figure, ask.every, ask.who), [])
            group.append(ask)
            if len(group) > 1 and ask.id not in told:
                told.add(ask.id)
                yield _tell(rule, ask, object=figure, who=ask.said_who or "同一批单位", times=len(group))


def _list_figures(ask: Ask) -> list[str]:
    named = [name for name, pattern in _FIGURES if pattern.search(ask.words)]
    return named or ([ask.object] if ask.object else [])


def find_above_base(rule: Rule, asks: Iterable[Ask], tree: Tree, day: date) -> Iterator[Finding]:
    """The first unit, for each demand, of which more is asked than the roster knows it has."""
    for ask in asks:
        name = BASES.get(ask.object, "") if ask.verb == "cover" else ""
        if name and ask.amount is not None:
            yield from _hold_against_base(rule, ask, name, list_bearers(ask.who, tree, day), day)


def find_above_stated(rule: Rule, lines: Iterable[Line]) -> Iterator[Finding]:
    """Sentences that ask for more heads than they themselves say there are."""
    for line in lines:
        base = _STATED.search(line.folded)
        if base is None or _REACHED.search(line.folded):
            continue
        there = parse_number(base["base"])
        for match in _GOAL.finditer(line.folded, base.end()):
            goal = parse_number(match["goal"])
            if match["unit"] == base["unit"] and there is not None and goal is not None and goal > there:
                yield make_finding(
                    rule,
                    line,
                    match,
                    who="同一句里",
                    base=str(there),
                    goal=str(goal),
                    known="",
                    known_en="The text has",
                )


def _hold_against_base(rule: Rule, ask: Ask, name: str, bearers: Iterable[Unit], day: date) -> Iterator[Finding]:
    for unit in bearers:
        base = unit.find_attribute(name, day)
        if base is not None and ask.amount is not None and base.value < ask.amount:
            yield _tell(rule, ask, who=unit.name, base=base.value, goal=ask.amount, **KNOWN)
            return


def _tell(rule: Rule, ask: Ask | None, **params: object) -> Finding:
    values = {"object": rule.object, **{name: str(value) for name, value in params.items()}}
    told = Finding(code=rule.code, level=rule.level, params=tuple(sorted(values.items())))
    if ask is None:
        return told
    return replace(told, words=ask.words, span=ask.span, clause=ask.clause, demands=(ask.id,))
