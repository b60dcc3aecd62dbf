"""What people type for scorecards: the card, its items, and what they do to a score."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.adapters.scorecard_yaml import MOST_DAYS, MOST_POINTS, MOST_SHRINK
from wuzha.core.score.model import Base, Counts, Item, Scorecard, Sort
from wuzha.web.accounts.forms import PlainForm
from wuzha.web.accounts.models import UNIT_KIND_CHOICES, Unit
from wuzha.web.campaign.forms.plans import make_day_field
from wuzha.web.campaign.models import PlanVersion

NEW = "new"
OF_DUTIES = ("met", "on_time")
OF_FINDINGS = ("findings", "findings_on_time")
MEASURES = (
    ("met", _("duties of the plan: done, late ones too")),
    ("on_time", _("duties of the plan: done in time")),
    ("findings", _("findings of inspections: mended, late ones too")),
    ("findings_on_time", _("findings of inspections: mended in time")),
    ("share", _("a figure brought in: done of due")),
    ("baseline", _("a figure brought in: against the unit's own earlier years")),
)
SORTS = (
    (Sort.POINTS.value, pgettext_lazy("score", "points")),
    (Sort.BONUS.value, pgettext_lazy("score", "bonus")),
    (Sort.DEDUCTION.value, pgettext_lazy("score", "deduction")),
)


def _points(label: Any, *, required: bool = True, lowest: int = 1) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=lowest, max_value=MOST_POINTS, required=required)


class PeriodForm(PlainForm):
    """For which days the card holds, and over which plan it counts."""

    title = forms.CharField(label=pgettext_lazy("score", "Title of the card"), max_length=120)
    opens_on = make_day_field(pgettext_lazy("score", "First day of the period"), required=True)
    last_on = make_day_field(pgettext_lazy("score", "Last day of the period"), required=True)
    plan = forms.ChoiceField(label=pgettext_lazy("score", "Plan whose duties it counts"))

    def __init__(self, *args: Any, plans: Sequence[PlanVersion], **values: Any) -> None:
        super().__init__(*args, **values)
        self.plans = {str(plan.pk): plan for plan in plans}
        self.fields["plan"].choices = [(key, _name(plan)) for key, plan in self.plans.items()]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        opens_on, last_on = told.get("opens_on"), told.get("last_on")
        if opens_on and last_on and last_on < opens_on:
            self.add_error("last_on", _("The last day lies before the first."))
        return told

    def find_plan(self) -> PlanVersion:
        return self.plans[self.cleaned_data["plan"]]

    def list_days(self) -> dict[str, str]:
        told = self.cleaned_data
        return {"from": told["opens_on"].isoformat(), "to": told["last_on"].isoformat()}


def _name(plan: PlanVersion) -> str:
    return f"{plan.title}（{plan.valid_from} — {plan.valid_to}）"


class NewCardForm(PeriodForm):
    """A new draft: from the built-in template or from a card that was adopted before."""

    model = forms.ChoiceField(label=pgettext_lazy("score", "Begin from"))

    def __init__(self, *args: Any, models: Sequence[tuple[str, str]], **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["model"].choices = models  # type: ignore[attr-defined]  # a ChoiceField


class CardHeadForm(PeriodForm):
    """What the card says beside its items."""

    points = _points(pgettext_lazy("score", "Points of all items together"))
    appeal_days = forms.IntegerField(
        label=pgettext_lazy("score", "Days for appeals after the period"), min_value=0, max_value=MOST_DAYS
    )
    hear_days = forms.IntegerField(
        label=pgettext_lazy("score", "Days for the unit's side before a deduction"), min_value=0, max_value=MOST_DAYS
    )
    filing = forms.CharField(
        label=pgettext_lazy("score", "Filing of the yearly assessment plan"),
        max_length=120,
        required=False,
        help_text=_("Number or title under which the assessment was declared. It can be named later too."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def make_head(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {**self.list_days(), **{name: told[name] for name in ("title", "points", "appeal_days", "hear_days")}}


def read_head(content: Mapping[str, Any], plan: int, filing: str, revision: int) -> dict[str, Any]:
    """What stands in the fields of a draft's head."""
    told = {name: content[name] for name in ("title", "points", "appeal_days", "hear_days")}
    days = {"opens_on": date.fromisoformat(content["from"]), "last_on": date.fromisoformat(content["to"])}
    return told | days | {"plan": str(plan), "filing": filing, "revision": revision}


