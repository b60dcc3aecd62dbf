"""What the pages of inspections show: checklist, rounds with results, findings and how they stand. Reads only.

The number of questions to the database does not grow with the number of units.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from wuzha.adapters.checklist_yaml import load_checklist
from wuzha.core.base.problem import Problem, make_problem
from wuzha.core.ledger.record import find_limit
from wuzha.core.paper.inspection_paper import FEW
from wuzha.core.supervision.checklist import (
    Answer,
    Item,
    Verdict,
    Wording,
    choose_items,
    count_minutes,
    count_most_minutes,
    count_verdicts,
)
from wuzha.core.supervision.inspection import REPORT, Visit
from wuzha.core.supervision.mending import Found, Mending, MendingCounts, Report, State, count_mendings, trace_mending
from wuzha.web.accounts.access import is_below
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.kinds import load_kinds_around
from wuzha.web.campaign.models import (
    ChecklistEntry,
    Evidence,
    FindingEvent,
    InspectionFinding,
    InspectionReport,
    InspectionRound,
    InspectionVisit,
    Record,
)

BACK = timedelta(days=90)
"""Records of so many days before the draw may be drawn."""
TIME_TO_MEND = timedelta(days=15)
"""How long a unit has to mend what was found, unless the inspector names another day."""
SHAPES = frozenset({"event", "visit", "site", "handout", "posting"})
"""What a record must be for somebody to see at the place whether it is so."""
AREAS = ("town", "village", "community")


# --- the checklist ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An item of an office's checklist, and since when it reads so where the office has worded it."""

    item: Item
    since: date | None


def list_items(office: Unit, day: date) -> tuple[Item, ...]:
    """The checklist of an office on a day: the built-in one as its county and the office itself have worded it."""
    return choose_items(load_checklist(), _list_wordings(office), day)


def list_listed(office: Unit, day: date) -> list[ListedItem]:
    since = {one.item.code: one.since for one in _list_wordings(office) if one.since <= day}
    return [ListedItem(item, since.get(item.code)) for item in list_items(office, day)]


def list_coming(office: Unit, day: date) -> list[Wording]:
    """What has been decided and holds from a later day."""
    return [one for one in _list_wordings(office) if one.since > day]


def _list_wordings(office: Unit) -> list[Wording]:
    rows = ChecklistEntry.objects.filter(unit__code__in=office.path.strip("/").split("/")).order_by("id")
    return [Wording(Item(row.code, row.title, row.look, row.minutes), row.opens_on, row.is_dropped) for row in rows]


def read_items(row: InspectionRound) -> tuple[Item, ...]:
    """The items of the round as they stood when it was planned."""
    return tuple(Item(**told) for told in row.items)


# --- planning and drawing ---------------------------------------------------------------------------------------------


def list_candidates(office: Unit, area: Unit, kinds: Collection[str], line: str, on: date) -> list[Unit]:
    """The units that may be drawn: of these kinds, in the area, there on the day, and not the office itself."""
    found = Unit.objects.filter(is_below(area.path), kind__in=kinds, opens_on__lte=on, closes_on__gt=on)
    found = found.filter(line=line) if line else found
    return list(found.exclude(pk=office.pk).order_by("path"))


def list_kinds_there(area: Unit) -> list[str]:
    """The kinds of units in an area."""
    return sorted(set(Unit.objects.filter(is_below(area.path)).order_by().values_list("kind", flat=True).distinct()))


def list_lines_there(area: Unit) -> list[str]:
    found = Unit.objects.filter(is_below(area.path)).exclude(line="").order_by().values_list("line", flat=True)
    return sorted(set(found.distinct()))


@dataclass(frozen=True, slots=True)
class History:
    """What a quarter has seen of some units: ``visited`` are those drawn and not called off; ``turns`` how often each
    was drawn; ``called_off`` says of the others why they were not visited."""

    visited: tuple[Visit, ...]
    turns: Mapping[str, int]
    called_off: Mapping[str, str]


