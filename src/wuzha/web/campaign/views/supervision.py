"""What may be done about units that are behind, with the facts. Authorise, parse, call once, answer."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wuzha.adapters.supervision_yaml import load_ladder
from wuzha.web.accounts.access import UserRequest, find_home, get_unit
from wuzha.web.accounts.context import read_as_of
from wuzha.web.accounts.queries import show_past
from wuzha.web.campaign import access
from wuzha.web.campaign.queries import supervision as queries

PAGE = 20


@require_safe
def show_supervision(request: UserRequest) -> HttpResponse:
    """What is to be done about units that are behind? Proposals for officers and supervisors."""
    today, user, as_of = request.today, request.user, read_as_of(request)
    code = request.GET.get("unit", "")
    area = get_unit(user, code, today) if code else access.find_reviewed_area(user, today)
    if area is None or not access.may_review_below(user, area, today):
        return render(request, "campaign/supervision/supervision.html", {"home": find_home(user, today)})
    advice = queries.advise(area, load_ladder(), as_of)
    show_past([area], as_of, today)
    place = {
        "as_of": as_of,
        "unit": area,
        "may_review": True,
        "page": Paginator(advice.proposals, PAGE).get_page(request.GET.get("page")),
        "withheld": advice.withheld,
        "tab": "measures",
    }
    return render(request, "campaign/supervision/supervision.html", place)
