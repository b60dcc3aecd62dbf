"""Sites and roads on the pages: a file previewed and taken in, gaps found and drawn, places kept, posts respected."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.utils import override_settings

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, issue_plan
from wuzha.core.duty.model import Tally
from wuzha.core.ground.gcj import to_gcj02
from wuzha.core.ground.line import find_point
from wuzha.core.ground.point import Point, measure
from wuzha.web.accounts.models import Attribute, AuditEntry, Unit
from wuzha.web.campaign.models import Outline, Road, SitePlace
from wuzha.web.campaign.queries.ground import PlanInForce, load_plan
from wuzha.web.campaign.queries.sites import load_sites
from wuzha.web.campaign.queries.standings import list_unit_standings

# 1,000 m and a little to the east, as straight as a ruler.
LINE = [[117.0, 36.0], [117.0055, 36.0], [117.0111, 36.0]]
POINTS = tuple(Point(*pair) for pair in LINE)
DAY = date(2026, 3, 10)
TODAY = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
SPACING = """
  - {id: adverts, who: {kind: town}, space: advert, along: main_road, at_most: 200 m, by: 2026-12-31}
"""


def write_file(*features: dict[str, object], name: str = "道路.geojson") -> SimpleUploadedFile:
    whole = {"type": "FeatureCollection", "features": list(features)}
    return SimpleUploadedFile(name, json.dumps(whole).encode())


def feature(shape: str, coordinates: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": shape, "coordinates": coordinates}}


ROAD = feature("LineString", LINE, name="青河大街")


def upload(browser: Client, unit: Unit, *features: dict[str, object], **typed: object) -> str:
    """Sends the file and gives the preview's page."""
    form = {"file": write_file(*features), "opens_on": "2026-01-01"} | typed
    answer = browser.post(f"/sites/{unit.code}/roads/", form, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def confirm(browser: Client, unit: Unit, page: str) -> str:
    seen = page.split('name="seen" value="')[1].split('"', maxsplit=1)[0]
    answer = browser.post(f"/sites/{unit.code}/roads/confirm/", {"seen": seen}, follow=True)
    return str(answer.content.decode())


def take_in(browser: Client, unit: Unit, *features: dict[str, object], **typed: object) -> str:
    return confirm(browser, unit, upload(browser, unit, *features, **typed))


def hang(cast: Cast, marks: Iterable[float]) -> None:
    """Adverts of the village along the town's road, each with its place and without a metre."""
    for number, at_m in enumerate(marks, 1):
        subject = f"A-{number}"
        enter(cast.secretary, cast.village, DAY, "advert", subject=subject, change="install", place="青河大街")
        point = find_point(POINTS, at_m)
        SitePlace.objects.create(unit=cast.village, subject=subject, lon=point.lon, lat=point.lat + 0.0001)


def test_a_file_is_looked_over_before_it_is_taken_in(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.town_officer)
    page = upload(browser, cast.town, ROAD)

    assert "青河大街" in page
    assert "<svg" in page
    assert not Road.objects.exists()
    confirm(browser, cast.town, page)
    road = Road.objects.get()
    assert (road.unit, road.name, road.opens_on) == (cast.town, "青河大街", date(2026, 1, 1))
    assert abs(float(road.length_m) - 1001) < 2
    assert AuditEntry.objects.filter(action="roads.imported", actor=cast.town_officer).exists()


def test_the_same_file_again_changes_nothing_and_another_line_closes_the_old_one(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.town_officer)
    take_in(browser, cast.town, ROAD)
    take_in(browser, cast.town, ROAD, opens_on="2026-02-01")
    assert Road.objects.count() == 1

    take_in(browser, cast.town, feature("LineString", LINE[:2], name="青河大街"), opens_on="2026-03-01")
    old, new = Road.objects.order_by("opens_on")
    assert old.closes_on == new.opens_on == date(2026, 3, 1)
    assert load_sites(cast.town, date(2026, 2, 28)).length_m == old.to_core().length_m


def test_a_file_with_a_mistake_saves_nothing_and_says_where(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.town_officer)
    other = feature("LineString", LINE, name="外乡路", unit=cast.other_town.code)
    page = upload(browser, cast.town, ROAD, other, feature("LineString", [[1, 2]], name="断"))

    assert "第 2 个图形写的单位" in page
    assert "第 3 个图形太短" in page
    assert 'name="seen"' not in page
    assert "roads/confirm" not in page
    answer = browser.post(f"/sites/{cast.town.code}/roads/confirm/", {"seen": "of another page"})
    assert answer.status_code == 302
    assert not Road.objects.exists()


def test_two_things_of_one_name_are_told_rather_than_one_lost(cast: Cast, visit: Visit) -> None:
    page = upload(visit(cast.town_officer), cast.town, ROAD, feature("LineString", LINE, name="青河大街", unit="SQ01"))

    assert "同名同单位" in page


def test_sites_are_found_on_the_road_and_the_standing_is_the_longest_gap(cast: Cast, visit: Visit) -> None:
    plan = load_plan(issue_plan(cast, more=SPACING))
    take_in(visit(cast.town_officer), cast.town, ROAD)
    hang(cast, (100, 300, 800))

    page = load_sites(cast.town, DAY)
    assert page.is_asked
    assert [(round(row.gap.opens_m), round(row.gap.closes_m), len(row.new)) for row in page.gaps] == [
        (300, 800, 2),
        (800, 1001, 1),
    ]
    found = list_unit_standings(in_force=plan, unit_code=cast.town.code, as_of=DAY)
    tally = next(standing.tally for duty, standing in found if duty.id == "adverts")
    assert tally.value == max(row.gap.length_m for row in page.gaps)
    assert tally.of == page.length_m
    assert len(tally.records) == 3


def test_what_is_proposed_closes_the_gaps(cast: Cast, visit: Visit) -> None:
    take_in(visit(cast.town_officer), cast.town, ROAD)
    hang(cast, (100,))
    new = [mark.at_m for row in load_sites(cast.town, DAY).gaps for mark in row.new]
    SitePlace.objects.all().delete()
    hang_again = [100, *(float(at_m) for at_m in new)]
    for number, at_m in enumerate(hang_again):
        enter(cast.secretary, cast.village, DAY, "advert", subject=f"N-{number}", change="install")
        point = find_point(POINTS, at_m)
        SitePlace.objects.create(unit=cast.village, subject=f"N-{number}", lon=point.lon, lat=point.lat)

    # Places are kept to the centimetre, so a gap may be that much above the limit.
    assert all(row.gap.length_m < 201 for row in load_sites(cast.town, DAY).gaps)


def test_a_site_taken_down_or_far_from_the_road_leaves_a_gap(cast: Cast, visit: Visit) -> None:
    take_in(visit(cast.town_officer), cast.town, ROAD)
    hang(cast, (500,))
    assert len(load_sites(cast.town, DAY).gaps) == 2

    SitePlace.objects.update(lat=36.0004)
    assert len(load_sites(cast.town, DAY).gaps) == 2
    SitePlace.objects.update(lat=36.001)
    assert len(load_sites(cast.town, DAY).gaps) == 1
    SitePlace.objects.update(lat=36.0)
    assert len(load_sites(cast.town, DAY).gaps) == 2
    enter(cast.secretary, cast.village, date(2026, 3, 12), "advert", subject="A-1", change="remove")
    assert len(load_sites(cast.town, date(2026, 3, 12)).gaps) == 1


def test_the_page_draws_gaps_and_new_places_and_lists_them_beside(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.town_officer)
    take_in(browser, cast.town, ROAD, feature("Polygon", [[[116.99, 35.99], [117.02, 35.99], [117, 36.01]]], name="镇"))
    hang(cast, (100, 800))
    page = browser.get(f"/sites/{cast.town.code}/?as_of=2026-03-10").content.decode()

    for look in ("map-outline", "map-road", "map-gap", "map-site", "map-new"):
        assert f'class="{look}"' in page
    assert "<script" not in page.split("<svg viewBox")[1].split("</figure>")[0]
    assert "http" not in page.split('class="map"')[1].split("</figure>")[0]
    assert "100 – 800 米" in page
    assert "700 米" in page
    assert "共 3 处" in page


def test_the_list_says_what_was_not_seen_for_long_and_what_is_damaged(cast: Cast, visit: Visit) -> None:
    enter(cast.secretary, cast.village, date(2026, 1, 1), "banner", subject="B-1", change="install", place="村口")
    enter(cast.secretary, cast.village, DAY, "board", subject="C-1", change="install", place="广场")
    enter(cast.secretary, cast.village, date(2026, 3, 12), "board", subject="C-1", change="damage")
    enter(cast.secretary, cast.village, DAY, "banner", subject="B-9", change="install")
    enter(cast.secretary, cast.village, date(2026, 3, 12), "banner", subject="B-9", change="remove")
    browser = visit(cast.secretary)
    page = browser.get("/sites/?as_of=2026-05-01").content.decode()

    assert "120 天没看过" in page
    assert "损坏，待更换" in page
    assert "B-9" not in page
    few = browser.get("/sites/?as_of=2026-05-01&unseen=100").content.decode()
    assert "B-1" in few
    assert "C-1" not in few


def test_a_place_typed_from_a_phone_map_is_kept_as_it_is_on_the_ground(cast: Cast, visit: Visit) -> None:
    enter(cast.secretary, cast.village, DAY, "advert", subject="A-1", change="install")
    place, browser = Point(117.003, 36.0002), visit(cast.secretary)
    shown = to_gcj02(place)
    address = f"/sites/{cast.village.code}/place/?subject=A-1"
    browser.post(address, {"lon": shown.lon, "lat": shown.lat, "is_shifted": "on"})

    assert measure(SitePlace.objects.get().point, place) < 0.5
    wrong = browser.post(address, {"lon": 36.0, "lat": 117.0})
    assert wrong.status_code == 422
    assert "经度要在" in wrong.content.decode()


@override_settings(COORDINATES="gcj02")
def test_the_setting_ticks_gcj02_beforehand(cast: Cast, visit: Visit) -> None:
    page = visit(cast.town_officer).get(f"/sites/{cast.town.code}/roads/").content.decode()

    assert "checked" in page.split('name="is_shifted"')[1].split(">")[0]


def test_hoardings_show_how_much_of_them_is_adverts(cast: Cast, visit: Visit) -> None:
    ring = [[[117.0, 36.0], [117.001, 36.0], [117.001, 36.001]]]
    take_in(visit(cast.town_officer), cast.town, feature("Polygon", ring, name="工地", kind="围挡", area_m2=300))
    enter(cast.secretary, cast.village, DAY, "hoarding_advert", subject="H-1", change="install", area_m2=24)
    page = visit(cast.town_officer).get(f"/sites/{cast.town.code}/").content.decode()

    assert Outline.objects.get().sort == "hoarding"
    assert "24 / 300 平方米" in page
    assert "再做 6 平方米" in page


def test_a_road_that_is_closed_asks_for_nothing_from_then_on(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.town_officer)
    take_in(browser, cast.town, ROAD)
    browser.post(f"/sites/{cast.town.code}/roads/{Road.objects.get().pk}/close/")

    assert Road.objects.get().closes_on < date(9999, 1, 1)
    assert load_sites(cast.town, date(2026, 1, 1)).roads


def test_a_recorder_places_sites_but_imports_no_roads_and_a_supervisor_only_looks(cast: Cast, visit: Visit) -> None:
    enter(cast.secretary, cast.village, DAY, "advert", subject="A-1", change="install")
    code = cast.village.code

    assert visit(cast.secretary).get(f"/sites/{code}/place/?subject=A-1").status_code == 200
    assert visit(cast.secretary).get(f"/sites/{code}/place/?subject=no").status_code == 404
    assert visit(cast.secretary).get(f"/sites/{code}/roads/").status_code == 403
    assert visit(cast.supervisor).get(f"/sites/{code}/").status_code == 200
    assert visit(cast.supervisor).get(f"/sites/{code}/place/?subject=A-1").status_code == 403
    assert visit(cast.outsider).get(f"/sites/{code}/").status_code == 404


TENTH = """
  - {id: hoardings, who: {kind: town}, keep: hoarding_advert, at_least: {percent: 10, of: hoarding_m2}, sum: area_m2}
"""


def enclose(area_m2: float, name: str = "工地") -> dict[str, object]:
    return feature(
        "Polygon", [[[117.0, 36.0], [117.001, 36.0], [117.001, 36.001]]], name=name, kind="围挡", area_m2=area_m2
    )


def read_tenth(cast: Cast, plan: PlanInForce, as_of: date = DAY) -> Tally:
    found = list_unit_standings(in_force=plan, unit_code=cast.town.code, as_of=as_of)
    return next(standing.tally for duty, standing in found if duty.id == "hoardings")


def test_the_tenth_of_a_plan_is_counted_on_the_hoardings_that_were_drawn(cast: Cast, visit: Visit) -> None:
    plan = load_plan(issue_plan(cast, more=TENTH))
    assert read_tenth(cast, plan).value is None

    take_in(visit(cast.town_officer), cast.town, enclose(300), enclose(100, "学校工地"))
    enter(cast.secretary, cast.village, DAY, "hoarding_advert", subject="H-1", change="install", area_m2=24)
    tally = read_tenth(cast, plan)
    assert tally.value == 24
    assert tally.goal == 40

    take_in(visit(cast.town_officer), cast.town, enclose(140), opens_on="2026-03-05")
    assert read_tenth(cast, plan).goal == 24
    assert read_tenth(cast, plan, date(2026, 3, 4)).goal == 40


def test_the_figure_of_the_roster_goes_before_what_was_drawn(cast: Cast, visit: Visit) -> None:
    Attribute.objects.create(unit=cast.town, name="hoarding_m2", value=500, valid_from=date(2026, 1, 1))
    take_in(visit(cast.town_officer), cast.town, enclose(300))

    (it,) = load_sites(cast.town, DAY).hoardings
    assert it.whole_m2 == 500


def test_the_county_sees_each_town_and_an_advert_in_a_town_without_hoardings_counts_for_none(
    cast: Cast, visit: Visit
) -> None:
    take_in(visit(cast.town_officer), cast.town, enclose(300))
    take_in(visit(cast.officer), cast.other_town, enclose(200))
    enter(cast.secretary, cast.village, DAY, "hoarding_advert", subject="H-1", change="install", area_m2=24)
    enter(cast.officer, cast.county, DAY, "hoarding_advert", subject="H-9", change="install", area_m2=99)
    page = visit(cast.officer).get(f"/sites/{cast.county.code}/").content.decode()

    towns = {it.unit.code: it for it in load_sites(cast.county, DAY).hoardings}
    assert {code: int(it.adverts_m2) for code, it in towns.items()} == {cast.town.code: 24, cast.other_town.code: 0}
    assert {code: int(it.wanting_m2) for code, it in towns.items()} == {cast.town.code: 6, cast.other_town.code: 20}
    assert "24 / 300" in page
    assert "再做 20 平方米" in page


def test_a_village_that_no_plan_asks_for_spacing_is_not_told_of_roads_it_lacks(cast: Cast, visit: Visit) -> None:
    issue_plan(cast, more=SPACING)
    hang(cast, (100,))
    page = visit(cast.secretary).get("/sites/?as_of=2026-03-10").content.decode()

    assert 'class="map-site"' in page
    assert 'id="gaps"' not in page
    assert 'id="gaps"' in visit(cast.town_officer).get("/sites/?as_of=2026-03-10").content.decode()


def test_what_would_change_is_listed_before_what_stays(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.town_officer)
    take_in(browser, cast.town, ROAD)
    page = upload(browser, cast.town, ROAD, feature("LineString", LINE, name="新区路"))

    assert page.index('<th scope="row">新区路') < page.index('<th scope="row">青河大街')
