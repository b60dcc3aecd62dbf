"""space: no stretch of a road without one — the longest gap between standing sites, ends of the road included.

Where the lines of the unit's roads are known, each is looked at by itself and a site stands where its place is found
to be. Where they are not, the unit has one road as long as its attribute says, and a site stands at the metre that its
record tells.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from wuzha.core.base.road import Road
from wuzha.core.base.unit import EARLIEST, LATEST, Unit
from wuzha.core.duty.kinds.keep import list_standing, list_until
from wuzha.core.duty.kinds.measure import NO_BASE, list_ids, make_unknown
from wuzha.core.duty.kinds.verb import Verb, always, remember_all
from wuzha.core.duty.model import Fact, Question, Tally
from wuzha.core.ground.gap import find_longest


def tally_gap(question: Question) -> Tally:
    """``value`` is the longest gap in metres, ``of`` the roads' length. Sites without a place on them do not help."""
    duty, day = question.duty, question.days.last_day
    roads = list_roads(question.unit, duty.along, question.base_on)
    if not roads or duty.target is None:
        return make_unknown(NO_BASE)
    sites = list_standing(duty, list_until(question, day), day)
    gap = max(find_longest(road.length_m, mark_sites(road, roads, sites).values()) for road in roads)
    placed = {subject for road in roads for subject, _ in road.marks}
    behind = [fact for fact in sites if fact.at_m is not None or fact.subject in placed]
    return Tally(gap, duty.target.amount, of=sum_lengths(roads), records=list_ids(behind))


def list_roads(unit: Unit, along: str, day: date) -> tuple[Road, ...]:
    """The unit's roads of that sort on the day; without a line, one of the length that the attribute says."""
    known = tuple(road for road in unit.roads if road.kind == along and road.is_there(day))
    length = unit.find_attribute(find_length_name(along), day)
    if known or length is None:
        return known
    return (Road("", along, length.value, EARLIEST, LATEST),)


def sum_lengths(roads: Iterable[Road]) -> Fraction:
    return sum((road.length_m for road in roads), Fraction(0))


def mark_sites(road: Road, roads: tuple[Road, ...], sites: Iterable[Fact]) -> Mapping[str, Fraction]:
    """Where on the road the sites stand, by their numbers.

    A place says more than a metre that somebody typed. The metre counts where no place is known and the unit has but
    one road, since it does not say along which.
    """
    placed, marks = {subject for other in roads for subject, _ in other.marks}, dict(road.marks)
    found: dict[str, Fraction] = {}
    for site in sites:
        if site.subject in marks:
            found[site.subject] = marks[site.subject]
        elif site.at_m is not None and len(roads) == 1 and site.subject not in placed:
            found[site.subject] = Fraction(site.at_m)
    return found


def find_length_name(along: str) -> str:
    """The attribute that holds the length of the named line: ``main_road`` is ``main_road_m`` long."""
    return f"{along}_m"


SPACE = Verb(
    name="space",
    shapes=frozenset({"site"}),
    takes=frozenset({"at_most", "along", "by", "from", "during", "seen_every", "where"}),
    needs=frozenset({"at_most", "along"}),
    tally=tally_gap,
    remembers=remember_all,
    stands=always,
)
