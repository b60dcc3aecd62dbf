"""The life of a title, as events that are only added.

Apply, check oneself, be visited, public notice for five working days, award for twelve months; pause, go on, revoke,
renew. A title is never taken away because somebody reported a case: a case pauses it at most, until it has been looked
at, for a title that hangs on silence makes victims hide. Source of the steps: practice; of the days: this project.
"""

from calendar import monthrange
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from wuzha.core.base.interval import DAY, Interval
from wuzha.core.base.problem import NOWHERE, Problem, Source, has_errors, make_problem
from wuzha.core.base.workdays import Workdays, count_workdays, is_workday

NOTICE_WORKDAYS = 5
VALID_MONTHS = 12
RENEWAL_DAYS = 90
"""Within so many days before its end a title may be applied for anew."""
LONGEST_NOTICE_DAYS = 366


class TitleEventKind(StrEnum):
    APPLIED = "applied"
    SELF_CHECKED = "self_checked"
    VISITED = "visited"
    NOTICED = "noticed"
    OBJECTED = "objected"
    SETTLED = "settled"
    AWARDED = "awarded"
    PAUSED = "paused"
    RESUMED = "resumed"
    REVOKED = "revoked"
    RENEWED = "renewed"
    REFUSED = "refused"


Kind = TitleEventKind
REVOCABLE = ("false_data", "insider_crime", "ignored_warnings")
"""What a title may be revoked for: false data, a crime of an insider, warnings that were ignored."""
REPORTING = ("reported_case", "case", "发案", "报案")
REASONED = (Kind.OBJECTED, Kind.SETTLED, Kind.PAUSED, Kind.RESUMED, Kind.REVOKED, Kind.REFUSED)
ROAD = (Kind.APPLIED, Kind.SELF_CHECKED, Kind.VISITED, Kind.NOTICED)
GRANTS = (Kind.AWARDED, Kind.RENEWED)


@dataclass(frozen=True, slots=True)
class TitleEvent:
    """``by`` is the person. ``unmet`` are the criteria that a self-check or a visit found wanting; ``reason`` a word of
    :data:`REVOCABLE` for a revocation; ``note`` says why. ``starts_on`` is the first day of a public notice that hangs
    from a later day on than that of the event."""

    unit: str
    kind: Kind
    on: date
    by: str
    note: str = ""
    reason: str = ""
    unmet: tuple[str, ...] = ()
    starts_on: date | None = None
    source: Source = field(default=NOWHERE, compare=False)

    @property
    def first_day(self) -> date:
        """From when on it has effect: that of a notice from the day on which it hangs."""
        return self.starts_on or self.on


class TitleState(StrEnum):
    APPLYING = "applying"
    HELD = "held"
    PAUSED = "paused"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Title:
    """A unit's title as its events have made it. ``road`` are the steps since the last application.

    ``valid`` holds the award, renewed or not; none before it. The closing day is the first without the title.
    """

    unit: str
    events: tuple[TitleEvent, ...] = ()
    road: tuple[TitleEvent, ...] = ()
    valid: Interval | None = None
    is_paused: bool = False
    is_revoked: bool = False

    def find(self, kind: Kind) -> TitleEvent | None:
        """The last step of that kind on the road that is being walked."""
        return next((event for event in reversed(self.road) if event.kind == kind), None)

    @property
    def is_on_its_way(self) -> bool:
        return bool(self.road)

    @property
    def award(self) -> Interval | None:
        """The days of the title that was given and not taken away; it may be over, or paused."""
        return None if self.is_revoked else self.valid

    @property
    def is_contested(self) -> bool:
        """Whether any objection on the road waits: each is settled by itself."""
        kinds = [event.kind for event in self.road]
        return kinds.count(Kind.OBJECTED) > kinds.count(Kind.SETTLED)

    def find_state(self, day: date) -> TitleState | None:
        """What the unit may say of itself at the end of the day; none when it never applied."""
        if self.events and self.events[-1].on > day:
            return recall(self, day).find_state(day)
        if self.is_revoked and not self.is_on_its_way:
            return TitleState.REVOKED
        if self.award is not None and day in self.award:
            return TitleState.PAUSED if self.is_paused else TitleState.HELD
        if self.is_on_its_way:
            return TitleState.APPLYING
        if self.valid is not None:
            return TitleState.EXPIRED
        return TitleState.REFUSED if self.events else None


