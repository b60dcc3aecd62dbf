"""How a visit round stands: which numbers have been visited, which are left. Reads only.

A round follows a duty to reach households: its window, the kinds of record that count for it, its places and audiences.
Where no plan in force has one for the unit, a round is the calendar year.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum

from wuzha.core.assessment.model import Standing
from wuzha.core.assessment.obligations import find_due_day
from wuzha.core.base.unit import Unit as CoreUnit
from wuzha.core.base.windows import Window
from wuzha.core.duty.model import Duty, Narrow
from wuzha.core.duty.who import list_bearers
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.core.ledger.record import Kinds
from wuzha.core.ledger.subjects import read_subjects
from wuzha.web.accounts.access import is_below
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.kinds import load_kinds_around, load_kinds_at
from wuzha.web.campaign.models import Record, SubjectList
from wuzha.web.campaign.queries.behind import narrow_records
from wuzha.web.campaign.queries.ground import PlanInForce, bearing_of, load_bound_tree, load_tree, stamp_roster
from wuzha.web.campaign.queries.records import find_window_of
from wuzha.web.campaign.queries.standings import list_unit_standings
from wuzha.web.campaign.queries.work import list_binding_plans

VISIT = "visit"
POPULATION = "household"
BASE = "households"


@dataclass(frozen=True, slots=True)
class Call:
    """A duty that sends somebody round, in the window that holds today. ``kind`` is what a visit is recorded as."""

    in_force: PlanInForce
    duty: Duty
    window: Window
    kind: str

    @property
    def due_on(self) -> date:
        return find_due_day(self.duty, self.window)

    @property
    def key(self) -> str:
        """Names it in an address."""
        return f"{self.in_force.version.pk}-{self.duty.id}"


@dataclass(frozen=True, slots=True)
class Round:
    """``base`` is how many households there are, none if nobody knows; ``named`` and ``unnamed`` are those visited.

    ``left`` are the numbers of the list that are still to be visited, ``strange`` those visited that it does not hold.
    ``call`` is the duty that the round follows, ``standing`` how the unit stands in it where it bears it itself.
    """

    since: date
    base: int | None
    named: int
    unnamed: int
    listed: int
    left: Sequence[str]
    strange: Sequence[str]
    call: Call | None = None
    standing: Standing | None = None

    @property
    def done(self) -> int:
        """Households reached, never more than there are: as a plan that covers them counts."""
        reached = self.named + self.unnamed
        return reached if self.base is None else min(reached, self.base)

    @property
    def kind(self) -> str:
        """What a visit of the round is recorded as."""
        return self.call.kind if self.call else VISIT

    @property
    def narrow(self) -> Narrow:
        """The places and audiences for which alone a visit counts."""
        return self.call.duty.narrow if self.call else Narrow()


def list_calls(unit: Unit, today: date) -> list[Call]:
    """The duties that the unit's visits of today count for: the next one that is due first, what is overdue last."""
    kinds = load_kinds_at(unit.path)
    calls = [call for in_force in list_binding_plans(unit, today) for call in _list_calls(in_force, unit, kinds, today)]
    return sorted(calls, key=lambda call: (call.due_on < today, call.due_on))


def _list_calls(in_force: PlanInForce, unit: Unit, kinds: Kinds, today: date) -> Iterator[Call]:
    for duty in in_force.plan.duties:
        if duty.verb != "cover" or duty.object != POPULATION or duty.vague:
            continue
        window = find_window_of(duty, in_force.plan, today)
        kind = _choose_kind(duty, kinds)
        if window and kind and _is_served(in_force, duty, unit, today):
            yield Call(in_force, duty, window, kind)


def _choose_kind(duty: Duty, kinds: Kinds) -> str:
    """The first kind that counts for the duty and that names whom it reached; empty when none does."""
    feeding = list_feeding_kinds(duty, kinds)
    return next((code for code, kind in kinds.items() if code in feeding and "subject" in kind.asks), "")


def _is_served(in_force: PlanInForce, duty: Duty, unit: Unit, today: date) -> bool:
    """Whether what is done at the unit or below it counts for somebody who bears the duty."""
    tree, issuer = load_bound_tree(in_force).at(today), in_force.version.unit.code
    if unit.pk in bearing_of(stamp_roster(), issuer, duty.who, today).nearest:
        return True
    below = {one.code for one in tree.walk_down(unit.code)}
    return any(one.code in below for one in list_bearers(duty.who, tree, today))


def find_round(unit: Unit, today: date, call: Call | None = None) -> Round:
    """The round of that duty at the unit and below it; without one that of this year."""
    since = call.window.opens if call else date(today.year, 1, 1)
    visits = _list_visits(unit, since, today, call)
    numbers = set(visits.exclude(subject="").order_by().values_list("unit_id", "subject").distinct())
    visited = {subject for _, subject in numbers}
    listed, _ = read_subjects(find_numbers(unit))
    place = load_tree().by_code[unit.code]
    return Round(
        since=since,
        base=_find_base(place, today),
        named=len(numbers),
        unnamed=visits.filter(subject="").aggregate(n=Sum("quantity"))["n"] or 0,
        listed=len(listed),
        left=[number for number in listed if number not in visited],
        strange=sorted(visited.difference(listed)) if listed else [],
        call=call,
        standing=_find_standing(call, place, today) if call else None,
    )


def _list_visits(unit: Unit, since: date, today: date, call: Call | None) -> QuerySet[Record]:
    feeding = list_feeding_kinds(call.duty, load_kinds_around([unit.path])) if call else {VISIT}
    visits = Record.objects.filter(is_below(unit.path, "unit__path"), kind__in=feeding)
    visits = visits.filter(happened_on__range=(since, today), withdrawn=False, replaced_by__isnull=True)
    return narrow_records(visits, call.duty) if call else visits


def _find_standing(call: Call, unit: CoreUnit, today: date) -> Standing | None:
    """How the unit stands in that window; none where it does not bear the duty itself."""
    standings = list_unit_standings(in_force=call.in_force, unit_code=unit.code, as_of=today)
    return next(
        (one for duty, one in standings if duty.id == call.duty.id and one.obligation.window == call.window), None
    )


def find_numbers(unit: Unit) -> str:
    """The list as it was last written; empty when there is none."""
    row = SubjectList.objects.filter(unit=unit).last()
    return row.numbers if row else ""


def _find_base(unit: CoreUnit, day: date) -> int | None:
    found = unit.find_attribute(BASE, day)
    return None if found is None else int(found.value)
