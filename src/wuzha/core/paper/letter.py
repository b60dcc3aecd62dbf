"""Papers on how units stand in a plan: the letter of advice, the supervision notice, the circular, the commendation.

Facts and what a person typed go in, the paper comes out. Every number in it is a figure with its source. A letter
advises and never threatens; units come in the order of the roster, never ranked.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from wuzha.core.assessment.model import Status, Totals
from wuzha.core.base.problem import Problem, make_problem
from wuzha.core.paper.model import (
    Block,
    Figure,
    FigureSource,
    FormCode,
    Grid,
    Heading,
    Paper,
    Paragraph,
    Span,
    list_figures,
    say_day,
    say_number,
)

# The forms that speak of how units stand: to the unit itself, and of an area to all in it.
UNIT_FORMS: tuple[FormCode, ...] = ("letter", "supervise")
AREA_FORMS: tuple[FormCode, ...] = ("circular", "commend")
STANDING_FORMS = UNIT_FORMS + AREA_FORMS
# So many duties are told in words; more stand in a table, where they are read more easily.
MOST_TOLD = 6
# So many windows of a duty, or units that are behind, are named one by one.
MOST_NAMED = 3
MOST_UNITS = 12

MEASURES: Mapping[str, tuple[tuple[Status, ...], str, str]] = MappingProxyType(
    {
        "expected": (
            (Status.OPEN, Status.MET, Status.LATE, Status.MISSED, Status.UNKNOWN),
            "应办事项：已开始、应当计入的事项，不含未到时间、不适用和免办的。一个单位在一个周期内的一项任务为一项",
            "",
        ),
        "met": ((Status.MET, Status.LATE), "已完成：按时完成的和逾期完成的", "done"),
        "on_time": ((Status.MET,), "按时完成：在截止日以内达到要求的", "met"),
        "missed": ((Status.MISSED,), "到期未完成：截止日已过、仍未达到要求的", "missed"),
        "open": ((Status.OPEN,), "正在办理：截止日未过、尚未达到要求的", "open"),
        "unknown": ((Status.UNKNOWN,), "无法判断：缺少基数、来源或者量化要求的", "unknown"),
    }
)


@dataclass(frozen=True, slots=True)
class Counted:
    """Totals, what was looked at in Chinese, and the page that lists it; ``&status=`` can follow the address."""

    totals: Totals
    filter: str
    address: str


@dataclass(frozen=True, slots=True)
class Lapse:
    """One window of a duty that the unit itself bears. ``records`` stand behind ``value``; ``counter`` is 次 or 户."""

    id: str
    window: str
    value: str
    goal: str
    counter: str
    is_missed: bool
    records: int
    filter: str
    address: str


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """How the subject stands in one duty, all units below it included. ``note`` says how sure an indicator is."""

    id: str
    title: str
    sentence: str
    clause: str
    quote: str
    counted: Counted
    lapses: tuple[Lapse, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """How one unit stands in all duties together."""

    code: str
    name: str
    counted: Counted


@dataclass(frozen=True, slots=True)
class Facts:
    """What the paper is about: a unit with all below it, in one plan, on a day.

    ``units`` are those right below it, each with all below it, or the unit alone; ``bearers`` are all that bear
    anything themselves, each without those below it. ``matrix`` is the page that shows the units beside each other.
    """

    plan: str
    subject: str
    as_of: date
    total: Counted
    duties: tuple[DutyFacts, ...]
    units: tuple[UnitFacts, ...]
    bearers: tuple[UnitFacts, ...]
    is_area: bool
    matrix: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person typed. ``asks`` are paragraphs; empty ones take the form's own."""

    title: str
    addressee: str
    signed_by: str
    asks: tuple[str, ...] = ()
    answer_by: date | None = None


def read_said(told: Mapping[str, Any]) -> Said:
    """What a person typed, from the JSON of a draft."""
    answer_by = told.get("answer_by")
    return Said(
        title=told["title"],
        addressee=told["addressee"],
        signed_by=told["signed_by"],
        asks=tuple(told["asks"]),
        answer_by=date.fromisoformat(answer_by) if answer_by else None,
    )


def write_letter(form: FormCode, facts: Facts, said: Said) -> tuple[Paper | None, tuple[Problem, ...]]:
    """The paper, or none and why: a letter needs something that is behind, a commendation somebody to name."""
    problems = tuple(CHECKS[form](facts))
    if problems:
        return None, problems
    blocks = tuple(WRITERS[form](facts, said))
    paper = Paper(
        form=form,
        title=said.title,
        blocks=blocks,
        addressee=said.addressee,
        signed_by=said.signed_by,
        issuer=said.signed_by,
    )
    return add_sources(paper, facts), ()


