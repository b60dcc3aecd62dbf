"""What needs me today, what my unit owes, who is behind, how one unit stands. Authorise, parse, call once, answer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from wuzha.adapters.table_export import Table
from wuzha.adapters.wording.problem import describe_problem
from wuzha.adapters.wording.words import describe_status
from wuzha.core.assessment.model import Status, Totals
from wuzha.core.assessment.pace import Pace
from wuzha.core.base.problem import make_problem
from wuzha.core.base.unit import Unit as CoreUnit
from wuzha.core.duty.model import Duty
from wuzha.web.accounts.access import (
    RECORDERS,
    Role,
    UserRequest,
    find_home,
    get_area,
    hold_posts,
    list_areas,
    list_codes_in_sight,
    list_lines,
    list_visible_units,
    may_record,
)
from wuzha.web.accounts.context import find_first_room, read_as_of
from wuzha.web.accounts.models import Unit, User
from wuzha.web.accounts.queries import has_children, list_attributes_in_force, list_coming, show_past, tell_story
from wuzha.web.accounts.roles import Power
from wuzha.web.accounts.tables import show_page
from wuzha.web.campaign import access
from wuzha.web.campaign.forms.standings import (
    CellForm,
    Order,
    Period,
    StandingsForm,
    find_period,
    find_statuses,
    read_known_moment,
)
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.queries import work as queries
from wuzha.web.campaign.queries.calendar import list_years_by_weekday
from wuzha.web.campaign.queries.ground import PlanInForce, has_issued_plan
from wuzha.web.campaign.queries.inspections import find_desk, list_owed
from wuzha.web.campaign.queries.left import find_left
from wuzha.web.campaign.queries.looks import list_returned
from wuzha.web.campaign.queries.measures import list_measures_of, list_waiting
from wuzha.web.campaign.queries.pace import Key, list_paces
from wuzha.web.campaign.queries.places import find_comparison, find_only_kind
from wuzha.web.campaign.queries.records import list_latest
from wuzha.web.campaign.queries.shared import find_shared_work
from wuzha.web.campaign.queries.standings import DutyCells, Matrix, MatrixRow, build_matrix
from wuzha.web.campaign.queries.table_calls import list_collecting, list_notices
from wuzha.web.campaign.queries.titles import list_ending, list_unit_titles
from wuzha.web.campaign.queries.work import Figure
from wuzha.web.campaign.tables import standings as tables
from wuzha.web.campaign.wording import language, title_duty, title_kind

PAGE = 100
LATEST = 5
NAMED = 3
SHOWN = 6


@require_safe
def show_today(request: UserRequest) -> HttpResponse:
    """What needs me today? For whoever looks after an area; a recorder is shown what their own unit owes."""
    today, as_of = request.today, read_as_of(request)
    posts = hold_posts(request.user, today)
    if not posts and (first := find_first_room(request.user)) != "campaign:today":
        return redirect(first)
    if posts and all(post.role == Role.SECRETARY for post in posts):
        return redirect(f"{request.path}work/{_keep_query(request)}")
    home = find_home(request.user, today)
    if home is None and (line := _find_line(request)):
        return line
    watches = queries.list_watches(home, as_of) if home else []
    show_past([home], as_of, today)
    place = {
        "as_of": as_of,
        "gone": _list_gone(request, _list_named(watches), as_of),
        "unit": home,
        "overdue": [watch for watch in watches if watch.status == Status.MISSED],
        "soon": [watch for watch in watches if watch.status == Status.OPEN],
        "has_plan": home is not None and has_issued_plan(home),
        "returned": list_returned(request.user, today),
        "letters": list_waiting(access.list_own_units(request.user, today), today),
        "may_review": access.is_reviewer(request.user, today),
        "ending": list_ending(home, as_of) if home else [],
        "desk": find_desk(access.list_inspected_rounds(request.user, today), today),
        "table_notices": list_notices(list_areas(request.user, today), today),
        "collecting": list_collecting(home) if home else [],
    }
    return show_page(request, "campaign/today/today.html", place, [tables.tabulate_watches(watches, as_of)])


def _find_line(request: UserRequest) -> HttpResponse | None:
    """For whoever looks after one line alone: on to its units."""
    posts = list_lines(request.user, request.today, Power.FIGURES)
    return redirect(f"{reverse('campaign:line', args=[posts[0].pk])}{_keep_query(request)}") if posts else None


def _list_named(watches: Iterable[queries.Watch]) -> Iterator[CoreUnit]:
    """The units whose names the page shows."""
    return (unit for watch in watches for unit in watch.behind[:SHOWN])


def _keep_query(request: UserRequest) -> str:
    query = request.META.get("QUERY_STRING", "")
    return f"?{query}" if query else ""


@require_safe
def show_work(request: UserRequest) -> HttpResponse:
    """What does my unit still owe?"""
    today, as_of = request.today, read_as_of(request)
    unit = _read_working_unit(request, today)
    if unit is None and (line := _find_line(request)):
        return line
    work = queries.list_work(unit, as_of) if unit else None
    units = _list_working_units(request.user, today)
    show_past([unit, *units], as_of, today)
    place: dict[str, Any] = {
        "as_of": as_of,
        "unit": unit,
        "units": units,
        "work": work,
        "paces": _list_task_paces((*work.overdue, *work.open), as_of) if work else {},
        "shared": find_shared_work(unit, as_of) if unit else None,
        "owed": list_owed(unit, as_of) if unit else [],
        "below": [watch for watch in queries.list_watches(unit, as_of) if _is_of_others(watch, unit)] if unit else [],
        "may_record": unit is not None and may_record(request.user, unit, today),
        "returned": list_returned(request.user, today),
        "letters": list_waiting([unit], today) if unit else [],
        "titles": list_unit_titles(unit, as_of) if unit else [],
        "table_notices": list_notices(units, today),
    }
    owed = tables.tabulate_work(unit.name if unit else "", work, place["shared"], as_of)
    below = tables.tabulate_watches(place["below"], as_of)
    return show_page(request, "campaign/work/work.html", place, [owed, below])


def _list_task_paces(tasks: Sequence[queries.Task], as_of: date) -> Mapping[Key, Pace]:
    return list_paces([(task.in_force, task.case) for task in tasks], as_of)


def _read_working_unit(request: UserRequest, today: date) -> Unit | None:
    """The unit named in the address, or else that of the person's own post, a recording one first."""
    if code := request.GET.get("unit"):
        return get_area(request.user, code, today)
    units = _list_working_units(request.user, today)
    return units[0] if units else None


