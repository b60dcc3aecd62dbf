"""One sentence to findings: each measure with the cadence, the date and the words that belong to it.

A comma clause often carries only the time (各村每月在广场, 举办1次…); it is then joined with the clause of the act.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from wuzha.core.base.numerals import RATIO
from wuzha.core.plan.outline import split_clauses
from wuzha.core.plan.phrases.actor import Actor, find_subject
from wuzha.core.plan.phrases.amount import Hit, can_hold_number, find_amounts, find_step, has_number
from wuzha.core.plan.phrases.cadence import CadenceHit, can_hold_cadence, find_cadences
from wuzha.core.plan.phrases.deadline import Calendar, DateHit, can_hold_date, find_dates, read_limit
from wuzha.core.plan.phrases.idle import describes, is_bundle, is_figure, names_whom
from wuzha.core.plan.phrases.quick import quick
from wuzha.core.plan.phrases.sense import (
    find_event_evidence,
    find_penalty,
    find_qualification,
    gives_out,
    has_act,
    is_fact,
    is_past,
    opens_report,
)
from wuzha.core.plan.phrases.totality import can_hold_totality, find_totalities, is_state
from wuzha.core.plan.reading import Span

_COLON = quick(r"(?<!\d):|:(?!\d)")
_WAITING = quick(r"为[“\"]?[^,为]{0,8}[日周月][”\"]?$|(?:至少|不少于|不低于|不得少于|每次|各)$|至少[^,\d]*$")
_TWO_TIMES = quick(r"(?:[、和及,与]|至|并于)$")
_PARTS_OF_DAY = quick(
    r"(?P<parts>(?:清晨|早上?|上午|中午?|下午|傍晚|晚上?|夜间)(?:[、和及]?(?:清晨|早上?|上午|中午?|下午|傍晚|晚上?|夜间)){1,3})(?:时段|高峰)?各[^,各每]{0,8}$"
)
_PART_OF_DAY = quick(r"清晨|早|上午|中|下午|傍晚|晚|夜")
_EVERY_EVENT = quick(r"^每?逢[^,]{1,10}$")
_GOES_TO = quick(
    r"(?:至|到|持续到|为期|历时)[^,]{0,8}[\d一二两三四五六七八九十]|(?:20\d\d年)?\d{1,2}月(?:\d{1,2}[日号]|底)?(?:结束|截止|收官|为止)"
)
_MAY_GO_TO = quick(r",(?:至|到|为期|历时)|结束|截止|收官|为止")
_ROUND = quick(r"(?:首|末|[一二三四五]|第[一二三四五六\d])(?:轮|批|次|期)[:于在]?(?:[次翌明]年)?$")
_HANDS = quick(r"[把将][一-龥]{2,12}$|[把将][一-龥]{2,12}[^,]{0,4}[报交送][一-龥]{2,12}$")
_STARTS = quick(r"[自从于][^,]{0,6}[\d月日][^,]{0,12}(?:起|开始|启动|开展)$")
_ENDS = quick(r"[至到][^,]{2,14}(?:结束|为止)")
_NAMES_STAGE = quick(r"阶段|步骤|时间|为[“\"]?[^,为]{1,12}(?:周|月|期)[”\"]?$")
_CONDITION = quick(r"的$")
_ACTS_WHEN = quick(r"对|遇|在|发现|接|于")
"""柜员对…的, 逐笔核实: the body that acts when the condition holds stands before it."""

_REPEATS = quick(
    r"^(?:并|且|切实)?(?:确保|做到|实现|务必)?[“\"]?(?:不[漏落少]一.|一.[一-龥]{0,5}?[都也]?不(?:能|得|可|许|要)?[漏落少]|[户人家村组班店]{2}[有见](?:、[户人家村组班店]{2}[有见知])*|[户人家村]{2}(?:签收|签字|收到|领到|见面|知晓|知情)(?:、[户人家村]{2}[一-龥]{2})?)[”\"]?$"
)
_WHENEVER = quick(
    r"^(?:凡|发现|接到|遇|对(?:新|已|发)|首次|未|新[^,]{0,6}[人户者])|发生[^,]{0,8}后|每[次场期批起团单笔位]|单[场次期篇]|^每?逢"
)
_MORE_BODIES = quick(
    r"(?:[、和及][一-龥]{0,6}?(?:村|社区|校|园|行|点|户|店|站|位|局|镇|街道|企业|医院|单位|小区|家|车|楼|厅|所|室)){1,6}[^、并]{0,80}$"
)
_SHARE_ALONE = quick(
    r"(?:做到|确保|保证|实行)?[“\"]?(?:每[生人户家店机]一[份张封册本卡]|一[生人户家店机]一[份张封册本卡信码])[”\"]?[,。;]?$"
)
_COMPARES = quick(r"(?:不少于|不低于|不得少于|不得低于|不超过|至少|最少|最多|超过)$")
_PLANS = quick(
    r"(?:组织|动员|部署|宣传|集中|启动|总结|开展|全面|调研|摸底|排查|自查|推进|验收|检查|督导|巩固|实施|召开|制定)[^,是为]*$"
)
_FAVOURS = quick(r"优先(?:考虑|推荐|推选|评选|评定|参评)|作为[^,]{0,16}(?:依据|参考)$")
_DONE = quick(
    r"(?:并|且|均|应|须|要|务必|确保|力争|于|在){0,3}(?:全部|基本|全面)?(?:完成|到位|[到上在]岗|就位|出(?:清单|结果|名单|报告)|落实到位|建成|结束|[建装贴挂配设摆做办签发学训][好齐足]|[演讲贴挂发走装签印办开做播查访干轮跑敲学听]完一?遍?)$"
)
_HANDED_IN = quick(r"前(?:统一|一并|集中)?(?:上?交|报送?|送交?|送|提交|上传)(?:至|到|给)?[一-龥A-Z]{0,12}$")
_HANDED_OVER = quick(r"(?:送|发|贴|交|递)(?:上门|到(?:户|家|人|手|位)|达|入户|完)$")
_MADE = frozenset({"件", "篇", "幅", "部", "首"})
"""作品不少于5件, 4月20日前交教务处: what is made, and by when it is there."""
_BARE = quick(
    r"(?:时长|时间|每次时间|每次|每[家个所村][一-龥]{0,6}?(?:抽查|检查|走访|抽取|抽检)[一-龥]{0,4})?(?:均|都)?(?:不少于|不得少于|不低于|至少)(?:\d{1,4}|[一二两三四五六七八九十百]{1,3})(?:次|遍|条|篇|分钟|小时|场|户|个小时|间|家|个|名|人|处)"
    rf"|(?:要|应|须)?(?:不少于|不低于|不得少于|不得低于|达到|至少|占)[一-龥]{{0,6}}?(?:总数|人数|户数|家数|总量|总人数)?的{RATIO}(?:以上)?"
)
_RATES = quick(
    r"(?:参训|参与|参加|参会|覆盖|完成|见面|签订|签收|签约|回收|到课|到场|到会|合格|通过|答题|送达|建档)(?:率|面|比例)(?![^,]{0,6}(?:、|和|及))"
)
_TOOK_PART = quick(r"参[测训与加会]率")
"""全体教师参加测试, 参测率达到100%: one record, the one with the share."""
_SHARE_OF = quick(r"(?P<act>[一-龥]{2})(?:比例|率|面|比率|覆盖率|人数|户数|数量|家数)")
_ADDS = quick(r"(?:可|另|再|每[^,]{0,4})?加[\d一二三]")
_EACH_CASE = quick(r"^(?:凡|每)(?:发生|出现|发现|接到|新增)")
_LABELS = quick(r"^[^,]{0,4}?(?:口号|主题|案例|联系人|联系电话|联系方式|附件)[一二三\d]?:")
_SETTING = quick(r"^(?:针对|根据|结合|抓住|紧盯|聚焦)[^,]*(?:高峰期?|特点|规律|问题|情况|实际|形势|时段)$")
"""针对每日19时至23时的发案高峰: what an act is fitted to, and no time of its own."""
_OCCASIONS = quick(
    r"^(?:[^,]{0,8}?(?:充分|紧密|积极|有效))?(?:结合|利用|抓住|借助|紧扣|把握)[^,]*等[^,]{0,8}(?:节点|时点|时机|契机|节日|时段)$|"
    r"^(?:\d{1,2}月份?|本[月周季]度?|活动期间)?,?以[“\"《]?[^,]{2,40}为(?:主题|主线|抓手|契机|载体|重点)$"
)
"""结合“3·15”、9月“金融教育宣传月”等时点: the occasions for an act, and no time of its own."""
_WITHIN = quick(r"(?:活动|宣传|集中|整治|攻坚)[月周年期]?(?:内|期间|中),$")
_OR = quick(r"[^,、]{0,12}?(?:或者?|任选)")
_EITHER = quick(r"\d[^,]{0,8}或[^,]{0,12}\d")
"""2起以上或损失10万元以上的: either of two is the one condition of a penalty."""
_NONE_OF = quick(r"(?:没有|无|未)[^,]*的$")
_BASES = frozenset({"较", "比", "与"})
"""较1-4月下降: a time that is compared with is no time to do it in."""
_LIMIT_UNITS = frozenset({"分钟", "小时", "个小时", "天", "个工作日"})
"""24小时内处置: counted from each event, so it takes no cadence from the clause before."""
_WHOLE_TASK = ("任务", "目标任务", "总量")
"""完成全年任务的60%: whose share, and not when."""
_LIMITS = quick(
    r"[^,\d]{0,8}?(?:数量|名额|总数|总量)(?:均|须|应|要)?不(?:得)?超过|[^,\d]{0,8}(?:成绩|得分|分数)[^,]{0,6}\d+分(?:及|含)?以上|"
    r"[^,\d]{0,6}\d+分(?:及|含)?以上(?:方|才|即|为|视为)"
)
"""推荐数量不超过40%, 成绩80分以上为合格: a limit to the act before it, which is not due on that act's day."""
_GROUPS = quick(r"[、和及,][一-龥]{2,12}")
_ASKS_AGAIN = quick(r"要(?!求)|应|须|请|确保|力争|并于|每[月周季天日年]|不少于|不低于|年内|下一步|剩余")
_EACH_TIME = quick(r"每[次场期批轮团单笔位课堂节]|单[场次期篇]")
_EACH_OF = quick(r"每(?:户|人|家)(?![次场])")
_BAITED = quick(
    r"(?:陌生(?:人|来电|电话|链接|短信)|自称|索要|让[你您]|叫[你您]|要求(?:[你您]|提供|转账|汇款|下载|共享|开启|扫码|缴|点击|屏幕)|声称|谎称)[^,]*的$"
)
_OTHER_EACH = quick(r"每(?:[间栋层所座辆台家]|个(?!月|季|星期|学期|工作日))")
"""每个班级…, 每间宿舍…: the second is not what the first has to do."""
_OWN_ACT = quick(
    r"(?:要|应|须|至少|各|都|均|自行|负责|结合[^,]{2,8}){0,2}(?:出(?![现入口门])|派|抽调|推[荐选]|选[送派报]|报送|上报|上交|提交|递交|交|组织|开展|举办|撰写|写|制作|创作|排演|排练|拍摄|拍|征集|申报|认领|参赛|[承主]办|召开|举行|落实)"
)
_REACH = quick(r"的?[一-龥]{1,8}?(?:实现|保持|做到)[一-龥]{0,8}[“\"]?")
_WHOLE = quick(r"全部|所有|全体|每一名|每一位|每一户|逐")
_NONE_LEFT = quick(r"不[漏落少]一.|一.[一-龥]{0,5}?[都也]?不(?:能|得|可|许|要)?[漏落少]")
_STANDS = quick(
    r"挂|贴|摆|设置|设立|建立|成立|配备|安排|确保|组建|明确|确定|力争|实现|悬挂|张贴|摆放|放置|粉刷|布置|竖"
)


