"""Measures are given with the paper that gives them, and what happens to them is added. Each is a named person's act.

A measure and its paper come into being in one transaction: there is none without the other.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from wuzha.core.base.problem import Problem, has_errors, make_problem
from wuzha.core.supervision.life import Event, EventKind, Giving, Named, apply_event, check_event
from wuzha.core.supervision.model import Ladder
from wuzha.web.accounts.access import has_role
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import Post, Unit, User
from wuzha.web.campaign.models import IssuedPaper, LadderVersion, Measure, PaperEvent
from wuzha.web.campaign.queries.measures import UnitCase, find_case

Problems = tuple[Problem, ...]


class NotGivenError(Exception):
    """The measure that the paper would give is not in order; ``problems`` say why."""

    def __init__(self, problems: Problems) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Said:
    """What is told of a paper or its measure: the kind of event, in which words, until when."""

    kind: str
    note: str = ""
    until: date | None = None
    is_alone: bool = False


@transaction.atomic
def keep_ladder(*, actor: User, unit: Unit, text: str, reason: str, now: datetime) -> LadderVersion:
    """The unit's ladder from today on. What has begun goes on by the ladder under which it was given.

    The ladder that holds already is not kept again.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    last = LadderVersion.objects.filter(unit=unit).first()
    if last is not None and last.text == text:
        return last
    row = LadderVersion(unit=unit, text=text, reason=reason, made_by=actor, made_at=now)
    row.starts_on = timezone.localdate(now)
    row.save(force_insert=True)
    write_audit(action="ladder.changed", actor=actor, target=row, at=now, unit=unit.code, reason=reason)
    return row


def check_giving(*, actor: User, paper: Any, now: datetime) -> Problems:
    """What keeps the draft or paper from giving the measure that it is drafted for; nothing for one that gives none."""
    told = paper.asked.get("measure")
    if not told:
        return ()
    return tuple(_check(actor, paper, _read_named(told), timezone.localdate(now))[0])


def give_measure(*, actor: User, paper: IssuedPaper, now: datetime) -> Measure | None:
    """The measure that the paper gives, written in the transaction in which the paper is issued; none for a paper that
    gives none. Raises ``NotGivenError`` when it is not in order, and then there is no paper either."""
    told = paper.asked.get("measure")
    if not told or paper.addressee is None:
        return None
    # Two persons who give the same unit the same step wait for each other.
    Unit.objects.select_for_update(no_key=True).get(pk=paper.addressee.pk)
    today, named = timezone.localdate(now), _read_named(told)
    problems, case, event = _check(actor, paper, named, today)
    if has_errors(problems) or case is None or event is None or event.giving is None:
        raise NotGivenError(tuple(problems))
    return _keep(actor, paper, case, event, now)


def _read_named(told: dict[str, Any]) -> tuple[Named, ...]:
    return tuple(Named(one["duty"], tuple(one["windows"])) for one in told["about"])


def _check(
    actor: User, paper: Any, named: tuple[Named, ...], today: date
) -> tuple[list[Problem], UnitCase | None, Event | None]:
    """What is out of order with giving it today, what it rests on as of the paper's day, and the giving itself."""
    told, unit = paper.asked["measure"], paper.addressee
    case = find_case(unit, paper.asked["plan"], paper.as_of)
    if case is None:
        return [make_problem("supervision.plan-gone")], None, None
    until = paper.said.get("answer_by") if paper.form == "supervise" else None
    giving = Giving(told["step"], unit.code, named, date.fromisoformat(until) if until else None)
    post = _find_post(actor, paper.unit, told["step"], case, today)
    event = Event("", EventKind.GIVEN, today, str(actor.pk), post, told["reason"], giving)
    now = case if paper.as_of == today else find_case(unit, paper.asked["plan"], today)
    problems = [*check_event(event, (now or case).history, case.ladder.ladder, (unit.code,))]
    problems += _check_facts(named, [one for one in (case, now) if one is not None])
    if case.ladder.version != (now or case).ladder.version or told["ladder"] != _number(case):
        problems.append(make_problem("supervision.ladder-changed"))
    if not told["reason"].strip() and not case.is_proposed(told["step"], named):
        problems.append(make_problem("supervision.reason-by-hand"))
    return problems, case, event


