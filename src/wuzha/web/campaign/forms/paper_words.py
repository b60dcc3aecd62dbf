"""What is typed into the papers that are no letters: a plan, a policy note, the record of a talk, a notice."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.web.campaign.forms.papers import AskForm, HeadedForm, WordsForm
from wuzha.web.campaign.forms.plans import make_day_field

MOST_WORDS = 4000
A_LINE_A_PARAGRAPH = _("One paragraph a line.")
FILLED_BY_HAND = _("One paragraph a line. Left empty, it is filled in by hand.")


def make_lines_field(label: Any, rows: int, help_text: Any = A_LINE_A_PARAGRAPH, *, required: bool = False) -> Any:
    return forms.CharField(
        label=label,
        max_length=MOST_WORDS,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


def make_line_field(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=120, required=False)


class PlanAskForm(AskForm):
    """Of which plan."""

    plan = forms.IntegerField(label=_("Plan"), min_value=1)


class PlanForm(HeadedForm):
    """The words around the duties of a plan, and how it is dressed."""

    lines = prose = ("purpose", "closing")
    field_order = ("title", "purpose", "closing", "head", "has_annex", "signed_by", "mark")

    purpose = make_lines_field(
        _("Purpose and basis"),
        5,
        _("One paragraph a line. Taken from the document as it was read, where there is one."),
    )
    closing = make_lines_field(_("Demands on the work"), 4)
    head = forms.ChoiceField(
        label=pgettext_lazy("paper", "Head"),
        required=False,
        choices=[("", _("No head, or paper with its head on it")), ("red", _("Red head"))],
    )
    has_annex = forms.BooleanField(label=_("With the table of duties as its annex"), required=False)


class NoteForm(WordsForm):
    """The words of a policy note."""

    lines = ("purpose", "contact")
    prose = ("purpose",)
    field_order = ("title", "purpose", "contact", "signed_by", "mark")

    purpose = make_lines_field(
        _("Why the plan was made"),
        5,
        _("Taken from the document as it was read. Left empty, the note says that the plan does not tell."),
    )
    contact = make_lines_field(
        _("Whom to ask about the plan"),
        3,
        _("Office, address and telephone as you type them; 96110 and 110 stand below."),
    )


class TalkForm(WordsForm):
    """When, where and with whom the talk was, and what came of it."""

    lines = prose = ("answers", "agreed")
    field_order = (
        "title",
        "talked_on",
        "place",
        "held_by",
        "present",
        "recorder",
        "answers",
        "agreed",
        "mend_by",
        "signed_by",
        "mark",
    )

    talked_on = make_day_field(_("Day of the talk"), required=True)
    place = make_line_field(pgettext_lazy("talk", "Place"))
    held_by = make_line_field(_("Who held the talk"))
    present = make_line_field(_("Who took part"))
    recorder = make_line_field(_("Who keeps the record"))
    answers = make_lines_field(_("What the unit said"), 4, FILLED_BY_HAND)
    agreed = make_lines_field(_("What was agreed"), 4, FILLED_BY_HAND)
    mend_by = make_day_field(_("To be done by"))


class NoticeForm(HeadedForm):
    """A notice is typed whole."""

    lines = ("body",)
    field_order = ("title", "addressee", "body", "signed_by", "mark")

    addressee = forms.CharField(label=_("To"), max_length=120)
    body = make_lines_field(
        pgettext_lazy("paper", "Text"),
        12,
        _("One paragraph a line. A line that begins with 一、 or （一） or 1. becomes a heading and is numbered anew."),
        required=True,
    )


class ScoreAskForm(AskForm):
    """Of which scorecard."""

    card = forms.IntegerField(label=pgettext_lazy("paper", "Scorecard"), min_value=1)


class RoundAskForm(AskForm):
    """Of which round of inspection."""

    round = forms.IntegerField(label=pgettext_lazy("paper", "Round of inspection"), min_value=1)


class ScoreTableForm(WordsForm):
    """The words around a table of scores."""

    lines = prose = ("closing",)
    field_order = ("title", "addressee", "closing", "signed_by", "mark")

    addressee = forms.CharField(label=_("To"), max_length=120)
    closing = make_lines_field(_("What is said below the table"), 4)
