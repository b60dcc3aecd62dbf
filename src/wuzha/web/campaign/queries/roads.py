"""The units' roads with what stands on them, and what a file of roads would change. Reads only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import TypeVar

from django.db.models import QuerySet

from wuzha.adapters.roads.audit import list_courses, locate_all, make_lines, make_places
from wuzha.adapters.roads.model import Shape
from wuzha.adapters.roads.read import read_shapes
from wuzha.core.base import road as core
from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.core.base.unit import LATEST, Attribute
from wuzha.core.ground.line import measure_line
from wuzha.core.ground.point import Point
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.models import GroundUpload, Outline, Road, SitePlace
from wuzha.web.campaign.models.roads import read_points

# How far beside the middle of a road a site may stand to count on it: a wide main road with what hangs along it, and
# what a phone errs.
REACH_M = 50.0
HOARDING_ATTRIBUTE, DRAWN = "hoarding_m2", "道路图上的围挡"
T = TypeVar("T", Road, Outline)
STATES = ("new", "changed", "same")
# Sort, unit and name: what is one thing on the ground.
Key = tuple[str, int, str]


@lru_cache(maxsize=2)
def roads_of(_roster: str) -> tuple[Road, ...]:
    """All roads of any day with their courses, measured all at once; kept as long as the stamp stays the same."""
    roads = tuple(Road.objects.select_related("unit"))
    if roads:
        lines = make_lines([read_points(road.line) for road in roads])
        for road, course in zip(roads, list_courses(lines), strict=True):
            road.course = course
    return roads


def load_unit_roads(roster: str) -> Mapping[int, tuple[core.Road, ...]]:
    """By the database's number of the unit: its roads, of any day, each with the sites at and below the unit on it."""
    roads = roads_of(roster)
    marks = _mark_sites(roads)
    found: dict[int, list[core.Road]] = {}
    for number, road in enumerate(roads):
        found.setdefault(road.unit_id, []).append(road.to_core(tuple(sorted(marks.get(number, {}).items()))))
    return {unit: tuple(told) for unit, told in found.items()}


def load_hoardings() -> Mapping[int, tuple[Attribute, ...]]:
    """By the database's number of the unit: how many square metres its drawn hoardings have together, day by day."""
    drawn: dict[int, list[Outline]] = {}
    for outline in Outline.objects.filter(sort=Outline.Sort.HOARDING):
        drawn.setdefault(outline.unit_id, []).append(outline)
    return {unit: tuple(_sum_hoardings(outlines)) for unit, outlines in drawn.items()}


def _sum_hoardings(outlines: Sequence[Outline]) -> Iterator[Attribute]:
    """From each day on which one comes or goes, the sum of those in place."""
    days = sorted({day for one in outlines for day in (one.opens_on, one.closes_on)} - {LATEST})
    for day in days:
        areas = (Fraction(one.area_m2 or 0) for one in outlines if one.opens_on <= day < one.closes_on)
        yield Attribute(HOARDING_ATTRIBUTE, day, sum(areas, Fraction(0)), DRAWN)


def _mark_sites(roads: Sequence[Road]) -> Mapping[int, dict[str, Fraction]]:
    """By the number of the road: the sites on it. A site is looked for on the roads of its unit and of those above."""
    places = _list_by_owner({road.unit_id for road in roads}) if roads else []
    if not places:
        return {}
    owners, points = [owner for owner, _, _ in places], [point for _, _, point in places]
    lines = make_lines([road.points for road in roads], [road.unit_id for road in roads])
    spots = locate_all(lines, make_places(points, owners), REACH_M)
    marks: dict[int, dict[str, Fraction]] = {}
    for site, line, at_m in zip(spots.site.tolist(), spots.line.tolist(), spots.at_m.tolist(), strict=True):
        end = Fraction(roads[line].length_m)
        marks.setdefault(line, {})[places[site][1]] = min(end, Fraction(round(at_m * 100), 100))
    return marks


def _list_by_owner(owners: set[int]) -> list[tuple[int, str, Point]]:
    """Each place as often as there are units with roads at and above its own: owner, the site's number, place."""
    numbers = dict(Unit.objects.filter(pk__in=owners).values_list("code", "pk"))
    rows = SitePlace.objects.order_by("unit__path", "subject").values_list("unit__path", "subject", "lon", "lat")
    return [
        (numbers[code], subject, Point(lon, lat))
        for path, subject, lon, lat in rows
        for code in path.strip("/").split("/")
        if code in numbers
    ]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing of a file against what is here: ``new``, ``changed`` or ``same``."""

    shape: Shape
    unit: Unit
    length_m: float
    state: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking the file in would do. With an error among the problems nothing is taken in."""

    changes: Sequence[Change]
    problems: Sequence[Problem]

    def count(self, state: str) -> int:
        return sum(change.state == state for change in self.changes)

    @property
    def new(self) -> int:
        return self.count("new")

    @property
    def changed(self) -> int:
        return self.count("changed")

    @property
    def same(self) -> int:
        return self.count("same")


