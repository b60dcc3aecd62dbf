"""What people type on the plan pages, in plain words; the plan language comes out of it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.adapters.documents import MAX_BYTES, SUFFIXES
from wuzha.adapters.wording.problem import describe_problem
from wuzha.adapters.wording.words import describe_attribute, describe_line, describe_unit_kind
from wuzha.core.base.problem import NOWHERE, Problem, Source, make_problem
from wuzha.core.base.unit import ATTRIBUTES, LINES, UNIT_KINDS
from wuzha.core.base.windows import Cadence
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.kinds.cover import BASES as POPULATIONS
from wuzha.core.ledger.record import Kinds
from wuzha.core.plan.amount import parse_amount
from wuzha.core.plan.build import LONGEST_DAYS
from wuzha.core.plan.language import MEASURES, ROADS, TARGET_KEYS
from wuzha.core.plan.lint.privacy import mask_people
from wuzha.core.plan.node import FIRST_DAY, LAST_DAY
from wuzha.web.accounts.forms import PlainForm
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.layout import Stretch, find_words
from wuzha.web.campaign.models import DraftDuty
from wuzha.web.campaign.wording import POPULATION_WORDS, language

Choices = Sequence[tuple[Any, Any]]
Mapped = dict[str, Any]

NUMBER = re.compile(r"\d{1,12}(\.\d{1,6})?")
SPLIT = re.compile(r"[、，,;；\n]+")
ALL = "all"
# So long may the words of one duty be; no demand is as long.
MAX_QUOTE = 2000

VERB_CHOICES: Choices = (
    ("", pgettext_lazy("verb", "Left open: the sentence says no number")),
    ("do", pgettext_lazy("verb", "Do so many times")),
    ("keep", pgettext_lazy("verb", "Keep so many in place")),
    ("cover", pgettext_lazy("verb", "Reach so many of a group")),
    ("file", pgettext_lazy("verb", "Hand in a document")),
    ("check", pgettext_lazy("verb", "Check every file of a register")),
    ("space", pgettext_lazy("verb", "Leave no stretch of road without one")),
    ("attain", pgettext_lazy("verb", "Bring an indicator to a value")),
)
SHAPE_WORDS: Mapping[str, Any] = MappingProxyType(
    {
        "event": _("Activities"),
        "visit": _("Visits"),
        "site": _("Things put up"),
        "handout": _("Things handed out"),
        "pledge": _("Pledges"),
        "posting": _("Postings"),
        "filing": _("Documents handed in"),
        "check": _("Registers"),
        "count": _("Indicators"),
    }
)
SIDES: Choices = (("at_least", _("at least")), ("at_most", _("at most")))
FORMS: Choices = (
    ("count", _("times, pieces, people")),
    ("percent", _("percent of the whole")),
    ("per_thousand", _("for every thousand of …")),
    ("per", _("for each one of …")),
    ("metres", _("metres")),
    ("fall", _("percent less than …")),
    ("rise", _("percent more than …")),
)
CADENCES: Choices = (
    ("", _("Once")),
    (Cadence.DAY, _("Every day")),
    (Cadence.WEEK, _("Every week")),
    (Cadence.FORTNIGHT, _("Every two weeks")),
    (Cadence.MONTH, _("Every month")),
    (Cadence.QUARTER, _("Every quarter")),
    (Cadence.HALF_YEAR, _("Every half-year")),
    (Cadence.SEMESTER, _("Every semester")),
    (Cadence.YEAR, _("Every year")),
)
AGAINST: Choices = (("", "—"), ("last_year", _("the same time last year")), ("last_period", _("the period before")))
DAYS_OFF: Choices = (
    ("", _("it stays")),
    ("next_workday", _("the next working day")),
    ("previous_workday", _("the working day before")),
)
GRADES: Choices = (("", "—"), ("high", _("High risk")), ("medium", _("Medium risk")), ("low", _("Low risk")))
MEASURE_WORDS: Mapping[str, Any] = MappingProxyType(
    {
        "quantity": _("the quantity"),
        "people": _("the people"),
        "area_m2": _("the square metres"),
        "loss_yuan": _("the yuan lost"),
    }
)
ROAD_WORDS: Mapping[str, Any] = MappingProxyType({"main_road": _("main roads")})
NONE: Choices = (("", "—"),)
CHECKS = forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})


def list_unit_kinds() -> Choices:
    return [(code, describe_unit_kind(code, language())) for code in UNIT_KINDS]


def list_lines() -> Choices:
    return [(ALL, _("Every line")), *((code, describe_line(code, language())) for code in LINES)]


def list_attributes() -> Choices:
    return [*NONE, *((code, describe_attribute(code, language())) for code in ATTRIBUTES)]


def list_kinds(kinds: Kinds) -> Choices:
    """Record kinds by shape, as one select shows them."""
    titles = {code: kind.title if language() == "zh" else kind.title_en for code, kind in kinds.items()}
    return [
        (word, [(code, titles[code]) for code, kind in kinds.items() if kind.shape == shape])
        for shape, word in SHAPE_WORDS.items()
    ]


def list_kinds_flat(kinds: Kinds) -> Choices:
    return [choice for _, choices in list_kinds(kinds) for choice in choices]


def list_objects(kinds: Kinds) -> Choices:
    groups: Choices = [(_("Groups of people and places"), [(code, POPULATION_WORDS[code]) for code in POPULATIONS])]
    return [*NONE, *list_kinds(kinds), *groups]


class UploadForm(PlainForm):
    """A plan as it was issued on paper."""

    file = forms.FileField(
        label=_("The plan, a .docx, .doc, .pdf, .html or .txt file"),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(SUFFIXES)}),
        allow_empty_file=True,
        max_length=400,
    )
    unit = forms.ModelChoiceField(label=_("Issued by which unit"), queryset=Unit.objects.none(), empty_label=None)
    year = forms.IntegerField(
        label=_("Year the plan is for"),
        min_value=2000,
        max_value=2099,
        help_text=_("Where the document names a day without its year, it is a day of this year."),
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **values: Any) -> None:
        super().__init__(*args, **values)
        field = self.fields["unit"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = units

    def clean_file(self) -> "UploadedFile[Any]":
        """Refused by its size alone, before its bytes are read into memory."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        size = file.size or 0
        if size > MAX_BYTES:
            name = str(file.name)
            self.refuse((make_problem("document.too-large", Source(name), name=name, size=size, limit=MAX_BYTES),))
        return file

    def refuse(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.add_error("file", describe_problem(problem, language()))


def make_day_field(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Please give the day.")},
        validators=[_check_day],
    )


def _check_day(day: date) -> None:
    """Refuses what the plan language would refuse."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise forms.ValidationError(describe_problem(make_problem("plan.day-range", value=day), language()))


class HeadForm(PlainForm):
    """What stands over the duties: title, issuer, validity and the dates of the phases."""

    title = forms.CharField(label=_("Title"), max_length=200)
    issuer = forms.CharField(label=_("Issuer"), max_length=200, required=False)
    valid_from = make_day_field(_("In force from"), required=True)
    valid_to = make_day_field(_("In force to"), required=True)

    def __init__(self, *args: Any, phases: Sequence[Mapping[str, Any]], **values: Any) -> None:
        super().__init__(*args, **values)
        self.phases = phases
        for number, phase in enumerate(phases):
            self.fields[f"name_{number}"] = forms.CharField(label=_("Phase"), max_length=80, initial=phase.get("name"))
            for key, label in (("from", pgettext_lazy("phase", "From")), ("to", pgettext_lazy("phase", "To"))):
                field = make_day_field(label, required=True)
                field.initial = phase.get(key)
                self.fields[f"{key}_{number}"] = field

    def list_phase_fields(self) -> list[list[forms.BoundField]]:
        return [[self[f"{key}_{number}"] for key in ("name", "from", "to")] for number in range(len(self.phases))]

    def clean(self) -> Mapped:
        data = super().clean() or {}
        pairs = [("valid_from", "valid_to"), *((f"from_{n}", f"to_{n}") for n in range(len(self.phases)))]
        for first, last in pairs:
            if data.get(first) and data.get(last) and data[last] < data[first]:
                self.add_error(last, _("The last day lies before the first. Change one of them."))
            elif data.get(first) and data.get(last) and (data[last] - data[first]).days >= LONGEST_DAYS:
                years = LONGEST_DAYS // 366
                self.add_error(last, describe_problem(make_problem("plan.too-long-in-force", years=years), language()))
        return data

    def make_head(self) -> Mapped:
        data = self.cleaned_data
        phases = [
            {**phase, "name": data[f"name_{n}"], "from": data[f"from_{n}"], "to": data[f"to_{n}"]}
            for n, phase in enumerate(self.phases)
        ]
        return {key: data[key] for key in ("title", "issuer", "valid_from", "valid_to")} | {"phases": phases}


class IssueForm(PlainForm):
    leave_out = forms.BooleanField(label=_("Leave out the duties that have not been decided"), required=False)


class WordsField(forms.CharField):
    """Words of the document, over several lines: a form is sent with other line ends than the document has."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class DutyForm(PlainForm):
    """One duty in plain words. :meth:`make_duty` says it in the plan language."""

    quote = WordsField(
        label=_("The words of the document"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_QUOTE,
        help_text=_("Exactly as they stand in the document."),
    )
    clause = forms.CharField(label=_("Clause"), max_length=60, required=False)
    kinds = forms.MultipleChoiceField(
        label=_("Who: kinds of unit"), widget=CHECKS, choices=list_unit_kinds, required=False
    )
    lines = forms.MultipleChoiceField(label=_("Who: lines"), widget=CHECKS, choices=list_lines, required=False)
    verb = forms.ChoiceField(label=_("What is asked"), choices=VERB_CHOICES, required=False)
    object = forms.ChoiceField(label=_("Of what"), required=False)
    also = forms.MultipleChoiceField(label=_("Counted as well"), widget=CHECKS, required=False)
    side = forms.ChoiceField(label=_("At least or at most"), choices=SIDES, required=False)
    number = forms.CharField(
        label=pgettext_lazy("duty", "Number"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    form = forms.ChoiceField(label=_("Measured in"), choices=FORMS, required=False)
    base = forms.ChoiceField(label=_("Of which figure"), choices=list_attributes, required=False)
    against = forms.ChoiceField(label=_("Compared with"), choices=AGAINST, required=False)
    every = forms.ChoiceField(label=_("How often"), choices=CADENCES, required=False)
    due_day = forms.IntegerField(label=_("Due on which day of the month"), min_value=1, max_value=31, required=False)
    on_day_off = forms.ChoiceField(label=_("When the due day is a day off"), choices=DAYS_OFF, required=False)
    month_ends = forms.IntegerField(
        label=_("The month is counted up to which day"), min_value=1, max_value=28, required=False
    )
    by = make_day_field(pgettext_lazy("duty", "Last day"))
    opens = make_day_field(pgettext_lazy("duty", "First day"))
    during = forms.ChoiceField(label=_("In which phase"), choices=NONE, required=False)
    vague = forms.BooleanField(label=_("The sentence says no number: show it, count nothing"), required=False)
    lead = forms.CharField(label=_("Who leads"), max_length=200, required=False)
    assist = forms.CharField(label=_("Who assists"), max_length=200, required=False)
    place = forms.CharField(label=_("Only at these places"), max_length=200, required=False)
    audience = forms.CharField(label=_("Only for these people"), max_length=200, required=False)
    proof = forms.CharField(label=_("To be attached"), max_length=200, required=False)
    sum = forms.ChoiceField(
        label=_("What is added up"), choices=[*NONE, *((m, MEASURE_WORDS[m]) for m in MEASURES)], required=False
    )
    through = forms.ChoiceField(label=_("Reached by"), required=False)
    along = forms.ChoiceField(
        label=_("Along"), choices=[*NONE, *((road, ROAD_WORDS[road]) for road in ROADS)], required=False
    )
    grade = forms.ChoiceField(label=_("Grade"), choices=GRADES, required=False)
    attributes = forms.MultipleChoiceField(
        label=_("Only units that have"),
        widget=CHECKS,
        choices=lambda: list_attributes()[1:],
        required=False,
    )
    seen_every = forms.IntegerField(
        label=_("Must have been seen within so many days"), min_value=1, max_value=9999, required=False
    )
    start = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    FIRST = ("verb", "object", "side", "number", "form", "base", "against", "every", "by", "vague")
    MORE = (
        *("during", "opens", "due_day", "on_day_off", "month_ends", "sum", "through", "along", "grade", "seen_every"),
        *("place", "audience", "proof", "lead", "assist", "clause"),
    )

    def __init__(self, *args: Any, phases: Sequence[Mapping[str, Any]], text: str, kinds: Kinds, **values: Any) -> None:
        """``kinds`` are those that a plan of the unit can name."""
        super().__init__(*args, **values)
        self.text, self.record_kinds = text, kinds
        # The people in the words are covered here as on every page; words that stay covered are those of the document.
        self.kept_quote = str(self.initial.get("quote") or "")
        self.initial = {**self.initial, "quote": mask_people(self.kept_quote)}
        self.spans: list[Stretch] = []
        self._offer("during", [*NONE, *((str(phase["id"]), phase.get("name") or phase["id"]) for phase in phases)])
        self._offer("object", list_objects(kinds))
        self._offer("also", list_kinds_flat(kinds))
        self._offer("through", [*NONE, *list_kinds(kinds)])

    def _offer(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def list_first(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIRST]

    def list_more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MORE]

    def has_more(self) -> bool:
        """Whether the less usual fields say something, so that they are shown open."""
        asked = (*(name for name in self.MORE if name != "clause"), "attributes")
        return any(self[name].value() or self[name].errors for name in asked)

    def say_also(self) -> str:
        """The further kinds that the duty counts, by their titles."""
        return self._say_chosen("also", list_kinds_flat(self.record_kinds))

    def say_kinds(self) -> str:
        """Who bears the duty, by the kinds of unit."""
        return self._say_chosen("kinds", list_unit_kinds())

    def _say_chosen(self, name: str, choices: Choices) -> str:
        chosen = self[name].value() or ()
        titles = [str(title) for code, title in choices if code in chosen]
        return ("、" if language() == "zh" else ", ").join(titles)

    def clean_number(self) -> str:
        text = str(self.cleaned_data["number"]).strip()
        if text and not NUMBER.fullmatch(text):
            raise forms.ValidationError(_("Write a number with digits, such as 1, 50 or 1.5."))
        return text

    def clean(self) -> Mapped:
        data = super().clean() or {}
        needs = {"fall": "against", "rise": "against", "per": "base", "per_thousand": "base"}.get(data.get("form", ""))
        if data.get("number") and needs and not data.get(needs):
            self.add_error(needs, _("Choose what the number is held against."))
        if self.kept_quote and data.get("quote") == mask_people(self.kept_quote):
            data["quote"] = self.kept_quote
        if self.text and data.get("quote"):
            self._place_quote(data)
        return data

    def _place_quote(self, data: Mapped) -> None:
        """Finds the words, and takes them as the document has them, with its own gaps between them."""
        near = -1 if data.get("start") is None else data["start"]
        # Whoever copies words from the page has them covered; what is covered is as long as it was.
        self.spans = find_words(self.text, data["quote"], near) or find_words(
            mask_people(self.text), data["quote"], near
        )
        if not self.spans:
            self.add_error("quote", _("These words do not stand in the document. Copy them from it exactly."))
        elif len(self.spans) == 1:
            data["quote"] = self.text[slice(*self.spans[0])]

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Puts each mistake beside the field it is about."""
        for problem in problems:
            field = KEY_FIELDS.get(problem.source.key)
            self.add_error(field, describe_problem(replace(problem, source=NOWHERE), language()))

    def make_duty(self, before: Mapping[str, Any]) -> Mapped:
        """The duty in the plan language; what this form does not ask stays as it was."""
        data = self.cleaned_data
        kept = {key: value for key, value in before.items() if key not in ASKED}
        told = {
            **{"clause": data["clause"], "quote": data["quote"], "span": self._find_span(before)},
            **{"who": _make_who(data, before), "lead": data["lead"], "with": data["assist"]},
            **({data["verb"]: _keep_list(data, before)} if data["verb"] else {}),
            **_make_target(data),
            **{"every": str(data["every"]), "month_ends": data["month_ends"], "by": data["by"]},
            **{"due": _make_due(data), "from": data["opens"]},
            **{"during": data["during"], "seen_every": data["seen_every"], "vague": data["vague"]},
            **{key: data[key] for key in ("sum", "through", "along", "grade")},
            **{"where": _split(data["place"]), "for": _split(data["audience"]), "proof": _split(data["proof"])},
        }
        return kept | {key: value for key, value in told.items() if _says(value)}

    def _find_span(self, before: Mapping[str, Any]) -> list[int] | None:
        """Where the quote stands: where it was, where the person selected it, or where the document first has it."""
        if self.cleaned_data["quote"] == before.get("quote"):
            return before.get("span")
        return [self.spans[0][0], self.spans[-1][1]] if self.spans else None

    def choose_spans(self, row: DraftDuty) -> Sequence[Sequence[int]]:
        """Every stretch of the document, where one does not hold them all; those of the duty, if its words stayed."""
        if self.cleaned_data["quote"] == row.duty.get("quote"):
            return list(row.spans)
        return self.spans if len(self.spans) > 1 else []


ASKED = frozenset(
    {
        *("clause", "quote", "span", "who", "lead", "with", "every", "month_ends", "due", "by", "from", "during"),
        *("seen_every", "vague", "sum", "through", "along", "grade", "where", "for", "proof"),
        *VERBS,
        *TARGET_KEYS,
    }
)
KEY_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(VERBS, "object"),
        **dict.fromkeys(TARGET_KEYS, "number"),
        **{
            key: key
            for key in ("every", "month_ends", "by", "during", "seen_every", "through", "along", "grade", "sum")
        },
        **{"who": "kinds", "kind": "kinds", "line": "lines", "attribute": "attributes", "of": "base"},
        **{
            "against": "against",
            "due": "due_day",
            "day": "due_day",
            "on_day_off": "on_day_off",
            "from": "opens",
            "vague": "vague",
            "clause": "clause",
        },
        **{"where": "place", "for": "audience", "proof": "proof", "lead": "lead", "with": "assist", "quote": "quote"},
    }
)


def _make_due(data: Mapped) -> Mapped:
    said = {"day": data["due_day"], "on_day_off": data["on_day_off"]}
    return {key: value for key, value in said.items() if value}


def _says(value: object) -> bool:
    """Whether a field says anything. A number 0 does: that it must be above zero is told, not that it is missing."""
    return bool(value) or (value == 0 and value is not False)


def _split(text: str) -> list[str]:
    return [part.strip() for part in SPLIT.split(text) if part.strip()]


def _make_who(data: Mapped, before: Mapping[str, Any]) -> Mapped:
    """Names and areas, which this form does not ask, stay."""
    kept = {key: value for key, value in (before.get("who") or {}).items() if key in ("area", "name")}
    asked = {"kind": data["kinds"], "line": data["lines"], "attribute": data["attributes"]}
    return kept | {key: value[0] if len(value) == 1 else value for key, value in asked.items() if value}


def _keep_list(data: Mapped, before: Mapping[str, Any]) -> object:
    """A duty may count several kinds of record. What was not changed stays as it was written."""
    written, chosen = before.get(data["verb"]), [data["object"], *data["also"]]
    asked = list(dict.fromkeys(chosen))
    if written is not None and _list_codes(written) == asked:
        return written
    return asked if len(asked) > 1 else data["object"]


def _make_target(data: Mapped) -> Mapped:
    if not data["number"]:
        return {}
    number, form, side = data["number"], data["form"], data["side"] or "at_least"
    if form in ("fall", "rise"):
        return {"change": _make_change(number, form, side) | {"against": data["against"]}}
    amounts: Mapped = {
        "percent": f"{number}%",
        "metres": f"{number} m",
        "per": {"per": _write(number), "of": data["base"]},
        "per_thousand": {"per_thousand": _write(number), "of": data["base"]},
    }
    return {side: amounts.get(form, _write(number))}


def _make_change(number: str, form: str, side: str) -> Mapped:
    """A fall of at least 20 % is a change of at most -20 %."""
    if form == "rise":
        return {side: f"{number}%"}
    return {"at_most" if side == "at_least" else "at_least": f"-{number}%"}


def _write(number: str) -> int | str:
    return number if "." in number else int(number)


def read_duty(duty: Mapping[str, Any]) -> Mapped:
    """What the form shows at first for a duty of the plan language."""
    written = duty.get("who")
    who: Mapping[str, Any] = written if isinstance(written, Mapping) else {}
    verb = next((name for name in VERBS if duty.get(name)), "")
    due = duty.get("due")
    return {
        **{key: duty.get(key) for key in ("quote", "clause", "every", "month_ends", "during", "vague", "lead")},
        **{key: duty.get(key) for key in ("sum", "along", "grade", "seen_every")},
        **{"kinds": _list(who.get("kind")), "lines": _list(who.get("line")), "attributes": _list(who.get("attribute"))},
        **{"verb": verb, "object": _code(duty.get(verb)) if verb else "", "through": _code(duty.get("through"))},
        **{"also": _list_codes(duty.get(verb))[1:] if verb else []},
        **{"by": duty.get("by"), "opens": duty.get("from"), "assist": _join(duty.get("with"))},
        **{"due_day": due.get("day") if isinstance(due, Mapping) else None},
        **{"on_day_off": due.get("on_day_off") if isinstance(due, Mapping) else None},
        **{"place": _join(duty.get("where")), "audience": _join(duty.get("for")), "proof": _join(duty.get("proof"))},
        **_read_target(duty),
    }


def _list_codes(value: object) -> list[str]:
    return [item.replace("-", "_") for item in _list(value)]


def _code(value: object) -> str:
    return next(iter(_list_codes(value)), "")


def _list(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)] if value else []


def _join(value: object) -> str:
    return "、".join(_list(value))


def _read_target(duty: Mapping[str, Any]) -> Mapped:
    change = duty.get("change")
    if isinstance(change, Mapping):
        return _read_change(change)
    side = "at_most" if duty.get("at_most") is not None else "at_least"
    value = duty.get(side)
    if isinstance(value, Mapping):
        return {"side": side} | _read_rate(value)
    amount = parse_amount(value)
    if amount is None:
        return {"side": side, "number": "" if value is None else str(value)}
    if amount.form == "share":
        return {"side": side, "number": _show(amount.value * 100), "form": "percent"}
    return {"side": side, "number": _show(amount.value), "form": "metres" if amount.form == "metres" else "count"}


def _read_rate(value: Mapping[str, Any]) -> Mapped:
    """A rate per hundred is shown per thousand."""
    of = str(value.get("of", ""))
    if "percent" in value:
        amount = parse_amount(value["percent"])
        return {"number": _show(amount.value * 10) if amount else "", "form": "per_thousand", "base": of}
    form = "per" if "per" in value else "per_thousand"
    return {"number": str(value.get(form, "")), "form": form, "base": of}


def _read_change(change: Mapping[str, Any]) -> Mapped:
    side = "at_most" if change.get("at_most") is not None else "at_least"
    amount = parse_amount(change.get(side))
    value = amount.value if amount else Fraction(0)
    falls = value < 0
    spoken = side if not falls else ("at_least" if side == "at_most" else "at_most")
    number = _show(abs(value) * 100) if amount else ""
    return {"side": spoken, "number": number, "form": "fall" if falls else "rise", "against": change.get("against")}


def _show(value: Fraction) -> str:
    """A decimal without superfluous zeros; amounts come with at most six places."""
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.6f}".rstrip("0")


def find_year(today: date) -> int:
    """The year that plans are being written for: from November on, the next one."""
    return today.year + 1 if today.month >= 11 else today.year
