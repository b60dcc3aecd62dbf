"""What people type on the account pages."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class LogInForm(AuthenticationForm):
    """Says in one sentence what to do, and never which of the two was wrong."""

    error_messages = {  # noqa: RUF012 - Django reads this name from the class
        "invalid_login": _("The user name and the password do not go together. Check both, capital letters count."),
        "inactive": _("This account has been closed. Ask the officer of your unit."),
    }


class SearchForm(forms.Form):
    """Looks for units by a part of the name or the beginning of the code."""

    words = forms.CharField(label=_("Name or code"), max_length=60, required=False, strip=True)
