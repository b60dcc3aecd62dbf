"""The one door for files of records. They come whole from a form or in pieces from a phone, before or after the record.

The bytes are on the disk under their final name before the row is written, and the row is written before anything is
acknowledged as complete. Whatever is cut off in between is sent again and found again.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

from django.conf import settings
from django.db import IntegrityError, transaction

from wuzha.adapters.evidence_store import EvidenceStore, GapError, StoreError, hash_content
from wuzha.adapters.images import PIXELS, BrokenPhotoError, TooManyPixelsError, read_photo
from wuzha.adapters.media import ENDINGS, HEIC, PHOTOS, BrokenFileError, sniff, strip_position
from wuzha.adapters.paper_guard import find_fault
from wuzha.adapters.uploads import Upload, clean_name, find_ending, mend_ending
from wuzha.core.base.problem import NOWHERE, Problem, make_problem
from wuzha.web.accounts.models import AuditEntry, User
from wuzha.web.campaign.access import belongs_to_record
from wuzha.web.campaign.models import Evidence, Record
from wuzha.web.campaign.queries.evidence import begin_part_name, find_wanted, open_store

MEGABYTE = 1024 * 1024
PIECE_LIMIT = MEGABYTE
FILES_A_RECORD = 6
SWEEP_EVERY = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many bytes are kept, and whether the file is complete and in the ledger."""

    received: int
    complete: bool = False


class Prepared(NamedTuple):
    """A file as it will be kept."""

    content: bytes
    media_type: str
    name: str
    look: int | None = None
    thumbnail: bytes = b""


Answer = tuple[Progress, list[Problem]]


def take_in_piece(*, actor: User, upload: Upload, offset: int, piece: bytes, now: datetime) -> Answer:
    """Keep one piece; the last one makes the file complete. The same piece again is success.

    The caller has made sure that the actor may attach to the record. Raises :class:`StoreError` when the folder cannot
    be written, and the database's own errors; then nothing more than before is acknowledged.
    """
    kept = Evidence.objects.filter(pk=upload.id).first()
    if kept is not None:
        return _compare(kept, actor, upload)
    problems = _check_upload(upload) or _check_piece(upload, offset, piece)
    if problems:
        return Progress(0), problems
    store, part = open_store(), _name_upload(actor, upload)
    try:
        received = store.add_piece(part, offset, piece)
    except GapError as gap:
        return Progress(gap.received), [make_problem("evidence.gap", received=gap.received)]
    if received < upload.size:
        return Progress(received), []
    try:
        return _complete(store, part, actor, upload, now)
    except StoreError:
        # The line was cut before the answer, the same piece came again, and the first of the two has kept the file.
        kept = Evidence.objects.filter(pk=upload.id).first()
        if kept is None:
            raise
        return _compare(kept, actor, upload)


def take_in_file(*, actor: User, record_id: UUID, name: str, content: bytes, now: datetime) -> Answer:
    """Keep a whole file, as a form sends it. Its id follows from record and content, so that twice is once."""
    sha256 = hash_content(content)
    upload = Upload(uuid5(record_id, sha256), record_id, len(content), sha256, clean_name(name))
    kept = Evidence.objects.filter(pk=upload.id).first()
    if kept is not None:
        return _compare(kept, actor, upload)
    if problems := _check_upload(upload):
        return Progress(0), problems
    return _take_in(open_store(), actor, upload, content, now)


def _name_upload(actor: User, upload: Upload) -> str:
    """The name of the unfinished part: each sender and each content has its own, so that nobody spoils another's."""
    return f"{begin_part_name(actor, upload.id)}{upload.size}-{upload.sha256}"


def _compare(kept: Evidence, actor: User, upload: Upload) -> Answer:
    same = kept.record_id == upload.record_id and kept.sent_sha256 == upload.sha256
    if same and (kept.uploaded_by_id == actor.pk or _is_with_its_record(kept)):
        return Progress(kept.sent_size, complete=True), []
    return Progress(0), [make_problem("evidence.conflict")]


def _is_with_its_record(kept: Evidence) -> bool:
    """Whether the file shows with its record, whoever brought it: a phone's queue may come in at the desk first."""
    record = Record.objects.select_related("unit").filter(pk=kept.record_id).first()
    return record is not None and belongs_to_record(kept, record)


def count_limit() -> int:
    """How many bytes a file may have."""
    return int(settings.EVIDENCE_LIMIT_MB) * MEGABYTE


def refuse_size(name: str, size: int) -> list[Problem]:
    shown = f"{size / MEGABYTE:.1f}"
    return [make_problem("evidence.too-large", name=name, size=shown, limit=settings.EVIDENCE_LIMIT_MB)]


def _check_upload(upload: Upload) -> list[Problem]:
    if upload.size < 1:
        return [make_problem("evidence.empty", name=upload.name)]
    if upload.size > count_limit():
        return refuse_size(upload.name, upload.size)
    if Evidence.objects.filter(record_id=upload.record_id).count() >= FILES_A_RECORD:
        return [make_problem("evidence.too-many", limit=FILES_A_RECORD)]
    return []


