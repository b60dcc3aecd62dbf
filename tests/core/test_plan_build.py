"""The plan language read from plain values: what each key becomes, and what is said of a wrong one."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.core.base.interval import make_inclusive
from wuzha.core.base.windows import Cadence, Rhythm
from wuzha.core.duty.model import Due, Duty, Narrow, Target, Who
from wuzha.core.plan.build import build_plan, sketch_plan

YEAR = {"from": date(2027, 1, 1), "to": date(2027, 12, 31)}
SPRING = {"id": "spring", "name": "集中推进", "from": date(2027, 3, 1), "to": date(2027, 5, 31)}


def make_plan(*duties: dict[str, Any]) -> dict[str, Any]:
    return {"title": "石桥县方案", "valid": YEAR, "phases": [SPRING], "duties": list(duties)}


def build_duty(**keys: Any) -> Duty:
    plan, problems = build_plan(make_plan({"id": "one", "who": {"kind": "village"}, **keys}))
    assert not problems
    assert plan is not None
    return plan.duties[0]


def list_codes(data: object) -> list[str]:
    plan, problems = build_plan(data)
    assert (plan is None) == any(problem.severity == "error" for problem in problems)
    return [problem.code for problem in problems]


def list_duty_codes(**keys: Any) -> list[str]:
    return list_codes(make_plan({"id": "one", "who": {"kind": "village"}, **keys}))


def test_the_last_day_of_the_file_is_inside_the_plan() -> None:
    plan, _ = build_plan(make_plan())
    assert plan is not None
    assert date(2027, 12, 31) in plan.valid
    assert date(2028, 1, 1) not in plan.valid


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (2, Target("at_least", Fraction(2))),
        ("2", Target("at_least", Fraction(2))),
        ({"per_thousand": 1, "of": "population"}, Target("at_least", Fraction(1, 1000), of="population")),
        ({"percent": 10, "of": "staff"}, Target("at_least", Fraction(1, 10), of="staff")),
        ({"per": 4, "of": "outlets"}, Target("at_least", Fraction(4), of="outlets")),
        ({"per_thousand": "0.5", "of": "population"}, Target("at_least", Fraction(1, 2000), of="population")),
    ],
)
def test_an_amount_of_things_is_a_number_or_a_rate(written: object, meant: Target) -> None:
    assert build_duty(keep="banner", at_least=written).target == meant


@pytest.mark.parametrize("written", ["50%", "50 %", "５０％", "500‰"])
def test_a_share_is_exact_however_it_is_written(written: str) -> None:
    assert build_duty(cover="household", at_least=written).target == Target("at_least", Fraction(1, 2), share=True)


@pytest.mark.parametrize("written", ["200 m", "200m", "200 米", "0.2 km", "0.2公里"])
def test_a_distance_is_in_metres(written: str) -> None:
    duty = build_duty(space="advert", along="main-road", at_most=written)
    assert duty.target == Target("at_most", Fraction(200))
    assert duty.along == "main_road"


def test_a_change_is_a_share_against_a_base() -> None:
    duty = build_duty(attain="cases", change={"at_most": "-20%", "against": "last_year"})
    assert duty.target == Target("at_most", Fraction(-1, 5), share=True, against="last_year")


def test_hyphens_in_objects_stand_for_underscores() -> None:
    assert build_duty(file="progress-table").object == build_duty(file="progress_table").object == "progress_table"


def test_several_objects_count_together() -> None:
    duty = build_duty(do=["talk", "showing"], at_least=1)
    assert (duty.object, duty.also) == ("talk", ("showing",))


def test_one_value_and_a_list_of_one_select_the_same_units() -> None:
    assert build_duty(who={"kind": "village"}, file="progress-table").who == Who(kind=("village",))
    assert build_duty(who={"kind": ["village"]}, file="progress-table").who == Who(kind=("village",))
    assert build_duty(who={"line": "all"}, file="progress-table").who == Who(line=("all",))


def test_a_duty_is_in_force_as_long_as_its_plan_its_phase_or_from_its_own_day() -> None:
    assert build_duty(file="progress-table").valid == make_inclusive(YEAR["from"], YEAR["to"])
    spring = make_inclusive(date(2027, 3, 1), date(2027, 5, 31))
    assert build_duty(file="progress-table", during="spring").valid == spring
    own = {"from": date(2027, 7, 1)}
    assert build_duty(file="progress-table", **own).valid == make_inclusive(date(2027, 7, 1), YEAR["to"])


def test_everything_else_a_duty_says_arrives() -> None:
    keys = {"for": "老年人", "where": ["广场", "集市"], "sum": "people", "proof": "照片", "lead": "平安办"}
    duty = build_duty(do="talk", at_least=30, every="month", month_ends=20, due={"day": 20}, span=[3, 9], **keys)
    assert duty.rhythm == Rhythm(Cadence.MONTH, 20)
    assert (duty.due, duty.span, duty.measure) == (Due(20), (3, 9), "people")
    assert duty.narrow == Narrow(place=("广场", "集市"), audience=("老年人",))
    assert (duty.proof, duty.lead) == (("照片",), "平安办")
    assert build_duty(keep="banner", at_least=1, seen_every="30 d").seen_every_days == 30


@pytest.mark.parametrize(
    "keys", [{"do": "talk", "at_least": 2}, {"keep": "banner", "at_least": 1}, {"file": "progress-table"}]
)
def test_once_and_once_in_a_phase_mean_what_is_meant_without_a_cadence(keys: dict[str, Any]) -> None:
    assert build_duty(**keys, every="once") == build_duty(**keys)
    assert build_duty(**keys, every="phase", during="spring") == build_duty(**keys, during="spring")


def test_a_register_may_be_looked_through_once_in_a_phase() -> None:
    duty = build_duty(check="followup", every="phase", during="spring")
    assert (duty.rhythm, duty.during) == (None, "spring")


@pytest.mark.parametrize(
    ("written", "days"),
    [("week", 7), ("fortnight", 14), ("month", 31), ("quarter", 92), ("half-year", 184), ("year", 366), (" 30 天", 30)],
)
def test_a_site_may_be_looked_at_by_days_or_by_the_longest_of_a_stretch(written: str, days: int) -> None:
    assert build_duty(keep="banner", at_least=1, seen_every=written).seen_every_days == days


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("平安办", "平安办"),
        (["平安办", "派出所"], "平安办、派出所"),
        ({"kind": "station"}, "派出所"),
        ({"line": "finance", "kind": "department"}, "金融部门"),
        ({"line": "all"}, "各单位"),
        ({"name": "石桥县反诈联席办"}, "石桥县反诈联席办"),
        ([{"kind": ["bank", "school"]}, "平安办"], "银行网点、学校、平安办"),
    ],
)
def test_who_leads_and_who_assists_are_names_or_selectors_and_shown_in_words(written: object, shown: str) -> None:
    duty = build_duty(file="progress-table", lead=written, **{"with": written})
    assert (duty.lead, duty.assist) == (shown, shown)


def test_what_the_language_has_and_nothing_counts_yet_is_told_as_such_and_not_as_unknown() -> None:
    assert list_duty_codes(do="talk", at_least=1, with_material="approved") == ["plan.not-yet"]


@pytest.mark.parametrize("word", ["next_workday", "previous_workday"])
def test_a_due_day_may_move_off_a_day_off(word: str) -> None:
    filed = build_duty(file="progress-table", every="month", due={"day": 20, "on_day_off": word})
    once = build_duty(file="progress-table", by=date(2027, 5, 1), due={"on_day_off": word})
    assert [(duty.due.day, duty.due.on_day_off) for duty in (filed, once)] == [(20, word), (0, word)]


def test_where_a_due_day_moves_is_one_of_two_words() -> None:
    moved = {"file": "progress-table", "every": "month", "due": {"day": 20, "on_day_off": "next-workday"}}
    assert list_duty_codes(**moved) == ["plan.day-off-unknown"]
    assert list_duty_codes(file="progress-table", every="month", due={}) == ["plan.key-missing"]
    assert list_duty_codes(file="progress-table", due={"day": 20}) == ["plan.key-needs"]


def test_a_vague_duty_may_leave_its_verb_open() -> None:
    duty = build_duty(vague=True, quote="适时开展宣传")
    assert (duty.verb, duty.object, duty.vague) == ("do", "", True)


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"at_least": 1}, "plan.verb-missing"),
        ({"do": "talk", "keep": "banner", "at_least": 1}, "plan.verb-twice"),
        ({"do": "talk", "at_least": 1, "evry": "week"}, "plan.key-unknown"),
        ({"do": "talk", "at_least": 1, "every": "weekly"}, "plan.cadence-unknown"),
        ({"do": "talk", "at_least": 1, "every": "phase"}, "plan.key-needs"),
        ({"file": "progress_table", "every": "once", "due": {"day": 20}}, "plan.key-needs-months"),
        ({"file": "progress_table", "every": "once", "month_ends": 20}, "plan.key-needs-months"),
        ({"keep": "banner", "at_least": 1, "every": "week"}, "plan.key-not-for-verb"),
        ({"file": "progress_table", "lead": {"kind": "hamlet"}}, "plan.unit-kind-unknown"),
        ({"file": "progress_table", "with": [{"line": "army"}]}, "plan.line-unknown"),
        ({"file": "progress_table", "lead": {"kin": "town"}}, "plan.key-unknown"),
        ({"do": "talk"}, "plan.key-for-verb-missing"),
        ({"check": "followup"}, "plan.key-for-verb-missing"),
        ({"attain": "cases"}, "plan.key-for-verb-missing"),
        ({"space": "advert", "at_most": "200 m"}, "plan.key-for-verb-missing"),
        ({"space": "advert", "along": "main_road", "at_most": 200}, "plan.amount-form"),
        ({"do": "talk", "at_least": "50%"}, "plan.amount-form"),
        ({"do": "talk", "at_least": "many"}, "plan.not-an-amount"),
        ({"do": "talk", "at_least": True}, "plan.not-an-amount"),
        ({"do": "talk", "at_least": 1, "grade": "high"}, "plan.key-not-for-verb"),
        ({"file": "progress_table", "at_least": 1}, "plan.key-not-for-verb"),
        ({"attain": "cases", "at_least": 1, "at_most": 2}, "plan.target-twice"),
        ({"attain": "cases", "change": {"against": "last_year"}}, "plan.change-side"),
        ({"attain": "cases", "change": {"at_most": "-20%"}}, "plan.key-missing"),
        ({"attain": "cases", "change": {"at_most": -20, "against": "last_year"}}, "plan.not-a-share"),
        ({"keep": "banner", "at_least": {"of": "population"}}, "plan.rate-base"),
        ({"keep": "banner", "at_least": {"per": "x", "of": "population"}}, "plan.not-a-number"),
        ({"keep": "banner", "at_least": {"per": 1}}, "plan.key-missing"),
        ({"keep": "banner", "at_least": 1, "seen_every": "often"}, "plan.not-days"),
        ({"file": "progress_table", "every": "month", "due": {"day": 32}}, "plan.number-range"),
        ({"file": "progress_table", "every": "month", "due": 20}, "plan.not-a-mapping"),
        ({"file": "progress_table", "due": {"day": 20}}, "plan.key-needs"),
        ({"file": "progress_table", "month_ends": 20}, "plan.key-needs"),
        ({"file": "progress_table", "every": "month", "month_ends": "20th"}, "plan.not-a-whole-number"),
        ({"file": "progress_table", "by": "六月底"}, "plan.not-a-day"),
        ({"file": "progress_table", "by": date(1027, 6, 30)}, "plan.day-range"),
        ({"file": "progress_table", "during": "autumn"}, "plan.phase-unknown"),
        ({"file": "progress_table", "who": "village"}, "plan.not-a-mapping"),
        ({"file": "progress_table", "quote": ["a"]}, "plan.not-a-text"),
        ({"file": "progress_table", "vague": "yes"}, "plan.not-a-flag"),
        ({"file": "progress_table", "span": [9, 3]}, "plan.not-a-span"),
        ({"file": "progress_table", "id": "-x"}, "plan.id-invalid"),
        ({"file": "progress_table", "id": None}, "plan.key-missing"),
    ],
)
def test_each_mistake_in_a_duty_has_its_code(keys: dict[str, Any], code: str) -> None:
    assert code in list_duty_codes(**keys)


def test_mistakes_of_the_plan_itself_are_told() -> None:
    assert list_codes([1]) == ["plan.not-a-mapping"]
    assert list_codes({"duties": []}) == ["plan.key-missing", "plan.key-missing"]
    assert list_codes({"title": "x", "valid": {"from": date(2027, 1, 1)}}) == ["plan.key-missing"]
    swapped = {"from": date(2027, 2, 1), "to": date(2027, 1, 1)}
    assert list_codes({"title": "x", "valid": swapped}) == ["plan.dates-reversed"]
    assert list_codes({"title": "x", "valid": YEAR, "duties": {}}) == ["plan.not-a-list"]
    assert list_codes(make_plan({"id": "a", "file": "briefing"}, {"id": "a", "file": "briefing"})) == ["plan.id-taken"]


def test_one_mistake_does_not_hide_another() -> None:
    first = {"id": "one", "do": "talk", "at_least": "x", "every": "x", "by": "x"}
    second = {"id": "two", "banana": 1}
    codes = list_codes({"valid": YEAR, "duties": [first, second], "phases": 7})
    assert codes == [
        "plan.key-missing",
        "plan.not-a-list",
        "plan.not-an-amount",
        "plan.cadence-unknown",
        "plan.not-a-day",
        "plan.key-unknown",
        "plan.verb-missing",
    ]


def test_a_word_nearly_right_is_suggested() -> None:
    _, problems = build_plan(make_plan({"id": "one", "do": "talk", "at_lest": 1, "evry": "week"}))
    assert {
        problem.values["key"]: problem.values.get("known") for problem in problems if "known" in problem.values
    } == {
        "at_lest": "at_least",
        "evry": "every",
    }


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5000)
    | st.dates()
    | st.text(max_size=8)
    | st.sampled_from(["50%", "all"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
DUTY_KEYS = ["id", "do", "keep", "cover", "file", "check", "space", "attain", "at_least", "at_most", "change", "every"]
OTHER_KEYS = [
    "by",
    "from",
    "due",
    "during",
    "who",
    "span",
    "vague",
    "month_ends",
    "seen_every",
    "where",
    "proof",
    "sum",
    "lead",
    "with_material",
]
any_duty = st.dictionaries(st.sampled_from(DUTY_KEYS + OTHER_KEYS), plain, max_size=8)
any_plan = st.fixed_dictionaries(
    {}, optional={"title": plain, "valid": plain, "phases": plain, "duties": st.lists(any_duty | plain, max_size=3)}
)


@given(any_plan | plain)
def test_any_values_at_all_give_a_plan_or_problems(data: object) -> None:
    plan, problems = build_plan(data)
    assert plan is not None or problems
    sketch = sketch_plan(data)
    assert len(sketch.places) == len(sketch.plan.duties)
