"""What people type while they log in and set up how they do."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext_lazy as _

from wuzha.web.accounts.forms import PlainForm
from wuzha.web.accounts.signin.passwords import HardToGuess


class LogInForm(PlainForm, AuthenticationForm):
    """Says in one sentence what to do, and never which of the two was wrong.

    ``wait`` is the sentence for whoever has to wait; the password is not even looked at then.
    """

    error_messages = {  # noqa: RUF012 - Django reads this name from the class
        "invalid_login": _("The user name and the password do not go together. Check both; capital letters count."),
        "inactive": _("This account has been closed. Ask the officer of your unit."),
    }

    def __init__(self, *args: Any, wait: str = "", **values: Any) -> None:
        super().__init__(*args, **values)
        self.wait = wait
        for name, told in (("username", "username webauthn"), ("password", "current-password")):
            self.fields[name].widget.attrs["autocomplete"] = told

    def clean(self) -> dict[str, Any]:
        if not self.wait:
            return super().clean()
        raise forms.ValidationError(self.wait, code="wait")

    @property
    def has_wrong_password(self) -> bool:
        return self.has_error(NON_FIELD_ERRORS, "invalid_login")


class NewPassword(PlainForm):
    """Before a form of Django's that takes a new password twice: what it says is said in the words of this site."""

    error_messages: dict[str, Any] = {  # noqa: RUF012 - Django reads this name from the class
        "password_mismatch": _("The two new passwords are not the same. Type both again."),
        "password_incorrect": _("The password is wrong. Capital letters count."),
    }

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        told: dict[str, tuple[Any, Any]] = {
            "old_password": (_("The password until now"), ""),
            "new_password1": (_("The new password"), HardToGuess().get_help_text()),
            "new_password2": (
                _("The new password once more"),
                _("The same again, so that no slip of the finger stays."),
            ),
        }
        for name, field in self.fields.items():
            field.label, field.help_text = told[name]


class ChangePasswordForm(NewPassword, PasswordChangeForm):
    """The old password and twice the new one.

    ``wait`` is the sentence for whoever has to wait; the old password is not even looked at then.
    """

    def __init__(self, *args: Any, wait: str = "", **values: Any) -> None:
        super().__init__(*args, **values)
        self.wait = wait

    def clean_old_password(self) -> str:
        if self.wait:
            raise forms.ValidationError(self.wait, code="wait")
        old: str = super().clean_old_password()
        return old

    @property
    def has_wrong_password(self) -> bool:
        return self.has_error("old_password", "password_incorrect")


def _make_code_field(label: Any, *, is_required: bool, digits: int = 12) -> forms.CharField:
    # One longer than the code, since people type it with a space in the middle.
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "form-control"}
    return forms.CharField(label=label, required=is_required, max_length=digits, widget=forms.TextInput(attrs))


class SecondForm(PlainForm):
    """The second step of logging in: a code of the app, a recovery code, or what a passkey has signed."""

    code = _make_code_field(_("Six digits of the app, or a recovery code"), is_required=False, digits=20)
    credential = forms.JSONField(required=False, widget=forms.HiddenInput)


class AppForm(PlainForm):
    """A code that shows that the app knows the secret."""

    code = _make_code_field(_("Six digits that the app shows now"), is_required=True)


class PasskeyForm(PlainForm):
    """A name for the device, and what it has made."""

    name = forms.CharField(label=_("What the device is called"), max_length=40)
    credential = forms.JSONField(
        widget=forms.HiddenInput,
        error_messages={"required": _("The passkey was not made. Press the button once more.")},
    )


class ResetForm(PlainForm):
    """Why somebody's second step is taken away."""

    reason = forms.CharField(label=_("Why"), max_length=200)
