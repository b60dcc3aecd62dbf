"""``wuzha supervise``: which measures may be thought about on a day, with the facts. It gives none."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from wuzha.adapters.standing_table import Report
from wuzha.adapters.supervision_json import Case, render_advice_json
from wuzha.adapters.supervision_yaml import load_ladder, read_ladder_yaml, read_measures_yaml
from wuzha.adapters.wording.duty import render_duty
from wuzha.adapters.wording.supervision import name_step, say_conditions, say_ground, say_measure, say_withheld
from wuzha.adapters.wording.words import Language
from wuzha.cli.assess import NARROWEST, work_out
from wuzha.cli.assess import Job as AssessJob
from wuzha.cli.engine import AUTO
from wuzha.cli.files import (
    end_on_errors,
    language_option,
    ledger_options,
    read_plan_text,
    say,
    tell_problems,
    write_bytes,
)
from wuzha.cli.plans import find_unit_code
from wuzha.core.base.problem import Problem, has_errors
from wuzha.core.supervision.chance import list_certainties
from wuzha.core.supervision.inspection import check_visits
from wuzha.core.supervision.life import History, Measure, merge_events, replay
from wuzha.core.supervision.model import Ladder
from wuzha.core.supervision.propose import Advice, Proposal, Withheld, propose_measures

Told = TypeVar("Told", Proposal, Withheld, Measure)


@dataclass(frozen=True, slots=True)
class Job:
    """What was asked for on the command line."""

    plan: str
    units: tuple[str, ...]
    records: str
    as_of: date
    known_by: date | None
    ladder: str
    measures: str
    unit: str
    calendar: str
    waivers: str
    format_: str
    output: str | None
    lang: Language


@click.command(short_help="按督导阶梯提出建议，附事实。 Propose measures with their facts.")
@click.option("--plan", required=True, metavar="PLAN", help="方案文件（.yaml），也可以是写好的方案（.docx、.txt）。")
@ledger_options
@click.option("--ladder", default="", metavar="FILE.yaml", help="本县的督导阶梯；不写就用自带的。")
@click.option("--measures", default="", metavar="FILE.yaml", help="已经出具的措施和查过的单位。")
@click.option("--unit", default="", metavar="CODE", help="只看这个单位和它下面的单位，写代码或名称。")
@click.option("--calendar", default="", metavar="FILE.yaml", help="本县的放假、补班和开学日。")
@click.option("--waivers", default="", metavar="FILE.yaml", help="免办的任务。")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--output", "-o", metavar="FILE", help="写到文件。")
@language_option
def supervise(**asked: Any) -> None:
    """按督导阶梯，列出到某一天可以考虑的措施，每条附当时的事实。只是建议：出具要由有权的人具名办理。

      \b
      例：
        wuzha supervise --plan 方案.yaml --units 花名册.xlsx --records 台账.csv --as-of 2027-06-30
        wuzha supervise --plan 方案.yaml --units 花名册.xlsx --records 台账.csv --as-of 2027-06-30 --measures 措施.yaml

    单位按花名册的顺序列，不排名次。指标没有达到要求、但单凭偶然也会这样的，不提措施，另外列出并写明数字和区间。
    方案、花名册、阶梯或措施文件有错误时退出码为 1。

    Lists measures that may be thought about on a day, with their facts. A named person gives them, or does not.
    """
    job = Job(**asked)
    ladder = _read_ladder(job)
    report, problems = work_out(_make_assess_job(job))
    case, mistakes = _make_case(job, ladder, report)
    tell_problems((*problems, *mistakes), job.lang)
    _write(job, case)
    end_on_errors((*problems, *mistakes))


def _make_assess_job(job: Job) -> AssessJob:
    """All units are counted, whichever are shown: how sure an indicator is hangs on how many are asked."""
    return AssessJob(
        plan=job.plan,
        units=job.units,
        records=job.records,
        as_of=job.as_of,
        format_="csv",
        output=None,
        unit="",
        known_by=job.known_by,
        calendar=job.calendar,
        waivers=job.waivers,
        engine=AUTO,
        lang=job.lang,
    )


def _read_ladder(job: Job) -> Ladder:
    if not job.ladder:
        return load_ladder()
    ladder, problems = read_ladder_yaml(read_plan_text(job.ladder, job.lang), Path(job.ladder).name)
    tell_problems(problems, job.lang)
    if ladder is None:
        raise click.exceptions.Exit(1)
    return ladder


def _make_case(job: Job, ladder: Ladder, report: Report) -> tuple[Case, tuple[Problem, ...]]:
    history, problems = _read_history(job, ladder, report)
    certainties = list_certainties(report.plan, report.kinds, report.standings)
    advice = propose_measures(ladder, report.standings, certainties, history, job.as_of)
    shown = _list_shown(job, report)
    kept = Advice(_keep_shown(advice.proposals, shown), _keep_shown(advice.withheld, shown))
    live = _keep_shown([one for one in history.values() if one.is_live], shown)
    return Case(report, ladder, kept, live), problems


def _keep_shown(found: Iterable[Told], shown: Mapping[str, int]) -> tuple[Told, ...]:
    """In the order of the roster, which says nothing of better or worse."""
    return tuple(sorted((one for one in found if one.unit in shown), key=lambda one: shown[one.unit]))


def _list_shown(job: Job, report: Report) -> Mapping[str, int]:
    """The units asked about, each with its place in the roster."""
    places = {unit.code: number for number, unit in enumerate(report.tree.units)}
    if not job.unit:
        return places
    code = find_unit_code(report.tree, job.unit, job.lang)
    return {unit.code: places[unit.code] for unit in report.tree.walk_down(code)}


def _read_history(job: Job, ladder: Ladder, report: Report) -> tuple[History, tuple[Problem, ...]]:
    """The measures as of the day; what a broken file holds is not guessed at."""
    if not job.measures:
        return {}, ()
    lives, visits, problems = read_measures_yaml(read_plan_text(job.measures, job.lang), Path(job.measures).name)
    if has_errors(problems):
        tell_problems(problems, job.lang)
        raise click.exceptions.Exit(1)
    units = report.tree.by_code
    events = [event for event in merge_events(lives) if event.on <= job.as_of]
    history, told = replay(events, ladder, units)
    return history, (*problems, *told, *check_visits(visits, units))


def _write(job: Job, case: Case) -> None:
    if job.format_ == "json":
        text = f"{render_advice_json(case)}\n"
    elif job.output is None:
        console = Console()
        _print(console if console.is_terminal and console.width >= NARROWEST else Console(width=NARROWEST), job, case)
        return
    else:
        paper = StringIO()
        _print(Console(width=NARROWEST, file=paper), job, case)
        text = paper.getvalue()
    if job.output is None:
        click.echo(text, nl=False)
    else:
        write_bytes(job.output, text.encode(), job.lang)


def _print(console: Console, job: Job, case: Case) -> None:
    language, title = job.lang, case.report.plan.title
    names = {unit.code: unit.name for unit in case.report.tree.units}
    for line in _list_head(job, case, title):
        console.print(line, markup=False, soft_wrap=True)
    if case.advice.proposals:
        console.print(_make_table(case, names, language))
    for line in _list_beside(case, names, language):
        console.print(line, markup=False, soft_wrap=True)


def _list_head(job: Job, case: Case, title: str) -> Iterator[str]:
    number = len(case.advice.proposals)
    yield say(
        job.lang,
        f"《{title}》截至 {job.as_of}：可以考虑的措施 {number} 条。只是建议，出具要由有权的人具名办理。",
        f"{title}, as of {job.as_of}: {number} measures to think about. A named person gives them, or does not.",
    )


def _make_table(case: Case, names: Mapping[str, str], language: Language) -> Table:
    """One row a proposal, in the order of the roster and the plan."""
    table = Table(expand=True, show_lines=True)
    table.add_column(say(language, "单位", "Unit"), overflow="fold")
    table.add_column(say(language, "措施", "Measure"), overflow="fold")
    table.add_column(say(language, "事实", "Facts"), overflow="fold", ratio=1)
    duties = case.report.duties
    for one in case.advice.proposals:
        facts = [
            f"{render_duty(duties[ground.duty], case.report.kinds, language)}\n{say_ground(ground, language)}"
            for ground in one.grounds
        ]
        facts.append(say_conditions(one.step, language))
        table.add_row(escape(names[one.unit]), escape(name_step(one.step, language)), escape("\n".join(facts)))
    return table


def _list_beside(case: Case, names: Mapping[str, str], language: Language) -> Iterator[str]:
    """What was held back, and the measures that are under way."""
    if case.advice.withheld:
        yield say(language, "没有提措施的指标：", "Indicators that bring no measure:")
    for one in case.advice.withheld:
        yield f"  {names[one.unit]} {one.duty} {say_withheld(one, language)}"
    if case.live:
        yield say(language, "正在办的措施：", "Measures under way:")
    for measure in case.live:
        step = case.ladder.by_code[measure.step]
        yield f"  {names[measure.unit]} {measure.id} {name_step(step, language)} {say_measure(measure, language)}"
