"""The plan pages: authorise, parse, call once, answer."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.plan.personal import cover_file
from wuzha.web.accounts.access import UserRequest
from wuzha.web.accounts.context import read_as_of
from wuzha.web.accounts.queries import read_tree, show_past
from wuzha.web.accounts.tables import show_page
from wuzha.web.campaign import access
from wuzha.web.campaign.actions import plans as actions
from wuzha.web.campaign.actions.drafts import HEAD, refuse_issued
from wuzha.web.campaign.forms.plans import HeadForm, IssueForm, UploadForm, find_year
from wuzha.web.campaign.models import PlanVersion
from wuzha.web.campaign.queries import plans as queries
from wuzha.web.campaign.queries.covered import list_covered_lines
from wuzha.web.campaign.queries.review import read_preview
from wuzha.web.campaign.tables import plans as tables
from wuzha.web.campaign.views.review import read_post, refuses_issued, show_review
from wuzha.web.campaign.wording import language

State = PlanVersion.State
# What a browser can be made to do with a file that it is handed: nothing.
INERT: Mapping[str, str] = MappingProxyType(
    {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
)


@require_safe
def list_plans(request: UserRequest) -> HttpResponse:
    """What have we promised?"""
    return _answer_list(request, None)


@require_POST
def upload_plan(request: UserRequest) -> HttpResponse:
    """Takes in a document. What is wrong with it is said beside the field, and nothing is kept of it."""
    units = access.list_issuing_units(request.user, request.today)
    if not units.exists():
        raise PermissionDenied
    form = UploadForm(request.POST, request.FILES, units=units)
    if not form.is_valid():
        return _answer_list(request, form)
    file, unit, year = (form.cleaned_data[name] for name in ("file", "unit", "year"))
    plan, problems = actions.upload_plan(
        actor=request.user, unit=unit, name=str(file.name), content=file.read(), now=request.now, year=year
    )
    if plan is None:
        form.refuse(problems)
        return _answer_list(request, form)
    for problem in problems:
        messages.warning(request, describe_problem(problem, language()))
    return redirect("campaign:plan-review", plan.pk)


def _answer_list(request: UserRequest, form: UploadForm | None) -> HttpResponse:
    today, as_of = request.today, read_as_of(request)
    units = access.list_issuing_units(request.user, today)
    shelves = queries.list_shelves(access.list_visible_plans(request.user, today), as_of)
    show_past((plan.unit for plan in shelves), as_of, today)
    place = {
        "as_of": as_of,
        "shelves": shelves,
        "form": form or UploadForm(units=units, initial={"unit": units.first(), "year": find_year(today)}),
        "may_upload": units.exists(),
    }
    status = 422 if form else 200
    return show_page(request, "campaign/plans/list.html", place, [tables.tabulate_plans(shelves)], status)


@require_safe
def show_plan(request: UserRequest, plan: int) -> HttpResponse:
    """A draft: did Wuzha read it right? An issued plan: what does it say?"""
    found = access.get_plan(request.user, plan, request.today)
    if found.state == State.ISSUED:
        return _show_issued(request, found)
    return show_review(request, found, _make_head_form(found))


def _show_issued(request: UserRequest, plan: PlanVersion) -> HttpResponse:
    duties = queries.list_issued_duties(plan, language())
    may_manage = access.may_manage_plan(request.user, plan, request.today)
    place = {"plan": plan, "unit": plan.unit, "duties": duties, "may_manage": may_manage, "no_as_of": True}
    place |= {"file": cover_file(plan.text), "is_covered": may_manage and bool(list_covered_lines(plan))}
    return show_page(request, "campaign/plans/issued.html", place, [tables.tabulate_duties(duties)])


def _make_head_form(plan: PlanVersion, data: Any = None) -> HeadForm:
    initial = {name: getattr(plan, name) for name in HEAD}
    return HeadForm(data, phases=queries.list_phases(plan), initial=initial)


@require_POST
@refuses_issued
def mend_head(request: UserRequest, plan: int) -> HttpResponse:
    found = access.get_managed_plan(request.user, plan, request.today)
    form = _make_head_form(found, request.POST)
    if not form.is_valid():
        refuse_issued(found)
        return show_review(request, found, form)
    actions.mend_head(actor=request.user, plan=found, head=form.make_head(), now=request.now)
    messages.success(request, _("The head of the plan has been changed."))
    return redirect("campaign:plan-review", found.pk)


@require_POST
@refuses_issued
def discard_draft(request: UserRequest, plan: int) -> HttpResponse:
    """Takes away a draft that was uploaded by mistake, its document with it."""
    found = access.get_managed_plan(request.user, plan, request.today)
    actions.discard_draft(actor=request.user, plan=found, now=request.now)
    messages.success(request, _("The draft “%(title)s” has been removed.") % {"title": found.title})
    return redirect("campaign:plans")


@require_http_methods(["GET", "HEAD", "POST"])
@refuses_issued
def issue_plan(request: UserRequest, plan: int) -> HttpResponse:
    """What will be issued, and then issuing it, once and for all."""
    found = access.get_managed_plan(request.user, plan, request.today)
    refuse_issued(found)
    tree, form = read_tree(), IssueForm(read_post(request))
    if request.method == "POST" and form.is_valid():
        leave_out = form.cleaned_data["leave_out"]
        if actions.issue_plan(actor=request.user, plan=found, tree=tree, now=request.now, leave_out=leave_out):
            messages.success(request, _("The plan has been issued. From now on it does not change."))
            return redirect("campaign:plan-review", found.pk)
    place = {
        "plan": found,
        "unit": found.unit,
        "form": form,
        "preview": read_preview(found, tree, language()),
        "no_as_of": True,
    }
    return render(request, "campaign/plans/issue.html", place, status=409 if request.method == "POST" else 200)


@require_safe
def download_yaml(request: UserRequest, plan: int) -> HttpResponse:
    """The plan file: the issued text byte for byte, or what a draft would give now. People named in it are covered."""
    found = access.get_plan(request.user, plan, request.today)
    text = found.text if found.state == State.ISSUED else queries.write_plan(found)[0]
    return _answer_file(cover_file(text).encode(), "text/yaml; charset=utf-8", f"{found.title}.yaml")


@require_safe
def download_document(request: UserRequest, plan: int) -> HttpResponse:
    """The file as it was uploaded, always as a download, never opened by the browser."""
    found = access.get_plan(request.user, plan, request.today)
    document = queries.get_document(found)
    return _answer_file(bytes(document.content), "application/octet-stream", document.name)


def _answer_file(content: bytes, kind: str, name: str) -> HttpResponse:
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(content, content_type=kind, headers={**INERT, "Content-Disposition": disposition})
