"""Tags of the pages of inspections: how a finding stands, what a verdict is called, an item in the page's language."""

from collections.abc import Mapping
from types import MappingProxyType

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext, pgettext_lazy

from wuzha.core.supervision.checklist import Item, Verdict
from wuzha.core.supervision.mending import Mending, State
from wuzha.web.accounts.templatetags.wuzha import SHAPES
from wuzha.web.campaign.wording import say_look, title_item

register = template.Library()
VERDICTS: Mapping[str, tuple[str, object]] = MappingProxyType(
    {
        Verdict.GOOD: ("met", pgettext_lazy("verdict", "Good")),
        Verdict.BAD: ("missed", pgettext_lazy("verdict", "Wanting")),
        Verdict.UNSEEN: ("unknown", pgettext_lazy("verdict", "Not seen")),
    }
)
STATES: Mapping[str, tuple[str, object]] = MappingProxyType(
    {
        State.OPEN: ("open", pgettext_lazy("finding", "to be mended")),
        State.OVERDUE: ("missed", pgettext_lazy("finding", "overdue")),
        State.REPORTED: ("open", pgettext_lazy("finding", "reported, to be looked at")),
        State.STRUCK: ("exempt", pgettext_lazy("finding", "struck out")),
    }
)


def _mark(status: str, word: object) -> SafeString:
    return format_html(
        '<span class="status status-{}"><span aria-hidden="true">{}</span> {}</span>', status, SHAPES[status], word
    )


@register.simple_tag
def verdict(value: str) -> SafeString:
    """``{% verdict answer.verdict %}``: shape, word and colour."""
    return _mark(*VERDICTS[value])


@register.simple_tag
def mending_status(mending: Mending) -> SafeString:
    """``{% mending_status standing.mending %}``: shape, word and colour of how a finding stands."""
    return _mark(*_choose(mending))


def mending_word(mending: Mending) -> str:
    """How a finding stands, in a word for a cell."""
    return str(_choose(mending)[1])


def _choose(mending: Mending) -> tuple[str, object]:
    if mending.state is State.CLOSED:
        late = pgettext("finding", "mended late")
        return ("late", late) if mending.is_late else ("met", pgettext("finding", "mended in time"))
    return STATES[mending.state]


@register.filter
def item_title(item: Item) -> str:
    """In the language of the page; a county's own words have only one."""
    return title_item(item)


@register.filter
def item_look(item: Item) -> str:
    return say_look(item)
