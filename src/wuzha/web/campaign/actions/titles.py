"""Title programmes, their criteria, and the steps of units. Each is a named person's act with its audit entry.

One step of a unit is taken at a time: whoever comes second sees what the first one did. Whoever presses twice has done
it once.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from wuzha.core.base.problem import Problem, has_errors
from wuzha.core.title.life import Title, check_title_event, collect_titles
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import Post, Unit, User
from wuzha.web.campaign.models import TitleCriteria, TitleProgram, TitleStep
from wuzha.web.campaign.queries.calendar import find_calendar
from wuzha.web.campaign.title_said import CriteriaSaid, StepSaid


class ChangedError(Exception):
    """Somebody else has taken a step since the person saw the page."""


@transaction.atomic
def set_up_program(
    *, actor: User, unit: Unit, name: str, kinds: Sequence[str], criteria: CriteriaSaid, now: datetime
) -> TitleProgram:
    """A programme that the units of these kinds below ``unit`` may apply to. Raises ``IntegrityError`` for a name that
    the unit has already."""
    program = TitleProgram(unit=unit, name=name, kinds=list(kinds), created_by=actor, created_at=now)
    program.save(force_insert=True)
    write_audit(action="title.set-up", actor=actor, target=program, at=now, name=name, kinds=list(kinds))
    _keep_criteria(actor, program, criteria, now)
    return program


@transaction.atomic
def change_criteria(*, actor: User, program: TitleProgram, criteria: CriteriaSaid, now: datetime) -> TitleCriteria:
    """Other criteria from a day on. What was decided by the earlier ones stays."""
    return _keep_criteria(actor, program, criteria, now)


def _keep_criteria(actor: User, program: TitleProgram, said: CriteriaSaid, now: datetime) -> TitleCriteria:
    row = TitleCriteria(program=program, version=said.version, text=said.text, title=said.title, months=said.months)
    row.since, row.made_by, row.made_at = said.since, actor, now
    row.save(force_insert=True)
    told = {"plan": said.version.pk if said.version else None, "months": said.months, "since": str(said.since)}
    write_audit(action="title.criteria", actor=actor, target=program, at=now, title=said.title, **told)
    return row


@transaction.atomic
def take_steps(
    *, actor: User, post: Post, program: TitleProgram, unit: Unit, steps: Sequence[StepSaid], now: datetime
) -> tuple[list[TitleStep], tuple[Problem, ...]]:
    """The steps taken one after the other, all or none; none with problems where one is out of order.

    Raises ``ChangedError`` when another step has been taken since. Pressed twice, the steps taken are given again.
    """
    TitleProgram.objects.select_for_update(no_key=True).get(pk=program.pk)  # one step in a programme at a time
    taken = list(TitleStep.objects.filter(program=program, unit=unit).select_related("by").order_by("place"))
    if steps[0].seen != len(taken):
        return _find_taken(actor, taken, steps), ()
    made: list[TitleStep] = []
    for step in steps:
        row = _make_step(actor, post, program, unit, step, now)
        row.place = len(taken) + len(made)
        problems = _check(row, [*taken, *made], program)
        if has_errors(problems):
            transaction.set_rollback(True)
            return [], problems
        row.save(force_insert=True)
        _note(row, now)
        made.append(row)
    return made, ()


def _find_taken(actor: User, taken: Sequence[TitleStep], steps: Sequence[StepSaid]) -> list[TitleStep]:
    """The person's own steps that stand where these would."""
    there = list(taken[steps[0].seen :])
    asked = [(actor.pk, step.kind) for step in steps]
    if [(row.by_id, row.kind) for row in there] != asked:
        raise ChangedError
    return there


def _make_step(actor: User, post: Post, program: TitleProgram, unit: Unit, said: StepSaid, now: datetime) -> TitleStep:
    row = TitleStep(program=program, unit=unit, kind=said.kind.value, on=said.on, starts_on=said.starts_on)
    row.note, row.reason, row.inspection_visit = said.note, said.reason, said.inspection_visit
    row.findings, row.criteria = dict(said.findings), said.criteria
    row.by, row.post_unit, row.role, row.made_at = actor, post.unit, post.role, now
    return row


def _check(row: TitleStep, before: Sequence[TitleStep], program: TitleProgram) -> tuple[Problem, ...]:
    """What is out of order. A visit of an earlier day is entered later; nothing else is of another day than today."""
    code = row.unit.code
    title = collect_titles(one.to_core(code) for one in before).get(code, Title(code))
    workdays = find_calendar(program.unit.path).workdays
    return check_title_event(row.to_core(code), {code: title}, (code,), workdays)


def _note(row: TitleStep, now: datetime) -> None:
    told = {"unit": row.unit.code, "program": row.program_id, "on": str(row.on), "note": row.note}
    told |= {"reason": row.reason, "unmet": list(row.unmet), "as": f"{row.role} {row.post_unit.code}"}
    write_audit(action=f"title.{row.kind}", actor=row.by, target=row, at=now, **told)
