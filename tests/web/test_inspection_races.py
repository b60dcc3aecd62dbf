"""Two offices that draw the same village at the same moment, on two connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from tests.web.cast import make_cast
from tests.web.test_inspections import now, plan
from wuzha.web.campaign.actions import inspections as actions
from wuzha.web.campaign.actions.inspections import Actor
from wuzha.web.campaign.models import InspectionRound, InspectionVisit

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]


def test_two_officers_who_draw_at_once_never_both_get_a_unit_first() -> None:
    cast, start = make_cast(), Barrier(2)
    rounds = [plan(cast), plan(cast, cast.town, ("SQ0101", "SQ0102"))]

    def draw(row: InspectionRound) -> list[object]:
        start.wait()
        try:
            return list(actions.draw_round(actor=Actor(row.created_by, "officer", now()), row=row))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(draw, rounds)) == [[], []]

    visits = InspectionVisit.objects.filter(unit=cast.village)
    assert [visit.turn for visit in visits] == [1]
    spared = sorted(code for row in rounds for code in row.draw.spared)
    assert spared == ["SQ0101", "SQ0102"]
