"""The core of every door through which records come in: phone, form, table, queue file, interface.

Records come in batches, each in one transaction with its audit entries: what is acknowledged is kept. Each record is
answered by itself. The same id with the same content is success, however often; with another content it is a conflict,
and the first one stays. A correction that comes before its original is held, and applied when the original comes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from threading import Lock
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.core.base.unit import Unit as CoreUnit
from wuzha.core.ledger.check import check_correction, check_record, check_withdrawal, has_same_content
from wuzha.core.ledger.record import Kinds, RecordKind
from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.core.ledger.wire import write_record
from wuzha.web.accounts.access import RECORDERS, list_posts
from wuzha.web.accounts.models import AuditEntry, Post, Unit, User
from wuzha.web.campaign.actions.roads import place_recorded_sites
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.models import HeldRecord, Record

CENT = Decimal("0.01")
# So many records are looked up and written at a time; more than that in one statement gains nothing.
SLICE = 500
ATTEMPTS = 3
# A clock that is farther off than this tells nothing; it may even lie outside the years that a database can keep.
BELIEVABLE = timedelta(days=3653)
# A phone whose clock is ahead by more than this may name a day that has not come here.
AHEAD_S = 3600
# The lock of PostgreSQL that keeps a correction and its original from missing each other.
HOLDING = 0x77757A6861
WRITING = Lock()


class Result(StrEnum):
    """What became of a record that was sent."""

    SAVED = "saved"
    KNOWN = "known"
    CONFLICT = "conflict"
    REFUSED = "refused"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to one record. ``kept`` is what the ledger holds under the id, where the person may see it.

    ``problems`` says why it was not taken in; of a record that was, only warnings.
    """

    record_id: UUID
    result: Result
    problems: tuple[Problem, ...] = ()
    kept: CoreRecord | None = None

    @property
    def is_good(self) -> bool:
        return self.result in (Result.SAVED, Result.KNOWN)


@dataclass(frozen=True, slots=True)
class Doorway:
    """Who brings records, and the paths at or below which they may. ``skew_s`` is how far their clock is ahead."""

    actor: User
    paths: tuple[str, ...]
    now: datetime
    skew_s: int | None = None

    def opens(self, unit: Unit) -> bool:
        return unit.path.startswith(self.paths)


def take_in_records(
    *, actor: User, records: Sequence[CoreRecord], sent_at: datetime | None, now: datetime, post: Post | None = None
) -> list[Receipt]:
    """Takes in what may be taken in; a receipt for each record, in their order.

    ``sent_at`` is the sender's clock at the moment of sending: its distance from ``now`` is kept with each record. With
    ``post`` only that post of the actor counts. Raises ``OperationalError`` when the database cannot be written: then
    nothing of the batch is kept.
    """
    paths = tuple(_list_paths(actor, post, timezone.localdate(now)))
    return take_in(Doorway(actor, paths, now, measure_skew(sent_at, now)), records)


def _list_paths(actor: User, post: Post | None, today: date) -> Iterator[str]:
    for one in list_posts(actor, today):
        if one.role in RECORDERS and post in (None, one):
            yield one.unit.path


def measure_skew(sent_at: datetime | None, now: datetime) -> int | None:
    """By how many seconds the sender's clock is ahead, negative when it is behind; none when it did not tell."""
    return None if sent_at is None else round((sent_at - now).total_seconds())


def take_in(door: Doorway, records: Sequence[CoreRecord]) -> list[Receipt]:
    """Takes the records in through this doorway, all in one transaction."""
    exclusive = False
    for attempt in range(ATTEMPTS):
        try:
            with _take_turn(), transaction.atomic():
                return _take_in_once(door, records, exclusive=exclusive)
        except _HoldingError:
            exclusive = True
        except IntegrityError:
            # The same id, or another correction of the same record, came in on a second connection between our look
            # and our write. Looking again finds it.
            if attempt == ATTEMPTS - 1:
                raise
    raise IntegrityError("the same records keep coming in elsewhere")


