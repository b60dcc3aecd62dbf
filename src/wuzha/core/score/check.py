"""What is wrong with a scorecard, with a change of it, and with a bonus or deduction that somebody grants."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.core.plan.model import Plan
from wuzha.core.score.forbidden import check_forbidden, make_change_problem
from wuzha.core.score.model import Entry, Item, Scorecard, Sort


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
    if item.waits_for:
        return
    if item.sort is Sort.POINTS and item.select is None:
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
