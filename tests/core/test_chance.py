"""Intervals and tests for small numbers: against published values, identities and exact enumeration."""

from fractions import Fraction
from itertools import product
from math import comb, exp, factorial, isclose, log, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.core.base.chance import (
    beta_cdf,
    find_beta_quantile,
    find_change_chance,
    find_change_interval,
    find_count_interval,
    find_gamma_quantile,
    find_ratio_chance,
    find_ratio_interval,
    find_share_interval,
    find_spread_chance,
    fit_prior,
    gamma_cdf,
    list_place_chances,
    shrink_rates,
)

STEP = 0.0001
counts = st.integers(0, 400)
places = st.lists(st.tuples(st.integers(0, 60), st.floats(0.2, 20)), min_size=2, max_size=12)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (0, 0.0, 3.688879),
        (1, 0.02531781, 5.571643),
        (5, 1.623486, 11.668332),
        (10, 4.795389, 18.390356),
        (100, 81.364, 121.627),
    ],
)
def test_the_interval_of_a_count_is_the_published_one(count: int, low: float, high: float) -> None:
    """Tables of Garwood's interval; also what R's poisson.test says."""
    found = find_count_interval(count)
    assert float(found[0]) == pytest.approx(low, abs=5 * STEP)
    assert float(found[1]) == pytest.approx(high, abs=5 * STEP)


@pytest.mark.parametrize(
    ("hits", "asked", "low", "high"), [(7, 20, 0.1539092, 0.5921885), (682, 925, 0.7076683, 0.7654066)]
)
def test_the_interval_of_a_share_is_the_published_one(hits: int, asked: int, low: float, high: float) -> None:
    """As R's binom.test says, the second in its own manual."""
    found = find_share_interval(hits, asked)
    assert float(found[0]) == pytest.approx(low, abs=STEP)
    assert float(found[1]) == pytest.approx(high, abs=STEP)


def test_of_nothing_in_thirty_no_more_than_eleven_per_cent_can_be_said() -> None:
    """With no hit the bound has a closed form: 1 - (α/2)^(1/n)."""
    assert float(find_share_interval(0, 30)[1]) == pytest.approx(1 - 0.025 ** (1 / 30), abs=STEP)


@pytest.mark.parametrize(
    ("now", "then", "chance"), [(0, 5, 2 / 32), (1, 7, 18 / 256), (3, 10, 0.0922851562), (4, 4, 1)]
)
def test_the_chance_of_a_change_is_twice_the_smaller_tail(now: int, then: int, chance: float) -> None:
    assert find_change_chance(now, then) == pytest.approx(chance)


def test_five_against_nothing_cannot_be_told_from_chance_and_six_can() -> None:
    assert find_change_chance(0, 5) > 0.05 > find_change_chance(0, 6)


def test_the_ends_of_a_change_are_rounded_outwards() -> None:
    """Against nothing the lower end has a closed form: with p = (α/2)^(1/n) it is p / (1 - p) - 1; turned over, the
    upper end of nothing now is (1 - p) / p - 1."""
    for cases in (3, 5, 8, 40):
        p = 0.025 ** (1 / cases)
        low, _ = find_change_interval(cases, 0)
        assert 0 < p / (1 - p) - 1 - float(low) < STEP
        _, high = find_change_interval(0, cases)
        assert high is not None
        assert 0 < float(high) - ((1 - p) / p - 1) < STEP


# --- two shares -------------------------------------------------------------------------------------------------------

surveys = st.integers(1, 60).flatmap(lambda asked: st.tuples(st.integers(0, asked), st.just(asked)))


def test_the_interval_of_a_ratio_of_two_shares_is_the_published_one() -> None:
    """Koopman's own example: 36 of 40 against 16 of 80 is 2.94 to 7.15 times."""
    low, high = find_ratio_interval((36, 40), (16, 80))
    assert high is not None
    assert float(low) + 1 == pytest.approx(2.94, abs=0.005)
    assert float(high) + 1 == pytest.approx(7.15, abs=0.005)


def find_likeliest(now: tuple[int, int], then: tuple[int, int], ratio: float) -> float:
    """The share of then under which both surveys together are likeliest when that of now is ``ratio`` times as large:
    by going down the slope of their chance, without its formula."""
    low, high = 0.0, min(1.0, 1 / ratio)
    for _ in range(200):
        one, other = low + (high - low) / 3, high - (high - low) / 3
        if _tell_log(now, ratio * one) + _tell_log(then, one) < _tell_log(now, ratio * other) + _tell_log(then, other):
            low = one
        else:
            high = other
    return (low + high) / 2


