"""Measures on units that are behind, by dated ladders: what was given with which paper, and what happened since.

Everything here is only added. The database itself refuses to change or delete it. Facts, days and the step's name are
frozen with a measure, so that a ladder that is changed later changes nothing that has begun.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from wuzha.core.supervision.life import Event, EventKind, Giving, Named, add_event
from wuzha.core.supervision.life import Measure as CoreMeasure
from wuzha.web.accounts.models import Unit, User
from wuzha.web.accounts.typed import TypedChar, TypedText
from wuzha.web.campaign.models.papers import IssuedPaper
from wuzha.web.campaign.models.plans import PlanVersion


class LadderVersion(models.Model):
    """A county's ladder from a day on; ``text`` is in the form of ``core/supervision/supervision.yaml``."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    text = models.TextField()
    reason = TypedChar(max_length=200)
    starts_on = models.DateField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = (models.CheckConstraint(condition=~Q(text="") & ~Q(reason=""), name="a_ladder_has_a_reason"),)

    def __str__(self) -> str:
        return f"{self.unit_id} {self.starts_on}"


class Measure(models.Model):
    """A step of the ladder as it was given to a unit, by the paper that gave it.

    ``about`` names duties and windows, ``facts`` tells how each stood on ``as_of`` with its records. ``reason`` is why
    a person gave what was not proposed. ``ladder`` is none for the ladder that comes with the package.
    """

    paper = models.OneToOneField(IssuedPaper, models.PROTECT, related_name="measure")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="measures")
    office = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="+")
    ladder = models.ForeignKey(LadderVersion, models.PROTECT, null=True, related_name="+")
    step = models.CharField(max_length=40)
    step_title = models.CharField(max_length=40)
    step_title_en = models.CharField(max_length=80)
    about: Any = models.JSONField()
    facts: Any = models.JSONField()
    reason = TypedChar(max_length=500, blank=True)
    as_of = models.DateField()
    known_by = models.DateField()
    given_on = models.DateField()
    answer_by = models.DateField()
    mend_by = models.DateField()
    appeal_by = models.DateField()
    look_back_days = models.PositiveSmallIntegerField()
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    post = models.CharField(max_length=12)

    class Meta:
        ordering = ("-given_on", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(answer_by__gt=F("given_on"), mend_by__gt=F("given_on"), appeal_by__gt=F("given_on")),
                name="a_measure_leaves_time",
            ),
        )
        indexes = (models.Index(fields=("unit", "version"), name="measures_of_a_unit"),)

    def __str__(self) -> str:
        return f"{self.step_title} {self.unit_id}"

    def to_core(self, events: Iterable["PaperEvent"], as_of: date) -> CoreMeasure:
        """As its events up to that day have made it. ``events`` are those of its paper, in their order."""
        name = str(self.pk)
        giving = Giving(
            self.step, self.unit.code, tuple(Named(one["duty"], tuple(one["windows"])) for one in self.about)
        )
        given = Event(name, EventKind.GIVEN, self.given_on, str(self.given_by_id), self.post, self.reason, giving)
        made = CoreMeasure(name, giving, self.answer_by, self.mend_by, self.appeal_by, (given,))
        for event in events:
            if event.on <= as_of:
                made = add_event(event.to_core(name), made)
        return made


class PaperEvent(models.Model):
    """What happened to a paper that a unit was sent, or to the measure it gave: who, as whose post, when, in words."""

    class Kind(models.TextChoices):
        ANSWERED = "answered", pgettext_lazy("measure", "Answered")
        MENDED = "mended", pgettext_lazy("measure", "Mending reported")
        APPEALED = "appealed", pgettext_lazy("measure", "Appealed")
        UPHELD = "upheld", pgettext_lazy("measure", "Appeal refused")
        LIFTED = "lifted", pgettext_lazy("measure", "Lifted")
        CLEARED = "cleared", pgettext_lazy("measure", "Cleared")
        EXTENDED = "extended", pgettext_lazy("measure", "Extended")

    paper = models.ForeignKey(IssuedPaper, models.PROTECT, related_name="events")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    on = models.DateField()
    note = TypedText(blank=True)
    until = models.DateField(null=True, blank=True)
    is_alone = models.BooleanField(default=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    post = models.CharField(max_length=12)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("paper", "number")
        constraints = (
            models.UniqueConstraint(fields=("paper", "number"), name="events_of_a_paper_are_numbered"),
            models.CheckConstraint(
                condition=~Q(kind__in=("answered", "mended", "appealed", "upheld", "lifted", "extended")) | ~Q(note=""),
                name="an_event_says_what_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(kind="extended") | Q(until__isnull=False), name="an_extension_has_its_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.paper_id}"

    def to_core(self, measure: str) -> Event:
        kind, by = EventKind(self.kind), str(self.made_by_id)
        return Event(measure, kind, self.on, by, self.post, self.note, None, self.until, self.is_alone)
