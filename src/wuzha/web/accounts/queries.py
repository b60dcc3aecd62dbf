"""What the account pages show. Reads only."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from unicodedata import normalize

from django.db.models import Count, Q, QuerySet

from wuzha.core.base.problem import Problem
from wuzha.core.base.roster import RosterChange, RosterRow, check_roster, compare_rosters, list_doubts
from wuzha.core.base.unit import Attribute as CoreAttribute
from wuzha.core.base.unit import Placement as CorePlacement
from wuzha.core.base.unit import Tree
from wuzha.web.accounts.access import list_visible_units
from wuzha.web.accounts.models import ApiToken, Attribute, AuditEntry, Placement, Post, RosterUpload, Unit, User

# What the audit log calls an attempt to log in, and how many wrong ones from one place are borne for how long.
LOG_IN = "log-in"
MAX_FAILURES = 10
FAILURE_SPAN = timedelta(minutes=15)


def make_log_in_key(username: str, address: str) -> str:
    """Names a user name tried from one network address, in the length that an audit row has for it."""
    name = normalize("NFKC", username).strip().casefold()
    return hashlib.sha256(f"{name}\n{address}".encode(errors="replace")).hexdigest()


def find_log_in_pause(key: str, now: datetime) -> datetime | None:
    """From when on the name may be tried again from there; none while it may be tried now."""
    failures = AuditEntry.objects.filter(object_type=LOG_IN, object_id=key, at__gt=now - FAILURE_SPAN)
    last = list(failures.order_by("-at").values_list("at", flat=True)[:MAX_FAILURES])
    return last[-1] + FAILURE_SPAN if len(last) == MAX_FAILURES else None


def list_ancestors(unit: Unit, user: User, on: date) -> Sequence[Unit]:
    """The units above this one that the person may see, the highest first."""
    codes = unit.path.split("/")[:-2]
    return list(list_visible_units(user, on).filter(code__in=codes)) if codes else []


def keep_open(units: QuerySet[Unit], as_of: date) -> QuerySet[Unit]:
    """The units that exist on that day."""
    return units.filter(opens_on__lte=as_of, closes_on__gt=as_of)


def list_children(units: QuerySet[Unit], unit: Unit, as_of: date) -> QuerySet[Unit]:
    """The units directly below, the ones that exist on that day first, each with the number of units below it."""
    below = Count("children", filter=Q(children__opens_on__lte=as_of, children__closes_on__gt=as_of))
    return units.filter(parent=unit).annotate(below=below).order_by("path")


def has_children(unit: Unit) -> bool:
    """Whether any unit ever stood directly below, open or closed."""
    return unit.children.exists()


def search_units(units: QuerySet[Unit], words: str) -> QuerySet[Unit]:
    """Units whose name holds the words or whose code begins with them."""
    return units.filter(Q(name__icontains=words) | Q(code__istartswith=words)).select_related("parent")


def list_attributes_in_force(unit: Unit, as_of: date) -> list[Attribute]:
    """One row a name: the latest that holds on that day."""
    latest: dict[str, Attribute] = {}
    for row in unit.attributes.filter(valid_from__lte=as_of).order_by("valid_from"):
        latest[row.name] = row
    return list(latest.values())


def read_tree() -> Tree:
    """Every unit with its attributes and its history as core values, parents before children: three queries."""
    attributes: dict[int, list[CoreAttribute]] = {}
    for row in Attribute.objects.all().iterator():
        attributes.setdefault(row.unit_id, []).append(row.to_core())
    placements = read_placements()
    rows = Unit.objects.order_by("path")
    return Tree(tuple(row.to_core(tuple(attributes.get(row.pk, ())), placements.get(row.pk, ())) for row in rows))


def read_placements() -> Mapping[int, tuple[CorePlacement, ...]]:
    """The histories of the units that have one, by the database's number of the unit, the oldest first."""
    found: dict[int, tuple[CorePlacement, ...]] = {}
    rows = Placement.objects.order_by("unit", "since").values_list(
        "unit_id", "since", "name", "kind", "parent__code", "line"
    )
    for unit, since, name, kind, parent, line in rows:
        found[unit] = (*found.get(unit, ()), CorePlacement(since, name, kind, parent or "", line))
    return found


def list_holders(unit: Unit) -> QuerySet[Post]:
    """Everybody who holds or held a post at this unit itself, the ones in force first."""
    return Post.objects.filter(unit=unit).select_related("user").order_by("-closes_on", "role", "user__username")


def list_tokens(unit: Unit) -> QuerySet[ApiToken]:
    """The keys bound to posts at this unit itself, the newest first."""
    return ApiToken.objects.filter(post__unit=unit).select_related("post__user", "post__unit", "made_by")


def find_held_roster(user: User) -> RosterUpload | None:
    """The roster that the person has handed in and not yet confirmed."""
    return RosterUpload.objects.filter(uploaded_by=user).first()


@dataclass(frozen=True, slots=True)
class RosterPreview:
    """What a roster would do, before it does it. With any problem there are no changes: nothing would be taken in.

    ``doubts`` are warnings to look at; the roster can be taken in with them.
    """

    rows: int
    problems: tuple[Problem, ...]
    changes: tuple[RosterChange, ...] = ()
    doubts: tuple[Problem, ...] = ()

    @property
    def new(self) -> int:
        return sum(change.before is None for change in self.changes)

    @property
    def changed(self) -> int:
        return len(self.changes) - self.new

    @property
    def unchanged(self) -> int:
        return self.rows - len(self.changes)


def preview_roster(rows: Sequence[RosterRow], unread: tuple[Problem, ...]) -> RosterPreview:
    """The changes the rows would make to the units that are there, or every problem of reading and of checking."""
    if not rows:
        return RosterPreview(0, unread)
    before = read_tree()
    after, problems = check_roster(rows, before)
    found = sort_by_place((*unread, *problems))
    if found:
        return RosterPreview(len(rows), found)
    return RosterPreview(len(rows), (), compare_rosters(before, after), sort_by_place(list_doubts(rows, after)))


def sort_by_place(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems of the whole file first, then in the order of sheets and rows."""
    return tuple(sorted(problems, key=lambda problem: (problem.source.sheet, problem.source.row or 0)))
