"""What an inspector takes along to places without a network, and what a unit has to mend. Reads only.

No names and no remarks of the records drawn: a phone that is lost tells only what the unit itself has reported done.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from wuzha.adapters.wording.record import render_record
from wuzha.core.supervision.mending import OWED, State
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.kinds import load_kinds_around
from wuzha.web.campaign.models import InspectionRound, InspectionVisit, Record
from wuzha.web.campaign.queries.inspections import (
    TIME_TO_MEND,
    FindingStanding,
    count_visit_minutes,
    list_owed,
    list_waiting_visits,
    read_items,
)
from wuzha.web.campaign.wording import language, say_look, title_item


def describe_rounds(rounds: QuerySet[InspectionRound], today: date) -> list[dict[str, Any]]:
    """The rounds with visits that are still to be made, the first to end before the others."""
    visits: dict[int, list[InspectionVisit]] = defaultdict(list)
    for visit in list_waiting_visits(rounds, today):
        visits[visit.round_id].append(visit)
    said = _say_records([visit for listed in visits.values() for visit in listed])
    found = {row.pk: row for row in rounds.filter(pk__in=visits)}
    return [_describe_round(found[pk], listed, said) for pk, listed in visits.items()]


def _describe_round(row: InspectionRound, visits: Iterable[InspectionVisit], said: Mapping[str, str]) -> dict[str, Any]:
    items = [{"code": item.code, "title": title_item(item), "look": say_look(item)} for item in read_items(row)]
    days = {"opens": row.opens_on.isoformat(), "last": row.last_on.isoformat(), "mend_days": TIME_TO_MEND.days}
    told = {"round": row.pk, "title": row.title, "office": row.unit.name, "items": items} | days
    return told | {"visits": [_describe_visit(visit, said) for visit in visits]}


def _describe_visit(visit: InspectionVisit, said: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": visit.pk,
        "unit": visit.unit.name,
        "items": list(visit.items),
        "records": [said[pk] for pk in visit.records if pk in said],
        "minutes": count_visit_minutes(visit),
        "reason": visit.reason,
    }


def _say_records(visits: Sequence[InspectionVisit]) -> Mapping[str, str]:
    """By id, the records that the lot drew, each as a sentence."""
    found = Record.objects.select_related("unit", "author").in_bulk([UUID(pk) for one in visits for pk in one.records])
    kinds = load_kinds_around({visit.unit.path for visit in visits})
    return {
        str(pk): render_record(
            row.to_core(), kinds.get(row.kind), row.unit.name, language(), timezone.localdate(row.received_at)
        )
        for pk, row in found.items()
    }


def describe_mendings(working: Iterable[Unit], today: date) -> list[dict[str, Any]]:
    """What these units have to mend and have not reported, by the day it is due."""
    owed = [one for unit in working for one in list_owed(unit, today) if one.mending.state in OWED]
    return [_describe_finding(one) for one in sorted(owed, key=lambda one: one.mending.mend_by)]


def _describe_finding(one: FindingStanding) -> dict[str, Any]:
    row = one.finding
    return {
        "unit": row.unit.code,
        "number": row.number,
        "title": row.title,
        "words": row.words,
        "office": row.visit.round.unit.name,
        "mend_by": one.mending.mend_by.isoformat(),
        "overdue": one.mending.state is State.OVERDUE,
    }
