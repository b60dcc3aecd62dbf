"""What people type on the page of minutes."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from wuzha.core.ledger.record import Kinds
from wuzha.core.plan.burden.minutes import MOST
from wuzha.web.accounts.forms import PlainForm
from wuzha.web.campaign.wording import title_kind

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


class MinutesForm(PlainForm):
    """A new figure for one kind of record."""

    kind = forms.ChoiceField(label=_("Kind of record"))
    minutes = forms.IntegerField(
        label=_("Minutes a record"),
        min_value=0,
        max_value=MOST,
        help_text=_("From setting out to having recorded it, for one person."),
    )
    valid_from = forms.DateField(
        label=_("Holds from"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Earlier days keep the figure they had."),
    )
    reason = forms.CharField(
        label=_("Where the figure comes from"),
        max_length=200,
        help_text=_("For instance: measured in three villages in March."),
    )

    def __init__(self, *args: object, kinds: Kinds, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # what Django's own form takes
        choices = [(code, title_kind(kind)) for code, kind in kinds.items()]
        self.fields["kind"] = forms.ChoiceField(label=_("Kind of record"), choices=choices)

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(_("Choose a day between 2000 and 2099."))
        return day
