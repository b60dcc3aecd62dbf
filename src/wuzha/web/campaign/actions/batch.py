"""Some records on their way into the ledger together: what is known of their ids, and what is to be written.

Each record is answered by itself. The same id with the same content is success, however often; with another content it
is a conflict, and the first one stays. A correction that comes before its original is held, and applied when the
original comes.

Numbers of persons are masked in what is kept, and sealed beside it: the same content is the same original.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from django.db.models import Q

from wuzha.core.base.personal import Part
from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.core.base.unit import Unit as CoreUnit
from wuzha.core.ledger.check import check_correction, check_record, check_withdrawal, has_same_content
from wuzha.core.ledger.personal import FieldPart, carry_parts, mask_record
from wuzha.core.ledger.record import Kinds, RecordKind
from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.core.ledger.wire import write_record
from wuzha.web.accounts.models import AuditEntry, Unit, User
from wuzha.web.campaign.actions.door import Doorway, Receipt, Result
from wuzha.web.campaign.actions.roads import place_recorded_sites
from wuzha.web.campaign.models import HeldRecord, Record, append_rows
from wuzha.web.personal.guard import make_sealed_part, open_parts
from wuzha.web.personal.models import SealedPart
from wuzha.web.personal.ring import stand_in

CENT = Decimal("0.01")
# A clock that is farther off than this tells nothing; it may even lie outside the years that a database can keep.
BELIEVABLE = timedelta(days=3653)
# A phone whose clock is ahead by more than this may name a day that has not come here.
AHEAD_S = 3600


@dataclass(slots=True)
class Batch:
    """Some records on their way in: what is known of their ids, and what is to be written."""

    kinds: Kinds
    may_hold: bool
    """Whether any correction waits for its original at all."""
    door: Doorway = field(init=False)
    units: dict[str, Unit] = field(default_factory=dict)
    core_units: dict[str, CoreUnit] = field(default_factory=dict)
    kept: dict[UUID, CoreRecord] = field(default_factory=dict)
    paths: dict[UUID, tuple[str, str]] = field(default_factory=dict)
    replaced: set[UUID] = field(default_factory=set)
    held: dict[UUID, HeldRecord] = field(default_factory=dict)
    waiting: dict[UUID, list[HeldRecord]] = field(default_factory=lambda: defaultdict(list))
    new: list[Record] = field(default_factory=list)
    new_held: dict[UUID, HeldRecord] = field(default_factory=dict)
    changed_held: dict[UUID, HeldRecord] = field(default_factory=dict)
    audit: list[AuditEntry] = field(default_factory=list)
    coming: tuple[FieldPart, ...] = ()
    """What was masked in the record that is answered now."""
    masked: dict[UUID, frozenset[FieldPart]] = field(default_factory=dict)
    new_parts: list[SealedPart] = field(default_factory=list)

    # --- what is there already ---

    def look_up(self, records: Sequence[CoreRecord]) -> None:
        ids = {record.id for record in records}
        self._look_up_held(ids)
        held = [self._hide(one.to_core()) for one in self.held.values()]
        originals = {record.replaces for record in (*records, *held) if record.replaces}
        self._look_up_records(ids | originals)
        if originals:
            taken = Record.objects.filter(replaces__in=originals).order_by()
            self.replaced.update(pk for pk in taken.values_list("replaces_id", flat=True) if pk)
        codes = {record.unit for record in (*records, *held)}
        for unit in Unit.objects.filter(code__in=codes):
            self.units[unit.code], self.core_units[unit.code] = unit, unit.to_core()
        self._look_up_masked([*self.kept.values(), *held])

    def _hide(self, kept: CoreRecord) -> CoreRecord:
        """As it would be kept today: what was taken in before numbers were masked may hold some."""
        hidden, parts = mask_record(kept, stand_in)
        self.masked[kept.id] = frozenset(parts)
        return hidden

    def _look_up_masked(self, records: Iterable[CoreRecord]) -> None:
        """What was masked in the records that are there."""
        ids = [record.id for record in records]
        for pk, fields in open_parts("record", ids).items() if ids else ():
            told = {FieldPart(name, part) for name, parts in fields.items() for part in parts}
            self.masked[UUID(pk)] = self.masked.get(UUID(pk), frozenset()) | told

    def _look_up_records(self, ids: Iterable[UUID]) -> None:
        known = Record.objects.filter(pk__in=ids).order_by()
        # Nearly always none: to ask for that alone takes a third of the time.
        found = list(known.values_list("pk", flat=True))
        for row in known.filter(pk__in=found).select_related("unit", "author") if found else ():
            self.kept[row.id], self.paths[row.id] = self._hide(row.to_core()), _find_place(row.unit)

    def _look_up_held(self, ids: set[UUID]) -> None:
        """What is held under these ids, what waits for them, and what waits for that in turn."""
        if not self.may_hold:
            return
        waiting = HeldRecord.objects.filter(applied_at=None).select_related("author").order_by()
        found: dict[UUID, HeldRecord] = {}
        step = ids
        while step:
            later = {one.id: one for one in waiting.filter(Q(pk__in=step) | Q(original_id__in=step))}
            step = later.keys() - found.keys() - ids
            found |= later
        for one in sorted(found.values(), key=lambda one: (one.arrived_at, one.id)):
            self._await(one)

    def _await(self, held: HeldRecord) -> None:
        self.held[held.id] = held
        self.waiting[held.original_id].append(held)

    # --- one record ---

    def take(self, door: Doorway, told: CoreRecord) -> Receipt:
        """Answers one record that came through this doorway. Call :meth:`look_up` with it before."""
        self.door = door
        record, self.coming = mask_record(round_record(told), stand_in)
        if record.id in self.kept:
            return self._compare(record, self.kept[record.id], Result.KNOWN)
        if record.id in self.held:
            return self._compare(record, mask_record(self.held[record.id].to_core(), stand_in)[0], Result.HELD)
        unit = self.units.get(record.unit)
        if unit is None or not door.opens(unit.path, unit.line):
            return _refuse(record, [make_problem("record.unit-not-yours", Source(key="unit"), unit=record.unit[:40])])
        record, warnings = self._read_clock(record)
        problems = check_record(record, self._find_kind(record, unit), self.core_units[record.unit], door.today)
        if problems:
            return _refuse(record, [*problems, *self._blame_clock(record)])
        return self._take_checked(record, warnings)

    def _find_kind(self, record: CoreRecord, unit: Unit) -> RecordKind | None:
        """None for a kind that nobody knows at the unit. What stands there already can be mended all the same."""
        kind = self.kinds.get(record.kind)
        return kind if kind is None or record.replaces or kind.is_used_at(unit.path) else None

    def _take_checked(self, record: CoreRecord, warnings: tuple[Problem, ...]) -> Receipt:
        if record.replaces is not None:
            if record.replaces not in self.kept or self._is_foreign(record.replaces):
                return self._hold(record)
            problems = self._check_original(record, record.replaces)
            if problems:
                return _refuse(record, problems)
        self._seal(record)
        door = self.door
        kept = self._append(record, door.actor, door.now, door.skew_s, door.for_whom)
        self._release(record.id)
        return Receipt(record.id, Result.SAVED, warnings, kept)

    def _compare(self, record: CoreRecord, kept: CoreRecord, same: Result) -> Receipt:
        """A second arrival of the same id. What stands at a unit out of sight is not shown."""
        # What we gave out masked and comes back so is the same; another number behind the same stars is not.
        if has_same_content(kept, record) and not self._differs_behind(record.id):
            problems = (_tell_awaited(),) if same == Result.HELD else ()
            return Receipt(record.id, same, problems, kept)
        is_hidden = self._is_foreign(record.id) or (same == Result.HELD and not self._opens(kept.unit))
        code = "record.id-taken" if is_hidden else "record.conflict"
        shown = None if is_hidden else kept
        return Receipt(record.id, Result.CONFLICT, (make_problem(code, Source(key="id")),), shown)

    def _differs_behind(self, record_id: UUID) -> bool:
        """Whether another number stands behind the same stars. An original that was let go is taken for the same."""
        kept = {(one.field, one.part.start): one for one in self.masked.get(record_id, ())}
        return any(kept.get((one.field, one.part.start), one) != one for one in self.coming)

    def _is_foreign(self, record_id: UUID) -> bool:
        """Whether the ledger holds it at a unit out of the sender's sight."""
        return record_id in self.paths and not self.door.opens(*self.paths[record_id])

    def _opens(self, code: str) -> bool:
        unit = self.units.get(code)
        return unit is not None and self.door.opens(unit.path, unit.line)

    def _read_clock(self, record: CoreRecord) -> tuple[CoreRecord, tuple[Problem, ...]]:
        """Without a time of writing that cannot be meant; the day on which it happened is what the person said."""
        told = record.recorded_at
        if told is None or abs(told - self.door.now) <= BELIEVABLE:
            return record, ()
        warning = make_problem("record.clock-absurd", Source(key="recorded_at"), severity="warning")
        return replace(record, recorded_at=None), (warning,)

    def _blame_clock(self, record: CoreRecord) -> Iterator[Problem]:
        """A day that has not come, from a phone whose clock runs ahead, was most likely filled in by the phone."""
        if record.happened_on > self.door.today and (self.door.skew_s or 0) > AHEAD_S:
            yield make_problem("record.future-clock", Source(key="happened_on"), today=self.door.today)

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

    def _seal(self, record: CoreRecord) -> None:
        """Keeps the originals of what was masked in it, and of what a correction took over masked."""
        found = {(one.field, one.part.start): one for one in self.coming}
        original = self.kept.get(record.replaces) if record.replaces else None
        if original is not None:
            carried = carry_parts(record, original, _group(self.masked.get(original.id, ())))
            found = {(one.field, one.part.start): one for one in carried} | found
        self.masked[record.id] = frozenset(found.values())
        self.new_parts += [make_sealed_part("record", record.id, one.field, one.part) for one in found.values()]

    def _append(
        self, record: CoreRecord, author: User, received_at: datetime, skew_s: int | None, for_whom: str = ""
    ) -> CoreRecord:
        row = _make_row(record, self.units[record.unit], author, received_at)
        row.clock_skew_s = skew_s
        kept = replace(record, author=str(author), recorded_at=row.recorded_at, received_at=received_at)
        self.new.append(row)
        self.kept[record.id], self.paths[record.id] = kept, _find_place(self.units[record.unit])
        if record.replaces:
            self.replaced.add(record.replaces)
        self._note(_make_entry(record, author, self.door.now, for_whom=for_whom))
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
        self._seal(record)
        self._await(held)
        self.new_held[held.id] = held
        self._note(_make_entry(record, self.door.actor, self.door.now, action="record.held"))
        return Receipt(record.id, Result.HELD, (_tell_awaited(),))

    def _release(self, original_id: UUID) -> None:
        """Applies what waited for the record, the first that came first; what does not fit stays held, with why."""
        arrived = [original_id]
        while arrived:
            latest = arrived.pop()
            for held in self.waiting.pop(latest, []):
                record, self.coming = mask_record(held.to_core(), stand_in)
                problems = self._check_original(record, latest)
                if held.id not in self.new_held:
                    self.changed_held[held.id] = held
                if problems:
                    held.why = problems[0].code
                    continue
                held.applied_at = self.door.now
                del self.held[held.id]
                if self.coming:  # held since before numbers were masked
                    self._seal(record)
                self._append(record, held.author, held.arrived_at, held.clock_skew_s)
                arrived.append(record.id)

    def _note(self, entry: AuditEntry) -> None:
        """Whoever writes may be answering another request than that which brought the record."""
        entry.request = self.door.request
        self.audit.append(entry)

    def write(self) -> None:
        """Writes all that was taken. Raises ``IntegrityError`` when somebody else wrote one of the ids meanwhile."""
        append_rows(self.new)
        place_recorded_sites(self.new)
        append_rows(list(self.new_held.values()))
        HeldRecord.objects.bulk_update(self.changed_held.values(), ["why", "applied_at"])
        SealedPart.objects.bulk_create(self.new_parts)
        append_rows(self.audit)


