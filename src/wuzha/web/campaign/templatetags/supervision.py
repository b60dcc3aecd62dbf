"""Supervision on a page: the facts of a proposal, and how sure an indicator is, in words."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from wuzha.adapters.wording.supervision import name_step, say_conditions, say_signal, say_withheld
from wuzha.core.supervision.model import Step
from wuzha.core.supervision.propose import Ground, Withheld
from wuzha.web.accounts.models import Post
from wuzha.web.campaign import wording
from wuzha.web.campaign.forms.measures import show_trigger
from wuzha.web.campaign.models import Measure
from wuzha.web.campaign.queries.measures import MeasureLine

register = template.Library()
MOST_NAMED = 6


@register.filter
def step_title(step: Step) -> str:
    """A step of the ladder in the language of the page."""
    return name_step(step, wording.language())


@register.filter
def step_conditions(step: Step) -> str:
    return say_conditions(step, wording.language())


@register.simple_tag(takes_context=True)
def ground_text(context: RequestContext, ground: Ground) -> str:
    """Which windows were missed, how many on end, and how long ago the first of these was due."""
    number = len(ground.missed)
    told = ngettext("%(windows)s: %(n)s window not met", "%(windows)s: %(n)s windows not met", number) % {
        "windows": _join_windows(ground),
        "n": number,
    }
    return pgettext("between parts", ", ").join([told, *_tell_row(ground, context["as_of"])])


def _join_windows(ground: Ground) -> str:
    names = [one.window for one in ground.missed[-MOST_NAMED:]]
    joined = pgettext("between names", ", ").join(names)
    return gettext("… %(windows)s") % {"windows": joined} if len(ground.missed) > MOST_NAMED else joined


def _tell_row(ground: Ground, as_of: date) -> list[str]:
    if not ground.in_a_row:
        return [gettext("the last one was met")]
    due = wording.say_day(ground.missed[-ground.in_a_row].due_on, as_of)
    told = {"row": ground.in_a_row, "due": due, "days": ground.overdue_days}
    if ground.in_a_row == 1:
        return [gettext("due on %(due)s, %(days)s days ago") % told]
    return [gettext("%(row)s on end, the first of them due on %(due)s, %(days)s days ago") % told]


@register.filter
def signals(ground: Ground) -> list[str]:
    """Of an indicator each number with the interval by which it is judged."""
    return [say_signal(one, one.signal, wording.language()) for one in ground.missed if one.signal]


# What is the case with a measure, told with a day where one is coming.
STATES: Mapping[str, Any] = MappingProxyType(
    {
        "waiting": _("waits for an answer by %(answer_by)s"),
        "silent": _("no answer came by %(answer_by)s"),
        "mending": _("answered; to be mended by %(mend_by)s"),
        "mended": _("mending reported on %(last)s; to be looked at"),
        "appeal": _("appealed on %(last)s; to be decided"),
        "run-out": _("the mending day, %(mend_by)s, has passed"),
        "lifted": _("lifted on %(last)s"),
        "cleared": _("cleared on %(last)s"),
    }
)


@register.filter
def measure_state(line: MeasureLine) -> str:
    """What is the case with the measure, and by when something is wanted."""
    made = line.core
    days = {"answer_by": made.answer_by, "mend_by": made.mend_by, "last": made.events[-1].on}
    return str(STATES[line.state]) % {name: wording.say_day(day, line.as_of) for name, day in days.items()}


@register.filter
def measure_title(measure: Measure) -> str:
    """The step as it was called when the measure was given."""
    return measure.step_title if wording.is_chinese() else measure.step_title_en


@register.filter
def post_title(role: str) -> str:
    return str(Post.Role(role).label) if role in Post.Role.values else role


@register.filter
def signal_words(told: Mapping[str, str]) -> str:
    """An indicator's number with its interval, as it was kept with the measure."""
    return told.get(wording.language(), "")


@register.filter
def trigger_words(step: Step) -> list[str]:
    """When a step may be proposed, one condition a line."""
    return [show_trigger(one) for one in step.triggers]


@register.filter
def look_up(mapping: Mapping[str, Any], key: str) -> Any:
    """``{{ given|look_up:code }}``"""
    return mapping.get(key)


@register.filter
def withheld_text(withheld: Withheld) -> str:
    """Why the indicator brings no proposal, with its number and interval."""
    return say_withheld(withheld, wording.language())
