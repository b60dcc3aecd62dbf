"""Words of posts in templates."""

from django import template

from wuzha.core.assessment.model import Status, Totals
from wuzha.web.accounts.models import LINE_CHOICES, Post

register = template.Library()


@register.simple_tag
def count_open(totals: Totals) -> int:
    return totals.count(Status.OPEN)


@register.simple_tag
def role_title(role: str, line: str) -> str:
    """What the role is called, with its line where it has one."""
    title = str(Post.Role(role).label)
    return f"{title} · {dict(LINE_CHOICES)[line]}" if line else title
