"""A visit round: who is left, by number, and each tick one record."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, issue_plan, make_record
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.actions.records import correct_record, withdraw_record
from wuzha.web.campaign.actions.rounds import set_subjects
from wuzha.web.campaign.models import Record, SubjectList
from wuzha.web.campaign.queries.rounds import find_round, list_calls

ROUND = "/rounds/SQ0101/"


@pytest.fixture
def listed(cast: Cast) -> None:
    set_subjects(actor=cast.secretary, unit=cast.village, numbers="1-4，9", now=timezone.now())


def list_ticks(page: str) -> list[str]:
    return re.findall(r'name="tick" value="([^"]+)"', page)


@pytest.mark.usefixtures("listed")
def test_a_tap_makes_one_record_and_takes_the_number_off(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.secretary)
    ticks = list_ticks(browser.get(ROUND).content.decode())
    assert [tick.split(" ")[1] for tick in ticks] == ["1", "2", "3", "4", "9"]

    page = browser.post(ROUND, {"tick": ticks[1]}, follow=True).content.decode()
    browser.post(ROUND, {"tick": ticks[1]})

    record = Record.objects.get()
    assert (record.kind, record.subject, record.unit, record.quantity) == ("visit", "2", cast.village, 1)
    assert [tick.split(" ")[1] for tick in list_ticks(page)] == ["1", "3", "4", "9"]
    assert "今年已走访 1 / 640 户" in page
    assert "名单上 5 个编号，还剩 4 个" in page


@pytest.mark.usefixtures("listed")
def test_the_same_number_visited_twice_is_one_household_and_what_was_taken_back_is_left_again(
    cast: Cast, visit: Visit
) -> None:
    year = timezone.localdate().year
    for day in (2, 3):
        enter(cast.secretary, cast.village, date(year, 1, day), "visit", subject="3")
    enter(cast.secretary, cast.village, date(year, 1, 4), "visit", quantity=7)
    enter(cast.secretary, cast.village, date(year, 1, 5), "visit", subject="77")

    page = visit(cast.secretary).get(ROUND).content.decode()

    assert f"今年已走访 {1 + 1 + 7} / 640 户" in page
    assert "另有 7 户没记编号" in page
    assert "有 1 个走访过的编号不在名单上： 77" in page


def test_a_list_is_kept_and_names_are_refused(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.secretary)
    refused = browser.post(reverse("campaign:round-numbers", args=["SQ0101"]), {"numbers": "1-3，柳大壮"})
    assert refused.status_code == 422
    assert "不写姓名" in refused.content.decode()
    assert not SubjectList.objects.exists()

    browser.post(reverse("campaign:round-numbers", args=["SQ0101"]), {"numbers": "1-3"})
    assert SubjectList.objects.get().numbers == "1-3"


def test_ranges_of_doors_are_kept_and_the_number_of_them_is_said(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.secretary)
    numbers = "3栋101-3栋104\nSQ010101-001至SQ010101-003"
    page = browser.post(reverse("campaign:round-numbers", args=["SQ0101"]), {"numbers": numbers}, follow=True)

    assert "共 7 个编号" in page.content.decode()
    ticks = [tick.split(" ")[1] for tick in list_ticks(page.content.decode())]
    assert ticks == ["3栋101", "3栋102", "3栋103", "3栋104", "SQ010101-001", "SQ010101-002", "SQ010101-003"]


def test_a_range_that_cannot_be_read_is_told_with_its_line_and_how_to_write_it(cast: Cast, visit: Visit) -> None:
    numbers = {"numbers": "1-3\n3栋101-4栋104"}
    refused = visit(cast.secretary).post(reverse("campaign:round-numbers", args=["SQ0101"]), numbers)

    page = refused.content.decode()
    assert refused.status_code == 422
    assert "第 2 行：“3栋101-4栋104”像是一段编号" in page
    assert "请写成 3栋101-3栋120" in page
    assert not SubjectList.objects.exists()


@pytest.mark.usefixtures("listed")
def test_a_supervisor_sees_the_round_and_ticks_nothing(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.supervisor)
    page = browser.get(ROUND).content.decode()

    assert "名单上 5 个编号，还剩 5 个" in page
    assert list_ticks(page) == []
    assert browser.post(ROUND, {"tick": "x 1"}).status_code == 403
    assert browser.post(reverse("campaign:round-numbers", args=["SQ0101"]), {"numbers": "1"}).status_code == 403


@pytest.mark.usefixtures("listed")
def test_an_outsider_finds_no_round(cast: Cast, visit: Visit) -> None:
    assert visit(cast.outsider).get(ROUND).status_code == 404
    assert visit(cast.outsider).post(ROUND, {"tick": "x 1"}).status_code == 404


@pytest.mark.usefixtures("listed")
def test_a_tick_that_cannot_be_read_makes_no_record(cast: Cast, visit: Visit) -> None:
    assert visit(cast.secretary).post(ROUND, {"tick": "not-an-id 1"}).status_code == 302
    assert not Record.objects.exists()


# --- rounds that follow a duty ---

BY_TALK = """
  - {{id: homes, clause: 二（三）, who: {{kind: village}}, cover: household, through: home_visit, at_least: 100%,
     for: [老人], from: {year}-{month:02}-01, by: {year}-12-31}}
