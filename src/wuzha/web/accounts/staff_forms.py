"""What is typed about posts: to whom one goes, who stands in, and the sheet of many new people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from wuzha.web.accounts.forms import PlainForm, RosterForm, TermForm
from wuzha.web.accounts.models import LINE_CHOICES, Post, User
from wuzha.web.accounts.queries import FoundPeople
from wuzha.web.accounts.signin.forms import NewPassword

NO_LINE = ("", _("every line"))
MOST_LETTERS = 60


@dataclass(frozen=True, slots=True)
class Chooser:
    """Who may be chosen: somebody by their user name, or all whom some words find."""

    find: Callable[[str], User | None]
    search: Callable[[str], FoundPeople]


class PersonForm(PlainForm):
    """Somebody of one's own units: found by a part of the name, and chosen from a list.

    The button ``find`` only looks for people: what else was typed stays, and nothing is wrong with it yet.
    """

    words = forms.CharField(label=_("Part of the name or user name"), max_length=MOST_LETTERS, required=False)
    username = forms.CharField(
        max_length=MOST_LETTERS,
        error_messages={"required": _("Choose the person here. If they are not listed, look for a part of the name.")},
    )

    def __init__(self, data: Any, *, chooser: Chooser, initial: Mapping[str, Any]) -> None:
        self.is_looking = bool(data) and "find" in data
        typed = {name: data.get(name, "") for name in self.base_fields} if self.is_looking else {}
        super().__init__(None if self.is_looking else data, initial={**initial, **typed})
        self.chooser = chooser

    def clean_username(self) -> User:
        person = self.chooser.find(self.cleaned_data["username"])
        if person is None:
            raise forms.ValidationError(_("Nobody of your units has this user name. Choose somebody of the list."))
        return person

    @property
    def looked_for(self) -> str:
        return str(self["words"].value() or "").replace("\0", "").strip()[:MOST_LETTERS]

    @cached_property
    def found(self) -> FoundPeople:
        """Whom the words find, and whoever was chosen before."""
        found = self.chooser.search(self.looked_for)
        before = str(self["username"].value() or "").replace("\0", "")
        if not before or any(person.username == before for person in found.people):
            return found
        chosen = self.chooser.search(before).people
        return replace(found, people=[*(one for one in chosen if one.username == before), *found.people])

    @property
    def chosen(self) -> str:
        """Who is marked in the list: the one chosen, or the only one that the words find."""
        alone = self.found.people[0].username if self.looked_for and len(self.found.people) == 1 else ""
        return str(self["username"].value() or alone)


class HandOverForm(PersonForm):
    """To whom the post goes, and from which day on."""

    on = forms.DateField(label=_("They take over from"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(self, data: Any, *, chooser: Chooser, post: Post, today: date) -> None:
        super().__init__(data, chooser=chooser, initial={"on": today})
        self.fields["username"].label = _("Who takes the post over")
        self.post, self.today = post, today

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if not max(self.today, self.post.opens_on) <= on < self.post.closes_on:
            raise forms.ValidationError(_("Choose a day from today on, on which the post is still in force."))
        return on


class DaysForm(PersonForm, TermForm):
    """A person, a first and a last day."""

    opens_on = forms.DateField(widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    last_day = forms.DateField(required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))


class DeputyForm(DaysForm):
    """Who stands in for a post, and when."""

    def __init__(self, data: Any, *, chooser: Chooser, today: date) -> None:
        super().__init__(data, chooser=chooser, initial={"opens_on": today})
        self.fields["username"].label = _("Who stands in")
        self.fields["opens_on"].label = _("They stand in from")
        self.fields["last_day"].label = _("They stand in until, this day included")


class GiveForm(DaysForm):
    """One more post for somebody who is here already."""

    role = forms.ChoiceField(label=_("Post"), choices=Post.Role.choices, initial=Post.Role.SECRETARY)
    line = forms.ChoiceField(label=_("Line"), choices=(NO_LINE, *LINE_CHOICES), required=False)

    def __init__(self, data: Any, *, chooser: Chooser, today: date) -> None:
        super().__init__(data, chooser=chooser, initial={"opens_on": today, "role": Post.Role.SECRETARY})
        self.fields["username"].label = _("Who gets the post")
        self.fields["opens_on"].label = _("They hold it from")
        self.fields["last_day"].label = _("They hold it until, this day included")


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
