"""Exact intervals for small numbers, by the standard library alone.

Towns count one or two cases a month; a share or a change without its interval would be read as more than it is.
"""

from collections.abc import Callable
from fractions import Fraction
from math import exp, lgamma, log

CONFIDENCE = 0.95
STEPS = 60


def find_share_interval(hits: int, asked: int, confidence: float = CONFIDENCE) -> tuple[Fraction, Fraction]:
    """The Clopper–Pearson interval of a share, as two shares from 0 to 1.

    Raises ValueError unless ``0 <= hits <= asked`` and ``asked > 0``. Source: Clopper and Pearson,
    Biometrika 26 (1934).
    """
    if not 0 <= hits <= asked or asked <= 0:
        raise ValueError(f"{hits} of {asked} is no share")
    tail = (1 - confidence) / 2
    low = 0.0 if hits == 0 else _bisect(lambda share: 1 - _binomial_cdf(hits - 1, asked, share) < tail)
    high = 1.0 if hits == asked else _bisect(lambda share: _binomial_cdf(hits, asked, share) > tail)
    return _round(low), _round(high)


def find_change_interval(now: int, then: int, confidence: float = CONFIDENCE) -> tuple[Fraction, Fraction | None]:
    """The interval of ``now / then - 1`` for two counts over equal times; no upper bound where ``then`` could be 0.

    Given the sum, ``now`` is binomial; its share p gives the ratio p / (1 - p). Source: Przyborowski and Wilenski,
    Biometrika 31 (1940). Raises ValueError when both counts are 0.
    """
    low, high = find_share_interval(now, now + then, confidence)
    return low / (1 - low) - 1 if low < 1 else Fraction(-1), None if high == 1 else high / (1 - high) - 1


def _binomial_cdf(hits: int, asked: int, share: float) -> float:
    """P(X <= hits) for X of ``asked`` trials."""
    if share <= 0:
        return 1.0
    if share >= 1:
        return 1.0 if hits >= asked else 0.0
    total = lgamma(asked + 1)
    terms = (
        total - lgamma(k + 1) - lgamma(asked - k + 1) + k * log(share) + (asked - k) * log(1 - share)
        for k in range(hits + 1)
    )
    return min(1.0, sum(exp(term) for term in terms))


def _bisect(is_below: Callable[[float], bool]) -> float:
    """The share at which ``is_below`` turns from true to false."""
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return (low + high) / 2


def _round(share: float) -> Fraction:
    return Fraction(round(share * 10_000), 10_000)
