"""Proposals on the page of supervision: what the specification says over everything, from counts and few facts."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, issue_plan
from wuzha.adapters.supervision_yaml import load_ladder
from wuzha.core.assessment.assess import assess
from wuzha.core.supervision.chance import count_asked, list_certainties
from wuzha.core.supervision.propose import Advice, propose_measures
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.models import PlanVersion, Record
from wuzha.web.campaign.queries import supervision as queries
from wuzha.web.campaign.queries.ground import load_bound_tree, load_plan
from wuzha.web.campaign.queries.totals import count_plan

AS_OF = date(2026, 5, 12)
INDICATORS = """
  - {id: cases-down, who: {kind: [village, community]}, attain: cases, change: {at_most: -20%, against: last_year}}
  - {id: cases-few, who: {kind: [village, community]}, attain: cases, at_most: 1, every: month}
"""


@pytest.fixture
def plan(cast: Cast) -> PlanVersion:
    """The community held its rallies; the village of 青石镇 held one in January, that of 河口镇 none."""
    plan = issue_plan(cast, more=INDICATORS)
    enter(cast.secretary, cast.village, date(2026, 1, 10), people=40)
    for month in (1, 2, 3, 4):
        enter(cast.secretary, cast.community, date(2026, month, 9), people=40)
    enter(cast.secretary, cast.village, date(2026, 2, 3), kind="cases", quantity=2)
    enter(cast.secretary, cast.village, date(2026, 3, 3), kind="cases", quantity=30)
    return plan


def advise_by_specification(plan: PlanVersion, as_of: date, area: str) -> Advice:
    """Every standing of everybody, from the ledger's rows as they are; then those below the area."""
    in_force = load_plan(plan)
    tree = load_bound_tree(in_force)
    records = [row.to_core() for row in Record.objects.select_related("unit")]
    standings = assess(in_force.plan, tree, records, load_kinds(), as_of)
    certainties = list_certainties(in_force.plan, load_kinds(), standings)
    told = propose_measures(load_ladder(), standings, certainties, {}, as_of)
    below = {unit.code for unit in tree.at(as_of).walk_down(area)} - {area}
    return Advice(
        tuple(one for one in told.proposals if one.unit in below),
        tuple(one for one in told.withheld if one.unit in below),
    )


@pytest.mark.parametrize("as_of", [date(2026, 2, 20), AS_OF, date(2026, 7, 20), date(2026, 12, 31)])
@pytest.mark.parametrize("area", ["SQ", "SQ01"])
def test_the_page_proposes_what_the_specification_proposes(
    cast: Cast, plan: PlanVersion, as_of: date, area: str
) -> None:
    told = queries.advise(Unit.objects.get(code=area), load_ladder(), as_of)
    asked = advise_by_specification(plan, as_of, area)

    def sum_up(step: str, unit: str, grounds: Any) -> Any:
        return step, unit, [(one.duty, len(one.missed), one.in_a_row, one.overdue_days) for one in grounds]

    shown = [sum_up(one.step.code, one.unit.code, [line.ground for line in one.grounds]) for one in told.proposals]
    assert sorted(shown) == sorted(sum_up(one.step.code, one.unit, one.grounds) for one in asked.proposals)
    held = [(one.unit.code, one.duty.id, one.withheld.missed.signal) for one in told.withheld]
    assert {one[:2] for one in held} == {(one.unit, one.duty) for one in asked.withheld}
    assert len(held) == len(asked.withheld)
    assert held or as_of < date(2026, 4, 1), "from spring on an indicator was held back"
    assert shown or (area, as_of) == ("SQ01", date(2026, 2, 20)), "only then nothing calls for a measure"


def test_how_many_windows_are_asked_is_taken_from_the_counts(cast: Cast, plan: PlanVersion) -> None:
    in_force = load_plan(plan)
    tree = load_bound_tree(in_force)
    standings = assess(in_force.plan, tree, [], load_kinds(), AS_OF)

    found = queries.count_asked(in_force, count_plan(in_force, AS_OF))

    assert {duty: n for duty, n in found.items() if n} == dict(count_asked(standings))


def test_the_page_tells_the_facts_and_that_nothing_is_given_by_it(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    page = visit(cast.officer).get("/supervision/?as_of=2026-05-12").content.decode()

    assert "柳湾村" in page
    assert "可以考虑：提示" in page
    assert "到现在连续 3 期" in page
    assert "都只是建议" in page
    assert "不分先后" in page


def test_what_chance_explains_is_listed_apart_with_its_interval(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    page = visit(cast.officer).get("/supervision/?as_of=2026-05-12").content.decode()
    held = page.split('id="withheld"')[1]

    assert "单凭偶然也会这样" in held
    assert "柳湾村" in held


def test_the_units_stand_in_the_order_of_the_roster(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    page = visit(cast.officer).get("/supervision/?as_of=2026-12-31")

    codes = [one.unit.code for one in page.context["page"]]
    assert len(set(codes)) > 2
    assert codes == sorted(codes)


def test_more_units_ask_the_database_no_more(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client, counted = visit(cast.officer), []
    for number in (0, 30):
        for n in range(number):
            code = f"SQ03{n:02}"
            Unit.objects.create(code=code, name=f"试点{n}村", kind="village", parent=cast.town, path=f"SQ/SQ01/{code}/")
        client.get("/supervision/?as_of=2026-05-12")
        with CaptureQueriesContext(connection) as asked:
            client.get("/supervision/?as_of=2026-05-12")
        counted.append(len(asked))

    assert counted[0] == counted[1] < 40


def test_a_town_sees_its_own_units_and_nobody_elses(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    page = visit(cast.town_officer).get("/supervision/?as_of=2026-05-12").content.decode()

    assert "柳湾村" in page
    assert "渡头村" not in page
    assert visit(cast.town_officer).get("/supervision/?unit=SQ02").status_code == 404


@pytest.mark.parametrize("name", ["secretary", "nobody"])
def test_whoever_looks_after_nobody_is_told_where_their_own_tasks_are(
    cast: Cast, visit: Visit, plan: PlanVersion, name: str
) -> None:
    page = visit(cast.people[name]).get("/supervision/?as_of=2026-05-12").content.decode()

    assert "可以考虑：" not in page
    assert "柳湾村没有" not in page


def test_a_supervisor_reads_the_proposals(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    assert "可以考虑：提示" in visit(cast.supervisor).get("/supervision/?as_of=2026-05-12").content.decode()


def test_with_no_plan_the_page_says_what_will_stand_there(cast: Cast, visit: Visit) -> None:
    page = visit(cast.officer).get("/supervision/").content.decode()

    assert "有单位符合督导阶梯的条件时" in page
