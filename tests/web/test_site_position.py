"""A phone says where a site stands: with the record about it, once, and never over something that was said later."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.test_phone_records import make_told, read_codes, read_results, send
from wuzha.core.ground.point import Point
from wuzha.web.accounts.models import AuditEntry
from wuzha.web.campaign.actions.roads import place_site
from wuzha.web.campaign.models import Record, SitePlace

HERE, THERE = "34.765432,113.123456 ±12m", "34.770000,113.130000 ±8m"


def make_site(position: str = HERE, **fields: Any) -> dict[str, Any]:
    plain = {"kind": "banner", "subject": "横-7", "change": "install", "place": "村口", "people": None}
    return make_told(**(plain | {"extra": {"position": position}} | fields))


def find_point() -> tuple[float, float]:
    place = SitePlace.objects.get()
    return place.lat, place.lon


def ago(minutes: int) -> str:
    return (timezone.now() - timedelta(minutes=minutes)).isoformat()


def test_the_record_puts_its_site_on_the_map_and_keeps_how_exact_it_is(cast: Cast, visit: Visit) -> None:
    told = make_site()
    client = visit(cast.secretary)

    assert read_results(send(client, told)) == ["saved"]

    assert find_point() == (34.765432, 113.123456)
    assert Record.objects.get().extra == {"position": HERE}
    place = SitePlace.objects.get()
    assert (place.unit, place.subject) == (cast.village, "横-7")
    entry = AuditEntry.objects.get(action="site.placed")
    assert (entry.actor, entry.details["unit"]) == (cast.secretary, "SQ0101")
    assert "±12m" in client.get(reverse("campaign:record", args=[told["id"]])).content.decode()


def test_the_same_record_again_does_nothing_to_a_site_that_was_moved_since(cast: Cast, visit: Visit) -> None:
    told = make_site()
    client = visit(cast.secretary)
    send(client, told)
    place_site(actor=cast.officer, unit=cast.village, subject="横-7", point=Point(113.5, 34.5), now=timezone.now())

    assert read_results(send(client, told)) == ["known"]

    assert find_point() == (34.5, 113.5)
    assert AuditEntry.objects.filter(action="site.placed").count() == 2


def test_whichever_comes_last_the_place_that_was_said_last_holds(cast: Cast, visit: Visit) -> None:
    client = visit(cast.secretary)
    send(client, make_site(THERE, change="seen", recorded_at=ago(5)))
    send(client, make_site(HERE, recorded_at=ago(90)))
    assert find_point() == (34.77, 113.13)
    assert Record.objects.count() == 2


def test_a_clock_that_runs_ahead_keeps_no_later_place_out(cast: Cast, visit: Visit) -> None:
    """A year ahead, and told so with the sending; then another phone whose clock is right."""
    ahead = timedelta(days=365)
    client = visit(cast.secretary)
    sent_at = (timezone.now() + ahead).isoformat()
    recorded_at = (timezone.now() + ahead - timedelta(minutes=9)).isoformat()
    send(client, make_site(HERE, recorded_at=recorded_at), sent_at=sent_at)
    placed_at = SitePlace.objects.get().placed_at
    assert placed_at is not None
    assert placed_at <= timezone.now() - timedelta(minutes=8)
    send(client, make_site(THERE, change="seen"))
    assert find_point() == (34.77, 113.13)


@pytest.mark.parametrize("year", ["0001", "4200", "9999"])
def test_a_clock_that_is_ages_off_keeps_neither_its_record_nor_its_site_out(
    cast: Cast, visit: Visit, year: str
) -> None:
    answer = send(visit(cast.secretary), make_site(), sent_at=f"{year}-12-31T00:00:00+00:00")

    assert read_results(answer) == ["saved"]
    assert SitePlace.objects.get().placed_at == Record.objects.get().received_at


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": ""},
        {"change": "remove"},
        {"position": "34.765432,113.123456 ±2500m"},
        {"kind": "rally", "change": "", "subject": "横-7", "people": 30},
    ],
    ids=["no number", "taken down", "too coarse", "no site"],
)
def test_what_says_nothing_of_where_a_site_stands_moves_none(cast: Cast, visit: Visit, fields: dict[str, Any]) -> None:
    assert read_results(send(visit(cast.secretary), make_site(**fields))) == ["saved"]
    assert not SitePlace.objects.exists()
    assert "position" in Record.objects.get().extra


def test_a_place_outside_the_units_outline_is_no_reason_to_refuse(cast: Cast, visit: Visit) -> None:
    assert read_results(send(visit(cast.secretary), make_site("20.000000,100.000000"))) == ["saved"]
    assert find_point() == (20.0, 100.0)


def test_a_position_where_no_place_is_asked_for_is_refused(cast: Cast, visit: Visit) -> None:
    told = make_told(kind="leaflet", people=None, quantity=5, extra={"position": HERE})
    assert read_codes(send(visit(cast.secretary), told)) == [("extra", "record.extra-unknown")]


@pytest.mark.parametrize("who", ["outsider", "supervisor", "nobody"])
def test_nobody_moves_a_site_where_they_may_not_record(cast: Cast, visit: Visit, who: str) -> None:
    assert read_results(send(visit(cast.people[who]), make_site())) == ["refused"]
    assert not SitePlace.objects.exists()


def correct(visit: Visit, cast: Cast, told: dict[str, Any], **fields: str) -> Record:
    client = visit(cast.secretary)
    page = reverse("campaign:record-correct", args=[told["id"]])
    form = client.get(page).context["form"]
    typed = {name: "" if value is None else str(value) for name, value in form.initial.items()}
    assert client.post(page, typed | fields).status_code == 302
    return Record.objects.get(replaces=told["id"])


def test_a_correction_at_the_desk_keeps_the_position_and_moves_nothing_back(cast: Cast, visit: Visit) -> None:
    told = make_site(recorded_at=ago(60))
    send(visit(cast.secretary), told)
    moved_at: datetime = timezone.now()
    place_site(actor=cast.officer, unit=cast.village, subject="横-7", point=Point(113.5, 34.5), now=moved_at)
    corrected = correct(visit, cast, told, note="字迹补过")
    assert corrected.extra == {"position": HERE}
    assert find_point() == (34.5, 113.5)


def test_a_correction_of_the_number_places_the_right_site(cast: Cast, visit: Visit) -> None:
    told = make_site(recorded_at=ago(60))
    send(visit(cast.secretary), told)
    correct(visit, cast, told, subject="横-8")
    place = SitePlace.objects.get(subject="横-8")
    assert (place.lat, place.lon) == (34.765432, 113.123456)