Titles = Mapping[str, Title]


def check_title_event(
    event: TitleEvent, titles: Titles, units: Collection[str], workdays: Workdays
) -> tuple[Problem, ...]:
    """What is out of order with the next event. ``units`` are the codes of the roster."""
    title = titles.get(event.unit, Title(event.unit))
    return (*_check_plain(event, title, units), *CHECKS[event.kind](event, title, workdays))


def _check_plain(event: TitleEvent, title: Title, units: Collection[str]) -> Iterator[Problem]:
    if event.unit not in units:
        yield make_problem("title.not-a-unit", event.source, unit=event.unit)
    if not event.by.strip():
        yield make_problem("title.person-missing", event.source)
    if event.kind in REASONED and not event.note.strip():
        yield make_problem("title.reason-missing", event.source)
    if title.events and event.on < title.events[-1].on:
        yield make_problem("title.before-last", event.source, on=event.on, last=title.events[-1].on)


def _check_applied(event: TitleEvent, title: Title, workdays: Workdays) -> Iterator[Problem]:
    if title.is_on_its_way:
        yield make_problem("title.applied-twice", event.source)
    award = title.award
    if award is not None and event.on < find_renewal_day(award):
        yield make_problem("title.held-already", event.source, last=award.last_day, days=RENEWAL_DAYS)


def find_renewal_day(award: Interval) -> date:
    """The first day on which a title may be applied for anew."""
    return award.closes - RENEWAL_DAYS * DAY


def _check_step(event: TitleEvent, title: Title, workdays: Workdays) -> Iterator[Problem]:
    """Each step after the one before it, and once; what found criteria wanting is done again when they are mended."""
    before = ROAD[ROAD.index(event.kind) - 1]
    done = title.find(before)
    if done is None:
        yield make_problem("title.step-missing", event.source, event_before=before, event=event.kind)
    elif done.unmet:
        yield make_problem("title.criteria-unmet", event.source, unmet="、".join(done.unmet))
    last = title.find(event.kind)
    if last is not None and not last.unmet:
        yield make_problem("title.step-twice", event.source, event=event.kind)


def _check_objection(event: TitleEvent, title: Title, workdays: Workdays) -> Iterator[Problem]:
    if title.find(Kind.NOTICED) is None:
        yield make_problem("title.no-notice", event.source)
    if event.kind is Kind.SETTLED and not title.is_contested:
        yield make_problem("title.no-objection", event.source)


def _check_grant(event: TitleEvent, title: Title, workdays: Workdays) -> Iterator[Problem]:
    """Nothing is granted before the notice has hung for five whole working days, or while an objection is open."""
    notice = title.find(Kind.NOTICED)
    if notice is None:
        yield make_problem("title.no-notice", event.source)
    else:
        hung = count_workdays(workdays, Interval(notice.first_day + DAY, event.on))
        if hung < NOTICE_WORKDAYS:
            yield make_problem("title.notice-short", event.source, days=hung, asked=NOTICE_WORKDAYS)
    if title.is_contested:
        yield make_problem("title.objection-open", event.source)
    yield from _check_grant_kind(event, title)


def _check_grant_kind(event: TitleEvent, title: Title) -> Iterator[Problem]:
    """Who has had the title, and not lost it, renews it; everybody else is awarded it."""
    has_had = title.award is not None
    if event.kind is Kind.RENEWED and not has_had:
        yield make_problem("title.nothing-to-renew", event.source)
    if event.kind is Kind.AWARDED and has_had:
        yield make_problem("title.awarded-already", event.source)
    if title.is_paused:
        yield make_problem("title.paused", event.source)


def _check_held(event: TitleEvent, title: Title, workdays: Workdays) -> Iterator[Problem]:
    """Only what is held is paused or revoked, and only what is paused goes on, also when it has ended meanwhile.

    A title stays paused until the case has been looked at, and is not renewed before.
    """
    is_late = event.kind is Kind.RESUMED and title.is_paused
    if title.award is None or (event.on not in title.award and not is_late):
        yield make_problem("title.not-held", event.source)
    if event.kind is not Kind.REVOKED and title.is_paused != (event.kind is Kind.RESUMED):
        yield make_problem("title.pause-out-of-order", event.source)
    if event.kind is Kind.REVOKED:
        yield from _check_reason(event)


