"""What a phone takes along where there is no network: who it is, the units, the kinds, the open work. Reads only."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from wuzha.core.assessment.model import Status
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.core.ledger.record import Kinds, RecordKind
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.kinds import load_kinds_around, load_kinds_at
from wuzha.web.campaign.queries.records import list_kind_choice
from wuzha.web.campaign.queries.work import Task, list_work
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
    chosen = working[:3]
    return {
        "user": {"id": user.pk, "username": user.username, "name": str(user)},
        "units": [{"code": unit.code, "name": unit.name} for unit in units],
        "kinds": [describe_kind(kind) for kind in kinds.values() if not (kind.reads or kind.is_closed(today))],
        "used": {unit.code: [kind.code for kind in list_kind_choice(unit, today).used] for unit in chosen},
        "work": [one for unit in chosen for one in list_open_work(unit, load_kinds_at(unit.path), today)],
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


def list_open_work(unit: Unit, kinds: Kinds, today: date) -> Iterator[dict[str, Any]]:
    """What the unit still owes, the overdue first."""
    work = list_work(unit, today)
    for task in (*work.overdue, *work.open):
        yield describe_task(task, unit, kinds, today)


def describe_task(task: Task, unit: Unit, kinds: Kinds, today: date) -> dict[str, Any]:
    """An obligation with what it asks and the kinds that serve it."""
    duty, standing = task.duty, task.standing
    obligation = standing.obligation
    return {
        "unit": unit.code,
        "plan": task.in_force.version.pk,
        "duty": duty.id,
        "window": obligation.window.label,
        "title": f"{title_duty(duty, kinds)} {say_window(obligation.window, today)}",
        "status": "missed" if standing.status == Status.MISSED else "open",
        "figure": say_tally(duty, standing, kinds),
        "left": say_shortfall(duty, standing, kinds),
        "text": say_standing(duty, standing, kinds, today),
        "due_on": obligation.due_on.isoformat(),
        "due": say_day(obligation.due_on, today),
        "kinds": sorted(list_feeding_kinds(duty, kinds)),
        "places": list(duty.narrow.place),
        "audiences": list(duty.narrow.audience),
    }
