"""Why: what a standing is made of and what was left out of it, and which duties a record served or why it did not.

The same engine answers: nothing is decided here that :mod:`wuzha.core.assessment.assess` has not decided.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from wuzha.core.assessment.assess import Borne, Past, ask, complete_duty, is_asked, list_borne, stand
from wuzha.core.assessment.model import Obligation, Standing
from wuzha.core.assessment.obligations import expand_obligations, find_due_day
from wuzha.core.assessment.pace import Place
from wuzha.core.assessment.role import Cause, Causes, Role, keep_narrow, tell_roles
from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import Attribute, Tree, Unit
from wuzha.core.base.windows import Window
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.kinds.cover import find_base_name
from wuzha.core.duty.kinds.measure import order_by_time
from wuzha.core.duty.kinds.space import find_length_name
from wuzha.core.duty.model import Duty, Narrow, OnDayOff, Question
from wuzha.core.ledger.credit import list_credits, list_feeding_kinds
from wuzha.core.ledger.record import Kinds, Moment, Record, keep_in_effect, keep_known
from wuzha.core.plan.model import Plan

# Records of other days are told of when they lie so near the window that somebody may have meant it.
NEAR = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked about: a plan over units and the whole ledger, voided records too, as of a day."""

    plan: Plan
    tree: Tree
    records: Sequence[Record]
    kinds: Kinds
    as_of: date
    known_by: Moment | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A record with its role in a standing. ``is_late``: it counts, but happened after the due day."""

    record: Record
    cause: Cause
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Goal:
    """What the goal is made of.

    ``amount`` is the plan's number, a share where ``is_share``; ``base`` the attribute that it is taken of, in force on
    ``base_on``, none where the unit has none or the goal needs none (``base_name`` is empty then). ``is_rounded``: the
    product was rounded up to whole things. ``value`` is the goal itself, none when not known.
    """

    value: Fraction | None
    amount: Fraction
    is_share: bool
    base_name: str
    base: Attribute | None
    base_on: date
    is_rounded: bool


@dataclass(frozen=True, slots=True)
class Move:
    """A due day that a day off moved, from ``plain_on``. Of a year that ``is_published`` the days off are known."""

    plain_on: date
    rule: OnDayOff
    is_published: bool


@dataclass(frozen=True, slots=True)
class Why:
    """A standing explained. ``parts`` are in order of time; ``far`` counts records of other days that lie far off.

    ``move`` is none where the due day stands as the plan says it.
    """

    duty: Duty
    unit: Unit
    standing: Standing
    goal: Goal | None
    move: Move | None
    parts: tuple[Part, ...]
    far: int

    @property
    def counted(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if not part.cause.role.is_left_out)

    @property
    def left_out(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.cause.role.is_left_out)


@dataclass(frozen=True, slots=True)
class Service:
    """What a record is to one duty: for ``unit`` in ``window`` where it is looked at there, else both are empty."""

    duty: Duty
    cause: Cause
    unit: str = ""
    window: Window | None = None
    is_late: bool = False


def explain_standing(inquiry: Inquiry, place: Place) -> Why | None:
    """None when the unit bears no such duty or window."""
    duty = inquiry.plan.find_duty(place[0])
    return _explain(inquiry, complete_duty(duty, inquiry.kinds), place) if duty else None


def explain_record(inquiry: Inquiry, record_id: UUID) -> tuple[Service, ...]:
    """What the record is to every duty of the plan, in its order. Empty for an unknown id."""
    record = next((one for one in inquiry.records if one.id == record_id), None)
    duties = (complete_duty(duty, inquiry.kinds) for duty in inquiry.plan.duties) if record else ()
    return tuple(service for duty in duties if record for service in _list_services(inquiry, duty, record))


def find_window_label(inquiry: Inquiry, duty_id: str, code: str) -> str | None:
    """The newest window of the unit that has begun by the day, or else its first; none where it bears none."""
    duty = inquiry.plan.find_duty(duty_id)
    if duty is None:
        return None
    borne = list_borne(duty, inquiry.plan.valid, inquiry.tree, (), inquiry.as_of, {code})
    owed = [one for part in borne for one in expand_obligations(duty, part.unit, part.windows)]
    begun = [one for one in owed if one.begins_on <= inquiry.as_of]
    chosen = max(begun, key=_read_opening) if begun else min(owed, key=_read_opening, default=None)
    return chosen.window.label if chosen else None


def _read_opening(obligation: Obligation) -> date:
    return obligation.window.opens


# --- a standing -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Case:
    """One obligation with everything that its answer rests on."""

    inquiry: Inquiry
    duty: Duty
    borne: Borne
    obligation: Obligation
    told: Sequence[Record]
    question: Question
    standing: Standing
    voided: Mapping[UUID, Record]

    @property
    def code(self) -> str:
        return self.borne.unit.code


def _explain(inquiry: Inquiry, duty: Duty, place: Place) -> Why | None:
    case = _open_case(inquiry, duty, place)
    if case is None:
        return None
    inside = _list_inside(case)
    parts, far = [], 0
    for record, cause in ((record, _find_cause(case, record, inside)) for record in _list_concerned(case)):
        if cause.role is Role.OTHER_DAY and not _is_near(record.happened_on, case.obligation.window.interval):
            far += 1
        else:
            is_late = cause.role is Role.COUNTED and record.happened_on > case.obligation.due_on
            parts.append(Part(record, cause, is_late))
    move = _explain_move(duty, case.obligation)
    return Why(duty, case.borne.unit, case.standing, _explain_goal(case), move, tuple(parts), far)


def _open_case(inquiry: Inquiry, duty: Duty, place: Place) -> _Case | None:
    _, code, label = place
    feeding, as_of = list_feeding_kinds(duty, inquiry.kinds), inquiry.as_of
    told = [record for record in inquiry.records if record.kind in feeding]
    known = told if inquiry.known_by is None else keep_known(told, inquiry.known_by)
    facts = [record for record in keep_in_effect(known) if record.happened_on <= as_of]
    for borne in list_borne(duty, inquiry.plan.valid, inquiry.tree, facts, as_of, {code}):
        for obligation in expand_obligations(duty, borne.unit, borne.windows):
            if obligation.window.label == label:
                past = Past.of(duty, borne.facts, borne.stays)
                question = ask(duty, borne.unit, obligation, as_of)
                question = replace(question, facts=past.answer(question))
                standing = stand(duty, borne.unit, obligation, past, as_of)
                voided = {one.replaces: one for one in known if one.replaces is not None}
                return _Case(inquiry, duty, borne, obligation, told, question, standing, voided)
    return None


def _list_concerned(case: _Case) -> Iterator[Record]:
    """The records that could be thought to count here, by time: of the unit and of all that is or was below it.

    A withdrawal is no fact of its own: its original tells of it.
    """
    units = {fact.unit for fact in case.borne.facts} | set(case.borne.stays)
    units |= {below.code for below in case.inquiry.tree.walk_down(case.code)}
    found = (record for record in case.told if record.unit in units and not record.withdrawn)
    return iter(sorted(found, key=order_by_time))


def _list_inside(case: _Case) -> Causes:
    """The role of each fact that the verb was asked about."""
    if not is_asked(case.duty, case.obligation, case.inquiry.as_of) or _is_nothing_held(case):
        return {fact.id: Cause(Role.UNCOUNTED) for fact in case.question.facts}
    pairs = keep_narrow(case.question)
    narrowed = {fact.id: Cause(Role.NARROWED, word=field) for fact, field in pairs if field}
    kept = replace(case.question, facts=tuple(fact for fact, field in pairs if not field))
    return {**tell_roles(kept, case.standing.tally), **narrowed}


def _is_nothing_held(case: _Case) -> bool:
    """Whether no figure came about at all. A change that cannot be told has its records all the same."""
    tally = case.standing.tally
    return tally.value is None and not (case.duty.verb == "attain" and tally.records)


def _find_cause(case: _Case, record: Record, inside: Causes) -> Cause:
    """Why it is where it is, from what voids a record to what its verb makes of it."""
    voided = _find_voiding(case, record)
    if voided is not None:
        return voided
    if record.happened_on > case.inquiry.as_of:
        return Cause(Role.AHEAD)
    if record.id in inside:
        return inside[record.id]
    if _is_left_behind(case, record):
        return Cause(Role.LEFT_BEHIND, word=record.unit)
    others = [] if record.id in {f.id for f in case.borne.facts} else _list_served(case.inquiry, case.duty, record)
    if others or record.happened_on in case.question.days:
        return Cause(Role.OTHER_UNIT, word=next((code for code in others if code != case.code), ""))
    return Cause(Role.OTHER_DAY)


def _is_left_behind(case: _Case, record: Record) -> bool:
    """Whether it tells of what stood in the name of a unit that has closed since."""
    verb, question = VERBS[case.duty.verb], case.question
    closes_on = case.inquiry.tree.by_code[record.unit].closes_on
    is_told = record.happened_on < question.days.closes and not verb.settles and verb.stands(case.duty)
    return is_told and verb.stands_on(question) >= closes_on and record.id in {f.id for f in case.borne.facts}


def _find_voiding(case: _Case, record: Record) -> Cause | None:
    """Whether it had not come yet, or is replaced or withdrawn by one that had."""
    by = case.inquiry.known_by
    if by is not None and not keep_known([record], by):
        return Cause(Role.NOT_RECEIVED)
    after = case.voided.get(record.id)
    if after is None:
        return None
    return Cause(Role.WITHDRAWN if after.withdrawn else Role.REPLACED, after.id)


def _is_near(day: date, days: Interval) -> bool:
    return days.opens - NEAR <= day < days.closes + NEAR


def _list_served(inquiry: Inquiry, duty: Duty, record: Record) -> list[str]:
    """The units that the record credits, whatever the duty's own words narrow."""
    plain = replace(duty, narrow=Narrow())
    return [credit.unit for credit in list_credits(record, [plain], inquiry.tree, inquiry.kinds, inquiry.as_of)]


