"""What was counted, in words that a test can compare."""

from collections.abc import Mapping

from wuzha.core.assessment.model import Status
from wuzha.web.campaign.queries.totals import PlanCounts


def read_counts(counts: PlanCounts, place: int = 0) -> dict[str, Mapping[Status, int]]:
    """Of one duty: how many obligations of each unit stand how, without units that have none."""
    found = {code: counts.find(place, code) for code in counts.roster.codes}
    return {code: by_status for code, by_status in found.items() if by_status}