def list_history(codes: Collection[str], quarter: str) -> History:
    """Over all rounds of all offices."""
    rows = InspectionVisit.objects.filter(quarter=quarter).select_related("unit", "round", "called_off")
    wanted = frozenset(codes)
    visited: list[Visit] = []
    turns: dict[str, int] = {}
    called_off: dict[str, str] = {}
    for row in rows:
        code = row.unit.code
        if code not in wanted:
            continue
        turns[code] = max(turns.get(code, 0), row.turn)
        if hasattr(row, "called_off"):
            called_off[code] = f"本季度抽中过没有去（{row.called_off.reason}），这次又抽中"
        else:
            visited.append(Visit(code, row.round.opens_on))
    return History(tuple(visited), turns, called_off)


def list_records_there(units: Iterable[Unit], row: InspectionRound, known_at: datetime) -> Mapping[str, list[str]]:
    """By unit, the ids of the records that may be drawn: of things to be seen, in effect, of the last months."""
    asked = list(units)
    kinds = load_kinds_around([unit.path for unit in asked])
    shown = [code for code, kind in kinds.items() if kind.shape in SHAPES]
    found = Record.objects.filter(unit__in=asked, kind__in=shown, withdrawn=False, replaced_by__isnull=True)
    day = timezone.localdate(known_at)
    found = found.filter(received_at__lte=known_at, happened_on__range=(day - BACK, day)).order_by()
    there: dict[str, list[str]] = defaultdict(list)
    for code, pk in found.values_list("unit__code", "pk"):
        there[code].append(str(pk))
    return there


def read_reasons(text: str, codes: Collection[str]) -> tuple[dict[str, str], list[Problem]]:
    """Each line a unit's code, a space and why it may be drawn again in the quarter."""
    reasons: dict[str, str] = {}
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), start=1):
        code, _, reason = line.strip().replace("　", " ").partition(" ")
        if line.strip() and (code not in codes or not reason.strip()):
            problems.append(make_problem("inspection.reason-unread", line=number))
        elif line.strip():
            reasons[code] = reason.strip()[:200]
    return reasons, problems


# --- rounds -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Burden:
    """Minutes that a round takes of the units visited: each of them at most ``each``, all together ``total``."""

    each: int
    units: int
    total: int

    @property
    def hours(self) -> float:
        return round(self.total / 60, 1)


@dataclass(frozen=True, slots=True)
class Place:
    """One drawn unit. ``state`` is ``waiting``, ``done`` or ``called_off``."""

    visit: InspectionVisit
    state: str
    minutes: int
    bad: int = 0


@dataclass(frozen=True, slots=True)
class ItemCount:
    """How often an item was seen how. ``is_few`` where too few were seen to speak of the others."""

    item: Item
    good: int
    bad: int
    unseen: int

    @property
    def seen(self) -> int:
        return self.good + self.bad

    @property
    def is_few(self) -> bool:
        return self.seen < FEW


@dataclass(frozen=True, slots=True)
class Results:
    """What a round has come to so far."""

    places: tuple[Place, ...]
    items: tuple[ItemCount, ...]
    burden: Burden
    findings: "tuple[FindingStanding, ...]"
    counts: MendingCounts

    @property
    def done(self) -> int:
        return sum(1 for place in self.places if place.state == "done")


def estimate_burden(row: InspectionRound) -> Burden:
    """Before the draw: the most that it can be."""
    each = count_most_minutes(read_items(row), row.items_asked, row.records_asked)
    units = min(row.units_asked, len(row.candidates))
    return Burden(each, units, each * units)


def find_results(row: InspectionRound, as_of: date) -> Results:
    """The drawn units in the order of the lot, and what was seen."""
    items = {item.code: item for item in read_items(row)}
    visits = list(row.visits.select_related("unit", "report__inspector", "called_off__by"))
    places = tuple(_make_place(visit, items) for visit in visits)
    answers = [answer for visit in visits for answer in read_answers(find_report(visit))]
    counted = count_verdicts(answers)
    minutes = [place.minutes for place in places if place.state != "called_off"]
    findings = list_standings(InspectionFinding.objects.filter(visit__round=row), as_of)
    return Results(
        places,
        tuple(ItemCount(items[code], *(counted[code][one] for one in Verdict)) for code in items if code in counted),
        Burden(max(minutes, default=0), len(minutes), sum(minutes)),
        tuple(findings),
        count_mendings(one.mending for one in findings),
    )


