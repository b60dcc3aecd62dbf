"""Every write to people, posts and units. Each one is atomic and leaves its audit row in the same transaction."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from wuzha.core.base.problem import Problem, has_errors
from wuzha.core.base.roster import (
    RosterChange,
    RosterRow,
    check_ahead,
    check_roster,
    compare_rosters,
    date_rows,
    list_paths,
)
from wuzha.core.base.unit import EARLIEST, LATEST, Tree
from wuzha.core.base.unit import Unit as CoreUnit
from wuzha.web.accounts.access import digest_token
from wuzha.web.accounts.masks import mask_details
from wuzha.web.accounts.models import (
    ApiToken,
    Attribute,
    AuditEntry,
    Placement,
    Post,
    RosterUpload,
    Unit,
    UnitChange,
    User,
)
from wuzha.web.accounts.queries import read_tree

# Kept as the reason of what a roster changed.
IMPORTED = "花名册导入"
OWN_FIELDS = ("name", "kind", "line", "opens_on", "closes_on")


def write_audit(*, action: str, actor: User | None, target: Model, at: datetime, **details: object) -> None:
    """The audit row of a change to ``target``. Called by actions only, inside the transaction of the change.

    Numbers of persons in what was typed are masked: the log is never changed, so they could never be taken out.
    """
    told = {**mask_details(details), **(actor.tell_deputed() if actor else {})}
    entry = AuditEntry(action=action, actor=actor, at=at, object_id=str(target.pk), details=told)
    entry.object_type = str(target._meta.model_name)
    entry.save(force_insert=True)


@transaction.atomic
def note_export(*, actor: User, table: str, address: str, ending: str, rows: int, now: datetime) -> None:
    """That a table was taken out as a file: which one, under which filters, and how many rows."""
    details = mask_details({"address": address, "format": ending, "rows": rows})
    AuditEntry(
        action="table.exported", actor=actor, object_type="table", object_id=table, at=now, details=details
    ).save(force_insert=True)


@transaction.atomic
def create_user(*, actor: User | None, username: str, display_name: str, password: str, now: datetime) -> User:
    """A new account without any post: it can log in and sees nothing yet."""
    user = User(username=username, display_name=display_name)
    user.set_password(password)
    user.save(force_insert=True)
    write_audit(action="user.created", actor=actor, target=user, at=now, username=username)
    return user


class TakenError(Exception):
    """Somebody has that user name."""


@transaction.atomic
def create_administrator(*, username: str, display_name: str, password: str, now: datetime) -> User:
    """Whoever may take in the first roster, made by the one who has the machine. Raises ``TakenError``, and
    ``ValueError`` for a name with other signs."""
    try:
        User.username_validator(username)
    except ValidationError as error:
        raise ValueError(username) from error
    if User.objects.filter(username=username).exists():
        raise TakenError
    user = create_user(actor=None, username=username, display_name=display_name, password=password, now=now)
    user.is_superuser = True
    user.save(update_fields=["is_superuser"])
    write_audit(action="user.made-administrator", actor=None, target=user, at=now, username=username)
    return user


@transaction.atomic
def change_password(*, actor: User, password: str, now: datetime) -> None:
    """The person's own new password. The audit row says that, never what."""
    actor.set_password(password)
    actor.save(update_fields=["password"])
    write_audit(action="user.password-changed", actor=actor, target=actor, at=now)


@transaction.atomic
def appoint(  # noqa: PLR0913 - an appointment names who, where, as what and for how long
    *,
    actor: User | None,
    user: User,
    unit: Unit,
    role: str,
    now: datetime,
    opens_on: date = EARLIEST,
    closes_on: date = LATEST,
    line: str = "",
) -> Post:
    """Gives a person a post from one day up to another; the same post again gets the new days."""
    days = {"opens_on": opens_on, "closes_on": closes_on}
    post, _ = Post.objects.update_or_create(user=user, unit=unit, role=role, line=line, deputy_of=None, defaults=days)
    told = {"user": user.username, "unit": unit.code, "role": role, "line": line, "opens_on": str(opens_on)}
    write_audit(action="post.appointed", actor=actor, target=post, at=now, closes_on=str(closes_on), **told)
    return post


@transaction.atomic
def appoint_new_person(*, actor: User, unit: Unit, person: Mapping[str, Any], closes_on: date, now: datetime) -> Post:
    """An account and its first post together.

    ``person`` holds username, display_name, password, role and opens_on, and a line where the post is of one alone.
    """
    user = create_user(
        actor=actor,
        username=person["username"],
        display_name=person["display_name"],
        password=person["password"],
        now=now,
    )
    days = {"opens_on": person["opens_on"], "closes_on": closes_on}
    line = person.get("line", "")
    return appoint(actor=actor, user=user, unit=unit, role=person["role"], line=line, now=now, **days)


@transaction.atomic
def make_token(*, actor: User, post: Post, name: str, closes_on: date, now: datetime) -> tuple[ApiToken, str]:
    """A key for a program, bound to the post from today on. The key is given here and never again."""
    key = f"wuzha_{secrets.token_urlsafe(32)}"
    token = ApiToken(post=post, name=name, digest=digest_token(key), made_by=actor, made_at=now, closes_on=closes_on)
    token.opens_on = timezone.localdate(now)
    token.save(force_insert=True)
    write_audit(action="token.made", actor=actor, target=token, at=now, name=name, post=str(post))
    return token, key


@transaction.atomic
def withdraw_token(*, actor: User, token: ApiToken, now: datetime) -> None:
    """The key opens nothing from now on. Its row stays: who could send what, when, is kept."""
    token.closes_on = timezone.localdate(now)
    token.save(update_fields=["closes_on"])
    write_audit(action="token.withdrawn", actor=actor, target=token, at=now, name=token.name)


