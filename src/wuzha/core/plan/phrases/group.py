"""One sentence to findings: each measure with the cadence, the date and the words that belong to it.

A comma clause often carries only the time (各村每月在广场, 举办1次…); it is then joined with the clause of the act.
"""

import itertools
import re
from dataclasses import dataclass, replace
from fractions import Fraction

from wuzha.core.plan.outline import split_clauses
from wuzha.core.plan.phrases.actor import Actor, find_subject
from wuzha.core.plan.phrases.amount import Hit, find_amounts, find_step
from wuzha.core.plan.phrases.cadence import CadenceHit, find_cadences
from wuzha.core.plan.phrases.deadline import Calendar, DateHit, find_dates
from wuzha.core.plan.phrases.sense import find_event_evidence, find_qualification, has_act, is_fact, is_past
from wuzha.core.plan.phrases.totality import find_totalities
from wuzha.core.plan.reading import Span

_COLON = re.compile(r"(?<!\d):|:(?!\d)")
_WAITING = re.compile(r"为[“\"]?[^,为]{0,8}[日周月][”\"]?$|(?:至少|不少于|不低于|不得少于|每次|各)$|至少[^,\d]*$")
_TWO_TIMES = re.compile(r"(?:[、和及,与]|至|并于)$")
_PARTS_OF_DAY = re.compile(
    r"(?P<parts>(?:清晨|早上?|上午|中午?|下午|傍晚|晚上?|夜间)(?:[、和及]?(?:清晨|早上?|上午|中午?|下午|傍晚|晚上?|夜间)){1,3})(?:时段|高峰)?各[^,各每]{0,8}$"
)
_PART_OF_DAY = re.compile(r"清晨|早|上午|中|下午|傍晚|晚|夜")
_EVERY_EVENT = re.compile(r"^每?逢[^,]{1,10}$")
_GOES_TO = re.compile(r"(?:至|到|持续到|为期|历时)[^,]{0,8}[\d一二两三四五六七八九十]")
_STARTS = re.compile(r"[自从于][^,]{0,6}[\d月日][^,]{0,12}(?:起|开始|启动|开展)$")
_ENDS = re.compile(r"[至到][^,]{2,14}(?:结束|为止)")
_NAMES_STAGE = re.compile(r"阶段|步骤|时间|为[“\"]?[^,为]{1,12}(?:周|月|期)[”\"]?$")
_CONDITION = re.compile(r"的$")
_REPEATS = re.compile(
    r"^(?:并|且|切实)?(?:确保|做到|实现|务必)?[“\"]?(?:不[漏落少]一.|一.不[漏落少]|[户人家村]{2}(?:签收|签字|收到|领到))[”\"]?$"
)
_WHENEVER = re.compile(
    r"^(?:凡|发现|接到|遇|对(?:新|已|发)|首次|未|新[^,]{0,6}[人户者])|发生[^,]{0,8}后|每[次场期批起团单笔位]|单[场次期篇]|^每?逢"
)
_MORE_BODIES = re.compile(
    r"(?:[、和及][一-龥]{0,6}?(?:村|社区|校|园|行|点|户|店|站|位|局|镇|街道|企业|医院|单位|小区|家)){1,6}[^、并]{0,80}$"
)
_COMPARES = re.compile(r"(?:不少于|不低于|不得少于|不得低于|不超过|至少|最少|最多|超过)$")
_PLANS = re.compile(
    r"(?:组织|动员|部署|宣传|集中|启动|总结|开展|全面|调研|摸底|排查|自查|推进|验收|检查|督导|巩固|实施|召开|制定)[^,是为]*$"
)
_DONE = re.compile(r"(?:全部|基本|全面)?(?:完成|到位|落实到位|建成|结束)$")
_EACH_TIME = re.compile(r"每[次场期批团单笔位]|单[场次期篇]")
_OTHER_EACH = re.compile(r"每(?:[间栋层所座辆台家]|个(?!月|季|星期|学期|工作日))")
"""每个班级…, 每间宿舍…: the second is not what the first has to do."""
_STANDS = re.compile(r"设置|设立|建立|成立|配备|安排|确保|组建|明确|确定|力争|实现|悬挂|张贴|摆放|放置|粉刷|布置|竖")


