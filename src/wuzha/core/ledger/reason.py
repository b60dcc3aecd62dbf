"""Reasons to look at a record again. They say what is unusual, never that somebody did wrong.

Each reason has two sides to be held beside each other, what was measured, and the bound it passed. Nothing here knows a
person: nothing can be counted or ranked by one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from uuid import UUID

from wuzha.core.ground.outline import measure_outside
from wuzha.core.ground.point import Point

# Of 64 bits. A photo saved again at another size or quality differs in 0 to 4; two different scenes in about 32, and by
# chance in 6 or fewer less than once in a thousand million pairs.
ALIKE_BITS = 6
LOOK_BITS = 64
LOOK_MASK = (1 << LOOK_BITS) - 1
# A wall, a dark room, a blank sheet: with so few brighter neighbours (or so many) everything looks alike.
PLAIN_BITS = 6
# A village without a network for a weekend and a day or two of catching up is nothing unusual.
LATE_DAYS = 7
# One person awake from six to ten in the evening.
DAY_HOLDS_MIN = 16 * 60
# What costs eight hours or more is the work of several days, and its record says only when it ended.
LONG_WORK_MIN = 8 * 60
# Locations of phones are good to some tens of metres; between houses to a few hundred.
OUTSIDE_M = 500


class Unusual(StrEnum):
    """What is unusual."""

    SAME_PHOTO = "same-photo"
    ALIKE = "alike"
    LATE = "late"
    FULL_DAY = "full-day"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Fact:
    """What is looked at of a record. ``minutes`` is what its kind costs, times its number where that means times.

    ``hands`` names who recorded, so that a day of two persons holds twice as much; no reason carries it on.
    """

    record: UUID
    unit: str
    happened_on: date
    received_on: date
    minutes: int = 0
    hands: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of a record. ``sha256`` is of its bytes as they are kept; ``look`` is its perceptual hash, if any."""

    evidence: UUID
    record: UUID
    unit: str
    happened_on: date
    sha256: str
    look: int | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two things to be held beside each other: a record, and the photo of it where it is about photos."""

    record: UUID
    evidence: UUID | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """``measure`` passed ``limit``: bits that differ, days, minutes or metres. ``second`` is none for one record alone.

    ``more`` are further records of the same day, for a day that holds too much. ``area`` is the code of the unit whose
    outline ``place`` lies outside of.
    """

    unusual: Unusual
    first: Side
    second: Side | None = None
    measure: int = 0
    limit: int = 0
    more: tuple[UUID, ...] = ()
    area: str = ""
    place: Point | None = None

    @property
    def key(self) -> str:
        """Names the reason from now on, however often it is found: what is unusual, and the two sides, sorted.

        A day of many records is named by all of them, so that it is looked at again when another one joins them; a
        place outside also by where it is, so that one moved to somewhere else outside is looked at again too.
        """
        sides = [side for side in (self.first, self.second) if side is not None]
        ids = sorted(str(side.evidence or side.record) for side in sides)
        more = "".join(sorted(map(str, self.records))) if self.more else ""
        more += f"{self.place.lon:.5f},{self.place.lat:.5f}" if self.place else ""
        rest = [sha256(more.encode()).hexdigest()[:16]] if more else []
        return ":".join([self.unusual, *ids, *rest])

    @property
    def records(self) -> tuple[UUID, ...]:
        sides = [side.record for side in (self.first, self.second) if side is not None]
        return (*sides, *self.more)


def count_bits(first: int, second: int) -> int:
    """How many of the 64 bits of two looks differ; a look may be signed, as databases keep it."""
    return ((first ^ second) & LOOK_MASK).bit_count()


def find_same_photos(photos: Iterable[Photo]) -> list[Reason]:
    """The same bytes with two records: each further record beside the first one that had them."""
    groups: dict[str, list[Photo]] = defaultdict(list)
    for photo in photos:
        groups[photo.sha256].append(photo)
    return [reason for group in groups.values() for reason in _pair_same(group)]


def _pair_same(group: Sequence[Photo]) -> Iterator[Reason]:
    first, seen = group[0], {group[0].record}
    for photo in group[1:]:
        if photo.record not in seen:
            seen.add(photo.record)
            yield _pair(Unusual.SAME_PHOTO, first, photo, 0, 0)


def _pair(unusual: Unusual, first: Photo, second: Photo, measure: int, limit: int) -> Reason:
    return Reason(unusual, Side(first.record, first.evidence), Side(second.record, second.evidence), measure, limit)


def find_alike_photos(photos: Sequence[Photo], limit: int = ALIKE_BITS) -> list[Reason]:
    """Photos of two units or of two days that look alike without being the same bytes.

    Several photos of one event are no reason to look; nor are photos with hardly anything in them.
    """
    seen = [photo for photo in photos if photo.look is not None and not _is_plain(photo.look)]
    found = [_pair(Unusual.ALIKE, seen[one], seen[other], bits, limit) for one, other, bits in _list_near(seen, limit)]
    return _keep_one_a_pair(found)


def _is_plain(look: int) -> bool:
    bits = count_bits(look, 0)
    return bits < PLAIN_BITS or bits > LOOK_BITS - PLAIN_BITS


def _list_near(photos: Sequence[Photo], limit: int) -> Iterator[tuple[int, int, int]]:
    """Pairs by their places with the bits that differ, each once.

    Cut into ``limit + 1`` bands, two looks that differ in ``limit`` bits agree in one band at least, so that only
    photos that share a band are held against each other.
    """
    done: set[tuple[int, int]] = set()
    for bucket in _group_by_band(photos, limit + 1):
        for place, one in enumerate(bucket):
            for other in bucket[place + 1 :]:
                if (one, other) in done or not _are_apart(photos[one], photos[other]):
                    continue
                bits = count_bits(photos[one].look or 0, photos[other].look or 0)
                if bits <= limit:
                    done.add((one, other))
                    yield one, other, bits


def _group_by_band(photos: Sequence[Photo], bands: int) -> Iterable[list[int]]:
    width = -(-LOOK_BITS // bands)
    buckets: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, photo in enumerate(photos):
        look = (photo.look or 0) & LOOK_MASK
        for band in range(bands):
            buckets[band, look >> band * width & (1 << width) - 1].append(place)
    return buckets.values()


def _are_apart(one: Photo, other: Photo) -> bool:
    is_same_event = one.unit == other.unit and one.happened_on == other.happened_on
    return one.record != other.record and not is_same_event and one.sha256 != other.sha256


def _keep_one_a_pair(reasons: Iterable[Reason]) -> list[Reason]:
    """Of two records only the two photos that are most alike: two events of three photos each are one reason."""
    best: dict[frozenset[UUID], Reason] = {}
    for reason in sorted(reasons, key=lambda reason: (reason.measure, reason.key)):
        best.setdefault(frozenset(reason.records), reason)
    return list(best.values())


def find_late(facts: Iterable[Fact], limit: int = LATE_DAYS) -> list[Reason]:
    """Records that arrived more than ``limit`` days after the fact. The two sides are its two days."""
    waits = [(fact, (fact.received_on - fact.happened_on).days) for fact in facts]
    return [Reason(Unusual.LATE, Side(fact.record), None, days, limit) for fact, days in waits if days > limit]


def find_full_days(facts: Iterable[Fact], holds_min: int = DAY_HOLDS_MIN) -> list[Reason]:
    """Days of a unit whose records together cost more than the people who made them have hours awake.

    The two sides are the two that cost most.
    """
    days: dict[tuple[str, date], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.minutes > 0:
            days[fact.unit, fact.happened_on].append(fact)
    return [reason for day in days.values() for reason in _judge_day(day, holds_min)]


def _judge_day(day: list[Fact], holds_min: int) -> Iterator[Reason]:
    limit = holds_min * max(1, len({fact.hands for fact in day}))
    total = sum(fact.minutes for fact in day)
    if total <= limit:
        return
    first, *others = sorted(day, key=lambda fact: (-fact.minutes, str(fact.record)))
    second = Side(others[0].record) if others else None
    yield Reason(Unusual.FULL_DAY, Side(first.record), second, total, limit, tuple(fact.record for fact in others[1:]))


# Shapes whose number counts times; of the others one record costs what it costs, whatever its number.
COUNTED_TIMES = frozenset({"event"})


def weigh_record(minutes: int, shape: str, quantity: int) -> int:
    """What a record cost in minutes; 0 for work of several days."""
    if minutes >= LONG_WORK_MIN:
        return 0
    return minutes * quantity if shape in COUNTED_TIMES else minutes


@dataclass(frozen=True, slots=True)
class Placed:
    """A record whose place is known, the area in which it should lie, and within how many metres the place is exact."""

    record: UUID
    area: str
    place: Point
    accuracy_m: int = 0


def find_outside(
    placed: Iterable[Placed], outlines: Mapping[str, Sequence[Sequence[Point]]], limit: int = OUTSIDE_M
) -> list[Reason]:
    """Records whose place lies more than ``limit`` metres, and what it may be inexact by, outside all outlines of
    their area. An area without an outline says nothing: what is unknown is no reason."""
    return [reason for one in placed if (reason := _judge_place(one, outlines.get(one.area, ()), limit)) is not None]


def _judge_place(one: Placed, rings: Sequence[Sequence[Point]], limit: int) -> Reason | None:
    away, allowed = min((int(measure_outside(ring, one.place)) for ring in rings), default=0), limit + one.accuracy_m
    if away <= allowed:
        return None
    return Reason(Unusual.OUTSIDE, Side(one.record), measure=away, limit=allowed, area=one.area, place=one.place)


ORDER: Mapping[Unusual, int] = MappingProxyType({unusual: place for place, unusual in enumerate(Unusual)})


def sort_reasons(reasons: Iterable[Reason], days: Mapping[UUID, date]) -> list[Reason]:
    """The newest day first, then by what is unusual; never by unit or person."""

    def order(reason: Reason) -> tuple[int, int, str]:
        return -max(days[record].toordinal() for record in reason.records), ORDER[reason.unusual], reason.key

    return sorted(reasons, key=order)
