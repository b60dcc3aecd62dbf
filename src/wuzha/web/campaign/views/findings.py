"""Findings of inspections: what is to be mended, the unit's report and objection, the second look."""

from types import MappingProxyType

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.supervision.mending import OWED, State, Step, count_mendings
from wuzha.web.accounts.access import UserRequest, list_posts_over, may_record
from wuzha.web.accounts.roles import Power
from wuzha.web.accounts.tables import show_page
from wuzha.web.campaign import access
from wuzha.web.campaign.actions import inspections as actions
from wuzha.web.campaign.actions.inspections import Actor
from wuzha.web.campaign.forms.inspections import FindingFilterForm, MendedForm, SayForm
from wuzha.web.campaign.forms.records import make_record_id
from wuzha.web.campaign.models import InspectionFinding
from wuzha.web.campaign.queries import evidence
from wuzha.web.campaign.queries import inspections as queries
from wuzha.web.campaign.tables.inspections import tabulate_findings
from wuzha.web.campaign.views.evidence import send_drawn, take_in_files, tell_of_files
from wuzha.web.campaign.wording import language

PAGE = 50
SAID = MappingProxyType(
    {
        Step.CLOSED: gettext_lazy("Closed."),
        Step.REOPENED: gettext_lazy("Opened again, with the new day."),
        Step.OBJECTED: gettext_lazy("The objection is with the office."),
        Step.UPHELD: gettext_lazy("Answered: the finding stands."),
        Step.STRUCK: gettext_lazy("Struck out. Nothing is owed of it any more."),
    }
)


@require_safe
def list_findings(request: UserRequest) -> HttpResponse:
    """Which findings are there, and how do they stand?"""
    form = FindingFilterForm(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    found = queries.list_standings(access.list_visible_findings(request.user, request.today), request.today)
    kept = [one for one in found if queries.is_in_state(one, state)]
    kept.sort(key=lambda one: (one.mending.mend_by, one.finding.pk), reverse=state in ("", "in_time", "late"))
    place = {
        "form": form,
        "page": Paginator(kept, PAGE).get_page(request.GET.get("page")),
        "counts": count_mendings(one.mending for one in found),
        "no_as_of": True,
    }
    return show_page(request, "campaign/inspections/findings.html", place, [tabulate_findings(kept)])


@require_safe
def show_finding(request: UserRequest, pk: int) -> HttpResponse:
    """What was found, what was done about it, and what comes next?"""
    return _show(request, access.get_finding(request.user, pk, request.today), None)


def _show(request: UserRequest, finding: InspectionFinding, form: MendedForm | None) -> HttpResponse:
    standing = queries.find_standing(finding, request.today)
    office = finding.visit.round.unit
    inspecting = access.find_inspecting_post(request.user, office, request.today)
    is_struck = standing.mending.state is State.STRUCK
    may_report = may_record(request.user, finding.unit, request.today)
    if form is None and may_report and standing.mending.state in OWED:
        form = MendedForm(initial={"record_id": make_record_id(request.now)})
    place = {
        "finding": finding,
        "standing": standing,
        "history": queries.tell_history(standing),
        "photo": queries.find_photo(finding),
        "report_photos": evidence.list_evidence(standing.reports),
        "is_inside": bool(inspecting),
        "may_close": bool(inspecting) and not is_struck and standing.mending.state is not State.CLOSED,
        "may_reopen": bool(inspecting) and standing.mending.state in (State.REPORTED, State.CLOSED),
        "may_strike": bool(inspecting) and not is_struck,
        "may_uphold": bool(inspecting) and finding.visit.report.inspector_id != request.user.pk,
        "form": form,
        "may_object": may_report and not is_struck and standing.mending.objection is None,
        "no_as_of": True,
    }
    return render(request, "campaign/inspections/finding.html", place, status=422 if form and form.errors else 200)


def _find_post(request: UserRequest, finding: InspectionFinding) -> str:
    """The nearest post by which the person may record at the unit. Raises ``PermissionDenied`` without one."""
    post = list_posts_over(request.user, finding.unit, request.today, Power.RECORD).first()
    if post is None:
        raise PermissionDenied
    return str(post.role)


@require_POST
def report_mended(request: UserRequest, pk: int) -> HttpResponse:
    """The unit says what it has mended: one record, with a photo if it likes."""
    finding = access.get_finding(request.user, pk, request.today)
    actor = Actor(request.user, _find_post(request, finding), request.now)
    form = MendedForm(request.POST)
    if not form.is_valid():
        return _show(request, finding, form)
    told = form.cleaned_data
    problems = actions.report_mending(
        actor=actor, finding=finding, record_id=told["record_id"], note=told["note"].strip()
    )
    for problem in problems:
        form.add_error(None, describe_problem(problem, language()))
    if problems:
        return _show(request, finding, form)
    tell_of_files(request, take_in_files(request, told["record_id"]))
    messages.success(request, _("Reported. The office looks at it and closes it."))
    return redirect("campaign:finding", finding.pk)


@require_POST
def say(request: UserRequest, pk: int) -> HttpResponse:
    """Objected to by the unit; closed, opened again, upheld or struck out by the office."""
    finding = access.get_finding(request.user, pk, request.today)
    form = SayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Something is missing or too long. Please check the words and the day."))
        return redirect("campaign:finding", finding.pk)
    told = form.cleaned_data
    what = Step(told["what"])
    actor = Actor(request.user, _find_speaker(request, finding, what), request.now)
    problems = actions.say_of_finding(
        actor=actor, finding=finding, what=what, note=told["note"].strip(), mend_by=told["mend_by"]
    )
    for problem in problems:
        messages.error(request, describe_problem(problem, language()))
    if not problems:
        messages.success(request, SAID[what])
    return redirect("campaign:finding", finding.pk)


def _find_speaker(request: UserRequest, finding: InspectionFinding, what: Step) -> str:
    """In which post the person may say this: for the unit an objection, for the office everything else."""
    if what is Step.OBJECTED:
        return _find_post(request, finding)
    post = access.find_inspecting_post(request.user, finding.visit.round.unit, request.today)
    if not post:
        raise PermissionDenied
    return post


@require_safe
def send_photo(request: UserRequest, pk: int) -> HttpResponseBase:
    """The photo of a finding, for whoever may see the finding: the unit too, which sees no record of the office."""
    finding = access.get_finding(request.user, pk, request.today)
    photo = queries.find_photo(finding)
    if photo is None or not photo.is_photo:
        raise Http404
    return send_drawn(photo)
