"""What briefings are made of: events that want one, records with their photos, a month's sums; and how they are
numbered. Reads only.

The sums of a month are those of the lists of records to which they lead: of one kind, of one unit with all that stood
below it on the day, between two days.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode

from wuzha.adapters.columns.ledger import NONE, count_microseconds
from wuzha.adapters.evidence_store import StoreError
from wuzha.adapters.wording.record import render_record, split_record
from wuzha.core.base.interval import DAY, Interval
from wuzha.core.base.unit import Tree
from wuzha.core.duty.model import Duty
from wuzha.core.ledger.credit import list_credits, list_feeding_kinds
from wuzha.core.ledger.record import Kinds, RecordKind, find_limit
from wuzha.core.paper.briefing import (
    KindFacts,
    MonthFacts,
    Piece,
    RecordFacts,
    Sum,
    UnitFacts,
    list_beside,
    say_day,
)
from wuzha.core.paper.month import find_month
from wuzha.core.paper.public import fold_name
from wuzha.web.accounts.access import is_below
from wuzha.web.accounts.models import Post, Unit
from wuzha.web.campaign import wording
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.models import BriefingStart, DraftPaper, Evidence, IssuedPaper, PictureLook, Record
from wuzha.web.campaign.queries.arriving import look
from wuzha.web.campaign.queries.evidence import list_evidence, open_store
from wuzha.web.campaign.queries.ground import PlanInForce, load_bound_tree, load_ground
from wuzha.web.campaign.queries.papers import CHINESE, Days
from wuzha.web.campaign.queries.work import list_binding_plans

FORM = "briefing"
# The kinds of record that a month's digest tells of: what was done for people, not what was filed or counted.
# Of what was put up a record tells a look or a repair as well as the putting up, so that their sum would say nothing.
TOLD_SHAPES = ("event", "visit", "handout", "pledge", "posting")
# An event longer ago is no news; so many are listed.
RECENT = timedelta(days=60)
MOST_EVENTS = 30
# So many records are offered to be chosen for a month.
MOST_OFFERED = 40
ASKED = re.compile(r"简报|信息稿")
# A name of two to four signs, or one with a point, is taken for a person's; a post's name is longer.
NAME = re.compile(r"[一-龥]{2,4}|[一-龥]{1,8}·[一-龥]{1,8}")


# --- what is wanted ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Event:
    """A record of something that was held, and the plan that asks a briefing of each, if one does."""

    record: Record
    sentence: str
    plan: PlanInForce | None = None


def asks_briefing(duty: Duty) -> bool:
    """Whether the plan asks a briefing of each of its events: 每次宣传需撰写简报 stands in what is to be attached."""
    return any(ASKED.search(text) for text in duty.proof)


def wants_record(office: Unit, today: date) -> bool:
    """Whether a plan that binds the office counts the briefings that are recorded."""
    kinds = load_kinds()
    plans = list_binding_plans(office, today)
    return any(FORM in list_feeding_kinds(duty, kinds) for plan in plans for duty in plan.plan.duties)


def list_wanting_events(office: Unit, today: date) -> list[Event]:
    """The events of late that a plan wants a briefing of and that have none, the latest first."""
    kinds, told = load_kinds(), find_told(office)
    asking = [
        (plan, load_bound_tree(plan), duties)
        for plan in list_binding_plans(office, today)
        if (duties := [duty for duty in plan.plan.duties if asks_briefing(duty)])
    ]
    fed = {kind for _, _, duties in asking for duty in duties for kind in list_feeding_kinds(duty, kinds)}
    found = []
    for record in _list_recent(office, today, fed) if fed else ():
        told_of = record.to_core()
        plan = next((plan for plan, tree, duties in asking if list_credits(told_of, duties, tree, kinds)), None)
        if plan is not None and str(record.pk) not in told:
            found.append(Event(record, say_record(record, kinds), plan))
    return found[:MOST_EVENTS]


def list_recent_events(office: Unit, today: date) -> list[Event]:
    """The latest events of the office's area without a briefing, whether a plan asks one or not."""
    kinds, told = load_kinds(), find_told(office)
    fed = [kind.code for kind in kinds.values() if is_gathering(kind)]
    records = (record for record in _list_recent(office, today, fed) if str(record.pk) not in told)
    return [Event(record, say_record(record, kinds)) for record in records][:MOST_EVENTS]


def is_gathering(kind: RecordKind) -> bool:
    """An event to which people come: a loudspeaker is no news."""
    return kind.shape == "event" and "people" in kind.asks


