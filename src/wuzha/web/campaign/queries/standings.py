"""Standings for the pages: the matrix of an area, and every obligation of one unit."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from wuzha.core.assessment.assess import Borne, Past, list_borne, stand
from wuzha.core.assessment.model import Standing, Status, Totals
from wuzha.core.assessment.obligations import expand_obligations
from wuzha.core.base.unit import Tree, Unit
from wuzha.core.duty.model import Duty
from wuzha.core.duty.who import trace_bearers
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.core.ledger.row import Row
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.queries.arriving import look
from wuzha.web.campaign.queries.facts import Facts
from wuzha.web.campaign.queries.ground import PlanInForce, load_bound_tree, load_ground
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
    counts = count_plan(in_force, as_of)
    tree = load_bound_tree(in_force).at(as_of)
    unit = tree.by_code[unit_code]
    places = range(len(in_force.plan.duties))
    own = _make_row(unit, [_total(counts.find(place, unit_code)) for place in places], tree)
    return Matrix(
        in_force.plan.duties,
        _make_row(unit, [counts.find_below(place, unit_code) for place in places], tree),
        own if any(own.cells) else None,
        tuple(
            _make_row(child, [counts.find_below(place, child.code) for place in places], tree)
            for child in tree.list_children(unit_code)
        ),
    )


def _total(counts: Mapping[Status, int]) -> Totals | None:
    return Totals(counts) if counts else None


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
    """Every obligation that the unit itself bears, duty by duty, window by window, with the records behind each."""
    return [(case.duty, case.standing) for case in _list_cases(in_force, unit_code, as_of, _list_every)]


def list_unit_cases(in_force: PlanInForce, unit_code: str, as_of: date) -> list[Case]:
    """The same, with the facts. Where very many facts serve a duty they are added up, and name no records."""
    return _list_cases(in_force, unit_code, as_of, _list_tallied)


# How the facts of a unit are found that a duty is counted from.
Listing = Callable[[Facts, str, Duty], Sequence[Row]]


def _list_every(facts: Facts, unit_code: str, duty: Duty) -> Sequence[Row]:
    return facts.list_rows((unit_code,), list_feeding_kinds(duty, facts.kinds))


def _list_tallied(facts: Facts, unit_code: str, duty: Duty) -> Sequence[Row]:
    return facts.list_tallied((unit_code,), duty)


def _list_cases(in_force: PlanInForce, unit_code: str, as_of: date, listing: Listing) -> list[Case]:
    tree = load_bound_tree(in_force)
    if unit_code not in tree.by_code:
        return []
    facts = open_facts(tree, as_of, in_force.known_by)
    found: list[Case] = []
    for duty in in_force.plan.duties:
        if any(unit_code in one for one in trace_bearers(duty.who, tree)):
            rows = listing(facts, unit_code, duty)
            for borne in list_borne(duty, in_force.plan.valid, tree, rows, as_of, (unit_code,)):
                found.extend(_list_borne_cases(duty, borne, as_of))
    return found


def _list_borne_cases(duty: Duty, borne: Borne, as_of: date) -> Iterator[Case]:
    past = Past.of(duty, borne.facts, borne.stays)
    for obligation in expand_obligations(duty, borne.unit, borne.windows):
        yield Case(duty, borne.unit, stand(duty, borne.unit, obligation, past, as_of), past)


def open_facts(tree: Tree, as_of: date, known_by: date | None = None) -> Facts:
    """What has been recorded by now."""
    return Facts(look(), load_ground(), tree, load_kinds(), as_of, known_by)


def list_rows_below(
    tree: Tree, units: Iterable[str], duties: Iterable[Duty], as_of: date, known_by: date | None = None
) -> list[Row]:
    """The records in effect of these units, and of all that stand or ever stood below them, that could feed one of the
    duties, under their own units' codes."""
    kinds = frozenset[str]().union(*(list_feeding_kinds(duty, load_kinds()) for duty in duties))
    return open_facts(tree, as_of, known_by).list_rows(units, kinds)


@dataclass(frozen=True, slots=True)
class DutyCell:
    """How one unit itself stands in one duty, which is at this ``place`` in its plan."""

    unit: Unit
    place: int
    totals: Totals


@dataclass(frozen=True, slots=True)
class DutyCells:
    """Every duty of every unit at and below one that bears it itself, one at a time: a county has 300,000 of them.

    They are what the pages of the figures list; nothing is counted that the matrix has not counted.
    """

    in_force: PlanInForce
    unit_code: str
    as_of: date

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[DutyCell]:
        counts = count_plan(self.in_force, self.as_of)
        for unit in load_bound_tree(self.in_force).at(self.as_of).walk_down(self.unit_code):
            for place in range(len(self.in_force.plan.duties)):
                if found := counts.find(place, unit.code):
                    yield DutyCell(unit, place, Totals(found))
