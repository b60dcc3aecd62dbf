"""Reasons to look in words: what is unusual, by how much, and never more than that."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django import template
from django.utils.translation import gettext

from wuzha.adapters.roads.model import Shape
from wuzha.core.ledger.reason import LOOK_BITS, Reason, Unusual
from wuzha.web.campaign.drawing import draw_shapes
from wuzha.web.campaign.queries.looks import Case
from wuzha.web.campaign.queries.outside import Area
from wuzha.web.campaign.wording import say_metres

register = template.Library()


def _say_same(reason: Reason) -> str:
    return gettext("The same photo stands with two records.")


def _say_alike(reason: Reason) -> str:
    return gettext("Two photos look alike (%(same)s of %(all)s marks agree).") % {
        "same": LOOK_BITS - reason.measure,
        "all": LOOK_BITS,
    }


def _say_late(reason: Reason) -> str:
    return gettext("It reached the server %(days)s days after it happened.") % {"days": reason.measure}


def _say_full_day(reason: Reason) -> str:
    words = {"n": len(reason.records), "hours": _hours(reason.measure), "limit": _hours(reason.limit)}
    return gettext("%(n)s records of one day, together about %(hours)s hours; the day holds %(limit)s.") % words


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f}".removesuffix(".0")


def _say_outside(reason: Reason) -> str:
    return gettext("The place lies about %(m)s outside the area.") % {"m": say_metres(round(reason.measure, -1))}


SENTENCES: Mapping[Unusual, Callable[[Reason], str]] = MappingProxyType(
    {
        Unusual.SAME_PHOTO: _say_same,
        Unusual.ALIKE: _say_alike,
        Unusual.LATE: _say_late,
        Unusual.FULL_DAY: _say_full_day,
        Unusual.OUTSIDE: _say_outside,
    }
)


@register.filter
def say_reason(case: Case) -> str:
    return SENTENCES[case.reason.unusual](case.reason)


@register.inclusion_tag("campaign/sites/map.html")
def area_map(area: Area) -> dict[str, Any]:
    """The area with the place that lies outside it."""
    rings = [Shape("unit", 0, area.name, tuple(ring)) for ring in area.rings]
    return {"drawing": draw_shapes([*rings, Shape("site", 0, "", (area.place,))]), "place_word": gettext("Position")}
