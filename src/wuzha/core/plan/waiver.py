"""A county's waivers as told by a file or typed on a page, and the units that each is for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from wuzha.core.base.interval import Interval
from wuzha.core.base.problem import NOWHERE, Problem, Source, make_problem
from wuzha.core.base.unit import Tree
from wuzha.core.duty.model import Waiver
from wuzha.core.plan.model import Plan


@dataclass(frozen=True, slots=True)
class WaiverSaid:
    """A duty set aside for a unit, or with ``is_below`` also for everything below it, on these days.

    ``given_by`` is the post of the person who gives it; ``source`` where it was told.
    """

    duty: str
    unit: str
    days: Interval
    reason: str
    is_below: bool = False
    given_by: str = ""
    given_on: date | None = None
    source: Source = NOWHERE


def spread_waiver(said: WaiverSaid, tree: Tree) -> Waiver:
    """The waiver with the units it is for: those below as of its first day. None for a unit that nobody knows."""
    below = tree.at(said.days.opens).walk_down(said.unit) if said.is_below else ()
    codes = {said.unit} & set(tree.by_code) | {unit.code for unit in below}
    return Waiver(said.duty, frozenset(codes), said.days, said.reason, said.given_by)


def check_waivers(said: Iterable[WaiverSaid], plan: Plan, tree: Tree) -> tuple[Problem, ...]:
    """What is wrong with waivers of this plan: a duty or a unit that is not there, or days outside the plan."""
    problems: list[Problem] = []
    for one in said:
        if plan.find_duty(one.duty) is None:
            problems.append(make_problem("waiver.duty-unknown", one.source, id=one.duty))
        if one.unit not in tree.by_code:
            problems.append(make_problem("waiver.unit-unknown", one.source, unit=one.unit))
        if not one.days.overlap(plan.valid).days:
            problems.append(make_problem("waiver.outside-validity", one.source, last=plan.valid.last_day))
    return tuple(problems)
