"""What people type to add a kind of record, to change or to close one."""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wuzha.adapters.wording.record import list_strange_fields
from wuzha.core.duty.kinds.cover import BASES
from wuzha.core.ledger.record import COUNTABLE, Detail, RecordKind
from wuzha.core.plan.burden.minutes import MOST
from wuzha.web.accounts.forms import PlainForm
from wuzha.web.campaign.kinds import load_kinds, load_kinds_around
from wuzha.web.campaign.wording import POPULATION_WORDS, SHAPES, title_kind

CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
# A register and an indicator take more than a form can say: grades, cadences, and what is computed from what.
OFFERED = ("event", "visit", "site", "handout", "pledge", "posting", "filing", "count")
ASKABLE: Mapping[str, Any] = MappingProxyType(
    {
        "quantity": _("how many (always asked, but for what is filed)"),
        "people": _("how many people"),
        "subject": _("a number (household, site), no names"),
        "place": _("place"),
        "audience": _("audience"),
        "area_m2": _("area in square metres"),
        "loss_yuan": _("loss in yuan"),
    }
)
# The sorts whose records are about people who were met, reached or handed something.
REACHING = frozenset({"event", "visit", "handout", "pledge", "posting"})
POPULATIONS = tuple((code, POPULATION_WORDS[code]) for code in BASES)
MOST_DETAILS = 8
TEXT = forms.TextInput({"autocomplete": "off"})


