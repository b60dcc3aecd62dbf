"""The audit log is sealed: whoever changes an entry afterwards, or a seal, is found out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.web.cast import Cast
from tests.web.tampering import tampering
from wuzha.core.base.chain import Entry, write_entry
from wuzha.web import tick as ticking
from wuzha.web.accounts import audit
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import AuditEntry, AuditSeal

NOON = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


def write(cast: Cast, count: int, at: datetime = NOON) -> list[int]:
    before = set(AuditEntry.objects.values_list("id", flat=True))
    for number in range(count):
        write_audit(action="unit.looked-at", actor=cast.officer, target=cast.county, at=at, number=number, 名称="石桥")
    return sorted(set(AuditEntry.objects.values_list("id", flat=True)) - before)


@pytest.fixture
def sealed(cast: Cast) -> list[int]:
    ids = write(cast, 6)
    with tampering():
        AuditEntry.objects.filter(pk=ids.pop(3)).delete()  # a transaction that was given up leaves its number free
    assert audit.seal_entries(now=LATER) == 5
    return ids


def test_what_is_sealed_holds_and_sealing_again_seals_only_what_is_new(cast: Cast, sealed: list[int]) -> None:
    assert audit.seal_entries(now=LATER) == 0
    write(cast, 2, LATER)
    assert audit.seal_entries(now=LATER + timedelta(hours=1)) == 2

    found = audit.verify_seals()

    assert (found.entries, found.seals, found.open, found.broken) == (7, 2, 0, None)


def test_an_entry_changed_behind_a_seal_is_found(sealed: list[int]) -> None:
    with tampering():
        AuditEntry.objects.filter(pk=sealed[2]).update(details={"number": 99})
    assert audit.verify_seals().broken == (1, sealed[-1])


def test_an_entry_taken_out_or_put_in_behind_a_seal_is_found(cast: Cast, sealed: list[int]) -> None:
    entry = AuditEntry.objects.get(pk=sealed[1])
    with tampering():
        entry.delete()
    assert audit.verify_seals().broken

    entry.pk = sealed[1]
    entry.save(force_insert=True)
    assert audit.verify_seals().broken is None
    extra = AuditEntry(pk=sealed[3] - 1, action="unit.looked-at", object_type="unit", object_id="1", at=NOON)
    extra.save(force_insert=True)
    assert audit.verify_seals().broken


def test_only_the_part_from_the_break_on_is_in_doubt(cast: Cast, sealed: list[int]) -> None:
    later = write(cast, 3, LATER)
    audit.seal_entries(now=LATER + timedelta(hours=1))
    with tampering():
        AuditEntry.objects.filter(pk=later[0]).update(action="unit.moved")

    found = audit.verify_seals()

    assert found.entries == 5
    assert found.broken == (sealed[-1] + 1, later[-1])


def test_what_has_not_settled_waits_and_no_older_number_is_left_out(cast: Cast, sealed: list[int]) -> None:
    """Of two that were written at once, the one with the lower number may be seen last."""
    young = write(cast, 1, LATER + timedelta(minutes=50))
    old = write(cast, 1, LATER)

    assert audit.seal_entries(now=LATER + timedelta(minutes=55)) == 0
    assert audit.seal_entries(now=LATER + timedelta(hours=2)) == 2
    assert AuditSeal.objects.order_by("-last_id").values_list("last_id", flat=True)[0] == max(*young, *old)


def test_a_long_log_gets_several_seals(cast: Cast, sealed: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "MOST", 3)
    write(cast, 7, LATER)

    assert audit.seal_entries(now=LATER + timedelta(hours=1)) == 7
    assert audit.verify_seals().seals == 4


TOUCH: Mapping[str, Callable[[], object]] = {
    "change": lambda: AuditSeal.objects.update(digest="0" * 64),
    "delete": lambda: AuditSeal.objects.all().delete(),
    "put before": lambda: AuditSeal.objects.create(
        last_id=1, count=1, before="1" * 64, digest="2" * 64, sealed_at=NOON
    ),
}


@pytest.mark.parametrize("event", TOUCH)
@pytest.mark.usefixtures("sealed")
def test_the_database_refuses_to_touch_a_seal(event: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        TOUCH[event]()


def test_a_digest_that_was_written_down_must_be_in_the_chain(cast: Cast, sealed: list[int]) -> None:
    digest = audit.verify_seals().digest
    write(cast, 1, LATER)
    audit.seal_entries(now=LATER + timedelta(hours=1))

    assert audit.verify_seals(digest).knows_expected
    assert not audit.verify_seals("f" * 64).knows_expected


def test_a_tick_seals_what_has_settled_and_does_nothing_the_second_time(cast: Cast) -> None:
    write(cast, 4)

    assert ticking.tick(LATER)["seals"] == 4
    assert set(ticking.tick(LATER).values()) == {0}


WHAT_ENTRIES_REFUSE: Mapping[str, Callable[[], object]] = {
    "change": lambda: AuditEntry.objects.update(action="unit.moved"),
    "delete": lambda: AuditEntry.objects.all().delete(),
}


@pytest.mark.parametrize("event", WHAT_ENTRIES_REFUSE)
@pytest.mark.usefixtures("sealed")
def test_the_database_refuses_to_touch_an_entry(event: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        WHAT_ENTRIES_REFUSE[event]()


def test_the_number_of_the_request_is_sealed_with_its_entry(sealed: list[int]) -> None:
    with tampering():
        AuditEntry.objects.filter(pk=sealed[0]).update(request="0k3m9x7qa2bnt5v")

    assert audit.verify_seals().broken == (1, sealed[-1])


def test_seals_from_before_requests_had_numbers_hold() -> None:
    """What such an entry was sealed as is written out here once and for all."""
    entry = Entry(7, "unit.moved", 3, "unit", "12", NOON, {"名称": "石桥"})

    assert write_entry(entry) == (
        '[7,"unit.moved",3,"unit","12","2026-03-20T04:00:00+00:00",{"名称":"石桥"}]\n'.encode()
    )
    assert write_entry(replace(entry, request="0k3m9x7qa2bnt5v")) != write_entry(entry)


def test_two_entries_that_changed_places_are_found(cast: Cast, sealed: list[int]) -> None:
    with tampering():
        first, second = (AuditEntry.objects.get(pk=number) for number in sealed[:2])
        AuditEntry.objects.filter(pk__in=sealed[:2]).delete()
        first.pk, second.pk = second.pk, first.pk
        AuditEntry.objects.bulk_create([first, second])

    assert audit.verify_seals().broken == (1, sealed[-1])


def test_an_end_that_was_cut_off_with_its_seal_is_found_by_a_digest_kept_elsewhere(
    cast: Cast, sealed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever takes the last seal and its entries away leaves a shorter chain, which holds."""
    later = write(cast, 3, LATER)
    audit.seal_entries(now=LATER + timedelta(hours=1))
    kept = audit.verify_seals().digest
    with tampering():
        AuditEntry.objects.filter(pk__in=later).delete()
    monkeypatch.setattr(AuditSeal, "objects", AuditSeal.objects.exclude(last_id=later[-1]))

    assert audit.verify_seals().broken is None
    assert not audit.verify_seals(kept).knows_expected