@contextmanager
def _take_turn() -> Iterator[None]:
    """One writer after the other within this process, where SQLite is the database.

    SQLite lets in whoever happens to ask at the right moment, and some would wait for seconds. Raises
    ``OperationalError`` as SQLite does when the turn does not come.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    if not WRITING.acquire(timeout=connection.settings_dict["OPTIONS"].get("timeout", 5)):
        raise OperationalError("database is locked")
    try:
        yield
    finally:
        WRITING.release()


class _HoldingError(Exception):
    """Something has to be held, and the lock for that is not taken yet."""


def _take_in_once(door: Doorway, records: Sequence[CoreRecord], *, exclusive: bool) -> list[Receipt]:
    """One attempt. SQLite lets one writer in at a time; on PostgreSQL whoever holds a correction waits for the others.

    Otherwise the original could come in on another connection in the same moment, and neither would see the other.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock{'' if exclusive else '_shared'}(%s)", [HOLDING])
    receipts: dict[int, Receipt] = {}
    order = _put_originals_first(records)
    for start in range(0, len(order), SLICE):
        numbers = order[start : start + SLICE]
        batch = _Batch(door, load_kinds(), timezone.localdate(door.now))
        batch.look_up([records[number] for number in numbers])
        receipts.update((number, batch.take(records[number])) for number in numbers)
        if batch.new_held and connection.vendor == "postgresql" and not exclusive:
            raise _HoldingError
        batch.write()
    return [receipts[number] for number in range(len(records))]


def _put_originals_first(records: Sequence[CoreRecord]) -> list[int]:
    """The numbers of the records, each after the one it replaces; those that go in a circle keep their places."""
    places = {record.id: number for number, record in reversed(list(enumerate(records)))}
    order: dict[int, None] = {}
    for number in range(len(records)):
        trail: dict[int, None] = {}
        step: int | None = number
        while step is not None and step not in order and step not in trail:
            trail[step] = None
            original = records[step].replaces
            step = places.get(original) if original else None
        order.update(dict.fromkeys(reversed(trail)))
    return list(order)


