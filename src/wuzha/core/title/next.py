"""What comes next for a title, who does it, and by when.

The days are this project's, not a rule's: they keep an application from lying about, and nothing falls on anybody when
they pass. The notice and the end of a title are counted by :mod:`wuzha.core.title.life`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from wuzha.core.base.interval import DAY
from wuzha.core.base.workdays import Workdays
from wuzha.core.title.life import Kind, Title, TitleEvent, TitleState, find_award_day, find_renewal_day

SELF_CHECK_DAYS = 30
VISIT_DAYS = 30
NOTICE_DAYS = 10
AWARD_DAYS = 10
SETTLE_DAYS = 5
PAUSE_DAYS = 30


class Ask(StrEnum):
    """The next act."""

    APPLY = "apply"
    SELF_CHECK = "self_check"
    MEND = "mend"
    VISIT = "visit"
    VISIT_AGAIN = "visit_again"
    NOTICE = "notice"
    SETTLE = "settle"
    WAIT = "wait"
    AWARD = "award"
    RESUME = "resume"
    RENEW = "renew"


UNITS = (Ask.APPLY, Ask.SELF_CHECK, Ask.MEND, Ask.RENEW)
"""What the unit itself does; all else is done by an officer."""


@dataclass(frozen=True, slots=True)
class Next:
    """``by`` is the last day, ``opens`` the first on which it can be done; each none where there is no such day."""

    ask: Ask
    by: date | None = None
    opens: date | None = None

    @property
    def is_of_unit(self) -> bool:
        return self.ask in UNITS


def find_next(title: Title, day: date, workdays: Workdays) -> Next:
    """What the title waits for at the end of the day. ``title`` holds no later event (:func:`recall`)."""
    if title.is_paused:
        paused = next(event for event in reversed(title.events) if event.kind is Kind.PAUSED)
        return Next(Ask.RESUME, paused.on + timedelta(PAUSE_DAYS))
    if title.is_on_its_way:
        return _find_on_road(title, day, workdays)
    if title.find_state(day) is TitleState.HELD and title.award is not None:
        return Next(Ask.RENEW, title.award.last_day, find_renewal_day(title.award))
    return Next(Ask.APPLY)


def _find_on_road(title: Title, day: date, workdays: Workdays) -> Next:
    if title.is_contested:
        objected = next(event for event in reversed(title.road) if event.kind is Kind.OBJECTED)
        return Next(Ask.SETTLE, objected.on + timedelta(SETTLE_DAYS))
    steps = [event for event in title.road if event.kind in AFTER]
    return AFTER[steps[-1].kind](steps[-1], day, workdays)


def _after_applied(event: TitleEvent, day: date, workdays: Workdays) -> Next:
    return Next(Ask.SELF_CHECK, event.on + timedelta(SELF_CHECK_DAYS))


def _after_self_check(event: TitleEvent, day: date, workdays: Workdays) -> Next:
    if event.unmet:
        return Next(Ask.MEND, event.on + timedelta(SELF_CHECK_DAYS))
    return Next(Ask.VISIT, event.on + timedelta(VISIT_DAYS))


def _after_visit(event: TitleEvent, day: date, workdays: Workdays) -> Next:
    if event.unmet:
        return Next(Ask.VISIT_AGAIN, event.on + timedelta(VISIT_DAYS))
    return Next(Ask.NOTICE, event.on + timedelta(NOTICE_DAYS))


def _after_notice(event: TitleEvent, day: date, workdays: Workdays) -> Next:
    opens = find_award_day(event, workdays)
    if day < opens:
        return Next(Ask.WAIT, opens - DAY, opens)
    return Next(Ask.AWARD, opens + timedelta(AWARD_DAYS), opens)


Step = Callable[[TitleEvent, date, Workdays], Next]
AFTER: Mapping[Kind, Step] = MappingProxyType(
    {
        Kind.APPLIED: _after_applied,
        Kind.SELF_CHECKED: _after_self_check,
        Kind.VISITED: _after_visit,
        Kind.NOTICED: _after_notice,
    }
)
