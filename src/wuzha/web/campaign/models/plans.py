"""Documents, plans and their drafts. An issued plan version never changes."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuzha.web.accounts.models import Unit, User
from wuzha.web.accounts.typed import TypedChar


class Document(models.Model):
    """A plan as it was issued on paper: the file's bytes, and the text that every span points into."""

    name = TypedChar(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    text = models.TextField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="documents")
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="documents")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ("-uploaded_at",)

    def __str__(self) -> str:
        return self.name


class PlanVersion(models.Model):
    """One version of a plan: a draft under review, then issued with its YAML text frozen.

    ``reading`` is what the reader made of the document, as JSON; ``text`` is the plan in the plan language.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ISSUED = "issued", _("Issued")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="plan_versions")
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="versions")
    title = models.CharField(_("title"), max_length=200)
    issuer = models.CharField(_("issuer"), max_length=200, blank=True)
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_to = models.DateField(_("in force to"), null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    reading: Any = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="draft") | (Q(issued_at__isnull=False) & Q(issued_by__isnull=False) & ~Q(text="")),
                name="an_issued_plan_has_its_text_and_issuer",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=models.F("valid_from")),
                name="a_plan_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return self.title


class DraftDuty(models.Model):
    """A duty under review: what the reader read (``demand``), what will stand in the plan (``duty``), and the decision.

    ``duty`` is a mapping in the plan language, its days as ISO text. ``questions`` are the codes of what the
    words leave open. ``demand`` is empty for a duty that a person added. ``spans`` are all stretches of the document
    that it came from, where one does not hold them. ``revision`` grows with every change, so that two persons at once
    notice each other. A duty that went into another, or whose adding was undone, stays here as ``gone``.
    """

    class Decision(models.TextChoices):
        PROPOSED = "proposed", _("To be confirmed")
        ACCEPTED = "accepted", _("Accepted")
        DROPPED = "dropped", _("Dropped")
        GONE = "gone", _("Gone into another duty")

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="draft_duties")
    position = models.PositiveIntegerField()
    demand: Any = models.JSONField(default=dict)
    duty: Any = models.JSONField(default=dict)
    questions: Any = models.JSONField(default=list)
    spans: Any = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=0)
    decision = models.CharField(max_length=8, choices=Decision, default=Decision.PROPOSED)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("position", "id")
        constraints = (models.UniqueConstraint(fields=("version", "position"), name="draft_duties_have_an_order"),)

    def __str__(self) -> str:
        return str(self.duty.get("id", self.position))


class DraftChange(models.Model):
    """One thing a person did to a draft, in order. Only added; it leaves with the draft and stays with an issued plan.

    ``undoes`` is the change that an undo took back, or that a redo made good again.
    """

    class Action(models.TextChoices):
        ACCEPT = "accept", _("Accepted a duty")
        DROP = "drop", _("Dropped a duty")
        RESTORE = "restore", _("Took a decision back")
        ACCEPT_CLEAR = "accept-clear", _("Accepted all without a question")
        MEND = "mend", _("Mended a duty")
        ANSWER = "answer", _("Answered what was asked")
        MERGE = "merge", _("Made several duties one")
        SPLIT = "split", _("Made one duty several")
        ADD = "add", _("Added a duty")
        HEAD = "head", _("Mended the head")
        LEAVE_OUT = "leave-out", _("Left out what was not decided")
        UNDO = "undo", _("Took a step back")
        REDO = "redo", _("Made a step again")

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="changes")
    number = models.PositiveIntegerField()
    action = models.CharField(max_length=12, choices=Action)
    actor = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undoes = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("version", "number")
        constraints = (
            models.UniqueConstraint(fields=("version", "number"), name="changes_of_a_draft_are_numbered"),
            models.CheckConstraint(
                condition=Q(action__in=("undo", "redo")) & Q(undoes__isnull=False)
                | ~Q(action__in=("undo", "redo")) & Q(undoes__isnull=True),
                name="only_undo_and_redo_name_a_change",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.action}"


class DraftStep(models.Model):
    """What one change did to one duty of a draft, or to its head where ``row`` is empty.

    ``before`` and ``after`` are the state as JSON; ``before`` is empty for a duty that was not there.
    """

    change = models.ForeignKey(DraftChange, models.CASCADE, related_name="steps")
    row = models.ForeignKey(DraftDuty, models.CASCADE, null=True, blank=True, related_name="steps")
    before: Any = models.JSONField(null=True)
    after: Any = models.JSONField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("change", "row"), name="a_change_does_one_thing_to_a_duty"),
            models.UniqueConstraint(
                fields=("change",), condition=Q(row__isnull=True), name="a_change_does_one_thing_to_the_head"
            ),
        )

    def __str__(self) -> str:
        return f"{self.change_id} {self.row_id}"


class KindMinutes(models.Model):
    """What one record of a kind costs in an area, in minutes, from a day on. Only added: old days keep old figures.

    The figure holds for every plan of the unit and of the units below it, in the place of what comes with Wuzha. Of two
    figures from the same day the one entered later holds.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="kind_minutes")
    kind = models.CharField(_("kind of record"), max_length=40)
    minutes = models.PositiveIntegerField(_("minutes a record"))
    valid_from = models.DateField(_("from"))
    reason = TypedChar(_("reason"), max_length=200)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("kind", "valid_from", "id")
        constraints = (
            models.CheckConstraint(condition=Q(minutes__lte=10080), name="a_record_takes_a_week_at_most"),
            models.CheckConstraint(condition=~Q(reason=""), name="own_minutes_have_a_reason"),
        )
        indexes = (models.Index(fields=("unit", "kind", "valid_from"), name="minutes_of_a_kind"),)

    def __str__(self) -> str:
        return f"{self.kind}={self.minutes} ({self.valid_from})"
