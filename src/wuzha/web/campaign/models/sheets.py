"""Files of records between their preview and their confirmation."""

from django.db import models

from wuzha.web.accounts.models import Upload, User


class RecordUpload(Upload):
    """A file of records that a person has handed in. It goes when all of it is in, or when another takes its place."""

    uploaded_by = models.OneToOneField(User, models.CASCADE, related_name="record_upload")