def _check_reason(event: TitleEvent) -> Iterator[Problem]:
    if event.reason in REPORTING:
        yield make_problem("title.revoked-for-reporting", event.source)
    elif event.reason not in REVOCABLE:
        yield make_problem("title.reason-unknown", event.source, reason=event.reason, known="、".join(REVOCABLE))


def _check_refused(event: TitleEvent, title: Title, workdays: Workdays) -> Iterator[Problem]:
    if not title.is_on_its_way:
        yield make_problem("title.step-missing", event.source, event_before=Kind.APPLIED, event=event.kind)


Check = Callable[[TitleEvent, Title, Workdays], Iterator[Problem]]
CHECKS: Mapping[Kind, Check] = MappingProxyType(
    {
        Kind.APPLIED: _check_applied,
        Kind.SELF_CHECKED: _check_step,
        Kind.VISITED: _check_step,
        Kind.NOTICED: _check_step,
        Kind.OBJECTED: _check_objection,
        Kind.SETTLED: _check_objection,
        Kind.AWARDED: _check_grant,
        Kind.RENEWED: _check_grant,
        Kind.PAUSED: _check_held,
        Kind.RESUMED: _check_held,
        Kind.REVOKED: _check_held,
        Kind.REFUSED: _check_refused,
    }
)


def apply_title_event(event: TitleEvent, titles: Titles) -> Titles:
    """The titles with an event that :func:`check_title_event` finds in order."""
    title = titles.get(event.unit, Title(event.unit))
    return {**titles, event.unit: _grow(event, title)}


def _grow(event: TitleEvent, title: Title) -> Title:
    return replace(_change(event, title), events=(*title.events, event))


def recall(title: Title, day: date) -> Title:
    """The title as it was at the end of that day."""
    found = Title(title.unit)
    for event in title.events:
        if event.on <= day:
            found = _grow(event, found)
    return found


def _change(event: TitleEvent, title: Title) -> Title:
    match event.kind:
        case Kind.AWARDED | Kind.RENEWED:
            return replace(title, road=(), valid=_extend(event, title), is_revoked=False)
        case Kind.PAUSED | Kind.RESUMED:
            return replace(title, is_paused=event.kind is Kind.PAUSED)
        case Kind.REVOKED:
            return replace(title, road=(), is_revoked=True, is_paused=False)
        case Kind.REFUSED:
            return replace(title, road=())
        case _:
            return replace(title, road=(*title.road, event))


def _extend(event: TitleEvent, title: Title) -> Interval:
    """A title renewed before its end runs twelve months on from there, so that nobody loses by being early."""
    valid = title.valid
    if event.kind is Kind.RENEWED and valid is not None and event.on in valid:
        return Interval(valid.opens, add_months(valid.closes, VALID_MONTHS))
    return Interval(event.on, add_months(event.on, VALID_MONTHS))


def find_term(event: TitleEvent, title: Title) -> Interval:
    """The days that a grant adds to the title as it stood before: those of a renewal begin where the last ones end."""
    whole, before = _extend(event, title), title.valid
    is_early = event.kind is Kind.RENEWED and before is not None and event.on in before
    return Interval(before.closes if is_early and before else event.on, whole.closes)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def find_award_day(notice: TitleEvent, workdays: Workdays) -> date:
    """The first day on which the notice has hung for its whole working days: neither its first day nor this one counts.

    A calendar in which next to nothing is worked gives up after a year.
    """
    day, hung = notice.first_day + DAY, 0
    while hung < NOTICE_WORKDAYS and (day - notice.first_day).days <= LONGEST_NOTICE_DAYS:
        hung += is_workday(workdays, day)
        day += DAY
    return day


def collect_titles(events: Iterable[TitleEvent]) -> Titles:
    """The titles that the events have made. Each was in order on its day; what is said of days off or of the roster
    later takes nothing back."""
    titles: dict[str, Title] = {}
    for event in events:
        title = titles.get(event.unit, Title(event.unit))
        titles[event.unit] = _grow(event, title)
    return titles


def replay_titles(
    events: Iterable[TitleEvent], units: Collection[str], workdays: Workdays
) -> tuple[Titles, tuple[Problem, ...]]:
    """The titles that the events make. What is out of order is told and has no effect."""
    titles: Titles = {}
    told: list[Problem] = []
    for event in events:
        problems = check_title_event(event, titles, units, workdays)
        told += problems
        if not has_errors(problems):
            titles = apply_title_event(event, titles)
    return titles, tuple(told)
