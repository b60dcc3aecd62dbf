"""Which plan to compare with, as it stands in the address."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from wuzha.web.accounts.forms import PlainForm
from wuzha.web.campaign.models import PlanVersion

DIFF, COVERS = "diff", "covers"


class CompareForm(PlainForm):
    """The plans in sight, those of the same unit first."""

    def __init__(self, *args: object, groups: Sequence[Sequence[PlanVersion]], **kwargs: object) -> None:
        """``groups`` are the plans of the same unit, of the units above, and the others."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # what Django's own form takes
        words = (_("Of the same unit"), _("Of a unit above"), _("Others"))
        told = zip(words, ([(one.pk, name_plan(one)) for one in group] for group in groups), strict=True)
        choices = [(word, group) for word, group in told if group]
        self.fields["with"] = forms.ChoiceField(label=_("Compare with"), choices=choices)


def name_plan(plan: PlanVersion) -> str:
    """Title, issuer and years, since titles repeat from year to year."""
    days = (plan.valid_from, plan.valid_to)
    years = dict.fromkeys(str(day.year) for day in days if day)
    return f"《{plan.title}》（{plan.unit.name}{'，' if years else ''}{'～'.join(years)}）"