def read_all(facts: Facts) -> dict[str, str]:
    """Every figure that the facts can give, printed or not, by its name: what a restatement looks up."""
    counts = [("all", facts.total), *((duty.id, duty.counted) for duty in facts.duties)]
    counts += [(f"unit.{unit.code}", unit.counted) for unit in facts.units]
    counts += [(f"own.{unit.code}", unit.counted) for unit in facts.bearers]
    found = {
        f"{name}.{measure}": say_number(_count(one.totals, measure)) for name, one in counts for measure in MEASURES
    }
    lapses = {lapse.id: lapse.value for duty in facts.duties for lapse in duty.lapses}
    return (
        found
        | lapses
        | {"units-behind": say_number(len(_list_behind(facts))), "units-done": say_number(len(_list_done(facts)))}
    )


# --- what each form says ----------------------------------------------------------------------------------------------


def _write_advice(facts: Facts, said: Said) -> Iterator[Block]:
    yield Paragraph(
        (f"为帮助有关任务按期落实，现将{_name(facts)}落实《{facts.plan}》的有关情况函告如下，供工作中参考。",)
    )
    yield from tell_state(facts)
    yield Heading(1, "工作建议")
    yield from _write_asks(said, ADVICE)
    if said.answer_by:
        yield Paragraph((f"办理情况请于{say_day(said.answer_by)}前告知我们。",))
    yield Paragraph(("特此函告。",))


def _write_supervision(facts: Facts, said: Said) -> Iterator[Block]:
    yield Paragraph((f"经核对台账，{_name(facts)}落实《{facts.plan}》有到期未完成的事项，现予督办。",))
    yield from tell_state(facts)
    yield Heading(1, "办理要求")
    yield from _write_asks(said, SUPERVISION)
    if said.answer_by:
        yield Paragraph((f"请于{say_day(said.answer_by)}前办结并书面反馈。",))
    yield Paragraph(("特此通知。",))


def _write_circular(facts: Facts, said: Said) -> Iterator[Block]:
    yield Paragraph((f"现将截至{say_day(facts.as_of)}{_name(facts)}落实《{facts.plan}》的情况通报如下。",))
    yield Heading(1, "总体情况")
    yield Paragraph((*_tell_counts("all", facts.total, "共有"), "（一个单位在一个周期内的一项任务为一项。）"))
    yield Heading(1, "各单位情况")
    yield Paragraph(("下表按花名册顺序排列，不分先后。",))
    yield _draw_units(facts.units)
    missed = _list_missed(facts)
    if missed:
        yield Heading(1, "到期未完成的任务")
        yield from _tell_duties(missed)
    yield Heading(1, "下一步工作")
    yield from _write_asks(said, CIRCULAR)


def _write_commendation(facts: Facts, said: Said) -> Iterator[Block]:
    done = _list_done(facts)
    units = Figure("units-done", say_number(len(done)))
    opening = f"截至{say_day(facts.as_of)}，{_name(facts)}有 "
    rest = f" 个单位落实《{facts.plan}》的到期事项全部按时完成，现予表扬。"
    yield Paragraph((opening, units, rest))
    yield Paragraph(("名单如下，按花名册顺序排列，不分先后。",))
    rows = tuple((unit.name, _make_figure(f"unit.{unit.code}", unit.counted, "on_time")) for unit in done)
    yield Grid((("单位", "按时完成事项（项）"), *rows), (106, 50))
    yield from _write_asks(said, COMMENDATION)


ADVICE = (
    "请对照上述任务，结合本单位实际安排好后续工作。已经开展但还没有登记的，请补记台账，不必另报材料。",
    "对以上数据有不同意见，或者落实中有困难需要协调的，请及时与我们联系。",
)
SUPERVISION = (
    "请逐项查明原因，明确责任人和完成时限，抓紧办理。已经开展但还没有登记的，请补记台账，不必另报材料。",
    "对以上数据有不同意见的，可以提出核对；确因客观原因不能按期完成的，请书面说明。",
)
CIRCULAR = (
    "请各单位对照本单位情况，抓紧补齐到期未完成的任务，统筹安排好正在办理的任务。",
    "已经开展但还没有登记的，请补记台账，不必另报材料。对数据有不同意见的，可以提出核对。",
)
COMMENDATION = ("希望上述单位继续把工作做实，也请其他单位学习借鉴，按时完成各项任务。",)


def _write_asks(said: Said, usual: Sequence[str]) -> Iterator[Block]:
    yield from (Paragraph((line,)) for line in said.asks or usual)


