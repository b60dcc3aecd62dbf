"""A duty as one plain sentence: who, when, does how much of what. The words of a language are a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Protocol

from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import ATTRIBUTES, LINES, UNIT_KINDS
from wuzha.core.base.windows import Cadence
from wuzha.core.duty.model import ALL, Duty, Target, Who


class Titled(Protocol):
    """What of a record kind a sentence needs."""

    @property
    def title(self) -> str: ...
    @property
    def title_en(self) -> str: ...
    @property
    def shape(self) -> str: ...
    @property
    def counts(self) -> str: ...


Titles = Mapping[str, Titled]


@dataclass(frozen=True, slots=True)
class Words:
    """One language. ``phrases`` are templates by verb and by part; see ``CHINESE`` for the keys and their slots."""

    kinds: Mapping[str, str]
    lines: Mapping[str, str]
    attributes: Mapping[str, str]
    heads: Mapping[str, str]
    populations: Mapping[str, str]
    roads: Mapping[str, str]
    grades: Mapping[str, str]
    rhythms: Mapping[str, str]
    phrases: Mapping[str, str]
    comma: str
    title: Callable[[Titled], str]
    day: Callable[[date], str]


CHINESE = Words(
    kinds=UNIT_KINDS,
    lines=LINES,
    attributes=ATTRIBUTES,
    heads=MappingProxyType(
        {
            "population": "每名居民",
            "households": "每户",
            "staff": "每名职工",
            "students": "每名学生",
            "outlets": "每个网点",
            "venues": "每个重点场所",
        }
    ),
    populations=MappingProxyType(
        {
            "household": "住户",
            "resident": "常住人口",
            "student": "学生",
            "staff": "职工",
            "outlet": "营业网点",
            "venue": "重点场所",
        }
    ),
    roads=MappingProxyType({"main_road": "主要道路"}),
    grades=MappingProxyType({"high": "高危", "medium": "中危", "low": "低危"}),
    rhythms=MappingProxyType(
        {
            "day": "每天",
            "week": "每周",
            "fortnight": "每两周",
            "month": "每月",
            "quarter": "每季度",
            "half-year": "每半年",
            "semester": "每学期",
            "year": "每年",
        }
    ),
    phrases=MappingProxyType(
        {
            "who.nobody": "（未定由谁办）",
            "who.kind": "各{words}",
            "who.county": "全县",
            "who.line": "{words}条线各单位",
            "who.all": "各单位",
            "who.kind-line": "各{lines}条线{kinds}",
            "who.department-line": "{lines}部门",
            "who.attribute": "有{attributes}的{who}",
            "who.area": "{who}（限{areas}）",
            "when.due": "{rhythm} {day} 日前",
            "when.due-last": "{rhythm}最后一个月 {day} 日前",
            "when.by": "{day}前",
            "when.next_workday": "{when}（截止日遇放假顺延）",
            "when.previous_workday": "{when}（截止日遇放假提前）",
            "when.both": "{stretch}{often}",
            "when.days": "{opens}至{last}",
            "do.event": "{who}{when}至少办 {amount} 次{object}{narrow}",
            "do.visit": "{who}{when}至少做 {amount} 次{object}{narrow}",
            "do.handout": "{who}{when}至少发 {amount} 份{object}{narrow}",
            "do.pledge": "{who}{when}至少签 {amount} 份{object}{narrow}",
            "do.posting": "{who}{when}至少发 {amount} 条{object}{narrow}",
            "do.count": "{who}{when}至少完成 {amount} 项{object}{narrow}",
            "do.rate": "{who}{when}{object}数量不少于{base}的 {amount}{narrow}",
            "do.each": "{who}{when}{head}至少 {amount} 份{object}{narrow}",
            "do.people": "{who}{when}{object}至少面向 {amount} 人次{narrow}",
            "keep": "{who}{when}至少有 {amount} 处{object}{narrow}",
            "keep.rate": "{who}{when}{object}不少于{base}的 {amount}{narrow}",
            "keep.each": "{who}{when}{head}至少有 {amount} 处{object}{narrow}",
            "cover": "{who}{when}至少覆盖 {amount} {object}{narrow}",
            "cover.share": "{who}{when}至少覆盖 {amount} 的{object}{narrow}",
            "file": "{who}{when}报送{object}",
            "check": "{who}{when}完成{narrow}{object}，一个不漏",
            "space": "{who}沿{road}每 {amount} 米以内至少有 1 处{object}",
            "attain.at_least": "{who}{when}{object}不少于 {amount}",
            "attain.at_most": "{who}{when}{object}不超过 {amount}",
            "attain.zero": "{who}{when}{object}为零",
            "attain.down": "{who}{when}{object}{against}下降 {amount} 以上",
            "attain.up": "{who}{when}{object}{against}上升 {amount} 以上",
            "attain.not-up": "{who}{when}{object}{against}上升不超过 {amount}",
            "attain.not-down": "{who}{when}{object}{against}下降不超过 {amount}",
            "against.last_year": "同比",
            "against.last_period": "环比",
            "measure.loss_yuan": "{object}损失金额",
            "measure.area_m2": "{object}面积",
            "narrow.place": "（地点：{words}）",
            "narrow.audience": "（对象：{words}）",
            "vague": "{who}{when}{object}（只列出，不计数）",
            "listed": "{who}：{object}（只列出，不计数）",
            "goal.at_least": "至少 {amount}",
            "goal.at_most": "不超过 {amount}",
            "goal.of": "至少为{base}的 {amount}",
            "goal.each": "{head}至少 {amount}",
            "goal.metres": "间隔不超过 {amount} 米",
            "goal.down": "{against}下降 {amount} 以上",
            "goal.up": "{against}上升 {amount} 以上",
            "goal.not-up": "{against}上升不超过 {amount}",
            "goal.not-down": "{against}下降不超过 {amount}",
            "goal.none": "",
        }
    ),
    comma="、",
    title=lambda kind: kind.title,
    day=lambda day: f"{day.year}年{day.month}月{day.day}日",
)


def render_duty(duty: Duty, kinds: Titles, words: Words = CHINESE) -> str:
    """The duty in one sentence without a full stop. ``kinds`` gives the titles of what it asks for."""
    slots = {
        "who": render_who(duty.who, words),
        "when": render_when(duty, words),
        "object": _name_objects(duty, kinds, words),
        "narrow": _render_narrow(duty, words),
        "road": words.roads.get(duty.along, duty.along),
        **_list_amounts(duty.target, words),
    }
    phrase = words.phrases[_choose_phrase(duty, kinds)]
    slots["object"] = slots["object"] or duty.quote
    return " ".join(phrase.format_map(slots).split())


def render_goal(duty: Duty, words: Words = CHINESE) -> str:
    """What the tally is held against in a few words; empty where nothing is counted."""
    target = duty.target
    if target is None:
        return words.phrases["goal.none"]
    amounts = _list_amounts(target, words)
    if target.against:
        return words.phrases[f"goal.{_name_change(target)}"].format_map(amounts)
    if duty.verb == "space":
        return words.phrases["goal.metres"].format_map(amounts)
    if target.of:
        return words.phrases["goal.each" if _is_each(target) else "goal.of"].format_map(amounts)
    return words.phrases[f"goal.{target.side}"].format_map(amounts)


def render_who(who: Who, words: Words = CHINESE) -> str:
    """The units that a selector means, as a plan would call them."""
    if who == Who():
        return words.phrases["who.nobody"]
    text = words.comma.join(who.name) or _name_group(who, words)
    if who.attribute:
        attributes = _join(who.attribute, words.attributes, words)
        text = words.phrases["who.attribute"].format(attributes=attributes, who=text)
    return words.phrases["who.area"].format(who=text, areas=words.comma.join(who.area)) if who.area else text


def _name_group(who: Who, words: Words) -> str:
    kinds = _join([kind for kind in who.kind if kind != ALL], words.kinds, words)
    lines = _join([line for line in who.line if line != ALL], words.lines, words)
    if who.kind == ("county",) and not lines:
        return words.phrases["who.county"]
    if kinds and lines:
        key = "who.department-line" if who.kind == ("department",) else "who.kind-line"
        return words.phrases[key].format(kinds=kinds, lines=lines)
    if kinds or lines:
        return words.phrases["who.kind" if kinds else "who.line"].format(words=kinds or lines)
    return words.phrases["who.all"]


def render_when(duty: Duty, words: Words = CHINESE) -> str:
    """How often, or by when; and where the day goes on a day off."""
    when = _render_when(duty, words)
    return words.phrases[f"when.{duty.due.on_day_off}"].format(when=when) if duty.due.on_day_off else when


def _render_when(duty: Duty, words: Words) -> str:
    """A phase is said by its days, since a duty knows only those."""
    stretch = _render_days(duty.valid, words) if duty.during else ""
    if duty.rhythm is not None:
        rhythm = words.rhythms[duty.rhythm.cadence]
        key = "when.due" if duty.rhythm.cadence is Cadence.MONTH else "when.due-last"
        often = words.phrases[key].format(rhythm=rhythm, day=duty.due.day) if duty.due.day else rhythm
        return words.phrases["when.both"].format(stretch=stretch, often=often) if stretch else often
    return words.phrases["when.by"].format(day=words.day(duty.by)) if duty.by else stretch


def _render_days(interval: Interval, words: Words) -> str:
    return words.phrases["when.days"].format(opens=words.day(interval.opens), last=words.day(interval.last_day))


def _join(codes: tuple[str, ...] | list[str], names: Mapping[str, str], words: Words) -> str:
    return words.comma.join(names.get(code, code) for code in codes)


def _name_objects(duty: Duty, kinds: Titles, words: Words) -> str:
    """What is done or counted; with the measure where that is not the kind's own."""
    text = words.comma.join(_name_object(code, kinds, words) for code in (duty.object, *duty.also) if code)
    kind = kinds.get(duty.object)
    template = words.phrases.get(f"measure.{duty.measure}", "{object}")
    return template.format(object=text) if kind is not None and duty.measure != kind.counts else text


