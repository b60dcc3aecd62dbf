"""Standings, and what persons granted, to scores. A score is the sum of its lines and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from wuzha.core.assessment.model import Standing, Status
from wuzha.core.assessment.rollup import count_standings
from wuzha.core.plan.model import Plan
from wuzha.core.score.model import Counts, Entry, Item, Line, Score, Scorecard, Sort, State

SETTLED = (Status.MET, Status.LATE, Status.MISSED)


def count_scores(
    card: Scorecard, plan: Plan, standings: Iterable[Standing], entries: Iterable[Entry], as_of: date
) -> tuple[Score, ...]:
    """The score of each unit that the plan asks anything of, in the order in which the standings name them: no ranking.

    Only windows that were due inside the card's period count; ``entries`` are in order (:func:`check_entries`).
    """
    by_unit: dict[str, list[Standing]] = {}
    for one in standings:
        if one.obligation.due_on in card.period:
            by_unit.setdefault(one.obligation.unit, []).append(one)
    granted = [entry for entry in entries if entry.on <= as_of]
    return tuple(
        Score(unit, as_of, _make_lines(card, plan, found, [one for one in granted if one.unit == unit]), card.digest)
        for unit, found in by_unit.items()
    )


def _make_lines(
    card: Scorecard, plan: Plan, standings: Sequence[Standing], entries: Sequence[Entry]
) -> tuple[Line, ...]:
    by_duty: dict[str, list[Standing]] = {}
    for one in standings:
        by_duty.setdefault(one.obligation.duty, []).append(one)
    return tuple(_make_line(item, plan, by_duty, entries) for item in card.items)


def _make_line(item: Item, plan: Plan, by_duty: Mapping[str, Sequence[Standing]], entries: Sequence[Entry]) -> Line:
    if not item.is_counted:
        return Line(item, State.NOT_COUNTED_YET)
    if item.sort is not Sort.POINTS:
        return _grant(item, [entry for entry in entries if entry.item == item.code])
    select = item.select
    taken = [duty.id for duty in plan.duties if select is not None and select.takes(duty)]
    return _earn(item, [one for duty in taken for one in by_duty.get(duty, ())])


def _grant(item: Item, entries: Sequence[Entry]) -> Line:
    amount = min(item.points, item.each * len(entries))
    earned = -amount if item.sort is Sort.DEDUCTION else amount
    return Line(item, State.COUNTED, Fraction(earned), entries=tuple(entries))


def _earn(item: Item, standings: Sequence[Standing]) -> Line:
    """The part that was done of what was settled. What is still open weighs nothing, what is unknown neither."""
    settled = tuple(one for one in standings if one.status in SETTLED)
    unknown = tuple(one for one in standings if one.status is Status.UNKNOWN)
    if not settled:
        return Line(item, State.NOTHING_DUE, unknown=unknown)
    totals = count_standings(settled)
    done = totals.on_time if item.counts is Counts.ON_TIME else totals.met
    return Line(item, State.COUNTED, Fraction(item.points * done, len(settled)), item.points, settled, unknown)
