"""What a reviewer said after looking. It is about the record, and nothing is counted by person."""

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from wuzha.web.accounts.models import User
from wuzha.web.accounts.typed import TypedChar, TypedText
from wuzha.web.campaign.models.records import Record


class Look(models.Model):
    """One answer to one reason to look. A later one about the same reason takes its place; nothing is deleted.

    ``reason`` is the key of the reason. ``record`` is the one that was looked at, or that goes back to its author.
    """

    class Verdict(models.TextChoices):
        FINE = "fine", pgettext_lazy("look", "Looked, fine")
        RETURNED = "returned", pgettext_lazy("look", "Returned with a note")

    reason = TypedChar(max_length=300)
    record = models.ForeignKey(Record, models.PROTECT, related_name="looks")
    verdict = models.CharField(max_length=10, choices=Verdict)
    note = TypedText(blank=True)
    looked_by = models.ForeignKey(User, models.PROTECT, related_name="looks")
    looked_at = models.DateTimeField()

    class Meta:
        ordering = ("-looked_at", "-id")
        constraints = (
            models.CheckConstraint(condition=~Q(verdict="returned") | ~Q(note=""), name="a_return_says_what_to_mend"),
        )
        indexes = (models.Index(fields=("reason",), name="look_by_reason"),)

    def __str__(self) -> str:
        return f"{self.verdict} {self.reason}"
