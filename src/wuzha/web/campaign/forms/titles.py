"""What people type for titles: a programme, its criteria, and the steps of a unit."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.adapters.title_yaml import write_criteria
from wuzha.core.base.unit import UNIT_KINDS
from wuzha.core.title.criteria import LOOK_BACK_MONTHS, CriterionFinding
from wuzha.core.title.life import REVOCABLE, TitleEventKind
from wuzha.web.accounts.forms import PlainForm
from wuzha.web.accounts.templatetags.wuzha import kind_title
from wuzha.web.campaign.forms.diff import name_plan
from wuzha.web.campaign.forms.plans import make_day_field
from wuzha.web.campaign.models import InspectionVisit, PlanVersion, TitleCriteria
from wuzha.web.campaign.title_said import CriteriaSaid, StepSaid

Kind = TitleEventKind
BUILT_IN = "built-in"
LONGEST_AHEAD = timedelta(days=14)
ABOVE = ("county", "town")
GROUNDS: Mapping[str, Any] = MappingProxyType(
    {
        "false_data": _("false data"),
        "insider_crime": _("a crime of an insider"),
        "ignored_warnings": _("warnings that were ignored"),
    }
)


class CriteriaForm(PlainForm):
    """Which plan the criteria are, and how far back is looked."""

    source = forms.ChoiceField(label=_("Criteria"))
    months = forms.IntegerField(
        label=_("Look back how many months"),
        min_value=1,
        max_value=12,
        initial=LOOK_BACK_MONTHS,
        help_text=_("What was missed longer ago is held against nobody."),
    )

    def __init__(self, *args: Any, plans: Sequence[PlanVersion], issuer: str, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plans = {str(plan.pk): plan for plan in plans}
        self._issuer, self._day = issuer, day
        own = (BUILT_IN, _("The criteria that come with Wuzha: talks, households visited, awareness asked"))
        field: Any = self.fields["source"]
        field.choices = [own, *((key, name_plan(plan)) for key, plan in self._plans.items())]

    def to_said(self) -> CriteriaSaid:
        """The criteria chosen, in force from the day on. Those that come with Wuzha are adopted for its year."""
        told = self.cleaned_data
        version = self._plans.get(told["source"])
        if version is not None:
            return CriteriaSaid(version.title, told["months"], self._day, version)
        title, text = write_criteria(self._day.year, self._issuer)
        return CriteriaSaid(title, told["months"], self._day, text=text)


class ProgramForm(CriteriaForm):
    """A new programme: what the title is called and for whom it is."""

    name = forms.CharField(label=_("Name of the title"), max_length=60)
    kinds = forms.MultipleChoiceField(
        label=_("Who may apply"),
        choices=[(code, word) for code, word in UNIT_KINDS.items() if code not in ABOVE],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    field_order = ("name", "kinds", "source", "months")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kinds"]
        field.choices = [(code, kind_title(code)) for code, _word in field.choices]


class StepForm(PlainForm):
    """One press of a button. ``seen`` is how many steps the page showed."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def to_steps(self, kind: Kind, today: date, criteria: TitleCriteria | None) -> tuple[StepSaid, ...]:
        return (StepSaid(kind, today, self.cleaned_data["seen"], **self.tell(), criteria=criteria),)

    def tell(self) -> dict[str, Any]:
        return {"note": self.cleaned_data.get("note", "")}


def make_note(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=500, required=required, widget=forms.Textarea({"rows": 3}), help_text=help_text
    )


class ObjectForm(StepForm):
    note = make_note(_("What is objected"), help_text=_("What is said and what it rests on. No names of residents."))


