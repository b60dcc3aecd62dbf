"""The examples that a county officer could have typed and can read: a duty, a few records, a day, the standings."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest
import yaml

from wuzha.adapters.calendar import load_calendar, read_days
from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.plan_yaml import read_plan_yaml, render_plan_yaml
from wuzha.core.assessment.assess import assess
from wuzha.core.assessment.model import Standing
from wuzha.core.assessment.rollup import add_duties, roll_up
from wuzha.core.base.interval import make_inclusive
from wuzha.core.base.unit import EARLIEST, LATEST, Attribute, Placement, Tree, Unit
from wuzha.core.base.workdays import amend_calendar
from wuzha.core.duty.model import Waiver
from wuzha.core.ledger.record import Record
from wuzha.core.plan.calendar import bind_calendar, bind_waivers, list_unpublished
from wuzha.core.plan.model import Plan
from wuzha.core.plan.waiver import WaiverSaid, spread_waiver

EXAMPLES = Path(__file__).parent / "examples"


def list_cases() -> list[Any]:
    found: list[Any] = []
    for path in sorted(EXAMPLES.glob("*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        found.extend(pytest.param(document["units"], case, id=case["say"]) for case in document["cases"])
    return found


@pytest.mark.parametrize(("units", "case"), list_cases())
def test_the_example_stands_as_written(units: list[dict[str, Any]], case: dict[str, Any]) -> None:
    tree = Tree(tuple(make_unit(unit) for unit in units))
    records = [make_record(number, record) for number, record in enumerate(case["records"])]

    plan = make_plan(case, tree)
    standings = assess(plan, tree, records, load_kinds(), case["as_of"])

    assert [describe(standing, wanted) for standing, wanted in zip(standings, case["expect"], strict=True)] == [
        {key: write(value) for key, value in wanted.items()} for wanted in case["expect"]
    ]
    totals = roll_up(standings, tree.at(case["as_of"]))
    for wanted in case.get("totals", ()):
        found = add_duties(totals, wanted["unit"])
        assert {name: getattr(found, name) for name in wanted if name != "unit"} | {"unit": wanted["unit"]} == wanted


@pytest.mark.parametrize(("units", "case"), [one for one in list_cases() if "unpublished" in one.values[1]])
def test_the_example_says_which_years_are_reckoned_by_weekdays(units: list[dict[str, Any]], case: Any) -> None:
    told = list_unpublished(make_plan(case, Tree()))

    assert [(problem.code, problem.values["year"], problem.severity) for problem in told] == [
        ("calendar.unpublished", str(year), "warning") for year in case["unpublished"]
    ]


def make_plan(case: dict[str, Any], tree: Tree) -> Plan:
    text = render_plan_yaml(
        {
            "title": "方案",
            "issuer": "县联席办",
            "valid": case["valid"],
            "phases": case.get("phases", []),
            "duties": [{"id": "duty", **case["duty"]}],
        }
    )
    plan, problems = read_plan_yaml(text)
    assert problems == ()
    assert plan is not None
    said, mistakes = read_days(case.get("own_days", {}))
    assert mistakes == ()
    plan = bind_calendar(plan, amend_calendar(load_calendar(), said))
    return bind_waivers(plan, [make_waiver(one, tree) for one in case.get("waivers", ())])


def make_waiver(one: dict[str, Any], tree: Tree) -> Waiver:
    days = make_inclusive(one["from"], one["to"])
    return spread_waiver(WaiverSaid("duty", one["unit"], days, one["reason"], one.get("below", False)), tree)


def make_unit(unit: dict[str, Any]) -> Unit:
    attributes = tuple(
        Attribute(name, one["from"], Fraction(one["value"]))
        for name, values in unit.get("attributes", {}).items()
        for one in (values if isinstance(values, list) else [{"from": EARLIEST, "value": values}])
    )
    life = {"opens_on": unit.get("opens_on", EARLIEST), "closes_on": unit.get("closes_on", LATEST)}
    place = {"parent": unit.get("parent", ""), "line": unit.get("line", "")}
    made = Unit(unit["code"], unit["name"], unit["kind"], **place, **life, attributes=attributes)
    for change in unit.get("changes", ()):
        told = {key: value for key, value in change.items() if key != "from"}
        now = {"name": made.name, "kind": made.kind, "parent": made.parent, "line": made.line}
        made = made.change(Placement(change["from"], **(now | told)))
    return made


def make_record(number: int, record: dict[str, Any]) -> Record:
    fields = dict(record)
    day: date = fields.pop("day")
    replaces = fields.pop("replaces", None)
    area = fields.pop("area_m2", None)
    return Record(
        id=make_id(fields.pop("id", str(number))),
        happened_on=day,
        area_m2=None if area is None else Fraction(area),
        replaces=None if replaces is None else make_id(replaces),
        **fields,
    )


def make_id(name: str) -> UUID:
    return uuid5(NAMESPACE_OID, name)


def describe(standing: Standing, wanted: dict[str, Any]) -> dict[str, Any]:
    """The standing in the words of the example, as far as the example speaks of it."""
    said = {
        "unit": standing.obligation.unit,
        "window": standing.obligation.window.label,
        "opens": standing.obligation.window.opens,
        "last": standing.obligation.window.interval.last_day,
        "due": standing.obligation.due_on,
        "status": standing.status.value,
        "reason": standing.reason,
        "value": standing.tally.value,
        "goal": standing.tally.goal,
        "of": standing.tally.of,
        "shortfall": standing.shortfall,
    }
    return {key: write(said[key], like=wanted[key]) for key in wanted}


def write(value: Any, like: Any = None) -> str:
    """As the example writes it: a share with its percent sign, everything else as it stands."""
    if isinstance(like, str) and like.endswith("%") and isinstance(value, Fraction):
        return f"{float(value * 100):g}%"
    return str(value)