@dataclass(frozen=True, slots=True)
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
    qualifies: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A demand in the making: ``start`` to ``end`` is its quote in the folded sentence, ``words`` its clause.

    ``local`` is the part of ``words`` that speaks of this measure alone. ``borrowed`` names what (``cadence``,
    ``deadline``) stands in an earlier clause outside the quote.
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
    qualifies: bool = False
    borrowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
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


def split_pieces(folded: str, calendar: Calendar, before: str = "") -> tuple[Piece, ...]:
    """The comma clauses, cut once more at colons that are no time of day. ``before`` is the sentence that this one goes
    on with, where 全覆盖 may find whom it means."""
    pieces = []
    for start, end in _join_stretches(folded, split_clauses(folded)):
        cuts = [start, *(start + match.end() for match in _COLON.finditer(folded[start:end])), end]
        pieces += [
            _read_piece(folded, low, high, calendar, before) for low, high in itertools.pairwise(cuts) if low < high
        ]
    return tuple(pieces)


def _join_stretches(folded: str, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """自3月10日启动, 至4月10日结束 is one stretch of time."""
    if ",至" not in folded and ",到" not in folded and ",为期" not in folded and ",历时" not in folded:
        return spans
    joined: list[Span] = []
    for start, end in spans:
        if joined and _GOES_TO.match(folded, start, end) and _STARTS.search(folded[joined[-1][0] : start - 1]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def _read_piece(folded: str, start: int, end: int, calendar: Calendar, before: str) -> Piece:
    words = folded[start:end].rstrip(",。;!?:")
    all_dates = find_dates(words, calendar)
    yearly = [hit for hit in find_cadences(words) if hit.cadence == "yearly"]
    counted = any(hit.sense == "count" for hit in find_amounts(words)) and yearly
    dates = tuple(hit for hit in all_dates if not (counted and hit.kind == "season" and hit.start == yearly[0].start))
    halves = [hit for hit in find_cadences(words) if hit.cadence == "half-yearly"]  # 上半年、下半年各1次: no two days
    dates = tuple(hit for hit in dates if not any(half.start <= hit.start and hit.end <= half.end for half in halves))
    cadences = tuple(
        hit
        for hit in find_cadences(words)
        if hit.strong or not any(hit.start < date.end and date.start < hit.end for date in dates)
    )
    timed = [(hit.start, hit.end) for hit in cadences] + [(hit.start, hit.end) for hit in dates]
    qualified = find_qualification(folded, start, start + len(words)) - start
    hits = _merge_hits(words, before + folded, timed, cadences, qualified)
    subject = find_subject(words, _skip_times(timed))
    condition = bool(_CONDITION.search(words)) or (not timed and bool(_EVERY_EVENT.match(words)))
    if subject and subject.end == len(words) and (hits or cadences):
        subject = None  # a clause that is all name and yet holds a measure is no name
    if qualified > 0:  # 90分以上的列为候选: what stands before 的 is a condition of the title, and all that is asked
        hits, cadences, dates, subject = tuple(hit for hit in hits if hit.end <= qualified), (), (), None
    elif condition:  # 新发案的, …: which are meant, and nothing asked of them yet
        hits, cadences, dates, subject = (), (), (), None
    return Piece(
        start, start + len(words), words, hits, cadences, dates, subject, is_past(words) or is_fact(words),
        find_event_evidence(words), condition, qualified > 0,
    )  # fmt: skip


def _merge_hits(
    words: str, folded: str, timed: list[tuple[int, int]], cadences: tuple[CadenceHit, ...], qualified: int
) -> tuple[Hit, ...]:
    """Amounts first, then totalities beside them; 一周一核查 holds a count of one; a time is no amount."""
    totals = find_totalities(words, folded)
    fixed = timed + [(hit.start, hit.end) for hit in totals if hit.sense == "share-out"]
    amounts = find_amounts(words, qualifies=qualified > 0)
    hits = [hit for hit in amounts if not _touches(hit.start, hit.end, fixed, inside=True)]
    hits += [_once_each(hit) for hit in cadences if hit.compact and words[hit.end - 1] == "一"]
    places = [(hit.start, hit.end) for hit in hits]
    for hit in totals:
        if not _touches(hit.start, hit.end, places + timed) and not _is_base(words, hit, hits, cadences):
            hits.append(hit)
    if "各" in words:
        hits = [_add_parts_of_day(words, hit) for hit in hits]
    return tuple(sorted(hits, key=lambda hit: (hit.start, hit.end)))


def _add_parts_of_day(words: str, hit: Hit) -> Hit:
    """早、中、晚各播放一次 is three times a day."""
    match = _PARTS_OF_DAY.search(words[: hit.start]) if hit.sense == "count" else None
    return replace(hit, value=hit.value * len(_PART_OF_DAY.findall(match["parts"]))) if match else hit


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
        return any(low <= start and end <= high for low, high in places)
    return any(start < high and low < end for low, high in places)


def _skip_times(timed: list[tuple[int, int]]) -> int:
    """Where the words begin after the dates and cadences at the head of a clause."""
    at = 0
    for start, end in sorted(timed):
        if start <= at + 1:
            at = max(at, end)
    return at


def find_findings(pieces: tuple[Piece, ...], heading: bool) -> tuple[Finding, ...]:
    """The findings of one sentence. In a heading only numbers and dates ask; its totalities are slogans."""
    findings: list[Finding] = []
    carry = _Carry()
    for at, piece in enumerate(pieces):
        carry = _hear_subject(replace(carry, past=_is_past(carry, piece)), piece)
        if carry.past:
            carry = replace(carry, start=None, date=None)
        carry = replace(carry, condition=carry.condition or piece.condition)
        if carry.past or piece.evidence or "不得分" in piece.words:
            continue
        if findings and _repeats(findings[-1], piece):
            findings[-1] = replace(findings[-1], end=piece.end, hit=findings[-1].hit or piece.hits[0])
            continue
        if findings and _closes(findings, piece):
            findings = [finding if finding.date else replace(finding, date=piece.dates[0]) for finding in findings]
            continue
        hits = tuple(hit for hit in piece.hits if not heading or _asks_in_heading(hit, piece))
        hits = tuple(hit for hit in hits if _pays(hit, piece.words)) or hits
        if hits:
            new = _from_hits(piece, hits, carry)
            findings = [*_drop_announced(findings, new[0]), *new] if new else findings
            carry = replace(carry, start=None, cadence=None, shared=new[-1].cadence if new else None)
            carry = replace(carry, date=new[-1].date if new else None)
        else:
            new, carry = _from_times(piece, carry, heading, last=at + 1 == len(pieces))
            findings += [finding for finding in new if not _is_announced(findings, finding)]
    return tuple(findings)


def _asks_in_heading(hit: Hit, piece: Piece) -> bool:
    """Totalities in a heading are slogans, and so is its one of something (先上一堂课)."""
    bare = hit.sense == "count" and hit.marker == "bare" and hit.value == 1 and not piece.cadences
    return hit.quantifier == "number" and not bare


def _pays(hit: Hit, words: str) -> bool:
    """Points and rewards; the band or event they are for (90%至95%得10分) is no demand of its own."""
    return hit.sense == "points" or (hit.unit in ("元", "万元") and bool(re.search(r"奖|罚|给予|补", words)))


def _repeats(last: Finding, piece: Piece) -> bool:
    """走访一遍, 不漏一户: the second clause says of the first that it holds for all, and asks for nothing new."""
    plain = last.hit is None or (last.hit.sense in ("count", "totality") and last.hit.value == 1)
    return plain and bool(piece.hits) and bool(_REPEATS.match(piece.words))


def _closes(findings: list[Finding], piece: Piece) -> bool:
    """…成立一支队伍, 3月底前到位: the last clause only says by when all that was asked is done."""
    undated = all(finding.date is None and finding.cadence is None for finding in findings)
    return undated and bool(piece.dates) and piece.dates[0].kind == "by" and bool(_DONE.match(_without_times(piece)))


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
        return carry  # 每村不少于10条 shares out what the body named before has to do
    if carry.subject and piece.subject.soft:
        return carry
    place = (piece.start + piece.subject.start, piece.start + piece.subject.end)
    each = piece.words[piece.subject.start] == "每"
    return replace(carry, subject=place, agent=piece.subject.agent, each=each)


def _is_past(carry: _Carry, piece: Piece) -> bool:
    """A report runs on through the sentence until a clause asks for something."""
    return piece.past or (
        carry.past and not re.search(r"要|应|须|请|确保|力争|并于|每[月周季天日年]|不少于|不低于", piece.words)
    )


def _from_hits(piece: Piece, hits: tuple[Hit, ...], carry: _Carry) -> list[Finding]:
    """One finding a hit; the words are cut between hits, but measures of one number (发案、案损下降20%) share them."""
    findings = []
    carry = replace(carry, start=None, cadence=None, date=None, shared=None) if piece.qualifies else carry
    low = carry.start if carry.start is not None else piece.start
    for at, hit in enumerate(hits):
        following = hits[at + 1] if at + 1 < len(hits) else None
        same = following is not None and following.start == hit.start
        high = piece.start + _cut_between(piece, hit, following) if following and not same else piece.end
        if high > low:
            finding = _make_finding(piece, hit, carry, (low, high))
            findings += [replace(finding, date=day) for day in _list_days(piece, hit)] or [finding]
        low = low if same else high
    return findings


def _list_days(piece: Piece, hit: Hit) -> list[DateHit]:
    """6月、9月各一次: the days between which nothing but a mark stands, where each has its own; else none."""
    days = [day for day in piece.dates if day.end <= hit.start]
    each = days and re.match(r"[^,]{0,2}各", piece.words[days[-1].end :])
    if not each or any(day.kind != days[0].kind or day.kind not in ("on", "by", "recurrent") for day in days):
        return []
    listed = all(_TWO_TIMES.fullmatch(piece.words[one.end : other.start]) for one, other in itertools.pairwise(days))
    return days if len(days) > 1 and listed else []


def _make_finding(piece: Piece, hit: Hit, carry: _Carry, place: Span) -> Finding:
    low, high = place
    cadence, date = _pick_cadence(piece, hit, carry), _pick_date(piece, hit) or _carried_date(piece, carry)
    return Finding(
        start=low, end=high, words=piece.words, hit=hit,
        local=piece.words[max(low - piece.start, 0) : high - piece.start],
        cadence=cadence, date=date, borrowed=_list_borrowed(piece, carry, cadence, date),
        subject=carry.subject,
        in_clause=piece.subject is not None, agent=carry.agent, step=find_step(piece.words), qualifies=piece.qualifies,
        when_it_happens=carry.condition or bool(_WHENEVER.search(piece.words[: hit.start])),
    )  # fmt: skip


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
    if _EACH_TIME.search(piece.words[: hit.start]) or hit.unit == "年":
        return None
    if carry.start is not None and carry.cadence:
        return carry.cadence
    alone = piece.subject is None and not piece.dates and hit.sense == "count" and not _STANDS.search(piece.words)
    return carry.shared if alone and carry.shared and carry.shared.cadence != "continuous" else None


def _carried_date(piece: Piece, carry: _Carry) -> DateHit | None:
    """The date of the clause before, unless this one says its own time: 每周二前报送, 镇办每周通报 are two."""
    date = carry.date
    if date is None or (date.kind in ("by", "on") and any(cadence.strong for cadence in piece.cadences)):
        return None
    return None if date.kind == "recurrent" and (piece.cadences or piece.subject) else date


def _pick_date(piece: Piece, hit: Hit) -> DateHit | None:
    before = [date for date in piece.dates if date.start <= hit.start]
    usable = before[-1:] or list(piece.dates[:1])
    return usable[0] if usable else None


def _from_times(piece: Piece, carry: _Carry, heading: bool, last: bool) -> tuple[list[Finding], _Carry]:
    """A clause without a number: its cadence or date asks for something once there is an act to it."""
    strong = tuple(cadence for cadence in piece.cadences if cadence.strong)
    start = carry.start if carry.start is not None else piece.start
    cadence = strong[0] if strong else carry.cadence
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
    findings = [_make_timed(piece, start, kind, date, carry) for kind in kinds]
    return findings, replace(carry, start=None, cadence=None, shared=cadence, date=date)


def _is_window(piece: Piece, date: DateHit, heading: bool, last: bool) -> bool:
    """Dates in a heading, a range that ends a sentence, one beside a stage (第二阶段（…）：) and the end
    of the whole (至11月底结束) ask by themselves."""
    if date.kind == "by" and last and _ENDS.fullmatch(piece.words):
        return True
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
    return Finding(low, high, piece.words, local, None, cadence, date, carry.subject, in_clause, carry.agent)


def _without_times(piece: Piece) -> str:
    """The words of a clause that are neither a time nor its subject."""
    places = [(hit.start, hit.end) for hit in piece.cadences] + [(hit.start, hit.end) for hit in piece.dates]
    if piece.subject:
        places.append((piece.subject.start, piece.subject.end))
    return "".join(sign for at, sign in enumerate(piece.words) if not any(low <= at < high for low, high in places))