def _tell_log(found: tuple[int, int], share: float) -> float:
    hits, asked = found
    share = min(1 - 1e-15, max(1e-15, share))
    return hits * log(share) + (asked - hits) * log(1 - share)


@given(surveys, surveys)
def test_at_its_ends_the_shares_lie_as_far_apart_as_one_time_in_twenty(
    now: tuple[int, int], then: tuple[int, int]
) -> None:
    """Told once more: z² = 1.96² there, with the likeliest shares found by search."""
    low, high = find_ratio_interval(now, then)
    for end in (low, high):
        ratio = None if end is None else float(end) + 1
        if ratio is not None and 0.05 < ratio < 20:
            q = find_likeliest(now, then, ratio)
            p = ratio * q
            variance = p * (1 - p) / now[1] + ratio**2 * q * (1 - q) / then[1]
            far = now[0] / now[1] - ratio * then[0] / then[1]
            assert far * far == pytest.approx(1.959964**2 * variance, rel=0.02)


@given(surveys, surveys)
def test_the_interval_of_a_ratio_holds_the_ratio_and_says_what_the_test_says(
    now: tuple[int, int], then: tuple[int, int]
) -> None:
    low, high = find_ratio_interval(now, then)
    assert (high is None) == (then[0] == 0)
    if then[0]:
        change = Fraction(now[0] * then[1], now[1] * then[0]) - 1
        assert high is not None
        assert low <= change <= high
    chance = find_ratio_chance(now, then)
    if abs(chance - 0.05) > 0.001:
        assert (low <= 0 and (high is None or high >= 0)) == (chance > 0.05)


def test_the_chance_of_two_shares_is_that_of_the_four_fields_worked_by_hand() -> None:
    """30 of 50 against 20 of 50: 25 expected in each field, X² = 4 · 5²/25 = 4; P(|z| > 2) = 0.0455."""
    assert find_ratio_chance((30, 50), (20, 50)) == pytest.approx(0.0455, abs=STEP)
    assert find_ratio_chance((5, 5), (7, 7)) == 1
    assert find_ratio_chance((0, 5), (0, 7)) == 1


@pytest.mark.parametrize(("asked", "before", "p", "q"), [(20, 20, 0.9, 0.8), (30, 15, 0.5, 0.5), (50, 40, 0.8, 0.6)])
def test_a_ratio_lies_in_its_interval_about_nineteen_times_in_twenty(
    asked: int, before: int, p: float, q: float
) -> None:
    """Every pair of surveys with its exact chance. The score interval is near and not exact: see its docstring."""
    covered = 0.0
    for x in range(asked + 1):
        for y in range(before + 1):
            weight = comb(asked, x) * p**x * (1 - p) ** (asked - x) * comb(before, y) * q**y * (1 - q) ** (before - y)
            if weight > 1e-6:
                low, high = find_ratio_interval((x, asked), (y, before))
                covered += weight if low <= p / q - 1 and (high is None or p / q - 1 <= high) else 0
    assert 0.94 < covered < 0.97


def test_a_share_of_nobody_is_no_share() -> None:
    for now, then in (((1, 0), (1, 2)), ((1, 2), (3, 2))):
        with pytest.raises(ValueError, match="is no share"):
            find_ratio_interval(now, then)
        with pytest.raises(ValueError, match="is no share"):
            find_ratio_chance(now, then)


def test_no_cases_in_both_years_is_no_change() -> None:
    assert find_change_chance(0, 0) == 1
    with pytest.raises(ValueError, match="is no change"):
        find_change_interval(0, 0)


@given(counts, counts)
def test_the_interval_of_a_change_holds_the_change(now: int, then: int) -> None:
    if now + then:
        low, high = find_change_interval(now, then)
        change = None if then == 0 else Fraction(now, then) - 1
        assert change is None or (low <= change and (high is None or change <= high))
        assert (high is None) == (then == 0)


@given(counts, counts)
def test_two_years_swapped_are_as_likely_and_their_interval_is_the_other_one_turned_over(now: int, then: int) -> None:
    assert find_change_chance(now, then) == find_change_chance(then, now)
    if now and then:
        (low, high), (back_low, back_high) = find_change_interval(now, then), find_change_interval(then, now)
        assert high is not None
        assert back_high is not None
        assert float((1 + high) * (1 + back_low)) == pytest.approx(1, abs=STEP * float(3 + high + back_low))
        assert float((1 + low) * (1 + back_high)) == pytest.approx(1, abs=STEP * float(3 + back_high + low))


