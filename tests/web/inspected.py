"""A round of inspection of 青石镇 with everything that it can have, for the tests that send the outsider."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from tests.web.cast import Cast
from wuzha.web.campaign.models import InspectionFinding, InspectionReport, InspectionRound, InspectionVisit


def make_inspections(cast: Cast, now: datetime, number: int, record: UUID) -> None:
    """A round of the town, drawn, with a visit at its village and a finding there."""
    today = timezone.localdate(now)
    days = {"opens_on": today, "last_on": today, "quarter": "2026-Q4"}
    asked = {"units_asked": 1, "items_asked": 1, "records_asked": 0, "items": [], "candidates": ["SQ0101"]}
    acts = {"created_by": cast.town_officer, "post": "officer", "created_at": now}
    row = InspectionRound(pk=number, unit=cast.town, title="青石镇检查", area=cast.town, kinds=["village"], **days)
    for name, value in (asked | acts | {"method": "sealed", "sealed": "1", "digest": "2"}).items():
        setattr(row, name, value)
    row.save(force_insert=True)
    plain = {"unit": cast.village, "place": 1, "quarter": "2026-Q4", "turn": 1, "items": [], "records": []}
    visit = InspectionVisit.objects.create(pk=number, round=row, **plain)
    made = {"made_on": today, "answers": [], "inspector": cast.town_officer, "post": "officer", "made_at": now}
    InspectionReport.objects.create(visit=visit, record_id=record, **made)
    said = {"number": "查1", "item": "sites", "title": "阵地", "words": "柳湾村宣传栏", "found_on": today}
    told = said | {"mend_by": today + timedelta(days=9), "photo": record}
    InspectionFinding.objects.create(pk=number, visit=visit, unit=cast.village, **told)
