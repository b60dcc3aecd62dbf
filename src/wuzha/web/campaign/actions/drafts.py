"""What every change to a draft goes through: the lock, the audit entry, and the numbered note of who changed what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Max

from wuzha.web.accounts.masks import mask_details
from wuzha.web.accounts.models import AuditEntry, User
from wuzha.web.campaign.models import DraftChange, DraftDuty, DraftStep, PlanVersion
from wuzha.web.campaign.queries.plans import encode_days

Action = DraftChange.Action
Decision = DraftDuty.Decision
State = PlanVersion.State
HEAD = ("title", "issuer", "valid_from", "valid_to")
ROW = ("duty", "questions", "decision", "spans")
WRITTEN = (*ROW, "revision", "changed_by", "changed_at")
Shape = dict[str, Any]


class IssuedError(Exception):
    """The plan is issued, and what is issued never changes."""


class StaleError(Exception):
    """Somebody has changed the duty since the page was shown. ``row`` is the duty as it is now."""

    def __init__(self, row: DraftDuty) -> None:
        super().__init__(row.pk)
        self.row = row


@dataclass(frozen=True, slots=True)
class Hold:
    """A draft that one person is changing, locked until the transaction ends."""

    plan: PlanVersion
    actor: User
    now: datetime

    def note(self, action: str, **details: object) -> None:
        note(action, self.actor, self.plan, self.now, **details)


def note(action: str, actor: User, plan: PlanVersion, now: datetime, **details: object) -> None:
    """The entry of the audit log."""
    AuditEntry.objects.create(
        action=action, actor=actor, object_type="plan", object_id=str(plan.pk), at=now, details=mask_details(details)
    )


def refuse_issued(plan: PlanVersion) -> None:
    """Raises ``IssuedError`` for an issued plan."""
    if plan.state != State.DRAFT:
        raise IssuedError


def hold_draft(plan: PlanVersion, actor: User, now: datetime) -> Hold:
    """The plan's row, locked. Raises ``IssuedError`` once it is issued."""
    held = PlanVersion.objects.select_for_update().get(pk=plan.pk)
    refuse_issued(held)
    return Hold(held, actor, now)


def hold_row(hold: Hold, row: DraftDuty, revision: int | None) -> DraftDuty:
    """The duty as it is now. Raises ``StaleError`` when it is gone, or no longer what ``revision`` showed."""
    fresh = DraftDuty.objects.select_related("changed_by").get(pk=row.pk)
    fresh.version = hold.plan
    refuse_stale(fresh, revision)
    return fresh


def refuse_stale(row: DraftDuty, revision: int | None) -> None:
    """Raises ``StaleError`` when the duty is gone, or no longer what ``revision`` showed, where one is given."""
    if row.decision == Decision.GONE or revision not in (None, row.revision):
        raise StaleError(row)


def take_shape(row: DraftDuty) -> Shape:
    """What a change can change of a duty."""
    return {name: getattr(row, name) for name in ROW}


def take_head(plan: PlanVersion) -> Shape:
    """What a change can change of the head, as JSON."""
    told = {name: getattr(plan, name) for name in HEAD}
    asked = {"phases": plan.reading.get("draft_phases", []), "questions": plan.reading.get("questions", [])}
    return dict(encode_days(told | asked))


def change_rows(
    hold: Hold, action: str, wanted: Sequence[tuple[DraftDuty, Shape]], *, undoes: DraftChange | None = None
) -> DraftChange:
    """Gives each duty its new shape and notes what it was before. A duty without a key is new and is added."""
    steps = [DraftStep(row=row, before=take_shape(row) if row.pk else None, after=shape) for row, shape in wanted]
    for row, shape in wanted:
        _put_shape(hold, row, shape)
    old, new = ([step for step in steps if (step.before is not None) is known] for known in (True, False))
    _write_rows(hold, old)
    _add_rows(hold.plan, [step.row for step in new if step.row is not None])
    return _keep_change(hold, action, steps, undoes)


def _put_shape(hold: Hold, row: DraftDuty, shape: Mapping[str, Any]) -> None:
    for name in ROW:
        setattr(row, name, shape[name])
    row.revision += 1
    row.changed_by, row.changed_at = hold.actor, hold.now


def _write_rows(hold: Hold, steps: Sequence[DraftStep]) -> None:
    """Decisions in one statement each, since they come by the hundred; whatever else row by row."""
    decided: dict[str, list[int]] = {}
    for step in steps:
        if step.row is not None and step.before == step.after | {"decision": step.before["decision"]}:
            decided.setdefault(step.row.decision, []).append(step.row.pk)
        elif step.row is not None:
            step.row.save(update_fields=WRITTEN)
    for decision, keys in decided.items():
        DraftDuty.objects.filter(pk__in=keys).update(
            decision=decision, revision=F("revision") + 1, changed_by=hold.actor, changed_at=hold.now
        )


def _add_rows(plan: PlanVersion, rows: Iterable[DraftDuty]) -> None:
    """Behind all that are there; where they are shown follows from their place in the document."""
    last = plan.draft_duties.aggregate(last=Max("position"))["last"]
    for position, row in enumerate(rows, -1 if last is None else last):
        row.version, row.position = plan, position + 1
        row.save()


def change_head(hold: Hold, action: str, head: Mapping[str, Any], *, undoes: DraftChange | None = None) -> DraftChange:
    """``head`` as :func:`take_head` gives it."""
    plan, before = hold.plan, take_head(hold.plan)
    for name in HEAD:
        setattr(plan, name, _read_day(head[name]) if name.startswith("valid_") else head[name])
    plan.reading = plan.reading | {"draft_phases": head["phases"], "questions": head["questions"]}
    plan.save(update_fields=[*HEAD, "reading"])
    return _keep_change(hold, action, [DraftStep(before=before, after=take_head(plan))], undoes)


def _read_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _keep_change(hold: Hold, action: str, steps: Sequence[DraftStep], undoes: DraftChange | None) -> DraftChange:
    last = hold.plan.changes.aggregate(last=Max("number"))["last"] or 0
    change = DraftChange.objects.create(
        version=hold.plan, number=last + 1, action=action, actor=hold.actor, at=hold.now, undoes=undoes
    )
    for step in steps:
        step.change = change
    DraftStep.objects.bulk_create(steps)
    return change
