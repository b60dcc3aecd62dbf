"""A checklist that was filled on a phone without a network: reported as from the desk, and taken in once."""

from dataclasses import dataclass
from uuid import UUID

from wuzha.core.base.problem import Problem
from wuzha.web.campaign.actions.door import Result
from wuzha.web.campaign.actions.inspections import Actor, Seen, report_visit, write_answers
from wuzha.web.campaign.models import InspectionReport, InspectionVisit


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it. ``report`` is what is kept under its id; ``problems`` say why nothing is."""

    result: Result
    report: InspectionReport | None = None
    problems: tuple[Problem, ...] = ()


def take_in_checklist(*, actor: Actor, visit: InspectionVisit, seen: Seen) -> Outcome:
    """The same id with the same content again is success; with another content the first one stays."""
    before = _find_report(seen.record_id)
    problems = [] if before else report_visit(actor=actor, visit=visit, seen=seen)
    # Looked at after the act: of two that came at the same moment the second finds the first one's.
    kept = before or _find_report(seen.record_id)
    if kept is None:
        return Outcome(Result.REFUSED, problems=tuple(problems))
    if not _says_same(kept, visit, seen):
        return Outcome(Result.CONFLICT, kept)
    return Outcome(Result.KNOWN if before else Result.SAVED, kept)


def _find_report(record_id: UUID) -> InspectionReport | None:
    return InspectionReport.objects.filter(record_id=record_id).first()


def _says_same(kept: InspectionReport, visit: InspectionVisit, seen: Seen) -> bool:
    held = (kept.visit_id, kept.made_on, kept.note, kept.answers)
    return held == (visit.pk, seen.on, seen.note, write_answers(seen, seen.awaited))
