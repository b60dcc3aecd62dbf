"""Records and sites whose known place lies outside the area of their unit, for those who look again. Reads only.

The area is that of the unit itself or, where nobody has drawn it, of the nearest unit above: what lies outside a town
lies outside its villages too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from wuzha.adapters.roads.stray import list_strays
from wuzha.core.ground.point import Point
from wuzha.core.ledger import reason as core
from wuzha.core.ledger.position import POSITION, read_position
from wuzha.core.ledger.reason import Placed, Reason, Side, Unusual
from wuzha.core.ledger.sites import list_sites
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.models import Look, Outline, Record, SitePlace
from wuzha.web.campaign.queries.ground import load_ground
from wuzha.web.campaign.queries.roads import list_in_force
from wuzha.web.campaign.queries.tallies import list_rows

Rings = Mapping[str, Sequence[Sequence[Point]]]
# A site by its unit's number in the database and its own.
Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Found:
    """The reasons, and the days on which their records happened."""

    reasons: Sequence[Reason]
    days: Mapping[UUID, date]


@dataclass(frozen=True, slots=True)
class Area:
    """What a place is held against: the unit's name and its outlines, and the place."""

    name: str
    rings: Sequence[Sequence[Point]]
    place: Point


def find_outside(units: QuerySet[Unit], now: datetime, since: datetime) -> Found:
    """Records that came since then with their phone's position, and sites wherever they are said to stand today."""
    rings = _load_rings(timezone.localdate(now))
    if not rings:
        return Found((), {})
    areas = _map_areas(rings)
    recorded, days, told = _find_recorded(units, since, areas, rings)
    stood, more = _find_sites(units, areas, rings, told)
    return Found([*recorded, *stood], days | more)


def _load_rings(on: date) -> Rings:
    """The outlines of units in force on the day, by the unit's code."""
    found: dict[str, list[Sequence[Point]]] = {}
    for outline in list_in_force(Outline.objects.filter(sort=Outline.Sort.UNIT), on).select_related("unit"):
        found.setdefault(outline.unit.code, []).append(outline.points)
    return found


def _map_areas(rings: Rings) -> Mapping[int, str]:
    """For the database's number of each unit whose outlines say where it may be; none for one without any above."""
    ground = load_ground()
    ways = ((number, ground.tree.walk_up(code)) for code, number in ground.numbers.items())
    nearest = ((number, next((unit.code for unit in way if unit.code in rings), "")) for number, way in ways)
    return {number: area for number, area in nearest if area}


def _find_recorded(
    units: QuerySet[Unit], since: datetime, areas: Mapping[int, str], rings: Rings
) -> tuple[list[Reason], dict[UUID, date], set[Key]]:
    recent = Record.objects.filter(unit__in=units, received_at__gte=since, withdrawn=False, replaced_by=None)
    told = recent.filter(extra__has_key=POSITION).order_by()
    rows = told.values_list("pk", "unit_id", "subject", "happened_on", "extra")
    placed, days, keys = [], {}, {}
    for pk, unit, subject, happened_on, extra in rows.iterator():
        position = read_position(str(extra[POSITION]))
        if position is not None and unit in areas:
            placed.append(Placed(pk, areas[unit], position.point, position.accuracy_m or 0))
            days[pk], keys[pk] = happened_on, (unit, subject)
    reasons = core.find_outside(_keep_strays(placed, rings), rings)
    chosen = {reason.first.record for reason in reasons}
    return reasons, {pk: days[pk] for pk in chosen}, {keys[pk] for pk in chosen}


def _keep_strays(placed: Sequence[Placed], rings: Rings) -> list[Placed]:
    """Those that may lie outside: nearly all are within, and that is found for many at once."""
    groups: dict[str, list[Placed]] = {}
    for one in placed:
        groups.setdefault(one.area, []).append(one)
    return [
        group[number]
        for area, group in groups.items()
        for number in list_strays(rings[area], [one.place for one in group])
    ]


def _find_sites(
    units: QuerySet[Unit], areas: Mapping[int, str], rings: Rings, told: set[Key]
) -> tuple[list[Reason], dict[UUID, date]]:
    """Sites that stand outside, by the record that put them up; ``told`` are there already with a phone's position."""
    rows = SitePlace.objects.filter(unit__in=units).order_by().values_list("pk", "unit_id", "subject", "lon", "lat")
    kept = [row for row in rows if row[1] in areas and (row[1], row[2]) not in told]
    # Places have numbers and no ids of the ledger; they get them once it is known which few are wanted.
    places = [Placed(UUID(int=pk), areas[unit], Point(lon, lat)) for pk, unit, _, lon, lat in kept]
    strays = core.find_outside(_keep_strays(places, rings), rings)
    wanted = {reason.first.record.int: reason for reason in strays}
    return _name_records({(row[1], row[2]): wanted[row[0]] for row in kept if row[0] in wanted})


def _name_records(strays: Mapping[Key, Reason]) -> tuple[list[Reason], dict[UUID, date]]:
    codes = {number: str(number) for number, _ in strays}
    asked = Q(unit__in=list(codes), subject__in=[subject for _, subject in strays])
    rows = list_rows(asked & Q(replaced_by__isnull=True, withdrawn=False) & ~Q(change=""), codes) if strays else []
    reasons, days = [], {}
    for site in list_sites(rows):
        reason = strays.get((int(site.unit), site.subject))
        if reason is not None:
            reasons.append(replace(reason, first=Side(site.put_up.id)))
            days[site.put_up.id] = site.put_up.happened_on
    return reasons, days


def load_areas(reasons: Iterable[Reason], on: date) -> Mapping[str, Area]:
    """By the key of each reason about a place: what it is held against."""
    outside = [reason for reason in reasons if reason.unusual is Unusual.OUTSIDE]
    outlines = Outline.objects.filter(unit__code__in={reason.area for reason in outside}, sort=Outline.Sort.UNIT)
    found: dict[str, tuple[str, list[Sequence[Point]]]] = {}
    for outline in list_in_force(outlines, on).select_related("unit"):
        found.setdefault(outline.unit.code, (outline.unit.name, []))[1].append(outline.points)
    return {
        reason.key: Area(*found[reason.area], reason.place)
        for reason in outside
        if reason.place is not None and reason.area in found
    }


def list_moved(looks: Sequence[Look]) -> set[int]:
    """Those about a place whose site has been said to stand elsewhere since."""
    about = [look for look in looks if look.reason.startswith(Unusual.OUTSIDE)]
    places = {
        (place.unit_id, place.subject): place.placed_at
        for place in SitePlace.objects.filter(subject__in={look.record.subject for look in about})
    }
    return {look.pk for look in about if _is_later(places.get((look.record.unit_id, look.record.subject)), look)}


def _is_later(placed_at: datetime | None, look: Look) -> bool:
    return placed_at is not None and placed_at > look.looked_at
