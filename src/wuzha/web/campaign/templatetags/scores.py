"""Scores and scorecards in words, on a page."""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from wuzha.adapters.wording import score as words
from wuzha.core.plan.model import Plan
from wuzha.core.score.model import Block, Item, Line, Score, Scorecard, Sort
from wuzha.web.campaign import wording
from wuzha.web.campaign.kinds import load_kinds

register = template.Library()


@register.filter
def points(value: Fraction | int) -> str:
    """Points to two places."""
    return words.say_points(Fraction(value))


@register.filter
def item_title(item: Item | Block) -> str:
    """An item or a block in the language of the page."""
    return item.title if wording.is_chinese() else item.title_en


@register.filter
def line_text(line: Line) -> str:
    return words.say_line(line, wording.language())


@register.filter
def reach_text(line: Line) -> str:
    return words.say_reach(line, wording.language())


@register.filter
def score_total(score: Score) -> str:
    return words.say_total(score, wording.language())


@register.filter
def score_rest(score: Score, card: Scorecard) -> str:
    return words.say_rest(score, card.points, wording.language())


@register.simple_tag
def formula(item: Item, plan: Plan, card: Scorecard) -> str:
    """How an item is counted, in words."""
    kinds, select = load_kinds(), item.select
    titles = [wording.title_duty(duty, kinds) for duty in plan.duties if select is not None and select.takes(duty)]
    return words.say_formula(item, titles, card, wording.language())


@register.simple_tag
def line_points(line: Line) -> SafeString:
    """6.4 / 8, or a word where nothing can be told."""
    if line.item.sort is not Sort.POINTS:
        return format_html("{}", words.say_points(line.earned))
    if not line.possible:
        return format_html('<span class="cell-unknown">{}</span>', "—")
    return format_html(
        '{}<span class="figure-base"> / {}</span>', words.say_points(line.earned), words.say_points(line.possible)
    )


@register.simple_tag
def item_points(item: Item) -> str:
    return words.say_worth(item, wording.language())


@register.filter
def block_items(card: Scorecard) -> list[tuple[Block, list[Item]]]:
    """The items of a card, block by block."""
    found = [(block, [item for item in card.items if item.block == block.code]) for block in card.blocks]
    return [(block, items) for block, items in found if items]


@register.simple_tag
def block_lines(card: Scorecard, score: Score) -> list[tuple[Block, list[Line], Fraction, Fraction]]:
    """The lines of a score block by block, with what each block gives of what is known of it."""
    groups = [(block, [line for line in score.lines if line.item.block == block.code]) for block in card.blocks]
    return [(block, lines, _add(lines, "earned"), _add(lines, "possible")) for block, lines in groups if lines]


def _add(lines: Iterable[Line], name: str) -> Fraction:
    return sum((getattr(line, name) for line in lines), Fraction(0))


@register.filter
def small_lines(score: Score) -> int:
    """How many of its lines stand on a small base."""
    return sum(line.low is not None for line in score.lines)


@register.filter
def sum_of(score: Score, sort: str) -> Fraction:
    return score.add_up(Sort(sort))


@register.filter
def add_days(value: date, days: Any) -> date:
    return value + timedelta(days=int(days))


@register.filter
def item_of(card: Scorecard, code: str) -> str:
    """The title of an item by its code."""
    item = card.by_code.get(code)
    return item_title(item) if item else code
