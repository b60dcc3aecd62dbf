"""The ground of the sample county: outlines of towns and villages, roads, hoardings, and where its sites stand.

Everything is invented; only the degrees are such as there are (CGCS2000). Two towns have no lines yet and are known by
the metres of their roster alone; one town's roads turned out longer than its roster says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import cos, sin, tau
from random import Random
from types import MappingProxyType

import shapely

from wuzha.adapters.roads.model import MAIN_ROAD, SIDE_ROAD, Shape, Sort
from wuzha.adapters.sample.county import ROOT, SEED
from wuzha.adapters.sample.name import TOWNS
from wuzha.adapters.sample.plane import Line, Metres, add_up, find_at, lay, measure, wander, wind
from wuzha.core.base.unit import Tree, Unit
from wuzha.core.ledger.record import Record

COLUMNS, ROWS, WIDE_M, TALL_M = 4, 3, 8_400, 7_600
# Which field of the grid is whose; the county seat and its sister lie in the middle.
FIELDS = (5, 6, 9, 1, 2, 4, 7, 10, 8, 0, 3, 11)
BORDER_TURNS, ROAD_TURNS = 4, 5
WITHOUT_LINES = frozenset({"SQ09", "SQ11"})
WITH_VILLAGE_ROADS = frozenset({"SQ02", "SQ03", "SQ05"})
LONGER_M: Mapping[str, int] = MappingProxyType({"SQ03": 430})
"""How much longer the roads of a town are on the ground than in its roster."""

VILLAGES = ("village", "community")
STREETS = ("正街", "东路", "北路")
SHARES = (0.5, 0.3, 0.2)
WITH_HOARDINGS = frozenset({"SQ01", "SQ03"})
HOARDINGS = ("商住楼工地", "学校扩建工地", "医院新院区工地", "安置房工地")
MISTYPED: Mapping[str, Metres] = MappingProxyType({"SQ0301-board-2": (0.0, -3_330.0)})
"""A site whose latitude somebody typed three hundredths of a degree too low."""

NEW_ROAD = "葭浦新区大道"


@dataclass(frozen=True, slots=True)
class Land:
    """A town's land in metres: its ring, its middle, its main roads by name, and of its villages by their codes the
    names, the rings, and the roads that lead there."""

    town: Unit
    ring: Line
    centre: Metres
    roads: Mapping[str, Line]
    names: Mapping[str, str]
    cells: Mapping[str, Line]
    lanes: Mapping[str, Line]


@dataclass(frozen=True, slots=True)
class SampleGround:
    """The county's land by the codes of the towns, and its own ring."""

    ring: Line
    lands: Mapping[str, Land]

    def list_shapes(self) -> list[Shape]:
        """Outlines, roads and hoardings as a file of roads would bring them."""
        shapes = [_make("unit", "石桥县", self.ring, ROOT)]
        for land in self.lands.values():
            shapes.extend(_list_land(land))
        return shapes

    def list_places(self, records: Iterable[Record]) -> list[Shape]:
        """Where the numbered sites of these records stand, as far as anybody has said so."""
        put_up = {(record.unit, record.subject): record for record in records if record.change == "install"}
        found = ((record, self._find_place(record)) for record in put_up.values())
        return [_make("site", record.subject, (place,), record.unit) for record, place in found if place is not None]

    def _find_place(self, record: Record) -> Metres | None:
        land = self.lands.get(record.unit[:4])
        rng = Random(f"{SEED}/place/{record.subject}")
        if land is None or rng.random() < 0.08:
            return None
        if record.at_m is not None:
            return _stand_by_road(land, record.at_m, rng)
        if record.unit in land.lanes:
            return add_up(_stand_in_village(land, record.unit, rng), MISTYPED.get(record.subject, (0.0, 0.0)))
        if "-hoarding-" in record.subject:
            return _find_hoarding(land, int(record.subject[-1]))
        return None


def make_ground(tree: Tree) -> SampleGround:
    """The ground of the county, the same on every day and in every run: each village lies where it was first listed."""
    tree = tree.at(date.min)
    towns = [unit for unit in tree.units if unit.kind == "town"]
    lands = {town.code: _make_land(tree, town, field) for town, field in zip(towns, FIELDS, strict=True)}
    return SampleGround(_ring_county(), lands)


