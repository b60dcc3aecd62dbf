"""Intervals for small numbers, by the standard library alone.

Towns count one or two cases a month; a share or a change without its interval would be read as more than it is. All
intervals are central at 95 % unless told otherwise, and rounded outwards, so that they always hold the estimate. All
are exact but one: for the ratio of two shares the score interval is taken, which is near (:func:`find_ratio_interval`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, comb, erfc, exp, floor, inf, lgamma, log, sqrt

CONFIDENCE = 0.95
NEAR = 1e-13
TERMS = 10_000
PRECISION = 1e-13
TINY = 1e-300
PLACES = 10_000
MOST_WAYS = 5_000
# Ways that are as far as the one seen count as far, whatever the last digit says.
NEAR_FAR = 1e-9

Bounds = tuple[Fraction, Fraction]
# So many hits of so many asked.
Share = tuple[int, int]


# --- one count, one share, one change ---------------------------------------------------------------------------------


def find_count_interval(count: int, confidence: float = CONFIDENCE) -> Bounds:
    """The exact interval of the mean behind one Poisson count: 10 cases could as well have been 4.8 to 18.4.

    ``low`` solves P(X >= count; low) = α/2 and ``high`` solves P(X <= count; high) = α/2, the chi-squared form
    χ²(α/2, 2n)/2 and χ²(1 - α/2, 2n + 2)/2. Source: Garwood, Biometrika 28 (1936). Raises ValueError below 0.
    """
    if count < 0:
        raise ValueError(f"{count} is no count")
    tail = (1 - confidence) / 2
    low = find_gamma_quantile(tail, count) if count else 0.0
    return _round_down(low), _round_up(find_gamma_quantile(1 - tail, count + 1))


def find_share_interval(hits: int, asked: int, confidence: float = CONFIDENCE) -> Bounds:
    """The Clopper–Pearson interval of a share, as two shares from 0 to 1.

    Raises ValueError unless ``0 <= hits <= asked`` and ``asked > 0``. Source: Clopper and Pearson,
    Biometrika 26 (1934).
    """
    _check_share((hits, asked))
    low, high = _find_share_bounds(hits, asked, confidence)
    return _round_down(low), min(Fraction(1), _round_up(high))


def find_change_interval(now: int, then: int, confidence: float = CONFIDENCE) -> tuple[Fraction, Fraction | None]:
    """The interval of ``now / then - 1`` for two counts over equal times; no upper bound where ``then`` could be 0.

    Given the sum, ``now`` is binomial; its share p gives the ratio p / (1 - p). Source: Przyborowski and Wilenski,
    Biometrika 31 (1940). Raises ValueError when both counts are 0.
    """
    if now < 0 or then < 0 or now + then == 0:
        raise ValueError(f"{now} against {then} is no change")
    low, high = _find_share_bounds(now, now + then, confidence)
    if low >= 1:
        return Fraction(-1), None
    return _round_down(low / (1 - low) - 1), None if high >= 1 else _round_up(high / (1 - high) - 1)


def find_change_chance(now: int, then: int) -> float:
    """How likely two counts over equal times differ at least so much when nothing has changed: the p-value.

    Given the sum n, ``now`` is binomial with share 1/2 (Przyborowski and Wilenski 1940): p = min(1, 2 P(X <= the
    smaller)). Twice the smaller tail, so that p is below 5 % exactly where :func:`find_change_interval` leaves no
    change out (Fay, Biostatistics 11 (2010)). Two counts of 0 differ by nothing: 1.
    """
    asked = now + then
    return min(1.0, 2 * _binomial_cdf(min(now, then), asked, 0.5)) if asked else 1.0


def find_ratio_interval(now: Share, then: Share, confidence: float = CONFIDENCE) -> tuple[Fraction, Fraction | None]:
    """The interval of ``p / q - 1`` for two shares p = x/n now and q = y/m then; no upper bound where y is 0.

    It holds each ratio r with (x/n - r y/m)² / (r q (1 - r q)/n + r² q (1 - q)/m) <= χ²(1), where q, the likeliest
    share of then if p = r q, is the smaller root of (n + m) r q² - (n r + x + m + y r) q + x + y = 0. Not exact: it
    covers the true ratio 95 % of times on the whole, for some shares of few people a little less. An exact one would
    have to go through all tables of two surveys. Source: Koopman, Biometrics 40 (1984).
    Raises ValueError for what is no share.
    """
    _check_share(now)
    _check_share(then)
    limit = 2 * find_gamma_quantile(confidence, 0.5)

    def is_apart(ratio: float) -> bool:
        return _score_ratio(now, then, ratio) > limit

    def is_near(ratio: float) -> bool:
        return not is_apart(ratio)

    if not then[0]:
        low = _bisect(is_apart, 0.0, _grow(is_near, 1.0)) if now[0] else 0.0
        return _round_down(low - 1), None
    seen = now[0] * then[1] / (now[1] * then[0])
    low, high = _bisect(is_apart, 0.0, seen), _bisect(is_near, seen, _grow(is_apart, max(seen, 1.0)))
    return _round_down(low - 1), _round_up(high - 1)


def find_ratio_chance(now: Share, then: Share) -> float:
    """How likely two surveys differ at least so much when the share is one: the p-value.

    χ² of one degree of the same score at a ratio of 1, which is Pearson's for four fields (Phil. Mag. 50 (1900)), so
    that it is below 5 % where :func:`find_ratio_interval` leaves no change out. Raises ValueError for what is no share.
    """
    _check_share(now)
    _check_share(then)
    return erfc(sqrt(_score_ratio(now, then, 1.0) / 2))


def _score_ratio(now: Share, then: Share, ratio: float) -> float:
    """How far the two shares are from that ratio, in variances."""
    (x, n), (y, m) = now, then
    a, b, c = (n + m) * ratio, n * ratio + x + m + y * ratio, x + y
    q = min(1.0, 2 * c / (b + sqrt(max(0.0, b * b - 4 * a * c))))
    p = min(1.0, ratio * q)
    far = (x / n - ratio * y / m) ** 2
    variance = p * (1 - p) / n + ratio * ratio * q * (1 - q) / m
    return far / variance if variance > TINY else 0.0 if far <= TINY else inf


def _grow(holds: Callable[[float], bool], start: float) -> float:
    """A number from ``start`` on, doubled until it holds."""
    while not holds(start):
        start *= 2
    return start


def _check_share(share: Share) -> None:
    hits, asked = share
    if not 0 <= hits <= asked or asked <= 0:
        raise ValueError(f"{hits} of {asked} is no share")


def _find_share_bounds(hits: int, asked: int, confidence: float) -> tuple[float, float]:
    """P(X >= hits; low) = α/2 and P(X <= hits; high) = α/2, as quantiles of the beta distribution."""
    tail = (1 - confidence) / 2
    low = 0.0 if hits == 0 else find_beta_quantile(tail, hits, asked - hits + 1)
    return low, 1.0 if hits == asked else find_beta_quantile(1 - tail, hits + 1, asked - hits)


# --- comparing small places -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Prior:
    """How true rates differ from place to place: a gamma distribution, mean ``shape / rate``."""

    shape: float
    rate: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A place's rate after shrinking, with its interval at 95 %. ``raw`` is count / exposure as it came."""

    raw: float
    mean: float
    low: float
    high: float


