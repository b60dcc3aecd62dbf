"""What may be told of a site: it is put up, seen, damaged, replaced, and taken down; each is taken in."""

from datetime import date
from fractions import Fraction
from uuid import UUID

import pytest

from wuzha.adapters.kinds import load_kinds
from wuzha.core.base.unit import Unit
from wuzha.core.ledger.check import check_record
from wuzha.core.ledger.record import Record, RecordKind

DAY = date(2026, 3, 20)
VILLAGE = Unit("SQ0101", "柳湾村", "village")
SITES = [kind for kind in load_kinds().values() if kind.shape == "site"]


@pytest.mark.parametrize("kind", SITES, ids=lambda kind: kind.code)
@pytest.mark.parametrize("change", ["install", "seen", "damage", "replace", "remove"])
def test_every_site_can_be_put_up_seen_damaged_replaced_and_taken_down(kind: RecordKind, change: str) -> None:
    area_m2 = Fraction(6) if kind.counts == "area_m2" else None
    told = Record(UUID(int=1), VILLAGE.code, kind.code, DAY, change=change, area_m2=area_m2)

    assert check_record(told, kind, VILLAGE, DAY) == []
    assert change in kind.changes
