"""What a reviewer is asked to look at, and what was returned to whom. Reads only.

Reasons are computed from the ledger and never stored; only what somebody said about one is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from wuzha.core.ledger import reason as core
from wuzha.core.ledger.reason import Reason
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.access import belongs_to_record, list_reviewed_units, list_visible_records
from wuzha.web.campaign.models import Evidence, Look, Record
from wuzha.web.campaign.queries.arrivals import RECENT, find_arrivals
from wuzha.web.campaign.queries.outside import Area, find_outside, list_moved, load_areas

# Photos are held against those of half a year.
PHOTOS_BACK = timedelta(days=183)
BATCH = 500


@dataclass(frozen=True, slots=True)
class Shown:
    """One side as the page shows it: the record, and its photo where the reason is about photos."""

    record: Record
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A reason with both sides to be looked at, further records of the day, and what was said about it before.

    ``area`` is what a place outside is held against.
    """

    reason: Reason
    sides: Sequence[Shown]
    more: Sequence[Record] = ()
    last: Look | None = None
    area: Area | None = None

    @property
    def records(self) -> list[Record]:
        return [*(side.record for side in self.sides), *self.more]


@dataclass(frozen=True, slots=True)
class Pile:
    """``open`` are still to be looked at; ``waiting`` were returned and are not mended yet."""

    open: Sequence[Reason] = ()
    waiting: Sequence[Reason] = ()
    looks: Mapping[str, Look] = field(default_factory=dict)

    def find(self, key: str) -> Reason | None:
        return next((reason for reason in (*self.open, *self.waiting) if reason.key == key), None)


def pile_up(user: User, now: datetime) -> Pile:
    """All that the person is asked to look at, the newest day first."""
    units = list_reviewed_units(user, timezone.localdate(now))
    days: dict[UUID, date] = {}
    places = find_outside(units, now, now - RECENT)
    days.update(places.days)
    reasons = [*_find_by_records(units, now, days), *_find_by_photos(units, now, days), *places.reasons]
    looks = _list_last_looks([reason.key for reason in reasons])
    mended = _list_mended(list(looks.values()))
    unanswered, waiting = [], []
    for reason in core.sort_reasons(reasons, days):
        look = looks.get(reason.key)
        if look is None or look.pk in mended:
            unanswered.append(reason)
        elif look.verdict == Look.Verdict.RETURNED:
            waiting.append(reason)
    return Pile(unanswered, waiting, looks)


def _find_by_records(units: QuerySet[Unit], now: datetime, days: dict[UUID, date]) -> Sequence[Reason]:
    """Late arrivals and full days."""
    found = find_arrivals(units, now)
    days.update(found.days)
    return found.reasons


def _find_by_photos(units: QuerySet[Unit], now: datetime, days: dict[UUID, date]) -> list[Reason]:
    photos = _list_photos(units, now - PHOTOS_BACK)
    days.update({photo.record: photo.happened_on for photo in photos})
    return [*core.find_same_photos(photos), *core.find_alike_photos(photos)]


def _list_photos(units: QuerySet[Unit], since: datetime) -> list[core.Photo]:
    """Photos of records in effect, each with the latest version of its record, in the order of their arrival."""
    found = Evidence.objects.filter(received_at__gte=since, look__isnull=False).select_related("uploaded_by")
    # Asked photo by photo: there are far fewer of them than records.
    rows = list(found.filter(Exists(Record.objects.filter(pk=OuterRef("record_id"), unit__in=units))))
    records = _load_records(row.record_id for row in rows)
    photos = []
    for row in rows:
        original = records[row.record_id]
        latest = _find_latest(original)
        if not latest.withdrawn and belongs_to_record(row, original):
            photos.append(core.Photo(row.pk, latest.pk, latest.unit.code, latest.happened_on, row.sha256, row.look))
    return photos


