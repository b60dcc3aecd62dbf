"""Plans, rosters and own minutes from the files named on a command line."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click

from wuzha.adapters.calendar import load_calendar
from wuzha.adapters.calendar_yaml import read_calendar_yaml
from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.minutes_yaml import read_minutes_yaml
from wuzha.adapters.plan_yaml import check_plan_yaml
from wuzha.adapters.spreadsheets import read_roster
from wuzha.adapters.waivers_yaml import read_waivers_yaml
from wuzha.adapters.wording.words import Language
from wuzha.cli.files import (
    BEIJING,
    InputError,
    is_document,
    read_bytes,
    read_plan_document,
    read_plan_text,
    say,
    tell_problems,
)
from wuzha.core.assessment.assess import complete_duty
from wuzha.core.base.problem import Problem, has_errors
from wuzha.core.base.roster import check_roster
from wuzha.core.base.unit import Tree
from wuzha.core.plan.build import sketch_plan
from wuzha.core.plan.burden.minutes import Minutes, make_minutes
from wuzha.core.plan.calendar import bind_calendar, bind_waivers, list_unpublished
from wuzha.core.plan.model import Plan
from wuzha.core.plan.place import draft_with_questions
from wuzha.core.plan.reading import Reading
from wuzha.core.plan.waiver import WaiverSaid, check_waivers, spread_waiver

UNUSABLE = 2


def read_any_plan(path: str, language: Language, year: int | None = None) -> Plan:
    """The plan of a plan file, or the draft of a document. What is wrong is told; ends with code 2 without a plan.

    ``year`` stands in where a document names none; without it, this year.
    """
    if is_document(path):
        return _complete(_draft_document(path, language, year))
    plan, problems = check_plan_yaml(read_plan_text(path, language), Path(path).name)
    _end_on_errors(problems, language)
    if plan is None:
        raise click.exceptions.Exit(UNUSABLE)
    return _complete(plan)


def _complete(plan: Plan) -> Plan:
    """With the measure of each record kind filled in, so that what is left unsaid is no difference."""
    kinds = load_kinds()
    return replace(plan, duties=tuple(complete_duty(duty, kinds) for duty in plan.duties))


def _draft_document(path: str, language: Language, year: int | None) -> Plan:
    reading, _ = read_plan_document(path, language)
    return sketch_draft(reading, year)


def sketch_draft(reading: Reading, year: int | None = None) -> Plan:
    """The draft of a document as read. Where it names no year, ``year`` stands in, or this year."""
    return sketch_plan(draft_with_questions(reading, year or today_in_beijing().year).mapping).plan


def today_in_beijing() -> date:
    """The clock is read here and nowhere below."""
    return datetime.now(BEIJING).date()


def read_tree(paths: Iterable[str], language: Language) -> Tree | None:
    """The units of all rosters, each read upon those before it; none when none is named."""
    tree: Tree | None = None
    for path in paths:
        rows, problems = read_roster(Path(path).name, read_bytes(path, language))
        tree, mistakes = check_roster(rows, tree or Tree())
        _end_on_errors((*problems, *mistakes), language)
    return tree


def bind_plan(
    plan: Plan, tree: Tree, calendar_path: str, waivers_path: str, language: Language
) -> tuple[Plan, tuple[Problem, ...]]:
    """The plan by the county's own calendar and with its waivers, and which years' holidays are not known.

    The paths may be empty.
    """
    calendar, mistakes = load_calendar(), tuple[Problem, ...]()
    if calendar_path:
        calendar, mistakes = read_calendar_yaml(read_plan_text(calendar_path, language), Path(calendar_path).name)
    said, wrong = tuple[WaiverSaid, ...](), tuple[Problem, ...]()
    if waivers_path:
        said, wrong = read_waivers_yaml(read_plan_text(waivers_path, language), Path(waivers_path).name)
    plan = bind_calendar(plan, calendar)
    bound = bind_waivers(plan, [spread_waiver(one, tree) for one in said])
    return bound, (*mistakes, *wrong, *check_waivers(said, plan, tree), *list_unpublished(plan))


def read_minutes(path: str, language: Language) -> Minutes:
    """The built-in minutes, with the figures of the file upon them where one is named."""
    kinds = load_kinds()
    if not path:
        return make_minutes(kinds)
    own, problems = read_minutes_yaml(read_plan_text(path, language), kinds, Path(path).name)
    _end_on_errors(problems, language)
    return make_minutes(kinds, own)


def find_unit_code(tree: Tree, words: str, language: Language) -> str:
    """The code of the unit with that code or name. Ends with code 2 when there is none."""
    found = next((unit.code for unit in tree.units if words in (unit.code, unit.name)), None)
    if found is None:
        raise InputError(say(language, f"花名册里没有“{words}”。", f"There is no “{words}” in the roster."))
    return found


def _end_on_errors(problems: Iterable[Problem], language: Language) -> None:
    problems = tuple(problems)
    if has_errors(problems):
        tell_problems(problems, language)
        raise click.exceptions.Exit(UNUSABLE)
