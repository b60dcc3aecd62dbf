"""Tags for what the doors told of a record: why it is held, how far a clock was off."""

from django import template
from django.utils.translation import ngettext

from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import Problem
from wuzha.web.campaign import wording

DAY_S = 86400
HOUR_S = 3600
register = template.Library()


@register.filter
def problem_text(code: str) -> str:
    """The sentence of a problem that is kept by its code alone."""
    return describe_problem(Problem(code), wording.language())


@register.filter
def timespan(seconds: int) -> str:
    """367 天, 5 小时 or 12 分钟, whichever tells enough; the direction is said elsewhere."""
    length_s = abs(seconds)
    if length_s >= 2 * DAY_S:
        days = round(length_s / DAY_S)
        return ngettext("%(number)d day", "%(number)d days", days) % {"number": days}
    if length_s >= 2 * HOUR_S:
        hours = round(length_s / HOUR_S)
        return ngettext("%(number)d hour", "%(number)d hours", hours) % {"number": hours}
    minutes = round(length_s / 60)
    return ngettext("%(number)d minute", "%(number)d minutes", minutes) % {"number": minutes}
