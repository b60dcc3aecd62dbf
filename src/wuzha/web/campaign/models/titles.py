"""Titles (无诈单元): a programme, the criteria it goes by, and the steps of each unit. Rows are only added.

The database refuses to change or delete them, and takes a step of a unit at one place only.
"""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.core.title.life import REASONED, REVOCABLE, TitleEvent, TitleEventKind
from wuzha.web.accounts.models import Post, Unit, User
from wuzha.web.accounts.typed import TypedChar, TypedJson
from wuzha.web.campaign.models.inspections import InspectionVisit
from wuzha.web.campaign.models.papers import IssuedPaper
from wuzha.web.campaign.models.plans import PlanVersion


class TitleProgram(models.Model):
    """A title that the units of some kinds at and below ``unit`` may apply for; its officers award it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="title_programs")
    name = TypedChar(_("name of the title"), max_length=60)
    kinds: Any = models.JSONField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("unit__path", "id")
        constraints = (
            models.UniqueConstraint(fields=("unit", "name"), name="a_unit_has_one_programme_of_a_name"),
            models.CheckConstraint(condition=~Q(name=""), name="a_title_programme_has_a_name"),
        )

    def __str__(self) -> str:
        return self.name


class TitleCriteria(models.Model):
    """The criteria that hold from a day on: those of an issued plan, or a text in the plan language that is issued to
    nobody, so that whoever does not apply is asked for nothing.

    ``months`` says how far back windows are looked at.
    """

    program = models.ForeignKey(TitleProgram, models.PROTECT, related_name="criteria")
    version = models.ForeignKey(PlanVersion, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(blank=True)
    title = TypedChar(max_length=200)
    months = models.PositiveSmallIntegerField()
    since = models.DateField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("since", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(version__isnull=True) & ~Q(text="") | Q(version__isnull=False) & Q(text=""),
                name="criteria_are_a_plan_or_a_text",
            ),
            models.CheckConstraint(condition=Q(months__gte=1, months__lte=12), name="criteria_look_back_for_months"),
        )

    def __str__(self) -> str:
        return self.title


class TitleStep(models.Model):
    """One event in the life of a unit's title: who did it, in which post, on which day.

    ``place`` counts the steps of a unit in the programme from 0. ``starts_on`` is the first day of a notice.
    ``findings`` are what a self-check or a visit found, by criterion: ``{id: {"met": true, "note": ""}}``;
    ``inspection_visit`` is the inspection that a visit was part of.
    """

    class Kind(models.TextChoices):
        APPLIED = TitleEventKind.APPLIED.value, pgettext_lazy("title", "Application")
        SELF_CHECKED = TitleEventKind.SELF_CHECKED.value, pgettext_lazy("title", "Self-check confirmed")
        VISITED = TitleEventKind.VISITED.value, pgettext_lazy("title", "Visit")
        NOTICED = TitleEventKind.NOTICED.value, pgettext_lazy("title", "Public notice")
        OBJECTED = TitleEventKind.OBJECTED.value, pgettext_lazy("title", "Objection")
        SETTLED = TitleEventKind.SETTLED.value, pgettext_lazy("title", "Objection settled")
        AWARDED = TitleEventKind.AWARDED.value, pgettext_lazy("title", "Award")
        PAUSED = TitleEventKind.PAUSED.value, pgettext_lazy("title", "Pause")
        RESUMED = TitleEventKind.RESUMED.value, pgettext_lazy("title", "Goes on")
        REVOKED = TitleEventKind.REVOKED.value, pgettext_lazy("title", "Revocation")
        RENEWED = TitleEventKind.RENEWED.value, pgettext_lazy("title", "Renewal")
        REFUSED = TitleEventKind.REFUSED.value, pgettext_lazy("title", "Refusal")

    program = models.ForeignKey(TitleProgram, models.PROTECT, related_name="steps")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="title_steps")
    place = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=Kind)
    on = models.DateField()
    starts_on = models.DateField(null=True, blank=True)
    note = TypedChar(max_length=500, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    findings: Any = TypedJson(default=dict, blank=True)
    inspection_visit = models.ForeignKey(InspectionVisit, models.PROTECT, null=True, blank=True, related_name="+")
    criteria = models.ForeignKey(TitleCriteria, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    post_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=Post.Role)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("program", "unit", "place")
        constraints = (
            models.UniqueConstraint(fields=("program", "unit", "place"), name="one_step_of_a_title_at_a_place"),
            models.CheckConstraint(
                condition=~Q(kind__in=[kind.value for kind in REASONED]) | ~Q(note=""), name="a_title_step_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(kind=TitleEventKind.REVOKED.value) | Q(reason__in=REVOCABLE),
                name="a_title_is_revoked_for_a_known_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.unit_id} {self.on}"

    @property
    def unmet(self) -> tuple[str, ...]:
        return tuple(duty for duty, found in self.findings.items() if not found["met"])

    def to_core(self, code: str) -> TitleEvent:
        """``code`` is that of its unit, which whoever reads many steps knows."""
        kind = TitleEventKind(self.kind)
        return TitleEvent(code, kind, self.on, str(self.by), self.note, self.reason, self.unmet, self.starts_on)


class TitleCertificate(models.Model):
    """The paper that was issued with an award or a renewal, in one transaction with it."""

    step = models.OneToOneField(TitleStep, models.PROTECT, related_name="certificate")
    paper = models.OneToOneField(IssuedPaper, models.PROTECT, related_name="title_certificate")

    def __str__(self) -> str:
        return f"{self.step_id} {self.paper_id}"
