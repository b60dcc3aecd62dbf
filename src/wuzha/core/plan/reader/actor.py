"""Who a demand is asked of: the words of the clause first, then what its neighbours and headings name."""

import re
from functools import lru_cache

from wuzha.core.base.numerals import fold
from wuzha.core.plan.outline import Sentence
from wuzha.core.plan.phrases.actor import find_bodies, is_at_place, is_place
from wuzha.core.plan.phrases.deadline import Calendar
from wuzha.core.plan.phrases.group import Finding, Piece, list_subjects, split_pieces
from wuzha.core.plan.phrases.quick import quick
from wuzha.core.plan.reader.context import (
    TOP,
    Context,
    find_lead_label,
    find_required,
    find_responsible_above,
    is_heading,
    name_subjects,
)
from wuzha.core.plan.reader.subject import find_asked, find_earlier
from wuzha.core.plan.reading import Inference, Span

_OWN_RATE = quick(
    r"(?:摸排|排查|建档|核验|收[看听]|认证|清理|更换|整治|核验|劝返|敲门|入户|走访|谈话|宣讲|宣传覆盖|反馈|回访|核查|见面|参训|参与|参学|参会|到课|合格|及格|通过|点击|(?<!止付)成功|接通|回收|发送|签订|答题|送达|整改|办结)率"
)
_OF_AREA = quick(r"(?:全年|年内|年度|确保|力争)?全[县市区州旗镇乡](?:全年|年度)?")
"""全县劝返率: the rate of the whole area, whoever does the act."""
_EVERYBODYS = quick(r"知晓|满意|识别|认知|识骗")
"""Outcomes that no single body answers for, whatever list stands beside them."""
_ACT_RATE = quick(r"(?P<act>[一-龥]{2})(?:到位)?率")
_SHARES_OUT = quick(r"(?:不少于|不低于|不得少于|至少|不超过)?[\d一二两三四五六七八九十]")
_TITLE_FOR = quick(r"的(?P<who>[一-龥()]{2,10}?),?(?:均|可|方能|才能|有资格|予以|给予|由|列为|评为)")
_TITLE = quick(
    r"(?<!申报[“\"])(?:[无零][诈骗案]|反诈|防诈|拒诈|平安|安全|示范|放心|达标|合格)(?P<who>(?!宣传|防范)[一-龥()]{1,8}?)[”\"]?"
    r"(?=(?:创建|评定|命名|达标|申报|认定|建设|应当?|须|必须|需|要|同时)*(?:的)?(?:标准|条件|符合|具备|达到|满足))"
)
_DONE_TO = quick(
    r"(?:要|应|须|均|都|必须)?(?:全部|全员|每[^,]{0,3}|100%)?(?:接受|加入|纳入|被|参加|参训|无|没有|零|签|注册|安装)"
    r"|[^要应须每]{0,12}[率数比]"
)
"""What is done to people and what is measured on them is asked of whoever wants the title."""

_SENT = quick(r"(?:组织|安排|发动|动员|在)$")
_SEES_TO = quick(r"(?:并|且|切实)?(?:确保|做到|保证)")
_NAMED_PHASE = quick(r"[)”\"]*[:：]")
_SAYS = quick(r"[^)]。$")
_GOAL = quick(r"[一-龥]{0,6}(?:工作|总体|活动|行动|创建|主要|任务|预期)?目标。?$")
_EACH_SPOT = quick(r"每[处间栋层座辆台块]")
_MUST = quick(r"要(?!求)|应|须|务必")
_GIVEN = quick(
    r",(?:统一|分别|均|都)?(?:由|归|请)(?P<who>[^,;。]{2,20}?)(?:具体|统一|分别|共同|联合|直接|亲自|逐[一-龥]|当面)?"
    r"(?:负责|落实|牵头|组织|承担|主讲|主持|讲[授解]?|授课|带队|维护|更新|张贴|摆放|发[到放给]?|送[到达给]?|交[到给]|寄|收集|轮[着流]|填写|完成|安排|办理|保管|管理|执行|实施|开展)"
)
_THING = quick(
    r"^.{0,10}?(?:屏|广播|[”\"]广播|喇叭|公众号|视频号|抖音号|微信群|业主群|家长群|电台|网站|问题清单|问题|隐患|线索|内容)(?=每|日|双|要|应|须|播|推|持|循)"
)
_OTHER_EACH = quick(r"每(?:[间栋层所座辆台家]|个(?!月|季|星期|学期|工作日))")


