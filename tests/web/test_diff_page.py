"""Two plans side by side on their page, and a town's plan held against the county's."""

from typing import Any

import pytest
from django.test import Client

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.plans import NOW, RALLY, TABLE, make_draft
from wuzha.web.accounts.models import Unit
from wuzha.web.accounts.queries import read_tree
from wuzha.web.campaign.actions import plans as actions
from wuzha.web.campaign.actions import review
from wuzha.web.campaign.models import PlanVersion
from wuzha.web.campaign.queries.burden import forget_burdens
from wuzha.web.campaign.queries.diff import forget_comparisons

VILLAGES: dict[str, Any] = {"who": {"kind": ["village"]}}
TALK: dict[str, Any] = {
    "id": "talk",
    "clause": "三",
    "quote": "各村每季度开展1次宣讲",
    "who": {"kind": ["village"]},
    "do": "talk",
    "at_least": 1,
    "every": "quarter",
}
TWICE = RALLY | {"clause": "五", "quote": "各村（社区）每月至少开展2次集中宣传活动", "at_least": 2}


@pytest.fixture(autouse=True)
def _afresh() -> None:
    forget_burdens()
    forget_comparisons()


def make_plan(cast: Cast, title: str, unit: Unit, *duties: dict[str, Any]) -> PlanVersion:
    """An issued plan of the unit, whoever uploaded it."""
    plan = make_draft(cast, *duties)
    PlanVersion.objects.filter(pk=plan.pk).update(unit=unit, title=title)
    plan.refresh_from_db()
    review.accept_clear(actor=cast.officer, plan=plan, now=NOW)
    assert actions.issue_plan(actor=cast.officer, plan=plan, tree=read_tree(), now=NOW)
    plan.refresh_from_db()
    return plan


def show(client: Client, plan: PlanVersion, other: PlanVersion, **query: str) -> str:
    answer = client.get(f"/plans/{plan.pk}/diff/", {"with": str(other.pk), **query})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_answer_stands_first_and_both_sentences_beside_each_other(cast: Cast, visit: Visit) -> None:
    old = make_plan(cast, "去年的方案", cast.town, RALLY, TABLE)
    new = make_plan(cast, "今年的方案", cast.town, TWICE, TALK)

    page = show(visit(cast.secretary), new, old)

    assert "比《去年的方案》（青石镇，2027）多 1 条、少 1 条、加严 1 条，0 条没变。" in page
    assert RALLY["quote"] in page
    assert TWICE["quote"] in page
    assert "数量：至少 1 → 至少 2（加严）" in page
    assert "由同样的单位做同一件事" in page


def test_from_the_other_side_it_is_the_other_way_round(cast: Cast, visit: Visit) -> None:
    old = make_plan(cast, "去年的方案", cast.town, RALLY, TABLE)
    new = make_plan(cast, "今年的方案", cast.town, TWICE, TALK)

    assert "多 1 条、少 1 条、放宽 1 条" in show(visit(cast.secretary), old, new)


def test_two_equal_plans_are_said_to_be_equal(cast: Cast, visit: Visit) -> None:
    old = make_plan(cast, "去年的方案", cast.town, RALLY, TABLE)
    new = make_plan(cast, "今年的方案", cast.town, RALLY, TABLE)

    assert "和《去年的方案》（青石镇，2027）没有不同，2 条都没变。" in show(visit(cast.secretary), new, old)


def test_without_another_plan_chosen_those_in_sight_are_offered(cast: Cast, visit: Visit) -> None:
    county = make_plan(cast, "县里的方案", cast.county, RALLY)
    other = make_plan(cast, "河口镇的方案", cast.other_town, RALLY | VILLAGES)
    town = make_plan(cast, "镇里的方案", cast.town, RALLY)

    page = visit(cast.town_officer).get(f"/plans/{town.pk}/diff/").content.decode()

    assert f'<option value="{county.pk}">《县里的方案》（石桥县，2027）</option>' in page
    assert other.title not in page
    assert f'value="{town.pk}"' not in page


