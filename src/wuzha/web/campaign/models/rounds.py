"""The opaque numbers that a visit round goes through. No names; entries are only added, the last one holds."""

from django.db import models

from wuzha.web.accounts.models import Unit, User


class SubjectList(models.Model):
    """The numbers of a unit's households, as they were written."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="subject_lists")
    numbers = models.TextField()
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("unit", "id"), name="subjects_of_a_unit"),)

    def __str__(self) -> str:
        return f"{self.unit_id} ({self.created_at:%Y-%m-%d})"
