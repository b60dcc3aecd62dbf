"""A page asks the database as often in a large county as in a small one."""

from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import MORNING, issue_plan
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.models import Record
from wuzha.web.campaign.queries.totals import forget_counts

PAGES = (
    "/standings/SQ/",
    "/standings/SQ01/",
    "/units/SQ0101/standing/",
    "/units/SQ01/standing/",
    "/units/SQ/standing/",
    "/today/",
)
DAY = "?as_of=2026-05-17"
MORE = "\n".join(
    f"  - {{id: more{number}, who: {{kind: {kind}}}, {what}}}"
    for number, (kind, what) in enumerate(
        [
            (kind, what)
            for kind in ("village", "town", "county")
            for what in (
                "do: rally, at_least: 2, every: month",
                "do: talk, at_least: 1, every: week",
                "file: briefing, every: quarter",
                "keep: banner, at_least: 3",
                "check: followup, grade: high, every: week",
            )
        ]
    )
)


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    forget_counts()
    yield
    forget_counts()


def make_record(cast: Cast, unit: Unit) -> None:
    Record.objects.create(
        id=uuid4(), unit=unit, kind="rally", happened_on=date(2026, 3, 3), author=cast.officer,
        recorded_at=MORNING, received_at=MORNING,
    )  # fmt: skip


def count_queries(cast: Cast, client: Client) -> dict[str, int]:
    """How often each page asks right after a record has arrived, once it has been looked at."""
    found = {}
    for page in PAGES:
        assert client.get(f"{page}{DAY}").status_code == 200
        make_record(cast, cast.village)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{page}{DAY}").status_code == 200
        found[page] = len(queries)
        on_the_ground = [query for query in queries.captured_queries if 'AS "part"' in query["sql"]]
        assert len(on_the_ground) == 1, "a page is counted on one ground throughout"
    return found


def test_pages_ask_as_often_with_fifteen_duties_and_forty_villages_more(cast: Cast, visit: Visit) -> None:
    client = visit(cast.officer)
    asked = []
    for duties, villages in (("", 0), (f"\n{MORE}\n", 40)):
        forget_counts()
        with transaction.atomic():
            issue_plan(cast, more=duties)
            for number in range(villages):
                code = f"SQ01X{number}"
                unit = Unit.objects.create(
                    code=code, name=f"新村{number}", kind="village", parent=cast.town, path=f"SQ/SQ01/{code}/"
                )
                make_record(cast, unit)
            make_record(cast, cast.village)
            asked.append(count_queries(cast, client))
            transaction.set_rollback(True)
    small, large = asked
    assert large == small
    assert max(small.values()) <= 28


def test_a_day_that_is_still_to_come_is_said_to_be(cast: Cast, visit: Visit) -> None:
    issue_plan(cast, year=2090, first=2026)
    page = visit(cast.officer).get("/standings/SQ/?as_of=2091-03-31").content.decode()
    assert "这一天还没有到" in page
