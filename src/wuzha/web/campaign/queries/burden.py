"""What plans cost the units, and the minutes a record that this is reckoned with. Reads only."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from statistics import median

from django.db.models import QuerySet

from wuzha.adapters.burden_costing import make_costing
from wuzha.core.assessment.assess import complete_duty
from wuzha.core.base.interval import Interval
from wuzha.core.duty.model import SiteChange
from wuzha.core.ledger.record import RecordKind
from wuzha.core.plan.build import sketch_plan
from wuzha.core.plan.burden.load import Costing
from wuzha.core.plan.burden.minutes import MinuteFigure, find_minutes, make_minutes
from wuzha.core.plan.burden.repeat import KnownFiling, Repeat, list_known_filings, list_repeats
from wuzha.core.plan.burden.weigh import Bound, Burden, weigh_plan, weigh_plans
from wuzha.core.plan.model import Plan
from wuzha.web.accounts.access import is_below
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.kinds import list_own_kinds_at, load_kinds, load_kinds_at, merge_kinds
from wuzha.web.campaign.models import DraftDuty, KindMinutes, PlanVersion, Record
from wuzha.web.campaign.queries.ground import bound_of, forget_ground, load_plan, stamp_roster
from wuzha.web.campaign.queries.plans import list_rows, make_mapping
from wuzha.web.campaign.queries.then import list_codes_around

State = PlanVersion.State
Decision = DraftDuty.Decision
KEPT = (Decision.PROPOSED, Decision.ACCEPTED)
# A draft whose validity is not known yet has no weeks to share the work out over.
LONGEST_DAYS = 366 * 10

Own = tuple[tuple[str, MinuteFigure], ...]
Registers = tuple[tuple[tuple[str, str, str], Fraction], ...]


@dataclass(frozen=True, slots=True)
class Scales:
    """Everything but the plans that a burden hangs on, in a form that can be a key."""

    roster: str
    own: Own
    registers: Registers
    day: date
    kinds: tuple[RecordKind, ...] = ()

    def make_costing(self) -> Costing:
        kinds = merge_kinds(self.kinds)
        return make_costing(make_minutes(kinds, self.own), self.day, dict(self.registers), kinds)


def read_scales(unit: Unit, day: date) -> Scales:
    return Scales(stamp_roster(), read_own_minutes(unit), read_registers(unit), day, list_own_kinds_at(unit.path))


def list_own_minutes(unit: Unit) -> QuerySet[KindMinutes]:
    """The figures that hold at the unit: its own and those of the units above it, in the order they were entered."""
    codes = unit.path.strip("/").split("/")
    rows = KindMinutes.objects.filter(unit__code__in=codes)
    return rows.select_related("unit", "author").order_by("id")


def read_own_minutes(unit: Unit) -> Own:
    """For each kind the figures of the nearest unit that has set any."""
    nearest: dict[str, tuple[str, list[MinuteFigure]]] = {}
    for row in list_own_minutes(unit):
        path, figures = nearest.get(row.kind, ("", []))
        if len(row.unit.path) > len(path):
            path, figures = row.unit.path, []
        if row.unit.path == path:
            nearest[row.kind] = (path, [*figures, MinuteFigure(row.minutes, row.valid_from, row.reason)])
    return tuple((kind, figure) for kind, (_, figures) in sorted(nearest.items()) for figure in figures)


def read_registers(unit: Unit) -> Registers:
    """The usual number of files of one unit, by kind of unit, record kind and grade: the median of those with any.

    A file belongs to the unit that put it on the register and to every unit above that one.
    """
    kinds = [kind.code for kind in load_kinds().values() if kind.shape == "check"]
    rows = Record.objects.filter(
        is_below(unit.path, "unit__path"),
        kind__in=kinds,
        change__in=(SiteChange.ENROL, SiteChange.CLOSE),
        withdrawn=False,
        replaced_by=None,
    )
    last: dict[tuple[str, str], tuple[str, str, str]] = {}
    for kind, subject, change, grade, path in rows.order_by("happened_on", "id").values_list(
        "kind", "subject", "change", "grade", "unit__path"
    ):
        last[kind, subject] = (change, grade, path)
    return _size_registers((kind, *told) for (kind, _), told in last.items())


def _size_registers(files: Iterable[tuple[str, str, str, str]]) -> Registers:
    counts: dict[tuple[str, str, str], int] = {}
    for kind, change, grade, path in files:
        if change == SiteChange.ENROL:
            for code in path.strip("/").split("/"):
                counts[code, kind, grade] = counts.get((code, kind, grade), 0) + 1
    unit_kinds = dict(Unit.objects.filter(code__in={code for code, _, _ in counts}).values_list("code", "kind"))
    sizes: dict[tuple[str, str, str], list[int]] = {}
    for (code, kind, grade), count in counts.items():
        sizes.setdefault((unit_kinds[code], kind, grade), []).append(count)
    return tuple((key, Fraction(median(found))) for key, found in sorted(sizes.items()))


def find_plan(version: PlanVersion, kept: Collection[str] = KEPT) -> Plan | None:
    """What the version asks: an issued one for good, a draft by what has not been dropped. None without a validity.

    ``kept`` are the decisions that keep a duty of a draft in it.
    """
    if version.state == State.ISSUED:
        return load_plan(version).plan
    duties = [row.duty for row in list_rows(version) if row.decision in kept]
    plan = sketch_plan(make_mapping(version, duties)).plan
    if not version.valid_from or not 0 < plan.valid.days <= LONGEST_DAYS:
        return None
    kinds = load_kinds_at(version.unit.path)
    return replace(plan, duties=tuple(complete_duty(duty, kinds) for duty in plan.duties))


@lru_cache(maxsize=32)
def _weigh_alone(plan: Plan, issuer: str, scales: Scales) -> Burden:
    return weigh_plan(plan, scales.make_costing(), bound_of(scales.roster, issuer).at(scales.day))


Issued = tuple[tuple[str, Plan, str], ...]
"""Each plan with a word for it and the code of its issuer."""


@lru_cache(maxsize=32)
def _weigh_together(plans: Issued, unit: str, scales: Scales, within: Interval) -> Burden:
    return weigh_plans(
        _bind(plans, scales), scales.make_costing(), bound_of(scales.roster, unit).at(scales.day), within
    )


@lru_cache(maxsize=32)
def _find_repeats(plans: Issued, scales: Scales) -> tuple[tuple[Repeat, ...], tuple[KnownFiling, ...]]:
    bounds, costing = _bind(plans, scales), scales.make_costing()
    return list_repeats(bounds, costing), list_known_filings(bounds, costing)


def _bind(plans: Issued, scales: Scales) -> list[Bound]:
    return [Bound(plan, ref, bound_of(scales.roster, issuer).at(scales.day)) for ref, plan, issuer in plans]


def forget_burdens() -> None:
    """Throw away what was reckoned; the next page reckons again. For tests, whose rosters come and go."""
    forget_ground()
    for kept in (_weigh_alone, _weigh_together, _find_repeats):
        kept.cache_clear()


def weigh_version(version: PlanVersion, day: date, kept: Collection[str] = KEPT) -> Burden | None:
    """What the plan costs each kind of unit below its issuer; none while a draft has no validity."""
    plan = find_plan(version, kept)
    return None if plan is None else _weigh_alone(plan, version.unit.code, read_scales(version.unit, day))


@dataclass(frozen=True, slots=True)
class Together:
    """A plan and those in force at the same time: what they cost together, and what they ask twice."""

    burden: Burden
    versions: Mapping[str, PlanVersion]
    repeats: tuple[Repeat, ...]
    known: tuple[KnownFiling, ...]

    @property
    def others(self) -> int:
        return len(self.versions) - 1


def weigh_beside(version: PlanVersion, visible: QuerySet[PlanVersion], day: date) -> Together | None:
    """The plan with the issued plans in sight that bind units of its own while it is in force."""
    plan = find_plan(version)
    if plan is None:
        return None
    others = [one for one in list_beside(version.unit, visible, plan.valid, day) if one.pk != version.pk]
    versions = {str(one.pk): one for one in (version, *others)}
    plans = ((str(version.pk), plan, version.unit.code), *_list_issued(others))
    scales = read_scales(version.unit, day)
    repeats, known = _find_repeats(plans, scales)
    own = tuple(repeat for repeat in repeats if str(version.pk) in (repeat.first.ref, repeat.second.ref))
    known = tuple(item for item in known if item.filing.ref == str(version.pk))
    return Together(_weigh_together(plans, version.unit.code, scales, plan.valid), versions, own, known)


def _list_issued(versions: Iterable[PlanVersion]) -> Issued:
    return tuple((str(one.pk), load_plan(one).plan, one.unit.code) for one in versions)


def list_beside(unit: Unit, visible: QuerySet[PlanVersion], days: Interval, as_of: date) -> Sequence[PlanVersion]:
    """Issued plans in sight that are in force on one of the days and bind the unit or one below it, as the tree stood
    on the day ``as_of``."""
    found = visible.filter(state=State.ISSUED, valid_from__lt=days.closes, valid_to__gte=days.opens)
    codes = list_codes_around(unit, as_of)
    return [one for one in found if one.unit.code in codes]


def weigh_year(unit: Unit, visible: QuerySet[PlanVersion], day: date) -> Burden | None:
    """What all plans in force on the day cost the units at and below ``unit``, a week on average of the year."""
    plans = list_beside(unit, visible, Interval(day, date.fromordinal(day.toordinal() + 1)), day)
    if not plans:
        return None
    year = Interval(date(day.year, 1, 1), date(day.year + 1, 1, 1))
    issued = _list_issued(plans)
    opens, closes = min(p.valid.opens for _, p, _ in issued), max(p.valid.closes for _, p, _ in issued)
    return _weigh_together(issued, unit.code, read_scales(unit, day), year.overlap(Interval(opens, closes)))


@dataclass(frozen=True, slots=True)
class MinuteRow:
    """One kind of record with the minutes in force on the day, and the county's figure behind them, if there is one."""

    kind: RecordKind
    minutes: int
    built_in: int
    own: KindMinutes | None


def list_minute_rows(unit: Unit, day: date) -> list[MinuteRow]:
    kinds = load_kinds_at(unit.path)
    figures = make_minutes(kinds, read_own_minutes(unit))
    rows = list(list_own_minutes(unit))
    found = []
    for kind in kinds.values():
        figure = find_minutes(figures, kind.code, day)
        own = [row for row in rows if figure and _is_behind(row, kind.code, figure)]
        found.append(MinuteRow(kind, figure.minutes if figure else 0, kind.minutes, own[-1] if own else None))
    return found


def _is_behind(row: KindMinutes, kind: str, figure: MinuteFigure) -> bool:
    told = (row.kind, row.minutes, row.valid_from, row.reason)
    return told == (kind, figure.minutes, figure.valid_from, figure.reason)
