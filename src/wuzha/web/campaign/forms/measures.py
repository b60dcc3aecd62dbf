"""What a person types to give a measure, to answer or decide about one, and to change the ladder."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.adapters.supervision_yaml import load_ladder, read_ladder_yaml, write_ladder_yaml
from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import has_errors
from wuzha.core.supervision.life import Named
from wuzha.core.supervision.model import POSTS, Ladder, Step, Trigger
from wuzha.core.supervision.trigger import parse_trigger, write_trigger
from wuzha.web.accounts.forms import PlainForm
from wuzha.web.campaign.forms.plans import make_day_field
from wuzha.web.campaign.models.papers import Form
from wuzha.web.campaign.wording import is_chinese, language

MOST_DAYS = 366
Choices = Sequence[tuple[str, str]]
# How a clerk writes a trigger; longer words first, since some hold others.
TRIGGER_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "连续未完成期数": "missed_in_a_row",
        "未完成期数": "missed_windows",
        "未完成任务数": "missed_duties",
        "到期后天数": "overdue_days",
        "指标比自身以往变差": "worse_than_baseline",
        "≥": ">=",
        "＞": ">",
        "且": " and ",
    }
)


class MeasureAskForm(PlainForm):
    """To which unit, in which plan, which step: the address of a new measure."""

    unit = forms.CharField(max_length=32)
    plan = forms.IntegerField(min_value=1)
    step = forms.CharField(max_length=40, required=False)


class GiveForm(PlainForm):
    """Which step, for which windows, and why where it was not proposed."""

    step = forms.ChoiceField(label=pgettext_lazy("supervision", "Step"), widget=forms.RadioSelect)
    about = forms.MultipleChoiceField(
        label=_("For what"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing that was not done. Without facts nothing is given.")},
    )
    reason = forms.CharField(
        label=_("Why, if it was not proposed"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, steps: Choices, windows: Choices, **values: Any) -> None:
        super().__init__(*args, **values)
        # What can be chosen hangs on the unit's own case.
        self.fields["step"].choices = steps  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["about"].choices = windows  # type: ignore[attr-defined]  # a ChoiceField

    def list_named(self) -> tuple[Named, ...]:
        found: dict[str, list[str]] = {}
        for key in self.cleaned_data["about"]:
            duty, _sign, window = key.partition("|")
            found.setdefault(duty, []).append(window)
        return tuple(Named(duty, tuple(windows)) for duty, windows in found.items())


class TellForm(PlainForm):
    """What is told of a paper or a measure."""

    kind = forms.ChoiceField(choices=[(one, one) for one in ("answered", "mended", "appealed")])
    note = forms.CharField(label=_("In words"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["note"].error_messages["required"] = _("It says nothing. Write what is meant.")


class DecideForm(TellForm):
    """What the office decides: to clear wants no words, to extend wants a day."""

    kind = forms.ChoiceField(choices=[(one, one) for one in ("upheld", "lifted", "cleared", "extended")])
    until = make_day_field(_("New day of mending"))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["note"].required = self.data.get("kind") != "cleared"


# --- the ladder -------------------------------------------------------------------------------------------------------


class LadderForm(PlainForm):
    """What holds for the whole ladder."""

    title = forms.CharField(label=_("Name of the ladder"), max_length=60)
    look_back_days = forms.IntegerField(
        label=_("Days looked back"),
        min_value=1,
        max_value=MOST_DAYS,
        help_text=_("Windows due longer ago count only where nothing was met since; ended measures are shown so long."),
    )
    reason = forms.CharField(label=_("Why it is changed"), max_length=200)


class StepForm(PlainForm):
    """One step: used or not, its name, when it may come, its days, who may give it by which paper."""

    code = forms.CharField(max_length=40, widget=forms.HiddenInput)
    is_on = forms.BooleanField(label=_("In use"), required=False)
    title = forms.CharField(label=pgettext_lazy("ladder", "Name"), max_length=40)
    title_en = forms.CharField(label=_("English name"), max_length=80)
    triggers = forms.CharField(
        label=_("When it may be proposed, one line each"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    answer_days = forms.IntegerField(label=_("Days to answer"), min_value=1, max_value=MOST_DAYS)
    mend_days = forms.IntegerField(label=_("Days to mend"), min_value=1, max_value=MOST_DAYS)
    appeal_days = forms.IntegerField(label=_("Days to appeal"), min_value=1, max_value=MOST_DAYS)
    given_by = forms.MultipleChoiceField(
        label=_("Who may give it"),
        choices=(("officer", _("Campaign officer")), ("supervisor", _("Supervisor"))),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Say who may give this step.")},
    )
    paper = forms.ChoiceField(
        label=_("By which paper"),
        choices=[(one.value, one.label) for one in (Form.LETTER, Form.CIRCULAR, Form.SUPERVISE)],
    )

    def clean_triggers(self) -> tuple[Trigger, ...]:
        read = [parse_trigger(_read_words(line)) for line in self.cleaned_data["triggers"].splitlines() if line.strip()]
        problems = [problem for _trigger, told in read for problem in told]
        if problems:
            raise forms.ValidationError([describe_problem(problem, language()) for problem in problems])
        return tuple(trigger for trigger, _told in read)

    def make_step(self, after: str) -> Step:
        told = self.cleaned_data
        names = ("code", "title", "title_en", "triggers", "answer_days", "mend_days", "appeal_days", "paper")
        posts = tuple(post for post in POSTS if post in told["given_by"])
        return Step(after=after, given_by=posts, **{name: told[name] for name in names})


def _read_words(line: str) -> str:
    for word, code in TRIGGER_WORDS.items():
        line = line.replace(word, code)
    return line


def show_trigger(trigger: Trigger) -> str:
    """A trigger as a clerk writes it."""
    text = write_trigger(trigger)
    if not is_chinese():
        return text
    text = text.replace(" and ", " 且 ").replace(">=", "≥")
    for word, code in [*TRIGGER_WORDS.items()][:5]:
        text = text.replace(code, word)
    return text


def make_step_forms(ladder: Ladder, data: Mapping[str, Any] | None) -> list[StepForm]:
    """A form for each step of the ladder, and for those of the package that are not in use."""
    own = ladder.by_code
    steps = [own.get(step.code, step) for step in load_ladder().steps]
    steps += [step for step in ladder.steps if step not in steps]
    return [StepForm(data, prefix=step.code, initial=_show_step(step, step.code in own)) for step in steps]


def _show_step(step: Step, is_on: bool) -> dict[str, Any]:
    names = ("code", "title", "title_en", "answer_days", "mend_days", "appeal_days", "given_by", "paper")
    shown = {name: getattr(step, name) for name in names}
    return shown | {"is_on": is_on, "triggers": "\n".join(show_trigger(one) for one in step.triggers)}


def make_ladder_text(head: LadderForm, steps: Sequence[StepForm]) -> str | None:
    """The ladder as a file; none, with the reasons in the forms, where it is not in order.

    Each step in use follows the one in use below it.
    """
    used = [form for form in steps if form.is_valid() and form.cleaned_data["is_on"]]
    if not head.is_valid() or not all(form.is_valid() for form in steps if form.data.get(f"{form.prefix}-is_on")):
        return None
    made: list[Step] = []
    for form in used:
        made.append(form.make_step(made[-1].code if made else ""))
    kept = Ladder(head.cleaned_data["title"], tuple(made), head.cleaned_data["look_back_days"])
    text = write_ladder_yaml(kept)
    _read, problems = read_ladder_yaml(text)
    for problem in problems:
        head.add_error(None, describe_problem(problem, language()))
    return None if has_errors(problems) else text