"""
BY_TOWN = "  - {id: town-homes, who: {kind: town}, cover: household, at_least: 50%}\n"


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.mark.usefixtures("listed")
def test_a_round_follows_the_duty_of_the_plan_with_its_target_and_its_last_day(
    cast: Cast, visit: Visit, today: date
) -> None:
    plan = issue_plan(cast, year=today.year)
    enter(cast.secretary, cast.village, date(today.year, 1, 1), "visit", subject="3")
    last_year = date(today.year - 1, 12, 31)
    enter(cast.secretary, cast.village, last_year, "visit", subject="4")

    page = visit(cast.secretary).get(ROUND).content.decode()

    assert "已走访 1 / 640 户" in page
    assert "还差 319 户" in page
    assert reverse("campaign:cell", args=["SQ0101", plan.pk, "visits"]) in page
    assert [tick.split(" ")[1] for tick in list_ticks(page)] == ["1", "2", "4", "9"]


def test_a_round_counts_what_the_standing_counts(cast: Cast, today: date) -> None:
    plan = issue_plan(cast, year=today.year)
    grid = Unit.objects.create(
        code="SQ010101", name="柳湾一组", kind="grid", parent=cast.village, path="SQ/SQ01/SQ0101/SQ010101/"
    )
    first = date(today.year, 1, 1)
    for unit, subject in ((cast.village, "3"), (cast.village, "3"), (grid, "3"), (grid, "8"), (cast.community, "3")):
        enter(cast.officer, unit, first, "visit", subject=subject)
    enter(cast.officer, grid, first, "visit", quantity=5)
    enter(cast.officer, grid, first, "rally", quantity=5)

    (call,) = list_calls(cast.village, today)
    found = find_round(cast.village, today, call)

    assert (found.done, call.in_force.version) == (3 + 5, plan)
    assert found.standing is not None
    assert found.standing.tally.value == found.done
    assert find_round(grid, today, list_calls(grid, today)[0]).done == 2 + 5
    county = find_round(cast.county, today, list_calls(cast.county, today)[0])
    assert (county.done, county.standing) == (4 + 5, None)


@pytest.mark.usefixtures("listed")
def test_with_several_duties_the_person_picks_and_a_tap_counts_for_the_one_picked(
    cast: Cast, visit: Visit, today: date
) -> None:
    plan = issue_plan(cast, year=today.year, more=BY_TALK.format(year=today.year, month=today.month))
    browser = visit(cast.secretary)
    enter(cast.secretary, cast.village, today, "visit", subject="1")
    page = browser.get(ROUND).content.decode()
    first, second = ("visits", "homes") if today <= date(today.year, 6, 30) else ("homes", "visits")
    assert f'href="?duty={plan.pk}-{first}" aria-current="true"' in page
    assert f'href="?duty={plan.pk}-{second}"' in page
    chosen = f"{ROUND}?duty={plan.pk}-homes"
    other = browser.get(chosen).content.decode()
    ticks = list_ticks(other)
    assert [tick.split(" ")[1] for tick in ticks] == ["1", "2", "3", "4", "9"]
    assert f'action="{chosen}"' in other

    after = browser.post(chosen, {"tick": ticks[1]}, follow=True).content.decode()

    record = Record.objects.get(subject="2")
    assert (record.kind, record.audience, record.happened_on) == ("home_visit", "老人", today)
    assert [tick.split(" ")[1] for tick in list_ticks(after)] == ["1", "3", "4", "9"]
    assert "已走访 1 / 640 户" in after
    assert browser.get(f"{ROUND}?duty={plan.pk}-rally").status_code == 404
    kept = browser.post(reverse("campaign:round-numbers", args=["SQ0101"]) + f"?duty={plan.pk}-homes", {"numbers": "5"})
    assert kept["Location"] == chosen


def test_a_visit_elsewhere_than_the_duty_asks_does_not_count_for_its_round(cast: Cast, today: date) -> None:
    issue_plan(cast, year=today.year, more=BY_TALK.format(year=today.year, month=today.month))
    for subject, audience in (("1", "独居老人"), ("2", "商户")):
        enter(cast.secretary, cast.village, today, "home_visit", subject=subject, audience=audience)
    homes = next(call for call in list_calls(cast.village, today) if call.duty.id == "homes")

    assert find_round(cast.village, today, homes).named == 1


def test_without_a_duty_in_force_a_round_is_the_calendar_year(cast: Cast, visit: Visit, today: date) -> None:
    issue_plan(cast, year=today.year - 1)

    assert list_calls(cast.village, today) == []
    page = visit(cast.secretary).get(ROUND).content.decode()
    assert "今年已走访 0 / 640 户" in page
    assert "这一轮按今年算" in page


def test_a_duty_of_the_town_sends_its_villages_round_and_one_beside_it_does_not(cast: Cast, today: date) -> None:
    issue_plan(cast, year=today.year, more=BY_TOWN)

    in_order = ["visits", "town-homes"] if today <= date(today.year, 6, 30) else ["town-homes", "visits"]
    assert [call.duty.id for call in list_calls(cast.village, today)] == in_order
    assert [call.duty.id for call in list_calls(cast.school, today)] == ["town-homes"]


@pytest.mark.usefixtures("listed")
def test_a_visit_that_was_taken_back_or_told_anew_is_left_again(cast: Cast, today: date) -> None:
    gone, wrong = (enter(cast.secretary, cast.village, today, "visit", subject=number) for number in ("1", "2"))
    assert find_round(cast.village, today).left == ["3", "4", "9"]
    now = timezone.now()
    withdraw_record(actor=cast.secretary, original=gone, record_id=uuid4(), note="没去成", now=now)
    told = make_record(cast.village, today, "visit", subject="9")
    correct_record(actor=cast.secretary, original=wrong, record=told, now=now)

    assert find_round(cast.village, today).left == ["1", "2", "3", "4"]


NO_ROUND = """
  - {id: venues, who: {kind: village}, cover: venue, at_least: 100%}
  - {id: some, who: {kind: village}, cover: household, vague: true}
  - {id: talks, who: {kind: village}, cover: household, through: talk, at_least: 50%}
"""


def test_what_sends_nobody_from_house_to_house_is_no_round(cast: Cast, today: date) -> None:
    """Venues are no households, a vague duty has no goal, and at a talk no household tells its number."""
    issue_plan(cast, year=today.year, more=NO_ROUND)

    assert [call.duty.id for call in list_calls(cast.village, today)] == ["visits"]
