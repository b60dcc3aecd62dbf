"""The lines of a plan that name people with a number. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass

from wuzha.core.plan.lint.privacy import mask_people
from wuzha.web.campaign.models import PlanVersion
from wuzha.web.campaign.queries.plans import read_text


@dataclass(frozen=True, slots=True)
class CoveredLine:
    """A line of a plan that names people, counted from 1: as it is shown, and as it stands in the document."""

    number: int
    masked: str
    original: str


def list_covered_lines(plan: PlanVersion) -> list[CoveredLine]:
    """The lines of the document, or of the plan file where there is none, that name people with a number."""
    return list(_find_covered(read_text(plan) or plan.text))


def _find_covered(text: str) -> Iterator[CoveredLine]:
    for number, line in enumerate(text.split("\n"), 1):
        masked = mask_people(line)
        if masked != line:
            yield CoveredLine(number, masked, line)
