"""Examples of two plans side by side that a clerk could have typed."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.core.test_burden_examples import make_plan, make_tree
from wuzha.adapters.kinds import load_kinds
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.core.plan.diff.compare import Entry, compare_plans
from wuzha.core.plan.diff.coverage import Area, Carried, Cover, cover_plan
from wuzha.core.plan.diff.facets import Change, Turn

FOLDER = Path(__file__).parent / "diff"
ARROWS = {Turn.TIGHTER: ">", Turn.LOOSER: "<", Turn.OTHER: "="}
# What a difference is called when the two plans change places.
MIRROR = {Turn.TIGHTER: Turn.LOOSER, Turn.LOOSER: Turn.TIGHTER, Turn.OTHER: Turn.OTHER}
LAST_YEAR = {"from": date(2026, 1, 1), "to": date(2026, 12, 31)}
THIS_YEAR = {"from": date(2027, 1, 1), "to": date(2027, 12, 31)}
Written = dict[str, Any]
FATES = {"added": "gone", "gone": "added", "tightened": "loosened", "loosened": "tightened"}


def list_cases(name: str) -> list[Any]:
    document = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return [pytest.param(document | case, id=case["say"]) for case in document["cases"]]


def write_changes(changes: tuple[Change, ...]) -> list[str]:
    return [f"{change.facet}{ARROWS[change.turn]}" for change in changes]


def write_entry(entry: Entry) -> str:
    return " ".join([entry.fate, *write_changes(entry.changes)])


def turn_round(entry: str) -> str:
    fate, *changes = entry.split()
    arrows = {ARROWS[turn]: ARROWS[back] for turn, back in MIRROR.items()}
    return " ".join([FATES.get(fate, fate), *(change[:-1] + arrows[change[-1]] for change in changes)])


@pytest.mark.parametrize("case", list_cases("years.yaml"))
def test_the_two_years_differ_as_the_example_says(case: Written) -> None:
    diff = compare_plans(make_plan(LAST_YEAR, case["old"]), make_plan(THIS_YEAR, case["new"]))

    assert [write_entry(entry) for entry in diff.entries] == case["expect"]
    assert diff.is_equal == (case["expect"] == ["same"])
    if "why" in case:
        assert diff.entries[0].reason == case["why"]


@pytest.mark.parametrize("case", list_cases("years.yaml"))
def test_read_backwards_the_example_says_the_opposite(case: Written) -> None:
    diff = compare_plans(make_plan(THIS_YEAR, case["new"]), make_plan(LAST_YEAR, case["old"]))

    assert sorted(write_entry(entry) for entry in diff.entries) == sorted(turn_round(entry) for entry in case["expect"])


def write_carried(carried: Carried) -> str:
    return " ".join([carried.reach, *write_changes(carried.changes)])


def cover(case: Written, area: Area | None) -> Cover:
    kinds = load_kinds()
    county, town = make_plan(THIS_YEAR, [case["county"]]), make_plan(THIS_YEAR, case["town"])
    (found,) = cover_plan(county, town, lambda duty: list_feeding_kinds(duty, kinds), area).covers
    return found


@pytest.mark.parametrize("case", list_cases("covers.yaml"))
def test_the_town_carries_out_the_county_as_the_example_says(case: Written) -> None:
    found = cover(case, Area(make_tree(case), "SQ01"))

    assert found.reach == case["expect"]
    assert [write_carried(carried) for carried in found.by] == case.get("by", [])
    assert list(found.left_out) == case.get("left_out", [])


@pytest.mark.parametrize("case", list_cases("covers.yaml"))
def test_without_a_roster_the_kinds_of_unit_decide(case: Written) -> None:
    assert cover(case, None).reach == case.get("without_roster", case["expect"])
