"""Both directions of credit for the pages: the records behind a figure, and the duties that a record serves.

A figure's list holds exactly the records that its tallies count, no more and no fewer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import StrIndex

from wuzha.core.assessment.assess import assess_facts
from wuzha.core.assessment.obligations import expand_obligations, expand_windows
from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import Tree, Unit
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.model import Duty
from wuzha.core.duty.who import list_turns
from wuzha.core.ledger.credit import list_credits, list_feeding_kinds, map_nearest
from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.models import PlanVersion, Record
from wuzha.web.campaign.queries.ground import PlanInForce, list_begun_plans, load_bound_tree, load_ground
from wuzha.web.campaign.queries.standings import list_rows_below, list_unit_standings

# The verbs that count every record of a window; of the others, and where a base may be wanting, the tallies themselves
# name the records.
COUNT_ALL = ("do", "cover")


def list_standing_records(
    *, in_force: PlanInForce, duty_id: str, unit_code: str, window_label: str | None, as_of: date
) -> QuerySet[Record]:
    """The records behind a figure: of one unit and window, or of all windows of everything at and below a unit."""
    duty = in_force.plan.find_duty(duty_id)
    tree = load_bound_tree(in_force)
    if duty is None or unit_code not in tree.by_code:
        return Record.objects.none()
    if window_label is not None:
        alone = replace(in_force, plan=replace(in_force.plan, duties=(duty,)))
        return _list_window_records(alone, unit_code, window_label, as_of)
    below = {unit.code for unit in tree.at(as_of).walk_down(unit_code)}
    turns = list_turns(duty, tree, expand_windows(duty, in_force.plan.valid), as_of)
    borne = frozenset[str]().union(*(turn.bearers for turn in turns)) & below
    if duty.vague or not duty.fed:
        return Record.objects.none()
    is_settled = not tree.change_days and len(turns) == 1
    is_plain = not (duty.target and duty.target.of) and is_settled and in_force.known_by is None
    if duty.verb in COUNT_ALL and is_plain:
        credited = _group_by_bearer(tree, turns[0].bearers)
        return _list_counted(in_force, duty, {code: credited.get(code, []) for code in borne}, as_of)
    return Record.objects.filter(pk__in=_find_tallied(in_force, duty, borne, as_of))


def list_record_credits(record: Record, as_of: date) -> list[tuple[PlanVersion, Duty, Unit]]:
    """The duties that this record serves in the plans of its day, each with the unit whose obligation it credits."""
    if record.withdrawn or Record.objects.filter(replaces=record).exists() or record.happened_on > as_of:
        return []
    fact = record.to_core()
    return [
        (in_force.version, duty, unit)
        for in_force in list_begun_plans(record.unit, record.happened_on)
        for duty, unit in _list_plan_credits(fact, in_force, as_of)
    ]


def _list_plan_credits(fact: CoreRecord, in_force: PlanInForce, as_of: date) -> Iterator[tuple[Duty, Unit]]:
    tree = load_bound_tree(in_force)
    for credit in list_credits(fact, in_force.plan.duties, tree, load_kinds(), as_of):
        duty, unit = in_force.plan.find_duty(credit.duty), tree.by_code[credit.unit]
        if duty is not None and _is_counted_somewhere(duty, unit, fact, in_force, as_of):
            yield duty, unit


def _is_counted_somewhere(duty: Duty, unit: Unit, fact: CoreRecord, in_force: PlanInForce, as_of: date) -> bool:
    """Whether an obligation of the unit looks at the day of the fact, or remembers it."""
    remembers = VERBS[duty.verb].remembers
    is_remembered = remembers is not None and remembers(fact)
    turns = list_turns(duty, load_bound_tree(in_force), expand_windows(duty, in_force.plan.valid), as_of)
    borne = tuple(window for turn in turns if unit.code in turn.bearers for window in turn.windows)
    obligations = expand_obligations(duty, unit, borne)
    windows = (obligation.window for obligation in obligations if not obligation.exempt)
    return any(
        fact.happened_on < window.closes and (is_remembered or fact.happened_on >= window.opens) for window in windows
    )


def _list_window_records(in_force: PlanInForce, unit_code: str, window_label: str, as_of: date) -> QuerySet[Record]:
    standings = list_unit_standings(in_force=in_force, unit_code=unit_code, as_of=as_of)
    ids = [
        record
        for _, standing in standings
        if standing.obligation.window.label == window_label
        for record in standing.tally.records
    ]
    return Record.objects.filter(pk__in=ids)


def _find_tallied(in_force: PlanInForce, duty: Duty, bearers: frozenset[str], as_of: date) -> set[UUID]:
    """The records that the tallies name, over all windows of these bearers."""
    tree = load_bound_tree(in_force)
    rows = list_rows_below(tree, bearers, [duty], as_of, in_force.known_by)
    standings = assess_facts(duty, in_force.plan.valid, tree, rows, as_of, bearers)
    return {record for standing in standings for record in standing.tally.records}


def _list_counted(
    in_force: PlanInForce, duty: Duty, credited: Mapping[str, list[int]], as_of: date
) -> QuerySet[Record]:
    """Every record in effect on the days that the bearers' obligations look at. Most bearers share the same days.

    ``credited`` names for each bearer the units whose records are its own.
    """
    units = load_bound_tree(in_force).by_code
    by_days: dict[Interval, list[int]] = {}
    for code, numbers in credited.items():
        for days in _list_counted_days(in_force, duty, units[code], as_of):
            by_days.setdefault(days, []).extend(numbers)
    condition = Q(pk__in=())
    for days, found_in in by_days.items():
        condition |= Q(unit__in=found_in, happened_on__gte=days.opens, happened_on__lt=days.closes)
    kinds = list_feeding_kinds(duty, load_kinds())
    found = Record.objects.filter(condition, kind__in=kinds, happened_on__lte=as_of)
    return narrow_records(found.filter(replaced_by__isnull=True, withdrawn=False), duty)


def _group_by_bearer(tree: Tree, bearers: frozenset[str]) -> Mapping[str, list[int]]:
    """The numbers of the units whose records credit each bearer."""
    numbers = load_ground().numbers
    found: dict[str, list[int]] = {}
    for code, bearer in map_nearest(tree, bearers).items():
        found.setdefault(bearer, []).append(numbers[code])
    return found


def _list_counted_days(in_force: PlanInForce, duty: Duty, unit: Unit, as_of: date) -> Iterator[Interval]:
    """The days of the unit's opened obligations that are not exempt; windows that touch are one stretch."""
    stretch: Interval | None = None
    for obligation in expand_obligations(duty, unit, expand_windows(duty, in_force.plan.valid)):
        if obligation.exempt or as_of < obligation.begins_on:
            continue
        days = obligation.window.interval.overlap(unit.life)
        if stretch is not None and stretch.closes < days.opens:
            yield stretch
            stretch = None
        stretch = days if stretch is None else Interval(stretch.opens, days.closes)
    if stretch is not None:
        yield stretch


def narrow_records(records: QuerySet[Record], duty: Duty) -> QuerySet[Record]:
    """The duty's ``where`` and ``for``, sign for sign as the core compares them."""
    for column, words in (("place", duty.narrow.place), ("audience", duty.narrow.audience)):
        found = {f"{column}_{n}": StrIndex(column, Value(word)) for n, word in enumerate(words)}
        if found:
            records = records.annotate(**found).filter(Q(*((f"{name}__gt", 0) for name in found), _connector=Q.OR))
    return records.filter(grade=duty.narrow.grade) if duty.narrow.grade else records