def make_new_road(ground: SampleGround) -> Shape:
    """A road that was opened lately and that nobody has brought in yet."""
    land = ground.lands["SQ03"]
    line = wander(Random(f"{SEED}/new"), add_up(land.centre, (700.0, -400.0)), 0.4, 1_250)
    return _make("road", NEW_ROAD, line, land.town.code)


# The land


def _make_land(tree: Tree, town: Unit, field: int) -> Land:
    rng = Random(f"{SEED}/land/{town.code}")
    ring = _ring_field(field)
    centre = _find_middle(ring)
    names = {unit.code: unit.name for unit in tree.list_children(town.code) if unit.kind in VILLAGES}
    villages = _settle(rng, ring, centre, list(names))
    lanes = dict(_lay_lanes(centre, villages)) if town.code in WITH_VILLAGE_ROADS else {}
    roads = {} if town.code in WITHOUT_LINES else dict(_lay_streets(rng, town, centre))
    return Land(town, ring, centre, roads, names, _share_out(ring, villages), lanes)


def _find_corner(column: int, row: int) -> Metres:
    rng = Random(f"{SEED}/corner/{column}/{row}")
    moved = rng.uniform(-1_100, 1_100), rng.uniform(-1_100, 1_100)
    return add_up(((column - COLUMNS / 2) * WIDE_M, (row - ROWS / 2) * TALL_M), moved)


def _find_border(start: tuple[int, int], end: tuple[int, int]) -> Line:
    """The border between two corners, from the one to the other; the same line from either side."""
    first, last = sorted((start, end))
    line = wind(Random(f"{SEED}/border/{first}/{last}"), _find_corner(*first), _find_corner(*last), BORDER_TURNS)
    return line if first == start else line[::-1]


def _join(corners: Sequence[tuple[int, int]]) -> Line:
    around = zip(corners, (*corners[1:], corners[0]), strict=True)
    points = [point for start, end in around for point in _find_border(start, end)[:-1]]
    return (*points, points[0])


def _ring_field(field: int) -> Line:
    row, column = divmod(field, COLUMNS)
    return _join(((column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)))


def _ring_county() -> Line:
    south = [(column, 0) for column in range(COLUMNS)]
    east = [(COLUMNS, row) for row in range(ROWS)]
    north = [(column, ROWS) for column in range(COLUMNS, 0, -1)]
    west = [(0, row) for row in range(ROWS, 0, -1)]
    return _join((*south, *east, *north, *west))


def _find_middle(ring: Line) -> Metres:
    middle = shapely.Polygon(ring).centroid
    return float(middle.x), float(middle.y)


def _settle(rng: Random, ring: Line, centre: Metres, codes: Sequence[str]) -> dict[str, Metres]:
    """The villages away from the border and from each other: of some places the one farthest from all before."""
    inside = shapely.Polygon(ring).buffer(-450)
    shapely.prepare(inside)
    west, south, east, north = inside.bounds
    taken = [centre]
    for _ in codes:
        drawn = ((rng.uniform(west, east), rng.uniform(south, north)) for _ in range(60))
        free = [place for place in drawn if inside.contains(shapely.Point(place))]
        taken.append(max(free, key=lambda place: min(measure(place, other) for other in taken)))
    return dict(zip(codes, taken[1:], strict=True))


def _share_out(ring: Line, villages: Mapping[str, Metres]) -> dict[str, Line]:
    """Each village has the land that is nearest to it."""
    town = shapely.Polygon(ring)
    cells = shapely.voronoi_polygons(shapely.MultiPoint(list(villages.values())), extend_to=town)
    found = {}
    for code, place in villages.items():
        cell = next(cell for cell in cells.geoms if cell.contains(shapely.Point(place)))
        whole = shapely.get_parts(cell.intersection(town))
        largest = max((part for part in whole if part.geom_type == "Polygon"), key=lambda part: float(part.area))
        found[code] = tuple((float(x), float(y)) for x, y in largest.exterior.coords)
    return found


