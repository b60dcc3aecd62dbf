"""Which plan to compare with, as it stands in the address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from wuzha.web.accounts.forms import PlainForm
from wuzha.web.campaign.models import PlanVersion
from wuzha.web.campaign.queries.diff import Choices

DIFF, COVERS = "diff", "covers"


class CompareForm(PlainForm):
    """The plans in sight, those of the same unit first."""

    def __init__(self, *args: object, choices: Choices, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # what Django's own form takes
        groups = [
            (_("Of the same unit"), [(one.pk, name_plan(one)) for one in choices.same]),
            (_("Of a unit above"), [(one.pk, name_plan(one)) for one in choices.above]),
            (_("Others"), [(one.pk, name_plan(one)) for one in choices.others]),
        ]
        self.fields["with"] = forms.ChoiceField(
            label=_("Compare with"), choices=[group for group in groups if group[1]]
        )


def name_plan(plan: PlanVersion) -> str:
    """Title, issuer and years, since titles repeat from year to year."""
    days = (plan.valid_from, plan.valid_to)
    years = dict.fromkeys(str(day.year) for day in days if day)
    return f"{plan.title}（{plan.unit.name}{'，' if years else ''}{'～'.join(years)}）"
