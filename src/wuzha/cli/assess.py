"""``wuzha assess``: a plan, a roster and a ledger to standings as of a day."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from wuzha.adapters.columns.question import Question
from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.plan_yaml import check_plan_yaml
from wuzha.adapters.spreadsheets import read_roster
from wuzha.adapters.standing_table import TOTAL_HEADS, Report, render_csv, render_json, render_xlsx
from wuzha.adapters.wording.duty import render_duty
from wuzha.adapters.wording.words import Language, describe_status
from wuzha.cli.engine import AUTO, NAMES, Answer, ask_engine, choose_engine, list_branches
from wuzha.cli.files import (
    DayType,
    InputError,
    end_on_errors,
    is_document,
    language_option,
    read_bytes,
    read_plan_document,
    read_plan_text,
    say,
    tell_problems,
    write_bytes,
)
from wuzha.cli.ledger import Ledger, read_ledger
from wuzha.cli.plans import bind_plan
from wuzha.core.assessment.assess import assess as assess_plan
from wuzha.core.assessment.model import Standing, Status, Totals
from wuzha.core.assessment.pace import Pace, Place, list_paces
from wuzha.core.base.problem import Problem, has_errors
from wuzha.core.base.roster import check_roster, list_doubts, list_undated
from wuzha.core.base.unit import Tree
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.core.ledger.record import Record, keep_in_effect
from wuzha.core.plan.build import build_plan
from wuzha.core.plan.check import check_plan
from wuzha.core.plan.model import Plan
from wuzha.core.plan.place import draft_plan

NARROWEST = 120


@dataclass(frozen=True, slots=True)
class Job:
    """What was asked for on the command line."""

    plan: str
    units: tuple[str, ...]
    records: str
    as_of: date
    format_: str
    output: str | None
    unit: str
    known_by: date | None
    calendar: str
    waivers: str
    engine: str
    lang: Language


@click.command(short_help="算出各单位的完成情况。 Work out the standings.")
@click.argument("plan", metavar="PLAN")
@click.option(
    "--units",
    required=True,
    multiple=True,
    metavar="ROSTER.xlsx",
    help="花名册：代码、名称、类型、上级和各项基数。可以写几次，后面的接着前面的读，例如重新清点的基数，或者从“变更日期”起改名、划转的单位。",
)
@click.option(
    "--records",
    required=True,
    metavar="RECORDS",
    help="台账：CSV 文件，一行一条记录，至少有单位、类型、日期；也可以是 wuzha mirror 抄的文件夹。",
)
@click.option("--as-of", required=True, type=DayType(), help="算到哪一天（含当天）。")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json", "csv", "xlsx"]),
    default="table",
    show_default=True,
    help="table 看汇总；json、csv 每条应办事项一行；xlsx 汇总表加明细。",
)
@click.option("--output", "-o", metavar="FILE", help="写到文件。xlsx 必须写到文件。")
@click.option(
    "--known-by",
    type=DayType(),
    help="只按到这一天（含当天）收到的记录算：后来才收到的更正、撤回不算，被更正的原记录照旧算。没写接收时间的按记录时间。",
)
@click.option("--unit", default="", metavar="CODE", help="只看这个单位和它下面的单位。")
@click.option("--calendar", default="", metavar="FILE.yaml", help="本县的放假、补班和开学日，加在公布的放假安排上。")
@click.option("--waivers", default="", metavar="FILE.yaml", help="免办的任务：哪个单位、从哪天到哪天、为什么、谁批的。")
@click.option(
    "--engine",
    type=click.Choice(NAMES),
    default=AUTO,
    show_default=True,
    help="用什么算，结果都一样：auto 按台账大小选；specification 逐条算；dense 用数组；sql、duckdb、spark 用一条 SQL。",
)
@language_option
def assess(**asked: Any) -> None:
    """按方案、花名册和台账，算出到某一天每个单位每条任务办得怎么样。

      \b
      例：
        wuzha assess 方案.yaml --units 花名册.xlsx --records 台账.csv --as-of 2027-06-30
        wuzha assess 方案.yaml --units 花名册.xlsx --records 台账.csv --as-of 2027-06-30 --format xlsx -o 六月.xlsx
        wuzha assess 方案.yaml --units 花名册.xlsx --records 台账列存 --as-of 2027-06-30        台账是 wuzha mirror 抄的
    wuzha assess 方案.yaml --units 花名册.xlsx --units 重新清点.xlsx --records 台账.csv --as-of 2027-06-30

      \b
      PLAN 是方案文件（.yaml），也可以是写好的方案（.docx、.txt）：先按草稿读出任务再算，没有人确认过。
      状态：未到时间、进行中、已完成、逾期完成、未完成、不适用、免办、无法判断。没有基数或原文没有数量的是“无法判断”，不当作零。
      方案或花名册有错误时不算，退出码为 1；台账里读不了的行逐条说明，其余照算，退出码也为 1。

      Works out how every unit stands in every duty on a day.
    """
    job = Job(**asked)
    if job.format_ == "xlsx" and not job.output:
        raise InputError(say(job.lang, "xlsx 要写到文件，请加 -o 文件名。", "A workbook goes to a file: add -o FILE."))
    report, problems = work_out(job)
    tell_problems(problems, job.lang)
    if job.format_ == "table" and not job.output:
        print_table(report, job.lang)
    else:
        _write(render(report, job.format_, job.lang), job.output, job.lang)
    end_on_errors(problems)


def work_out(job: Job) -> tuple[Report, tuple[Problem, ...]]:
    """As :func:`run_job`, with a bar on stderr where a person looks on."""
    with _open_progress() as progress, _hold_collector():
        return run_job(job, progress)


def run_job(job: Job, progress: Progress) -> tuple[Report, tuple[Problem, ...]]:
    """The report and what was wrong with the records. Ends the command when plan or roster cannot be used."""
    with _show_stage(progress, say(job.lang, "读花名册和方案", "reading roster and plan")):
        tree, problems = _read_tree(job)
        _stop_on_errors(problems, job.lang)
        plan, doubts = _read_plan(job, tree)
        _stop_on_errors(doubts, job.lang)
        if plan is None:
            raise click.exceptions.Exit(1)
        plan, noted = bind_plan(plan, tree, job.calendar, job.waivers, job.lang)
        _stop_on_errors(noted, job.lang)
    with _show_stage(progress, say(job.lang, "读台账", "reading records")):
        ledger, mistakes = read_ledger(job.records, tree, job.lang, job.known_by)
    branch = _narrow_tree(tree.at(job.as_of), job)
    answer = _ask(job, Question(plan, tree, load_kinds(), job.as_of), ledger, branch, progress)
    standings = answer.standings
    inside = [standing for standing in standings if standing.obligation.unit in branch.by_code]
    paces = _list_paces(job, plan, tree, ledger, inside)
    report = Report(plan, branch, inside, load_kinds(), job.as_of, paces, job.known_by, answer.by_branch)
    return report, (*problems, *doubts, *noted, *mistakes)


@contextmanager
def _hold_collector() -> Iterator[None]:
    """Rows and records hold no circles: looking for some among millions of them costs a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _show_stage(progress: Progress, words: str) -> Iterator[None]:
    """A moving bar for work whose length is not known beforehand."""
    task = progress.add_task(words, total=None)
    try:
        yield
    finally:
        progress.remove_task(task)