@given(counts, counts)
def test_the_test_and_the_interval_say_the_same(now: int, then: int) -> None:
    """No change lies outside the interval exactly when so much is unlikely by chance."""
    if now + then:
        low, high = find_change_interval(now, then)
        chance = find_change_chance(now, then)
        if abs(chance - 0.05) > 0.001:
            assert (low <= 0 and (high is None or high >= 0)) == (chance > 0.05)


@given(counts)
def test_the_interval_of_a_count_holds_it_and_grows_with_it(count: int) -> None:
    low, high = find_count_interval(count)
    more_low, more_high = find_count_interval(count + 1)
    assert low <= count <= high
    assert low < more_low
    assert high < more_high


@given(st.integers(0, 300), st.integers(1, 300))
def test_the_interval_of_a_share_holds_it_and_mirrors(hits: int, asked: int) -> None:
    hits = min(hits, asked)
    low, high = find_share_interval(hits, asked)
    back_low, back_high = find_share_interval(asked - hits, asked)
    assert 0 <= low <= Fraction(hits, asked) <= high <= 1
    assert float(low + back_high) == pytest.approx(1, abs=2 * STEP)
    assert float(high + back_low) == pytest.approx(1, abs=2 * STEP)


@pytest.mark.parametrize("mean", [0.3, 1.0, 4.4, 12.0])
def test_a_count_lies_in_its_interval_at_least_as_often_as_promised(mean: float) -> None:
    """By adding up the chance of every count whose interval holds the true mean."""
    chance, covered = exp(-mean), 0.0
    for count in range(80):
        low, high = find_count_interval(count)
        covered += chance if low <= mean <= high else 0
        chance *= mean / (count + 1)
    assert 0.95 <= covered <= 1


@pytest.mark.parametrize("mean", [4.0, 7.0, 35.0])
def test_where_nothing_changed_a_change_is_seen_in_at_most_one_year_of_twenty(mean: float) -> None:
    """By adding up all pairs of two counts with one mean: the test never cries wolf more often than it says."""
    weights = [exp(-mean)]
    for count in range(1, 140):
        weights.append(weights[-1] * mean / count)
    wolf = sum(
        p * q for now, p in enumerate(weights) for then, q in enumerate(weights) if find_change_chance(now, then) < 0.05
    )
    assert 0.005 < wolf <= 0.05


@given(st.integers(1, 40), st.integers(1, 40), st.floats(0.01, 0.99))
def test_the_beta_distribution_is_the_tail_of_a_binomial(a: int, b: int, x: float) -> None:
    n = a + b - 1
    tail = sum(comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1))
    assert isclose(beta_cdf(x, a, b), tail, abs_tol=1e-9)


@given(st.integers(1, 40), st.floats(0.01, 90))
def test_the_gamma_distribution_is_the_tail_of_a_poisson(shape: int, x: float) -> None:
    term, below = exp(-x), 0.0
    for k in range(shape):
        below += term
        term *= x / (k + 1)
    assert isclose(gamma_cdf(x, shape), 1 - below, abs_tol=1e-9)


@given(st.floats(0.01, 0.99), st.floats(0.5, 500), st.floats(0.5, 500))
def test_a_quantile_is_where_the_distribution_has_that_chance(chance: float, a: float, b: float) -> None:
    assert gamma_cdf(find_gamma_quantile(chance, a), a) == pytest.approx(chance, abs=1e-6)
    assert beta_cdf(find_beta_quantile(chance, a, b), a, b) == pytest.approx(chance, abs=1e-6)
    assert find_gamma_quantile(chance, 1) == pytest.approx(-log(1 - chance), rel=1e-9)


def test_a_large_town_keeps_its_rate_and_a_small_one_is_drawn_to_the_mean() -> None:
    small, _, large = shrink_rates([3, 20, 40], [1.0, 5.0, 40.0])
    mean = 63 / 46
    assert mean < small.mean < small.raw
    assert abs(large.mean - large.raw) < abs(small.mean - small.raw)
    assert small.high - small.low > large.high - large.low


def test_places_that_differ_no_more_than_by_chance_are_all_given_the_rate_of_all() -> None:
    assert fit_prior([4, 5, 6], [10.0, 10.0, 10.0]) is None
    assert {one.mean for one in shrink_rates([4, 5, 6], [10.0, 10.0, 10.0])} == {0.5}


