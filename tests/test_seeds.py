"""Five real plans go the whole way: read, drafted, written, read back, checked, issued as a file, and assessed."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from uuid import UUID

import pytest

from wuzha.adapters.documents import read_document
from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.plan_yaml import check_plan_yaml, read_plan_yaml, render_plan_yaml
from wuzha.core.assessment.assess import assess
from wuzha.core.assessment.model import Standing, Status
from wuzha.core.assessment.rollup import count_standings, roll_up
from wuzha.core.base.unit import ATTRIBUTES, LINES, Attribute, Tree, Unit
from wuzha.core.duty.model import Duty
from wuzha.core.duty.who import list_bearers
from wuzha.core.ledger.record import Record
from wuzha.core.plan.model import Plan
from wuzha.core.plan.place import draft_plan
from wuzha.core.plan.read import read_plan

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "seeds"
SEEDS = sorted(FOLDER.glob("*.txt"))
FALLBACK_YEAR = 2026

pytestmark = [
    pytest.mark.seeds,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the real plans are not kept beside this checkout"),
]


def list_units() -> Iterator[Unit]:
    """A county in small: one unit of each kind, a department of each line, every figure known."""
    figures = tuple(Attribute(name, date(2000, 1, 1), Fraction(100)) for name in ATTRIBUTES)
    yield Unit("SQ", "石桥县", "county", attributes=figures)
    yield Unit("SQ01", "石桥镇", "town", parent="SQ", attributes=figures)
    for number, kind in enumerate(("village", "community", "school", "bank", "carrier", "hotel", "clinic", "estate")):
        yield Unit(f"SQ01{number:02}", f"石桥{kind}", kind, parent="SQ01", attributes=figures)
    yield Unit("SQP", "石桥派出所", "station", parent="SQ", line="police", attributes=figures)
    for line in LINES:
        yield Unit(f"SQ-{line}", f"{line}部门", "department", parent="SQ", line=line, attributes=figures)


TREE = Tree(tuple(list_units()))


def draft_seed(path: Path) -> tuple[str, str]:
    """The text of the document and the plan file drafted from it."""
    document, problems = read_document(path.name, path.read_bytes())
    assert document is not None, problems
    return document.text, render_plan_yaml(draft_plan(read_plan(document.text), FALLBACK_YEAR))


def issue_seed(path: Path) -> Plan:
    plan, problems = check_plan_yaml(draft_seed(path)[1], path.name, TREE)
    assert plan is not None, [problem for problem in problems if problem.severity == "error"]
    return plan


def find_first_owed(plan: Plan, duty: Duty) -> Standing:
    """The first thing that somebody owes in this duty."""
    standings = assess(plan, TREE, (), load_kinds(), plan.valid.last_day)
    owed = (item for item in standings if item.obligation.duty == duty.id and item.status is not Status.EXEMPT)
    return next(owed)


def test_all_five_are_here() -> None:
    assert len(SEEDS) == 5


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_a_real_plan_becomes_a_plan_file_without_mistakes(path: Path) -> None:
    text, draft = draft_seed(path)
    plan, problems = check_plan_yaml(draft, path.name)
    assert plan is not None, problems
    assert read_plan_yaml(draft) == (plan, ())
    counted = [duty for duty in plan.duties if not duty.vague]
    assert counted
    for duty in plan.duties:
        assert duty.span is not None
        opens, closes = duty.span
        assert text[opens:closes].strip() == duty.quote


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_a_real_plan_is_assessed_and_its_parts_add_up(path: Path) -> None:
    plan = issue_seed(path)
    standings = assess(plan, TREE, (), load_kinds(), plan.valid.last_day)
    borne = {duty.id for duty in plan.duties if list_bearers(duty.who, TREE)}
    assert {standing.obligation.duty for standing in standings} == borne
    assert borne
    totals = roll_up(standings, TREE)
    for duty_id in borne:
        mine = [standing for standing in standings if standing.obligation.duty == duty_id]
        assert totals["SQ", duty_id] == count_standings(mine)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_who_does_what_a_real_plan_asks_has_met_it(path: Path) -> None:
    plan = issue_seed(path)
    doable = [
        duty
        for duty in plan.duties
        if duty.verb == "do" and duty.target and not duty.target.of and list_bearers(duty.who, TREE)
    ]
    for number, duty in enumerate(doable):
        assert duty.target is not None
        owed = find_first_owed(plan, duty).obligation
        done = Record(UUID(int=number), owed.unit, duty.object, owed.window.opens, quantity=int(duty.target.amount))
        standings = assess(plan, TREE, (done,), load_kinds(), owed.window.opens)
        (standing,) = [item for item in standings if item.obligation == owed]
        assert standing.status is Status.MET
        assert standing.tally.records == (done.id,)
