"""Please have a look: what is out of the ordinary, for those above; a returned record tells its author what to mend."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from tests.adapters.photos import draw_scene, make_photo, save_jpeg
from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import make_record
from wuzha.core.ledger.reason import Reason, Unusual
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import AuditEntry, Unit, User
from wuzha.web.campaign.actions.burden import set_minutes
from wuzha.web.campaign.actions.evidence import take_in_file
from wuzha.web.campaign.actions.records import add_record, correct_record, withdraw_record
from wuzha.web.campaign.models import Look, Record
from wuzha.web.campaign.queries.looks import pile_up

NOTE = "照片是上个月那张，请补一张这次的。"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> None:
    settings.EVIDENCE = tmp_path / "evidence"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def enter(actor: User, unit: Unit, now: datetime, *, ago: int = 1, kind: str = "rally", quantity: int = 1) -> Record:
    """A record that has just arrived of what happened some days ago."""
    told = make_record(unit, timezone.localdate(now) - timedelta(ago), kind, quantity=quantity)
    outcome, problems = add_record(actor=actor, record=told, now=now)
    assert outcome.kept is not None, problems
    return outcome.kept


def add_photo(record: Record, content: bytes, now: datetime) -> None:
    progress, problems = take_in_file(
        actor=record.author, record_id=record.pk, name="现场.jpg", content=content, now=now
    )
    assert progress.complete, problems


def list_unusual(user: User, now: datetime) -> list[Unusual]:
    return [reason.unusual for reason in pile_up(user, now).open]


@pytest.fixture
def pair(cast: Cast, now: datetime) -> tuple[Record, Record]:
    """Records of two units with one and the same photo."""
    first = enter(cast.secretary, cast.village, now)
    second = enter(cast.town_officer, cast.community, now, ago=3)
    for record in (first, second):
        add_photo(record, make_photo(), now)
    return first, second


def answer(client: Client, reason: Reason, record: UUID, verdict: str = "fine", note: str = "") -> str:
    told = {"reason": reason.key, "record": str(record), "verdict": verdict, "note": note}
    return client.post("/looks/", told, follow=True).content.decode()


def test_one_photo_in_two_units_is_shown_with_both_sides(
    cast: Cast, visit: Visit, now: datetime, pair: tuple[Record, Record]
) -> None:
    page = visit(cast.town_officer).get("/looks/").content.decode()

    assert "两条记录用了同一张照片" in page
    assert page.count("/thumbnail") == 2
    assert {"柳湾村", "东社区"} <= {name for name in ("柳湾村", "东社区", "河口镇") if name in page}


def test_a_photo_shrunk_and_saved_again_is_seen_as_alike(cast: Cast, now: datetime) -> None:
    first, second = enter(cast.secretary, cast.village, now), enter(cast.secretary, cast.village, now, ago=9)
    add_photo(first, save_jpeg(draw_scene(4)), now)
    add_photo(second, save_jpeg(draw_scene(4).resize((320, 240)), quality=50), now)

    assert Unusual.ALIKE in list_unusual(cast.town_officer, now)


def test_different_photos_are_no_reason(cast: Cast, now: datetime) -> None:
    for seed, ago in enumerate((1, 2, 3)):
        add_photo(enter(cast.secretary, cast.village, now, ago=ago), make_photo(seed), now)

    assert not list_unusual(cast.town_officer, now)


def test_a_photo_that_stays_with_its_record_through_a_correction_is_no_reason(cast: Cast, now: datetime) -> None:
    record = enter(cast.secretary, cast.village, now)
    add_photo(record, make_photo(), now)
    told = make_record(cast.village, record.happened_on, quantity=2)
    outcome, problems = correct_record(actor=cast.secretary, original=record, record=told, now=now)
    assert outcome.kept, problems
    add_photo(outcome.kept, make_photo(), now)

    assert not list_unusual(cast.town_officer, now)


def test_what_came_late_is_shown_and_what_came_within_a_week_is_not(cast: Cast, now: datetime) -> None:
    enter(cast.secretary, cast.village, now, ago=7)
    assert not list_unusual(cast.town_officer, now)

    enter(cast.secretary, cast.village, now, ago=8)
    assert list_unusual(cast.town_officer, now) == [Unusual.LATE]


def test_a_correction_of_an_old_record_did_not_come_late(cast: Cast, now: datetime) -> None:
    early = now - timedelta(60)
    record = enter(cast.secretary, cast.village, early)
    told = make_record(cast.village, record.happened_on, quantity=3)
    correct_record(actor=cast.secretary, original=record, record=told, now=now)

    assert not list_unusual(cast.town_officer, now)


def test_five_rallies_of_four_hours_on_one_day_are_shown(cast: Cast, visit: Visit, now: datetime) -> None:
    for _ in range(5):
        enter(cast.secretary, cast.village, now)

    assert list_unusual(cast.town_officer, now) == [Unusual.FULL_DAY]
    page = visit(cast.town_officer).get("/looks/").content.decode()
    assert "一天记了 5 条，合起来约要 20 小时，这一天最多排得下 16 小时" in page
    assert "同一天还有" in page


def test_sixty_talks_in_one_record_are_shown_too(cast: Cast, visit: Visit, now: datetime) -> None:
    enter(cast.secretary, cast.village, now, kind="talk", quantity=60)

    assert list_unusual(cast.town_officer, now) == [Unusual.FULL_DAY]
    assert "一天记了 1 条，合起来约要" in visit(cast.town_officer).get("/looks/").content.decode()


def test_one_sees_what_lies_below_and_not_ones_own_unit(cast: Cast, now: datetime) -> None:
    enter(cast.town_officer, cast.town, now, ago=20)

    assert list_unusual(cast.officer, now) == [Unusual.LATE]
    assert list_unusual(cast.supervisor, now) == [Unusual.LATE]
    assert not list_unusual(cast.town_officer, now)


def test_the_same_photo_in_two_towns_is_seen_from_the_county_alone(cast: Cast, now: datetime) -> None:
    add_photo(enter(cast.secretary, cast.village, now), make_photo(), now)
    add_photo(enter(cast.outsider, cast.units["SQ0201"], now), make_photo(), now)

    assert list_unusual(cast.officer, now) == [Unusual.SAME_PHOTO]
    assert not list_unusual(cast.town_officer, now)
    assert not list_unusual(cast.outsider, now)


@pytest.mark.parametrize("who", ["secretary", "nobody"])
def test_who_reviews_nothing_does_not_see_the_page(cast: Cast, visit: Visit, who: str) -> None:
    assert visit(cast.people[who]).get("/looks/").status_code == 403


def test_what_was_looked_at_and_fine_is_gone_for_all(
    cast: Cast, visit: Visit, now: datetime, pair: tuple[Record, Record]
) -> None:
    (reason,) = pile_up(cast.town_officer, now).open

    page = answer(visit(cast.town_officer), reason, pair[0].pk)

    assert "看过，没问题" in page
    assert not list_unusual(cast.officer, now)
    assert AuditEntry.objects.get(action="look.fine").details == {"reason": reason.key}


def test_a_returned_record_tells_its_author_what_to_mend(
    cast: Cast, visit: Visit, now: datetime, pair: tuple[Record, Record]
) -> None:
    (reason,) = pile_up(cast.town_officer, now).open
    answer(visit(cast.town_officer), reason, pair[0].pk, "returned", NOTE)
    author = visit(cast.secretary)

    for address in ("/today/", f"/records/{pair[0].pk}/"):
        assert NOTE in author.get(address, follow=True).content.decode(), address
    assert NOTE not in author.get("/records/").content.decode()
    assert NOTE not in visit(cast.outsider).get("/today/", follow=True).content.decode()
    assert NOTE in visit(cast.town_officer).get("/looks/?state=waiting").content.decode()


def test_once_mended_it_comes_back_to_the_reviewer_and_leaves_the_author(
    cast: Cast, visit: Visit, now: datetime, pair: tuple[Record, Record]
) -> None:
    (reason,) = pile_up(cast.town_officer, now).open
    answer(visit(cast.town_officer), reason, pair[0].pk, "returned", NOTE)
    assert not list_unusual(cast.town_officer, now)
    told = make_record(cast.village, pair[0].happened_on, note="照片确实是这次的")
    correct_record(actor=cast.secretary, original=pair[0], record=told, now=now)

    assert NOTE not in visit(cast.secretary).get("/today/", follow=True).content.decode()
    page = visit(cast.town_officer).get("/looks/").content.decode()
    assert "之后已经补正" in page
    assert "照片确实是这次的" in page


def test_a_photo_that_is_added_is_an_answer_too(
    cast: Cast, visit: Visit, now: datetime, pair: tuple[Record, Record]
) -> None:
    (reason,) = pile_up(cast.town_officer, now).open
    answer(visit(cast.town_officer), reason, pair[0].pk, "returned", NOTE)
    later = timezone.now()
    add_photo(pair[0], make_photo(7), later)

    assert NOTE not in visit(cast.secretary).get("/today/", follow=True).content.decode()
    assert list_unusual(cast.town_officer, later) == [Unusual.SAME_PHOTO]


def test_a_record_taken_back_is_no_reason_any_more(cast: Cast, now: datetime, pair: tuple[Record, Record]) -> None:
    withdraw_record(actor=cast.secretary, original=pair[0], record_id=uuid4(), note="没有办", now=now)

    assert not list_unusual(cast.town_officer, now)


def test_nothing_is_returned_without_a_word(
    cast: Cast, visit: Visit, now: datetime, pair: tuple[Record, Record]
) -> None:
    (reason,) = pile_up(cast.town_officer, now).open

    page = answer(visit(cast.town_officer), reason, pair[0].pk, "returned", "  ")

    assert "退回时请写一句要补正什么" in page
    assert not Look.objects.exists()


def test_the_same_answer_twice_is_noted_once(
    cast: Cast, visit: Visit, now: datetime, pair: tuple[Record, Record]
) -> None:
    (reason,) = pile_up(cast.town_officer, now).open
    for _ in range(2):
        answer(visit(cast.town_officer), reason, pair[0].pk, "returned", NOTE)

    assert Look.objects.count() == 1


def test_a_reason_of_others_cannot_be_answered(
    cast: Cast, visit: Visit, now: datetime, pair: tuple[Record, Record]
) -> None:
    (reason,) = pile_up(cast.town_officer, now).open

    page = answer(visit(cast.outsider), reason, pair[0].pk, "returned", NOTE)
    assert "已经不在名单里" in page
    page = answer(visit(cast.town_officer), reason, uuid4(), "returned", NOTE)
    assert "已经不在名单里" in page
    assert not Look.objects.exists()


def test_the_page_names_no_person(cast: Cast, visit: Visit, now: datetime, pair: tuple[Record, Record]) -> None:
    page = visit(cast.officer).get("/looks/").content.decode()

    assert cast.secretary.display_name not in page
    assert cast.town_officer.display_name not in page


def test_half_a_year_is_as_far_as_photos_are_held_against_each_other(cast: Cast) -> None:
    then = datetime(2026, 1, 5, 4, tzinfo=UTC)
    first = enter(cast.secretary, cast.village, then)
    add_photo(first, make_photo(), then)
    late = then + timedelta(200)
    second = enter(cast.secretary, cast.village, late)
    add_photo(second, make_photo(), late)

    assert first.happened_on == date(2026, 1, 4)
    assert not list_unusual(cast.town_officer, late)


# --- days that hold too much, by the county's own minutes; what was found is kept only while it holds ---


def set_county_minutes(cast: Cast, unit: Unit, minutes: int, valid_from: date, now: datetime) -> None:
    set_minutes(
        actor=cast.officer, unit=unit, kind="visit", minutes=minutes, valid_from=valid_from, reason="量过", now=now
    )


def list_full_days(user: User, now: datetime) -> list[tuple[int, int]]:
    """Of each full day its records and its minutes."""
    found = pile_up(user, now).open
    return [(len(reason.records), reason.measure) for reason in found if reason.unusual == Unusual.FULL_DAY]


def test_a_full_day_is_reckoned_with_the_countys_own_minutes_of_that_day(cast: Cast, now: datetime) -> None:
    """Ten minutes a visit come with Wuzha: three visits fill no day. The county has measured six hours."""
    day = timezone.localdate(now)
    for _ in range(3):
        enter(cast.secretary, cast.village, now, ago=1, kind="visit")
        enter(cast.secretary, cast.village, now, ago=9, kind="visit")
    assert list_full_days(cast.officer, now) == []

    set_county_minutes(cast, cast.county, 360, day - timedelta(5), now)

    assert list_full_days(cast.officer, now) == [(3, 1080)]


def test_the_nearest_units_figures_hold_and_another_branchs_do_not(cast: Cast, now: datetime) -> None:
    for _ in range(3):
        enter(cast.secretary, cast.village, now, kind="visit")
    longest = timezone.localdate(now) - timedelta(60)
    set_county_minutes(cast, cast.other_town, 470, longest, now)
    assert list_full_days(cast.officer, now) == []
    set_county_minutes(cast, cast.county, 360, longest, now)
    set_county_minutes(cast, cast.town, 20, longest, now)
    assert list_full_days(cast.officer, now) == []
    set_county_minutes(cast, cast.town, 400, longest, now)
    assert list_full_days(cast.officer, now) == [(3, 1200)]


def test_what_was_found_is_found_anew_with_each_record_and_each_correction(cast: Cast, now: datetime) -> None:
    for _ in range(4):
        last = enter(cast.secretary, cast.village, now, kind="rally")
    assert list_full_days(cast.officer, now) == []
    fifth = enter(cast.secretary, cast.village, now, kind="rally")
    assert list_full_days(cast.officer, now) == [(5, 1200)]
    withdraw_record(actor=cast.secretary, original=last, note="多记了", now=now, record_id=uuid4())
    assert list_full_days(cast.officer, now) == []
    told = make_record(cast.village, fifth.happened_on, "rally", quantity=2)
    correct_record(actor=cast.secretary, original=fifth, record=told, now=now)
    assert list_full_days(cast.officer, now) == [(4, 1200)]


def test_each_reviewer_is_shown_what_is_below_them_and_not_what_another_was_shown(cast: Cast, now: datetime) -> None:
    for _ in range(5):
        enter(cast.secretary, cast.village, now, kind="rally")

    assert list_full_days(cast.officer, now) == [(5, 1200)]
    assert list_full_days(cast.outsider, now) == []
    assert list_full_days(cast.nobody, now) == []


def test_what_arrived_more_than_a_month_ago_is_not_shown_any_more(cast: Cast, now: datetime) -> None:
    for _ in range(5):
        enter(cast.secretary, cast.village, now, kind="rally")

    assert list_full_days(cast.officer, now + timedelta(31)) == [(5, 1200)]
    assert list_full_days(cast.officer, now + timedelta(32)) == []


def test_a_look_at_a_pile_that_has_not_changed_asks_for_no_records(
    cast: Cast, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        enter(cast.secretary, cast.village, now, kind="rally")
    pile_up(cast.officer, now)
    with django_assert_max_num_queries(12) as asked:
        pile_up(cast.officer, now)

    assert not [
        query["sql"] for query in asked.captured_queries if '"campaign_record"."received_at" >= ' in query["sql"]
    ]


def test_a_village_that_moved_away_is_not_shown_to_those_it_has_left(cast: Cast, now: datetime) -> None:
    for _ in range(5):
        enter(cast.secretary, cast.village, now, kind="rally")
    assert list_full_days(cast.town_officer, now) == [(5, 1200)]

    Unit.objects.filter(pk=cast.village.pk).update(parent=cast.other_town, path="SQ/SQ02/SQ0101/")
    write_audit(action="unit.moved", actor=cast.officer, target=cast.village, at=now)

    assert list_full_days(cast.town_officer, now) == []
    assert list_full_days(cast.outsider, now) == [(5, 1200)]
