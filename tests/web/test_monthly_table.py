"""The monthly table as the site gathers it is the one that the specification makes of the same records."""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from tests.core.monthly_cases import count_by_duty
from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, issue_plan
from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.monthly_columns import load_columns
from wuzha.core.assessment.assess import assess
from wuzha.core.ledger.record import keep_in_effect, keep_known
from wuzha.core.paper.month import Entries, Entry, MonthlyTable
from wuzha.core.paper.month_words import make_source, say_cell, say_row
from wuzha.core.paper.monthly import compute_table, fill_in
from wuzha.web.campaign.models import Record
from wuzha.web.campaign.queries.ground import PlanInForce, load_plan
from wuzha.web.campaign.queries.monthly import MonthlyAsked, build_monthly_table, make_link

DAY = date(2026, 3, 20)


@pytest.fixture
def in_force(cast: Cast) -> PlanInForce:
    """Records of three months, in the village, the town, its school and the other town."""
    enter(cast.officer, cast.village, date(2026, 2, 20), "talk", people=30)
    enter(cast.officer, cast.village, date(2026, 2, 21), "talk", people=40, audience="老年人")
    enter(cast.officer, cast.village, date(2026, 3, 20), "visit", quantity=64)
    enter(cast.officer, cast.town, date(2026, 3, 1), "cases", quantity=4, loss_yuan=9000)
    enter(cast.officer, cast.town, date(2026, 2, 1), "cases", quantity=7)
    enter(cast.officer, cast.community, date(2026, 1, 5), "banner", quantity=6, change="install")
    enter(cast.officer, cast.school, date(2026, 3, 9), "class_meeting", people=45, audience="在校学生")
    enter(cast.officer, cast.village, date(2026, 3, 5), "rally", people=200)
    enter(cast.officer, cast.village, date(2026, 3, 25), "talk")
    return load_plan(issue_plan(cast))


def ask(in_force: PlanInForce, unit: str = "SQ", as_of: date = DAY) -> MonthlyTable:
    return build_monthly_table(MonthlyAsked(in_force, unit, "2026-03", as_of, 20))


def specify(table: MonthlyTable) -> MonthlyTable:
    """The same table made of the records by plain functions."""
    question = table.question
    told = [one.to_core() for one in Record.objects.order_by("pk")]
    told = told if question.known_by is None else keep_known(told, question.known_by)
    standings = assess(question.plan, question.tree, told, load_kinds(), question.day)
    return compute_table(load_columns(), question, keep_in_effect(told), Entries(count_by_duty(standings)))


@pytest.mark.parametrize("unit", ["SQ", "SQ01", "SQ0101"])
@pytest.mark.parametrize("known_by", [None, date(2026, 3, 5)])
def test_the_site_gathers_what_the_specification_counts(
    in_force: PlanInForce, unit: str, known_by: date | None
) -> None:
    table = ask(replace(in_force, known_by=known_by), unit)

    assert table == specify(table)
    assert any(cell.value for cell in table.total.cells)


def test_a_town_reads_alike_in_its_own_table_and_in_the_countys(in_force: PlanInForce) -> None:
    county, town = ask(in_force), ask(in_force, "SQ01")

    subtotal = next(row for row in county.rows if row.kind == "subtotal" and row.unit.code == "SQ01")
    assert [(cell.state, cell.value) for cell in subtotal.cells] == [
        (cell.state, cell.value) for cell in town.total.cells
    ]
    village = next(row for row in town.rows if row.unit.code == "SQ0101")
    said = {
        code: say_cell(town.read(village, code), town.columns[town.places[code]])
        for code in (
            "talks_month",
            "talks_year",
            "talk_people",
            "talks_to_old",
            "visit_rate",
            "rallies_asked",
            "rallies_met",
        )
    }
    assert said == {
        "talks_month": "1", "talks_year": "2", "talk_people": "40", "talks_to_old": "1", "visit_rate": "10.0%",
        "rallies_asked": "3", "rallies_met": "1",
    }  # fmt: skip


def test_the_address_of_a_figure_opens_its_records(in_force: PlanInForce, cast: Cast, visit: Visit) -> None:
    table = ask(in_force)
    row = next(row for row in table.rows if say_row(row, table.question) == "柳湾村")
    asked = MonthlyAsked(in_force, "SQ", "2026-03", DAY, 20)
    source = make_source(table, row, table.columns[table.places["talks_month"]], make_link(asked))

    page = visit(cast.officer).get(source.address).content.decode()

    records = table.read(row, "talks_month").records
    assert source.count == len(records) == 1
    assert set(re.findall(r'href="/records/([0-9a-f-]{36})/', page)) == {str(one) for one in records}


def test_what_is_put_in_later_is_as_if_it_had_been_there_at_once(in_force: PlanInForce) -> None:
    bare = ask(in_force)
    typed: dict[tuple[str, str], Entry] = {
        ("SQ0101", "highlights"): "赶集日讲反诈",
        ("SQ0101", "online_reach"): Fraction(1500),
    }
    imported: dict[tuple[str, str], Entry] = {
        ("SQ01", "warnings_in"): Fraction(8),
        ("SQ0101", "stopped_yuan"): Fraction(3, 2),
    }
    signed: dict[tuple[str, str], Entry] = {("SQ0102", "handed_in"): "2026-03-19"}
    question = bare.question
    told = [one.to_core() for one in Record.objects.order_by("pk")]
    standings = count_by_duty(assess(question.plan, question.tree, told, load_kinds(), question.day))
    entries = Entries(standings, typed, imported, signed)

    assert fill_in(bare, entries) == compute_table(load_columns(), question, keep_in_effect(told), entries)


def test_what_is_kept_is_thrown_away_when_a_record_arrives(in_force: PlanInForce, cast: Cast) -> None:
    before = ask(in_force)
    enter(cast.officer, cast.village, date(2026, 3, 2), "visit", quantity=10)

    after = ask(in_force)

    assert [table.read(table.total, "visits_month").value for table in (before, after)] == [Fraction(64), Fraction(74)]
    assert after == specify(after)
