"""Which rows belong to an area as it stood on a day, for the lists that the pages show. Reads only."""

from datetime import date

from django.db.models import Q

from wuzha.web.accounts.access import is_below
from wuzha.web.accounts.models import Unit
from wuzha.web.accounts.queries import has_changed_since
from wuzha.web.campaign.queries.ground import load_ground


def is_below_then(unit: Unit, as_of: date, field: str = "unit") -> Q:
    """The condition that the unit of a row stood at the unit or below it on that day.

    The range of paths that stands there today, without what has come since and with what has left: both are few.
    """
    stands = is_below(unit.path, f"{field}__path")
    if not has_changed_since(as_of):
        return stands
    ground = load_ground()
    now, then = ({one.code for one in tree.walk_down(unit.code)} for tree in (ground.tree, ground.tree.at(as_of)))
    come, left = ([ground.numbers[code] for code in sorted(codes)] for codes in (now - then, then - now))
    return stands & ~Q(**{f"{field}__in": come}) | Q(**{f"{field}__in": left})


def list_codes_around(unit: Unit, as_of: date) -> frozenset[str]:
    """The unit, those above it and those below it on that day, by their codes."""
    tree = load_ground().tree.at(as_of)
    return frozenset(one.code for way in (tree.walk_up, tree.walk_down) for one in way(unit.code))
