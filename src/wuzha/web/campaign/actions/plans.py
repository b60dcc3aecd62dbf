"""Plans come, get their head mended, go or are issued. Each action writes its audit entry in the same transaction.

An issued plan never changes: every action refuses it with ``IssuedError``, and the database refuses it again.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.db import transaction

from wuzha.adapters.documents import Document as ReadDocument
from wuzha.adapters.documents import Limits, read_document
from wuzha.core.base.numerals import fold
from wuzha.core.base.problem import Problem, Source, has_errors, make_problem
from wuzha.core.base.unit import Tree
from wuzha.core.plan.place import Draft, draft_with_questions
from wuzha.core.plan.read import read_plan
from wuzha.core.plan.reading import Reading, reading_to_json
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.actions.drafts import (
    HEAD,
    Decision,
    State,
    change_head,
    change_rows,
    hold_draft,
    note,
    take_head,
    take_shape,
)
from wuzha.web.campaign.models import Document, DraftChange, DraftDuty, PlanVersion
from wuzha.web.campaign.queries.plans import encode_days, write_plan

MAX_CHARACTERS = 100_000
# A county's plan has some dozens; above this it is no plan, and nobody could review it.
MAX_DEMANDS = 2_000
MAX_NAME = 200
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def upload_plan(
    *, actor: User, unit: Unit, name: str, content: bytes, now: datetime, year: int
) -> tuple[PlanVersion | None, tuple[Problem, ...]]:
    """A draft from a file, with a duty for everything that was read in it; or nothing at all, and why.

    ``year`` stands in where the document names a day without its year. The same file sent again for the same unit gives
    the draft that is already there.
    """
    name = _clean_name(name)
    read, problems = read_document(name, content, Limits(characters=MAX_CHARACTERS))
    if read is None:
        return None, problems
    reading = read_plan(read.text)  # in bounded time: a long text was rehearsed where it was parsed
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
        reading=_write_reading(reading, draft.phases) | asked,
        created_by=document.uploaded_by,
        created_at=document.uploaded_at,
    )
    rows = _make_rows(plan, draft)
    DraftDuty.objects.bulk_create(rows)
    note("plan.upload", document.uploaded_by, plan, document.uploaded_at, name=document.name, duties=len(rows))
    return plan


def _write_reading(reading: Reading, phases: frozenset[str]) -> dict[str, Any]:
    """The reading as it is kept, where a sentence that only dates a phase is told from one that is a duty."""
    written: dict[str, Any] = reading_to_json(reading)
    for item in written["coverage"]:
        if item["duties"] and phases.issuperset(item["duties"]):
            item["fate"] = "phase"
    return written


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


@transaction.atomic
def mend_head(*, actor: User, plan: PlanVersion, head: Mapping[str, Any], now: datetime) -> None:
    """Title, issuer, validity and phases, with which what was asked about them is answered.

    ``head`` holds ``title, issuer, valid_from, valid_to, phases``.
    """
    hold = hold_draft(plan, actor, now)
    before = take_head(hold.plan)
    after = {**encode_days(head), "questions": []}
    change_head(hold, DraftChange.Action.HEAD, after)
    hold.note("plan.mend-head", **{name: [before[name], after[name]] for name in HEAD if before[name] != after[name]})


@transaction.atomic
def discard_draft(*, actor: User, plan: PlanVersion, now: datetime) -> None:
    """Deletes a draft, and its document unless another version came from it. The audit log keeps what it was."""
    hold = hold_draft(plan, actor, now)
    document = hold.plan.document
    hold.note("plan.discard", title=hold.plan.title, sha256=document.sha256 if document else "")
    hold.plan.delete()
    if document and not document.versions.exists():
        document.delete()


@transaction.atomic
def issue_plan(*, actor: User, plan: PlanVersion, tree: Tree, now: datetime, leave_out: bool = False) -> bool:
    """Freezes the plan and puts it in force. False, and nothing is changed, while the preview names what is in the way.

    Duties still waiting for a decision stand in the way, unless they are left out on purpose.
    """
    hold = hold_draft(plan, actor, now)
    held = hold.plan
    waiting = [*held.draft_duties.filter(decision=Decision.PROPOSED)]
    accepted = held.draft_duties.filter(decision=Decision.ACCEPTED)
    if not accepted.exists() or (waiting and not leave_out):
        return False
    text, problems = write_plan(held, tree)
    if has_errors(problems):
        return False
    if waiting:
        dropped = {"decision": str(Decision.DROPPED)}
        change_rows(hold, DraftChange.Action.LEAVE_OUT, [(row, take_shape(row) | dropped) for row in waiting])
    held.text, held.state, held.issued_by, held.issued_at = text, State.ISSUED, actor, now
    held.save(update_fields=["text", "state", "issued_by", "issued_at"])
    hold.note("plan.issue", left_out=len(waiting), sha256=hashlib.sha256(text.encode()).hexdigest())
    return True
