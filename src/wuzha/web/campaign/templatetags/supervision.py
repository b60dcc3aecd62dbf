"""Supervision on a page: the facts of a proposal, and how sure an indicator is, in words."""

from datetime import date

from django import template
from django.template.context import RequestContext
from django.utils.translation import gettext, ngettext, pgettext

from wuzha.adapters.wording.supervision import name_step, say_conditions, say_signal, say_withheld
from wuzha.core.supervision.model import Step
from wuzha.core.supervision.propose import Ground, Withheld
from wuzha.web.campaign import wording

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


@register.filter
def withheld_text(withheld: Withheld) -> str:
    """Why the indicator brings no proposal, with its number and interval."""
    return say_withheld(withheld, wording.language())
