"""What people do with a monthly table: open it, type, hand in, give back, take a sheet in, issue. Only added.

Every act stands under the lock of its table, so that nothing is added to one that is being issued.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from wuzha.core.paper.month_line import Deed
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import Post, Unit, User
from wuzha.web.campaign.actions.papers import ChangedError, Drawn, Issue, Render, issue_drawn
from wuzha.web.campaign.models import IssuedPaper, PlanVersion, TableAct, TableCall, TableSheet, TableUpload
from wuzha.web.campaign.queries.table_calls import find_key
from wuzha.web.jobs.models import Job
from wuzha.web.jobs.queue import Wish, ask_job


class IssuedError(Exception):
    """The table has been issued; nothing is added to it any more."""


class NotSubmittedError(Exception):
    """The line is not with the office, so that it cannot give it back; or it is, and the unit cannot type on."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a person had before them: the numbers of the last act and of the last sheet that were in it; 0 for none."""

    act: int
    sheet: int


@transaction.atomic
def open_table(
    *, actor: User, post: Post, version: PlanVersion, month: tuple[str, int], due_on: date, now: datetime
) -> TableCall:
    """Asks for the table of a month: its name and the day on which its months end. The same again is the same one."""
    label, ends = month
    asked = {"month_ends": ends, "due_on": due_on, "given_as": post.unit.name, "opened_by": actor, "opened_at": now}
    call, is_new = TableCall.objects.get_or_create(unit=post.unit, version=version, month=label, defaults=asked)
    if is_new:
        told = {"unit": post.unit.code, "month": label, "ends": ends, "due_on": due_on.isoformat()}
        write_audit(action="table.opened", actor=actor, target=call, at=now, **told)
    return call


@transaction.atomic
def type_line(
    *, actor: User, post: Post, call: TableCall, unit: Unit, typed: tuple[Mapping[str, str], Looked], now: datetime
) -> TableAct | None:
    """Keeps what was typed by whom had ``Looked`` before them, handed in by nobody. None where that stands there
    already.

    Raises ``NotSubmittedError`` for a line that the office has: it is changed by handing it in again; ``ChangedError``
    where somebody else has been at the line since.
    """
    _lock(call)
    last = _find_last(call, unit)
    if last is not None and last.deed == Deed.SUBMITTED:
        raise NotSubmittedError
    words, looked = dict(typed[0]), typed[1]
    if last is not None and last.deed == Deed.TYPED and last.typed == words:
        return None
    _refuse_changed(last, looked)
    return _add(actor, post, TableAct(call=call, unit=unit, deed=Deed.TYPED, typed=words), now)


@transaction.atomic
def submit_line(
    *,
    actor: User,
    post: Post,
    call: TableCall,
    unit: Unit,
    said: tuple[Mapping[str, str], Mapping[str, str], Looked],
    now: datetime,
) -> TableAct:
    """Hands the line in: a named person has checked it. ``said`` is what they typed, the figures that they saw, and
    what these were made of.

    The same person pressing twice hands the same line in once. Raises ``ChangedError`` where somebody else has been at
    the line, or a sheet was taken in, since they looked.
    """
    _lock(call)
    typed, seen, looked = dict(said[0]), dict(said[1]), said[2]
    last = _find_last(call, unit)
    if (
        last is not None
        and last.deed == Deed.SUBMITTED
        and (last.author_id, last.typed, last.seen)
        == (
            actor.pk,
            typed,
            seen,
        )
    ):
        return last
    _refuse_changed(last, looked)
    if _find_last_sheet(call) != looked.sheet:
        raise ChangedError
    return _add(actor, post, TableAct(call=call, unit=unit, deed=Deed.SUBMITTED, typed=typed, seen=seen), now)


def _refuse_changed(last: TableAct | None, looked: Looked) -> None:
    if (last.pk if last else 0) != looked.act:
        raise ChangedError


@transaction.atomic
def return_line(*, actor: User, post: Post, call: TableCall, unit: Unit, reason: str, now: datetime) -> TableAct:
    """Gives the line back to its unit. Raises ``NotSubmittedError`` where it is there already."""
    _lock(call)
    last = _find_last(call, unit)
    if last is None or last.deed != Deed.SUBMITTED:
        raise NotSubmittedError
    return _add(actor, post, TableAct(call=call, unit=unit, deed=Deed.RETURNED, typed=last.typed, reason=reason), now)