# What lies on it


def _lay_streets(rng: Random, town: Unit, centre: Metres) -> Iterator[tuple[str, Line]]:
    """As long together as the roster says, or as much longer as was found on the ground."""
    told = town.find_attribute("main_road_m", date.max)
    whole_m = (int(told.value) if told else 0) + LONGER_M.get(town.code, 0)
    heading, short = rng.uniform(0, tau), TOWNS[int(town.code[2:]) - 1]
    main_m = whole_m * SHARES[0]
    start = add_up(centre, (-cos(heading) * main_m / 2, -sin(heading) * main_m / 2))
    main = wander(rng, start, heading, main_m)
    yield short + STREETS[0], main
    for name, share, at, turn in ((STREETS[1], SHARES[1], 0.38, tau / 4), (STREETS[2], SHARES[2], 0.66, -tau / 4.6)):
        line = wander(rng, find_at(main, at * main_m), heading + turn, whole_m * share)
        yield short + name, line


def _lay_lanes(centre: Metres, villages: Mapping[str, Metres]) -> Iterator[tuple[str, Line]]:
    """Each village is joined to the nearest one that is joined already, beginning in the middle of the town."""
    joined, left = [centre], dict(villages)
    while left:
        pairs = ((measure(place, other), code, other) for code, place in left.items() for other in joined)
        _, code, other = min(pairs)
        yield code, wind(Random(f"{SEED}/lane/{code}"), other, left[code], ROAD_TURNS)
        joined.append(left.pop(code))


def _stand_by_road(land: Land, at_m: int, rng: Random) -> Metres | None:
    """Beside the town's roads, counted on from one to the next."""
    beside = rng.uniform(-9, 9), rng.uniform(-9, 9)
    left_m = float(at_m)
    for line in land.roads.values():
        length_m = sum(measure(a, b) for a, b in pairwise(line))
        if left_m <= length_m:
            return add_up(find_at(line, left_m), beside)
        left_m -= length_m
    return None


def _stand_in_village(land: Land, code: str, rng: Random) -> Metres:
    """Along the last stretch of the village's road, within its houses."""
    back = land.lanes[code][::-1]
    return add_up(find_at(back, rng.uniform(0, 420)), (rng.uniform(-60, 60), rng.uniform(-60, 60)))


def _find_hoarding(land: Land, number: int) -> Metres | None:
    if land.town.code not in WITH_HOARDINGS:
        return None
    turn = tau * number / len(HOARDINGS) + 0.5
    return add_up(land.centre, (520 * cos(turn), 520 * sin(turn)))


# As shapes


def _list_land(land: Land) -> Iterator[Shape]:
    yield _make("unit", land.town.name, land.ring, land.town.code)
    for code, cell in land.cells.items():
        yield _make("unit", land.names[code], cell, code)
    for name, line in land.roads.items():
        yield _make("road", name, line, land.town.code)
    for code, line in land.lanes.items():
        yield _make("road", name_lane(land.names[code]), line, code, road=SIDE_ROAD)
    yield from _list_hoardings(land)


def name_lane(village: str) -> str:
    return village + "道" if village.endswith("村") else village.removesuffix("社区") + "路"


def _list_hoardings(land: Land) -> Iterator[Shape]:
    """The building sites, which together are as large as the roster says."""
    told = land.town.find_attribute("hoarding_m2", date.max)
    if told is None or land.town.code not in WITH_HOARDINGS:
        return
    for number, name in enumerate(HOARDINGS, start=1):
        x, y = _find_hoarding(land, number) or land.centre
        ring = tuple((x + dx, y + dy) for dx, dy in ((-45, -30), (45, -30), (45, 30), (-45, 30), (-45, -30)))
        yield _make("hoarding", name, ring, land.town.code, area_m2=told.value / len(HOARDINGS))


def _make(
    sort: Sort, name: str, line: Line, unit: str, *, road: str = MAIN_ROAD, area_m2: Fraction | None = None
) -> Shape:
    subject = name if sort == "site" else ""
    return Shape(sort, 0, name, lay(line), unit, subject, area_m2, road if sort == "road" else MAIN_ROAD)
