"""The tables of who is behind, of what a unit owes and of what falls due, as files."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.adapters.table_export import Column, Table
from wuzha.adapters.wording.certainty import list_place_words
from wuzha.adapters.wording.words import describe_status
from wuzha.core.assessment.model import Standing, Status, Totals
from wuzha.core.assessment.places import Comparison, Place
from wuzha.core.base.unit import Unit as CoreUnit
from wuzha.core.duty.model import Duty
from wuzha.web.campaign import wording
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.queries.shared import SharedWork
from wuzha.web.campaign.queries.standings import DutyCells, Matrix, MatrixRow
from wuzha.web.campaign.queries.work import DutyHistory, Task, Watch, Work
from wuzha.web.campaign.templatetags.campaign import duty_who

# What a sum of standings says, each with its words. A share stands beside its base, and is none without one.
TOTALS: tuple[tuple[Any, Callable[[Totals], int | float | None]], ...] = (
    (pgettext_lazy("table", "Expected"), lambda totals: totals.expected),
    (pgettext_lazy("table", "Done"), lambda totals: totals.met),
    (_("On time"), lambda totals: totals.on_time),
    (_("Missed"), lambda totals: totals.missed),
    (_("Open"), lambda totals: totals.count(Status.OPEN)),
    (pgettext_lazy("table", "Cannot be told"), lambda totals: totals.count(Status.UNKNOWN)),
    (pgettext_lazy("table", "Set aside or exempt"), lambda totals: totals.count(Status.WAIVED, Status.EXEMPT)),
)


@dataclass(frozen=True, slots=True)
class Owed:
    """One window of a duty as a unit stands in it, with the plan it comes from and who bears it."""

    bearer: str
    plan: str
    duty: Duty
    standing: Standing


def _list_total_columns(read: Callable[[Any], Totals]) -> Iterator[Column]:
    for title, count in TOTALS:
        yield Column(title, lambda one, count=count: count(read(one)), "number")  # type: ignore[misc]  # binds it now
    yield Column(pgettext_lazy("table", "Done of expected"), lambda one: _share(read(one)), "share")


def _share(totals: Totals) -> float | None:
    return totals.met / totals.expected if totals.expected else None


def _title(duty: Duty) -> str:
    return wording.title_duty(duty, load_kinds())


def _name_duty(duty: Duty) -> str:
    """What it is, who does it and how often, for telling two duties of one kind apart."""
    return f"{_title(duty)} {duty_who(duty)} {wording.title_cadence(duty)}"


def tabulate_matrix(matrix: Matrix, rows: Sequence[MatrixRow], filters: Sequence[tuple[Any, Any]]) -> Table:
    """The page's own rows: the unit in all, itself, and each unit right below with all below it."""
    own = [(_("%(name)s itself") % {"name": matrix.own.unit.name}, matrix.own)] if matrix.own and rows else []
    whole = matrix.whole.unit.name
    name = _("%(name)s in all") % {"name": whole} if rows else whole
    things = [(str(name), matrix.whole), *((str(said), row) for said, row in own)]
    things += [(row.unit.name, row) for row in rows]
    return Table("matrix", _("Standings"), lambda: list(_list_matrix_columns(matrix)), things, filters)


def _list_matrix_columns(matrix: Matrix) -> Iterator[Column]:
    yield Column(_("Unit"), lambda row: row[0])
    yield Column(_("Code"), lambda row: row[1].unit.code)
    yield from _list_total_columns(lambda row: row[1].total)
    for place, duty in enumerate(matrix.duties):
        yield from _list_cell_columns(place, _name_duty(duty))


def _list_cell_columns(place: int, name: str) -> Iterator[Column]:
    def read(row: tuple[str, MatrixRow]) -> Totals | None:
        return row[1].cells[place]

    def count_done(row: tuple[str, MatrixRow]) -> int | None:
        return found.met if (found := read(row)) else None

    def count_expected(row: tuple[str, MatrixRow]) -> int | None:
        return found.expected if (found := read(row)) else None

    yield Column(f"{name} {pgettext_lazy('table', 'Done')}", count_done, "number")
    yield Column(f"{name} {pgettext_lazy('table', 'Expected')}", count_expected, "number")


def tabulate_duty_cells(cells: DutyCells, filters: Sequence[tuple[Any, Any]]) -> Table:
    """Every unit at and below the page's, duty by duty: as the pages of each figure list them."""
    title = _("Standings, unit by unit and duty by duty")
    return Table("cells", title, lambda: _list_duty_cell_columns(cells.in_force.plan.duties), cells, filters)


def _list_duty_cell_columns(duties: Sequence[Duty]) -> list[Column]:
    """What is said of a duty is made once, and not for each of a county's 300,000 rows."""
    told = [(duty.clause, _title(duty), duty_who(duty), wording.title_cadence(duty)) for duty in duties]
    return [
        Column(_("Unit"), lambda cell: cell.unit.name),
        Column(_("Code"), lambda cell: cell.unit.code),
        Column(_("Clause"), lambda cell: told[cell.place][0]),
        Column(_("Duty"), lambda cell: told[cell.place][1]),
        Column(pgettext_lazy("table", "Who"), lambda cell: told[cell.place][2]),
        Column(pgettext_lazy("table", "How often"), lambda cell: told[cell.place][3]),
        *_list_total_columns(lambda cell: cell.totals),
    ]


