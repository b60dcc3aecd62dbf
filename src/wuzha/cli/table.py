"""``wuzha table``: a plan, a roster and a ledger to the monthly progress table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import click

from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.monthly_columns import load_columns
from wuzha.adapters.paper.sheet import render_xlsx
from wuzha.cli.files import DayType, InputError, end_on_errors, language_option, say, tell_problems, write_bytes
from wuzha.cli.ledger import read_ledger
from wuzha.cli.plans import bind_plan, find_unit_code, read_any_plan, read_tree
from wuzha.core.assessment.assess import assess
from wuzha.core.assessment.model import Standing, Totals
from wuzha.core.assessment.rollup import Cell as Place
from wuzha.core.assessment.rollup import count_standings
from wuzha.core.base.problem import Problem, has_errors
from wuzha.core.base.unit import Tree
from wuzha.core.ledger.record import keep_in_effect
from wuzha.core.paper.month import Entries, MonthlyQuestion, MonthlyTable, find_month, find_since
from wuzha.core.paper.monthly import compute_table


@dataclass(frozen=True, slots=True)
class Job:
    """What was asked for on the command line."""

    plan: str
    units: tuple[str, ...]
    records: str
    month: str
    ends: int
    as_of: date | None
    known_by: date | None
    unit: str
    calendar: str
    waivers: str
    out: str
    lang: Any


@click.command(short_help="算出一个月的工作进展情况表。 Make the monthly progress table.")
@click.option("--plan", required=True, metavar="PLAN", help="方案文件（.yaml），或写好的方案（.docx、.txt）。")
@click.option("--units", required=True, multiple=True, metavar="ROSTER.xlsx", help="花名册，可以写几次。")
@click.option("--records", required=True, metavar="RECORDS", help="台账：CSV 文件，或 wuzha mirror 抄的文件夹。")
@click.option("--month", required=True, metavar="YYYY-MM", help="哪个月，例如 2026-11。")
@click.option(
    "--ends",
    type=click.IntRange(0, 28),
    default=0,
    show_default=True,
    help="每月算到哪一天：20 就是上月 21 日到本月 20 日；0 是自然月。",
)
@click.option("--as-of", type=DayType(), help="算到哪一天（含当天）；不写就算到这个月的最后一天。")
@click.option("--known-by", type=DayType(), help="只按到这一天（含当天）收到的记录算。")
@click.option("--unit", default="", metavar="CODE", help="哪个县或乡镇的表，写代码或名称；不写就是花名册最上面的单位。")
@click.option("--calendar", default="", metavar="FILE.yaml", help="本县的放假、补班和开学日。")
@click.option("--waivers", default="", metavar="FILE.yaml", help="免办的任务。")
@click.option("--out", "-o", required=True, metavar="FILE.xlsx", help="写到哪个文件。")
@language_option
def table(**asked: Any) -> None:
    """算出一个月的工作进展情况表：每个单位一行，每个乡镇一个小计，全县一个合计；每个数从哪里来，在“来源”表里。

      \b
      例：
        wuzha table --plan 方案.yaml --units 花名册.xlsx --records 台账.csv --month 2026-11 --out 十一月.xlsx
        wuzha table --plan 方案.yaml --units 花名册.xlsx --records 台账.csv --month 2026-11 --ends 20 --out 十一月.xlsx

      \b
      预警、止付返还等还没有台账的栏目写“不详”，等有表再填；问题与建议、亮点、线上触达由单位填。
      方案或花名册有错误时不算，退出码为 2；台账里读不了的行逐条说明，其余照算，退出码为 1。

    Makes the monthly progress table as a workbook, with the source of every figure.
    """
    job = Job(**asked)
    found, problems = _compute(job)
    tell_problems(problems, job.lang)
    write_bytes(job.out, render_xlsx(found), job.lang)
    units = sum(row.kind == "unit" for row in found.rows)
    click.echo(say(job.lang, f"{units} 个单位，写到 {job.out}。", f"{units} units, written to {job.out}."), err=True)
    end_on_errors(problems)


def _compute(job: Job) -> tuple[MonthlyTable, tuple[Problem, ...]]:
    """The table, and what is wrong with records. Ends the command when plan or roster cannot be used."""
    try:
        month = find_month(job.month, job.ends)
    except ValueError:
        words = f"“{job.month}”不是月份，请写成 2026-11 的样子。", f"{job.month} is no month; write it like 2026-11."
        raise InputError(say(job.lang, *words)) from None
    plan = read_any_plan(job.plan, job.lang, month.opens.year)
    tree = read_tree(job.units, job.lang) or Tree()
    plan, noted = bind_plan(plan, tree, job.calendar, job.waivers, job.lang)
    if has_errors(noted):
        tell_problems(noted, job.lang)
        raise click.exceptions.Exit(1)
    ledger, mistakes = read_ledger(job.records, tree, job.lang, job.known_by)
    top = find_unit_code(tree, job.unit, job.lang) if job.unit else tree.units[0].code
    as_of = job.as_of or month.interval.last_day
    if as_of < month.opens:
        words = f"{job.month} 还没有开始，算不到 {as_of}。", f"{job.month} has not begun by {as_of}."
        raise InputError(say(job.lang, *words))
    question = MonthlyQuestion(
        tree, top, month, find_since(plan, month, job.ends), as_of, load_kinds(), plan, job.known_by, job.ends
    )
    standings = assess(plan, tree, ledger.records, load_kinds(), question.day)
    facts = keep_in_effect(ledger.records)
    entries = Entries(_count_by_duty(standings))
    return compute_table(load_columns(), question, facts, entries), (*noted, *mistakes)


def _count_by_duty(standings: Iterable[Standing]) -> Mapping[Place, Totals]:
    """Each unit's own, duty by duty."""
    found: dict[Place, list[Standing]] = {}
    for standing in standings:
        found.setdefault((standing.obligation.unit, standing.obligation.duty), []).append(standing)
    return {place: count_standings(own) for place, own in found.items()}
