"""Two turns at the same time on two connections, each with what the other wants, in the opposite order."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection, connections

from tests.web.cast import make_cast
from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.web.campaign.actions.door import Doorway, Result, Sending
from wuzha.web.campaign.actions.intake import _take_in_all
from wuzha.web.campaign.models import Record, SitePlace

NOW = datetime(2026, 3, 20, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 20)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]


def make_sites(place: str) -> list[CoreRecord]:
    """A record about each of sixty numbered sites."""
    extra = {"position": place}
    plain = {"unit": "SQ0101", "kind": "banner", "change": "install", "happened_on": TODAY, "extra": extra}
    return [CoreRecord(id=uuid4(), subject=f"横-{number}", **plain) for number in range(60)]  # type: ignore[arg-type]


def send_at_once(one: list[CoreRecord], other: list[CoreRecord]) -> list[list[Result]]:
    """The results of two sendings that begin together, each in a turn of its own."""
    door, start = Doorway(make_cast().officer, ("SQ/",), NOW, TODAY), Barrier(2)

    def send(records: list[CoreRecord]) -> list[Result]:
        start.wait()
        try:
            return [receipt.result for receipt in _take_in_all([Sending(door, records)])[0]]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(send, (one, other)))


def test_the_same_records_in_opposite_orders_from_two_places_at_once_are_all_answered() -> None:
    records = [CoreRecord(id=uuid4(), unit="SQ0101", kind="rally", happened_on=TODAY) for _ in range(400)]

    one, other = send_at_once(records, records[::-1])

    assert {*one, *other} == {Result.SAVED, Result.KNOWN}
    assert Record.objects.count() == len(records)


def test_two_who_go_along_the_same_sites_from_both_ends_are_both_answered() -> None:
    there, back = make_sites("34.765432,113.123456 ±12m"), make_sites("34.770000,113.130000 ±8m")[::-1]

    one, other = send_at_once(there, back)

    assert {*one, *other} == {Result.SAVED}
    assert (Record.objects.count(), SitePlace.objects.count()) == (120, 60)
