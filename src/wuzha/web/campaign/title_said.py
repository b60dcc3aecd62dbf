"""What a person says of a title, between what was typed and what is kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as default
from datetime import date
from typing import Any

from wuzha.core.title.criteria import CriterionFinding
from wuzha.core.title.life import TitleEventKind
from wuzha.web.campaign.models import InspectionVisit, PlanVersion, TitleCriteria


@dataclass(frozen=True, slots=True)
class CriteriaSaid:
    """An issued plan, or a text in the plan language; from when on it holds and how many months it looks back."""

    title: str
    months: int
    since: date
    version: PlanVersion | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class StepSaid:
    """What a person says of a step. ``seen`` is how many steps the page showed."""

    kind: TitleEventKind
    on: date
    seen: int
    note: str = ""
    reason: str = ""
    starts_on: date | None = None
    inspection_visit: InspectionVisit | None = None
    criteria: TitleCriteria | None = None
    findings: Mapping[str, Mapping[str, Any]] = default(default_factory=dict)


def with_findings(step: StepSaid, findings: Iterable[CriterionFinding]) -> StepSaid:
    """The step with how the unit stood in each criterion when it was taken."""
    found = {one.duty.id: {"met": one.is_met, "note": ""} for one in findings}
    return replace(step, findings=found)
