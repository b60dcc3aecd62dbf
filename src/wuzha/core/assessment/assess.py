"""The specification: how every obligation of a plan stands on a day, from the records, by plain functions.

Faster engines count differently but must give the same tallies; what decides is this module alone.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from wuzha.core.assessment.model import Obligation, Standing, Status
from wuzha.core.assessment.obligations import expand_obligations, expand_windows
from wuzha.core.base.interval import DAY, Interval
from wuzha.core.base.unit import LATEST, Tree, Unit
from wuzha.core.base.windows import Window
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.kinds.check import NO_SUBJECTS
from wuzha.core.duty.kinds.cover import PERSONS
from wuzha.core.duty.kinds.measure import HEADS, SHARE, order_by_time
from wuzha.core.duty.kinds.verb import find_shortfall, is_met
from wuzha.core.duty.model import Duty, Fact, Question, Tally
from wuzha.core.duty.who import list_turns
from wuzha.core.ledger.credit import Crediting, give_credit, list_feeding_kinds, trace_nearest
from wuzha.core.ledger.record import Kinds, Moment, Record, RecordKind, keep_in_effect, keep_known
from wuzha.core.plan.model import Plan

VAGUE = "vague"
NO_SOURCE = "no-source"
NOTHING = Tally(None, None)

# By the code of a unit that was a bearer's for a time only, or closed: when.
Stays = Mapping[str, tuple[Interval, ...]]
NO_STAYS: Stays = MappingProxyType({})
ALWAYS = Interval(date.min, date.max)


def assess(
    plan: Plan, tree: Tree, records: Iterable[Record], kinds: Kinds, as_of: date, *, known_by: Moment | None = None
) -> list[Standing]:
    """Every obligation of the plan as it stands on that day, duty by duty, unit by unit, window by window.

    Facts of later days are not looked at. Records that others replace, and withdrawn ones, do not count. With
    ``known_by`` only what had been received by then is looked at (:func:`keep_known`).
    """
    told = records if known_by is None else keep_known(records, known_by)
    known = [record for record in keep_in_effect(told) if record.happened_on <= as_of]
    standings: list[Standing] = []
    for duty in plan.duties:
        standings.extend(assess_duty(complete_duty(duty, kinds), plan, tree, known, kinds, as_of))
    return standings


def complete_duty(duty: Duty, kinds: Kinds) -> Duty:
    """The duty with the measure of its record kind where it names none, and whether any record can count for it."""
    kind = kinds.get(duty.object)
    measure = duty.measure or _find_measure(duty, kind)
    return replace(duty, measure=measure, fed=bool(list_feeding_kinds(duty, kinds)))


def _find_measure(duty: Duty, kind: RecordKind | None) -> str:
    """What the duty counts that names nothing: of a survey against an earlier one the share of those asked."""
    if kind is None:
        return HEADS if duty.object in PERSONS else ""
    is_change = duty.target is not None and bool(duty.target.against)
    return SHARE if is_change and kind.is_survey else kind.counts


def assess_duty(
    duty: Duty, plan: Plan, tree: Tree, records: Iterable[Record], kinds: Kinds, as_of: date
) -> Iterator[Standing]:
    feeding = list_feeding_kinds(duty, kinds)
    facts = [record for record in records if record.kind in feeding]
    return assess_facts(duty, plan.valid, tree, facts, as_of)


def assess_facts(
    duty: Duty,
    plan_valid: Interval,
    tree: Tree,
    facts: Sequence[Fact],
    as_of: date,
    units: Collection[str] | None = None,
) -> Iterator[Standing]:
    """The standings of all bearers, or of those ``units`` by code, from facts in effect that can feed the duty."""
    for borne in list_borne(duty, plan_valid, tree, facts, as_of, units):
        yield from assess_unit(duty, borne.unit, borne.windows, borne.facts, as_of, borne.stays)


@dataclass(frozen=True, slots=True)
class Borne:
    """A unit with windows that it bears and the facts credited to it. ``stays`` as :func:`assess_unit` takes them."""

    unit: Unit
    windows: tuple[Window, ...]
    facts: Sequence[Fact]
    stays: Stays


def list_borne(
    duty: Duty,
    plan_valid: Interval,
    tree: Tree,
    facts: Sequence[Fact],
    as_of: date,
    units: Collection[str] | None = None,
) -> Iterator[Borne]:
    """Who bears which windows of the duty, with the facts that count for them.

    Who bears each window follows the tree in the window's middle, whom a fact credits the tree on its day.
    """
    turns = list_turns(duty, tree, expand_windows(duty, plan_valid), as_of)
    credited: dict[frozenset[str], tuple[Crediting, Mapping[str, list[Fact]]]] = {}
    for bearers in {turn.bearers for turn in turns}:
        crediting = trace_nearest(tree, bearers)
        credited[bearers] = crediting, give_credit(duty, crediting, facts)
    for unit in tree.units if units is None else tree.list_units(units):
        for turn in turns:
            if unit.code in turn.bearers:
                crediting, known = credited[turn.bearers]
                facts_of, moved = known.get(unit.code, ()), crediting.stays.get(unit.code, NO_STAYS)
                yield Borne(unit, turn.windows, facts_of, end_stays(duty, tree, facts_of, moved))


def end_stays(duty: Duty, tree: Tree, facts: Iterable[Fact], stays: Stays) -> Stays:
    """The stays with those of units that closed, which end on their closing day.

    What stands in the name of a closed unit nobody can check, take down or look after any more: whoever took over
    enters it anew. What happened there has happened all the same.
    """
    verb = VERBS[duty.verb]
    if verb.settles or not verb.stands(duty):
        return stays
    closed = {code: day for code in {fact.unit for fact in facts} if (day := tree.by_code[code].closes_on) < LATEST}
    ended = {
        code: tuple(stay.overlap(Interval(date.min, day)) for stay in stays.get(code, (ALWAYS,)))
        for code, day in closed.items()
    }
    return {**stays, **ended} if ended else stays


def assess_unit(
    duty: Duty,
    unit: Unit,
    windows: tuple[Window, ...],
    records: Iterable[Fact],
    as_of: date,
    stays: Stays = NO_STAYS,
) -> Iterator[Standing]:
    """One unit's standings in one duty, from the records already credited to it.

    ``stays`` tells of the units whose records were this one's for a time only, when.
    """
    past = Past.of(duty, records, stays)
    for obligation in expand_obligations(duty, unit, windows):
        yield stand(duty, unit, obligation, past, as_of)


@dataclass(frozen=True, slots=True)
class Past:
    """The facts of one unit in the order of their days, and those that later windows must remember.

    ``stays`` is empty but where things stand that belong to units which came or went.
    """

    facts: tuple[Fact, ...]
    remembered: tuple[Fact, ...]
    stays: Stays = field(default_factory=dict)

    @classmethod
    def of(cls, duty: Duty, records: Iterable[Fact], stays: Stays = NO_STAYS) -> "Past":
        facts = tuple(sorted(records, key=order_by_time))
        remembers, stands = VERBS[duty.verb].remembers, VERBS[duty.verb].stands(duty)
        remembered = tuple(fact for fact in facts if remembers(fact)) if remembers else ()
        return cls(facts, remembered, stays if stands else NO_STAYS)

    def within(self, days: Interval, stands_on: date | None = None) -> tuple[Fact, ...]:
        """The facts of these days, after what must be remembered from before them.

        Of what stands only that which belongs to the unit on the day ``stands_on``, the last of them if none is named.
        """
        before = self.remembered[: bisect_left(self.remembered, days.opens, key=_read_day)]
        first = bisect_left(self.facts, days.opens, key=_read_day)
        found = before + self.facts[first : bisect_left(self.facts, days.closes, lo=first, key=_read_day)]
        if not self.stays:
            return found
        day = stands_on or days.last_day
        return tuple(fact for fact in found if self._is_there(fact, day))

    def answer(self, question: Question) -> tuple[Fact, ...]:
        """The facts that the question is about."""
        return self.within(question.days, VERBS[question.duty.verb].stands_on(question))

    def _is_there(self, fact: Fact, day: date) -> bool:
        stays = self.stays.get(fact.unit)
        return stays is None or any(day in stay for stay in stays)


def _read_day(fact: Fact) -> date:
    return fact.happened_on


def stand(duty: Duty, unit: Unit, obligation: Obligation, past: Past, as_of: date) -> Standing:
    """Count and decide for one obligation."""
    if not is_asked(duty, obligation, as_of):
        return decide(duty, obligation, NOTHING, NOTHING, as_of)
    now = count(duty, unit, obligation, past, as_of)
    at_due = now if as_of <= obligation.due_on else count(duty, unit, obligation, past, obligation.due_on)
    return decide(duty, obligation, now, at_due, as_of)


def is_asked(duty: Duty, obligation: Obligation, as_of: date) -> bool:
    """Whether there is anything to count."""
    spared = obligation.exempt or obligation.waived
    return not (duty.vague or not duty.fed or spared or as_of < obligation.begins_on)


def count(duty: Duty, unit: Unit, obligation: Obligation, past: Past, day: date) -> Tally:
    """The tally at the end of that day, or at the window's or the unit's own end if that came first."""
    question = ask(duty, unit, obligation, day)
    return VERBS[duty.verb].tally(replace(question, facts=past.answer(question)))


def ask(duty: Duty, unit: Unit, obligation: Obligation, day: date) -> Question:
    """What the verb is asked as of that day, without the facts."""
    window = obligation.window
    days = find_counted_days(unit, window, day)
    return Question(duty, unit, days, (), window.whole, find_base_day(obligation, days))


def find_base_day(obligation: Obligation, days: Interval) -> date:
    """The day whose denominators hold: a new census restates what is still due, never what was due before it."""
    return min(days.last_day, obligation.due_on)


def find_counted_days(unit: Unit, window: Window, day: date) -> Interval:
    """The days of the window up to that day, while the unit exists."""
    return Interval(max(window.opens, unit.opens_on), min(window.closes, unit.closes_on, day + DAY))


def decide(duty: Duty, obligation: Obligation, now: Tally, at_due: Tally, as_of: date) -> Standing:
    """The status that follows from the tally as of the day and the tally as of the due day. Pure; knows no records."""
    status, reason = _find_status(duty, obligation, now, at_due, as_of)
    return Standing(obligation, now, status, find_shortfall(duty, now), reason)


def _find_status(duty: Duty, obligation: Obligation, now: Tally, at_due: Tally, as_of: date) -> tuple[Status, str]:
    unasked = _find_unasked(duty, obligation, now, as_of)
    if unasked is not None:
        return unasked
    in_time = as_of <= obligation.due_on
    if in_time and VERBS[duty.verb].settles:
        return Status.OPEN, ""
    if is_met(duty, now):
        return (Status.MET if in_time or is_met(duty, at_due) else Status.LATE), ""
    return (Status.OPEN if in_time else Status.MISSED), ""


def _find_unasked(duty: Duty, obligation: Obligation, now: Tally, as_of: date) -> tuple[Status, str] | None:
    """The answers that need no comparison: not owed, set aside, not yet, nobody to check, or not known."""
    if obligation.exempt or obligation.waived:
        return (Status.EXEMPT, obligation.exempt) if obligation.exempt else (Status.WAIVED, obligation.waived)
    if as_of < obligation.begins_on:
        return Status.UPCOMING, ""
    if duty.vague or not duty.fed:
        return Status.UNKNOWN, VAGUE if duty.vague else NO_SOURCE
    if now.reason == NO_SUBJECTS:
        return Status.EXEMPT, NO_SUBJECTS
    if now.value is None:
        return Status.UNKNOWN, now.reason
    return None


def index_by_unit(standings: Iterable[Standing]) -> Mapping[str, list[Standing]]:
    found: dict[str, list[Standing]] = {}
    for standing in standings:
        found.setdefault(standing.obligation.unit, []).append(standing)
    return found
