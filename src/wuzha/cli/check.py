"""``wuzha check``: every mistake in a plan file, and what in a plan collides with higher rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from wuzha.adapters.lint_rules import load_rules
from wuzha.adapters.plan_yaml import check_plan_yaml
from wuzha.adapters.wording.lint import render_finding, say_summary
from wuzha.adapters.wording.problem import describe_problem
from wuzha.adapters.wording.words import Language
from wuzha.cli.burden import burden_options, tell_burdens
from wuzha.cli.files import (
    is_document,
    language_option,
    name_severity,
    read_plan_text,
    read_text_document,
    say,
    tell_problems,
)
from wuzha.cli.plans import read_minutes, read_tree, sketch_draft, today_in_beijing
from wuzha.core.base.problem import Problem, has_errors
from wuzha.core.base.unit import Tree
from wuzha.core.plan.calendar import list_unpublished
from wuzha.core.plan.lint.lint import lint_duties, lint_plan
from wuzha.core.plan.lint.rule import Finding, choose_day
from wuzha.core.plan.model import Plan
from wuzha.core.plan.read import read_plan


@click.command(short_help="检查方案：写法有没有错，和上级规定有没有冲突。 Check plans.")
@click.argument("files", metavar="PLAN...", nargs=-1, required=True)
@burden_options
@language_option
def check(files: tuple[str, ...], units: tuple[str, ...], minutes: str, lang: Language) -> None:
    """检查方案文件（.yaml），把每处错误连同行号、规则和改法一次说全；再做合规体检。

    写好的方案（.docx、.txt）也可以直接检查：印发前看一看哪些话和上级规定冲突，依据是什么，怎样写才行。

    \b
    例：
      wuzha check 方案.yaml
      wuzha check 各镇/*.yaml
      wuzha check 方案.yaml --units 花名册.xlsx    按花名册算每类单位每周要花多少时间
      wuzha check 方案.docx

    有错误、或有“必须改”的，退出码为 1；没有则为 0（提醒、“建议改”不算）；文件打不开为 2。

    Says every mistake in plan files with its line, its rule and its mend, and what in plan files and documents collides
    with higher rules. Ends with 1 on mistakes or what must be changed, 2 where a file cannot be opened.
    """
    desk = _Desk(today_in_beijing(), read_tree(units, lang), lang)
    figures = read_minutes(minutes, lang)
    seen = [_check_document(file, desk) if is_document(file) else _check_file(file, desk) for file in files]
    named = zip(_name_files(files), seen, strict=True)
    plans = [(name, one.plan) for name, one in named if one.plan is not None]
    tell_burdens(plans, desk.tree, figures, lang)
    raise click.exceptions.Exit(1 if any(one.is_wrong for one in seen) else 0)


def _name_files(files: Sequence[str]) -> list[str]:
    """Files by their names alone, unless two folders hold the same name."""
    names = [Path(file).name for file in files]
    return names if len(set(names)) == len(names) else list(files)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every file is checked with: the day, the roster if one is named, and the language."""

    today: date
    tree: Tree | None
    language: Language


@dataclass(frozen=True, slots=True)
class _Checked:
    """What became of one file: whether something in it must be changed, and its plan, unless it has mistakes."""

    is_wrong: bool
    plan: Plan | None


def _check_file(file: str, desk: _Desk) -> _Checked:
    """A plan file, after all that is wrong in it has been told."""
    name, language = Path(file).name, desk.language
    plan, problems = check_plan_yaml(read_plan_text(file, language), name)
    if plan is not None:
        count = len(plan.duties)
        click.echo(
            say(language, f"《{name}》没有错误，共 {count} 条任务。", f"{name}: no mistakes, {count} duties."), err=True
        )
    _tell((*problems, *(list_unpublished(plan) if plan else ())), language)
    is_grave = plan is not None and _lint_file(name, plan, desk)
    return _Checked(has_errors(problems) or is_grave, plan)


def _tell(problems: Sequence[Problem], language: Language) -> None:
    for problem in problems:
        click.echo(f"{name_severity(problem, language)} {describe_problem(problem, language)}")


def _lint_file(name: str, plan: Plan, desk: _Desk) -> bool:
    day = choose_day(plan.valid.opens, plan.valid.last_day, desk.today)
    issuer = f"{plan.issuer} {plan.title}"
    found = lint_duties(plan.duties, load_rules(), day, issuer=issuer, tree=desk.tree)
    return _tell_findings(name, found, day, desk.language)


def _check_document(file: str, desk: _Desk) -> _Checked:
    """A document as written, after all that was found in it has been told.

    It is held against the rules of the days that its draft would have, as on the pages of the site.
    """
    document, problems = read_text_document(file, desk.language)
    tell_problems(problems, desk.language)
    reading = read_plan(document.text)
    plan = sketch_draft(reading, desk.today.year)
    day = choose_day(plan.valid.opens, plan.valid.last_day, desk.today)
    found = lint_plan(document.text, reading, load_rules(), day, desk.tree)
    return _Checked(_tell_findings(document.name, found, day, desk.language), plan)


def _tell_findings(name: str, findings: Sequence[Finding], day: date, language: Language) -> bool:
    click.echo(say_summary(name, findings, day, language), err=True)
    for finding in findings:
        click.echo(render_finding(finding, load_rules(), day, language))
    return any(finding.level == "error" for finding in findings)
