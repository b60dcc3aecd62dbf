"""Inspections: places and items drawn by lot from a published seed, and findings that become duties to mend.

Whoever knows the seed can draw again and gets the same. A unit's lot is the SHA-256 of seed, quarter and code, the
smallest are visited: none weighs more than another, and a unit more or less changes nobody else's lot. So that nobody
can try seeds until one pleases, its digest (:func:`digest_seed`) is published before the draw, or the seed is a number
that nobody makes, such as the draw of a lottery on a day named beforehand.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from wuzha.core.base.interval import make_inclusive
from wuzha.core.base.problem import NOWHERE, Problem, Source, make_problem
from wuzha.core.base.unit import Unit
from wuzha.core.base.windows import Cadence, Rhythm, Window, find_window
from wuzha.core.duty.model import Duty, Who

QUARTER = Rhythm(Cadence.QUARTER)
REPORT = "rectification"
"""The kind of record by which a unit says that it has mended what was found."""


@dataclass(frozen=True, slots=True)
class Visit:
    """An inspection of a unit. ``reason`` says why it is visited again in one quarter."""

    unit: str
    on: date
    items: tuple[str, ...] = ()
    reason: str = ""
    source: Source = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Draw:
    """What is asked of the lot: in which quarter, how many units, and how many items at each."""

    on: date
    units: int
    items: int
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drawn:
    """The visits in the order of the lot; ``spared`` are units that have been visited in the quarter already."""

    seed: str
    quarter: str
    visits: tuple[Visit, ...]
    spared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What an inspection found wanting at a unit, to be mended by a day."""

    unit: str
    item: str
    on: date
    words: str
    mend_by: date


def digest_seed(seed: str) -> str:
    """What to publish before the draw."""
    return sha256(seed.encode()).hexdigest()


def draw_inspection(
    seed: str, units: Iterable[str], items: Sequence[str], history: Iterable[Visit], draw: Draw
) -> Drawn:
    """Visits by lot. A unit visited in the quarter is left out unless ``draw.reasons`` says why it is to be again."""
    quarter = find_window(QUARTER, draw.on)
    visited = _list_visited(history, quarter)
    codes = sorted(set(units))
    spared = tuple(code for code in codes if code in visited and not draw.reasons.get(code, "").strip())
    salt = f"{seed}\n{quarter.label}"
    lots = sorted((code for code in codes if code not in spared), key=lambda code: _cast(salt, code))
    visits = (
        Visit(code, draw.on, _draw_items(f"{salt}\n{code}", items, draw.items), _tell_reason(code, visited, draw))
        for code in lots[: draw.units]
    )
    return Drawn(seed, quarter.label, tuple(visits), spared)


def draw_records(seed: str, quarter: str, unit: str, records: Iterable[str], number: int) -> tuple[str, ...]:
    """So many of a unit's records by the same lot, by their ids; the smallest lot comes first."""
    salt = f"{seed}\n{quarter}\n{unit}"
    return tuple(sorted(set(records), key=lambda record: _cast(salt, record))[:number])


def _cast(salt: str, word: str) -> str:
    return sha256(f"{salt}\n{word}".encode()).hexdigest()


def _draw_items(salt: str, items: Sequence[str], number: int) -> tuple[str, ...]:
    """So many of the items, in the order of the checklist."""
    chosen = set(sorted(set(items), key=lambda item: _cast(salt, item))[:number])
    return tuple(item for item in dict.fromkeys(items) if item in chosen)


def _list_visited(history: Iterable[Visit], quarter: Window) -> frozenset[str]:
    return frozenset(visit.unit for visit in history if visit.on in quarter.interval)


def _tell_reason(code: str, visited: frozenset[str], draw: Draw) -> str:
    return draw.reasons.get(code, "").strip() if code in visited else ""


def check_visit(visit: Visit, history: Iterable[Visit]) -> tuple[Problem, ...]:
    """Whether the unit has been visited in the quarter already, without a reason given for once more."""
    quarter = find_window(QUARTER, visit.on)
    if visit.reason.strip() or visit.unit not in _list_visited(history, quarter):
        return ()
    return (make_problem("inspection.again-in-quarter", visit.source, unit=visit.unit, quarter=quarter.label),)


def check_visits(visits: Iterable[Visit], units: Collection[str]) -> tuple[Problem, ...]:
    """Each visit against those before it. ``units`` are the codes of the roster."""
    done: list[Visit] = []
    told: list[Problem] = []
    for visit in sorted(visits, key=lambda one: one.on):
        if visit.unit not in units:
            told.append(make_problem("inspection.not-a-unit", visit.source, unit=visit.unit))
        told += check_visit(visit, done)
        done.append(visit)
    return tuple(told)


def check_finding(finding: Finding) -> Iterator[Problem]:
    if finding.mend_by <= finding.on:
        yield make_problem("inspection.no-time-to-mend", on=finding.on, by=finding.mend_by)
    if not finding.words.strip():
        yield make_problem("inspection.finding-empty", item=finding.item)


def make_mending_duties(findings: Iterable[Finding], units: Mapping[str, Unit]) -> tuple[Duty, ...]:
    """A duty for each finding: the unit reports by the day what it has mended. Counted as every other duty is."""
    return tuple(
        Duty(
            id=f"mend-{finding.on.isoformat()}-{finding.unit}-{number}",
            verb="file",
            object=REPORT,
            who=Who(kind=(units[finding.unit].kind,), area=(finding.unit,)),
            valid=make_inclusive(finding.on, finding.mend_by),
            clause=finding.item,
            quote=finding.words,
            by=finding.mend_by,
        )
        for number, finding in enumerate(findings, start=1)
    )