@dataclass(slots=True)
class _Batch:
    """Some records on their way in: what is known of their ids, and what is to be written."""

    door: Doorway
    kinds: Kinds
    today: date
    units: dict[str, Unit] = field(default_factory=dict)
    core_units: dict[str, CoreUnit] = field(default_factory=dict)
    kept: dict[UUID, CoreRecord] = field(default_factory=dict)
    foreign: set[UUID] = field(default_factory=set)
    replaced: set[UUID] = field(default_factory=set)
    held: dict[UUID, HeldRecord] = field(default_factory=dict)
    waiting: dict[UUID, list[HeldRecord]] = field(default_factory=lambda: defaultdict(list))
    new: list[Record] = field(default_factory=list)
    new_held: dict[UUID, HeldRecord] = field(default_factory=dict)
    changed_held: dict[UUID, HeldRecord] = field(default_factory=dict)
    audit: list[AuditEntry] = field(default_factory=list)

    # --- what is there already ---

    def look_up(self, records: Sequence[CoreRecord]) -> None:
        ids = {record.id for record in records}
        self._look_up_held(ids)
        held = [one.to_core() for one in self.held.values()]
        originals = {record.replaces for record in (*records, *held) if record.replaces}
        self._look_up_records(ids | originals)
        if originals:
            taken = Record.objects.filter(replaces__in=originals).order_by()
            self.replaced.update(pk for pk in taken.values_list("replaces_id", flat=True) if pk)
        codes = {record.unit for record in (*records, *held)}
        for unit in Unit.objects.filter(code__in=codes):
            self.units[unit.code], self.core_units[unit.code] = unit, unit.to_core()

    def _look_up_records(self, ids: Iterable[UUID]) -> None:
        for row in Record.objects.filter(pk__in=ids).select_related("unit", "author").order_by():
            self.kept[row.id] = row.to_core()
            if not self.door.opens(row.unit):
                self.foreign.add(row.id)

    def _look_up_held(self, ids: set[UUID]) -> None:
        """What is held under these ids, what waits for them, and what waits for that in turn."""
        waiting = HeldRecord.objects.filter(applied_at=None).select_related("author")
        found = {one.id: one for one in waiting.filter(pk__in=ids)} if ids else {}
        step = ids
        while step:
            later = {one.id: one for one in waiting.filter(original_id__in=step).order_by("arrived_at", "id")}
            step = later.keys() - found.keys() - ids
            found |= later
        for one in found.values():
            self._await(one)

    def _await(self, held: HeldRecord) -> None:
        self.held[held.id] = held
        self.waiting[held.original_id].append(held)

    # --- one record ---

    def take(self, told: CoreRecord) -> Receipt:
        record = round_record(told)
        if record.id in self.kept:
            return self._compare(record, self.kept[record.id], Result.KNOWN)
        if record.id in self.held:
            return self._compare(record, self.held[record.id].to_core(), Result.HELD)
        unit = self.units.get(record.unit)
        if unit is None or not self.door.opens(unit):
            return _refuse(record, [make_problem("record.unit-not-yours", Source(key="unit"), unit=record.unit[:40])])
        record, warnings = self._read_clock(record)
        problems = check_record(record, self._find_kind(record, unit), self.core_units[record.unit], self.today)
        if problems:
            return _refuse(record, [*problems, *self._blame_clock(record)])
        return self._take_checked(record, warnings)

    def _find_kind(self, record: CoreRecord, unit: Unit) -> RecordKind | None:
        """None for a kind that nobody knows at the unit. What stands there already can be mended all the same."""
        kind = self.kinds.get(record.kind)
        return kind if kind is None or record.replaces or kind.is_used_at(unit.path) else None

    def _take_checked(self, record: CoreRecord, warnings: tuple[Problem, ...]) -> Receipt:
        if record.replaces is not None:
            if record.replaces not in self.kept or record.replaces in self.foreign:
                return self._hold(record)
            problems = self._check_original(record, record.replaces)
            if problems:
                return _refuse(record, problems)
        kept = self._append(record, self.door.actor, self.door.now, self.door.skew_s)
        self._release(record.id)
        return Receipt(record.id, Result.SAVED, warnings, kept)

    def _compare(self, record: CoreRecord, kept: CoreRecord, same: Result) -> Receipt:
        """A second arrival of the same id. What stands at a unit out of sight is not shown."""
        if has_same_content(kept, record):
            problems = (_tell_awaited(),) if same == Result.HELD else ()
            return Receipt(record.id, same, problems, kept)
        is_hidden = record.id in self.foreign or (same == Result.HELD and not self._opens(kept.unit))
        code = "record.id-taken" if is_hidden else "record.conflict"
        shown = None if is_hidden else kept
        return Receipt(record.id, Result.CONFLICT, (make_problem(code, Source(key="id")),), shown)

    def _opens(self, code: str) -> bool:
        return code in self.units and self.door.opens(self.units[code])

    def _read_clock(self, record: CoreRecord) -> tuple[CoreRecord, tuple[Problem, ...]]:
        """Without a time of writing that cannot be meant; the day on which it happened is what the person said."""
        told = record.recorded_at
        if told is None or abs(told - self.door.now) <= BELIEVABLE:
            return record, ()
        warning = make_problem("record.clock-absurd", Source(key="recorded_at"), severity="warning")
        return replace(record, recorded_at=None), (warning,)

    def _blame_clock(self, record: CoreRecord) -> Iterator[Problem]:
        """A day that has not come, from a phone whose clock runs ahead, was most likely filled in by the phone."""
        if record.happened_on > self.today and (self.door.skew_s or 0) > AHEAD_S:
            yield make_problem("record.future-clock", Source(key="happened_on"), today=self.today)

    def _check_original(self, record: CoreRecord, original_id: UUID) -> list[Problem]:
        """A record is replaced once; whoever wants to mend it again mends the latest version."""
        original = self.kept[original_id]
        problems = check_correction(record, original)
        if record.withdrawn and not problems:
            problems = check_withdrawal(record, original)
        if original.withdrawn:
            problems.append(make_problem("record.already-withdrawn", Source(key="replaces")))
        if original_id in self.replaced:
            problems.append(make_problem("record.already-corrected", Source(key="replaces")))
        return problems

    # --- what is to be written ---

    def _append(self, record: CoreRecord, author: User, received_at: datetime, skew_s: int | None) -> CoreRecord:
        row = _make_row(record, self.units[record.unit], author, received_at)
        row.clock_skew_s = skew_s
        kept = replace(record, author=str(author), recorded_at=row.recorded_at, received_at=received_at)
        self.new.append(row)
        self.kept[record.id] = kept
        if record.replaces:
            self.replaced.add(record.replaces)
        self.audit.append(_make_entry(record, author, self.door.now))
        return kept

    def _hold(self, record: CoreRecord) -> Receipt:
        """The original may still wait on another phone; the correction waits for it here."""
        assert record.replaces is not None
        held = HeldRecord(
            id=record.id,
            original_id=record.replaces,
            unit=self.units[record.unit],
            author=self.door.actor,
            told=write_record(record),
            why="record.original-awaited",
            arrived_at=self.door.now,
            clock_skew_s=self.door.skew_s,
        )
        self._await(held)
        self.new_held[held.id] = held
        self.audit.append(_make_entry(record, self.door.actor, self.door.now, action="record.held"))
        return Receipt(record.id, Result.HELD, (_tell_awaited(),))

    def _release(self, original_id: UUID) -> None:
        """Applies what waited for the record, the first that came first; what does not fit stays held, with why."""
        for held in self.waiting.pop(original_id, []):
            record = held.to_core()
            problems = self._check_original(record, original_id)
            if held.id not in self.new_held:
                self.changed_held[held.id] = held
            if problems:
                held.why = problems[0].code
                continue
            held.applied_at = self.door.now
            del self.held[held.id]
            self._append(record, held.author, held.arrived_at, held.clock_skew_s)
            self._release(record.id)

    def write(self) -> None:
        Record.objects.bulk_create(self.new)
        place_recorded_sites(self.new)
        HeldRecord.objects.bulk_create(self.new_held.values())
        HeldRecord.objects.bulk_update(self.changed_held.values(), ["why", "applied_at"])
        AuditEntry.objects.bulk_create(self.audit)


