"""Scorecards drafted, changed and adopted, and what persons do to a score. Each is a named act with its audit entry.

What was adopted holds for its whole period: a card for the same days is refused from the first day on, here with words
and in the database without.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wuzha.core.base.problem import NOWHERE, Problem, has_errors, make_problem
from wuzha.core.score.check import check_change
from wuzha.core.score.model import Scorecard as Card
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.models import DraftScorecard, PlanVersion, Scorecard, ScoreEvent
from wuzha.web.campaign.queries.scores import find_last_figures, list_overlapping, read_card, read_draft

Kind = ScoreEvent.Kind


class ChangedError(Exception):
    """Somebody else has changed the draft, adopted it or taken it away."""


class AnsweredError(Exception):
    """Somebody else has decided that charge or appeal already."""


class WaitsError(Exception):
    """A charge or an appeal under that item waits for its answer already."""


@dataclass(frozen=True, slots=True)
class Act:
    """Who does it, in which post, and when."""

    actor: User
    post: str
    now: datetime

    @property
    def day(self) -> date:
        return timezone.localdate(self.now)


@transaction.atomic
def draft_card(
    *, actor: User, unit: Unit, plan: PlanVersion, content: Mapping[str, Any], now: datetime
) -> DraftScorecard:
    """A new draft. It holds for nobody before it is adopted."""
    draft = DraftScorecard(unit=unit, plan=plan, content=dict(content), created_by=actor, created_at=now)
    draft.changed_by, draft.changed_at = actor, now
    draft.save(force_insert=True)
    _note("scorecard.drafted", actor, draft, now)
    return draft


@transaction.atomic
def change_draft(
    *, actor: User, draft: DraftScorecard, revision: int, told: Mapping[str, Any], now: datetime
) -> DraftScorecard:
    """The draft with other content, plan or filing. Raises ``ChangedError`` when it is not what the person saw."""
    held = _hold(draft.pk, revision)
    for name, value in told.items():
        setattr(held, name, value)
    held.revision += 1
    held.changed_by, held.changed_at = actor, now
    held.save()
    _note("scorecard.changed", actor, held, now)
    return held


@transaction.atomic
def discard_draft(*, actor: User, draft: DraftScorecard, now: datetime) -> None:
    """Takes a draft away; the audit log keeps that it was there."""
    held = _hold(draft.pk)
    _note("scorecard.discarded", actor, held, now)
    held.delete()


@transaction.atomic
def adopt_card(*, act: Act, draft: DraftScorecard, revision: int) -> tuple[Scorecard | None, tuple[Problem, ...]]:
    """The card for good, or why it cannot be adopted. The same draft adopted twice gives the same card.

    Raises ``ChangedError`` when the draft is no longer what the person saw.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=draft.unit_id)  # one county adopts one card at a time
    before = Scorecard.objects.filter(draft=draft.pk).first()
    if before is not None:
        return before, ()
    held = _hold(draft.pk, revision)
    text, card, problems = read_draft(held)
    if card is None or has_errors(problems):
        return None, problems
    there = list_overlapping(held.unit, card.period)
    refused = check_period(card, there, act.day)
    if refused:
        return None, refused
    row = _make_row(held, card, text, there[0] if there else None)
    row.adopted_by, row.adopted_as, row.adopted_on, row.adopted_at = act.actor, act.post, act.day, act.now
    row.save(force_insert=True)
    held.delete()
    told = {"unit": row.unit.code, "title": row.title, "opens_on": str(row.opens_on), "last_on": str(row.last_on)}
    write_audit(
        action="scorecard.adopted", actor=act.actor, target=row, at=act.now, digest=row.digest, post=act.post, **told
    )
    return row, ()


def check_period(card: Card, there: list[Scorecard], on: date) -> tuple[Problem, ...]:
    """The rules of a period stand from its first day on; before it, a version may take the place of one other."""
    if card.period.last_day < on:
        return (make_problem("score.period-over", last=card.period.last_day),)
    for row in there:
        if row.opens_on <= on:
            before = read_card(row)
            same = make_problem("score.adopted-already", title=row.title, on=row.adopted_on)
            changed = check_change(before, card, before.period.opens)
            return tuple(replace(problem, source=NOWHERE) for problem in changed) or (same,)
    if len(there) > 1:
        return (make_problem("score.overlaps-several", titles="、".join(row.title for row in there)),)
    return ()


