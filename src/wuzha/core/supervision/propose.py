"""Which measures a person may think about on a day, each with the facts of that day. It gives none and ranks nobody.

Facts are standings that were missed and still are: what was made good later counts no more, and what a measure named
that was lifted or cleared is done with. Of an indicator only that counts which chance does not explain; what it does
explain is told beside, with the number and its interval, so that nobody wonders why nothing is proposed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from wuzha.core.assessment.model import Standing, Status
from wuzha.core.assessment.pace import find_place
from wuzha.core.supervision.chance import (
    Certainties,
    Signal,
    count_asked,
    is_explained,
    is_worse_than_baseline,
    make_signal,
)
from wuzha.core.supervision.life import History, Measure, may_follow
from wuzha.core.supervision.model import Condition, Ladder, Step, Trigger, Word

NOT_OWED = (Status.EXEMPT, Status.WAIVED)
NOT_SETTLED = (Status.UPCOMING, Status.OPEN)
Key = tuple[str, str]
"""Unit and duty."""


class Why(StrEnum):
    """Why an indicator that missed its goal brings no proposal."""

    CHANCE = "chance"
    NO_COUNT = "no-count"


@dataclass(frozen=True, slots=True)
class Missed:
    """A window that was missed: what was counted, what was asked, and of an indicator how sure that is."""

    window: str
    due_on: date
    value: Fraction | None
    goal: Fraction | None
    signal: Signal | None = None
    is_worse: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """What stands against a unit in one duty: windows missed on end up to the last that is settled (``in_a_row``), and
    others not longer ago than the ladder looks back. ``overdue_days`` is how long the first of those on end is due; 0
    for a unit that met the last window.
    """

    duty: str
    missed: tuple[Missed, ...]
    in_a_row: int
    overdue_days: int
    follows: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A step that a named person may give to the unit, with the facts as of the day."""

    step: Step
    unit: str
    grounds: tuple[Ground, ...]
    as_of: date


@dataclass(frozen=True, slots=True)
class Withheld:
    """An indicator that missed its goal and brings nothing. ``signal`` is none where nothing was counted."""

    unit: str
    duty: str
    missed: Missed
    why: Why


@dataclass(frozen=True, slots=True)
class Advice:
    """Proposals and what was held back, both in the order of the standings: of the plan's duties and the roster."""

    proposals: tuple[Proposal, ...]
    withheld: tuple[Withheld, ...]


def propose_measures(
    ladder: Ladder,
    standings: Sequence[Standing],
    certainties: Certainties,
    history: History,
    as_of: date,
    asked: Mapping[str, int] | None = None,
) -> Advice:
    """``standings`` are those of the whole plan as of the day: how sure an indicator is hangs on how many are asked.

    With ``asked``, how many windows of all units each duty asks, those of units that missed nothing may be left out.
    Of each unit and duty at most one step is proposed, the gravest whose trigger holds and which may follow.
    """
    grounds, withheld = find_grounds(ladder, standings, certainties, history, as_of, asked)
    return Advice(tuple(_join(_choose_steps(ladder, grounds, history, as_of), as_of)), withheld)


def find_grounds(
    ladder: Ladder,
    standings: Sequence[Standing],
    certainties: Certainties,
    history: History,
    as_of: date,
    asked: Mapping[str, int] | None = None,
) -> tuple[Mapping[Key, Ground], tuple[Withheld, ...]]:
    """What stands against each unit in each duty, whether a step comes of it or not; and what was held back."""
    since = as_of - timedelta(days=ladder.look_back_days)
    asked = count_asked(standings) if asked is None else asked
    settled = _Settled(certainties, asked, _list_done_with(history.values()), since)
    grounds: dict[Key, Ground] = {}
    withheld: list[Withheld] = []
    for key, found in _group(standings).items():
        ground, held = _find_ground(key, found, settled, as_of)
        withheld += held
        if ground is not None:
            grounds[key] = ground
    return grounds, tuple(withheld)


@dataclass(frozen=True, slots=True)
class _Settled:
    certainties: Certainties
    asked: Mapping[str, int]
    done_with: frozenset[tuple[str, str, str]]
    since: date


def _list_done_with(measures: Iterable[Measure]) -> frozenset[tuple[str, str, str]]:
    """Unit, duty and window of what was lifted or cleared."""
    return frozenset(
        (measure.unit, named.duty, label)
        for measure in measures
        if not measure.is_live
        for named in measure.giving.named
        for label in named.windows
    )


def _group(standings: Iterable[Standing]) -> Mapping[Key, list[Standing]]:
    found: dict[Key, list[Standing]] = {}
    for one in standings:
        found.setdefault((one.obligation.unit, one.obligation.duty), []).append(one)
    return found