def _name(facts: Facts) -> str:
    return f"{facts.subject}及所辖单位" if facts.is_area else facts.subject


# --- how things stand -------------------------------------------------------------------------------------------------


def tell_state(facts: Facts) -> Iterator[Block]:
    """How the subject stands in the plan: all together, each duty that is behind, and which units are."""
    yield Heading(1, "有关情况")
    lead = f"截至{say_day(facts.as_of)}，{_name(facts)}共有"
    yield Paragraph((*_tell_counts("all", facts.total, lead), "（一个单位在一个周期内的一项任务为一项。）"))
    yield from _tell_duties(_list_missed(facts))
    behind = _list_behind(facts)
    if facts.is_area and behind:
        yield Paragraph(tuple(_name_units(behind)))


def _tell_counts(name: str, counted: Counted, lead: str) -> Iterator[Span]:
    """应办事项 12 项，已完成 8 项，…… Zero is told of what is done and missed, and left out of the rest."""
    yield f"{lead}应办事项 "
    yield _make_figure(name, counted, "expected")
    yield " 项，已完成 "
    yield _make_figure(name, counted, "met")
    yield " 项，其中按时完成 "
    yield _make_figure(name, counted, "on_time")
    yield " 项；到期未完成 "
    yield _make_figure(name, counted, "missed")
    yield " 项"
    for measure, words in (("open", "正在办理"), ("unknown", "无法判断")):
        if _count(counted.totals, measure):
            yield f"，{words} "
            yield _make_figure(name, counted, measure)
            yield " 项"
    yield "。"


def _tell_duties(duties: Sequence[DutyFacts]) -> Iterator[Block]:
    if len(duties) > MOST_TOLD:
        yield _draw_duties(duties)
    else:
        yield from (Heading(2, f"{duty.title}。", tuple(_tell_duty(duty))) for duty in duties)


def _tell_duty(duty: DutyFacts) -> Iterator[Span]:
    yield f"{_cite(duty)}应完成 "
    yield _make_figure(duty.id, duty.counted, "expected")
    yield " 项，已完成 "
    yield _make_figure(duty.id, duty.counted, "met")
    yield " 项，到期未完成 "
    yield _make_figure(duty.id, duty.counted, "missed")
    yield " 项"
    missed = [lapse for lapse in duty.lapses if lapse.is_missed][-MOST_NAMED:]
    for number, lapse in enumerate(missed):
        yield "，其中" if number == 0 else "；"
        yield from _tell_lapse(lapse)
    yield "。"
    if duty.note:
        yield duty.note


def _cite(duty: DutyFacts) -> str:
    place = f"方案{duty.clause}要求" if duty.clause else "方案要求"
    return f"{place}“{duty.quote}”。" if duty.quote else f"{place}{duty.sentence}。"


def _tell_lapse(lapse: Lapse) -> Iterator[Span]:
    yield f"{lapse.window}完成 "
    yield Figure(lapse.id, lapse.value)
    yield f" {lapse.counter}、要求 {lapse.goal} {lapse.counter}".rstrip()


def _draw_duties(duties: Sequence[DutyFacts]) -> Grid:
    measures = ("expected", "met", "missed")
    rows: tuple[tuple[Span, ...], ...] = tuple(
        (
            f"{duty.title}（{duty.clause}）" if duty.clause else duty.title,
            *(_make_figure(duty.id, duty.counted, measure) for measure in measures),
        )
        for duty in duties
    )
    return Grid((("任务", "应完成（项）", "已完成（项）", "到期未完成（项）"), *rows), (69, 29, 29, 29))


def _draw_units(units: Sequence[UnitFacts]) -> Grid:
    measures = ("expected", "met", "on_time", "missed", "open")
    heads = ("单位", "应办事项", "已完成", "按时完成", "到期未完成", "正在办理")
    rows: tuple[tuple[Span, ...], ...] = tuple(
        (unit.name, *(_make_figure(f"unit.{unit.code}", unit.counted, measure) for measure in measures))
        for unit in units
    )
    return Grid((heads, *rows), (46, 22, 22, 22, 22, 22))


def _name_units(units: Sequence[UnitFacts]) -> Iterator[Span]:
    """到期未完成的事项涉及 14 个单位：…… The first dozen in the order of the roster."""
    yield "到期未完成的事项涉及 "
    yield Figure("units-behind", say_number(len(units)))
    yield " 个单位，按花名册顺序为："
    for number, unit in enumerate(units[:MOST_UNITS]):
        yield f"{'、' if number else ''}{unit.name} "
        yield _make_figure(f"own.{unit.code}", unit.counted, "missed")
        yield " 项"
    yield "等。" if len(units) > MOST_UNITS else "。"


