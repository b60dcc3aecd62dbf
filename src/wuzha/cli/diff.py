"""``wuzha diff``: two plans side by side, or how far a lower plan carries out a higher one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import click

from wuzha.adapters.burden_costing import find_feeding_kinds
from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.wording.diff import (
    say_carried_changes,
    say_coverage,
    say_diff,
    say_entry_changes,
    say_fate,
    say_left_out,
    say_reach,
    say_reason,
    say_verdict,
)
from wuzha.adapters.wording.duty import render_duty
from wuzha.adapters.wording.words import Language
from wuzha.cli.files import InputError, language_option, say
from wuzha.cli.plans import find_unit_code, read_any_plan, read_tree
from wuzha.core.duty.model import Duty
from wuzha.core.plan.diff.compare import Diff, Entry, Fate, compare_plans
from wuzha.core.plan.diff.coverage import Area, Carried, Cover, Coverage, Reach, cover_plan
from wuzha.core.plan.diff.facets import Change

DIFFERENT = 1
WORST_FIRST = (Reach.NONE, Reach.LESS, Reach.OTHER, Reach.SAME, Reach.MORE, Reach.ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Job:
    """What was asked for on the command line."""

    old: str
    new: str
    covers: bool
    units: tuple[str, ...]
    unit: str
    year: int | None
    format_: str
    lang: Language


@click.command(short_help="比较两份方案。 Compare two plans.")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--covers", is_flag=True, help="看 NEW（下级方案）有没有落实 OLD（上级方案）的要求。")
@click.option("--units", multiple=True, metavar="ROSTER.xlsx", help="花名册，和 --covers、--unit 一起用。可以写几次。")
@click.option("--unit", default="", metavar="CODE", help="下级单位的代码或名称：只看落到它辖区里的要求。")
@click.option("--year", type=click.IntRange(1949, 2999), help="文件里没写年份时按哪一年算，不写按今年。")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="table 给人看；json 给程序用。",
)
@language_option
def diff(**asked: Any) -> None:
    """比较两份方案：多了什么、少了什么、哪些加严、哪些放宽、哪些换了承办单位，新旧两句话都列出来。

    \b
    例：
      wuzha diff 去年.yaml 今年.yaml
      wuzha diff 去年.docx 今年.docx            先按草稿读出任务再比
      wuzha diff --covers 县方案.yaml 镇方案.yaml --units 花名册.xlsx --unit 青石镇

    \b
    条款号变了、换了说法，不算多一条少一条。
    退出码和 diff 一样：没有不同（下级都落实了）为 0，有不同（有少要的、没安排的或没法比的）为 1，
    文件打不开、有错误为 2。

    Compares two plans, or with --covers tells how far a lower plan carries out a higher one. Exit codes as of diff:
    0 no difference, 1 some, 2 trouble.
    """
    job = Job(**asked)
    if bool(job.units) != bool(job.unit) or (job.unit and not job.covers):
        raise InputError(
            say(
                job.lang,
                "--units 和 --unit 要和 --covers 一起写，两个都要写。",
                "Write --units and --unit both, and with --covers.",
            )
        )
    old, new = (read_any_plan(path, job.lang, job.year) for path in (job.old, job.new))
    if job.covers:
        _answer_coverage(cover_plan(old, new, find_feeding_kinds, _find_area(job)), job)
    _answer_diff(compare_plans(old, new), job)


def _find_area(job: Job) -> Area:
    tree = read_tree(job.units, job.lang)
    return Area(tree, find_unit_code(tree, job.unit, job.lang)) if tree else Area()


def _answer_diff(diff: Diff, job: Job) -> None:
    if job.format_ == "json":
        _print_json(diff_to_json(diff, job.lang))
    else:
        click.echo("\n".join(_list_lines(diff, job.lang)))
    raise click.exceptions.Exit(0 if diff.is_equal else DIFFERENT)


def _list_lines(diff: Diff, language: Language) -> Iterator[str]:
    yield say_diff(diff, language)
    for fate in Fate:
        for entry in diff.list_by(fate) if fate != Fate.SAME else ():
            yield ""
            yield from _list_entry(entry, language)


def _list_entry(entry: Entry, language: Language) -> Iterator[str]:
    reason = say_reason(entry, language)
    yield f"[{say_fate(entry.fate, language)}]{f'  {reason}' if reason else ''}"
    yield from (f"    {line}" for line in say_entry_changes(entry, load_kinds(), language))
    for mark, duty in (("-", entry.old), ("+", entry.new)):
        if duty is not None:
            yield from _list_duty(mark, duty, language)


def _list_duty(mark: str, duty: Duty, language: Language) -> Iterator[str]:
    """Wuzha's sentence with the clause, and under it the words of the plan."""
    yield f"  {mark} {f'{duty.clause} ' if duty.clause else ''}{render_duty(duty, load_kinds(), language)}"
    if duty.quote:
        yield f"      “{' '.join(duty.quote.split())}”"


