"""Who may see and change which units. The one door to somebody's unit.

``on`` is always today, the day the person asks, and never the as-of date of the page: a link to a past day must not
revive a post that has ended. A unit outside the person's posts answers 404, so that an outsider never learns whether it
exists; a unit inside them that their role does not open answers 403.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import F, Model, Q, QuerySet
from django.http import Http404

from wuzha.web.accounts.clock import TimedRequest
from wuzha.web.accounts.models import ApiToken, Post, Unit, User
from wuzha.web.accounts.roles import Power, find_asked, list_roles

Role = Post.Role
RECORDERS = list_roles(Power.RECORD)
MANAGERS = list_roles(Power.MANAGE)
# The character after "/": everything below "a/b/" sorts from "a/b/" up to, not including, "a/b0".
AFTER_SLASH = chr(ord("/") + 1)
NOTHING = Q(pk__in=())
# A post that stands for its own unit: one of a line does not stand for a unit that belongs to none or to another.
STANDS_FOR_UNIT = Q(line="") | Q(line=F("unit__line"))


class UserRequest(TimedRequest):
    """A request behind the log-in, where the user is always a person."""

    user: User


def is_below(path: str, field: str = "path") -> Q:
    """The condition that a unit is the one at ``path`` or below it, as a range that the index answers."""
    return Q(**{f"{field}__gte": path, f"{field}__lt": path.removesuffix("/") + AFTER_SLASH})


def opens_unit(post: Post, field: str = "") -> Q:
    """What a post opens, as a condition on units, or on what names a unit in ``field``: the one place that says it.

    The units at and below the post's own; of these, where the post has a line, only those of that line today.
    """
    place = f"{field}__" if field else ""
    condition = is_below(post.unit.path, f"{place}path")
    return condition & Q(**{f"{place}line": post.line}) if post.line else condition


def is_opened_by(post: Post, unit: Unit) -> bool:
    """The same of one unit as the table has it today, without asking for it again."""
    return unit.path.startswith(post.unit.path) and post.line in ("", unit.line)


def opens_any(posts: Iterable[Post], field: str = "") -> Q:
    """What any of the posts opens; nothing where there is none."""
    return reduce(or_, (opens_unit(post, field) for post in posts), NOTHING)


def is_in_force(on: date) -> Q:
    """That a post is in force on that day. Whoever stands in for a post does so only while that one is."""
    own = Q(opens_on__lte=on, closes_on__gt=on)
    return own & (Q(deputy_of=None) | Q(deputy_of__opens_on__lte=on, deputy_of__closes_on__gt=on))


def list_posts(user: User, on: date, *powers: Power) -> QuerySet[Post]:
    """The posts in force on that day that allow any of these, or all posts; the highest unit first.

    Only the one that the person chose to act as, if they chose one, and those that the page is for.
    """
    posts = Post.objects.filter(is_in_force(on), user=user)
    if user.sight.post is not None:
        posts = posts.filter(pk=user.sight.post)
    if user.sight.roles is not None:
        posts = posts.filter(role__in=user.sight.roles)
    if powers:
        posts = posts.filter(role__in=list_roles(*powers))
    return posts.select_related("unit", "deputy_of__user").order_by("unit__path", "role", "pk")


def hold_posts(user: User, on: date, *powers: Power) -> Sequence[Post]:
    """The same posts as :func:`list_posts`, for what is only read: they are asked for once a request."""
    if user.posts_on != on:
        return list(list_posts(user, on, *powers))
    roles = set(list_roles(*powers)) if powers else None
    return [post for post in user.posts_acting if _counts(post, user.sight.roles) and _counts(post, roles)]


def _counts(post: Post, roles: Collection[str] | None) -> bool:
    return roles is None or post.role in roles


def opens_address(user: User, address: str) -> bool:
    """Whether a post in which the person acts counts on the page of that name; what a page asks before it leads there.

    Whoever holds no post is led everywhere, and told there that they hold none.
    """
    asked, roles = find_asked(address), {post.role for post in user.posts_acting}
    return asked is None or not roles or bool(roles.intersection(list_roles(asked)))


def sees_unit(user: User, unit: Unit, on: date, *powers: Power) -> bool:
    """Whether a post in force that allows one of these, or any post, opens the unit as it is given; asked without the
    database where the posts are known."""
    return any(is_opened_by(post, unit) for post in hold_posts(user, on, *powers))


def has_left(user: User, on: date) -> bool:
    """Whether the person had posts and has none any more. Who sets an installation up may have none, and stays."""
    ended = Q(closes_on__lte=on) | Q(deputy_of__closes_on__lte=on)
    return not user.is_superuser and Post.objects.filter(ended, user=user).exists() and not has_any(user, on)


def has_any(user: User, on: date) -> bool:
    return Post.objects.filter(is_in_force(on), user=user).exists()


def list_posts_over(user: User, unit: Unit, on: date, *powers: Power, is_above: bool = False) -> QuerySet[Post]:
    """Those of the posts that open this unit, the nearest first; with ``is_above`` only those above the unit itself."""
    codes = unit.path.strip("/").split("/")
    # Asked of the table, since a page of an earlier day shows the line that the unit had then.
    line = Q(line="") | Q(line__in=Unit.objects.filter(pk=unit.pk).order_by().values("line"))
    posts = list_posts(user, on, *powers).filter(line, unit__code__in=codes[:-1] if is_above else codes)
    return posts.order_by("-unit__path", "role", "pk")


def list_visible_units(user: User, on: date) -> QuerySet[Unit]:
    """Every unit that a post in force opens, open or closed, in tree order."""
    return Unit.objects.filter(opens_any(hold_posts(user, on)))


def list_codes_in_sight(user: User, codes: Iterable[str], on: date) -> frozenset[str]:
    """Those of the codes whose units the person may see."""
    found = list_visible_units(user, on).filter(code__in=tuple(codes))
    return frozenset(found.values_list("code", flat=True))


def get_unit(user: User, code: str, on: date) -> Unit:
    """The unit with that code, if a post opens it. Raises ``Http404`` otherwise, whether it exists or not."""
    unit = _find_unit(hold_posts(user, on), code)
    if unit is None:
        raise Http404
    return unit


def _find_unit(posts: Iterable[Post], code: str) -> Unit | None:
    # No code holds a NUL, and PostgreSQL fails when asked for one.
    return Unit.objects.filter(opens_any(posts), code=code).first() if "\0" not in code else None


def get_area(user: User, code: str, on: date) -> Unit:
    """The unit, if all below it is in sight too, so that what is summed up over it may be shown. Raises ``Http404``."""
    posts = hold_posts(user, on)
    unit = _find_unit(posts, code)
    if unit is None or not _is_whole(posts, unit):
        raise Http404
    return unit


def is_whole(user: User, unit: Unit, on: date) -> bool:
    """Whether the person sees the unit and everything below it. Who looks after one line may see a part of it alone."""
    return _is_whole(hold_posts(user, on), unit)


def _is_whole(posts: Sequence[Post], unit: Unit) -> bool:
    over = [post for post in posts if unit.path.startswith(post.unit.path)]
    if any(not post.line for post in over):
        return True
    below = Unit.objects.filter(is_below(unit.path))
    return bool(over) and not below.exclude(line__in={post.line for post in over}).exists()


def may_look(user: User, unit: Unit, on: date) -> bool:
    """Whether what is recorded and told of the unit and everything below it is open to the person."""
    return _is_whole(hold_posts(user, on, Power.LOOK), unit)


def list_areas(user: User, on: date, *powers: Power) -> list[Unit]:
    """The units of the posts of which everything below is in sight, the highest first, each once."""
    posts = hold_posts(user, on, *powers)
    return list({post.unit_id: post.unit for post in posts if not post.line or is_whole(user, post.unit, on)}.values())


def list_lines(user: User, on: date, *powers: Power) -> list[Post]:
    """The posts over one line of an area that is not theirs as a whole."""
    posts = hold_posts(user, on, *powers)
    return [post for post in posts if post.line and not is_whole(user, post.unit, on)]


def has_role(user: User, unit: Unit, on: date, *roles: str) -> bool:
    """Whether a post in force in one of these roles opens the unit."""
    return list_posts_over(user, unit, on).filter(role__in=roles).exists()


def has_power(user: User, unit: Unit, on: date, *powers: Power) -> bool:
    """Whether a post in force that allows one of these opens the unit."""
    return list_posts_over(user, unit, on, *powers).exists()


def may_manage(user: User, unit: Unit, on: date) -> bool:
    return has_power(user, unit, on, Power.MANAGE)


def may_record(user: User, unit: Unit, on: date) -> bool:
    """Officers and recorders record; all others only look."""
    return has_power(user, unit, on, Power.RECORD)


def may_change_unit(user: User, unit: Unit, on: date) -> bool:
    """Officers and administrators enter what changes about units."""
    return has_power(user, unit, on, Power.UNITS)


def may_appoint(user: User, unit: Unit, on: date) -> bool:
    """Officers and administrators look after the people of the units below their posts, and the keys of programs."""
    return has_power(user, unit, on, Power.PEOPLE)


def may_give(user: User, unit: Unit, on: date, *, role: str, line: str) -> bool:
    """Whether the person may give somebody else such a post at the unit: nobody gives more than what is theirs.

    A post of one line gives posts of that line alone. Whoever only stands in for a post gives, ends and renews nothing:
    else they could take over the account of whom they stand in for, or keep what they have after their days.

    The first administrators are named by the officers of the root; other officers name none.
    """
    return gives(list_posts(user, on, Power.PEOPLE), unit, role=role, line=line)


def gives(posts: Iterable[Post], unit: Unit, *, role: str, line: str) -> bool:
    """The same, asked of posts that look after people."""
    over = [post for post in posts if post.deputy_of_id is None and unit.path.startswith(post.unit.path)]
    over = [post for post in over if not post.line or post.line == line == unit.line]
    if role != Role.ADMINISTRATOR:
        return bool(over)
    return any(post.role == Role.ADMINISTRATOR or (post.unit.parent_id is None and not post.line) for post in over)


def may_close(user: User, person: User, on: date) -> bool:
    """Whether somebody may end a person's account or give them a new link: who looks after every post they hold, and
    never after their own."""
    posts = Post.objects.filter(is_in_force(on) | Q(opens_on__gt=on), user=person).select_related("unit")
    ours = (may_give(user, post.unit, on, role=post.role, line=post.line) for post in posts)
    staffed = opens_any(list_posts(user, on, Power.PEOPLE).filter(deputy_of=None), "unit")
    return person != user and all(ours) and person.posts.filter(staffed).exists()


def get_managed_unit(user: User, code: str, on: date) -> Unit:
    """The unit with all below it, for an officer. Raises ``Http404`` out of sight, ``PermissionDenied`` otherwise."""
    return _demand(get_area(user, code, on), user, on, may_manage)


def get_staffed_unit(user: User, code: str, on: date) -> Unit:
    """The unit, for who looks after its people. Raises as :func:`get_managed_unit` does."""
    return _demand(get_unit(user, code, on), user, on, may_appoint)


def get_changing_unit(user: User, code: str, on: date) -> Unit:
    """The unit, for who may enter what changes about it. Raises as :func:`get_managed_unit` does."""
    return _demand(get_unit(user, code, on), user, on, may_change_unit)


def list_managed_units(user: User, on: date) -> QuerySet[Unit]:
    """The units that the person's posts as an officer open."""
    return Unit.objects.filter(opens_any(list_posts(user, on, Power.MANAGE)))