def _list_missed(facts: Facts) -> list[DutyFacts]:
    return [duty for duty in facts.duties if duty.counted.totals.missed]


def _list_behind(facts: Facts) -> list[UnitFacts]:
    return [unit for unit in facts.bearers if unit.counted.totals.missed]


def _list_done(facts: Facts) -> list[UnitFacts]:
    """Those right below the subject that have done all that was due, and in time: nothing late, nothing unknown."""
    return [unit for unit in facts.units if unit.counted.totals.on_time and not _fell_short(unit.counted.totals)]


def _fell_short(totals: Totals) -> int:
    return totals.count(Status.LATE, Status.MISSED, Status.UNKNOWN)


# --- figures and where they come from ---------------------------------------------------------------------------------


def _count(totals: Totals, measure: str) -> int:
    return totals.count(*MEASURES[measure][0])


def _make_figure(name: str, counted: Counted, measure: str) -> Figure:
    return Figure(f"{name}.{measure}", say_number(_count(counted.totals, measure)))


def add_sources(paper: Paper, facts: Facts) -> Paper:
    """With the source of each figure that the paper prints, in the order in which they are printed."""
    known = {source.id: source for source in _list_sources(facts)}
    printed = dict.fromkeys(figure.id for figure in list_figures(paper))
    return replace(paper, sources=tuple(known[name] for name in printed))


def _list_sources(facts: Facts) -> Iterator[FigureSource]:
    yield from _source_counts("all", facts.total)
    for duty in facts.duties:
        yield from _source_counts(duty.id, duty.counted)
        for lapse in duty.lapses:
            definition = f"{duty.title}：这一周期内计入的数量，要求 {lapse.goal} {lapse.counter}".rstrip()
            yield FigureSource(lapse.id, definition, lapse.filter, lapse.records, lapse.address)
    for unit in facts.units:
        yield from _source_counts(f"unit.{unit.code}", unit.counted)
    for unit in facts.bearers:
        yield from _source_counts(f"own.{unit.code}", unit.counted)
    behind, done = len(_list_behind(facts)), len(_list_done(facts))
    missed = f"{facts.total.address}&status=missed"
    yield FigureSource("units-behind", "有到期未完成事项的单位", facts.total.filter, behind, missed)
    yield FigureSource("units-done", "到期事项全部按时完成的单位", facts.total.filter, done, facts.matrix)


def _source_counts(name: str, counted: Counted) -> Iterator[FigureSource]:
    for measure, (_, definition, status) in MEASURES.items():
        address = f"{counted.address}&status={status}" if status else counted.address
        yield FigureSource(f"{name}.{measure}", definition, counted.filter, _count(counted.totals, measure), address)


# --- what a form needs ------------------------------------------------------------------------------------------------


def _check_behind(facts: Facts) -> Iterator[Problem]:
    if not facts.total.totals.missed:
        yield make_problem("paper.nothing-missed", subject=facts.subject)


def _check_counted(facts: Facts) -> Iterator[Problem]:
    if not facts.total.totals.expected:
        yield make_problem("paper.nothing-due", subject=facts.subject)


def _check_done(facts: Facts) -> Iterator[Problem]:
    if not _list_done(facts):
        yield make_problem("paper.nobody-done", subject=facts.subject)


WRITERS: Mapping[str, Callable[[Facts, Said], Iterable[Block]]] = MappingProxyType(
    {
        "letter": _write_advice,
        "supervise": _write_supervision,
        "circular": _write_circular,
        "commend": _write_commendation,
    }
)
CHECKS: Mapping[str, Callable[[Facts], Iterable[Problem]]] = MappingProxyType(
    {
        "letter": _check_behind,
        "supervise": _check_behind,
        "circular": _check_counted,
        "commend": _check_done,
    }
)
TITLES: Mapping[str, str] = MappingProxyType(
    {
        "letter": "关于{subject}落实{plan}有关情况的工作提示函",
        "supervise": "关于{subject}落实{plan}到期未完成事项的督办通知",
        "circular": "关于{subject}落实{plan}情况的通报",
        "commend": "关于表扬{subject}按时落实{plan}有关单位的通报",
    }
)
USUAL_ASKS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"letter": ADVICE, "supervise": SUPERVISION, "circular": CIRCULAR, "commend": COMMENDATION}
)


def propose_title(form: FormCode, subject: str, plan: str) -> str:
    """What the paper is called until a person calls it otherwise."""
    return TITLES[form].format(subject=subject, plan=f"《{plan}》")
