"""The inspection of the sample county: drawn, walked in part, on whichever day the sample is loaded."""

from datetime import date

import pytest

from tests.web.conftest import Visit
from wuzha.adapters.sample.book import end_of_work
from wuzha.adapters.sample.habit import SHOWN_VILLAGE
from wuzha.core.supervision.inspection import digest_seed
from wuzha.web.accounts.models import User
from wuzha.web.campaign.demo import load_sample_county
from wuzha.web.campaign.models import InspectionFinding, InspectionReport, InspectionRound
from wuzha.web.campaign.queries.ground import forget_ground

TODAY = date(2026, 11, 21)
COUNT = 20_000

pytestmark = pytest.mark.django_db


def load(today: date) -> None:
    load_sample_county(today=today, now=end_of_work(today), progress=lambda done, total: None, count=COUNT)
    forget_ground()


@pytest.mark.parametrize("today", [TODAY, date(2026, 10, 1), date(2027, 1, 3)])
def test_a_round_is_there_on_any_day_and_no_visit_without_its_record(today: date) -> None:
    load(today)

    row = InspectionRound.objects.get()
    assert digest_seed(row.draw.seed) == row.digest
    assert row.created_at < row.draw.drawn_at, "the digest stands there before the draw"
    assert row.visits.count() == 6
    for one in InspectionReport.objects.select_related("record"):
        assert (one.record.kind, one.record.happened_on) == ("inspection", one.made_on)
    for found in InspectionFinding.objects.all():
        assert found.found_on <= today < found.mend_by or found.events.exists()


def test_one_finding_is_mended_and_the_shown_village_still_owes_one(visit: Visit) -> None:
    load(TODAY)

    mended, owed = InspectionFinding.objects.order_by("mend_by")
    assert [event.what for event in mended.events.all()] == ["closed"]
    assert owed.unit.code == SHOWN_VILLAGE
    assert not owed.events.exists()
    page = visit(User.objects.get(username="village")).get("/today/work/").content.decode()
    assert owed.words in page
