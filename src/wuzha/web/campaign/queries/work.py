"""What there is to do, and where it lies: a unit's tasks, an area's shortfalls, and the figure a page is about.

Everything is asked of the standings; nothing is counted here a second time. Reads only.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from wuzha.core.assessment.model import Standing, Status, Totals
from wuzha.core.assessment.obligations import expand_windows, find_due_day
from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import Unit as CoreUnit
from wuzha.core.base.windows import Window
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.model import Duty
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.queries.ground import (
    PlanInForce,
    list_begun_plans,
    list_codes_above,
    list_plans_in_force,
    load_tree,
)
from wuzha.web.campaign.queries.standings import Case, list_unit_cases, list_unit_standings
from wuzha.web.campaign.queries.totals import count_plan

# How far ahead a due day is somebody's business today, and how long after it a missed one still is.
SOON = timedelta(days=7)
Pair = tuple[Duty, Window]


@dataclass(frozen=True, slots=True)
class Figure:
    """One duty of one unit, in one window or, where that is none, in all of them."""

    in_force: PlanInForce
    duty: Duty
    unit: Unit
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One obligation of a unit, with the plan it comes from."""

    in_force: PlanInForce
    case: Case

    @property
    def duty(self) -> Duty:
        return self.case.duty

    @property
    def standing(self) -> Standing:
        return self.case.standing


@dataclass(frozen=True, slots=True)
class Work:
    """A unit's obligations by what they ask of it now, each part by due day. ``older`` counts those missed long ago."""

    overdue: tuple[Task, ...]
    open: tuple[Task, ...]
    on_course: tuple[Task, ...]
    done: tuple[Task, ...]
    unknown: tuple[Task, ...]
    older: int


@dataclass(frozen=True, slots=True)
class Watch:
    """One duty in one window that some units of an area have not met: ``behind`` of ``bearers`` units."""

    in_force: PlanInForce
    duty: Duty
    window: Window
    due_on: date
    status: Status
    behind: tuple[CoreUnit, ...]
    bearers: int


@dataclass(frozen=True, slots=True)
class DutyHistory:
    """One duty of a unit: the window that matters now, and those before it, the oldest first."""

    in_force: PlanInForce
    case: Case
    past: tuple[Standing, ...]

    @property
    def duty(self) -> Duty:
        return self.case.duty

    @property
    def now(self) -> Standing:
        return self.case.standing


def find_plan(unit: Unit, pk: int, as_of: date, known_by: date | None = None) -> PlanInForce | None:
    """The plan with that number, if it binds the unit and has begun by that day; it may have ended."""
    plans = list_begun_binding_plans(unit, as_of, known_by)
    return next((plan for plan in plans if plan.version.pk == pk), None)


def list_binding_plans(unit: Unit, as_of: date, known_by: date | None = None) -> list[PlanInForce]:
    """The plans at work that the unit itself or one above it issued; those of units below bind only their own.

    With ``known_by`` they are asked as known then.
    """
    return _keep_binding(unit, list_plans_in_force(unit, as_of), as_of, known_by)


def list_begun_binding_plans(unit: Unit, as_of: date, known_by: date | None = None) -> list[PlanInForce]:
    """The same, and after them those that have ended, the latest first."""
    return _keep_binding(unit, list_begun_plans(unit, as_of), as_of, known_by)


def _keep_binding(unit: Unit, plans: Iterable[PlanInForce], as_of: date, known_by: date | None) -> list[PlanInForce]:
    above = set(list_codes_above(unit, as_of))
    return [replace(plan, known_by=known_by) for plan in plans if plan.version.unit.code in above]


def find_figure(
    unit: Unit, plan_pk: int, duty_id: str, window_label: str, as_of: date, known_by: date | None = None
) -> Figure | None:
    """The figure that an address names; none when the plan, the duty or the window is not there."""
    in_force = find_plan(unit, plan_pk, as_of, known_by)
    duty = in_force.plan.find_duty(duty_id) if in_force else None
    if in_force is None or duty is None:
        return None
    if not window_label:
        return Figure(in_force, duty, unit)
    windows = expand_windows(duty, in_force.plan.valid)
    window = next((window for window in windows if window.label == window_label), None)
    return Figure(in_force, duty, unit, window) if window else None


