"""Records. They are only added."""

from fractions import Fraction

from django.db import models
from django.db.models import Q

from wuzha.core.ledger import record as core
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
