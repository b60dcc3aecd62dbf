"""The ground that standings are counted on: the units with their tree, the plans in force, and who bears what.

Kept by a stamp of the roster, which changes whenever the roster does.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from typing import Any

from django.db import connection
from django.db.models import CharField, Count, Exists, F, FloatField, Max, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse

from wuzha.adapters.plan_yaml import read_plan_yaml
from wuzha.core.assessment.assess import complete_duty
from wuzha.core.assessment.obligations import expand_windows
from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import Attribute, Tree, Unit
from wuzha.core.base.workdays import Calendar
from wuzha.core.duty.model import Waiver, Who
from wuzha.core.duty.who import find_bearers
from wuzha.core.ledger.credit import map_nearest
from wuzha.core.ledger.record import RecordKind
from wuzha.core.plan.calendar import bind_calendar, bind_waivers, hangs_on_calendar
from wuzha.core.plan.model import Plan
from wuzha.core.plan.personal import cover_quotes
from wuzha.web.accounts import models as accounts
from wuzha.web.accounts.access import is_below
from wuzha.web.accounts.queries import read_placements
from wuzha.web.campaign.kinds import list_own_kinds_at, merge_kinds
from wuzha.web.campaign.models import DutyWaiver, Outline, PlanVersion, Road, SitePlace
from wuzha.web.campaign.queries.calendar import find_calendar
from wuzha.web.campaign.queries.roads import HOARDING_ATTRIBUTE, load_hoardings, load_unit_roads, roads_of
from wuzha.web.campaign.queries.waivers import load_waivers

# The objects whose changes make the units others, or what they owe: their own, what lies on the ground, days off and
# what was set aside.
STAMPED = ("roster", "unit", "ground", "siteplace", "road", "calendarday", "dutywaiver")
Answer = Callable[[HttpRequest], HttpResponse]
READING = ("GET", "HEAD")
# The stamp that the request at hand has read; none outside a request and in one that may write.
_READ: ContextVar[list[str] | None] = ContextVar("roster_stamp", default=None)
HAS_WAIVERS = Exists(DutyWaiver.objects.filter(version=OuterRef("pk"), withdrawn_at=None))


@dataclass(frozen=True)
class Ground:
    """The units as the pages need them: the tree, and the database's number for each code."""

    tree: Tree
    numbers: Mapping[str, int]

    @cached_property
    def codes(self) -> Mapping[int, str]:
        """The code of every unit by the database's number."""
        return {number: code for code, number in self.numbers.items()}


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """An issued version with what its text says, over the units that it can bind: its issuer's subtree.

    With ``known_by`` it is asked as known then: from the records received by the end of that day.
    """

    version: PlanVersion
    plan: Plan
    known_by: date | None = None


def load_ground() -> Ground:
    """All units, open or closed; built anew only when the roster has changed."""
    return ground_of(stamp_roster())


def load_roads() -> tuple[Road, ...]:
    """All roads of any day, kept as the units are."""
    return roads_of(stamp_roster())


def load_tree() -> Tree:
    return load_ground().tree


@dataclass(frozen=True, slots=True)
class Bearing:
    """Who bears a duty: the units, and for the database's number of every unit whom its records credit."""

    bearers: tuple[Unit, ...]
    nearest: Mapping[int, str]


@lru_cache(maxsize=2)
def ground_of(stamp: str) -> Ground:
    attributes: dict[int, list[Attribute]] = {}
    for unit, name, valid_from, value, source in accounts.Attribute.objects.order_by("valid_from").values_list(
        "unit_id", "name", "valid_from", "value", "source"
    ):
        attributes.setdefault(unit, []).append(Attribute(name, valid_from, Fraction(value), source))
    rows = list(accounts.Unit.objects.order_by("path"))
    roads = load_unit_roads(stamp)
    # The roster's own figure goes first; hoardings that are drawn count where it has none.
    for unit, drawn in load_hoardings().items():
        if not any(item.name == HOARDING_ATTRIBUTE for item in attributes.get(unit, ())):
            attributes.setdefault(unit, []).extend(drawn)
    placements = read_placements()
    units = tuple(
        replace(row.to_core(tuple(attributes.get(row.pk, ())), placements.get(row.pk, ())), roads=roads.get(row.pk, ()))
        for row in rows
    )
    return Ground(Tree(units), {row.code: row.pk for row in rows})


