"""What people type to make, mend or find records."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from secrets import randbits
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import NOWHERE, Problem
from wuzha.core.ledger.check import LIMIT, LONGEST, is_survey
from wuzha.core.ledger.record import Detail, Kinds, Record, RecordKind
from wuzha.web.accounts.forms import PlainForm
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign import models
from wuzha.web.campaign.wording import CHANGES, GRADES, count_kind, language, title_kind

# What a form may ask; a kind asks for some of them, in its own order.
ASKED = ("subject", "change", "grade", "quantity", "people", "area_m2", "at_m", "loss_yuan", "place", "audience")
# Before the code of a detail, so that no detail takes the place of a field.
EXTRA = "extra_"
# Shapes of which one record nearly always tells one thing; for the others the number is what there is to tell.
ONE_AT_A_TIME = frozenset({"event", "posting", "site", "filing", "check"})
NUMERIC: Mapping[str, str] = MappingProxyType({"inputmode": "numeric", "min": "0", "autocomplete": "off"})
# A clock that is farther off than this tells nothing; it may even lie outside the years that a database can keep.
BELIEVABLE = timedelta(days=3653)


def make_record_id(now: datetime) -> UUID:
    """A UUID of version 7 (RFC 9562): the millisecond, then chance, so that ids sort by when they were made."""
    millisecond = int(now.timestamp() * 1000)
    value = (millisecond << 80) | (0x7 << 76) | (randbits(12) << 64) | (0b10 << 62) | randbits(62)
    return UUID(int=value)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a duty still needs, to be filled in for the person: places and audiences it asks for, and its window."""

    places: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    grade: str = ""
    happened_on: date | None = None


class RecordForm(PlainForm):
    """One record of one kind: only the fields of that kind, the day, and room for a remark.

    ``id`` is made when the page is made, so that sending the page twice makes one record.
    """

    id = forms.UUIDField(widget=forms.HiddenInput)
    # A plain field: nothing that stands in it may keep the fact out, since nobody can see or mend it.
    recorded_at = forms.Field(widget=forms.HiddenInput, required=False)
    happened_on = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    data: QueryDict

    def __init__(self, kind: RecordKind, data: Any = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.kind = kind
        for name in kind.asks:
            if name in ASKED:
                self.fields[name] = _make_field(name, kind)
        for detail in kind.details:
            self.fields[EXTRA + detail.code] = _make_detail(detail)
        self.fields["note"] = forms.CharField(
            label=_("Remark"),
            required=False,
            max_length=LONGEST["note"],
            widget=forms.Textarea({"rows": 3}),
        )

    def clean_recorded_at(self) -> datetime | None:
        """The phone's clock, if it told one; a text that is no time is no reason to refuse the fact."""
        try:
            told = datetime.fromisoformat(str(self.cleaned_data["recorded_at"] or ""))
        except ValueError:
            return None
        return told if told.tzinfo else None

    def has_absurd_clock(self, now: datetime) -> bool:
        """Whether the phone told a time that cannot be meant, years away from now. Call it on a valid form."""
        told = self.cleaned_data.get("recorded_at")
        return told is not None and abs(told - now) > BELIEVABLE

    def to_core(self, unit: Unit, now: datetime) -> Record:
        """The record that was typed; without a time of the phone where that is absurd. Call it on a valid form."""
        told = {name: self.cleaned_data[name] for name in ASKED if self.cleaned_data.get(name) is not None}
        for name in ("area_m2", "loss_yuan"):
            if name in told:
                told[name] = Fraction(told[name])
        record = Record(self.cleaned_data["id"], unit.code, self.kind.code, self.cleaned_data["happened_on"])
        return replace(
            record,
            **told,
            note=self.cleaned_data["note"],
            extra=self._read_extra(),
            recorded_at=None if self.has_absurd_clock(now) else self.cleaned_data.get("recorded_at"),
        )

    def _read_extra(self) -> dict[str, str]:
        told = {detail.code: self.cleaned_data.get(EXTRA + detail.code, "") for detail in self.kind.details}
        return {name: text for name, text in told.items() if text}

    def list_details(self) -> list[forms.BoundField]:
        """The fields that only describe; the page keeps them folded up until somebody wants them."""
        return [self[EXTRA + detail.code] for detail in self.kind.details]

    def has_details(self) -> bool:
        """Whether any of them says something already, or is wrong."""
        return any(field.value() or field.errors for field in self.list_details())

    def add_problems(self, problems: Iterable[Problem]) -> None:
        tell_problems(self, problems)


def tell_problems(form: forms.Form, problems: Iterable[Problem]) -> None:
    """Says each problem beside its field; what belongs to no field that is shown stands above the form."""
    for problem in problems:
        field = form.fields.get(problem.source.key)
        key = problem.source.key if field is not None and not field.widget.is_hidden else None
        plain = replace(problem, source=NOWHERE)
        form.add_error(key, describe_problem(plain, language()))


def _make_detail(detail: Detail) -> forms.CharField:
    title = detail.title if language() == "zh" else detail.title_en
    widget = forms.TextInput({"autocomplete": "off"})
    return forms.CharField(label=title, required=False, max_length=detail.longest, widget=widget)


def _make_field(name: str, kind: RecordKind) -> forms.Field:
    return MAKERS[name](kind)


def _make_people(kind: RecordKind) -> forms.Field:
    if is_survey(kind):
        return _make_whole(_("How many were asked"), required=True)
    return _make_whole(_("How many people took part or were reached"), required=False)


def _make_change(kind: RecordKind) -> forms.Field:
    return _make_choice(_("What happened"), kind.changes, CHANGES, required=True)


def _make_grade(kind: RecordKind) -> forms.Field:
    return _make_choice(_("Grade"), kind.grades, GRADES, required=False)


def _make_quantity(kind: RecordKind) -> forms.Field:
    if is_survey(kind):
        return _make_whole(_("How many of them knew or did"), required=True)
    label = gettext("How many (%(counter)s)") % {"counter": count_kind(kind, 2, "quantity")}
    field = _make_whole(label, required=True)
    field.initial = 1 if kind.shape in ONE_AT_A_TIME else None
    return field


def _make_whole(label: Any, *, required: bool) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=required, min_value=0, max_value=LIMIT, widget=forms.NumberInput(dict(NUMERIC))
    )


