"""What the record pages show: the list with its head, a record's versions, the kinds that a unit uses. Reads only."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.expressions import RawSQL

from wuzha.core.assessment.obligations import expand_windows
from wuzha.core.base.windows import Window
from wuzha.core.duty.model import Duty
from wuzha.core.ledger.check import CONTENT
from wuzha.core.ledger.parse import write_extra
from wuzha.core.ledger.record import SHAPES, Moment, RecordKind, find_limit
from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.core.plan.model import Plan
from wuzha.web.accounts.access import is_below
from wuzha.web.accounts.models import AuditEntry, Unit
from wuzha.web.campaign.forms.records import State
from wuzha.web.campaign.kinds import load_kinds, load_kinds_at
from wuzha.web.campaign.models import HeldRecord, Record
from wuzha.web.campaign.queries.arriving import look
from wuzha.web.campaign.queries.ground import load_ground
from wuzha.web.campaign.queries.tallies import in_effect
from wuzha.web.campaign.queries.then import is_below_then

# How far back "the kinds that this unit uses most" looks, so that last year's campaign does not crowd out this year's.
RECENT = timedelta(days=180)
MOST_USED = 3
# A phone may have been without a network for some hours; a day apart, its clock is more likely wrong.
CLOCK_MAY_DIFFER = timedelta(days=1)
SKEW_MAY_BE_S = 600
SHOWN = tuple(name for name in CONTENT if name not in ("replaces", "withdrawn"))


@dataclass(frozen=True, slots=True)
class Head:
    """How many records a list has, and what they add up to where they are all of one kind."""

    count: int
    quantity: int | None = None
    people: int | None = None
    area_m2: Decimal | None = None
    loss_yuan: Decimal | None = None


@dataclass(frozen=True, slots=True)
class KindChoice:
    """The kinds to choose from: the ones used most, and all of them grouped by shape."""

    used: Sequence[RecordKind]
    groups: Mapping[str, Sequence[RecordKind]]


def filter_records(records: QuerySet[Record], chosen: Mapping[str, Any], as_of: date, today: date) -> QuerySet[Record]:
    """The records under the cleaned filters that happened up to the day. ``chosen["unit"]`` is a unit, not a code: with
    what stood below it on that day. With ``chosen["known"]`` as they were known by then (:func:`_keep_state_then`)."""
    found, state, known = records.filter(happened_on__lte=as_of), chosen.get("state", ""), chosen.get("known")
    found = _keep_state(found, state) if known is None else _keep_state_then(found, state, known)
    if unit := chosen.get("unit"):
        found = found.filter(is_below_then(unit, as_of) if as_of < today else is_below(unit.path, "unit__path"))
    if kinds := chosen.get("kind"):
        found = found.filter(kind__in=kinds)
    if since := chosen.get("since"):
        found = found.filter(happened_on__gte=since)
    if until := chosen.get("until"):
        found = found.filter(happened_on__lte=until)
    return found.select_related("unit", "author", "replaced_by")


def list_latest(visible: QuerySet[Record], unit: Unit, as_of: date, today: date, count: int) -> list[Record]:
    """Of the records in effect at or below the unit so many that happened last.

    The ledger in columns knows which they are; a database reads through those of everybody else, or through all years.
    """
    if as_of != today:
        return list(filter_records(visible, {"unit": unit}, as_of, today)[:count])
    ground = load_ground()
    below = [ground.numbers[one.code] for one in ground.tree.at(as_of).walk_down(unit.code)]
    latest = look().columns.list_latest(as_of.toordinal(), below, count)
    return list(visible.filter(pk__in=latest))


def keep_only(records: QuerySet[Record], wanted: QuerySet[Record]) -> QuerySet[Record]:
    """The records that are in both lists, in the order of the first."""
    return records.filter(pk__in=wanted.order_by().values("pk"))


def keep_listed(records: QuerySet[Record], ids: Sequence[UUID]) -> QuerySet[Record]:
    """Those of the records that are named, in their order. They are handed over as one value, however many they are:
    a county's figure rests on more than a database takes one by one."""
    if connection.vendor == "sqlite":
        listed = json.dumps([one.hex for one in ids])
        return records.filter(pk__in=RawSQL("SELECT value FROM json_each(%s)", [listed]))
    return records.filter(pk__in=RawSQL("SELECT unnest(%s::uuid[])", [[str(one) for one in ids]]))


def _keep_state(records: QuerySet[Record], state: str) -> QuerySet[Record]:
    match state:
        case State.CORRECTED:
            return records.filter(replaced_by__isnull=False)
        case State.WITHDRAWN:
            return records.filter(withdrawn=True)
        case State.ALL:
            return records
        case _:
            return records.filter(replaced_by__isnull=True, withdrawn=False)


