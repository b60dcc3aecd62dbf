"""Whether a plan makes sense: one example of everything a person could get wrong."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given

from tests.core.test_plan_build import YEAR, any_plan, make_plan
from wuzha.adapters.kinds import load_kinds
from wuzha.core.base.problem import Problem
from wuzha.core.base.unit import Tree, Unit
from wuzha.core.plan.build import build_plan, sketch_plan
from wuzha.core.plan.check import check_plan, check_sketch

TREE = Tree((Unit("SQ", "石桥县", "county"), Unit("SQ01", "石桥镇", "town", parent="SQ")))


def check_duty(tree: Tree | None = None, **keys: Any) -> tuple[Problem, ...]:
    plan, problems = build_plan(make_plan({"id": "one", "who": {"kind": "town"}, **keys}))
    assert plan is not None, problems
    return check_plan(plan, load_kinds(), tree)


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"do": "raly", "at_least": 1}, "plan.object-unknown"),
        ({"do": "banner", "at_least": 1}, "plan.object-shape"),
        ({"do": ["talk", "banner"], "at_least": 1}, "plan.object-shape"),
        ({"cover": "houses", "at_least": "50%"}, "plan.population-unknown"),
        ({"cover": ["household", "student"], "at_least": "50%"}, "plan.one-object"),
        ({"cover": "household", "at_least": "50%", "through": "visiting"}, "plan.object-unknown"),
        ({"do": "talk", "at_least": 1, "sum": "heads"}, "plan.measure-unknown"),
        ({"do": "talk", "at_least": 1, "sum": "area_m2"}, "plan.measure-uncounted"),
        ({"keep": "banner", "at_least": 1, "sum": "people"}, "plan.measure-uncounted"),
        ({"cover": "student", "through": "letter_home", "at_least": "50%", "sum": "people"}, "plan.measure-uncounted"),
        ({"space": "advert", "along": "river", "at_most": "200 m"}, "plan.road-unknown"),
        ({"check": "followup", "every": "week", "grade": "top"}, "plan.grade-unknown"),
        ({"cover": "household", "at_least": "120%"}, "plan.share-over-100"),
        ({"do": "talk", "at_least": 0}, "plan.amount-not-positive"),
        ({"do": "talk", "at_least": -1}, "plan.amount-not-positive"),
        ({"space": "advert", "along": "main_road", "at_most": "0 m"}, "plan.amount-not-positive"),
        ({"do": "talk", "at_least": "1.5"}, "plan.amount-not-whole"),
        ({"keep": "banner", "at_least": {"per": 1, "of": "people"}}, "plan.attribute-unknown"),
        ({"attain": "cases", "change": {"at_most": "-20%", "against": "last_month"}}, "plan.base-unknown"),
        ({"do": "talk", "at_least": 1, "vague": True}, "plan.vague-target"),
        ({"do": "talk", "at_least": 1, "every": "week", "by": date(2027, 6, 30)}, "plan.by-and-every"),
        ({"do": "talk", "at_least": 1, "every": "week", "due": {"day": 3}}, "plan.key-needs-months"),
        ({"do": "talk", "at_least": 1, "every": "day", "month_ends": 20}, "plan.key-needs-months"),
        (
            {"do": "talk", "at_least": 1, "every": "week", "due": {"on_day_off": "next_workday"}},
            "plan.key-needs-months",
        ),
        (
            {"do": "talk", "at_least": 1, "every": "month", "month_ends": 20, "due": {"day": 25}},
            "plan.due-after-month-end",
        ),
        ({"do": "talk", "at_least": 1, "by": date(2028, 6, 30)}, "plan.outside-validity"),
        ({"do": "talk", "at_least": 1, "from": date(2026, 6, 30)}, "plan.outside-validity"),
        ({"do": "talk", "at_least": 1, "from": date(2027, 6, 2), "by": date(2027, 6, 1)}, "plan.dates-reversed"),
        ({"do": "talk", "at_least": 1, "during": "spring", "from": date(2027, 8, 1)}, "plan.dates-reversed"),
        ({"do": "talk", "at_least": 1, "who": {"kind": "hamlet"}}, "plan.unit-kind-unknown"),
        ({"do": "talk", "at_least": 1, "who": {"line": "army"}}, "plan.line-unknown"),
        ({"do": "talk", "at_least": 1, "who": {"attribute": "people"}}, "plan.attribute-unknown"),
        ({"do": "talk", "at_least": 1, "who": None}, "plan.who-missing"),
    ],
)
def test_each_kind_of_nonsense_has_its_code(keys: dict[str, Any], code: str) -> None:
    assert [problem.code for problem in check_duty(**keys)] == [code]


@pytest.mark.parametrize(
    "keys",
    [
        {"attain": "cases", "at_most": 0},
        {"attain": "awareness", "at_least": "90%"},
        {"attain": "cases", "change": {"at_least": "-150%", "against": "last_period"}},
        {"keep": "hoarding_advert", "at_least": {"percent": 10, "of": "hoarding_m2"}},
        {"file": "progress-table", "every": "quarter", "due": {"day": 20}},
        {"file": "progress-table", "every": "semester", "due": {"day": 20}},
        {"do": "talk", "vague": True, "every": "month"},
        {"vague": True},
    ],
)
def test_what_makes_sense_is_left_alone(keys: dict[str, Any]) -> None:
    assert check_duty(**keys) == ()


def test_a_phase_outside_the_plan_and_a_plan_without_duties_are_told() -> None:
    phase = {"id": "x", "name": "x", "from": date(2026, 1, 1), "to": date(2027, 1, 31)}
    plan, _ = build_plan({"title": "x", "valid": YEAR, "phases": [phase]})
    assert plan is not None
    assert [(p.code, p.severity) for p in check_plan(plan, load_kinds())] == [
        ("plan.outside-validity", "error"),
        ("plan.no-duties", "warning"),
    ]


def test_with_a_tree_a_duty_that_falls_on_nobody_is_told() -> None:
    assert check_duty(TREE, file="progress-table") == ()
    nobody = check_duty(TREE, file="progress-table", who={"kind": "village"})
    assert [(problem.code, problem.severity) for problem in nobody] == [("plan.who-nobody", "warning")]
    unknown = check_duty(TREE, file="progress-table", who={"kind": "town", "area": "SQ1"})
    assert unknown[0].code == "plan.area-unknown"
    assert "SQ01" in unknown[0].values["known"]


def test_a_problem_without_a_file_names_duty_and_clause() -> None:
    (problem,) = check_duty(do="raly", at_least=1, clause="三（二）")
    assert (problem.source.key, problem.source.clause) == ("duties.one.do", "三（二）")
    assert problem.values["known"] == "rally"


@given(any_plan)
def test_no_values_at_all_make_the_check_fail(data: object) -> None:
    sketch = sketch_plan(data)
    problems = check_sketch(sketch, load_kinds(), TREE)
    assert set(sketch.problems) <= set(problems)


def test_a_plan_of_a_lifetime_is_a_slip_of_the_pen() -> None:
    plan, problems = build_plan({**make_plan(), "valid": {"from": date(1950, 1, 1), "to": date(2099, 12, 31)}})

    assert "plan.too-long-in-force" in [problem.code for problem in problems]
    assert plan is None or plan.valid.days < 20_000
