"""Inspections: rounds, what the lot drew, what was seen, what is to be mended, and what was said of that.

All of it is only added; the database itself refuses to change or delete a row.
"""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from wuzha.core.supervision import mending
from wuzha.web.accounts.models import Unit, User
from wuzha.web.accounts.typed import TypedChar, TypedJson
from wuzha.web.campaign.models.records import Record


class ChecklistEntry(models.Model):
    """What an office says of an item of the checklist from ``opens_on`` on: its words, or that it is dropped."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    title = TypedChar(max_length=40, blank=True)
    look = TypedChar(max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(default=0)
    is_dropped = models.BooleanField(default=False)
    opens_on = models.DateField()
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.code} {self.opens_on}"


class InspectionRound(models.Model):
    """One round as it was planned. ``unit`` is the office that goes out, ``area`` where it goes.

    ``items`` and ``candidates`` are as they stood then, ``reasons`` say by code why a unit may be drawn again in the
    quarter. By ``sealed`` the machine has chosen a seed that nobody sees before the draw; ``digest`` is shown at once.
    Otherwise ``source`` names a public number of the day ``source_on``.
    """

    class Method(models.TextChoices):
        SEALED = "sealed", pgettext_lazy("inspection", "A sealed number, shown at the draw")
        PUBLIC = "public", pgettext_lazy("inspection", "A public number of a later day")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    title = TypedChar(max_length=80)
    area = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kinds: Any = models.JSONField()
    line = models.CharField(max_length=40, blank=True)
    opens_on = models.DateField()
    last_on = models.DateField()
    quarter = models.CharField(max_length=10)
    units_asked = models.PositiveSmallIntegerField()
    items_asked = models.PositiveSmallIntegerField()
    records_asked = models.PositiveSmallIntegerField()
    items: Any = TypedJson()
    candidates: Any = models.JSONField()
    reasons: Any = TypedJson(default=dict)
    method = models.CharField(max_length=10, choices=Method)
    sealed = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    source = TypedChar(max_length=120, blank=True)
    source_on = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    post = models.CharField(max_length=20)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(last_on__gte=models.F("opens_on")), name="a_round_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(digest="") | (~Q(source="") & Q(source_on__isnull=False)), name="a_round_says_how_it_draws"
            ),
        )

    def __str__(self) -> str:
        return self.title


class InspectionDraw(models.Model):
    """The draw of a round. Whoever has the seed, the candidates and ``spared`` can draw again."""

    round = models.OneToOneField(InspectionRound, models.PROTECT, related_name="draw")
    seed = models.CharField(max_length=64)
    spared: Any = models.JSONField()
    drawn_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    post = models.CharField(max_length=20)
    drawn_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.round_id} {self.drawn_at:%Y-%m-%d}"


class InspectionVisit(models.Model):
    """A unit that the lot drew, with the items and the records to be looked at there.

    ``turn`` counts the visits of the unit in the quarter, whichever office drew them: no two can be the first, and none
    but the first is without a reason.
    """

    round = models.ForeignKey(InspectionRound, models.PROTECT, related_name="visits")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    quarter = models.CharField(max_length=10)
    turn = models.PositiveSmallIntegerField()
    items: Any = TypedJson()
    records: Any = models.JSONField()
    reason = TypedChar(max_length=300, blank=True)

    class Meta:
        ordering = ("place",)
        constraints = (
            models.UniqueConstraint(fields=("round", "unit"), name="a_unit_is_drawn_once_a_round"),
            models.UniqueConstraint(fields=("unit", "quarter", "turn"), name="a_unit_is_visited_in_turns"),
            models.CheckConstraint(
                condition=Q(turn=1) | (Q(turn__gt=1) & ~Q(reason="")), name="a_second_visit_has_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.round_id} {self.unit_id}"


class InspectionReport(models.Model):
    """What the inspector saw, item by item. ``record`` is the visit in the ledger, written by the same act."""

    visit = models.OneToOneField(InspectionVisit, models.PROTECT, related_name="report")
    made_on = models.DateField()
    answers: Any = TypedJson()
    note = TypedChar(max_length=300, blank=True)
    record = models.OneToOneField(Record, models.PROTECT, related_name="+")
    inspector = models.ForeignKey(User, models.PROTECT, related_name="+")
    post = models.CharField(max_length=20)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.visit_id} {self.made_on}"


class VisitCalledOff(models.Model):
    """The drawn unit is not visited, and why."""

    visit = models.OneToOneField(InspectionVisit, models.PROTECT, related_name="called_off")
    reason = TypedChar(max_length=200)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    post = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="a_visit_is_called_off_for_a_reason"),)

    def __str__(self) -> str:
        return f"{self.visit_id} {self.at:%Y-%m-%d}"


class InspectionFinding(models.Model):
    """One thing found wanting. ``number`` names it in the unit's report, ``photo`` is evidence of the visit."""

    visit = models.ForeignKey(InspectionVisit, models.PROTECT, related_name="findings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, unique=True)
    item = models.CharField(max_length=40)
    title = TypedChar(max_length=40)
    words = TypedChar(max_length=300)
    photo = models.UUIDField(null=True, blank=True)
    found_on = models.DateField()
    mend_by = models.DateField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("visit", "item"), name="an_item_is_found_wanting_once"),
            models.CheckConstraint(condition=Q(mend_by__gt=models.F("found_on")), name="there_is_time_to_mend"),
        )
        indexes = (models.Index(fields=("unit", "found_on"), name="findings_of_a_unit"),)

    def __str__(self) -> str:
        return self.number


class FindingEvent(models.Model):
    """What was said of a finding; the codes are those of :class:`wuzha.core.supervision.mending.Step`."""

    class What(models.TextChoices):
        CLOSED = "closed", pgettext_lazy("finding", "closed")
        REOPENED = "reopened", pgettext_lazy("finding", "opened again")
        OBJECTED = "objected", pgettext_lazy("finding", "objected to")
        UPHELD = "upheld", pgettext_lazy("finding", "upheld")
        STRUCK = "struck", pgettext_lazy("finding", "struck out")

    finding = models.ForeignKey(InspectionFinding, models.PROTECT, related_name="events")
    what = models.CharField(max_length=10, choices=What)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    post = models.CharField(max_length=20)
    note = TypedChar(max_length=300, blank=True)
    mend_by = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.finding_id} {self.what}"

    def to_core(self) -> mending.Event:
        return mending.Event(mending.Step(self.what), self.at, self.on, str(self.by_id), self.note, self.mend_by)
