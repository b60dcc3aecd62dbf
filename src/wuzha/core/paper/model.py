"""An official paper as a value: what it says, in which order, and where each of its figures comes from.

How it looks is no matter of this room: ``wuzha.adapters.paper`` lays the same value out as Word and as PDF.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

FormCode = Literal[
    "notice",
    "letter",
    "circular",
    "supervise",
    "talk",
    "commend",
    "briefing",
    "plan",
    "policy-note",
    "monthly-table",
    "score-table",
    "certificate",
    "inspection-report",
]
Head = Literal["plain", "red", "letter", "briefing"]
"""What stands above the title. ``plain`` is nothing, also where the office prints on paper with its head on it."""
PictureWidth = Literal["wide", "half"]
Level = Literal[1, 2, 3, 4]
"""一、 then （一） then 1. then （1） (GB/T 9704-2012, 7.3.3)."""


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of paper: its Chinese name and the head it wears by custom."""

    name: str
    head: Head = "plain"


FORMS: Mapping[FormCode, Form] = MappingProxyType(
    {
        "notice": Form("通知", "red"),
        "letter": Form("工作提示函", "letter"),
        "circular": Form("通报", "red"),
        "supervise": Form("督办通知", "red"),
        "talk": Form("约谈记录"),
        "commend": Form("表扬通报", "red"),
        "briefing": Form("简报", "briefing"),
        "plan": Form("方案"),
        "policy-note": Form("政策解读"),
        "monthly-table": Form("工作进展情况表"),
        "score-table": Form("考核得分表"),
        "certificate": Form("无诈单元证书"),
        "inspection-report": Form("督导检查情况通报", "red"),
    }
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in the text that can be opened. ``id`` names its source; ``text`` is the number as it is printed.

    The unit of measure stands outside, in the text that follows: ``Figure("visited", "1,204"), "户"``.
    """

    id: str
    text: str


Span = str | Figure


@dataclass(frozen=True, slots=True)
class FigureSource:
    """Where a figure comes from.

    ``definition`` says in Chinese what is counted; ``filter`` which records (unit, dates, kind), as the page that lists
    them says it; ``count`` how many records those are; ``address`` is the path of that page, such as ``/records/?…``.
    """

    id: str
    definition: str
    filter: str
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading without its number, which follows from the order (``number_headings``).

    ``run_on`` is text that goes on in the same line, as it often does below the first level: （二）完成情况。各镇……
    """

    level: Level
    text: str
    run_on: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """A rectangle of cells that is one cell; its text is that of the cell at the top left. Counted from 0."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. The first ``head_rows`` rows are its head and stand again on every page.

    Each row has one cell a column; cells hidden by a merge are empty. ``widths_mm`` are the columns' shares of the type
    area: what draws it stretches or shrinks them together to its width.
    """

    rows: tuple[tuple[Span, ...], ...]
    widths_mm: tuple[int, ...]
    head_rows: int = 1
    merged: tuple[Merge, ...] = ()
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo of the evidence, by the hash of its content; whoever draws the paper is given the bytes beside it.

    Two ``half`` ones that follow each other stand side by side.
    """

    evidence: str
    caption: str = ""
    width: PictureWidth = "wide"


Block = Heading | Paragraph | Grid | Picture


@dataclass(frozen=True, slots=True)
class Colophon:
    """版记 (7.4): who else gets it, who printed it and when; ``copies`` is the 印数 of a briefing."""

    copied_to: str = ""
    printed_by: str = ""
    printed_on: date | None = None
    copies: int | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands above and beside the number where an office asks for it (7.2.1 to 7.2.3, 7.2.6); only under a head.

    份号, 密级和保密期限, 紧急程度, and of a paper that goes upwards the 签发人.
    """

    copy_number: str = ""
    secrecy: str = ""
    urgency: str = ""
    approved_by: str = ""


NO_MARKS = Marks()


def read_marks(said: Mapping[str, Any]) -> Marks:
    """What was typed of them, from the JSON of a draft; a copy number has six digits."""
    told = {one.name: str(said.get(one.name) or "") for one in fields(Marks)}
    return Marks(**told | {"copy_number": told["copy_number"].zfill(6) if told["copy_number"] else ""})


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. Empty texts are not printed.

    ``issuer`` is the office named at the head and ``signed_by`` the one named at the end. ``number`` is
    石反诈办〔2026〕3号, or 第3期 of a briefing. ``head`` None is what the form wears by custom. ``masthead`` is
    the name of a briefing; for other heads it is the issuer's mark, in full, where that is not the issuer's name
    (with 文件 behind it on a red head). ``attachments`` are the titles of the annexes that the text announces;
    ``annex`` is what stands behind the signature on pages of its own (7.3.6). ``sealed`` leaves room for the seal
    (7.3.5.1). ``signed_on`` is the day printed as 成文日期.
    """

    form: FormCode
    title: str
    blocks: tuple[Block, ...]
    addressee: str = ""
    signed_by: str = ""
    signed_on: date | None = None
    number: str = ""
    issuer: str = ""
    masthead: str = ""
    head: Head | None = None
    attachments: tuple[str, ...] = ()
    annex: tuple[Block, ...] = ()
    colophon: Colophon | None = None
    marks: Marks = NO_MARKS
    sealed: bool = True
    sources: tuple[FigureSource, ...] = ()

    @property
    def all_blocks(self) -> tuple[Block, ...]:
        """What it says and what is annexed, in the order in which they are printed."""
        return (*self.blocks, *self.annex)

    @property
    def worn_head(self) -> Head:
        return FORMS[self.form].head if self.head is None else self.head

    def find_source(self, figure_id: str) -> FigureSource | None:
        return next((source for source in self.sources if source.id == figure_id), None)


def list_spans(block: Block) -> Iterator[Span]:
    """Everything the block prints, in reading order, without the numbers of headings."""
    match block:
        case Heading():
            yield block.text
            yield from block.run_on
        case Paragraph():
            yield from block.spans
        case Grid():
            yield block.caption
            for row in block.rows:
                yield from row
        case Picture():
            yield block.caption


def list_figures(paper: Paper) -> Iterator[Figure]:
    """The figures of the paper in reading order; one that is named twice comes twice."""
    return (span for block in paper.all_blocks for span in list_spans(block) if isinstance(span, Figure))


def join_spans(spans: Iterable[Span]) -> str:
    """The text as it is printed."""
    return "".join(span.text if isinstance(span, Figure) else span for span in spans)


def list_rows(labelled: Iterable[tuple[str, Block]]) -> Iterator[tuple[str, tuple[Block, ...]]]:
    """The labelled blocks as they stand on the sheet: each alone, but for two half pictures side by side."""
    numbered = list(labelled)
    place = 0
    while place < len(numbered):
        pair = tuple(block for _, block in numbered[place : place + 2])
        row = pair if len(pair) > 1 and all(map(is_half, pair)) else pair[:1]
        yield numbered[place][0], row
        place += len(row)


def is_half(block: Block) -> bool:
    return isinstance(block, Picture) and block.width == "half"


def number_headings(blocks: Iterable[Block]) -> Iterator[tuple[str, Block]]:
    """Each block with the number printed before it: 一、 （一） 1. （1）, and nothing before what is no heading.

    Counting starts again below each heading of a higher level.
    """
    counts = [0, 0, 0, 0]
    for block in blocks:
        if isinstance(block, Heading):
            counts[block.level - 1] += 1
            counts[block.level :] = [0] * (4 - block.level)
            yield label_heading(block.level, counts[block.level - 1]), block
        else:
            yield "", block


def label_heading(level: Level, number: int) -> str:
    """What stands before the ``number``-th heading of its level, from 1."""
    match level:
        case 1:
            return f"{say_ordinal(number)}、"
        case 2:
            return f"（{say_ordinal(number)}）"
        case 3:
            return f"{number}."
        case 4:
            return f"（{number}）"


def say_number(number: int) -> str:
    """1,638 and 33,192: by thousands as in every table of the site, so that no paper mixes two ways (GB/T 15835)."""
    return f"{number:,}"


def say_ordinal(number: int) -> str:
    """1 is 一, 10 is 十, 21 is 二十一, 100 is 一百, 101 is 一百零一; for 1 to 999."""
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{digits[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones else "")


def say_day(day: date) -> str:
    """成文日期 in Arabic digits without leading zeros: 2026年3月5日 (7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"
