"""The kinds of record as the site knows them: those that come with Wuzha, and those that counties have added.

A kind of a county's own is recorded by that county and everything below it, nowhere else. No code stands for two
kinds, so that what stands in the ledger is read, and counted, by all kinds together: another county's can hold no
record there. What is offered, and what a plan may name, are the kinds of the unit.

The pages ask many times for them, so that one request reads them once; outside a request every question is answered
from the database.
"""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import replace
from types import MappingProxyType

from django.http import HttpRequest, HttpResponse

from wuzha.adapters import kinds as built_in
from wuzha.core.ledger.record import Kinds, RecordKind
from wuzha.web.campaign.models import OwnKind

Answer = Callable[[HttpRequest], HttpResponse]
# What the request at hand has read; none outside a request.
_READ: ContextVar[list[tuple[RecordKind, ...]] | None] = ContextVar("own_kinds", default=None)


def keep_kinds(answer: Answer) -> Answer:
    """Middleware: within one request the county's kinds are read once."""

    def answer_with_kinds(request: HttpRequest) -> HttpResponse:
        token = _READ.set([])
        try:
            return answer(request)
        finally:
            _READ.reset(token)

    return answer_with_kinds


def load_kinds() -> Kinds:
    """Every kind by its code, the counties' own after those that come with Wuzha; closed ones too, for old records."""
    return merge_kinds(list_own_kinds())


def load_kinds_at(path: str) -> Kinds:
    """The kinds that the unit at that path can record, and a plan of its own can name."""
    return merge_kinds(list_own_kinds_at(path))


def load_kinds_around(paths: Iterable[str]) -> Kinds:
    """The kinds that can be recorded anywhere at or below the units at these paths.

    The paths are not even asked for while no county has a kind of its own.
    """
    own = list_own_kinds()
    paths = tuple(paths) if own else ()
    return merge_kinds(kind for kind in own if any(kind.is_used_around(path) for path in paths))


def merge_kinds(own: Iterable[RecordKind]) -> Kinds:
    """Those that come with Wuzha, and these."""
    added = {kind.code: kind for kind in own}
    return MappingProxyType({**built_in.load_kinds(), **added}) if added else built_in.load_kinds()


def list_own_kinds_at(path: str) -> tuple[RecordKind, ...]:
    return tuple(kind for kind in list_own_kinds() if kind.is_used_at(path))


def list_own_kinds() -> tuple[RecordKind, ...]:
    """The kinds that counties have added, each as its last entry says, in the order in which they were first added."""
    read = _READ.get()
    if read is None:
        return _read_own_kinds()
    if not read:
        read.append(_read_own_kinds())
    return read[0]


def forget_kinds() -> None:
    """Within a request: the next question is answered anew."""
    read = _READ.get()
    if read is not None:
        read.clear()


def note_no_own_kinds() -> None:
    """Within a request: whoever has just seen that no county has added a kind spares the next question."""
    read = _READ.get()
    if read is not None:
        read[:] = [()]


def _read_own_kinds() -> tuple[RecordKind, ...]:
    latest: dict[str, RecordKind] = {}
    for row in OwnKind.objects.select_related("unit").order_by("id"):
        latest[row.code] = _follow(latest.get(row.code), row.to_core())
    return tuple(latest.values())


def _follow(before: RecordKind | None, kind: RecordKind) -> RecordKind:
    """The kind as its next entry says, with the details that it asked before and asks no more."""
    asked = {detail.code for detail in kind.details}
    known = (*before.details, *before.gone) if before else ()
    return replace(kind, gone=tuple(detail for detail in known if detail.code not in asked))
