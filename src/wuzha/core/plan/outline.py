"""Text to blocks, sentences and comma clauses, each with its place; nothing is lost and nothing is read twice.

A block is one paragraph, or one line of a table's cell. Its number (一、, （二）, 3., （4）, 第五条) gives the clause
by which people cite it: 三（二）2. The styles of numbering nest in the order in which they first appear: plans differ
on which of 1、 and （一） is above.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wuzha.core.base.numerals import fold
from wuzha.core.plan.layout import Cell, read_layout
from wuzha.core.plan.reading import Span

_MARKERS = (
    ("article", re.compile(r"(第[零一二三四五六七八九十百\d]{1,5}[章节条])[ 、.:]?")),
    ("han", re.compile(r"([一二三四五六七八九十]{1,3})[、.]")),
    ("han-brackets", re.compile(r"(\([一二三四五六七八九十]{1,3}\))[、.]?")),
    ("digits-brackets", re.compile(r"(\(\d{1,2}\))[、.]?")),
    ("digits", re.compile(r"(\d{1,2})(?:[.、](?!\d(?!\d?月\d{1,2}日))|\))")),
    ("ring", re.compile(r"([①-⑳])[、.]?")),
    ("broken", re.compile(r"()、")),
    ("step", re.compile(r"(第[一二三四五六七八九十\d]{1,2}(?:步|阶段|步骤|周|轮|个月))(?=[,、:(（： ]|$)")),
)
_OPENS_MARKER = re.compile(r"[第一二三四五六七八九十(（\d①-⑳、]")
_SPEAKING = ("step",)
"""Numbers that are part of the words: 第一步，摸底."""
_BRACKETS = str.maketrans("()", "（）")
_SENTENCE = re.compile(r"[^。！？!?;；]{0,2000}(?:[。！？!?;；]{1,6}[”’」』）)]?|(?<=.)|$)", re.DOTALL)
_LIST_OF_ACTORS = re.compile(
    r"(?<![一-龥])[（(〔\[【]?(?:(?:责任|牵头|配合|主办|主责|协办|承办|落实|负责|实施|执行)(?:领导|单位|部门|科室|处室|机构|主体|岗位|学院|站所|人|(?<=牵头)|(?<=主办)|(?<=责任)|(?<=承办)|(?<=配合))|(?:完成|办结)(?:时限|期限|时间)|时限要求|截止时间)[:：]"
)
_CLAUSE = re.compile(r"[^,，]{1,400}[,，]?|[,，]")


@dataclass(slots=True, unsafe_hash=True)  # never changed; made by the hundred, and frozen ones cost twice as much
class Block:
    """One line: where it stands, its number, its place in the outline and the blocks above it (nearest last).

    A cell of a table has no number of its own to nest by (``style`` is empty); it stands under the headings above it.
    """

    span: Span
    body: int
    style: str
    clause: str
    above: tuple[int, ...]
    cell: Cell | None = None


@dataclass(slots=True, unsafe_hash=True)  # never changed; made by the hundred, and frozen ones cost twice as much
class Sentence:
    """A piece of a block that ends in a full stop, a semicolon or the line's end.

    ``plain`` is the words as written, without blanks and without the number of the block; ``folded`` is what the
    phrases read: half-width signs, one for one. ``places[i]`` is where the i-th of them stands in the text.
    """

    span: Span
    block: int
    first: bool
    plain: str
    folded: str
    places: Sequence[int]

    def locate(self, start: int, end: int) -> Span:
        """The place in the text of ``folded[start:end]``, which must not be empty."""
        return self.places[start], self.places[end - 1] + 1


def _is_blank(sign: str) -> bool:
    """Blanks and the signs that show nothing (a byte order mark, zero-width spaces), which copied text is full of."""
    return sign.isspace() or sign in "\ufeff\u200b\u200c\u200d\u2060"


@dataclass(slots=True, unsafe_hash=True)  # never changed; made by the hundred, and frozen ones cost twice as much
class Outline:
    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]


def read_outline(text: str) -> Outline:
    """All blocks and sentences of ``text``; spans of sentences are ordered, disjoint and hold all that is not blank."""
    blocks = _read_blocks(text)
    folded = fold(text)
    sentences: list[Sentence] = []
    for at, block in enumerate(blocks):
        sentences += _split_block(text, folded, at, block)
    return Outline(blocks, tuple(sentences))


def split_clauses(folded: str) -> tuple[Span, ...]:
    """The comma clauses of a folded sentence; a comma inside brackets does not end one."""
    if "(" not in folded:
        return tuple([match.span() for match in _CLAUSE.finditer(folded)])
    spans: list[Span] = []
    opened = 0
    for match in _CLAUSE.finditer(folded):
        start, end = match.span()
        if opened > 0 and spans and end - spans[-1][0] <= 400:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
            opened = 0
        opened += match[0].count("(") - match[0].count(")")
    return tuple(spans)


def _read_blocks(text: str) -> tuple[Block, ...]:
    blocks: list[Block] = []
    stack: list[tuple[str, str, int]] = []
    for line in read_layout(text):
        words = text[slice(*line.span)]
        if line.cell:
            blocks.append(_read_cell(words, line.span[0], line.cell, stack))
        else:
            blocks.append(_read_block(words, line.span[0], len(blocks), stack))
    return tuple(blocks)


def _read_cell(words: str, start: int, cell: Cell, stack: list[tuple[str, str, int]]) -> Block:
    """A line of a cell; a number before its words (1.每月…) is passed over and nests nothing."""
    folded = fold(words[:16])
    marks = (pattern.match(folded) for style, pattern in _MARKERS if style not in _SPEAKING)
    mark = next((match for match in marks if match), None)
    clause = "".join(label for _, label, _ in stack)
    body = start + (mark.end() if mark else 0)
    return Block((start, start + len(words)), body, "", clause, tuple(place for _, _, place in stack), cell)


def _read_block(line: str, start: int, index: int, stack: list[tuple[str, str, int]]) -> Block:
    """The block of one line; ``stack`` holds (style, label, block) of the numbers above it and is kept up to date."""
    folded = fold(line[:16]) if _OPENS_MARKER.match(line) else ""
    for style, pattern in _MARKERS if folded else ():
        if match := pattern.match(folded):
            _pop_to(style, stack)
            above = tuple(place for _, _, place in stack)
            stack.append((style, match[1].translate(_BRACKETS), index))
            clause = "".join(label for _, label, _ in stack)
            body = start if style in _SPEAKING else start + match.end()
            return Block((start, start + len(line)), body, style, clause, above)
    clause = "".join([label for _, label, _ in stack])
    return Block((start, start + len(line)), start, "", clause, tuple([place for _, _, place in stack]))


def _pop_to(style: str, stack: list[tuple[str, str, int]]) -> None:
    if style == "broken":
        del stack[:]
    for depth, (known, _, _) in enumerate(stack):
        if known == style:
            del stack[depth:]
            return


def _split_block(text: str, folded: str, at: int, block: Block) -> list[Sentence]:
    start, end = block.span
    line = text[start:end]
    sentences = []
    for low, high in _cut(line):
        stripped = line[low:high].lstrip()
        if not stripped:
            continue
        from_ = start + high - len(stripped)
        to = from_ + len(stripped.rstrip())
        body = block.body if low == 0 and from_ < block.body < to else from_
        sentences.append(_make_sentence(text, folded, (from_, to), body, (at, low == 0)))
    return sentences


def _make_sentence(text: str, folded: str, span: Span, body: int, place: tuple[int, bool]) -> Sentence:
    plain = text[body : span[1]]
    if " " not in plain and plain.isprintable():  # all other blanks cannot be printed
        return Sentence(span, *place, plain, folded[body : span[1]], range(body, span[1]))
    places = [at for at, sign in enumerate(plain, start=body) if not _is_blank(sign)]
    return Sentence(
        span, *place, "".join(text[at] for at in places), "".join(folded[at] for at in places), tuple(places)
    )


def _cut(line: str) -> Iterator[Span]:
    """Ends of sentences, and the start of a list of responsible bodies, which is a sentence of its own."""
    cuts = {0, len(line), *[match.end() for match in _SENTENCE.finditer(line)]}
    if "：" in line or ":" in line:
        cuts.update(match.start() for match in _LIST_OF_ACTORS.finditer(line))
    return itertools.pairwise(sorted(cuts))