def find_actor(context: Context, at: int, finding: Finding, class_: str) -> tuple[str | None, str]:
    """Same clause, same sentence, responsible bodies, sentence before, heading, address; outcomes only the first."""
    sentence = context.outline.sentences[at]
    if required := find_required(context, at, finding.start):
        return required, "same_sentence"
    if finding.qualifies or class_ == "criterion":
        return _find_candidate(context, sentence, finding)
    label = context.labels.get(sentence.block)
    if finding.subject and (_says_label_again(context, at, finding.subject) or not _gives_way(context, at, finding)):
        subject = sentence.plain[slice(*finding.subject)]
        if subject == label:
            return _name_each(finding, subject) or subject, "heading"
        if class_ != "target" or _stands_before(sentence, finding) or _bears_outcome(finding, subject):
            return subject, "same_clause" if finding.in_clause else "same_sentence"
    found = (_find_outcome_actor if class_ == "target" else _borrow_actor)(context, at, finding)
    if found[0] is None and context.assessed and class_ != "consequence":
        return context.assessed, "heading"
    return found


def _name_each(finding: Finding, label: str) -> str | None:
    """社工：每名社工…: the label told more narrowly."""
    return next(
        (each + label for each in ("每名", "每位", "每个", "各") if finding.words.startswith(each + label)), None
    )


def _stands_before(sentence: Sentence, finding: Finding) -> bool:
    """后进的甲、乙两村,10月底前补到90%; 其中甲、乙派出所降幅…: the body right before an outcome answers for it."""
    if finding.subject is None:
        return False
    if finding.in_clause:
        return finding.words.startswith("其中") and finding.subject[0] == finding.start + 2
    return sentence.folded[finding.subject[1] : finding.start] == "," and bool(finding.date)


def _find_candidate(context: Context, sentence: Sentence, finding: Finding) -> tuple[str | None, str]:
    """A condition is for whoever wants the title: 30人以上的企业可申报, 申报单位应符合以下条件:, else the subject."""
    if finding.qualifies:
        match = _TITLE_FOR.search(sentence.folded, finding.start)
        return (match["who"], "same_sentence") if match and find_bodies(match["who"]) else (None, "implied")
    subject = sentence.plain[slice(*finding.subject)] if finding.subject else None
    source = "same_clause" if finding.in_clause else "same_sentence"
    inside = finding.subject is not None and finding.in_clause and finding.subject[0] >= finding.start
    if subject and inside and (subject[0] in "各每" or not _DONE_TO.match(_say_behind(finding, subject))):
        return subject, source
    for place in (sentence.block, *reversed(context.outline.blocks[sentence.block].above)):
        if place in context.labels:
            return context.labels[place], "heading"
    if unit := _find_titled(context, sentence.block):
        return unit, "heading"
    if unit := find_lead_label(context, sentence.block):
        return unit, "earlier_sentence"
    return (subject, source) if subject else _find_applicant(context, sentence.block)


def _find_applicant(context: Context, block: int) -> tuple[str | None, str]:
    """Whom the row of a table or a line 申报对象：… names, where no sentence and no heading does."""
    cell = context.cells.get(block)
    if cell and cell.actor:
        return cell.actor, "table_row"
    return (context.assessed, "heading") if context.assessed else (None, "implied")


def _say_behind(finding: Finding, subject: str) -> str:
    return finding.words.partition(fold(subject))[2]


def _find_titled(context: Context, block: int) -> str | None:
    """“无诈社区”应当符合下列条件 names a title and the unit that wants it: 社区."""
    for place in (block, *reversed(context.outline.blocks[block].above)):
        heading = context.headings.get(place, "")
        named = {match.span("who") for match in _TITLE.finditer(heading)}
        if named:
            return _write_heading(context, place, *named.pop()) if len(named) == 1 else None
    return None


def _write_heading(context: Context, block: int, start: int, end: int) -> str | None:
    """The words of a heading as they are written."""
    return next((one.plain[start:end] for one in context.outline.sentences if one.block == block), None)


