"""Acts on a score that are sent several times at the same moment, each on a connection of its own."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from tests.web.cast import Cast, make_cast
from tests.web.ledger import issue_plan
from tests.web.test_scores import NOW, act, adopt
from wuzha.web.campaign.actions import scores as actions
from wuzha.web.campaign.actions.scores import WaitsError
from wuzha.web.campaign.models import Scorecard, ScoreEvent

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]


def press(what: Callable[[], Any]) -> list[Any]:
    """What three persons, or three fingers, get at once."""
    start = Barrier(3)

    def once(_n: int) -> Any:
        start.wait()
        try:
            return what()
        except WaitsError as waits:
            return waits
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        return list(pool.map(once, range(3)))


@pytest.fixture
def scored() -> tuple[Cast, Scorecard]:
    cast = make_cast()
    return cast, adopt(cast, issue_plan(cast))


def test_a_bonus_pressed_three_times_at_once_is_granted_once(scored: tuple[Cast, Scorecard]) -> None:
    cast, card = scored
    told: dict[str, Any] = {"kind": "bonus", "unit": cast.town, "item": "reused", "text": "事实", "key": uuid.uuid4()}

    rows = press(lambda: actions.add_event(act=act(cast.officer), card=card, **told))

    assert {row.pk for row in rows} == {ScoreEvent.objects.get().pk}


def test_of_three_appeals_at_once_one_is_kept(scored: tuple[Cast, Scorecard]) -> None:
    cast, card = scored
    told: dict[str, Any] = {"kind": "appeal", "unit": cast.town, "item": "tables", "text": "请核"}

    rows = press(lambda: actions.add_event(act=act(cast.town_officer), card=card, key=uuid.uuid4(), **told))

    assert sum(isinstance(row, WaitsError) for row in rows) == 2
    assert ScoreEvent.objects.count() == 1


def test_the_same_figures_sent_three_times_at_once_are_kept_once(scored: tuple[Cast, Scorecard]) -> None:
    cast, card = scored
    told = [(cast.town, Decimal(9), Decimal(12))]

    kept = press(lambda: actions.add_figures(act=act(cast.officer), card=card, item="warnings", text="表", told=told))

    assert sorted(kept) == [0, 0, 1]
    assert ScoreEvent.objects.get().happened_on == date(2026, 3, 25) == NOW.date()