def _explain_move(duty: Duty, obligation: Obligation) -> Move | None:
    stays = replace(duty, due=replace(duty.due, on_day_off=OnDayOff.STAY))
    plain_on, moved_on = find_due_day(stays, obligation.window), find_due_day(duty, obligation.window)
    if plain_on == moved_on or moved_on != obligation.due_on:
        return None
    return Move(plain_on, duty.due.on_day_off, duty.due.workdays.is_published(plain_on.year))


def _explain_goal(case: _Case) -> Goal | None:
    """None where nothing is held against a number: a vague duty, a paper, a round of checks."""
    target = case.duty.target
    if target is None or case.duty.vague:
        return None
    name, day = _find_base_name(case.duty), case.question.base_on
    base = case.borne.unit.find_attribute(name, day) if name else None
    goal = case.standing.tally.goal
    exact = target.amount * base.value if base is not None and (target.share or target.of) else target.amount
    return Goal(goal, target.amount, target.share, name, base, day, goal is not None and goal != exact)


def _find_base_name(duty: Duty) -> str:
    if duty.verb == "space":
        return find_length_name(duty.along)
    return find_base_name(duty) if duty.verb == "cover" else (duty.target.of if duty.target else "")


# --- a record ---------------------------------------------------------------------------------------------------------


