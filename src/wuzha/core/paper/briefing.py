"""Briefings: of one event, and the digest of a month beside the month before.

Records go in as they read in the ledger, together with what a person typed; the paper comes out. Each number of a
record is a figure that leads to it. A briefing tells what was done, when and where: it praises nobody, and towns come
in the order of the roster. What several records say of people is never added up: two units may have told of one event.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from wuzha.core.base.interval import Interval
from wuzha.core.base.problem import Problem, make_problem
from wuzha.core.paper.model import (
    Block,
    Colophon,
    Figure,
    FigureSource,
    Grid,
    Heading,
    Paper,
    Paragraph,
    Picture,
    Span,
    join_spans,
    list_figures,
    say_number,
)
from wuzha.core.paper.typed import link_figures

SectionName = Literal["lead", "news", "closing"]
SECTIONS: tuple[SectionName, ...] = ("lead", "news", "closing")
# What is said of a record in figures, and how its source calls it.
MEASURES: Mapping[str, str] = MappingProxyType(
    {"quantity": "数量", "people": "人数", "area_m2": "面积（平方米）", "at_m": "位置（米）", "loss_yuan": "金额（元）"}
)
# What only describes an event, by the code of the detail: the sentence in which it is told.
DETAILS: Mapping[str, str] = MappingProxyType(
    {
        "theme": "活动主题为“{}”",
        "speaker": "由{}主讲",
        "film": "放映《{}》",
        "programme": "节目有{}",
    }
)
QUOTES = "“”\"'《》「」"
# Shapes that go with an event of the same unit and day: 活动中发放宣传资料300份.
BESIDE = ("handout", "pledge", "site")
# Before the key of a proposed paragraph that stays as it is, and of one that was taken out or written anew.
SAME, DROPPED = "@", "-"
# So many kinds are told in words before the table, and so many stand beside each other for the units.
MOST_TOLD = 6
MOST_BESIDE = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a record's sentence: the field that it says, or none for the words between."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """A record as a briefing tells it.

    ``id`` names its figures; ``pieces`` are its sentence; ``filter`` and ``address`` lead to it. ``details`` are what
    only describes, by code.
    """

    id: str
    unit: str
    kind: str
    title: str
    shape: str
    on: date
    pieces: tuple[Piece, ...]
    filter: str
    address: str
    audience: str = ""
    details: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Sum:
    """What records of one kind, unit and period come to; ``people`` is none where none of them tells any."""

    records: int
    quantity: int
    people: int | None
    filter: str
    address: str


@dataclass(frozen=True, slots=True)
class KindFacts:
    """One kind of record in the month and in the one before. ``counter`` is what is counted: 场, 户, 份."""

    code: str
    title: str
    counter: str
    shape: str
    now: Sum
    before: Sum


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """One unit with all below it in the month, by kind."""

    code: str
    name: str
    sums: Mapping[str, Sum]


@dataclass(frozen=True, slots=True)
class EventFacts:
    """One event: the records that tell of it, in the order in which they are told."""

    records: tuple[RecordFacts, ...]


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """A unit with all below it in the month ``days``, of which ``before`` is the same part of the month before.

    ``kinds`` are those of which there was anything in either; ``news`` are the records that a person chose.
    """

    subject: str
    days: Interval
    before: Interval
    kinds: tuple[KindFacts, ...]
    units: tuple[UnitFacts, ...]
    news: tuple[RecordFacts, ...] = ()


Facts = EventFacts | MonthFacts


@dataclass(frozen=True, slots=True)
class Said:
    """What a person typed and chose.

    ``lines`` are the paragraphs of a section where they are not the proposed ones, as :func:`keep_lines` gives them.
    """

    title: str
    signed_by: str
    masthead: str = ""
    copied_to: str = ""
    copies: int | None = None
    lines: Mapping[SectionName, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a briefing: the paragraphs that are proposed, by their keys, and the tables that stand behind them."""

    name: SectionName
    heading: str = ""
    paragraphs: Mapping[str, Paragraph] = field(default_factory=lambda: MappingProxyType({}))
    grids: tuple[Block, ...] = ()


