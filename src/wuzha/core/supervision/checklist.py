"""The items of an inspection: what is looked at, how, and what that costs the unit visited.

The list that comes built in stands in ``checklist.yaml``. A county words items anew, adds its own and drops some, each
from a day on; what held on an earlier day is kept.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from wuzha.core.base.problem import Problem, make_problem
from wuzha.core.plan.lint.lint import Quoted, find_forbidden
from wuzha.core.plan.lint.rule import Rules

LONGEST_TITLE, LONGEST_LOOK = 40, 300
MOST_MINUTES = 120
RECORD_MINUTES = 5
"""What it takes of the people of a unit to show one record that was drawn [estimate of this project, 2026-11]."""


class Verdict(StrEnum):
    """What the inspector saw of an item."""

    GOOD = "good"
    BAD = "bad"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Item:
    """``look`` says how the inspector finds out. ``minutes`` are those of the people of the unit visited."""

    code: str
    title: str
    look: str
    minutes: int
    title_en: str = ""
    look_en: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a county says of an item from a day on: its words, or that it is dropped."""

    item: Item
    since: date
    is_dropped: bool = False


def choose_items(built_in: Iterable[Item], wordings: Iterable[Wording], day: date) -> tuple[Item, ...]:
    """The items that hold on the day; of several wordings of one item the last that has begun. Order of appearance.

    A county's words have no English: the built-in ones would say something else.
    """
    found: dict[str, Item | None] = {item.code: item for item in built_in}
    for wording in sorted(wordings, key=lambda one: one.since):
        if wording.since <= day:
            found[wording.item.code] = None if wording.is_dropped else wording.item
    return tuple(item for item in found.values() if item is not None)


_IMAGE = r"(?:截[图屏]|拍照|照片|视频|录像|定位|轨迹)"
_DEMANDS = re.compile(
    rf"(?:提供|出示|上传|提交|打印|准备|翻看|查看|检查|核对|要有|须有|看)[^，。；]{{0,12}}?(?P<thing>{_IMAGE})"
)
_CHECK_IN = re.compile(
    r"(?P<thing>打卡|签到(?!表)|(?:安装|下载|注册|关注|登录|使用|激活)(?:率|数|量|人数|户数)"
    r"|(?:是否|有没有|都|全部|已)(?:安装|下载|注册)[^，。；]{0,12}?(?:APP|App|app|应用|软件|小程序|国家反诈中心)"
    r"|点赞|转发(?:率|数|量)|积分|在线时长|排名)"
)
"""What an inspection must not look for: domain rules on burden, 国办函〔2026〕12号, whatever a plan may have asked."""


def check_item(item: Item, rules: Rules, day: date) -> tuple[Problem, ...]:
    """What keeps the item off the list. ``rules`` are those that plans are held against."""
    return (*_check_form(item), *_check_demands(item, rules, day))


def _check_form(item: Item) -> Iterator[Problem]:
    if not item.title.strip() or not item.look.strip():
        yield make_problem("checklist.empty")
    if len(item.title) > LONGEST_TITLE or len(item.look) > LONGEST_LOOK:
        yield make_problem("checklist.too-long", title=LONGEST_TITLE, look=LONGEST_LOOK)
    if not 0 <= item.minutes <= MOST_MINUTES:
        yield make_problem("checklist.minutes", most=MOST_MINUTES)


def _check_demands(item: Item, rules: Rules, day: date) -> Iterator[Problem]:
    words = f"{item.title}。{item.look}"
    found = [match.group("thing") for pattern in (_DEMANDS, _CHECK_IN) for match in pattern.finditer(words)]
    strict = {code: replace(rule, blocks=True) for code, rule in rules.items() if rule.level != "note"}
    found += [finding.words for finding in find_forbidden([Quoted("", words)], strict, day) if finding.words]
    for thing in dict.fromkeys(found):
        if any(thing in other and thing != other for other in found):
            continue
        yield make_problem("checklist.forbidden", words=thing)


def count_minutes(items: Iterable[Item], records: int) -> int:
    """What a visit with these items costs the people of the unit."""
    return sum(item.minutes for item in items) + records * RECORD_MINUTES


def count_most_minutes(items: Iterable[Item], number: int, records: int) -> int:
    """The most that a visit can cost when ``number`` of the items are drawn."""
    dearest = sorted(items, key=lambda item: item.minutes, reverse=True)
    return count_minutes(dearest[:number], records)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was seen of one item. ``words`` and ``mend_by`` are those of a finding."""

    item: str
    verdict: Verdict
    words: str = ""
    mend_by: date | None = None


def check_answers(answers: Sequence[Answer], items: Collection[str], on: date) -> tuple[Problem, ...]:
    """Every item once, and of each finding what it is and by when it is to be mended."""
    told = {answer.item: answer for answer in answers}
    missing = [make_problem("inspection.item-missing", item=item) for item in items if item not in told]
    return (*missing, *(problem for answer in answers for problem in _check_answer(answer, on)))


def _check_answer(answer: Answer, on: date) -> Iterator[Problem]:
    if answer.verdict != Verdict.BAD:
        return
    if not answer.words.strip():
        yield make_problem("inspection.finding-empty", item=answer.item)
    if answer.mend_by is None:
        yield make_problem("inspection.mend-day-missing", item=answer.item)
    elif answer.mend_by <= on:
        yield make_problem("inspection.no-time-to-mend", item=answer.item, on=on, by=answer.mend_by)


def count_verdicts(answers: Iterable[Answer]) -> Mapping[str, Mapping[Verdict, int]]:
    """By item, how often it was seen how."""
    counts: dict[str, dict[Verdict, int]] = {}
    for answer in answers:
        of_item = counts.setdefault(answer.item, dict.fromkeys(Verdict, 0))
        of_item[answer.verdict] += 1
    return counts
