"""Records. They are only added."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from django.db import models
from django.db.models import Q

from wuzha.core.ledger import record as core
from wuzha.core.ledger.wire import read_record
from wuzha.web.accounts.models import Unit, User


class Record(models.Model):
    """One fact in the ledger, with its three clocks. The id is made where the record is made."""

    id = models.UUIDField(primary_key=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="records")
    kind = models.CharField(max_length=40)
    happened_on = models.DateField()
    quantity = models.IntegerField(default=1)
    people = models.IntegerField(null=True, blank=True)
    subject = models.CharField(max_length=64, blank=True)
    area_m2 = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    at_m = models.IntegerField(null=True, blank=True)
    change = models.CharField(max_length=10, blank=True)
    grade = models.CharField(max_length=10, blank=True)
    place = models.CharField(max_length=120, blank=True)
    audience = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)
    loss_yuan = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    author = models.ForeignKey(User, models.PROTECT, related_name="records")
    recorded_at = models.DateTimeField()
    received_at = models.DateTimeField()
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    withdrawn = models.BooleanField(default=False)
    extra = models.JSONField(default=dict, blank=True)
    # By how many seconds the sender's clock was ahead of ours when it sent the record; none where it did not tell.
    clock_skew_s = models.BigIntegerField(null=True, blank=True)

    class Meta:
        # The id settles what arrived in one moment, so that no record is on two leaves of a list or on none.
        ordering = ("-happened_on", "-received_at", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(quantity__gte=0), name="quantity_is_not_negative"),
            models.CheckConstraint(condition=Q(people__isnull=True) | Q(people__gte=0), name="people_is_not_negative"),
            models.CheckConstraint(
                condition=Q(withdrawn=False) | Q(replaces__isnull=False), name="a_withdrawal_names_its_record"
            ),
        )
        indexes = (
            models.Index(fields=("kind", "happened_on", "unit", "quantity"), name="record_for_tallies"),
            models.Index(fields=("unit", "happened_on"), name="record_by_unit"),
            models.Index(fields=("-received_at",), name="record_by_arrival"),
            models.Index(fields=("-happened_on", "-received_at", "-id"), name="record_in_order"),
            # The field's own index holds a line for every record that replaces none. Where there is no correction yet,
            # SQLite takes it for useless, and looks through the whole ledger for each record of a list.
            models.Index(fields=("replaces",), name="record_replaced", condition=Q(replaces__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_on}"

    def to_core(self) -> core.Record:
        return core.Record(
            id=self.id,
            unit=self.unit.code,
            kind=self.kind,
            happened_on=self.happened_on,
            quantity=self.quantity,
            people=self.people,
            subject=self.subject,
            area_m2=None if self.area_m2 is None else Fraction(self.area_m2),
            at_m=self.at_m,
            change=self.change,
            grade=self.grade,
            place=self.place,
            audience=self.audience,
            note=self.note,
            loss_yuan=None if self.loss_yuan is None else Fraction(self.loss_yuan),
            author=str(self.author),
            recorded_at=self.recorded_at,
            received_at=self.received_at,
            replaces=self.replaces_id,
            withdrawn=self.withdrawn,
            extra=self.extra,
        )


class HeldRecord(models.Model):
    """A correction or a withdrawal that came before its original, whole as it was told.

    It becomes a record of the same id when the original comes, and stays here as the trace of that. One that does not
    fit its original is never applied and never lost: ``why`` is the code of the problem.
    """

    id = models.UUIDField(primary_key=True)
    original_id = models.UUIDField(db_index=True)  # no foreign key: what it names is not here yet
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="held_records")
    author = models.ForeignKey(User, models.PROTECT, related_name="held_records")
    told: Any = models.JSONField()
    why = models.CharField(max_length=60)
    arrived_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    clock_skew_s = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("-arrived_at", "-id")

    def __str__(self) -> str:
        return f"{self.id} → {self.original_id}"

    def to_core(self) -> core.Record:
        record, problems = read_record(self.told)
        if record is None:
            raise ValueError(f"the held record {self.id} cannot be read: {problems}")
        return replace(record, author=str(self.author), received_at=self.arrived_at)