def _list_recent(office: Unit, today: date, kinds: Iterable[str]) -> list[Record]:
    below = Record.objects.filter(is_below(office.path, "unit__path"), kind__in=sorted(kinds))
    found = below.filter(happened_on__range=(today - RECENT, today), replaced_by=None, withdrawn=False)
    return list(found.select_related("unit", "author")[: MOST_EVENTS * 4])


def say_record(record: Record, kinds: Kinds) -> str:
    return render_record(record.to_core(), kinds.get(record.kind), record.unit.name, wording.language())


def find_told(office: Unit) -> frozenset[str]:
    """The records that a briefing at or below the office tells of already, issued or being written."""
    below = is_below(office.path, "unit__path")
    kept = [
        one
        for model in (IssuedPaper, DraftPaper)
        for one in model.objects.filter(below, form=FORM).values_list("asked", "said")
    ]
    events = [(asked["record"], *said.get("chosen", ())) for asked, said in kept if asked.get("record")]
    return frozenset(pk for records in events for pk in records)


@dataclass(frozen=True, slots=True)
class Month:
    """A month of which a digest can be written, and the one there is."""

    label: str
    days: Interval
    issued: IssuedPaper | None
    draft: DraftPaper | None


def list_months(office: Unit, today: date) -> list[Month]:
    """This month and the last one, with the digest of each."""
    first = today.replace(day=1)
    labels = [f"{day:%Y-%m}" for day in (first - DAY, first)]
    issued = {one.asked.get("month"): one for one in IssuedPaper.objects.filter(unit=office, form=FORM).defer(*BYTES)}
    drafts = {one.asked.get("month"): one for one in DraftPaper.objects.filter(unit=office, form=FORM)}
    return [Month(label, find_month(label).interval, issued.get(label), drafts.get(label)) for label in labels]


BYTES = ("docx", "pdf", "xlsx", "content")


# --- records ----------------------------------------------------------------------------------------------------------


def list_chosen(office: Unit, ids: Iterable[str], known_by: date | None = None) -> dict[str, Record]:
    """The records of the office's area by these ids, in that order, each as it stands now.

    A correction stands under the id that was chosen; what was taken back is left out.
    """
    wanted = [UUID(one) for one in ids]
    found = Record.objects.filter(is_below(office.path, "unit__path"), pk__in=wanted)
    rows = {row.pk: row for row in found.select_related("unit", "author", "replaced_by__unit", "replaced_by__author")}
    latest = {str(pk): _find_latest(rows[pk], known_by) for pk in wanted if pk in rows}
    return {pk: row for pk, row in latest.items() if row is not None}


def _find_latest(record: Record, known_by: date | None) -> Record | None:
    limit = find_limit(known_by) if known_by else None
    version: Record = record
    while (later := getattr(version, "replaced_by", None)) is not None:
        if limit is not None and later.received_at > limit:
            break
        version = later
    return None if version.withdrawn else version


def list_beside_event(record: Record) -> list[Record]:
    """What the same unit recorded on the same day, the record itself first."""
    found = Record.objects.filter(unit=record.unit, happened_on=record.happened_on, replaced_by=None, withdrawn=False)
    others = found.exclude(pk=record.pk).select_related("unit", "author").order_by("received_at", "id")
    kinds = load_kinds()
    return [record, *(one for one in others[:MOST_OFFERED] if _goes_with_event(one, kinds))]


def _goes_with_event(record: Record, kinds: Kinds) -> bool:
    kind = kinds.get(record.kind)
    return kind is not None and (kind.shape in TOLD_SHAPES or record.change == "install")


def list_month_events(office: Unit, days: Interval) -> list[Record]:
    """The events of the area in these days from which news are chosen: those with photos, then others, by day."""
    kinds = [kind.code for kind in load_kinds().values() if is_gathering(kind)]
    found = Record.objects.filter(
        is_below(office.path, "unit__path"), kind__in=kinds, replaced_by=None, withdrawn=False
    )
    found = found.filter(happened_on__gte=days.opens, happened_on__lt=days.closes).select_related("unit", "author")
    with_photo = Evidence.objects.filter(look__isnull=False).values("record_id")
    shown = list(found.filter(pk__in=with_photo)[:MOST_OFFERED])
    rest = found.exclude(pk__in=[one.pk for one in shown])[: MOST_OFFERED - len(shown)]
    return sorted((*shown, *rest), key=lambda one: (one.happened_on, str(one.pk)))


