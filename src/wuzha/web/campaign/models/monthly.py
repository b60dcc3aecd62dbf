"""The collection of a monthly table: which table an office has asked for, what each unit did with its line, and the
sheets that other offices handed in. All of it is only added."""

from typing import Any

from django.db import models
from django.db.models import Q

from wuzha.core.paper.month_line import Deed, LineAct
from wuzha.web.accounts.models import Unit, Upload, User
from wuzha.web.accounts.typed import TypedChar, TypedJson
from wuzha.web.campaign.models.plans import PlanVersion


class TableCall(models.Model):
    """The table of a month that an office collects from itself and all below it.

    ``month_ends`` is 0 for the calendar month; with 20 the month runs from the 21st to the 20th. ``due_on`` is the last
    day in time. ``given_as`` is the unit of the post as whose holder it was opened.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="table_calls")
    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="+")
    month = models.CharField(max_length=7)
    month_ends = models.PositiveSmallIntegerField(default=0)
    due_on = models.DateField()
    given_as = models.CharField(max_length=200)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ("-due_on", "-id")
        constraints = (
            models.UniqueConstraint(fields=("unit", "version", "month"), name="a_table_is_asked_for_once"),
            models.CheckConstraint(condition=Q(month_ends__lte=28), name="a_month_ends_on_a_day_of_every_month"),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.month}"


class TableAct(models.Model):
    """What somebody did with a unit's line (:class:`wuzha.core.paper.month_line.LineAct`)."""

    call = models.ForeignKey(TableCall, models.PROTECT, related_name="acts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    deed = models.CharField(max_length=12, choices=[(deed.value, deed.value) for deed in Deed])
    typed: Any = TypedJson(default=dict)
    seen: Any = TypedJson(default=dict)
    reason = TypedChar(max_length=300, blank=True)
    given_as = models.CharField(max_length=200)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    on = models.DateField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(deed="returned") | ~Q(reason=""), name="a_line_comes_back_with_a_reason"
            ),
        )
        indexes = (models.Index(fields=("call", "unit", "id"), name="acts_of_a_line"),)

    def __str__(self) -> str:
        return f"{self.call_id} {self.unit_id} {self.deed}"

    def to_core(self) -> LineAct:
        deed = Deed(self.deed)
        return LineAct(deed, self.on, str(self.author), self.given_as, self.typed, self.seen, self.reason)


class TableSheet(models.Model):
    """A sheet that was taken in: ``cells`` by unit code and column, as texts of numbers. A later one of the same cell
    holds; the same file is taken in once."""

    call = models.ForeignKey(TableCall, models.PROTECT, related_name="sheets")
    name = TypedChar(max_length=200)
    sha256 = models.CharField(max_length=64)
    cells: Any = TypedJson()
    given_as = models.CharField(max_length=200)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    on = models.DateField()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("call", "sha256"), name="a_sheet_is_taken_in_once"),)

    def __str__(self) -> str:
        return self.name


class TableUpload(Upload):
    """A sheet that somebody has handed in and not yet taken in."""

    call = models.ForeignKey(TableCall, models.CASCADE, related_name="+")
    uploaded_by = models.OneToOneField(User, models.CASCADE, related_name="table_upload")
