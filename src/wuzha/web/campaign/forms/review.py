"""What people choose on the review page beside mending: answers to questions, one of several, several of one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.core.ledger.record import Kinds
from wuzha.web.accounts.forms import PlainForm
from wuzha.web.campaign.forms.plans import (
    CADENCES,
    FORMS,
    NONE,
    VERB_CHOICES,
    DutyForm,
    Mapped,
    list_attributes,
    list_objects,
    list_unit_kinds,
    make_day_field,
)
from wuzha.web.campaign.layout import Stretch, find_words, join_words, list_spans, melt
from wuzha.web.campaign.models import DraftDuty

ANSWERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "question.who": ("kinds",),
        "question.verb": ("verb", "object", "number"),
        "question.not-counted": ("verb", "object", "number"),
        "question.amount": ("number", "form", "base"),
        "question.base": ("base",),
        "question.cadence": ("every",),
        "question.deadline": ("by",),
    }
)
# Behind these signs, and before these words, a sentence may be cut in two.
SEAMS = re.compile(r"(?<=[，,、；;。：:\t\n\v])|(?=[和及与并])")
# More than these at once are no longer one demand; nobody could compare them on one page.
MAX_MERGED = 20
EDGES = " \u3000\t\n\v，,、；;。：:"


class AnswerForm(PlainForm):
    """The fields that answer a question, as they stand beside it. What they say is judged by the form of the duty."""

    kinds = forms.ChoiceField(label=_("Who bears it"), choices=lambda: [*NONE, *list_unit_kinds()], required=False)
    verb = forms.ChoiceField(label=_("What is asked"), choices=VERB_CHOICES, required=False)
    object = forms.ChoiceField(label=_("Of what"), required=False)
    number = forms.CharField(
        label=pgettext_lazy("duty", "Number"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": "6"}),
    )
    form = forms.ChoiceField(label=_("Measured in"), choices=FORMS, required=False)
    base = forms.ChoiceField(label=_("Of which figure"), choices=list_attributes, required=False)
    every = forms.ChoiceField(label=_("How often"), choices=CADENCES, required=False)
    by = make_day_field(pgettext_lazy("duty", "Last day"))


def render_answer_fields(kinds: Kinds) -> Mapping[str, SafeString]:
    """For each question its fields, ready to stand in any form; made once a page, since a long plan asks often."""
    form = AnswerForm(auto_id=False)
    what = form.fields["object"]
    assert isinstance(what, forms.ChoiceField)
    what.choices = list_objects(kinds)
    fields = {name: _render_field(form[name]) for name in form.fields}
    return {code: format_html_join("", "{}", ((fields[name],) for name in names)) for code, names in ANSWERS.items()}


def _render_field(field: forms.BoundField) -> SafeString:
    style = "form-select" if isinstance(field.field, forms.ChoiceField) else "form-control"
    return format_html("<label>{} {}</label>", field.label, field.as_widget(attrs={"class": style}))


def answer_questions(
    shown: Mapped, questions: Sequence[str], data: Any, read: Mapping[str, Any]
) -> tuple[Mapped, list[str]]:
    """The duty with the answers put in, as the form of the duty takes it, and the questions that they answer.

    A question whose fields were left empty stays. ``keep`` says of all that is open: list it, count nothing. ``read``
    is the demand that the reader found: its number stands where the person chose only what is to be counted.
    """
    if data.get("keep"):
        return shown | {"vague": True}, list(questions)
    answered = [code for code in questions if _is_answered(code, data)]
    told = {name: data.get(name, "") for code in answered for name in ANSWERS[code] if data.get(name)}
    if "verb" in told and not told.get("number") and not shown.get("number"):
        told["number"] = _read_whole(read.get("value"))
    if "kinds" in told:
        told["kinds"] = [told["kinds"]]
    left = [code for code in questions if code not in answered and code != "question.who"]
    return shown | told | {"vague": bool(shown["vague"]) and bool(left)}, answered


def _read_whole(value: object) -> str:
    return str(value) if isinstance(value, int) and value > 0 else ""


def _is_answered(code: str, data: Any) -> bool:
    """Once (no cadence) is an answer too, given by an empty choice; whoever sends the form has seen it."""
    names = ANSWERS.get(code, ())
    return (code == "question.cadence" and "every" in data) or any(data.get(name) for name in names[:1])


class MergeForm(PlainForm):
    """Which of several duties stays, and with which number."""

    keep = forms.ChoiceField(
        label=_("Which one stays"), widget=forms.RadioSelect(attrs={"class": "form-check-input"}), choices=()
    )
    number = forms.CharField(
        label=pgettext_lazy("duty", "Number"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("Leave it empty to keep the number of the one that stays."),
    )

    def __init__(self, *args: Any, sentences: Sequence[tuple[int, str]], **values: Any) -> None:
        super().__init__(*args, **values)
        field = self.fields["keep"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(str(pk), sentence) for pk, sentence in sentences]

    def write_whole(self, shown: Mapped, quote: str) -> Mapped:
        """The duty that stays, as the form of a duty takes it: with the words of all and the number chosen, if any."""
        number = self.cleaned_data["number"].strip()
        return shown | {"quote": quote} | ({"number": number, "vague": False} if number else {})

    def take_mistakes(self, whole: DutyForm) -> None:
        """What is wrong with the whole duty, told beside the one field that is here, or above all."""
        for name, errors in whole.errors.items():
            self.add_error("number" if name == "number" else None, list(errors))


def add_up(duties: Sequence[Mapped]) -> Mapped:
    """``numbers`` and their ``total``, where each duty has a whole number of the same thing in the same time."""
    numbers = [str(one.get("number") or "") for one in duties]
    kinds = {(one["verb"], one["object"], one.get("form"), one["every"]) for one in duties}
    if len(kinds) > 1 or not all(number.isdecimal() for number in numbers):
        return {}
    return {"numbers": numbers, "total": sum(map(int, numbers))}


def merge_words(text: str, rows: Sequence[DraftDuty]) -> tuple[str, list[Stretch]]:
    """The quotes of all, once each in the order of the document, and every stretch they came from."""
    spans = sorted({span for row in rows for span in list_spans(row)})
    if text and spans:
        return join_words(text, spans), spans
    return "……".join(dict.fromkeys(str(row.duty.get("quote", "")) for row in rows)), []


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a duty's words between two places where they may be cut; ``end`` names the cut behind it."""

    start: int
    end: int
    words: str


