"""Does a plan collide with higher rules?"""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wuzha.web.accounts.access import UserRequest
from wuzha.web.accounts.queries import read_tree
from wuzha.web.campaign import access, wording
from wuzha.web.campaign.queries.lint import check_up


@require_safe
def show_lint(request: UserRequest, plan: int) -> HttpResponse:
    """What was found, before issuing and after: each place with the rule, why, and a wording that would do."""
    found = access.get_plan(request.user, plan, request.today)
    checkup = check_up(found, read_tree(), request.today, wording.language())
    place = {"plan": found, "unit": found.unit, "checkup": checkup, "no_as_of": True}
    return render(request, "campaign/plans/lint.html", place)
