"""Who is shown the way to the pages about personal data."""

from django import template
from django.template import RequestContext

from wuzha.web.accounts.models import User
from wuzha.web.personal.access import is_keeper

register = template.Library()


@register.simple_tag(takes_context=True)
def keeps_data(context: RequestContext) -> bool:
    """``{% keeps_data as is_keeper %}``: whether the person looks after clocks and holds."""
    user = context["user"]
    return isinstance(user, User) and is_keeper(user, context["today"])
