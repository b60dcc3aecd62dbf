"""The facts of a round of inspection for its paper. Reads only."""

from datetime import date, datetime

from django.urls import reverse

from wuzha.core.ledger.record import find_limit
from wuzha.core.paper.inspection_paper import RoundFacts, SeenItem, ToldFinding
from wuzha.core.supervision.checklist import Verdict, count_verdicts
from wuzha.web.campaign.models import InspectionFinding, InspectionRound, InspectionVisit
from wuzha.web.campaign.queries.inspections import find_report, list_standings, read_answers, read_items
from wuzha.web.campaign.queries.papers import Days


def gather_round_facts(pk: int, days: Days) -> RoundFacts | None:
    """What the round had come to on that day, as known by the other; none where it has not been drawn."""
    row = InspectionRound.objects.select_related("unit", "draw").filter(pk=pk, draw__isnull=False).first()
    if row is None:
        return None
    limit = find_limit(days.known_by)
    visits = list(row.visits.select_related("unit", "report", "called_off"))
    seen = [visit for visit in visits if _is_seen(visit, days.as_of, limit)]
    return RoundFacts(
        title=row.title,
        office=row.unit.name,
        opens_on=row.opens_on,
        last_on=row.last_on,
        candidates=len(row.candidates),
        drawn=len(visits),
        visited=len(seen),
        called_off=sum(1 for visit in visits if hasattr(visit, "called_off") and visit.called_off.at <= limit),
        how="封存的号码事先公布的摘要" if row.digest else f"公开的号码（{row.source}）",
        seed=row.digest or row.draw.seed,
        items=_count_items(row, seen),
        findings=_list_findings(row, days),
        as_of=days.as_of,
        known_by=days.known_by,
        address=reverse("campaign:inspection", args=[row.pk]),
    )


def _is_seen(visit: InspectionVisit, as_of: date, limit: datetime) -> bool:
    report = find_report(visit)
    return report is not None and report.made_on <= as_of and report.made_at <= limit


def _count_items(row: InspectionRound, seen: list[InspectionVisit]) -> tuple[SeenItem, ...]:
    """In the order of the checklist; what was drawn nowhere is left out."""
    counted = count_verdicts([answer for visit in seen for answer in read_answers(find_report(visit))])
    return tuple(
        SeenItem(
            item.code, item.title, *(counted[item.code][one] for one in (Verdict.GOOD, Verdict.BAD, Verdict.UNSEEN))
        )
        for item in read_items(row)
        if item.code in counted
    )


def _list_findings(row: InspectionRound, days: Days) -> tuple[ToldFinding, ...]:
    """In the order of the roster."""
    found = list_standings(InspectionFinding.objects.filter(visit__round=row), days.as_of, days.known_by)
    found.sort(key=lambda one: (one.finding.unit.path, one.finding.pk))
    return tuple(ToldFinding(one.finding.unit.name, one.finding.title, one.finding.words, one.mending) for one in found)
