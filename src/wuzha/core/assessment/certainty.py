"""How sure an indicator is: the counts behind it, its interval, and whether chance alone could have made it.

It decides nothing. A standing stays what the plan's number says; this says how much the number can bear.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from wuzha.core.base.chance import (
    find_change_chance,
    find_change_interval,
    find_count_interval,
    find_ratio_chance,
    find_ratio_interval,
    find_share_interval,
)
from wuzha.core.duty.model import Duty, Tally

# Sums of money hang on a single large case, and areas are measured, not counted: no count stands behind them.
UNCOUNTED = ("loss_yuan", "area_m2")
# A change against fewer than this is said in counts: 2 instead of 3 is no fall by a third.
FEW = 10


class Sort(StrEnum):
    """``rated`` is the change of a share of those asked, ``change`` that of a count."""

    COUNT = "count"
    SHARE = "share"
    CHANGE = "change"
    RATED = "rated"


@dataclass(frozen=True, slots=True)
class Certainty:
    """``now`` is the count, ``of`` the count of the base period or how many were asked; none for a plain count.

    ``asked`` is how many were asked now and then where both are hits of a survey. ``low`` and ``high`` bound the
    tally's own value at 95 %; ``high`` is none where nothing bounds it. ``chance`` is how likely so large a change is
    when nothing has changed. ``is_chance``: a change is not told from none, a share not from the one that is asked.
    """

    sort: Sort
    now: int
    of: int | None
    low: Fraction
    high: Fraction | None
    chance: float | None = None
    is_chance: bool = False
    asked: tuple[int, int] | None = None

    @property
    def is_small(self) -> bool:
        """Whether the base is too small to speak of per cent at all."""
        return self.sort in (Sort.CHANGE, Sort.RATED) and (self.of or 0) < FEW


def find_certainty(duty: Duty, tally: Tally) -> Certainty | None:
    """None for what is no indicator, is not known or is no count.

    A change from nothing has no value, and yet its counts: 0 then and 4 now.
    """
    target = duty.target
    if duty.verb != "attain" or target is None or duty.measure in UNCOUNTED:
        return None
    parts = [int(part) for part in tally.parts]
    if target.against:
        return _judge_change(parts)
    if tally.value is None:
        return None
    if target.share:
        return _judge_share(parts, tally.goal)
    low, high = find_count_interval(int(tally.value))
    return Certainty(Sort.COUNT, int(tally.value), None, low, high)


def _judge_change(parts: Sequence[int]) -> Certainty | None:
    """None where there are no counts of both periods."""
    if len(parts) == 4:
        return _judge_rated(*parts)
    if len(parts) != 2:
        return None
    now, then = parts
    low, high = find_change_interval(now, then) if now or then else (Fraction(-1), None)
    return Certainty(Sort.CHANGE, now, then, low, high, find_change_chance(now, then), _holds_none(low, high))


def _judge_rated(now: int, asked: int, then: int, asked_then: int) -> Certainty:
    low, high = find_ratio_interval((now, asked), (then, asked_then))
    chance = find_ratio_chance((now, asked), (then, asked_then))
    return Certainty(Sort.RATED, now, then, low, high, chance, _holds_none(low, high), (asked, asked_then))


def _holds_none(low: Fraction, high: Fraction | None) -> bool:
    """Whether no change at all lies in the interval, its ends included."""
    return low <= 0 and (high is None or high >= 0)


def _judge_share(parts: Sequence[int], goal: Fraction | None) -> Certainty | None:
    if len(parts) != 2:
        return None
    low, high = find_share_interval(*parts)
    return Certainty(Sort.SHARE, parts[0], parts[1], low, high, None, goal is not None and low <= goal <= high)