def _name_object(code: str, kinds: Titles, words: Words) -> str:
    kind = kinds.get(code)
    return words.title(kind) if kind else words.populations.get(code, code)


def _render_narrow(duty: Duty, words: Words) -> str:
    narrow = duty.narrow
    parts = [words.grades.get(narrow.grade, narrow.grade)] if narrow.grade else []
    for key, values in (("place", narrow.place), ("audience", narrow.audience)):
        if values:
            parts.append(words.phrases[f"narrow.{key}"].format(words=words.comma.join(values)))
    return "".join(parts)


def _list_amounts(target: Target | None, words: Words) -> dict[str, str]:
    if target is None:
        return {"amount": "1", "base": "", "head": "", "against": ""}
    amount = abs(target.amount) if target.against else target.amount
    is_share = target.share or (bool(target.of) and amount < 1)
    return {
        "amount": render_share(amount) if is_share else render_number(amount),
        "base": words.attributes.get(target.of, target.of),
        "head": words.heads.get(target.of, target.of),
        "against": words.phrases.get(f"against.{target.against}", ""),
    }


def render_share(share: Fraction) -> str:
    """``50%``, or ``1‰`` where percent would need a decimal."""
    hundredths = share * 100
    if hundredths.denominator != 1 and (share * 1000).denominator == 1:
        return f"{render_number(share * 1000)}‰"
    return f"{render_number(hundredths)}%"


