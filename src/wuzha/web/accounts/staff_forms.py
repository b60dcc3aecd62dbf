"""What is typed about posts: to whom one goes, who stands in, and the sheet of many new people."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import gettext_lazy as _

from wuzha.web.accounts.forms import PlainForm, RosterForm, TermForm
from wuzha.web.accounts.models import LINE_CHOICES, Post, User
from wuzha.web.accounts.signin.forms import NewPassword

NO_LINE = ("", _("every line"))
FindPerson = Callable[[str], User | None]


class PersonForm(PlainForm):
    """Somebody of one's own units, by the name they log in with."""

    username = forms.CharField(label=_("User name"), max_length=60)

    def __init__(self, data: Any, *, find: FindPerson, **values: Any) -> None:
        super().__init__(data, **values)
        self.find = find

    def clean_username(self) -> User:
        person = self.find(self.cleaned_data["username"])
        if person is None:
            raise forms.ValidationError(
                _("Nobody of your units has this user name. Appoint a new person first, or check the name.")
            )
        return person


class HandOverForm(PersonForm):
    """To whom the post goes, and from which day on."""

    on = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(self, data: Any, *, find: FindPerson, post: Post, today: date) -> None:
        super().__init__(data, find=find, initial={"on": today})
        self.post, self.today = post, today

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if not max(self.today, self.post.opens_on) <= on < self.post.closes_on:
            raise forms.ValidationError(_("Choose a day from today on, on which the post is still in force."))
        return on


class DaysForm(PersonForm, TermForm):
    """A person, a first and a last day."""

    opens_on = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    last_day = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )


class GiveForm(DaysForm):
    """One more post for somebody who is here already."""

    role = forms.ChoiceField(label=_("Post"), choices=Post.Role.choices, initial=Post.Role.SECRETARY)
    line = forms.ChoiceField(label=_("Line"), choices=(NO_LINE, *LINE_CHOICES), required=False)


class PeopleForm(RosterForm):
    """The sheet of new people. What is in it is looked at by the reader, not here."""

    file = forms.FileField(
        label=_("Sheet of people (.xlsx)"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": _("Choose the sheet first.")},
    )


class FirstPasswordForm(NewPassword, SetPasswordForm):  # type: ignore[type-arg]  # generic for the checker alone
    """Twice the first password."""
