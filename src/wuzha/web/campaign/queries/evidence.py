"""The files of records: which ones a record has, what has arrived of an upload. Reads only."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from wuzha.adapters.evidence_store import EvidenceStore, StoreError
from wuzha.web.accounts.models import User
from wuzha.web.campaign.access import belongs_to_record
from wuzha.web.campaign.models import Evidence, Record


def open_store() -> EvidenceStore:
    """The evidence folder of the settings."""
    return EvidenceStore(Path(settings.EVIDENCE))


def begin_part_name(user: User, pk: UUID) -> str:
    """How the names of the person's unfinished uploads of that file begin."""
    return f"{user.pk}-{pk}-"


def count_arrived(user: User, pk: UUID) -> int:
    """How many bytes have arrived of the person's unfinished upload. Raises :class:`StoreError` of the folder."""
    return open_store().find_longest(begin_part_name(user, pk))


def list_evidence(versions: Sequence[Record]) -> list[Evidence]:
    """The files of a record with all its versions, in the order of their arrival."""
    by_id = {version.pk: version for version in versions}
    found = Evidence.objects.filter(record_id__in=by_id).select_related("uploaded_by")
    return [one for one in found if belongs_to_record(one, by_id[one.record_id])]


def list_held_files(user: User, record_id: UUID) -> list[Evidence]:
    """The person's own files that wait for this record, which is not in the ledger yet."""
    if Record.objects.filter(pk=record_id).exists():
        return []
    return list(Evidence.objects.filter(record_id=record_id, uploaded_by=user))


def list_waiting(user: User) -> list[Evidence]:
    """All files of the person whose record has not arrived."""
    arrived = Record.objects.filter(pk__in=Evidence.objects.filter(uploaded_by=user).values("record_id"))
    return list(Evidence.objects.filter(uploaded_by=user).exclude(record_id__in=arrived.values("pk")))


def find_wanted(hashes: Iterable[str]) -> frozenset[str]:
    """Those of the hashes that a row names."""
    hashes = list(hashes)
    wanted: set[str] = set()
    for start in range(0, len(hashes), 500):
        asked = hashes[start : start + 500]
        wanted |= set(Evidence.objects.filter(sha256__in=asked).values_list("sha256", flat=True))
    return frozenset(wanted)


def open_file(evidence: Evidence) -> BinaryIO:
    """The content, open for reading. Raises :class:`StoreError` when the folder does not have it."""
    return _open(open_store().find(evidence.sha256))


def open_thumbnail(evidence: Evidence) -> BinaryIO:
    """The thumbnail as JPEG; raises as :func:`open_file` does, above all for what is no photo."""
    path = open_store().find_thumbnail(evidence.sha256)
    if path is None:
        raise StoreError(evidence.sha256)
    return _open(path)


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise StoreError(error.strerror or str(error)) from error
