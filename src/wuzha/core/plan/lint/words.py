"""Rules that are told by words: a pattern on a sentence that neither forbids the thing nor teaches about a fraud."""

import re
from collections.abc import Iterable, Iterator

from wuzha.core.plan.lint.line import Line
from wuzha.core.plan.lint.rule import Finding, Rule

_NOT = re.compile(
    r"不(?!少于|低于|超过|得[少低漏缺迟代拖拒不]|得无故|落[实下]|到位|力|漏|折不扣|断|仅|只|但|同|定期|良|法|可或缺|可少|合格|达标|及格|足|"
    r"履职|重视|配合|装|打卡|安装|注册|下载|登录|上传|签到|参加|参与|完成|转发|关注|在|动|懂|识|发案|受骗|被骗|诚信|限|间断|留死角|分)"
    r"|严禁|禁止|杜绝|防止|避免|取消(?![^,;。]{0,14}(?:资格|称号|评优|待遇|补助|低保))|叫停|纠正|整治|清理|反对|拒绝|摒弃|克服|力戒|切忌|严查|"
    r"停止(?=对|开展|实行|统计|通报|使用|要求|推行|下达|搞|$)|撤销|无权|无需|无须|免于|免去|减少|勿|而非|并非|代替|替代|莫"
)
"""What takes the demand out of the words behind it; a limit (不少于) and what somebody fails to do do not."""

_ANEW = re.compile(
    r"而是|但(?!是不)|改[为用由成]|[,:](?:并|且)?(?:要(?!求)|应|须|必须|每|各|由|确保|做到|请|同时|凡|全员|统一|实行|建立|一律(?!不|取消|禁止)|以便)"
)
"""Where a new demand begins behind a negation."""

_WHOM = re.compile(r"(?:对|凡|将|把)[^,;。]{0,12}?(?:不|未|拒)[^,;。得]{1,14}?的")
"""People described by what they do not do (对仍不听劝阻的列入…): the 不 is theirs."""

_VICE = re.compile(
    r"指标|强制|强迫|打卡|签到|排名|截图|留痕|轨迹|定位|点赞|转发|接龙|摊派|层层|要挟|不予|为由|形式主义|通报|照片|视频|积分|时长|报表|上传|名单|牵连|限制|公开|公布|安装"
)
_AFTERWARDS = re.compile(
    r"^[^;。]{0,24}?(?:(?<!一律)不得(?:作为|用于|纳入|与|列入|强制|摊派|要求|下达|搞|以|计入)|"
    r"不(?:再)?(?:作为|纳入|列入|计入|与|作|做|搞|算|考核|通报|要求|强制|统计|设|下达|排名|使用|影响|发放|评比)|"
    r"(?:一律|全部|均|坚决|予以|应当|要)(?:取消|停止|叫停|废止|纠正|清理|整治|禁止|删除)|(?:坚持|均|完全|由[^,;。]{0,6}|可)?自愿|"
    r"(?:等|的)[^,;。]{0,8}?(?:问题|现象|做法|行为|倾向|歪风|负担)(?![^;。]{0,6}(?:的单位|的要)))"
)
"""What takes it out from behind: 安装率不纳入考核, 打卡留痕等问题."""

_WITHIN = re.compile(
    r"不再|无须|无需|不得?(?:出现|包?含|泄露|作为|纳入|列入|计入|考核|通报|统计|排名|要求|强制|影响|挂钩|公开|公布)"
)
"""What gives it up between its own words: 积分结果不纳入考核. A ban that is itself found (不得出境) is no such word."""

_TRICKS = (
    r"套路|骗局|话术|诱导|诱骗|谎称|冒充|陷阱|圈套|诱饵|刷单|返利|揭露|警惕|谨防|识破|陌生|假冒|仿冒|虚假|"
    r"骗术|作案(?!人员)|诈骗(?:手法|手段|软件|类型|链接)"
)
_TEACHES = re.compile(rf"骗子|不法|犯罪分子|嫌疑人|为由|{_TRICKS}")
"""A clause with such words tells how fraud works; what stands in it is asked of nobody."""

