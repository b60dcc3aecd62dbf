"""The ledger for its mirror in columns: what came since it was last written. Reads only."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from wuzha.adapters.columns.mirror import append_records, find_latest, rebuild
from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.web.campaign.models import Record

# A record is seen when its transaction ends, which may be after one that was received later has been seen.
OVERLAP = timedelta(hours=1)
PIECE = 2000


def update_mirror(folder: Path, *, anew: bool = False) -> int:
    """Bring the mirror up to the database; how many records were written.

    Raises ``OSError`` where the folder cannot be written. A mirror that then holds another number of records than the
    database is built anew: it is never the source of truth.
    """
    if not anew:
        latest, held = find_latest(folder)
        written = append_records(folder, list_since(latest))
        if held + written == Record.objects.count():
            return written
    return rebuild(folder, list_since(None))


def list_since(moment: datetime | None) -> Iterator[CoreRecord]:
    found = Record.objects.select_related("unit", "author").order_by("pk")
    if moment is not None:
        found = found.filter(received_at__gte=moment - OVERLAP)
    return (record.to_core() for record in found.iterator(PIECE))
