"""Why a figure is what it is: the core's answer over the records that could be meant. Reads only."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from wuzha.core.assessment.role import Role
from wuzha.core.assessment.why import NEAR, Inquiry, Service, Why, explain_record, explain_standing
from wuzha.core.base.unit import Tree
from wuzha.core.base.windows import Window
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.model import Duty, Narrow
from wuzha.core.ledger.credit import list_credits, list_feeding_kinds
from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.models import PlanVersion, Record
from wuzha.web.campaign.queries.ground import PlanInForce, list_begun_plans, load_bound_tree, load_ground
from wuzha.web.campaign.queries.work import Figure

# A page explains no figure that more records than this could be meant for; the command line does.
MOST = 5000
YEAR = timedelta(days=366)

# A duty of a plan that a record does not count for, with what it is to it.
Miss = tuple[PlanVersion, Service]


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


def list_misses(record: Record, as_of: date) -> list[Miss]:
    """The duties of the plans of its day that ask for records of its kind and for which this one does not count.

    Duties that nobody bears for its unit are left out: they were never meant. So are windows that count nothing yet.
    """
    return [
        (in_force.version, service)
        for in_force in list_begun_plans(record.unit, record.happened_on)
        for service in _list_services(in_force, record, as_of)
        if service.cause.role.is_left_out and service.cause.role is not Role.UNCOUNTED and service.unit
    ]


def _list_services(in_force: PlanInForce, record: Record, as_of: date) -> tuple[Service, ...]:
    kinds, tree = load_kinds(), load_bound_tree(in_force)
    fed = tuple(duty for duty in in_force.plan.duties if record.kind in list_feeding_kinds(duty, kinds))
    meant = _find_beside(tree, record, fed) if fed else Record.objects.none()
    records = _load_records(meant) if fed else None
    if records is None:
        return ()
    inquiry = Inquiry(replace(in_force.plan, duties=fed), tree, records, kinds, as_of)
    return explain_record(inquiry, record.pk)


def _find_beside(tree: Tree, record: Record, fed: Iterable[Duty]) -> QuerySet[Record]:
    """The records that could stand in its place: of the same number, or without one of the same year, below any unit
    that it might count for."""
    kinds = load_kinds()
    plain = [replace(duty, narrow=Narrow()) for duty in fed]
    bearers = {credit.unit for credit in list_credits(record.to_core(), plain, tree, kinds)}
    below = frozenset[str]().union(*(tree.list_ever_below(code) for code in bearers))
    numbers = load_ground().numbers
    feeding = frozenset[str]().union(*(list_feeding_kinds(duty, kinds) for duty in fed))
    days = Q(happened_on__range=(record.happened_on - YEAR, record.happened_on + YEAR))
    same = Q(subject=record.subject) if record.subject else Q(subject="") & days
    found = Q(unit__in=[numbers[code] for code in below], kind__in=feeding) & same
    return Record.objects.filter(found | Q(pk=record.pk)).order_by()