class SplitForm(PlainForm):
    """Where the words of a duty are cut, so that one duty becomes several."""

    cut = forms.MultipleChoiceField(choices=(), required=False)
    copy = forms.BooleanField(required=False)

    def __init__(self, *args: Any, row: DraftDuty, text: str, **values: Any) -> None:
        super().__init__(*args, **values)
        self.quote = str(row.duty.get("quote", ""))
        found = list_spans(row) or find_words(text, self.quote)
        # A duty without a place in a document is cut by its own words, and its parts have no place either.
        self.is_placed = bool(text and found)
        self.text = text if self.is_placed else self.quote
        self.segments = list(_cut_seams(self.text, melt(found) if self.is_placed else [(0, len(self.quote))]))
        field = self.fields["cut"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(str(segment.end), "") for segment in self.segments[:-1]]

    def chosen(self) -> set[str]:
        return set(self["cut"].value() or ())

    def clean(self) -> Mapped:
        data = super().clean() or {}
        if not data.get("cut") and not data.get("copy"):
            self.add_error(None, _("Choose at least one place to cut, or copy the duty whole."))
        return data

    def list_parts(self) -> list[Mapped]:
        """``quote``, ``span`` and ``spans`` of each part."""
        if self.cleaned_data["copy"]:
            return [self._make_part(self.segments)] * 2
        cuts = set(self.cleaned_data["cut"])
        parts: list[list[Segment]] = [[]]
        for segment in self.segments:
            parts[-1].append(segment)
            if str(segment.end) in cuts:
                parts.append([])
        return [part for part in map(self._make_part, filter(None, parts)) if part["quote"]]

    def _make_part(self, segments: Sequence[Segment]) -> Mapped:
        spans = _join_segments(self.text, segments)
        quote = join_words(self.text, spans)
        if not self.is_placed or not spans:
            return {"quote": quote, "span": None, "spans": []}
        return {"quote": quote, "span": [spans[0][0], spans[-1][1]], "spans": spans if len(spans) > 1 else []}


def _cut_seams(text: str, spans: Sequence[Stretch]) -> Iterator[Segment]:
    for start, end in spans:
        seams = [start + match.start() for match in SEAMS.finditer(text[start:end])]
        edges = sorted({start, *seams, end})
        for low, high in pairwise(edges):
            yield Segment(low, high, text[low:high])


def _join_segments(text: str, segments: Sequence[Segment]) -> list[Stretch]:
    """Neighbours as one stretch, without the signs at its edges."""
    joined: list[Stretch] = []
    for segment in segments:
        if joined and joined[-1][1] == segment.start:
            joined[-1] = (joined[-1][0], segment.end)
        else:
            joined.append((segment.start, segment.end))
    trimmed = [_trim(text, stretch) for stretch in joined]
    return [(start, end) for start, end in trimmed if start < end]


def _trim(text: str, stretch: Stretch) -> Stretch:
    words = text[stretch[0] : stretch[1]]
    start = stretch[0] + len(words) - len(words.lstrip(EDGES))
    return start, start + len(words.strip(EDGES))