_MARKS = ",。;!?:"
_HANGS = ("且", "并且", "同时")
Clause = tuple[int, str]
Times = tuple[tuple[CadenceHit, ...], tuple[DateHit, ...]]
_NO_TIMES: Times = ((), ())
_Counted = dict[int, tuple[Hit, ...]]
"""The amounts of clauses that were looked at already, by where the clause begins."""
_Heard = tuple[frozenset[str], tuple[Hit, ...] | None]
"""The units of the clause before, and the amounts of this one if they are known."""


@dataclass(slots=True, unsafe_hash=True)  # never changed; made by the hundred, and frozen ones cost twice as much
class Piece:
    """A comma clause with what stands in it; its places count in the folded sentence, those of its finds in it."""

    start: int
    end: int
    words: str
    hits: tuple[Hit, ...]
    cadences: tuple[CadenceHit, ...]
    dates: tuple[DateHit, ...]
    subject: Actor | None
    past: bool
    evidence: bool
    condition: bool = False
    qualifies: str = ""


@dataclass(slots=True, unsafe_hash=True)  # never changed; made by the hundred, and frozen ones cost twice as much
class Finding:
    """A demand in the making: ``start`` to ``end`` is its quote in the folded sentence, ``words`` its clause.

    ``local`` is the part of ``words`` that speaks of this measure alone. ``borrowed`` names what (``cadence``,
    ``deadline``) stands in an earlier clause outside the quote. ``qualifies`` is ``title`` or ``penalty`` if the
    measure says who gets one.
    """

    start: int
    end: int
    words: str
    local: str
    hit: Hit | None
    cadence: CadenceHit | None
    date: DateHit | None
    subject: Span | None
    in_clause: bool
    agent: bool = False
    step: str | None = None
    when_it_happens: bool = False
    qualifies: str = ""
    borrowed: tuple[str, ...] = ()