class KindForm(PlainForm):
    """A kind of the county's own. Its code and its shape stay as they were first said: old records hang on them."""

    title = forms.CharField(
        label=_("Name of the kind"), max_length=40, widget=TEXT, help_text=_("As people say it: 反诈夜市")
    )
    title_en = forms.CharField(label=_("English name"), max_length=60, required=False, widget=TEXT)
    code = forms.CharField(
        label=_("Code of the kind"),
        max_length=40,
        widget=TEXT,
        help_text=_("What a plan file writes for it: small letters, figures and underscores, such as night_market."),
    )
    shape = forms.ChoiceField(label=_("Sort of record"), choices=[(code, SHAPES[code]) for code in OFFERED])
    asks = forms.MultipleChoiceField(
        label=_("What the form asks"),
        choices=list(ASKABLE.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Ask for as little as will do. Every field costs everybody time."),
    )
    details = forms.CharField(
        label=_("What else may be described"),
        required=False,
        max_length=400,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("One a line, eight at most. It is kept and shown; nothing is counted by it."),
    )
    counts = forms.ChoiceField(label=_("What a duty counts"), choices=[(name, ASKABLE[name]) for name in COUNTABLE])
    covers = forms.ChoiceField(
        label=_("Whom it reaches"),
        required=False,
        choices=[("", _("nobody in particular")), *POPULATIONS],
        help_text=_("A duty to reach households, pupils or others then counts these records too, in every plan."),
    )
    minutes = forms.IntegerField(label=_("Minutes a record"), min_value=0, max_value=MOST)
    sentence = forms.CharField(
        label=_("How a record reads"),
        required=False,
        max_length=200,
        widget=TEXT,
        help_text=_(
            "Fields stand in braces, what may be missing in brackets: "
            "{unit}{day}[在{place}]办夜市{quantity}场[，{people}人]."
        ),
    )
    sentence_en = forms.CharField(
        label=_("How a record reads in English"),
        required=False,
        max_length=200,
        widget=TEXT,
        help_text=_("Without one, the English pages show the Chinese sentence."),
    )
    reason = forms.CharField(label=_("Why it is needed"), max_length=200, widget=TEXT)

    def __init__(self, *args: Any, path: str, fixed: RecordKind | None = None, **kwargs: Any) -> None:
        """``path`` is that of the unit whose kind it is; ``fixed`` is the kind that is changed, none for a new one."""
        super().__init__(*args, **kwargs)
        self.path, self.fixed = path, fixed
        if fixed is not None:
            del self.fields["code"], self.fields["shape"]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not CODE.fullmatch(code):
            raise forms.ValidationError(_("Small letters, figures and underscores only, beginning with a letter."))
        taken = load_kinds()
        if code not in taken:
            return code
        free = next(name for number in range(2, 1000) if (name := f"{code[:36]}_{number}") not in taken)
        if taken[code].is_used_around(self.path):
            told = gettext("“%(title)s” has this code already. Use that kind, or another code such as %(free)s.")
        else:
            told = gettext("Another county uses this code already. Choose another one, such as %(free)s.")
        raise forms.ValidationError(told % {"title": title_kind(taken[code]), "free": free})

    def clean_title(self) -> str:
        """Two kinds of one name could not be told apart on a phone or in a table."""
        title: str = self.cleaned_data["title"]
        own = self.fixed.code if self.fixed else ""
        near = load_kinds_around([self.path]).values()
        if any(kind.title == title for kind in near if kind.code != own):
            raise forms.ValidationError(_("There is a kind of this name already. Use it, or choose another name."))
        return title

    def clean_details(self) -> str:
        told: str = self.cleaned_data["details"]
        lines = [line.strip() for line in told.splitlines() if line.strip()]
        if len(lines) > MOST_DETAILS or len(set(lines)) < len(lines) or any(len(line) > 20 for line in lines):
            raise forms.ValidationError(_("Eight lines at most, each another one and no longer than 20 characters."))
        return "\n".join(lines)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        kind = self.to_core()
        if cleaned["counts"] not in ("quantity", *kind.asks):
            self.add_error("counts", _("The form must ask for what a duty counts. Tick it above."))
        if kind.covers and kind.shape not in REACHING:
            self.add_error("covers", _("What is put up, handed in or counted reaches nobody by itself."))
        for name in ("sentence", "sentence_en"):
            if strange := list_strange_fields(cleaned[name], kind):
                told = gettext("No record of this kind has: %(names)s. Use the fields that are ticked above.")
                self.add_error(name, told % {"names": "、".join(strange)})
        return cleaned

    def to_core(self) -> RecordKind:
        """The kind that was typed. Call it when no field is wrong by itself."""
        told, shape = self.cleaned_data, self.fixed.shape if self.fixed else self.cleaned_data["shape"]
        asks = list(told["asks"])
        if shape == "site":
            asks = ["quantity", "change", *(name for name in asks if name != "quantity")]
        elif shape != "filing" and "quantity" not in asks:
            asks.insert(0, "quantity")
        counts = told["counts"]
        return RecordKind(
            code=self.fixed.code if self.fixed else told["code"],
            title=told["title"],
            title_en=told["title_en"] or told["title"],
            shape=shape,
            asks=tuple(asks),
            counts=counts,
            countable=(counts, *(name for name in COUNTABLE if name in asks and name != counts)),
            details=_make_details(told["details"].splitlines(), self.fixed),
            covers=told["covers"],
            minutes=told["minutes"],
            sentence=told["sentence"],
            sentence_en=told["sentence_en"],
        )


def _make_details(titles: list[str], fixed: RecordKind | None) -> tuple[Detail, ...]:
    """A line that ever stood there keeps its code, and no other takes it: old records are read by it."""
    known = {detail.title: detail.code for detail in ((*fixed.details, *fixed.gone) if fixed else ())}
    free = (f"d{number}" for number in range(1, 1000) if f"d{number}" not in known.values())
    return tuple(Detail(known.get(title) or next(free), title, title) for title in titles)


FILLED = ("title", "title_en", "counts", "covers", "minutes", "sentence", "sentence_en")


def fill_kind(kind: RecordKind) -> dict[str, Any]:
    """What the form shows of a kind that is to be changed."""
    told = {name: getattr(kind, name) for name in FILLED}
    return told | {"asks": list(kind.asks), "details": "\n".join(detail.title for detail in kind.details)}


class CloseForm(PlainForm):
    """From which day a kind is not recorded any more."""

    last_day = forms.DateField(
        label=_("Not from this day on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    reason = forms.CharField(label=_("Why it is closed"), max_length=200, widget=TEXT)

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        if not date(2000, 1, 1) <= day <= date(2099, 12, 31):
            raise forms.ValidationError(_("Choose a day between 2000 and 2099."))
        return day
