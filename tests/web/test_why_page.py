"""The records behind a figure, with those that were left out, why, and what the goal is made of."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, issue_plan
from wuzha.core.assessment.role import Role
from wuzha.web.campaign.queries import why as queries
from wuzha.web.campaign.queries.totals import forget_counts

AS_OF = "as_of=2026-03-18"


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    forget_counts()


def test_the_page_says_what_was_left_out_and_why(cast: Cast, visit: Visit) -> None:
    plan = issue_plan(cast)
    first = enter(cast.secretary, cast.village, date(2026, 3, 2), "visit", subject="7")
    again = enter(cast.secretary, cast.village, date(2026, 3, 9), "visit", subject="7")
    figure = f"/records/?plan={plan.pk}&duty=visits&unit=SQ0101&window=once&{AS_OF}"

    answer = visit(cast.secretary).get(figure)

    assert [(part.record.id, part.cause.role, part.cause.other) for part in answer.context["left_out"]] == [
        (again.pk, Role.REPEATED, first.pk)
    ]
    page = answer.content.decode()
    assert "没有算进来的记录 1 条" in page
    assert "同一个编号已经算过一次" in page
    assert "户数" in page


def test_a_talk_at_the_wrong_place_names_the_places_that_count(cast: Cast, visit: Visit) -> None:
    plan = issue_plan(cast)
    enter(cast.secretary, cast.village, date(2026, 3, 2), "talk", place="村委会")
    page = visit(cast.secretary).get(f"/records/?plan={plan.pk}&duty=shelter-talk&unit=SQ0101&window=2026-Q1&{AS_OF}")

    assert "地点不合，只算：养老院" in page.content.decode()


def test_the_number_of_queries_does_not_grow_with_what_was_left_out(
    cast: Cast, visit: Visit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    plan = issue_plan(cast)
    for day in range(1, 18):
        enter(cast.secretary, cast.village, date(2026, 3, day), "visit", subject="7")
    client = visit(cast.secretary)
    with django_assert_max_num_queries(45):
        answer = client.get(f"/records/?plan={plan.pk}&duty=visits&unit=SQ0101&window=once&{AS_OF}")
    assert len(answer.context["left_out"]) == 16


def test_where_everything_counts_the_page_says_so(cast: Cast, visit: Visit) -> None:
    plan = issue_plan(cast)
    enter(cast.secretary, cast.village, date(2026, 3, 2))
    page = visit(cast.secretary).get(f"/records/?plan={plan.pk}&duty=rally&unit=SQ0101&window=2026-03&{AS_OF}")

    assert "能算的记录都算进来了。" in page.content.decode()


def test_a_sum_over_an_area_and_a_figure_of_too_many_records_are_not_explained(
    cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = issue_plan(cast)
    for day in (2, 3, 4):
        enter(cast.secretary, cast.village, date(2026, 3, day))
    client = visit(cast.officer)
    one = f"/records/?plan={plan.pk}&duty=rally&unit=SQ0101&window=2026-03&{AS_OF}"

    assert client.get(f"/records/?plan={plan.pk}&duty=rally&unit=SQ&{AS_OF}").context["why"] is None
    assert client.get(one).context["why"] is not None
    monkeypatch.setattr(queries, "MOST", 2)
    assert client.get(one).context["why"] is None


def test_a_record_says_for_which_duties_it_does_not_count(cast: Cast, visit: Visit) -> None:
    issue_plan(cast)
    wrong = enter(cast.secretary, cast.village, date(2026, 3, 2), "talk", place="村委会")
    enter(cast.secretary, cast.village, date(2026, 3, 2), "visit", subject="7")
    again = enter(cast.secretary, cast.village, date(2026, 3, 9), "visit", subject="7")
    right = enter(cast.secretary, cast.village, date(2026, 3, 10), "talk", place="镇养老院")
    client = visit(cast.secretary)

    assert "地点不合，只算：养老院（第一季度）" in client.get(f"/records/{wrong.pk}/").content.decode()
    assert "同一个编号已经算过一次" in client.get(f"/records/{again.pk}/").content.decode()
    assert list(client.get(f"/records/{again.pk}/").context["credits"]) == []
    assert list(client.get(f"/records/{right.pk}/").context["misses"]) == []
    assert len(client.get(f"/records/{right.pk}/").context["credits"]) == 1


def test_the_outsider_is_told_nothing(cast: Cast, visit: Visit) -> None:
    plan = issue_plan(cast)
    address = f"/records/?plan={plan.pk}&duty=rally&unit=SQ0101&window=2026-03&{AS_OF}"
    assert visit(cast.outsider).get(address).status_code == 404
