"""What somebody asks of the audit log."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from wuzha.adapters.wording.audit import GROUPS, OBJECTS, describe_group, describe_object, list_alike, load_actions
from wuzha.adapters.wording.words import Language
from wuzha.web.accounts.forms import PlainForm
from wuzha.web.audit.queries import Asked, Place

MICROSECOND = 1_000_000


def read_language() -> Language:
    return "en" if (get_language() or "").startswith("en") else "zh"


def list_action_choices() -> list[tuple[str, Any]]:
    language = read_language()
    actions = load_actions().values()
    groups = (
        (describe_group(group, language), [(one.code, one.say(language)) for one in actions if one.group == group])
        for group in GROUPS
    )
    return [("", _("all")), *groups]


def list_object_choices() -> list[tuple[str, Any]]:
    """Each word once; models that are called alike are looked for together."""
    language = read_language()
    found = {list_alike(code)[0]: describe_object(code, language) for code in OBJECTS}
    return [("", _("all")), *found.items()]


class ObjectField(forms.ChoiceField):
    """One of the words. An address may name any of the models that are called so."""

    def to_python(self, value: Any) -> str:
        return list_alike(str(super().to_python(value)))[0]

    def bound_data(self, data: Any, initial: Any) -> Any:
        return list_alike(str(data))[0] if data else data


class AuditForm(PlainForm):
    """The filters. Whoever types nothing sees everything that they may."""

    person = forms.CharField(label=_("Person, by name or user name"), max_length=60, required=False)
    action = forms.ChoiceField(
        label=pgettext_lazy("audit", "What was done"), choices=list_action_choices, required=False
    )
    since = forms.DateField(
        label=pgettext_lazy("audit", "From day"), required=False, widget=forms.DateInput({"type": "date"})
    )
    until = forms.DateField(
        label=pgettext_lazy("audit", "To day"), required=False, widget=forms.DateInput({"type": "date"})
    )
    about = ObjectField(label=_("To what"), choices=list_object_choices, required=False)
    number = forms.CharField(label=_("Its number"), max_length=64, required=False)
    request = forms.CharField(label=_("Number of the request"), max_length=64, required=False)
    looks = forms.BooleanField(label=_("Only looks at data"), required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        since, until = told.get("since"), told.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first."))
        return told

    def read(self) -> Asked | None:
        """None where something in it cannot be asked."""
        return Asked(**self.cleaned_data) if self.is_valid() else None


def write_place(place: Place) -> str:
    """Where a page begins, as it stands in an address."""
    at, number = place
    return f"{round(at.timestamp() * MICROSECOND)}-{number}"


def read_place(text: str) -> Place | None:
    """None for the first page. Raises ``BadRequest`` for what no page has written."""
    if not text:
        return None
    at, _dash, number = text.partition("-")
    if not (at.isascii() and at.isdecimal() and number.isascii() and number.isdecimal() and len(text) <= 40):
        raise BadRequest(_("The address of this page is not complete. Begin again with the newest entries."))
    try:
        seconds, rest = divmod(int(at), MICROSECOND)
        moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
    except (OverflowError, ValueError, OSError):
        raise BadRequest(_("The address of this page is not complete. Begin again with the newest entries.")) from None
    return moment, min(int(number), (1 << 63) - 1)