def _list_working_units(user: User, today: date) -> list[Unit]:
    """The units of the person's posts, those of recording posts first; each once. Whoever looks after one line of a
    unit is not shown what all of it owes."""
    areas = list_areas(user, today)
    recording = [post.unit for post in hold_posts(user, today) if post.role in RECORDERS and post.unit in areas]
    return list({unit.pk: unit for unit in (*recording, *areas)}.values())


def _is_of_others(watch: queries.Watch, unit: Unit) -> bool:
    return any(one.code != unit.code for one in watch.behind)


@require_safe
def show_home_standings(request: UserRequest) -> HttpResponse:
    """The matrix of the person's own area."""
    home = find_home(request.user, request.today)
    if home is None and (line := _find_line(request)):
        return line
    if home is None:
        return render(request, "campaign/standings/matrix.html", {"as_of": read_as_of(request), "plans": []})
    return show_standings(request, home.code)


@require_safe
def show_standings(request: UserRequest, code: str) -> HttpResponse:
    """Who is behind, and by how much? Units × duties of one plan."""
    today, as_of = request.today, read_as_of(request)
    unit = get_area(request.user, code, today)
    form = StandingsForm(request.GET)
    if not form.is_valid():
        raise Http404
    known = read_known_moment(request)
    plans = queries.list_begun_binding_plans(unit, as_of, known)
    show_past([unit], as_of, today)
    in_force = _choose_plan(plans, form.cleaned_data["plan"])
    place: dict[str, Any] = {
        "as_of": as_of,
        "known": known,
        "unit": unit,
        "plans": plans,
        "in_force": in_force,
        "form": form.cleaned_data,
    }
    going_out: list[Table] = []
    if in_force is not None:
        period = find_period(form.cleaned_data["period"], as_of)
        shown = queries.keep_period(in_force, period) if period else in_force
        matrix = _keep_borne(build_matrix(in_force=shown, unit_code=code, as_of=as_of))
        rows = _sort_rows(matrix, form.cleaned_data["order"])
        gone = _list_gone(request, (row.unit for row in rows), as_of)
        place |= {
            "matrix": matrix,
            "rows": rows,
            "gone": gone,
            "behind": [row for row in _list_behind(matrix) if row.unit.code not in gone],
            "by_duty": list(zip(matrix.duties, matrix.whole.cells, strict=True)),
            "periods": Period.choices,
            "orders": Order.choices,
            "by_weekday": describe_years(matrix.duties),
            "papers": _list_papers(request, unit, matrix.whole.total),
        }
        told = _tell_filters(in_force, form.cleaned_data["period"])
        cells = tables.tabulate_duty_cells(DutyCells(shown, unit.code, as_of), told)
        going_out = [tables.tabulate_matrix(matrix, rows, told), cells]
    return show_page(request, "campaign/standings/matrix.html", place, going_out)


