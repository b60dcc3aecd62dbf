"""Record kinds and records. A record is one fact: a unit did something on a day. It is added, never edited."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from fractions import Fraction
from uuid import UUID

from wuzha.core.ledger.position import LONGEST, POSITION

SITE_CHANGES = ("install", "seen", "damage", "replace", "remove")
REGISTER_CHANGES = ("enrol", "check", "close")
# The fields that a duty can count: columns of the ledger, each an amount.
COUNTABLE = ("quantity", "people", "area_m2", "loss_yuan")
# China keeps one time, without summer time.
BEIJING = timezone(timedelta(hours=8))
SHAPES = ("event", "visit", "site", "handout", "pledge", "posting", "filing", "check", "count")


@dataclass(frozen=True, slots=True)
class Detail:
    """A field that only describes. It is kept in a record's ``extra`` under ``code``; no duty can count it."""

    code: str
    title: str
    title_en: str
    longest: int = 120


# No form asks for it: a phone fills it in when somebody presses the button. See :mod:`wuzha.core.ledger.position`.
POSITION_DETAIL = Detail(POSITION, "定位", "Position", longest=LONGEST)


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One entry of ``kinds.yaml``: what the form asks, what a duty counts, whom a record reaches, what it costs.

    ``counts`` is the field a duty counts when it names none; ``countable`` are all that it may name. ``details`` only
    describe. ``sentence`` and ``sentence_en`` are patterns of how a record reads, with the fields in braces.
    ``reads`` names the kind from whose records an indicator is computed, so that nothing is typed twice. From
    ``closed_on`` on nothing new of the kind is recorded. ``gone`` are details that are asked no more; what was recorded
    under them still reads, and a phone that has not heard of it yet may still send them. ``within`` is the path of the
    unit at and below which the kind is used: the codes from the root down, each closed by a slash; empty is everywhere.
    """

    code: str
    title: str
    title_en: str
    shape: str
    asks: tuple[str, ...]
    counts: str = "quantity"
    covers: str = ""
    minutes: int = 0
    grades: tuple[str, ...] = ()
    reads: str = ""
    countable: tuple[str, ...] = ("quantity",)
    details: tuple[Detail, ...] = ()
    sentence: str = ""
    sentence_en: str = ""
    closed_on: date | None = None
    gone: tuple[Detail, ...] = ()
    within: str = ""

    def is_used_at(self, path: str) -> bool:
        """Whether the unit at that path can record it."""
        return path.startswith(self.within)

    def is_used_around(self, path: str) -> bool:
        """Whether the unit at that path or one below it can record it."""
        return self.is_used_at(path) or self.within.startswith(path)

    def may_count(self, field: str) -> bool:
        """Whether a duty may count this field of the kind's records."""
        return field in (self.counts, *self.countable)

    @property
    def known_details(self) -> tuple[Detail, ...]:
        """Every detail that a record of the kind may hold."""
        return (*self.details, *self.gone, *((POSITION_DETAIL,) if "place" in self.asks else ()))

    @property
    def is_survey(self) -> bool:
        """Whether a record tells how many of so many asked: what counts is the share."""
        return self.shape == "count" and "people" in self.asks

    def is_closed(self, on: date) -> bool:
        return self.closed_on is not None and on >= self.closed_on

    @property
    def changes(self) -> tuple[str, ...]:
        """What a record of this kind may say of its subject."""
        return {"site": SITE_CHANGES, "check": REGISTER_CHANGES}.get(self.shape, ())


Kinds = Mapping[str, RecordKind]


@dataclass(frozen=True, slots=True)
class Record:
    """One fact with its three clocks: the day it happened, the phone's time, the server's time.

    ``id`` is made on the device. ``unit`` is a unit's code. ``quantity`` counts times, things, households or cases by
    kind; for a survey it is how many knew, ``people`` how many were asked. ``subject`` is an opaque number (a
    household, a site, a file), never a name. ``at_m`` is metres along the unit's road from its start. ``replaces``
    names the record that this one corrects; ``withdrawn`` says the corrected fact did not happen. ``extra`` holds what
    only describes, by the code of the kind's detail; it does not change once the record is made.
    """

    id: UUID
    unit: str
    kind: str
    happened_on: date
    quantity: int = 1
    people: int | None = None
    subject: str = ""
    area_m2: Fraction | None = None
    at_m: int | None = None
    change: str = ""
    grade: str = ""
    place: str = ""
    audience: str = ""
    note: str = ""
    loss_yuan: Fraction | None = None
    author: str = ""
    recorded_at: datetime | None = None
    received_at: datetime | None = None
    replaces: UUID | None = None
    withdrawn: bool = False
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)


def keep_position(correction: Record, original: Record) -> Record:
    """The correction with the original's position while the place is still called the same: no form asks for it."""
    told = original.extra.get(POSITION)
    if told is None or correction.place != original.place:
        return correction
    return replace(correction, extra={POSITION: told, **correction.extra})


def keep_in_effect(records: Iterable[Record]) -> list[Record]:
    """Without the records that a later one replaces and without withdrawals; order kept."""
    records = list(records)
    replaced = {record.replaces for record in records if record.replaces is not None}
    return [record for record in records if record.id not in replaced and not record.withdrawn]


# A day stands for the whole of it, an instant for itself.
Moment = date | datetime


def keep_known(records: Iterable[Record], by: Moment) -> list[Record]:
    """What had been received by then, a day counting to its end in Beijing; order kept.

    A correction or withdrawal that came later is left out, so that its original is in effect again. A record that does
    not tell when it was received counts from the time the phone gave it; one that tells neither was always known.
    Raises ValueError for an instant without a zone.
    """
    limit = find_limit(by)
    return [record for record in records if (at := record.received_at or record.recorded_at) is None or at <= limit]


def find_limit(by: Moment) -> datetime:
    """The last instant that still counts. Raises ValueError for one without a zone."""
    if not isinstance(by, datetime):
        return datetime.combine(by, time.max, BEIJING)
    if by.tzinfo is None:
        raise ValueError(f"{by} tells no zone")
    return by
