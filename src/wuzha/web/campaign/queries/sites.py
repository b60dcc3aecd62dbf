"""What hangs where, and where along the roads nothing does. Reads only."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from django.db.models import Q, QuerySet

from wuzha.adapters.roads.model import MAIN_ROAD
from wuzha.core.base import road as core
from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import EARLIEST, LATEST, Tree
from wuzha.core.base.unit import Unit as CoreUnit
from wuzha.core.duty.kinds.keep import list_standing
from wuzha.core.duty.kinds.measure import is_counted, order_by_time
from wuzha.core.duty.kinds.space import list_roads, mark_sites
from wuzha.core.duty.model import Duty, Target, Who
from wuzha.core.duty.who import list_bearers
from wuzha.core.ground.gap import Gap, count_needed, find_gaps, find_share, place_needed
from wuzha.core.ground.point import Point
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.core.ledger.record import Kinds
from wuzha.core.ledger.row import Row
from wuzha.core.ledger.sites import Site, list_sites
from wuzha.web.accounts.models import Unit
from wuzha.web.accounts.queries import has_changed_since
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.models import Outline, Record, Road, SitePlace
from wuzha.web.campaign.queries.ground import list_plans_in_force, load_ground, load_roads, load_tree
from wuzha.web.campaign.queries.roads import HOARDING_ATTRIBUTE
from wuzha.web.campaign.queries.tallies import list_rows
from wuzha.web.campaign.queries.then import is_below_then

DIGITS = re.compile(r"([0-9]{1,18})")
# Where no plan in force says otherwise: what plans most often ask along main roads, and on hoardings.
USUAL_KIND, USUAL_LIMIT_M = "advert", Fraction(200)
HOARDING_KIND, HOARDING_SHARE = "hoarding_advert", Fraction(1, 10)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on a road: metres from its start, and where that is if the road's line is known."""

    at_m: Fraction
    point: Point | None


@dataclass(frozen=True, slots=True)
class GapRow:
    """A gap longer than the limit, with the road that it is on; none where only its length is known."""

    unit: CoreUnit
    road: Road | None
    gap: Gap
    limit_m: Fraction

    @property
    def needed(self) -> int:
        return count_needed(self.gap, self.limit_m)

    @property
    def new(self) -> tuple[Mark, ...]:
        """The fewest new sites that close it. Found when asked for: of thousands of gaps a page shows some."""
        return tuple(Mark(at_m, _find_place(self.road, at_m)) for at_m in place_needed(self.gap, self.limit_m))


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site with the name of its unit and its place, if one is known. ``is_spaced`` sites close gaps along roads."""

    site: Site
    unit_name: str
    point: Point | None
    unseen_days: int
    limit_days: int | None
    is_spaced: bool

    @property
    def is_unseen(self) -> bool:
        return self.unseen_days > (self.limit_days or 90)


@dataclass(frozen=True, slots=True)
class Hoardings:
    """The square metres of a unit's hoardings, of the adverts on them, and how many more a tenth would be."""

    unit: CoreUnit
    whole_m2: Fraction
    adverts_m2: Fraction

    @property
    def share(self) -> Fraction:
        return find_share(self.adverts_m2, self.whole_m2) or Fraction(0)

    @property
    def wanting_m2(self) -> Fraction:
        return max(Fraction(0), self.whole_m2 * HOARDING_SHARE - self.adverts_m2)


@dataclass(frozen=True, slots=True)
class SitesPage:
    """Everything about the sites of a unit and those below it on a day."""

    unit: Unit
    duty: Duty
    is_asked: bool
    is_owed: bool
    roads: Sequence[Road]
    outlines: Sequence[Outline]
    sites: Sequence[SiteRow]
    loose: int
    gaps: Sequence[GapRow]
    length_m: Fraction
    hoardings: Sequence[Hoardings]
    right_below: frozenset[str]

    @property
    def drawn(self) -> list[Outline]:
        """The outlines of the unit itself and of those right below it, and all hoardings."""
        return [
            one
            for one in self.outlines
            if one.sort == Outline.Sort.HOARDING or one.unit.code in (self.unit.code, *self.right_below)
        ]

    @property
    def needed(self) -> int:
        return sum(row.needed for row in self.gaps)

    @property
    def limit_m(self) -> Fraction:
        return self.duty.target.amount if self.duty.target else USUAL_LIMIT_M


def list_site_kinds() -> Kinds:
    return {code: kind for code, kind in load_kinds().items() if kind.shape == "site"}


