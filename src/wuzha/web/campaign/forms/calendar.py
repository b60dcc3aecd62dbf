"""What an officer types to say something of a day."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wuzha.adapters.calendar import is_near_semester
from wuzha.core.base.workdays import DayChange, DaySaid
from wuzha.web.accounts.forms import PlainForm
from wuzha.web.campaign.forms.plans import make_day_field
from wuzha.web.campaign.models import CalendarDay


class DayForm(PlainForm):
    """One day with what is said of it, and why."""

    day = make_day_field(_("Which day"), required=True)
    says = forms.ChoiceField(label=_("What the day is"), choices=CalendarDay.Says.choices)
    reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("The notice or the decision it rests on, in a few words.")
    )

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        day: date | None = told.get("day")
        change = told.get("says", "")
        is_semester = bool(day) and change in (DayChange.SPRING, DayChange.AUTUMN)
        if day and is_semester and not is_near_semester(DaySaid(day, DayChange(change))):
            self.add_error("day", _("This cannot be the first day of that semester."))
        return told
