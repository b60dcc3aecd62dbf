"""Two briefings of the sample county: one of an event that has gone out, and last month's digest, still a draft."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from wuzha.adapters.sample.county import ROOT
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.actions.papers import Drawn, draft_paper, issue_paper
from wuzha.web.campaign.models import DraftPaper, Record
from wuzha.web.campaign.queries.papers import Days
from wuzha.web.campaign.writers.briefing import BriefingWriter
from wuzha.web.campaign.writers.model import Ask

OFFICE = "石桥县反诈联席办"
# An event that is worth a briefing, of a week or more ago.
PEOPLE, AGO = 60, timedelta(days=7)


def load_sample_briefings(units: Mapping[str, Unit], users: Mapping[str, User], today: date, now: datetime) -> None:
    """Both through the doors of any other paper. A ledger too small for them has none."""
    office, officer = units[ROOT], users["officer"]
    events = Record.objects.filter(kind="rally", people__gte=PEOPLE, happened_on__lte=today - AGO)
    event = events.filter(replaced_by=None, withdrawn=False).first()
    if event is not None:
        draft = _draft(office, officer, {"record": str(event.pk)}, now)
        if draft is not None:
            issue_paper(actor=officer, draft=draft, now=now, rules=BriefingWriter.rules)
    _draft(office, officer, {"month": f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"}, now)


def _draft(office: Unit, officer: User, asked: Mapping[str, Any], now: datetime) -> DraftPaper | None:
    today = timezone.localdate(now)
    writer = BriefingWriter(Ask("briefing", office, None, asked, Days(today, today), today))
    proposed = writer.propose()
    if proposed is None:
        return None
    said = {**proposed, "signed_by": OFFICE, "file_record": False, "copied_to": "报：县委、县政府。送：各乡镇、街道"}
    paper = writer.draw(said).paper
    if paper is None:
        return None
    drawn = Drawn(paper, asked, said, today, today)
    return draft_paper(actor=officer, unit=office, addressee=None, drawn=drawn, now=now)
