"""What an officer types into a briefing and chooses for it, and what is said of its pictures."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from wuzha.adapters.paper.mask import Box
from wuzha.core.paper.briefing import SECTIONS, Section, SectionName, keep_lines, read_lines
from wuzha.web.accounts.forms import PlainForm
from wuzha.web.campaign.forms.papers import AskForm, WordsForm

MOST_PHOTOS = 6
MOST_BOXES = 12
LONGEST_PART = 6000
LONGEST_CAPTION = 60
Photo = Mapping[str, Any]


class BriefingAskForm(AskForm):
    """What a briefing is of: one event, by a record that tells of it, or a month such as 2026-11."""

    record = forms.UUIDField(required=False)
    month = forms.RegexField(r"^(?:19|20)\d\d-(?:0[1-9]|1[0-2])$", required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if bool(told.get("record")) == bool(told.get("month")):
            raise ValidationError(_("Choose one event or one month."))
        return told

    def make_asked(self) -> dict[str, Any]:
        record: UUID | None = self.cleaned_data.get("record")
        return {"record": str(record)} if record else {"month": self.cleaned_data["month"]}


PHOTO = """<li><a href="{file}"><img src="{thumbnail}" alt="{proposed}" loading="lazy"></a>
<label class="choice"><input type="checkbox" class="form-check-input" name="{part}" value="1"{taken}> {take}</label>
<label>{order} <input type="number" class="form-control" name="{part}-place" value="{place}" min="1" max="99"></label>
<label>{words} <input class="form-control" name="{part}-caption" value="{caption}" maxlength="{longest}"></label>
<label class="choice"><input type="checkbox" class="form-check-input" name="{part}-half"{half}> {beside}</label>
</li>"""


PHOTO = """<li><a href="{file}"><img src="{thumbnail}" alt="{proposed}" loading="lazy"></a>
<label class="choice"><input type="checkbox" class="form-check-input" name="{part}" value="1"{taken}> {take}</label>
<label>{order} <input type="number" class="form-control" name="{part}-place" value="{place}" min="1" max="99"></label>
<label>{words} <input class="form-control" name="{part}-caption" value="{caption}" maxlength="{longest}"></label>
<label class="choice"><input type="checkbox" class="form-check-input" name="{part}-half"{half}> {beside}</label>
</li>"""


class PhotosWidget(forms.Widget):
    """Thumbnails to be ticked, each with its place in the order, its caption, and whether it stands beside another."""

    offered: Sequence[Photo] = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, Any]]:
        found = []
        for number, photo in enumerate(self.offered):
            if data.get(f"{name}-{number}"):
                place = data.get(f"{name}-{number}-place") or ""
                told = {
                    "sha256": photo["sha256"],
                    "evidence": photo["evidence"],
                    "caption": (data.get(f"{name}-{number}-caption") or "").strip(),
                    "half": bool(data.get(f"{name}-{number}-half")),
                }
                found.append((int(place) if place.isdecimal() and len(place) < 4 else 999, number, told))
        return [told for *_place, told in sorted(found, key=lambda one: one[:2])]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = {one["sha256"]: (place, one) for place, one in enumerate(value or (), start=1)}
        rows = ((self._draw(name, number, photo, chosen),) for number, photo in enumerate(self.offered))
        return format_html('<ul class="choose-photos">{}</ul>', format_html_join("", "{}", rows))

    def _draw(self, name: str, number: int, photo: Photo, chosen: Mapping[str, Any]) -> SafeString:
        place, told = chosen.get(photo["sha256"], ("", photo))
        return format_html(
            PHOTO,
            file=reverse("campaign:evidence-file", args=(photo["evidence"],)),
            thumbnail=reverse("campaign:evidence-thumbnail", args=(photo["evidence"],)),
            proposed=photo["caption"],
            part=f"{name}-{number}",
            taken=" checked" if place else "",
            place=place,
            caption=told["caption"],
            longest=LONGEST_CAPTION,
            half=" checked" if told.get("half") else "",
            take=gettext("Take this photo"),
            order=gettext("Place in the order"),
            words=gettext("Caption"),
            beside=gettext("Half as wide, beside the next one"),
        )

    def id_for_label(self, id_: str | None) -> str:
        return ""


class TicksWidget(forms.CheckboxSelectMultiple):
    """Long sentences to be ticked, one below the other."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = {str(one) for one in value or ()}
        rows = ((name, pk, " checked" if str(pk) in chosen else "", text) for pk, text in self.choices)
        line = (
            '<li><label class="choice"><input type="checkbox" class="form-check-input" name="{}" value="{}"{}> '
            "<span>{}</span></label></li>"
        )
        return format_html('<ul class="ticks">{}</ul>', format_html_join("", line, rows))