def _make_amount(label: Any, *, required: bool) -> forms.DecimalField:
    widget = forms.NumberInput({**NUMERIC, "inputmode": "decimal", "step": "0.01"})
    return forms.DecimalField(
        label=label, required=required, min_value=0, max_value=LIMIT, decimal_places=2, widget=widget
    )


def _make_choice(label: Any, codes: Iterable[str], titles: Mapping[str, Any], *, required: bool) -> forms.ChoiceField:
    choices = [(code, titles.get(code, code)) for code in codes]
    if not required:
        choices.insert(0, ("", "—"))
    return forms.ChoiceField(label=label, choices=choices, required=required, widget=forms.Select)


TEXTS: Mapping[str, Any] = MappingProxyType(
    {
        "subject": (
            pgettext_lazy("record", "Number"),
            _("A number of your own, such as a door plate or file number. Never a name or an ID."),
        ),
        "place": (_("Place"), ""),
        "audience": (_("Audience"), ""),
    }
)


def _make_text(name: str, kind: RecordKind) -> forms.CharField:
    label, help_text = TEXTS[name]
    required = name == "subject" and kind.shape == "check"
    widget = forms.TextInput({"autocomplete": "off", "list": f"{name}-choices"})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=LONGEST[name], widget=widget)


MAKERS: Mapping[str, Callable[[RecordKind], forms.Field]] = MappingProxyType(
    {
        "subject": lambda kind: _make_text("subject", kind),
        "change": _make_change,
        "grade": _make_grade,
        "quantity": _make_quantity,
        "people": _make_people,
        "area_m2": lambda kind: _make_amount(_("Area in square metres"), required=False),
        "at_m": lambda kind: _make_whole(_("Place on the main road, in metres from its start"), required=False),
        "loss_yuan": lambda kind: _make_amount(_("Loss in yuan"), required=False),
        "place": lambda kind: _make_text("place", kind),
        "audience": lambda kind: _make_text("audience", kind),
    }
)


