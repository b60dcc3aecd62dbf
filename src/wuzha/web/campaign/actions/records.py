"""The one door through which records come in. A record is added, corrected by another, or taken back by another.

Nothing that was received is changed or lost: a correction and a withdrawal are records of their own that name the one
they replace. The same id with the same content again is success, so that a second tap or a lost answer does no harm;
the same id with other content is a conflict, which comes back with the record that is already kept.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from wuzha.adapters.kinds import load_kinds
from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.core.ledger.check import check_correction, check_record, has_same_content
from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.web.accounts.models import AuditEntry, Unit, User
from wuzha.web.campaign.models import Record

CENT = Decimal("0.01")


class Result(StrEnum):
    """What became of a record that was sent."""

    SAVED = "saved"
    KNOWN = "known"
    CONFLICT = "conflict"
    REFUSED = "refused"


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
    try:
        with transaction.atomic():
            return _append_once(actor, record, now)
    except IntegrityError:
        # The same id, or another correction of the same record, came in on a second connection between our look and
        # our write. Looking again finds it.
        with transaction.atomic():
            return _append_once(actor, record, now)


def _append_once(actor: User, record: CoreRecord, now: datetime) -> Answer:
    kept = _find_row(record.id)
    if kept is not None:
        return _compare(kept, record)
    unit = Unit.objects.get(code=record.unit)
    problems = _list_problems(record, unit, now)
    if problems:
        return Outcome(Result.REFUSED), problems
    row = _write(actor, unit, record, now)
    _audit(actor, row, now)
    return Outcome(Result.SAVED, row), []


def _find_row(record_id: UUID) -> Record | None:
    return Record.objects.select_related("unit", "author").filter(pk=record_id).first()


def _compare(kept: Record, record: CoreRecord) -> Answer:
    """A second arrival of the same id."""
    if has_same_content(kept.to_core(), round_record(record)):
        return Outcome(Result.KNOWN, kept), []
    return Outcome(Result.CONFLICT, kept), [make_problem("record.conflict", Source(key="id"))]


def round_record(record: CoreRecord) -> CoreRecord:
    """The record as the ledger keeps it: measures and money to the hundredth."""
    return replace(record, area_m2=_read_back(record.area_m2), loss_yuan=_read_back(record.loss_yuan))


def _read_back(value: Fraction | None) -> Fraction | None:
    return None if value is None else Fraction(_to_decimal(value))


def _to_decimal(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(CENT)


def _list_problems(record: CoreRecord, unit: Unit, now: datetime) -> list[Problem]:
    problems = check_record(record, load_kinds().get(record.kind), unit.to_core(), timezone.localdate(now))
    if record.replaces is None or record.replaces == record.id:
        return problems
    return [*problems, *_check_original(record, record.replaces)]


def _check_original(record: CoreRecord, original_id: UUID) -> list[Problem]:
    """A record is replaced once; whoever wants to mend it again mends the latest version."""
    original = _find_row(original_id)
    if original is None:
        return [make_problem("record.original-missing", Source(key="replaces"))]
    problems = check_correction(record, original.to_core())
    if original.withdrawn:
        problems.append(make_problem("record.already-withdrawn", Source(key="replaces")))
    if Record.objects.filter(replaces=original).exists():
        problems.append(make_problem("record.already-corrected", Source(key="replaces")))
    return problems


def _write(actor: User, unit: Unit, record: CoreRecord, now: datetime) -> Record:
    return Record.objects.create(
        id=record.id,
        unit=unit,
        kind=record.kind,
        happened_on=record.happened_on,
        quantity=record.quantity,
        people=record.people,
        subject=record.subject,
        area_m2=None if record.area_m2 is None else _to_decimal(record.area_m2),
        at_m=record.at_m,
        change=record.change,
        grade=record.grade,
        place=record.place,
        audience=record.audience,
        note=record.note,
        loss_yuan=None if record.loss_yuan is None else _to_decimal(record.loss_yuan),
        author=actor,
        recorded_at=record.recorded_at or now,
        received_at=now,
        replaces_id=record.replaces,
        withdrawn=record.withdrawn,
        extra=dict(record.extra),
    )


def _audit(actor: User, row: Record, now: datetime) -> None:
    action = "record.withdrawn" if row.withdrawn else "record.corrected" if row.replaces_id else "record.added"
    details = {"unit": row.unit.code, "kind": row.kind, "happened_on": row.happened_on.isoformat()}
    if row.replaces_id:
        details["replaces"] = str(row.replaces_id)
    AuditEntry.objects.create(
        action=action, actor=actor, object_type="record", object_id=str(row.pk), at=now, details=details
    )