def _tell_filters(in_force: PlanInForce, period: str, status: str = "") -> list[tuple[Any, Any]]:
    """What the page was asked for, for the head of a file."""
    statuses = "、".join(describe_status(one, language()) for one in find_statuses(status))
    shown = Period(period).label if period else ""
    return [(_("Plan"), in_force.version.title), (_("Period"), shown), (_("Status"), statuses)]


def _list_papers(request: UserRequest, unit: Unit, total: Totals) -> list[str]:
    """The forms of paper that the person may draft about the unit: to it what is behind, about it how all stand."""
    above = access.find_paper_office(request.user, unit, request.today, is_above=True)
    office = above or access.find_paper_office(request.user, unit, request.today, is_above=False)
    forms = ["letter", "supervise"] if above and total.missed else []
    return [*forms, "circular", "commend"] if office and has_children(unit, request.today, request.today) else forms


def _list_gone(request: UserRequest, units: Iterable[CoreUnit], as_of: date) -> frozenset[str]:
    """Of units that stood here on that day those out of the person's sight today: told, but not led to."""
    if as_of >= request.today:
        return frozenset()
    codes = frozenset(unit.code for unit in units)
    return codes - list_codes_in_sight(request.user, codes, request.today)


def _choose_plan(plans: Sequence[PlanInForce], pk: int | None) -> PlanInForce | None:
    """The plan named, or the first. Raises ``Http404`` for one that does not bind the unit or has not begun."""
    if pk is None:
        return next(iter(plans), None)
    found = next((plan for plan in plans if plan.version.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _keep_borne(matrix: Matrix) -> Matrix:
    """Without the columns of duties that nobody here bears, so that a village sees its own ten."""
    kept = [number for number, cell in enumerate(matrix.whole.cells) if cell is not None]

    def cut(row: MatrixRow) -> MatrixRow:
        return replace(row, cells=tuple(row.cells[number] for number in kept))

    return Matrix(
        duties=tuple(matrix.duties[number] for number in kept),
        whole=cut(matrix.whole),
        own=cut(matrix.own) if matrix.own else None,
        children=tuple(cut(row) for row in matrix.children),
    )


def _sort_rows(matrix: Matrix, order: str) -> list[MatrixRow]:
    rows = [row for row in matrix.children if any(cell is not None for cell in row.cells)]
    return rows if order else sorted(rows, key=lambda row: (-row.total.missed, -row.total.count(Status.OPEN)))


def _list_behind(matrix: Matrix) -> list[MatrixRow]:
    """The few units that miss most, for the sentence that answers the page's question."""
    rows = sorted(matrix.children, key=lambda row: -row.total.missed)
    return [row for row in rows[:NAMED] if row.total.missed]


@require_safe
def show_cell(request: UserRequest, code: str, pk: int, duty_id: str = "") -> HttpResponse:
    """Which units make up this figure? One duty of a plan, or all of them, at and below a unit."""
    today, as_of = request.today, read_as_of(request)
    unit = get_area(request.user, code, today)
    form = CellForm(request.GET)
    known = read_known_moment(request)
    in_force = queries.find_plan(unit, pk, as_of, known)
    if in_force is None or not form.is_valid():
        raise Http404
    told = form.cleaned_data
    figure = queries.find_figure(unit, pk, duty_id, told["window"], as_of, known) if duty_id else None
    if duty_id and figure is None:
        raise Http404
    cut, wanted = _cut_plan(in_force, figure, told["period"], as_of), find_statuses(told["status"])
    cut = _keep_kinds(cut, told["kinds"].split()) if told["kinds"] else cut
    rows = queries.list_bearers(cut, code, duty_id, as_of)
    rows = [row for row in rows if not told["own"] or row[0].code == code]
    shown = [row for row in rows if not wanted or row[1].count(*wanted)]
    sorted_rows = _sort_bearers(shown)
    page = Paginator(sorted_rows, PAGE).get_page(request.GET.get("page"))
    show_past([unit], as_of, today)
    is_only_itself = [one.code for one, _ in rows] == [code]
    # Every obligation by itself: of a duty where the unit bears it, of all duties where there is no other unit.
    own = queries.list_own_cases(cut, code, duty_id, as_of) if duty_id or is_only_itself else []
    place: dict[str, Any] = {
        "as_of": as_of,
        "known": known,
        "unit": unit,
        "in_force": in_force,
        "figure": figure,
        "form": told,
        "kind_titles": _name_kinds(told["kinds"].split()),
        "total": sum((totals for _, totals in rows), Totals()),
        "page": page,
        "gone": _list_gone(request, (one for one, _ in page), as_of),
        "is_only_itself": is_only_itself,
        "standings": [(case.duty, case.standing) for case in own if not wanted or case.standing.status in wanted],
        "paces": list_paces([(in_force, case) for case in own], as_of),
    }
    if figure is not None and not told["own"]:
        place |= {"comparison": find_comparison(figure, as_of), "only_kind": find_only_kind(figure.duty)}
    return show_page(request, "campaign/standings/cell.html", place, _list_cell_tables(place, sorted_rows))


def _list_cell_tables(place: Mapping[str, Any], rows: Sequence[tuple[CoreUnit, Totals]]) -> list[Table]:
    in_force, figure, form, as_of = (place[name] for name in ("in_force", "figure", "form", "as_of"))
    duty = [(_("Duty"), title_duty(figure.duty, load_kinds()))] if figure else []
    duty += [(_("Duty"), place["kind_titles"])] if place["kind_titles"] else []
    window = [(_("Window"), form["window"])]
    told = [*_tell_filters(in_force, form["period"], form["status"]), *duty, *window]
    found = [
        tables.tabulate_bearers(rows, told),
        tables.tabulate_windows(place["unit"].name, in_force.version.title, place["standings"], as_of),
    ]
    comparison = place.get("comparison")
    return [*found, tables.tabulate_places(comparison)] if comparison else found


def describe_years(duties: Iterable[Duty]) -> list[str]:
    """A sentence for each year whose days off nobody has published, and which these due days hang on."""
    years = list_years_by_weekday(duties)
    return [describe_problem(make_problem("calendar.unpublished", year=year), language()) for year in years]


def _cut_plan(in_force: PlanInForce, figure: Figure | None, period: str, as_of: date) -> PlanInForce:
    """The plan with the windows that the address asks for."""
    if figure is not None and figure.window is not None:
        return queries.keep_windows(in_force, [(figure.duty, figure.window)])
    days = find_period(period, as_of)
    return queries.keep_period(in_force, days) if days else in_force


def _name_kinds(codes: Iterable[str]) -> str:
    kinds = load_kinds()
    return pgettext("between names", ", ").join(title_kind(kinds[code]) for code in codes if code in kinds)


def _keep_kinds(in_force: PlanInForce, kinds: Sequence[str]) -> PlanInForce:
    """The plan with the duties that ask for these kinds of record alone."""
    duties = tuple(duty for duty in in_force.plan.duties if duty.object in kinds)
    return replace(in_force, plan=replace(in_force.plan, duties=duties))


def _sort_bearers(rows: Sequence[tuple[CoreUnit, Totals]]) -> list[tuple[CoreUnit, Totals]]:
    return sorted(rows, key=lambda row: (-row[1].missed, -row[1].count(Status.OPEN)))


@require_safe
def show_unit(request: UserRequest, code: str) -> HttpResponse:
    """How does this unit stand? Its duties with their windows, its records, and what is known about it."""
    today, as_of = request.today, read_as_of(request)
    unit = get_area(request.user, code, today)
    records = list_latest(access.list_visible_records(request.user, today), unit, as_of, today, LATEST)
    known, visible = read_known_moment(request), list_visible_units(request.user, today)
    duties = queries.list_history(unit, as_of, known)
    show_past([unit, *(record.unit for record in records)], as_of, today)
    missed = next((one.in_force for one in duties if _has_missed(one)), None)
    place = {
        "as_of": as_of,
        "known": known,
        "unit": unit,
        "duties": duties,
        "letter_plan": missed
        if missed and access.find_paper_office(request.user, unit, today, is_above=True)
        else None,
        "paces": list_paces([(one.in_force, one.case) for one in duties], as_of),
        "records": records,
        "attributes": list_attributes_in_force(unit, as_of),
        "coming": list_coming([unit], visible, as_of),
        "story": tell_story(unit, visible) if unit.closes_on <= as_of else (),
        "left": find_left(unit, as_of),
        "measures": list_measures_of(unit, as_of),
        "owed": list_owed(unit, as_of),
        "has_children": has_children(unit, as_of, today),
        "has_plan": bool(queries.list_begun_binding_plans(unit, as_of)),
        "may_record": may_record(request.user, unit, today),
        "by_weekday": describe_years(one.duty for one in duties),
        "titles": list_unit_titles(unit, as_of),
    }
    return show_page(request, "campaign/units/unit.html", place, [tables.tabulate_duties(unit.name, duties, as_of)])


def _has_missed(history: queries.DutyHistory) -> bool:
    return any(one.status == Status.MISSED for one in (history.now, *history.past))
