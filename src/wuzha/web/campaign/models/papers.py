"""Papers: drafts that change, issued ones that never do, and what recomputing an issued one gave.

An issued paper keeps its bytes, its number, the day it speaks of and the day by whose end records must have come to be
in it. The database itself refuses to change it, to delete it, and to leave a number out.
"""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from wuzha.web.accounts.models import Unit, User
from wuzha.web.accounts.typed import TypedChar, TypedJson


class Form(models.TextChoices):
    """What sort of paper it is; the codes are those of :mod:`wuzha.core.paper.model`."""

    LETTER = "letter", pgettext_lazy("paper", "Letter of advice")
    CIRCULAR = "circular", pgettext_lazy("paper", "Circular")
    SUPERVISE = "supervise", pgettext_lazy("paper", "Supervision notice")
    COMMEND = "commend", pgettext_lazy("paper", "Commendation")
    TALK = "talk", pgettext_lazy("paper", "Record of a talk")
    NOTICE = "notice", pgettext_lazy("paper", "Notice")
    BRIEFING = "briefing", pgettext_lazy("paper", "Briefing")
    PLAN = "plan", pgettext_lazy("paper", "Plan document")
    POLICY_NOTE = "policy-note", pgettext_lazy("paper", "Policy note")
    MONTHLY_TABLE = "monthly-table", pgettext_lazy("paper", "Monthly progress table")
    SCORE_TABLE = "score-table", pgettext_lazy("paper", "Table of scores")
    CERTIFICATE = "certificate", pgettext_lazy("paper", "Certificate of a title")
    INSPECTION_REPORT = "inspection-report", pgettext_lazy("paper", "Result of an inspection")


class Paper(models.Model):
    """What drafts and issued papers share.

    ``unit`` is the office that issues it, ``addressee`` the unit it is about. ``asked`` says what it is counted from,
    so that it can be counted again; ``said`` is what a person typed into it, ``content`` the paper as JSON. It speaks
    of the day ``as_of``, from what had been received by the end of ``known_by``; it was counted at ``counted_at``.
    """

    form = models.CharField(max_length=20, choices=Form)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    addressee = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    title = TypedChar(max_length=200)
    asked: Any = TypedJson(default=dict)
    said: Any = TypedJson(default=dict)
    content: Any = TypedJson(default=dict)
    as_of = models.DateField()
    known_by = models.DateField()
    counted_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class DraftPaper(Paper):
    """A paper under work. ``revision`` grows with every change, so that two persons at once notice each other."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-changed_at",)


class IssuedPaper(Paper):
    """A paper as it went out. ``serial`` counts the papers of a form that an office issues in a year, without a gap.

    ``draft`` is the id of the draft it came from, so that a draft is issued once. A file that the form has not is
    empty, and its SHA-256 too. ``pdf_note`` says which fonts stand in for others in the PDF, or why there is none.
    """

    draft = models.UUIDField(unique=True, editable=False)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = TypedChar(max_length=80)
    docx = models.BinaryField(default=b"")
    docx_sha256 = models.CharField(max_length=64, blank=True)
    pdf = models.BinaryField(default=b"")
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pdf_note = models.TextField(blank=True)
    xlsx = models.BinaryField(default=b"")
    xlsx_sha256 = models.CharField(max_length=64, blank=True)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ("-issued_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("unit", "form", "year", "serial"), name="a_number_is_given_once"),
            models.CheckConstraint(
                condition=~Q(docx_sha256="") | ~Q(xlsx_sha256=""), name="an_issued_paper_has_its_bytes"
            ),
            models.CheckConstraint(condition=Q(serial__gte=1) & ~Q(number=""), name="an_issued_paper_has_a_number"),
        )
        indexes = (models.Index(fields=("unit", "-issued_at"), name="papers_of_an_office"),)


class Restatement(models.Model):
    """An issued paper counted again as known later. ``changes`` are the figures that came out otherwise.

    Only added, and never changed; the paper stays as it is.
    """

    paper = models.ForeignKey(IssuedPaper, models.PROTECT, related_name="restatements")
    content: Any = TypedJson()
    changes: Any = TypedJson()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-made_at", "-id")

    def __str__(self) -> str:
        return f"{self.paper_id} {self.made_at:%Y-%m-%d}"
