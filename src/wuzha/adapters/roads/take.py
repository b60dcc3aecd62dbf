"""One thing of a file, its properties and its points, to shapes: what both formats share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from wuzha.adapters.roads.model import MAIN_ROAD, MAX_POINTS, SIDE_ROAD, Shape, Sheet, Sort
from wuzha.core.ground.line import join_lines, measure_line
from wuzha.core.ground.outline import close_ring, measure_area
from wuzha.core.ground.point import Point

# The names under which offices keep these, in the order in which they are looked for. Capitals make no difference.
NAMES = ("name", "名称", "路名", "道路名称", "road_name", "mc")
UNITS = ("unit", "单位编码", "unit_code", "code", "编码")
SORTS = ("sort", "kind", "类型", "类别", "type")
SUBJECTS = ("subject", "对象编号", "编号", "number")
AREAS = ("area_m2", "面积", "area")
SORT_WORDS: Mapping[str, Sort] = MappingProxyType(
    {
        **dict.fromkeys(("hoarding", "围挡", "工地围挡", "施工围挡"), "hoarding"),
        **dict.fromkeys(("unit", "outline", "辖区", "边界", "范围"), "unit"),
    }
)
# Everything else that is a line is taken for a main road, which is what plans ask about.
ROAD_WORDS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys((SIDE_ROAD, "village_road", "村道", "支路", "巷道", "小路", "其他道路"), SIDE_ROAD)
)
LONGEST_NAME = 80
# Two parts of a road that come this near to each other are one road.
TOUCHING_M = 1.0
DECIMALS = 7


@dataclass(frozen=True, slots=True)
class Thing:
    """A geometry with its properties: ``form`` is point, line or area, ``parts`` its lines, rings or single places."""

    number: int
    form: str
    parts: Sequence[Sequence[tuple[float, float]]]
    properties: Mapping[str, str]

    def find(self, names: Iterable[str]) -> str:
        return next((self.properties[name] for name in names if self.properties.get(name)), "")


def make_properties(raw: Any) -> Mapping[str, str]:
    """The plain values as text by their name in small letters. What is nested is left out."""
    if not isinstance(raw, Mapping):
        return {}
    plain = ((str(name), value) for name, value in raw.items() if isinstance(value, str | int | float))
    return {name.strip().lower(): str(value).strip()[:200] for name, value in plain if not isinstance(value, bool)}


def take_thing(sheet: Sheet, thing: Thing) -> None:
    """Add what the thing is to the sheet, or the reason why it cannot be."""
    sheet.points += sum(len(part) for part in thing.parts)
    if sheet.points > MAX_POINTS:
        return
    parts = [_make_points(sheet, part) for part in thing.parts]
    if any(not point.is_on_earth for part in parts for point in part):
        sheet.tell("roads.not-degrees", number=thing.number)
        return
    match thing.form:
        case "line":
            _take_road(sheet, thing, parts)
        case "area":
            _take_outline(sheet, thing, parts)
        case _:
            _take_site(sheet, thing, parts)


def _make_points(sheet: Sheet, part: Sequence[tuple[float, float]]) -> tuple[Point, ...]:
    """In WGS84, to the centimetre, without standing still."""
    found: list[Point] = []
    for lon, lat in part:
        raw = sheet.turn(Point(lon, lat))
        point = Point(round(raw.lon, DECIMALS), round(raw.lat, DECIMALS)) if raw.is_on_earth else raw
        if not found or point != found[-1]:
            found.append(point)
    return tuple(found)


def _take_road(sheet: Sheet, thing: Thing, parts: Sequence[tuple[Point, ...]]) -> None:
    whole = [part for part in parts if len(part) >= 2]
    if not whole:
        sheet.tell("roads.too-short", number=thing.number)
        return
    name, unit = _read_name(sheet, thing), thing.find(UNITS)
    road = ROAD_WORDS.get(thing.find(SORTS).lower(), MAIN_ROAD)
    sheet.shapes.extend(Shape("road", thing.number, name, line, unit, road=road) for line in whole)


def join_roads(shapes: Iterable[Shape]) -> list[Shape]:
    """Parts of one name and unit that follow each other as one road; parts that do not touch get a number."""
    parts: dict[tuple[str, str], list[Shape]] = {}
    for shape in shapes:
        parts.setdefault((shape.unit, shape.name), []).append(shape)
    return [road for named in parts.values() for road in _join_named(named)]


def _join_named(parts: Sequence[Shape]) -> list[Shape]:
    lines = [line for line in join_lines([part.points for part in parts], TOUCHING_M) if measure_line(line) >= 1]
    first = parts[0]
    if len(lines) == 1:
        return [replace(first, points=lines[0])]
    return [replace(first, name=f"{first.name}（{count}）", points=line) for count, line in enumerate(lines, 1)]


def _read_name(sheet: Sheet, thing: Thing) -> str:
    name = thing.find(NAMES)[:LONGEST_NAME]
    if name:
        return name
    sheet.warn("roads.name-missing", number=thing.number)
    return f"未命名 {thing.number}"


def _take_outline(sheet: Sheet, thing: Thing, parts: Sequence[tuple[Point, ...]]) -> None:
    rings = [close_ring(part) for part in parts if len(set(part)) >= 3]
    if not rings:
        sheet.tell("roads.too-short", number=thing.number)
        return
    sort = SORT_WORDS.get(thing.find(SORTS).lower(), "unit")
    area_m2 = _read_area(thing)
    if sort == "hoarding" and area_m2 is None:
        sheet.tell("roads.area-missing", number=thing.number)
        return
    ring = max(rings, key=measure_area)
    name = _read_name(sheet, thing)
    sheet.shapes.append(Shape(sort, thing.number, name, ring, thing.find(UNITS), area_m2=area_m2))


def _read_area(thing: Thing) -> Fraction | None:
    """What the properties say; a size that nobody could mean is none."""
    try:
        area = Fraction(str(round(float(thing.find(AREAS)), 2)))
    except (ValueError, OverflowError):
        return None
    return area if 0 < area < 10**9 else None


def _take_site(sheet: Sheet, thing: Thing, parts: Sequence[tuple[Point, ...]]) -> None:
    subject = thing.find(SUBJECTS)[:64]
    if not subject:
        sheet.tell("roads.subject-missing", number=thing.number)
        return
    sheet.shapes.append(Shape("site", thing.number, subject, parts[0][:1], thing.find(UNITS), subject))
