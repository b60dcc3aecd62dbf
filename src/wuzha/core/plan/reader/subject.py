"""Who a line asks, kept for the lines below it: labels (派出所：…), bodies as headings, subjects of sentences."""

import re
from collections.abc import Sequence

from wuzha.core.plan.outline import Sentence
from wuzha.core.plan.phrases.actor import find_bodies, find_handed, find_label
from wuzha.core.plan.phrases.group import Piece, list_clauses
from wuzha.core.plan.phrases.quick import quick
from wuzha.core.plan.phrases.sense import is_done_heading
from wuzha.core.plan.reader.context import TOP, Context, Said, name_subjects, note_heading

_ASKS = quick(r"要(?!求)|应|须|请")

_MARK = re.compile("[。;!?,，:]")
_ASSESSED = quick(
    r"(?:考核|考评|评分|计分|评价|测评|申报|参评|创建|评选|评定)(?:的)?(?:对象|主体|范围):(?P<who>[^。;:]{2,60})"
)
_MARKED = quick(r"对(?P<who>[^,。;:]{2,30}?)(?:进行|实行|开展)?(?:月度|季度|年度|按月|逐月)?(?:计分|评分|打分|积分)")
_MARKS = quick(r"积分|计分|评分|打分|考核|考评|测评")


def note_assessed(context: Context, sentence: Sentence) -> None:
    """考核对象：各乡镇: all that is marked below is asked of them; so is 对各村评分 in a paper about marks."""
    match = _ASSESSED.search(sentence.folded) if "对象" in sentence.folded else None
    if match is None and context.assessed is None and _MARKS.search(context.frame.title):
        match = _MARKED.search(sentence.folded)
    if match and find_bodies(match["who"]):
        context.assessed = sentence.plain[match.start("who") : match.end("who")]


_WHO_DOES = quick(
    r"(?:谁来?[一-龥]{1,3}|(?:谁|由谁)负责|(?:宣讲|走访|入户|敲门|实施|参与|参战|工作|执行)(?:人员|主体|力量|队伍)):(?P<who>[^。;:]{2,60})[。;]?$"
)
_SPEAKER = quick(
    r"(?P<who>[我本](?:村|社区|小区|镇|乡|街道|校|院|行|店|局|厂|所|站|公司|单位|企业|网点|中心|商场|超市|班))(?!里)"
)


def note_speaker(context: Context, sentence: Sentence) -> None:
    """谁来敲：网格员、楼长。 says who does all that stands beside it; 我村… in a pledge, who promises."""
    words = sentence.folded
    if not sentence.first:
        return
    if ":" in words[:9] and (match := _WHO_DOES.match(words)):
        place = _find_headed(context, sentence.block)
        if place == TOP or find_bodies(match["who"]):
            context.runs[place] = sentence.plain[match.start("who") : match.end("who")]
    elif words[:1] in ("我", "本") and "承诺" in context.frame.title and (match := _SPEAKER.match(words)):
        context.runs[TOP] = sentence.plain[match.start("who") : match.end("who")]


def note_label(context: Context, sentence: Sentence, heading: bool) -> None:
    """派出所：… and a heading that is only a body's name say who is meant below."""
    words = sentence.folded
    label = None
    if heading:
        label = find_label(sentence.plain)
    elif sentence.first and ":" in words[:62]:
        label = find_label(sentence.plain[: words.index(":")])
        if is_done_heading(words[: words.index(":")]):
            note_heading(context, sentence.block, words[: words.index(":")])
    elif named := _find_set_apart(context, sentence):
        label = named
    elif _is_bare_head(context, sentence):
        label = find_label(sentence.plain)
    if label:
        context.labels[sentence.block] = label
        block = context.outline.blocks[sentence.block]
        if not heading and not block.style:
            context.runs[_find_headed(context, sentence.block)] = label


_BULLETS = "★☆●■□◆◇▲△○◎•·※►▶➤√-"