def fit_prior(counts: Sequence[int], exposures: Sequence[float]) -> Prior | None:
    """The prior of places by the method of moments; none where they differ no more than by chance.

    With m = Σy/Σe, s² = Σ e(y/e - m)²/Σe and ē = Σe/n the rates' own variance is A = s² - m/ē; then shape = m²/A and
    rate = m/A. Source: Marshall, Applied Statistics 40 (1991), after Clayton and Kaldor, Biometrics 43 (1987).
    Raises ValueError for lists of different lengths, for none at all and for exposures that are not above 0.
    """
    _check_places(counts, exposures)
    total = sum(exposures)
    mean = sum(counts) / total
    spread = sum(e * (y / e - mean) ** 2 for y, e in zip(counts, exposures, strict=True)) / total
    beyond = spread - mean * len(counts) / total
    return Prior(mean * mean / beyond, mean / beyond) if beyond > 0 else None


def shrink_rates(
    counts: Sequence[int], exposures: Sequence[float], confidence: float = CONFIDENCE
) -> tuple[Estimate, ...]:
    """The rate of each place, drawn towards the mean of all the more the less it has seen.

    Posterior Gamma(shape + y, rate + e): its mean lies between the raw rate and the mean of all, its quantiles bound
    it. Where the places differ no more than by chance each has the rate of all together, Gamma(Σy + 1/2, Σe) with
    Jeffreys' prior. Rank by these and never by raw rates: the smallest places are first and last in every raw ranking.
    Source as :func:`fit_prior`. Raises ValueError as that does.
    """
    prior = fit_prior(counts, exposures)
    raws = [y / e for y, e in zip(counts, exposures, strict=True)]
    if prior is None:
        total = sum(exposures)
        low, high = _find_rate_bounds(sum(counts) + 0.5, total, confidence)
        return tuple(Estimate(raw, sum(counts) / total, low, high) for raw in raws)
    estimates: list[Estimate] = []
    for raw, count, exposure in zip(raws, counts, exposures, strict=True):
        shape, rate = prior.shape + count, prior.rate + exposure
        estimates.append(Estimate(raw, shape / rate, *_find_rate_bounds(shape, rate, confidence)))
    return tuple(estimates)