def _list_services(inquiry: Inquiry, duty: Duty, record: Record) -> Iterator[Service]:
    if record.kind not in list_feeding_kinds(duty, inquiry.kinds):
        yield Service(duty, Cause(Role.OTHER_KIND))
        return
    if record.withdrawn:
        yield Service(duty, Cause(Role.WITHDRAWN, record.replaces))
        return
    units = _list_served(inquiry, duty, record)
    if not units:
        yield Service(duty, Cause(Role.OTHER_UNIT))
    for code in units:
        yield _find_service(inquiry, duty, record, code)


def _find_service(inquiry: Inquiry, duty: Duty, record: Record, code: str) -> Service:
    """In the window of its day; what is remembered may count only in a later one, and then in the last begun."""
    window = _find_window(inquiry, duty, record, code)
    why = _explain(inquiry, duty, (duty.id, code, window.label)) if window else None
    part = next((part for part in why.parts if part.record.id == record.id), None) if why else None
    if part is None:
        return Service(duty, Cause(Role.OTHER_DAY), code)
    return Service(duty, part.cause, code, window, part.is_late)


def _find_window(inquiry: Inquiry, duty: Duty, record: Record, code: str) -> Window | None:
    borne = list_borne(duty, inquiry.plan.valid, inquiry.tree, (), max(inquiry.as_of, record.happened_on), {code})
    windows = sorted({window for one in borne for window in one.windows})
    found = next((window for window in windows if record.happened_on in window.interval), None)
    remembers = VERBS[duty.verb].remembers
    if found is not None or remembers is None or not remembers(record):
        return found
    return _find_last(windows, record.happened_on, inquiry.as_of)


def _find_last(windows: Iterable[Window], after: date, until: date) -> Window | None:
    begun = [window for window in windows if after < window.opens <= until]
    return begun[-1] if begun else None
