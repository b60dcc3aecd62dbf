"""The scores of a period as a paper: what each unit got of what is known, and item by item what that is the sum of.

Units stand in the order in which they are given, which is the roster's. What is unknown is printed as unknown.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from wuzha.core.paper.model import Block, Figure, FigureSource, Grid, Heading, Paper, Paragraph, Span, say_day
from wuzha.core.score.check import round_points
from wuzha.core.score.model import Line, Score, Scorecard, Sort, State

UNKNOWN, NOTHING = "不知道", "—"
NAME_MM, FIGURE_MM = 34, 16
# As many items stand beside each other as a page takes.
MOST_ITEMS = 6
WHOLE = "得分"
# What is told of each unit besides its items: the head, and how it is counted.
SUMS: tuple[tuple[str, str, Callable[[Score], Fraction]], ...] = (
    ("已知分值", "能够判断的分值之和", lambda score: score.possible),
    (UNKNOWN, "不能判断、也没有填数的分值之和", lambda score: score.unknown),
    ("没到期或不承担", "还没有到期的或者本单位不承担的分值之和", lambda score: score.idle),
)


@dataclass(frozen=True, slots=True)
class ScoredUnit:
    code: str
    name: str
    score: Score


@dataclass(frozen=True, slots=True)
class ScoreFacts:
    """The card with the scores of its units. ``link`` gives the page of a unit's score, or of one item of it."""

    card: Scorecard
    units: tuple[ScoredUnit, ...]
    as_of: date
    known_by: date
    filing: str
    link: Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class ScoreSaid:
    title: str
    addressee: str
    signed_by: str
    closing: tuple[str, ...] = ()


def read_score_said(told: Mapping[str, Any]) -> ScoreSaid:
    """What a person typed, from the JSON of a draft."""
    return ScoreSaid(told["title"], told["addressee"], told["signed_by"], tuple(told["closing"]))


def write_score_table(facts: ScoreFacts, said: ScoreSaid) -> Paper:
    sums = Grid(tuple(_list_sums(facts)), (NAME_MM, *(FIGURE_MM for _ in range(len(SUMS) + 1))))
    closing = tuple(Paragraph((line,)) for line in said.closing)
    return Paper(
        form="score-table",
        title=said.title,
        blocks=(*(Paragraph((line,)) for line in _say_opening(facts)), sums, *closing),
        addressee=said.addressee,
        signed_by=said.signed_by,
        issuer=said.signed_by,
        attachments=("各项得分",),
        annex=tuple(_list_annex(facts)),
        sources=tuple(_list_sources(facts)),
    )


def _say_opening(facts: ScoreFacts) -> Iterator[str]:
    card, days = facts.card, facts.card.period
    filing = f"年度考核计划备案：{facts.filing}。" if facts.filing else "年度考核计划的备案还没有写明。"
    yield (
        f"按《{card.title}》（周期{say_day(days.opens)}至{say_day(days.last_day)}），"
        f"各单位截至{say_day(facts.as_of)}的得分如下，依据{say_day(facts.known_by)}以前收到的记录。{filing}"
    )
    yield (
        "单位按花名册的顺序排列，不分高低，每个单位只同自己的任务、自己的往年比。不知道的不算零分，也不算满分。"
        f"每一项先四舍五入到两位小数再相加。对得分有异议的，可以在{say_day(card.appeals_until)}以前申诉。"
    )


def _list_sums(facts: ScoreFacts) -> Iterator[tuple[Span, ...]]:
    yield ("单位", WHOLE, *(head for head, _, _ in SUMS))
    for unit in facts.units:
        sums = (Figure(_name(unit, head), round_points(add(unit.score))) for head, _, add in SUMS)
        yield (unit.name, Figure(_name(unit, WHOLE), round_points(unit.score.earned)), *sums)


def _list_annex(facts: ScoreFacts) -> Iterator[Block]:
    """Block by block a table of its items, cut where a page is too narrow for all of them."""
    for block in facts.card.blocks:
        places = [n for n, item in enumerate(facts.card.items) if item.block == block.code]
        if places:
            yield Heading(1, block.title)
            for start in range(0, len(places), MOST_ITEMS):
                yield _make_items(facts, places[start : start + MOST_ITEMS])


def _make_items(facts: ScoreFacts, places: Sequence[int]) -> Grid:
    heads = ("单位", *(_say_head(facts.card, place) for place in places))
    rows = ((unit.name, *(_say_cell(unit, unit.score.lines[place]) for place in places)) for unit in facts.units)
    return Grid((heads, *rows), (NAME_MM, *(FIGURE_MM + 6 for _ in places)))


def _say_head(card: Scorecard, place: int) -> str:
    item = card.items[place]
    sign = {Sort.POINTS: "", Sort.BONUS: "加分，最多", Sort.DEDUCTION: "扣分，最多"}[item.sort]
    return f"{item.title}（{sign}{item.points}分）"


def _say_cell(unit: ScoredUnit, line: Line) -> Span:
    if line.item.sort is Sort.POINTS and line.state is not State.COUNTED:
        return UNKNOWN if line.state is State.UNKNOWN else NOTHING
    return Figure(_name(unit, line.item.code), round_points(line.earned))


def _name(unit: ScoredUnit, part: str) -> str:
    return f"{unit.code}.{part}"


def _list_sources(facts: ScoreFacts) -> Iterator[FigureSource]:
    days = f"截至{say_day(facts.as_of)}，{say_day(facts.known_by)}以前收到的"
    for unit in facts.units:
        lines = unit.score.lines
        words, address = f"{unit.name}及所辖各单位，{days}", facts.link(unit.code, "")
        counted = sum(line.state is State.COUNTED for line in lines)
        yield FigureSource(_name(unit, WHOLE), "各项得分、加分、扣分之和", words, counted, address)
        for head, said, _ in SUMS:
            yield FigureSource(_name(unit, head), said, words, len(lines), address)
        for line in lines:
            if isinstance(_say_cell(unit, line), Figure):
                code = line.item.code
                base = int(line.base) if line.item.sort is Sort.POINTS else len(line.entries)
                yield FigureSource(_name(unit, code), line.item.title, words, base, facts.link(unit.code, code))
