"""A county's own days: off, worked, the first of a semester. Only added and withdrawn; the last entry holds."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.core.base.workdays import DayChange, DaySaid
from wuzha.web.accounts.models import Unit, User
from wuzha.web.accounts.typed import TypedChar


class CalendarDay(models.Model):
    """What a unit says of one day, for itself and everything below it."""

    class Says(models.TextChoices):
        OFF = DayChange.OFF.value, pgettext_lazy("calendar", "a day off")
        WORK = DayChange.WORK.value, pgettext_lazy("calendar", "a working day")
        SPRING = DayChange.SPRING.value, _("first day of the spring semester")
        AUTUMN = DayChange.AUTUMN.value, _("first day of the autumn semester")
        LISTED = DayChange.LISTED.value, _("the year's days off have all been entered")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="calendar_days")
    day = models.DateField(_("day"))
    says = models.CharField(max_length=8, choices=Says)
    reason = TypedChar(_("reason"), max_length=200)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="a_calendar_day_has_a_reason"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_by__isnull=False),
                name="a_calendar_day_is_withdrawn_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.says}"

    def to_core(self) -> DaySaid:
        return DaySaid(self.day, DayChange(self.says), self.reason, self.unit.name, self.created_at.date())