def test_the_prior_of_the_method_of_moments_worked_by_hand() -> None:
    """Rates 1 and 9 over exposures of 1: m = 5, s² = 16, A = 16 - 5 = 11; shape 25/11, rate 5/11."""
    prior = fit_prior([1, 9], [1.0, 1.0])
    assert prior is not None
    assert prior.shape == pytest.approx(25 / 11)
    assert prior.rate == pytest.approx(5 / 11)
    low, high = shrink_rates([1, 9], [1.0, 1.0])
    assert low.mean == pytest.approx(2.25)
    assert high.mean == pytest.approx(7.75)


@given(places)
def test_a_shrunk_rate_lies_between_the_raw_one_and_the_mean_of_all_and_in_its_interval(
    found: list[tuple[int, float]],
) -> None:
    counted, exposed = [y for y, _ in found], [e for _, e in found]
    mean = sum(counted) / sum(exposed)
    for one in shrink_rates(counted, exposed):
        assert min(one.raw, mean) - 1e-9 <= one.mean <= max(one.raw, mean) + 1e-9
        assert one.low <= one.high
        assert one.mean <= one.high or mean == 0


def test_places_without_people_are_no_places() -> None:
    with pytest.raises(ValueError, match="exposure"):
        shrink_rates([1], [0.0])
    with pytest.raises(ValueError, match="counts over"):
        shrink_rates([1, 2], [1.0])


def test_one_against_nine_in_equal_places_worked_by_hand() -> None:
    """P(X <= 1) of 10 throws is 11/1024, twice that 22/1024."""
    assert list_place_chances([1, 9], [1.0, 1.0]) == pytest.approx((22 / 1024, 22 / 1024))
    assert find_spread_chance([1, 9], [2.0, 2.0]) == pytest.approx(22 / 1024)


def test_three_cases_in_one_of_three_places_worked_by_hand() -> None:
    """3 of the 27 ways lie all in one place; of the others 18 leave one place bare, 6 none."""
    assert find_spread_chance([3, 0, 0], [1.0, 1.0, 1.0]) == pytest.approx(3 / 27)
    assert find_spread_chance([2, 1, 0], [1.0, 1.0, 1.0]) == pytest.approx(21 / 27)


def test_many_cases_are_judged_by_the_mean_and_the_variance_of_their_spread_worked_by_hand() -> None:
    """Twelve equal places of 10 cases, but one of 16 and one of 4: X² = 72/10; n = 120, Σ1/p = 144.

    The mean is 11, the variance 22 + (144 - 144 - 24 + 2)/120.
    """
    rate = 11 / (22 - 22 / 120)
    found = find_spread_chance([16, 4, *[10] * 10], [1.0] * 12)
    assert found == pytest.approx(1 - gamma_cdf(7.2 * rate, 11 * rate))


def test_the_chance_of_one_place_among_three_is_taken_three_times() -> None:
    """All 4 in a third of the people: P(X >= 4) = 1/81, twice and three times that is 6/81. None of 4 is no wonder."""
    crowded, bare, _ = list_place_chances([4, 0, 0], [1.0, 1.0, 1.0])
    assert crowded == pytest.approx(6 / 81)
    assert bare == pytest.approx(1)
    assert list_place_chances([8, 0, 0], [1.0, 1.0, 1.0])[0] == pytest.approx(6 / 3**8)


def test_places_in_step_with_their_people_differ_as_little_as_can_be() -> None:
    assert find_spread_chance([10, 20, 40], [1.0, 2.0, 4.0]) == pytest.approx(1)
    assert find_spread_chance([0, 0], [1.0, 2.0]) == 1
    assert find_spread_chance([7], [1.0]) == 1


def test_a_single_case_tells_no_places_apart() -> None:
    assert find_spread_chance([1, 0, 0], [1.0, 1.0, 1.0]) == 1


@pytest.mark.parametrize("parts", [(1, 1), (1, 3), (1, 1, 1), (1, 2, 5), (1, 1, 2, 6)])
@pytest.mark.parametrize("n", [3, 6, 9])
def test_where_all_places_are_equal_a_difference_is_claimed_about_once_in_twenty_times(
    parts: tuple[int, ...], n: int
) -> None:
    """Every way in which n cases can fall on the places, each with its exact chance."""
    exposures = [float(part) for part in parts]
    by_spread = by_place = 0.0
    for counts in product(range(n + 1), repeat=len(parts)):
        if sum(counts) == n:
            ways = factorial(n) / prod(factorial(y) for y in counts)
            chance = ways * prod((part / sum(parts)) ** y for part, y in zip(parts, counts, strict=True))
            by_spread += chance * (find_spread_chance(counts, exposures) < 0.05)
            by_place += chance * (min(list_place_chances(counts, exposures)) < 0.05)
    assert by_spread <= 0.05
    assert by_place <= 0.05
