"""Filled checklists in and receipts out as JSON, beside the records of the same queue."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse

from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import Problem, make_problem
from wuzha.core.supervision.checklist import Verdict
from wuzha.web.accounts.models import User
from wuzha.web.campaign import access
from wuzha.web.campaign.actions.checklists import Outcome, take_in_checklist
from wuzha.web.campaign.actions.door import Result
from wuzha.web.campaign.actions.evidence import FILES_A_RECORD
from wuzha.web.campaign.actions.inspections import Actor, Seen
from wuzha.web.campaign.forms.checklists import Filled, list_errors, read_checklist
from wuzha.web.campaign.forms.inspections import VisitForm
from wuzha.web.campaign.models import InspectionReport, InspectionVisit
from wuzha.web.campaign.queries.inspections import list_visit_items
from wuzha.web.campaign.wording import language, title_item

Told = dict[str, Any]


def take_in_told_checklist(*, actor: User, told: Told, now: datetime, today: date) -> Told:
    """The receipt of one checklist, in the form of a record's. Raises ``OperationalError`` as those do."""
    filled = read_checklist(told)
    if filled is None:
        return _refuse(told.get("id"), make_problem("inspection.list-unread"))
    visit = InspectionVisit.objects.select_related("round__unit", "unit").filter(pk=filled.visit).first()
    post = access.find_inspecting_post(actor, visit.round.unit, today) if visit else ""
    if visit is None or not post:
        return _refuse(str(filled.id), make_problem("inspection.not-yours"))
    return _take_in(Actor(actor, post, now), visit, filled)


def _take_in(actor: Actor, visit: InspectionVisit, filled: Filled) -> Told:
    items = list_visit_items(visit)
    form = VisitForm(dict(filled.fields), items=items)
    if not filled.items <= {item.code for item in items}:
        return _refuse(str(filled.id), make_problem("inspection.list-unread"))
    if not form.is_valid():
        sentences = list_errors(form, items, {item.code: title_item(item) for item in items})
        return _answer(str(filled.id), Result.REFUSED, [_tell(sentence) for sentence in sentences])
    seen = _make_seen(form, filled)
    if len(seen.awaited) > FILES_A_RECORD:
        return _refuse(str(filled.id), make_problem("evidence.too-many", limit=FILES_A_RECORD))
    return _write_receipt(str(filled.id), visit, take_in_checklist(actor=actor, visit=visit, seen=seen))


def _make_seen(form: VisitForm, filled: Filled) -> Seen:
    """As on the form only what is wanting has a photo."""
    told = form.cleaned_data
    answers = form.list_answers()
    bad = {answer.item for answer in answers if answer.verdict is Verdict.BAD}
    awaited = {item: photo for item, photo in filled.photos.items() if item in bad}
    return Seen(filled.id, told["made_on"], answers, {}, told["note"], awaited)


def _write_receipt(told_id: str, visit: InspectionVisit, outcome: Outcome) -> Told:
    problems = [_tell(describe_problem(problem, language()), problem.code) for problem in outcome.problems]
    page = reverse("campaign:inspection-visit", args=[visit.pk]) if outcome.report else ""
    is_same_visit = outcome.report is not None and outcome.report.visit_id == visit.pk
    kept = outcome.report if outcome.result is Result.CONFLICT and is_same_visit else None
    return _answer(told_id, outcome.result, problems, page) | {"kept": _write_kept(kept) if kept else None}


def _write_kept(report: InspectionReport) -> Told:
    told = {"id": str(report.record_id), "visit": report.visit_id, "happened_on": report.made_on.isoformat()}
    return told | {"note": report.note, "answers": report.answers}


def _refuse(told_id: object, problem: Problem) -> Told:
    known = told_id if isinstance(told_id, str) else None
    return _answer(known, Result.REFUSED, [_tell(describe_problem(problem, language()), problem.code)])


def _tell(text: str, code: str = "") -> Told:
    return {"field": "", "text": text, "code": code, "severity": "error"}


def _answer(told_id: str | None, result: Result, problems: list[Told], page: str = "") -> Told:
    return {"id": told_id, "result": result.value, "problems": problems, "kept": None, "page": page}
