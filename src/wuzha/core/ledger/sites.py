"""What hangs where and which files are open, from the records as of a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from wuzha.core.duty.kinds.keep import count_pile
from wuzha.core.duty.kinds.measure import order_by_time
from wuzha.core.duty.model import Fact, SiteChange

GONE = (SiteChange.REMOVE,)
# A record of these says nothing of where the site is that the one before has not said.
KEEPS_PLACE = (SiteChange.SEEN, SiteChange.DAMAGE, SiteChange.REPLACE, SiteChange.REMOVE)


@dataclass(frozen=True, slots=True)
class Site:
    """One thing put up at a place. ``put_up`` is the record that put it up, ``last`` the latest one about it."""

    unit: str
    kind: str
    subject: str
    put_up: Fact
    last: Fact

    @property
    def is_standing(self) -> bool:
        return self.last.change not in (*GONE, SiteChange.DAMAGE)

    @property
    def is_damaged(self) -> bool:
        return self.last.change == SiteChange.DAMAGE

    @property
    def place(self) -> str:
        return self.put_up.place or self.last.place

    def count_unseen_days(self, as_of: date) -> int:
        """Days since anybody last wrote of it."""
        return (as_of - self.last.happened_on).days


def list_sites(facts: Iterable[Fact]) -> list[Site]:
    """The numbered sites that are there, damaged ones too, without those taken down; by unit, kind and number.

    ``facts`` are the records in effect, of kinds that are sites, up to the day asked about.
    """
    put_up: dict[tuple[str, str, str], Fact] = {}
    last: dict[tuple[str, str, str], Fact] = {}
    for fact in sorted((fact for fact in facts if fact.subject), key=order_by_time):
        key = (fact.unit, fact.kind, fact.subject)
        last[key] = fact
        if key not in put_up or fact.change not in KEEPS_PLACE:
            put_up[key] = fact
    there = (key for key in sorted(last) if last[key].change not in GONE)
    return [Site(*key, put_up[key], last[key]) for key in there]


def count_open_files(facts: Iterable[Fact]) -> int:
    """How many files are on the register: enrolled, and not closed since. ``facts`` are in effect, of such kinds."""
    last: dict[tuple[str, str, str], Fact] = {}
    for fact in sorted(facts, key=order_by_time):
        if fact.subject and fact.change in (SiteChange.ENROL, SiteChange.CLOSE):
            last[fact.unit, fact.kind, fact.subject] = fact
    return sum(1 for fact in last.values() if fact.change == SiteChange.ENROL)


def count_standing(facts: Iterable[Fact]) -> int:
    """How many things stand, with a number and without one. ``facts`` are in effect, of kinds that are sites."""
    known = sorted(facts, key=order_by_time)
    piles: dict[tuple[str, str], list[Fact]] = {}
    for fact in known:
        if not fact.subject:
            piles.setdefault((fact.unit, fact.kind), []).append(fact)
    loose = sum(int(count_pile(pile)) for pile in piles.values())
    return loose + sum(1 for site in list_sites(known) if site.is_standing)
