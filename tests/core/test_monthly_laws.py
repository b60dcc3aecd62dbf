"""Laws of the monthly table: parts are the whole, nothing is lost or counted twice, it says what standings say."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.ledgers import DAYS, TREE, YEAR, histories, make_plan, records, void_some
from tests.core.monthly_cases import make_table_of
from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment.assess import assess
from wuzha.core.base.unit import Tree
from wuzha.core.base.windows import Cadence, Rhythm
from wuzha.core.duty.model import Duty, Target, Who
from wuzha.core.ledger.record import Record, keep_in_effect
from wuzha.core.paper.check import check_paper
from wuzha.core.paper.column import ShareOf
from wuzha.core.paper.month import MonthlyTable
from wuzha.core.paper.month_paper import make_paper

MONTHS = st.integers(1, 12).map(lambda month: f"2026-{month:02}")
ENDS = st.sampled_from([0, 20])
KINDS = ("rally", "talk", "visit", "banner", "followup", "cases")
BY_UNIT = {unit.code: unit for unit in TREE.units}


@st.composite
def ledgers(draw: st.DrawFn) -> list[Record]:
    told = draw(st.lists(records(KINDS), max_size=25, unique_by=lambda record: record.id))
    return void_some(told, draw(st.lists(st.integers(0, 3), max_size=8)))


def list_sums(table: MonthlyTable) -> list[tuple[str, str, Fraction | None, Fraction | None]]:
    """Each sum of the table with that of its rows, made anew; none where none of them is known."""
    found: list[tuple[str, str, Fraction | None, Fraction | None]] = []
    for row in table.rows:
        for column in table.columns if row.kind != "unit" else ():
            if column.adds_up:
                values = [table.read(table.rows[n], column.code).value for n in row.members]
                known = [value for value in values if value is not None]
                made = sum(known, start=Fraction(0)) if known else None
                found.append((row.unit.code, column.code, table.read(row, column.code).value, made))
    return found


@given(histories, ledgers(), MONTHS, ENDS)
@settings(max_examples=25, deadline=None)
def test_every_sum_is_that_of_its_rows_and_every_row_is_in_the_total_once(
    tree: Tree, ledger: list[Record], month: str, ends: int
) -> None:
    table = make_table_of(tree, ledger, {"month": month, "ends": ends})

    assert all(told == made for _, _, told, made in list_sums(table))
    units = [number for number, row in enumerate(table.rows) if row.kind == "unit"]
    assert sorted(table.total.members) == units
    inside = [number for row in table.rows if row.kind == "subtotal" for number in row.members]
    assert len(inside) == len(set(inside))
    assert len({table.rows[number].unit.code for number in units}) == len(units)


@given(histories, ledgers(), MONTHS, ENDS)
@settings(max_examples=25, deadline=None)
def test_no_record_is_lost_or_counted_twice(tree: Tree, ledger: list[Record], month: str, ends: int) -> None:
    table = make_table_of(tree, ledger, {"month": month, "ends": ends})
    days = table.question.month.interval

    counted = [fact for fact in keep_in_effect(ledger) if fact.kind == "talk" and fact.happened_on in days]
    lines = {fact.id: find_line(tree, fact) for fact in counted}
    there = [fact for fact in counted if fact.happened_on in tree.by_code[lines[fact.id]].life]
    assert table.read(table.total, "talks_month").value == sum(fact.quantity for fact in there)
    assert sorted(table.list_records(table.total, "talks_month")) == sorted(fact.id for fact in there)
    for row in table.rows:
        if row.kind == "unit" and table.read(row, "talks_month").is_known:
            own = {fact.id for fact in there if lines[fact.id] == row.unit.code}
            assert set(table.read(row, "talks_month").records) == own


def find_line(tree: Tree, fact: Record) -> str:
    """The unit itself or, for a grid, the next one above that is more than a grid, on the record's day."""
    return next(unit.code for unit in tree.at(fact.happened_on).walk_up(fact.unit) if not unit.code.startswith("G"))


