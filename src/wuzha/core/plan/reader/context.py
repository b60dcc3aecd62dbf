"""What a sentence may borrow from around it, and what is asked of it in its place: is it a heading, does it go on with
the one before, is it a mere note (责任单位：…；完成时限：…)."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from wuzha.core.plan.outline import Outline, Sentence
from wuzha.core.plan.phrases.actor import find_bodies, find_bracketed, find_responsible
from wuzha.core.plan.phrases.deadline import Calendar, DateHit
from wuzha.core.plan.phrases.frame import Frame
from wuzha.core.plan.phrases.group import Piece, list_subjects
from wuzha.core.plan.phrases.quick import quick
from wuzha.core.plan.phrases.sense import is_criteria_heading, is_done_heading
from wuzha.core.plan.reading import Demand, ReadPhase, SentenceFate, Span
from wuzha.core.plan.table import CellContext

LIMIT = quick(r"[(,]?(?:完成时限|完成时间|办结时限|时限要求|时限|截止时间|完成期限)[:为](?P<when>[^,;。)]{2,30})")
_LAST_WORD = quick(
    r"^(?:以上|上述)?(?:工作|任务)?[于在]?(?P<when>[^,;。:]{2,16}?前)(?:全部|基本|全面)?(?:完成|到位|落实到位|结束)[。;]?$"
)
_ASKS = quick(r"要|不少于|不低于|不超过|不高于|至少|(?:下降|压降|减少|压减|降低)[^,。(]{0,6}[\d一二三四五六七八九十百]")
"""In the short first sentence of an item these ask, and it is no heading."""
_SHARED = quick(r"每[一-龥]{1,2}[\d两]{1,3}[人名个]")
"""每组2人: how many there are in each, and nobody who is asked."""
_REQUIRES = quick(
    r"(?:^|[。;,])(?P<who>[^,;。:]{2,14}?)(?:应当?|须|需|要|必须)(?:同时)?(?:符合|具备|满足|达到)(?:以下|下列|如下)?"
    r"(?:[一二三四五六七八九十\d]{1,2}[项个条])?(?:基本)?(?:条件|标准|要求)?:"
)
_WANTS = quick(r"(?:申报|达标|创建|参评|候选)(?!对口|材料|表|时)")
_STOPS = ("。", ";", "!", "?")
TOP = -1
"""The place of labels that stand over lines outside all headings."""


Said = tuple[Sentence, tuple[Piece, ...]]


@dataclass
class Context:
    """What a sentence may borrow from around it; kept up to date while the sentences are read in order.

    ``said`` holds the sentences of a block and ``asking`` those that ask something over the items of a block. Whom they
    name is looked up when an item has to borrow it, and then kept in ``named`` by the place of the sentence.
    """

    frame: Frame
    outline: Outline
    labels: dict[int, str] = field(default_factory=dict)
    headings: dict[int, str] = field(default_factory=dict)
    windows: dict[int, DateHit] = field(default_factory=dict)
    goals: dict[int, DateHit] = field(default_factory=dict)
    campaigns: dict[str, DateHit] = field(default_factory=dict)
    whole: DateHit | None = None
    responsible: dict[int, str] = field(default_factory=dict)
    said: dict[int, list[Said]] = field(default_factory=dict)
    named: dict[Span, str | None] = field(default_factory=dict)
    heads: frozenset[int] = frozenset()
    notes: frozenset[Span] = frozenset()
    criteria: bool = False
    conditions: set[int] = field(default_factory=set)
    done: set[int] = field(default_factory=set)
    made: int = 0
    ahead: bool = False
    goal: DateHit | None = None
    last: Demand | None = None
    runs: dict[int, str] = field(default_factory=dict)
    asking: dict[int, list[Said]] = field(default_factory=dict)
    cells: dict[int, CellContext] = field(default_factory=dict)
    assessed: str | None = None
    leads: set[int] = field(default_factory=set)
    calendar: Calendar = field(init=False)

    def __post_init__(self) -> None:
        self.calendar = self.frame.calendar  # asked for by each sentence, and always the same


@dataclass
class Draft:
    """What has been read so far; lives only while ``read_plan`` runs."""

    demands: list[Demand] = field(default_factory=list)
    vague: list[Demand] = field(default_factory=list)
    phases: list[ReadPhase] = field(default_factory=list)
    coverage: list[SentenceFate] = field(default_factory=list)


def is_standard(text: str, frame: Frame, outline: Outline) -> bool:
    """Whether the whole paper holds conditions: it is called a standard and has no section for them."""
    if not is_criteria_heading(frame.title):
        return False
    lines = (text[block.body : block.span[1]].strip() for block in outline.blocks if block.style)
    return not any(len(line) <= 20 and is_criteria_heading(line) for line in lines)


def list_notes(outline: Outline) -> frozenset[Span]:
    """The places of the sentences that are mere notes (责任单位：…): who and when, and nothing asked for."""
    return frozenset(sentence.span for sentence in outline.sentences if _is_note(sentence))


def _is_note(sentence: Sentence) -> bool:
    if find_responsible(sentence.folded) or find_limit(sentence):
        return True
    return sentence.folded.startswith("(") and bool(find_bracketed(sentence.folded, heading=False))


def find_limit(sentence: Sentence) -> str | None:
    """The words of a time that holds for the item: 完成时限：5月底, or behind other sentences 5月底前完成。"""
    match = LIMIT.match(sentence.folded)
    if match is None and not sentence.first and "前" in sentence.folded:
        match = _LAST_WORD.match(sentence.folded)
    return match["when"] if match else None


def is_heading(context: Context, at: int) -> bool:
    """A numbered line without a full stop, or the short first sentence of a numbered paragraph."""
    sentences = context.outline.sentences
    sentence = sentences[at]
    block = context.outline.blocks[sentence.block]
    if sentence.block <= context.frame.head:
        return True
    if not sentence.first or not block.style:
        return False
    behind = itertools.takewhile(lambda other: other.block == sentence.block, itertools.islice(sentences, at + 1, None))
    more = any(other.span not in context.notes for other in behind)
    if more:
        return len(sentence.folded) <= 32 and sentence.folded.endswith("。") and not _ASKS.search(sentence.folded)
    return len(sentence.folded) <= 40 and not sentence.folded.endswith(_STOPS)


def goes_on(context: Context, at: int) -> bool:
    """Whether a semicolon binds the sentence to the one before it."""
    sentences = context.outline.sentences
    return at > 0 and sentences[at - 1].block == sentences[at].block and sentences[at - 1].folded.endswith(";")


def say_before(context: Context, at: int) -> str:
    """The words of the chain of semicolons that ends here; of a long chain only its last part."""
    first = at
    while at - first < 6 and goes_on(context, first):
        first -= 1
    return "".join(sentence.folded for sentence in context.outline.sentences[first:at])


def name_subjects(
    sentence: Sentence, pieces: tuple[Piece, ...], *, agents: bool = False, end: int | None = None
) -> Iterator[str]:
    """The bodies that the sentence names before ``end``, the last one first; with ``agents`` those too that only act
    for somebody else."""
    for start, subject in list_subjects(sentence.folded[:end], pieces):
        if (agents or not subject.agent) and not _SHARED.match(sentence.folded, start + subject.start):
            yield sentence.plain[start + subject.start : start + subject.end]


def in_criteria(context: Context, block: int) -> bool:
    """Under a heading of conditions; in a paper that is called a standard and has no such heading, everywhere."""
    above = (*context.outline.blocks[block].above, block)
    if block in context.cells and context.cells[block].criteria:
        return True
    if _find_lead(context, block) in context.conditions:
        return True
    return context.criteria or not context.conditions.isdisjoint(above)


def _find_lead(context: Context, block: int) -> int | None:
    """评选标准： on a line without a number leads the next line, and those behind it that end in a semicolon."""
    own = context.outline.blocks[block]
    if own.style or not block or context.outline.blocks[block - 1].style:
        return None
    return block - 1 if context.headings.get(block - 1, "").endswith(":") else None


def find_lead_label(context: Context, block: int) -> str | None:
    """申报社区须同时具备以下条件： on a line without a number names who is asked in the numbered lines behind it."""
    blocks = context.outline.blocks
    while block >= 0 and blocks[block].style:
        block -= 1
    return context.labels.get(block) if block >= 0 and block in context.leads else None


def find_required(context: Context, at: int, end: int) -> str | None:
    """达标企业应符合：…；…；: who has to be all that the parts of the sentence say."""
    sentence = context.outline.sentences[at]
    if ":" not in sentence.folded and not goes_on(context, at):
        return None
    match = _REQUIRES.search(say_before(context, at) + sentence.folded[:end])
    if match is None or not (find_bodies(match["who"]) or _WANTS.match(match["who"])):
        return None
    return match["who"]


def note_heading(context: Context, block: int, words: str) -> None:
    """Keep the heading of a block, and whether what stands under it tells what is done or holds conditions."""
    context.headings[block] = words
    for kind, holds in ((context.done, is_done_heading(words)), (context.conditions, is_criteria_heading(words))):
        if holds:
            kind.add(block)
        else:
            kind.discard(block)


def find_responsible_above(context: Context, block: int) -> str | None:
    """Who is listed for the block, or for the nearest heading over it that has a list."""
    for place in (block, *reversed(context.outline.blocks[block].above)):
        if place in context.responsible:
            return context.responsible[place]
    return None
