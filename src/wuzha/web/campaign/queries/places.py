"""The places right below a unit beside each other, for the page of one figure. Reads only."""

from datetime import date

from django.db.models import Q

from wuzha.core.assessment.obligations import expand_windows
from wuzha.core.assessment.places import Comparison, compare_places, is_comparable
from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import Tree
from wuzha.core.base.windows import Window
from wuzha.core.duty.model import Duty
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.core.ledger.row import Row
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.queries.ground import load_bound_tree, load_ground
from wuzha.web.campaign.queries.tallies import in_effect, list_rows
from wuzha.web.campaign.queries.work import Figure


def find_comparison(figure: Figure, as_of: date) -> Comparison | None:
    """The places below the figure's unit in the figure's window, or in the latest that has opened.

    None where the duty counts nothing that has a rate, or where no places lie below.
    """
    window = figure.window or _find_latest_window(figure, as_of)
    if window is None or not is_comparable(figure.duty):
        return None
    tree = load_bound_tree(figure.in_force)
    facts = _list_facts(figure, tree, window.interval, as_of)
    return compare_places(figure.duty, window, tree, figure.unit.code, facts, as_of)


def find_only_kind(duty: Duty) -> str:
    """The kind of record that alone feeds the duty; empty where there are several."""
    kinds = list_feeding_kinds(duty, load_kinds())
    return next(iter(kinds)) if len(kinds) == 1 else ""


def _find_latest_window(figure: Figure, as_of: date) -> Window | None:
    windows = expand_windows(figure.duty, figure.in_force.plan.valid)
    return next((window for window in reversed(windows) if window.opens <= as_of), None)


def _list_facts(figure: Figure, tree: Tree, days: Interval, as_of: date) -> list[Row]:
    """The records in effect of these days that can feed the duty, of all that stand or ever stood below the unit."""
    numbers = load_ground().numbers
    codes = {numbers[code]: code for code in tree.list_ever_below(figure.unit.code)}
    asked = Q(
        unit__in=codes,
        kind__in=list_feeding_kinds(figure.duty, load_kinds()),
        happened_on__gte=days.opens,
        happened_on__lte=min(as_of, days.last_day),
    )
    return list_rows(asked & in_effect(figure.in_force.known_by), codes)
