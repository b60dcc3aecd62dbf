"""Scorecards of a period, drafts of the next one, and everything that persons do to a score.

An adopted card and what happened under it are only added. The database itself refuses to change or delete them, and to
adopt a card for days for which another one holds already.
"""

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.web.accounts.models import Unit, User
from wuzha.web.accounts.typed import TypedChar
from wuzha.web.campaign.models.plans import PlanVersion


class DraftScorecard(models.Model):
    """A card under work. ``content`` is what will stand in its file; ``revision`` grows with every change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    plan = models.ForeignKey(PlanVersion, models.PROTECT, related_name="+")
    content: Any = models.JSONField(default=dict)
    filing = TypedChar(_("filing of the assessment plan"), max_length=120, blank=True)
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-changed_at",)

    def __str__(self) -> str:
        return str(self.content.get("title", ""))


class Scorecard(models.Model):
    """The rules of one period as adopted: ``text`` is the file, ``digest`` that of the rules. ``last_on`` is inside.

    ``replaces`` is an earlier version for the same days; that is possible only before its first day. ``filing`` names
    the yearly assessment plan within which the card was declared.
    """

    draft = models.UUIDField(unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="scorecards")
    plan = models.ForeignKey(PlanVersion, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    title = models.CharField(max_length=200)
    opens_on = models.DateField()
    last_on = models.DateField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    filing = TypedChar(max_length=120, blank=True)
    adopted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    adopted_as = models.CharField(max_length=200)
    adopted_on = models.DateField()
    adopted_at = models.DateTimeField()

    class Meta:
        ordering = ("-opens_on", "-version")
        constraints = (
            models.UniqueConstraint(fields=("unit", "version"), name="a_card_version_is_given_once"),
            models.CheckConstraint(condition=Q(last_on__gte=F("opens_on")), name="a_card_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(digest="") & ~Q(adopted_as=""), name="a_card_has_its_rules_and_a_name"
            ),
        )

    def __str__(self) -> str:
        return self.title


class ScoreEvent(models.Model):
    """One thing that somebody did to a score: only added, with who, in which post, on which day and why.

    ``about`` is what is answered: a charge or an appeal. A figure has ``done`` and ``asked``, an appeal that was
    accepted the ``points`` given back. ``key`` is made with the form that a person sends, so that sending it twice is
    once.
    """

    class Kind(models.TextChoices):
        FIGURE = "figure", pgettext_lazy("score", "Figure brought in")
        BONUS = "bonus", pgettext_lazy("score", "Bonus granted")
        CHARGE = "charge", pgettext_lazy("score", "Deduction announced")
        REPLY = "reply", pgettext_lazy("score", "The unit's side")
        IMPOSED = "imposed", pgettext_lazy("score", "Deducted")
        DROPPED = "dropped", pgettext_lazy("score", "Not deducted")
        APPEAL = "appeal", pgettext_lazy("score", "Appeal")
        ACCEPTED = "accepted", pgettext_lazy("score", "Appeal accepted")
        REFUSED = "refused", pgettext_lazy("score", "Appeal refused")
        FILED = "filed", pgettext_lazy("score", "Filing named")

    ANSWERS = (Kind.IMPOSED, Kind.DROPPED, Kind.ACCEPTED, Kind.REFUSED)

    key = models.UUIDField(null=True, blank=True, editable=False)
    card = models.ForeignKey(Scorecard, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    item = models.CharField(max_length=64, blank=True)
    about = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="answers")
    happened_on = models.DateField()
    text = TypedChar(max_length=500)
    points = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    done = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    asked = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_as = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("key",), condition=Q(key__isnull=False), name="a_score_act_that_was_sent_is_done_once"
            ),
            models.UniqueConstraint(
                fields=("about",),
                condition=Q(kind__in=("imposed", "dropped", "accepted", "refused")),
                name="a_charge_or_appeal_is_answered_once",
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(made_as=""), name="a_score_event_has_a_reason_and_a_post"
            ),
            models.CheckConstraint(
                condition=Q(kind="filed") | (Q(unit__isnull=False) & ~Q(item="")), name="a_score_event_has_its_item"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("figure", "bonus", "charge", "appeal", "filed"), about__isnull=True)
                | Q(kind__in=("reply", "imposed", "dropped", "accepted", "refused"), about__isnull=False),
                name="a_score_answer_has_its_question",
            ),
            models.CheckConstraint(
                condition=Q(kind="accepted", points__gt=0) | (~Q(kind="accepted") & Q(points__isnull=True)),
                name="an_accepted_appeal_gives_points_back",
            ),
            models.CheckConstraint(
                condition=Q(kind="figure", done__gte=0, asked__gte=0)
                | (~Q(kind="figure") & Q(done__isnull=True, asked__isnull=True)),
                name="a_score_figure_has_its_counts",
            ),
        )
        indexes = (models.Index(fields=("card", "unit"), name="score_events_of_a_unit"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.item} {self.happened_on}"