class PhotosField(forms.Field):
    """The photos chosen, in their order."""

    widget = PhotosWidget

    def clean(self, value: Any) -> list[dict[str, Any]]:
        if len(value) > MOST_PHOTOS:
            raise ValidationError(_("At most %(most)s photos.") % {"most": MOST_PHOTOS})
        if any(len(one["caption"]) > LONGEST_CAPTION for one in value):
            raise ValidationError(_("A caption has at most %(most)s characters.") % {"most": LONGEST_CAPTION})
        return list(value)


def _make_part(label: Any, rows: int, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=LONGEST_PART, required=False, widget=widget, help_text=help_text)


class BriefingForm(WordsForm):
    """The words, the records and the photos of a briefing."""

    prose: ClassVar[tuple[str, ...]] = SECTIONS
    field_order = (
        *("title", "masthead", "signed_by", "chosen", "lead", "news", "closing", "photos"),
        *("copied_to", "copies", "file_record"),
    )

    mark = None  # type: ignore[assignment]  # so a form of Django drops a field that it inherits
    masthead = forms.CharField(label=_("Name of the briefing"), max_length=20)
    chosen = forms.MultipleChoiceField(required=False, widget=TicksWidget)
    lead = _make_part(
        pgettext_lazy("briefing", "What was done"),
        6,
        _("One paragraph a line. A number that is changed here leads to no record any more, and is pointed out."),
    )
    news = _make_part(pgettext_lazy("briefing", "News"), 8)
    closing = _make_part(pgettext_lazy("briefing", "What comes next"), 3, _("Left empty, it is not printed."))
    photos = PhotosField(label=_("Photos"), required=False)
    copied_to = forms.CharField(
        label=_("Goes to"), max_length=200, required=False, help_text=_("Such as 报：县委、县政府。送：各乡镇。")
    )
    copies = forms.IntegerField(label=_("Copies printed"), required=False, min_value=1, max_value=99_999)
    file_record = forms.BooleanField(
        label=_("When it is issued, record it for this office as a briefing"), required=False
    )

    def __init__(
        self,
        *args: Any,
        sections: Mapping[SectionName, Section],
        records: Sequence[tuple[str, str]],
        offered: Sequence[Photo],
        is_month: bool,
        **values: Any,
    ) -> None:
        self.sections = sections
        super().__init__(*args, **values)
        _offer(self.fields["chosen"], records)
        self.fields["chosen"].label = _("Records to tell as news") if is_month else _("Records of this event")
        widget = self.fields["photos"].widget
        if isinstance(widget, PhotosWidget):
            widget.offered = offered
        self.fields["photos"].help_text = "" if offered else _say_no_photos(is_month)

    def _show(self, name: str, kept: Any) -> Any:
        if name in SECTIONS:
            return "\n".join(read_lines(self.sections[name], kept)) if name in self.sections else ""
        return super()._show(name, kept)

    def _keep(self, name: str) -> Any:
        if name in SECTIONS:
            return keep_lines(self.sections[name], self.cleaned_data[name].splitlines())
        return super()._keep(name)


