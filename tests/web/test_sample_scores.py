"""What is typed into the scores of the sample county agrees with its ledger, and its measures with how things stand."""

import pytest
from django.db.models import Sum
from django.utils import timezone

from tests.web.test_sample_inspections import TODAY, load
from wuzha.web.campaign.models import Measure, PaperEvent, Record, ScoreEvent
from wuzha.web.campaign.queries.measures import compare_facts

pytestmark = pytest.mark.django_db


def test_the_sample_contradicts_itself_neither_in_its_scores_nor_in_its_measures() -> None:
    load(TODAY)

    figures = ScoreEvent.objects.filter(kind="figure", item="case_rate").select_related("card", "unit")
    assert figures.count() == 5
    for one in figures:
        days = (one.card.opens_on, timezone.localdate(one.made_at))
        there = Record.objects.filter(unit=one.unit, kind="cases", happened_on__range=days)
        assert one.done == there.aggregate(all=Sum("quantity"))["all"]
    cleared = PaperEvent.objects.get(kind="cleared")
    measure = Measure.objects.get(paper=cleared.paper_id)
    assert not any(fact.is_made_good for fact in compare_facts(measure, TODAY))
    assert "还是没有完成" in cleared.note
