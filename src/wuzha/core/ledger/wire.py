"""The one JSON form of a record: what the phone sends, the interface takes and gives, and a queue file holds.

Problem codes, each with the field in ``source.key``: ``wire.not-an-object``; ``wire.field-unknown`` (name);
``wire.not-text``; ``record.cell-missing``; ``record.id-invalid`` (value); ``record.not-a-date`` (value);
``record.not-a-number`` (value); ``record.yes-or-no`` (value); and as a warning, with which the record is still good,
``record.not-a-time`` (value).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fractions import Fraction
from types import MappingProxyType
from typing import Any
from uuid import UUID

from wuzha.core.base.problem import Problem, Source, has_errors, make_problem
from wuzha.core.ledger.record import Record

NEEDED = ("id", "unit", "kind", "happened_on")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DECIMAL = re.compile(r"-?\d{1,30}(\.\d{1,20})?")
# Whole numbers beyond this are no amounts; the check of a record tells what is too large long before.
WIDEST = 10**30
# More pairs, or longer ones, than any kind asks.
MOST_EXTRA = 40
LONGEST_EXTRA = 2000
# A NUL and half a surrogate pair: a JSON text may hold them, no database does.
UNKEEPABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(slots=True)
class _Reading:
    """One object on its way to a record: what could be read by field, and what could not."""

    told: Mapping[str, Any]
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def tell(self, code: str, key: str, **params: str) -> None:
        self.problems.append(Problem(code, Source(key=key), tuple(sorted(params.items()))))


def read_record(told: object) -> tuple[Record | None, list[Problem]]:
    """The record of one JSON object; none, and why, when anything in it cannot be read or is not known.

    ``null`` stands for what is not told. A phone's clock that cannot be read does not keep the fact out: the record
    comes without it, and with a warning.
    """
    if not isinstance(told, Mapping):
        return None, [make_problem("wire.not-an-object")]
    reading = _Reading(told)
    for name, value in told.items():
        _read_field(reading, str(name), value)
    for name in NEEDED:
        if told.get(name) in (None, ""):
            reading.tell("record.cell-missing", name)
    if has_errors(reading.problems):
        return None, reading.problems
    return Record(**reading.values), reading.problems


def _read_field(reading: _Reading, name: str, value: object) -> None:
    reader = READERS.get(name)
    if reader is None:
        reading.tell("wire.field-unknown", "", name=_cut(name))
    elif value is not None and not (name in NEEDED and value == ""):
        reading.values[name] = reader(reading, name, value)


def write_record(record: Record) -> dict[str, Any]:
    """The record as a JSON object with every field of the form; measures and money to the hundredth, as they are kept.

    Reading it back gives the same record, without its author and the server's clock, which nobody may tell.
    """
    return {
        "id": str(record.id),
        "unit": record.unit,
        "kind": record.kind,
        "happened_on": record.happened_on.isoformat(),
        "quantity": record.quantity,
        "people": record.people,
        "subject": record.subject,
        "area_m2": _write_decimal(record.area_m2),
        "at_m": record.at_m,
        "change": record.change,
        "grade": record.grade,
        "place": record.place,
        "audience": record.audience,
        "note": record.note,
        "loss_yuan": _write_decimal(record.loss_yuan),
        "extra": dict(record.extra),
        "recorded_at": record.recorded_at.isoformat() if record.recorded_at else None,
        "replaces": str(record.replaces) if record.replaces else None,
        "withdrawn": record.withdrawn,
    }


def _write_decimal(value: Fraction | None) -> str | None:
    if value is None:
        return None
    cents = round(value * 100)
    sign, cents = "-" if cents < 0 else "", abs(cents)
    return f"{sign}{cents // 100}.{cents % 100:02d}"


def _read_text(reading: _Reading, name: str, value: object) -> str:
    if not isinstance(value, str) or UNKEEPABLE.search(value):
        reading.tell("wire.not-text", name)
        return ""
    return value.strip()


def _read_id(reading: _Reading, name: str, value: object) -> UUID | None:
    try:
        return UUID(value if isinstance(value, str) else "")
    except ValueError:
        reading.tell("record.id-invalid", name, value=_cut(value))
        return None


def _read_day(reading: _Reading, name: str, value: object) -> date | None:
    try:
        if isinstance(value, str) and DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass  # a day such as 30 February is told as one that is not written as a day
    reading.tell("record.not-a-date", name, value=_cut(value))
    return None


def _read_whole(reading: _Reading, name: str, value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < WIDEST:
        return value
    reading.tell("record.not-a-number", name, value=_cut(value))
    return None


def _read_decimal(reading: _Reading, name: str, value: object) -> Fraction | None:
    """A text, so that no sum of money goes through a binary fraction."""
    if isinstance(value, str) and DECIMAL.fullmatch(value):
        return Fraction(value)
    reading.tell("record.not-a-number", name, value=_cut(value))
    return None


def _read_yes(reading: _Reading, name: str, value: object) -> bool:
    if not isinstance(value, bool):
        reading.tell("record.yes-or-no", name, value=_cut(value))
    return value is True


def _read_extra(reading: _Reading, name: str, value: object) -> Mapping[str, str]:
    if isinstance(value, Mapping) and len(value) <= MOST_EXTRA and all(map(_is_extra, value.items())):
        return {key: text.strip() for key, text in value.items()}
    reading.tell("wire.not-text", name)
    return {}


def _is_extra(pair: tuple[object, object]) -> bool:
    return all(isinstance(one, str) and len(one) <= LONGEST_EXTRA and not UNKEEPABLE.search(one) for one in pair)


def read_instant(value: object) -> datetime | None:
    """An ISO instant with its zone, in UTC; none for anything else, also for one outside the years of a calendar."""
    try:
        at = datetime.fromisoformat(value if isinstance(value, str) else "")
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _read_instant(reading: _Reading, name: str, value: object) -> datetime | None:
    at = read_instant(value)
    if at is None:
        told = make_problem("record.not-a-time", Source(key=name), severity="warning", value=_cut(value))
        reading.problems.append(told)
    return at


def _cut(value: object) -> str:
    """What was told, short enough for a sentence and keepable."""
    return UNKEEPABLE.sub("?", str(value)[:40])


READERS: Mapping[str, Callable[[_Reading, str, object], object]] = MappingProxyType(
    {
        **dict.fromkeys(("unit", "kind", "subject", "change", "grade", "place", "audience", "note"), _read_text),
        **dict.fromkeys(("id", "replaces"), _read_id),
        **dict.fromkeys(("quantity", "people", "at_m"), _read_whole),
        **dict.fromkeys(("area_m2", "loss_yuan"), _read_decimal),
        "happened_on": _read_day,
        "extra": _read_extra,
        "recorded_at": _read_instant,
        "withdrawn": _read_yes,
    }
)
