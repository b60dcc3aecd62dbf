"""A duty: one measurable demand of a plan, as the plan language says it. See docs/plan-language.md."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Literal, Protocol
from uuid import UUID

from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import Unit
from wuzha.core.base.windows import Rhythm
from wuzha.core.base.workdays import WEEKDAYS, Workdays

ALL = "all"


@dataclass(frozen=True, slots=True)
class Who:
    """Which units bear the duty. Each filled part narrows; ``all`` asks only that the unit has one.

    ``area`` holds unit codes: the unit itself and everything below it. ``attribute`` asks for a value above zero.
    """

    kind: tuple[str, ...] = ()
    line: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    name: tuple[str, ...] = ()
    attribute: tuple[str, ...] = ()


Side = Literal["at_least", "at_most"]


@dataclass(frozen=True, slots=True)
class Target:
    """What the tally is held against.

    ``amount`` counts things, or is a share when ``share`` is true (1/2 for 50 %). With ``of`` the goal is ``amount``
    times that attribute of the unit (1/1000 of the population). ``against`` names the base of a relative change.
    """

    side: Side
    amount: Fraction
    share: bool = False
    of: str = ""
    against: str = ""


class OnDayOff(StrEnum):
    """Where a due day goes that falls on a day off. Without a word of the plan it stays."""

    STAY = ""
    NEXT = "next_workday"
    PREVIOUS = "previous_workday"


@dataclass(frozen=True, slots=True)
class Due:
    """Day of the month by which a window's work must be in; 0 means by the window's last day.

    ``workdays`` are those by which the day moves; plain weekdays until
    :func:`wuzha.core.plan.calendar.bind_calendar` knows better, and looked at only where the day moves at all.
    """

    day: int = 0
    on_day_off: OnDayOff = OnDayOff.STAY
    workdays: Workdays = WEEKDAYS


@dataclass(frozen=True, slots=True)
class Waiver:
    """A duty set aside for some units on these days by a named person, with the reason.

    ``units`` are codes. ``duty`` is the duty's id in its plan.
    """

    duty: str
    units: frozenset[str]
    days: Interval
    reason: str
    given_by: str = ""


@dataclass(frozen=True, slots=True)
class Narrow:
    """Which records of the kind count: in these places, for these audiences, of this grade, with approved material."""

    place: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """One demand. ``verb`` is a key of :data:`wuzha.core.duty.kinds.VERBS`; ``object`` is what follows it in the plan.

    ``fed`` is false when no record kind can count for it, which only who knows the kinds can tell.
    ``also`` holds further record kinds that count as well (``do: [showing, talk]``). ``measure`` is the field counted,
    empty for the kind's own.

    ``valid`` is when the duty is in force: the plan's validity, its phase, or its own dates. ``rhythm`` is empty for a
    duty owed once in that time. ``by`` is the last good day of such a duty. ``waivers`` set it aside for some units.
    """

    id: str
    verb: str
    object: str
    who: Who
    valid: Interval
    clause: str = ""
    quote: str = ""
    span: tuple[int, int] | None = None
    target: Target | None = None
    rhythm: Rhythm | None = None
    due: Due = Due()
    by: date | None = None
    narrow: Narrow = Narrow()
    measure: str = ""
    through: str = ""
    along: str = ""
    seen_every_days: int | None = None
    proof: tuple[str, ...] = ()
    lead: str = ""
    assist: str = ""
    during: str = ""
    vague: bool = False
    also: tuple[str, ...] = ()
    fed: bool = True
    waivers: tuple[Waiver, ...] = ()


class SiteChange(StrEnum):
    """What a record says of something put up at a place, or of a file in a register."""

    INSTALL = "install"
    SEEN = "seen"
    DAMAGE = "damage"
    REPLACE = "replace"
    REMOVE = "remove"
    ENROL = "enrol"
    CHECK = "check"
    CLOSE = "close"


class Fact(Protocol):
    """What of a record a duty can count. Amounts are exact; ``at_m`` is metres along the unit's line from its start."""

    @property
    def id(self) -> UUID: ...
    @property
    def unit(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def happened_on(self) -> date: ...
    @property
    def quantity(self) -> int: ...
    @property
    def people(self) -> int | None: ...
    @property
    def subject(self) -> str: ...
    @property
    def area_m2(self) -> Fraction | None: ...
    @property
    def at_m(self) -> int | None: ...
    @property
    def change(self) -> str: ...
    @property
    def grade(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def audience(self) -> str: ...
    @property
    def loss_yuan(self) -> Fraction | None: ...


@dataclass(frozen=True, slots=True)
class Tally:
    """The narrow waist: what was counted for one duty, unit and window, as of a day.

    ``value`` is the count, share, gap or change; none when it cannot be known, and then ``reason`` says why. ``goal``
    is what it is held against, in the same measure. ``of`` is the base (households, subjects asked), if there is one.
    ``records`` are the facts behind the figure. ``parts`` are the amounts that a share or a change is made of: hits and
    asked; the sum now and then; of a survey against an earlier one hits and asked of both.
    """

    value: Fraction | None
    goal: Fraction | None
    of: Fraction | None = None
    records: tuple[UUID, ...] = ()
    reason: str = ""
    parts: tuple[Fraction, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What a verb is asked: this duty, of this unit, over these days, from the facts already credited to the unit.

    ``days`` is as much of the ``window`` as has passed by the day asked about, from the first day on which the unit was
    there and the duty in force; the window is whole. ``base_on`` is the day whose denominators hold: that day, but
    never one after the due day, so that a later census undoes nothing done in time.
    """

    duty: Duty
    unit: Unit
    days: Interval
    facts: tuple[Fact, ...]
    window: Interval
    base_on: date