def _keep_state_then(records: QuerySet[Record], state: str, known: Moment) -> QuerySet[Record]:
    """What had been received by then, in the state in which it was then: a later correction is not known yet."""
    received = records.filter(received_at__lte=find_limit(known))
    match state:
        case State.CORRECTED:
            return received.filter(replaced_by__received_at__lte=find_limit(known))
        case State.WITHDRAWN | State.ALL:
            return _keep_state(received, state)
        case _:
            return received.filter(in_effect(known))


def summarize(records: QuerySet[Record], kind: str) -> Head:
    """The head of the list: its count; the sums too when the list is of one kind and they mean something."""
    if not kind:
        return Head(records.count())
    sums = records.order_by().aggregate(
        n=Count("pk"),
        quantity=Sum("quantity"),
        people=Sum("people"),
        area_m2=Sum("area_m2"),
        loss_yuan=Sum("loss_yuan"),
    )
    return Head(sums["n"], sums["quantity"], sums["people"], sums["area_m2"], sums["loss_yuan"])


def is_settled(record: Record) -> bool:
    """Replaced or taken back already: then its latest version is the one to mend."""
    return record.withdrawn or Record.objects.filter(replaces=record).exists()


def judge_clock(record: Record, *, is_absurd: bool) -> str:
    """What is said of the phone's clock: ``absurd`` (not kept), ``ahead`` or ``behind``, ``off``, or nothing.

    A phone that told its time when it sent is measured by that; of any other only a day's distance is told.
    """
    if is_absurd:
        return "absurd"
    if record.clock_skew_s is not None:
        return "" if abs(record.clock_skew_s) <= SKEW_MAY_BE_S else "ahead" if record.clock_skew_s > 0 else "behind"
    return "off" if abs(record.received_at - record.recorded_at) > CLOCK_MAY_DIFFER else ""


def find_for_whom(record: Record) -> str:
    """The name on the file by which somebody handed the record in for another; empty when it came in otherwise."""
    entries = AuditEntry.objects.filter(object_type="record", object_id=str(record.pk))
    names = entries.exclude(action="record.held").values_list("details__for_whom", flat=True)
    return names.order_by("id").first() or ""


def find_held(record: Record) -> HeldRecord | None:
    """The trace of a correction that came before its original; none for any other record."""
    return HeldRecord.objects.filter(pk=record.pk).first()


def list_versions(record: Record) -> list[Record]:
    """The record with every version before and after it, the first one first."""
    earlier = _walk(record, lambda version: version.replaces)
    later = _walk(record, lambda version: getattr(version, "replaced_by", None))
    return [*reversed(earlier), record, *later]


def _walk(record: Record, step: Any) -> list[Record]:
    found: list[Record] = []
    version = step(record)
    while version is not None:
        found.append(version)
        version = step(version)
    return found


def list_kind_choice(unit: Unit, today: date) -> KindChoice:
    """The three kinds that the unit and those below it recorded most of late; then all, by shape."""
    kinds = {code: kind for code, kind in load_kinds_at(unit.path).items() if not (kind.reads or kind.is_closed(today))}
    recent = Record.objects.filter(is_below(unit.path, "unit__path"), happened_on__gte=today - RECENT)
    counted = recent.order_by().values_list("kind").annotate(n=Count("pk")).order_by("-n", "kind")
    used = [kinds[code] for code, _ in counted if code in kinds][:MOST_USED]
    groups = {shape: [kind for kind in kinds.values() if kind.shape == shape] for shape in SHAPES}
    return KindChoice(used, {shape: found for shape, found in groups.items() if found})


def find_window_of(duty: Duty, plan: Plan, day: date) -> Window | None:
    """The duty's window in which the day lies."""
    return next((window for window in expand_windows(duty, plan.valid) if day in window.interval), None)


def choose_units(units: QuerySet[Unit], words: str, few: int) -> Sequence[Unit]:
    """Units to choose from: those whose name or code fits the words; without words all of them if they are few."""
    if words:
        return list(units.filter(Q(name__icontains=words) | Q(code__istartswith=words))[:few])
    found = list(units[: few + 1])
    return found if len(found) <= few else []


def compare_versions(kept: CoreRecord, sent: CoreRecord) -> list[tuple[str, Any, Any]]:
    """What two versions of a record say, field by field, where either says anything."""
    rows = [(name, getattr(kept, name), getattr(sent, name)) for name in SHOWN]
    rows = [row if row[0] != "extra" else ("extra", _list_extra(kept), _list_extra(sent)) for row in rows]
    return [row for row in rows if row[1] not in ("", None) or row[2] not in ("", None)]


def _list_extra(record: CoreRecord) -> str:
    return write_extra(record, load_kinds().get(record.kind))
