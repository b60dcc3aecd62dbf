"""Every change to a plan: upload, review, issue. Each writes its audit entry in the same transaction.

An issued plan never changes: every action refuses it with :class:`IssuedError`, and the database refuses it again.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.db.models import Max

from wuzha.adapters.documents import Document as ReadDocument
from wuzha.adapters.documents import read_document
from wuzha.core.base.numerals import fold
from wuzha.core.base.problem import Problem, Source, has_errors, make_problem
from wuzha.core.base.unit import Tree
from wuzha.core.plan.place import Draft, draft_with_questions
from wuzha.core.plan.read import read_plan
from wuzha.core.plan.reading import Reading, reading_to_json
from wuzha.web.accounts.models import AuditEntry, Unit, User
from wuzha.web.campaign.models import Document, DraftDuty, PlanVersion
from wuzha.web.campaign.queries.plans import encode_days, list_rows, look_at_duties, write_plan

State = PlanVersion.State
Decision = DraftDuty.Decision
MAX_CHARACTERS = 100_000
# A county's plan has some dozens; above this it is no plan, and nobody could review it.
MAX_DEMANDS = 2_000
MAX_NAME = 200
HEAD = ("title", "issuer", "valid_from", "valid_to")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class IssuedError(Exception):
    """The plan is issued, and what is issued never changes."""


def upload_plan(
    *, actor: User, unit: Unit, name: str, content: bytes, now: datetime, year: int
) -> tuple[PlanVersion | None, tuple[Problem, ...]]:
    """A draft from a file, with a duty for everything that was read in it; or nothing at all, and why.

    ``year`` stands in where the document names a day without its year. The same file sent again for the same unit gives
    the draft that is already there.
    """
    name = _clean_name(name)
    read, problems = read_document(name, content)
    if read is None:
        return None, problems
    if len(read.text) > MAX_CHARACTERS:
        return None, (_tell_too_long(read),)
    reading = read_plan(read.text)
    if len(reading.demands) + len(reading.vague) > MAX_DEMANDS:
        return None, (_tell_too_many(read, reading),)
    with transaction.atomic():
        digest = hashlib.sha256(content).hexdigest()
        known = PlanVersion.objects.filter(document__sha256=digest, unit=unit, state=State.DRAFT).first()
        if known is not None:
            return known, problems
        document = Document.objects.create(
            name=name,
            sha256=digest,
            content=content,
            text=read.text,
            unit=unit,
            uploaded_by=actor,
            uploaded_at=now,
        )
        return _make_draft(document, reading, year), problems


def _clean_name(name: str) -> str:
    """The last part of the path, without signs that could break a head line, its ending kept."""
    path = PurePath(CONTROL.sub("", name).replace("\\", "/"))
    return f"{path.stem[: MAX_NAME - 12]}{path.suffix[:12]}"


def _tell_too_long(read: ReadDocument) -> Problem:
    source = Source(document=read.name)
    return make_problem("document.too-long", source, name=read.name, size=len(read.text), limit=MAX_CHARACTERS)


def _tell_too_many(read: ReadDocument, reading: Reading) -> Problem:
    found = len(reading.demands) + len(reading.vague)
    return make_problem("document.too-many-demands", Source(document=read.name), found=found, limit=MAX_DEMANDS)


def _make_draft(document: Document, reading: Reading, year: int) -> PlanVersion:
    """The draft and its duties, as the reading and the plan language have them."""
    draft = draft_with_questions(reading, year)
    mapping: Mapping[str, Any] = draft.mapping
    asked = {"draft_phases": encode_days(mapping.get("phases", [])), "questions": [*draft.questions.get("", ())]}
    plan = PlanVersion.objects.create(
        unit=document.unit,
        document=document,
        title=_keep_as_typed(mapping["title"], document.text)[:MAX_NAME],
        issuer=_keep_as_typed(mapping.get("issuer") or document.unit.name, document.text)[:MAX_NAME],
        valid_from=mapping["valid"]["from"],
        valid_to=mapping["valid"]["to"],
        reading=reading_to_json(reading) | asked,
        created_by=document.uploaded_by,
        created_at=document.uploaded_at,
    )
    rows = _make_rows(plan, draft)
    DraftDuty.objects.bulk_create(rows)
    _note("plan.upload", document.uploaded_by, plan, document.uploaded_at, name=document.name, duties=len(rows))
    return plan


def _keep_as_typed(words: str, text: str) -> str:
    """The words as the document has them: the reader compares brackets and digits by their half-width form."""
    at = fold(text).find(fold(words))
    return text[at : at + len(words)] if at >= 0 else words


def _make_rows(plan: PlanVersion, draft: Draft) -> list[DraftDuty]:
    demands = {item["id"]: item for item in (*plan.reading["duties"], *plan.reading["vague"])}
    duties: Any = draft.mapping["duties"]
    return [
        DraftDuty(
            version=plan,
            position=position,
            demand=demands.get(draft.demands[duty["id"]], {}),
            duty=encode_days(duty),
            questions=[*draft.questions.get(duty["id"], ())],
        )
        for position, duty in enumerate(duties)
    ]


def _note(action: str, actor: User, plan: PlanVersion, now: datetime, **details: object) -> None:
    AuditEntry.objects.create(
        action=action, actor=actor, object_type="plan", object_id=str(plan.pk), at=now, details=details
    )


def refuse_issued(plan: PlanVersion) -> None:
    """Raises ``IssuedError`` for an issued plan."""
    if plan.state != State.DRAFT:
        raise IssuedError


def _hold_draft(plan: PlanVersion) -> PlanVersion:
    """The plan's row, locked until the transaction ends. Raises ``IssuedError`` once it is issued."""
    held = PlanVersion.objects.select_for_update().get(pk=plan.pk)
    refuse_issued(held)
    return held