def _stop_on_errors(problems: Sequence[Problem], language: Language) -> None:
    if has_errors(problems):
        tell_problems(problems, language)
        raise click.exceptions.Exit(1)


def _read_tree(job: Job) -> tuple[Tree, tuple[Problem, ...]]:
    """The units of all rosters, each read upon those before it, and what is wrong or doubtful in any of them."""
    tree = Tree()
    told: list[Problem] = []
    for path in job.units:
        rows, problems = read_roster(Path(path).name, read_bytes(path, job.lang))
        told += problems
        if rows:
            before = tree
            tree, mistakes = check_roster(rows, before)
            told += (*mistakes, *list_doubts(rows, tree), *list_undated(rows, before, tree))
    return tree, tuple(told)


def _read_plan(job: Job, tree: Tree) -> tuple[Plan | None, tuple[Problem, ...]]:
    """A plan file, or the draft of a document."""
    return _read_document(job, tree) if is_document(job.plan) else _read_file(job, tree)


def _read_document(job: Job, tree: Tree) -> tuple[Plan | None, tuple[Problem, ...]]:
    reading, problems = read_plan_document(job.plan, job.lang)
    click.echo(
        say(
            job.lang,
            "注意：任务是从方案文字里读出来的草稿，没有人确认过。",
            "Note: the duties are a draft read from the document; nobody has confirmed them.",
        ),
        err=True,
    )
    plan, mistakes = build_plan(draft_plan(reading, job.as_of.year))
    senses = check_plan(plan, load_kinds(), tree) if plan else ()
    return plan, (*problems, *mistakes, *senses)


def _read_file(job: Job, tree: Tree) -> tuple[Plan | None, tuple[Problem, ...]]:
    return check_plan_yaml(read_plan_text(job.plan, job.lang), Path(job.plan).name, tree)


