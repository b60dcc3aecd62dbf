"""What the pages of the kinds show. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from wuzha.adapters import kinds as built_in
from wuzha.core.ledger.record import SHAPES, RecordKind
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.kinds import list_own_kinds
from wuzha.web.campaign.models import OwnKind, Record


@dataclass(frozen=True, slots=True)
class Own:
    """A kind of a county's own: whose it is, how many records there are of it, whether it is offered no more."""

    kind: RecordKind
    holder: str
    records: int
    is_closed: bool
    may_change: bool


def list_groups() -> Mapping[str, Sequence[RecordKind]]:
    """The kinds that come with Wuzha, by shape."""
    kinds = [kind for kind in built_in.load_kinds().values() if not kind.reads]
    return {shape: [kind for kind in kinds if kind.shape == shape] for shape in SHAPES}


def list_own(sight: Sequence[str], managed: Sequence[str], today: date) -> list[Own]:
    """The own kinds that are used where the person looks; changed by who manages the unit that each belongs to."""
    kinds = _list_around(sight)
    holders = dict(Unit.objects.filter(path__in={kind.within for kind in kinds}).values_list("path", "name"))
    counted = Record.objects.filter(kind__in=[kind.code for kind in kinds]).order_by().values("kind")
    records = dict(counted.annotate(n=Count("pk")).values_list("kind", "n"))
    return [
        Own(
            kind,
            holders.get(kind.within, ""),
            records.get(kind.code, 0),
            kind.is_closed(today),
            kind.within.startswith(tuple(managed)),
        )
        for kind in kinds
    ]


def _list_around(paths: Sequence[str]) -> list[RecordKind]:
    return [kind for kind in list_own_kinds() if any(kind.is_used_around(path) for path in paths)]


def find_own(code: str, managed: Sequence[str]) -> tuple[RecordKind, Unit] | None:
    """The own kind of that code with the unit that it belongs to, if that is at or below one of these paths."""
    held = (kind for kind in list_own_kinds() if kind.within.startswith(tuple(managed)))
    found = next((kind for kind in held if kind.code == code), None)
    return None if found is None else (found, Unit.objects.get(path=found.within))


def list_entries(sight: Sequence[str]) -> QuerySet[OwnKind]:
    """Every entry about the kinds that are used where the person looks, the newest first: who said what and why."""
    codes = [kind.code for kind in _list_around(sight)]
    return OwnKind.objects.filter(code__in=codes).select_related("unit", "author").order_by("-id")
