"""Lists of responsible bodies (责任单位：…) and the lines for which they answer."""

import re
from dataclasses import dataclass

from wuzha.core.plan.outline import Outline
from wuzha.core.plan.phrases.actor import find_bracketed, find_responsible, is_leader
from wuzha.core.plan.reader.context import Context, is_heading
from wuzha.core.plan.reading import Span

_CLOSING = ("）", ")", "〕", "]", "】")


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list of responsible bodies: whether it stands on a line of its own, else how its line opens."""

    block: int
    bodies: str
    alone: bool
    opening: str
    leader: bool


def list_heads(outline: Outline, notes: frozenset[Span]) -> frozenset[int]:
    """The blocks under which others stand; a note on a line of its own (责任单位：…) is no such other."""
    lines = {sentence.block for sentence in outline.sentences if sentence.first and sentence.span in notes}
    return frozenset(block.above[-1] for at, block in enumerate(outline.blocks) if block.above and at not in lines)


def note_responsible(context: Context) -> None:
    """（责任单位：…） speaks for its block, and on a line of its own for the block before it and the item above;
    责任领导 only where no body does."""
    listed: list[_Listed] = []
    alone, opening = False, ""
    for at, sentence in enumerate(context.outline.sentences):
        bodies = _find_listed(context, at)
        if sentence.first:
            alone, opening = bodies is not None, sentence.folded
        if bodies:
            listed.append(_Listed(sentence.block, bodies, alone, opening, is_leader(sentence.plain)))
    listed.sort(key=lambda note: note.leader)
    for note in listed:
        context.responsible.setdefault(note.block, note.bodies)
    for note in listed:
        _spread_bodies(context, note)


def _find_listed(context: Context, at: int) -> str | None:
    sentence = context.outline.sentences[at]
    if bodies := find_responsible(sentence.plain):
        return bodies
    if sentence.plain.rstrip("。；;")[-1:] not in _CLOSING:
        return None
    return find_bracketed(sentence.plain, heading=is_heading(context, at))


def _spread_bodies(context: Context, note: _Listed) -> None:
    block = context.outline.blocks[note.block]
    if block.style or block.cell:
        return
    if not note.alone:
        _spread_below(context, note)
    elif note.block:
        context.responsible.setdefault(note.block - 1, note.bodies)
        if block.above:
            context.responsible.setdefault(block.above[-1], note.bodies)
            _spread_above(context, note, block.above[-1])


def _spread_above(context: Context, note: _Listed, item: int) -> None:
    """Behind the last of several items, none of which has a list of its own, the list is that of their heading."""
    blocks = context.outline.blocks
    above, following = blocks[item].above, note.block + 1
    if not above or (following < len(blocks) and blocks[following].above == above and blocks[following].style):
        return
    items = [at for at in range(above[-1] + 1, item) if blocks[at].above == above and blocks[at].style]
    if items and context.responsible.keys().isdisjoint(items):
        context.responsible.setdefault(above[-1], note.bodies)


def _spread_below(context: Context, note: _Listed) -> None:
    """加强校园宣传（责任单位：县教育局） on a line without a number heads the lines up to the next such line."""
    blocks = context.outline.blocks
    if len(note.opening) > 30 or re.search(r"[。;,\d]", note.opening):
        return
    for below in range(note.block + 1, len(blocks)):
        if len(blocks[below].above) < len(blocks[note.block].above) or below in context.frame.skip:
            break
        if blocks[below].style == "han" or (below in context.responsible and not blocks[below].style):
            break
        context.responsible.setdefault(below, note.bodies)
