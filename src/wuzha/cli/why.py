"""``wuzha why``: which records make a standing, which were left out and why; or what one record is to every duty."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import click

from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.standing_table import write_number
from wuzha.adapters.wording.certainty import say_certainty
from wuzha.adapters.wording.duty import render_duty
from wuzha.adapters.wording.pace import say_pace
from wuzha.adapters.wording.record import render_record
from wuzha.adapters.wording.why import say_figure, say_goal, say_move, say_period, say_role, say_service
from wuzha.adapters.wording.words import Language, describe_reason, describe_status
from wuzha.cli.files import InputError, language_option, ledger_options, say, tell_problems
from wuzha.cli.ledger import read_ledger
from wuzha.cli.plans import bind_plan, find_unit_code, read_any_plan, read_tree
from wuzha.core.assessment.pace import find_place, list_paces
from wuzha.core.assessment.why import (
    Inquiry,
    Part,
    Service,
    Why,
    explain_record,
    explain_standing,
    find_window_label,
)
from wuzha.core.base.problem import has_errors
from wuzha.core.base.unit import Tree
from wuzha.core.ledger.record import Record

SHOWN = 200
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Job:
    """What was asked for on the command line."""

    plan: str
    units: tuple[str, ...]
    records: str
    as_of: date
    known_by: date | None
    unit: str
    duty: str
    window: str
    record: str
    calendar: str
    waivers: str
    as_json: bool
    lang: Language


@click.command(short_help="说清一条完成情况是怎么算出来的。 Why a standing is what it is.")
@click.argument("plan", metavar="PLAN")
@ledger_options
@click.option("--unit", default="", metavar="CODE", help="哪个单位，写代码或名称。")
@click.option("--duty", default="", metavar="ID", help="方案里哪一条任务。")
@click.option("--window", default="", metavar="LABEL", help="哪一期，例如 2027-05、2027-W21；不写就是最近开始的一期。")
@click.option("--record", default="", metavar="ID", help="一条记录的编号：说它算进了哪些任务，没算进的为什么。")
@click.option("--calendar", default="", metavar="FILE.yaml", help="本县的放假、补班和开学日。")
@click.option("--waivers", default="", metavar="FILE.yaml", help="免办的任务。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@language_option
def why(**asked: Any) -> None:
    """说清一条完成情况是怎么算出来的：哪些记录算进来了，哪些没有、为什么，目标是怎么来的。

      \b
      例：
        wuzha why 方案.yaml --units 花名册.xlsx --records 台账.csv --as-of 2027-06-30 --unit SQ0101 --duty rally
        wuzha why 方案.yaml --units 花名册.xlsx --records 台账.csv --as-of 2027-06-30 --record 018f0000-…

    单位、任务或记录找不到时退出码为 2。

    Says which records make a standing, which were left out and why, and what the goal is made of; with --record what
    one record is to every duty of the plan.
    """
    job = Job(**asked)
    if not job.record and not (job.unit and job.duty):
        raise InputError(
            say(job.lang, "请写明 --unit 和 --duty，或者 --record。", "Name --unit and --duty, or else --record.")
        )
    inquiry = _open_inquiry(job)
    names = {unit.code: unit.name for unit in inquiry.tree.units}
    if job.record:
        _tell_record(job, inquiry, names)
    else:
        _tell_standing(job, inquiry, names)


def _open_inquiry(job: Job) -> Inquiry:
    plan = read_any_plan(job.plan, job.lang, job.as_of.year)
    tree = read_tree(job.units, job.lang) or Tree()
    plan, noted = bind_plan(plan, tree, job.calendar, job.waivers, job.lang)
    ledger, problems = read_ledger(job.records, tree, job.lang)
    tell_problems((*noted, *problems), job.lang)
    if has_errors(noted):
        raise click.exceptions.Exit(1)
    return Inquiry(plan, tree, tuple(ledger.records), load_kinds(), job.as_of, job.known_by)


# --- a standing -------------------------------------------------------------------------------------------------------


def _tell_standing(job: Job, inquiry: Inquiry, names: Names) -> None:
    found = _find_why(job, inquiry)
    if job.as_json:
        click.echo(json.dumps(_why_to_json(found, inquiry, names), ensure_ascii=False, indent=1))
        return
    for line in _list_lines(found, inquiry, names, job.lang):
        click.echo(line)


def _find_why(job: Job, inquiry: Inquiry) -> Why:
    code = find_unit_code(inquiry.tree, job.unit, job.lang)
    label = job.window or find_window_label(inquiry, job.duty, code)
    found = explain_standing(inquiry, (job.duty, code, label)) if label else None
    if found is None:
        raise InputError(
            say(
                job.lang,
                f"方案里没有要 {job.unit} 办的任务 {job.duty} {job.window}。".replace(" 。", "。"),
                f"The plan asks no {job.duty} {job.window} of {job.unit}.",
            )
        )
    return found


def _list_lines(found: Why, inquiry: Inquiry, names: Names, language: Language) -> list[str]:
    zh = language == "zh"
    owed, kept, out = found.standing.obligation, found.counted, found.left_out
    lines = [
        f"{found.unit.name}{'：' if zh else ': '}{render_duty(found.duty, inquiry.kinds, language)}",
        _say_standing(found, inquiry, language),
        *(line for line in _list_notes(found, inquiry, language) if line),
        say(language, f"算进来的记录 {len(kept)} 条：", f"{len(kept)} records counted:"),
        *_list_parts(kept, found, inquiry, names, language),
        say(language, f"没有算进来的记录 {len(out)} 条：", f"{len(out)} records left out:"),
        *_list_parts(out, found, inquiry, names, language),
    ]
    if found.far:
        far = f"另有 {found.far} 条离这一期（{say_period(owed.window)}）很远的记录，没有列出。"
        lines.append(say(language, far, f"{found.far} more of days far off are not listed."))
    return lines


def _say_standing(found: Why, inquiry: Inquiry, language: Language) -> str:
    owed, tally = found.standing.obligation, found.standing.tally
    figure = ""
    if tally.value is not None and tally.goal is not None:
        comma = "，" if language == "zh" else ", "
        figure = f"{comma}{say_figure(found.duty, tally.value)} / {say_figure(found.duty, tally.goal)}"
    status = describe_status(found.standing.status, language)
    known = say(language, f"（按 {inquiry.known_by} 及以前收到的记录）", f" (received by {inquiry.known_by})")
    told = say(
        language,
        f"{say_period(owed.window)}，截止 {owed.due_on}；截至 {inquiry.as_of}",
        f"{say_period(owed.window, language)}, due {owed.due_on}; as of {inquiry.as_of}",
    )
    return f"{told}{known if inquiry.known_by else ''}{'：' if language == 'zh' else ': '}{status}{figure}"


def _list_notes(found: Why, inquiry: Inquiry, language: Language) -> list[str]:
    """The reason where nothing is judged, the goal, how sure it is, and the pace."""
    standing = found.standing
    return [
        describe_reason(standing.reason, language),
        say_move(found, language),
        say_goal(found, language),
        say_certainty(found.duty, standing.tally, language),
        _say_pace(found, inquiry, language),
    ]


def _say_pace(found: Why, inquiry: Inquiry, language: Language) -> str:
    records = [part.record for part in found.parts if not part.cause.role.is_left_out]
    paces = list_paces(inquiry.plan, inquiry.tree, records, inquiry.kinds, [found.standing], inquiry.as_of)
    pace = paces.get(find_place(found.standing))
    return say_pace(pace, found.standing.obligation.due_on, inquiry.as_of, language) if pace else ""


def _list_parts(parts: tuple[Part, ...], found: Why, inquiry: Inquiry, names: Names, language: Language) -> list[str]:
    told = [f"  {_say_part(part, found, inquiry, names, language)}" for part in parts[:SHOWN]]
    rest = len(parts) - SHOWN
    if rest > 0:
        told.append(say(language, f"  还有 {rest} 条，用 --json 看全。", f"  {rest} more: --json has them all."))
    return told


def _say_part(part: Part, found: Why, inquiry: Inquiry, names: Names, language: Language) -> str:
    record = part.record
    sentence = _say_record(record, inquiry, names, language)
    role = say_role(found.duty, part.cause, names, language, late=part.is_late)
    other = f"（{part.cause.other}）" if part.cause.other else ""
    is_plain = not part.cause.role.is_left_out and not part.is_late and not other
    return f"{sentence}  [{record.id}]" if is_plain else f"{sentence}  [{record.id}] {role}{other}"


def _say_record(record: Record, inquiry: Inquiry, names: Names, language: Language) -> str:
    name = names.get(record.unit, record.unit)
    return render_record(record, inquiry.kinds.get(record.kind), name, language, inquiry.as_of)


def _why_to_json(found: Why, inquiry: Inquiry, names: Names) -> dict[str, Any]:
    standing = found.standing
    owed, tally = standing.obligation, standing.tally
    return {
        "unit": found.unit.code,
        "duty": found.duty.id,
        "window": owed.window.label,
        "as_of": inquiry.as_of.isoformat(),
        "known_by": str(inquiry.known_by) if inquiry.known_by else None,
        "due_on": owed.due_on.isoformat(),
        "due_moved_from": found.move.plain_on.isoformat() if found.move else None,
        "status": standing.status.value,
        "reason": standing.reason,
        "value": write_number(tally.value),
        "goal": write_number(tally.goal),
        "of": write_number(tally.of),
        "goal_from": _goal_to_json(found),
        "counted": [_part_to_json(part, found, names) for part in found.counted],
        "left_out": [_part_to_json(part, found, names) for part in found.left_out],
        "far": found.far,
    }


def _goal_to_json(found: Why) -> dict[str, Any] | None:
    goal = found.goal
    if goal is None:
        return None
    base = goal.base
    return {
        "amount": str(goal.amount),
        "of": goal.base_name or None,
        "base": write_number(base.value) if base else None,
        "counted_on": base.valid_from.isoformat() if base else None,
        "source": base.source if base else None,
        "as_of": goal.base_on.isoformat(),
        "rounded_up": goal.is_rounded,
        "say": say_goal(found),
    }


def _part_to_json(part: Part, found: Why, names: Names) -> dict[str, Any]:
    record = part.record
    return {
        "record": str(record.id),
        "unit": record.unit,
        "kind": record.kind,
        "happened_on": record.happened_on.isoformat(),
        "role": part.cause.role.value,
        "late": part.is_late,
        "other": str(part.cause.other) if part.cause.other else None,
        "word": part.cause.word,
        "say": say_role(found.duty, part.cause, names, late=part.is_late),
    }


# --- a record ---------------------------------------------------------------------------------------------------------


def _tell_record(job: Job, inquiry: Inquiry, names: Names) -> None:
    record = _find_record(job, inquiry)
    services = explain_record(inquiry, record.id)
    if job.as_json:
        told = {"record": str(record.id), "services": [_service_to_json(one, names) for one in services]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    click.echo(_say_record(record, inquiry, names, job.lang))
    for one in services:
        duty = render_duty(one.duty, inquiry.kinds, job.lang)
        click.echo(f"  {one.duty.id} {duty}{say(job.lang, '：', ': ')}{say_service(one, names, job.lang)}")


def _find_record(job: Job, inquiry: Inquiry) -> Record:
    try:
        wanted = UUID(job.record)
    except ValueError:
        wanted = None
    found = next((record for record in inquiry.records if record.id == wanted), None)
    if found is None:
        raise InputError(
            say(job.lang, f"台账里没有编号是 {job.record} 的记录。", f"The ledger has no record {job.record}.")
        )
    return found


def _service_to_json(service: Service, names: Names) -> dict[str, Any]:
    return {
        "duty": service.duty.id,
        "unit": service.unit or None,
        "window": service.window.label if service.window else None,
        "role": service.cause.role.value,
        "late": service.is_late,
        "say": say_service(service, names),
    }
