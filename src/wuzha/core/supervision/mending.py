"""How a finding of an inspection is mended: reported by the unit, looked at again, closed or opened once more.

What the unit reports is a record of the kind ``rectification`` that names the finding. What people of the office decide
and what the unit objects are events. Both are only added; how the finding stands on a day is computed from them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from wuzha.core.assessment.model import Status
from wuzha.core.base.problem import Problem, make_problem


class Step(StrEnum):
    """What can be said of a finding after it was made."""

    CLOSED = "closed"
    REOPENED = "reopened"
    OBJECTED = "objected"
    UPHELD = "upheld"
    STRUCK = "struck"


class State(StrEnum):
    """``reported`` waits for a second look; what is ``struck`` was no finding and counts nowhere."""

    OPEN = "open"
    OVERDUE = "overdue"
    REPORTED = "reported"
    CLOSED = "closed"
    STRUCK = "struck"


OWED = (State.OPEN, State.OVERDUE)


@dataclass(frozen=True, slots=True)
class Event:
    """``by`` is the person. ``mend_by`` is the new day of a finding that is opened again."""

    what: Step
    at: datetime
    on: date
    by: str
    note: str = ""
    mend_by: date | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The unit said on ``on`` that it has mended; it was received at ``at``."""

    on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """The finding as it was made, by whom and until when it is to be mended."""

    on: date
    by: str
    mend_by: date


@dataclass(frozen=True, slots=True)
class Mending:
    """How a finding stands. ``mended_on`` is the day of the first report since it was last opened, or of the closing
    where nobody had to report; ``is_late`` says that this came, or is, after ``mend_by``."""

    state: State
    mend_by: date
    mended_on: date | None = None
    is_late: bool = False
    reopened: int = 0
    objection: Event | None = None


def trace_mending(found: Found, reports: Iterable[Report], events: Sequence[Event], as_of: date) -> Mending:
    """How the finding stands at the end of the day."""
    said = sorted((event for event in events if event.on <= as_of), key=lambda event: event.at)
    told = [report for report in reports if report.on <= as_of]
    now = Mending(State.OPEN, found.mend_by)
    opened_at: datetime | None = None
    for event in said:
        now = _follow(now, event)
        opened_at = event.at if event.what is Step.REOPENED else opened_at
    first = min((report.on for report in told if opened_at is None or report.at > opened_at), default=None)
    return _settle(now, first, as_of)


def _follow(now: Mending, event: Event) -> Mending:
    match event.what:
        case Step.CLOSED:
            return replace(now, state=State.CLOSED, mended_on=event.on)
        case Step.REOPENED:
            return replace(
                now, state=State.OPEN, mended_on=None, mend_by=event.mend_by or now.mend_by, reopened=now.reopened + 1
            )
        case Step.OBJECTED:
            return replace(now, objection=event)
        case Step.UPHELD:
            return replace(now, objection=None)
        case Step.STRUCK:
            return replace(now, state=State.STRUCK, objection=None)


def _settle(now: Mending, reported_on: date | None, as_of: date) -> Mending:
    if now.state is State.STRUCK:
        return now
    mended_on = reported_on or now.mended_on
    late = (mended_on or as_of) > now.mend_by
    if now.state is State.CLOSED:
        return replace(now, mended_on=mended_on, is_late=late)
    if reported_on is not None:
        return replace(now, state=State.REPORTED, mended_on=reported_on, is_late=late)
    return replace(now, state=State.OVERDUE if late else State.OPEN, is_late=late)


def check_event(event: Event, found: Found, now: Mending) -> tuple[Problem, ...]:
    """Why this cannot be said of the finding as it stands now."""
    if now.state is State.STRUCK:
        return (make_problem("mending.struck"),)
    if event.what is not Step.CLOSED and not event.note.strip():
        return (make_problem("mending.reason-missing"),)
    return _CHECKS[event.what](event, found, now)


def _check_closing(event: Event, found: Found, now: Mending) -> tuple[Problem, ...]:
    if now.objection:
        return (make_problem("mending.objection-open"),)
    return (make_problem("mending.closed-already"),) if now.state is State.CLOSED else ()


def _check_reopening(event: Event, found: Found, now: Mending) -> tuple[Problem, ...]:
    if now.state in OWED:
        return (make_problem("mending.open-already"),)
    if event.mend_by is None or event.mend_by <= event.on:
        return (make_problem("mending.day-missing"),)
    return ()


def _check_upholding(event: Event, found: Found, now: Mending) -> tuple[Problem, ...]:
    if now.objection is None:
        return (make_problem("mending.no-objection"),)
    return (make_problem("mending.own-judge"),) if event.by == found.by else ()


def _check_objecting(event: Event, found: Found, now: Mending) -> tuple[Problem, ...]:
    return (make_problem("mending.objected-already"),) if now.objection else ()


def _check_striking(event: Event, found: Found, now: Mending) -> tuple[Problem, ...]:
    return ()


_CHECKS: Mapping[Step, Callable[[Event, Found, Mending], tuple[Problem, ...]]] = MappingProxyType(
    {
        Step.CLOSED: _check_closing,
        Step.REOPENED: _check_reopening,
        Step.OBJECTED: _check_objecting,
        Step.UPHELD: _check_upholding,
        Step.STRUCK: _check_striking,
    }
)


def judge_mending(mending: Mending) -> Status | None:
    """How a finding stands as what is owed does; none for one that was struck out.

    Only somebody who looks again says that it is mended, so what was reported and not looked at cannot be told yet, nor
    what waits for the answer to an objection. What is still to be mended in time is open.
    """
    match mending.state:
        case State.STRUCK:
            return None
        case State.OPEN:
            return Status.OPEN
    if mending.state is State.REPORTED or mending.objection is not None:
        return Status.UNKNOWN
    if mending.state is State.OVERDUE:
        return Status.MISSED
    return Status.LATE if mending.is_late else Status.MET


@dataclass(frozen=True, slots=True)
class MendingCounts:
    """Findings by how they stand. ``in_time`` and ``late`` are closed; nothing that was struck is in any of them."""

    open: int = 0
    overdue: int = 0
    reported: int = 0
    in_time: int = 0
    late: int = 0

    @property
    def all(self) -> int:
        return self.open + self.overdue + self.reported + self.in_time + self.late


def count_mendings(mendings: Iterable[Mending]) -> MendingCounts:
    """How many stand how."""
    counts = {"open": 0, "overdue": 0, "reported": 0, "in_time": 0, "late": 0}
    for one in mendings:
        if one.state is State.CLOSED:
            counts["late" if one.is_late else "in_time"] += 1
        elif one.state is not State.STRUCK:
            counts[one.state.value] += 1
    return MendingCounts(**counts)