def _gives_way(context: Context, at: int, finding: Finding) -> bool:
    """Whether the subject only acts for, stands in or shares out for a body that is named elsewhere."""
    block = context.outline.sentences[at].block
    if finding.agent and (context.assessed or block in context.labels or _has_list(context, block)):
        return f"对{context.assessed}" not in finding.words  # 由督查科对各乡镇评分: who marks, and not who is marked
    if finding.subject is None:
        return False
    sentence = context.outline.sentences[at]
    words = sentence.plain[slice(*finding.subject)]
    if _is_shared_out(context, sentence, finding.subject):
        return True
    shares = words[0] == "每" and (words == "每人" or bool(_SHARES_OUT.match(sentence.folded, finding.subject[1])))
    spots = words.startswith("辖区") or bool(_EACH_SPOT.match(sentence.folded, finding.subject[1]))
    if shares or is_place(words) or (spots and context.assessed):
        return bool(context.assessed) or _borrow_actor(context, at, finding)[0] is not None
    sent = bool(_SENT.search(sentence.folded[: finding.subject[0]]))
    if not sent and not is_at_place(words):
        return False
    body = _borrow_from_headings(context, block)[0]
    return body is not None and not body.startswith("其他")


def _is_shared_out(context: Context, sentence: Sentence, place: Span) -> bool:
    """每村 under a label, and 规上企业逐家 in a row that names who tells them: on whom it is done, not who does it."""
    cell = context.cells.get(sentence.block)
    rowed = cell is not None and bool(cell.actor)
    if sentence.folded[place[0]] == "每":
        return rowed or sentence.block in context.labels
    return rowed and sentence.folded.startswith("逐", place[1])


def _says_label_again(context: Context, at: int, place: Span) -> bool:
    """社工：每名社工…: the subject is the label itself, told more narrowly."""
    sentence = context.outline.sentences[at]
    label, words = context.labels.get(sentence.block), sentence.plain[slice(*place)]
    return label is not None and label != words and words.endswith(label)


def _has_list(context: Context, block: int) -> bool:
    """Whether a row of a table or a list of responsible bodies says whose the duty is."""
    cell = context.cells.get(block)
    return bool((cell and cell.actor) or find_responsible_above(context, block))


def _find_outcome_actor(context: Context, at: int, finding: Finding) -> tuple[str | None, str]:
    """Outcomes are everybody's, unless the row or the item names who answers for them; how well an act was done
    (参训率, 接通率) is asked of whoever does the act."""
    sentence = context.outline.sentences[at]
    cell = context.cells.get(sentence.block)
    if cell and cell.actor:
        return cell.actor, "table_row"
    own = _OWN_RATE.search(finding.words) or _rates_own_act(sentence, finding)
    if not own or _OF_AREA.match(finding.words):
        bodies = None if _EVERYBODYS.search(finding.words) else context.responsible.get(sentence.block)
        given = None if bodies else _find_given(sentence, finding)
        return (given, "same_sentence") if given else (bodies, "responsibility_list" if bodies else "implied")
    if finding.subject and not finding.in_clause:
        return sentence.plain[slice(*finding.subject)], "same_sentence"
    bodies = find_responsible_above(context, sentence.block)
    if bodies:
        return bodies, "responsibility_list"
    if label := context.labels.get(sentence.block):
        return label, "heading"
    earlier = find_earlier(context, sentence.block) if _OWN_RATE.match(finding.words) else None
    return (earlier, "earlier_sentence") if earlier else (None, "implied")


def _rates_own_act(sentence: Sentence, finding: Finding) -> bool:
    """完成实名登记, 登记率98%以上: how much of the act before it was done."""
    match = _ACT_RATE.match(finding.words)
    return bool(match and match["act"] in sentence.folded[: finding.end - len(finding.words)])


def _bears_outcome(finding: Finding, subject: str) -> bool:
    """Whether an outcome is asked of the body before it, and not merely measured on it (商户签约率, 社区创建比例)."""
    if "的" in subject:
        return True
    if finding.hit is None:
        return False
    if not finding.in_clause and finding.hit.sense != "zero":
        return bool(_SEES_TO.match(finding.words)) and not _EVERYBODYS.search(finding.words)
    if subject[0] in "各每":
        return True
    after = _say_behind(finding, subject) if finding.in_clause else "要"
    return bool(re.match(r"[要应须需必确实做达力努争以对将年全内在]|每[年月周季日天]|\d", after))


def _borrow_actor(context: Context, at: int, finding: Finding) -> tuple[str | None, str]:
    block = context.outline.sentences[at].block
    cell = context.cells.get(block)
    if cell and cell.actor:
        return cell.actor, "table_row"
    apart = _THING.match(finding.words) or _OTHER_EACH.match(finding.words)
    earlier = None if apart else find_earlier(context, block)
    if earlier and earlier[0] == finding.words[0] == "每":
        earlier = None  # 每个社长签一份; 每季一篇案例…: two of a list
    near = [
        (context.responsible.get(block), "responsibility_list"),
        (context.labels.get(block), "heading"),
        (earlier, "earlier_sentence"),
    ]
    first = near[::-1] if earlier and _follows_asked(context, at, earlier) else near
    for bodies, source in first:
        if bodies:
            return bodies, source
    if finding.hit is None and finding.date and (finding.date.kind == "range" or is_heading(context, at)):
        return _look_ahead(context, at, finding)
    found = _borrow_from_above(context, block)
    if found[0] is None and (given := _find_given(context.outline.sentences[at], finding)):
        return given, "same_sentence"
    return found


