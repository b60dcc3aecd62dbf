"""Please have a look: a place outside the area, told with its map to those above, and mended by moving the site."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import make_record
from wuzha.core.duty.model import SiteChange
from wuzha.core.ground.point import Point
from wuzha.core.ledger.position import POSITION, Position, write_position
from wuzha.core.ledger.reason import Reason, Unusual
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.actions.records import add_record
from wuzha.web.campaign.actions.roads import place_site
from wuzha.web.campaign.models import Outline, Record
from wuzha.web.campaign.queries.looks import find_returned, pile_up

SIDE = 0.05
INSIDE, NEAR, FAR = Point(117.02, 36.02), Point(117.053, 36.02), Point(117.08, 36.02)
NOTE = "位置好像点错了，请核对。"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def draw(unit: Unit, lon: float = 117.0, lat: float = 36.0) -> None:
    ring = [[lon, lat], [lon + SIDE, lat], [lon + SIDE, lat + SIDE], [lon, lat + SIDE], [lon, lat]]
    Outline.objects.create(unit=unit, name=unit.name, sort="unit", ring=ring)


def enter(
    cast: Cast, now: datetime, kind: str = "banner", extra: Mapping[str, str] | None = None, **told: object
) -> Record:
    on = timezone.localdate(now) - timedelta(3 if told.get("change") == "install" else 1)
    record = make_record(cast.village, on, kind, extra=dict(extra or {}), **told)
    outcome, problems = add_record(actor=cast.secretary, record=record, now=now)
    assert outcome.kept is not None, problems
    return outcome.kept


def hang(cast: Cast, now: datetime, place: Point, subject: str = "B-1") -> Record:
    record = enter(cast, now, subject=subject, change="install", place="村口")
    place_site(actor=cast.secretary, unit=cast.village, subject=subject, point=place, now=now)
    return record


def list_outside(cast: Cast, now: datetime) -> list[Reason]:
    return [reason for reason in pile_up(cast.town_officer, now).open if reason.unusual is Unusual.OUTSIDE]


def answer(client: Client, reason: Reason, verdict: str, note: str = "") -> None:
    told = {"reason": reason.key, "record": str(reason.first.record), "verdict": verdict, "note": note}
    assert client.post("/looks/", told).status_code == 302


def test_a_site_outside_the_area_is_shown_with_the_distance_and_a_map(cast: Cast, visit: Visit, now: datetime) -> None:
    draw(cast.village)
    record = hang(cast, now, FAR)
    page = visit(cast.town_officer).get("/looks/").content.decode()

    assert "位置在辖区外约 2,7" in page
    assert f"/records/{record.pk}/" in page
    assert 'class="map-outline"' in page
    assert "117.08000, 36.02000" in page


@pytest.mark.parametrize("place", [INSIDE, NEAR])
def test_a_site_inside_or_near_the_edge_is_no_reason(cast: Cast, now: datetime, place: Point) -> None:
    draw(cast.village)
    hang(cast, now, place)

    assert not list_outside(cast, now)


def test_without_an_outline_nothing_is_said(cast: Cast, now: datetime) -> None:
    hang(cast, now, FAR)
    assert not list_outside(cast, now)

    draw(cast.other_town)
    assert not list_outside(cast, now)


def test_outside_the_town_is_outside_its_village_too(cast: Cast, now: datetime) -> None:
    draw(cast.town)
    hang(cast, now, FAR)

    assert [reason.area for reason in list_outside(cast, now)] == [cast.town.code]


def test_the_villages_own_outline_goes_before_that_of_the_town(cast: Cast, now: datetime) -> None:
    draw(cast.town)
    draw(cast.village, 117.06)
    hang(cast, now, FAR)

    assert not list_outside(cast, now)


def test_an_outline_that_does_not_hold_any_more_says_nothing(cast: Cast, now: datetime) -> None:
    draw(cast.village)
    Outline.objects.update(closes_on=timezone.localdate(now))
    hang(cast, now, FAR)

    assert not list_outside(cast, now)


def test_a_position_of_the_phone_outside_is_a_reason_unless_it_may_be_that_inexact(cast: Cast, now: datetime) -> None:
    draw(cast.village)
    exact = enter(cast, now, "rally", {POSITION: write_position(Position(FAR, 20))}, place="广场")
    enter(cast, now, "rally", {POSITION: write_position(Position(FAR, 5000))}, place="村口")

    (reason,) = list_outside(cast, now)
    assert reason.first.record == exact.pk
    assert reason.limit == 520


def test_a_site_put_up_with_a_position_outside_is_one_reason_and_not_two(cast: Cast, now: datetime) -> None:
    draw(cast.village)
    extra = {POSITION: write_position(Position(FAR, 10))}
    enter(cast, now, extra=extra, subject="B-1", change=SiteChange.INSTALL, place="村口")

    assert len(list_outside(cast, now)) == 1


def test_a_site_that_was_taken_down_is_no_reason_any_more(cast: Cast, now: datetime) -> None:
    draw(cast.village)
    hang(cast, now, FAR)
    enter(cast, now, subject="B-1", change="remove")

    assert not list_outside(cast, now)


def test_moving_the_site_inside_ends_the_reason(cast: Cast, now: datetime) -> None:
    draw(cast.village)
    hang(cast, now, FAR)
    place_site(actor=cast.secretary, unit=cast.village, subject="B-1", point=INSIDE, now=now)

    assert not list_outside(cast, now)


def test_what_was_found_fine_is_asked_again_only_when_it_stands_elsewhere_outside(
    cast: Cast, visit: Visit, now: datetime
) -> None:
    draw(cast.village)
    hang(cast, now, FAR)
    (reason,) = list_outside(cast, now)
    answer(visit(cast.town_officer), reason, "fine")
    enter(cast, now, subject="B-1", change="seen")
    assert not list_outside(cast, now)

    place_site(actor=cast.secretary, unit=cast.village, subject="B-1", point=Point(117.09, 36.02), now=now)
    assert len(list_outside(cast, now)) == 1


def test_a_returned_place_is_mended_by_moving_the_site(cast: Cast, visit: Visit, now: datetime) -> None:
    draw(cast.village)
    record = hang(cast, now, FAR)
    (reason,) = list_outside(cast, now)
    answer(visit(cast.town_officer), reason, "returned", NOTE)
    assert [look.note for look in find_returned(record)] == [NOTE]

    later = timezone.now() + timedelta(minutes=5)
    place_site(actor=cast.secretary, unit=cast.village, subject="B-1", point=INSIDE, now=later)
    assert not find_returned(record)
    assert not pile_up(cast.town_officer, later).waiting


def test_only_those_above_are_asked_to_look(cast: Cast, visit: Visit, now: datetime) -> None:
    draw(cast.village)
    hang(cast, now, FAR)

    assert visit(cast.secretary).get("/looks/").status_code == 403
    assert "辖区外约" not in visit(cast.outsider).get("/looks/").content.decode()


def test_the_words_blame_nobody(cast: Cast, visit: Visit, now: datetime) -> None:
    draw(cast.village)
    hang(cast, now, FAR)
    page = visit(cast.town_officer).get("/looks/").content.decode()

    assert not {word for word in ("造假", "违规", "异常", "嫌疑", "弄虚") if word in page}


def test_the_record_that_is_looked_at_is_the_one_that_put_the_site_up(cast: Cast, now: datetime) -> None:
    draw(cast.village)
    record = hang(cast, now, FAR)
    enter(cast, now, subject="B-1", change="seen")

    (reason,) = list_outside(cast, now)
    assert reason.first.record == record.pk
