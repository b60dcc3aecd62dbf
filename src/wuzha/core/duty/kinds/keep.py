"""keep: have things standing — sites of a kind that are up, and seen recently enough, on the last day asked about."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from wuzha.core.duty.kinds.measure import (
    NO_BASE,
    add_up,
    find_base,
    find_goal,
    is_counted,
    list_ids,
    make_unknown,
    order_by_time,
    read_measure,
)
from wuzha.core.duty.kinds.verb import Verb, always, remember_all
from wuzha.core.duty.model import Duty, Fact, Question, SiteChange, Tally

UP = (SiteChange.INSTALL, SiteChange.SEEN, SiteChange.REPLACE, "")
# What one thing of a record adds to those that stand, and to those that wait to be replaced.
SIGNS: Mapping[str, int] = MappingProxyType({SiteChange.REMOVE: -1, SiteChange.DAMAGE: -1, SiteChange.SEEN: 0})
DAMAGES: Mapping[str, int] = MappingProxyType({SiteChange.DAMAGE: 1, SiteChange.REPLACE: -1})


def tally_kept(question: Question) -> Tally:
    duty, day = question.duty, question.days.last_day
    facts = list_until(question, day)
    sites = list_standing(duty, facts, day)
    piles = list_piles(duty, facts, day)
    loose = sum((count_pile(pile, duty.measure) for pile in piles), Fraction(0))
    tally = hold_kept(question, add_up(sites, duty.measure) + loose)
    found = (*sites, *(fact for pile in piles for fact in pile))
    return tally if tally.value is None else replace(tally, records=list_ids(found))


def hold_kept(question: Question, amount: Fraction) -> Tally:
    duty, unit, day = question.duty, question.unit, question.base_on
    goal = find_goal(duty, unit, day)
    return make_unknown(NO_BASE) if goal is None else Tally(amount, goal, of=find_base(duty, unit, day))


def list_until(question: Question, day: date) -> list[Fact]:
    """The facts that count up to that day, oldest first."""
    facts = (f for f in question.facts if f.happened_on <= day and is_counted(question.duty.narrow, f))
    return sorted(facts, key=order_by_time)


def list_standing(duty: Duty, facts: Iterable[Fact], day: date) -> list[Fact]:
    """For each numbered site that stands on that day, the record that put it up. ``facts`` are oldest first.

    Who looks after a site, or renews it, need not tell its size and place again: those of the record that put it up
    hold until it is put up anew. A replaced site stands on. A number is that of one kind of site of one unit.
    """
    put_up: dict[tuple[str, str, str], Fact] = {}
    last: dict[tuple[str, str, str], Fact] = {}
    for fact in facts:
        if fact.subject:
            site = (fact.unit, fact.kind, fact.subject)
            last[site] = fact
            if fact.change in (SiteChange.INSTALL, "") or site not in put_up:
                put_up[site] = fact
    return [put_up[site] for site, fact in last.items() if fact.change in UP and _is_fresh(duty, fact, day)]


def list_piles(duty: Duty, facts: Iterable[Fact], day: date) -> list[list[Fact]]:
    """What has no number of its own, by the unit that recorded it and its kind; only where somebody saw it lately.

    ``facts`` are oldest first. Who looks after the banners of one village has not seen those of the next.
    """
    piles: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        if not fact.subject:
            piles.setdefault((fact.unit, fact.kind), []).append(fact)
    return [pile for pile in piles.values() if not _is_stale(duty, pile, day)]


def _is_stale(duty: Duty, pile: Iterable[Fact], day: date) -> bool:
    seen = [fact for fact in pile if fact.change in UP]
    return bool(seen) and not _is_fresh(duty, seen[-1], day)


def count_pile(facts: Iterable[Fact], measure: str = "") -> Fraction:
    """Put up less taken down, never below none. ``facts`` are one unit's of one kind, oldest first.

    A replacement puts back what was damaged before it, and no more: a worn one that is renewed stood already.
    """
    standing = damaged = Fraction(0)
    for fact in facts:
        amount = read_measure(fact, measure)
        if fact.change == SiteChange.REPLACE:
            amount = min(amount, damaged)
        standing += amount * SIGNS.get(fact.change, 1)
        damaged += amount * DAMAGES.get(fact.change, 0)
    return max(Fraction(0), standing)


def _is_fresh(duty: Duty, fact: Fact, day: date) -> bool:
    return duty.seen_every_days is None or (day - fact.happened_on).days <= duty.seen_every_days


KEEP = Verb(
    name="keep",
    shapes=frozenset({"site"}),
    takes=frozenset({"at_least", "by", "from", "during", "sum", "where", "seen_every"}),
    needs=frozenset({"at_least"}),
    tally=tally_kept,
    hold=hold_kept,
    remembers=remember_all,
    stands=always,
)
