"""How sure an indicator is: the counts behind it, its interval, and whether chance alone could have made it.

It decides nothing. A standing stays what the plan's number says; this says how much the number can bear.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from wuzha.core.base.chance import find_change_chance, find_change_interval, find_count_interval, find_share_interval
from wuzha.core.duty.model import Duty, Tally

# Sums of money hang on a single large case, and areas are measured, not counted: no count stands behind them.
UNCOUNTED = ("loss_yuan", "area_m2")
# A change against fewer than this is said in counts: 2 instead of 3 is no fall by a third.
FEW = 10


class Sort(StrEnum):
    COUNT = "count"
    SHARE = "share"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Certainty:
    """``now`` is the count, ``of`` the count of the base period or how many were asked; none for a plain count.

    ``low`` and ``high`` bound the tally's own value at 95 %; ``high`` is none where nothing bounds it. ``chance`` is
    how likely so large a change is when nothing has changed. ``is_chance``: a change is not told from none, a share not
    from the one that is asked.
    """

    sort: Sort
    now: int
    of: int | None
    low: Fraction
    high: Fraction | None
    chance: float | None = None
    is_chance: bool = False

    @property
    def is_small(self) -> bool:
        """Whether the base is too small to speak of per cent at all."""
        return self.sort is Sort.CHANGE and (self.of or 0) < FEW


def find_certainty(duty: Duty, tally: Tally) -> Certainty | None:
    """None for what is no indicator, is not known or is no count. The tally's ``value`` and ``of`` hold the counts."""
    value, of, target = tally.value, tally.of, duty.target
    if duty.verb != "attain" or value is None or of is None or target is None or duty.measure in UNCOUNTED:
        return None
    if target.against:
        return _judge_change(int((value + 1) * of), int(of))
    if target.share:
        return _judge_share(int(value * of), int(of), tally)
    low, high = find_count_interval(int(value))
    return Certainty(Sort.COUNT, int(value), None, low, high)


def _judge_change(now: int, then: int) -> Certainty:
    low, high = find_change_interval(now, then)
    is_chance = low <= 0 and (high is None or high >= 0)
    return Certainty(Sort.CHANGE, now, then, low, high, find_change_chance(now, then), is_chance)


def _judge_share(hits: int, asked: int, tally: Tally) -> Certainty:
    low, high = find_share_interval(hits, asked)
    return Certainty(Sort.SHARE, hits, asked, low, high, None, tally.goal is not None and low <= tally.goal <= high)
