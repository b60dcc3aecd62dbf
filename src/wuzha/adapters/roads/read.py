"""A file of roads and outlines as it was uploaded, to shapes and problems."""

from collections.abc import Sequence
from pathlib import PurePath

from wuzha.adapters.roads.geojson import read_geojson
from wuzha.adapters.roads.model import MAX_BYTES, MEGABYTE, Shape, Sheet
from wuzha.adapters.roads.shapefile import read_shapefile
from wuzha.adapters.roads.take import join_roads
from wuzha.core.base.problem import Problem
from wuzha.core.ground.gcj import from_gcj02
from wuzha.core.ground.point import Point

SUFFIXES = (".geojson", ".json", ".zip")
ZIP = b"PK"


def read_shapes(name: str, content: bytes, *, is_shifted: bool = False) -> tuple[Sequence[Shape], Sequence[Problem]]:
    """Everything that can be taken in, and everything that is wrong. ``is_shifted`` says that the degrees are GCJ-02.

    Problem codes: ``roads.too-large`` (size_mb, limit_mb); ``roads.wrong-suffix``; ``roads.not-geojson``;
    ``roads.crs-unknown``; ``roads.too-many`` and ``roads.too-many-points`` (limit); ``roads.empty``;
    ``roads.zip-broken``; ``roads.zip-too-large`` (limit_mb); ``roads.one-layer`` (count); ``roads.part-missing``
    (suffix); ``roads.prj-missing``; ``roads.prj-unknown``; ``roads.zone-wrong`` (number); ``roads.shapefile-broken``;
    and of one thing (number): ``roads.geometry-unknown``, ``roads.coordinates-broken``, ``roads.not-degrees``,
    ``roads.too-short``, ``roads.name-missing``, ``roads.area-missing``, ``roads.subject-missing``.
    """
    sheet = Sheet(name, from_gcj02 if is_shifted else _leave)
    suffix = PurePath(name).suffix.lower()
    if len(content) > MAX_BYTES:
        sheet.tell("roads.too-large", size_mb=round(len(content) / MEGABYTE, 1), limit_mb=MAX_BYTES // MEGABYTE)
    elif suffix not in SUFFIXES:
        sheet.tell("roads.wrong-suffix")
    else:
        # By its first bytes: a name may say the one and the file be the other.
        (read_shapefile if content.startswith(ZIP) else read_geojson)(sheet, content)
    roads = join_roads(shape for shape in sheet.shapes if shape.sort == "road")
    shapes = [*roads, *(shape for shape in sheet.shapes if shape.sort != "road")]
    if not shapes and not sheet.problems:
        sheet.tell("roads.empty")
    return shapes, sheet.problems


def _leave(place: Point) -> Point:
    return place
