"""The burden's examples that a clerk could have typed: a duty, a village, and what it costs."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.plan_yaml import read_plan_yaml, render_plan_yaml
from wuzha.adapters.wording.burden import say_weekly
from wuzha.core.base.unit import EARLIEST, Attribute, Tree, Unit
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.core.plan.burden.load import Costing, Term
from wuzha.core.plan.burden.minutes import MinuteFigure, make_minutes
from wuzha.core.plan.burden.repeat import Repeat, list_known_filings, list_repeats
from wuzha.core.plan.burden.weigh import Bound, KindBurden, Load, weigh_plan, weigh_plans
from wuzha.core.plan.model import Plan

FOLDER = Path(__file__).parent / "burden"
FIELDS = ("households", "population", "main_road_m")
Written = dict[str, Any]


def list_cases(name: str) -> list[Any]:
    document = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    shared = {key: document[key] for key in ("units", "valid")}
    return [pytest.param(shared | case, id=case["say"]) for case in document["cases"]]


def make_unit(unit: Written) -> Unit:
    attributes = tuple(Attribute(name, EARLIEST, Fraction(unit[name])) for name in FIELDS if name in unit)
    return Unit(unit["code"], unit["code"], unit["kind"], unit.get("parent", ""), attributes=attributes)


def make_tree(case: Written, top: str = "") -> Tree:
    tree = Tree(tuple(make_unit(unit) for unit in case["units"]))
    return Tree(tuple(tree.walk_down(top))) if top else tree


def make_plan(valid: Written, duties: list[Written]) -> Plan:
    text = render_plan_yaml(
        {
            "title": "方案",
            "issuer": "县联席办",
            "valid": valid,
            "duties": [{"id": f"duty-{number}", **duty} for number, duty in enumerate(duties)],
        }
    )
    plan, problems = read_plan_yaml(text)
    assert problems == ()
    assert plan is not None
    return plan


def make_costing(case: Written) -> Costing:
    kinds = load_kinds()
    own = [(item["kind"], MinuteFigure(item["minutes"], item["from"], "试算")) for item in case.get("minutes", ())]
    registers = {tuple(key.split()): Fraction(size) for key, size in case.get("registers", {}).items()}
    day = case.get("as_of", date(2027, 1, 1))
    return Costing(kinds, make_minutes(kinds, own), lambda duty: list_feeding_kinds(duty, kinds), day, registers)


def write_term(term: Term) -> str:
    again = " again" if term.part == "look" else ""
    return f"{term.windows} × {term.number} {term.kind} × {term.minutes}{again}"


@pytest.mark.parametrize("case", list_cases("verbs.yaml"))
def test_a_duty_costs_what_the_example_says(case: Written) -> None:
    burden = weigh_plan(make_plan(case["valid"], [case["duty"]]), make_costing(case), make_tree(case))

    found = burden.find_kind(case["of"])
    assert found is not None
    (load,) = found.loads
    assert load.reason == case.get("unknown", "")
    if "total" in case:
        assert found.asked == found.needed == case["total"]
        assert [write_term(term) for term in load.terms] == case["terms"]
    else:
        assert load.minutes is None
        assert found.unknown == (load,)
        assert found.needed == 0
    if "base" in case:
        assert f"{load.terms[0].base_name} {load.terms[0].base}" == case["base"]


def write_repeat(repeat: Repeat) -> str:
    return " ".join([repeat.relation, *repeat.differs])


@pytest.mark.parametrize("case", list_cases("together.yaml"))
def test_plans_together_cost_what_the_example_says(case: Written) -> None:
    bounds = [
        Bound(make_plan(plan.get("valid", case["valid"]), plan["duties"]), str(number), make_tree(case, plan["of"]))
        for number, plan in enumerate(case["plans"])
    ]
    costing = make_costing(case)

    burden = weigh_plans(bounds, costing, make_tree(case), make_plan(case["valid"], []).valid)

    found = burden.find_kind(case["kind"])
    assert found is not None
    if "asked" in case:
        assert (found.asked, found.needed) == (case["asked"], case["needed"])
    assert [write_repeat(repeat) for repeat in list_repeats(bounds, costing)] == case["repeats"]


TABLE: Written = {"who": {"kind": "village"}, "file": "progress-table", "every": "month"}
RALLY: Written = {"who": {"kind": "village"}, "do": "rally", "at_least": 1, "every": "month"}
VALID = {"from": date(2027, 1, 1), "to": date(2027, 12, 31)}


def test_a_table_is_known_already_when_a_plan_asks_for_records_too() -> None:
    bounds = (Bound(make_plan(VALID, [TABLE]), "town"), Bound(make_plan(VALID, [RALLY]), "county"))
    assert [(item.filing.ref, item.kinds) for item in list_known_filings(bounds, make_costing({}))] == [
        ("town", ("rally",))
    ]


def test_a_table_beside_no_records_is_not_known() -> None:
    vague = {"who": {"kind": "village"}, "do": "rally", "vague": True}
    assert list_known_filings((Bound(make_plan(VALID, [TABLE, vague])),), make_costing({})) == ()


@pytest.mark.parametrize(
    ("minutes", "told"),
    [(Fraction(3, 10), "不到 1 分钟"), (Fraction(7, 10), "约 1 分钟"), (Fraction(5, 2), "约 2 分钟")],
)
def test_rounded_minutes_are_said_to_be_about(minutes: Fraction, told: str) -> None:
    week = make_plan({"from": date(2027, 1, 4), "to": date(2027, 1, 10)}, []).valid
    load = Load("", make_plan(VALID, [RALLY]).duties[0], "village")
    assert say_weekly(KindBurden("village", 0, week, (load,), minutes, None)) == f"一个村每周{told}"
