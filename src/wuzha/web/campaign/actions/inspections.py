"""A round of inspection is planned, drawn, walked, and what it finds is mended. Each step is a named person's act.

Nothing is changed afterwards: every step adds rows and its audit entry in one transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from wuzha.adapters.evidence_store import hash_content
from wuzha.core.base.problem import Problem, make_problem
from wuzha.core.base.windows import find_window
from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.core.supervision import inspection, mending
from wuzha.core.supervision.checklist import Answer, Item, Verdict, check_answers
from wuzha.core.supervision.mending import Step
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.actions.evidence import take_in_file
from wuzha.web.campaign.actions.records import add_record
from wuzha.web.campaign.models import (
    ChecklistEntry,
    Evidence,
    FindingEvent,
    InspectionDraw,
    InspectionFinding,
    InspectionReport,
    InspectionRound,
    InspectionVisit,
    VisitCalledOff,
)
from wuzha.web.campaign.queries.inspections import (
    find_found,
    list_history,
    list_records_there,
    read_items,
    trace_finding,
)

ATTEMPTS = 3
KIND = "inspection"
# An item that an office adds has a code of its own, made when it is sent; those that come along have others.
OWN = "own_"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which post, and when."""

    user: User
    post: str
    now: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    def note(self, action: str, target: Model, **told: object) -> None:
        write_audit(action=action, actor=self.user, target=target, at=self.now, post=self.post, **told)


@dataclass(frozen=True, slots=True)
class Said:
    """What an officer says of a new round. ``sealed`` is the machine's own number where no public one is named."""

    title: str
    area: Unit
    kinds: Sequence[str]
    line: str
    opens_on: date
    last_on: date
    units: int
    items: int
    records: int
    reasons: Mapping[str, str]
    sealed: str = ""
    source: str = ""
    source_on: date | None = None


@transaction.atomic
def plan_round(
    *, actor: Actor, office: Unit, said: Said, items: Sequence[Item], candidates: Sequence[str]
) -> InspectionRound:
    """A round with its candidates and its checklist as they are now. Of a sealed number only the digest is told.

    A round that says the same as one of the person's own that is not drawn yet is that one: it was sent twice.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=office.pk)
    row = InspectionRound(
        unit=office,
        title=said.title,
        area=said.area,
        kinds=list(said.kinds),
        line=said.line,
        opens_on=said.opens_on,
        last_on=said.last_on,
        quarter=find_window(inspection.QUARTER, said.opens_on).label,
        units_asked=said.units,
        items_asked=said.items,
        records_asked=said.records,
        items=[_write_item(item) for item in items],
        candidates=list(candidates),
        reasons=dict(said.reasons),
        method=InspectionRound.Method.SEALED if said.sealed else InspectionRound.Method.PUBLIC,
        sealed=said.sealed,
        digest=inspection.digest_seed(said.sealed) if said.sealed else "",
        source=said.source,
        source_on=said.source_on,
        created_by=actor.user,
        post=actor.post,
        created_at=actor.now,
    )
    same = _find_same_round(row)
    if same is not None:
        return same
    row.save(force_insert=True)
    told = {"unit": office.code, "digest": row.digest, "source": row.source, "candidates": len(row.candidates)}
    actor.note("inspection.planned", row, **told)
    return row


def _find_same_round(row: InspectionRound) -> InspectionRound | None:
    there = InspectionRound.objects.filter(unit=row.unit, created_by=row.created_by, title=row.title, draw=None)
    return next((one for one in there if _tell_round(one) == _tell_round(row)), None)


def _tell_round(row: InspectionRound) -> object:
    """What a person says of a round, and what they found there; not the machine's own number, which is another every
    time."""
    days = (row.opens_on, row.last_on, row.source_on)
    counts = (row.units_asked, row.items_asked, row.records_asked)
    there = (row.area_id, row.kinds, row.line, row.candidates, row.items, row.reasons)
    return days, counts, there, row.method, row.source


def _write_item(item: Item) -> dict[str, Any]:
    texts = {"code": item.code, "title": item.title, "look": item.look, "minutes": item.minutes}
    return texts | {"title_en": item.title_en, "look_en": item.look_en}


def draw_round(*, actor: Actor, row: InspectionRound, seed: str = "") -> list[Problem]:
    """Draws once. ``seed`` is the public number; a sealed round has its own.

    Two offices may draw the same unit at the same moment: then the second draws again, and spares what the first drew.
    """
    for attempt in range(ATTEMPTS):
        try:
            return _draw_once(actor, row, seed)
        except IntegrityError:
            if attempt == ATTEMPTS - 1:
                raise
    return []


@transaction.atomic
def _draw_once(actor: Actor, row: InspectionRound, seed: str) -> list[Problem]:
    problems = _check_draw(actor, row, seed)
    if problems:
        return problems
    told = row.sealed or seed.strip()
    history = list_history(row.candidates, row.quarter)
    asked = inspection.Draw(row.opens_on, row.units_asked, row.items_asked, row.reasons)
    items = [item.code for item in read_items(row)]
    drawn = inspection.draw_inspection(told, row.candidates, items, history.visited, asked)
    made = InspectionDraw(round=row, seed=told, spared=list(drawn.spared))
    made.drawn_by, made.post, made.drawn_at = actor.user, actor.post, actor.now
    made.save(force_insert=True)
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=[visit.unit for visit in drawn.visits])}
    there = list_records_there(units.values(), row, actor.now)
    for place, visit in enumerate(drawn.visits, start=1):
        ids = inspection.draw_records(told, row.quarter, visit.unit, there.get(visit.unit, ()), row.records_asked)
        turn = history.turns.get(visit.unit, 0) + 1
        reason = visit.reason or (history.called_off.get(visit.unit, "") if turn > 1 else "")
        place_row = InspectionVisit(round=row, unit=units[visit.unit], place=place, quarter=row.quarter, turn=turn)
        place_row.items, place_row.records, place_row.reason = list(visit.items), list(ids), reason
        place_row.save(force_insert=True)
    actor.note("inspection.drawn", row, seed=told, units=[visit.unit for visit in drawn.visits])
    return []


def _check_draw(actor: Actor, row: InspectionRound, seed: str) -> list[Problem]:
    InspectionRound.objects.select_for_update().get(pk=row.pk)
    if InspectionDraw.objects.filter(round=row).exists():
        return [make_problem("inspection.drawn-already")]
    if row.sealed:
        return []
    if row.source_on and actor.today < row.source_on:
        return [make_problem("inspection.seed-too-early", on=row.source_on)]
    return [] if seed.strip() else [make_problem("inspection.seed-missing")]


@dataclass(frozen=True, slots=True)
class Photo:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen at a visit. ``record_id`` is made with the page, so that sending twice is once.

    ``awaited`` are by item the ids of photos that a phone sends by themselves, once this is received.
    """

    record_id: UUID
    on: date
    answers: Sequence[Answer]
    photos: Mapping[str, Photo]
    note: str = ""
    awaited: Mapping[str, UUID] = field(default_factory=dict)


