"""The one door for what a reviewer says after looking."""

from datetime import datetime

from django.db import transaction

from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.core.ledger.reason import Reason
from wuzha.web.accounts.models import AuditEntry, User
from wuzha.web.campaign.models import Look, Record


def answer_reason(
    *, actor: User, reason: Reason, record: Record, note: str, is_fine: bool, now: datetime
) -> tuple[Look | None, list[Problem]]:
    """Note that the reason was looked at, and that all is well or that the record goes back to its author.

    The caller has made sure that the actor reviews the record and that the reason is about it. The same answer again
    changes nothing.
    """
    if not is_fine and not note.strip():
        return None, [make_problem("look.note-missing", Source(key="note"))]
    verdict = Look.Verdict.FINE if is_fine else Look.Verdict.RETURNED
    with transaction.atomic():
        last = Look.objects.filter(reason=reason.key).first()
        if last is not None and (last.verdict, last.record_id, last.note) == (verdict, record.pk, note.strip()):
            return last, []
        look = Look.objects.create(
            reason=reason.key, record=record, verdict=verdict, note=note.strip(), looked_by=actor, looked_at=now
        )
        _audit(actor, look, now)
    return look, []


def _audit(actor: User, look: Look, now: datetime) -> None:
    AuditEntry.objects.create(
        action=f"look.{look.verdict}",
        actor=actor,
        object_type="record",
        object_id=str(look.record_id),
        at=now,
        details={"reason": look.reason},
    )