def _number(case: UnitCase) -> int | None:
    return case.ladder.version.pk if case.ladder.version else None


def _find_post(actor: User, office: Unit, step: str, case: UnitCase, today: date) -> str:
    """As what the person gives the step: the post that the step allows, if they hold it at the office or above."""
    found = case.ladder.ladder.by_code.get(step)
    posts = found.given_by if found else ()
    return next((post for post in posts if has_role(actor, office, today, post)), "")


def _check_facts(named: Iterable[Named], cases: Iterable[UnitCase]) -> Iterator[Problem]:
    """Every window named stands against the unit still."""
    cases = list(cases)
    for one in named:
        for label in one.windows:
            if any(case.find_window(one.duty, label) is None for case in cases):
                yield make_problem("supervision.made-good", duty=one.duty, window=label)


def _keep(actor: User, paper: IssuedPaper, case: UnitCase, event: Event, now: datetime) -> Measure:
    giving, step = event.giving, case.ladder.ladder.by_code[paper.asked["measure"]["step"]]
    if giving is None:
        raise NotGivenError(())
    made = apply_event(event, {}, case.ladder.ladder)[event.measure]
    facts = [case.find_window(one.duty, label) for one in giving.named for label in one.windows]
    row = Measure(paper=paper, unit=case.unit, office=paper.unit, version=case.in_force.version)
    row.ladder, row.step, row.step_title, row.step_title_en = case.ladder.version, step.code, step.title, step.title_en
    row.about = [{"duty": one.duty, "windows": list(one.windows)} for one in giving.named]
    row.facts = [dict(window.facts) for window in facts if window]
    row.reason, row.as_of, row.known_by = event.note, paper.as_of, timezone.localdate(now)
    row.given_on, row.given_by, row.post = event.on, actor, event.post
    row.answer_by, row.mend_by, row.appeal_by = made.answer_by, made.mend_by, made.appeal_by
    row.look_back_days = case.ladder.ladder.look_back_days
    row.save(force_insert=True)
    told = {"unit": case.unit.code, "step": step.code, "post": event.post, "paper": paper.number}
    write_audit(action="measure.given", actor=actor, target=row, at=now, about=row.about, **told)
    return row


@transaction.atomic
def tell_event(
    *, actor: User, paper: IssuedPaper, said: Said, post: Post, now: datetime
) -> tuple[PaperEvent | None, Problems]:
    """What happened to a paper, or to the measure it gave, added to its life; none and why where it is out of order.

    ``post`` is as what the person tells it.
    """
    held = IssuedPaper.objects.select_for_update(of=("self",)).only("pk").get(pk=paper.pk)
    events, today = list(PaperEvent.objects.filter(paper=held).order_by("number")), timezone.localdate(now)
    row = PaperEvent(paper=paper, number=len(events) + 1, kind=said.kind, on=today, note=said.note.strip())
    row.until, row.is_alone = said.until, said.is_alone
    row.unit, row.post, row.made_by, row.made_at = post.unit, post.role, actor, now
    problems = tuple(_check_telling(row, events, today))
    if has_errors(problems):
        return None, problems
    row.save(force_insert=True)
    told = {"paper": paper.number, "unit": post.unit.code, "post": post.role}
    write_audit(action=f"measure.{said.kind}", actor=actor, target=row, at=now, note=row.note, **told)
    return row, problems


def _check_telling(row: PaperEvent, events: list[PaperEvent], today: date) -> Iterator[Problem]:
    if not row.note and row.kind != "cleared":
        yield make_problem("supervision.words-missing")
    measure = Measure.objects.filter(paper=row.paper_id).select_related("unit").first()
    if measure is not None:
        made = measure.to_core(events, today)
        yield from check_event(row.to_core(made.id), {made.id: made}, Ladder("", ()), (made.unit,))
    elif row.kind != "answered":
        yield make_problem("supervision.not-given", measure=row.paper.number)
    elif events:
        yield make_problem("supervision.answered-twice")
