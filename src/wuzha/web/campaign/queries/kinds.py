"""What the pages of the kinds show. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from wuzha.adapters import kinds as built_in
from wuzha.core.ledger.record import SHAPES, RecordKind
from wuzha.web.campaign.kinds import list_own_kinds
from wuzha.web.campaign.models import OwnKind, Record


@dataclass(frozen=True, slots=True)
class Own:
    """A kind of the county's own: how many records there are of it, and whether it is offered no more."""

    kind: RecordKind
    records: int
    is_closed: bool


def list_groups() -> Mapping[str, Sequence[RecordKind]]:
    """The kinds that come with Wuzha, by shape."""
    kinds = [kind for kind in built_in.load_kinds().values() if not kind.reads]
    return {shape: [kind for kind in kinds if kind.shape == shape] for shape in SHAPES}


def list_own(today: date) -> list[Own]:
    return [
        Own(kind, Record.objects.filter(kind=kind.code).count(), kind.is_closed(today)) for kind in list_own_kinds()
    ]


def find_own(code: str) -> RecordKind | None:
    return next((kind for kind in list_own_kinds() if kind.code == code), None)


def list_entries() -> QuerySet[OwnKind]:
    """Every entry, the newest first: who said what, when and why."""
    return OwnKind.objects.select_related("unit", "author").order_by("-id")