class SettleForm(StepForm):
    outcome = forms.ChoiceField(
        label=_("How it ends"),
        choices=(
            ("", "—"),
            ("dismiss", _("It does not hold; the notice goes on")),
            ("refuse", _("It holds; the title is not awarded")),
        ),
    )
    note = make_note(_("What was found out"))

    def to_steps(self, kind: Kind, today: date, criteria: TitleCriteria | None) -> tuple[StepSaid, ...]:
        settled = super().to_steps(kind, today, criteria)
        if self.cleaned_data["outcome"] != "refuse":
            return settled
        seen, note = self.cleaned_data["seen"], self.cleaned_data["note"]
        return (*settled, StepSaid(Kind.REFUSED, today, seen + 1, note, criteria=criteria))


class NoticeForm(StepForm):
    starts_on = make_day_field(_("First day of the notice"), required=True)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = today
        self._today = today

    def clean_starts_on(self) -> date:
        day: date = self.cleaned_data["starts_on"]
        if not self._today <= day <= self._today + LONGEST_AHEAD:
            raise forms.ValidationError(_("A notice begins today or within the next two weeks."))
        return day

    def tell(self) -> dict[str, Any]:
        return {"starts_on": self.cleaned_data["starts_on"]}


class PauseForm(StepForm):
    note = make_note(
        _("What happened, and what is being looked at"),
        help_text=_("A pause takes nothing away. That somebody reported a case is no fault of the unit."),
    )


class ResumeForm(StepForm):
    note = make_note(_("What was found out"))


class RefuseForm(StepForm):
    note = make_note(_("Why it is not awarded"))


class RevokeForm(StepForm):
    reason = forms.ChoiceField(label=_("Ground"), choices=[(code, GROUNDS[code]) for code in REVOCABLE])
    note = make_note(
        _("The facts"), help_text=_("What was established, by whom and when. A reported case is no ground.")
    )

    def tell(self) -> dict[str, Any]:
        return {"note": self.cleaned_data["note"], "reason": self.cleaned_data["reason"]}


class VisitForm(StepForm):
    """The day, and for each criterion what was found on the spot."""

    ANSWERS = (("met", pgettext_lazy("criterion", "met")), ("unmet", pgettext_lazy("criterion", "not met")))

    def __init__(
        self,
        *args: Any,
        findings: Sequence[CriterionFinding],
        inspections: Sequence[InspectionVisit],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._today, self._duties = today, [one.duty for one in findings]
        self._inspections = {str(one.pk): one for one in inspections}
        self.fields["on"] = make_day_field(_("Day of the visit"), required=True)
        self.fields["on"].initial = today
        for number, duty in enumerate(self._duties):
            label = duty.quote or duty.id
            self.fields[f"found_{number}"] = forms.ChoiceField(label=label, choices=(("", "—"), *self.ANSWERS))
            self.fields[f"note_{number}"] = forms.CharField(
                label=pgettext_lazy("title", "What was seen"), max_length=200, required=False
            )
        if self._inspections:
            choices = [("", "—"), *((key, one.round.title) for key, one in self._inspections.items())]
            self.fields["inspection"] = forms.ChoiceField(
                label=_("Part of which inspection"), choices=choices, required=False
            )

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > self._today:
            raise forms.ValidationError(_("A visit is entered once it has been made; that day is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        """What is not met wants a word, so that the unit knows what to mend."""
        told = self.cleaned_data
        for number, _duty in enumerate(self._duties):
            if told.get(f"found_{number}") == "unmet" and not told.get(f"note_{number}", "").strip():
                self.add_error(f"note_{number}", _("Say what is wanting, so that the unit can mend it."))
        return told

    def to_steps(self, kind: Kind, today: date, criteria: TitleCriteria | None) -> tuple[StepSaid, ...]:
        told = self.cleaned_data
        findings = {
            duty.id: {"met": told[f"found_{number}"] == "met", "note": told[f"note_{number}"]}
            for number, duty in enumerate(self._duties)
        }
        part_of = self._inspections.get(told.get("inspection", ""))
        step = StepSaid(kind, told["on"], told["seen"], inspection_visit=part_of, criteria=criteria, findings=findings)
        return (step,)