def read_said(told: Mapping[str, Any]) -> Said:
    """What a person typed, from the JSON of a draft."""
    return Said(
        title=told["title"],
        signed_by=told["signed_by"],
        masthead=told.get("masthead", ""),
        copied_to=told.get("copied_to", ""),
        copies=told.get("copies"),
        lines={name: tuple(told[name]) for name in SECTIONS if told.get(name) is not None},
        pictures=tuple(
            Picture(one["sha256"], one["caption"], "half" if one["half"] else "wide") for one in told.get("photos", ())
        ),
    )


def write_briefing(facts: Facts, said: Said) -> tuple[Paper | None, tuple[Problem, ...]]:
    """The paper, or none and why: a briefing tells of something that was done."""
    problems = tuple(_check_facts(facts))
    if problems:
        return None, problems
    sections = list_sections(facts)
    colophon = Colophon(copied_to=said.copied_to, copies=said.copies) if said.copied_to or said.copies else None
    paper = Paper(
        form="briefing",
        title=said.title,
        blocks=tuple(_list_blocks(facts, sections, said)),
        issuer=said.signed_by,
        masthead=said.masthead,
        colophon=colophon,
        sealed=False,
    )
    return _add_sources(paper, facts), ()


def list_sections(facts: Facts) -> tuple[Section, ...]:
    """What a briefing of these facts says until a person says it otherwise."""
    return WRITERS[type(facts)](facts)


def read_lines(section: Section, lines: Iterable[str] | None) -> list[str]:
    """The section's paragraphs as they stand in a field to be typed in; the proposed ones where none are given."""
    return [join_spans(one.spans) for one in _choose(section, lines, section.paragraphs.values())]


def keep_lines(section: Section, typed: Iterable[str]) -> list[str]:
    """What was typed as a draft keeps it, ``section`` being what the person had before them.

    Of a paragraph that is as proposed only the key is kept, so that it is counted again; of one that is gone too, so
    that it stays gone.
    """
    keys = {join_spans(one.spans): f"{SAME}{key}" for key, one in section.paragraphs.items()}
    lines = (" ".join(line.split()).lstrip(SAME + DROPPED) for line in typed)
    kept = [keys.get(line, line) for line in lines if line]
    gone = [f"{DROPPED}{key}" for key in section.paragraphs if f"{SAME}{key}" not in kept]
    return kept + gone


def read_all(facts: Facts) -> dict[str, str]:
    """Every figure that the facts can give, printed or not, by its name."""
    return {figure.id: figure.text for figure, _ in _list_figures(facts)}


def propose_title(facts: Facts) -> str:
    if isinstance(facts, EventFacts):
        first = facts.records[0] if facts.records else None
        return f"{first.unit}开展反诈{first.title}" if first else ""
    return f"{facts.subject}{say_month(facts.days)}反诈宣传工作情况"


# --- what is said -----------------------------------------------------------------------------------------------------


def _check_facts(facts: Facts) -> Iterator[Problem]:
    if isinstance(facts, EventFacts) and not facts.records:
        yield make_problem("briefing.no-record")
    if isinstance(facts, MonthFacts) and not any(kind.now.records for kind in facts.kinds):
        yield make_problem("briefing.empty-month", subject=facts.subject, month=say_month(facts.days))


def _write_event(facts: EventFacts) -> tuple[Section, ...]:
    """One paragraph: what was held, when and where, and what went with it."""
    first = facts.records[0]
    spans: list[Span] = [*_tell_news(first)]
    for record in facts.records[1:]:
        spans += [_open(record, first), *_tell_record(record), "。"]
    return Section("lead", "", {"event": Paragraph(tuple(spans))}), Section("closing")


def _open(record: RecordFacts, first: RecordFacts | None) -> str:
    """11月18日，柳湾村 … of the first; of what went with it 活动中 or 同日, with the unit where that is another."""
    if not _can_open(record):
        return ""
    if first is None or record.on != first.on:
        return f"{say_day(record.on)}，{record.unit}"
    if record.unit != first.unit:
        return f"同日，{record.unit}"
    return "活动中" if first.shape == "event" and record.shape in BESIDE else "同日还"


def _can_open(record: RecordFacts) -> bool:
    """Whether its sentence begins with unit and day, so that they can be told otherwise."""
    return [piece.field for piece in record.pieces[:2]] == ["unit", "day"]


