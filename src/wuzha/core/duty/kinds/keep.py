"""keep: have things standing — sites of a kind that are up, and seen recently enough, on the last day asked about."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from wuzha.core.duty.kinds.measure import (
    NO_BASE,
    add_up,
    find_base,
    find_goal,
    is_counted,
    make_unknown,
    order_by_time,
    read_measure,
)
from wuzha.core.duty.kinds.verb import Verb, remember_all
from wuzha.core.duty.model import Duty, Fact, Question, SiteChange, Tally

UP = (SiteChange.INSTALL, SiteChange.SEEN, "")
DOWN = (SiteChange.REMOVE, SiteChange.DAMAGE)


def tally_kept(question: Question) -> Tally:
    duty, day = question.duty, question.days.last_day
    goal = find_goal(duty, question.unit, question.base_on)
    if goal is None:
        return make_unknown(NO_BASE)
    facts = list_until(question, day)
    sites = list_standing(duty, facts, day)
    loose = [fact for fact in facts if not fact.subject]
    value = add_up(sites, duty.measure) + _count_loose(duty, loose, day)
    behind = tuple(fact.id for fact in (*sites, *loose))
    return Tally(value, goal, of=find_base(duty, question.unit, question.base_on), records=behind)


def list_until(question: Question, day: date) -> list[Fact]:
    """The facts that count up to that day, oldest first."""
    facts = (f for f in question.facts if f.happened_on <= day and is_counted(question.duty.narrow, f))
    return sorted(facts, key=order_by_time)


def list_standing(duty: Duty, facts: Iterable[Fact], day: date) -> list[Fact]:
    """For each numbered site that stands on that day, the record that put it up. ``facts`` are oldest first."""
    put_up: dict[str, Fact] = {}
    last: dict[str, Fact] = {}
    for fact in facts:
        if fact.subject:
            last[fact.subject] = fact
            if fact.change != SiteChange.SEEN or fact.subject not in put_up:
                put_up[fact.subject] = fact
    return [put_up[site] for site, fact in last.items() if fact.change in UP and _is_fresh(duty, fact, day)]


def _count_loose(duty: Duty, facts: list[Fact], day: date) -> Fraction:
    """Things put up without a number of their own: put up less taken down, never below none."""
    seen = [fact for fact in facts if fact.change in UP]
    if not seen or not _is_fresh(duty, seen[-1], day):
        return Fraction(0)
    put_up = sum((read_measure(f, duty.measure) for f in seen if f.change != SiteChange.SEEN), Fraction(0))
    return max(Fraction(0), put_up - add_up((f for f in facts if f.change in DOWN), duty.measure))


def _is_fresh(duty: Duty, fact: Fact, day: date) -> bool:
    return duty.seen_every_days is None or (day - fact.happened_on).days <= duty.seen_every_days


KEEP = Verb(
    name="keep",
    shapes=frozenset({"site"}),
    takes=frozenset({"at_least", "by", "from", "during", "sum", "where", "seen_every"}),
    needs=frozenset({"at_least"}),
    tally=tally_kept,
    remembers=remember_all,
)
