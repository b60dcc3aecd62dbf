"""What the examples of the monthly table say, as the table takes it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from tests.core.test_examples import make_record, make_unit
from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.monthly_columns import load_columns
from wuzha.adapters.plan_yaml import read_plan_yaml, render_plan_yaml
from wuzha.core.assessment.assess import assess
from wuzha.core.assessment.model import Standing, Totals
from wuzha.core.assessment.rollup import count_standings
from wuzha.core.base.unit import Tree
from wuzha.core.ledger.record import Record, keep_in_effect, keep_known
from wuzha.core.paper.month import Entries, MonthlyQuestion, MonthlyRow, MonthlyTable, TitleBook, find_month, find_since
from wuzha.core.paper.month_words import say_cell, say_row
from wuzha.core.paper.monthly import compute_table
from wuzha.core.plan.model import Plan

PLAN: Mapping[str, Any] = {
    "title": "石桥县反诈宣传方案",
    "issuer": "县联席办",
    "valid": {"from": date(2026, 1, 1), "to": date(2026, 12, 31)},
    "duties": [{"id": "rally", "who": {"kind": "village"}, "do": "rally", "at_least": 1, "every": "month"}],
}


def make_plan() -> Plan:
    plan, problems = read_plan_yaml(render_plan_yaml(dict(PLAN)))
    assert problems == ()
    assert plan is not None
    return plan


def make_table(units: Iterable[Mapping[str, Any]], case: Mapping[str, Any]) -> MonthlyTable:
    tree = Tree(tuple(make_unit(dict(unit)) for unit in units))
    records = [make_record(number, dict(record)) for number, record in enumerate(case.get("records", ()))]
    return make_table_of(tree, records, case)


def make_table_of(tree: Tree, records: Iterable[Record], case: Mapping[str, Any]) -> MonthlyTable:
    """``case``: month, and where told ends, as_of, known_by, top, typed, imported and titles."""
    plan, ends = make_plan(), case.get("ends", 0)
    month = find_month(case["month"], ends)
    as_of, known_by = case.get("as_of", month.interval.last_day), case.get("known_by")
    since = find_since(plan, month, ends)
    top = case.get("top", tree.units[0].code)
    question = MonthlyQuestion(tree, top, month, since, as_of, load_kinds(), plan, known_by, ends)
    told = list(records) if known_by is None else keep_known(records, known_by)
    standings = count_by_duty(assess(plan, tree, told, load_kinds(), question.day))
    entries = Entries(standings, _read_entries(case.get("typed", {})), _read_entries(case.get("imported", {})))
    entries = replace(entries, titles=_read_titles(case.get("titles", {})))
    return compute_table(load_columns(), question, keep_in_effect(told), entries)


def count_by_duty(standings: Iterable[Standing]) -> dict[tuple[str, str], Totals]:
    found: dict[tuple[str, str], list[Standing]] = {}
    for one in standings:
        found.setdefault((one.obligation.unit, one.obligation.duty), []).append(one)
    return {place: count_standings(own) for place, own in found.items()}


def _read_entries(told: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str], Fraction | str]:
    return {
        (unit, code): value if isinstance(value, str) else Fraction(value)
        for unit, own in told.items()
        for code, value in own.items()
    }


def _read_titles(told: Mapping[str, Any]) -> TitleBook:
    days = {(unit, deed): tuple(on) for unit, own in told.items() if unit != "kinds" for deed, on in own.items()}
    return TitleBook(frozenset(told.get("kinds", ())), days)


def find_row(table: MonthlyTable, name: str) -> MonthlyRow:
    return next(row for row in table.rows if say_row(row, table.question) == name)


def read_cell(table: MonthlyTable, name: str, code: str) -> str:
    row = find_row(table, name)
    return say_cell(table.read(row, code), table.columns[table.places[code]])
