"""What an officer types to set a duty aside, and to take that back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.core.base.interval import make_inclusive
from wuzha.core.plan.waiver import WaiverSaid
from wuzha.web.accounts.forms import PlainForm
from wuzha.web.campaign.forms.plans import make_day_field


class WaiverForm(PlainForm):
    """From which day to which, and why."""

    opens_on = make_day_field(pgettext_lazy("waiver", "First day"), required=True)
    last_on = make_day_field(pgettext_lazy("waiver", "Last day"), required=True)
    is_below = forms.BooleanField(label=_("Also for every unit below it"), required=False)
    reason = forms.CharField(label=_("Why"), max_length=200)

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        opens_on, last_on = told.get("opens_on"), told.get("last_on")
        if opens_on and last_on and last_on < opens_on:
            self.add_error("last_on", _("The last day lies before the first."))
        return told

    def to_core(self, *, duty: str, unit: str, given_by: str) -> WaiverSaid:
        told = self.cleaned_data
        days = make_inclusive(told["opens_on"], told["last_on"])
        return WaiverSaid(duty, unit, days, told["reason"], told["is_below"], given_by)


class WithdrawWaiverForm(PlainForm):
    reason = forms.CharField(label=_("Why it is taken back"), max_length=200)
