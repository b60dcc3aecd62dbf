"""Laws of the burden: what must hold for any plan, any units and any figures."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from tests.core.ledgers import (
    DAYS,
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
from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.wording.burden import say_reason
from wuzha.adapters.wording.words import Language
from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import Tree
from wuzha.core.base.windows import Cadence, Rhythm, list_windows
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.model import Duty, Target, Who
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.core.plan.burden.load import COSTS, REASONS, Costing
from wuzha.core.plan.burden.minutes import MinuteFigure, find_minutes, make_minutes
from wuzha.core.plan.burden.weigh import Bound, Burden, weigh_plan, weigh_plans
from wuzha.core.plan.model import Plan

KINDS = load_kinds()
COSTING = Costing(
    KINDS,
    make_minutes(KINDS),
    lambda duty: list_feeding_kinds(duty, KINDS),
    date(2026, 5, 1),
    {("village", "followup", "high"): Fraction(3), ("village", "followup", "low"): Fraction(8)},
)
any_duty = st.one_of(do_duties, file_duties, keep_duties, cover_duties, check_duties, space_duties, attain_duties)
plans = st.lists(any_duty, max_size=6).map(
    lambda duties: Plan("方案", "县", YEAR, duties=tuple(replace(d, id=f"d{n}") for n, d in enumerate(duties)))
)
trees = st.sampled_from([TREE, None])


def total(burden: Burden) -> dict[str, Fraction]:
    return {item.kind: item.asked for item in burden.kinds}


def add(*parts: dict[str, Fraction]) -> dict[str, Fraction]:
    kinds = {kind for part in parts for kind in part}
    return {kind: sum((part.get(kind, Fraction(0)) for part in parts), Fraction(0)) for kind in kinds}


@given(plans, trees)
def test_the_burden_of_a_plan_is_the_sum_of_its_duties(plan: Plan, tree: object) -> None:
    tree = TREE if tree else None
    alone = [total(weigh_plan(replace(plan, duties=(duty,)), COSTING, tree)) for duty in plan.duties]

    assert total(weigh_plan(plan, COSTING, tree)) == add(*alone)


@given(plans, DAYS)
def test_a_stretch_costs_what_its_parts_cost(plan: Plan, day: date) -> None:
    first, second = Interval(YEAR.opens, day), Interval(day, YEAR.closes)
    parts = [weigh_plan(plan, COSTING, TREE, part) for part in (first, second)]
    whole = weigh_plan(plan, COSTING, TREE)

    assert total(whole) == add(*(total(part) for part in parts))
    assert {item.kind: item.needed for item in whole.kinds} == add(
        *({item.kind: item.needed for item in part.kinds} for part in parts)
    )


@given(do_duties, DAYS)
def test_a_repeated_duty_cut_in_two_costs_the_same(duty: Duty, day: date) -> None:
    duty = replace(duty, rhythm=duty.rhythm or Rhythm(Cadence.MONTH))
    before = replace(duty, id="before", valid=duty.valid.overlap(Interval(date.min, day)))
    after = replace(duty, id="after", valid=duty.valid.overlap(Interval(day, date.max)))
    pieces = tuple(piece for piece in (before, after) if piece.valid.days)

    whole = weigh_plan(Plan("方案", "县", YEAR, duties=(duty,)), COSTING, TREE)
    cut = weigh_plan(Plan("方案", "县", YEAR, duties=pieces), COSTING, TREE)

    assert total(whole) == total(cut)
    assert [item.needed for item in whole.kinds] == [item.needed for item in cut.kinds]


@given(do_duties, st.integers(1, 5))
def test_twice_the_amount_is_twice_the_work(duty: Duty, amount: int) -> None:
    once, twice = (replace(duty, target=Target("at_least", Fraction(n * amount))) for n in (1, 2))
    one, two = (weigh_plan(Plan("方案", "县", YEAR, duties=(d,)), COSTING, TREE) for d in (once, twice))

    assert total(two) == add(total(one), total(one))


@given(plans, do_duties, trees)
def test_a_vague_duty_adds_nothing_and_is_listed(plan: Plan, duty: Duty, tree: object) -> None:
    vague = replace(duty, id="vague", vague=True, target=None)
    before = weigh_plan(plan, COSTING, TREE if tree else None)
    after = weigh_plan(replace(plan, duties=(*plan.duties, vague)), COSTING, TREE if tree else None)

    assert add(total(before)) == {kind: minutes for kind, minutes in total(after).items() if kind in total(before)}
    listed = [load for item in after.kinds for load in item.unknown] + list(after.homeless)
    assert any(load.duty.id == "vague" and load.reason == "vague" and load.minutes is None for load in listed)


@given(plans, trees)
def test_every_duty_stands_somewhere_with_its_terms_or_its_reason(plan: Plan, tree: object) -> None:
    burden = weigh_plan(plan, COSTING, TREE if tree else None)
    loads = [load for item in burden.kinds for load in item.loads] + list(burden.homeless)

    assert {load.duty.id for load in loads} == {duty.id for duty in plan.duties}
    assert all(load.reason in ("", *REASONS) for load in loads)
    assert not any(load.terms and load.reason for load in loads)


@given(plans)
def test_one_record_for_several_duties_never_costs_more_than_one_for_each(plan: Plan) -> None:
    for item in weigh_plan(plan, COSTING, TREE).kinds:
        assert 0 <= item.needed <= item.asked
        assert item.needed >= max((load.average for load in item.loads), default=Fraction(0))


@given(plans)
def test_the_same_plan_twice_needs_no_more_work_than_once(plan: Plan) -> None:
    once = weigh_plans([Bound(plan, "a", TREE)], COSTING, TREE, YEAR)
    twice = weigh_plans([Bound(plan, "a", TREE), Bound(plan, "b", TREE)], COSTING, TREE, YEAR)

    assert {k.kind: k.needed for k in twice.kinds} == {k.kind: k.needed for k in once.kinds}
    assert total(twice) == add(total(once), total(once))


@given(plans)
def test_the_heaviest_week_is_no_lighter_than_the_average_of_the_calendar_weeks(plan: Plan) -> None:
    weeks = sum(1 for _ in list_windows(Rhythm(Cadence.WEEK), YEAR))
    for item in weigh_plan(plan, COSTING, TREE).kinds:
        assert (item.peak is None) == (item.needed == 0)
        if item.peak is not None:
            assert item.peak.minutes * weeks >= item.needed
            assert item.peak.opens.weekday() == 0


@given(plans, st.integers(0, 300), st.integers(1, 25))
def test_the_average_week_of_a_stretch_is_never_above_its_heaviest(plan: Plan, start: int, days: int) -> None:
    opens = YEAR.opens + timedelta(days=start)
    for item in weigh_plan(plan, COSTING, TREE, Interval(opens, opens + timedelta(days=days))).kinds:
        assert item.weekly <= (item.peak.minutes if item.peak else 0)
        assert item.weekly <= item.needed
        if days <= 7:
            assert item.weekly == item.needed


@given(plans)
def test_a_kind_with_one_unit_costs_what_that_unit_costs(plan: Plan) -> None:
    county = TREE.by_code["C"]
    together = weigh_plan(plan, COSTING, TREE).find_kind("county")
    alone = weigh_plans([Bound(plan, "", TREE)], COSTING, Tree((county,)), YEAR).find_kind("county")

    assert (together and together.needed) == (alone and alone.needed)


@given(st.lists(st.tuples(DAYS, st.integers(0, 500)), max_size=6), DAYS)
def test_a_later_figure_leaves_earlier_days_alone(entered: list[tuple[date, int]], day: date) -> None:
    figures = [("rally", MinuteFigure(minutes, since, "测算")) for since, minutes in entered]
    before = find_minutes(make_minutes(KINDS, figures), "rally", day)
    later = MinuteFigure(999, day + timedelta(days=1), "新测算")

    assert find_minutes(make_minutes(KINDS, [*figures, ("rally", later)]), "rally", day) == before
    assert find_minutes(make_minutes(KINDS, [*figures, ("rally", later)]), "rally", later.valid_from) == later


def test_of_two_figures_from_one_day_the_one_entered_later_holds() -> None:
    day = date(2026, 3, 1)
    figures = [("rally", MinuteFigure(100, day, "一")), ("rally", MinuteFigure(90, day, "更正"))]

    found = find_minutes(make_minutes(KINDS, figures), "rally", day)

    assert found is not None
    assert found.minutes == 90


def test_every_reason_has_its_words() -> None:
    assert all(say_reason(reason, language) != reason for reason in REASONS for language in get_args(Language))


def test_every_verb_says_what_it_costs() -> None:
    assert set(COSTS) == set(VERBS)


def test_a_duty_of_nobody_is_listed_apart() -> None:
    duty = Duty("d", "do", "rally", Who(), YEAR, target=Target("at_least", Fraction(1)))

    burden = weigh_plan(Plan("方案", "县", YEAR, duties=(duty,)), COSTING, TREE)

    assert burden.kinds == ()
    assert [load.reason for load in burden.homeless] == ["no-who"]


def test_a_duty_that_no_unit_of_the_roster_bears_is_listed_apart() -> None:
    duty = Duty("d", "do", "rally", Who(kind=("hotel",)), YEAR, target=Target("at_least", Fraction(1)))

    burden = weigh_plan(Plan("方案", "县", YEAR, duties=(duty,)), COSTING, TREE)

    assert [load.reason for load in burden.homeless] == ["no-bearer"]


def test_without_a_roster_a_line_names_no_kind_of_unit() -> None:
    duty = Duty("d", "do", "rally", Who(line=("finance",)), YEAR, target=Target("at_least", Fraction(1)))

    burden = weigh_plan(Plan("方案", "县", YEAR, duties=(duty,)), COSTING)

    assert [load.reason for load in burden.homeless] == ["no-unit-kind"]
