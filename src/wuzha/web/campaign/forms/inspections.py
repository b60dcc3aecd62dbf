"""What people type on the pages of inspections: a round, the checklist, what was seen, what is said of a finding."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.adapters.wording.problem import describe_problem
from wuzha.adapters.wording.words import describe_line, describe_unit_kind
from wuzha.core.base.problem import Problem, make_problem
from wuzha.core.base.windows import find_window
from wuzha.core.supervision.checklist import (
    LONGEST_LOOK,
    LONGEST_TITLE,
    MOST_MINUTES,
    Answer,
    Item,
    Verdict,
    check_answers,
)
from wuzha.core.supervision.inspection import QUARTER
from wuzha.core.supervision.mending import Step
from wuzha.web.accounts.forms import PlainForm
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.forms.plans import make_day_field
from wuzha.web.campaign.models import InspectionRound
from wuzha.web.campaign.wording import language

Method = InspectionRound.Method
MOST_UNITS, MOST_RECORDS = 500, 10
LONGEST_WORDS = 300
VERDICTS = (
    (Verdict.GOOD.value, pgettext_lazy("verdict", "Good")),
    (Verdict.BAD.value, pgettext_lazy("verdict", "Wanting")),
    (Verdict.UNSEEN.value, pgettext_lazy("verdict", "Not seen")),
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What an officer may choose from: their offices, and of the chosen one the areas, kinds and lines below it."""

    offices: Sequence[Unit]
    areas: Sequence[Unit]
    kinds: Sequence[str]
    lines: Sequence[str]
    items: int


