"""What the addresses of the standings may say: which plan, which period, in which order, which status."""

from datetime import date
from types import MappingProxyType
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from wuzha.core.assessment.model import Status
from wuzha.core.base.interval import Interval
from wuzha.core.base.windows import Cadence, Rhythm, find_window
from wuzha.web.accounts.clock import TimedRequest
from wuzha.web.accounts.context import parse_as_of
from wuzha.web.accounts.forms import PlainForm


class Order(TextChoices):
    BEHIND = "", _("furthest behind first")
    TREE = "tree", _("in the order of the tree")


class Period(TextChoices):
    """Which windows are looked at: all up to the day, or those that fall due in a stretch around it."""

    ALL = "", _("all windows")
    MONTH = "month", _("this month")
    LAST_MONTH = "last-month", _("last month")
    QUARTER = "quarter", _("this quarter")


class StandingsForm(PlainForm):
    """The switches of the matrix as they stand in the address."""

    plan = forms.IntegerField(required=False, min_value=1)
    period = forms.ChoiceField(required=False, choices=Period.choices)
    order = forms.ChoiceField(required=False, choices=Order.choices)


class CellForm(PlainForm):
    """The switches of one figure's page."""

    # "met" is in time; what is done, in time or late, stands together under a word of its own.
    STATUSES = MappingProxyType(
        {
            "missed": (Status.MISSED,),
            "open": (Status.OPEN,),
            "done": (Status.MET, Status.LATE),
            "met": (Status.MET,),
            "late": (Status.LATE,),
            "unknown": (Status.UNKNOWN,),
            "exempt": (Status.EXEMPT,),
            "waived": (Status.WAIVED,),
        }
    )

    period = forms.ChoiceField(required=False, choices=Period.choices)
    window = forms.CharField(required=False, max_length=40)
    own = forms.ChoiceField(required=False, choices=[("", ""), ("1", "")])
    status = forms.ChoiceField(required=False, choices=[("", ""), *((code, code) for code in STATUSES)])
    # Of all duties of a plan those that ask for these kinds of record.
    kinds = forms.RegexField(r"^[a-z_-]+( [a-z_-]+)*$", required=False, max_length=200)


def find_statuses(code: str) -> tuple[Status, ...]:
    """The statuses that a word of the address stands for; none for an empty one, which means all of them."""
    return CellForm.STATUSES[code] if code else ()


def read_known(request: TimedRequest) -> date | None:
    """The day by whose end records must have been received to count: ``?known=2026-03-20``.

    None without one, and for today or later, when everything is known. Raises ``BadRequest`` for other text.
    """
    text = request.GET.get("known", "").strip()
    day = parse_as_of(text) if text else None
    return None if day is None or day >= request.today else day


def find_period(period: str, as_of: date) -> Interval | None:
    """The days in which a window must fall due; none for all of them."""
    months: dict[str, Any] = {
        Period.MONTH: (Cadence.MONTH, as_of),
        Period.LAST_MONTH: (Cadence.MONTH, date.fromordinal(as_of.replace(day=1).toordinal() - 1)),
        Period.QUARTER: (Cadence.QUARTER, as_of),
    }
    if period not in months:
        return None
    cadence, day = months[period]
    return find_window(Rhythm(cadence), day).interval
