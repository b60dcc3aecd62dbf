"""What each role of a post may do: the one table that every door of the site asks.

A post opens units by its area and its line (:mod:`wuzha.web.accounts.access`); its role says what may be done there.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from wuzha.web.accounts.models import Post

Role = Post.Role


class Power(StrEnum):
    """One thing that a post may allow."""

    MANAGE = "manage"
    """Write and issue plans, papers, scorecards and titles in the name of the office; plan inspections."""
    RECORD = "record"
    REVIEW = "review"
    """Look again at the records of those below."""
    DRAFTS = "drafts"
    """Read the drafts of plans below."""
    SUPERVISE = "supervise"
    """Give measures and decide on them, walk inspections, hear objections."""
    LOOK = "look"
    """Read records, their evidence, and whatever says who did something."""
    FIGURES = "figures"
    """Read standings, tables and what is exported of them, as far as they name no person."""
    PLANS = "plans"
    """Read the plans in force."""
    PAPERS = "papers"
    """Read issued papers."""
    PUBLISH = "publish"
    """Make and release public copies of briefings."""
    PEOPLE = "people"
    """People, their posts, the keys of programs."""
    UNITS = "units"
    """The roster, and what changes about units."""
    AUDIT = "audit"
    """Read the log of who did what."""


READ = frozenset({Power.LOOK, Power.FIGURES, Power.PLANS, Power.PAPERS})
MAY: Mapping[str, frozenset[Power]] = MappingProxyType(
    {
        Role.OFFICER: READ
        | {
            Power.MANAGE,
            Power.RECORD,
            Power.REVIEW,
            Power.DRAFTS,
            Power.SUPERVISE,
            Power.PUBLISH,
            Power.PEOPLE,
            Power.UNITS,
        },
        Role.SECRETARY: READ | {Power.RECORD},
        Role.REVIEWER: READ | {Power.REVIEW, Power.DRAFTS},
        Role.SUPERVISOR: READ | {Power.REVIEW, Power.SUPERVISE},
        Role.PUBLISHER: frozenset({Power.PAPERS, Power.PUBLISH}),
        Role.ANALYST: frozenset({Power.FIGURES, Power.PLANS}),
        Role.ADMINISTRATOR: frozenset({Power.PEOPLE, Power.UNITS, Power.AUDIT}),
    }
)


# What the page of a person says of roles that see less of a unit than all of it.
NARROW = MappingProxyType(
    {
        Role.ANALYST: _("figures and plans, no records"),
        Role.PUBLISHER: _("issued papers and their public copies, nothing else"),
        Role.ADMINISTRATOR: _("people, units and the log, no records and no papers"),
    }
)


def describe_sight(post: Post) -> str:
    """What the holder of the post sees, in words: how far, and of that how much."""
    far = _("sees the units of this line, and no others") if post.line else _("sees the unit and everything below")
    told = (far, NARROW[Role(post.role)]) if post.role in NARROW else (far,)
    return pgettext("between parts", ", ").join(map(str, told))


def list_roles(*powers: Power) -> tuple[str, ...]:
    """The roles that allow any of these, in the order of the table."""
    return tuple(role for role, allowed in MAY.items() if allowed.intersection(powers))


# What a page asks of a post before it shows anything, by the name of its address: a post whose role does not allow it
# counts for nothing there. Pages of the campaign that are not named ask for ``LOOK``, so that a new page is closed to
# those who may not read records until somebody has opened it here.
_FIGURES = "today standings cell line"
_PLANS = "plans plan-review plan-burden plan-diff plan-lint plan-yaml plan-document"
_PAPERS = "papers paper paper-file briefings briefing-public briefing-picture briefing-photo briefing-public-file"
_ASKED = (
    (Power.FIGURES, _FIGURES),
    (Power.PLANS, _PLANS),
    (Power.PAPERS, _PAPERS),
    (Power.PEOPLE, "hand-over"),
)
ASKED: Mapping[str, Power] = MappingProxyType(
    {f"campaign:{name}": power for power, names in _ASKED for name in names.split()}
)


def find_asked(address: str) -> Power | None:
    """What the page of that address asks for; none for those of people and units, which ask for themselves."""
    return ASKED.get(address, Power.LOOK if address.startswith("campaign:") else None)
