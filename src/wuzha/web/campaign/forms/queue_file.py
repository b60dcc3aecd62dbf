"""The file in which a phone hands over its queue: what it holds, read without trusting it.

The form of the file: ``{"format": "wuzha-queue", "version": 1, "made_at": instant, "user": {"id", "name"}, "records":
[records in wire form], "photos": [{"id", "record", "name", "media_type", "size", "sha256", "base64"}]}``.
"""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from wuzha.adapters.bounded_json import load_bounded
from wuzha.core.ledger.wire import read_instant
from wuzha.web.accounts.forms import PlainForm

FORMAT = "wuzha-queue"
MOST_BYTES = 20 * 1024 * 1024
MOST_RECORDS = 2000
# Lists and objects in the whole file; words may have brackets too.
MOST_PARTS = 100_000


@dataclass(frozen=True, slots=True)
class QueuePhoto:
    """A photo of the queue with the record it goes with."""

    id: UUID
    record_id: UUID
    name: str
    sha256: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Queue:
    """A phone's queue: whose it was, by their own word, when it was written, the records unread, the photos.

    ``spoilt`` counts the photos that could not be read.
    """

    owner: str
    made_at: datetime | None
    records: tuple[object, ...]
    photos: tuple[QueuePhoto, ...]
    spoilt: int = 0

    def list_photos(self, record_id: str) -> list[QueuePhoto]:
        return [photo for photo in self.photos if str(photo.record_id) == record_id]


class QueueFileForm(PlainForm):
    """The file as it was chosen, or its text again from the page that showed what is in it."""

    file = forms.FileField(
        label=_("File saved on the phone (.json)"), error_messages={"required": _("Choose the file first.")}
    )
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not self.data.get("text")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        text = cleaned.get("text") or self._read_text(cleaned["file"])
        queue = read_queue(text) if text else None
        if queue is None and not self.errors:
            self.add_error("file", _("This is no file of waiting records. Save it on the phone under Me."))
        return cleaned | {"text": text, "queue": queue}

    def _read_text(self, file: Any) -> str:
        if file.size > MOST_BYTES:
            self.add_error("file", _("The file is larger than 20 MB. Send part of the queue from the phone first."))
            return ""
        return str(file.read().decode("utf-8", "replace"))


def read_queue(text: str) -> Queue | None:
    """The queue in the text; none when the text is no such file."""
    try:
        told = load_bounded(text, MOST_PARTS)
    except ValueError:
        return None
    if not isinstance(told, dict) or told.get("format") != FORMAT or told.get("version") != 1:
        return None
    records, user = told.get("records"), told.get("user")
    if not isinstance(records, list) or len(records) > MOST_RECORDS:
        return None
    found = told.get("photos")
    photos = [_read_photo(one) for one in found] if isinstance(found, list) else []
    good = tuple(photo for photo in photos if photo is not None)
    owner = str(user.get("name", ""))[:60] if isinstance(user, dict) else ""
    return Queue(owner, read_instant(told.get("made_at")), tuple(records), good, len(photos) - len(good))


def _read_photo(told: object) -> QueuePhoto | None:
    if not isinstance(told, Mapping):
        return None
    try:
        content = b64decode(str(told["base64"]), validate=True)
        ids = UUID(str(told["id"])), UUID(str(told["record"]))
        return QueuePhoto(*ids, str(told["name"])[:120], str(told["sha256"]), content)
    except (KeyError, ValueError, binascii.Error):
        return None