def _find_set_apart(context: Context, sentence: Sentence) -> str | None:
    """★门诊部　导诊屏每天播放…, 1.财务科 每月…: a name that only a blank sets apart from what it is asked."""
    places = sentence.places
    if not sentence.first or isinstance(places, range):
        return None
    at = next((at for at in range(1, min(len(places), 18)) if places[at] != places[at - 1] + 1), 0)
    marked = sentence.plain[:1] in _BULLETS or bool(context.outline.blocks[sentence.block].style)
    name = sentence.plain[:at].lstrip(_BULLETS)
    if at and not name:
        after = next((to for to in range(at + 1, min(len(places), 18)) if places[to] != places[to - 1] + 1), 0)
        at, name = after, sentence.plain[at:after]
    wide = bool(at) and places[at] > places[at - 1] + 2
    return find_label(name) if len(name) > 1 and (marked or wide) else None


def _find_headed(context: Context, at: int) -> int:
    """The block under which the lines stand that follow a label without a number."""
    blocks = context.outline.blocks
    following = blocks[at + 1] if at + 1 < len(blocks) and blocks[at + 1].style else blocks[at]
    return following.above[-1] if following.above else TOP


def _is_bare_head(context: Context, sentence: Sentence) -> bool:
    """A line without a number that may be only a body's name, over the lines that follow; a name over a date signs."""
    following = sentence.block + 1
    if not sentence.first or len(sentence.folded) > 24 or context.outline.blocks[sentence.block].style:
        return False
    if following >= len(context.outline.blocks) or following in context.frame.skip:
        return False
    return not _MARK.search(sentence.folded)


def note_subject(context: Context, sentence: Sentence, pieces: tuple[Piece, ...]) -> None:
    """Keep the sentence for those that ask whom it names; before a list (各单位要：) it heads what follows."""
    said = (sentence, pieces)
    block = context.outline.blocks[sentence.block]
    context.said.setdefault(sentence.block, []).append(said)
    _note_asking(context, said)
    if sentence.folded.endswith(":") and (subject := find_earlier(context, sentence.block)):
        place = sentence.block if block.style or not block.above else block.above[-1]
        context.labels.setdefault(place, subject)
        if not block.style:
            context.leads.add(sentence.block)


def _note_asking(context: Context, said: Said) -> None:
    """各单位要高度重视… before the items of a heading: who is asked there is asked in the items too."""
    at = said[0].block
    block = context.outline.blocks[at]
    if not block.style and not (block.above and block.above[-1] == at - 1):
        return
    if _ASKS.search(said[0].folded):
        context.asking.setdefault(at if block.style else at - 1, []).append(said)


def find_earlier(context: Context, block: int) -> str | None:
    """Who was named last in the sentences of a block that have been read."""
    return _find_last_named(context, context.said.get(block, ()))


def find_asked(context: Context, block: int) -> str | None:
    """Who was asked last in the sentences over the items of a block."""
    return _find_last_named(context, context.asking.get(block, ()))


def _find_last_named(context: Context, said: Sequence[Said]) -> str | None:
    for sentence, pieces in reversed(said):
        if sentence.span not in context.named:
            context.named[sentence.span] = _find_named(sentence, pieces)
        if subject := context.named[sentence.span]:
            return subject
    return None


def _find_named(sentence: Sentence, pieces: tuple[Piece, ...]) -> str | None:
    agents = sentence.folded.endswith(":")
    return next(name_subjects(sentence, pieces, agents=agents), None) or _find_handed(sentence, pieces)


def _find_handed(sentence: Sentence, pieces: tuple[Piece, ...]) -> str | None:
    clauses = [(piece.start, piece.words) for piece in pieces] or list_clauses(sentence.folded)
    for start, words in reversed(clauses):
        if body := find_handed(words):
            return sentence.plain[start + body.start : start + body.end]
    return None
