"""What people type on the account pages."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wuzha.core.base.unit import EARLIEST, LATEST
from wuzha.web.accounts.models import Post, User


class LogInForm(AuthenticationForm):
    """Says in one sentence what to do, and never which of the two was wrong."""

    error_messages = {  # noqa: RUF012 - Django reads this name from the class
        "invalid_login": _("The user name and the password do not go together. Check both; capital letters count."),
        "inactive": _("This account has been closed. Ask the officer of your unit."),
        "paused": _(
            "The password was wrong too many times. To keep the account safe, try again after %(time)s; "
            "if you have forgotten it, ask the officer of your unit."
        ),
    }

    def __init__(self, *args: Any, paused_until: datetime | None = None, **values: Any) -> None:
        super().__init__(*args, **values)
        self.paused_until = paused_until

    def clean(self) -> dict[str, Any]:
        """While the name is paused, the password is not even looked at."""
        if self.paused_until is None:
            return super().clean()
        # A minute more, since the clock is shown without its seconds.
        time = timezone.localtime(self.paused_until + timedelta(minutes=1)).strftime("%H:%M")
        raise forms.ValidationError(self.error_messages["paused"], code="paused", params={"time": time})

    @property
    def has_wrong_password(self) -> bool:
        return self.has_error(NON_FIELD_ERRORS, "invalid_login")


class SearchForm(forms.Form):
    """Looks for units by a part of the name or the beginning of the code."""

    words = forms.CharField(label=_("Name or code"), max_length=60, required=False, strip=True)


class RosterForm(forms.Form):
    """The roster as a file. What is in it is looked at by the reader, not here."""

    file = forms.FileField(
        label=_("Roster (.xlsx)"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": _("Choose the roster file first.")},
    )


class AppointForm(forms.Form):
    """A new person with a post at this unit."""

    display_name = forms.CharField(label=_("Name"), max_length=60)
    username = forms.CharField(label=_("User name"), max_length=60, validators=[UnicodeUsernameValidator()])
    password = forms.CharField(
        label=_("First password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters, no common word. The person can change it under “Me”."),
    )
    role = forms.ChoiceField(label=_("Post"), choices=Post.Role.choices, initial=Post.Role.SECRETARY)
    opens_on = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    last_day = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def clean_username(self) -> str:
        username = str(self.cleaned_data["username"])
        if User.objects.filter(username=username).exists():
            raise forms.ValidationError(_("Somebody already has this user name. Add the unit's short name to it."))
        return username

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        opens_on, last_day = found.get("opens_on"), found.get("last_day")
        if opens_on and opens_on < EARLIEST:
            self.add_error("opens_on", _("The post cannot begin before 1949."))
        if opens_on and last_day and last_day < opens_on:
            self.add_error("last_day", _("The last day lies before the first. Put a later day, or leave it empty."))
        return found

    @property
    def closes_on(self) -> date:
        """The first day on which the post is no longer in force."""
        last_day = self.cleaned_data.get("last_day")
        return last_day + timedelta(days=1) if last_day and last_day < LATEST else LATEST
