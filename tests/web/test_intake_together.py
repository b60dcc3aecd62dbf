"""Sendings that share a transaction are answered, and kept, as if each had come alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import ClassVar
from uuid import UUID

from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.web.cast import Cast, make_cast
from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.web.accounts.models import AuditEntry
from wuzha.web.campaign.actions.door import Doorway, Receipt, Result, Sending
from wuzha.web.campaign.actions.intake import _take_in_all
from wuzha.web.campaign.models import HeldRecord, Record

NOW = datetime(2026, 3, 20, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 20)
# Few ids, so that the same one comes twice, from two senders, and before its original.
IDS = [UUID(int=number) for number in range(1, 6)]
Kept = list[tuple[object, ...]]
facts = st.builds(
    CoreRecord,
    id=st.sampled_from(IDS),
    unit=st.sampled_from(["SQ0101", "SQ0102", "SQ0201"]),
    kind=st.sampled_from(["rally", "rally", "unheard-of"]),
    happened_on=st.sampled_from([date(2026, 3, 19), date(2026, 3, 21)]),
    quantity=st.integers(1, 2),
    replaces=st.none() | st.sampled_from(IDS),
)
sendings = st.lists(st.tuples(st.sampled_from(["county", "town", "village", "other"]), st.lists(facts, max_size=4)))


def open_doors(cast: Cast) -> dict[str, Doorway]:
    people = {"county": cast.officer, "town": cast.town_officer, "village": cast.secretary, "other": cast.outsider}
    paths = {"county": "SQ/", "town": "SQ/SQ01/", "village": "SQ/SQ01/SQ0101/", "other": "SQ/SQ02/"}
    return {name: Doorway(people[name], (paths[name],), NOW, TODAY) for name in people}


def read_ledger() -> tuple[Kept, Kept]:
    """What is kept, and what waits."""
    fields = ("id", "unit", "author", "quantity", "happened_on", "replaces", "withdrawn")
    held = HeldRecord.objects.filter(applied_at=None).order_by("id").values_list("id", "original_id", "author")
    return list(Record.objects.order_by("id").values_list(*fields)), list(held)


def try_out(work: Callable[[], list[list[Receipt]]]) -> tuple[list[list[Receipt]], tuple[Kept, Kept]]:
    """The receipts and the ledger afterwards; then everything is as it was."""
    with transaction.atomic():
        receipts, ledger = work(), read_ledger()
        transaction.set_rollback(True)
    return receipts, ledger


class SendingsTogether(TestCase):
    doors: ClassVar[dict[str, Doorway]]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.doors = open_doors(make_cast())

    @settings(max_examples=60, deadline=None)
    @given(sendings)
    def test_sendings_that_share_a_turn_leave_the_ledger_that_they_leave_one_by_one(
        self, told: list[tuple[str, list[CoreRecord]]]
    ) -> None:
        every = [Sending(self.doors[name], records) for name, records in told]

        alone, ledger_alone = try_out(lambda: [_take_in_all([one])[0] for one in every])
        together, ledger_together = try_out(lambda: _take_in_all(every))

        assert ledger_together == ledger_alone
        assert [len(each) for each in together] == [len(one.records) for one in every]
        if not any(record.replaces for one in every for record in one.records):
            assert together == alone, "to the letter, with every problem and everything that is shown"

    def test_what_another_sender_keeps_out_of_sight_stays_out_of_sight_within_one_turn(self) -> None:
        record = CoreRecord(id=IDS[0], unit="SQ0101", kind="rally", happened_on=TODAY, note="只有本村看得到")
        ours = Sending(self.doors["village"], [record])
        theirs = Sending(self.doors["other"], [replace(record, unit="SQ0201", note="别的话")])

        (first,), (second,) = _take_in_all([ours, theirs])

        assert (first.result, second.result) == (Result.SAVED, Result.CONFLICT)
        assert second.kept is None
        assert [problem.code for problem in second.problems] == ["record.id-taken"]

    def test_each_record_of_a_turn_is_signed_by_the_one_who_sent_it(self) -> None:
        records = [CoreRecord(id=one, unit="SQ0101", kind="rally", happened_on=TODAY) for one in IDS[:2]]
        names = ("village", "town")

        _take_in_all([Sending(self.doors[name], [record]) for name, record in zip(names, records, strict=True)])

        authors = list(Record.objects.order_by("id").values_list("author", flat=True))
        assert authors == [self.doors[name].actor.pk for name in names]

    def test_a_correction_in_one_sending_waits_for_its_original_in_a_later_one_of_the_same_turn(self) -> None:
        original = CoreRecord(id=IDS[0], unit="SQ0101", kind="rally", happened_on=TODAY, people=30)
        mended = replace(original, id=IDS[1], people=45, replaces=IDS[0])

        (first,), (second,) = _take_in_all(
            [Sending(self.doors["village"], [mended]), Sending(self.doors["town"], [original])]
        )

        assert (first.result, second.result) == (Result.HELD, Result.SAVED), "as if each had come alone"
        assert Record.objects.get(pk=IDS[1]).replaces_id == IDS[0]

    def test_each_entry_of_the_audit_log_bears_the_number_of_the_request_that_brought_its_record(self) -> None:
        records = [CoreRecord(id=one, unit="SQ0101", kind="rally", happened_on=TODAY) for one in IDS[:2]]
        doors = [replace(self.doors["village"], request=f"request-{number}") for number in (1, 2)]

        _take_in_all([Sending(door, [record]) for door, record in zip(doors, records, strict=True)])

        kept = AuditEntry.objects.order_by("id").values_list("object_id", "request")
        assert list(kept) == [(str(IDS[0]), "request-1"), (str(IDS[1]), "request-2")]