class ItemForm(PlainForm):
    """One item of a draft."""

    title = forms.CharField(label=pgettext_lazy("score", "What is scored"), max_length=80)
    title_en = forms.CharField(label=pgettext_lazy("score", "In English"), max_length=120, required=False)
    block = forms.ChoiceField(label=pgettext_lazy("score", "Block"))
    new_block = forms.CharField(label=pgettext_lazy("score", "or a new block"), max_length=40, required=False)
    sort = forms.ChoiceField(label=pgettext_lazy("score", "Sort of item"), choices=SORTS)
    points = _points(pgettext_lazy("score", "Points"))
    each = forms.IntegerField(
        label=pgettext_lazy("score", "Points for one time"),
        min_value=0,
        max_value=MOST_POINTS,
        required=False,
        help_text=_("For a bonus or a deduction; the points above are then the most it can come to."),
    )
    measure = forms.ChoiceField(label=pgettext_lazy("score", "Counted from"), choices=MEASURES)
    duties = forms.MultipleChoiceField(
        label=pgettext_lazy("score", "Duties"), required=False, widget=forms.CheckboxSelectMultiple
    )
    waits_for = forms.CharField(
        label=pgettext_lazy("score", "What the figure is about"),
        max_length=20,
        required=False,
        help_text=_("Such as 案件 or 预警. Until somebody brings the figure in, the item is unknown."),
    )
    kinds = forms.MultipleChoiceField(
        label=pgettext_lazy("score", "Only of these kinds of unit"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=UNIT_KIND_CHOICES,
        help_text=_("None chosen: the figure is asked of every unit."),
    )
    full_at = _points(
        pgettext_lazy("score", "All points up to, in per cent of earlier years"), required=False, lowest=0
    )
    none_at = _points(pgettext_lazy("score", "No points from, in per cent"), required=False)
    shrink = forms.IntegerField(
        label=pgettext_lazy("score", "Added to both counts"), min_value=0, max_value=MOST_SHRINK, required=False
    )
    years = forms.IntegerField(label=pgettext_lazy("score", "Earlier years"), min_value=1, max_value=10, required=False)
    basis = forms.CharField(
        label=pgettext_lazy("score", "Source"),
        max_length=120,
        required=False,
        help_text=_("The clause or rule it comes from."),
    )
    owner = forms.CharField(
        label=pgettext_lazy("score", "Office that answers for it"),
        max_length=60,
        required=False,
        help_text=_("An office, not a person."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, blocks: Mapping[str, Sequence[str]], duties: Sequence[tuple[str, str]], **values: Any
    ) -> None:
        super().__init__(*args, **values)
        self.blocks = dict(blocks)
        shown = [(code, titles[0]) for code, titles in blocks.items()]
        self.fields["block"].choices = shown  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["duties"].choices = duties  # type: ignore[attr-defined]  # a ChoiceField

    def make_item(self, code: str) -> dict[str, Any]:
        """The item as a file has it. What does not fit its sort is left out."""
        told = self.cleaned_data
        item = {"code": code, "block": self.find_block(), "title": told["title"]}
        item |= {"title_en": told["title_en"] or told["title"], "points": told["points"]}
        if told["sort"] != Sort.POINTS:
            item |= {"sort": told["sort"], "each": told["each"] or 0}
        else:
            item |= self._make_measure()
        return item | {name: told[name] for name in ("basis", "owner") if told[name]}

    def _make_measure(self) -> dict[str, Any]:
        told = self.cleaned_data
        if told["measure"] in OF_DUTIES:
            chosen: dict[str, Any] = {"duties": {"id": told["duties"]}} if told["duties"] else {}
            return chosen | ({"counts": "on_time"} if told["measure"] == "on_time" else {})
        if told["measure"] in OF_FINDINGS:
            counts = Counts.ON_TIME if told["measure"] == "findings_on_time" else Counts.MET
            return {"of": Base.FINDINGS.value, "counts": counts.value}
        waits = {"waits_for": told["waits_for"]} | ({"kinds": told["kinds"]} if told["kinds"] else {})
        if told["measure"] == "share":
            return waits
        scale = {name: told[name] for name in ("full_at", "none_at", "shrink", "years") if told[name] is not None}
        return waits | {"counts": Counts.BASELINE.value} | scale

    def find_block(self) -> str:
        """The code of the block that was chosen, or that of the new one."""
        name: str = self.cleaned_data["new_block"]
        if not name:
            return str(self.cleaned_data["block"])
        same = [code for code, titles in self.blocks.items() if titles[0] == name]
        return same[0] if same else next(code for n in range(1, 1000) if (code := f"block{n}") not in self.blocks)

    def list_blocks(self) -> dict[str, list[str]]:
        """The blocks of the card, with a new one."""
        name = self.cleaned_data["new_block"]
        found = {code: list(titles) for code, titles in self.blocks.items()}
        return found | ({self.find_block(): [name, name]} if name and self.find_block() not in found else {})

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        is_figure = told.get("sort") == Sort.POINTS and told.get("measure") not in (*OF_DUTIES, *OF_FINDINGS)
        if is_figure and not told.get("waits_for"):
            self.add_error("waits_for", _("Say what the figure is about, such as 案件."))
        if told.get("sort") == Sort.POINTS and told.get("measure") in OF_DUTIES and not told.get("duties"):
            self.add_error("duties", _("Choose at least one duty."))
        return told


def _name_measure(item: Item) -> str:
    if item.is_of_findings:
        return "findings_on_time" if item.counts is Counts.ON_TIME else "findings"
    return "share" if item.waits_for and item.counts is not Counts.BASELINE else item.counts.value


def read_item(card: Scorecard, code: str, chosen: Sequence[str], revision: int) -> dict[str, Any]:
    """What stands in the fields of an item."""
    item = card.by_code[code]
    told = {name: getattr(item, name) for name in ("title", "title_en", "block", "points", "each", "waits_for")}
    told |= {name: getattr(item, name) for name in ("full_at", "none_at", "shrink", "years", "basis", "owner")}
    return told | {
        "sort": item.sort.value,
        "measure": _name_measure(item),
        "duties": list(chosen),
        "kinds": list(item.kinds),
        "revision": revision,
    }


class ReasonForm(PlainForm):
    """An act that wants nothing but its facts. ``key`` is made with the page, so that sending twice is once."""

    text = forms.CharField(
        label=pgettext_lazy("score", "Facts and reason"), max_length=500, widget=forms.Textarea({"rows": 3})
    )
    key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), _("Open the page again, and send it from there.")),
    )


