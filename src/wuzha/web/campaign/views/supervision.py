"""What may be done about units that are behind, with the facts. Authorise, parse, call once, answer."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wuzha.web.accounts.access import UserRequest, find_home, get_area
from wuzha.web.accounts.context import read_as_of
from wuzha.web.accounts.queries import show_past
from wuzha.web.accounts.tables import show_page
from wuzha.web.campaign import access
from wuzha.web.campaign.queries import supervision as queries
from wuzha.web.campaign.queries.measures import (
    find_ladder,
    group_by_unit,
    list_measures_below,
    make_histories,
    name_measures,
)
from wuzha.web.campaign.tables.supervision import tabulate_measures

PAGE = 20
ENDED = 20


@require_safe
def show_supervision(request: UserRequest) -> HttpResponse:
    """What is to be done about units that are behind? Proposals for officers and supervisors."""
    today, user, as_of = request.today, request.user, read_as_of(request)
    code = request.GET.get("unit", "")
    area = get_area(user, code, today) if code else access.find_reviewed_area(user, today)
    if area is None or not access.may_review_below(user, area, today):
        return render(request, "campaign/supervision/supervision.html", {"home": find_home(user, today)})
    lines = list_measures_below(area, as_of)
    advice = queries.advise(area, find_ladder(area, as_of).ladder, as_of, make_histories(lines))
    show_past([area], as_of, today)
    place = {
        "as_of": as_of,
        "unit": area,
        "may_review": True,
        "page": Paginator(advice.proposals, PAGE).get_page(request.GET.get("page")),
        "withheld": advice.withheld,
        "live": [line for line in lines if line.core.is_live],
        "ended": [line for line in lines if not line.core.is_live][:ENDED],
        "given": group_by_unit(lines),
        "numbers": name_measures(lines),
        "may_give": as_of == today,
        "tab": "measures",
    }
    return show_page(request, "campaign/supervision/supervision.html", place, [tabulate_measures(lines)])
