"""What the account pages show. Reads only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, F, Func, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from wuzha.core.base.problem import Problem
from wuzha.core.base.roster import (
    RosterChange,
    RosterRow,
    check_ahead,
    check_roster,
    compare_rosters,
    list_doubts,
    list_undated,
)
from wuzha.core.base.unit import Attribute as CoreAttribute
from wuzha.core.base.unit import Placement as CorePlacement
from wuzha.core.base.unit import Tree
from wuzha.web.accounts.access import list_visible_units
from wuzha.web.accounts.models import (
    ApiToken,
    Attribute,
    ComingChange,
    Placement,
    Post,
    RosterUpload,
    Unit,
    UnitChange,
    User,
)

State = ComingChange.State
# More to choose from nobody reads; whoever is not among them is found by another letter of the name.
MOST_PEOPLE = 20


def has_changed_since(day: date) -> bool:
    """Whether any unit was moved, renamed or became another kind after that day. If not, what stands today stood then.

    Nothing is known ahead, so that the tree of today is the latest.
    """
    return Placement.objects.filter(since__gt=day).exists()


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A unit above another one, as it was called on the day; its page opens only where it ``is_seen``."""

    unit: Unit
    is_seen: bool


def list_ancestors(unit: Unit, user: User, on: date, as_of: date) -> Sequence[Ancestor]:
    """The units above this one that the person may see, the highest first, as they stood on the day ``as_of``.

    One that stood above then and does no longer is named even where the person does not see it. The unit itself gets
    the name of the day too (:func:`show_as_of`).
    """
    codes = unit.path.split("/")[:-2]
    if as_of < on and has_changed_since(as_of):
        show_as_of([unit], as_of)
        return _list_ancestors_then(unit, codes, list_visible_units(user, on), as_of)
    return [Ancestor(one, True) for one in list_visible_units(user, on).filter(code__in=codes)] if codes else []


def _list_ancestors_then(unit: Unit, now: Sequence[str], visible: QuerySet[Unit], as_of: date) -> list[Ancestor]:
    found = list(_climb(unit, as_of))
    show_as_of(found, as_of)
    seen = set(visible.filter(pk__in=[one.pk for one in found]).values_list("pk", flat=True))
    return [Ancestor(one, one.pk in seen) for one in reversed(found) if one.pk in seen or one.code not in now]


def _climb(unit: Unit, as_of: date) -> Iterator[Unit]:
    """The units above on that day, the nearest first: a question for each, and a tree is five or six units high."""
    number = _find_parent(unit.pk, as_of)
    while number is not None:
        yield Unit.objects.get(pk=number)
        number = _find_parent(number, as_of)


def _find_parent(number: int, as_of: date) -> int | None:
    found: int | None = Unit.objects.filter(pk=number).values_list(_place_then(as_of), flat=True).get()
    return found


def keep_open(units: QuerySet[Unit], as_of: date) -> QuerySet[Unit]:
    """The units that exist on that day."""
    return units.filter(opens_on__lte=as_of, closes_on__gt=as_of)


def list_children(units: QuerySet[Unit], unit: Unit, as_of: date) -> QuerySet[Unit]:
    """The units that stood directly below on that day, each with the number of units below it that existed then.

    A unit out of sight is not among them, although it may have stood there: access follows today's tree.
    """
    then = _place_then(as_of)
    below = Unit.objects.filter(opens_on__lte=as_of, closes_on__gt=as_of).alias(then=then).filter(then=OuterRef("pk"))
    counted = below.order_by().annotate(n=Func(F("pk"), function="COUNT", output_field=IntegerField())).values("n")
    found = units.alias(then=then).filter(then=unit.pk)
    return found.annotate(below=Coalesce(Subquery(counted), 0)).order_by("path")


def _place_then(as_of: date) -> Coalesce:
    """The number of the unit above on that day."""
    placed = Placement.objects.filter(unit=OuterRef("pk"), since__lte=as_of).order_by("-since")
    return Coalesce(Subquery(placed.values("parent")[:1]), F("parent"), output_field=BigIntegerField())


def show_as_of(units: Iterable[Unit], as_of: date) -> None:
    """Gives the units the name, kind, line and parent of that day, to be shown and never to be saved."""
    units = list(units)
    placed = Placement.objects.filter(unit__in=units, since__lte=as_of).select_related("parent").order_by("since")
    then = {row.unit_id: row for row in placed}
    for unit in units:
        if unit.pk in then:
            row = then[unit.pk]
            unit.name, unit.kind, unit.line, unit.parent = row.name, row.kind, row.line, row.parent