def _make_row(held: DraftScorecard, card: Card, text: str, replaces: Scorecard | None) -> Scorecard:
    return Scorecard(
        draft=held.pk,
        unit=held.unit,
        plan=held.plan,
        version=Scorecard.objects.filter(unit=held.unit).count() + 1,
        replaces=replaces,
        title=card.title,
        opens_on=card.period.opens,
        last_on=card.period.last_day,
        text=text,
        digest=card.digest,
        filing=held.filing,
    )


@transaction.atomic
def add_event(
    *,
    act: Act,
    card: Scorecard,
    kind: str,
    unit: Unit | None,
    item: str,
    text: str,
    **more: Decimal | ScoreEvent | UUID | None,
) -> ScoreEvent:
    """One thing more that was done to a score. ``more`` are ``points``, ``done``, ``asked``, ``about`` and ``key``.

    What was sent with the same key before is given again, and what is named as a filing already is not named again.
    Raises ``AnsweredError`` when the charge or appeal it is about has its answer, ``WaitsError`` when another one
    waits under the item.
    """
    Scorecard.objects.select_for_update(no_key=True).get(pk=card.pk)  # one act under a card at a time
    row = ScoreEvent(card=card, kind=kind, unit=unit, item=item, text=text, happened_on=act.day, **more)
    row.made_by, row.made_as, row.made_at = act.actor, act.post, act.now
    before = _find_sent(row)
    if before is not None:
        return before
    _check_turn(row)
    row.save(force_insert=True)
    told = {"card": card.pk, "unit": unit.code if unit else "", "item": item, "post": act.post}
    write_audit(action=f"score.{kind}", actor=act.actor, target=row, at=act.now, **told)
    return row


def _find_sent(row: ScoreEvent) -> ScoreEvent | None:
    """The same act where it was sent before."""
    if row.kind == Kind.FILED:
        last = ScoreEvent.objects.filter(card=row.card_id, kind=Kind.FILED).last()
        return last if last is not None and last.text == row.text else None
    return None if row.key is None else ScoreEvent.objects.filter(key=row.key).first()


def _check_turn(row: ScoreEvent) -> None:
    """What is answered waits for its answer still; of what is asked nothing waits under the item."""
    if row.about_id and ScoreEvent.objects.filter(about=row.about_id, kind__in=ScoreEvent.ANSWERS).exists():
        raise AnsweredError
    if row.kind in (Kind.CHARGE, Kind.APPEAL):
        asked = ScoreEvent.objects.filter(card=row.card_id, kind=row.kind, unit=row.unit_id, item=row.item)
        if asked.exclude(answers__kind__in=ScoreEvent.ANSWERS).exists():
            raise WaitsError


@transaction.atomic
def add_figures(
    *, act: Act, card: Scorecard, item: str, text: str, told: Iterable[tuple[Unit, Decimal, Decimal]]
) -> int:
    """The figures of an item, all or none. Those that hold already are not kept again. How many were kept."""
    Scorecard.objects.select_for_update(no_key=True).get(pk=card.pk)  # whoever comes second sees the first's figures
    held = find_last_figures(card, item)
    fresh = [one for one in told if one[1:] != (held.get(f"done_{one[0].pk}"), held.get(f"asked_{one[0].pk}"))]
    for unit, done, asked in fresh:
        add_event(act=act, card=card, kind=Kind.FIGURE, unit=unit, item=item, text=text, done=done, asked=asked)
    return len(fresh)


def _hold(pk: UUID, revision: int | None = None) -> DraftScorecard:
    found = DraftScorecard.objects.select_for_update().filter(pk=pk)
    held = (found if revision is None else found.filter(revision=revision)).select_related(None).first()
    if held is None:
        raise ChangedError
    return held


def _note(action: str, actor: User, draft: DraftScorecard, now: datetime) -> None:
    write_audit(action=action, actor=actor, target=draft, at=now, unit=draft.unit.code, title=str(draft))