def tell_record(chosen: str, record: Record, kinds: Kinds) -> RecordFacts:
    """The record as a briefing tells it. Its figures are named by the id that was chosen, whatever corrected it."""
    told, kind = record.to_core(), kinds.get(record.kind)
    return RecordFacts(
        id=UUID(chosen).hex,
        unit=record.unit.name,
        kind=record.kind,
        title=kind.title if kind else record.kind,
        shape=kind.shape if kind else "",
        on=record.happened_on,
        pieces=tuple(Piece(*one) for one in split_record(told, kind, record.unit.name)),
        filter=f"{record.unit.name}；{say_day(record.happened_on)}；记录 {record.pk}",
        address=reverse("campaign:record", args=(record.pk,)),
        audience=record.audience,
        details={code: str(text) for code, text in told.extra.items()},
    )


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that can be chosen, with the caption that its record proposes."""

    evidence: Evidence
    caption: str


def list_photos(records: Sequence[Record]) -> list[Photo]:
    """The photos of these records, of all their versions, each content once."""
    kinds = load_kinds()
    versions = list(records)
    captions = {one.pk: _propose_caption(one, kinds) for one in versions}
    earlier = Record.objects.filter(replaced_by__in=versions).select_related("unit", "author")
    captions |= {one.pk: captions.get(one.replaced_by.pk, "") for one in earlier}
    found = {one.sha256: one for one in reversed(list_evidence([*versions, *earlier])) if one.is_photo}
    ordered = sorted(found.values(), key=lambda one: (list(captions).index(one.record_id), one.received_at))
    return [Photo(one, captions[one.record_id]) for one in ordered]


def _propose_caption(record: Record, kinds: Kinds) -> str:
    kind = kinds.get(record.kind)
    return f"{record.unit.name}{kind.title if kind else '反诈宣传'}现场"


def read_content_of(sha256: str) -> bytes | None:
    """The photo's bytes; none where the folder does not have them."""
    try:
        return open_store().find(sha256).read_bytes()
    except (OSError, StoreError):
        return None


# --- a month ----------------------------------------------------------------------------------------------------------


def find_days(label: str, as_of: date) -> tuple[Interval, Interval]:
    """The days of the month up to that day, and the same part of the month before.

    Of a month that is over all days of both are taken, however many they are. Raises ValueError for what is no month,
    or one that has not begun.
    """
    month = find_month(label).interval
    if month.opens > as_of:
        raise ValueError(f"{label} has not begun by {as_of}")
    before = find_month(f"{month.opens - DAY:%Y-%m}").interval
    if month.closes <= as_of + DAY:
        return month, before
    days = Interval(month.opens, as_of + DAY)
    return days, Interval(before.opens, min(before.closes, before.opens + timedelta(days=days.days)))


def gather_month(unit: Unit, label: str, days: Days, today: date, chosen: Iterable[str]) -> MonthFacts:
    """The month's sums beside those of the month before. Raises as :func:`find_days` does."""
    known = days.known_by if days.known_by < today else None
    span, before = find_days(label, days.as_of)
    tree, kinds = load_ground().tree.at(days.as_of), load_kinds()
    place = MonthPlace(tree, kinds, days, known)
    told = tuple(place.list_kinds(unit.code, span, before))
    columns = list_beside(told)
    return MonthFacts(
        subject=unit.name,
        days=span,
        before=before,
        kinds=told,
        units=tuple(
            UnitFacts(
                child.code,
                child.name,
                {kind.code: place.make_sum(child.code, child.name, kind.code, span) for kind in columns},
            )
            for child in tree.list_children(unit.code)
            if child.kind in AREAS
        ),
        news=tuple(tell_record(pk, record, kinds) for pk, record in list_chosen(unit, chosen, known).items()),
    )


# Towns of a county, villages of a town: what a digest sets beside each other.
AREAS = ("town", "village", "community")
# What records come to: how many, their quantity, their people if any was told.
Amounts = tuple[int, int, int | None]


