"""Two plans side by side, as far as a person may see both. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import QuerySet

from wuzha.core.duty.model import Duty
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.core.ledger.record import RecordKind
from wuzha.core.plan.diff.compare import Diff, compare_plans
from wuzha.core.plan.diff.coverage import Area, Coverage, cover_plan
from wuzha.core.plan.model import Plan
from wuzha.web.campaign.kinds import list_own_kinds, load_kinds
from wuzha.web.campaign.models import PlanVersion
from wuzha.web.campaign.queries.burden import find_plan
from wuzha.web.campaign.queries.ground import ground_of, stamp_roster


@dataclass(frozen=True, slots=True)
class Choices:
    """The plans that one can be held against: of the same unit, of units above it, and others in sight."""

    same: Sequence[PlanVersion]
    above: Sequence[PlanVersion]
    others: Sequence[PlanVersion]

    @property
    def groups(self) -> tuple[Sequence[PlanVersion], ...]:
        return self.same, self.above, self.others

    @property
    def is_empty(self) -> bool:
        return not (self.same or self.above or self.others)


def list_choices(plan: PlanVersion, visible: QuerySet[PlanVersion]) -> Choices:
    """The latest first, in each group."""
    found = list(visible.exclude(pk=plan.pk).defer("reading", "text").order_by("-valid_from", "-pk"))
    above = set(plan.unit.path.strip("/").split("/")[:-1])
    return Choices(
        same=[one for one in found if one.unit_id == plan.unit_id],
        above=[one for one in found if one.unit.code in above],
        others=[one for one in found if one.unit_id != plan.unit_id and one.unit.code not in above],
    )


@dataclass(frozen=True, slots=True)
class Pair:
    """Which of two plans is the higher one, and which carries it out."""

    higher: PlanVersion
    lower: PlanVersion


def find_pair(one: PlanVersion, other: PlanVersion) -> Pair | None:
    """None where neither issuer stands above the other."""
    for higher, lower in ((one, other), (other, one)):
        if lower.unit_id != higher.unit_id and lower.unit.path.startswith(higher.unit.path):
            return Pair(higher, lower)
    return None


def forget_comparisons() -> None:
    """Throw away what was compared. For tests, whose rosters come and go."""
    _compare.cache_clear()
    _cover.cache_clear()


def compare_versions(old: PlanVersion, new: PlanVersion) -> Diff | None:
    """None while one of them is a draft without a validity."""
    before, after = find_plan(old), find_plan(new)
    return None if before is None or after is None else _compare(before, after)


def cover_version(pair: Pair) -> Coverage | None:
    """How the lower plan carries the higher out on its own area. None as :func:`compare_versions`."""
    higher, lower = find_plan(pair.higher), find_plan(pair.lower)
    if higher is None or lower is None:
        return None
    return _cover(higher, lower, pair.lower.unit.code, stamp_roster(), list_own_kinds())


@lru_cache(maxsize=32)
def _compare(old: Plan, new: Plan) -> Diff:
    return compare_plans(old, new)


@lru_cache(maxsize=32)
def _cover(higher: Plan, lower: Plan, code: str, roster: str, _own: tuple[RecordKind, ...]) -> Coverage:
    """The county's own kinds are part of the question, as the roster is."""
    return cover_plan(higher, lower, _find_feeding_kinds, Area(ground_of(roster).tree, code))


def _find_feeding_kinds(duty: Duty) -> frozenset[str]:
    return list_feeding_kinds(duty, load_kinds())
