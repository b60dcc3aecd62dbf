"""The page of two plans side by side, and of a lower plan that carries out a higher one."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from wuzha.adapters.table_export import Table
from wuzha.web.accounts.access import UserRequest
from wuzha.web.accounts.tables import show_page
from wuzha.web.campaign import access
from wuzha.web.campaign.forms.diff import COVERS, CompareForm, name_plan
from wuzha.web.campaign.models import PlanVersion
from wuzha.web.campaign.queries import diff as queries
from wuzha.web.campaign.tables import plans as tables


@require_safe
def show_diff(request: UserRequest, plan: int) -> HttpResponse:
    """What does this plan ask otherwise than another? Which other one stands in the address."""
    found = access.get_plan(request.user, plan, request.today)
    other = _find_other(request)
    choices = queries.list_choices(found, access.list_visible_plans(request.user, request.today))
    pair = queries.find_pair(found, other) if other else None
    covers = pair is not None and request.GET.get("view") == COVERS
    place: dict[str, Any] = {
        "plan": found,
        "unit": found.unit,
        "plan_name": name_plan(found),
        "other": other,
        "other_name": name_plan(other) if other else "",
        "choices": choices,
        "form": CompareForm(request.GET if other else None, groups=choices.groups),
        "pair": pair,
        "covers": covers,
        "diff": queries.compare_versions(other, found) if other and not covers else None,
        "coverage": queries.cover_version(pair) if pair and covers else None,
        "no_as_of": True,
    }
    return show_page(request, "campaign/plans/diff.html", place, _list_tables(place))


def _list_tables(place: Mapping[str, Any]) -> list[Table]:
    """The side by side that the page shows, if it shows one."""
    pair: queries.Pair | None = place["pair"]
    names = (place["other_name"], place["plan_name"])
    if place["coverage"] and pair:
        return [tables.tabulate_coverage(place["coverage"], (pair.higher.unit.name, pair.lower.unit.name))]
    return [tables.tabulate_diff(place["diff"], names)] if place["diff"] else []


def _find_other(request: UserRequest) -> PlanVersion | None:
    """The plan that the address names, if any. Raises ``Http404`` for one out of sight, and for what is no number."""
    text = request.GET.get("with", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        raise Http404
    return access.get_plan(request.user, int(text), request.today)