@transaction.atomic
def report_visit(*, actor: Actor, visit: InspectionVisit, seen: Seen) -> list[Problem]:
    """The result of a visit, its findings, and the visit as a record of the office, all or nothing.

    Sending the same again is success. Photos have been looked at before: one that is refused here keeps nothing.
    """
    held = _hold(visit)
    if InspectionReport.objects.filter(visit=held, record_id=seen.record_id).exists():
        return []
    problems = [*_check_visit(actor, held, seen.on), *check_answers(seen.answers, held.items, seen.on)]
    if problems:
        return problems
    problems = _record_visit(actor, held, seen)
    if problems:
        transaction.set_rollback(True)
        return problems
    photos, problems = _keep_photos(actor, seen)
    if problems:
        transaction.set_rollback(True)
        return problems
    write_result(actor=actor, visit=held, seen=seen, photos={**seen.awaited, **photos})
    return []


def write_result(*, actor: Actor, visit: InspectionVisit, seen: Seen, photos: Mapping[str, UUID]) -> None:
    """The result of a visit whose record is in the ledger already. ``photos`` are files of that record, by item."""
    titles = {item.code: item.title for item in read_items(visit.round)}
    report = InspectionReport(visit=visit, made_on=seen.on, note=seen.note, record_id=seen.record_id)
    report.answers = write_answers(seen, photos)
    report.inspector, report.post, report.made_at = actor.user, actor.post, actor.now
    report.save(force_insert=True)
    bad = [answer for answer in seen.answers if answer.verdict is Verdict.BAD]
    for number, answer in enumerate(bad, start=1):
        _write_finding(visit, seen.on, answer, titles[answer.item], number, photos.get(answer.item))
    told = {"unit": visit.unit.code, "record": str(seen.record_id), "findings": len(bad)}
    actor.note("inspection.reported", visit, **told)


def _hold(visit: InspectionVisit) -> InspectionVisit:
    """The visit, for one person at a time."""
    rows = InspectionVisit.objects.select_related("round__unit", "unit")
    return rows.select_for_update(of=("self",)).get(pk=visit.pk)


def _is_settled(visit: InspectionVisit) -> bool:
    return InspectionReport.objects.filter(visit=visit).exists() or VisitCalledOff.objects.filter(visit=visit).exists()


def _check_visit(actor: Actor, visit: InspectionVisit, on: date) -> list[Problem]:
    if _is_settled(visit):
        return [make_problem("inspection.settled")]
    if not visit.round.opens_on <= on <= min(visit.round.last_on, actor.today):
        return [make_problem("inspection.outside-period", opens=visit.round.opens_on, last=visit.round.last_on)]
    return []


def _record_visit(actor: Actor, visit: InspectionVisit, seen: Seen) -> list[Problem]:
    bad = [answer.words for answer in seen.answers if answer.verdict is Verdict.BAD]
    found = {"found": "；".join(bad)[:120]} if bad else {}
    record = CoreRecord(
        seen.record_id, visit.round.unit.code, KIND, seen.on, place=visit.unit.name, recorded_at=actor.now, extra=found
    )
    outcome, problems = add_record(actor=actor.user, record=record, now=actor.now)
    return [] if outcome.is_good else problems


