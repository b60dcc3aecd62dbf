"""What a person does to the duties of a draft. Each step is noted, and each can be taken back.

``revision`` is the state that the person saw; a duty that somebody else has changed since raises ``StaleError``.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import transaction

from wuzha.core.base.problem import has_errors
from wuzha.web.accounts.models import User
from wuzha.web.campaign.actions.drafts import (
    Action,
    Decision,
    Hold,
    Shape,
    change_head,
    change_rows,
    hold_draft,
    hold_row,
    take_shape,
)
from wuzha.web.campaign.layout import Stretch
from wuzha.web.campaign.models import DraftChange, DraftDuty, DraftStep, PlanVersion
from wuzha.web.campaign.queries.history import find_next_redo, find_next_undo
from wuzha.web.campaign.queries.plans import PART, encode_days, list_rows, look_at_duties

DECIDED: Mapping[str, str] = MappingProxyType(
    {Decision.ACCEPTED: Action.ACCEPT, Decision.DROPPED: Action.DROP, Decision.PROPOSED: Action.RESTORE}
)


# What the parts of a duty share, whatever each of them asks for.
SHARED = ("clause", "who", "lead", "with", "during")


class OvertakenError(Exception):
    """The step that was to be taken back is no longer the last one."""


@transaction.atomic
def decide_duty(*, actor: User, row: DraftDuty, decision: str, now: datetime, revision: int | None = None) -> None:
    """Accept, drop, or take either back."""
    hold = hold_draft(row.version, actor, now)
    fresh = hold_row(hold, row, revision)
    change_rows(hold, DECIDED[decision], [(fresh, take_shape(fresh) | {"decision": decision})])
    hold.note("plan.decide", duty=fresh.duty.get("id", ""), decision=decision)


@transaction.atomic
def mend_duty(
    *,
    actor: User,
    row: DraftDuty,
    duty: Mapping[str, Any],
    now: datetime,
    spans: Sequence[Stretch] = (),
    revision: int | None = None,
) -> None:
    """What will stand in the plan instead. Who mends a duty has answered its questions and accepts it."""
    hold = hold_draft(row.version, actor, now)
    fresh = hold_row(hold, row, revision)
    before, after = fresh.duty, encode_days(duty)
    change_rows(hold, Action.MEND, [(fresh, _shape(after, Decision.ACCEPTED, spans=spans))])
    hold.note("plan.mend", duty=after.get("id", ""), changed=_compare(before, after))


@transaction.atomic
def answer_duty(
    *, actor: User, row: DraftDuty, duty: Mapping[str, Any], answered: Iterable[str], now: datetime
) -> None:
    """The answer to some of what was asked, of the duty as the person saw it. With the last answer it is accepted."""
    hold = hold_draft(row.version, actor, now)
    fresh = hold_row(hold, row, row.revision)
    before, after = fresh.duty, encode_days(duty)
    left = [code for code in fresh.questions if code not in answered]
    broken = has_errors(look_at_duties(hold.plan, [after])[0].problems)
    decision = Decision.PROPOSED if left or broken else Decision.ACCEPTED
    change_rows(hold, Action.ANSWER, [(fresh, _shape(after, decision, questions=left, spans=fresh.spans))])
    hold.note("plan.answer", duty=after.get("id", ""), changed=_compare(before, after))


def _shape(
    duty: Mapping[str, Any], decision: str, *, questions: Sequence[str] = (), spans: Iterable[Sequence[int]] = ()
) -> Shape:
    return {
        "duty": dict(duty),
        "decision": str(decision),
        "questions": [*questions],
        "spans": [[*span] for span in spans],
    }


def _compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return {key: [before.get(key), after.get(key)] for key in sorted(keys)}


@transaction.atomic
def add_duty(
    *, actor: User, plan: PlanVersion, duty: Mapping[str, Any], now: datetime, spans: Sequence[Stretch] = ()
) -> DraftDuty:
    """A duty that the reader did not find. It gets an id of its own in the plan."""
    hold = hold_draft(plan, actor, now)
    named = encode_days({**duty, "id": _name_duty(hold.plan, "added", 1)})
    row = DraftDuty(version=hold.plan)
    change_rows(hold, Action.ADD, [(row, _shape(named, Decision.ACCEPTED, spans=spans))])
    hold.note("plan.add", duty=row.duty)
    return row


def _name_duty(plan: PlanVersion, stem: str, first: int, also: Iterable[str] = ()) -> str:
    """A name that no duty of the draft has or has had."""
    taken = {str(row.duty.get("id", "")) for row in plan.draft_duties.all()} | {*also}
    return next(name for number in range(first, first + len(taken) + 1) if (name := f"{stem}-{number}") not in taken)


@transaction.atomic
def accept_clear(*, actor: User, plan: PlanVersion, now: datetime) -> int:
    """Accepts every duty that waits for a decision and about which nothing is asked. Gives back how many."""
    hold = hold_draft(plan, actor, now)
    rows = [row for row in list_rows(hold.plan) if row.decision == Decision.PROPOSED and not row.questions]
    looks = look_at_duties(hold.plan, [row.duty for row in rows])
    clear = [row for row, look in zip(rows, looks, strict=True) if not look.problems]
    if clear:
        accepted = {"decision": str(Decision.ACCEPTED)}
        change_rows(hold, Action.ACCEPT_CLEAR, [(row, take_shape(row) | accepted) for row in clear])
    hold.note("plan.accept-clear", duties=len(clear))
    return len(clear)


@transaction.atomic
def merge_duties(
    *,
    actor: User,
    rows: Mapping[DraftDuty, int | None],
    duty: Mapping[str, Any],
    spans: Sequence[Stretch],
    now: datetime,
) -> DraftDuty:
    """Several duties become one, in the place of the first of ``rows``, each given with the revision that was seen.

    ``spans`` is every stretch of the document that they came from, in order. The others are gone, until the step is
    taken back. What is still asked of the first stays asked, except a number that ``duty`` now has.
    """
    hold = hold_draft(next(iter(rows)).version, actor, now)
    kept, *others = [hold_row(hold, row, revision) for row, revision in rows.items()]
    place = {"span": [spans[0][0], max(end for _, end in spans)]} if spans else {}
    after = encode_days({**duty, **place})
    questions = [code for code in kept.questions if code != "question.amount" or after.get("vague")]
    broken = has_errors(look_at_duties(hold.plan, [after])[0].problems)
    decision = Decision.PROPOSED if questions or broken else Decision.ACCEPTED
    gone = {"decision": str(Decision.GONE)}
    apart = spans if len(spans) > 1 else ()
    merged = [(kept, _shape(after, decision, questions=questions, spans=apart))]
    change_rows(hold, Action.MERGE, [*merged, *((row, take_shape(row) | gone) for row in others)])
    hold.note("plan.merge", duty=after.get("id", ""), gone=[row.duty.get("id", "") for row in others])
    return kept


@transaction.atomic
def split_duty(
    *, actor: User, row: DraftDuty, parts: Sequence[Mapping[str, Any]], now: datetime, revision: int | None = None
) -> DraftDuty:
    """One duty becomes several, each with its own ``quote``, ``span`` and ``spans`` from ``parts``.

    What the reader made of a part alone is ``read``; without it the part says what the whole said. Either may be wrong,
    so each waits for a person to look at it.
    """
    hold = hold_draft(row.version, actor, now)
    fresh = hold_row(hold, row, revision)
    name, named = str(fresh.duty.get("id", "part")), set[str]()
    wanted: list[tuple[DraftDuty, Shape]] = []
    for number, part in enumerate(parts):
        own = name if number == 0 else _name_duty(hold.plan, name, 2, named)
        named.add(own)
        duty, questions = _inherit(fresh, part.get("read") or {})
        duty |= {"id": own, "quote": part["quote"], "span": part["span"]}
        target = fresh if number == 0 else DraftDuty(version=hold.plan, demand=fresh.demand)
        wanted.append((target, _shape(duty, Decision.PROPOSED, questions=questions, spans=part["spans"])))
    change_rows(hold, Action.SPLIT, wanted)
    hold.note("plan.split", duty=name, parts=[shape["duty"]["id"] for _, shape in wanted])
    return fresh


def _inherit(whole: DraftDuty, read: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What a part takes over from the whole, and what is asked of it."""
    asked = [code for code in whole.questions if code != PART]
    if not read:
        return dict(whole.duty), [*asked, PART]
    kept = {key: value for key, value in whole.duty.items() if key in SHARED}
    left = [code for code in asked if code == "question.who" and "who" not in read]
    return dict(encode_days({**kept, **read})), [*left, PART]


