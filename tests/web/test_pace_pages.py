"""Pace on the unit's page, in its work and on the duty's page: where it should be today, and when it will be done."""

from datetime import date, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, issue_plan
from wuzha.web.campaign.queries.totals import forget_counts

LEAFLETS = """
  - {id: leaflets, who: {kind: village}, do: leaflet, at_least: 365}
"""
AS_OF = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    forget_counts()


def give_weekly(cast: Cast, weeks: int) -> int:
    plan = issue_plan(cast, more=LEAFLETS)
    for back in range(weeks):
        enter(cast.secretary, cast.village, AS_OF - timedelta(days=7 * back), "leaflet", quantity=15)
    return plan.pk


def read(client: Client, address: str) -> str:
    return client.get(f"{address}?as_of={AS_OF}").content.decode()


def test_the_pages_say_where_the_village_should_be_and_about_when_it_will_be_done(cast: Cast, visit: Visit) -> None:
    plan = give_weekly(cast, 12)
    client = visit(cast.secretary)

    for address in ("/units/SQ0101/standing/", f"/standings/SQ0101/{plan}/leaflets/", "/today/work/"):
        page = read(client, address)
        assert "匀着算，到今天应到 181 份，现在 180，慢了 1。" in page
        assert "按近12周的进度，大约9月" in page
        assert "完成，赶得上。" in page


def test_with_few_records_no_day_is_named(cast: Cast, visit: Visit) -> None:
    give_weekly(cast, 1)

    page = read(visit(cast.secretary), "/today/work/")

    assert "记录还少，哪天能完成说不准。" in page
    assert "大约" not in page


def test_a_monthly_duty_has_no_pace(cast: Cast, visit: Visit) -> None:
    issue_plan(cast)
    page = visit(cast.secretary).get("/units/SQ0101/standing/?as_of=2026-03-02").content.decode()

    assert page.count("匀着算") == 1


def test_the_pace_of_all_duties_of_a_plan_costs_one_query(
    cast: Cast, visit: Visit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    issue_plan(cast, more=LEAFLETS + LEAFLETS.replace("leaflets", "more"))
    client = visit(cast.secretary)
    read(client, "/units/SQ0101/standing/")
    with django_assert_max_num_queries(30):
        read(client, "/units/SQ0101/standing/")
