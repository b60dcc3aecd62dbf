"""A confirmed plan as a well-formed 方案: purpose, validity, phases, duties in their chapters, and the table of duties.

What is printed is the plan that was confirmed: its words are the document's own wherever these say what was confirmed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, get_args

from wuzha.core.base.interval import Interval
from wuzha.core.base.numerals import parse_number
from wuzha.core.duty.model import Duty
from wuzha.core.duty.sentence import render_goal, render_when
from wuzha.core.paper.model import Block, Grid, Head, Heading, Level, Paper, Paragraph, number_headings, say_day
from wuzha.core.paper.plan_text import (
    PlanText,
    names_bearers,
    say_bearers,
    say_duty,
    say_own_words,
    say_validity,
    split_clause,
)

LEVELS: tuple[Level, ...] = get_args(Level)
ANNEX = "任务分解表"
# Longer than this a heading names nobody any more.
LONGEST_NAME = 20
Place = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanSaid:
    """What a person typed. ``purpose`` and ``closing`` are paragraphs; ``head`` empty is what the form wears."""

    title: str
    signed_by: str
    purpose: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    head: Head | None = None
    has_annex: bool = True


def read_plan_said(told: Mapping[str, Any]) -> PlanSaid:
    """What a person typed, from the JSON of a draft."""
    return PlanSaid(
        title=told["title"],
        signed_by=told["signed_by"],
        purpose=tuple(told.get("purpose", ())),
        closing=tuple(told.get("closing", ())),
        head=told.get("head") or None,
        has_annex=told.get("has_annex", True),
    )


def write_plan(told: PlanText, said: PlanSaid) -> Paper:
    """The plan as a paper. Its chapters are numbered anew, which gives the old numbers where none of them is empty."""
    blocks = tuple(_list_blocks(told, said))
    has_annex = said.has_annex and bool(told.plan.duties)
    return Paper(
        form="plan",
        title=said.title,
        blocks=blocks,
        issuer=said.signed_by,
        signed_by=said.signed_by,
        head=said.head,
        attachments=(ANNEX,) if has_annex else (),
        annex=(draw_duties(told),) if has_annex else (),
    )


def _list_blocks(told: PlanText, said: PlanSaid) -> Iterator[Block]:
    validity = say_validity(told.plan)
    yield from (Paragraph((line,)) for line in said.purpose[:-1])
    yield Paragraph((*said.purpose[-1:], validity))
    chapters = _list_chapters(told)
    steps = _place_phases(chapters) if told.plan.phases else -1
    for number, (place, duties) in enumerate(chapters):
        if number == steps:
            yield from _list_phases(told.plan.phases)
        yield from _write_chapter(place, duties, told)
    if steps == len(chapters):
        yield from _list_phases(told.plan.phases)
    if said.closing:
        yield Heading(1, "工作要求")
        yield from (Paragraph((line,)) for line in said.closing)


def _list_chapters(told: PlanText) -> list[tuple[Place, list[Duty]]]:
    """The duties of each chapter, in the order in which the chapters come first."""
    chapters: dict[Place, list[Duty]] = {}
    for duty in told.plan.duties:
        chapters.setdefault(split_clause(duty.clause)[:1], []).append(duty)
    return list(chapters.items())


def _place_phases(chapters: Sequence[tuple[Place, Sequence[Duty]]]) -> int:
    """Before which chapter the phases stand: where the plan leaves a number out, else behind the goals."""
    for number, (place, _) in enumerate(chapters):
        if place and (parse_number(place[0]) or Fraction(0)) > number + 1:
            return number
    return 1 if chapters and _are_goals(chapters[0][1]) else 0


def _are_goals(duties: Iterable[Duty]) -> bool:
    return all(duty.verb == "attain" for duty in duties)


def _list_phases(phases: Iterable[Any]) -> Iterator[Block]:
    yield Heading(1, "实施步骤")
    for phase in phases:
        yield Heading(2, f"{phase.name}（{_say_days(phase.interval)}）")


def _say_days(days: Interval) -> str:
    """2027年1月1日至1月31日: the year stands once where it is one."""
    last = days.last_day
    end = f"{last.month}月{last.day}日" if last.year == days.opens.year else say_day(last)
    return f"{say_day(days.opens)}至{end}"


def _write_chapter(place: Place, duties: Sequence[Duty], told: PlanText) -> Iterator[Block]:
    yield Heading(1, _name_place(place, duties, told))
    groups: dict[Place, list[Duty]] = {}
    for duty in duties:
        groups.setdefault(split_clause(duty.clause), []).append(duty)
    order = {prefix: number for number, prefix in enumerate(_list_prefixes(groups))}
    seen: set[Place] = {place}
    for group in sorted(groups, key=lambda one: [order[one[:depth]] for depth in range(1, len(one) + 1)]):
        for depth in range(2, len(group)):
            if group[:depth] not in seen:
                seen.add(group[:depth])
                yield Heading(_find_level(depth), _name_place(group[:depth], _list_below(groups, group[:depth]), told))
        yield from _write_group(group, groups[group], told)


def _list_prefixes(groups: Iterable[Place]) -> Iterator[Place]:
    """Every place and those above it, once each, in the order in which they come first."""
    found = (group[:depth] for group in groups for depth in range(1, len(group) + 1))
    yield from dict.fromkeys(found)


def _list_below(groups: Mapping[Place, list[Duty]], place: Place) -> list[Duty]:
    return [duty for group, duties in groups.items() if group[: len(place)] == place for duty in duties]


def _find_level(depth: int) -> Level:
    return LEVELS[min(depth, len(LEVELS)) - 1]


def _name_place(place: Place, duties: Sequence[Duty], told: PlanText) -> str:
    """The document's own heading; without one, whose duties they are."""
    own = told.document.headings.get("".join(place), "")
    if own or len(place) < 2:
        return own or _name_chapter(place, duties)
    bearers = "、".join(dict.fromkeys(say_bearers(duty) for duty in duties))
    return f"{bearers}的任务" if len(bearers) <= LONGEST_NAME else "有关任务"