def _answer_coverage(coverage: Coverage, job: Job) -> None:
    if job.format_ == "json":
        _print_json(coverage_to_json(coverage, job.lang))
    else:
        click.echo("\n".join(_list_cover_lines(coverage, job.lang)))
    raise click.exceptions.Exit(0 if coverage.is_complete else DIFFERENT)


def _list_cover_lines(coverage: Coverage, language: Language) -> Iterator[str]:
    yield f"{say_verdict(coverage, language)}{say(language, '。', '. ')}{say_coverage(coverage, language)}"
    for reach in WORST_FIRST:
        for cover in coverage.list_by(reach):
            yield ""
            yield from _list_cover(cover, language)


def _list_cover(cover: Cover, language: Language) -> Iterator[str]:
    left_out = say_left_out(cover, language)
    yield f"[{say_reach(cover.reach, language)}]{f'  {left_out}' if left_out else ''}"
    yield from _list_duty("=", cover.duty, language)
    for carried in cover.by:
        yield from _list_duty(">", carried.duty, language)
        yield from (f"      {line}" for line in say_carried_changes(cover, carried, load_kinds(), language))


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def diff_to_json(diff: Diff, language: Language) -> dict[str, object]:
    counts = {fate.value: diff.count(fate) for fate in Fate}
    return {"equal": diff.is_equal, "counts": counts, "entries": [_entry_to_json(e, language) for e in diff.entries]}


def _entry_to_json(entry: Entry, language: Language) -> dict[str, object]:
    return {
        "fate": entry.fate.value,
        "reason": entry.reason,
        "alike": entry.alike,
        "changes": [_change_to_json(change) for change in entry.changes],
        "old": _duty_to_json(entry.old, language),
        "new": _duty_to_json(entry.new, language),
    }


def _change_to_json(change: Change) -> dict[str, str]:
    return {"facet": change.facet.value, "turn": change.turn.value}


def _duty_to_json(duty: Duty | None, language: Language) -> dict[str, str] | None:
    if duty is None:
        return None
    sentence = render_duty(duty, load_kinds(), language)
    return {"id": duty.id, "clause": duty.clause, "sentence": sentence, "quote": duty.quote}


def coverage_to_json(coverage: Coverage, language: Language) -> dict[str, object]:
    counts = {reach.value: coverage.count(reach) for reach in Reach}
    covers = [_cover_to_json(cover, language) for cover in coverage.covers]
    return {"complete": coverage.is_complete, "counts": counts, "duties": covers}


def _cover_to_json(cover: Cover, language: Language) -> dict[str, object]:
    return {
        "reach": cover.reach.value,
        "duty": _duty_to_json(cover.duty, language),
        "left_out": list(cover.left_out),
        "by": [_carried_to_json(carried, language) for carried in cover.by],
    }


def _carried_to_json(carried: Carried, language: Language) -> dict[str, object]:
    changes = [_change_to_json(change) for change in carried.changes]
    return {"duty": _duty_to_json(carried.duty, language), "reach": carried.reach.value, "changes": changes}
