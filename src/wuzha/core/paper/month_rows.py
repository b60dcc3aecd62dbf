"""Who has a line in the monthly table: every unit but the grids, which count for the unit that they stand under."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wuzha.core.assessment.places import PLACE_KINDS
from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import Tree, Unit
from wuzha.core.ledger.credit import Crediting, trace_nearest
from wuzha.core.paper.month import MonthlyQuestion, MonthlyRow

FOLDED = frozenset({"grid"})


@dataclass(frozen=True, slots=True)
class Branch:
    """The lines of one town, or of what belongs to none: of ``top`` itself and the units right below it."""

    top: Unit
    rows: tuple[MonthlyRow, ...]


def list_branches(question: MonthlyQuestion) -> list[Branch]:
    """The lines of the table, town by town in the order of the roster; the county's own come last.

    The tree is that of the last day. A unit that closed before stands where it stood; the caller leaves it out when
    there is nothing to tell of it.
    """
    tree = question.tree.at(question.day)
    top, towns, loose = tree.by_code[question.top], list[Branch](), list[Unit]()
    for child in tree.list_children(question.top):
        units = [unit for unit in tree.walk_down(child.code) if _has_row(unit, question)]
        if len(units) > 1:
            towns.append(Branch(child, tuple(_make_rows(units, tree, question))))
        else:
            loose += units
    own = [top, *loose] if _has_row(top, question) else loose
    return [*towns, Branch(top, tuple(_make_rows(own, tree, question)))]


def trace_rows(question: MonthlyQuestion) -> Crediting:
    """Which line each unit's records belong to, over the whole history."""
    return trace_nearest(question.tree, (unit.code for unit in question.tree.units if not _was_folded(unit)))


def is_there(unit: Unit, question: MonthlyQuestion) -> bool:
    """Whether it was there on any day of the month so far."""
    return unit.life.overlap(question.days).days > 0


def is_closed(unit: Unit, question: MonthlyQuestion) -> bool:
    return unit.closes_on <= question.day


def fold_standings(question: MonthlyQuestion) -> Mapping[str, str]:
    """For each unit the one in whose line it stands on the last day."""
    crediting = trace_rows(question)
    found = {unit.code: crediting.find_bearer(unit.code, question.day) for unit in question.tree.units}
    return {code: bearer for code, bearer in found.items() if bearer}


def _has_row(unit: Unit, question: MonthlyQuestion) -> bool:
    return unit.kind not in FOLDED and unit.opens_on <= question.day


def _was_folded(unit: Unit) -> bool:
    """A unit that ever was more than a grid keeps a line of its own for all its records."""
    return {unit.kind, *(one.kind for one in unit.placements)} <= FOLDED


def _make_rows(units: Sequence[Unit], tree: Tree, question: MonthlyQuestion) -> Iterator[MonthlyRow]:
    for unit in units:
        below = [one for one in tree.walk_down(unit.code) if one.code != unit.code and _has_row(one, question)]
        parted = any(one.kind in PLACE_KINDS and not is_closed(one, question) for one in below)
        has_base = unit.kind in PLACE_KINDS and not parted and not is_closed(unit, question)
        yield MonthlyRow("unit", unit, is_own=parted, has_base=has_base)


def list_life(unit: Unit, days: Interval) -> Interval:
    """As many of the days as the unit was there."""
    return days.overlap(unit.life)
