"""台账: the ledger under the filters in the address."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, issue_plan, list_ids
from wuzha.web.campaign.models import Record, append_rows
from wuzha.web.campaign.queries.totals import forget_counts
from wuzha.web.campaign.start import refresh_statistics

MARCH = date(2026, 3, 10)
AS_OF = "as_of=2026-03-31"


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    forget_counts()


def find(client: Client, query: str) -> set[str]:
    return list_ids(client.get(f"/records/?{query}").content.decode())


def test_each_sees_the_records_of_their_own_subtree(cast: Cast, visit: Visit) -> None:
    here = enter(cast.secretary, cast.village, MARCH)
    beside = enter(cast.town_officer, cast.community, MARCH)
    there = enter(cast.outsider, cast.other_town, MARCH)

    assert find(visit(cast.secretary), AS_OF) == {str(here.pk)}
    assert find(visit(cast.town_officer), AS_OF) == {str(here.pk), str(beside.pk)}
    assert find(visit(cast.outsider), AS_OF) == {str(there.pk)}
    assert find(visit(cast.nobody), AS_OF) == set()


def test_a_unit_out_of_sight_is_no_filter(cast: Cast, visit: Visit) -> None:
    assert visit(cast.outsider).get("/records/?unit=SQ0101").status_code == 404


def test_the_filters_narrow_together(cast: Cast, visit: Visit) -> None:
    wanted = enter(cast.secretary, cast.village, MARCH, "talk")
    enter(cast.secretary, cast.village, MARCH, "rally")
    enter(cast.secretary, cast.village, date(2026, 2, 28), "talk")
    enter(cast.town_officer, cast.community, MARCH, "talk")

    assert find(visit(cast.officer), f"unit=SQ0101&kind=talk&since=2026-03-01&until=2026-03-31&{AS_OF}") == {
        str(wanted.pk)
    }


def test_a_past_day_shows_the_past(cast: Cast, visit: Visit) -> None:
    early = enter(cast.secretary, cast.village, date(2026, 2, 1))
    enter(cast.secretary, cast.village, MARCH)

    assert find(visit(cast.officer), "as_of=2026-02-15") == {str(early.pk)}


def test_the_head_counts_and_adds_up(cast: Cast, visit: Visit) -> None:
    enter(cast.secretary, cast.village, MARCH, "leaflet", quantity=200)
    enter(cast.town_officer, cast.community, MARCH, "leaflet", quantity=1150)

    page = visit(cast.officer).get(f"/records/?kind=leaflet&{AS_OF}").content.decode()

    assert "共 2 条" in page
    assert "1,350 份" in page


def test_a_long_list_is_paged_and_says_so(cast: Cast, visit: Visit) -> None:
    for number in range(53):
        enter(cast.secretary, cast.village, MARCH - timedelta(days=number % 30))
    client = visit(cast.officer)

    first, second = (client.get(f"/records/?page={page}&{AS_OF}").content.decode() for page in (1, 2))

    assert "第 1–50 条，共 53 条" in first
    assert "第 51–53 条，共 53 条" in second
    assert len(list_ids(first) | list_ids(second)) == 53


def test_the_number_of_queries_does_not_grow_with_the_list(
    cast: Cast, visit: Visit, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(40):
        enter(cast.secretary, cast.village, MARCH - timedelta(days=number % 30))
    client = visit(cast.officer)

    with django_assert_num_queries(10):
        client.get(f"/records/?{AS_OF}")


def test_a_figure_leads_to_the_records_it_is_the_sum_of(cast: Cast, visit: Visit) -> None:
    plan = issue_plan(cast)
    counted = enter(cast.secretary, cast.village, MARCH, "talk", place="镇养老院二楼")
    enter(cast.secretary, cast.village, MARCH, "talk", place="村口")
    enter(cast.secretary, cast.village, date(2026, 1, 5), "rally")

    query = f"plan={plan.pk}&duty=shelter-talk&unit=SQ0101&window=2026-Q1&{AS_OF}"

    assert find(visit(cast.officer), query) == {str(counted.pk)}


def test_the_figure_of_an_area_leads_to_the_records_of_all_its_units(cast: Cast, visit: Visit) -> None:
    plan = issue_plan(cast)
    counted = [enter(cast.town_officer, unit, MARCH) for unit in (cast.village, cast.community)]

    found = find(visit(cast.officer), f"plan={plan.pk}&duty=rally&unit=SQ01&window=&{AS_OF}")

    assert found == {str(record.pk) for record in counted}


@pytest.mark.parametrize("query", ["plan=999&duty=rally&unit=SQ0101", "plan=x&duty=rally&unit=SQ0101"])
def test_a_figure_that_is_not_there_is_not_found(cast: Cast, visit: Visit, query: str) -> None:
    assert visit(cast.officer).get(f"/records/?{query}").status_code == 404


def test_dates_the_wrong_way_round_are_told_and_show_nothing(cast: Cast, visit: Visit) -> None:
    enter(cast.secretary, cast.village, MARCH)

    page = visit(cast.officer).get(f"/records/?since=2026-03-20&until=2026-03-01&{AS_OF}").content.decode()

    assert "结束日期早于开始日期" in page
    assert list_ids(page) == set()


def test_an_empty_ledger_offers_the_next_step_to_whoever_may_take_it(cast: Cast, visit: Visit) -> None:
    step = 'href="/records/new/">记一笔'

    assert step in visit(cast.secretary).get("/records/").content.decode()
    assert step not in visit(cast.supervisor).get("/records/").content.decode()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads both sides once whatever it knows of them")
def test_a_ledger_without_a_single_correction_is_not_read_anew_for_each_of_its_records(
    cast: Cast, visit: Visit
) -> None:
    """The statistics say then that every record replaces the same one, namely none."""
    now = datetime.combine(MARCH, time(4), UTC)
    told = {"unit": cast.village, "kind": "talk", "author": cast.secretary, "recorded_at": now, "received_at": now}
    append_rows([Record(id=uuid4(), happened_on=MARCH - timedelta(days=n % 60), **told) for n in range(3000)])
    refresh_statistics()

    with CaptureQueriesContext(connection) as asked:
        assert len(find(visit(cast.officer), AS_OF)) == 50
    joined = [one["sql"] for one in asked if '."replaces_id")' in one["sql"]]
    with connection.cursor() as cursor:
        steps = [step for sql in joined for step in cursor.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()]

    assert joined
    assert not [step for step in steps if "SCAN T" in str(step)]