def _check_piece(upload: Upload, offset: int, piece: bytes) -> list[Problem]:
    if len(piece) > PIECE_LIMIT:
        return [make_problem("evidence.piece-too-large", limit=PIECE_LIMIT // 1024)]
    if offset + len(piece) > upload.size:
        return [make_problem("evidence.past-end", size=upload.size)]
    return []


def _complete(store: EvidenceStore, part: str, actor: User, upload: Upload, now: datetime) -> Answer:
    """All bytes are there. Whatever they turn out to be, the part has done its work and goes."""
    content = store.read_upload(part)
    if hash_content(content) != upload.sha256:
        store.drop_upload(part)
        return Progress(0), [make_problem("evidence.hash-differs", name=upload.name)]
    answer = _take_in(store, actor, upload, content, now)
    with suppress(StoreError):  # the row is written: what is left of the part is an orphan for the sweep
        store.drop_upload(part)
    return answer


def _take_in(store: EvidenceStore, actor: User, upload: Upload, content: bytes, now: datetime) -> Answer:
    prepared, problems = prepare(content, upload.name)
    if prepared is None:
        return Progress(0), problems
    with store.hold():
        sha256 = store.keep(prepared.content, prepared.thumbnail)
        answer = _write(actor, upload, prepared, sha256, now)
    _sweep_when_due(store, now)
    return answer


def _sweep_when_due(store: EvidenceStore, now: datetime) -> None:
    """Whoever brings a file now and then clears away what others left; should it fail, theirs is kept all the same."""
    with suppress(StoreError):
        if store.is_sweep_due(SWEEP_EVERY, now):
            sweep_evidence(now=now)


def prepare(content: bytes, name: str) -> tuple[Prepared | None, list[Problem]]:
    """The file without its position, with its true type; or what is wrong with it."""
    media_type = sniff(content)
    if problem := _judge_type(media_type, name):
        return None, [problem]
    if fault := find_fault(content, media_type):
        return None, [Problem(fault, NOWHERE, (("name", name),))]
    try:
        stripped = strip_position(content, media_type)
        photo = read_photo(stripped) if media_type in PHOTOS else None
    except (BrokenFileError, BrokenPhotoError):
        return None, [make_problem("evidence.broken", name=name)]
    except TooManyPixelsError:
        return None, [make_problem("evidence.too-many-pixels", name=name, limit=PIXELS // 10_000)]
    named = mend_ending(name, media_type)
    if photo is None:
        return Prepared(stripped, media_type, named), []
    return Prepared(stripped, media_type, named, photo.look, photo.thumbnail), []


def _judge_type(media_type: str, name: str) -> Problem | None:
    if media_type == HEIC:
        return make_problem("evidence.heic", name=name)
    if media_type not in ENDINGS:
        return make_problem("evidence.type-unknown", name=name)
    ending = find_ending(name)
    named = next((kind for kind, endings in ENDINGS.items() if ending in endings), "")
    # A photo under another photo's ending is what chat programs make; it is harmless and gets its right ending.
    if named in ("", media_type) or (named in PHOTOS and media_type in PHOTOS):
        return None if named or not ending else _judge_foreign_ending(ending, media_type, name)
    return make_problem("evidence.type-differs", name=name, found=ENDINGS[media_type][0].lstrip("."))


def _judge_foreign_ending(ending: str, media_type: str, name: str) -> Problem | None:
    """An ending that no taken-in type has: a HEIC name on a JPEG is a phone's doing, a program's ending is none."""
    if media_type in PHOTOS and ending in (".heic", ".heif", ".bmp", ".tmp"):
        return None
    return make_problem("evidence.type-differs", name=name, found=ENDINGS[media_type][0].lstrip("."))


def _write(actor: User, upload: Upload, prepared: Prepared, sha256: str, now: datetime) -> Answer:
    try:
        with transaction.atomic():
            _write_rows(actor, upload, prepared, sha256, now)
    except IntegrityError:
        # The same id came in on a second connection between our look and our write; looking again finds it.
        return _compare(Evidence.objects.get(pk=upload.id), actor, upload)
    return Progress(upload.size, complete=True), []


def _write_rows(actor: User, upload: Upload, prepared: Prepared, sha256: str, now: datetime) -> None:
    Evidence.objects.create(
        id=upload.id,
        record_id=upload.record_id,
        sha256=sha256,
        size=len(prepared.content),
        sent_sha256=upload.sha256,
        sent_size=upload.size,
        media_type=prepared.media_type,
        name=prepared.name,
        received_at=now,
        uploaded_by=actor,
        look=None if prepared.look is None else _to_signed(prepared.look),
    )
    AuditEntry.objects.create(
        action="evidence.added",
        actor=actor,
        object_type="evidence",
        object_id=str(upload.id),
        at=now,
        details={"record": str(upload.record_id), "sha256": sha256, "media_type": prepared.media_type},
    )


def _to_signed(look: int) -> int:
    """Databases count 64 bits from minus to plus."""
    return look - (1 << 64) if look >> 63 else look


def sweep_evidence(*, now: datetime) -> int:
    """Remove files that no row names and uploads that were never finished, once they are older than a day."""
    return open_store().sweep(find_wanted, now)