def has_site(unit: Unit, subject: str) -> bool:
    """Whether the unit's ledger knows a site of that number."""
    return (
        Record.objects.filter(unit=unit, subject=subject, kind__in=tuple(list_site_kinds()))
        .exclude(subject="")
        .exists()
    )


def load_sites(
    unit: Unit, as_of: date, kind: str = "", limit_m: int | None = None, seen: QuerySet[Unit] | None = None
) -> SitesPage:
    """The page's content. Without a kind and a limit, those of the plan in force that asks for spacing.

    Of ``seen`` units alone the sites, roads and outlines are listed; what stood here then and is out of sight today
    only counts.
    """
    tree = load_tree().at(as_of)
    asked = _find_asked(unit, as_of, kind)
    duty = _choose_duty(asked, kind, limit_m)
    rows = _list_site_rows(tree, unit, as_of)
    open_to = _list_open_to(tree, unit, as_of, seen)
    roads = [road for road in load_roads() if road.unit.code in open_to and road.opens_on <= as_of < road.closes_on]
    outlines = [
        one
        for one in Outline.objects.filter(_is_in_force(unit, as_of)).select_related("unit")
        if one.unit.code in open_to
    ]
    spaced = [one for one in _list_spaced_units(tree, unit, asked, as_of) if one.code in open_to]
    gaps, length_m = _list_gaps(spaced, duty, rows, roads, as_of)
    return SitesPage(
        unit=unit,
        duty=duty,
        is_asked=asked is not None,
        is_owed=asked is None or bool(_list_owing(tree, unit, asked, as_of)),
        roads=roads,
        outlines=outlines,
        sites=_list_site_views(unit, [row for row in rows if row.unit in open_to], roads, as_of, duty),
        loose=sum(1 for row in rows if not row.subject and row.change != "remove"),
        gaps=gaps,
        length_m=length_m,
        hoardings=_list_hoardings(tree, unit, rows, as_of),
        right_below=frozenset(one.code for one in tree.list_children(unit.code)),
    )


def _list_open_to(tree: Tree, unit: Unit, as_of: date, seen: QuerySet[Unit] | None) -> frozenset[str]:
    """The unit and those below it on that day, by their codes, as far as they are in sight."""
    codes = frozenset(one.code for one in tree.walk_down(unit.code))
    if seen is None or not has_changed_since(as_of):
        return codes
    return codes & frozenset(seen.values_list("code", flat=True))


def _find_asked(unit: Unit, as_of: date, kind: str) -> Duty | None:
    """The first duty of a plan in force that asks for spacing, of that kind if one is named."""
    duties = [duty for plan in list_plans_in_force(unit, as_of) for duty in plan.plan.duties]
    spaced = (duty for duty in duties if duty.verb == "space" and duty.target is not None and as_of in duty.valid)
    return next((duty for duty in spaced if kind in ("", duty.object, *duty.also)), None)


def _choose_duty(asked: Duty | None, kind: str, limit_m: int | None) -> Duty:
    usual = Target("at_most", USUAL_LIMIT_M)
    duty = asked or Duty(
        "", "space", kind or USUAL_KIND, Who(), Interval(EARLIEST, LATEST), target=usual, along=MAIN_ROAD
    )
    return duty if limit_m is None else replace(duty, target=Target("at_most", Fraction(limit_m)))


def _list_site_rows(tree: Tree, unit: Unit, as_of: date) -> list[Row]:
    """What a unit below left behind that has closed is on its own page only, as it is in no figure."""
    numbers = load_ground().numbers
    there = (one for one in tree.walk_down(unit.code) if one.code == unit.code or as_of < one.closes_on)
    codes = {numbers[one.code]: one.code for one in there}
    kinds = tuple(list_site_kinds())
    condition = Q(kind__in=kinds, happened_on__lte=as_of, replaced_by__isnull=True, withdrawn=False)
    return list_rows(condition & is_below_then(unit, as_of), codes)


def _is_in_force(unit: Unit, as_of: date) -> Q:
    return is_below_then(unit, as_of) & Q(opens_on__lte=as_of, closes_on__gt=as_of)


def _list_spaced_units(tree: Tree, unit: Unit, asked: Duty | None, as_of: date) -> list[CoreUnit]:
    """Those that owe the spacing, and those whose roads are known; where nobody owes it, the unit itself too."""
    owing = _list_owing(tree, unit, asked, as_of) if asked else {unit.code}
    return [one for one in tree.walk_down(unit.code) if one.roads or one.code in owing]