def keep_stamp(answer: Answer) -> Answer:
    """Middleware: a page that only reads asks once for the stamp, and is counted on one ground throughout."""

    def answer_with_stamp(request: HttpRequest) -> HttpResponse:
        if request.method not in READING:
            return answer(request)
        token = _READ.set([])
        try:
            return answer(request)
        finally:
            _READ.reset(token)

    return answer_with_stamp


def stamp_roster() -> str:
    """Changes whenever the roster or the roads do: every change of them leaves an audit entry."""
    read = _READ.get()
    if read is None:
        return _ask_stamp()
    if not read:
        read.append(_ask_stamp())
    return read[0]


def _ask_stamp() -> str:
    with connection.cursor() as cursor:
        cursor.execute(*_write_stamp(connection.vendor))
        return str(sorted(cursor.fetchall()))


@cache
def _write_stamp(vendor: str) -> tuple[str, tuple[Any, ...]]:
    """One question to all tables, with its parameters. Pages ask it several times, and to write it takes longer than to
    answer it."""
    parts = (
        _sum_up("entries", accounts.AuditEntry.objects.filter(object_type__in=STAMPED), Value(0.0)),
        _sum_up("units", accounts.Unit.objects.all(), Value(0.0)),
        _sum_up("attributes", accounts.Attribute.objects.all(), Value(0.0)),
        _sum_up("placements", accounts.Placement.objects.all(), Value(0.0)),
        _sum_up("roads", Road.objects.all(), Cast(Sum("length_m"), FloatField())),
        _sum_up("outlines", Outline.objects.all(), Cast(Sum("area_m2"), FloatField())),
        _sum_up("places", SitePlace.objects.all(), Cast(Sum(F("lon") - F("lat")), FloatField())),
    )
    text, words = parts[0].union(*parts[1:], all=True).query.sql_with_params()
    return text, tuple(words)


def _sum_up(part: str, rows: QuerySet[Any], size: Any) -> QuerySet[Any, Any]:
    """One row for a table: how many there are, which is the last, and how big they are together."""
    named = rows.order_by().annotate(part=Value(part, output_field=CharField())).values("part")
    summed: QuerySet[Any, Any] = named.annotate(n=Count("pk"), last=Max("pk"), size=size)
    return summed.values_list("part", "n", "last", "size")


@lru_cache(maxsize=16)
def bound_of(roster: str, issuer: str) -> Tree:
    """The units that a plan of this issuer can bind, or ever could; on a day it binds :meth:`Tree.at` that day."""
    return ground_of(roster).tree.cut(issuer)


def bearing_of(roster: str, issuer: str, who: Who, day: date) -> Bearing:
    """Who bears the duty on that day, and whom records of that day credit."""
    tree = bound_of(roster, issuer)
    return _bearing_in(roster, issuer, find_bearers(who, tree, day), tree.find_stretch(day))


@lru_cache(maxsize=256)
def _bearing_in(roster: str, issuer: str, codes: frozenset[str], stretch: int) -> Bearing:
    tree, numbers = bound_of(roster, issuer), ground_of(roster).numbers
    there = tree.at(tree.list_stretches()[stretch].opens)
    bearers = tuple(unit for unit in there.units if unit.code in codes)
    return Bearing(bearers, {numbers[code]: bearer for code, bearer in map_nearest(there, bearers).items()})


def list_plans_in_force(unit: accounts.Unit, as_of: date) -> list[PlanInForce]:
    """The issued plans that bind this unit or a unit below it on that day, those of the highest issuer first.

    After them those that have ended while a last week, month or semester of theirs still runs.
    """
    return [plan for plan in list_begun_plans(unit, as_of) if as_of < find_last_close(plan.plan)]


def find_last_close(plan: Plan) -> date:
    """The day from which nothing of the plan is owed any more: its end, or that of its last window."""
    ends = [replace(duty, valid=Interval(duty.valid.last_day, duty.valid.closes)) for duty in plan.duties]
    return max((plan.valid.closes, *(expand_windows(duty, plan.valid)[-1].closes for duty in ends)))


