"""Why a figure is what it is: the core's answer over the records that could be meant. Reads only."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db.models import Q, QuerySet

from wuzha.core.assessment.why import NEAR, Inquiry, Why, explain_standing
from wuzha.core.base.unit import Tree
from wuzha.core.base.windows import Window
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.model import Duty
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.models import Record
from wuzha.web.campaign.queries.ground import load_bound_tree, load_ground
from wuzha.web.campaign.queries.work import Figure

# A page explains no figure that more records than this could be meant for; the command line does.
MOST = 5000


def explain_figure(figure: Figure, as_of: date) -> Why | None:
    """None for a figure of many windows or many units, and where too many records could be meant."""
    if figure.window is None:
        return None
    tree, duty = load_bound_tree(figure.in_force), figure.duty
    records = _load_records(_find_meant(tree, figure.unit.code, duty, figure.window))
    if records is None:
        return None
    plan = replace(figure.in_force.plan, duties=(duty,))
    inquiry = Inquiry(plan, tree, records, load_kinds(), as_of, figure.in_force.known_by)
    return explain_standing(inquiry, (duty.id, figure.unit.code, figure.window.label))


def name_units(why: Why) -> Mapping[str, str]:
    """The names of the units that its parts speak of, by their codes."""
    codes = {part.record.unit for part in why.parts} | {part.cause.word for part in why.parts}
    return {code: unit.name for code, unit in load_ground().tree.by_code.items() if code in codes}


def _find_meant(tree: Tree, code: str, duty: Duty, window: Window) -> QuerySet[Record]:
    """The records of the unit and of all that is or was below it, of days that the window looks at or lies near."""
    numbers = load_ground().numbers
    below = tree.list_ever_below(code) if code in tree.by_code else ()
    days = Q(happened_on__lt=window.closes + NEAR)
    if VERBS[duty.verb].remembers is None:
        days &= Q(happened_on__gte=window.opens - NEAR)
    kinds = list_feeding_kinds(duty, load_kinds())
    return Record.objects.filter(days, unit__in=[numbers[one] for one in below], kind__in=kinds).order_by()


def _load_records(meant: QuerySet[Record]) -> list[CoreRecord] | None:
    """These and what replaces them, wherever a correction moved it; none when they are too many."""
    found = list(meant.select_related("unit", "author")[: MOST + 1])
    if len(found) > MOST:
        return None
    later = Record.objects.filter(replaces__in=meant.values("pk")).order_by().select_related("unit", "author")
    return [record.to_core() for record in {one.pk: one for one in (*found, *later)}.values()]
