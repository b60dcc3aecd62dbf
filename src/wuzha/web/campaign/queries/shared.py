"""What a grid's records count for: the duties of the nearest unit above that bears them.

A grid is a part of its village, and a plan that asks something of the village asks nothing of the grid by name. So its
worker is shown how the village stands in what their own records credit: numbers alone. The records behind those numbers
belong to other grids too, and stay closed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from wuzha.core.base.unit import Unit as CoreUnit
from wuzha.core.duty.model import Duty
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.models import Record
from wuzha.web.campaign.queries.ground import PlanInForce, bearing_of, list_codes_above, load_tree, stamp_roster
from wuzha.web.campaign.queries.standings import list_unit_cases
from wuzha.web.campaign.queries.then import is_below_then
from wuzha.web.campaign.queries.work import Task, list_binding_plans, sort_work

# The kinds of unit that are a part of the one above, and the verbs at which many hands work.
PARTS = ("grid",)
SHARED_VERBS = ("do", "keep", "cover")


@dataclass(frozen=True, slots=True)
class OwnShare:
    """What the grid itself has recorded for a task: how many records, and which kind where there is only one."""

    records: int
    kind: str


@dataclass(frozen=True, slots=True)
class SharedTask:
    task: Task
    own: OwnShare


@dataclass(frozen=True, slots=True)
class SharedWork:
    """What the unit above still owes and the grid can help with: overdue first, then by due day."""

    bearer: CoreUnit
    overdue: tuple[SharedTask, ...]
    open: tuple[SharedTask, ...]
    done: int

    @property
    def count(self) -> int:
        return len(self.overdue) + len(self.open)


def find_shared_work(unit: Unit, as_of: date) -> SharedWork | None:
    """None for a unit that is no part of another, and where no unit above bears anything that its records credit."""
    if unit.kind not in PARTS:
        return None
    credited = list(_list_credited(unit, as_of))
    codes = {bearer for bearer, _, _ in credited}
    nearest = next((code for code in list_codes_above(unit, as_of) if code in codes), None)
    if nearest is None:
        return None
    pairs = [(in_force, duty) for bearer, in_force, duty in credited if bearer == nearest]
    work = sort_work(_list_tasks(nearest, pairs, as_of), as_of)
    own = Record.objects.filter(is_below_then(unit, as_of))
    return SharedWork(
        load_tree().at(as_of).by_code[nearest],
        tuple(_add_share(task, own, as_of) for task in work.overdue),
        tuple(_add_share(task, own, as_of) for task in work.open),
        len(work.done),
    )


def _list_credited(unit: Unit, as_of: date) -> Iterator[tuple[str, PlanInForce, Duty]]:
    """Each duty that a record of the unit would credit to another unit, with that unit's code."""
    roster = stamp_roster()
    for in_force in list_binding_plans(unit, as_of):
        for duty in in_force.plan.duties:
            bearer = bearing_of(roster, in_force.version.unit.code, duty.who, as_of).nearest.get(unit.pk, unit.code)
            if bearer != unit.code and duty.verb in SHARED_VERBS and not duty.vague:
                yield bearer, in_force, duty


def _list_tasks(code: str, pairs: list[tuple[PlanInForce, Duty]], as_of: date) -> Iterator[Task]:
    wanted = {(in_force.version.pk, duty.id) for in_force, duty in pairs}
    for in_force in {plan.version.pk: plan for plan, _ in pairs}.values():
        for case in list_unit_cases(in_force, code, as_of):
            if (in_force.version.pk, case.duty.id) in wanted:
                yield Task(in_force, case)


def _add_share(task: Task, own: QuerySet[Record], as_of: date) -> SharedTask:
    kinds = list_feeding_kinds(task.duty, load_kinds())
    window = task.standing.obligation.window
    counted = own.filter(
        kind__in=kinds,
        happened_on__gte=window.opens,
        happened_on__lt=window.closes,
        replaced_by__isnull=True,
        withdrawn=False,
    ).filter(happened_on__lte=as_of)
    return SharedTask(task, OwnShare(counted.count(), next(iter(kinds)) if len(kinds) == 1 else ""))
