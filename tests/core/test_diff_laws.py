"""Laws of comparing plans: what must hold for any two of them."""

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from tests.core.ledgers import (
    TREE,
    YEAR,
    attain_duties,
    check_duties,
    cover_duties,
    do_duties,
    file_duties,
    keep_duties,
    space_duties,
)
from tests.core.test_diff_examples import MIRROR
from wuzha.adapters.kinds import load_kinds
from wuzha.core.duty.model import Duty, Target, Who
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.core.plan.diff.assign import Pair, assign_pairs
from wuzha.core.plan.diff.compare import Entry, Fate, compare_plans
from wuzha.core.plan.diff.coverage import RANK, Area, Reach, cover_plan
from wuzha.core.plan.diff.facets import Facet, Turn
from wuzha.core.plan.diff.match import find_likeness
from wuzha.core.plan.model import Plan

KINDS = load_kinds()
TREE_WHO = Who(kind=("village",))
quotes = st.sampled_from(
    [
        "",
        "各村每月至少开展1次集中宣传活动",
        "各村（社区）每月开展集中宣传活动不少于2次",
        "各镇每月20日前报送工作进展情况表",
        "入户宣传覆盖率达到50%以上",
        "适时开展宣讲",
    ]
)
any_duty = st.builds(
    lambda duty, quote, vague, proof: replace(duty, quote=quote, vague=vague, proof=proof),
    st.one_of(do_duties, file_duties, keep_duties, cover_duties, check_duties, space_duties, attain_duties),
    quotes,
    st.sampled_from([False, False, False, True]),
    st.sampled_from([(), ("照片",), ("照片", "签到表")]),
)
plans = st.lists(any_duty, max_size=8).map(
    lambda duties: Plan("方案", "县", YEAR, duties=tuple(replace(d, id=f"d{n}") for n, d in enumerate(duties)))
)


def feeds(duty: Duty) -> frozenset[str]:
    return list_feeding_kinds(duty, KINDS)


@given(plans)
def test_a_plan_does_not_differ_from_itself(plan: Plan) -> None:
    diff = compare_plans(plan, plan)

    assert diff.is_equal
    assert [entry.new for entry in diff.entries] == list(plan.duties)


@given(plans, plans)
def test_every_duty_of_both_plans_stands_in_exactly_one_entry(old: Plan, new: Plan) -> None:
    entries = compare_plans(old, new).entries

    assert Counter(entry.old.id for entry in entries if entry.old) == Counter(duty.id for duty in old.duties)
    assert Counter(entry.new.id for entry in entries if entry.new) == Counter(duty.id for duty in new.duties)
    assert all(entry.old or entry.new for entry in entries)


OPPOSITE = {Fate.ADDED: Fate.GONE, Fate.GONE: Fate.ADDED, Fate.TIGHTENED: Fate.LOOSENED, Fate.LOOSENED: Fate.TIGHTENED}
Told = tuple[str, str, str, tuple[tuple[Facet, Turn], ...]]


def tell(entry: Entry) -> Told:
    changes = tuple((change.facet, change.turn) for change in entry.changes)
    return entry.fate, entry.old.id if entry.old else "", entry.new.id if entry.new else "", changes


def tell_backwards(entry: Entry) -> Told:
    changes = tuple((change.facet, MIRROR[change.turn]) for change in entry.changes)
    fate = OPPOSITE.get(entry.fate, entry.fate)
    return fate, entry.new.id if entry.new else "", entry.old.id if entry.old else "", changes


@given(plans, plans)
def test_backwards_what_came_went_and_what_was_tightened_was_loosened(old: Plan, new: Plan) -> None:
    there, back = compare_plans(old, new), compare_plans(new, old)

    assert sorted(map(tell, there.entries)) == sorted(map(tell_backwards, back.entries))


@given(plans, plans)
def test_the_order_of_the_duties_does_not_matter(old: Plan, new: Plan) -> None:
    shuffled = replace(new, duties=tuple(reversed(new.duties)))

    assert sorted(map(tell, compare_plans(old, new).entries)) == sorted(map(tell, compare_plans(old, shuffled).entries))


@given(plans)
def test_new_numbers_and_clauses_are_no_difference(plan: Plan) -> None:
    renumbered = tuple(replace(duty, id=f"x{duty.id}", clause="九", span=(1, 2)) for duty in plan.duties)

    assert compare_plans(plan, replace(plan, duties=renumbered)).is_equal


@given(plans, any_duty)
def test_one_duty_more_is_one_entry_more(plan: Plan, duty: Duty) -> None:
    more = replace(plan, duties=(*plan.duties, replace(duty, id="more")))
    diff = compare_plans(plan, more)

    assert diff.count(Fate.ADDED) == 1
    assert diff.count(Fate.SAME) == len(plan.duties)


