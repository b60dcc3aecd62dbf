"""A map of roads and sites as the parts of one SVG, without tiles, scripts or pictures from elsewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, log10

from wuzha.adapters.roads.model import MAIN_ROAD, Shape
from wuzha.core.ground.point import Point, scale_degrees
from wuzha.web.campaign import wording
from wuzha.web.campaign.models import Road
from wuzha.web.campaign.queries.sites import SiteRow, SitesPage

# Units of the drawing, not pixels: it fills the width that the page gives it.
WIDTH, TALLEST, FLATTEST, MARGIN = 400.0, 440.0, 140.0, 18.0
# Steps shorter than this cannot be seen and are not written.
FINEST = 0.4
MOST_SITES, FEW_SITES, MOST_NAMES = 1500, 100, 14
MOST_GAPS = MOST_NEW = 1000
# How much of a map's width roads may fill at most for a look at them from nearer by to show more.
NEARER = 0.6
# A map of one place still shows this much ground.
LEAST_M = 200.0
RINGS = ("unit", "hoarding")


@dataclass(frozen=True, slots=True)
class Spot:
    """A sign on the map, with the words that are said of it."""

    x: float
    y: float
    words: str
    look: str = ""

    @property
    def at(self) -> str:
        """Both as SVG takes them."""
        return f"{self.x:g} {self.y:g}"


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line or ring as the ``d`` of a path."""

    d: str
    words: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything on the map, from the bottom up. ``left_out`` sites are in the list but not on it; ``may_near`` says
    that a look from nearer by would show more of the roads."""

    width: float
    height: float
    outlines: Sequence[Stroke]
    roads: Sequence[Stroke]
    gaps: Sequence[Stroke]
    sites: Sequence[Spot]
    new: Sequence[Spot]
    names: Sequence[Spot]
    scale_m: int
    scale_width: float
    left_out: int
    may_near: bool = False

    @property
    def dot(self) -> float:
        """Half the width of a site that is counted; smaller where many lie close together."""
        return 3.2 if sum(site.look == "standing" for site in self.sites) <= FEW_SITES else 2.0

    @property
    def small_dot(self) -> float:
        """Half the width of any other site."""
        return 2.4 if len(self.sites) <= FEW_SITES else 1.7

    @property
    def has_main(self) -> bool:
        return any(not road.look for road in self.roads)

    @property
    def has_side(self) -> bool:
        return any(road.look for road in self.roads)

    @property
    def has_spaced(self) -> bool:
        return self._has("standing")

    @property
    def has_other(self) -> bool:
        return self._has("other")

    @property
    def has_damaged(self) -> bool:
        return self._has("damaged")

    def _has(self, look: str) -> bool:
        return any(site.look == look for site in self.sites)


@dataclass(frozen=True, slots=True)
class View:
    """How places become points of the drawing: north is up, and a metre is as long both ways."""

    origin: Point
    per_lon: float
    per_lat: float
    dx: float
    dy: float
    height: float
    metre: float

    def put(self, point: Point) -> tuple[float, float]:
        x = self.dx + (point.lon - self.origin.lon) * self.per_lon
        y = self.height - self.dy - (point.lat - self.origin.lat) * self.per_lat
        return round(x, 1), round(y, 1)

    def shows(self, point: Point) -> bool:
        x, y = self.put(point)
        return 0 <= x <= WIDTH and 0 <= y <= self.height


def draw_map(page: SitesPage, *, is_near: bool = False) -> Drawing | None:
    """The map of the page, or of its main roads alone; none where no line, outline or place is known."""
    whole = _list_points(page)
    if not whole:
        return None
    main = [point for road in page.roads if road.kind == page.duty.along for point in road.points]
    near = _fit(main) if main else None
    far = _fit(whole)
    may_near = near is not None and near.metre * NEARER > far.metre
    view = near if near and is_near else far
    placed = [row for row in page.sites if row.point is not None and view.shows(row.point)]
    # What is counted along the roads comes last, so that nothing lies over it.
    shown = sorted(placed[:MOST_SITES], key=lambda row: row.is_spaced)
    scale_m = _choose_scale(view)
    return Drawing(
        width=WIDTH,
        height=view.height,
        outlines=[Stroke(_write_path(view, one.points) + "Z", one.name, one.sort) for one in page.drawn],
        roads=[_draw_road(view, road) for road in sorted(page.roads, key=lambda road: road.kind == MAIN_ROAD)],
        gaps=list(_draw_gaps(view, page)),
        sites=[_draw_site(view, row.point, row) for row in shown if row.point is not None],
        new=_draw_new(view, page),
        names=_draw_names(view, page, is_far=may_near and not is_near),
        scale_m=scale_m,
        scale_width=round(scale_m * view.metre, 1),
        left_out=max(0, len(placed) - MOST_SITES),
        may_near=may_near,
    )


def _list_points(page: SitesPage) -> list[Point]:
    points = [point for one in page.drawn for point in one.points]
    points += [point for road in page.roads for point in road.points]
    return points + [row.point for row in page.sites if row.point is not None]


def _draw_road(view: View, road: Road) -> Stroke:
    return Stroke(_write_path(view, road.points), road.name, "" if road.kind == MAIN_ROAD else "side")


def draw_shapes(shapes: Sequence[Shape]) -> Drawing | None:
    """The map of a file before it is taken in; none for an empty one."""
    points = [point for shape in shapes for point in shape.points]
    if not points:
        return None
    view = _fit(points)
    scale_m = _choose_scale(view)
    return Drawing(
        width=WIDTH,
        height=view.height,
        outlines=[
            Stroke(_write_path(view, one.points) + "Z", one.name, one.sort) for one in shapes if one.sort in RINGS
        ],
        roads=[_draw_line(view, one) for one in shapes if one.sort == "road"],
        gaps=(),
        sites=[Spot(*view.put(one.points[0]), one.name, "standing") for one in shapes if one.sort == "site"],
        new=(),
        names=(),
        scale_m=scale_m,
        scale_width=round(scale_m * view.metre, 1),
        left_out=0,
    )


def _draw_line(view: View, shape: Shape) -> Stroke:
    return Stroke(_write_path(view, shape.points), shape.name, "" if shape.road == MAIN_ROAD else "side")


def _fit(points: Sequence[Point]) -> View:
    west, east = min(p.lon for p in points), max(p.lon for p in points)
    south, north = min(p.lat for p in points), max(p.lat for p in points)
    east_m, north_m = scale_degrees((south + north) / 2)
    wide_m, tall_m = max((east - west) * east_m, LEAST_M), max((north - south) * north_m, LEAST_M)
    metre = min((WIDTH - 2 * MARGIN) / wide_m, (TALLEST - 2 * MARGIN) / tall_m)
    height = round(max(FLATTEST, tall_m * metre + 2 * MARGIN), 1)
    dx = (WIDTH - (east - west) * east_m * metre) / 2
    dy = (height - (north - south) * north_m * metre) / 2
    return View(Point(west, south), east_m * metre, north_m * metre, dx, dy, height, metre)


def _write_path(view: View, points: Iterable[Point]) -> str:
    """The ``d`` of the line, without steps that nobody could see; its last point is always there."""
    put = [view.put(point) for point in points]
    kept = put[:1]
    for x, y in put[1:-1]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= FINEST:
            kept.append((x, y))
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in (*kept, *put[-1:]))


def _draw_gaps(view: View, page: SitesPage) -> Iterable[Stroke]:
    """Each with its road and length; where they are too many to be told apart, all as one."""
    lines = [
        (row, row.road.course.cut(float(row.gap.opens_m), float(row.gap.closes_m)))
        for row in page.gaps
        if row.road is not None
    ]
    if len(lines) > MOST_GAPS:
        yield Stroke("".join(_write_path(view, line) for _, line in lines), "")
        return
    for row, line in lines:
        yield Stroke(_write_path(view, line), f"{row.road} {wording.say_metres(row.gap.length_m)}")


def _draw_new(view: View, page: SitesPage) -> list[Spot]:
    """Where the new ones would stand; nowhere, where they are too many to be told apart."""
    if page.needed > MOST_NEW:
        return []
    return [Spot(*view.put(mark.point), "") for row in page.gaps for mark in row.new if mark.point is not None]


def _draw_site(view: View, point: Point, row: SiteRow) -> Spot:
    look = "damaged" if row.site.is_damaged else "standing" if row.is_spaced else "other"
    return Spot(*view.put(point), row.site.subject, look)


def _draw_names(view: View, page: SitesPage, *, is_far: bool) -> list[Spot]:
    """Names of the main roads near their ends, away from where roads cross; of the areas below, where the roads are
    too many or too short on the map to be named. Never more than can be read."""
    main = [road for road in page.roads if road.kind == MAIN_ROAD]
    if 0 < len(main) <= MOST_NAMES and not is_far:
        ends = ((road, road.course.find_point(float(road.length_m) * 7 / 8)) for road in main)
        return [Spot(*view.put(point), road.name) for road, point in ends if view.shows(point)]
    below = [one for one in page.drawn if one.sort == "unit" and one.unit_id != page.unit.pk]
    return [Spot(*view.put(_find_middle(one.points)), one.name) for one in below] if len(below) <= MOST_NAMES else []


def _find_middle(ring: Sequence[Point]) -> Point:
    lons, lats = [point.lon for point in ring], [point.lat for point in ring]
    return Point((min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2)


def _choose_scale(view: View) -> int:
    """A round number of metres that is a fifth to a third of the map's width."""
    widest = WIDTH / 3 / view.metre
    step = 10 ** floor(log10(widest))
    return int(next(count * step for count in (5, 2, 1) if count * step <= widest))
