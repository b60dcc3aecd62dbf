"""attain: bring an indicator to a value — a sum, a share of those asked, or a change against an earlier period.

How sure the value is follows from the tally alone: see :mod:`wuzha.core.assessment.certainty`.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from wuzha.core.base.interval import Interval, make_inclusive
from wuzha.core.duty.kinds.measure import NO_BASE, add_up, is_counted, list_ids, make_unknown
from wuzha.core.duty.kinds.verb import Verb, remember_all
from wuzha.core.duty.model import Fact, Question, Tally, Target

NO_DATA = "no-data"


def tally_indicator(question: Question) -> Tally:
    target = question.duty.target
    facts = [fact for fact in question.facts if is_counted(question.duty.narrow, fact)]
    now = _list_within(facts, question.days)
    if not now or target is None:
        return make_unknown(NO_DATA)
    if target.against:
        return _tally_change(question, target, now, _list_within(facts, find_base_days(question.days, target.against)))
    if target.share:
        return _tally_share(target, now)
    return Tally(add_up(now, question.duty.measure), target.amount, of=Fraction(len(now)), records=list_ids(now))


def find_base_days(days: Interval, against: str) -> Interval:
    """The days compared with: the same days of last year, or as many days just before."""
    if against == "last_period":
        return Interval(days.opens - (days.closes - days.opens), days.opens)
    return make_inclusive(_year_before(days.opens), _year_before(days.last_day))


def _tally_change(question: Question, target: Target, now: list[Fact], then: list[Fact]) -> Tally:
    measure = question.duty.measure
    value, base = add_up(now, measure), add_up(then, measure)
    if base == 0:
        return make_unknown(NO_BASE)
    return Tally(value / base - 1, target.amount, of=base, records=list_ids((*now, *then)))


def _tally_share(target: Target, now: list[Fact]) -> Tally:
    asked = sum(fact.people or 0 for fact in now)
    hits = min(asked, sum(fact.quantity for fact in now))
    if not asked:
        return make_unknown(NO_DATA)
    return Tally(Fraction(hits, asked), target.amount, of=Fraction(asked), records=list_ids(now))


def _list_within(facts: Iterable[Fact], days: Interval) -> list[Fact]:
    return [fact for fact in facts if fact.happened_on in days]


def _year_before(day: date) -> date:
    """The same day a year earlier; 29 February becomes 28 February."""
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)


ATTAIN = Verb(
    name="attain",
    shapes=frozenset({"count"}),
    takes=frozenset({"at_least", "at_most", "change", "every", "month_ends", "by", "from", "during", "sum"}),
    needs=frozenset(),
    tally=tally_indicator,
    remembers=remember_all,
    settles=True,
)