def show_past(units: Iterable[Unit | None], as_of: date, today: date) -> None:
    """The same for pages: of today, and where nothing has changed since, all is as it stands."""
    if as_of < today and has_changed_since(as_of):
        show_as_of([unit for unit in units if unit is not None], as_of)


def list_names_then(as_of: date) -> Mapping[str, str]:
    """What the units that ever changed were called on that day, by their codes; all others are called as ever."""
    placed = Placement.objects.filter(since__lte=as_of).order_by("since")
    return dict(placed.values_list("unit__code", "name"))


@dataclass(frozen=True, slots=True)
class Event:
    """One change of a unit as its page tells it. ``into`` are those who took it over, as far as they are in sight."""

    change: UnitChange
    before: Placement | None
    after: Placement | None
    into: tuple[Unit, ...]


def tell_story(unit: Unit, visible: QuerySet[Unit]) -> list[Event]:
    """Every change of the unit that was entered, the latest first, with what it was before and after."""
    changes = list(unit.changes.select_related("made_by").prefetch_related("into").order_by("-happened_on", "-id"))
    if not changes:
        return []
    history = list(unit.placements.select_related("parent").order_by("since"))
    seen = set(visible.filter(taken_over__unit=unit).values_list("pk", flat=True))
    return [_tell_event(change, history, seen) for change in changes]


def _tell_event(change: UnitChange, history: Sequence[Placement], seen: set[int]) -> Event:
    before = [row for row in history if row.since < change.happened_on]
    after = [row for row in history if row.since == change.happened_on]
    into = tuple(unit for unit in change.into.all() if unit.pk in seen)
    return Event(change, before[-1] if before else None, after[0] if after else None, into)


@dataclass(frozen=True, slots=True)
class Coming:
    """A change that waits for its day. The page of its target opens where that one ``is_seen``."""

    change: ComingChange
    is_seen: bool


def list_coming(units: Iterable[Unit], visible: QuerySet[Unit], as_of: date) -> Mapping[int, Sequence[Coming]]:
    """What is known on the day to change about these units later, by their numbers: the next first."""
    rows = ComingChange.objects.filter(unit__in=list(units), state=State.WAITING).select_related("target", "unit")
    known = _keep_known(rows, as_of)
    seen = _find_seen([row.target_id for row in known], visible)
    found: dict[int, list[Coming]] = {}
    for row in known:
        found.setdefault(row.unit_id, []).append(Coming(row, row.target_id in seen))
    return found


def list_coming_to(unit: Unit, visible: QuerySet[Unit], as_of: date) -> list[Coming]:
    """The units that will move to this one or go over to it, as known on the day; ``is_seen`` is said of them."""
    rows = ComingChange.objects.filter(target=unit, state=State.WAITING).select_related("unit")
    known = _keep_known(rows, as_of)
    seen = _find_seen([row.unit_id for row in known], visible)
    return [Coming(row, row.unit_id in seen) for row in known]


def _keep_known(rows: QuerySet[ComingChange], as_of: date) -> list[ComingChange]:
    """Those that had been entered by that day."""
    return [row for row in rows if timezone.localdate(row.made_at) <= as_of]


