"""The monthly progress table of a county or a town, from the ledger that this process keeps. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from urllib.parse import urlencode

from django.urls import reverse

from wuzha.adapters.monthly_columns import load_columns
from wuzha.core.assessment.model import Totals
from wuzha.core.assessment.rollup import Cell as Place
from wuzha.core.paper.month import Entries, Entry, MonthlyQuestion, MonthlyTable, find_month, find_since
from wuzha.core.paper.month_cells import list_fed_kinds
from wuzha.core.paper.month_words import EVER, RecordFilter
from wuzha.core.paper.monthly import compute_table
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.queries.ground import PlanInForce, load_bound_tree
from wuzha.web.campaign.queries.standings import open_facts
from wuzha.web.campaign.queries.totals import PlanCounts, count_plan

NOTHING: Mapping[tuple[str, str], Entry] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class MonthlyAsked:
    """Which table: of a unit and all below it, for the month named 2026-11, as of a day.

    ``typed`` and ``imported`` are by unit and column. As known by which day the plan says (:class:`PlanInForce`).
    """

    in_force: PlanInForce
    unit_code: str
    month: str
    as_of: date
    month_ends: int = 0
    typed: Mapping[tuple[str, str], Entry] = field(default_factory=lambda: NOTHING)
    imported: Mapping[tuple[str, str], Entry] = field(default_factory=lambda: NOTHING)


def build_monthly_table(asked: MonthlyAsked) -> MonthlyTable:
    """The table counted now.

    Raises KeyError for a unit that the plan does not bind, ValueError for what is no month.
    """
    question = _make_question(asked)
    facts = open_facts(question.tree, question.day, asked.in_force.known_by)
    columns = load_columns()
    rows = facts.list_rows((question.tree.units[0].code,), list_fed_kinds(columns, question))
    counts = count_plan(asked.in_force, question.day)
    entries = Entries(_read_counts(counts, question), asked.typed, asked.imported)
    return compute_table(columns, question, rows, entries)


def _make_question(asked: MonthlyAsked) -> MonthlyQuestion:
    plan, ends = asked.in_force.plan, asked.month_ends
    month = find_month(asked.month, ends)
    return MonthlyQuestion(
        load_bound_tree(asked.in_force),
        asked.unit_code,
        month,
        find_since(plan, month, ends),
        asked.as_of,
        load_kinds(),
        plan,
        asked.in_force.known_by,
        ends,
    )


def _read_counts(counts: PlanCounts, question: MonthlyQuestion) -> Mapping[Place, Totals]:
    """Each unit's own standings. A duty that a plan holds in several pieces is one."""
    found: dict[Place, Totals] = {}
    for number, duty in enumerate(question.plan.duties):
        for unit in question.tree.units:
            own = counts.find(number, unit.code)
            if own:
                place = unit.code, duty.id
                found[place] = found.get(place, Totals()) + Totals(own)
    return found


def link_records(records: RecordFilter) -> str:
    """The list of the records that a figure is looked for in. It takes one kind; of several all are shown."""
    asked = {"unit": records.unit, "until": records.days.last_day.isoformat()}
    if len(records.kinds) == 1:
        asked["kind"] = records.kinds[0]
    if records.days.opens != EVER:
        asked["since"] = records.days.opens.isoformat()
    return f"{reverse('campaign:records')}?{urlencode(asked)}"