_TELLS_TRICKS = re.compile(rf"声称|自称|(?<![一-龥])称|恐吓|威胁|编造|{_TRICKS}")
"""The same where a rule keeps a plan back: to name a swindler or a suspect is no teaching, for it is their family that
such a plan is after (嫌疑人家属不得…)."""


def find_words(rule: Rule, lines: Iterable[Line], issuer: str) -> Iterator[Finding]:
    """Every place where the rule's words ask for something; ``issuer`` is who issues the plan, as far as known."""
    speaks = rule.where_issuer is not None and bool(rule.where_issuer.search(issuer))
    for line in lines:
        if any(word in line.folded for word in rule.touches) and _is_meant(rule, line.folded, speaks):
            yield from _find_in_line(rule, line)


def _is_meant(rule: Rule, folded: str, speaks: bool) -> bool:
    if rule.where_in is None and rule.where_issuer is None:
        return True
    return speaks or (rule.where_in is not None and bool(rule.where_in.search(folded)))


def _find_in_line(rule: Rule, line: Line) -> Iterator[Finding]:
    if any(pattern.search(line.folded) for pattern in rule.unless):
        return
    reached = 0
    for match in sorted(_list_matches(rule, line.folded), key=re.Match.span):
        if match.start() >= reached and _is_asked_by(rule, line.folded, *match.span()):
            reached = match.end()
            yield make_finding(rule, line, match)


def _list_matches(rule: Rule, folded: str) -> Iterator[re.Match[str]]:
    for pattern in rule.finds:
        yield from pattern.finditer(folded)


def make_finding(rule: Rule, line: Line, match: re.Match[str], **params: str) -> Finding:
    start, end = line.locate(match.start(), match.end())
    named = {name: _quote_group(line, match, name) for name, words in match.groupdict().items() if words}
    return Finding(
        code=rule.code,
        level=rule.level,
        words=line.raw[start:end],
        span=line.place(start, end),
        clause=line.clause,
        demands=line.demands,
        params=tuple(sorted(({"object": rule.object} | named | params).items())),
    )


def _quote_group(line: Line, match: re.Match[str], name: str) -> str:
    """The words of a group as the document writes them, without blanks and the quotation marks around them."""
    start, end = line.locate(*match.span(name))
    return "".join(line.raw[start:end].split()).strip('“”"《》')


def _is_asked_by(rule: Rule, folded: str, start: int, end: int) -> bool:
    return is_asked(folded, start, end, _TELLS_TRICKS if rule.blocks else _TEACHES)


def is_asked(folded: str, start: int, end: int, teaches: re.Pattern[str] = _TEACHES) -> bool:
    """Whether what stands from ``start`` to ``end`` is asked for, not forbidden, given up or taught about."""
    opens = max(folded.rfind(sign, 0, start) for sign in ",;。") + 1
    closes = min((at for sign in ",;。" if (at := folded.find(sign, end)) >= 0), default=len(folded))
    if teaches.search(folded, opens, closes) or _WITHIN.search(folded, start, end):
        return False
    return not _is_forbidden(folded, opens, start) and not _AFTERWARDS.match(folded[end:])


def _is_forbidden(folded: str, opens: int, start: int) -> bool:
    """A negation reaches to the end of its clause, and over commas when it opens a list of vices."""
    begin = max(folded.rfind(sign, 0, start) for sign in ";。") + 1
    spared = [match.span() for match in _WHOM.finditer(folded, begin, start)]
    for match in _NOT.finditer(folded, begin, start):
        if any(low <= match.start() < high for low, high in spared):
            continue
        if _ANEW.search(folded, match.end(), min(start + 3, len(folded))) and _starts_anew(folded, match.end(), start):
            continue
        if match.start() >= opens:
            return True
        comma = folded.find(",", match.end())
        if _VICE.search(folded, match.end(), comma):
            return True
    return False


def _starts_anew(folded: str, after: int, start: int) -> bool:
    return any(match.start() < start for match in _ANEW.finditer(folded, after))