@transaction.atomic
def hold_sheet(*, actor: User, call: TableCall, name: str, content: bytes, now: datetime) -> TableUpload:
    """Keeps an uploaded sheet until it is taken in; a newer one of the same person takes its place."""
    held = {"call": call, "name": name[:200], "content": content, "uploaded_at": now}
    upload, _is_new = TableUpload.objects.update_or_create(uploaded_by=actor, defaults=held)
    write_audit(action="table.sheet-uploaded", actor=actor, target=call, at=now, name=upload.name)
    return upload


@transaction.atomic
def drop_sheet(*, actor: User, call: TableCall, now: datetime) -> None:
    """Forgets the sheet that was handed in."""
    for upload in TableUpload.objects.filter(uploaded_by=actor, call=call):
        write_audit(action="table.sheet-dropped", actor=actor, target=call, at=now, name=upload.name)
        upload.delete()


@transaction.atomic
def take_in_sheet(
    *, actor: User, post: Post, upload: TableUpload, cells: Mapping[str, Mapping[str, str]], now: datetime
) -> TableSheet:
    """Takes the sheet's numbers in. The same file again is the one that is there: nothing counts twice."""
    call = upload.call
    _lock(call)
    digest = hashlib.sha256(bytes(upload.content)).hexdigest()
    told: dict[str, Any] = {"name": upload.name, "cells": {unit: dict(found) for unit, found in cells.items()}}
    told |= {"given_as": post.unit.name, "author": actor, "at": now, "on": timezone.localdate(now)}
    sheet, is_new = TableSheet.objects.get_or_create(call=call, sha256=digest, defaults=told)
    if is_new:
        write_audit(
            action="table.sheet-taken-in", actor=actor, target=call, at=now, name=sheet.name, sha256=digest,
            units=len(cells),
        )  # fmt: skip
    upload.delete()
    return sheet


def issue_table(
    *, actor: User, call: TableCall, drawn: Drawn, looked: Looked, render: Render, now: datetime
) -> IssuedPaper:
    """The table as a paper with its number and bytes, for good. Issuing it again gives the same paper.

    Raises ``ChangedError`` where a line was changed or a sheet taken in since the table was drawn, ``UnfitError`` where
    it cannot be laid out.
    """

    def guard() -> None:
        _lock(call, is_issuing=True)
        last = TableAct.objects.filter(call=call).order_by("-id").values_list("id", flat=True).first() or 0
        if Looked(last, _find_last_sheet(call)) != looked:
            raise ChangedError

    issue = Issue(drawn, find_key(call), render, guard)
    return issue_drawn(actor=actor, unit=call.unit, issue=issue, now=now)


ISSUE = "issue-table"


@transaction.atomic
def ask_issue(*, actor: User, call: TableCall, title: str, now: datetime) -> Job:
    """The act of a named person, carried out by a worker, which asks again whether they may."""
    wish = Wish(ISSUE, f"{ISSUE}:{call.pk}:{actor.pk}", title, {"call": call.pk})
    job = ask_job(actor=actor, wish=wish, now=now)
    if job.asked_at == now:
        write_audit(action="table.issue-asked", actor=actor, target=call, at=now, job=str(job.pk), month=call.month)
    return job


def _lock(call: TableCall, *, is_issuing: bool = False) -> None:
    """One at a time. Raises ``IssuedError`` for a table that has been issued."""
    TableCall.objects.select_for_update(no_key=True).get(pk=call.pk)
    if not is_issuing and IssuedPaper.objects.filter(draft=find_key(call)).exists():
        raise IssuedError


def _find_last(call: TableCall, unit: Unit) -> TableAct | None:
    return TableAct.objects.filter(call=call, unit=unit).order_by("-id").first()


def _find_last_sheet(call: TableCall) -> int:
    return TableSheet.objects.filter(call=call).order_by("-id").values_list("id", flat=True).first() or 0


def _add(actor: User, post: Post, act: TableAct, now: datetime) -> TableAct:
    act.given_as, act.author, act.at, act.on = post.unit.name, actor, now, timezone.localdate(now)
    act.save(force_insert=True)
    told = {"unit": act.unit.code, "month": act.call.month, "given_as": act.given_as, "reason": act.reason}
    write_audit(action=f"table.line-{act.deed}", actor=actor, target=act.call, at=now, **told)
    return act
