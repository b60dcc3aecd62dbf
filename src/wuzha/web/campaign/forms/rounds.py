"""What people type on the page of a visit round."""

from dataclasses import replace
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import Source
from wuzha.core.ledger.check import LONGEST
from wuzha.core.ledger.subjects import read_subjects
from wuzha.web.accounts.forms import PlainForm
from wuzha.web.campaign.wording import language

SAID = 5


class SubjectsForm(PlainForm):
    """The numbers of a unit's households."""

    numbers = forms.CharField(
        label=_("Numbers of the households"),
        max_length=60_000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_(
            "For instance 1-312, 315 or 3-1-101~3-1-120. Door plates or numbers of your own; never names or identity"
            " numbers."
        ),
    )

    def clean_numbers(self) -> str:
        told: str = self.cleaned_data["numbers"]
        _, problems = read_subjects(told)
        if problems:
            plain = [replace(problem, source=Source(line=problem.source.line)) for problem in problems[:SAID]]
            raise forms.ValidationError([describe_problem(problem, language()) for problem in plain])
        return told


class TickForm(PlainForm):
    """One household that was visited: the id made with the page, a space, its number."""

    tick = forms.CharField(max_length=37 + LONGEST["subject"])

    def clean_tick(self) -> tuple[UUID, str]:
        told, _space, subject = str(self.cleaned_data["tick"]).partition(" ")
        try:
            return UUID(told), subject.strip()
        except ValueError as error:
            raise forms.ValidationError("tick") from error
