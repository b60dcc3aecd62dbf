"""Who may see and change which units. The one door to somebody's unit.

``on`` is always today, the day the person asks, and never the as-of date of the page: a link to a past day must not
revive a post that has ended. A unit outside the person's posts answers 404, so that an outsider never learns whether it
exists; a unit inside them that their role does not open answers 403.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.http import Http404

from wuzha.web.accounts.clock import TimedRequest
from wuzha.web.accounts.models import ApiToken, Post, Unit, User

Role = Post.Role
RECORDERS = (Role.OFFICER, Role.SECRETARY)
EVERYONE = (Role.OFFICER, Role.SECRETARY, Role.SUPERVISOR)
# The character after "/": everything below "a/b/" sorts from "a/b/" up to, not including, "a/b0".
AFTER_SLASH = chr(ord("/") + 1)


class UserRequest(TimedRequest):
    """A request behind the log-in, where the user is always a person."""

    user: User


def is_below(path: str, field: str = "path") -> Q:
    """The condition that a unit is the one at ``path`` or below it, as a range that the index answers."""
    return Q(**{f"{field}__gte": path, f"{field}__lt": path.removesuffix("/") + AFTER_SLASH})


def list_posts(user: User, on: date) -> QuerySet[Post]:
    """The posts in force on that day, the highest unit first."""
    in_force = Post.objects.filter(user=user, opens_on__lte=on, closes_on__gt=on)
    return in_force.select_related("unit").order_by("unit__path", "role")


def list_visible_units(user: User, on: date) -> QuerySet[Unit]:
    """Every unit at or below a post in force, open or closed, in tree order."""
    condition = Q(pk__in=())
    for post in list_posts(user, on):
        condition |= is_below(post.unit.path)
    return Unit.objects.filter(condition)


def list_codes_in_sight(user: User, codes: Iterable[str], on: date) -> frozenset[str]:
    """Those of the codes whose units the person may see."""
    found = list_visible_units(user, on).filter(code__in=tuple(codes))
    return frozenset(found.values_list("code", flat=True))


def get_unit(user: User, code: str, on: date) -> Unit:
    """The unit with that code, if a post opens it. Raises ``Http404`` otherwise, whether it exists or not."""
    # No code holds a NUL, and PostgreSQL fails when asked for one.
    unit = list_visible_units(user, on).filter(code=code).first() if "\0" not in code else None
    if unit is None:
        raise Http404
    return unit


def has_role(user: User, unit: Unit, on: date, *roles: str) -> bool:
    """Whether a post in force in one of these roles stands at the unit or above it."""
    return any(post.role in roles and unit.path.startswith(post.unit.path) for post in list_posts(user, on))


def may_manage(user: User, unit: Unit, on: date) -> bool:
    """Officers change plans, posts and the roster."""
    return has_role(user, unit, on, Role.OFFICER)


def may_record(user: User, unit: Unit, on: date) -> bool:
    """Officers and secretaries record; a supervisor only looks."""
    return has_role(user, unit, on, *RECORDERS)


def get_managed_unit(user: User, code: str, on: date) -> Unit:
    """The unit, for an officer. Raises ``Http404`` out of sight and ``PermissionDenied`` in any other role."""
    return _demand(get_unit(user, code, on), user, on, may_manage)


def list_managed_units(user: User, on: date) -> QuerySet[Unit]:
    """The units at and below the person's posts as an officer."""
    condition = Q(pk__in=())
    for post in list_posts(user, on).filter(role=Role.OFFICER):
        condition |= is_below(post.unit.path)
    return Unit.objects.filter(condition)


def get_recording_unit(user: User, code: str, on: date) -> Unit:
    """The unit, for somebody who may record there. Raises as :func:`get_managed_unit` does."""
    return _demand(get_unit(user, code, on), user, on, may_record)


def _demand(unit: Unit, user: User, on: date, may: Callable[[User, Unit, date], bool]) -> Unit:
    if not may(user, unit, on):
        raise PermissionDenied
    return unit


def find_home(user: User, on: date) -> Unit | None:
    """The unit of the person's highest post in force; none without a post."""
    post = list_posts(user, on).first()
    return post.unit if post else None


def may_import_roster(user: User, on: date) -> bool:
    """Officers at the root unit; and, while there is no unit at all, whoever set the installation up."""
    posts = list_posts(user, on).filter(role=Role.OFFICER, unit__parent=None)
    return posts.exists() or (user.is_superuser and not Unit.objects.exists())


def digest_token(key: str) -> str:
    """How a key is kept."""
    return hashlib.sha256(key.encode()).hexdigest()


# Written out, because it is asked before every call of a program, and to have it composed takes six times as long as to
# have it answered. The columns are the fields of ``TOLD_BY_TOKEN``, in the order of their models, which Django expects.
TOKEN_IN_FORCE = """
SELECT token.id, token.post_id, post.id, post.user_id, post.unit_id, post.role,
       person.id, person.username, person.display_name, unit.id, unit.code, unit.name, unit.path
FROM accounts_apitoken AS token
JOIN accounts_post AS post ON post.id = token.post_id
JOIN accounts_user AS person ON person.id = post.user_id
JOIN accounts_unit AS unit ON unit.id = post.unit_id
WHERE token.digest = %s AND token.opens_on <= %s AND token.closes_on > %s
  AND post.opens_on <= %s AND post.closes_on > %s AND person.is_active
"""
TOLD_BY_TOKEN: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (ApiToken, ("id", "post_id")),
    (Post, ("id", "user_id", "unit_id", "role")),
    (User, ("id", "username", "display_name")),
    (Unit, ("id", "code", "name", "path")),
)


def find_token(key: str, on: date) -> ApiToken | None:
    """The token of that key, if it and its post are in force on the day and the person is still active."""
    day = connection.ops.adapt_datefield_value(on)
    with connection.cursor() as cursor:
        cursor.execute(TOKEN_IN_FORCE, [digest_token(key), day, day, day, day])
        row = cursor.fetchone()
    return None if row is None else _read_token(row)


def _read_token(row: Sequence[Any]) -> ApiToken:
    """The token with its post, that one's person and unit. What was not asked for is read when it is needed."""
    values = iter(row)
    read = [model.from_db(connection.alias, fields, [next(values) for _ in fields]) for model, fields in TOLD_BY_TOKEN]
    token, post = cast(ApiToken, read[0]), cast(Post, read[1])
    post.user, post.unit = cast(User, read[2]), cast(Unit, read[3])
    token.post = post
    return token


def get_token_unit(post: Post, code: str) -> Unit:
    """A unit that the post of a token opens; without a code the post's own. Raises ``Http404`` for any other."""
    unit = (
        Unit.objects.filter(is_below(post.unit.path), code=code or post.unit.code).first() if "\0" not in code else None
    )
    if unit is None:
        raise Http404
    return unit
