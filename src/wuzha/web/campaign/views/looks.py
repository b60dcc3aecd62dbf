"""Please have a look: what is unusual, both sides beside each other. Authorise, parse, call once, answer."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import Problem, make_problem
from wuzha.web.accounts.access import UserRequest
from wuzha.web.accounts.tables import show_page
from wuzha.web.campaign import access
from wuzha.web.campaign.actions.looks import answer_reason
from wuzha.web.campaign.forms.evidence import LookForm
from wuzha.web.campaign.models import Look
from wuzha.web.campaign.queries import looks as queries
from wuzha.web.campaign.tables.records import tabulate_looks
from wuzha.web.campaign.wording import language

PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def look(request: UserRequest) -> HttpResponse:
    """What should somebody have a look at?"""
    if not access.is_reviewer(request.user, request.today):
        raise PermissionDenied(_("Only officers and supervisors of the units above look at records again."))
    pile = queries.pile_up(request.user, request.now)
    if request.method == "POST":
        problems = _answer(request, pile)
        if not problems:
            return redirect(request.get_full_path())
        return _show(request, pile, problems)
    return _show(request, pile, [])


def _show(request: UserRequest, pile: queries.Pile, problems: list[Problem]) -> HttpResponse:
    is_waiting = request.GET.get("state") == "waiting"
    shown = pile.waiting if is_waiting else pile.open
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    place = {
        "cases": queries.show_cases(list(page.object_list), pile.looks, request.today),
        "page": page,
        "pile": pile,
        "is_waiting": is_waiting,
        "told": [("error", describe_problem(problem, language()), problem.code) for problem in problems],
        "severity": "error",
        "typed": request.POST,
        "no_as_of": True,
    }
    going_out, status = [tabulate_looks(pile, shown, request.today)], 422 if problems else 200
    return show_page(request, "campaign/looks/looks.html", place, going_out, status)


def _answer(request: UserRequest, pile: queries.Pile) -> list[Problem]:
    form = LookForm(request.POST)
    reason = pile.find(request.POST.get("reason", ""))
    if reason is None or not form.is_valid():
        return [make_problem("look.gone")]
    record_id: UUID = form.cleaned_data["record"]
    if record_id not in reason.records:
        return [make_problem("look.gone")]
    is_fine = form.cleaned_data["verdict"] == Look.Verdict.FINE
    problems = answer_reason(
        actor=request.user,
        reason=reason,
        record=access.get_record(request.user, record_id, request.today),
        note=form.cleaned_data["note"],
        is_fine=is_fine,
        now=request.now,
    )[1]
    if not problems:
        messages.success(
            request, _("Noted: looked at, fine.") if is_fine else _("Returned. Its author sees your note.")
        )
    return problems
