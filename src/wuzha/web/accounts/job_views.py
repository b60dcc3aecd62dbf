"""The pages of a person's own jobs: how each stands, and the file that it left."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import make_problem
from wuzha.web.accounts.access import UserRequest
from wuzha.web.accounts.language import find_language
from wuzha.web.accounts.later import may_fetch
from wuzha.web.accounts.signin.proof import demand_proof
from wuzha.web.jobs.models import Job, JobPiece
from wuzha.web.jobs.queue import count_before

State = Job.State
# So many are listed.
MOST = 50
# A page that waits loads itself anew after so long: soon at first, then less often.
SOON_S, LATER_S, SOON_FOR_S = 2, 10, 60


@require_safe
def list_jobs(request: UserRequest) -> HttpResponse:
    """What have I asked for that takes its time?"""
    jobs = Job.objects.filter(asked_by=request.user)[:MOST]
    return render(request, "accounts/jobs.html", {"jobs": jobs, "no_as_of": True})


@require_safe
def show_job(request: UserRequest, job: UUID) -> HttpResponse:
    """Is it done? A page that waits loads itself anew; one that is done leads on to what was made."""
    found = _get_job(request, job)
    if found.state == State.DONE and (address := found.answer.get("address")):
        if number_of_paper := found.answer.get("number"):
            told = {"number": number_of_paper}
            messages.success(request, _("Issued as %(number)s. From now on it does not change.") % told)
        return redirect(address)
    waited_s = (request.now - found.asked_at).total_seconds()
    place: dict[str, Any] = {
        "job": found,
        "before": count_before(found) if found.state == State.WAITING else 0,
        "waited_s": int(waited_s),
        "has_file": found.state == State.DONE and found.pieces.exists(),
        "sentence": _say_failure(found) if found.state == State.FAILED else "",
        "no_as_of": True,
    }
    answer = render(request, "accounts/job.html", place)
    if found.is_open:
        answer.headers["Refresh"] = str(SOON_S if waited_s < SOON_FOR_S else LATER_S)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def send_file(request: UserRequest, job: UUID) -> HttpResponseBase:
    """The file that the job left, for a day, while the posts by which it was made are held."""
    found = _get_job(request, job)
    if found.state != State.DONE or "name" not in found.answer or not may_fetch(request.user, found, request.today):
        raise Http404
    if found.answer.get("wants_proof") and (refusal := demand_proof(request)) is not None:
        return refusal
    pieces = JobPiece.objects.filter(job=found, attempt=found.attempts).order_by("number")
    if not pieces.exists():
        raise Http404
    contents = pieces.values_list("content", flat=True).iterator(chunk_size=4)
    answer = StreamingHttpResponse((bytes(one) for one in contents), found.answer["media_type"])
    answer.headers["Content-Disposition"] = found.answer["name"]
    answer.headers["Content-Length"] = str(found.answer["size"])
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _get_job(request: UserRequest, number: UUID) -> Job:
    """The person's own. Raises ``Http404`` for any other."""
    job = Job.objects.filter(pk=number, asked_by=request.user).first()
    if job is None:
        raise Http404
    return job


def _say_failure(job: Job) -> str:
    told = {"code": "job.broken", **job.answer}
    return describe_problem(make_problem(told.pop("code"), **told), find_language())
