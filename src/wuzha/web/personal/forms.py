"""What people type on the pages about personal data."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.core.base.personal import find_numbers
from wuzha.web.accounts.audit import FEWEST_WORDS, MOST_WORDS, LookReason, Why
from wuzha.web.accounts.forms import PlainForm


class WhyForm(PlainForm):
    """Why somebody looks at what is masked."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=[("", "—"), *LookReason.choices], error_messages={"required": _("Choose a reason.")}
    )
    words = forms.CharField(
        label=_("What exactly for"),
        max_length=MOST_WORDS,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("For example: to arrange the visit to this household. It stays in the audit log with your name."),
    )

    def clean_words(self) -> str:
        words = str(self.cleaned_data["words"]).strip()
        if len(words) < FEWEST_WORDS:
            raise forms.ValidationError(_("Say in a few words what it is for."))
        return words

    def make_why(self) -> Why:
        return Why(self.cleaned_data["reason"], self.cleaned_data["words"])


class PhoneForm(PlainForm):
    """A mobile number, or none."""

    phone = forms.CharField(
        label=_("Mobile number"),
        required=False,
        max_length=30,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
        help_text=_(
            "For colleagues to ring you about work. It is kept sealed and shown as 138****5678. Empty it to remove it."
        ),
    )

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"]).strip()
        found = find_numbers(phone)
        if phone and not (len(found) == 1 and found[0].kind == "mobile"):
            raise forms.ValidationError(_("This is no mobile number of 11 digits. Check it and type it again."))
        return phone


class ReasonForm(PlainForm):
    """A reason in words."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.TextInput({"autocomplete": "off"}))


class HoldForm(ReasonForm):
    """What is to be held: a unit by its code, or a record, plan or person by its number."""

    what = forms.ChoiceField(
        label=_("What is held"),
        choices=(
            ("unit", _("a unit and everything below it")),
            ("record", pgettext_lazy("hold", "a record")),
            ("planversion", pgettext_lazy("hold", "a plan")),
            ("person", pgettext_lazy("hold", "a person's account")),
        ),
    )
    number = forms.CharField(
        label=_("Its code or number"),
        max_length=64,
        help_text=_("The unit's code; the number in a record's or plan's address; the user name."),
    )
    field_order = ("what", "number", "reason")


class DaysForm(ReasonForm):
    """Another number of days for a clock, within the bounds of its rule."""

    def __init__(self, data: Any, *, least: int, most: int, days: int) -> None:
        super().__init__(data, initial={"days": days})
        self.fields["days"] = forms.IntegerField(label=_("Days"), min_value=least, max_value=most)
        self.order_fields(("days", "reason"))
