"""What is masked, opened for one answer: the look is in the audit log before anything is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.http import HttpResponse

from wuzha.core.base.personal import unmask
from wuzha.web.accounts.audit import Why, note_look
from wuzha.web.accounts.models import User
from wuzha.web.personal.guard import open_parts
from wuzha.web.personal.models import PersonContact

NUMBERS, PHONE = "numbers", "phone"


@dataclass(frozen=True, slots=True)
class Shown:
    """One text of an object: as everybody reads it, and as it was typed where it may be seen."""

    field: str
    masked: str
    original: str = ""


@transaction.atomic
def reveal_texts(
    *, actor: User, target: models.Model, texts: Mapping[str, str], why: Why, now: datetime
) -> list[Shown]:
    """The texts of the target as they were typed, those that hold something masked.

    Raises ``ValueError`` for a look without a reason and ``KeysError`` without the key: then nothing was looked at.
    """
    note_look(actor=actor, target=target, what=NUMBERS, why=why, now=now)
    parts = open_parts(str(target._meta.model_name), [target.pk]).get(str(target.pk), {})
    return [Shown(name, text, unmask(text, parts[name])) for name, text in texts.items() if name in parts]


@transaction.atomic
def reveal_phone(*, actor: User, contact: PersonContact, why: Why, now: datetime) -> str:
    """The number of a person. Raises as :func:`reveal_texts` does."""
    note_look(actor=actor, target=contact.user, what=PHONE, why=why, now=now)
    return contact.phone.reveal()


def keep_nowhere(answer: HttpResponse) -> HttpResponse:
    """No browser and nothing on the way keeps an answer that shows what is masked."""
    answer.headers["Cache-Control"] = "no-store, private"
    return answer