def _tell_record(record: RecordFacts) -> Iterator[Span]:
    pieces = record.pieces[2:] if _can_open(record) else record.pieces
    for piece in pieces:
        yield _make_figure(record, piece) if piece.field in MEASURES and piece.text else piece.text


def _make_figure(record: RecordFacts, piece: Piece) -> Figure:
    text = say_number(int(piece.text)) if piece.text.isdecimal() else piece.text
    return Figure(f"told.{record.kind}.{record.id}.{piece.field}", text)


def _tell_details(record: RecordFacts) -> Iterator[str]:
    words = [line.format(text.strip(QUOTES)) for code, line in DETAILS.items() if (text := record.details.get(code))]
    if record.audience and record.shape == "event":
        words.append(f"面向{record.audience}" if words else f"活动面向{record.audience}")
    if words:
        yield f"{'，'.join(words)}。"


def _write_month(facts: MonthFacts) -> tuple[Section, ...]:
    told = [kind for kind in facts.kinds if kind.now.records][:MOST_TOLD]
    words: list[Span] = [f"{say_days(facts.days)}，{facts.subject}各单位登记的工作有："]
    for number, kind in enumerate(told):
        words += ["；" if number else "", *_tell_kind(kind)]
    note = "参加人次按各单位登记的数相加，同一人参加几次的算几次。"
    lead = {"counts": Paragraph((*words, "。")), "note": Paragraph((note,))}
    news = {record.id: Paragraph(_tell_news(record)) for record in facts.news}
    tables = (_draw_kinds(facts), *_draw_units(facts))
    return (
        Section("lead", "总体情况", lead, tables),
        Section("news", "工作动态", news),
        Section("closing", "下一步工作"),
    )


def _tell_news(record: RecordFacts) -> tuple[Span, ...]:
    return (_open(record, None), *_tell_record(record), "。", *_tell_details(record))


def _tell_kind(kind: KindFacts) -> Iterator[Span]:
    yield kind.title
    yield Figure(f"now.{kind.code}.quantity", say_number(kind.now.quantity))
    yield kind.counter
    if kind.now.people is not None:
        yield "、"
        yield Figure(f"now.{kind.code}.people", say_number(kind.now.people))
        yield "人次"


def _draw_kinds(facts: MonthFacts) -> Grid:
    now, before = say_days(facts.days), say_days(facts.before)
    head: tuple[Span, ...] = ("工作", "单位", f"{now}数量", f"{before}数量", f"{now}人次", f"{before}人次")
    return Grid((head, *(_draw_kind(kind) for kind in facts.kinds)), (40, 14, 26, 26, 25, 25))


def _draw_kind(kind: KindFacts) -> tuple[Span, ...]:
    quantities: list[Span] = [
        Figure(f"{name}.{kind.code}.quantity", say_number(one.quantity)) for name, one in _pair(kind)
    ]
    people = (_say_people(name, kind, one) for name, one in _pair(kind))
    return (kind.title, kind.counter, *quantities, *people)


def _pair(kind: KindFacts) -> tuple[tuple[str, Sum], ...]:
    return ("now", kind.now), ("before", kind.before)


def _say_people(name: str, kind: KindFacts, one: Sum) -> Span:
    return "—" if one.people is None else Figure(f"{name}.{kind.code}.people", say_number(one.people))