def _list_owing(tree: Tree, unit: Unit, asked: Duty, as_of: date) -> set[str]:
    """The unit and those below it that bear the duty."""
    bearers = {bearer.code for bearer in list_bearers(asked.who, tree, as_of)}
    return bearers & {one.code for one in tree.walk_down(unit.code)}


def _list_gaps(
    units: Iterable[CoreUnit], duty: Duty, rows: Sequence[Row], roads: Iterable[Road], as_of: date
) -> tuple[list[GapRow], Fraction]:
    """The gaps of all roads of the units, and how long those roads are together."""
    lines = {(road.unit.code, road.name, road.opens_on): road for road in roads}
    feeding = list_feeding_kinds(duty, load_kinds())
    counted = sorted((r for r in rows if r.kind in feeding and is_counted(duty.narrow, r)), key=order_by_time)
    found, length_m = [], Fraction(0)
    tree = load_tree().at(as_of)
    for unit in units:
        own = list_roads(unit, duty.along, as_of)
        below = {one.code for one in tree.walk_down(unit.code)} if own else set()
        standing = list_standing(duty, [row for row in counted if row.unit in below], as_of)
        for road in own:
            line = lines.get((unit.code, road.name, road.opens_on))
            found.extend(_list_road_gaps(unit, road, line, mark_sites(road, own, standing).values(), duty))
            length_m += road.length_m
    return found, length_m


def _list_road_gaps(
    unit: CoreUnit, road: core.Road, line: Road | None, marks: Iterable[Fraction], duty: Duty
) -> list[GapRow]:
    limit_m = duty.target.amount if duty.target else USUAL_LIMIT_M
    gaps = find_gaps(road.length_m, marks, limit_m)
    return [GapRow(unit, line, gap, limit_m) for gap in gaps]


def _find_place(line: Road | None, at_m: Fraction) -> Point | None:
    return None if line is None else line.course.find_point(float(at_m))


def _list_site_views(unit: Unit, rows: Iterable[Row], roads: Iterable[Road], as_of: date, duty: Duty) -> list[SiteRow]:
    placed = SitePlace.objects.filter(is_below_then(unit, as_of)).order_by()
    kept = placed.values_list("unit__code", "subject", "lon", "lat")
    points = {(code, subject): Point(lon, lat) for code, subject, lon, lat in kept}
    lines: dict[str, list[Road]] = {}
    for road in roads:
        if road.kind == duty.along:
            lines.setdefault(road.unit.code, []).append(road)
    feeding, names = list_feeding_kinds(duty, load_kinds()), load_tree().at(as_of).by_code
    return [
        SiteRow(
            site,
            names[site.unit].name,
            points.get((site.unit, site.subject)) or _find_typed(site, lines.get(site.unit, ())),
            site.count_unseen_days(as_of),
            duty.seen_every_days,
            site.kind in feeding,
        )
        for site in sorted(list_sites(rows), key=_order_site)
    ]


def _order_site(site: Site) -> tuple[str, str, list[tuple[int, str]]]:
    """By unit and kind, and then as people count: no. 2 before no. 10."""
    parts = DIGITS.split(site.subject)
    return site.unit, site.kind, [(int(part), "") if part.isdecimal() else (0, part) for part in parts]


def _find_typed(site: Site, roads: Sequence[Road]) -> Point | None:
    """Where the metre that was typed lies, if the unit has just one such road with a line."""
    if site.put_up.at_m is None or len(roads) != 1:
        return None
    return roads[0].course.find_point(site.put_up.at_m)


def _list_hoardings(tree: Tree, unit: Unit, rows: Sequence[Row], as_of: date) -> list[Hoardings]:
    """Of the unit, or, where its own hoardings are not known, of each unit below whose are: with its adverts."""
    sites = [site for site in list_sites(row for row in rows if row.kind == HOARDING_KIND) if site.is_standing]
    found = []
    for one, whole in _list_measured(tree, tree.by_code[unit.code], as_of):
        below = {under.code for under in tree.walk_down(one.code)}
        areas = (site.put_up.area_m2 or Fraction(0) for site in sites if site.unit in below)
        found.append(Hoardings(one, whole, sum(areas, Fraction(0))))
    return found


def _list_measured(tree: Tree, unit: CoreUnit, as_of: date) -> Iterator[tuple[CoreUnit, Fraction]]:
    known = unit.find_attribute(HOARDING_ATTRIBUTE, as_of)
    if known is not None and known.value > 0:
        yield unit, known.value
    elif known is None:
        for below in tree.list_children(unit.code):
            yield from _list_measured(tree, below, as_of)
