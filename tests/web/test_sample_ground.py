"""The ground of the sample county: lines that agree with its ledger, pages that show them, and a file to try with."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import combinations

import pytest
import shapely
from django.test import TestCase

from wuzha.adapters.roads.model import MAIN_ROAD, SIDE_ROAD, Shape
from wuzha.adapters.roads.read import read_shapes
from wuzha.adapters.roads.write import render_geojson
from wuzha.adapters.sample.book import end_of_work
from wuzha.adapters.sample.county import make_tree
from wuzha.adapters.sample.ground import LONGER_M, MISTYPED, NEW_ROAD, WITHOUT_LINES, make_ground, make_new_road
from wuzha.core.assessment.model import Status
from wuzha.core.ground.line import measure_line
from wuzha.core.ground.outline import holds
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.actions.roads import hold_ground
from wuzha.web.campaign.demo import load_sample_county
from wuzha.web.campaign.models import PlanVersion, Road, SitePlace
from wuzha.web.campaign.queries.ground import forget_ground, load_plan
from wuzha.web.campaign.queries.roads import preview_ground
from wuzha.web.campaign.queries.sites import load_sites
from wuzha.web.campaign.queries.standings import list_unit_standings

TODAY = date(2026, 11, 21)
TOWN = "SQ03"


@pytest.fixture(scope="module")
def shapes() -> list[Shape]:
    return list_shapes()


@cache
def list_shapes() -> list[Shape]:
    return make_ground(make_tree(2026)).list_shapes()


def list_rings(shapes: Sequence[Shape], length: int) -> dict[str, shapely.Polygon]:
    """The outlines of the units whose codes are so long."""
    found = (shape for shape in shapes if shape.sort == "unit" and len(shape.unit) == length)
    return {shape.unit: shapely.Polygon([(point.lon, point.lat) for point in shape.points]) for shape in found}


def test_the_ground_is_the_same_whenever_it_is_made(shapes: list[Shape]) -> None:
    assert make_ground(make_tree(2026)).list_shapes() == shapes


@pytest.mark.parametrize("length", [4, 6])
def test_the_areas_lie_beside_each_other_and_fill_what_they_are_parts_of(shapes: list[Shape], length: int) -> None:
    parts = list_rings(shapes, length)
    assert len(parts) == {4: 12, 6: 180}[length]
    assert all(ring.is_valid for ring in parts.values())
    for one, other in combinations(parts.values(), 2):
        assert one.intersection(other).area < one.area / 1_000
    whole = list_rings(shapes, 2)["SQ"].area
    assert sum(ring.area for ring in parts.values()) == pytest.approx(whole, rel=1e-3)


def test_main_roads_are_as_long_as_the_roster_says_but_for_the_town_that_was_measured_anew(
    shapes: list[Shape],
) -> None:
    tree = make_tree(2026)
    for town in (unit for unit in tree.units if unit.kind == "town"):
        roads = [shape for shape in shapes if (shape.sort, shape.unit) == ("road", town.code)]
        told = town.find_attribute("main_road_m", TODAY)
        assert told is not None
        assert bool(roads) == (town.code not in WITHOUT_LINES)
        wanted = float(told.value) + LONGER_M.get(town.code, 0)
        assert not roads or sum(measure_line(road.points) for road in roads) == pytest.approx(wanted, rel=2e-3)


class SampleGround(TestCase):
    """The sample county in the database, loaded once for all questions."""

    county: Unit

    @classmethod
    def setUpTestData(cls) -> None:
        load_sample_county(today=TODAY, now=end_of_work(TODAY), progress=lambda done, total: None, count=8_000)
        cls.county = Unit.objects.get(code="SQ")

    def setUp(self) -> None:
        forget_ground()

    def test_the_spacing_of_the_sample_plan_is_assessed_on_the_real_lines(self) -> None:
        plan = load_plan(PlanVersion.objects.get(state=PlanVersion.State.ISSUED))
        page = load_sites(Unit.objects.get(code=TOWN), TODAY)
        found = list_unit_standings(in_force=plan, unit_code=TOWN, as_of=TODAY)
        standing = next(standing for duty, standing in found if duty.id == "road-adverts")

        roads = Road.objects.filter(unit__code=TOWN, kind=MAIN_ROAD)
        assert standing.tally.of == sum(Fraction(road.length_m) for road in roads)
        assert standing.tally.value == max(row.gap.length_m for row in page.gaps) > 200
        assert standing.status is not Status.MET
        assert page.is_asked
        assert page.needed >= 2
        assert all(mark.point is not None for row in page.gaps for mark in row.new)
        assert Road.objects.filter(kind=SIDE_ROAD).count() > 40
        assert not any(row.road and row.road.kind == SIDE_ROAD for row in load_sites(self.county, TODAY).gaps)

    def test_a_fresh_county_shows_its_map_with_gaps_and_what_closes_them(self) -> None:
        self.client.force_login(User.objects.get(username="town"))
        page = self.client.get(f"/sites/?as_of={TODAY}").content.decode()
        near = self.client.get(f"/sites/?as_of={TODAY}&near=1").content.decode()

        for look in ("map-outline", "map-road", "map-side", "map-gap", "map-site", "map-other", "map-new"):
            assert f'class="{look}"' in page
        assert "葭浦正街" in near.split("<svg viewBox")[1].split("</figure>")[0]

    def test_only_the_mistyped_site_stands_outside_its_village(self) -> None:
        rings = {shape.unit: shape.points for shape in list_shapes() if shape.sort == "unit"}
        places = SitePlace.objects.select_related("unit__parent")
        assert places.count() > 300
        outside = {place.subject for place in places if not holds(rings[place.unit.code], place.point)}
        assert outside == set(MISTYPED)

    def test_the_road_file_of_the_sample_brings_the_sample_county_one_new_road(self) -> None:
        ground = make_ground(make_tree(2026))
        content = render_geojson([*ground.list_shapes(), make_new_road(ground)])
        shapes, problems = read_shapes("roads.geojson", content)
        assert problems == []
        assert len(shapes) == len(ground.list_shapes()) + 1

        now = end_of_work(TODAY)
        file = {"name": "roads.geojson", "content": content, "is_shifted": False, "opens_on": TODAY}
        upload = hold_ground(actor=User.objects.get(username="officer"), unit=self.county, file=file, now=now)
        preview = preview_ground(upload, Unit.objects.all())
        assert preview.problems == []
        assert [change.shape.name for change in preview.changes if change.state != "same"] == [NEW_ROAD]