def _list_paces(job: Job, plan: Plan, tree: Tree, ledger: Ledger, inside: Sequence[Standing]) -> Mapping[Place, Pace]:
    """Only JSON tells them."""
    if job.format_ != "json":
        return {}
    return list_paces(plan, tree, ledger.records, load_kinds(), inside, job.as_of)


def _ask(job: Job, question: Question, ledger: Ledger, branch: Tree, progress: Progress) -> Answer:
    engine = choose_engine(job.engine, ledger.size, job.lang)
    if engine is None:
        return Answer(_assess_duties(question.plan, question.tree, ledger.records, job.as_of, progress), {})
    with _show_stage(progress, say(job.lang, "计算", "assessing")):
        return ask_engine(engine, question, ledger.columns, branch, one_by_one=job.format_ != "table")


def _assess_duties(
    plan: Plan, tree: Tree, records: Iterable[Record], as_of: date, progress: Progress
) -> list[Standing]:
    """Duty by duty, so that a long work shows how far it has come."""
    kinds = load_kinds()
    known = keep_in_effect(records)
    standings: list[Standing] = []
    for duty in progress.track(plan.duties, description="计算 / assessing"):
        feeding = list_feeding_kinds(duty, kinds)
        counted = [record for record in known if record.kind in feeding]
        standings += assess_plan(replace(plan, duties=(duty,)), tree, counted, kinds, as_of)
    return standings


def _narrow_tree(tree: Tree, job: Job) -> Tree:
    """The unit asked for and what is below it; everything when none was named."""
    if not job.unit:
        return tree
    units = tuple(tree.walk_down(job.unit))
    if not units:
        raise InputError(say(job.lang, f"花名册里没有代码 {job.unit}。", f"There is no code {job.unit} in the roster."))
    return Tree((replace(units[0], parent=""), *units[1:]))


def _open_progress() -> Progress:
    """A bar on stderr where a person looks on; silent in scripts."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def render(report: Report, format_: str, language: Language) -> bytes:
    match format_:
        case "json":
            return f"{render_json(report)}\n".encode()
        case "csv":
            return render_csv(report).encode()
        case "xlsx":
            return render_xlsx(report)
        case _:
            paper = StringIO()
            _print_tables(Console(width=NARROWEST, file=paper), report, language)
            return paper.getvalue().encode()


def _write(content: bytes, output: str | None, language: Language) -> None:
    """To the file, or to stdout. A CSV file begins with the mark by which Excel knows UTF-8."""
    if output is None:
        click.echo(content.decode(), nl=False)
        return
    mark = b"\xef\xbb\xbf" if output.lower().endswith(".csv") else b""
    write_bytes(output, mark + content, language)


def print_table(report: Report, language: Language) -> None:
    console = Console()
    if console.width < NARROWEST or not console.is_terminal:
        console = Console(width=NARROWEST)
    _print_tables(console, report, language)


def _print_tables(console: Console, report: Report, language: Language) -> None:
    """The sums by duty, then by unit one level down."""
    day, known = report.as_of.isoformat(), report.known_by
    told = say(language, f"《{report.plan.title}》截至 {day}", f"{report.plan.title}, as of {day}")
    received = say(language, f"，按 {known} 及以前收到的记录", f", from records received by {known}") if known else ""
    console.print(told + received, markup=False)
    by_duty = _make_table(say(language, "任务", "Duty"), language)
    for duty in report.plan.duties:
        _add_sums(by_duty, render_duty(duty, report.kinds, language), report.count_duty(duty.id))
    by_unit = _make_table(say(language, "单位", "Unit"), language)
    for unit, codes in list_branches(report.tree):
        _add_sums(by_unit, unit.name, report.count_branch(unit.code, codes))
    console.print(by_duty, by_unit)
    by_chance = len(report.list_by_chance())
    if by_chance:
        words = say(
            language,
            f"有 {by_chance} 条指标人数少，变化分不清是好转还是偶然；csv、json 的“说明”里逐条写明。",
            f"{by_chance} indicators rest on small numbers and cannot be told from chance; csv and json say which.",
        )
        console.print(words, markup=False)


def _make_table(head: str, language: Language) -> Table:
    table = Table(expand=True)
    table.add_column(head, overflow="fold", ratio=1)
    sums = TOTAL_HEADS if language == "zh" else ("Expected", "Met", "On time")
    statuses = [describe_status(status, language).capitalize() for status in (Status.MISSED, Status.UNKNOWN)]
    for word in (*sums, *statuses):
        table.add_column(word, justify="right", no_wrap=True)
    return table


def _add_sums(table: Table, name: str, totals: Totals) -> None:
    counts = (totals.expected, totals.met, totals.on_time, totals.missed, totals.count(Status.UNKNOWN))
    table.add_row(escape(name), *map(str, counts))
