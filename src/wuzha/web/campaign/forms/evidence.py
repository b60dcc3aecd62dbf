"""Files chosen in a browser, and what a program says of a file in the head of its request."""

from collections.abc import Mapping
from urllib.parse import unquote
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from wuzha.adapters.evidence_store import HASH
from wuzha.adapters.uploads import Upload, clean_name
from wuzha.core.base.problem import Problem, make_problem
from wuzha.web.accounts.forms import PlainForm
from wuzha.web.campaign.models import Look


def read_upload(pk: UUID, headers: Mapping[str, str]) -> tuple[Upload | None, list[Problem]]:
    """What ``X-Record``, ``X-Size``, ``X-SHA256`` and ``X-Name`` say of a file; the name is percent-encoded UTF-8."""
    record_id = _read_id(headers.get("X-Record", ""))
    size = read_number(headers.get("X-Size", ""))
    sha256 = headers.get("X-SHA256", "").lower()
    wrong = [
        name
        for name, is_good in (
            ("X-Record", record_id is not None),
            ("X-Size", size is not None),
            ("X-SHA256", HASH.fullmatch(sha256) is not None),
        )
        if not is_good
    ]
    if wrong or record_id is None or size is None:
        return None, [make_problem("evidence.head", header="、".join(wrong))]
    return Upload(pk, record_id, size, sha256, clean_name(unquote(headers.get("X-Name", "")))), []


def _read_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def read_number(text: str) -> int | None:
    """A whole number of bytes, or none for any other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 14 else None


class LookForm(PlainForm):
    """What a reviewer says: which reason, which record it is about, and whether it is fine."""

    reason = forms.CharField(max_length=300)
    record = forms.UUIDField()
    verdict = forms.ChoiceField(choices=Look.Verdict.choices)
    note = forms.CharField(label=_("What is to be mended"), max_length=500, required=False)