class MonthPlace:
    """The ledger in columns as a digest asks it: read once for each span of days."""

    def __init__(self, tree: Tree, kinds: Kinds, days: Days, known_by: date | None) -> None:
        self.tree, self.kinds, self.days, self.known_by = tree, kinds, days, known_by
        self._read: dict[Interval, Mapping[str, Mapping[str, Amounts]]] = {}

    def list_kinds(self, code: str, now: Interval, before: Interval) -> Iterator[KindFacts]:
        name = self.tree.by_code[code].name
        for kind in self.kinds.values():
            if kind.shape not in TOLD_SHAPES or kind.reads:
                continue
            sums = [self.make_sum(code, name, kind.code, span) for span in (now, before)]
            if any(one.records for one in sums):
                yield KindFacts(kind.code, kind.title, self._count(kind), kind.shape, *sums)

    def _count(self, kind: RecordKind) -> str:
        with translation.override(CHINESE):
            return wording.count_kind(kind, 2)

    def make_sum(self, code: str, name: str, kind: str, span: Interval) -> Sum:
        below = [one.code for one in self.tree.walk_down(code)]
        found = [amounts for one in below if (amounts := self.read(span).get(one, {}).get(kind))]
        told = [people for _, _, people in found if people is not None]
        title = self.kinds[kind].title
        words = f"{name}及下级单位；{title}；{span.opens}至{span.last_day}；{self.days.say_known()}"
        query = {
            "unit": code,
            "kind": kind,
            "since": span.opens.isoformat(),
            "until": span.last_day.isoformat(),
            "as_of": self.days.as_of.isoformat(),
            "known": self.days.known,
        }
        return Sum(
            sum(records for records, _, _ in found),
            sum(quantity for _, quantity, _ in found),
            sum(told) if told else None,
            words,
            f"{reverse('campaign:records')}?{urlencode(query)}",
        )

    def read(self, span: Interval) -> Mapping[str, Mapping[str, Amounts]]:
        """By unit and kind what the records of these days come to."""
        if span not in self._read:
            self._read[span] = self._sum_up(span)
        return self._read[span]

    def _sum_up(self, span: Interval) -> Mapping[str, Mapping[str, Amounts]]:
        columns, ground = look().columns, load_ground()
        limit = None if self.known_by is None else count_microseconds(find_limit(self.known_by))
        told = [code for code, kind in self.kinds.items() if kind.shape in TOLD_SHAPES]
        rows = columns.find_rows(told, span.last_day.toordinal(), None, limit)
        taken = columns.take(rows[columns.read("happened_on", rows) >= span.opens.toordinal()], ground.codes)
        pairs = np.stack((taken.codes["unit"], taken.codes["kind"]))
        keys, places = np.unique(pairs, axis=1, return_inverse=True)
        places = places.reshape(-1)
        count = keys.shape[1]
        has_people = taken.people != NONE
        records = np.bincount(places, minlength=count)
        quantities, people, tellers = (np.zeros(count, np.int64) for _ in range(3))
        np.add.at(quantities, places, taken.quantity)
        np.add.at(people, places[has_people], taken.people[has_people])
        np.add.at(tellers, places[has_people], 1)
        found: dict[str, dict[str, Amounts]] = {}
        for number in range(count):
            unit, kind = (taken.texts[int(keys[row, number])] for row in (0, 1))
            told_people = int(people[number]) if tellers[number] else None
            found.setdefault(unit, {})[kind] = (int(records[number]), int(quantities[number]), told_people)
        return found


# --- numbers ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Issue:
    """The number of a briefing in its year, and among all of its office."""

    in_year: int
    in_all: int

    def __str__(self) -> str:
        return f"第{self.in_year}期（总第{self.in_all}期）"


def find_issue(office: Unit, year: int, serial: int) -> Issue:
    """What the office's ``serial``-th briefing of that year is called, with those it had issued elsewhere before."""
    start = BriefingStart.objects.filter(unit=office).first()
    earlier = IssuedPaper.objects.filter(unit=office, form=FORM).exclude(year=year, serial__gte=serial).count()
    in_year = start.before_in_year if start and start.year == year else 0
    return Issue(in_year + serial, (start.before_in_all if start else 0) + earlier + 1)


def may_start(office: Unit) -> bool:
    """Whether it can still be said where the count begins: once, and before the first briefing."""
    has_begun = IssuedPaper.objects.filter(unit=office, form=FORM).exists()
    return not has_begun and not BriefingStart.objects.filter(unit=office).exists()


# --- the public copy --------------------------------------------------------------------------------------------------


def list_known_names(office: Unit) -> tuple[str, ...]:
    """The persons whom the site knows at the office, below it and above it, past and present."""
    above = office.path.strip("/").split("/")
    posts = Post.objects.filter(is_below(office.path, "unit__path") | Q(unit__code__in=above))
    names = set(map(fold_name, posts.values_list("user__display_name", flat=True)))
    return tuple(sorted(name for name in names if NAME.fullmatch(name)))


def list_known_places() -> tuple[str, ...]:
    """The names of all units, in which no person's name is looked for."""
    return tuple({one.name for one in load_ground().tree.units if len(one.name) > 2})


def list_looks(paper: IssuedPaper) -> dict[str, PictureLook]:
    """The last look at each picture of the paper."""
    return {one.sha256: one for one in paper.looks.select_related("looked_by")}


def list_shown(paper: IssuedPaper) -> list[dict[str, Any]]:
    """The pictures of the paper in its order, as its content names them."""
    return [block for block in paper.content["blocks"] if block["is"] == "picture"]


def find_last_words(office: Unit) -> dict[str, Any]:
    """What was typed into the office's last briefing, for what stays the same from one to the next."""
    return IssuedPaper.objects.filter(unit=office, form=FORM).values_list("said", flat=True).first() or {}
