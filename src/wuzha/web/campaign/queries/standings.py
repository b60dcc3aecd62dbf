"""Standings for the pages: the matrix of an area, and every obligation of one unit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from wuzha.core.assessment.assess import Borne, Past, list_borne, stand
from wuzha.core.assessment.model import Standing, Status, Totals
from wuzha.core.assessment.obligations import expand_obligations
from wuzha.core.base.unit import Tree, Unit
from wuzha.core.duty.model import Duty
from wuzha.core.duty.who import trace_bearers
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.core.ledger.row import Row
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.queries.counting import Counts
from wuzha.web.campaign.queries.ground import PlanInForce, load_bound_tree, load_ground
from wuzha.web.campaign.queries.tallies import in_effect, list_rows
from wuzha.web.campaign.queries.totals import count_plan


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One line of the matrix: totals by duty, none where the unit and all below it bear nothing of that duty."""

    unit: Unit
    cells: tuple[Totals | None, ...]
    total: Totals
    has_children: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """Units × duties. ``whole`` is the unit with everything below it: the sum of ``own`` and ``children``."""

    duties: tuple[Duty, ...]
    whole: MatrixRow
    own: MatrixRow | None
    children: tuple[MatrixRow, ...]


def build_matrix(*, in_force: PlanInForce, unit_code: str, as_of: date) -> Matrix:
    """How the unit and each unit right below it stand in every duty of the plan."""
    tree = load_bound_tree(in_force).at(as_of)
    counts = count_plan(in_force, as_of)
    children = tree.list_children(unit_code)
    lines = _map_lines(tree, unit_code, children)
    rows = {code: [_add_counts(found, lines, code) for found in counts] for code in ("", *(c.code for c in children))}
    whole = [_sum_cells(cells) for cells in zip(*rows.values(), strict=True)]
    unit = tree.by_code[unit_code]
    own = _make_row(unit, rows[""], tree)
    return Matrix(
        in_force.plan.duties,
        _make_row(unit, whole, tree),
        own if any(own.cells) else None,
        tuple(_make_row(child, rows[child.code], tree) for child in children),
    )


def _map_lines(tree: Tree, unit_code: str, children: Iterable[Unit]) -> Mapping[str, str]:
    """For every unit below, the child under whose line it is counted; the unit itself stands under ``""``."""
    lines = {unit_code: ""}
    for child in children:
        lines.update((unit.code, child.code) for unit in tree.walk_down(child.code))
    return lines


def _add_counts(counts: Counts, lines: Mapping[str, str], line: str) -> Totals | None:
    """The totals of one duty over the units of one line; none when none of them bears it."""
    found: dict[Status, int] = {}
    for code, by_status in counts.items():
        if lines.get(code) == line:
            for status, n in by_status.items():
                found[status] = found.get(status, 0) + n
    return Totals(found) if found else None


def _sum_cells(cells: Sequence[Totals | None]) -> Totals | None:
    known = [cell for cell in cells if cell is not None]
    return sum(known, Totals()) if known else None


def _make_row(unit: Unit, cells: Sequence[Totals | None], tree: Tree) -> MatrixRow:
    total = _sum_cells(cells) or Totals()
    return MatrixRow(unit, tuple(cells), total, bool(tree.list_children(unit.code)))


@dataclass(frozen=True, slots=True)
class Case:
    """One obligation of a unit as it stands, with the facts that it was counted from."""

    duty: Duty
    unit: Unit
    standing: Standing
    past: Past


def list_unit_standings(*, in_force: PlanInForce, unit_code: str, as_of: date) -> list[tuple[Duty, Standing]]:
    """Every obligation that the unit itself bears, duty by duty, window by window, by the specification itself."""
    return [(case.duty, case.standing) for case in list_unit_cases(in_force, unit_code, as_of)]


def list_unit_cases(in_force: PlanInForce, unit_code: str, as_of: date) -> list[Case]:
    """The same, with the facts."""
    tree = load_bound_tree(in_force)
    if unit_code not in tree.by_code:
        return []
    duties = [duty for duty in in_force.plan.duties if any(unit_code in one for one in trace_bearers(duty.who, tree))]
    rows = list_rows_below(tree, [unit_code], duties, as_of, in_force.known_by)
    found: list[Case] = []
    for duty in duties:
        feeding = list_feeding_kinds(duty, load_kinds())
        facts = [row for row in rows if row.kind in feeding]
        for borne in list_borne(duty, in_force.plan.valid, tree, facts, as_of, (unit_code,)):
            found.extend(_list_cases(duty, borne, as_of))
    return found


def _list_cases(duty: Duty, borne: Borne, as_of: date) -> Iterator[Case]:
    past = Past.of(duty, borne.facts, borne.stays)
    for obligation in expand_obligations(duty, borne.unit, borne.windows):
        yield Case(duty, borne.unit, stand(duty, borne.unit, obligation, past, as_of), past)


def list_rows_below(
    tree: Tree, units: Iterable[str], duties: Iterable[Duty], as_of: date, known_by: date | None = None
) -> list[Row]:
    """The records in effect of these units, and of all that stand or ever stood below them, that could feed one of the
    duties, under their own units' codes."""
    numbers = load_ground().numbers
    below = frozenset[str]().union(*(tree.list_ever_below(code) for code in units))
    codes = {numbers[code]: code for code in below}
    kinds = frozenset[str]().union(*(list_feeding_kinds(duty, load_kinds()) for duty in duties))
    condition = Q(unit__in=codes, kind__in=kinds, happened_on__lte=as_of) & in_effect(known_by)
    return list_rows(condition, codes)
