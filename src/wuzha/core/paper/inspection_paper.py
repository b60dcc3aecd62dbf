"""The result of a round of inspection as a paper (督导检查情况通报): how it was drawn, what was seen, what is mended.

Units stand in the order in which they are given, which is the roster's; nothing is put in order by what was found.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from wuzha.core.paper.model import Figure, FigureSource, Grid, Heading, Paper, Paragraph, Span, say_day
from wuzha.core.supervision.mending import Mending, State

# Below so many places seen, what was seen says little of the others.
FEW = 10
STATES: Mapping[str, str] = MappingProxyType(
    {
        "open": "正在整改",
        "overdue": "逾期未改",
        "reported": "已报整改，待回头看",
        "in_time": "已按期改好",
        "late": "已改好（逾期）",
        "struck": "经核实已撤销",
    }
)


@dataclass(frozen=True, slots=True)
class SeenItem:
    """How often an item was seen how, over the places visited."""

    code: str
    title: str
    good: int
    bad: int
    unseen: int

    @property
    def seen(self) -> int:
        return self.good + self.bad


@dataclass(frozen=True, slots=True)
class ToldFinding:
    unit: str
    title: str
    words: str
    mending: Mending

    @property
    def state(self) -> str:
        now = self.mending
        if now.state is State.CLOSED:
            return "late" if now.is_late else "in_time"
        return now.state.value


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """A drawn round as of a day. ``candidates`` is of how many units ``drawn`` were drawn, ``visited`` how many had
    been seen by then. ``address`` is the page of the round, which lists all of it; ``seed`` the digest of its seed or
    the public number by which it was drawn."""

    title: str
    office: str
    opens_on: date
    last_on: date
    candidates: int
    drawn: int
    visited: int
    called_off: int
    how: str
    seed: str
    items: tuple[SeenItem, ...]
    findings: tuple[ToldFinding, ...]
    as_of: date
    known_by: date
    address: str


@dataclass(frozen=True, slots=True)
class ReportSaid:
    title: str
    addressee: str
    signed_by: str
    closing: tuple[str, ...] = ()


def read_report_said(told: Mapping[str, Any]) -> ReportSaid:
    """What a person typed, from the JSON of a draft."""
    return ReportSaid(told["title"], told["addressee"], told["signed_by"], tuple(told["closing"]))


def write_inspection_report(facts: RoundFacts, said: ReportSaid) -> Paper:
    return Paper(
        form="inspection-report",
        title=said.title,
        blocks=(
            Heading(1, "检查怎样进行"),
            *_say_draw(facts),
            Heading(1, "逐项情况"),
            *_tell_items(facts),
            Heading(1, "发现的问题和整改"),
            *_tell_findings(facts),
            *(Paragraph((line,)) for line in said.closing),
        ),
        addressee=said.addressee,
        signed_by=said.signed_by,
        issuer=said.signed_by,
        sources=tuple(_list_sources(facts)),
    )


def _say_draw(facts: RoundFacts) -> Iterator[Paragraph]:
    days = f"{say_day(facts.opens_on)}至{say_day(facts.last_on)}"
    first: list[Span] = [f"{facts.office}于{days}开展“{facts.title}”。检查的单位由抽签决定，从"]
    first += [
        Figure("candidates", str(facts.candidates)),
        "个单位中抽取",
        Figure("drawn", str(facts.drawn)),
        "个，截至",
    ]
    first += [f"{say_day(facts.as_of)}实地看了", Figure("visited", str(facts.visited)), "个"]
    if facts.called_off:
        first += ["，", Figure("called_off", str(facts.called_off)), "个因故没有去"]
    yield Paragraph((*first, "。"))
    yield Paragraph((f"抽签办法：{facts.how}：{_space(facts.seed)}。任何人都可以照此重新抽签核对。",))


def _space(digest: str) -> str:
    """In groups of eight, for a line cannot break within a word of 64 letters."""
    return " ".join(digest[place : place + 8] for place in range(0, len(digest), 8))


def _tell_items(facts: RoundFacts) -> Iterator[Paragraph | Grid]:
    if not facts.items:
        yield Paragraph((f"截至{say_day(facts.as_of)}还没有检查结果。",))
        return
    yield Paragraph(("每个单位只看抽中的几项。看了几处，只说明这几处的情况，不代表没有去的单位，也不据此排列先后。",))
    rows: Iterator[tuple[Span, ...]] = ((item.title, *_list_figures(item), _say_few(item)) for item in facts.items)
    yield Grid((("检查内容", "看了几处", "符合", "有问题", "没看成", "说明"), *rows), (48, 24, 16, 18, 18, 32))


def _list_figures(item: SeenItem) -> tuple[Figure, ...]:
    counts = {"seen": item.seen, "good": item.good, "bad": item.bad, "unseen": item.unseen}
    return tuple(Figure(f"{item.code}.{name}", str(count)) for name, count in counts.items())


def _say_few(item: SeenItem) -> str:
    return f"只看了{item.seen}处" if item.seen < FEW else ""


def _tell_findings(facts: RoundFacts) -> Iterator[Paragraph | Grid]:
    counts = _count(facts.findings)
    told: list[Span] = [f"截至{say_day(facts.as_of)}，共发现问题", Figure("findings", str(sum(counts.values()))), "个"]
    for code, words in STATES.items():
        if counts[code]:
            told += ["，", words, Figure(f"findings.{code}", str(counts[code])), "个"]
    yield Paragraph((*told, "。"))
    if facts.findings:
        rows = (
            (one.unit, f"{one.title}：{one.words}", say_day(one.mending.mend_by), STATES[one.state])
            for one in facts.findings
        )
        yield Grid((("单位", "发现的问题", "整改期限", "当日情况"), *rows), (24, 64, 38, 30))


def _count(findings: Sequence[ToldFinding]) -> Counter[str]:
    return Counter(one.state for one in findings)


def _list_sources(facts: RoundFacts) -> Iterator[FigureSource]:
    days = f"{facts.title}，截至{say_day(facts.as_of)}，{say_day(facts.known_by)}以前收到的"
    plain = (("candidates", "可以抽中的单位", facts.candidates), ("drawn", "抽中的单位", facts.drawn))
    for name, said, count in (*plain, ("visited", "已经实地看过的单位", facts.visited)):
        yield FigureSource(name, said, days, count, facts.address)
    if facts.called_off:
        yield FigureSource("called_off", "抽中后因故没有去的单位", days, facts.called_off, facts.address)
    for item in facts.items:
        seen = {"seen": ("看过", item.seen), "good": ("符合", item.good), "bad": ("有问题", item.bad)}
        for name, (word, count) in (seen | {"unseen": ("没看成", item.unseen)}).items():
            yield FigureSource(f"{item.code}.{name}", f"“{item.title}”{word}的处数", days, count, facts.address)
    counts = _count(facts.findings)
    yield FigureSource("findings", "发现的问题", days, sum(counts.values()), facts.address)
    for code, count in counts.items():
        yield FigureSource(f"findings.{code}", f"发现的问题中{STATES[code]}的", days, count, facts.address)