def has_issued_plan(unit: accounts.Unit) -> bool:
    """Whether the unit or one above it has ever issued a plan, begun or not, ended or not."""
    codes = unit.path.strip("/").split("/")
    return PlanVersion.objects.filter(unit__code__in=codes, state=PlanVersion.State.ISSUED).exists()


def list_begun_plans(unit: accounts.Unit, as_of: date) -> list[PlanInForce]:
    """Those in force, and after them those that have ended by that day, the latest first: how they came out."""
    reaches = _reaches(unit, as_of)
    found = PlanVersion.objects.filter(reaches, state=PlanVersion.State.ISSUED, valid_from__lte=as_of)
    versions = found.select_related("unit").order_by("unit__path", "-issued_at").annotate(is_waived=HAS_WAIVERS)
    ask_stamp = cache(stamp_roster)
    plans = [_settle(version, version.is_waived, ask_stamp) for version in versions]
    ended = [plan for plan in plans if as_of not in plan.plan.valid]
    ended.sort(key=lambda plan: plan.plan.valid.closes, reverse=True)
    return [plan for plan in plans if as_of in plan.plan.valid] + ended


def _reaches(unit: accounts.Unit, as_of: date) -> Q:
    """The plans issued by the unit, by one above it or by one below it, as the tree stood on that day."""
    tree = load_tree()
    if not tree.change_days:
        return Q(unit__code__in=unit.path.strip("/").split("/")) | is_below(unit.path, "unit__path")
    issuers = PlanVersion.objects.filter(state=PlanVersion.State.ISSUED).order_by()
    known = frozenset(issuers.values_list("unit__code", flat=True).distinct())
    there = tree.at(as_of)
    near = {one.code for way in (there.walk_up, there.walk_down) for one in way(unit.code)}
    return Q(unit__code__in=known & near)


def list_codes_above(unit: accounts.Unit, as_of: date) -> list[str]:
    """The unit itself and those above it on that day, the nearest first."""
    return [one.code for one in load_tree().at(as_of).walk_up(unit.code)]


def load_plan(version: PlanVersion) -> PlanInForce:
    """The plan of an issued version, by the calendar of its issuer and with what was set aside.

    Raises ValueError for a draft, whose text may not be whole yet.
    """
    is_waived = DutyWaiver.objects.filter(version=version.pk, withdrawn_at=None).exists()
    return _settle(version, is_waived, stamp_roster)


def _settle(version: PlanVersion, is_waived: bool, ask_stamp: Callable[[], str]) -> PlanInForce:
    """Most plans hang on no calendar and have no waiver, and then nothing more is asked of the database."""
    plan = _read_plan(version.text, list_own_kinds_at(version.unit.path))
    if plan is None or version.state != PlanVersion.State.ISSUED:
        raise ValueError(f"plan version {version.pk} is not issued")
    if hangs_on_calendar(plan):
        plan = bind_calendar(plan, calendar_of(ask_stamp(), version.unit.path))
    if is_waived:
        plan = bind_waivers(plan, waivers_of(ask_stamp()).get(version.pk, ()))
    return PlanInForce(version, plan)


@lru_cache(maxsize=64)
def calendar_of(stamp: str, path: str) -> Calendar:
    return find_calendar(path)


@lru_cache(maxsize=2)
def waivers_of(stamp: str) -> Mapping[int, tuple[Waiver, ...]]:
    return load_waivers(ground_of(stamp).tree)


@lru_cache(maxsize=64)
def _read_plan(text: str, own: tuple[RecordKind, ...]) -> Plan | None:
    """The county's own kinds are part of the question: what a duty counts may hang on them, and whether it is fed."""
    plan, _ = read_plan_yaml(text)
    if plan is None:
        return None
    kinds = merge_kinds(own)
    return cover_quotes(replace(plan, duties=tuple(complete_duty(duty, kinds) for duty in plan.duties)))


def load_bound_tree(in_force: PlanInForce) -> Tree:
    """The units that the plan binds, or ever bound, with their history; :meth:`Tree.at` gives those of a day."""
    return bound_of(stamp_roster(), in_force.version.unit.code)


def forget_ground() -> None:
    """Throw away what is kept; the next question loads it anew."""
    for kept in (roads_of, ground_of, bound_of, _bearing_in, calendar_of, waivers_of, _read_plan):
        kept.cache_clear()
