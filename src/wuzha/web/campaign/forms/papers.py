"""What an officer types into a paper, and what the addresses of the papers may say."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.personal import mask_text
from wuzha.core.base.problem import Problem
from wuzha.core.paper.prose import list_doubtful_numbers
from wuzha.web.accounts.forms import PlainForm
from wuzha.web.campaign.forms.plans import make_day_field
from wuzha.web.campaign.models.papers import Form
from wuzha.web.campaign.wording import language

MOST_ASKS = 2000
# The words of the standard (7.2.3), which are printed as they stand.
URGENCIES = (("", "—"), ("特急", "特急"), ("加急", "加急"))


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person who asks for a paper may choose from: plans, and units right below their own."""

    plans: tuple[tuple[int, str], ...] = ()
    units: tuple[tuple[str, str], ...] = ()


NOTHING_TO_CHOOSE = Choices()


class AskForm(PlainForm):
    """What a new paper is to be made of, as it stands in the address. A form of paper adds its own fields."""

    def __init__(self, *args: Any, choices: Choices = NOTHING_TO_CHOOSE, **values: Any) -> None:
        super().__init__(*args, **values)
        self.choices = choices
        for name, offered in (("plan", choices.plans), ("unit", choices.units)):
            if name in self.fields:
                self.fields[name].widget = forms.Select(choices=[("", "—"), *offered])

    def make_asked(self) -> dict[str, Any]:
        """What a draft keeps, so that the paper can be counted again."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "unit"}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()}


class StandingAskForm(AskForm):
    """About which unit, in which plan. More can be asked for in the address than the page offers."""

    unit = forms.CharField(label=_("Unit"), max_length=32)
    plan = forms.IntegerField(label=_("Plan"), min_value=1)


class PaperFilterForm(PlainForm):
    """The filters of the list as they stand in the address."""

    form = forms.ChoiceField(
        label=pgettext_lazy("paper", "Kind of paper"), required=False, choices=[("", _("All")), *Form.choices]
    )
    year = forms.IntegerField(label=_("Year"), required=False, min_value=1949, max_value=2099)
    words = forms.CharField(label=pgettext_lazy("paper", "Words in title or number"), required=False, max_length=60)


# What a number of a person looks like once it is kept, and what is said of it beside the field.
COVERED = "****"
SAYS_COVERED = _(
    "Mobile, identity and card numbers are covered in papers. For calls back, give the number of an office."
)


class WordsForm(PlainForm):
    """The words of a paper that a person chooses; the figures are counted. A form of paper adds its own fields.

    ``lines`` are fields of which each line is a paragraph, ``prose`` those in which a figure may be typed, ``rare``
    those that most papers leave empty.
    """

    lines: ClassVar[tuple[str, ...]] = ()
    rare: ClassVar[tuple[str, ...]] = ()
    prose: ClassVar[tuple[str, ...]] = ()

    title = forms.CharField(label=pgettext_lazy("paper", "Title"), max_length=200)
    signed_by = forms.CharField(label=_("Signed by"), max_length=120)
    mark = forms.CharField(
        label=_("Mark before the number"),
        max_length=40,
        required=False,
        help_text=_("Such as 石反诈函. Left empty, the kind of paper stands before the number."),
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, paper: str, today: date, said: Mapping[str, Any], **values: Any) -> None:
        super().__init__(*args, **values)
        self.paper, self.today, self.said = paper, today, said
        self.doubts: dict[str, tuple[str, ...]] = {}
        shown = {name: self._show(name, said[name]) for name in self.fields if name in said}
        self.initial = {**shown, **self.initial}

    def _show(self, name: str, kept: Any) -> Any:
        if name in self.lines:
            return "\n".join(kept)
        return date.fromisoformat(kept) if kept and isinstance(self.fields[name], forms.DateField) else kept

    def make_said(self) -> dict[str, Any]:
        """What was typed, as a draft keeps it."""
        return {name: self._keep(name) for name in self.fields if name != "revision"}

    def _keep(self, name: str) -> Any:
        typed = self.cleaned_data[name]
        if name in self.lines:
            return [line.strip() for line in typed.splitlines() if line.strip()]
        return typed.isoformat() if isinstance(typed, date) else typed

    def tell_doubts(self, readings: Iterable[str]) -> None:
        """Points out beside its field each typed number that is none of these figures. A doubt keeps nothing back."""
        known = tuple(readings)
        for name in self.prose:
            found = list_doubtful_numbers(self[name].value() or "", known)
            self.doubts[name] = tuple(describe_problem(one, language()) for one in found)
        for name in self.fields:
            typed = str(self[name].value() or "")
            if COVERED in typed or mask_text(typed) != typed:
                self.doubts[name] = (*self.doubts.get(name, ()), str(SAYS_COVERED))

    def list_told(self) -> Iterator[tuple[forms.BoundField, tuple[str, ...]]]:
        """Each field with what is doubtful in it."""
        for field in self.visible_fields():
            if field.name not in self.rare:
                yield field, self.doubts.get(field.name, ())

    def list_rare(self) -> list[forms.BoundField]:
        """The fields that are folded away until somebody asks for them."""
        return [self[name] for name in self.rare]

    def has_rare(self) -> bool:
        """Whether one of those holds something, or is wrong."""
        return any(self[name].value() or name in self.errors for name in self.rare)

    def tell_problems(self, problems: Iterable[Problem]) -> None:
        """Why there is no paper to keep."""
        for problem in problems:
            self.add_error(None, describe_problem(problem, language()))


class HeadedForm(WordsForm):
    """The words of a paper that wears a head, with what some offices ask for above and beside its number."""

    copy_number = forms.RegexField(
        label=_("Copy number"),
        regex=r"^[0-9]{1,6}$",
        required=False,
        help_text=_("At most six digits, printed at the top left where copies are counted."),
        error_messages={"invalid": _("A copy number has digits only, at most six.")},
    )
    urgency = forms.ChoiceField(label=_("Urgency"), required=False, choices=URGENCIES)
    approved_by = forms.CharField(
        label=_("Signed off by"), max_length=20, required=False, help_text=_("Only of a paper that goes upwards.")
    )
    rare: ClassVar[tuple[str, ...]] = ("copy_number", "urgency", "approved_by")


class LetterForm(HeadedForm):
    """The words of a letter or a circular."""

    lines = prose = ("asks",)
    field_order = ("title", "addressee", "asks", "answer_by", "signed_by", "mark")

    addressee = forms.CharField(label=_("To"), max_length=120)
    asks = forms.CharField(
        label=_("What is asked"),
        max_length=MOST_ASKS,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One paragraph a line. Figures stand above it and are counted; none need be typed here."),
    )
    answer_by = make_day_field(_("Answer by"), required=False)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["answer_by"].required = self.paper == "supervise"

    def clean_answer_by(self) -> date | None:
        day: date | None = self.cleaned_data["answer_by"]
        if day is not None and day <= self.today and "answer_by" in self.changed_data:
            raise forms.ValidationError(_("This day has passed or is today. Choose one that leaves time to answer."))
        return day


class RevisionForm(PlainForm):
    """Which state of the draft the person had before them."""

    revision = forms.IntegerField()
