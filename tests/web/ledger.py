"""A plan in force and records in the invented county, for the tests of the record, work and standings pages."""

import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from tests.web.cast import Cast
from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.actions.records import add_record
from wuzha.web.campaign.forms.records import make_record_id
from wuzha.web.campaign.models import PlanVersion, Record

PLAN = """
title: 石桥县试行工作方案
issuer: 石桥县反诈联席办
valid: {from: 2026-01-01, to: 2026-12-31}
duties:
  - id: rally
    clause: 一（一）
    quote: 各村、社区每个月办一场活动
    who: {kind: [village, community]}
    do: rally
    at_least: 1
    every: month
  - id: visits
    who: {kind: [village, community]}
    cover: household
    at_least: 50%
    by: 2026-06-30
  - id: shelter-talk
    who: {kind: village}
    do: talk
    at_least: 2
    every: quarter
    where: [养老院]
  - id: monthly-table
    who: {kind: town}
    file: progress_table
    every: month
    due: {day: 20}
"""
MORNING = datetime(2026, 3, 20, 1, 0, tzinfo=UTC)


# A weekly duty, whose last week runs over the new year, and one that the plan puts no number to.
WEEKLY = """
  - {id: weekly, who: {kind: village}, do: showing, at_least: 1, every: week}
  - {id: often, who: {kind: village}, do: training, vague: true}
"""


def issue_plan(
    cast: Cast, year: int = 2026, first: int | None = None, more: str = "", unit: Unit | None = None, title: str = ""
) -> PlanVersion:
    """The plan of that year as it stands once the county's officer has issued it; in force from ``first``.

    ``more`` are further duties in the plan language. ``unit`` is another issuer than the county.
    """
    first = first or year
    return PlanVersion.objects.create(
        unit=unit or cast.county,
        title=title or "石桥县试行工作方案",
        valid_from=date(first, 1, 1),
        valid_to=date(year, 12, 31),
        state=PlanVersion.State.ISSUED,
        text=(PLAN + more).replace("2026-01-01", f"{first}-01-01").replace("2026", str(year)),
        created_by=cast.officer,
        created_at=MORNING,
        issued_by=cast.officer,
        issued_at=MORNING,
    )


def make_record(unit: Unit, day: date, kind: str = "rally", **fields: Any) -> CoreRecord:
    return CoreRecord(id=make_record_id(MORNING), unit=unit.code, kind=kind, happened_on=day, **fields)


def enter(actor: User, unit: Unit, day: date, kind: str = "rally", **fields: Any) -> Record:
    """One record in the ledger, received at noon of its day."""
    record = make_record(unit, day, kind, **fields)
    now = datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC)
    outcome, problems = add_record(actor=actor, record=record, now=now)
    assert outcome.kept is not None, problems
    return outcome.kept


def list_ids(page: str) -> set[str]:
    """The ids of the records that a list links to, without those that it tells were left out."""
    return set(re.findall(r'href="/records/([0-9a-f-]{36})/', page.split('id="left-out"', maxsplit=1)[0]))


def fill_in(form_page: str, **fields: Any) -> dict[str, Any]:
    """What a browser would send from the record form on that page, with these fields typed."""
    return {"id": read_id(form_page), "recorded_at": "", "note": "", "place": "", "audience": "", "people": ""} | fields


def read_id(form_page: str) -> str:
    """The id that the page made for its record."""
    return str(UUID(form_page.split('name="id" value="')[1].split('"', maxsplit=1)[0]))
