"""What is kept apart because it leads to a person, and what was done about it."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from wuzha.core.base.personal import Part
from wuzha.web.accounts.models import Unit, User
from wuzha.web.accounts.typed import TypedChar, TypedText
from wuzha.web.personal.field import SealedText


class SealedPart(models.Model):
    """A stretch of a free text that was masked where it was typed: its place there, and sealed what stood there.

    ``object_type``, ``object_id`` and ``field`` say whose text; a detail of a record is the field ``extra.<code>``.
    ``finder`` is the blind index of the digits, by which all texts that name one number are found.
    """

    class Kind(models.TextChoices):
        MOBILE = "mobile", _("mobile number")
        IDENTITY = "identity", _("identity number")
        CARD = "card", _("card number")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    field = models.CharField(max_length=60)
    start = models.PositiveIntegerField()
    length = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    original = SealedText(identity=("id", "object_type", "object_id", "field", "start"), index="finder")
    finder = models.CharField(max_length=80, db_index=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("object_type", "object_id", "field", "start")
        constraints = (
            models.UniqueConstraint(
                fields=("object_type", "object_id", "field", "start"), name="a_stretch_is_sealed_once"
            ),
        )
        indexes = (models.Index(fields=("made_at",), name="sealed_part_by_age"),)

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id} {self.field} {self.start}"

    def to_core(self) -> Part:
        """The stretch, opened. Whoever shows it has a reason written down before."""
        return Part(self.start, self.original.reveal(), self.kind)


class PersonContact(models.Model):
    """The number at which a colleague can be rung. Shown masked; ``finder`` is its blind index."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="contact")
    phone = SealedText(identity=("user_id",), index="finder", blank=True)
    finder = models.CharField(max_length=80, blank=True, db_index=True)
    masked = models.CharField(max_length=30, blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.masked


class LegalHold(models.Model):
    """What must not be deleted for now, and why: all of a unit and below, or one object. Lifted with a reason too.

    ``object_type`` is empty for a unit; else the name of a table such as ``record`` or ``planversion``, or ``person``.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="legal_holds", null=True, blank=True)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    reason = TypedChar(_("reason"), max_length=300)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_because = TypedChar(max_length=300, blank=True)

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="a_hold_has_a_reason"),
            models.CheckConstraint(
                condition=Q(unit__isnull=False, object_type="", object_id="")
                | (Q(unit__isnull=True) & ~Q(object_type="") & ~Q(object_id="")),
                name="a_hold_is_on_a_unit_or_an_object",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | (Q(lifted_by__isnull=False) & ~Q(lifted_because="")),
                name="a_hold_is_lifted_by_somebody_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.object_type or 'unit'} {self.object_id or self.unit_id}"


class RetentionDays(models.Model):
    """For how many days a kind of data is kept here, in place of what comes with Wuzha; the last entry holds."""

    kind = models.CharField(max_length=40)
    days = models.PositiveIntegerField()
    reason = TypedChar(_("reason"), max_length=300)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="days_of_keeping_have_a_reason"),)

    def __str__(self) -> str:
        return f"{self.kind}={self.days}"


class RetentionRun(models.Model):
    """One run of the clocks: ``lines`` say of each kind by which rule how many went and how old the oldest was."""

    began_at = models.DateTimeField()
    lines: Any = models.JSONField(default=list)

    class Meta:
        ordering = ("-began_at", "-id")

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M}"


class Departure(models.Model):
    """A person whose name was taken out after the account left: under which number they stand, who did it and why.

    ``certificate`` says what was deleted and what is kept, and holds no name.
    """

    user = models.OneToOneField(User, models.PROTECT, related_name="departure")
    number = models.PositiveIntegerField(unique=True)
    reason = TypedChar(_("reason"), max_length=300)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    certificate = TypedText()

    class Meta:
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"{self.number:04d}"
