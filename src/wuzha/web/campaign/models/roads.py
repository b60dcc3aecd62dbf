"""Roads, outlines and the places of sites, in degrees of WGS84. Fields and constraints only."""

import hashlib
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wuzha.adapters.roads.model import MAIN_ROAD
from wuzha.core.base import road as core
from wuzha.core.base.unit import EARLIEST, LATEST
from wuzha.core.ground.line import Course, mark_course
from wuzha.core.ground.point import Point
from wuzha.web.accounts.models import Unit, Upload, User
from wuzha.web.accounts.typed import TypedChar


def read_points(pairs: Any) -> tuple[Point, ...]:
    """A line or ring as it is kept: a list of pairs, degrees east and north."""
    return tuple(Point(lon, lat) for lon, lat in pairs)


class Road(models.Model):
    """A road of a unit with its line. A line that changes is a new row from that day on; the old one closes."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="roads")
    name = TypedChar(max_length=100)
    kind = models.CharField(max_length=20, default=MAIN_ROAD)
    line: Any = models.JSONField()
    length_m = models.DecimalField(max_digits=12, decimal_places=2)
    opens_on = models.DateField(default=EARLIEST)
    closes_on = models.DateField(default=LATEST)

    class Meta:
        ordering = ("unit__path", "name", "opens_on")
        constraints = (
            models.UniqueConstraint(fields=("unit", "name", "opens_on"), name="one_road_a_unit_name_and_day"),
            models.CheckConstraint(condition=Q(closes_on__gt=F("opens_on")), name="road_closes_after_it_opens"),
            models.CheckConstraint(condition=Q(length_m__gt=0), name="road_has_a_length"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def points(self) -> tuple[Point, ...]:
        return self.course.line

    @cached_property
    def course(self) -> Course:
        """The line with its marks; a row's line never changes."""
        return mark_course(read_points(self.line))

    def to_core(self, marks: tuple[tuple[str, Fraction], ...] = ()) -> core.Road:
        return core.Road(self.name, self.kind, Fraction(self.length_m), self.opens_on, self.closes_on, marks)


class Outline(models.Model):
    """The outline of a unit's area, or of a hoarding with the square metres of its face."""

    class Sort(models.TextChoices):
        UNIT = "unit", _("Area of a unit")
        HOARDING = "hoarding", _("Hoarding")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="outlines")
    name = TypedChar(max_length=100)
    sort = models.CharField(max_length=10, choices=Sort)
    ring: Any = models.JSONField()
    area_m2 = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    opens_on = models.DateField(default=EARLIEST)
    closes_on = models.DateField(default=LATEST)

    class Meta:
        ordering = ("unit__path", "sort", "name", "opens_on")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "sort", "name", "opens_on"), name="one_outline_a_unit_sort_name_and_day"
            ),
            models.CheckConstraint(condition=Q(closes_on__gt=F("opens_on")), name="outline_closes_after_it_opens"),
            models.CheckConstraint(condition=~Q(sort="hoarding") | Q(area_m2__gt=0), name="a_hoarding_has_a_size"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def points(self) -> tuple[Point, ...]:
        return read_points(self.ring)


class SitePlace(models.Model):
    """Where a numbered site stands. Its mark on a road is found from this and never typed.

    ``placed_at`` is when somebody was there or said so, which may be long before it came; none where nobody knows.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="site_places")
    subject = models.CharField(max_length=64)
    lon = models.FloatField()
    lat = models.FloatField()
    placed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("unit__path", "subject")
        constraints = (
            models.UniqueConstraint(fields=("unit", "subject"), name="one_place_a_site"),
            models.CheckConstraint(condition=~Q(subject=""), name="a_placed_site_has_a_number"),
        )

    def __str__(self) -> str:
        return self.subject

    @property
    def point(self) -> Point:
        return Point(self.lon, self.lat)


class GroundUpload(Upload):
    """A file of roads. It is deleted when it is confirmed or replaced.

    ``unit`` owns what the file gives no unit; ``is_shifted`` says that its degrees are GCJ-02.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    is_shifted = models.BooleanField(default=False)
    opens_on = models.DateField()
    uploaded_by = models.OneToOneField(User, models.CASCADE, related_name="ground_upload")

    @property
    def fingerprint(self) -> str:
        """Tells one upload from the next one of the same person, which takes its row."""
        told = f"{self.name}\0{self.unit_id}\0{self.is_shifted}\0{self.opens_on}\0".encode()
        return hashlib.sha256(told + bytes(self.content)).hexdigest()