def _follows_asked(context: Context, at: int, subject: str) -> bool:
    """Whether the sentence right before it, in the same item, asks a body by 要: who is listed at the item's end stands
    for the whole item only where no sentence names its own."""
    if not at or context.outline.sentences[at - 1].block != context.outline.sentences[at].block:
        return False
    before = context.outline.sentences[at - 1]
    return before.plain.startswith(subject) and bool(_MUST.match(before.folded, len(subject)))


def _find_given(sentence: Sentence, finding: Finding) -> str | None:
    """主干道设置宣传牌12块, 由市政公司负责维护: the body that the clause behind gives the thing to."""
    match = _GIVEN.match(sentence.folded, finding.end)
    if match is None or not find_bodies(match["who"].rpartition("的")[2]):
        return None
    return sentence.plain[match.start("who") : match.end("who")]


def _borrow_from_above(context: Context, block: int) -> tuple[str | None, str]:
    """From the nearest heading that names somebody, at last from the address of the letter."""
    found = _borrow_from_headings(context, block)
    address = dict(context.frame.address).get(block)
    if found[0] is None and address and not _is_goal(context, block):
        return address, "heading"
    return found


def _is_goal(context: Context, block: int) -> bool:
    """Under 工作目标 stands what all are to reach together."""
    above = (*context.outline.blocks[block].above, block)
    return any(_GOAL.match(context.headings.get(place, "")) for place in above)


def _borrow_from_headings(context: Context, block: int) -> tuple[str | None, str]:
    far = ((context.runs, "heading"), (context.responsible, "responsibility_list"), (context.labels, "heading"))
    own = context.outline.blocks[block]
    above = own.above or (() if own.style in ("han", "article") else (TOP,))
    for place in reversed(above):
        for bodies, source in far:
            if place in bodies:
                return bodies[place], source
        if asked := find_asked(context, place):
            return asked, "earlier_sentence"
    return None, "implied"


def _look_ahead(context: Context, at: int, finding: Finding) -> tuple[str | None, str]:
    """The body named behind a phase's name, in its sentence or the next two; a phase whose work names nobody is
    everybody's, and so are days on a line of their own."""
    sentences = context.outline.sentences
    own = sentences[at]
    behind = _NAMED_PHASE.match(own.folded, finding.end)
    if behind and (subject := _first_asked(context, own, behind.end())):
        return subject, "later_sentence"
    for following in sentences[at + 1 : at + 3]:
        if following.block != own.block or own.folded.endswith(";"):
            break
        pieces = _split_ahead(following.folded, context.frame.calendar)
        if named := [*name_subjects(following, pieces)]:
            return named[-1], "later_sentence"
    alone = finding.date is not None and finding.date.kind == "range" and not behind and not _SAYS.search(own.folded)
    return (None, "implied") if alone else _borrow_from_above(context, own.block)


@lru_cache(maxsize=16)
def _split_ahead(folded: str, calendar: Calendar) -> tuple[Piece, ...]:
    """The clauses of a sentence that several demands before it look ahead to, cut once for all of them."""
    return split_pieces(folded, calendar)


def _first_asked(context: Context, sentence: Sentence, start: int) -> str | None:
    """The first body in the words from ``start`` on that is not shared out to (每个网点)."""
    words, written = sentence.folded[start:], sentence.plain[start:]
    named = [
        written[at + subject.start : at + subject.end]
        for at, subject in list_subjects(words, split_pieces(words, context.frame.calendar))
        if not subject.agent and words[at + subject.start] != "每"
    ]
    return named[-1] if named else None


def say_actor(context: Context, sentence: Sentence, actor: str | None, source: str) -> tuple[Inference, ...]:
    """The address of the letter is among the headings for the labels; the reason given tells the two apart."""
    if actor is None or source in ("same_clause", "same_sentence", "implied"):
        return ()
    addressed = source == "heading" and dict(context.frame.address).get(sentence.block) == actor
    return (Inference("actor", "address" if addressed else source, actor),)