def _name_chapter(place: Place, duties: Sequence[Duty]) -> str:
    if _are_goals(duties):
        return "工作目标"
    if all(duty.verb == "file" or duty.vague for duty in duties):
        return "工作要求"
    return "重点任务" if place else "其他任务"


def _write_group(place: Place, duties: Sequence[Duty], told: PlanText) -> Iterator[Block]:
    """The duties of one numbered place, each sentence once, and who answers where the words do not say it."""
    spans = ("".join(_tell_group(duties, told)),)
    if len(place) < 2:
        yield Paragraph(spans)
        return
    own = told.document.headings.get("".join(place), "")
    yield Heading(_find_level(len(place)), f"{own}。" if own else "", spans)


def _tell_group(duties: Sequence[Duty], told: PlanText) -> Iterator[str]:
    """The sentences, and who answers: once behind them all where that is the same for all."""
    sentences: dict[str, list[Duty]] = {}
    for duty in duties:
        sentences.setdefault(say_duty(duty, told), []).append(duty)
    words = "".join(sentences)
    parties = {sentence: _say_parties(words, within) for sentence, within in sentences.items()}
    if len(set(parties.values())) == 1:
        yield words + next(iter(parties.values()))
        return
    for sentence, party in parties.items():
        yield sentence + party


def _say_parties(words: str, duties: Sequence[Duty]) -> str:
    """（责任单位：各学校。牵头单位：县教育局。配合单位：……）, of those that the words do not name."""
    bearers = dict.fromkeys(say_bearers(duty) for duty in duties if not names_bearers(words, duty))
    parts = (
        ("牵头单位", dict.fromkeys(duty.lead for duty in duties if duty.lead)),
        ("责任单位", bearers),
        ("配合单位", dict.fromkeys(duty.assist for duty in duties if duty.assist)),
    )
    told = "；".join(f"{name}：{'、'.join(units)}" for name, units in parts if units)
    return f"（{told}）" if told else ""


def draw_duties(told: PlanText) -> Grid:
    """任务分解表: every duty in a row, by the place it has in this paper."""
    duties = told.plan.duties
    rows = (
        ("序号", "任务", "责任单位", "牵头、配合", "要求", "时间"),
        *(_draw_row(number, duty, told) for number, duty in enumerate(duties, start=1)),
    )
    if any(duty.lead or duty.assist for duty in duties):
        return Grid(rows, (12, 50, 28, 24, 22, 20), caption=ANNEX)
    return Grid(tuple((*row[:3], *row[4:]) for row in rows), (12, 62, 34, 25, 23), caption=ANNEX)


def _draw_row(number: int, duty: Duty, told: PlanText) -> tuple[str, ...]:
    parties = "、".join(part for part in (duty.lead, duty.assist) if part)
    goal = "只列出，不计数" if duty.vague else render_goal(duty)
    return (
        str(number),
        say_own_words(duty, told),
        say_bearers(duty),
        parties or "—",
        goal or "—",
        render_when(duty) or "有效期内",
    )


def list_clauses(paper: Paper) -> Iterator[tuple[str, Heading]]:
    """Each heading of the paper with the clause by which people cite it: 三（一）2."""
    above: list[str] = []
    for label, block in number_headings(paper.blocks):
        if isinstance(block, Heading):
            above = [*above[: block.level - 1], label.rstrip("、.")]
            yield "".join(above), block
