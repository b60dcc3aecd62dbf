"""Every write that gives a post, hands it on, lets somebody stand in for it, or ends it. Atomic, with its audit row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from wuzha.web.accounts.actions import appoint, write_audit
from wuzha.web.accounts.models import ApiToken, Post, User


class EndedError(Exception):
    """The post has ended in the meantime, or will have by that day: there is nothing to hand on."""


@dataclass(frozen=True, slots=True)
class Days:
    """From when a post is in force, and the first day on which it is no more."""

    opens_on: date
    closes_on: date


@transaction.atomic
def hand_over(*, actor: User, post: Post, user: User, on: date, now: datetime, left: Mapping[str, int]) -> Post:
    """The post goes to another person from that day on; its keys end, since they act for the person who leaves it.

    ``left`` is what the office has under work, by kind: it stays where it is and is the new holder's. Raises
    ``EndedError`` for a post that will not be in force that day.
    """
    held = _lock(post)
    if not held.opens_on <= on < held.closes_on:
        raise EndedError
    closes_on, held.closes_on = held.closes_on, on
    held.save(update_fields=["closes_on"])
    _end_keys(held, on)
    days = {"opens_on": on, "closes_on": closes_on}
    new = appoint(actor=actor, user=user, unit=post.unit, role=post.role, line=post.line, now=now, **days)
    told = {"to": user.username, "post": new.pk, "on": str(on), "left": dict(left)}
    write_audit(action="post.handed-over", actor=actor, target=held, at=now, **told)
    return new


@transaction.atomic
def let_stand_in(*, actor: User, post: Post, user: User, days: Days, now: datetime) -> Post:
    """Somebody acts for the post on these days, and no longer than it is in force. Raises ``EndedError``."""
    held = _lock(post)
    if held.deputy_of_id is not None or days.opens_on >= held.closes_on:
        raise EndedError
    own = {"unit": held.unit, "role": held.role, "line": held.line}
    between = {"opens_on": days.opens_on, "closes_on": min(days.closes_on, held.closes_on)}
    made, _ = Post.objects.update_or_create(user=user, deputy_of=held, defaults={**own, **between})
    told = {"user": user.username, "for": held.user.username, **{name: str(day) for name, day in between.items()}}
    write_audit(action="post.deputised", actor=actor, target=made, at=now, **told)
    return made


@transaction.atomic
def end_post(*, actor: User, post: Post, closes_on: date, now: datetime) -> None:
    """The post is no longer in force from that day on, nor are its keys. It stays: who could do what, when, is kept."""
    post.closes_on = closes_on
    post.save(update_fields=["closes_on"])
    _end_keys(post, closes_on)
    write_audit(action="post.ended", actor=actor, target=post, at=now, closes_on=str(closes_on))


@transaction.atomic
def close_account(*, actor: User, user: User, now: datetime) -> None:
    """The person leaves: every post and key ends today, and nobody logs in by that name any more."""
    today = timezone.localdate(now)
    for post in Post.objects.select_for_update().filter(user=user, closes_on__gt=today):
        end_post(actor=actor, post=post, closes_on=max(today, post.opens_on), now=now)
    user.is_active = False
    user.save(update_fields=["is_active"])
    write_audit(action="user.closed", actor=actor, target=user, at=now, username=user.username)


def _lock(post: Post) -> Post:
    """The post as it stands now, and nobody else changes it meanwhile."""
    return Post.objects.select_for_update(of=("self",)).select_related("unit", "user").get(pk=post.pk)


def _end_keys(post: Post, on: date) -> None:
    ApiToken.objects.filter(post=post, closes_on__gt=on, opens_on__lte=on).update(closes_on=on)
    ApiToken.objects.filter(post__deputy_of=post, closes_on__gt=on, opens_on__lte=on).update(closes_on=on)
