"""A map of roads and sites as the parts of one SVG, without tiles, scripts or pictures from elsewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, log10

from wuzha.adapters.roads.model import Shape
from wuzha.core.ground.line import cut_line, find_point, measure_line
from wuzha.core.ground.point import Point, scale_degrees
from wuzha.core.ledger.sites import Site
from wuzha.web.campaign.queries.sites import SitesPage

# Units of the drawing, not pixels: it fills the width that the page gives it.
WIDTH, TALLEST, FLATTEST, MARGIN = 400.0, 440.0, 140.0, 18.0
# Steps shorter than this cannot be seen and are not written.
FINEST = 0.4
MOST_SITES, MOST_NAMES = 1500, 12
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


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line or ring as the ``d`` of a path."""

    d: str
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything on the map, from the bottom up. ``left_out`` sites are in the list but not on it."""

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


def draw_map(page: SitesPage) -> Drawing | None:
    """The map of the page; none where no line, outline or place is known."""
    placed = [row for row in page.sites if row.point is not None]
    points = [point for one in page.outlines for point in one.points]
    points += [point for road in page.roads for point in road.points]
    points += [row.point for row in placed if row.point is not None]
    if not points:
        return None
    view = _fit(points)
    scale_m = _choose_scale(view)
    return Drawing(
        width=WIDTH,
        height=view.height,
        outlines=[Stroke(_write_path(view, one.points) + "Z", one.name) for one in page.outlines],
        roads=[Stroke(_write_path(view, road.points), road.name) for road in page.roads],
        gaps=list(_draw_gaps(view, page)),
        sites=[_draw_site(view, row.point, row.site) for row in placed[:MOST_SITES] if row.point is not None],
        new=[Spot(*view.put(mark.point), "") for row in page.gaps for mark in row.new if mark.point is not None],
        names=_draw_names(view, page),
        scale_m=scale_m,
        scale_width=round(scale_m * view.metre, 1),
        left_out=max(0, len(placed) - MOST_SITES),
    )


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
        outlines=[Stroke(_write_path(view, one.points) + "Z", one.name) for one in shapes if one.sort in RINGS],
        roads=[Stroke(_write_path(view, one.points), one.name) for one in shapes if one.sort == "road"],
        gaps=(),
        sites=[Spot(*view.put(one.points[0]), one.name, "standing") for one in shapes if one.sort == "site"],
        new=(),
        names=(),
        scale_m=scale_m,
        scale_width=round(scale_m * view.metre, 1),
        left_out=0,
    )


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
    for row in page.gaps:
        if row.road is not None:
            line = cut_line(row.road.points, float(row.gap.opens_m), float(row.gap.closes_m))
            yield Stroke(_write_path(view, line), f"{row.road.name} {round(row.gap.length_m)} m")


def _draw_site(view: View, point: Point, site: Site) -> Spot:
    return Spot(*view.put(point), site.subject, "damaged" if site.is_damaged else "standing")


def _draw_names(view: View, page: SitesPage) -> list[Spot]:
    """Names near the start of the roads, away from where roads cross, and only where few enough to be read."""
    if len(page.roads) > MOST_NAMES:
        return []
    starts = ((road, find_point(road.points, measure_line(road.points) / 8)) for road in page.roads)
    return [Spot(*view.put(point), road.name) for road, point in starts]


def _choose_scale(view: View) -> int:
    """A round number of metres that is a fifth to a third of the map's width."""
    widest = WIDTH / 3 / view.metre
    step = 10 ** floor(log10(widest))
    return int(next(count * step for count in (5, 2, 1) if count * step <= widest))