class RoundForm(PlainForm):
    """A new round: when, where, of whom, how many, and how the lot is drawn."""

    title = forms.CharField(label=pgettext_lazy("inspection", "Name of the round"), max_length=80)
    opens_on = make_day_field(pgettext_lazy("inspection", "From"), required=True)
    last_on = make_day_field(pgettext_lazy("inspection", "To"), required=True)
    area = forms.ChoiceField(label=pgettext_lazy("inspection", "Where"))
    kinds = forms.MultipleChoiceField(
        label=pgettext_lazy("inspection", "Which kinds of units"), widget=forms.CheckboxSelectMultiple
    )
    line = forms.ChoiceField(label=pgettext_lazy("inspection", "Only of this line"), required=False)
    units = forms.IntegerField(
        label=pgettext_lazy("inspection", "How many units are drawn"), min_value=1, max_value=MOST_UNITS
    )
    items = forms.IntegerField(label=pgettext_lazy("inspection", "How many items at each"), min_value=1)
    records = forms.IntegerField(
        label=pgettext_lazy("inspection", "How many records at each"), min_value=0, max_value=MOST_RECORDS
    )
    method = forms.ChoiceField(
        label=pgettext_lazy("inspection", "How the lot is drawn"), choices=Method.choices, widget=forms.RadioSelect
    )
    source = forms.CharField(
        label=pgettext_lazy("inspection", "Which public number"),
        max_length=120,
        required=False,
        help_text=_("Only for a public number: say which one so that everybody can look it up."),
    )
    source_on = make_day_field(pgettext_lazy("inspection", "Published on"))
    reasons = forms.CharField(
        label=pgettext_lazy("inspection", "Units to be visited once more this quarter, and why"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("One a line: the unit's code, a space, the reason. Whoever is not named here is spared."),
    )

    def __init__(self, *args: Any, choices: Choices, today: date, **values: Any) -> None:
        super().__init__(*args, **values)
        self.today = today
        told = language()
        for name, listed in (
            ("area", [(unit.code, unit.name) for unit in choices.areas]),
            ("kinds", [(code, describe_unit_kind(code, told)) for code in choices.kinds]),
            ("line", [("", _("All")), *((code, describe_line(code, told)) for code in choices.lines)]),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = listed
        self.fields["items"].validators.append(_refuse_more_than(choices.items))
        self.fields["items"].widget.attrs["max"] = choices.items

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        opens, last = told.get("opens_on"), told.get("last_on")
        if opens and last and last < opens:
            self.tell("last_on", make_problem("inspection.days-backwards"))
        elif opens and last and find_window(QUARTER, opens) != find_window(QUARTER, last):
            self.tell("last_on", make_problem("inspection.not-one-quarter", opens=opens, last=last))
        source_on = told.get("source_on")
        if told.get("method") == Method.PUBLIC and not (told.get("source") and source_on and source_on > self.today):
            self.tell("source", make_problem("inspection.source-missing"))
        return told

    def tell(self, field: str | None, *problems: Problem) -> None:
        for problem in problems:
            self.add_error(field, describe_problem(problem, language()))


def _refuse_more_than(most: int) -> Any:
    def check(value: int) -> None:
        if value > most:
            raise forms.ValidationError(_("The checklist has %(most)s items.") % {"most": most})

    return check


class SeedForm(PlainForm):
    """The public number as it was published."""

    seed = forms.CharField(label=pgettext_lazy("inspection", "The number as published"), max_length=64)


class ItemForm(PlainForm):
    """One item of the checklist, and from which day on it reads so."""

    title = forms.CharField(label=pgettext_lazy("checklist", "What is looked at"), max_length=LONGEST_TITLE)
    look = forms.CharField(
        label=pgettext_lazy("checklist", "How to look"), max_length=LONGEST_LOOK, widget=forms.Textarea({"rows": 3})
    )
    minutes = forms.IntegerField(
        label=pgettext_lazy("checklist", "Minutes it takes of the unit"), min_value=0, max_value=MOST_MINUTES
    )
    since = make_day_field(pgettext_lazy("checklist", "From which day"), required=True)
    code = forms.SlugField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **values: Any) -> None:
        super().__init__(*args, **values)
        self.today = today

    def clean_since(self) -> date:
        day: date = self.cleaned_data["since"]
        if day < self.today:
            raise forms.ValidationError(_("A day that has passed stays as it was. Choose today or later."))
        return day

    def tell(self, problems: Sequence[Problem]) -> None:
        for problem in problems:
            self.add_error(None, describe_problem(problem, language()))


class DropForm(PlainForm):
    drop = forms.SlugField(max_length=40)


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of one item."""

    item: Item
    verdict: BoundField
    words: BoundField
    mend_by: BoundField
    photo: BoundField


class VisitForm(PlainForm):
    """What the inspector saw at a unit, item by item."""

    record_id = forms.UUIDField(widget=forms.HiddenInput)
    made_on = make_day_field(pgettext_lazy("inspection", "Day of the visit"), required=True)
    note = forms.CharField(
        label=pgettext_lazy("inspection", "Anything else"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, items: Sequence[Item], **values: Any) -> None:
        super().__init__(*args, **values)
        self.items = items
        for item in items:
            self.fields.update(_make_fields(item))
        self.order_fields([name for name in self.fields if name not in ("made_on", "note")] + ["note", "made_on"])

    def rows(self) -> Iterator[Row]:
        """For the template."""
        for item in self.items:
            yield Row(item, *(self[f"{name}-{item.code}"] for name in ("verdict", "words", "mend_by", "photo")))

    def clean(self) -> dict[str, Any]:
        on = self.cleaned_data.get("made_on")
        for item in self.items:
            answer = self._read_answer(item)
            if answer and on:
                self._tell(item, check_answers([answer], [item.code], on))
        return self.cleaned_data

    def _read_answer(self, item: Item) -> Answer | None:
        told = self.cleaned_data
        verdict = told.get(f"verdict-{item.code}")
        if not verdict:
            return None
        words = told.get(f"words-{item.code}") or ""
        is_bad = verdict == Verdict.BAD
        return Answer(item.code, Verdict(verdict), words, told.get(f"mend_by-{item.code}") if is_bad else None)

    def _tell(self, item: Item, problems: Sequence[Problem]) -> None:
        for problem in problems:
            field = "words" if problem.code == "inspection.finding-empty" else "mend_by"
            named = Problem(problem.code, params=_rename(problem.params, item.title))
            self.add_error(f"{field}-{item.code}", describe_problem(named, language()))

    def list_answers(self) -> list[Answer]:
        """Valid only."""
        return [answer for item in self.items if (answer := self._read_answer(item))]

    def list_photos(self) -> Mapping[str, Any]:
        """By item the file of a finding that has one."""
        told = self.cleaned_data
        bad = [item.code for item in self.items if told.get(f"verdict-{item.code}") == Verdict.BAD]
        return {code: told[f"photo-{code}"] for code in bad if told.get(f"photo-{code}")}


def _rename(params: tuple[tuple[str, str], ...], title: str) -> tuple[tuple[str, str], ...]:
    """The item by its title, not its code."""
    return tuple((name, title if name == "item" else value) for name, value in params)


def _make_fields(item: Item) -> dict[str, forms.Field]:
    number = {"rows": 2, "placeholder": _("What is wanting, in a sentence")}
    return {
        f"verdict-{item.code}": forms.ChoiceField(label=item.title, choices=VERDICTS, widget=forms.RadioSelect),
        f"words-{item.code}": forms.CharField(
            label=pgettext_lazy("inspection", "What was seen"),
            max_length=LONGEST_WORDS,
            required=False,
            widget=forms.Textarea(number),
        ),
        f"mend_by-{item.code}": make_day_field(pgettext_lazy("inspection", "To be mended by")),
        f"photo-{item.code}": forms.FileField(
            label=pgettext_lazy("inspection", "Photo, if one helps"),
            required=False,
            widget=forms.FileInput({"accept": "image/*"}),
        ),
    }


class CallOffForm(PlainForm):
    reason = forms.CharField(label=pgettext_lazy("inspection", "Why nobody goes there"), max_length=200)


class MendedForm(PlainForm):
    """The unit's report of what it has mended."""

    record_id = forms.UUIDField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=pgettext_lazy("inspection", "What was mended"), max_length=500, widget=forms.Textarea({"rows": 3})
    )


class SayForm(PlainForm):
    """What is said of a finding."""

    what = forms.ChoiceField(choices=[(step.value, step.value) for step in Step])
    note = forms.CharField(max_length=LONGEST_WORDS, required=False)
    mend_by = make_day_field(pgettext_lazy("inspection", "To be mended by"))


class FindingFilterForm(PlainForm):
    """The filters of the list as they stand in the address."""

    state = forms.ChoiceField(
        label=pgettext_lazy("finding", "How it stands"),
        required=False,
        choices=[
            ("", _("All")),
            ("open", pgettext_lazy("finding", "to be mended")),
            ("overdue", pgettext_lazy("finding", "overdue")),
            ("reported", pgettext_lazy("finding", "reported, to be looked at")),
            ("in_time", pgettext_lazy("finding", "mended in time")),
            ("late", pgettext_lazy("finding", "mended late")),
            ("struck", pgettext_lazy("finding", "struck out")),
            ("objection", pgettext_lazy("finding", "objection waits")),
        ],
    )
