"""What the pages of the audit log read: a page of it, in the order of time, and what is known about an entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from wuzha.adapters.wording.audit import list_alike, list_kept, list_looks
from wuzha.web.accounts.models import AuditCheck, AuditCut, AuditEntry, AuditPlace, AuditSeal, User
from wuzha.web.audit.access import Scope

PAGE = 50
# More people than that who are called alike are no help.
MOST_PEOPLE = 50
OWN_BACK = timedelta(days=183)
FAILED_ACTION = "log-in.failed"
Place = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see of the log. Days are local; both are within."""

    person: str = ""
    action: str = ""
    about: str = ""
    number: str = ""
    since: date | None = None
    until: date | None = None
    looks: bool = False
    request: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, the newest first; ``older`` is where the next page begins, where there is one."""

    entries: Sequence[AuditEntry]
    older: Place | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an entry's seal. ``holds`` is none where no check has come to it yet."""

    seal: AuditSeal | None
    check: AuditCheck | None
    holds: bool | None


def list_page(scope: Scope, asked: Asked, before: Place | None = None) -> Page:
    """Reads no more of the log than the page needs, by the index that the filters ask for."""
    if scope.everything:
        rows = _list_places(AuditEntry.objects.filter(_write(asked)), before, "pk")
    else:
        rows = sorted({row for unit in scope.units for row in _list_at(unit.pk, asked, before)}, reverse=True)
    shown = rows[:PAGE]
    found = AuditEntry.objects.select_related("actor").in_bulk([number for _, number in shown])
    entries = [found[number] for _, number in shown if number in found]
    return Page(entries, shown[-1] if len(rows) > PAGE else None)


def _list_at(unit: int, asked: Asked, before: Place | None) -> list[Place]:
    places = AuditPlace.objects.filter(_write(asked, "entry__"), unit=unit)
    return _list_places(places, before, "entry_id")


def _list_places(rows: "QuerySet[Any]", before: Place | None, key: str) -> list[Place]:
    if before is not None:
        at, number = before
        # The first half alone is what an index answers.
        rows = rows.filter(Q(at__lte=at) & (Q(at__lt=at) | Q(**{f"{key}__lt": number})))
    return list(rows.order_by("-at", f"-{key}").values_list("at", key)[: PAGE + 1])


def list_all(scope: Scope, asked: Asked) -> QuerySet[AuditEntry]:
    """All that fits, for a file."""
    entries = AuditEntry.objects.filter(_write(asked)).select_related("actor").order_by("-at", "-id")
    if scope.everything:
        return entries
    return entries.filter(Exists(AuditPlace.objects.filter(entry=OuterRef("pk"), unit__in=scope.units)))


def _write(asked: Asked, way: str = "") -> Q:
    """The filters as a condition on entries, or on what leads to them by ``way``."""
    told: dict[str, object] = {
        f"{way}action": asked.action,
        f"{way}object_type__in": list_alike(asked.about) if asked.about else "",
        f"{way}object_id": asked.number,
        f"{way}request": asked.request,
    }
    condition = Q(**{name: value for name, value in told.items() if value})
    if asked.person:
        condition &= Q(**{f"{way}actor__in": find_people(asked.person)})
    if asked.looks:
        condition &= Q(**{f"{way}action__in": list_looks()})
    # The time stands in both tables, so that it need not be looked up.
    if asked.since:
        condition &= Q(at__gte=_begin(asked.since))
    if asked.until:
        condition &= Q(at__lt=_begin(asked.until + timedelta(days=1)))
    return condition


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def find_people(words: str) -> list[int]:
    """Whoever has this user name, or these words in their name."""
    people = User.objects.filter(Q(username__iexact=words) | Q(display_name__icontains=words))
    return list(people.order_by("pk").values_list("pk", flat=True)[:MOST_PEOPLE])


def find_standing(entry: AuditEntry) -> Standing:
    """Which seal holds the entry, and what the last check of the chain says of that place."""
    seal = AuditSeal.objects.filter(last_id__gte=entry.pk).order_by("last_id").first()
    check = AuditCheck.objects.first()
    if seal is None or check is None:
        return Standing(seal, check, None)
    if check.broken_from is not None and entry.pk >= check.broken_from:
        return Standing(seal, check, False)
    return Standing(seal, check, True if seal.last_id <= check.last_id else None)


def read_state() -> Mapping[str, Any]:
    """How the log stands as a whole: the last seal, the last check, the last cut."""
    last = {"seal": AuditSeal.objects.order_by("-last_id").first(), "check": AuditCheck.objects.first()}
    return last | {"cut": AuditCut.objects.order_by("-last_id").first()}


def list_looks_at(user: User, now: datetime) -> QuerySet[AuditEntry]:
    """Who looked at the person's own data, within half a year."""
    about = AuditEntry.objects.filter(object_type="user", object_id=str(user.pk), action__in=list_looks())
    return (
        about.filter(at__gte=now - OWN_BACK).exclude(actor=user).select_related("actor").order_by("-at", "-id")[:PAGE]
    )


def list_own_log_ins(user: User, now: datetime) -> list[AuditEntry]:
    """The person's own log-ins and those that failed under their name, within half a year."""
    since = Q(at__gte=now - OWN_BACK)
    done = AuditEntry.objects.filter(since, object_type="user", object_id=str(user.pk), action__in=list_kept("network"))
    failed = AuditEntry.objects.filter(since, action=FAILED_ACTION, details__username=user.username)
    found = [*done.order_by("-at", "-id")[:PAGE], *failed.order_by("-at", "-id")[:PAGE]]
    return sorted(found, key=lambda entry: (entry.at, entry.pk), reverse=True)[:PAGE]
