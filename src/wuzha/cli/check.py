"""``wuzha check``: every mistake in a plan file with its line, its rule and its mend."""

from pathlib import Path

import click

from wuzha.adapters.plan_yaml import check_plan_yaml
from wuzha.adapters.wording import Language, describe_problem
from wuzha.cli.files import language_option, name_severity, read_plan_text, say
from wuzha.core.base.problem import Problem


@click.command(short_help="检查方案文件，说出每处错误。 Check plan files.")
@click.argument("files", metavar="PLAN.yaml...", nargs=-1, required=True)
@language_option
def check(files: tuple[str, ...], lang: Language) -> None:
    """检查方案文件（.yaml），把每处错误连同行号、规则和改法一次说全。

    \b
    例：
      wuzha check 方案.yaml
      wuzha check 各镇/*.yaml

    有错误时退出码为 1，没有错误为 0（提醒不算错误），文件打不开为 2。

    Says every mistake in plan files with its line, its rule and its mend.
    """
    errors = 0
    for file in files:
        problems = _check_file(file, lang)
        for problem in problems:
            click.echo(f"{name_severity(problem, lang)} {describe_problem(problem, lang)}")
        errors += sum(problem.severity == "error" for problem in problems)
    raise click.exceptions.Exit(1 if errors else 0)


def _check_file(file: str, language: Language) -> tuple[Problem, ...]:
    name = Path(file).name
    text = read_plan_text(file, language)
    plan, problems = check_plan_yaml(text, name)
    if plan is not None:
        count = len(plan.duties)
        click.echo(
            say(language, f"《{name}》没有错误，共 {count} 条任务。", f"{name}: no mistakes, {count} duties."), err=True
        )
    return problems