@dataclass(slots=True, unsafe_hash=True)  # never changed; made by the hundred, and frozen ones cost twice as much
class _Carry:
    """What earlier clauses of the sentence leave for the next; ``start`` is set while a clause waits for its act."""

    start: int | None = None
    cadence: CadenceHit | None = None
    date: DateHit | None = None
    subject: Span | None = None
    agent: bool = False
    shared: CadenceHit | None = None
    past: bool = False
    condition: bool = False
    each: bool = False


_FRESH = _Carry()


def split_pieces(folded: str, calendar: Calendar, before: str = "") -> tuple[Piece, ...]:
    """The comma clauses, cut once more at colons that are no time of day. ``before`` is the sentence that this one goes
    on with, where 全覆盖 may find whom it means.

    None at all where they hold no measure and no time: who is named in them is read only when it is asked for (see
    ``list_subjects``), and nothing else of them matters.
    """
    clauses = list_clauses(folded)
    timed = can_hold_cadence(folded) or can_hold_date(folded)
    times = [_read_times(words, calendar) if timed else _NO_TIMES for _, words in clauses]
    counted: _Counted = {}
    if all(time is _NO_TIMES for time in times) and _is_quiet(folded, clauses, before, counted):
        return ()
    pieces: list[Piece] = []
    for clause, time in zip(clauses, times, strict=True):
        echo = _echo(pieces)
        pieces.append(_read_piece(folded, clause, time, before, (echo, None if echo else counted.get(clause[0]))))
    return _qualify_all(pieces)


def list_clauses(folded: str) -> list[Clause]:
    """Where each clause of a sentence begins, and its words without the marks behind them."""
    spans = split_clauses(folded)
    places: Iterable[Span] = _join_shares(folded, _join_stretches(folded, spans)) if len(spans) > 1 else spans
    if ":" in folded:
        places = _cut_at_colons(folded, places)
    return [(low, folded[low:high].rstrip(_MARKS)) for low, high in places]


def _cut_at_colons(folded: str, places: Iterable[Span]) -> Iterator[Span]:
    for start, end in places:
        cuts = [start, *(start + match.end() for match in _COLON.finditer(folded[start:end])), end]
        yield from ((low, high) for low, high in itertools.pairwise(cuts) if low < high)


def _is_quiet(folded: str, clauses: list[Clause], before: str, counted: _Counted) -> bool:
    """Whether no clause holds a measure either, and none hangs on the one before it; amounts go into ``counted``."""
    whole = before + folded
    for start, words in clauses:
        if words.startswith(_HANGS) or (can_hold_number(words) and _is_measured(folded, start, words, counted)):
            return False
        if can_hold_totality(words) and find_totalities(words, whole):
            return False
    return True


def _is_measured(folded: str, start: int, words: str, counted: _Counted) -> bool:
    """Whether a clause holds an amount, or with any number in it says who gets a title or a penalty."""
    if not has_number(words):
        return False
    if _find_standing(folded, start, start + len(words))[1]:
        return True
    counted[start] = find_amounts(words)
    return bool(counted[start])


def list_subjects(folded: str, pieces: tuple[Piece, ...]) -> Iterator[tuple[int, Actor]]:
    """The bodies named in the clauses, from the last clause to the first, each with where its clause begins; also those
    in clauses that were left unread."""
    if pieces:
        yield from ((piece.start, piece.subject) for piece in reversed(pieces) if piece.subject)
        return
    for start, words in reversed(list_clauses(folded)):
        if subject := _find_named(folded, start, words):
            yield start, subject


def _find_named(folded: str, start: int, words: str) -> Actor | None:
    subject = find_subject(words)
    if subject is None or _find_standing(folded, start, start + len(words))[1] == "title":
        return None
    return _keep_actor(words, subject) if _is_condition(words, timed=False) else subject


def _is_condition(words: str, *, timed: bool) -> bool:
    """新发案的, 每逢集日: which are meant, and nothing asked of them yet."""
    return bool(_CONDITION.search(words)) or (not timed and bool(_EVERY_EVENT.match(words)))


def _ends_in_none(folded: str, start: int, words: str) -> bool:
    """没有因涉诈被处罚的。at the end of a sentence is itself what is asked."""
    return folded[start + len(words) : start + len(words) + 1] in ("", "。", ";") and bool(_NONE_OF.search(words))


def _keep_actor(words: str, subject: Actor | None) -> Actor | None:
    return subject if subject and _ACTS_WHEN.match(words, subject.end) else None