@transaction.atomic
def mend_head(*, actor: User, plan: PlanVersion, head: Mapping[str, Any], now: datetime) -> None:
    """Title, issuer, validity and phases, with which what was asked about them is answered.

    ``head`` holds ``title, issuer, valid_from, valid_to, phases``.
    """
    held = _hold_draft(plan)
    before = {name: getattr(held, name) for name in HEAD}
    for name in HEAD:
        setattr(held, name, head[name])
    held.reading = held.reading | {"draft_phases": encode_days(head["phases"]), "questions": []}
    held.save(update_fields=[*HEAD, "reading"])
    changed = {name: [before[name], head[name]] for name in HEAD if before[name] != head[name]}
    _note("plan.mend-head", actor, held, now, **encode_days(changed))


@transaction.atomic
def discard_draft(*, actor: User, plan: PlanVersion, now: datetime) -> None:
    """Deletes a draft, and its document unless another version came from it. The audit log keeps what it was."""
    held = _hold_draft(plan)
    document = held.document
    sha256 = document.sha256 if document else ""
    _note("plan.discard", actor, held, now, title=held.title, sha256=sha256)
    held.delete()
    if document and not document.versions.exists():
        document.delete()


@transaction.atomic
def decide_duty(*, actor: User, row: DraftDuty, decision: str, now: datetime) -> None:
    """Accept, drop, or take either back."""
    held = _hold_draft(row.version)
    DraftDuty.objects.filter(pk=row.pk).update(decision=decision, changed_by=actor, changed_at=now)
    row.decision, row.changed_by, row.changed_at = decision, actor, now
    _note("plan.decide", actor, held, now, duty=row.duty.get("id", ""), decision=decision)


@transaction.atomic
def mend_duty(*, actor: User, row: DraftDuty, duty: Mapping[str, Any], now: datetime) -> None:
    """What will stand in the plan instead. Who mends a duty has answered its questions and accepts it."""
    held = _hold_draft(row.version)
    before, after = row.duty, encode_days(duty)
    row.duty, row.questions, row.decision = after, [], Decision.ACCEPTED
    row.changed_by, row.changed_at = actor, now
    row.save(update_fields=["duty", "questions", "decision", "changed_by", "changed_at"])
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    changed = {key: [before.get(key), after.get(key)] for key in sorted(keys)}
    _note("plan.mend", actor, held, now, duty=after.get("id", ""), changed=changed)


@transaction.atomic
def add_duty(*, actor: User, plan: PlanVersion, duty: Mapping[str, Any], now: datetime) -> DraftDuty:
    """A duty that the reader did not find. It gets an id of its own in the plan."""
    held = _hold_draft(plan)
    last = held.draft_duties.aggregate(last=Max("position"))["last"]
    taken = {str(row.duty.get("id", "")) for row in held.draft_duties.all()}
    number = next(number for number in range(1, len(taken) + 2) if f"added-{number}" not in taken)
    row = DraftDuty.objects.create(
        version=held,
        position=0 if last is None else last + 1,
        duty=encode_days({**duty, "id": f"added-{number}"}),
        decision=Decision.ACCEPTED,
        changed_by=actor,
        changed_at=now,
    )
    _note("plan.add", actor, held, now, duty=row.duty)
    return row


@transaction.atomic
def accept_clear(*, actor: User, plan: PlanVersion, now: datetime) -> int:
    """Accepts every duty that waits for a decision and about which nothing is asked. Gives back how many."""
    held = _hold_draft(plan)
    rows = [row for row in list_rows(held) if row.decision == Decision.PROPOSED and not row.questions]
    looks = look_at_duties(held, [row.duty for row in rows])
    clear = [row.pk for row, look in zip(rows, looks, strict=True) if not look.problems]
    DraftDuty.objects.filter(pk__in=clear).update(decision=Decision.ACCEPTED, changed_by=actor, changed_at=now)
    _note("plan.accept-clear", actor, held, now, duties=len(clear))
    return len(clear)


@transaction.atomic
def issue_plan(*, actor: User, plan: PlanVersion, tree: Tree, now: datetime, leave_out: bool = False) -> bool:
    """Freezes the plan and puts it in force. False, and nothing is changed, while the preview names what is in the way.

    Duties still waiting for a decision stand in the way, unless they are left out on purpose.
    """
    held = _hold_draft(plan)
    waiting = held.draft_duties.filter(decision=Decision.PROPOSED)
    accepted = held.draft_duties.filter(decision=Decision.ACCEPTED)
    if not accepted.exists() or (waiting.exists() and not leave_out):
        return False
    text, problems = write_plan(held, tree)
    if has_errors(problems):
        return False
    left = waiting.update(decision=Decision.DROPPED, changed_by=actor, changed_at=now)
    held.text, held.state, held.issued_by, held.issued_at = text, State.ISSUED, actor, now
    held.save(update_fields=["text", "state", "issued_by", "issued_at"])
    _note("plan.issue", actor, held, now, left_out=left, sha256=hashlib.sha256(text.encode()).hexdigest())
    return True
