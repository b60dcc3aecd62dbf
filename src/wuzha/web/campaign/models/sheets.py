"""Files of records between their preview and their confirmation."""

import hashlib

from django.db import models

from wuzha.web.accounts.models import User


class RecordUpload(models.Model):
    """A file of records that a person has handed in. It goes when all of it is in, or when another takes its place."""

    name = models.CharField(max_length=200)
    content = models.BinaryField()
    uploaded_by = models.OneToOneField(User, models.CASCADE, related_name="record_upload")
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @property
    def fingerprint(self) -> str:
        """Tells one upload from the next one of the same person, which takes its row."""
        return hashlib.sha256(self.name.encode() + b"\0" + bytes(self.content)).hexdigest()