def test_with_no_other_plan_the_page_says_what_will_appear(cast: Cast, visit: Visit) -> None:
    plan = make_plan(cast, "镇里的方案", cast.town, RALLY)

    assert "还没有别的方案可比" in visit(cast.secretary).get(f"/plans/{plan.pk}/diff/").content.decode()


def test_both_plans_must_be_in_sight(cast: Cast, visit: Visit) -> None:
    county = make_plan(cast, "县里的方案", cast.county, RALLY)
    town = make_plan(cast, "镇里的方案", cast.town, RALLY)
    outsider = visit(cast.outsider)

    assert outsider.get(f"/plans/{county.pk}/diff/", {"with": town.pk}).status_code == 404
    assert outsider.get(f"/plans/{town.pk}/diff/", {"with": county.pk}).status_code == 404
    assert visit(cast.nobody).get(f"/plans/{county.pk}/diff/", {"with": town.pk}).status_code == 404
    assert visit(cast.officer).get(f"/plans/{county.pk}/diff/", {"with": town.pk}).status_code == 200


@pytest.mark.parametrize("text", ["x", "-1", "0", "9" * 30, "１", "%00"])
def test_what_is_no_plan_finds_nothing(cast: Cast, visit: Visit, text: str) -> None:
    plan = make_plan(cast, "镇里的方案", cast.town, RALLY)

    assert visit(cast.officer).get(f"/plans/{plan.pk}/diff/", {"with": text}).status_code == 404


def test_a_town_that_asks_less_than_the_county_is_told_so(cast: Cast, visit: Visit) -> None:
    county = make_plan(cast, "县里的方案", cast.county, TWICE | VILLAGES, TALK)
    town = make_plan(cast, "镇里的方案", cast.town, RALLY)
    client = visit(cast.town_officer)

    page = show(client, town, county, view="covers")

    assert "比上级方案要求低：有 2 条少要了或没有安排。" in page
    assert "数量：至少 2 → 至少 1（放宽）" in page
    assert "这份方案里没有安排。" in page
    assert show(client, county, town, view="covers").count("比上级方案要求低") == 1


def test_a_town_that_does_everything_is_told_so(cast: Cast, visit: Visit) -> None:
    hotels = RALLY | {"id": "hotel", "who": {"kind": "hotel"}}
    county = make_plan(cast, "县里的方案", cast.county, RALLY | VILLAGES, hotels)
    town = make_plan(cast, "镇里的方案", cast.town, TWICE)

    page = show(visit(cast.town_officer), town, county, view="covers")

    assert "上级方案的要求都落实了。" in page
    assert "不用下级办 1" in page


def test_two_plans_of_one_unit_are_not_higher_and_lower(cast: Cast, visit: Visit) -> None:
    old = make_plan(cast, "去年的方案", cast.town, RALLY)
    new = make_plan(cast, "今年的方案", cast.town, RALLY)

    page = show(visit(cast.secretary), new, old, view="covers")

    assert "compare-switch" not in page
    assert "没有不同" in page


def test_a_draft_is_compared_before_it_is_issued(cast: Cast, visit: Visit) -> None:
    old = make_plan(cast, "去年的方案", cast.town, RALLY)
    draft = make_draft(cast, RALLY, TALK)

    assert "多 1 条，1 条没变" in show(visit(cast.town_officer), draft, old)
    assert visit(cast.secretary).get(f"/plans/{old.pk}/diff/", {"with": draft.pk}).status_code == 404


def test_the_comparison_speaks_english(cast: Cast, visit: Visit) -> None:
    old = make_plan(cast, "去年的方案", cast.town, RALLY)
    new = make_plan(cast, "今年的方案", cast.town, TWICE)
    client = visit(cast.secretary)
    client.cookies["django_language"] = "en"

    page = show(client, new, old)

    assert "1 tightened; 0 unchanged" in page
    assert "amount: at least 1 → at least 2 (tighter)" in page
