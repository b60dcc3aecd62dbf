"""What is wrong with a record before it is taken in. Problems only; the record is never changed.

Each problem names the field it is about in ``source.key``, so that a form can say it beside that field.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from uuid import UUID

from wuzha.core.base.problem import Problem, Source
from wuzha.core.base.unit import Unit
from wuzha.core.ledger.position import POSITION, read_position
from wuzha.core.ledger.record import Record, RecordKind

# Shapes that say something happened: a record of none of it says nothing. An indicator may well be 0.
COUNTED_SHAPES = frozenset({"event", "visit", "handout", "pledge", "posting", "filing"})
# A larger number is a slip of the finger, and more than the column holds.
LIMIT = 100_000_000
LONGEST: Mapping[str, int] = MappingProxyType({"subject": 64, "place": 120, "audience": 120, "note": 2000})
ENROL = "enrol"
INSTALL = "install"


def check_record(record: Record, kind: RecordKind | None, unit: Unit, today: date) -> list[Problem]:
    """Everything that keeps the record from being taken in, as of today.

    ``kind`` is none when nobody knows ``record.kind``. A withdrawal repeats the record it takes back, and is asked
    only whether it names it.
    """
    if kind is None:
        return [_make("kind", "record.kind-unknown", kind=record.kind)]
    if record.withdrawn:
        return list(_check_replacing(record))
    return [
        *_check_kind(record, kind),
        *_check_day(record, unit, today),
        *_check_amounts(record, kind),
        *_check_register(record, kind),
        *_check_lengths(record),
        *_check_extra(record, kind),
        *_check_replacing(record),
    ]


def check_correction(record: Record, original: Record) -> list[Problem]:
    """What a correction may not change: it tells the same kind of fact of the same unit anew."""
    fields = [name for name in ("unit", "kind") if getattr(record, name) != getattr(original, name)]
    return [_make(name, "record.correction-moves", field=name) for name in fields]


def check_withdrawal(record: Record, original: Record) -> list[Problem]:
    """A withdrawal repeats what it takes back, so that what did not happen stays readable; its remark says why."""
    own = ("note", "replaces", "withdrawn")
    differing = [name for name in list_differences(record, original) if name not in own]
    problems = [_make(name, "record.withdrawal-differs", field=name) for name in differing]
    return problems + [problem for problem in _check_lengths(record) if problem.source.key == "note"]


def check_corrections(records: Mapping[UUID, Record], refused: Container[UUID]) -> dict[UUID, list[Problem]]:
    """Which corrections of a whole ledger cannot stand, and why, by their ids; ``refused`` are ids told already.

    A record is replaced once, by the first that comes; who mends it again mends the latest. A correction of something
    that cannot stand cannot stand either, or else both it and the older record would count.
    """
    taken: dict[UUID, UUID] = {}
    found: dict[UUID, list[Problem]] = {}
    for record in records.values():
        if record.replaces is None:
            continue
        problems = _check_original(record, record.replaces, records, refused) or _check_taken(record.replaces, taken)
        if problems:
            found[record.id] = problems
        else:
            taken[record.replaces] = record.id
    for record_id in _list_circling(taken):
        found[record_id] = [_make("replaces", "record.correction-circle")]
    return found | _list_followers(found, taken)


def _check_original(
    record: Record, original_id: UUID, records: Mapping[UUID, Record], refused: Container[UUID]
) -> list[Problem]:
    original = records.get(original_id)
    if original is None and original_id in refused:
        return [_make("replaces", "record.original-refused", first=original_id)]
    if original is None:
        return [_make("replaces", "record.original-unlisted", value=original_id)]
    if original.withdrawn:
        return [_make("replaces", "record.already-withdrawn")]
    return check_correction(record, original)


def _check_taken(original_id: UUID, taken: Mapping[UUID, UUID]) -> list[Problem]:
    first = taken.get(original_id)
    return [] if first is None else [_make("replaces", "record.corrected-twice", first=first)]


def _list_circling(taken: Mapping[UUID, UUID]) -> Iterator[UUID]:
    """Corrections that lead back to themselves. Each record has one correction at most, so ways never fork."""
    done: set[UUID] = set()
    for start in taken:
        trail: list[UUID] = []
        step: UUID | None = start
        while step is not None and step not in done:
            done.add(step)
            trail.append(step)
            step = taken.get(step)
        if trail and step == start:
            yield from trail


def _list_followers(found: Iterable[UUID], taken: Mapping[UUID, UUID]) -> dict[UUID, list[Problem]]:
    """The corrections of what was refused, and theirs in turn."""
    followers: dict[UUID, list[Problem]] = {}
    for start in found:
        refused, follower = start, taken.get(start)
        while follower is not None and follower not in found:
            followers[follower] = [_make("replaces", "record.original-refused", first=refused)]
            refused, follower = follower, taken.get(follower)
    return followers


def has_same_content(one: Record, other: Record) -> bool:
    """Whether two records with the same id tell the same fact. Clocks and the author's name are not the fact."""
    return list_differences(one, other) == ()


