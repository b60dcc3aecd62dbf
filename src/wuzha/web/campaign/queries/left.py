"""What a unit that closed leaves behind: open files and what still stands, which go over to nobody by themselves."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from wuzha.core.ledger.sites import count_open_files, count_standing
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.queries.tallies import in_effect, list_rows


@dataclass(frozen=True, slots=True)
class Left:
    """How many files of a closed unit are open, and how many things that it put up stand."""

    files: int
    sites: int


def find_left(unit: Unit, as_of: date) -> Left | None:
    """None for a unit that is open on the day, and for one that left nothing.

    A number is its unit's own, so that nothing is handed over without being entered anew: two files with the number 1
    would become one.
    """
    if unit.closes_on > as_of:
        return None
    kinds = {code: kind.shape for code, kind in load_kinds().items() if kind.shape in ("check", "site")}
    rows = list_rows(in_effect() & Q(unit=unit, kind__in=kinds, happened_on__lte=as_of), {unit.pk: unit.code})
    files = count_open_files(row for row in rows if kinds[row.kind] == "check")
    sites = count_standing(row for row in rows if kinds[row.kind] == "site")
    return Left(files, sites) if files or sites else None