def _make_place(visit: InspectionVisit, items: Mapping[str, Item]) -> Place:
    minutes = count_minutes((items[code] for code in visit.items), len(visit.records))
    report = find_report(visit)
    if report is not None:
        return Place(visit, "done", minutes, sum(one.verdict is Verdict.BAD for one in read_answers(report)))
    return Place(visit, "called_off" if hasattr(visit, "called_off") else "waiting", minutes)


def find_report(visit: InspectionVisit) -> InspectionReport | None:
    """The report of the visit, which was read with it; none before it."""
    return visit.report if hasattr(visit, "report") else None


def read_answers(report: InspectionReport | None) -> list[Answer]:
    return [_read_answer(told) for told in report.answers] if report else []


def _read_answer(told: Mapping[str, Any]) -> Answer:
    day = date.fromisoformat(told["mend_by"]) if told["mend_by"] else None
    return Answer(told["item"], Verdict(told["verdict"]), told["words"], day)


def list_visit_items(visit: InspectionVisit) -> list[Item]:
    """The items that the lot drew for the visit, in the order of the round's checklist."""
    chosen = frozenset(visit.items)
    return [item for item in read_items(visit.round) if item.code in chosen]


def list_drawn_records(visit: InspectionVisit) -> list[Record]:
    """The records that the lot drew at the unit, in its order."""
    found = Record.objects.select_related("unit", "author").in_bulk([UUID(pk) for pk in visit.records])
    return [found[UUID(pk)] for pk in visit.records if UUID(pk) in found]


# --- findings ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FindingStanding:
    """A finding, how it stands, and what was said and reported of it."""

    finding: InspectionFinding
    mending: Mending
    events: Sequence[FindingEvent]
    reports: Sequence[Record]


def list_standings(
    findings: QuerySet[InspectionFinding], as_of: date, known_by: date | None = None
) -> list[FindingStanding]:
    """Each finding made by that day, and how it stood at its end; with ``known_by`` as known by the end of that day."""
    limit = datetime.max.replace(tzinfo=UTC) if known_by is None else find_limit(known_by)
    made = findings.filter(found_on__lte=as_of, visit__report__made_at__lte=limit)
    rows = list(made.select_related("unit", "visit__round__unit", "visit__report"))
    events: dict[int, list[FindingEvent]] = defaultdict(list)
    for event in FindingEvent.objects.filter(finding__in=rows, at__lte=limit).select_related("by"):
        events[event.finding_id].append(event)
    reports = _list_reports(rows, limit)
    return [_make_standing(row, events[row.pk], reports[row.number], as_of) for row in rows]


def _list_reports(rows: Sequence[InspectionFinding], limit: datetime) -> Mapping[str, list[Record]]:
    """By the number that they name, the records in effect by then by which the findings' own units said that they
    mended."""
    units = {row.number: row.unit_id for row in rows}
    in_effect = Q(replaced_by__isnull=True) | Q(replaced_by__received_at__gt=limit)
    found = Record.objects.filter(in_effect, kind=REPORT, unit__in={*units.values()}, withdrawn=False)
    found = found.filter(received_at__lte=limit)
    named: dict[str, list[Record]] = defaultdict(list)
    for record in found.select_related("author").order_by("received_at", "id"):
        number = str(record.extra.get("finding", "")).strip()
        if units.get(number) == record.unit_id:
            named[number].append(record)
    return named


def _make_standing(
    row: InspectionFinding, events: Sequence[FindingEvent], reports: Sequence[Record], as_of: date
) -> FindingStanding:
    told = [Report(record.happened_on, record.received_at) for record in reports]
    traced = trace_mending(find_found(row), told, [event.to_core() for event in events], as_of)
    return FindingStanding(row, traced, events, reports)


def find_found(row: InspectionFinding) -> Found:
    return Found(row.found_on, str(row.visit.report.inspector_id), row.mend_by)


def trace_finding(row: InspectionFinding, as_of: date) -> Mending:
    """How one finding stands."""
    return find_standing(row, as_of).mending