def _join_stretches(folded: str, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """自3月10日启动, 至4月10日结束 is one stretch of time."""
    if not _MAY_GO_TO.search(folded):
        return spans
    joined: list[Span] = []
    for start, end in spans:
        if joined and _GOES_TO.match(folded, start, end) and _STARTS.search(folded[joined[-1][0] : start - 1]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def _join_shares(folded: str, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """发提醒卡, 一机一卡: the second clause only says how many of what the first gives out."""
    if "一" not in folded:
        return spans
    joined: list[Span] = []
    for start, end in spans:
        if joined and _SHARE_ALONE.match(folded, start, end) and gives_out(folded[joined[-1][0] : start]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


_NONE: frozenset[str] = frozenset()


def _echo(pieces: list[Piece]) -> frozenset[str]:
    """The units that the clause before was measured in; 一类网点3个, 二类网点2个."""
    if not pieces or not pieces[-1].hits:
        return _NONE
    return frozenset(hit.unit for hit in pieces[-1].hits if hit.sense in ("count", "points"))


def _qualify_all(pieces: list[Piece]) -> tuple[Piece, ...]:
    """发案不高于5起, 且知晓率达到95%的, 命名为…: what stands before 且 is a condition as well."""
    for at in range(len(pieces) - 1, 0, -1):
        if pieces[at].qualifies and re.match(r"且|并且|同时", pieces[at].words):
            pieces[at - 1] = replace(pieces[at - 1], qualifies=pieces[at].qualifies, subject=None)
    return tuple(pieces)


_SUFFERED = frozenset({"起", "件", "例", "户", "人", "张", "个", "名"})
"""Measure words of cases, victims, accounts and cards."""


def _read_times(words: str, calendar: Calendar) -> Times:
    """The cadences and dates of a clause; 全年 beside a count is a cadence, else a season."""
    found, days = find_cadences(words), find_dates(words, calendar)
    if not (found or days) or _OCCASIONS.match(words):
        return _NO_TIMES
    if days:
        days = tuple(
            day
            for day in days
            if (words[day.start - 1 : day.start] not in _BASES or words[day.start - 2 : day.start] == "占比")
            and not words.startswith(_WHOLE_TASK, day.end)
        )
    if not found:
        return ((), days) if days else _NO_TIMES
    yearly = [hit for hit in found if hit.cadence == "yearly"]
    counted = bool(yearly) and any(_is_done_yearly(words, hit) for hit in find_amounts(words))
    halves = [hit for hit in found if hit.cadence == "half-yearly"]  # 上半年、下半年各1次: no two days
    dates = tuple(
        hit
        for hit in days
        if not (counted and hit.kind == "season" and hit.start == yearly[0].start)
        and not any(half.start <= hit.start and hit.end <= half.end for half in halves)
    )
    if _SETTING.match(words):
        return (), dates
    free = (hit.strong or not any(hit.start < date.end and date.start < hit.end for date in dates) for hit in found)
    cadences = tuple(hit for hit, keep in zip(found, free, strict=True) if keep)
    return (cadences, dates) if cadences or dates else _NO_TIMES


def _is_compared(words: str, day: DateHit) -> bool:
    """较1-4月下降; 占比9月底前降到三成 has a day of its own."""
    return words[day.start - 1 : day.start] in _BASES and words[day.start - 2 : day.start] != "占比"


def _is_done_yearly(words: str, hit: Hit) -> bool:
    """全年2次 is so many a year; of 全年不超过3起 the year's end decides."""
    held = hit.comparator == "<=" and (hit.unit in _SUFFERED or (hit.unit in ("元", "万元") and "损" in words))
    return hit.sense == "count" and not held


def _find_standing(folded: str, start: int, end: int) -> tuple[int, str]:
    """Where a condition of a title or of a penalty ends in the clause, and which of the two it is."""
    if "的" not in folded[start : end + 12]:
        return -1, ""
    title = find_qualification(folded, start, end)
    if title > start:
        return title - start, "title"
    penalty = find_penalty(folded, start, end)
    return (penalty - start, "penalty") if penalty > start else (-1, "")


def _read_piece(folded: str, clause: Clause, times: Times, before: str, heard: _Heard) -> Piece:
    start, words = clause
    cadences, dates = times
    timed = [(hit.start, hit.end) for hit in cadences] + [(hit.start, hit.end) for hit in dates]
    qualified, for_what = _find_standing(folded, start, start + len(words))
    echo, amounts = heard
    if amounts is None:
        amounts = find_amounts(words, qualifies=for_what, echo=echo)
    hits = _merge_hits(words, before + folded, timed, cadences, amounts)
    if not for_what and hits:
        hits, whom = _drop_whom(words, hits)
        cadences, dates = ((), ()) if whom else (cadences, dates)
    if describes(words):
        hits, cadences = (), ()
    subject = find_subject(words, _skip_times(timed)) or _find_in_time(words, dates)
    hits = _drop_heads(hits, subject)
    condition = _is_condition(words, timed=bool(timed)) and not _ends_in_none(folded, start, words)
    if subject and subject.end == len(words) and (hits or cadences):
        subject = None  # a clause that is all name and yet holds a measure is no name
    if for_what == "penalty":
        hits = _keep_threshold(words, hits)
        for_what, condition = (for_what, condition) if any(hit.end <= qualified for hit in hits) else ("", True)
    if for_what:  # 90分以上的列为候选: what stands before 的 is a condition of the title, and all that is asked
        hits, cadences, dates, subject = tuple(hit for hit in hits if hit.end <= qualified), (), (), None
    elif condition:
        hits, cadences, dates = (), (), ()
        subject = _keep_actor(words, subject)
    sums = _WITHIN.search(folded, max(0, start - 8), start)  # 活动月内, 累计宣讲5次: the sum is still to be reached
    told = not for_what and not condition and (is_past(words.replace("累计", "") if sums else words) or is_fact(words))
    return Piece(
        start, start + len(words), words, hits, cadences, dates, subject,
        told or opens_report(folded, start) or bool(_LABELS.match(folded, start)),
        find_event_evidence(words), condition, for_what,
    )  # fmt: skip


def _drop_heads(hits: tuple[Hit, ...], subject: Actor | None) -> tuple[Hit, ...]:
    """两名副镇长每季度讲一课: how many they are who do it."""
    if subject is None or len(hits) < 2:
        return hits
    return tuple(hit for hit in hits if hit.end != subject.start or hit.unit not in ("名", "位", "个"))


def _drop_whom(words: str, hits: tuple[Hit, ...]) -> tuple[tuple[Hit, ...], bool]:
    """Without what only says which are meant, and whether that was all that the clause held."""
    asked = tuple(hit for hit in hits if hit.sense != "zero" or not is_state(words, hit))
    left = tuple(hit for hit in asked if not names_whom(words, hit))
    return left, bool(asked) and not left


def _keep_threshold(words: str, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """The count that a penalty begins with; of two that are each enough, the first."""
    counts = tuple(hit for hit in hits if hit.sense not in ("ratio", "change"))
    return counts[:1] if _EITHER.search(words) else counts


def _merge_hits(
    words: str, folded: str, timed: list[tuple[int, int]], cadences: tuple[CadenceHit, ...], amounts: tuple[Hit, ...]
) -> tuple[Hit, ...]:
    """Amounts first, then totalities beside them; 一周一核查 holds a count of one; a time is no amount."""
    totals = find_totalities(words, folded)
    if not totals and not amounts and not cadences:
        return ()
    if amounts and is_bundle(folded):
        amounts = tuple(hit for hit in amounts if hit.value != 1)
    if not cadences:
        amounts = tuple(hit for hit in amounts if not is_figure(words, hit))
    fixed = timed + [(hit.start, hit.end) for hit in totals if hit.sense == "share-out"]
    hits = [hit for hit in amounts if not _touches(hit.start, hit.end, fixed, inside=True)]
    hits += [_once_each(hit) for hit in cadences if hit.compact and words[hit.end - 1] == "一"]
    hits = [hit for hit in hits if not _is_round(words, hit, totals)]
    places = [(hit.start, hit.end) for hit in hits]
    totals = tuple(hit for hit in totals if not _is_said_twice(words, hit, totals))
    for hit in totals:
        if not _touches(hit.start, hit.end, places + timed) and not _is_base(words, hit, hits, cadences):
            hits.append(hit)
    if "各" in words:
        hits = [_add_parts_of_day(words, hit) for hit in hits]
    if len(hits) < 2:
        return tuple(hits)
    return tuple(sorted(_drop_states(words, hits), key=lambda hit: (hit.start, hit.end)))


def _drop_states(words: str, hits: list[Hit]) -> list[Hit]:
    """半数以上的村实现零发案: the none is what the share of villages has to reach, and no demand of its own."""
    shares = [hit for hit in hits if hit.sense == "ratio"]
    return [
        hit
        for hit in hits
        if hit.sense != "zero" or not any(_REACH.fullmatch(words, share.end, hit.start) for share in shares)
    ]


def _add_parts_of_day(words: str, hit: Hit) -> Hit:
    """早、中、晚各播放一次 is three times a day."""
    match = _PARTS_OF_DAY.search(words[: hit.start]) if hit.sense == "count" else None
    return replace(hit, value=hit.value * len(_PART_OF_DAY.findall(match["parts"]))) if match else hit


def _is_round(words: str, hit: Hit, totals: tuple[Hit, ...]) -> bool:
    """全部走访一遍: once each is all that 全部 says, and 每一名学生都接受一次教育 is about all of them."""
    if hit.sense != "count" or hit.value != 1 or hit.marker != "bare" or hit.unit not in ("遍", "次", "轮"):
        return False
    return any(
        total.sense == "totality" and _WHOLE.search(words[total.start : total.end]) and total.start < hit.start
        for total in totals
    )


def _is_said_twice(words: str, hit: Hit, totals: tuple[Hit, ...]) -> bool:
    """全员参与、一人不漏 says one totality in two ways."""
    if not _NONE_LEFT.fullmatch(words, hit.start, hit.end):
        return False
    return any(other.end < hit.start <= other.end + 8 and other.sense == "totality" for other in totals)


def _is_base(words: str, total: Hit, numbers: list[Hit], cadences: tuple[CadenceHit, ...]) -> bool:
    """Beside a number, 每村 or 全体 is what it is shared out over, unless a cadence or 、 sets the two apart."""
    for number in numbers:
        low, high = (
            sorted((total.end, number.start)) if total.end <= number.start else sorted((number.end, total.start))
        )
        between = words[low:high]
        listed = words[total.start] in "各每" and _MORE_BODIES.match(between)
        apart = any(low <= cadence.start < high for cadence in cadences) or (
            re.search(r"[、并且]", between) and not listed
        )
        if total.quantifier == "totality" and not apart:
            return True
    return False


def _once_each(hit: CadenceHit) -> Hit:
    from_ = hit.end - 1
    return Hit(from_, hit.end, "count", ">=", Fraction(1), "次")


def _touches(start: int, end: int, places: list[tuple[int, int]], inside: bool = False) -> bool:
    if inside:
        return any(low <= start < high for low, high in places)
    return any(start < high and low < end for low, high in places)


def _find_in_time(words: str, dates: tuple[DateHit, ...]) -> Actor | None:
    """派出所核实后10个工作日内出具…: who acts first, and then within the time, stands in the words of the time."""
    if not any(date.kind == "relative" and not date.start for date in dates):
        return None
    subject = find_subject(words)
    return subject if subject and _TAKES_UP.match(words, subject.end) else None


def _skip_times(timed: list[tuple[int, int]]) -> int:
    """Where the words begin after the dates and cadences at the head of a clause."""
    at = 0
    for start, end in sorted(timed):
        if start <= at + 1:
            at = max(at, end)
    return at


_TAKES_UP = quick(r"(?:自|在|应当?)?(?:核|收|接|受理|初[审核查]|审|调查|查|发现|获|研判|签收)[^,]{0,12}?[后起]")

_LASTS = quick(r"(?:为期|历时|共计?|持续)约?[一两二三四五六七八九十半\d]{1,3}个?(?:月|周|天|日|年|星期)(?:时间)?$")
"""11月1日—11月30日, 为期一个月: says the same stretch again."""


def find_findings(pieces: tuple[Piece, ...], heading: bool, *, criteria: bool = False) -> tuple[Finding, ...]:
    """The findings of one sentence. In a heading only numbers and dates ask; its totalities are slogans.

    Among the ``criteria`` of a title nothing is a report: 近两年内未发生案件 is what is asked of who wants it.
    """
    findings: list[Finding] = []
    carry = _FRESH
    pieces = tuple([piece for piece in pieces if not _LASTS.match(piece.words)]) or pieces
    for at, piece in enumerate(pieces):
        past = not criteria and _is_past(carry, piece)
        carry = _hear_subject(carry if past == carry.past else replace(carry, past=past), piece)
        if past and (carry.start is not None or carry.date is not None):
            carry = replace(carry, start=None, date=None)
        if not carry.condition and (piece.condition or _EACH_CASE.match(piece.words)):
            carry = replace(carry, condition=True)
        if carry.past or piece.evidence or "不得分" in piece.words or _is_lesson(pieces, at):
            continue
        if findings and _repeats(findings[-1], piece):
            findings[-1] = replace(findings[-1], end=piece.end, hit=findings[-1].hit or piece.hits[0])
            continue
        if findings and _closes(findings, piece):
            findings = [finding if finding.date else replace(finding, date=piece.dates[0]) for finding in findings]
            handed = _HANDED_IN.search(piece.words) or _HANDED_OVER.search(piece.words)
            findings[-1] = _extend(findings[-1], piece) if handed else findings[-1]
            continue
        hits = tuple([hit for hit in piece.hits if not heading or _asks_in_heading(hit, piece)])
        hits = tuple([hit for hit in hits if _pays(hit, piece.words)]) or hits
        if hits:
            new = _from_hits(piece, hits, carry)
            findings = _join(findings, new, piece)
            shared, date = (new[-1].cadence, new[-1].date) if new else (None, None)
            carry = _Carry(
                None, None, date, carry.subject, carry.agent, shared, carry.past, carry.condition, carry.each
            )  # replace() takes five times as long
        else:
            new, carry = _from_times(piece, carry, heading, last=at + 1 == len(pieces))
            findings += [finding for finding in new if not _is_announced(findings, finding)]
    return tuple(_drop_label(findings))


def _extend(last: Finding, piece: Piece) -> Finding:
    """…一户一张, 年底前由组长送上门: the quote runs on, and who hands it over is who does it."""
    if last.subject is None and piece.subject is not None:
        return replace(last, end=piece.end, subject=_place_subject(piece), in_clause=True)
    return replace(last, end=piece.end)


def _drop_label(findings: list[Finding]) -> list[Finding]:
    """月度考核: 完成的得10分: what the points are given in."""
    first = findings[0] if findings else None
    if first is None or first.hit or first.cadence is None or not first.cadence.compact or len(first.words) > 8:
        return findings
    return findings[1:] if any(one.hit and one.hit.sense == "points" for one in findings[1:]) else findings


def _join(findings: list[Finding], new: list[Finding], piece: Piece) -> list[Finding]:
    """What stood before, where the new findings leave it standing, and the new ones."""
    if not new:
        return findings
    if _ADDS.match(piece.words) and new[0].hit and new[0].hit.sense == "points":
        return new  # 比例在50%以上, 加1分: what the points are for
    if findings and (_measures(findings[-1], new[0]) or _counts(findings[-1], new, piece)):
        last = findings[-1]
        first = replace(
            new[0], start=last.start, subject=new[0].subject or last.subject, date=new[0].date or last.date,
            cadence=new[0].cadence or last.cadence,
        )  # fmt: skip
        return [*findings[:-1], first, *new[1:]]
    return [*_drop_announced(findings, new[0]), *new]


def _counts(last: Finding, new: list[Finding], piece: Piece) -> bool:
    """每天播放提示, 不少于3次: the number says how much of the act before it, and makes one record with it."""
    alone = last.hit is None and last.cadence is not None and last.cadence.strong and piece.start <= last.end + 1
    return alone and len(new) == 1 and bool(_BARE.fullmatch(piece.words)) and not piece.cadences


def _measures(last: Finding, new: Finding) -> bool:
    """完成全面排查, 排查比例达到100%: the share says how much of the act before it, and is no act of its own."""
    if last.hit and last.hit.sense == "totality" and new.hit and new.hit.sense == "ratio":
        return "参加" in last.words and bool(_TOOK_PART.match(new.words))
    match = _SHARE_OF.match(new.words)
    if match and match["act"] in last.words and last.cadence and not last.hit and new.hit and not new.cadence:
        return new.hit.comparator == ">="  # 每季度组织抽考, 抽考人数占总数的5%
    if last.hit or last.cadence or last.date is None or new.hit is None or new.hit.sense != "ratio":
        return False
    own = match is not None and match["act"] in last.words
    return own or (last.date.kind != "range" and bool(_RATES.match(new.words)))


def _is_lesson(pieces: tuple[Piece, ...], at: int) -> bool:
    """凡是陌生人索要验证码的, 一律拒绝: what people are told to do, and no duty."""
    return at > 0 and pieces[at].words.startswith("一律") and bool(_BAITED.search(pieces[at - 1].words))


def _asks_in_heading(hit: Hit, piece: Piece) -> bool:
    """Totalities in a heading are slogans, and so is its one of something (先上一堂课)."""
    bare = hit.sense == "count" and hit.marker == "bare" and hit.value == 1 and not piece.cadences
    return hit.quantifier == "number" and not bare


def _pays(hit: Hit, words: str) -> bool:
    """Points and rewards; the band or event they are for (90%至95%得10分) is no demand of its own."""
    return hit.sense == "points" or (hit.unit in ("元", "万元") and bool(re.search(r"奖|罚|给予|补", words)))


def _repeats(last: Finding, piece: Piece) -> bool:
    """走访一遍, 不漏一户: the second clause says of the first that it holds for all, and asks for nothing new."""
    plain = last.hit is None or (last.hit.sense in ("count", "totality", "ratio") and last.hit.value == 1)
    return plain and bool(piece.hits) and bool(_REPEATS.match(piece.words))


def _closes(findings: list[Finding], piece: Piece) -> bool:
    """…成立一支队伍, 3月底前到位: the last clause only says by when all that was asked is done."""
    undated = all(finding.date is None and finding.cadence is None for finding in findings)
    if not undated or not piece.dates or piece.dates[0].kind != "by":
        return False
    last = findings[-1].hit
    if last is None or piece.start > findings[-1].end + 1:
        return bool(_DONE.match(_without_times(piece)))
    made = last.unit in _MADE and bool(_HANDED_IN.search(piece.words))
    given = last.sense == "share-out" and bool(_HANDED_OVER.search(piece.words))
    return made or given or bool(_DONE.match(_without_times(piece)))


def _is_announced(findings: list[Finding], new: Finding) -> bool:
    """季度评: 按季评定 says one cadence twice."""
    last = findings[-1] if findings else None
    if last is None or last.hit or new.hit or last.cadence is None or new.cadence is None:
        return False
    return last.cadence.compact and not new.cadence.compact and last.cadence.cadence == new.cadence.cadence


def _drop_announced(findings: list[Finding], new: Finding) -> list[Finding]:
    """周例会: 每周召开1次 is one demand, the one with the number."""
    last = findings[-1] if findings else None
    if last and last.hit is None and last.cadence and last.cadence.compact and new.cadence:
        return findings[:-1] if last.cadence.cadence == new.cadence.cadence else findings
    return findings


def _hear_subject(carry: _Carry, piece: Piece) -> _Carry:
    if piece.subject is None:
        other = carry.each and bool(_OTHER_EACH.match(piece.words))
        return replace(carry, subject=None, agent=False, each=False) if other else carry
    if carry.subject and piece.words[piece.subject.start] == "每" and not carry.each:
        # 实行包联, 即每名民警… says who is meant by the body before; 每个班报送2件 is its own act
        named = piece.words.startswith("即每") or bool(_OWN_ACT.match(piece.words, piece.subject.end))
        return replace(carry, subject=_place_subject(piece), each=True) if named else carry  # 每村不少于10条 shares out
    if carry.subject and piece.subject.soft:
        return carry
    each = piece.words[piece.subject.start] == "每"
    return _Carry(
        carry.start, carry.cadence, carry.date, _place_subject(piece), piece.subject.agent, carry.shared, carry.past,
        carry.condition, each,
    )  # fmt: skip


def _place_subject(piece: Piece) -> Span | None:
    """Where the body stands in the sentence."""
    return (piece.start + piece.subject.start, piece.start + piece.subject.end) if piece.subject else None


def _is_past(carry: _Carry, piece: Piece) -> bool:
    """A report runs on through the sentence until a clause asks for something."""
    return piece.past or (carry.past and not _ASKS_AGAIN.search(piece.words))


def _from_hits(piece: Piece, hits: tuple[Hit, ...], carry: _Carry) -> list[Finding]:
    """One finding a hit; the words are cut between hits, but measures of one number (发案、案损下降20%) share them."""
    findings = []
    carry = replace(carry, start=None, cadence=None, date=None, shared=None) if piece.qualifies else carry
    if len(hits) == 2 and not piece.qualifies and _is_other_choice(piece.words, hits[0], hits[1]):
        hits = hits[:1]
    low = carry.start if carry.start is not None else piece.start
    for at, hit in enumerate(hits):
        following = hits[at + 1] if at + 1 < len(hits) else None
        same = following is not None and following.start == hit.start
        high = piece.start + _cut_between(piece, hit, following) if following and not same else piece.end
        if high > low:
            finding = _make_finding(piece, hit, carry, (low, high))
            listed = [replace(finding, date=day) for day in _list_days(piece, hit)]
            findings += listed or _for_each_group(piece, hit, finding)
        low = low if same else high
    return findings


def _list_days(piece: Piece, hit: Hit) -> list[DateHit]:
    """6月、9月各一次: the days between which nothing but a mark stands, where each has its own; else none."""
    days = [day for day in piece.dates if day.end <= hit.start]
    each = days and re.match(r"[^,]{0,2}各", piece.words[days[-1].end :])
    kinds = {"by" if day.kind == "on" else day.kind for day in days}  # 6月15日、12月15日前
    if not each or kinds not in ({"by"}, {"recurrent"}):
        return []
    listed = all(_TWO_TIMES.fullmatch(piece.words[one.end : other.start]) for one, other in itertools.pairwise(days))
    return days if len(days) > 1 and listed else []


def _for_each_group(piece: Piece, hit: Hit, finding: Finding) -> list[Finding]:
    """连锁店每月、其他店每季度开展一次: one demand for each cadence of the series that leads up to the act."""
    before = [cadence for cadence in piece.cadences if cadence.strong and cadence.end <= hit.start]
    if len(before) < 2 or finding.cadence != before[-1] or hit.sense != "count":
        return [finding]
    if not all(_GROUPS.fullmatch(piece.words, one.end, two.start) for one, two in itertools.pairwise(before)):
        return [finding]
    return [replace(finding, cadence=cadence) for cadence in before]


def _make_finding(piece: Piece, hit: Hit, carry: _Carry, place: Span) -> Finding:
    low, high = place
    cadence = _pick_cadence(piece, hit, carry)
    date = _pick_date(piece, hit) or (None if _LIMITS.match(piece.words) else _carried_date(piece, carry))
    return Finding(
        start=low, end=high, words=piece.words, hit=hit,
        local=piece.words[max(low - piece.start, 0) : high - piece.start],
        cadence=cadence, date=date, borrowed=_list_borrowed(piece, carry, cadence, date),
        subject=carry.subject,
        in_clause=piece.subject is not None, agent=carry.agent, step=find_step(piece.words), qualifies=piece.qualifies,
        when_it_happens=carry.condition or bool(_WHENEVER.search(piece.words[: hit.start])),
    )  # fmt: skip


def _is_other_choice(words: str, one: Hit, two: Hit) -> bool:
    """一份手抄报或一篇观后感: either of them is enough, so the first says all."""
    return one.sense == two.sense == "count" and bool(_OR.fullmatch(words, one.end, two.start))


def _list_borrowed(piece: Piece, carry: _Carry, cadence: CadenceHit | None, date: DateHit | None) -> tuple[str, ...]:
    """What an earlier clause left that does not belong to the quote; a clause that waited for its act does."""
    if carry.start is not None:
        return ()
    taken = (("cadence", cadence is not None and cadence not in piece.cadences),
             ("deadline", date is not None and date not in piece.dates))  # fmt: skip
    return tuple(what for what, outside in taken if outside)


def _cut_between(piece: Piece, hit: Hit, following: Hit) -> int:
    """Where one measure's words end and the next one's begin: at a cadence, else behind the last mark or connective."""
    if cadence := next((one for one in piece.cadences if hit.end <= one.start < following.start), None):
        return cadence.start
    between = piece.words[hit.end : following.start]
    cut = max((between.rfind(sign) for sign in ("、", "和", "及", "并", "且", "(")), default=-1)
    if cut >= 0:
        return hit.end + cut + 1
    word = _COMPARES.search(between)
    return following.start - (len(word[0]) if word else 0)


def _pick_cadence(piece: Piece, hit: Hit, carry: _Carry) -> CadenceHit | None:
    """The nearest cadence before the number, else one behind it, else what earlier clauses left."""
    before = [cadence for cadence in piece.cadences if cadence.start <= hit.start]
    behind = [] if any(other.start > hit.start for other in piece.hits) else list(piece.cadences[:1])
    usable = before[-1:] or behind
    usable = [cadence for cadence in usable if cadence.strong or hit.sense == "count"]
    if usable:
        return usable[0]
    when = hit.comparator == "<=" and piece.words[: hit.start].endswith("的")  # 破损的24小时内更换
    if _EACH_TIME.search(piece.words[: hit.start]) or hit.unit == "年" or when:
        return None
    if carry.start is not None and carry.cadence:
        return carry.cadence
    alone = piece.subject is None and not piece.dates and hit.sense == "count" and not _STANDS.search(piece.words)
    limit = hit.comparator == "<=" and hit.unit in _LIMIT_UNITS
    alone = alone and not limit and not _EACH_OF.match(piece.words)
    return carry.shared if alone and carry.shared and carry.shared.cadence != "continuous" else None


def _carried_date(piece: Piece, carry: _Carry) -> DateHit | None:
    """The date of the clause before, unless this one says its own time: 每周二前报送, 镇办每周通报 are two."""
    date = carry.date
    if date is None or (date.kind in ("by", "on") and any(cadence.strong for cadence in piece.cadences)):
        return None
    waited = carry.start is not None and not piece.cadences
    return None if date.kind == "recurrent" and (piece.cadences or piece.subject) and not waited else date


def _pick_date(piece: Piece, hit: Hit) -> DateHit | None:
    before = [date for date in piece.dates if date.start <= hit.start]
    firm = [date for date in before if date.kind in ("by", "on", "range")]
    usable = (firm if before and before[-1].kind == "season" else before)[-1:] or before[-1:] or list(piece.dates[:1])
    return usable[0] if usable else None


def _from_times(piece: Piece, carry: _Carry, heading: bool, last: bool) -> tuple[list[Finding], _Carry]:
    """A clause without a number: its cadence or date asks for something once there is an act to it."""
    if _FAVOURS.search(piece.words):
        return [], carry
    strong = tuple(cadence for cadence in piece.cadences if cadence.strong)
    start = carry.start if carry.start is not None else piece.start
    cadence = strong[0] if strong else carry.cadence or _each_year(piece, carry)
    dates = [date for date in piece.dates if date.kind != "season"] or (list(piece.dates) if strong else [])
    date = dates[0] if dates else (carry.date if carry.start is not None or strong else None)
    waits = bool(strong or dates) or carry.start is not None
    if not waits:
        return [], replace(carry, date=piece.dates[0]) if piece.dates else carry
    window = bool(dates) and dates[0].kind != "season" and _is_window(piece, dates[0], heading, last)
    acts = (
        window
        or any(hit.compact for hit in strong)
        or (has_act(_without_times(piece)) and not _WAITING.search(piece.words))
    )
    if not acts or not (window or _is_own_demand(piece, carry, strong)):
        return [], replace(carry, start=start, cadence=cadence, date=date)
    kinds = strong if len(strong) > 1 else (cadence,)
    if parts := _part_days(piece):
        return [_make_due(piece, part, carry) for part in parts], replace(carry, start=None, cadence=None, date=None)
    findings = [_make_timed(piece, start, kind, date, carry) for kind in kinds]
    left = None if findings[0].date is None else date  # a limit in days is used up by its act
    return findings, replace(carry, start=None, cadence=None, shared=cadence, date=left)


def _each_year(piece: Piece, carry: _Carry) -> CadenceHit | None:
    """每年11月申报, 12月10日前公布名单: the second day comes every year as well."""
    shared = carry.shared if carry.shared and carry.shared.cadence == "yearly" and carry.shared.strong else None
    return shared if any(date.kind in ("by", "on") for date in piece.dates) else None


def _is_window(piece: Piece, date: DateHit, heading: bool, last: bool) -> bool:
    """Dates in a heading, a range that ends a sentence, one beside a stage (第二阶段（…）：) and the end
    of the whole (至11月底结束) ask by themselves."""
    if date.kind == "by" and last and _ENDS.fullmatch(piece.words):
        return True
    if date.kind == "by" and date.end == len(piece.words) and _ROUND.search(piece.words[: date.start]):
        return True  # 首轮9月20日前, 二轮11月10日前
    return heading or (date.kind == "range" and (last or bool(_NAMES_STAGE.search(piece.words))))


def _is_own_demand(piece: Piece, carry: _Carry, strong: tuple[CadenceHit, ...]) -> bool:
    """A bare day (6月26日) asks only with a body or 于 beside it; it is otherwise a mere mention."""
    if strong or carry.cadence or not piece.dates:
        return True
    return (
        piece.dates[0].kind != "on"
        or (
            piece.dates[0].start == 0
            and piece.dates[0].window_start is not None
            and bool(_PLANS.match(_without_times(piece)))
        )
        or piece.subject is not None
        or bool(re.search(r"[于在][^,]{0,2}\d|定|时间为", piece.words))
    )


def _make_timed(piece: Piece, start: int, cadence: CadenceHit | None, date: DateHit | None, carry: _Carry) -> Finding:
    """Of several cadences in one clause (周通报、月分析) each has the words up to the next."""
    low, high = start, piece.end
    if cadence in piece.cadences and cadence is not None and len(piece.cadences) > 1:
        low = start if cadence == piece.cadences[0] else piece.start + cadence.start
        later = [hit.start for hit in piece.cadences if hit.start > cadence.start]
        high = piece.start + later[0] if later else piece.end
    local = piece.words[max(low - piece.start, 0) : high - piece.start]
    in_clause = piece.subject is not None
    hit = _read_days(piece, date) if cadence is None and date else None
    date = None if hit else date
    return Finding(low, high, piece.words, local, hit, cadence, date, carry.subject, in_clause, carry.agent)


def _part_days(piece: Piece) -> list[tuple[DateHit, Span]]:
    """10月5日前把方案、12月5日前把总结交镇里: each day with its own words; none where there is but one."""
    days = [date for date in piece.dates if date.kind == "by"]
    if len(days) < 2 or piece.cadences or len(days) != len(piece.dates):
        return []
    ends = [*(date.start for date in days[1:]), len(piece.words)]
    parts = [(day, (day.start, end)) for day, end in zip(days, ends, strict=True)]
    own = all(_HANDS.match(piece.words[day.end : end].rstrip("、和及")) for day, (_, end) in parts)
    return [(days[0], (0, ends[0])), *parts[1:]] if own else []


def _make_due(piece: Piece, part: tuple[DateHit, Span], carry: _Carry) -> Finding:
    date, (low, high) = part
    local = piece.words[low:high].rstrip("、和及")
    start = piece.start + low
    return Finding(
        start, start + len(local), piece.words, local, None, None, date, carry.subject,
        piece.subject is not None, carry.agent,
    )  # fmt: skip


def _read_days(piece: Piece, date: DateHit) -> Hit | None:
    """在15个工作日内办结 asks for no more than 15 days."""
    limit = read_limit(date)
    if limit is None:
        return None
    start, end = (date.start, date.end) if date in piece.dates else (0, 0)
    return Hit(start, end, "count", "<=", limit[0], limit[1], marker="内")


def _without_times(piece: Piece) -> str:
    """The words of a clause that are neither a time nor its subject."""
    places = [(hit.start, hit.end) for hit in piece.cadences] + [(hit.start, hit.end) for hit in piece.dates]
    if piece.subject:  # 由网格员上门: with the word that names who acts
        given = piece.words[: piece.subject.start].endswith("由")
        places.append((piece.subject.start - given, piece.subject.end))
    return "".join(sign for at, sign in enumerate(piece.words) if not any(low <= at < high for low, high in places))