def list_figure_standings(figure: Figure, as_of: date) -> list[Standing]:
    """How the figure's unit itself stands, in the figure's window or in all that have opened, the newest first."""
    alone = replace(figure.in_force, plan=replace(figure.in_force.plan, duties=(figure.duty,)))
    standings = list_unit_standings(in_force=alone, unit_code=figure.unit.code, as_of=as_of)
    kept = [one for _, one in standings if figure.window in (None, one.obligation.window)]
    return [one for one in reversed(kept) if one.obligation.begins_on <= as_of]


def list_own_cases(in_force: PlanInForce, unit_code: str, duty_id: str, as_of: date) -> list[Case]:
    """What the unit itself bears of one duty, or without one of all, in the windows that have opened; newest first."""
    duties = tuple(duty for duty in in_force.plan.duties if not duty_id or duty.id == duty_id)
    alone = replace(in_force, plan=replace(in_force.plan, duties=duties))
    found = list_unit_cases(alone, unit_code, as_of)
    opened = [case for case in found if case.standing.obligation.begins_on <= as_of]
    return sorted(opened, key=lambda case: case.standing.obligation.due_on, reverse=True)


def find_standing(figure: Figure, as_of: date) -> Standing | None:
    """The newest of them; none when the unit does not bear the duty itself."""
    return next(iter(list_figure_standings(figure, as_of)), None)


# --- one unit ---------------------------------------------------------------------------------------------------------


def list_work(unit: Unit, as_of: date) -> Work:
    """What the unit itself owes, in every plan that binds it, by due day."""
    return sort_work(_list_tasks(unit, as_of), as_of)


def sort_work(found: Iterable[Task], as_of: date) -> Work:
    """Tasks by what they ask of their unit now, each part by due day."""
    parts: dict[str, list[Task]] = defaultdict(list)
    for task in sorted(found, key=lambda task: task.standing.obligation.due_on):
        parts[_choose_part(task.standing, as_of)].append(task)
    return Work(
        overdue=tuple(parts["overdue"]),
        open=tuple(parts["open"]),
        on_course=tuple(parts["on_course"]),
        done=tuple(parts["done"]),
        unknown=tuple(parts["unknown"]),
        older=len(parts["older"]),
    )


def _list_tasks(unit: Unit, as_of: date, plans: Iterable[PlanInForce] | None = None) -> Iterator[Task]:
    for in_force in list_binding_plans(unit, as_of) if plans is None else plans:
        for case in list_unit_cases(in_force, unit.code, as_of):
            yield Task(in_force, case)


def _choose_part(standing: Standing, as_of: date) -> str:
    """The part of the work that the standing belongs to; empty for what asks nothing now."""
    is_now = as_of in standing.obligation.window.interval
    match standing.status:
        case Status.OPEN:
            return "open" if standing.shortfall else "on_course"
        case Status.MISSED:
            return "overdue" if is_pressing(standing.obligation.due_on, standing.obligation.window, as_of) else "older"
        case Status.MET | Status.LATE if is_now:
            return "done"
        case Status.UNKNOWN if is_now:
            return "unknown"
        case _:
            return ""


def is_pressing(due_on: date, window: Window, as_of: date) -> bool:
    """Whether something missed is still today's business: it can be made good, or it was due within the last days."""
    return as_of < window.closes or due_on >= as_of - SOON


def list_history(unit: Unit, as_of: date, known_by: date | None = None) -> list[DutyHistory]:
    """Every duty that the unit bears, with its windows up to the day. Duties that have not begun show their first.

    When no plan is at work any more, the last one shows how it came out.
    """
    plans = list_binding_plans(unit, as_of, known_by) or list_begun_binding_plans(unit, as_of, known_by)[:1]
    grouped: dict[tuple[int, str], list[Task]] = {}
    for task in _list_tasks(unit, as_of, plans):
        grouped.setdefault((task.in_force.version.pk, task.duty.id), []).append(task)
    return [_make_history(tasks, as_of) for tasks in grouped.values()]


