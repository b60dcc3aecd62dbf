"""Who a line asks, kept for the lines below it: labels (派出所：…), bodies as headings, subjects of sentences."""

import re

from wuzha.core.plan.outline import Sentence
from wuzha.core.plan.phrases.actor import find_bodies, find_handed, find_label
from wuzha.core.plan.phrases.group import Piece
from wuzha.core.plan.phrases.quick import quick
from wuzha.core.plan.phrases.sense import is_done_heading
from wuzha.core.plan.reader.context import OPENS_LIST, TOP, Context, first_subject

_ASKS = quick(r"要(?!求)|应|须|请")

_ASSESSED = quick(r"(?:考核|考评|评分|计分|评价|测评)(?:的)?对象:(?P<who>[^。;:]{2,60})")
_MARKED = quick(r"对(?P<who>[^,。;:]{2,30}?)(?:进行|实行|开展)?(?:月度|季度|年度|按月|逐月)?(?:计分|评分|打分|积分)")
_MARKS = quick(r"积分|计分|评分|打分|考核|考评|测评")


def note_assessed(context: Context, sentence: Sentence) -> None:
    """考核对象：各乡镇: all that is marked below is asked of them; so is 对各村评分 in a paper about marks."""
    match = _ASSESSED.search(sentence.folded) if "对象" in sentence.folded else None
    if match is None and context.assessed is None and _MARKS.search(context.frame.title):
        match = _MARKED.search(sentence.folded)
    if match and find_bodies(match["who"]):
        context.assessed = sentence.plain[match.start("who") : match.end("who")]


def note_label(context: Context, sentence: Sentence, heading: bool) -> None:
    """派出所：… and a heading that is only a body's name say who is meant below."""
    words = sentence.folded
    label = None
    if heading:
        label = find_label(sentence.plain)
    elif sentence.first and ":" in words[:62]:
        label = find_label(sentence.plain[: words.index(":")])
        if is_done_heading(words[: words.index(":")]):
            context.headings[sentence.block] = words[: words.index(":")]
    elif _is_bare_head(context, sentence):
        label = find_label(sentence.plain)
    if label:
        context.labels[sentence.block] = label
        block = context.outline.blocks[sentence.block]
        if not heading and not block.style:
            context.runs[_find_headed(context, sentence.block)] = label


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
    return not re.search(r"[。;!?,，:]", sentence.folded)


def note_subject(context: Context, sentence: Sentence, pieces: tuple[Piece, ...]) -> None:
    opens_list = bool(OPENS_LIST.search(sentence.folded))
    subject = first_subject(sentence, pieces[::-1], agents=opens_list) or _find_handed(sentence, pieces)
    block = context.outline.blocks[sentence.block]
    if subject:
        context.earlier[sentence.block] = subject
        _note_asked(context, sentence, subject)
    if opens_list and sentence.block in context.earlier:
        place = sentence.block if block.style or not block.above else block.above[-1]
        context.labels.setdefault(place, context.earlier[sentence.block])


def _find_handed(sentence: Sentence, pieces: tuple[Piece, ...]) -> str | None:
    for piece in pieces[::-1]:
        if body := find_handed(piece.words):
            return sentence.plain[piece.start + body.start : piece.start + body.end]
    return None


def _note_asked(context: Context, sentence: Sentence, subject: str) -> None:
    """各单位要高度重视… before the items of a heading: who is asked there is asked in the items too."""
    block = context.outline.blocks[sentence.block]
    if not _ASKS.search(sentence.folded):
        return
    if block.style:
        context.asked[sentence.block] = subject
    elif block.above and block.above[-1] == sentence.block - 1:
        context.asked[block.above[-1]] = subject
