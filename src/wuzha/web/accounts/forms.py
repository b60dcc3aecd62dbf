"""What people type on the account pages."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wuzha.adapters.spreadsheets import MAX_BYTES, MEGABYTE
from wuzha.adapters.wording.problem import describe_problem
from wuzha.adapters.wording.words import Language
from wuzha.core.base.problem import NOWHERE, make_problem
from wuzha.core.base.unit import EARLIEST, LATEST
from wuzha.web.accounts.models import LINE_CHOICES, Post, User

NO_NUL = ProhibitNullCharactersValidator(
    _("There is a sign in it that cannot be seen and cannot be kept. Empty the field and type it again.")
)


class PlainForm(forms.Form):
    """A form that says in plain words what is missing and what cannot be kept. Every form of the site is one.

    A field with a sentence of its own for being empty keeps it.
    """

    def full_clean(self) -> None:
        for field in self.fields.values():
            _speak_plainly(field)
        super().full_clean()


def _speak_plainly(field: forms.Field) -> None:
    """Done when the fields are looked at, since a form may add fields while it is made."""
    if field.error_messages["required"] is forms.Field.default_error_messages["required"]:
        chosen = isinstance(field, forms.ChoiceField | forms.FileField | forms.ModelChoiceField)
        sentence = _("Please choose: {label}.") if chosen else _("Please fill in: {label}.")
        field.error_messages["required"] = format_lazy(sentence, label=field.label or "")
    field.validators = [NO_NUL if isinstance(one, ProhibitNullCharactersValidator) else one for one in field.validators]


class SearchForm(PlainForm):
    """Looks for units by a part of the name or the beginning of the code."""

    words = forms.CharField(label=_("Name or code"), max_length=60, required=False, strip=True)


class RosterForm(PlainForm):
    """The roster as a file. What is in it is looked at by the reader, not here."""

    file = forms.FileField(
        label=_("Roster (.xlsx)"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": _("Choose the roster file first.")},
    )

    def clean_file(self) -> "UploadedFile[Any]":
        """Refused by its size alone, before its bytes are read into memory and kept."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        size = file.size or 0
        if size > MAX_BYTES:
            size_mb, limit_mb = round(size / MEGABYTE, 1), MAX_BYTES // MEGABYTE
            problem = make_problem("roster.too-large", NOWHERE, size_mb=size_mb, limit_mb=limit_mb)
            language: Language = "zh" if (get_language() or "zh-hans").startswith("zh") else "en"
            raise forms.ValidationError(describe_problem(problem, language))
        return file


class UndatedForm(PlainForm):
    """Since when the changes hold whose rows do not say it: since a day, or always, because it was written wrongly."""

    SINCE, ALWAYS = "since", "always"
    changed = forms.ChoiceField(
        label=_("The changes without a day hold"),
        choices=((SINCE, _("from this day on")), (ALWAYS, _("always: it was written wrongly before"))),
        widget=forms.RadioSelect,
    )
    changed_on = forms.DateField(
        label=_("Day of change"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data)
        self.today = today

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        day = typed.get("changed_on")
        if typed.get("changed") == self.ALWAYS:
            typed["changed_on"] = None
        elif day is None and "changed_on" not in self.errors:
            self.add_error("changed_on", _("Put the day from which the changes hold."))
        elif day is not None and not EARLIEST < day <= self.today:
            self.add_error("changed_on", _("Enter a change on its day or later, not ahead of it."))
        return typed


class TermForm(PlainForm):
    """A form with a first day ``opens_on`` and a ``last_day``, each where its own fields put it."""

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
        """The first day on which it is no longer in force."""
        last_day = self.cleaned_data.get("last_day")
        return last_day + timedelta(days=1) if last_day and last_day < LATEST else LATEST


class AppointForm(TermForm):
    """A new person with a post at this unit."""

    display_name = forms.CharField(label=_("Name"), max_length=60)
    username = forms.CharField(label=_("User name"), max_length=60, validators=[UnicodeUsernameValidator()])
    password = forms.CharField(
        label=_("First password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "At least 10 characters: a few words that have nothing to do with each other. It can be changed under “Me”."
        ),
    )
    role = forms.ChoiceField(label=_("Post"), choices=Post.Role.choices, initial=Post.Role.SECRETARY)
    line = forms.ChoiceField(label=_("Line"), choices=(("", _("every line")), *LINE_CHOICES), required=False)
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
        named = User(username=self.data.get("username", ""), display_name=self.data.get("display_name", ""))
        validate_password(password, named)
        return password


class TokenForm(PlainForm):
    """A key for a program: what it is for, which post it acts for, and its last day."""

    name = forms.CharField(label=_("What the key is for"), max_length=60)
    post = forms.ModelChoiceField(label=_("Acts as"), queryset=Post.objects.none())
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(self, data: Any, *, posts: QuerySet[Post], today: date) -> None:
        super().__init__(data, initial={"last_day": today + timedelta(days=365)})
        self.today = today
        self.fields["post"] = forms.ModelChoiceField(label=_("Acts as"), queryset=posts)

    def clean_last_day(self) -> date:
        last_day: date = self.cleaned_data["last_day"]
        if not self.today <= last_day < LATEST:
            raise forms.ValidationError(_("The key needs a last day, today or later."))
        return last_day

    @property
    def closes_on(self) -> date:
        last_day: date = self.cleaned_data["last_day"]
        return last_day + timedelta(days=1)
