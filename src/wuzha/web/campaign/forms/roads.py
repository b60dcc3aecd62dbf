"""The forms of roads and sites: a file of lines, the place of a site, and what the page shows."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.adapters.roads.model import MAX_BYTES, MEGABYTE
from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import make_problem
from wuzha.core.ground.gcj import from_gcj02
from wuzha.core.ground.point import Point
from wuzha.web.accounts.forms import PlainForm
from wuzha.web.campaign import wording
from wuzha.web.campaign.kinds import load_kinds_around

# A box round the country: what lies outside was typed the wrong way round.
WEST, EAST, SOUTH, NORTH = 73, 136, 3, 54
LONGEST_ROAD_M = 10_000


def is_shifted_by_default() -> bool:
    return bool(settings.COORDINATES == "gcj02")


def _make_shifted() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("The degrees are GCJ-02 (taken from a phone map)"), required=False, initial=is_shifted_by_default
    )


class GroundForm(PlainForm):
    """A file of roads, outlines and places. What is in it is looked at by the reader, not here."""

    file = forms.FileField(
        label=_("Roads and outlines (.geojson, or a Shapefile as .zip)"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,.zip"}),
        error_messages={"required": _("Choose the file first.")},
    )
    opens_on = forms.DateField(label=_("Holds from"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    is_shifted = _make_shifted()

    def clean_file(self) -> "UploadedFile[Any]":
        """Refused by its size alone, before its bytes are read into memory and kept."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        size = file.size or 0
        if size > MAX_BYTES:
            size_mb, limit_mb = round(size / MEGABYTE, 1), MAX_BYTES // MEGABYTE
            problem = make_problem("roads.too-large", size_mb=size_mb, limit_mb=limit_mb)
            raise forms.ValidationError(describe_problem(problem, wording.language()))
        return file


class PlaceForm(PlainForm):
    """Where a site stands."""

    lon = forms.FloatField(label=_("Longitude (degrees east)"), widget=forms.TextInput({"inputmode": "decimal"}))
    lat = forms.FloatField(label=_("Latitude (degrees north)"), widget=forms.TextInput({"inputmode": "decimal"}))
    is_shifted = _make_shifted()

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        lon, lat = told.get("lon"), told.get("lat")
        if lon is not None and lat is not None and not (WEST <= lon <= EAST and SOUTH <= lat <= NORTH):
            raise forms.ValidationError(describe_problem(make_problem("roads.place-unknown"), wording.language()))
        return told

    def make_point(self) -> Point:
        """The place in WGS84."""
        typed = Point(self.cleaned_data["lon"], self.cleaned_data["lat"])
        return from_gcj02(typed) if self.cleaned_data["is_shifted"] else typed


class SitesForm(PlainForm):
    """What the page shows: sites of a kind, those not seen for long, gaps above a limit."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    limit = forms.IntegerField(
        label=_("Gaps over (m)"), required=False, min_value=1, max_value=LONGEST_ROAD_M,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )  # fmt: skip
    unseen = forms.IntegerField(
        label=_("Not seen for (days)"), required=False, min_value=1, max_value=3660,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(self, *args: Any, path: str, **kwargs: Any) -> None:
        """``path`` is that of the unit whose page it is."""
        super().__init__(*args, **kwargs)
        used = load_kinds_around([path])
        kinds = [(code, wording.title_kind(kind)) for code, kind in used.items() if kind.shape == "site"]
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", pgettext_lazy("kinds of sites", "All")), *kinds]
