"""The audit log is sealed from time to time, and checked against its seals."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from wuzha.core.base.chain import Entry, Seal, make_seal
from wuzha.web.accounts.models import AuditEntry, AuditSeal

# An entry of a transaction that is still under way gets its number early and is seen late. None takes so long.
SETTLED_AFTER = timedelta(minutes=15)
# So many entries stand behind one seal at most, so that a break is told near its place.
MOST = 10_000
PIECE = 2000


@dataclass(frozen=True, slots=True)
class Verdict:
    """``entries`` that stand behind ``seals`` in order; ``open`` ones are not sealed yet.

    ``broken`` is the first seal that does not hold, with the ids between which something was changed, added or taken
    out; none where all hold. ``digest`` is that of the last seal that holds.
    """

    entries: int
    seals: int
    open: int
    digest: str
    broken: tuple[int, int] | None = None
    knows_expected: bool = True


def seal_entries(*, now: datetime) -> int:
    """Seals what has settled by now; says how many entries that were. Twice at once it does so once."""
    sealed = 0
    while taken := _seal_some(now - SETTLED_AFTER, now):
        sealed += taken
    return sealed


@transaction.atomic
def _seal_some(until: datetime, now: datetime) -> int:
    last = AuditSeal.objects.select_for_update().order_by("-last_id").first()
    # What settled later than a younger entry waits for that one's neighbours: a seal leaves no entry out.
    unsettled = AuditEntry.objects.filter(id__gt=last.last_id if last else 0, at__gt=until).order_by("id")
    first_open = unsettled.values_list("id", flat=True).first()
    found = AuditEntry.objects.filter(id__gt=last.last_id if last else 0, at__lte=until).order_by("id")
    if first_open is not None:
        found = found.filter(id__lt=first_open)
    seal = make_seal(_read(last) if last else None, _list_entries(found[:MOST]))
    if seal is None:
        return 0
    AuditSeal(last_id=seal.last_id, count=seal.count, before=seal.before, digest=seal.digest, sealed_at=now).save(
        force_insert=True
    )
    return seal.count


def verify_seals(expected: str = "") -> Verdict:
    """Computes every seal anew. ``expected`` is a digest that was written down elsewhere: it must be among them."""
    entries, before, broken, digests = 0, None, None, set()
    seals = list(AuditSeal.objects.order_by("last_id"))
    for row in seals:
        first = before.last_id if before else 0
        found = AuditEntry.objects.filter(id__gt=first, id__lte=row.last_id).order_by("id")
        seal = make_seal(before, _list_entries(found))
        if seal != _read(row):
            broken = first + 1, row.last_id
            break
        before = seal
        entries += row.count
        digests.add(row.digest)
    last = before.last_id if before else 0
    still_open = AuditEntry.objects.filter(id__gt=last).count()
    digest = before.digest if before else ""
    return Verdict(entries, len(seals), still_open, digest, broken, not expected or expected in digests)


def _read(row: AuditSeal) -> Seal:
    return Seal(row.last_id, row.count, row.before, row.digest)


def _list_entries(rows: QuerySet[AuditEntry]) -> Iterator[Entry]:
    for row in rows.iterator(chunk_size=PIECE):
        yield Entry(row.pk, row.action, row.actor_id, row.object_type, row.object_id, row.at, row.details)
