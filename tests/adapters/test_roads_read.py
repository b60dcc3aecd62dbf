"""Files of roads and outlines: what is read of them, and what hostile ones are told."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest
import shapefile
from hypothesis import given
from hypothesis import strategies as st

from wuzha.adapters.roads import geojson, take
from wuzha.adapters.roads import shapefile as reader
from wuzha.adapters.roads.model import MAX_BYTES, Shape
from wuzha.adapters.roads.read import read_shapes
from wuzha.adapters.roads.write import render_geojson
from wuzha.adapters.wording.problem import describe_problem, load_sentences
from wuzha.core.ground.gauss import Zone, to_metres
from wuzha.core.ground.gcj import to_gcj02
from wuzha.core.ground.line import measure_line
from wuzha.core.ground.point import Point, measure

ROAD = [[117.0, 36.0], [117.01, 36.0], [117.01, 36.01]]
RING = [[[117.0, 36.0], [117.02, 36.0], [117.02, 36.02], [117.0, 36.02], [117.0, 36.0]]]
DEGREES = (
    'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.2572]]]'
)
GAUSS = (
    'PROJCS["CGCS2000_3_Degree_GK_Zone_39",' + DEGREES + ',PROJECTION["Gauss_Kruger"],'
    'PARAMETER["False_Easting",39500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",117.0],'
    'PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


def write_feature(shape: str, coordinates: object, /, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": shape, "coordinates": coordinates}}


def write_geojson(*features: object, **more: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def read(*features: object, **more: Any) -> tuple[Sequence[Shape], list[str]]:
    shapes, problems = read_shapes("道路.geojson", write_geojson(*features), **more)
    return shapes, [problem.code for problem in problems]


def codes(content: bytes, name: str = "道路.geojson") -> list[str]:
    shapes, problems = read_shapes(name, content)
    assert not shapes
    return [problem.code for problem in problems]


def pack(layer: Mapping[str, bytes], name: str = "roads") -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix, content in layer.items():
            archive.writestr(f"{name}{suffix}", content)
    return whole.getvalue()


def draw_layer(points: Sequence[Sequence[float]], prj: str, encoding: str = "gb18030") -> dict[str, bytes]:
    parts = {suffix: io.BytesIO() for suffix in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts, shapeType=shapefile.POLYLINE, encoding=encoding) as writer:
        writer.field("NAME", "C", 40)
        writer.field("UNIT", "C", 20)
        writer.line([points])
        writer.record("青河大街", "SQ01")
    layer = {f".{suffix}": part.getvalue() for suffix, part in parts.items()}
    return layer | ({".prj": prj.encode()} if prj else {})


def test_a_road_has_its_name_its_unit_and_its_line() -> None:
    shapes, problems = read(write_feature("LineString", ROAD, name="青河大街", unit="SQ01"))

    assert problems == []
    assert [(shape.sort, shape.name, shape.unit) for shape in shapes] == [("road", "青河大街", "SQ01")]
    assert measure_line(shapes[0].points) == pytest.approx(901.5 + 1109.6, rel=1e-3)


def test_parts_that_follow_each_other_are_one_road_and_others_get_a_number() -> None:
    parts = [ROAD, [[117.01, 36.01], [117.02, 36.01]], [[117.5, 36.0], [117.51, 36.0]]]
    whole, _ = read(write_feature("MultiLineString", parts, name="环城路"))
    split, _ = read(*(write_feature("LineString", part, name="环城路") for part in parts))

    assert [(shape.name, len(shape.points)) for shape in whole] == [("环城路（1）", 4), ("环城路（2）", 2)]
    assert [shape.points for shape in split] == [shape.points for shape in whole]


def test_an_outline_is_of_a_unit_or_a_hoarding_which_has_a_size() -> None:
    shapes, problems = read(
        write_feature("Polygon", RING, name="青石镇"),
        write_feature("Polygon", RING, 名称="商场工地", 类型="围挡", 面积=300.5),
        write_feature("Polygon", RING, name="无面积", kind="hoarding"),
    )

    assert [(shape.sort, shape.name, shape.area_m2) for shape in shapes] == [
        ("unit", "青石镇", None),
        ("hoarding", "商场工地", Fraction(601, 2)),
    ]
    assert problems == ["roads.area-missing"]


def test_a_site_is_known_by_its_number() -> None:
    shapes, problems = read(write_feature("Point", [117.0, 36.0], 编号="B-7"), write_feature("Point", [117, 36]))

    assert [(shape.subject, shape.points) for shape in shapes] == [("B-7", (Point(117.0, 36.0),))]
    assert problems == ["roads.subject-missing"]


def test_shifted_degrees_are_turned_back_where_the_setting_says_so() -> None:
    shown = [to_gcj02(Point(*place)) for place in ROAD]
    feature = write_feature("LineString", [[point.lon, point.lat] for point in shown], name="路")
    shapes, _ = read(feature, is_shifted=True)
    plain, _ = read(feature)

    for place, told, left in zip(ROAD, shapes[0].points, plain[0].points, strict=True):
        assert measure(told, Point(*place)) < 0.5
        assert measure(left, Point(*place)) > 100


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "roads.not-geojson"),
        (b"{", "roads.not-geojson"),
        (b"[" * 200_000, "roads.not-geojson"),
        (b'{"a": 1' + b"0" * 9_000 + b"}", "roads.not-geojson"),
        (b"\xff\xfe\x00", "roads.not-geojson"),
        (b"[]", "roads.not-geojson"),
        (b'{"type": "FeatureCollection", "features": 3}', "roads.not-geojson"),
        (b'{"type": "LineString", "coordinates": [[NaN, 1], [2, 3]]}', "roads.not-geojson"),
        (b'{"type": "LineString", "coordinates": [[1e999, 1], [2, 3]]}', "roads.not-degrees"),
        (b'{"type": "FeatureCollection", "features": []}', "roads.empty"),
        (b'{"type": "FeatureCollection", "features": [null]}', "roads.geometry-unknown"),
        (b'{"type": "Feature", "geometry": {"type": "Circle"}}', "roads.geometry-unknown"),
        (b'{"type": "Feature", "geometry": {"type": ["Point"]}}', "roads.geometry-unknown"),
        (b'{"type": "LineString", "coordinates": [[true, 1], [2, 3]]}', "roads.coordinates-broken"),
        (b'{"type": "LineString", "coordinates": [["1", 1], [2, 3]]}', "roads.coordinates-broken"),
        (b'{"type": "LineString", "coordinates": {"a": 1}}', "roads.coordinates-broken"),
        (b'{"type": "MultiPolygon", "coordinates": [[]]}', "roads.coordinates-broken"),
        (b'{"type": "LineString", "coordinates": [[1, 2], [1, 2]]}', "roads.too-short"),
        (b'{"type": "LineString", "coordinates": [[39500000, 3985000], [39500100, 3985000]]}', "roads.not-degrees"),
        (
            b'{"type": "FeatureCollection", "features": [], "crs": {"properties": {"name": "EPSG:4547"}}}',
            "roads.crs-unknown",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_told_why(content: bytes, code: str) -> None:
    assert codes(content) == [code]


def test_what_is_too_large_or_of_another_kind_is_refused_unread() -> None:
    assert codes(b" " * (MAX_BYTES + 1)) == ["roads.too-large"]
    assert codes(b"PK", "道路.kmz") == ["roads.wrong-suffix"]


def test_files_with_more_than_is_taken_in_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geojson, "MAX_SHAPES", 2)
    assert codes(write_geojson(*[write_feature("LineString", ROAD)] * 3)) == ["roads.too-many"]
    monkeypatch.setattr(geojson, "MAX_POINTS", 2)
    monkeypatch.setattr(take, "MAX_POINTS", 2)
    assert codes(write_geojson(write_feature("LineString", ROAD))) == ["roads.too-many-points"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.sampled_from(["Point", "Polygon", "Feature"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "geometry", "coordinates", "features", "properties"]), inner)
    ),
    max_leaves=20,
)


@given(VALUES)
def test_no_json_makes_the_reader_fail(value: object) -> None:
    shapes, problems = read_shapes("a.json", json.dumps(value).encode())

    assert shapes or problems
    assert all(point.is_on_earth for shape in shapes for point in shape.points)


def test_a_shapefile_is_read_with_its_chinese_names() -> None:
    shapes, problems = read_shapes("道路.zip", pack(draw_layer(ROAD, DEGREES)))

    assert list(problems) == []
    assert [(shape.name, shape.unit, len(shape.points)) for shape in shapes] == [("青河大街", "SQ01", 3)]


def test_a_shapefile_in_metres_of_a_zone_is_turned_into_degrees() -> None:
    metres = [to_metres(Zone(117.0, 39_500_000.0), Point(*place)) for place in ROAD]
    shapes, problems = read_shapes("道路.zip", pack(draw_layer(metres, GAUSS, "utf-8")))

    assert list(problems) == []
    assert max(measure(a, Point(*b)) for a, b in zip(shapes[0].points, ROAD, strict=True)) < 0.02


@pytest.mark.parametrize(
    "prj",
    [
        DEGREES.replace("China_Geodetic_Coordinate_System_2000", "Beijing_1954"),
        GAUSS.replace("Gauss_Kruger", "Lambert_Conformal_Conic"),
        GAUSS.replace('UNIT["Meter",1.0]', 'UNIT["Foot_US",0.3048]'),
        GAUSS.replace('"Scale_Factor",1.0', '"Scale_Factor",0.9996'),
        "what",
    ],
)
def test_a_system_that_cannot_be_turned_rightly_is_refused(prj: str) -> None:
    assert codes(pack(draw_layer(ROAD, prj)), "道路.zip") == ["roads.prj-unknown"]


# As map programs write them, and as PROJ 9.5.1 turns the degrees into metres.
SPHERE = 'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
ESRI = (
    'PROJCS["CGCS2000_3_Degree_GK_{name}",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
    + SPHERE
    + ',PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{east}],PARAMETER["False_Northing",0.0],'
    'PARAMETER["Central_Meridian",{meridian}],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],'
    'UNIT["Meter",1.0]]'
)
GDAL = (
    'PROJCS["CGCS2000 / 3-degree Gauss-Kruger {name}",GEOGCS["China Geodetic Coordinate System 2000",'
    'DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101,AUTHORITY["EPSG","1024"]],'
    'AUTHORITY["EPSG","1043"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,'
    'AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4490"]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",{meridian}],PARAMETER["scale_factor",1],'
    'PARAMETER["false_easting",{east}],PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]]]'
)


@pytest.mark.parametrize("form", [ESRI, GDAL], ids=["as ESRI writes it", "as GDAL writes it"])
@pytest.mark.parametrize(
    ("name", "meridian", "east", "place", "metres"),
    [
        ("zone 38", 114, 38_500_000, (113.62, 31.08), (38463738.588, 3439906.012)),
        ("CM 114E", 114, 500_000, (115.4, 40.25), (619116.256, 4458228.682)),
        ("CM 120E", 120, 500_000, (121.3, 28.9), (626798.147, 3198881.098)),
        ("zone 40", 120, 40_500_000, (118.6, 47.5), (40394519.907, 5263785.074)),
        ("zone 25", 75, 25_500_000, (75.99, 39.47), (25585190.703, 4371151.249)),
    ],
)
def test_known_points_of_three_degree_zones_are_where_proj_has_them(
    form: str, name: str, meridian: int, east: int, place: tuple[float, float], metres: tuple[float, float]
) -> None:
    prj = form.format(name=name, meridian=meridian, east=east)
    line = [metres, (metres[0] + 30, metres[1])]
    shapes, problems = read_shapes("道路.zip", pack(draw_layer(line, prj)))

    assert list(problems) == []
    assert measure(shapes[0].points[0], Point(*place)) < 0.02
    assert measure_line(shapes[0].points) == pytest.approx(30, abs=0.05)


@pytest.mark.parametrize(
    ("east", "place"),
    [(500_000, (38463738.588, 3439906.012)), (38_500_000, (463738.588, 3439906.012)), (500_000, (113.62, -31.08))],
    ids=["a zone's number that the .prj does not know", "no number where the .prj has one", "below the equator"],
)
def test_metres_that_do_not_fit_their_zone_are_told_with_the_remedy(east: int, place: tuple[float, float]) -> None:
    prj = ESRI.format(name="X", meridian=114, east=east)
    content = pack(draw_layer([place, (place[0] + 30, place[1])], prj))
    shapes, problems = read_shapes("道路.zip", content)

    assert not shapes
    assert [problem.code for problem in problems] == ["roads.zone-wrong"]
    assert "转成 CGCS2000 经纬度" in describe_problem(problems[0])


def draw_table(encoding: str, rows: int = 1) -> dict[str, bytes]:
    """A layer whose columns have Chinese names, as land offices write them."""
    parts = {suffix: io.BytesIO() for suffix in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts, shapeType=shapefile.POLYLINE, encoding=encoding) as writer:
        for column in ("路名", "编码", "类型", "备注", "宽"):
            writer.field(column, "C", 60)
        for number in range(rows):
            writer.line([ROAD])
            writer.record(f"青河大街{number}", "SQ01", "村道", "双向两车道，2024年改造", "")
    return {f".{suffix}": part.getvalue() for suffix, part in parts.items()} | {".prj": DEGREES.encode()}


@pytest.mark.parametrize("cpg", ["", "GBK", "GB2312", "cp936", "ANSI 936", "UTF-8", "utf8", "ISO-8859-1"])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_chinese_columns_are_read_whatever_the_cpg_says(encoding: str, cpg: str) -> None:
    layer = draw_table(encoding, 3) | ({".cpg": cpg.encode()} if cpg else {})
    shapes, problems = read_shapes("道路.zip", pack(layer))

    assert list(problems) == []
    assert [(shape.name, shape.unit, shape.road) for shape in shapes] == [
        (f"青河大街{number}", "SQ01", "side_road") for number in range(3)
    ]


def test_a_name_cut_off_in_the_middle_of_a_sign_leaves_the_others_readable() -> None:
    layer = draw_table("utf-8")
    table = layer[".dbf"]
    remark = "双向两车道，2024年改造".encode()
    layer[".dbf"] = table.replace(remark, remark[:-1] + b" ")
    shapes, problems = read_shapes("道路.zip", pack(layer))

    assert list(problems) == []
    assert [(shape.name, shape.unit) for shape in shapes] == [("青河大街0", "SQ01")]


def test_a_shapefile_without_its_system_is_read_with_a_doubt() -> None:
    shapes, problems = read_shapes("道路.zip", pack(draw_layer(ROAD, "")))

    assert len(shapes) == 1
    assert [(problem.code, problem.severity) for problem in problems] == [("roads.prj-missing", "warning")]


def test_a_zip_that_swells_or_is_no_layer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = draw_layer(ROAD, DEGREES)
    assert codes(b"PK nothing", "a.zip") == ["roads.zip-broken"]
    assert codes(pack({".txt": b"x"}), "a.zip") == ["roads.one-layer"]
    assert codes(pack({".shp": layer[".shp"]}), "a.zip") == ["roads.part-missing"]
    assert codes(pack({str(n): b"" for n in range(200)} | layer), "a.zip") == ["roads.zip-too-large"]
    monkeypatch.setattr(reader, "MAX_UNPACKED", 1_000_000)
    assert codes(pack(layer | {".dbf": b"\0" * 2_000_000}), "a.zip") == ["roads.zip-too-large"]


def test_a_zip_that_is_spoilt_within_is_told_wherever_its_bytes_are_turned_over() -> None:
    """What is packed is no longer what was packed: the table of the zip is whole, the bytes before it are not."""
    whole = pack(draw_layer(ROAD, DEGREES))
    found: set[str] = set()
    for at in range(whole.index(b"PK\x01\x02")):
        shapes, problems = read_shapes("a.zip", whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        assert shapes or problems
        found.update(problem.code for problem in problems)

    assert "roads.zip-broken" in found


@given(st.data())
def test_a_broken_shapefile_is_told_and_never_fails(data: st.DataObject) -> None:
    layer = draw_layer(ROAD, DEGREES)
    for suffix in (".shp", ".shx", ".dbf"):
        content = bytearray(layer[suffix])
        for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=6)):
            content[at] = data.draw(st.integers(0, 255))
        layer[suffix] = bytes(content[: data.draw(st.integers(0, len(content)))])
    shapes, problems = read_shapes("a.zip", pack(layer))

    assert shapes or problems


def test_every_problem_of_a_file_is_said_in_words_with_its_remedy() -> None:
    for code in (code for code in load_sentences() if code.startswith("roads.")):
        assert {"zh", "en"} == set(load_sentences()[code])
    _, problems = read_shapes("道路.geojson", write_geojson(write_feature("LineString", [[1, 2]], name="路")))
    assert describe_problem(problems[0]).startswith("《道路.geojson》：第 1 个图形太短")


def test_a_village_road_is_drawn_but_is_no_main_road() -> None:
    shapes, problems = read(
        write_feature("LineString", ROAD, name="柳湾村道", 类型="村道"),
        write_feature("LineString", ROAD, name="青河大街", 类型="主干道"),
        write_feature("LineString", ROAD, name="新街"),
    )

    assert problems == []
    assert [(shape.name, shape.road) for shape in shapes] == [
        ("柳湾村道", "side_road"),
        ("青河大街", "main_road"),
        ("新街", "main_road"),
    ]


def test_what_is_written_as_geojson_is_read_again_as_it_was() -> None:
    features = (
        write_feature("LineString", ROAD, name="柳湾村道", unit="SQ01", kind="村道"),
        write_feature("Polygon", RING, name="青石镇", unit="SQ01"),
        write_feature("Polygon", RING, name="商场工地", kind="围挡", area_m2=300.5),
        write_feature("Point", [117.0, 36.0], subject="B-7", unit="SQ0101"),
    )
    shapes, _ = read(*features)
    again, problems = read_shapes("道路.geojson", render_geojson(shapes))

    assert list(problems) == []
    assert list(again) == list(shapes)
