"""Records that came late, and days that hold more than the people who recorded them have hours. Reads only.

What was found is kept for as long as no record arrives and nothing else changes that it hangs on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.utils import timezone

from wuzha.core.ledger import reason as core
from wuzha.core.ledger.reason import Reason
from wuzha.core.ledger.record import Kinds, RecordKind
from wuzha.core.plan.burden.minutes import MinuteFigure, find_minutes
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.kinds import list_own_kinds, merge_kinds
from wuzha.web.campaign.models import KindMinutes, Record
from wuzha.web.campaign.queries.ground import stamp_roster

# What came in within a month is looked at.
RECENT = timedelta(days=31)
COLUMNS = (
    "pk",
    "unit__code",
    "unit__path",
    "happened_on",
    "received_at",
    "kind",
    "quantity",
    "author_id",
    "replaces_id",
)

# The county's own figures: path of its unit, kind, figure, in the order in which they were entered.
OwnMinutes = tuple[tuple[str, str, MinuteFigure], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The reasons, and the day of each record that they are about."""

    reasons: tuple[Reason, ...]
    days: Mapping[UUID, date]


@dataclass(frozen=True, slots=True)
class _Question:
    """All that the answer hangs on. ``units`` is told by its text; ``ledger`` is how many records there are, and the
    one that arrived last: records are only added."""

    asked: str
    since: datetime
    roster: str
    ledger: tuple[int, UUID | None]
    own_kinds: tuple[RecordKind, ...]
    own_minutes: OwnMinutes
    units: QuerySet[Unit] = field(compare=False, hash=False)


def find_arrivals(units: QuerySet[Unit], now: datetime) -> Found:
    """Late arrivals and full days among what these units' records of the last month tell."""
    since = timezone.make_aware(datetime.combine(timezone.localdate(now) - RECENT, time.min))
    last = Record.objects.order_by("-received_at", "-id").values_list("pk", flat=True).first()
    ledger = (Record.objects.count(), last)
    try:
        asked = str(units.order_by().values("pk").query)
    except EmptyResultSet:  # no post, no units
        return Found((), {})
    return _find(_Question(asked, since, stamp_roster(), ledger, list_own_kinds(), _read_own_minutes(), units))


def forget_arrivals() -> None:
    """Throw away what was found; the next page looks again."""
    _find.cache_clear()


@lru_cache(maxsize=32)
def _find(question: _Question) -> Found:
    """A correction came when it came; only what it corrects arrived late."""
    facts, late = [], []
    for fact, is_correction in _list_facts(question):
        facts.append(fact)
        if not is_correction:
            late.append(fact)
    reasons = (*core.find_late(late), *core.find_full_days(facts))
    wanted = {record for reason in reasons for record in reason.records}
    return Found(reasons, {fact.record: fact.happened_on for fact in facts if fact.record in wanted})


def _list_facts(question: _Question) -> Iterator[tuple[core.Fact, bool]]:
    recent = Record.objects.filter(received_at__gte=question.since, withdrawn=False, replaced_by=None)
    recent = recent.filter(unit__in=question.units)
    costs, zone = _Costs(merge_kinds(question.own_kinds), question.own_minutes), timezone.get_current_timezone()
    for row in recent.order_by().values_list(*COLUMNS).iterator():
        yield _make_fact(row, costs, row[4].astimezone(zone).date())


def _make_fact(row: tuple[Any, ...], costs: "_Costs", received_on: date) -> tuple[core.Fact, bool]:
    pk, unit, path, happened_on, _, kind, quantity, author, replaces = row
    minutes = costs.weigh(path, kind, happened_on, quantity)
    return core.Fact(pk, unit, happened_on, received_on, minutes, str(author)), replaces is not None


@dataclass(slots=True)
class _Costs:
    """What a record costs at a unit on a day: by the county's own dated minutes, else by those that come with the kind.

    Of several units above that have set figures for a kind the nearest holds, as it does for a plan's burden.
    """

    kinds: Kinds
    own: OwnMinutes
    known: dict[tuple[str, str, date], int] = field(default_factory=dict)
    holders: dict[str, Mapping[str, tuple[MinuteFigure, ...]]] = field(default_factory=dict)

    def weigh(self, path: str, code: str, day: date, quantity: int) -> int:
        kind = self.kinds.get(code)
        if kind is None:
            return 0
        key = (path, code, day) if self.own else ("", code, date.min)
        minutes = self.known.get(key)
        if minutes is None:
            minutes = self.known[key] = self._find_minutes(path, kind, day)
        return core.weigh_record(minutes, kind.shape, quantity)

    def _find_minutes(self, path: str, kind: RecordKind, day: date) -> int:
        if path not in self.holders:
            self.holders[path] = _choose_nearest(self.own, path)
        figures = (MinuteFigure(kind.minutes), *self.holders[path].get(kind.code, ()))
        found = find_minutes({kind.code: figures}, kind.code, day)
        return found.minutes if found else kind.minutes


def _choose_nearest(own: OwnMinutes, path: str) -> Mapping[str, tuple[MinuteFigure, ...]]:
    """For each kind the figures of the nearest unit at or above the path that has set any."""
    nearest: dict[str, str] = {}
    for holder, kind, _ in own:
        if path.startswith(holder):
            nearest[kind] = max(holder, nearest.get(kind, ""), key=len)
    return MappingProxyType(
        {
            kind: tuple(figure for holder, told, figure in own if (holder, told) == (held, kind))
            for kind, held in nearest.items()
        }
    )


def _read_own_minutes() -> OwnMinutes:
    rows = KindMinutes.objects.order_by("id").values_list("unit__path", "kind", "minutes", "valid_from", "reason")
    return tuple((path, kind, MinuteFigure(minutes, day, reason)) for path, kind, minutes, day, reason in rows)
