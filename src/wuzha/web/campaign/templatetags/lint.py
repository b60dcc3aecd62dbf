"""The tag of the check against higher rules."""

from django import template
from django.template.context import RequestContext

from wuzha.web.accounts.queries import read_tree
from wuzha.web.campaign import wording
from wuzha.web.campaign.queries.lint import check_up

register = template.Library()


@register.inclusion_tag("campaign/plans/lint_summary_line.html", takes_context=True)
def lint_summary(context: RequestContext) -> dict[str, object]:
    """``{% lint_summary %}``: in one line what the check of this page's plan found, with the way to it."""
    checkup = check_up(context["plan"], read_tree(), context["today"], wording.language())
    return {"plan": context["plan"], "checkup": checkup}