def _draw_units(facts: MonthFacts) -> Iterator[Block]:
    """The kinds of which there was most to record, unit by unit, in the order of the roster."""
    kinds = list_beside(facts.kinds)
    if not facts.units or not kinds:
        return
    yield Paragraph((f"各单位{say_days(facts.days)}情况见下表，按花名册顺序排列，不分先后。",))
    heads = tuple(f"{kind.title}（{kind.counter}）" for kind in kinds)
    rows = tuple(_draw_unit(unit, kinds) for unit in facts.units)
    yield Grid((("单位", *heads), *rows), (44, *(112 // len(kinds) for _ in kinds)))


def _draw_unit(unit: UnitFacts, kinds: Sequence[KindFacts]) -> tuple[Span, ...]:
    return (unit.name, *(_make_unit_figure(unit, kind) for kind in kinds))


def list_beside(kinds: Sequence[KindFacts]) -> list[KindFacts]:
    """The few kinds that have most records, in the order of all."""
    most = sorted((kind for kind in kinds if kind.now.records), key=lambda kind: -kind.now.records)[:MOST_BESIDE]
    return [kind for kind in kinds if kind in most]


def _make_unit_figure(unit: UnitFacts, kind: KindFacts) -> Figure:
    return Figure(f"unit.{unit.code}.{kind.code}", say_number(unit.sums[kind.code].quantity))


WRITERS: Mapping[type[Any], Callable[[Any], tuple[Section, ...]]] = MappingProxyType(
    {EventFacts: _write_event, MonthFacts: _write_month}
)


# --- putting it together ----------------------------------------------------------------------------------------------


def _list_blocks(facts: Facts, sections: Sequence[Section], said: Said) -> Iterator[Block]:
    """Pictures stand behind what was done: behind the news of a month, behind the first part of an event."""
    proposed = [one for section in sections for one in section.paragraphs.values()]
    behind = "news" if isinstance(facts, MonthFacts) else "lead"
    for section in sections:
        blocks = [*_choose(section, said.lines.get(section.name), proposed), *section.grids]
        if blocks and section.heading:
            yield Heading(1, section.heading)
        yield from blocks
        if section.name == behind:
            yield from said.pictures


def _choose(section: Section, lines: Iterable[str] | None, proposed: Iterable[Paragraph]) -> list[Paragraph]:
    """The paragraphs that were chosen, and behind them those that nobody had seen yet when the lines were typed.

    A key that is gone, since its record is no longer chosen, says nothing.
    """
    lines, proposed = tuple(lines or ()), tuple(proposed)
    seen = {line[1:] for line in lines if line[0] in (SAME, DROPPED)}
    chosen = []
    for line in lines:
        if line[0] not in (SAME, DROPPED):
            chosen.append(Paragraph(link_figures(line, proposed)))
        elif line[0] == SAME and line[1:] in section.paragraphs:
            chosen.append(section.paragraphs[line[1:]])
    return chosen + [one for key, one in section.paragraphs.items() if key not in seen]


def _add_sources(paper: Paper, facts: Facts) -> Paper:
    """With the source of each figure that the paper prints, in the order in which they are printed."""
    known = {figure.id: source for figure, source in _list_figures(facts)}
    return replace(paper, sources=tuple(known[name] for name in dict.fromkeys(one.id for one in list_figures(paper))))


def _list_figures(facts: Facts) -> Iterator[tuple[Figure, FigureSource]]:
    records = facts.records if isinstance(facts, EventFacts) else facts.news
    for record in records:
        for piece in record.pieces:
            if piece.field in MEASURES and piece.text:
                figure = _make_figure(record, piece)
                words = f"{record.title}：{MEASURES[piece.field]}"
                yield figure, FigureSource(figure.id, words, record.filter, 1, record.address)
    if isinstance(facts, MonthFacts):
        yield from _list_sums(facts)


def _list_sums(facts: MonthFacts) -> Iterator[tuple[Figure, FigureSource]]:
    for kind in facts.kinds:
        for name, one in _pair(kind):
            quantity = Figure(f"{name}.{kind.code}.quantity", say_number(one.quantity))
            yield quantity, _make_source(quantity.id, f"{kind.title}：数量（{kind.counter}）之和", one)
            if one.people is not None:
                people = Figure(f"{name}.{kind.code}.people", say_number(one.people))
                yield people, _make_source(people.id, f"{kind.title}：人数之和", one)
    for kind in list_beside(facts.kinds):
        for unit in facts.units:
            figure = _make_unit_figure(unit, kind)
            yield figure, _make_source(figure.id, f"{kind.title}：数量（{kind.counter}）之和", unit.sums[kind.code])


def _make_source(name: str, definition: str, one: Sum) -> FigureSource:
    return FigureSource(name, definition, one.filter, one.records, one.address)


# --- words ------------------------------------------------------------------------------------------------------------


def say_day(day: date) -> str:
    """The year stands in the head."""
    return f"{day.month}月{day.day}日"


def say_days(days: Interval) -> str:
    """10月 of a whole month, 11月1日至22日 of one that is not over."""
    if (days.last_day.month, days.opens.day) == (days.opens.month, 1) and days.closes.day == 1:
        return f"{days.opens.month}月"
    return f"{say_day(days.opens)}至{days.last_day.day}日"


def say_month(days: Interval) -> str:
    return f"{days.opens.year}年{days.opens.month}月"
