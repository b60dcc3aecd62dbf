"""What an officer types when a unit moves, is renamed, becomes another kind, merges, divides or closes."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from wuzha.core.base.roster import CODE, LONGEST_NAME
from wuzha.core.base.unit import LINES
from wuzha.web.accounts import tree_actions as actions
from wuzha.web.accounts.coming import announce_change
from wuzha.web.accounts.forms import PlainForm
from wuzha.web.accounts.models import UNIT_KIND_CHOICES, ComingChange, Unit, UnitChange, User
from wuzha.web.accounts.queries import count_left_below, find_last_day, list_announced_codes

Kind = UnitChange.Kind
FURTHEST = timedelta(days=731)
NO_LINE = ("", _("none"))


class ChangeForm(PlainForm):
    """What every change has: its day, why, and on what paper. ``reach`` are the units that the officer manages."""

    title: Any = ""
    lead: Any = ""
    closes = False

    happened_on = forms.DateField(
        label=_("From which day on"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("A day to come will do: nothing changes before it, and until then the change can be taken back."),
    )
    reason = forms.CharField(label=_("Why"), max_length=200)
    source = forms.CharField(
        label=_("On what paper"), max_length=200, required=False, help_text=_("Title and number of the paper, if any.")
    )
    field_order: Any = None

    def __init__(self, data: Any, *, unit: Unit, reach: QuerySet[Unit], today: date) -> None:
        self.unit, self.reach, self.today = unit, reach, today
        super().__init__(data, initial={"happened_on": today, "kind": unit.kind, "line": unit.line, "name": unit.name})

    def clean_happened_on(self) -> date:
        on: date = self.cleaned_data["happened_on"]
        first = actions.find_first_day(self.unit)
        if on > self.today + FURTHEST:
            raise forms.ValidationError(_("A change can be entered two years ahead at most. Check the year."))
        if on < first:
            sentence = _("This unit opened, or last changed, on %(day)s. Put that day or a later one.")
            raise forms.ValidationError(sentence % {"day": first.isoformat()})
        if on >= self.unit.closes_on:
            sentence = _("This unit was closed on %(day)s. Put an earlier day.")
            raise forms.ValidationError(sentence % {"day": self.unit.closes_on.isoformat()})
        if self.closes and on == self.unit.opens_on:
            raise forms.ValidationError(_("It opened on this very day. Put a later day."))
        self.demand_free(on)
        return on

    def demand_free(self, on: date) -> None:
        """What waits for its day must still be possible on it."""
        waiting = self.unit.coming.filter(state=ComingChange.State.WAITING)
        later = waiting.filter(happens_on__gte=on).order_by("happens_on").first() if self.closes else None
        ends_on = find_last_day(self.unit)
        day = later.happens_on if later else ends_on if on >= ends_on else None
        if day is not None:
            sentence = _("Another change of this unit waits for %(day)s. Take that one back first, or put another day.")
            raise forms.ValidationError(sentence % {"day": day.isoformat()})

    def find_unit(self, typed: str) -> Unit:
        """The unit that is meant by a code or by a whole name. Raises with a sentence when there is not just one."""
        found = list(self.reach.filter(code=typed)) or list(self.reach.filter(name=typed)[:2])
        if len(found) != 1:
            raise forms.ValidationError(_("None of the units that you look after has this code or name."))
        if found[0].path.startswith(self.unit.path):
            raise forms.ValidationError(_("This is the unit itself or one below it. Choose another one."))
        return found[0]

    def demand_nothing_below(self) -> None:
        left = count_left_below(self.unit, self.cleaned_data["happened_on"])
        if left:
            sentence = _("%(left)d units still stand below it. Move or close them first.")
            raise forms.ValidationError(sentence % {"left": left})

    def make_ground(self, actor: User, now: Any) -> actions.Ground:
        typed = self.cleaned_data
        return actions.Ground(typed["happened_on"], typed["reason"], typed["source"], actor, now)

    def say(self) -> actions.Said:
        """The change that was typed."""
        raise NotImplementedError  # each change says what it is; there is no form of none

    def act(self, ground: actions.Ground) -> bool:
        """Makes the change, or keeps it until its day; tells whether it was made."""
        if ground.on <= self.today:
            actions.make_change(self.unit, self.say(), ground)
            return True
        announce_change(unit=self.unit, said=self.say(), ground=ground)
        return False


class MoveForm(ChangeForm):
    title = _("Move %(name)s to another unit above")
    lead = _(
        "Everything below it moves along. What was done before that day stays with the old one; once the change is "
        "made, only those above its new place see it, its past included."
    )
    field_order = ("parent",)
    parent = forms.CharField(label=_("Unit above from now on"), max_length=120, help_text=_("Its code or whole name."))

    def clean_parent(self) -> Unit:
        found = self.find_unit(self.cleaned_data["parent"])
        if found.pk == self.unit.parent_id:
            raise forms.ValidationError(_("It stands there already."))
        return found

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        above, on = typed.get("parent"), typed.get("happened_on")
        if above and on and not above.opens_on <= on < find_last_day(above):
            self.add_error("parent", _("That unit does not exist on this day."))
        return typed

    def say(self) -> actions.Said:
        return actions.Said(Kind.MOVED, self.cleaned_data["parent"])


class RenameForm(ChangeForm):
    title = _("Rename %(name)s")
    lead = _("Pages of earlier days go on showing the old name.")
    field_order = ("name",)
    name = forms.CharField(label=_("New name"), max_length=LONGEST_NAME)

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if name == self.unit.name:
            raise forms.ValidationError(_("This is its name already."))
        return name

    def say(self) -> actions.Said:
        return actions.Said(Kind.RENAMED, details={"name": self.cleaned_data["name"]})


class RecastForm(ChangeForm):
    title = _("%(name)s becomes another kind, or another line leads it")
    lead = _("In the window in which it changes, its duties are those of what it was for the longer part.")
    field_order = ("kind", "line")
    kind = forms.ChoiceField(label=_("Kind of unit"), choices=UNIT_KIND_CHOICES)
    line = forms.ChoiceField(label=_("Line"), choices=(NO_LINE, *LINES.items()), required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if (typed.get("kind"), typed.get("line")) == (self.unit.kind, self.unit.line):
            self.add_error("kind", _("Kind and line are what they were. Change one of them."))
        return typed

    def say(self) -> actions.Said:
        return actions.Said(Kind.RECAST, details={name: self.cleaned_data[name] for name in ("kind", "line")})


class MergeForm(ChangeForm):
    closes = True
    title = _("Merge %(name)s into another unit")
    lead = _(
        "It closes on that day and owes nothing more; its records stay its own. What stands below it goes over to the "
        "unit that takes it in."
    )
    field_order = ("into",)
    into = forms.CharField(label=_("Goes over to"), max_length=120, help_text=_("Its code or whole name."))

    def clean_into(self) -> Unit:
        return self.find_unit(self.cleaned_data["into"])

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        into, on = typed.get("into"), typed.get("happened_on")
        if into and on and not into.opens_on <= on < find_last_day(into):
            self.add_error("into", _("That unit does not exist on this day."))
        return typed

    def say(self) -> actions.Said:
        return actions.Said(Kind.MERGED, self.cleaned_data["into"])


class SplitForm(ChangeForm):
    closes = True
    title = _("Divide %(name)s")
    lead = _("It closes on that day and its records stay its own. The new units open on the same day.")
    field_order = ("parts",)
    parts = forms.CharField(
        label=_("The new units"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line: code, a space, name. Two at least."),
    )

    def clean_parts(self) -> Mapping[str, str]:
        lines = [line.strip() for line in str(self.cleaned_data["parts"]).splitlines() if line.strip()]
        pairs = [re.split(r"[\s,，]+", line, maxsplit=1) for line in lines]
        if len(pairs) < 2 or any(len(pair) < 2 or not CODE.fullmatch(pair[0]) for pair in pairs):
            raise forms.ValidationError(_("Write two lines at least, each with a code, a space and a name."))
        parts = dict(pairs)
        taken = Unit.objects.filter(code__in=parts).exists() or not list_announced_codes().isdisjoint(parts)
        if len(parts) < len(pairs) or taken:
            raise forms.ValidationError(_("Each new unit needs a code of its own that no unit has yet."))
        return parts

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if "happened_on" in typed:
            self.demand_nothing_below()
        return typed

    def say(self) -> actions.Said:
        return actions.Said(Kind.SPLIT, details={"parts": dict(self.cleaned_data["parts"])})


class CloseForm(ChangeForm):
    closes = True
    title = _("Close %(name)s")
    lead = _("From that day on it owes nothing more. Its records and what it did stay.")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if "happened_on" in typed:
            self.demand_nothing_below()
        return typed

    def say(self) -> actions.Said:
        return actions.Said(Kind.CLOSED)


FORMS: Mapping[str, Callable[..., ChangeForm]] = MappingProxyType(
    {
        "move": MoveForm,
        "rename": RenameForm,
        "recast": RecastForm,
        "merge": MergeForm,
        "split": SplitForm,
        "close": CloseForm,
    }
)


class WithdrawChangeForm(PlainForm):
    reason = forms.CharField(label=_("Why it is taken back"), max_length=200)
