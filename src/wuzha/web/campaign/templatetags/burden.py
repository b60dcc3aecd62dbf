"""Tags of burden: minutes and summands in words, and the parts that other pages show."""

from fractions import Fraction
from typing import Any

from django import template
from django.template.context import RequestContext

from wuzha.adapters.wording import burden as burden_wording
from wuzha.adapters.wording.burden import list_heaviest, say_minutes, say_part, say_terms
from wuzha.adapters.wording.duty import render_duty
from wuzha.core.duty.model import Duty
from wuzha.core.plan.burden.repeat import KnownFiling, Repeat
from wuzha.core.plan.burden.weigh import KindBurden, Load
from wuzha.web.campaign import access, wording
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.models import PlanVersion
from wuzha.web.campaign.queries.burden import KEPT, Decision, Together, weigh_version, weigh_year

register = template.Library()


@register.inclusion_tag("campaign/plans/burden_summary.html", takes_context=True)
def burden_summary(context: RequestContext, plan: PlanVersion, issuing: bool = False) -> dict[str, Any]:
    """``{% burden_summary plan %}``: what the plan costs each kind of unit, in a panel that leads to the account.

    ``issuing`` counts of a draft what has been accepted and nothing else.
    """
    kept = (Decision.ACCEPTED,) if issuing else KEPT
    return {"burden": weigh_version(plan, context["as_of"], kept), "plan": plan}


@register.inclusion_tag("campaign/plans/burden_total.html", takes_context=True)
def burden_total(context: RequestContext) -> dict[str, Any]:
    """``{% burden_total %}``: what all plans in force cost the units at and below the person's own."""
    home, user, today = context["home_unit"], context["request"].user, context["today"]
    as_of = context["as_of"]
    burden = weigh_year(home, access.list_visible_plans(user, today), as_of) if home else None
    return {"burden": burden, "unit": home, "as_of": as_of, "today": today, "request": context["request"]}


@register.filter
def minutes_text(minutes: Fraction) -> str:
    """3 小时 20 分."""
    return say_minutes(Fraction(minutes), wording.language())


@register.filter
def weekly_text(burden: KindBurden) -> str:
    """一个村每周约 3 小时 20 分."""
    return burden_wording.say_weekly(burden, wording.language())


@register.simple_tag
def per_week(burden: KindBurden, minutes: Fraction) -> str:
    """Of minutes over the whole stretch, a week's."""
    return say_minutes(burden.per_week(minutes), wording.language())


@register.filter
def heaviest(burden: KindBurden) -> tuple[Load, ...]:
    """The duties whose cost is known, the most costly first."""
    return list_heaviest(burden)


@register.filter
def biggest_part(burden: KindBurden) -> str:
    """The most costly duty and its part of the whole: 其中宣讲占一半; empty where there is only one."""
    loads = list_heaviest(burden)
    if len(loads) < 2 or not loads[0].average:
        return ""
    title = wording.title_duty(loads[0].duty, load_kinds())
    return f"{title}{say_part(loads[0].average, burden.asked, wording.language())}"


@register.filter
def load_terms(load: Load) -> str:
    """12 个月 × 1 次集中宣传活动 × 240 分钟."""
    return say_terms(load, load_kinds(), wording.language())


@register.filter
def load_share(load: Load) -> str:
    return burden_wording.say_share(load, wording.language())


@register.filter
def unknown_text(load: Load) -> str:
    """Why nothing is known."""
    return burden_wording.say_reason(load.reason, wording.language())


@register.filter
def sentence(duty: Duty) -> str:
    """The whole duty as one sentence."""
    return render_duty(duty, load_kinds(), wording.language())


@register.filter
def repeat_text(repeat: Repeat) -> str:
    return burden_wording.say_repeat(repeat, wording.language())


@register.filter
def known_text(filing: KnownFiling) -> str:
    return burden_wording.say_known(filing, load_kinds(), wording.language())


@register.simple_tag
def plan_of(together: Together, ref: str) -> PlanVersion:
    """The plan that a duty of a repeat stands in."""
    return together.versions[ref]


@register.simple_tag
def together_weekly(together: Together, kind: str) -> str:
    """What a unit of the kind spends a week on all of them."""
    found = together.burden.find_kind(kind)
    return say_minutes(found.weekly, wording.language()) if found and found.known else ""
