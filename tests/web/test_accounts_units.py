"""Units as their people see them: down the tree, as of a day, by name or code."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from tests.web.cast import Cast
from tests.web.conftest import Visit
from wuzha.web.accounts import access
from wuzha.web.accounts.models import Attribute, Post, Unit
from wuzha.web.accounts.queries import read_tree

TODAY = date(2026, 6, 1)


def list_codes(units: Iterable[Unit]) -> list[str]:
    return [unit.code for unit in units]


def test_a_post_opens_its_unit_and_everything_below(cast: Cast) -> None:
    assert list_codes(access.list_visible_units(cast.town_officer, TODAY)) == [
        "SQ01",
        "SQ0101",
        "SQ0102",
        "SQ01B1",
        "SQ01P1",
        "SQ01S1",
    ]
    assert list_codes(access.list_visible_units(cast.secretary, TODAY)) == ["SQ0101"]
    assert list_codes(access.list_visible_units(cast.nobody, TODAY)) == []


def test_a_code_that_only_begins_alike_is_not_below(cast: Cast) -> None:
    Unit.objects.create(code="SQ01-2", name="青石镇二中", kind="school", parent=cast.county, path="SQ/SQ01-2/")

    assert "SQ01-2" not in list_codes(access.list_visible_units(cast.town_officer, TODAY))


def test_two_posts_open_both_subtrees(cast: Cast) -> None:
    Post.objects.create(user=cast.secretary, unit=cast.other_town, role=Post.Role.SUPERVISOR)

    assert list_codes(access.list_visible_units(cast.secretary, TODAY)) == ["SQ0101", "SQ02", "SQ0201"]
    assert not access.may_record(cast.secretary, cast.other_town, TODAY)
    assert access.may_record(cast.secretary, cast.village, TODAY)


@pytest.mark.parametrize(
    ("who", "manages", "records"),
    [
        ("officer", True, True),
        ("town_officer", True, True),
        ("secretary", False, True),
        ("supervisor", False, False),
        ("outsider", False, False),
        ("nobody", False, False),
    ],
)
def test_officers_manage_secretaries_record_supervisors_look(
    cast: Cast, who: str, manages: bool, records: bool
) -> None:
    user = cast.people[who]

    assert access.may_manage(user, cast.village, TODAY) is manages
    assert access.may_record(user, cast.village, TODAY) is records


def test_a_post_is_in_force_from_its_first_day_to_the_day_before_it_closes(cast: Cast) -> None:
    cast.secretary.posts.update(opens_on=date(2026, 3, 1), closes_on=date(2026, 6, 1))
    seen = {
        day: access.list_visible_units(cast.secretary, day).exists()
        for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 5, 31), date(2026, 6, 1))
    }

    assert list(seen.values()) == [False, True, True, False]


def test_the_tree_is_browsed_level_by_level(cast: Cast, visit: Visit) -> None:
    page = visit(cast.officer).get("/units/").content.decode()

    assert "直属下级单位 2 个" in page
    assert "青石镇" in page
    assert "渡头村" not in page


def test_a_unit_shows_its_figures_with_day_and_source(cast: Cast, visit: Visit) -> None:
    Attribute.objects.create(
        unit=cast.village, name="population", value=Decimal(2210), valid_from=date(2026, 5, 1), source="年中核实"
    )
    browser = visit(cast.secretary)
    before = browser.get("/units/SQ0101/?as_of=2026-04-30").content.decode()
    after = browser.get("/units/SQ0101/?as_of=2026-05-01").content.decode()

    assert "2,140" in before
    assert "2026年统计年报" in before
    assert "2,210" in after
    assert "年中核实" in after


def test_a_closed_unit_says_since_when(cast: Cast, visit: Visit) -> None:
    Unit.objects.filter(code="SQ0102").update(closes_on=date(2026, 4, 1))
    page = strip_tags(visit(cast.officer).get("/units/SQ01/?as_of=2026-05-01").content.decode())

    assert "4月1日（周三）起已撤销" in page
    assert "起已撤销" not in visit(cast.officer).get("/units/SQ01/?as_of=2026-03-31").content.decode()


@pytest.mark.parametrize(("words", "found"), [("柳湾", "柳湾村"), ("sq0101", "柳湾村"), ("小学", "青石镇中心小学")])
def test_a_unit_is_found_by_a_part_of_its_name_or_the_beginning_of_its_code(
    cast: Cast, visit: Visit, words: str, found: str
) -> None:
    page = visit(cast.officer).get("/units/", {"words": words}).content.decode()

    assert found in page
    assert f"“{words}”的单位有 1 个" in page


def test_a_search_stays_inside_the_posts(cast: Cast, visit: Visit) -> None:
    page = visit(cast.outsider).get("/units/", {"words": "柳湾"}).content.decode()

    assert "的单位有 0 个" in page


def test_what_is_searched_for_is_shown_as_text(cast: Cast, visit: Visit) -> None:
    page = visit(cast.officer).get("/units/", {"words": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert" not in page


def test_the_whole_tree_is_read_as_core_values(cast: Cast) -> None:
    tree = read_tree()

    assert [unit.code for unit in tree.walk_up("SQ0101")] == ["SQ0101", "SQ01", "SQ"]
    population = tree.by_code["SQ0101"].find_attribute("population", TODAY)
    assert population is not None
    assert population.value == 2140


def test_a_post_ending_tomorrow_still_opens_the_page_today(cast: Cast, visit: Visit) -> None:
    cast.secretary.posts.update(closes_on=timezone.localdate() + timedelta(days=1))

    assert visit(cast.secretary).get("/units/SQ0101/").status_code == 200