def list_differences(one: Record, other: Record) -> tuple[str, ...]:
    """The names of the fields in which two versions of a fact differ."""
    return tuple(name for name in CONTENT if getattr(one, name) != getattr(other, name))


CONTENT = (
    "unit",
    "kind",
    "happened_on",
    "quantity",
    "people",
    "subject",
    "area_m2",
    "at_m",
    "change",
    "grade",
    "place",
    "audience",
    "note",
    "loss_yuan",
    "replaces",
    "withdrawn",
    "extra",
)


def is_survey(kind: RecordKind) -> bool:
    """Whether the kind tells how many of those asked; ``quantity`` then counts the hits, ``people`` the asked."""
    return kind.shape == "count" and "people" in kind.asks


def _make(key: str, code: str, **params: str | date | Fraction | int | UUID) -> Problem:
    return Problem(code, Source(key=key), tuple(sorted((name, str(value)) for name, value in params.items())))


def _check_kind(record: Record, kind: RecordKind) -> Iterator[Problem]:
    if kind.reads:
        yield _make("kind", "record.kind-computed", kind=kind.title, reads=kind.reads)
    if kind.closed_on is not None and kind.is_closed(record.happened_on) and record.replaces is None:
        yield _make("kind", "record.kind-closed", kind=kind.title, closed_on=kind.closed_on)
    if record.change and record.change not in kind.changes:
        yield _make("change", "record.change-unknown", change=record.change)
    if record.grade and record.grade not in kind.grades:
        yield _make("grade", "record.grade-unknown", grade=record.grade)


def _check_day(record: Record, unit: Unit, today: date) -> Iterator[Problem]:
    day = record.happened_on
    if day > today:
        yield _make("happened_on", "record.future", day=day, today=today)
    if day < unit.opens_on:
        yield _make("happened_on", "record.before-opening", day=day, unit=unit.name, opens_on=unit.opens_on)
    if day >= unit.closes_on:
        yield _make("happened_on", "record.after-closing", day=day, unit=unit.name, closes_on=unit.closes_on)


def _check_amounts(record: Record, kind: RecordKind) -> Iterator[Problem]:
    for name in ("quantity", "people", "area_m2", "at_m", "loss_yuan"):
        yield from _check_range(name, getattr(record, name))
    if kind.shape in COUNTED_SHAPES and record.quantity == 0:
        yield _make("quantity", "record.nothing", kind=kind.title)
    if kind.counts == "area_m2" and record.change in ("", INSTALL) and not record.area_m2:
        yield _make("area_m2", "record.area-missing", kind=kind.title)
    if is_survey(kind):
        yield from _check_survey(record, kind)


def _check_range(name: str, value: int | Fraction | None) -> Iterator[Problem]:
    if value is not None and value < 0:
        yield _make(name, "record.negative", field=name, value=value)
    if value is not None and value > LIMIT:
        yield _make(name, "record.too-large", field=name, value=value, limit=LIMIT)


def _check_survey(record: Record, kind: RecordKind) -> Iterator[Problem]:
    if not record.people:
        yield _make("people", "record.asked-missing", kind=kind.title)
    elif record.quantity > record.people:
        yield _make("quantity", "record.hits-over-asked", hits=record.quantity, asked=record.people)


def _check_register(record: Record, kind: RecordKind) -> Iterator[Problem]:
    """A file of a register is known by its number; it enters with its grade."""
    if kind.shape != "check":
        return
    if not record.subject:
        yield _make("subject", "record.subject-missing", kind=kind.title)
    if not record.change:
        yield _make("change", "record.change-missing", kind=kind.title)
    if record.change == ENROL and kind.grades and not record.grade:
        yield _make("grade", "record.grade-missing", kind=kind.title)


def _check_lengths(record: Record) -> Iterable[Problem]:
    for name, limit in LONGEST.items():
        length = len(getattr(record, name))
        if length > limit:
            yield _make(name, "record.too-long", field=name, length=length, limit=limit)


def _check_extra(record: Record, kind: RecordKind) -> Iterator[Problem]:
    """What only describes: the details of the kind, none other, each no longer than it may be."""
    known = {detail.code: detail for detail in kind.known_details}
    for name, text in record.extra.items():
        if name not in known:
            yield _make("extra", "record.extra-unknown", detail=name[:40], kind=kind.title)
        elif len(text) > known[name].longest:
            limit = known[name].longest
            yield _make("extra", "record.extra-too-long", detail=known[name].title, length=len(text), limit=limit)
        elif name == POSITION and read_position(text) is None:
            yield _make("extra", "record.position-unreadable", value=text)


def _check_replacing(record: Record) -> Iterable[Problem]:
    if record.replaces is not None and record.replaces == record.id:
        yield _make("replaces", "record.replaces-itself")
    if record.withdrawn and record.replaces is None:
        yield _make("replaces", "record.withdraws-nothing")
