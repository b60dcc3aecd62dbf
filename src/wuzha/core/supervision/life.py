"""The life of a measure, as events that are only added: given, answered, extended, mended, appealed, upheld or lifted,
cleared.

Every event has a named person. The unit answers, appeals and says what it has mended; who appeals is heard before any
further step; an appeal is not decided by whoever gave the measure; what was lifted or cleared is at an end.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from wuzha.core.base.problem import NOWHERE, Problem, Source, has_errors, make_problem
from wuzha.core.supervision.model import Ladder


class EventKind(StrEnum):
    GIVEN = "given"
    ANSWERED = "answered"
    MENDED = "mended"
    APPEALED = "appealed"
    UPHELD = "upheld"
    LIFTED = "lifted"
    CLEARED = "cleared"
    EXTENDED = "extended"


ENDS = (EventKind.LIFTED, EventKind.CLEARED)
REASONED = (EventKind.APPEALED, EventKind.UPHELD, EventKind.LIFTED, EventKind.EXTENDED)


@dataclass(frozen=True, slots=True)
class Named:
    """A duty with the windows, by label, that a measure names."""

    duty: str
    windows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Giving:
    """What is given to which unit, and for what. ``mend_by`` is a later day than the step's own, if one was set."""

    step: str
    unit: str
    named: tuple[Named, ...]
    mend_by: date | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """``by`` is the person, ``post`` that of who gives. ``note`` says what was answered, mended or decided, and why.

    ``until`` is the new mending day of an extension. ``is_alone``: nobody else has a post to decide the appeal.
    """

    measure: str
    kind: EventKind
    on: date
    by: str
    post: str = ""
    note: str = ""
    giving: Giving | None = None
    until: date | None = None
    is_alone: bool = False
    source: Source = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as its events have made it. The first of them gave it."""

    id: str
    giving: Giving
    answer_by: date
    mend_by: date
    appeal_by: date
    events: tuple[Event, ...]

    @property
    def unit(self) -> str:
        return self.giving.unit

    @property
    def step(self) -> str:
        return self.giving.step

    @property
    def given(self) -> Event:
        return self.events[0]

    def has(self, kind: EventKind) -> bool:
        return any(event.kind == kind for event in self.events)

    @property
    def is_live(self) -> bool:
        return not any(self.has(kind) for kind in ENDS)

    @property
    def is_under_appeal(self) -> bool:
        return self.is_live and self.has(EventKind.APPEALED) and not self.has(EventKind.UPHELD)

    def names(self, duty: str) -> bool:
        return any(one.duty == duty for one in self.giving.named)

    def list_windows(self, duty: str) -> tuple[str, ...]:
        return tuple(label for one in self.giving.named if one.duty == duty for label in one.windows)

    def has_run_out(self, as_of: date) -> bool:
        """Whether the mending day has passed with nothing said to be mended, and no appeal is waiting."""
        return self.is_live and not self.is_under_appeal and not self.has(EventKind.MENDED) and as_of > self.mend_by


History = Mapping[str, Measure]


def check_event(event: Event, history: History, ladder: Ladder, units: Collection[str]) -> tuple[Problem, ...]:
    """What is out of order with the next event. ``units`` are the codes of the roster."""
    problems = [*_check_person(event)]
    if event.kind is EventKind.GIVEN:
        return (*problems, *_check_giving(event, history, ladder, units))
    measure = history.get(event.measure)
    if measure is None:
        return (*problems, make_problem("supervision.not-given", event.source, measure=event.measure))
    return (*problems, *_check_order(event, measure), *CHECKS[event.kind](event, measure))


def _check_person(event: Event) -> Iterator[Problem]:
    if not event.by.strip():
        yield make_problem("supervision.person-missing", event.source)
    if event.kind in REASONED and not event.note.strip():
        yield make_problem("supervision.reason-missing", event.source)


def _check_giving(event: Event, history: History, ladder: Ladder, units: Collection[str]) -> Iterator[Problem]:
    giving, source = event.giving, event.source
    step = ladder.by_code.get(giving.step) if giving else None
    if event.measure in history:
        yield make_problem("supervision.given-twice", source, measure=event.measure)
    if giving is None or step is None:
        yield make_problem(
            "supervision.step-unknown", source, step=giving.step if giving else "", known=ladder.name_codes()
        )
        return
    if giving.unit not in units:
        yield make_problem("supervision.not-a-unit", source, unit=giving.unit)
    if event.post not in step.given_by:
        yield make_problem("supervision.post-not-allowed", source, step=step.title, posts="、".join(step.given_by))
    if not giving.named or not all(one.windows for one in giving.named):
        yield make_problem("supervision.facts-missing", source)
    yield from _check_below(event, giving, history, ladder)
    yield from _check_again(event, giving, history)


def _check_below(event: Event, giving: Giving, history: History, ladder: Ladder) -> Iterator[Problem]:
    """Of every duty named the step below was given, and its mending day has passed."""
    below = ladder.by_code[giving.step].after
    for one in giving.named if below else ():
        if not any(may_follow(measure, below, giving.unit, one.duty, event.on) for measure in history.values()):
            title = ladder.by_code[below].title if below in ladder.by_code else below
            yield make_problem("supervision.step-below-missing", event.source, below=title, duty=one.duty)


def _check_again(event: Event, giving: Giving, history: History) -> Iterator[Problem]:
    """The same step is not given twice for the same windows: two persons may have drafted it at once."""
    for measure in history.values():
        is_same = measure.is_live and (measure.unit, measure.step) == (giving.unit, giving.step)
        if is_same and any(set(one.windows) & set(measure.list_windows(one.duty)) for one in giving.named):
            yield make_problem("supervision.given-already", event.source, measure=measure.id)


def may_follow(measure: Measure, below: str, unit: str, duty: str, as_of: date) -> bool:
    """Whether this is the step below for the unit and the duty, and has run out."""
    is_it = measure.step == below and measure.unit == unit and measure.names(duty)
    return is_it and measure.has_run_out(as_of)


def _check_order(event: Event, measure: Measure) -> Iterator[Problem]:
    last = measure.events[-1]
    if event.on < last.on:
        yield make_problem("supervision.before-last", event.source, on=event.on, last=last.on)
    if not measure.is_live:
        yield make_problem("supervision.ended", event.source, on=last.on)


def _check_answer(event: Event, measure: Measure) -> Iterator[Problem]:
    if measure.has(EventKind.ANSWERED):
        yield make_problem("supervision.answered-twice", event.source)
    if event.on > measure.answer_by:
        yield make_problem("supervision.answer-late", event.source, severity="warning", last=measure.answer_by)


def _check_mended(event: Event, measure: Measure) -> Iterator[Problem]:
    if measure.has(EventKind.MENDED):
        yield make_problem("supervision.mended-twice", event.source)


def _check_appeal(event: Event, measure: Measure) -> Iterator[Problem]:
    if measure.has(EventKind.APPEALED):
        yield make_problem("supervision.appealed-twice", event.source)
    if event.on > measure.appeal_by:
        yield make_problem("supervision.appeal-late", event.source, last=measure.appeal_by)


def _check_decision(event: Event, measure: Measure) -> Iterator[Problem]:
    """A giver may take a measure back, and may not turn down an appeal against it."""
    if event.kind is EventKind.UPHELD and not measure.is_under_appeal:
        yield make_problem("supervision.no-appeal", event.source)
    is_own = event.by.strip() == measure.given.by.strip() and not event.is_alone
    if measure.is_under_appeal and event.kind is EventKind.UPHELD and is_own:
        yield make_problem("supervision.own-judge", event.source, by=event.by)


def _check_clearing(event: Event, measure: Measure) -> Iterator[Problem]:
    if not measure.has(EventKind.MENDED):
        yield make_problem("supervision.not-mended", event.source)
    if measure.is_under_appeal:
        yield make_problem("supervision.appeal-open", event.source)


def _check_extension(event: Event, measure: Measure) -> Iterator[Problem]:
    if event.until is None or event.until <= max(measure.mend_by, event.on):
        yield make_problem("supervision.extension-short", event.source, last=max(measure.mend_by, event.on))


CHECKS: Mapping[EventKind, Callable[[Event, Measure], Iterator[Problem]]] = MappingProxyType(
    {
        EventKind.ANSWERED: _check_answer,
        EventKind.MENDED: _check_mended,
        EventKind.APPEALED: _check_appeal,
        EventKind.UPHELD: _check_decision,
        EventKind.LIFTED: _check_decision,
        EventKind.CLEARED: _check_clearing,
        EventKind.EXTENDED: _check_extension,
    }
)


def apply_event(event: Event, history: History, ladder: Ladder) -> History:
    """The history with an event that :func:`check_event` finds in order."""
    if event.giving is not None and event.kind is EventKind.GIVEN:
        return {**history, event.measure: _give(event, event.giving, ladder)}
    return {**history, event.measure: add_event(event, history[event.measure])}


def add_event(event: Event, measure: Measure) -> Measure:
    """The measure with one event more; an extension moves the day by which it is to be mended."""
    mend_by = event.until if event.kind is EventKind.EXTENDED and event.until else measure.mend_by
    return replace(measure, mend_by=mend_by, events=(*measure.events, event))


def _give(event: Event, giving: Giving, ladder: Ladder) -> Measure:
    step = ladder.by_code[giving.step]
    days = (timedelta(days=n) for n in (step.answer_days, step.mend_days, step.appeal_days))
    answer_by, mend_by, appeal_by = (event.on + length for length in days)
    return Measure(event.measure, giving, answer_by, max(mend_by, giving.mend_by or mend_by), appeal_by, (event,))


def merge_events(lives: Iterable[Sequence[Event]]) -> Iterator[Event]:
    """The events of several measures in the order of their days, those of each measure in the order they were told."""
    left = [list(life) for life in lives if life]
    while left:
        first = min(left, key=lambda life: life[0].on)
        yield first.pop(0)
        left = [life for life in left if life]


def replay(events: Iterable[Event], ladder: Ladder, units: Collection[str]) -> tuple[History, tuple[Problem, ...]]:
    """The measures that the events make, taken as they stand. What is out of order is told and has no effect."""
    history: History = {}
    told: list[Problem] = []
    for event in events:
        problems = check_event(event, history, ladder, units)
        told += problems
        if not has_errors(problems):
            history = apply_event(event, history, ladder)
    return history, tuple(told)
