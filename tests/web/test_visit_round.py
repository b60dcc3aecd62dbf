"""A visit round: who is left, by number, and each tick one record."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter
from wuzha.web.campaign.actions.rounds import set_subjects
from wuzha.web.campaign.models import Record, SubjectList

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
