"""attain: bring an indicator to a value — a sum, a share of those asked, or a change against an earlier period.

A change is that of the sum or, of a survey, of the share: 80 of 100 and then 450 of 500 is a rise from 80 % to 90 %,
by an eighth. Both periods are counted over the same ground: the units that are the bearer's on the last of the days.

How sure the value is follows from the tally alone: see :mod:`wuzha.core.assessment.certainty`.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

from wuzha.core.base.interval import DAY, Interval
from wuzha.core.base.windows import find_window
from wuzha.core.duty.kinds.measure import SHARE, add_up, is_counted, list_ids, make_unknown
from wuzha.core.duty.kinds.verb import Verb, remember_all
from wuzha.core.duty.model import Duty, Fact, Question, Tally, Target

NO_DATA = "no-data"
# There are figures of the period compared with, but none of this one: nothing told is no 0.
NO_REPORT = "no-report"
# There are none of the period compared with, or they add up to 0: no change can be told in per cent.
NO_EARLIER = "no-earlier"
FROM_NOTHING = "from-nothing"


def tally_indicator(question: Question) -> Tally:
    target = question.duty.target
    facts = [fact for fact in question.facts if is_counted(question.duty.narrow, fact)]
    now = _list_within(facts, question.days)
    if target is None:
        return make_unknown(NO_DATA)
    if target.against:
        return _tally_change(question, target, now, _list_within(facts, find_base_days(question, target.against)))
    if not now:
        return make_unknown(NO_DATA)
    if target.share:
        return _tally_share(target, now)
    return Tally(add_up(now, question.duty.measure), target.amount, of=Fraction(len(now)), records=list_ids(now))


def find_base_days(question: Question, against: str) -> Interval:
    """The days compared with: the same days of last year, or those of the period before.

    Of a duty owed once the period before is as many days just before. Of one with a rhythm it is the window before:
    the whole of it once this one is over, until then its same first part. A unit that was there for a part of the
    window only is held against the same part.
    """
    days = question.days
    if against != "last_period":
        return Interval(_year_before(days.opens), _year_before(days.closes))
    if question.duty.rhythm is None:
        return Interval(days.opens - (days.closes - days.opens), days.opens)
    window = question.window
    before = find_window(question.duty.rhythm, window.opens - DAY).interval
    opens = _move(days.opens, window, before)
    return Interval(opens, before.closes if days.closes >= window.closes else _move(days.closes, window, before))


def _move(day: date, window: Interval, before: Interval) -> date:
    """As far from the opening of the window before, at most its end."""
    passed: timedelta = day - window.opens
    return min(before.opens + passed, before.closes)


def _tally_change(question: Question, target: Target, now: list[Fact], then: list[Fact]) -> Tally:
    ids = list_ids((*now, *then))
    if not now:
        return Tally(None, None, records=ids, reason=NO_REPORT if then else NO_DATA)
    if not then:
        return Tally(None, None, records=ids, reason=NO_EARLIER)
    parts = (*_measure(question.duty, now), *_measure(question.duty, then))
    value, base = _divide(parts[: len(parts) // 2]), _divide(parts[len(parts) // 2 :])
    if value is None or base is None:
        return Tally(None, None, records=ids, reason=NO_DATA if value is None else NO_EARLIER)
    if base == 0:
        return Tally(None, None, of=parts[-1], records=ids, reason=FROM_NOTHING, parts=parts)
    return Tally(value / base - 1, target.amount, of=parts[-1], records=ids, parts=parts)


def _measure(duty: Duty, facts: list[Fact]) -> tuple[Fraction, ...]:
    """The sum or, of a survey, how many of how many asked."""
    return _count_share(facts) if duty.measure == SHARE else (add_up(facts, duty.measure),)


def _divide(parts: tuple[Fraction, ...]) -> Fraction | None:
    """The sum, or the share; none where nobody was asked."""
    if len(parts) == 1:
        return parts[0]
    return parts[0] / parts[1] if parts[1] else None


def _tally_share(target: Target, now: list[Fact]) -> Tally:
    hits, asked = _count_share(now)
    if not asked:
        return make_unknown(NO_DATA)
    return Tally(hits / asked, target.amount, of=asked, records=list_ids(now), parts=(hits, asked))


def _count_share(facts: list[Fact]) -> tuple[Fraction, Fraction]:
    """Hits, never more than were asked, and how many were asked."""
    asked = sum(fact.people or 0 for fact in facts)
    return Fraction(min(asked, sum(fact.quantity for fact in facts))), Fraction(asked)


def _list_within(facts: Iterable[Fact], days: Interval) -> list[Fact]:
    return [fact for fact in facts if fact.happened_on in days]


def _year_before(edge: date) -> date:
    """The same edge between two days a year earlier: before 29 February lies what lies before 1 March.

    So February ends with its own last day in both years, and no day of the earlier year is left out.
    """
    if (edge.month, edge.day) == (2, 29):
        return date(edge.year - 1, 3, 1)
    return edge.replace(year=edge.year - 1)


def _compares(duty: Duty) -> bool:
    """A change is told of one ground, whoever it belonged to before."""
    return duty.target is not None and bool(duty.target.against)


ATTAIN = Verb(
    name="attain",
    shapes=frozenset({"count"}),
    takes=frozenset({"at_least", "at_most", "change", "every", "month_ends", "by", "from", "during", "sum"}),
    needs=frozenset(),
    tally=tally_indicator,
    remembers=remember_all,
    settles=True,
    stands=_compares,
)