def list_changing_units(user: User, on: date) -> QuerySet[Unit]:
    """The units about which the person may enter changes."""
    return Unit.objects.filter(opens_any(list_posts(user, on, Power.UNITS)))


def list_staffed_units(user: User, on: date) -> QuerySet[Unit]:
    """The units whose people the person looks after."""
    return Unit.objects.filter(opens_any(list_posts(user, on, Power.PEOPLE)))


def list_people(user: User, on: date) -> QuerySet[User]:
    """Whom the person may give a post to: everybody else who can log in and holds or held one at a unit whose people
    they look after."""
    held = Post.objects.filter(opens_any(list_posts(user, on, Power.PEOPLE), "unit")).order_by().values("user")
    return User.objects.filter(pk__in=held, is_active=True).exclude(pk=user.pk)


def get_recording_unit(user: User, code: str, on: date) -> Unit:
    """The unit, for somebody who may record there. Raises as :func:`get_managed_unit` does."""
    return _demand(get_unit(user, code, on), user, on, may_record)


def _demand(unit: Unit, user: User, on: date, may: Callable[[User, Unit, date], bool]) -> Unit:
    if not may(user, unit, on):
        raise PermissionDenied
    return unit


def find_home(user: User, on: date) -> Unit | None:
    """The unit of the person's highest post of which they see everything; none without one."""
    return next(iter(list_areas(user, on)), None)


