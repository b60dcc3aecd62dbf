"""What is wrong with a scorecard, with a change of it, and with a bonus or deduction that somebody grants."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from fractions import Fraction

from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.core.plan.model import Plan
from wuzha.core.score.forbidden import check_forbidden, make_change_problem
from wuzha.core.score.model import Correction, Counts, Entry, Figure, Item, Line, Scorecard, Sort


def check_scorecard(card: Scorecard, plan: Plan | None = None) -> tuple[Problem, ...]:
    """Whether the card fits together; with a plan also whether every item finds its duties there."""
    problems = [*_check_sum(card), *_check_items(card), *check_forbidden(card, plan)]
    if plan is not None:
        problems += _check_duties(card, plan)
    return tuple(problems)


def _check_sum(card: Scorecard) -> Iterator[Problem]:
    together = sum(item.points for item in card.items if item.sort is Sort.POINTS)
    if together != card.points:
        yield make_problem("score.sum-differs", card.source, together=together, points=card.points)


def _check_items(card: Scorecard) -> Iterator[Problem]:
    seen: dict[str, Source] = {}
    blocks = {block.code for block in card.blocks}
    for item in card.items:
        if item.code in seen:
            yield make_problem("score.item-twice", item.source, item=item.code)
        seen[item.code] = item.source
        if item.block not in blocks:
            yield make_problem("score.block-unknown", item.source, block=item.block, known="、".join(sorted(blocks)))
        yield from _check_measure(item)


def _check_measure(item: Item) -> Iterator[Problem]:
    """Points come from duties, a bonus or deduction from what is granted; what waits has neither."""
    if item.counts is Counts.BASELINE and item.full_at >= item.none_at:
        yield make_problem("score.baseline-upside-down", item.source, item=item.title)
    if item.counts is Counts.BASELINE and not item.waits_for:
        yield make_problem("score.baseline-from-duties", item.source, item=item.title)
    if item.is_of_findings and (
        item.select is not None or item.waits_for or item.sort is not Sort.POINTS or item.counts is Counts.BASELINE
    ):
        yield make_problem("score.findings-not-alone", item.source, item=item.title)
        return
    if item.waits_for:
        return
    if item.sort is Sort.POINTS and item.select is None and not item.is_of_findings:
        yield make_problem("score.measure-missing", item.source, item=item.title)
    if item.sort is not Sort.POINTS and not 0 < item.each <= item.points:
        yield make_problem("score.each-missing", item.source, item=item.title, most=item.points)


def _check_duties(card: Scorecard, plan: Plan) -> Iterator[Problem]:
    for item in card.items:
        if item.select and item.is_counted and not any(item.select.takes(duty) for duty in plan.duties):
            yield make_problem("score.no-duties", item.source, severity="warning", item=item.title)


def check_change(before: Scorecard, after: Scorecard, on: date) -> tuple[Problem, ...]:
    """A card in force stays as it was announced; ``on`` is the day from which the other one would hold."""
    if on not in before.period or before.digest == after.digest:
        return ()
    return (make_change_problem(before, _list_changed(before, after)),)


def _list_changed(before: Scorecard, after: Scorecard) -> list[str]:
    """The titles of items that are new, gone or not the same; the card's own where only that differs."""
    codes = dict.fromkeys((*before.by_code, *after.by_code))
    changed = [code for code in codes if before.by_code.get(code) != after.by_code.get(code)]
    return [(before.by_code.get(code) or after.by_code[code]).title for code in changed] or [before.title]


def check_entries(entries: Iterable[Entry], card: Scorecard, units: Collection[str]) -> tuple[Problem, ...]:
    """``units`` are the codes of the roster: points are given to units, never to persons."""
    return tuple(problem for entry in entries for problem in _check_entry(entry, card, units))


def _check_entry(entry: Entry, card: Scorecard, units: Collection[str]) -> Iterator[Problem]:
    item = card.by_code.get(entry.item)
    if item is None or item.sort is Sort.POINTS:
        yield make_problem("score.entry-not-granted", entry.source, item=entry.item)
    elif not item.is_counted:
        yield make_problem("score.entry-not-yet", entry.source, item=item.title)
    if entry.unit not in units:
        yield make_problem("score.entry-not-a-unit", entry.source, unit=entry.unit)
    if not entry.by.strip() or not entry.reason.strip():
        yield make_problem("score.entry-unsigned", entry.source)
    if entry.on not in card.period:
        yield make_problem(
            "score.entry-outside", entry.source, on=entry.on, opens=card.period.opens, last=card.period.last_day
        )


def check_figure(figure: Figure, card: Scorecard) -> tuple[Problem, ...]:
    """Whether the figure can be what an item of the card stands on."""
    item = card.by_code.get(figure.item)
    if item is None or not item.waits_for or item.sort is not Sort.POINTS:
        return (make_problem("score.figure-not-asked", item=item.title if item else figure.item),)
    problems: list[Problem] = []
    numbers = (figure.done, figure.asked)
    if min(numbers) < 0 or (item.counts is not Counts.BASELINE and figure.done > figure.asked):
        problems.append(make_problem("score.figure-too-big", item=item.title, done=figure.done, asked=figure.asked))
    if (item.counts is not Counts.BASELINE or item.shrink) and any(one.denominator != 1 for one in numbers):
        problems.append(make_problem("score.figure-not-whole", item=item.title))
    if not figure.reason.strip() or not figure.by.strip():
        problems.append(make_problem("score.figure-unsigned", item=item.title))
    return tuple(problems)


def check_appeal(card: Scorecard, item: str, on: date) -> tuple[Problem, ...]:
    """Whether a unit can appeal that item on that day."""
    if item not in card.by_code:
        return (make_problem("score.item-unknown", item=item),)
    if not card.period.opens <= on <= card.appeals_until:
        return (make_problem("score.appeal-late", until=card.appeals_until),)
    return ()


def check_correction(correction: Correction, line: Line) -> tuple[Problem, ...]:
    """Points are given back, never taken, and never more than were lost. ``line`` is as it stands without it."""
    most = line.room - line.corrected
    if not 0 < correction.points <= most:
        return (make_problem("score.correction-too-big", item=line.item.title, most=round_points(most)),)
    return ()


def round_points(points: Fraction) -> str:
    """To two places, half up; without zeros at the end."""
    hundredths = (abs(points) * 200 + 1) // 2
    text = f"{hundredths // 100}.{hundredths % 100:02}".rstrip("0").rstrip(".")
    return f"-{text}" if points < 0 and text != "0" else text