class EventForm(BriefingForm):
    """Of one event: there is nothing but what was done."""

    prose: ClassVar[tuple[str, ...]] = ("lead", "closing")

    news = None  # type: ignore[assignment]  # as above


def _offer(field: forms.Field, choices: Sequence[tuple[str, str]]) -> None:
    if isinstance(field, forms.MultipleChoiceField):
        field.choices = list(choices)


def _say_no_photos(is_month: bool) -> Any:
    if is_month:
        return _("First choose records and keep the draft; then their photos stand here.")
    return _("These records have no photos.")


class BriefingStartForm(PlainForm):
    """Where the office's count begins when it has issued briefings elsewhere before."""

    before_in_year = forms.IntegerField(label=_("Issued this year so far"), min_value=0, max_value=9_999)
    before_in_all = forms.IntegerField(label=_("Issued in all so far"), min_value=0, max_value=99_999)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("before_in_all", 0) < told.get("before_in_year", 0):
            raise ValidationError(_("Those of this year are among all: the second number cannot be the smaller one."))
        return told


class LookForm(PlainForm):
    """The parts of a picture that show faces, in per cent of it; or that nobody in it can be known."""

    no_faces = forms.BooleanField(
        label=_("I have looked at this picture: nobody in it can be known by the face"), required=False
    )

    def list_rows(self) -> Iterator[tuple[int, list[tuple[str, Any, str]]]]:
        """The rows of numbers as they stand in the page."""
        labels = {"left": _("From the left"), "top": _("From above"), "width": _("Wide"), "height": _("High")}
        kept: Sequence[Sequence[int]] = self.initial.get("boxes", ())
        for number in range(MOST_BOXES):
            box = kept[number] if number < len(kept) else ("", "", "", "")
            sides = zip(labels.items(), box, strict=True)
            yield (
                number,
                [
                    (f"box-{number}-{side}", label, self._find_typed(f"box-{number}-{side}", one))
                    for (side, label), one in sides
                ],
            )

    def _find_typed(self, name: str, kept: Any) -> str:
        if self.is_bound:
            return str(self.data.get(name, ""))
        return "" if kept == "" else f"{kept / 10:g}"

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        told["boxes"] = [box for number in range(MOST_BOXES) if (box := self._read_box(number))]
        if bool(told["boxes"]) == bool(told.get("no_faces")):
            raise ValidationError(
                _("Either mark the faces, or say that nobody can be known by the face; one of the two.")
            )
        return told

    def _read_box(self, number: int) -> Box | None:
        typed = [str(self.data.get(f"box-{number}-{side}", "")).strip() for side in ("left", "top", "width", "height")]
        if not any(typed):
            return None
        try:
            left, top, width, height = (round(float(one) * 10) for one in typed)
        except (ValueError, OverflowError) as error:
            raise ValidationError(_("A box wants four numbers between 0 and 100.")) from error
        is_inside = 0 <= left < 1000 and 0 <= top < 1000 and 0 < width <= 1000 and 0 < height <= 1000
        if not is_inside:
            raise ValidationError(_("A box wants four numbers between 0 and 100."))
        return Box(left, top, width, height)


class PublicForm(PlainForm):
    """What a person says of the names before the public copy goes out."""

    names = forms.CharField(
        label=_("Further names to leave out"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line."),
    )
    no_names = forms.MultipleChoiceField(
        label=_("These look like names and are none: leave them as they are"),
        required=False,
        widget=TicksWidget,
    )
    is_read = forms.BooleanField(label=_("I have read the public copy above"), required=False)

    def __init__(self, *args: Any, looks_like: Sequence[str], **values: Any) -> None:
        super().__init__(*args, **values)
        if looks_like:
            _offer(self.fields["no_names"], [(one, one) for one in looks_like])
        else:
            del self.fields["no_names"]

    def list_names(self) -> tuple[str, ...]:
        lines: Callable[[], list[str]] = self.cleaned_data.get("names", "").splitlines
        return tuple(name for line in lines() if len(name := line.strip()) > 1)
