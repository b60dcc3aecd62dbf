"""A plan with the working calendar, and with what was set aside, on its duties: all that a standing hangs on beside the
plan's own text.
"""

from collections.abc import Iterable
from dataclasses import replace

from wuzha.core.base.problem import Problem, make_problem
from wuzha.core.base.windows import Cadence
from wuzha.core.base.workdays import Calendar
from wuzha.core.duty.model import Duty, OnDayOff, Waiver
from wuzha.core.duty.span import expand_windows, find_due_day
from wuzha.core.plan.model import Plan


def bind_calendar(plan: Plan, calendar: Calendar) -> Plan:
    """The plan by this calendar. Only duties whose days hang on one are touched."""
    return replace(plan, duties=tuple(_bind_duty(duty, calendar) for duty in plan.duties))


def hangs_on_calendar(plan: Plan) -> bool:
    """Whether any day of the plan may be another by another calendar."""
    return any(
        duty.due.on_day_off or (duty.rhythm is not None and duty.rhythm.cadence is Cadence.SEMESTER)
        for duty in plan.duties
    )


def _bind_duty(duty: Duty, calendar: Calendar) -> Duty:
    if duty.due.on_day_off:
        duty = replace(duty, due=replace(duty.due, workdays=calendar.workdays))
    if duty.rhythm is not None and duty.rhythm.cadence is Cadence.SEMESTER:
        duty = replace(duty, rhythm=replace(duty.rhythm, semesters=calendar.semesters))
    return duty


def bind_waivers(plan: Plan, waivers: Iterable[Waiver]) -> Plan:
    """The plan with these waivers in place of any that it had. Those of duties that it does not have are left out."""
    given = tuple(waivers)
    duties = tuple(replace(duty, waivers=tuple(one for one in given if one.duty == duty.id)) for duty in plan.duties)
    return replace(plan, duties=duties)


def list_unpublished(plan: Plan) -> tuple[Problem, ...]:
    """A warning for each year in which due days move, and whose days off have not been published."""
    years = {year for duty in plan.duties for year in list_unpublished_years(duty)}
    return tuple(make_problem("calendar.unpublished", severity="warning", year=year) for year in sorted(years))


def list_unpublished_years(duty: Duty) -> tuple[int, ...]:
    """The years that a due day falls into, or is moved into, and that are reckoned by plain weekdays.

    They may lie after the duty's last day: a semester ends in the year after its plan. None where no due day moves.
    """
    if not duty.due.on_day_off:
        return ()
    plain = replace(duty, due=replace(duty.due, on_day_off=OnDayOff.STAY))
    windows = expand_windows(duty, duty.valid)
    years = {find_due_day(asked, window).year for asked in (duty, plain) for window in windows}
    return tuple(year for year in sorted(years) if not duty.due.workdays.is_published(year))
