"""What the addresses of the standings may say: which plan, which period, in which order, which status."""

from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wuzha.core.assessment.model import Status
from wuzha.core.base.interval import Interval
from wuzha.core.base.windows import Cadence, Rhythm, find_window
from wuzha.core.ledger.record import Moment
from wuzha.web.accounts.clock import TimedRequest
from wuzha.web.accounts.context import parse_as_of
from wuzha.web.accounts.forms import PlainForm

# 2026-03-20; what is longer is an instant.
DAY_SIGNS = 10


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

    None without one, and for today or later, when everything is known. Of an instant, as the links of papers carry it,
    its day. Raises ``BadRequest`` for other text.
    """
    known = _parse_known(request)
    day = timezone.localdate(known) if isinstance(known, datetime) else known
    return None if day is None or day >= request.today else day


def read_known_moment(request: TimedRequest) -> Moment | None:
    """As :func:`read_known`, but an instant is taken as it is: a paper counts what had come by then, no more."""
    known = _parse_known(request)
    if isinstance(known, datetime):
        return known if known < request.now else None
    return None if known is None or known >= request.today else known


def write_moment(at: datetime) -> str:
    """An instant as an address carries it: the local one, without the plus sign of its zone."""
    return timezone.localtime(at).replace(tzinfo=None).isoformat()


def _parse_known(request: TimedRequest) -> Moment | None:
    text = request.GET.get("known", "").strip()
    if len(text) <= DAY_SIGNS:
        return parse_as_of(text) if text else None
    parse_as_of(text[:DAY_SIGNS])
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        raise BadRequest(_("The day in the address is not a date. Write it like 2026-03-20.")) from None
    return told if told.tzinfo else timezone.make_aware(told)


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
