"""Waivers: a duty of an issued plan set aside for a unit on some days. Only added, and withdrawn; never changed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wuzha.core.base.interval import make_inclusive
from wuzha.core.plan.waiver import WaiverSaid
from wuzha.web.accounts.models import Unit, User
from wuzha.web.accounts.typed import TypedChar
from wuzha.web.campaign.models.plans import PlanVersion


class DutyWaiver(models.Model):
    """``opens_on`` and ``last_on`` are both inside. ``given_as`` is the body whose officer gave it."""

    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="waivers")
    duty = models.CharField(max_length=64)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="waivers")
    is_below = models.BooleanField(default=False)
    opens_on = models.DateField(_("from"))
    last_on = models.DateField(_("until"))
    reason = TypedChar(_("reason"), max_length=200)
    given_as = models.CharField(max_length=200)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = TypedChar(max_length=200, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=~Q(reason="") & ~Q(given_as=""), name="a_waiver_has_a_reason_and_a_giver"),
            models.CheckConstraint(condition=Q(last_on__gte=F("opens_on")), name="a_waiver_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | (Q(withdrawn_by__isnull=False) & ~Q(withdrawn_because="")),
                name="a_waiver_is_withdrawn_by_somebody_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.duty} {self.unit_id} {self.opens_on}–{self.last_on}"

    def to_core(self) -> WaiverSaid:
        days = make_inclusive(self.opens_on, self.last_on)
        given_on = self.created_at.date()
        return WaiverSaid(self.duty, self.unit.code, days, self.reason, self.is_below, self.given_as, given_on)