def render_number(number: Fraction) -> str:
    """Whole, or with at most four decimals."""
    if number.denominator == 1:
        return str(number.numerator)
    return f"{float(number):.4f}".rstrip("0").rstrip(".")


def _choose_phrase(duty: Duty, kinds: Titles) -> str:
    target = duty.target
    if duty.vague:
        return "vague" if duty.object else "listed"
    if duty.verb == "attain":
        return f"attain.{_name_goal(target)}"
    if target is not None and target.of:
        return f"{duty.verb}.each" if _is_each(target) else f"{duty.verb}.rate"
    if duty.verb == "cover" and target is not None and target.share:
        return "cover.share"
    if duty.verb == "do":
        kind = kinds.get(duty.object)
        return "do.people" if duty.measure == "people" else f"do.{kind.shape if kind else 'event'}"
    return duty.verb


def _is_each(target: Target) -> bool:
    """One for each of them, and not a share of how many there are."""
    return target.amount >= 1 and not target.share and target.of in CHINESE.heads


def _name_goal(target: Target | None) -> str:
    if target is None:
        return "at_least"
    if target.against:
        return _name_change(target)
    return "zero" if target.side == "at_most" and target.amount == 0 else target.side


def _name_change(target: Target) -> str:
    """``at_most: -20%`` is down by at least a fifth; ``at_most: 5%`` allows a small rise."""
    if target.side == "at_most":
        return "down" if target.amount < 0 else "not-up"
    return "not-down" if target.amount < 0 else "up"
