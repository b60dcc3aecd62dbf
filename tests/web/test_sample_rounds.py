"""The visit rounds of the sample county: two villages have a list, in the numbers that their grids record."""

from datetime import date

import pytest

from tests.web.conftest import Visit
from wuzha.adapters.sample.book import end_of_work
from wuzha.adapters.sample.habit import SHOWN_VILLAGE
from wuzha.adapters.sample.village import LISTED_VILLAGES
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.demo import load_sample_county
from wuzha.web.campaign.models import SubjectList
from wuzha.web.campaign.queries.ground import forget_ground
from wuzha.web.campaign.queries.rounds import find_round, list_calls

TODAY = date(2026, 11, 21)
COUNT = 60_000


@pytest.fixture
def village(db: None) -> Unit:
    load_sample_county(today=TODAY, now=end_of_work(TODAY), progress=lambda done, total: None, count=COUNT)
    forget_ground()
    return Unit.objects.get(code=SHOWN_VILLAGE)


def test_the_shown_village_walks_a_list_of_which_most_is_done_and_some_is_left(village: Unit, visit: Visit) -> None:
    first = list_calls(village, TODAY)[0]
    found = find_round(village, TODAY, first)

    assert found.base is not None
    assert found.listed == found.base - 2, "two households moved in after the list was made"
    assert 0 < len(found.left) < found.listed
    assert set(SubjectList.objects.values_list("unit__code", flat=True)) == set(LISTED_VILLAGES)
    page = visit(User.objects.get(username="village")).get(f"/rounds/{SHOWN_VILLAGE}/").content.decode()
    assert f"名单上 {found.listed} 个编号" in page
    assert found.strange
    assert "不在名单上" in page