def list_open_roads(unit: Unit) -> QuerySet[Road]:
    """The unit's own roads that no day has ended yet."""
    return list_open(Road.objects.filter(unit=unit))


def find_place(unit: Unit, subject: str) -> SitePlace | None:
    return SitePlace.objects.filter(unit=unit, subject=subject).first()


def list_shapes_round(unit: Unit, place: SitePlace | None) -> list[Shape]:
    """The unit's outline and roads, and the place of a site if it is known, for a small map."""
    rings = list_open(Outline.objects.filter(unit=unit, sort=Outline.Sort.UNIT))
    shapes = [Shape("unit", 0, ring.name, ring.points) for ring in rings]
    shapes += [Shape("road", 0, road.name, road.points, road=road.kind) for road in list_open_roads(unit)]
    return shapes if place is None else [*shapes, Shape("site", 0, place.subject, (place.point,))]


def find_held_ground(user: User) -> GroundUpload | None:
    return GroundUpload.objects.select_related("unit").filter(uploaded_by=user).first()


def preview_ground(upload: GroundUpload, managed: QuerySet[Unit]) -> Preview:
    """The file against the roads, outlines and places that are here, for the units that the person manages."""
    shapes, problems = read_shapes(upload.name, bytes(upload.content), is_shifted=upload.is_shifted)
    codes = {shape.unit for shape in shapes if shape.unit}
    units = {unit.code: unit for unit in managed.filter(code__in=codes)} | {"": upload.unit}
    unknown = [shape for shape in shapes if shape.unit not in units]
    known = [shape for shape in shapes if shape.unit in units]
    told = [_tell_unknown(upload.name, shape) for shape in unknown]
    kept = _index_kept({unit.pk for unit in units.values()})
    changes = [_compare(shape, units[shape.unit], kept) for shape in known]
    found = [*problems, *told, *_list_twice(upload.name, changes)]
    # What would change comes first, and mistakes in the order of the file.
    changes.sort(key=lambda change: STATES.index(change.state))
    return Preview(changes, sorted(found, key=_find_number))


def _find_number(problem: Problem) -> int:
    """The shape of the file that the problem is about; 0 where it is about the whole file."""
    return int(dict(problem.params).get("number", 0))


def _list_twice(document: str, changes: Iterable[Change]) -> Iterator[Problem]:
    """Two things of one name at one unit: the second would silently take the place of the first."""
    met: set[Key] = set()
    for change in changes:
        shape = change.shape
        key = (shape.sort, change.unit.pk, shape.name)
        if key in met:
            yield make_problem("roads.name-twice", Source(document=document), number=shape.number, name=shape.name)
        met.add(key)


def _tell_unknown(document: str, shape: Shape) -> Problem:
    return make_problem("roads.unit-unknown", Source(document=document), number=shape.number, unit=shape.unit)


def _index_kept(units: Iterable[int]) -> Mapping[Key, object]:
    """What is in force now, by sort, unit and name, in the form in which it is kept."""
    found: dict[Key, object] = {}
    for road in list_open(Road.objects.filter(unit__in=units)):
        found["road", road.unit_id, road.name] = (road.line, road.kind)
    for outline in list_open(Outline.objects.filter(unit__in=units)):
        area = None if outline.area_m2 is None else Fraction(outline.area_m2)
        found[outline.sort, outline.unit_id, outline.name] = (outline.ring, area)
    for place in SitePlace.objects.filter(unit__in=units):
        found["site", place.unit_id, place.subject] = [[place.lon, place.lat]]
    return found


def list_open(rows: QuerySet[T]) -> QuerySet[T]:
    """Those that no later line has closed."""
    return rows.filter(closes_on=LATEST)


def list_in_force(rows: QuerySet[T], on: date) -> QuerySet[T]:
    """Those that hold on the day."""
    return rows.filter(opens_on__lte=on, closes_on__gt=on)


def write_points(shape: Shape) -> list[list[float]]:
    """The shape's places in the form in which they are kept."""
    return [[point.lon, point.lat] for point in shape.points]


def _compare(shape: Shape, unit: Unit, kept: Mapping[Key, object]) -> Change:
    old = kept.get((shape.sort, unit.pk, shape.name))
    state = "new" if old is None else "same" if old == _tell_apart(shape) else "changed"
    return Change(shape, unit, measure_line(shape.points) if shape.sort == "road" else 0.0, state)


def _tell_apart(shape: Shape) -> object:
    """What makes the shape another one than that of the same name, as :func:`_index_kept` has it."""
    points = write_points(shape)
    match shape.sort:
        case "road":
            return points, shape.road
        case "site":
            return points
        case _:
            return points, shape.area_m2