def tabulate_bearers(rows: Sequence[tuple[CoreUnit, Totals]], filters: Sequence[tuple[Any, Any]]) -> Table:
    columns = (
        Column(_("Unit"), lambda row: row[0].name),
        Column(_("Code"), lambda row: row[0].code),
        *_list_total_columns(lambda row: row[1]),
    )
    return Table("units", _("Units that bear the duty"), columns, rows, filters)


def _list_owed_columns(as_of: date) -> tuple[Column, ...]:
    return (
        Column(_("Duty"), lambda one: _title(one.duty)),
        Column(pgettext_lazy("table", "Window"), lambda one: wording.say_window(one.standing.obligation.window, as_of)),
        Column(pgettext_lazy("table", "Due on"), lambda one: one.standing.obligation.due_on),
        Column(_("Status"), lambda one: describe_status(one.standing.status, wording.language())),
        Column(pgettext_lazy("table", "Done"), lambda one: one.standing.tally.value, "number"),
        Column(pgettext_lazy("table", "Expected"), lambda one: one.standing.tally.goal, "number"),
        Column(pgettext_lazy("table", "In words"), lambda one: _say(one, as_of)),
        Column(pgettext_lazy("table", "Borne by"), lambda one: one.bearer),
        Column(_("Plan"), lambda one: one.plan),
        Column(_("Clause"), lambda one: one.duty.clause),
    )


def _say(owed: Owed, as_of: date) -> str:
    return wording.say_standing(owed.duty, owed.standing, load_kinds(), as_of)


def tabulate_windows(bearer: str, plan: str, standings: Sequence[tuple[Duty, Standing]], as_of: date) -> Table:
    owed = [Owed(bearer, plan, duty, standing) for duty, standing in standings]
    return Table("windows", _("Window by window"), _list_owed_columns(as_of), owed)


def tabulate_duties(bearer: str, histories: Sequence[DutyHistory], as_of: date) -> Table:
    """Every window of each duty of the unit, the oldest first."""
    owed = [
        Owed(bearer, one.in_force.version.title, one.duty, standing)
        for one in histories
        for standing in (*one.past, one.now)
    ]
    return Table("duties", _("Its own duties"), _list_owed_columns(as_of), owed)


def tabulate_work(bearer: str, work: Work | None, shared: SharedWork | None, as_of: date) -> Table:
    """What the unit owes and what it has done in the present windows, and what it shares with the unit above."""
    tasks = (*work.overdue, *work.open, *work.done, *work.on_course, *work.unknown) if work else ()
    owed = [_make_owed(bearer, task) for task in tasks]
    if shared:
        owed += [_make_owed(shared.bearer.name, one.task) for one in (*shared.overdue, *shared.open)]
    return Table("tasks", _("What we still owe"), _list_owed_columns(as_of), owed)


def _make_owed(bearer: str, task: Task) -> Owed:
    return Owed(bearer, task.in_force.version.title, task.duty, task.standing)


def tabulate_watches(watches: Collection[Watch], as_of: date) -> Table:
    """What is overdue or nearly due, with every unit that has not met it."""
    columns = (
        Column(_("Duty"), lambda watch: _title(watch.duty)),
        Column(pgettext_lazy("table", "Who"), lambda watch: duty_who(watch.duty)),
        Column(pgettext_lazy("table", "Window"), lambda watch: wording.say_window(watch.window, as_of)),
        Column(pgettext_lazy("table", "Due on"), lambda watch: watch.due_on),
        Column(_("Status"), lambda watch: describe_status(watch.status, wording.language())),
        Column(pgettext_lazy("table", "Units that have not met it"), lambda watch: len(watch.behind), "number"),
        Column(pgettext_lazy("table", "Units that bear it"), lambda watch: watch.bearers, "number"),
        Column(pgettext_lazy("table", "Which"), lambda watch: "、".join(unit.name for unit in watch.behind)),
        Column(_("Plan"), lambda watch: watch.in_force.version.title),
    )
    return Table("watches", _("Overdue or due within seven days"), columns, watches)


def tabulate_places(comparison: Comparison) -> Table:
    """Places beside each other, each rate with its base and its interval."""
    words = {one.code: one for one in list_place_words(comparison, wording.language())}

    def round_rate(value: float | None) -> float | None:
        return None if value is None else round(value, 4)

    def read_shrunk(place: Place, name: str) -> float | None:
        return round_rate(getattr(place.shrunk, name)) if place.shrunk else None

    columns = (
        Column(pgettext_lazy("compared", "Place"), lambda place: place.unit.name),
        Column(_("Code"), lambda place: place.unit.code),
        Column(pgettext_lazy("compared", "Number"), lambda place: place.count, "number"),
        Column(_("Residents"), lambda place: place.base.value if place.base else None, "number"),
        Column(_("Counted on"), lambda place: place.base.valid_from if place.base else None),
        Column(_("Per 1,000"), lambda place: round_rate(place.rate), "number"),
        Column(pgettext_lazy("table", "at least (95 in 100)"), lambda place: round_rate(place.low), "number"),
        Column(pgettext_lazy("table", "at most (95 in 100)"), lambda place: round_rate(place.high), "number"),
        Column(_("Adjusted per 1,000"), lambda place: read_shrunk(place, "mean"), "number"),
        Column(_("Remark"), lambda place: words[place.unit.code].missing),
    )
    return Table("places", _("Places below, per 1,000 residents"), columns, comparison.places)