EVERYBODY = Who(kind=("county", "town", "village"))
SPECIFIED = {
    "talks_month": Duty("d", "do", "talk", EVERYBODY, YEAR, target=Target("at_least", Fraction(1))),
    "talk_people": Duty("d", "do", "talk", EVERYBODY, YEAR, target=Target("at_least", Fraction(1)), measure="people"),
    "cases_month": Duty("d", "attain", "cases", EVERYBODY, YEAR, target=Target("at_most", Fraction(1))),
    "loss_month": Duty(
        "d", "attain", "cases", EVERYBODY, YEAR, target=Target("at_most", Fraction(1)), measure="loss_yuan"
    ),
    "files_checked": Duty("d", "check", "followup", EVERYBODY, YEAR),
}
QUIET = st.sampled_from(["2026-01", "2026-02", "2026-05", "2026-08", "2026-09", "2026-12"])


@given(ledgers(), QUIET, st.sampled_from(sorted(SPECIFIED)), st.integers(5, 28))
@settings(max_examples=60, deadline=None)
def test_a_figure_is_what_the_standing_of_such_a_duty_says(
    ledger: list[Record], month: str, code: str, day: int
) -> None:
    as_of = date(2026, int(month[-2:]), day)
    duty = replace(SPECIFIED[code], rhythm=Rhythm(Cadence.MONTH))
    table = make_table_of(TREE, ledger, {"month": month, "as_of": as_of})

    said = {
        one.obligation.unit: one.tally
        for one in assess(make_plan(duty), TREE, ledger, load_kinds(), as_of)
        if one.obligation.window.label == month and not one.obligation.exempt
    }
    rows = [row for row in table.rows if row.kind == "unit" and row.unit.code in said]
    assert len(rows) >= 4
    assert {row.unit.code: (table.read(row, code).value, table.read(row, code).records) for row in rows} == {
        row.unit.code: (said[row.unit.code].value, said[row.unit.code].records) for row in rows
    }


CHANGES = {"cases_on_month": "last_period", "cases_on_year": "last_year"}


@given(histories, st.lists(records(("cases",)), max_size=30, unique_by=lambda one: one.id), QUIET, st.data())
@settings(max_examples=40, deadline=None)
def test_a_change_is_that_of_the_standing_even_where_grids_moved(
    tree: Tree, ledger: list[Record], month: str, data: st.DataObject
) -> None:
    code = data.draw(st.sampled_from(sorted(CHANGES)))
    target = Target("at_most", Fraction(0), share=True, against=CHANGES[code])
    as_of = data.draw(st.dates(date(2026, int(month[-2:]), 5), date(2026, int(month[-2:]), 28)))
    who = Who(kind=("county", "town", "village", "community"))
    duty = Duty("d", "attain", "cases", who, YEAR, target=target, rhythm=Rhythm(Cadence.MONTH))
    table = make_table_of(tree, ledger, {"month": month, "as_of": as_of})

    for one in assess(make_plan(duty), tree, ledger, load_kinds(), as_of):
        row = next((row for row in table.rows if row.kind == "unit" and row.unit.code == one.obligation.unit), None)
        if one.obligation.window.label == month and len(one.tally.parts) == 2 and row is not None:
            assert table.read(row, code).parts == one.tally.parts
            assert table.read(row, code).value == one.tally.value


@given(ledgers(), MONTHS, DAYS)
@settings(max_examples=25, deadline=None)
def test_a_share_never_passes_its_base_and_what_is_unknown_has_no_value(
    ledger: list[Record], month: str, as_of: date
) -> None:
    table = make_table_of(TREE, ledger, {"month": month})
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            assert cell.is_known or cell.value is None
            if isinstance(column.counts, ShareOf) and column.counts.per == 100 and cell.is_known:
                assert 0 <= (cell.value or 0) <= 100


@given(ledgers(), MONTHS)
@settings(max_examples=10, deadline=None)
def test_as_a_paper_every_figure_has_its_source(ledger: list[Record], month: str) -> None:
    paper = make_paper(make_table_of(TREE, ledger, {"month": month}))

    assert check_paper(paper) == ()
    assert len(paper.sources) == len({source.id for source in paper.sources}) > 0