def mask_as_kept(record: CoreRecord) -> CoreRecord:
    """The record as the ledger would show it: rounded, and with numbers of persons masked."""
    return mask_record(round_record(record), stand_in)[0]


def _group(found: Iterable[FieldPart]) -> dict[str, tuple[Part, ...]]:
    fields: dict[str, list[Part]] = defaultdict(list)
    for one in found:
        fields[one.field].append(one.part)
    return {name: tuple(parts) for name, parts in fields.items()}


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
    """Not by way of a decimal, which has not the digits for every number that somebody may send."""
    return None if value is None else Fraction(round(value * 100), 100)


def _to_decimal(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(CENT)


def _find_place(unit: Unit) -> tuple[str, str]:
    """What a doorway asks of a unit: its path and its line."""
    return unit.path, unit.line


def _make_row(record: CoreRecord, unit: Unit, author: User, received_at: datetime) -> Record:
    return Record(
        id=record.id,
        unit_id=unit.pk,
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
        author_id=author.pk,
        recorded_at=record.recorded_at or received_at,
        received_at=received_at,
        replaces_id=record.replaces,
        withdrawn=record.withdrawn,
        extra=dict(record.extra),
    )


def _make_entry(record: CoreRecord, author: User, now: datetime, action: str = "", for_whom: str = "") -> AuditEntry:
    """The audit entry of a record; without an action it is the one that the record itself says."""
    if not action:
        action = "record.withdrawn" if record.withdrawn else "record.corrected" if record.replaces else "record.added"
    details: dict[str, object] = {
        "unit": record.unit,
        "kind": record.kind,
        "happened_on": record.happened_on.isoformat(),
    }
    if for_whom:
        details["for_whom"] = for_whom
    details.update(author.tell_deputed())
    if record.replaces:
        details["replaces"] = str(record.replaces)
    return AuditEntry(
        action=action, actor_id=author.pk, object_type="record", object_id=str(record.id), at=now, details=details
    )