@transaction.atomic
def hold_roster(*, actor: User, name: str, content: bytes, now: datetime) -> RosterUpload:
    """Keeps an uploaded roster until it is confirmed; a newer upload of the same person takes its place."""
    held = {"name": name[:200], "content": content, "uploaded_at": now}
    upload, _ = RosterUpload.objects.update_or_create(uploaded_by=actor, defaults=held)
    write_audit(action="roster.uploaded", actor=actor, target=upload, at=now, name=name[:200])
    return upload


@transaction.atomic
def import_roster(
    *, actor: User, rows: Iterable[RosterRow], now: datetime, changed_on: date | None = None
) -> tuple[tuple[RosterChange, ...], tuple[Problem, ...]]:
    """Takes the whole roster in, or, with any error in it, nothing. Gives the changes made and the problems found.

    ``changed_on`` is the day of the changes whose rows name none; without it they are corrections of what was wrong.
    The first roster of an installation makes whoever imports it the officer of its highest unit.
    """
    before, rows = read_tree(), tuple(rows)
    after, problems = check_roster(rows, before)
    if changed_on is not None and not has_errors(problems):
        rows = date_rows(rows, before, after, changed_on)
        after, problems = check_roster(rows, before)
    problems = (*problems, *check_ahead(rows, timezone.localdate(now)))
    if has_errors(problems):
        return (), problems
    changes = compare_rosters(before, after)
    _write_units(after, changes)
    _write_attributes(changes)
    _write_placements(changes, actor, now)
    RosterUpload.objects.filter(uploaded_by=actor).delete()
    new = sum(change.before is None for change in changes)
    root = Unit.objects.get(code=after.units[0].code)
    write_audit(action="roster.imported", actor=actor, target=root, at=now, new=new, changed=len(changes) - new)
    if not before.units:
        appoint(actor=actor, user=actor, unit=root, role=Post.Role.OFFICER, now=now)
    return changes, problems


def _write_units(tree: Tree, changes: Sequence[RosterChange]) -> None:
    """New units level by level, so that each finds its parent; then whatever changed in the old ones."""
    paths = list_paths(tree)
    kept = {unit.code: unit for unit in Unit.objects.all()}
    levels: dict[int, list[CoreUnit]] = {}
    for change in changes:
        if change.before is None:
            levels.setdefault(paths[change.after.code].count("/"), []).append(change.after)
    for level in sorted(levels):
        made = Unit.objects.bulk_create(_make_unit(unit, paths, kept) for unit in levels[level])
        kept.update({unit.code: unit for unit in made})
    _update_units(tree, paths, kept)


def _make_unit(unit: CoreUnit, paths: dict[str, str], kept: dict[str, Unit]) -> Unit:
    own = {name: getattr(unit, name) for name in OWN_FIELDS}
    return Unit(code=unit.code, parent=kept.get(unit.parent), path=paths[unit.code], **own)


def _update_units(tree: Tree, paths: dict[str, str], kept: dict[str, Unit]) -> None:
    """A unit that moves takes everything below it along, so the path of every unit is looked at."""
    changed = []
    for unit in tree.units:
        row = kept[unit.code]
        wanted = _make_unit(unit, paths, kept)
        if any(getattr(row, name) != getattr(wanted, name) for name in (*OWN_FIELDS, "parent_id", "path")):
            wanted.pk = row.pk
            changed.append(wanted)
    Unit.objects.bulk_update(changed, [*OWN_FIELDS, "parent", "path"], batch_size=100)


def _write_placements(changes: Sequence[RosterChange], actor: User, now: datetime) -> None:
    """The histories of the units whose history is another one now, and who says so."""
    rows = {unit.code: unit for unit in Unit.objects.all()}
    told = [change for change in changes if change.before and change.before.placements != change.after.placements]
    Placement.objects.filter(unit__code__in=[change.after.code for change in told]).delete()
    Placement.objects.bulk_create(
        Placement(
            unit=rows[change.after.code],
            since=one.since,
            name=one.name,
            kind=one.kind,
            line=one.line,
            parent=rows.get(one.parent),
        )
        for change in told
        for one in change.after.placements
    )
    UnitChange.objects.bulk_create(
        UnitChange(
            unit=rows[change.after.code], kind=kind, happened_on=day, reason=IMPORTED, made_by=actor, made_at=now
        )
        for change in told
        for day in change.since
        for kind in _name_changes(change.after, day)
    )


def _name_changes(unit: CoreUnit, day: date) -> list[str]:
    """What changed about the unit on that day."""
    was, now = unit.at(day - timedelta(days=1)), unit.at(day)
    kinds = UnitChange.Kind
    changed = {
        kinds.MOVED: was.parent != now.parent,
        kinds.RENAMED: was.name != now.name,
        kinds.RECAST: (was.kind, was.line) != (now.kind, now.line),
    }
    return [str(kind) for kind, is_so in changed.items() if is_so]


def _write_attributes(changes: Sequence[RosterChange]) -> None:
    ids = dict(Unit.objects.values_list("code", "pk"))
    rows = [
        Attribute(
            unit_id=ids[change.after.code],
            name=new.name,
            value=Decimal(new.value.numerator) / Decimal(new.value.denominator),
            valid_from=new.valid_from,
            source=new.source,
        )
        for change in changes
        for new, _ in change.figures
    ]
    Attribute.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["unit", "name", "valid_from"], update_fields=["value", "source"]
    )
