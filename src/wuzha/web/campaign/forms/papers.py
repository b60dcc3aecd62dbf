"""What an officer types into a paper, and what the addresses of the papers may say."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import Problem
from wuzha.core.paper.letter import STANDING_FORMS, UNIT_FORMS, USUAL_ASKS, Facts, Said, propose_title, read_said
from wuzha.core.paper.model import FormCode
from wuzha.web.accounts.forms import PlainForm
from wuzha.web.campaign.forms.plans import make_day_field
from wuzha.web.campaign.models import DraftPaper
from wuzha.web.campaign.models.papers import Form
from wuzha.web.campaign.wording import language

MOST_ASKS = 2000


class PaperChoiceForm(PlainForm):
    """Which paper, about which unit, in which plan: the address of a new paper."""

    form = forms.ChoiceField(choices=[(code, code) for code in STANDING_FORMS])
    unit = forms.CharField(max_length=32)
    plan = forms.IntegerField(min_value=1)


class PaperFilterForm(PlainForm):
    """The filters of the list as they stand in the address."""

    form = forms.ChoiceField(
        label=pgettext_lazy("paper", "Kind of paper"), required=False, choices=[("", _("All")), *Form.choices]
    )
    year = forms.IntegerField(label=_("Year"), required=False, min_value=1949, max_value=2099)
    words = forms.CharField(label=pgettext_lazy("paper", "Words in title or number"), required=False, max_length=60)


class PaperForm(PlainForm):
    """The words of a paper that a person chooses; the figures are counted."""

    title = forms.CharField(label=pgettext_lazy("paper", "Title"), max_length=200)
    addressee = forms.CharField(label=_("To"), max_length=120)
    asks = forms.CharField(
        label=_("What is asked"),
        max_length=MOST_ASKS,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One paragraph a line. Figures stand above it and are counted; none need be typed here."),
    )
    answer_by = make_day_field(_("Answer by"), required=False)
    signed_by = forms.CharField(label=_("Signed by"), max_length=120)
    mark = forms.CharField(
        label=_("Mark before the number"),
        max_length=40,
        required=False,
        help_text=_("Such as 石反诈函. Left empty, the kind of paper stands before the number."),
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, paper: str, today: date, **values: Any) -> None:
        super().__init__(*args, **values)
        self.paper, self.today = paper, today
        self.fields["answer_by"].required = paper == "supervise"

    def clean_answer_by(self) -> date | None:
        day: date | None = self.cleaned_data["answer_by"]
        if day is not None and day <= self.today and "answer_by" in self.changed_data:
            raise forms.ValidationError(_("This day has passed or is today. Choose one that leaves time to answer."))
        return day

    def make_said(self) -> dict[str, Any]:
        """What was typed, as a draft keeps it."""
        told = self.cleaned_data
        day: date | None = told["answer_by"]
        asks = [line.strip() for line in told["asks"].splitlines() if line.strip()]
        kept = {name: told[name] for name in ("title", "addressee", "signed_by", "mark")}
        return kept | {"asks": asks, "answer_by": day.isoformat() if day else None}

    def tell_problems(self, problems: Iterable[Problem]) -> None:
        """Why there is no paper to keep."""
        for problem in problems:
            self.add_error(None, describe_problem(problem, language()))


class RevisionForm(PlainForm):
    """Which state of the draft the person had before them."""

    revision = forms.IntegerField()


def propose_words(form: FormCode, facts: Facts, signed_by: str, mark: str) -> dict[str, Any]:
    """What stands in the fields of a new paper."""
    return {
        "title": propose_title(form, facts.subject, facts.plan),
        "addressee": facts.subject if form in UNIT_FORMS else "各有关单位",
        "asks": "\n".join(USUAL_ASKS[form]),
        "signed_by": signed_by,
        "mark": mark,
    }


def read_words(draft: DraftPaper) -> Mapping[str, Any]:
    """What stands in the fields of a draft."""
    said: Said = read_said(draft.said)
    return {
        "title": said.title,
        "addressee": said.addressee,
        "asks": "\n".join(said.asks),
        "answer_by": said.answer_by,
        "signed_by": said.signed_by,
        "mark": draft.said.get("mark", ""),
        "revision": draft.revision,
    }
