"""What a phone takes along where there is no network: who it is, the units, the kinds, the open work. Reads only.

The work is that of the page of one's tasks, with the same words: what the unit owes itself, what it helps the unit
above it with, what came back to be mended, and how many things ask nothing now. Only the list of other units that are
behind stays at the desk: nobody records it away on a phone.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from wuzha.adapters.wording.words import describe_status
from wuzha.core.assessment.model import Status
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.core.ledger.record import Kinds, RecordKind
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.kinds import load_kinds_around, load_kinds_at
from wuzha.web.campaign.models import Look
from wuzha.web.campaign.queries.looks import list_returned
from wuzha.web.campaign.queries.records import list_kind_choice
from wuzha.web.campaign.queries.rounds import Call, Round, find_numbers, find_round, list_calls
from wuzha.web.campaign.queries.shared import SharedWork, find_shared_work
from wuzha.web.campaign.queries.work import Task, Work, list_work
from wuzha.web.campaign.wording import (
    count_kind,
    language,
    say_day,
    say_shortfall,
    say_standing,
    say_tally,
    say_window,
    title_duty,
    title_kind,
)


def describe_phone(user: User, working: Sequence[Unit], units: Sequence[Unit], today: date) -> dict[str, Any]:
    """All of it as JSON. ``working`` are the units of the person's own posts, ``units`` all they may record for."""
    kinds = load_kinds_around(unit.path for unit in units)
    work = [(unit, list_work(unit, today), find_shared_work(unit, today)) for unit in working]
    return {
        "user": {"id": user.pk, "username": user.username, "name": str(user)},
        "units": [{"code": unit.code, "name": unit.name} for unit in units],
        "kinds": [describe_kind(kind) for kind in kinds.values() if not (kind.reads or kind.is_closed(today))],
        "used": {unit.code: [kind.code for kind in list_kind_choice(unit, today).used] for unit in working},
        "work": [one for unit, own, shared in work for one in list_open_work(unit, own, shared, today)],
        "settled": [describe_settled(unit, own, shared) for unit, own, shared in work],
        "returned": [describe_returned(look) for look in list_returned(user, today)],
        "rounds": [one for unit in working for one in list_rounds(unit, today)],
    }


def describe_kind(kind: RecordKind) -> dict[str, Any]:
    """A kind as a form needs it."""
    is_chinese = language() == "zh"
    return {
        "code": kind.code,
        "title": title_kind(kind),
        "shape": kind.shape,
        "asks": kind.asks,
        "changes": kind.changes,
        "grades": kind.grades,
        "counts": kind.counts,
        "word": count_kind(kind, 2, "quantity"),
        "details": [
            {
                "code": detail.code,
                "title": detail.title if is_chinese else detail.title_en,
                "longest": detail.longest,
            }
            for detail in kind.details
        ],
    }


def list_open_work(unit: Unit, work: Work, shared: SharedWork | None, today: date) -> Iterator[dict[str, Any]]:
    """What the unit still owes, the overdue first; then what the unit above owes and this one's records count for."""
    kinds = load_kinds_at(unit.path)
    for task in (*work.overdue, *work.open):
        yield describe_task(task, unit, kinds, today)
    if shared is not None:
        for one in (*shared.overdue, *shared.open):
            own = {"above": shared.bearer.name, "own_records": one.own.records, "own_kind": one.own.kind}
            yield describe_task(one.task, unit, kinds, today) | own


def describe_task(task: Task, unit: Unit, kinds: Kinds, today: date) -> dict[str, Any]:
    """An obligation with what it asks and the kinds that serve it. ``above`` names who owes it where not the unit."""
    duty, standing = task.duty, task.standing
    obligation = standing.obligation
    status = Status.MISSED if standing.status == Status.MISSED else Status.OPEN
    return {
        "unit": unit.code,
        "above": "",
        "plan": task.in_force.version.pk,
        "duty": duty.id,
        "window": obligation.window.label,
        "title": f"{title_duty(duty, kinds)} {say_window(obligation.window, today)}",
        "status": status.value,
        "status_word": describe_status(status, language()),
        "figure": say_tally(duty, standing, kinds),
        "left": say_shortfall(duty, standing, kinds),
        "text": say_standing(duty, standing, kinds, today),
        "due_on": obligation.due_on.isoformat(),
        "due": say_day(obligation.due_on, today),
        "kinds": sorted(list_feeding_kinds(duty, kinds)),
        "places": list(duty.narrow.place),
        "audiences": list(duty.narrow.audience),
    }


def describe_settled(unit: Unit, work: Work, shared: SharedWork | None) -> dict[str, Any]:
    """How many of the unit's things ask nothing now, and how many of the unit above are done."""
    return {
        "unit": unit.code,
        "done": len(work.done),
        "on_course": len(work.on_course),
        "unknown": len(work.unknown),
        "older": work.older,
        "above": shared.bearer.name if shared else "",
        "above_done": shared.done if shared else 0,
    }


def describe_returned(look: Look) -> dict[str, Any]:
    """A record that a reviewer sent back, with what is to be mended."""
    record = look.record
    kind = load_kinds_at(record.unit.path).get(record.kind)
    return {
        "id": str(record.pk),
        "title": title_kind(kind) if kind else record.kind,
        "happened_on": record.happened_on.isoformat(),
        "unit": record.unit.name,
        "note": look.note,
    }


def list_rounds(unit: Unit, today: date) -> Iterator[dict[str, Any]]:
    """The unit's visit rounds, where it has a list: opaque numbers only, those still to be visited."""
    if find_numbers(unit):
        for call in _merge_calls(list_calls(unit, today), unit) or [None]:
            yield describe_round(unit, find_round(unit, today, call), today)


def _merge_calls(calls: Sequence[Call], unit: Unit) -> list[Call | None]:
    """One for all duties that the same visits count for, as half by June and all by December.

    The first of them speaks, and they stay in their order, so that the phone heads its round as the page does.
    """
    kinds = load_kinds_at(unit.path)
    merged: dict[object, Call | None] = {}
    for one in calls:
        merged.setdefault((one.window.opens, list_feeding_kinds(one.duty, kinds), one.duty.narrow), one)
    return [*merged.values()]


def describe_round(unit: Unit, found: Round, today: date) -> dict[str, Any]:
    """``kinds`` are those whose records take a number off, in one of the places and for one of the audiences."""
    call, narrow = found.call, found.narrow
    kinds = load_kinds_at(unit.path)
    return {
        "unit": unit.code,
        "key": call.key if call else "year",
        "title": _title_call(call, today) if call else "",
        "kind": found.kind,
        "kinds": sorted(list_feeding_kinds(call.duty, kinds)) if call else [found.kind],
        "places": list(narrow.place),
        "audiences": list(narrow.audience),
        "since": found.since.isoformat(),
        "listed": found.listed,
        "left": list(found.left),
    }


def _title_call(call: Call, today: date) -> str:
    """The duty that the round follows, in the plan's own words where they are known; and which of many windows."""
    words = call.duty.quote or f"{call.in_force.version.title} {call.duty.clause}".strip()
    return f"{words} · {say_window(call.window, today)}" if call.duty.rhythm else words