def may_import_roster(user: User, on: date) -> bool:
    """Who may change units, at the root and in every line; and, while there is no unit at all, whoever set the
    installation up."""
    posts = list_posts(user, on, Power.UNITS).filter(unit__parent=None, line="")
    return posts.exists() or (user.is_superuser and not Unit.objects.exists())


def digest_token(key: str) -> str:
    """How a key is kept."""
    return hashlib.sha256(key.encode()).hexdigest()


# Written out, because it is asked before every call of a program, and to have it composed takes six times as long as to
# have it answered. The columns are the fields of ``TOLD_BY_TOKEN``, in the order of their models, which Django expects.
TOKEN_IN_FORCE = """
SELECT token.id, token.post_id, post.id, post.user_id, post.unit_id, post.role, post.line, post.deputy_of_id,
       person.id, person.username, person.display_name, unit.id, unit.code, unit.name, unit.line, unit.path
FROM accounts_apitoken AS token
JOIN accounts_post AS post ON post.id = token.post_id
JOIN accounts_user AS person ON person.id = post.user_id
JOIN accounts_unit AS unit ON unit.id = post.unit_id
LEFT JOIN accounts_post AS deputed ON deputed.id = post.deputy_of_id
WHERE token.digest = %s AND token.opens_on <= %s AND token.closes_on > %s
  AND post.opens_on <= %s AND post.closes_on > %s AND person.is_active
  AND (deputed.id IS NULL OR (deputed.opens_on <= %s AND deputed.closes_on > %s))
"""
TOLD_BY_TOKEN: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (ApiToken, ("id", "post_id")),
    (Post, ("id", "user_id", "unit_id", "role", "line", "deputy_of_id")),
    (User, ("id", "username", "display_name")),
    (Unit, ("id", "code", "name", "line", "path")),
)


def find_token(key: str, on: date) -> ApiToken | None:
    """The token of that key, if it and its post are in force on the day and the person is still active."""
    day = connection.ops.adapt_datefield_value(on)
    with connection.cursor() as cursor:
        cursor.execute(TOKEN_IN_FORCE, [digest_token(key), *[day] * 6])
        row = cursor.fetchone()
    return None if row is None else _read_token(row)


def _read_token(row: Sequence[Any]) -> ApiToken:
    """The token with its post, that one's person and unit. What was not asked for is read when it is needed."""
    values = iter(row)
    read = [model.from_db(connection.alias, fields, [next(values) for _ in fields]) for model, fields in TOLD_BY_TOKEN]
    token, post = cast(ApiToken, read[0]), cast(Post, read[1])
    post.user, post.unit = cast(User, read[2]), cast(Unit, read[3])
    token.post, post.user.posts_held = post, [post]
    return token


def get_token_unit(post: Post, code: str) -> Unit:
    """A unit that the post of a token opens; without a code the post's own. Raises ``Http404`` for any other."""
    found = Unit.objects.filter(opens_unit(post), code=code or post.unit.code)
    unit = found.first() if "\0" not in code else None
    if unit is None:
        raise Http404
    return unit
