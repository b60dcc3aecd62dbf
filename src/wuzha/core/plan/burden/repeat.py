"""What is asked twice: duties of different plans that the same records serve, and figures that are known already."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from wuzha.core.duty.model import ALL, Duty, Who
from wuzha.core.duty.who import list_bearers
from wuzha.core.plan.burden.load import ANYWHERE, Costing
from wuzha.core.plan.burden.weigh import Bound

Relation = Literal["same-record", "other-form", "again"]

# Documents whose figures are sums of records (domain: the monthly table counts what the ledger holds).
TABLES = frozenset({"progress_table"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A duty with the plan it stands in."""

    ref: str
    duty: Duty


@dataclass(frozen=True, slots=True)
class Repeat:
    """Two plans ask the same units for records of one kind at the same time.

    ``same-record``: one record serves both. ``other-form``: it serves both, but they want it another way, told by
    ``differs``. ``again``: no record serves both, since they want it at different places or for different people.
    """

    first: Asked
    second: Asked
    kinds: tuple[str, ...]
    units: tuple[str, ...]
    relation: Relation
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownFiling:
    """A table is asked for although its figures stand in the ledger: records of these kinds are asked for anyway."""

    filing: Asked
    kinds: tuple[str, ...]


def list_repeats(bounds: Sequence[Bound], costing: Costing) -> tuple[Repeat, ...]:
    """Every pair of duties of two plans that overlap in units, time and what is recorded, in the order of the plans.

    A duty whose very twin stands in the other plan is told with its twin alone.
    """
    asked = [
        (_Reach.of(bound, duty, costing), Asked(bound.ref, duty), number)
        for number, bound in enumerate(bounds)
        for duty in bound.plan.duties
        if not duty.vague
    ]
    pairs = ((one, other) for one, other in combinations(asked, 2) if one[2] != other[2])
    found = (_compare(one[:2], other[:2]) for one, other in pairs)
    return tuple(_drop_cousins([repeat for repeat in found if repeat is not None]))


def _drop_cousins(repeats: Sequence[Repeat]) -> Iterator[Repeat]:
    twins = {
        (asked.ref, asked.duty.id, other.ref)
        for repeat in repeats
        if not repeat.differs
        for asked, other in ((repeat.first, repeat.second), (repeat.second, repeat.first))
    }
    for repeat in repeats:
        first, second = repeat.first, repeat.second
        has_twin = {(first.ref, first.duty.id, second.ref), (second.ref, second.duty.id, first.ref)} & twins
        if not repeat.differs or not has_twin:
            yield repeat


@dataclass(frozen=True, slots=True)
class _Reach:
    """Whom a duty falls on and what is recorded for it. ``codes`` are units where a roster tells them."""

    codes: frozenset[str]
    units: frozenset[str]
    kinds: frozenset[str]

    @classmethod
    def of(cls, bound: Bound, duty: Duty, costing: Costing) -> "_Reach":
        kinds = frozenset(costing.feeds(duty))
        if bound.tree is None or duty.who == Who():
            return cls(frozenset(), frozenset(duty.who.kind) - {ALL}, kinds)
        bearers = list_bearers(duty.who, bound.tree, costing.day)
        return cls(frozenset(unit.code for unit in bearers), frozenset(unit.kind for unit in bearers), kinds)

    def meets(self, other: "_Reach") -> bool:
        if self.codes and other.codes:
            return bool(self.codes & other.codes)
        return bool(self.units & other.units)


def _compare(one: tuple[_Reach, Asked], other: tuple[_Reach, Asked]) -> Repeat | None:
    (reach, first), (reach_too, second) = one, other
    kinds = reach.kinds & reach_too.kinds
    overlap = first.duty.valid.overlap(second.duty.valid)
    if not kinds or not overlap.days or not reach.meets(reach_too) or _are_other_files(first.duty, second.duty):
        return None
    differs = tuple(_list_differences(first.duty, second.duty))
    units = tuple(sorted(reach.units & reach_too.units))
    return Repeat(first, second, tuple(sorted(kinds)), units, _relate(first.duty, second.duty, differs), differs)


def _are_other_files(one: Duty, other: Duty) -> bool:
    """Two grades of a register are two sets of files, of which none is asked for twice."""
    return bool(one.narrow.grade and other.narrow.grade) and one.narrow.grade != other.narrow.grade


def _relate(one: Duty, other: Duty, differs: Iterable[str]) -> Relation:
    if one.narrow != other.narrow and ANYWHERE not in (one.narrow, other.narrow):
        return "again"
    return "other-form" if set(differs) - {"amount"} else "same-record"


def _list_differences(one: Duty, other: Duty) -> Iterator[str]:
    """In what the two differ, by the names that the comparison of plans uses for its facets."""
    if one.verb != other.verb or one.measure != other.measure:
        yield "measure"
    elif one.target != other.target:
        yield "amount"
    if one.rhythm != other.rhythm:
        yield "cadence"
    elif (one.due, one.by) != (other.due, other.by):
        yield "deadline"
    if one.narrow != other.narrow:
        yield "narrow"


def list_known_filings(bounds: Sequence[Bound], costing: Costing) -> tuple[KnownFiling, ...]:
    """Tables whose figures the ledger already has, with the kinds of record that these plans ask for anyway."""
    duties = [Asked(bound.ref, duty) for bound in bounds for duty in bound.plan.duties if not duty.vague]
    recorded = {kind for asked in duties if asked.duty.verb != "file" for kind in costing.feeds(asked.duty)}
    tables = [asked for asked in duties if asked.duty.verb == "file" and asked.duty.object in TABLES]
    return tuple(KnownFiling(asked, tuple(sorted(recorded))) for asked in tables if recorded)
