"""space: no stretch of a road without one — the longest gap between standing sites, ends of the road included."""

from fractions import Fraction
from itertools import pairwise

from wuzha.core.duty.kinds.keep import list_standing, list_until
from wuzha.core.duty.kinds.measure import NO_BASE, list_ids, make_unknown
from wuzha.core.duty.kinds.verb import Verb, remember_all
from wuzha.core.duty.model import Question, Tally


def tally_gap(question: Question) -> Tally:
    """``value`` is the longest gap in metres, ``of`` the road's length. Sites without a place on it do not help."""
    duty, day = question.duty, question.days.last_day
    road = question.unit.find_attribute(find_length_name(duty.along), question.base_on)
    if road is None or duty.target is None:
        return make_unknown(NO_BASE)
    sites = [fact for fact in list_standing(duty, list_until(question, day), day) if fact.at_m is not None]
    places = sorted(Fraction(fact.at_m) for fact in sites if fact.at_m is not None and 0 <= fact.at_m <= road.value)
    gap = max((after - before for before, after in pairwise((Fraction(0), *places, road.value))), default=Fraction(0))
    return Tally(gap, duty.target.amount, of=road.value, records=list_ids(sites))


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
)