def _find_seen(numbers: Iterable[int | None], visible: QuerySet[Unit]) -> set[int]:
    wanted = {number for number in numbers if number is not None}
    return set(visible.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()


def list_given_up(unit: Unit) -> QuerySet[ComingChange]:
    """What was entered ahead of its day and was taken back, or could not be made."""
    rows = unit.coming.filter(state__in=(State.WITHDRAWN, State.FAILED))
    return rows.select_related("target", "made_by", "settled_by").order_by("-settled_at")


def find_last_day(unit: Unit) -> date:
    """The day from which the unit is no more, as far as is known: it may close, be merged or divided ahead."""
    kinds = (UnitChange.Kind.CLOSED, UnitChange.Kind.MERGED, UnitChange.Kind.SPLIT)
    ends = unit.coming.filter(state=State.WAITING, kind__in=kinds).values_list("happens_on", flat=True)
    return min((unit.closes_on, *ends))


def count_left_below(unit: Unit, on: date) -> int:
    """The units right below that go on after that day, those left out that will have gone by then."""
    kinds = (UnitChange.Kind.CLOSED, UnitChange.Kind.MERGED, UnitChange.Kind.SPLIT, UnitChange.Kind.MOVED)
    going = ComingChange.objects.filter(state=State.WAITING, kind__in=kinds, happens_on__lte=on).values("unit")
    return unit.children.filter(closes_on__gt=on).exclude(pk__in=going).count()


def list_announced_codes() -> set[str]:
    """The codes of units that will open when another one is divided."""
    rows = ComingChange.objects.filter(state=State.WAITING, kind=UnitChange.Kind.SPLIT)
    return {code for details in rows.values_list("details", flat=True) for code in details["parts"]}


def list_taken_over(unit: Unit) -> QuerySet[UnitChange]:
    """The units that were merged into this one, or that it is a part of, by the change that made it so."""
    return UnitChange.objects.filter(into=unit).select_related("unit").order_by("happened_on", "id")


def has_children(unit: Unit, as_of: date, today: date) -> bool:
    """Whether any unit stood directly below on that day, open or closed."""
    if as_of >= today or not has_changed_since(as_of):
        return unit.children.exists()
    return Unit.objects.alias(then=_place_then(as_of)).filter(then=unit.pk).exists()


def search_units(units: QuerySet[Unit], words: str) -> QuerySet[Unit]:
    """Units whose name holds the words, or once held them, or whose code begins with them."""
    formerly = Placement.objects.filter(name__icontains=words).values("unit")
    found = Q(name__icontains=words) | Q(code__istartswith=words) | Q(pk__in=formerly)
    return units.filter(found).select_related("parent")


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
    return (
        Post.objects.filter(unit=unit)
        .select_related("user__contact", "unit", "deputy_of__user")
        .order_by("-closes_on", "role", "user__username")
    )


@dataclass(frozen=True, slots=True)
class FoundPeople:
    """Whom to choose from, each with the posts at units in sight as ``posts_shown``; ``more`` are left out."""

    people: Sequence[User]
    more: int


def search_people(people: QuerySet[User], posts: QuerySet[Post], words: str, unit: Unit) -> FoundPeople:
    """Of these people those with the words in their name or user name; without words those who work at the unit."""
    at_unit = Q(pk__in=posts.filter(unit=unit).order_by().values("user"))
    named = Q(display_name__icontains=words) | Q(username__icontains=words)
    # By the user names: each database sorts Chinese names in a way of its own.
    found = people.filter(named if words else at_unit).order_by("username")
    shown = list(found.prefetch_related(Prefetch("posts", posts, to_attr="posts_shown"))[: MOST_PEOPLE + 1])
    more = found.count() - MOST_PEOPLE if len(shown) > MOST_PEOPLE else 0
    return FoundPeople(shown[:MOST_PEOPLE], more)


def list_tokens(unit: Unit) -> QuerySet[ApiToken]:
    """The keys bound to posts at this unit itself, the newest first."""
    return ApiToken.objects.filter(post__unit=unit).select_related("post__user", "post__unit", "made_by")


def find_held_roster(user: User) -> RosterUpload | None:
    """The roster that the person has handed in and not yet confirmed."""
    return RosterUpload.objects.filter(uploaded_by=user).first()


@dataclass(frozen=True, slots=True)
class RosterPreview:
    """What a roster would do, before it does it. With any problem there are no changes: nothing would be taken in.

    ``doubts`` are warnings to look at; the roster can be taken in with them. ``undated`` are changes that do not say
    since when: whoever confirms must.
    """

    rows: int
    problems: tuple[Problem, ...]
    changes: tuple[RosterChange, ...] = ()
    doubts: tuple[Problem, ...] = ()
    undated: tuple[Problem, ...] = ()

    @property
    def new(self) -> int:
        return sum(change.before is None for change in self.changes)

    @property
    def changed(self) -> int:
        return len(self.changes) - self.new

    @property
    def unchanged(self) -> int:
        return self.rows - len(self.changes)


def preview_roster(rows: Sequence[RosterRow], unread: tuple[Problem, ...], today: date) -> RosterPreview:
    """The changes the rows would make to the units that are there, or every problem of reading and of checking."""
    if not rows:
        return RosterPreview(0, unread)
    before = read_tree()
    after, problems = check_roster(rows, before)
    found = sort_by_place((*unread, *problems, *check_ahead(rows, today)))
    if found:
        return RosterPreview(len(rows), found)
    doubts, undated = sort_by_place(list_doubts(rows, after)), list_undated(rows, before, after)
    return RosterPreview(len(rows), (), compare_rosters(before, after), doubts, undated)


def sort_by_place(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems of the whole file first, then in the order of sheets and rows."""
    return tuple(sorted(problems, key=lambda problem: (problem.source.sheet, problem.source.row or 0)))