def _refuse(record: CoreRecord, problems: Iterable[Problem]) -> Receipt:
    return Receipt(record.id, Result.REFUSED, tuple(problems))


def _tell_awaited() -> Problem:
    return make_problem("record.original-awaited", Source(key="replaces"), severity="warning")


def round_record(record: CoreRecord) -> CoreRecord:
    """The record as the ledger keeps it: measures and money to the hundredth."""
    if record.area_m2 is None and record.loss_yuan is None:
        return record
    return replace(record, area_m2=_read_back(record.area_m2), loss_yuan=_read_back(record.loss_yuan))


def _read_back(value: Fraction | None) -> Fraction | None:
    return None if value is None else Fraction(_to_decimal(value))


def _to_decimal(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(CENT)


def _make_row(record: CoreRecord, unit: Unit, author: User, received_at: datetime) -> Record:
    return Record(
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
        author=author,
        recorded_at=record.recorded_at or received_at,
        received_at=received_at,
        replaces_id=record.replaces,
        withdrawn=record.withdrawn,
        extra=dict(record.extra),
    )


def _make_entry(record: CoreRecord, author: User, now: datetime, action: str = "") -> AuditEntry:
    """The audit entry of a record; without an action it is the one that the record itself says."""
    if not action:
        action = "record.withdrawn" if record.withdrawn else "record.corrected" if record.replaces else "record.added"
    details = {"unit": record.unit, "kind": record.kind, "happened_on": record.happened_on.isoformat()}
    if record.replaces:
        details["replaces"] = str(record.replaces)
    return AuditEntry(
        action=action, actor=author, object_type="record", object_id=str(record.id), at=now, details=details
    )
