"""The tables of sites, roads and hoardings as files."""

from collections.abc import Collection
from itertools import islice
from types import MappingProxyType
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.adapters.table_export import Column, Table
from wuzha.core.ground.gap import find_share
from wuzha.web.campaign.models import Road
from wuzha.web.campaign.queries.roads import Change
from wuzha.web.campaign.queries.sites import GapRow, Hoardings, SiteRow
from wuzha.web.campaign.templatetags.campaign import degrees, record_kind, shape_sort

# As many places for new ones as the page names of one gap.
NAMED = 100
# What taking in a file does to a thing of it.
STATES = MappingProxyType({"new": _("new"), "changed": _("changes"), "same": _("stays")})


def tabulate_sites(rows: Collection[SiteRow]) -> Table:
    columns = (
        Column(_("Site"), lambda row: record_kind(row.site.kind)),
        Column(pgettext_lazy("record", "Number"), lambda row: row.site.subject),
        Column(_("Unit"), lambda row: row.unit_name),
        Column(_("Code"), lambda row: row.site.unit),
        Column(_("Place"), lambda row: row.site.place),
        Column(pgettext_lazy("table", "At metre"), lambda row: row.site.put_up.at_m, "number"),
        Column(_("Since"), lambda row: row.site.put_up.happened_on),
        Column(_("Last seen"), lambda row: row.site.last.happened_on),
        Column(pgettext_lazy("table", "Days not seen"), lambda row: row.unseen_days, "number"),
        Column(_("Condition"), lambda row: str(_("damaged, to be replaced") if row.site.is_damaged else _("in place"))),
        Column(_("On the map"), lambda row: str(_("shown")) if row.point else ""),
    )
    return Table("sites", _("Site by site"), columns, rows)


def tabulate_gaps(rows: Collection[GapRow]) -> Table:
    """Every gap; the page shows the first of them."""
    columns = (
        Column(_("Road"), lambda row: row.road.name if row.road else str(_("Main roads (by metres only)"))),
        Column(_("Unit"), lambda row: row.unit.name),
        Column(_("Code"), lambda row: row.unit.code),
        Column(pgettext_lazy("table", "From metre"), lambda row: row.gap.opens_m, "number"),
        Column(pgettext_lazy("table", "To metre"), lambda row: row.gap.closes_m, "number"),
        Column(_("Gap (m)"), lambda row: row.gap.length_m, "number"),
        Column(_("New ones"), lambda row: row.needed, "number"),
        Column(_("Best at"), _tell_new),
    )
    return Table("gaps", _("Gaps along the roads"), columns, rows)


def _tell_new(row: GapRow) -> str:
    told = [_("at %(m)s m") % {"m": round(mark.at_m)} + _tell_point(mark.point) for mark in islice(row.new, NAMED)]
    if row.needed > NAMED:
        told.append(str(_("And so on at even steps to the end of the gap.")))
    return "；".join(told)


def _tell_point(point: Any) -> str:
    return f" {degrees(point)}" if point else ""


def tabulate_hoardings(rows: Collection[Hoardings]) -> Table:
    columns = (
        Column(_("Unit"), lambda it: it.unit.name),
        Column(_("Code"), lambda it: it.unit.code),
        Column(pgettext_lazy("table", "Adverts (m²)"), lambda it: it.adverts_m2, "number"),
        Column(pgettext_lazy("table", "Hoardings (m²)"), lambda it: it.whole_m2, "number"),
        Column(_("Share"), lambda it: find_share(it.adverts_m2, it.whole_m2), "share"),
        Column(pgettext_lazy("table", "More for a tenth (m²)"), lambda it: it.wanting_m2, "number"),
    )
    return Table("hoardings", _("Hoardings"), columns, rows)


def tabulate_roads(roads: "QuerySet[Road]") -> Table:
    columns = (
        Column(_("Road"), lambda road: road.name),
        Column(_("Kind"), lambda road: shape_sort(road.kind)),
        Column(_("Length (m)"), lambda road: road.length_m, "number"),
        Column(_("Holds from"), lambda road: road.opens_on),
    )
    return Table("roads", _("Roads"), columns, roads)


def tabulate_ground(changes: Collection[Change]) -> Table:
    """What a file of roads and outlines would change, before it is taken in."""
    columns = (
        Column(pgettext_lazy("on the ground", "Name"), lambda change: change.shape.name),
        Column(_("Unit"), lambda change: change.unit.name),
        Column(pgettext_lazy("on the ground", "Kind"), _tell_sort),
        Column(_("Length (m)"), lambda change: round(change.length_m, 1) if change.length_m else None, "number"),
        Column(pgettext_lazy("table", "Area (m²)"), lambda change: change.shape.area_m2 or None, "number"),
        Column(_("What happens"), lambda change: str(STATES[change.state])),
    )
    return Table("changes", _("What would the file change"), columns, changes)


def _tell_sort(change: Change) -> str:
    return shape_sort(change.shape.road if change.shape.sort == "road" else change.shape.sort)