@given(do_duties, st.integers(1, 20), st.integers(1, 20))
def test_asking_for_more_is_tighter(duty: Duty, one: int, other: int) -> None:
    old, new = (
        Plan("方案", "县", YEAR, duties=(replace(duty, target=Target("at_least", Fraction(n))),)) for n in (one, other)
    )
    wanted = Fate.SAME if one == other else Fate.TIGHTENED if other > one else Fate.LOOSENED

    assert [entry.fate for entry in compare_plans(old, new).entries] == [wanted]


@given(plans)
def test_a_plan_carries_itself_out(plan: Plan) -> None:
    coverage = cover_plan(plan, plan, feeds, Area(TREE, "C"))

    assert [cover.duty for cover in coverage.covers] == list(plan.duties)
    assert all(cover.reach in (Reach.MORE, Reach.SAME, Reach.ELSEWHERE) for cover in coverage.covers)
    assert coverage.is_complete


@given(plans, plans, any_duty)
def test_a_further_duty_never_makes_the_lower_plan_carry_out_less(higher: Plan, lower: Plan, duty: Duty) -> None:
    more = replace(lower, duties=(*lower.duties, replace(duty, id="more")))
    ranks = [*RANK, Reach.ELSEWHERE]

    before = cover_plan(higher, lower, feeds, Area(TREE, "C")).covers
    after = cover_plan(higher, more, feeds, Area(TREE, "C")).covers

    for old, new in zip(before, after, strict=True):
        assert ranks.index(new.reach) <= ranks.index(old.reach)


@given(plans)
def test_an_empty_plan_carries_out_nothing(plan: Plan) -> None:
    coverage = cover_plan(plan, replace(plan, duties=()), feeds, Area(TREE, "C"))

    assert all(cover.reach in (Reach.NONE, Reach.ELSEWHERE) for cover in coverage.covers)


weights = st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 30), max_size=14)


@given(weights)
def test_no_other_pairing_weighs_more(weights: dict[Pair, int]) -> None:
    found = assign_pairs(weights)

    assert len({row for row, _ in found}) == len({column for _, column in found}) == len(found)
    best = max(
        sum(weights.get((row, column), 0) for row, column in enumerate(columns)) for columns in permutations(range(5))
    )
    assert sum(weights[pair] for pair in found) == best


def test_thousands_of_duties_are_compared_in_seconds() -> None:
    def make(mark: str) -> Plan:
        target = Target("at_least", Fraction(1))
        duties = (
            Duty(f"{n}", "do", "rally", TREE_WHO, YEAR, target=target, quote=f"{mark}第{n % 7}组各村举办{n}次活动")
            for n in range(1000)
        )
        return Plan("方案", "县", YEAR, duties=tuple(duties))

    diff = compare_plans(make("甲"), make("乙"))

    assert len(diff.entries) == 1000
    assert diff.is_equal


@given(quotes, quotes)
def test_likeness_is_the_same_both_ways(one: str, other: str) -> None:
    assert find_likeness(one, other) == find_likeness(other, one)
    assert find_likeness(one, one) == 1000
    assert 0 <= find_likeness(one, other) <= 1000


def test_width_and_signs_make_no_difference_to_the_words() -> None:
    assert find_likeness("每月２０日前，报送", "每月20日前报送") == 1000


def test_what_is_gone_stands_where_it_stood() -> None:
    duties = tuple(
        Duty(name, "do", kind, TREE_WHO, YEAR, target=Target("at_least", Fraction(1)))
        for name, kind in (("a", "rally"), ("b", "talk"), ("c", "leaflet"))
    )
    old = Plan("方案", "县", YEAR, duties=duties)
    new = Plan("方案", "县", YEAR, duties=(duties[0], duties[2]))

    entries = compare_plans(old, new).entries

    assert [(fate, old) for fate, old, _, _ in map(tell, entries)] == [
        (Fate.SAME, "a"),
        (Fate.GONE, "b"),
        (Fate.SAME, "c"),
    ]


def test_29_february_is_no_later_than_28() -> None:
    def make(day: date) -> Plan:
        valid = replace(YEAR, opens=date(day.year, 1, 1), closes=date(day.year + 1, 1, 1))
        target = Target("at_least", Fraction(1))
        return Plan("方案", "县", valid, duties=(Duty("a", "do", "rally", TREE_WHO, valid, target=target, by=day),))

    assert compare_plans(make(date(2027, 2, 28)), make(date(2028, 2, 29))).is_equal
