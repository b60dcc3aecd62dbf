"""What people type for a monthly table: which one is opened, the fields of a line, why it comes back, and sheets."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.adapters.month_sheet import MAX_BYTES
from wuzha.adapters.spreadsheets import MEGABYTE
from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import make_problem
from wuzha.core.paper.check import is_printable
from wuzha.core.paper.column import Column
from wuzha.core.paper.month import find_month
from wuzha.web.accounts.forms import PlainForm
from wuzha.web.campaign.forms.plans import make_day_field
from wuzha.web.campaign.models import PlanVersion
from wuzha.web.campaign.wording import language

LARGEST = 10**12


class OpenTableForm(PlainForm):
    """Which table an office asks for. ``plans`` are those that it may be of."""

    plan = forms.ModelChoiceField(label=_("Plan"), queryset=PlanVersion.objects.none(), empty_label=None)
    month = forms.RegexField(
        r"^[0-9]{4}-(0[1-9]|1[0-2])$",
        label=pgettext_lazy("table", "Month"),
        widget=forms.TextInput({"type": "month"}),
        error_messages={"invalid": _("Write the month like 2026-11.")},
    )
    ends = forms.TypedChoiceField(
        label=_("The month ends"),
        coerce=int,
        choices=[(0, _("on its last day")), *((day, _("on day %(day)s") % {"day": day}) for day in range(15, 29))],
    )
    due_on = make_day_field(pgettext_lazy("table", "Due by"), required=True)

    def __init__(self, data: Any, *, plans: Sequence[PlanVersion], **values: Any) -> None:
        super().__init__(data, **values)
        field: Any = self.fields["plan"]
        field.queryset = PlanVersion.objects.filter(pk__in=[plan.pk for plan in plans])

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if {"plan", "month", "ends", "due_on"} <= told.keys():
            self._check_days(told["plan"], told["month"], told["ends"], told["due_on"])
        return told

    def _check_days(self, plan: PlanVersion, label: str, ends: int, due_on: date) -> None:
        try:
            month = find_month(label, ends)
        except ValueError:
            self.add_error("month", _("Write the month like 2026-11."))
            return
        if (
            plan.valid_from is None
            or plan.valid_to is None
            or month.closes <= plan.valid_from
            or (plan.valid_to < month.opens)
        ):
            self.add_error("month", _("The plan was not in force in that month."))
        if due_on < month.opens:
            self.add_error("due_on", _("This day lies before the month begins."))


class LineForm(PlainForm):
    """The fields of a line that a person fills in; three at most. Everything else is computed."""

    def __init__(self, data: Any, *, columns: Sequence[Column], **values: Any) -> None:
        super().__init__(data, **values)
        for column in columns:
            self.fields[column.code] = _make_text(column) if column.is_text else _make_number(column)

    def make_typed(self) -> dict[str, str]:
        """What was typed, as texts; what was left empty is not known, and not there."""
        told = {code: value for code, value in self.cleaned_data.items() if value not in (None, "")}
        return {code: str(value).strip() for code, value in told.items() if str(value).strip()}


def _name(column: Column) -> str:
    return column.title if language() == "zh" else column.title_en


def refuse_unprintable(text: str) -> None:
    """Signs that no file takes come with what is pasted in, and nobody sees them. Lines may end."""
    sign = next((sign for sign in text if not (is_printable(sign) or sign in "\r\n\t")), None)
    if sign is not None:
        raise forms.ValidationError(
            describe_problem(make_problem("paper.unprintable-sign", sign=f"U+{ord(sign):04X}"), language())
        )


def _make_text(column: Column) -> forms.CharField:
    help_text = _("%(longest)s characters at most.") % {"longest": column.longest}
    widget = forms.Textarea({"rows": 4})
    return forms.CharField(
        label=_name(column),
        required=False,
        max_length=column.longest,
        widget=widget,
        help_text=help_text,
        validators=[refuse_unprintable],
    )


def _make_number(column: Column) -> forms.IntegerField:
    return forms.IntegerField(
        label=f"{_name(column)}（{column.measure}）"
        if language() == "zh"
        else f"{_name(column)} ({column.measure_en})",
        required=False,
        min_value=0,
        max_value=LARGEST,
        widget=forms.NumberInput({"inputmode": "numeric"}),
        help_text=_("Leave it empty where nobody knows: unknown is not 0."),
    )


class ReturnLineForm(PlainForm):
    """Why a line comes back."""

    reason = forms.CharField(
        label=pgettext_lazy("table", "What is to be mended"), max_length=300, widget=forms.Textarea({"rows": 3})
    )


class MonthSheetForm(PlainForm):
    """A sheet of another office. What is in it is looked at by the reader, not here."""

    file = forms.FileField(
        label=_("Sheet (.xlsx or .csv)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": _("Choose the sheet first."), "empty": _("This file is empty.")},
    )

    def clean_file(self) -> "UploadedFile[Any]":
        """Refused by its size alone, before its bytes are read into memory and kept."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        size = file.size or 0
        if size > MAX_BYTES:
            size_mb, limit_mb = -(-size // MEGABYTE), MAX_BYTES // MEGABYTE
            problem = make_problem("record.file-too-large", size_mb=size_mb, limit_mb=limit_mb)
            raise forms.ValidationError(describe_problem(problem, language()))
        return file