def find_standing(row: InspectionFinding, as_of: date) -> FindingStanding:
    """One finding, how it stands, and what was said of it."""
    (found,) = list_standings(InspectionFinding.objects.filter(pk=row.pk), max(as_of, row.found_on))
    return found


def list_owed(unit: Unit, as_of: date) -> list[FindingStanding]:
    """What the unit is to mend or has reported and not closed yet, by the day it is due."""
    found = list_standings(InspectionFinding.objects.filter(unit=unit), as_of)
    kept = [one for one in found if one.mending.state not in (State.CLOSED, State.STRUCK)]
    return sorted(kept, key=lambda one: one.mending.mend_by)


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for somebody of the offices: visits to make, findings to look at again, objections to answer."""

    visits: int
    reported: int
    objections: int
    overdue: int

    @property
    def is_empty(self) -> bool:
        return not (self.visits or self.reported or self.objections or self.overdue)


def find_desk(rounds: QuerySet[InspectionRound], today: date) -> Desk:
    """Over these rounds, as of today."""
    wanted = rounds.order_by().values("pk")
    waiting = InspectionVisit.objects.filter(round__in=wanted, round__opens_on__lte=today, round__last_on__gte=today)
    waiting = waiting.filter(report__isnull=True, called_off__isnull=True)
    found = [one.mending for one in list_standings(InspectionFinding.objects.filter(visit__round__in=wanted), today)]
    states = [one.state for one in found]
    return Desk(
        waiting.count(),
        states.count(State.REPORTED),
        sum(1 for one in found if one.objection),
        states.count(State.OVERDUE),
    )


def find_photo(finding: InspectionFinding) -> Evidence | None:
    """The photo of a finding; none where it has none, or the phone has not sent it yet.

    The phone names it before it comes: a file of any other record is none, whatever its id.
    """
    if finding.photo is None:
        return None
    return Evidence.objects.filter(pk=finding.photo, record_id=finding.visit.report.record_id).first()


def is_in_state(one: FindingStanding, state: str) -> bool:
    """Whether it belongs under the filter; ``in_time`` and ``late`` are the closed ones."""
    now = one.mending
    match state:
        case "":
            return True
        case "objection":
            return now.objection is not None
        case "in_time" | "late":
            return now.state is State.CLOSED and now.is_late == (state == "late")
        case _:
            return now.state.value == state


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a finding's history: an event, or a report with its record."""

    at: datetime
    event: FindingEvent | None = None
    report: Record | None = None


def tell_history(one: FindingStanding) -> list[Entry]:
    """What was said and reported, the oldest first."""
    events = [Entry(event.at, event=event) for event in one.events]
    reports = [Entry(record.received_at, report=record) for record in one.reports]
    return sorted([*events, *reports], key=lambda entry: entry.at)


def find_whole(office: Unit) -> Unit:
    """The whole of an office's area: of a department that of the unit it belongs to."""
    return office.parent if office.parent and office.kind == "department" else office


def list_areas(office: Unit, on: date) -> list[Unit]:
    """Where an office may go: everywhere in its area, or only below one of the units right below it."""
    whole = find_whole(office)
    below = Unit.objects.filter(parent=whole, kind__in=AREAS, opens_on__lte=on, closes_on__gt=on)
    return [whole, *below.order_by("path")]


def name_units(codes: Sequence[str]) -> list[Unit]:
    """The units with these codes, in the order of the tree."""
    return list(Unit.objects.filter(code__in=codes).order_by("path"))


def list_waiting_visits(rounds: QuerySet[InspectionRound], today: date) -> list[InspectionVisit]:
    """The drawn units of these rounds that are to be visited now, in the order of the lot."""
    found = InspectionVisit.objects.filter(round__in=rounds.order_by().values("pk"), round__last_on__gte=today)
    found = found.filter(report__isnull=True, called_off__isnull=True).select_related("unit", "round")
    return list(found.order_by("round__last_on", "round_id", "place"))


def count_visit_minutes(visit: InspectionVisit) -> int:
    """What the visit takes of the unit, by its items and records."""
    items = {item.code: item for item in read_items(visit.round)}
    return count_minutes((items[code] for code in visit.items), len(visit.records))
