"""Which measures may be thought about today, with their facts, out of what the pages have counted already.

The counts of a plan name the units that missed anything; only those are stood again window by window, out of the ledger
that this process keeps. So a page asks the database the same few questions however many units there are.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from types import MappingProxyType

from wuzha.core.assessment.assess import assess_facts
from wuzha.core.assessment.model import Standing, Status
from wuzha.core.assessment.obligations import expand_windows
from wuzha.core.base.unit import Unit as CoreUnit
from wuzha.core.duty.model import Duty
from wuzha.core.supervision.chance import list_certainties
from wuzha.core.supervision.life import History
from wuzha.core.supervision.model import Ladder, Step
from wuzha.core.supervision.propose import Ground, Missed, Proposal, Withheld, propose_measures
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign import wording
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.queries.ground import PlanInForce, load_bound_tree
from wuzha.web.campaign.queries.standings import open_facts
from wuzha.web.campaign.queries.totals import PlanCounts, count_plan
from wuzha.web.campaign.queries.work import list_binding_plans

NOT_OWED = (Status.EXEMPT, Status.WAIVED)
MOST_KEPT = 8
Standings = list[Standing]
NO_HISTORY: Mapping[int, History] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class GroundLine:
    """What stands against a unit in one duty, its windows called as people call them."""

    duty: Duty
    ground: Ground


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A step that a person may give to the unit, with the facts."""

    in_force: PlanInForce
    unit: CoreUnit
    step: Step
    grounds: tuple[GroundLine, ...]


@dataclass(frozen=True, slots=True)
class WithheldLine:
    """An indicator that missed its goal and brings no proposal."""

    in_force: PlanInForce
    unit: CoreUnit
    duty: Duty
    withheld: Withheld


@dataclass(frozen=True, slots=True)
class AreaAdvice:
    """For all units below an area: what may be thought about, and what was held back, in the order of the roster."""

    proposals: tuple[ProposalLine, ...]
    withheld: tuple[WithheldLine, ...]


def advise(area: Unit, ladder: Ladder, as_of: date, histories: Mapping[int, History] = NO_HISTORY) -> AreaAdvice:
    """Over the plans that bind the area. ``histories`` are the measures there have been, by plan."""
    found = [
        _advise_plan(in_force, area.code, ladder, histories.get(in_force.version.pk, {}), as_of)
        for in_force in list_binding_plans(area, as_of)
    ]
    return AreaAdvice(
        tuple(line for one in found for line in one.proposals), tuple(line for one in found for line in one.withheld)
    )


def _advise_plan(in_force: PlanInForce, code: str, ladder: Ladder, history: History, as_of: date) -> AreaAdvice:
    counts, plan, kinds = count_plan(in_force, as_of), in_force.plan, load_kinds()
    standings = STOOD.find(counts, code, lambda: list(_stand_behind(in_force, counts, code, as_of)))
    certainties = list_certainties(plan, kinds, standings)
    advice = propose_measures(ladder, standings, certainties, history, as_of, count_asked(in_force, counts))
    teller = _Teller(in_force, as_of)
    places = {unit.code: place for place, unit in enumerate(load_bound_tree(in_force).at(as_of).walk_down(code))}
    units = load_bound_tree(in_force).at(as_of).by_code
    proposals = sorted(advice.proposals, key=lambda one: places[one.unit])
    withheld = sorted(advice.withheld, key=lambda one: places[one.unit])
    return AreaAdvice(
        tuple(teller.tell(one, units[one.unit]) for one in proposals),
        tuple(teller.tell_withheld(one, units[one.unit]) for one in withheld),
    )


def _stand_behind(in_force: PlanInForce, counts: PlanCounts, code: str, as_of: date) -> Iterator[Standing]:
    """Every window of the units below the area that missed any of the duty."""
    tree = load_bound_tree(in_force)
    facts = open_facts(tree, as_of, in_force.known_by)
    for place, duty in enumerate(in_force.plan.duties):
        behind = frozenset(counts.list_below(place, code, Status.MISSED)) - {code}
        if behind:
            rows = facts.list_tallied(behind, duty)
            yield from assess_facts(duty, in_force.plan.valid, tree, rows, as_of, behind)


class _Stood:
    """The standings of those behind, as long as the counts that named them are the same: nothing has arrived since."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, str], tuple[PlanCounts, Standings]] = OrderedDict()
        self._lock = Lock()

    def find(self, counts: PlanCounts, code: str, stand: Callable[[], Standings]) -> Standings:
        # The counts are kept beside, so that no others can get their place in memory while they are named by it.
        key = id(counts), code
        with self._lock:
            kept = self._kept.get(key)
        found = kept[1] if kept else stand()
        with self._lock:
            self._kept[key] = counts, found
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return found


STOOD = _Stood()


def count_asked(in_force: PlanInForce, counts: PlanCounts) -> Mapping[str, int]:
    """How many windows of all units each duty of the plan asks, those ahead included."""
    return {
        duty.id: sum(int(own.sum()) for status, own in counts.own[place].items() if status not in NOT_OWED)
        for place, duty in enumerate(in_force.plan.duties)
    }


class _Teller:
    """Calls windows as people call them."""

    def __init__(self, in_force: PlanInForce, as_of: date) -> None:
        self.in_force, self.as_of = in_force, as_of
        self._duties = {duty.id: duty for duty in in_force.plan.duties}
        self._names: dict[str, Mapping[str, str]] = {}

    def tell(self, proposal: Proposal, unit: CoreUnit) -> ProposalLine:
        grounds = tuple(GroundLine(self._duties[one.duty], self._call(one)) for one in proposal.grounds)
        return ProposalLine(self.in_force, unit, proposal.step, grounds)

    def tell_withheld(self, withheld: Withheld, unit: CoreUnit) -> WithheldLine:
        duty = self._duties[withheld.duty]
        (missed,) = self._call_windows(duty, (withheld.missed,))
        return WithheldLine(self.in_force, unit, duty, replace(withheld, missed=missed))

    def _call(self, ground: Ground) -> Ground:
        return replace(ground, missed=tuple(self._call_windows(self._duties[ground.duty], ground.missed)))

    def _call_windows(self, duty: Duty, missed: Iterable[Missed]) -> Iterator[Missed]:
        names = self._name_windows(duty)
        return (replace(one, window=names.get(one.window, one.window)) for one in missed)

    def _name_windows(self, duty: Duty) -> Mapping[str, str]:
        if duty.id not in self._names:
            windows = expand_windows(duty, self.in_force.plan.valid)
            self._names[duty.id] = {one.label: wording.say_window(one, self.as_of) for one in windows}
        return self._names[duty.id]
