"""Pages of a past day show the tree of that day everywhere, and open to nobody what is not theirs today."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, issue_plan
from wuzha.core.base.interval import make_inclusive
from wuzha.core.plan.waiver import WaiverSaid
from wuzha.web.accounts import tree_actions as actions
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.actions.waivers import give_waiver
from wuzha.web.campaign.models import PlanVersion

NOW = datetime(2026, 7, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
JULY = date(2026, 7, 1)
BEFORE = "as_of=2026-05-31"
CRUMBS = re.compile(r'<nav class="crumbs".*?</nav>', re.DOTALL)


def make_ground(actor: User) -> actions.Ground:
    return actions.Ground(JULY, "区划调整", "石政函〔2026〕12号", actor, NOW)


def read(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def read_crumbs(browser: Client, path: str) -> str:
    found = CRUMBS.search(read(browser, path))
    assert found is not None
    return found.group()


@pytest.fixture
def moved(cast: Cast) -> Cast:
    """柳湾村 went over from 青石镇 to 河口镇 on 1 July, and 青石镇 has had another name since."""
    actions.move_unit(unit=cast.village, parent=cast.other_town, ground=make_ground(cast.officer))
    actions.rename_unit(unit=cast.town, name="青石街道", ground=make_ground(cast.officer))
    return cast


@pytest.mark.parametrize("page", ["/units/SQ0101/", "/units/SQ0101/standing/", "/standings/SQ0101/", "/sites/SQ0101/"])
def test_the_way_up_is_that_of_the_day(moved: Cast, visit: Visit, page: str) -> None:
    issue_plan(moved)
    then, now = (read_crumbs(visit(moved.officer), f"{page}{query}") for query in (f"?{BEFORE}", ""))

    assert "青石镇</a>" in then
    assert "河口镇" not in then
    assert "河口镇</a>" in now
    assert "青石" not in now


def test_a_unit_above_that_is_out_of_sight_is_named_and_not_led_to(moved: Cast, visit: Visit) -> None:
    then = read_crumbs(visit(moved.outsider), f"/units/SQ0101/?{BEFORE}")

    assert "<span>青石镇</span>" in then
    assert "SQ01/" not in then
    assert "石桥县" not in then, "the county is no more theirs to read of than it is today"
    assert "青石" not in read_crumbs(visit(moved.outsider), "/units/SQ0101/")


def test_the_plain_list_of_a_unit_has_the_records_of_what_stood_below_it(moved: Cast, visit: Visit) -> None:
    pk = str(enter(moved.officer, moved.village, date(2026, 5, 4)).pk)

    assert pk in read(visit(moved.officer), f"/records/?unit=SQ01&{BEFORE}")
    assert pk not in read(visit(moved.officer), f"/records/?unit=SQ02&{BEFORE}")
    assert pk in read(visit(moved.officer), "/records/?unit=SQ02")
    assert pk not in read(visit(moved.officer), "/records/?unit=SQ01")
    assert pk not in read(visit(moved.town_officer), f"/records/?unit=SQ01&{BEFORE}"), "not theirs any more"
    assert pk in read(visit(moved.officer), f"/units/SQ01/standing/?{BEFORE}")


def test_a_figure_names_the_units_of_the_day_and_leads_to_those_in_sight(moved: Cast, visit: Visit) -> None:
    plan = issue_plan(moved)
    page = f"/standings/SQ01/{plan.pk}/rally/?{BEFORE}"

    theirs, all_of_it = read(visit(moved.town_officer), page), read(visit(moved.officer), page)
    for text in (theirs, all_of_it):
        assert "柳湾村" in text
        assert "青石镇" in text
    assert "/SQ0101/" not in theirs
    assert "后来划走了" in theirs
    assert "/SQ0101/" in all_of_it
    assert "后来划走了" not in all_of_it


def test_the_page_of_the_day_leads_to_no_unit_that_has_left(moved: Cast, visit: Visit) -> None:
    issue_plan(moved)
    page = read(visit(moved.town_officer), "/today/?as_of=2026-05-31")

    assert "柳湾村" in page, "it was behind on that day, and the town answered for it"
    assert "/SQ0101/" not in page
    assert "/SQ0101/" in read(visit(moved.officer), "/today/?as_of=2026-05-31")


def test_sites_are_listed_where_they_stood_for_whom_may_see_them(moved: Cast, visit: Visit) -> None:
    told = {"subject": "LW-1", "change": "install", "place": "村口"}
    enter(moved.officer, moved.village, date(2026, 5, 4), "banner", **told)

    assert "LW-1" in read(visit(moved.officer), f"/sites/SQ01/?{BEFORE}")
    assert "LW-1" not in read(visit(moved.officer), f"/sites/SQ02/?{BEFORE}")
    assert "LW-1" in read(visit(moved.outsider), "/sites/SQ02/")
    assert "LW-1" not in read(visit(moved.town_officer), f"/sites/SQ01/?{BEFORE}")


def test_a_former_name_is_found_and_stands_on_the_pages_of_its_days(moved: Cast, visit: Visit) -> None:
    then = read(visit(moved.officer), f"/units/?words=青石镇&{BEFORE}")
    now = read(visit(moved.officer), "/units/?words=青石镇")

    assert 'SQ01/?as_of=2026-05-31">青石镇</a>' in then
    assert 'SQ01/">青石街道</a>' in now
    above = read(visit(moved.officer), f"/units/?words=柳湾&{BEFORE}")
    assert "<td>青石镇</td>" in above


def test_a_list_of_records_as_a_file_is_that_of_the_day_too(moved: Cast, visit: Visit) -> None:
    pk = str(enter(moved.officer, moved.town, date(2026, 5, 4)).pk)
    browser = visit(moved.officer)

    def save(query: str) -> str:
        return browser.get(f"/records/export.csv?{query}").getvalue().decode("utf-8-sig")

    then, now = save(f"unit=SQ01&{BEFORE}"), save("unit=SQ01")
    assert pk in then
    assert "青石镇" in then
    assert "青石街道" not in then
    assert "青石街道" in now


def test_the_plans_of_a_day_name_their_issuers_as_they_were_called(moved: Cast, visit: Visit) -> None:
    issue_plan(moved, unit=moved.town)

    assert "青石镇" in read(visit(moved.officer), f"/plans/?{BEFORE}")
    assert "青石街道" in read(visit(moved.officer), "/plans/")


def set_aside(cast: Cast, plan: PlanVersion, unit: Unit, reason: str) -> None:
    days = make_inclusive(date(2026, 5, 1), date(2026, 9, 30))
    said = WaiverSaid("rally", unit.code, days, reason, is_below=True, given_by="石桥县")
    give_waiver(actor=cast.officer, version=plan, unit=unit, said=said, now=NOW)


def test_what_is_set_aside_with_all_below_is_for_those_who_stood_there_on_its_first_day(
    moved: Cast, visit: Visit
) -> None:
    plan = issue_plan(moved)
    set_aside(moved, plan, moved.town, "青石修路")
    set_aside(moved, plan, moved.other_town, "河口防汛")
    page = read(visit(moved.officer), f"/units/SQ0101/waivers/{plan.pk}/rally/")

    assert "青石修路" in page
    assert "河口防汛" not in page
    other = read(visit(moved.officer), f"/units/SQ0201/waivers/{plan.pk}/rally/")
    assert "河口防汛" in other
    assert "青石修路" not in other


def test_a_duty_is_set_aside_for_those_below_who_bear_the_windows(moved: Cast, visit: Visit) -> None:
    """From May on for all of 青石镇 as it stood then: 柳湾村, which left in July, and
    东社区, four months each."""
    plan = issue_plan(moved)
    told = {"opens_on": "2026-05-01", "last_on": "2026-08-31", "is_below": "on", "reason": "修路"}
    page = visit(moved.officer).post(f"/units/SQ01/waivers/{plan.pk}/rally/", told, follow=True).content.decode()

    assert "已免办 8 期" in page


def test_a_window_that_is_set_aside_is_not_said_to_be_beyond_telling(cast: Cast, visit: Visit) -> None:
    set_aside(cast, issue_plan(cast), cast.village, "村口修路")
    page = read(visit(cast.officer), "/units/SQ0101/standing/?as_of=2026-06-15")
    block = page.split('id="rally"')[1].split("</section>")[0]

    assert "免办" in block
    assert "不计数" in block
    assert "无法判断" not in block
