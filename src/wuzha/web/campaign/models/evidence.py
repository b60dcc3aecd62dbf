"""Files that go with a record. The row is written only after the bytes are safe."""

from django.db import models
from django.db.models import Q

from wuzha.web.accounts.models import User
from wuzha.web.accounts.typed import TypedChar


class Evidence(models.Model):
    """A photo or paper of a record; its content lies in the evidence folder under ``sha256``.

    ``record_id`` is no foreign key, since a file may arrive before its record. ``sent_sha256`` and ``sent_size`` are
    of the file as it was sent, before its position was taken out. ``look`` is the perceptual hash, signed as databases
    count 64 bits; none for what is no photo.
    """

    id = models.UUIDField(primary_key=True)
    record_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    sent_sha256 = models.CharField(max_length=64)
    sent_size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=100)
    name = TypedChar(max_length=120)
    received_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="evidence")
    look = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("received_at", "id")
        constraints = (models.CheckConstraint(condition=Q(size__gt=0), name="evidence_is_not_empty"),)
        indexes = (
            models.Index(fields=("record_id",), name="evidence_by_record"),
            models.Index(fields=("sha256",), name="evidence_by_content"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_photo(self) -> bool:
        return self.media_type.startswith("image/")
