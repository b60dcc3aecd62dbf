"""Records made on the pages, one at a time. A record is added, corrected by another, or taken back by another.

Nothing that was received is changed or lost: a correction and a withdrawal are records of their own that name the one
they replace. They go in through the door of :mod:`wuzha.web.campaign.actions.intake`, as all records do.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from wuzha.core.base.problem import Problem
from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.web.accounts.models import User
from wuzha.web.campaign.actions.door import Doorway, Result
from wuzha.web.campaign.actions.intake import take_in
from wuzha.web.campaign.models import Record

# The caller has made sure that the actor may record at the unit: to the door every path is open.
EVERYWHERE = ("",)


@dataclass(frozen=True, slots=True)
class Outcome:
    """``kept`` is the row in the ledger: the new one, the same one from before, or the one it conflicts with."""

    result: Result
    kept: Record | None = None

    @property
    def is_good(self) -> bool:
        return self.result in (Result.SAVED, Result.KNOWN)


Answer = tuple[Outcome, list[Problem]]


def add_record(*, actor: User, record: CoreRecord, now: datetime) -> Answer:
    """Take in one new fact. The caller has made sure that the actor may record at the unit."""
    return _append(actor, replace(record, replaces=None, withdrawn=False), now)


def correct_record(*, actor: User, original: Record, record: CoreRecord, now: datetime) -> Answer:
    """Take in a record that says anew what the original said wrongly; from then on only the new one counts."""
    return _append(actor, replace(record, replaces=original.id, withdrawn=False), now)


def withdraw_record(*, actor: User, original: Record, record_id: UUID, note: str, now: datetime) -> Answer:
    """Take back a fact that did not happen. What it said stays readable; ``note`` says why it is taken back."""
    told = replace(original.to_core(), id=record_id, note=note, replaces=original.id, withdrawn=True, recorded_at=now)
    return _append(actor, told, now)


def _append(actor: User, record: CoreRecord, now: datetime) -> Answer:
    (receipt,) = take_in(Doorway(actor, EVERYWHERE, now, timezone.localdate(now)), [record])
    kept = Record.objects.select_related("unit", "author").filter(pk=record.id).first()
    return Outcome(receipt.result, kept), list(receipt.problems)