def _find_ground(
    key: Key, standings: Sequence[Standing], settled: _Settled, as_of: date
) -> tuple[Ground | None, list[Withheld]]:
    """The facts of one unit in one duty, and the windows that chance explains."""
    unit, duty = key
    told = [(one, _judge(one, settled)) for one in sorted(standings, key=_read_opening)]
    withheld = [Withheld(unit, duty, missed, why) for _, (missed, why) in told if missed and why]
    links = [None if why else missed for one, (missed, why) in told if _is_settled(one)]
    row = _keep_last(links)
    older = [one for one in links[: len(links) - len(row)] if one and one.due_on >= settled.since]
    missed = (*older, *row)
    if not missed:
        return None, withheld
    return Ground(duty, missed, len(row), (as_of - row[0].due_on).days if row else 0), withheld


def _read_opening(standing: Standing) -> date:
    return standing.obligation.window.opens


def _is_settled(standing: Standing) -> bool:
    """What is not owed, or not yet due, is no link in a row of windows."""
    return standing.status not in NOT_OWED and standing.status not in NOT_SETTLED


def _keep_last(links: Sequence[Missed | None]) -> list[Missed]:
    """The windows at the end that were all missed."""
    row: list[Missed] = []
    for link in reversed(links):
        if link is None:
            break
        row.insert(0, link)
    return row


def _judge(standing: Standing, settled: _Settled) -> tuple[Missed | None, Why | None]:
    """The missed window; with why it brings nothing."""
    owed, place = standing.obligation, find_place(standing)
    if standing.status is not Status.MISSED or (owed.unit, owed.duty, owed.window.label) in settled.done_with:
        return None, None
    value, goal = standing.tally.value, standing.tally.goal
    if place not in settled.certainties:
        return Missed(owed.window.label, owed.due_on, value, goal), None
    certainty = settled.certainties[place]
    if certainty is None:
        return Missed(owed.window.label, owed.due_on, value, goal), Why.NO_COUNT
    signal = make_signal(certainty, settled.asked[owed.duty])
    is_worse = is_worse_than_baseline(signal, standing)
    missed = Missed(owed.window.label, owed.due_on, value, goal, signal, is_worse)
    return missed, Why.CHANCE if is_explained(signal, goal) else None


def _choose_steps(
    ladder: Ladder, grounds: Mapping[Key, Ground], history: History, as_of: date
) -> Iterator[tuple[Key, Step, Ground]]:
    duties: dict[str, int] = {}
    for unit, _ in grounds:
        duties[unit] = duties.get(unit, 0) + 1
    for (unit, duty), ground in grounds.items():
        live = [one for one in history.values() if one.is_live and one.unit == unit and one.names(duty)]
        for step in reversed(ladder.steps):
            follows = _find_followed(step, live, ladder, (unit, duty), as_of)
            if follows is not None and _is_triggered(step, ground, duties[unit]):
                yield (unit, duty), step, _follow(ground, follows)
                break


def _find_followed(step: Step, live: Sequence[Measure], ladder: Ladder, key: Key, as_of: date) -> str | None:
    """The measure that the step would follow, empty for one that follows none; none where it may not come now."""
    height = ladder.heights[step.code]
    if any(ladder.heights.get(one.step, -1) >= height or one.is_under_appeal for one in live):
        return None
    if not step.after:
        return ""
    return next((one.id for one in live if may_follow(one, step.after, *key, as_of)), None)


def _follow(ground: Ground, follows: str) -> Ground:
    return Ground(ground.duty, ground.missed, ground.in_a_row, ground.overdue_days, follows)


def _is_triggered(step: Step, ground: Ground, duties: int) -> bool:
    return step.concerns(ground.duty) and any(_holds(trigger, ground, duties) for trigger in step.triggers)


def _holds(trigger: Trigger, ground: Ground, duties: int) -> bool:
    return bool(trigger) and all(_measure(condition, ground, duties) >= condition.least for condition in trigger)


def _measure(condition: Condition, ground: Ground, duties: int) -> int:
    match condition.word:
        case Word.MISSED_WINDOWS:
            return len(ground.missed)
        case Word.MISSED_IN_A_ROW:
            return ground.in_a_row
        case Word.MISSED_DUTIES:
            return duties
        case Word.OVERDUE_DAYS:
            return ground.overdue_days
        case Word.WORSE_THAN_BASELINE:
            return int(any(one.is_worse for one in ground.missed))


def _join(chosen: Iterable[tuple[Key, Step, Ground]], as_of: date) -> Iterator[Proposal]:
    """One proposal a unit and step: a unit is told once, of everything."""
    found: dict[tuple[str, str], tuple[Step, list[Ground]]] = {}
    for (unit, _), step, ground in chosen:
        found.setdefault((unit, step.code), (step, []))[1].append(ground)
    for (unit, _), (step, grounds) in found.items():
        yield Proposal(step, unit, tuple(grounds), as_of)
