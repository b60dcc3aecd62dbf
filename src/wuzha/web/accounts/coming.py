"""Changes of the tree that are known before their day: entered, taken back, and made when the day has come.

They wait beside the tree, which is always that of today, so that nothing before the day hangs on them: no page, no
figure, nobody's access. The first request of a day makes what falls on it, and what fell on days without any request.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.db import DatabaseError, IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.clock import TimedRequest
from wuzha.web.accounts.models import ComingChange, Unit, User
from wuzha.web.accounts.tree_actions import Ground, Said, make_change

Answer = Callable[[HttpRequest], HttpResponse]
State = ComingChange.State
LOG = logging.getLogger(__name__)


@transaction.atomic
def announce_change(*, unit: Unit, said: Said, ground: Ground) -> ComingChange:
    """Keeps a change until its day. Raises ``ValueError`` for a day that is not to come."""
    if ground.on <= timezone.localdate(ground.now):
        raise ValueError(f"{ground.on} is not a day to come")
    told = {"reason": ground.reason, "source": ground.source, "made_by": ground.actor, "made_at": ground.now}
    place = {"target": said.target, "details": dict(said.details)}
    row = ComingChange.objects.create(unit=unit, kind=said.kind, happens_on=ground.on, **place, **told)
    _write(row, "announced", ground.actor, ground.now, reason=ground.reason, source=ground.source)
    return row


@transaction.atomic
def withdraw_change(*, actor: User, row: ComingChange, reason: str, now: datetime) -> bool:
    """It will not be made; the row stays. False when it was settled already."""
    if not _settle(row, State.WITHDRAWN, now, reason, actor):
        return False
    _write(row, "withdrawn", actor, now, reason=reason)
    return True


def make_due_changes(now: datetime) -> int:
    """Makes every waiting change whose day has come, the earliest first, each by itself; tells how many were made.

    Done twice it does nothing the second time. One that the tree no longer allows is kept as failed, with a row in the
    audit log: whoever entered it must say anew what shall be.
    """
    due = ComingChange.objects.filter(state=State.WAITING, happens_on__lte=timezone.localdate(now))
    return sum(_make(row, now) for row in due.select_related("unit", "target", "made_by"))


def _make(row: ComingChange, now: datetime) -> bool:
    try:
        with transaction.atomic():
            if not _settle(row, State.MADE, now):
                return False
            ground = Ground(row.happens_on, row.reason, row.source, row.made_by, now, entered_at=row.made_at)
            make_change(row.unit, Said(row.kind, row.target, row.details), ground)
    except (ValueError, IntegrityError) as error:
        with transaction.atomic():
            if _settle(row, State.FAILED, now, str(error)[:200]):
                _write(row, "failed", None, now, error=str(error)[:200])
        return False
    return True


def _settle(row: ComingChange, state: str, now: datetime, because: str = "", actor: User | None = None) -> bool:
    """The row is taken by whoever settles it first."""
    waiting = ComingChange.objects.filter(pk=row.pk, state=State.WAITING)
    return bool(waiting.update(state=state, settled_at=now, settled_because=because, settled_by=actor))


def _write(row: ComingChange, what: str, actor: User | None, now: datetime, **told: object) -> None:
    target = {"to": row.target.code} if row.target else {}
    said = {"code": row.unit.code, "kind": row.kind, "on": str(row.happens_on), **target, **row.details}
    write_audit(action=f"unit-change.{what}", actor=actor, target=row, at=now, **said, **told)


@dataclass(slots=True)
class Diary:
    """The last day whose changes this process has seen to; none before its first request."""

    begun: date | None = None


DIARY = Diary()


def begin_new_day(answer: Answer) -> Answer:
    """Middleware: before the first answer of a day the tree is brought up to that day."""

    def answer_on_its_day(request: HttpRequest) -> HttpResponse:
        timed = cast(TimedRequest, request)
        if timed.today != DIARY.begun:
            _see_to_day(timed)
        return answer(request)

    return answer_on_its_day


def note_day_begun(day: date) -> None:
    """Nothing more is due on this day."""
    DIARY.begun = day


def _see_to_day(request: TimedRequest) -> None:
    """A database that cannot be written now is asked again by the next request."""
    try:
        made = make_due_changes(request.now)
    except DatabaseError:
        LOG.exception("the changes of the tree that fall on %s could not be made yet", request.today)
        return
    note_day_begun(request.today)
    if made:
        LOG.info("%s changes of the tree were made", made)