def _make_history(tasks: Sequence[Task], as_of: date) -> DutyHistory:
    opened = [task for task in tasks if task.standing.obligation.begins_on <= as_of]
    now = opened[-1] if opened else tasks[0]
    return DutyHistory(now.in_force, now.case, tuple(task.standing for task in opened[:-1]))


# --- an area ----------------------------------------------------------------------------------------------------------


def list_watches(unit: Unit, as_of: date) -> list[Watch]:
    """What is due within a week or overdue at or below the unit, with the units behind; overdue first, then by day."""
    found: list[Watch] = []
    for in_force in list_binding_plans(unit, as_of):
        found.extend(_list_plan_watches(in_force, unit.code, as_of))
    return sorted(found, key=lambda watch: (watch.status != Status.MISSED, watch.due_on))


def _list_plan_watches(in_force: PlanInForce, unit_code: str, as_of: date) -> Iterator[Watch]:
    pairs = list(_list_at_stake(in_force, as_of))
    counts = count_plan(keep_windows(in_force, pairs), as_of)
    by_code = load_tree().by_code
    for place, (duty, window) in enumerate(pairs):
        due_on = find_due_day(duty, window)
        status = Status.OPEN if as_of <= due_on else Status.MISSED
        behind = tuple(by_code[code] for code in counts.list_below(place, unit_code, status))
        if behind:
            bearers = sum(1 for _ in counts.list_below(place, unit_code, *Status))
            yield Watch(in_force, duty, window, due_on, status, behind, bearers)


def _list_at_stake(in_force: PlanInForce, as_of: date) -> Iterator[Pair]:
    """Of each duty the window that is nearly due, and the last one that is overdue; none where time alone decides."""
    for duty in in_force.plan.duties:
        if VERBS[duty.verb].settles or duty.vague:
            continue
        opened = [window for window in expand_windows(duty, in_force.plan.valid) if window.opens <= as_of]
        overdue = [w for w in opened if find_due_day(duty, w) < as_of and is_pressing(find_due_day(duty, w), w, as_of)]
        soon = [w for w in opened if as_of <= find_due_day(duty, w) <= as_of + SOON]
        yield from ((duty, window) for window in (*overdue[-1:], *soon))


def keep_windows(in_force: PlanInForce, pairs: Iterable[Pair]) -> PlanInForce:
    """The plan with each duty cut down to one window; a duty stands in it once for each pair."""
    duties = tuple(_cut_duty(duty, window, window) for duty, window in pairs)
    return replace(in_force, plan=replace(in_force.plan, duties=duties))


def keep_period(in_force: PlanInForce, period: Interval) -> PlanInForce:
    """The plan with the windows that fall due in the period; a duty without any is left out."""
    duties: list[Duty] = []
    for duty in in_force.plan.duties:
        windows = [w for w in expand_windows(duty, in_force.plan.valid) if find_due_day(duty, w) in period]
        if windows:
            duties.append(_cut_duty(duty, windows[0], windows[-1]))
    return replace(in_force, plan=replace(in_force.plan, duties=tuple(duties)))


def _cut_duty(duty: Duty, first: Window, last: Window) -> Duty:
    """The duty in force from the first window to the last. One owed once has a single window and stays as it is."""
    if duty.rhythm is None:
        return duty
    return replace(duty, valid=duty.valid.overlap(Interval(first.opens, last.closes)))


def list_bearers(in_force: PlanInForce, unit_code: str, duty_id: str, as_of: date) -> list[tuple[CoreUnit, Totals]]:
    """Each unit at or below this one that bears the duty, or without a duty any of the plan's, with its totals."""
    counts = count_plan(in_force, as_of)
    places = [place for place, duty in enumerate(in_force.plan.duties) if not duty_id or duty.id == duty_id]
    found: list[tuple[CoreUnit, Totals]] = []
    for unit in load_tree().at(as_of).walk_down(unit_code):
        totals = [Totals(borne) for place in places if (borne := counts.find(place, unit.code))]
        if totals:
            found.append((unit, sum(totals, Totals())))
    return found