def _keep_photos(actor: Actor, seen: Seen) -> tuple[dict[str, UUID], list[Problem]]:
    """The evidence id of each item's photo. The same photo of two items is one file."""
    kept: dict[str, UUID] = {}
    problems: list[Problem] = []
    for item, photo in seen.photos.items():
        _, wrong = take_in_file(
            actor=actor.user, record_id=seen.record_id, name=photo.name, content=photo.content, now=actor.now
        )
        problems += wrong
        sent = hash_content(photo.content)
        row = Evidence.objects.filter(record_id=seen.record_id, sent_sha256=sent).first()
        if row is not None:
            kept[item] = row.pk
    return kept, problems


def write_answers(seen: Seen, photos: Mapping[str, UUID]) -> list[dict[str, Any]]:
    """The answers as they are kept."""
    return [_write_answer(answer, photos.get(answer.item)) for answer in seen.answers]


def _write_answer(answer: Answer, photo: UUID | None) -> dict[str, Any]:
    kept = {"item": answer.item, "verdict": answer.verdict.value, "words": answer.words}
    day = answer.mend_by.isoformat() if answer.mend_by else None
    return kept | {"mend_by": day, "photo": str(photo) if photo else None}


def _write_finding(
    visit: InspectionVisit, on: date, answer: Answer, title: str, number: int, photo: UUID | None
) -> None:
    row = InspectionFinding(visit=visit, unit=visit.unit, number=f"查{on.year}-{visit.pk}-{number}", item=answer.item)
    row.title, row.words, row.photo, row.found_on = title, answer.words, photo, on
    row.mend_by = answer.mend_by or on  # an answer without a day was refused before
    row.save(force_insert=True)


@transaction.atomic
def call_off_visit(*, actor: Actor, visit: InspectionVisit, reason: str) -> list[Problem]:
    """The drawn unit is not visited. It may be drawn again in the quarter, and the page says why."""
    held = _hold(visit)
    if _is_settled(held):
        return [make_problem("inspection.settled")]
    row = VisitCalledOff(visit=held, reason=reason, by=actor.user, post=actor.post, at=actor.now)
    row.save(force_insert=True)
    actor.note("inspection.called-off", held, reason=reason)
    return []


@transaction.atomic
def say_of_finding(
    *, actor: Actor, finding: InspectionFinding, what: Step, note: str, mend_by: date | None = None
) -> list[Problem]:
    """Closed, opened again, objected to, upheld or struck out; or why that cannot be."""
    rows = InspectionFinding.objects.select_related("visit__report", "unit")
    held = rows.select_for_update(of=("self",)).get(pk=finding.pk)
    event = mending.Event(what, actor.now, actor.today, str(actor.user.pk), note, mend_by)
    problems = mending.check_event(event, find_found(held), trace_finding(held, actor.today))
    if problems:
        return list(problems)
    row = FindingEvent(finding=held, what=what.value, on=actor.today, at=actor.now, by=actor.user, post=actor.post)
    row.note, row.mend_by = note, mend_by
    row.save(force_insert=True)
    actor.note(f"finding.{what.value}", held, unit=held.unit.code, number=held.number, note=note)
    return []


def report_mending(*, actor: Actor, finding: InspectionFinding, record_id: UUID, note: str) -> list[Problem]:
    """The unit has mended: a record of its own that names the finding. Nothing else is written."""
    record = CoreRecord(
        record_id,
        finding.unit.code,
        inspection.REPORT,
        actor.today,
        note=note,
        recorded_at=actor.now,
        extra={"finding": finding.number},
    )
    outcome, problems = add_record(actor=actor.user, record=record, now=actor.now)
    return [] if outcome.is_good else problems


@transaction.atomic
def set_item(*, actor: Actor, office: Unit, item: Item, since: date, is_dropped: bool = False) -> ChecklistEntry:
    """From that day on the item reads so, or is no longer on the list. Rounds that were planned keep theirs.

    What was said of it last is not kept again.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=office.pk)
    row = ChecklistEntry(unit=office, code=item.code, title=item.title, look=item.look, minutes=item.minutes)
    row.is_dropped, row.opens_on, row.author, row.created_at = is_dropped, since, actor.user, actor.now
    last = {one.code: one for one in ChecklistEntry.objects.filter(unit=office)}
    is_new = item.code.startswith(OWN) and item.code not in last
    for before in last.values():
        if (is_new or before.code == item.code) and _tell_entry(before) == _tell_entry(row):
            return before
    row.save(force_insert=True)
    actor.note("checklist.dropped" if is_dropped else "checklist.set", row, unit=office.code, code=item.code)
    return row


def _tell_entry(row: ChecklistEntry) -> object:
    return row.title, row.look, row.minutes, row.is_dropped, row.opens_on