class FilingForm(PlainForm):
    text = forms.CharField(label=pgettext_lazy("score", "Filing of the yearly assessment plan"), max_length=120)


class DecideForm(ReasonForm):
    """Whether a deduction that was announced is made."""

    decision = forms.ChoiceField(
        label=pgettext_lazy("score", "Decision"),
        choices=[
            ("", "—"),
            ("imposed", pgettext_lazy("score", "deduct")),
            ("dropped", pgettext_lazy("score", "do not deduct")),
        ],
    )


class AnswerForm(ReasonForm):
    """The answer to an appeal."""

    decision = forms.ChoiceField(
        label=pgettext_lazy("score", "Decision"),
        choices=[
            ("", "—"),
            ("accepted", pgettext_lazy("score", "accept")),
            ("refused", pgettext_lazy("score", "refuse")),
        ],
    )
    points = forms.DecimalField(
        label=pgettext_lazy("score", "Points given back"),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=7,
        decimal_places=2,
        help_text=_("Only where the appeal is accepted."),
    )

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if told.get("decision") == "accepted" and told.get("points") is None and "points" not in self.errors:
            self.add_error("points", _("Say how many points are given back."))
        return told


class FiguresForm(PlainForm):
    """The figures of one item for every unit at once, with where they come from."""

    text = forms.CharField(
        label=pgettext_lazy("score", "Where the figures come from"),
        max_length=200,
        help_text=_("The table or system, and its day."),
    )

    def __init__(self, *args: Any, units: Sequence[Unit], **values: Any) -> None:
        super().__init__(*args, **values)
        self.units = units
        for unit in units:
            for name in ("done", "asked"):
                self.fields[f"{name}_{unit.pk}"] = forms.DecimalField(
                    label=unit.name, required=False, min_value=0, max_digits=16, decimal_places=2
                )

    def clean(self) -> dict[str, Any]:
        """Both numbers of a unit, or neither."""
        told = self.cleaned_data
        for unit in self.units:
            done, asked = told.get(f"done_{unit.pk}"), told.get(f"asked_{unit.pk}")
            if (done is None) != (asked is None) and not {f"done_{unit.pk}", f"asked_{unit.pk}"} & set(self.errors):
                self.add_error(f"asked_{unit.pk}" if asked is None else f"done_{unit.pk}", _("Both numbers, or none."))
        return told

    def list_figures(self) -> list[tuple[Unit, Decimal, Decimal]]:
        told = self.cleaned_data
        found = [(unit, told[f"done_{unit.pk}"], told[f"asked_{unit.pk}"]) for unit in self.units]
        return [(unit, done, asked) for unit, done, asked in found if done is not None and asked is not None]

    def list_rows(self) -> list[tuple[Unit, tuple[forms.BoundField, forms.BoundField]]]:
        return [(unit, (self[f"done_{unit.pk}"], self[f"asked_{unit.pk}"])) for unit in self.units]
