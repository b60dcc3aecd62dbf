"""What the site knows of working days. Reads only."""

from collections.abc import Iterable

from django.db.models import QuerySet

from wuzha.adapters import calendar as published
from wuzha.core.base.workdays import Calendar, amend_calendar
from wuzha.core.duty.model import Duty
from wuzha.core.plan.calendar import list_unpublished_years
from wuzha.web.campaign.models import CalendarDay


def find_calendar(path: str) -> Calendar:
    """The calendar at the unit with that path: the published days, and upon them those said above it and by it.

    What a nearer unit says goes before what one further up says; of one unit the later entry holds.
    """
    codes = path.strip("/").split("/")
    rows = CalendarDay.objects.filter(unit__code__in=codes, withdrawn_at=None).select_related("unit")
    said = sorted(rows, key=lambda row: (len(row.unit.path), row.pk))
    return (
        amend_calendar(published.load_calendar(), (row.to_core() for row in said))
        if said
        else (published.load_calendar())
    )


def list_days(path: str) -> QuerySet[CalendarDay]:
    """Every entry that bears on the unit, withdrawn ones too, the latest day first."""
    codes = path.strip("/").split("/")
    rows = CalendarDay.objects.filter(unit__code__in=codes)
    return rows.select_related("unit", "author", "withdrawn_by").order_by("-day", "-id")


def list_years_by_weekday(duties: Iterable[Duty]) -> list[int]:
    """The years for which these duties' due days move by plain weekdays, since no list is known."""
    return sorted({year for duty in duties for year in list_unpublished_years(duty)})