@transaction.atomic
def undo_change(*, actor: User, plan: PlanVersion, number: int, now: datetime) -> DraftChange:
    """Takes back the change of that number, whoever made it. Raises ``OvertakenError`` unless it is the last one."""
    hold = hold_draft(plan, actor, now)
    change = find_next_undo(hold.plan)
    if change is None or change.number != number:
        raise OvertakenError
    _restore(hold, Action.UNDO, change)
    hold.note("plan.undo", change=number, of=str(change.action))
    return change


@transaction.atomic
def redo_change(*, actor: User, plan: PlanVersion, number: int, now: datetime) -> DraftChange:
    """Makes a change good again that was taken back. Raises ``OvertakenError`` unless it was the last taken back."""
    hold = hold_draft(plan, actor, now)
    change = find_next_redo(hold.plan)
    if change is None or change.number != number:
        raise OvertakenError
    _restore(hold, Action.REDO, change)
    hold.note("plan.redo", change=number, of=str(change.action))
    return change


def _restore(hold: Hold, action: str, change: DraftChange) -> None:
    """Whatever the change touched is as it was before it, or after it."""
    steps = list(change.steps.select_related("row"))
    head = next((step for step in steps if step.row is None), None)
    if head is not None:
        change_head(hold, action, head.before if action == Action.UNDO else head.after, undoes=change)
        return
    wanted = [(step.row, _choose_shape(step, action)) for step in steps if step.row is not None]
    change_rows(hold, action, wanted, undoes=change)


def _choose_shape(step: DraftStep, action: str) -> Shape:
    """A duty that was not there before is not shown again."""
    if action == Action.REDO:
        return dict(step.after)
    return dict(step.before or step.after | {"decision": str(Decision.GONE)})
