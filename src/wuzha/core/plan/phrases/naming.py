"""Short names for what is asked: the act, the measure, what it is shared out over, a phase."""

import re

from wuzha.core.base.numerals import fold
from wuzha.core.plan.phrases.group import Finding
from wuzha.core.plan.phrases.quick import quick

_TIMES = quick(
    r"(?:于)?每(?:个)?(?:工作日|天|日|周|月|季度?|半年|半个?月|年度?|学期|学年)(?:\d{1,2}日)?(?:前|底)?|全年|\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:底)?(?:之?前)?"
    r"|\d{1,2}月(?:\d{1,2}日|底|中旬|上旬|下旬)?(?:之?前)?|年底(?:之?前)?"
)
_HEAD = quick(
    r"^(?:[一二三四五六七八九十]是|要|应|须|需|必须|并|于|在|原则上|至少|分别|确保|力争|努力|实现|完成|同时|和|及|、|,)+"
)
_EACH_PART = quick(
    r"每(?:[户人](?!次)|一?(?:名|位)[一-龥]{2,4}?(?=走|联|入|发|签|每|不|至|要|应|须|包|负|参|撰|对|宣|讲|结|的|转)|(?:个|栋|幢|间|层|座|台|辆)"
    r"(?!月|季|星期|学期|工作日|人)(?:自然[村屯]|村民?小组|网格|支部|楼宇|院落|站点|摊位|单元|楼道|楼栋|楼层|教室|班级?|宿舍|寝室|电梯|病区|窗口|柜台|网点|路口|出入口|小区|房间|客房|车间|班组|[一-龥](?=[门口内]|张|贴|设|配|放|摆)))"
)
"""每个单元, 每名党员: parts of the body that bears the duty."""

_BEHIND = re.compile(r"(?:的)?([^,、(和及并]{1,24})")
_EACH_BODY = re.compile(r"(?:各|每个|每)([^各、,，（(]{1,8})(?:[、,，（(]|$)")
_COMPARE = quick(r"不得少于|不得低于|不少于|不低于|不超过|不得超过|至少|最少|最多|达到|控制在|保持在|(?:达|为|均)$")


def name_action(finding: Finding, actor: str | None) -> str:
    """The words of the measure without the actor, the times and the number: what is left says what is done."""
    words = finding.local
    if finding.hit and finding.hit.sense in ("count", "points"):
        words = words.replace(finding.words[finding.hit.start : finding.hit.end], "", 1)
    return _strip(_COMPARE.sub("", words), actor)[:60]


def name_measure(finding: Finding, actor: str | None) -> str:
    """The noun that is counted: behind the number if one stands there, else before it."""
    hit = finding.hit
    if hit is None:
        return _strip(finding.local, actor)[:30]
    if hit.measure:
        return hit.measure
    offset = finding.words.find(finding.local)
    before = finding.words[max(offset, 0) : hit.start]
    after = _BEHIND.match(finding.words[hit.end :]) if hit.sense in ("count", "share-out") else None
    return (after[1] if after else _strip(_COMPARE.sub("", before), actor)[-30:]) or finding.local[:30]


def is_bare(finding: Finding) -> bool:
    """Whether nothing but a time and a comparing word stands before the number."""
    before = finding.local.partition(finding.words[finding.hit.start : finding.hit.end])[0] if finding.hit else "-"
    return not _strip(_COMPARE.sub("", _TIMES.sub("", before)), None)


def find_per(finding: Finding, actor: str | None) -> str | None:
    """What the amount is shared out over: 每200米, 每人, or each of the bodies that bear it."""
    if finding.step:
        place = re.search(r"(?:主要|重点)?(?:路段|道路|公路|街道)", finding.words)
        return f"{place[0] if place and '米' in finding.step else ''}{finding.step}"
    if finding.hit and finding.hit.per:
        return finding.hit.per
    head = _EACH_PART.search(finding.words[: finding.hit.start]) if finding.hit else None
    if head and fold(head[0]) not in fold(actor or ""):
        return head[0]
    match = _EACH_BODY.match(actor or "")
    return f"每{match[1]}" if finding.hit and match else None


def name_phase(words: str) -> str:
    """The heading without its dates; empty if it holds nothing else, or only says that a time follows (活动时间:)."""
    named = re.search(r"开展(?:[^,。]{0,12}的)?([^,。]{2,24}?(?:活动|行动|宣传[周月年]|教育月))", words)
    plain = named[1] if named else re.split(r"[(\d,。:]", words)[0].strip("。:, ")
    plain = re.sub(r"(?:定[在于]|为|从|自)+$", "", plain)
    return "" if plain.endswith("时间") else plain[:30]


def _strip(words: str, actor: str | None) -> str:
    plain = words.replace(fold(actor), "", 1) if actor else words
    return _HEAD.sub("", _TIMES.sub("", plain).strip(",。;、 ")).strip(',。;、 "“')