def make_new_form(kind: RecordKind, wanted: Wanted, now: datetime) -> RecordForm:
    """An empty form with a new id, today's date and what the duty asks for."""
    initial = {
        "id": make_record_id(now),
        "happened_on": wanted.happened_on,
        "place": wanted.places[0] if len(wanted.places) == 1 else "",
        "audience": wanted.audiences[0] if len(wanted.audiences) == 1 else "",
        "grade": wanted.grade,
    }
    return RecordForm(kind, initial=initial)


def renew_form(form: RecordForm, now: datetime) -> RecordForm:
    """What was typed, under a new id: another record."""
    again = RecordForm(form.kind, form.data.dict() | {"id": str(make_record_id(now))})
    again.is_valid()
    return again


def make_correction_form(kind: RecordKind, original: models.Record, now: datetime) -> RecordForm:
    """The form as the original would fill it in, with an id of its own."""
    initial = {name: getattr(original, name) for name in (*ASKED, "happened_on", "note")}
    told = {EXTRA + name: text for name, text in original.extra.items()}
    return RecordForm(kind, initial=initial | told | {"id": make_record_id(now)})


class WithdrawForm(PlainForm):
    """Why a record is taken back."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Why it is taken back"), max_length=LONGEST["note"], widget=forms.Textarea({"rows": 3})
    )


class State(TextChoices):
    """Which versions the list shows. What was corrected or taken back stays in the ledger and can be looked up."""

    IN_EFFECT = "", _("in effect")
    CORRECTED = "corrected", _("replaced by a correction")
    WITHDRAWN = "withdrawn", _("taken back")
    ALL = "all", _("all versions")


class OneKind(forms.Select):
    """One of a long list to choose from, as people mostly do; the address may name several."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        told = data.getlist(name) if isinstance(data, QueryDict) else data.get(name, [])
        return [code for code in ([told] if isinstance(told, str) else told) if code]

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> Any:
        self.choices = [("", gettext("all kinds")), *(choice for choice in self.choices if choice[0])]
        return super().optgroups(name, value or [""], attrs)


class SeveralKinds(forms.SelectMultiple):
    """Several, where the address names several."""


class KindsField(forms.MultipleChoiceField):
    """None is any."""

    widget = OneKind


class RecordFilterForm(PlainForm):
    """The filters of the list of records, as they stand in the address."""

    unit = forms.CharField(label=_("Unit (code)"), required=False, max_length=32)
    kind = KindsField(label=_("Kind"), required=False)
    since = forms.DateField(
        label=pgettext_lazy("filter", "First day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=pgettext_lazy("filter", "Last day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    state = forms.ChoiceField(label=_("Versions"), required=False, choices=State.choices)

    def __init__(self, data: Any, kinds: Kinds) -> None:
        """``kinds`` are those that can be recorded where the person looks."""
        super().__init__(data)
        titles = [(kind.code, title_kind(kind)) for kind in kinds.values() if not kind.reads]
        self.fields["kind"] = KindsField(label=_("Kind"), required=False, choices=titles)
        if len(self["kind"].data) > 1:
            self.fields["kind"].widget = SeveralKinds(choices=titles, attrs={"size": 4})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day lies before the first. Swap the two."))
        return cleaned


class FigureForm(PlainForm):
    """The figure whose records the list shows: a duty of a plan, of a unit, in one window or in all."""

    plan = forms.IntegerField(min_value=1)
    duty = forms.CharField(max_length=60)
    unit = forms.CharField(max_length=32)
    window = forms.CharField(max_length=40, required=False)


class TableFigureForm(PlainForm):
    """The figure of a monthly table whose records the list shows: of which plan, month, line and column."""

    table = forms.IntegerField(min_value=1)
    month = forms.RegexField(r"^[0-9]{4}-(0[1-9]|1[0-2])$")
    ends = forms.IntegerField(min_value=0, max_value=28)
    row = forms.ChoiceField(choices=[(row, row) for row in ("unit", "subtotal", "total")])
    column = forms.CharField(max_length=60)
    unit = forms.CharField(max_length=32)
