"""How a visit round stands: which numbers have been visited, which are left. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from wuzha.core.ledger.subjects import read_subjects
from wuzha.web.accounts.access import is_below
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.models import Record, SubjectList
from wuzha.web.campaign.queries.ground import load_tree

VISIT = "visit"
BASE = "households"


@dataclass(frozen=True, slots=True)
class Round:
    """``base`` is how many households there are, none if nobody knows; ``named`` and ``unnamed`` are those visited.

    ``left`` are the numbers of the list that are still to be visited, ``strange`` those visited that it does not hold.
    """

    since: date
    base: int | None
    named: int
    unnamed: int
    listed: int
    left: Sequence[str]
    strange: Sequence[str]

    @property
    def done(self) -> int:
        """Households reached, never more than there are: as a plan that covers them counts."""
        reached = self.named + self.unnamed
        return reached if self.base is None else min(reached, self.base)


def find_round(unit: Unit, today: date) -> Round:
    """The round of this year, at the unit and below it."""
    since = date(today.year, 1, 1)
    visits = Record.objects.filter(is_below(unit.path, "unit__path"), kind=VISIT, happened_on__range=(since, today))
    visits = visits.filter(withdrawn=False, replaced_by__isnull=True)
    visited = set(visits.exclude(subject="").values_list("subject", flat=True).distinct())
    unnamed = visits.filter(subject="").aggregate(n=Sum("quantity"))["n"] or 0
    listed, _ = read_subjects(find_numbers(unit))
    return Round(
        since=since,
        base=_find_base(unit, today),
        named=len(visited),
        unnamed=unnamed,
        listed=len(listed),
        left=[number for number in listed if number not in visited],
        strange=sorted(visited.difference(listed)) if listed else [],
    )


def find_numbers(unit: Unit) -> str:
    """The list as it was last written; empty when there is none."""
    row = SubjectList.objects.filter(unit=unit).last()
    return row.numbers if row else ""


def _find_base(unit: Unit, day: date) -> int | None:
    found = load_tree().by_code[unit.code].find_attribute(BASE, day)
    return None if found is None else int(found.value)
