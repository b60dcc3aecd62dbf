"""Records in and receipts out as JSON, the same for the phone, the interface and a queue file."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import NOWHERE, Problem
from wuzha.core.ledger.record import Record
from wuzha.core.ledger.wire import read_record, write_record
from wuzha.web.accounts.models import Post, Unit, User
from wuzha.web.campaign.actions.door import Receipt, Result
from wuzha.web.campaign.actions.intake import measure_skew, take_in_records
from wuzha.web.campaign.kinds import load_kinds_at
from wuzha.web.campaign.wording import language, title_kind

# More than that in one sending is refused whole.
MOST_RECORDS = 200
# A sender's clock that is farther off than this is told of.
CLOCK_MAY_DIFFER_S = 600

# An id that no record bears.
ANY = UUID(int=0)

Told = dict[str, Any]


def take_in_told(
    *,
    actor: User,
    told: Sequence[object],
    sent_at: datetime | None,
    now: datetime,
    post: Post | None = None,
    for_whom: str = "",
) -> Told:
    """Takes in a sending of records as they came; the answer holds one receipt for each, in their order.

    What cannot be read is refused by itself and keeps no other record out. Raises ``OperationalError`` when the
    database cannot be written; then nothing of the sending is kept.
    """
    read = [read_record(one) for one in told]
    records = [record for record, _ in read if record is not None]
    taken = take_in_records(actor=actor, records=records, sent_at=sent_at, now=now, post=post, for_whom=for_whom)
    receipts = iter(taken)
    page = find_page_pattern()
    answers = [
        write_unreadable(one, problems) if record is None else write_receipt(next(receipts), page, problems)
        for one, (record, problems) in zip(told, read, strict=True)
    ]
    skew_s = measure_skew(sent_at, now)
    is_off = skew_s is not None and abs(skew_s) > CLOCK_MAY_DIFFER_S
    return {"received_at": now.isoformat(), "clock_skew_s": skew_s, "clock_is_off": is_off, "answers": answers}


def find_page_pattern() -> str:
    """The address of a record's page, with ``{}`` for its id: to resolve it takes as long as to check a record."""
    return reverse("campaign:record", args=[ANY]).replace(str(ANY), "{}")


def write_receipt(receipt: Receipt, page: str, warnings: Sequence[Problem] = ()) -> Told:
    """``kept`` is the version in the ledger where another one was sent; else it says the same as what was sent.

    Its ``words`` name unit and kind, which whoever compares the two may not know.
    """
    kept = receipt.kept if receipt.result == Result.CONFLICT else None
    return {
        "id": str(receipt.record_id),
        "result": receipt.result.value,
        "problems": write_problems((*warnings, *receipt.problems)),
        "kept": write_kept(kept) | {"words": _name_kept(kept)} if kept else None,
        "page": _find_page(receipt, page),
    }


def _find_page(receipt: Receipt, page: str) -> str:
    """Where the person can look at what there is under the id; empty when there is nothing to see."""
    if receipt.result == Result.HELD:
        return reverse("campaign:records-held")
    return page.format(receipt.record_id) if receipt.kept else ""


def write_unreadable(told: object, problems: Sequence[Problem]) -> Told:
    record_id = told.get("id") if isinstance(told, dict) else None
    return {
        "id": record_id if isinstance(record_id, str) else None,
        "result": Result.REFUSED.value,
        "problems": write_problems(problems),
        "kept": None,
        "page": "",
    }


def write_kept(record: Record) -> Told:
    """The record as it lies in the ledger, with who made it and when it came."""
    received_at = record.received_at.isoformat() if record.received_at else None
    return write_record(record) | {"author": record.author, "received_at": received_at}


def _name_kept(record: Record) -> Told:
    unit = Unit.objects.filter(code=record.unit).first()
    kind = load_kinds_at(unit.path).get(record.kind) if unit else None
    return {"unit": unit.name if unit else record.unit, "kind": title_kind(kind) if kind else record.kind}


def write_problems(problems: Sequence[Problem]) -> list[Told]:
    """Each with its field, its sentence and its code; a warning does not keep a record out."""
    return [
        {
            "field": problem.source.key,
            "text": describe_problem(_lift(problem), language()),
            "code": problem.code,
            "severity": problem.severity,
        }
        for problem in problems
    ]


def _lift(problem: Problem) -> Problem:
    """The problem without its field, which is told beside it."""
    return Problem(problem.code, NOWHERE, problem.params, problem.severity)