def find_spread_chance(counts: Sequence[int], exposures: Sequence[float]) -> float:
    """How likely places differ at least so much when all have one rate: the p-value of all of them together.

    With e the counts expected of the sum n, X² = Σ(y - e)²/e, the index of dispersion (Cochran, Biometrics 10 (1954)).
    Given n the counts are multinomial: where they can fall in at most :data:`MOST_WAYS` ways all are gone through.
    Elsewhere X² is taken for a gamma variable with its exact mean k - 1 and variance
    2(k - 1) + (Σ1/p - k² - 2k + 2)/n, p the parts of the exposures (Haldane, Biometrika 29 (1937)).
    Raises ValueError as :func:`fit_prior` does.
    """
    _check_places(counts, exposures)
    n, k, whole = sum(counts), len(counts), sum(exposures)
    if not n or k == 1:
        return 1.0
    parts = [e / whole for e in exposures]
    far = sum(y * y / p for y, p in zip(counts, parts, strict=True)) / n
    if comb(n + k - 1, k - 1) <= MOST_WAYS:
        return min(1.0, _sum_far_ways(n, [1 / (n * p) for p in parts], parts, far * (1 - NEAR_FAR)))
    variance = 2 * (k - 1) + (sum(1 / p for p in parts) - k * k - 2 * k + 2) / n
    rate = (k - 1) / variance
    return 1 - gamma_cdf((far - n) * rate, (k - 1) * rate)


def _sum_far_ways(left: int, weights: Sequence[float], parts: Sequence[float], far: float) -> float:
    """The chance that ``left`` cases fall on these places with Σ(weight · y²) not below ``far``; X² is that sum less n.

    Place by place: how many fall on the first is binomial, the others share the rest in the same way.
    """
    if len(parts) == 1:
        return 1.0 if weights[0] * left * left >= far else 0.0
    share = parts[0] / sum(parts)
    return sum(
        _find_ways(y, left, share) * _sum_far_ways(left - y, weights[1:], parts[1:], far - weights[0] * y * y)
        for y in range(left + 1)
    )


def _find_ways(hits: int, asked: int, share: float) -> float:
    """P(X = hits) for X of ``asked`` trials."""
    ways = lgamma(asked + 1) - lgamma(hits + 1) - lgamma(asked - hits + 1)
    return exp(ways + hits * log(share) + (asked - hits) * log(1 - share))


def list_place_chances(counts: Sequence[int], exposures: Sequence[float]) -> tuple[float, ...]:
    """How likely each place is to lie at least so far from the others when all have one rate: a p-value a place.

    Given the sum of all, a place's count is binomial with its part of the exposures as share (Przyborowski and
    Wilenski 1940): p = min(1, 2 P(the tail it lies in)). So many are asked at once that each is multiplied by their
    number and cut at 1 (Bonferroni's inequality): where all are equal, one is below 5 % at most 1 time in 20. Of two
    places both ask the same, once. Raises ValueError as :func:`fit_prior` does.
    """
    _check_places(counts, exposures)
    asked, whole = sum(counts), sum(exposures)
    chances = (_find_tail_chance(y, asked, e / whole) for y, e in zip(counts, exposures, strict=True))
    asked_times = len(counts) if len(counts) > 2 else 1
    return tuple(min(1.0, asked_times * chance) for chance in chances)


