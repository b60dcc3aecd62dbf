"""Indicators on the pages: with their counts and interval, and said plainly when chance alone could have made them."""

from datetime import date

import pytest

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, issue_plan
from wuzha.web.campaign.queries.totals import forget_counts

AS_OF = "as_of=2026-03-25"
FALL = """
  - {id: fall, who: {kind: village}, attain: cases, change: {at_most: -20%, against: last_year}}
"""
CHANCE = "人数少，这个变化分不清是好转还是偶然"


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    forget_counts()


def enter_cases(cast: Cast, then: int, now: int) -> int:
    plan = issue_plan(cast, more=FALL)
    enter(cast.secretary, cast.village, date(2025, 2, 3), "cases", quantity=then)
    enter(cast.secretary, cast.village, date(2026, 2, 3), "cases", quantity=now)
    return plan.pk


def test_a_small_fall_is_said_to_be_indistinguishable_from_chance_wherever_it_is_shown(
    cast: Cast, visit: Visit
) -> None:
    plan = enter_cases(cast, then=12, now=7)
    client = visit(cast.secretary)

    for address in ("/units/SQ0101/standing/", f"/standings/SQ0101/{plan}/fall/", "/today/work/"):
        page = client.get(f"{address}?{AS_OF}").content.decode()
        assert "现在 7，去年同期 12" in page
        assert CHANCE in page


def test_a_fall_that_chance_does_not_make_is_not_doubted(cast: Cast, visit: Visit) -> None:
    enter_cases(cast, then=300, now=150)

    page = visit(cast.secretary).get(f"/units/SQ0101/standing/?{AS_OF}").content.decode()

    assert "现在 150，去年同期 300" in page
    assert CHANCE not in page
