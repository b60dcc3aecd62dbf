"""What every command does with files: read them or say why not, and say problems on stderr."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, get_args
from zoneinfo import ZoneInfo

import click

from wuzha.adapters.documents import SUFFIXES, Document, read_document
from wuzha.adapters.wording.problem import describe_problem
from wuzha.adapters.wording.words import Language
from wuzha.core.base.problem import Problem, has_errors
from wuzha.core.plan.read import read_plan
from wuzha.core.plan.reading import Reading

Command = TypeVar("Command", bound=Callable[..., Any])

BEIJING = ZoneInfo("Asia/Shanghai")
"""Where plans hold: a command that is told no day takes the day it is there."""
MAX_TOLD = 200
REFUSALS: Mapping[type[OSError], tuple[str, str]] = MappingProxyType(
    {
        FileNotFoundError: (
            "找不到文件 {path}。请检查文件名和所在文件夹。",
            "There is no file {path}. Check its name and folder.",
        ),
        IsADirectoryError: ("{path} 是文件夹。请写里面的文件名。", "{path} is a folder. Name a file in it."),
        NotADirectoryError: (
            "{path} 的路径里有一段不是文件夹。请检查路径。",
            "Part of {path} is no folder. Check the path.",
        ),
        PermissionError: ("没有权限打开 {path}。请检查文件权限。", "{path} may not be opened. Check its permissions."),
    }
)
OTHER_REFUSAL = ("打不开 {path}：{error}", "{path} cannot be opened: {error}")


class InputError(click.ClickException):
    """What was given cannot be used at all. Ends the command with code 2."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        click.echo(self.message, err=True)


def ledger_options(command: Command) -> Command:
    """``--units``, ``--records``, ``--as-of`` and ``--known-by``: over what, and as of when, standings are asked."""
    options = (
        click.option("--units", required=True, multiple=True, metavar="ROSTER.xlsx", help="花名册，可以写几次。"),
        click.option(
            "--records",
            required=True,
            metavar="RECORDS",
            help="台账：CSV 文件，一行一条记录；或 wuzha mirror 抄的文件夹。",
        ),
        click.option("--as-of", required=True, type=DayType(), help="算到哪一天（含当天）。"),
        click.option("--known-by", type=DayType(), help="只按到这一天（含当天）收到的记录算。"),
    )
    for option in reversed(options):
        command = option(command)
    return command


def language_option(command: Command) -> Command:
    """``--lang``: the language of messages."""
    option = click.option(
        "--lang",
        type=click.Choice(get_args(Language)),
        default="zh",
        show_default=True,
        envvar="WUZHA_LANG",
        help="提示用的语言。 Language of messages.",
    )
    return option(command)


def say(language: Language, chinese: str, english: str) -> str:
    return chinese if language == "zh" else english


def read_bytes(path: str, language: Language) -> bytes:
    """The content of a file. Raises :class:`InputError` with a sentence a person can act on."""
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise InputError(_describe_refusal(path, error, language)) from None


def read_plan_text(path: str, language: Language) -> str:
    """The text of a plan file. Raises :class:`InputError` when it is not UTF-8: a guess would show wrong words."""
    name = Path(path).name
    try:
        return read_bytes(path, language).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(
            say(language, f"{name} 不是 UTF-8 编码。请另存为 UTF-8。", f"{name} is not UTF-8. Save it as UTF-8.")
        ) from None


def write_bytes(path: str, content: bytes, language: Language) -> None:
    try:
        Path(path).write_bytes(content)
    except (OSError, ValueError) as error:
        raise InputError(_describe_refusal(path, error, language)) from None


def _describe_refusal(path: str, error: Exception, language: Language) -> str:
    known = (texts for kind, texts in REFUSALS.items() if isinstance(error, kind))
    chinese, english = next(known, OTHER_REFUSAL)
    reason = getattr(error, "strerror", None) or error
    return say(language, chinese, english).format(path=path, error=reason)


def tell_problems(problems: Iterable[Problem], language: Language) -> None:
    """Every problem on its own line on stderr; after the first few hundred only how many more there are."""
    problems = list(problems)
    for problem in problems[:MAX_TOLD]:
        click.echo(f"{name_severity(problem, language)} {describe_problem(problem, language)}", err=True)
    if len(problems) > MAX_TOLD:
        left = len(problems) - MAX_TOLD
        click.echo(say(language, f"还有 {left} 条没有列出。", f"{left} more are not listed."), err=True)


def name_severity(problem: Problem, language: Language) -> str:
    if problem.severity == "error":
        return say(language, "错误", "error  ")
    return say(language, "提醒", "warning")


def read_text_document(path: str, language: Language) -> tuple[Document, tuple[Problem, ...]]:
    """A document as text. Ends the command with code 2 when it is refused."""
    document, problems = read_document(Path(path).name, read_bytes(path, language))
    if document is None:
        tell_problems(problems, language)
        raise click.exceptions.Exit(2)
    return document, problems


def read_plan_document(path: str, language: Language) -> tuple[Reading, tuple[Problem, ...]]:
    document, problems = read_text_document(path, language)
    reading = read_plan(document.text)
    return reading, (*problems, *reading.problems)


def is_document(path: str) -> bool:
    """Whether the file is a plan as issued, to be read first, rather than a plan file."""
    return Path(path).suffix.lower() in SUFFIXES


FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2199, 12, 31)


class DayType(click.ParamType[date]):
    """A day as 2027-06-30, of a year in which a plan may be."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            day = value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.fail(
                f"“{value}”不是日期，请写成 2027-06-30 的样子。 Not a date; write it like 2027-06-30.", param, ctx
            )
        if not FIRST_DAY <= day <= LAST_DAY:
            span = f"{FIRST_DAY} ～ {LAST_DAY}"
            self.fail(f"“{value}”太早或太晚，请写 {span} 之间的一天。 Choose a day within {span}.", param, ctx)
        return day


def end_on_errors(problems: Iterable[Problem]) -> None:
    if has_errors(problems):
        raise click.exceptions.Exit(1)
