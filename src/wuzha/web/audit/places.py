"""Where entries of the audit log belong is found out after they were written, so that nobody waits for it.

Done again it finds the same: whatever has not settled yet is looked at once more the next time.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from types import MappingProxyType

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from wuzha.web.accounts.audit import SETTLED_AFTER
from wuzha.web.accounts.models import AuditEntry, AuditPlace, AuditPlaced, Post, Unit

PIECE = 2000
APPS = ("accounts", "campaign")
# What entries call a model that has another name.
OTHER_NAMES: Mapping[str, str] = MappingProxyType({"plan": "planversion"})
# How to come to the unit from a model that has none itself.
WAYS: Mapping[str, str] = MappingProxyType(
    {
        "apitoken": "post__unit",
        "picturelook": "paper__unit",
        "publiccopy": "paper__unit",
        "tableupload": "call__unit",
        "tablesheet": "call__unit",
        "unit": "pk",
    }
)
# Of what stands beside an entry, the names under which actions write the code of a unit.
CODES = ("unit", "addressee", "code")
Found = dict[int, set[str]]


def place_entries(*, now: datetime, most: int = 1_000_000) -> int:
    """Finds out where entries belong that were written since the last time, up to so many; says how many they were."""
    done = 0
    while done < most and (taken := _place_some(now)):
        done += taken
        if taken < PIECE:
            break
    return done


@transaction.atomic
def _place_some(now: datetime) -> int:
    mark, _ = AuditPlaced.objects.select_for_update().get_or_create(pk=1)
    entries = list(AuditEntry.objects.filter(id__gt=mark.last_id).order_by("id")[:PIECE])
    if not entries:
        return 0
    _write_places(entries, _find_paths(entries))
    young = next((number for number, entry in enumerate(entries) if entry.at > now - SETTLED_AFTER), len(entries))
    if young:
        mark.last_id = entries[young - 1].pk
        mark.save(update_fields=["last_id"])
    return young


def _write_places(entries: Sequence[AuditEntry], paths: Found) -> None:
    codes = {code for found in paths.values() for path in found for code in _list_below_root(path)}
    units = dict(Unit.objects.filter(code__in=codes).values_list("code", "pk"))
    rows = []
    for entry in entries:
        names = {code for path in paths[entry.pk] for code in _list_below_root(path)}
        rows += [AuditPlace(entry=entry, unit_id=units[code], at=entry.at) for code in sorted(names)]
    AuditPlace.objects.bulk_create(rows, batch_size=PIECE, ignore_conflicts=True)


def _list_below_root(path: str) -> list[str]:
    """Whoever looks after the root reads everything anyway."""
    return path.split("/")[1:-1]


def _find_paths(entries: Sequence[AuditEntry]) -> Found:
    found: Found = {entry.pk: set() for entry in entries}
    _add_actors(entries, found)
    _add_named(entries, found)
    by_model: dict[str, list[AuditEntry]] = defaultdict(list)
    for entry in entries:
        by_model[entry.object_type].append(entry)
    for name, some in by_model.items():
        _add_objects(name, some, found)
    return found


def _add_actors(entries: Iterable[AuditEntry], found: Found) -> None:
    """Where whoever did it, or whom it was done to, held a post on the day."""
    people: dict[int, list[AuditEntry]] = defaultdict(list)
    names: dict[str, list[AuditEntry]] = defaultdict(list)
    for entry in entries:
        if entry.actor_id:
            people[entry.actor_id].append(entry)
        if entry.object_type == "user" and entry.object_id.isdecimal():
            people[int(entry.object_id)].append(entry)
        if not entry.actor_id and (name := str(entry.details.get("username", ""))):
            names[name].append(entry)
    posts = Post.objects.filter(Q(user__in=people) | Q(user__username__in=names))
    for post in posts.select_related("unit", "user", "deputy_of"):
        for entry in (*people[post.user_id], *names[post.user.username]):
            if _was_held(post, _find_day(entry)):
                found[entry.pk].add(post.unit.path)


def _was_held(post: Post, day: date) -> bool:
    """Whether the post was in force on the day: that of whoever stands in only while the other one was."""
    is_own = post.opens_on <= day < post.closes_on
    return is_own and (post.deputy_of is None or post.deputy_of.opens_on <= day < post.deputy_of.closes_on)


def _find_day(entry: AuditEntry) -> date:
    return timezone.localdate(entry.at)


def _add_named(entries: Iterable[AuditEntry], found: Found) -> None:
    """The unit whose code stands beside the entry."""
    told = [(entry, entry.details.get(name)) for entry in entries for name in CODES]
    named = [(entry, code) for entry, code in told if isinstance(code, str) and code]
    paths = dict(Unit.objects.filter(code__in={code for _, code in named}).values_list("code", "path"))
    for entry, code in named:
        if code in paths:
            found[entry.pk].add(paths[code])


def _add_objects(name: str, entries: Sequence[AuditEntry], found: Found) -> None:
    model, way = _find_way(OTHER_NAMES.get(name, name))
    if model is None or not way:
        return
    keys = {entry.pk: key for entry in entries if (key := _read_key(model, entry.object_id)) is not None}
    path = "path" if way == "pk" else f"{way}__path"
    paths = dict(model._base_manager.filter(pk__in=set(keys.values())).values_list("pk", path))
    for number, key in keys.items():
        if paths.get(key):
            found[number].add(paths[key])


def _read_key(model: type[models.Model], text: str) -> object:
    try:
        return model._meta.pk.to_python(text)
    except ValidationError:
        return None


@cache
def _find_way(name: str) -> tuple[type[models.Model] | None, str]:
    """The model of that name, and the way from it to a unit; empty where there is none."""
    model = next((found for app in APPS if (found := apps.all_models[app].get(name))), None)
    if model is None or name in WAYS:
        return model, WAYS.get(name, "")
    try:
        field = model._meta.get_field("unit")
    except FieldDoesNotExist:
        return model, ""
    return model, "unit" if field.related_model is Unit else ""
