"""The tables on the pages of units and people as files: their columns, and what each says of a row."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.adapters.table_export import Column, Table
from wuzha.core.base.roster import RosterChange
from wuzha.core.base.unit import LATEST
from wuzha.web.accounts.models import ApiToken, Attribute, Post, Unit
from wuzha.web.accounts.queries import show_past
from wuzha.web.accounts.tables import Pieces
from wuzha.web.accounts.templatetags.wuzha import attribute_title, kind_title, line_title, roster_change

UNIT = (
    Column(_("Unit"), lambda one: one.name),
    Column(_("Code"), lambda one: one.code),
    Column(_("Kind"), lambda one: kind_title(one.kind)),
)
DAYS = (
    Column(pgettext_lazy("table", "From"), lambda one: one.opens_on),
    Column(_("Not in force from"), lambda one: tell_end(one.closes_on)),
)


def tell_end(day: date) -> date | None:
    """The day from which something holds no more; none where it has no end."""
    return None if day == LATEST else day


def tabulate_below(children: QuerySet[Unit], as_of: date, today: date) -> Table:
    """The units directly below, called what they were called on the day."""
    columns = (
        *UNIT,
        Column(_("Line"), lambda one: line_title(one.line) if one.line else ""),
        Column(_("Below it"), lambda one: one.below, "number"),
    )

    def go_back(units: list[Unit]) -> list[Unit]:
        show_past(units, as_of, today)
        return units

    return Table("units", _("Units directly below"), columns, Pieces(children, go_back))


def tabulate_found(found: QuerySet[Unit], words: str, as_of: date, today: date) -> Table:
    """The units that were looked up, with the one above each."""

    def go_back(units: list[Unit]) -> list[Unit]:
        show_past(units, as_of, today)
        show_past((one.parent for one in units), as_of, today)
        return units

    columns = (*UNIT, Column(_("Above"), lambda one: one.parent.name if one.parent else ""))
    return Table("units", _("Units found"), columns, Pieces(found, go_back), ((_("Name or code"), words),))


def tabulate_figures(attributes: Sequence[Attribute]) -> Table:
    columns = (
        Column(_("Figure"), lambda one: attribute_title(one.name)),
        Column(_("Value"), lambda one: one.value, "number"),
        Column(_("Counted on"), lambda one: one.valid_from),
        Column(_("Source"), lambda one: one.source),
    )
    return Table("figures", _("Known figures"), columns, attributes)


def tabulate_posts(posts: "QuerySet[Post]") -> Table:
    """Who holds a post. The names to log in with stay on the page: a list of them is of use to nobody honest."""
    columns = (
        Column(_("Name"), lambda post: str(post.user)),
        Column(_("Post"), lambda post: str(post.get_role_display())),
        DAYS[0],
        Column(_("Not in force from"), lambda one: tell_end(one.ends_on)),
    )
    return Table("posts", _("People and posts"), columns, posts)


def tabulate_tokens(tokens: "QuerySet[ApiToken]") -> Table:
    columns = (
        Column(_("What the key is for"), lambda token: token.name),
        Column(_("Acts as"), lambda token: str(token.post)),
        Column(_("Made by"), lambda token: str(token.made_by)),
        *DAYS,
    )
    return Table("keys", _("Keys for programs"), columns, tokens)


def tabulate_roster(changes: Collection[RosterChange]) -> Table:
    """What a roster would change, before it is taken in."""
    columns = (
        Column(_("Unit"), lambda change: change.after.name),
        Column(_("Code"), lambda change: change.after.code),
        Column(_("Kind"), lambda change: kind_title(change.after.kind)),
        Column(_("Code above"), lambda change: change.after.parent),
        Column(_("What happens"), _tell_change),
    )
    return Table("changes", _("What would the roster change"), columns, changes)


def _tell_change(change: RosterChange) -> str:
    told: Any = roster_change(change)
    parts = [str(_("new"))] if told["is_new"] else []
    parts += [f"{head} {before or '—'} → {after or '—'}" for head, before, after in told["fields"]]
    parts += [f"{title} {day} {old or '—'} → {new}" for title, day, old, new in told["figures"]]
    return " · ".join(parts)
