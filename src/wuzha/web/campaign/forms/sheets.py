"""What people hand in as a file of records."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from wuzha.adapters.record_sheet import MAX_BYTES
from wuzha.adapters.spreadsheets import MEGABYTE
from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import make_problem
from wuzha.web.accounts.forms import PlainForm
from wuzha.web.campaign.wording import language


class RecordFileForm(PlainForm):
    """Records as a file. What is in it is looked at by the reader, not here."""

    file = forms.FileField(
        label=_("File of records (.xlsx or .csv)"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": _("Choose the file of records first.")},
    )

    def clean_file(self) -> "UploadedFile[Any]":
        """Refused by its size alone, before its bytes are read into memory and kept."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        size = file.size or 0
        if size > MAX_BYTES:
            size_mb, limit_mb = round(size / MEGABYTE, 1), MAX_BYTES // MEGABYTE
            problem = make_problem("record.file-too-large", size_mb=size_mb, limit_mb=limit_mb)
            raise forms.ValidationError(describe_problem(problem, language()))
        return file


class ConfirmForm(PlainForm):
    """What to do with rows that tell something else than the ledger. Left alone unless somebody says otherwise."""

    conflicts = forms.ChoiceField(
        label=_("Rows that say something else than the ledger"),
        choices=[
            ("leave", _("leave them out; the ledger stays as it is")),
            ("correct", _("take them in as corrections of the ledger")),
            ("new", _("take them in as further records, besides those in the ledger")),
        ],
        initial="leave",
        required=False,
        widget=forms.RadioSelect,
    )