def _find_tail_chance(hits: int, asked: int, share: float) -> float:
    below = _binomial_cdf(hits, asked, share)
    above = 1 - _binomial_cdf(hits - 1, asked, share) if hits else 1.0
    return min(1.0, 2 * min(below, above))


def _check_places(counts: Sequence[int], exposures: Sequence[float]) -> None:
    if not counts or len(counts) != len(exposures):
        raise ValueError(f"{len(counts)} counts over {len(exposures)} exposures")
    if min(counts) < 0 or min(exposures) <= 0:
        raise ValueError("a count below 0, or an exposure not above 0")


def _find_rate_bounds(shape: float, rate: float, confidence: float) -> tuple[float, float]:
    tail = (1 - confidence) / 2
    return find_gamma_quantile(tail, shape) / rate, find_gamma_quantile(1 - tail, shape) / rate


# --- distributions ----------------------------------------------------------------------------------------------------


def find_gamma_quantile(chance: float, shape: float) -> float:
    """The x below which a gamma variable of that shape and rate 1 lies with this chance."""
    high = shape + 1
    while gamma_cdf(high, shape) < chance:
        high *= 2
    return _bisect(lambda x: gamma_cdf(x, shape) < chance, 0.0, high)


def find_beta_quantile(chance: float, a: float, b: float) -> float:
    """The x from 0 to 1 below which a Beta(a, b) variable lies with this chance."""
    return _bisect(lambda x: beta_cdf(x, a, b) < chance, 0.0, 1.0)


def gamma_cdf(x: float, shape: float) -> float:
    """The regularised incomplete gamma function P(shape, x). P(X >= n) of a Poisson variable of mean x is P(n, x)."""
    if x <= 0:
        return 0.0
    front = exp(shape * log(x) - x - lgamma(shape))
    # Below its mean by the series, above by the continued fraction: each converges there. Source: DLMF 8.7.1, 8.9.2.
    return front * _sum_gamma_series(x, shape) if x < shape + 1 else 1 - front * _gamma_fraction(x, shape)


def _sum_gamma_series(x: float, shape: float) -> float:
    term = total = 1 / shape
    for n in range(1, TERMS):
        term *= x / (shape + n)
        total += term
        if term < total * PRECISION:
            break
    return total


def _gamma_fraction(x: float, shape: float) -> float:
    """Lentz's method."""
    b = x + 1 - shape
    c, d = inf, 1 / _away_from_zero(b)
    result = d
    for n in range(1, TERMS):
        b += 2
        factor = n * (shape - n)
        d = 1 / _away_from_zero(b + factor * d)
        c = _away_from_zero(b + factor / c)
        result *= c * d
        if abs(c * d - 1) < PRECISION:
            break
    return result


def beta_cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by its continued fraction on the side where that converges.

    Source: DLMF 8.17.22.
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(a, b, x) / a
    return 1 - front * _beta_fraction(b, a, 1 - x) / b


def _binomial_cdf(hits: int, asked: int, share: float) -> float:
    """P(X <= hits) for X of ``asked`` trials."""
    return 1.0 if hits >= asked else beta_cdf(1 - share, asked - hits, hits + 1)


def _beta_fraction(a: float, b: float, x: float) -> float:
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


def _bisect(is_below: Callable[[float], bool], low: float, high: float) -> float:
    """Where between the two ``is_below`` turns from true to false."""
    while high - low > NEAR * high and high > TINY:
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return (low + high) / 2


def _round_down(value: float) -> Fraction:
    return Fraction(floor(round(value * PLACES, 4)), PLACES)


def _round_up(value: float) -> Fraction:
    return Fraction(ceil(round(value * PLACES, 4)), PLACES)
