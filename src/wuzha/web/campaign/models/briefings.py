"""Briefings: where an office's count began, what a person saw in a photo, and the public copies. Only added."""

from typing import Any

from django.db import models
from django.db.models import Q

from wuzha.web.accounts.models import Unit, User
from wuzha.web.accounts.typed import TypedJson
from wuzha.web.campaign.models.papers import IssuedPaper


class BriefingStart(models.Model):
    """How many briefings an office had issued before it wrote them here: in that year, and in all. Said once."""

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="briefing_start")
    year = models.PositiveSmallIntegerField()
    before_in_year = models.PositiveIntegerField()
    before_in_all = models.PositiveIntegerField()
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(before_in_all__gte=models.F("before_in_year")), name="all_briefings_hold_those_of_a_year"
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}: {self.before_in_year}, {self.before_in_all}"


class PictureLook(models.Model):
    """A named person has looked at a picture of a paper before it becomes public.

    ``boxes`` are the parts with faces, each [left, top, width, height] in thousandths of the upright picture; or
    ``no_faces`` says that nobody in it can be known. The last look at a picture holds.
    """

    paper = models.ForeignKey(IssuedPaper, models.PROTECT, related_name="looks")
    sha256 = models.CharField(max_length=64)
    boxes: Any = models.JSONField(default=list)
    no_faces = models.BooleanField(default=False)
    looked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    post = models.CharField(max_length=120)
    looked_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(no_faces=True, boxes=[]) | (Q(no_faces=False) & ~Q(boxes=[])),
                name="a_look_finds_faces_or_none",
            ),
        )

    def __str__(self) -> str:
        return f"{self.paper_id} {self.sha256[:12]}"


class PublicCopy(models.Model):
    """A paper as everybody may read it, with its own bytes. ``left_out`` tells what was left out, and by which looks.

    A later version stands in for an earlier one; both stay.
    """

    paper = models.ForeignKey(IssuedPaper, models.PROTECT, related_name="public_copies")
    version = models.PositiveSmallIntegerField()
    content: Any = TypedJson()
    left_out: Any = TypedJson()
    docx = models.BinaryField()
    docx_sha256 = models.CharField(max_length=64)
    pdf = models.BinaryField(default=b"")
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pdf_note = models.TextField(blank=True)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    post = models.CharField(max_length=120)
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ("-version",)
        constraints = (
            models.UniqueConstraint(fields=("paper", "version"), name="a_version_of_a_public_copy_is_made_once"),
            models.CheckConstraint(condition=~Q(docx_sha256=""), name="a_public_copy_has_its_bytes"),
        )

    def __str__(self) -> str:
        return f"{self.paper_id} v{self.version}"
