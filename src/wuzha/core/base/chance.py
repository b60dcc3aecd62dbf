"""Exact intervals for small numbers, by the standard library alone.

Towns count one or two cases a month; a share or a change without its interval would be read as more than it is.
"""

from collections.abc import Callable
from fractions import Fraction
from math import exp, lgamma, log

CONFIDENCE = 0.95
STEPS = 40
TERMS = 500
PRECISION = 1e-12
TINY = 1e-300


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
    """P(X <= hits) for X of ``asked`` trials, as a regularised incomplete beta function."""
    if share <= 0 or hits >= asked:
        return 1.0
    if share >= 1:
        return 0.0
    return _incomplete_beta(asked - hits, hits + 1, 1 - share)


def _incomplete_beta(a: int, b: int, x: float) -> float:
    """I_x(a, b) by its continued fraction, on the side where that converges. Source: DLMF 8.17.22."""
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    if x < (a + 1) / (a + b + 2):
        return front * _continue_fraction(a, b, x) / a
    return 1 - front * _continue_fraction(b, a, 1 - x) / b


def _continue_fraction(a: int, b: int, x: float) -> float:
    """Lentz's method."""
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    result = d
    for m in range(1, TERMS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away_from_zero(1 + term * d)
            c = _away_from_zero(1 + term / c)
            result *= c * d
        if abs(c * d - 1) < PRECISION:
            break
    return result


def _away_from_zero(value: float) -> float:
    return value if abs(value) > TINY else TINY


def _bisect(is_below: Callable[[float], bool]) -> float:
    """The share at which ``is_below`` turns from true to false."""
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return (low + high) / 2


def _round(share: float) -> Fraction:
    return Fraction(round(share * 10_000), 10_000)