def _find_latest(record: Record) -> Record:
    """The version that replaces all before it. Corrections are few, so each is fetched by itself."""
    later = getattr(record, "replaced_by", None)
    return record if later is None else _find_latest(later)


def _load_records(ids: Iterable[UUID]) -> dict[UUID, Record]:
    wanted = sorted(set(ids))
    records: dict[UUID, Record] = {}
    for start in range(0, len(wanted), BATCH):
        asked = Record.objects.filter(pk__in=wanted[start : start + BATCH])
        records |= {record.pk: record for record in asked.select_related("unit", "author", "replaced_by__unit")}
    return records


def _list_last_looks(keys: Sequence[str]) -> dict[str, Look]:
    found: dict[str, Look] = {}
    for start in range(0, len(keys), BATCH):
        for look in Look.objects.filter(reason__in=keys[start : start + BATCH]).select_related("looked_by", "record"):
            found.setdefault(look.reason, look)
    return found


def _list_mended(looks: Sequence[Look]) -> set[int]:
    """Those that were returned and then answered: the record was corrected or taken back, got another file, or its
    site another place."""
    returned = [look for look in looks if look.verdict == Look.Verdict.RETURNED]
    mended: set[int] = set()
    for start in range(0, len(returned), BATCH):
        asked = returned[start : start + BATCH]
        ids = [look.record_id for look in asked]
        replaced = set(Record.objects.filter(replaces__in=ids).values_list("replaces_id", flat=True))
        files = Evidence.objects.filter(record_id__in=ids).order_by("received_at")
        newest = dict(files.values_list("record_id", "received_at"))
        moved = list_moved(asked)
        mended |= {
            look.pk
            for look in asked
            if look.record_id in replaced
            or look.pk in moved
            or newest.get(look.record_id, look.looked_at) > look.looked_at
        }
    return mended


def show_cases(reasons: Sequence[Reason], looks: Mapping[str, Look], on: date) -> list[Case]:
    """The reasons with their records, photos and areas, for one page of them."""
    records = _load_records(record for reason in reasons for record in reason.records)
    sides = [side for reason in reasons for side in (reason.first, reason.second) if side is not None]
    files = {one.pk: one for one in Evidence.objects.filter(pk__in=[side.evidence for side in sides if side.evidence])}
    areas = load_areas(reasons, on)
    return [replace(_show(reason, records, files, looks), area=areas.get(reason.key)) for reason in reasons]


def _show(
    reason: Reason, records: Mapping[UUID, Record], files: Mapping[UUID, Evidence], looks: Mapping[str, Look]
) -> Case:
    sides = [side for side in (reason.first, reason.second) if side is not None]
    shown = [Shown(records[side.record], files.get(side.evidence) if side.evidence else None) for side in sides]
    return Case(reason, shown, [records[record] for record in reason.more], looks.get(reason.key))


def list_returned(user: User, on: date) -> list[Look]:
    """What came back to the person and is not mended yet: their own records in sight, with what to mend.

    What was returned is asked first, which is little: asked in one, SQLite goes through all records in sight.
    """
    returned = set(Look.objects.filter(verdict=Look.Verdict.RETURNED).order_by().values_list("record", flat=True))
    if not returned:
        return []
    own = list_visible_records(user, on).filter(pk__in=returned, author=user).order_by()
    return _keep_standing(Look.objects.filter(record__in=list(own.values_list("pk", flat=True))))


def find_returned(record: Record) -> list[Look]:
    """The notes with which this record was returned and that nothing has answered since."""
    return _keep_standing(Look.objects.filter(record=record))


def _keep_standing(looks: QuerySet[Look]) -> list[Look]:
    """Returned, not mended, and not found fine since; of the same reason only the last note."""
    returned = looks.filter(verdict=Look.Verdict.RETURNED).select_related("record__unit", "looked_by")
    last = _list_last_looks([look.reason for look in returned])
    mended = _list_mended(list(returned))
    return [look for look in returned if last[look.reason].pk == look.pk and look.pk not in mended]
