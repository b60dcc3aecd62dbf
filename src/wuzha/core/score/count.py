"""Standings, and what persons brought in or granted, to scores. A score is the sum of its lines and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from wuzha.core.assessment.model import Standing, Status, Totals
from wuzha.core.assessment.rollup import count_standings
from wuzha.core.base.chance import find_count_interval, find_share_interval
from wuzha.core.plan.model import Plan
from wuzha.core.score.model import Counts, Figure, Given, Item, Line, Part, Score, Scorecard, Scored, Sort, State

SETTLED = (Status.MET, Status.LATE, Status.MISSED)
# Below this many windows or counts one more or less shows in the points, so their interval is told.
SMALL = 30
# The totals of one unit by duty.
Tallies = Mapping[str, Totals]


def settle(points: Fraction) -> Fraction:
    """To hundredths, half up, line by line and before anything is added: so whoever adds up what is printed comes to
    what is printed."""
    return Fraction((points * 200 + 1) // 2, 100)


def tally_standings(card: Scorecard, standings: Iterable[Standing]) -> Mapping[str, Tallies]:
    """Each unit's own standings counted, of the windows that fall due in the card's period."""
    found: dict[str, dict[str, list[Standing]]] = {}
    for one in standings:
        if one.obligation.due_on in card.period:
            found.setdefault(one.obligation.unit, {}).setdefault(one.obligation.duty, []).append(one)
    return {unit: {duty: count_standings(held) for duty, held in duties.items()} for unit, duties in found.items()}


def count_score(card: Scorecard, plan: Plan, scored: Scored, given: Given, as_of: date) -> Score:
    """The score of one unit. ``given`` is in order. Of the findings those count whose mending day is in the period."""
    mine = given.keep(scored.code, as_of)
    due = replace(scored, findings=tuple(one for one in scored.findings if one.due_on in card.period))
    return Score(scored.code, as_of, tuple(_make_line(item, plan, due, mine) for item in card.items), card.digest)


def _make_line(item: Item, plan: Plan, scored: Scored, given: Given) -> Line:
    corrections = tuple(one for one in given.corrections if one.item == item.code)
    if item.sort is not Sort.POINTS:
        entries = tuple(one for one in given.entries if one.item == item.code)
        return Line(item, State.COUNTED, _grant(item, len(entries)), entries=entries, corrections=corrections)
    if item.waits_for:
        figure = next((one for one in reversed(given.figures) if one.item == item.code), None)
        if figure is None and not item.asks(scored.kind):
            return Line(item, State.NOTHING_DUE, corrections=corrections)
        return _weigh(Line(item, State.UNKNOWN, corrections=corrections, figure=figure))
    if item.is_of_findings:
        return _earn(Line(item, State.NOTHING_DUE, findings=scored.findings, corrections=corrections))
    select = item.select
    taken = dict.fromkeys(duty.id for duty in plan.duties if select is not None and select.takes(duty))
    parts = tuple(Part(duty, scored.tallies[duty]) for duty in taken if duty in scored.tallies)
    return _earn(Line(item, State.NOTHING_DUE, parts=parts, corrections=corrections))


def _grant(item: Item, times: int) -> Fraction:
    amount = Fraction(min(item.points, item.each * times))
    return -amount if item.sort is Sort.DEDUCTION else amount


def _earn(line: Line) -> Line:
    """The part that was done of what was settled. What is still open weighs nothing; what is unknown is no zero."""
    totals = line.totals
    settled, unknown = totals.count(*SETTLED), totals.count(Status.UNKNOWN)
    if not settled + unknown:
        return line
    done = totals.on_time if line.item.counts is Counts.ON_TIME else totals.met
    return _share(line, done, settled, unknown)


def _share(line: Line, done: int | Fraction, settled: int | Fraction, unknown: int = 0) -> Line:
    """The item's points over the windows: each that is settled or unknown is worth the same."""
    each = Fraction(line.item.points) / (settled + unknown)
    low, high = _find_reach(done, settled, each)
    possible = settle(each * settled)
    return Line(
        line.item,
        State.COUNTED if settled else State.UNKNOWN,
        settle(each * done),
        possible,
        line.item.points - possible,
        Fraction(done),
        Fraction(settled),
        line.parts,
        line.findings,
        corrections=line.corrections,
        figure=line.figure,
        low=low,
        high=high,
    )


def _find_reach(done: int | Fraction, settled: int | Fraction, each: Fraction) -> Sequence[Fraction | None]:
    """From where to where the points could lie by chance alone; nothing for a base that is large, or no count."""
    hits, asked = Fraction(done), Fraction(settled)
    if not 0 < asked < SMALL or hits.denominator != 1 or asked.denominator != 1:
        return None, None
    return [settle(each * asked * bound) for bound in find_share_interval(int(hits), int(asked))]


def _weigh(line: Line) -> Line:
    """An item that stands on a figure that somebody brought in. Without one it is unknown."""
    item, figure = line.item, line.figure
    if figure is not None and item.counts is not Counts.BASELINE:
        return _share(line, figure.done, figure.asked) if figure.asked else Line(item, State.NOTHING_DUE, figure=figure)
    ratio = find_ratio(item, figure) if figure is not None else None
    if figure is None or ratio is None:
        unknown = Fraction(item.points)
        return Line(item, State.UNKNOWN, unknown=unknown, corrections=line.corrections, figure=figure)
    low, high = _find_baseline_reach(item, figure)
    return Line(
        item,
        State.COUNTED,
        _grade(item, ratio),
        Fraction(item.points),
        hits=figure.done,
        base=figure.asked,
        corrections=line.corrections,
        figure=figure,
        low=low,
        high=high,
    )


def find_ratio(item: Item, figure: Figure) -> Fraction | None:
    """This period's number as a share of a usual one of the unit's own, drawn to 1 where counts are small.

    Gamma–Poisson: ``shrink`` is the weight of "no change", in counts. None where there is nothing to compare with.
    """
    usual = Fraction(figure.asked) / item.years + item.shrink
    return (figure.done + item.shrink) / usual if usual else None


def _grade(item: Item, ratio: Fraction) -> Fraction:
    share = (item.none_at - 100 * ratio) / (item.none_at - item.full_at)
    return settle(item.points * max(Fraction(0), min(Fraction(1), share)))


def _find_baseline_reach(item: Item, figure: Figure) -> Sequence[Fraction | None]:
    """From where to where the points could lie if this period were drawn again; nothing for what is no count.

    Given the sum of both times, this period's count is binomial; its share p gives the ratio ``years * p / (1 - p)``.
    Where the earlier years had none, the interval is that of this period's count alone.
    """
    now, then = figure.done, figure.asked
    if not item.shrink or (now.denominator, then.denominator) != (1, 1):
        return None, None
    if not then:
        least, most = (find_ratio(item, replace(figure, done=mean)) for mean in find_count_interval(int(now)))
    else:
        shares = find_share_interval(int(now), int(now + then))
        least, most = (_draw(item, figure, share) for share in shares)
    return [_grade(item, most or Fraction(0)), _grade(item, least or Fraction(0))]


def _draw(item: Item, figure: Figure, share: Fraction) -> Fraction | None:
    """The ratio of which this share tells, drawn towards 1 as the estimate is. There were earlier ones: never all."""
    mean = figure.asked * share / (1 - share)
    return find_ratio(item, replace(figure, done=mean))
