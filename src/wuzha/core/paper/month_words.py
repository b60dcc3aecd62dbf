"""The monthly table in words: its title, its figures as they are printed, and where each of them comes from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from types import MappingProxyType

from wuzha.core.base.interval import DAY, Interval
from wuzha.core.base.unit import ATTRIBUTES
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.core.paper.column import (
    ChangeOf,
    Column,
    OfAttribute,
    OfCover,
    OfRecords,
    OfRegister,
    OfSites,
    OfStanding,
    OfTitles,
    ShareOf,
    list_named,
)
from wuzha.core.paper.model import FigureSource, say_day
from wuzha.core.paper.month import Cell, MonthlyQuestion, MonthlyRow, MonthlyTable, RowKind
from wuzha.core.paper.month_cells import find_days, make_duty

UNKNOWN, NOTHING = "不详", "—"
MISSING_MARK, CHANCE_MARK = "*", "△"
LEGEND = (
    "“不详”是没有人报、没有基数或没有导入，不是零；“—”是没有这一项。",
    f"带{MISSING_MARK}的合计，有单位不详，只加了已知的；带{CHANCE_MARK}的升降，数目小，分不清是变化还是偶然。",
)
# A figure that was reported for a calendar month is known for that month alone.
SHIFTED = (
    "发案、案损和高损按上报记录的日子归期；上报的是自然月合计的，整数归在记录那天所在的统计期，与本表的起止日不同。"
)
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "no-data": "这一期没有人报数",
        "no-figure": "花名册里没有这个数",
        "no-base": "花名册里没有基数",
        "not-imported": "没有导入",
        "not-typed": "没有填",
        "not-there": "当时没有这个单位",
        "not-asked": "不由本单位报",
        "nothing-owed": "没有应办的",
        "no-register": "没有登记过这种阵地",
        "no-titles": "系统里没有开无诈创建",
    }
)
SOURCES = MappingProxyType(
    {"computed": "系统算出", "typed": "单位填写", "imported": "导入的表", "signed": "报送时记下"}
)
# From the first record on.
EVER = date.min


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """The records that a figure is looked for in: of a unit with what stands in its line, of kinds, on days.

    ``column`` and ``row`` name the figure itself, since these alone do not tell which of the records count.
    """

    unit: str
    kinds: tuple[str, ...]
    days: Interval
    audience: tuple[str, ...] = ()
    column: str = ""
    row: RowKind = "unit"


# The path of the page that lists the records; empty where there is none.
Link = Callable[[RecordFilter], str]


def no_link(records: RecordFilter) -> str:
    return ""


# --- the table --------------------------------------------------------------------------------------------------------


def say_title(question: MonthlyQuestion) -> str:
    year, _, month = question.month.label.partition("-")
    return f"{_name_top(question)}工作进展情况表（{year}年{int(month)}月）"


def say_heading(table: MonthlyTable) -> str:
    """The title as it is printed, with what the table is marked as."""
    return f"{say_title(table.question)}{f'［{table.mark}］' if table.mark else ''}"


def list_notes(table: MonthlyTable) -> tuple[str, ...]:
    """What stands below the table."""
    return (*LEGEND, *((SHIFTED,) if table.question.month_ends else ()), *table.notes)


def say_period(question: MonthlyQuestion) -> str:
    """The days of the month, the day it is counted to, and by which records."""
    month = question.month.interval
    words = f"统计期：{say_day(month.opens)}至{say_day(month.last_day)}；累计自{say_day(question.since)}起"
    if question.day < month.last_day:
        words += f"；算到{say_day(question.day)}"
    known = question.known_by
    if known is not None:
        day = known.date() if isinstance(known, datetime) else known
        words += f"；按{say_day(day)}及以前收到的记录"
    return words


def say_row(row: MonthlyRow, question: MonthlyQuestion) -> str:
    if row.kind == "total":
        return "合计"
    if row.kind == "subtotal":
        is_top = row.unit.code == question.top
        return f"{row.unit.name}{'本级和直属单位' if is_top else ''}小计"
    if row.unit.closes_on <= question.day:
        return f"{row.unit.name}（{say_day(row.unit.closes_on)}撤销）"
    return f"{row.unit.name}{'（本级）' if row.is_own else ''}"


def _name_top(question: MonthlyQuestion) -> str:
    return question.tree.at(question.day).by_code[question.top].name


# --- a figure ---------------------------------------------------------------------------------------------------------


def say_cell(cell: Cell, column: Column) -> str:
    """The figure as it is printed, with its marks and without its measure."""
    if not cell.is_known:
        return UNKNOWN if cell.is_unknown else ("" if column.is_text else NOTHING)
    if column.is_text:
        return cell.text
    return f"{_say_value(cell, column)}{say_marks(cell)}"


def say_marks(cell: Cell) -> str:
    missing = MISSING_MARK if cell.missing else ""
    return missing + (CHANCE_MARK if is_by_chance(cell) else "")


def is_by_chance(cell: Cell) -> bool:
    return cell.certainty is not None and cell.certainty.is_chance


def is_said_in_counts(cell: Cell) -> bool:
    """Whether a change is too small to be told in per cent."""
    return cell.certainty is not None and cell.certainty.is_small


def _say_value(cell: Cell, column: Column) -> str:
    if is_said_in_counts(cell):
        measure = column.counts.measure if isinstance(column.counts, ChangeOf) else ""
        return say_difference(cell.parts[0] - cell.parts[1], measure)
    value = cell.value or Fraction(0)
    match column.counts:
        case ChangeOf():
            return f"{round_half_up(value * 100, 1):+.1f}%"
        case ShareOf(per=per):
            return f"{round_half_up(value, 1):.1f}%" if per == 100 else f"{round_half_up(value, 2):.2f}"
        case _:
            return f"{int(value):,}" if value.denominator == 1 else f"{round_half_up(value, 2):,.2f}"


def say_difference(difference: Fraction, measure: str) -> str:
    return f"{int(difference):+d}{measure}" if difference else "持平"


def round_half_up(value: Fraction, places: int) -> float:
    """As a spreadsheet rounds: a half goes away from zero."""
    scaled = abs(value) * 10**places + Fraction(1, 2)
    whole = scaled.numerator // scaled.denominator
    return float(Fraction(whole if value >= 0 else -whole, 10**places))


def name_figure(row: MonthlyRow, column: Column) -> str:
    """Stable: the same figure of the same table has the same name whenever it is made."""
    return f"{row.kind}.{row.unit.code}.{column.code}"


# --- where it comes from ----------------------------------------------------------------------------------------------


def make_source(table: MonthlyTable, row: MonthlyRow, column: Column, link: Link = no_link) -> FigureSource:
    cell, question = table.read(row, column.code), table.question
    records = find_filter(row, column, question)
    address = link(records) if records is not None else ""
    words = _say_filter(row, column, records, table)
    return FigureSource(name_figure(row, column), column.says, words, cell.count, address)


def find_filter(row: MonthlyRow, column: Column, question: MonthlyQuestion) -> RecordFilter | None:
    """Which records to look at; none for what is made of no records of its own."""
    counts, code = column.counts, row.unit.code
    if not isinstance(counts, OfRecords | OfCover | OfSites | OfRegister):
        return None
    asked = "feeding", counts
    if asked not in question.kept:
        question.kept[asked] = tuple(sorted(list_feeding_kinds(make_duty(counts, question), question.kinds)))
    kinds: tuple[str, ...] = question.kept[asked]
    past = Interval(EVER, question.day + DAY)
    days = past if isinstance(counts, OfSites | OfRegister) else find_days(counts, row.unit, question)
    audience = counts.audience if isinstance(counts, OfRecords) and not counts.home else ()
    return RecordFilter(code, kinds, days, audience, column.code, _tell_row(row, question))


def _tell_row(row: MonthlyRow, question: MonthlyQuestion) -> RowKind:
    """Which row of the table of ``row.unit`` alone it is: a town's subtotal is the total of that town's own table."""
    return "total" if row.kind == "subtotal" and row.unit.code != question.top else row.kind


def _say_filter(row: MonthlyRow, column: Column, records: RecordFilter | None, table: MonthlyTable) -> str:
    question, counts = table.question, column.counts
    whose = say_row(row, question) if row.kind == "unit" else f"{row.unit.name}各行"
    if records is not None:
        return f"{whose}；{_say_kinds(records, question)}；{_say_days(records.days)}"
    match counts:
        case OfAttribute(name=name):
            return f"{whose}；花名册“{ATTRIBUTES[name]}”；{say_day(question.day)}有效"
        case OfStanding():
            return f"{whose}；《{question.plan.title}》的应办事项；算到{say_day(question.day)}"
        case OfTitles(span=span):
            since = question.month.opens if span == "month" else question.since
            return f"{whose}；无诈创建里登记的；{_say_days(Interval(since, question.day + DAY))}"
        case None:
            return f"{whose}；{SOURCES[column.source]}"
        case _:
            first, second = (table.columns[table.places[code]] for code in list_named(column))
            return f"{whose}；“{name_column(first)}”和“{name_column(second)}”两栏"


def name_column(column: Column) -> str:
    return f"{column.group}·{column.title}"


def _say_kinds(records: RecordFilter, question: MonthlyQuestion) -> str:
    kinds = "、".join(question.kinds[code].title for code in records.kinds if code in question.kinds)
    audience = f"，对象含{'、'.join(records.audience)}" if records.audience else ""
    return f"记录种类：{kinds}{audience}"


def _say_days(days: Interval) -> str:
    if days.opens == EVER:
        return f"{say_day(days.last_day)}及以前"
    return f"{say_day(days.opens)}至{say_day(days.last_day)}" if days.days else "没有这样的日子"


def say_note(cell: Cell) -> str:
    """Why a figure is not known, what a sum lacks, and what chance has to do with a change."""
    words = [REASONS.get(cell.reason, cell.reason)] if cell.is_unknown else []
    if cell.missing:
        words.append(f"有{cell.missing}个单位不详，没有加进来")
    if len(cell.parts) == 2 and cell.is_known:
        words.append(f"{_say_plain(cell.parts[0])} 比 {_say_plain(cell.parts[1])}")
    if is_by_chance(cell):
        words.append("数目小，这个升降分不清是变化还是偶然")
    return "；".join(words)


def _say_plain(value: Fraction) -> str:
    return f"{int(value):,}" if value.denominator == 1 else f"{float(value):,.2f}"
