"""Whom the text of an issued plan binds, as far as it must be known before anybody is shown the plan."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from wuzha.adapters.plan_yaml import read_plan_yaml
from wuzha.core.base.unit import Tree, Unit
from wuzha.core.duty.model import Who
from wuzha.core.duty.who import selects


def binds_any(text: str, units: Iterable[Unit], tree: Tree) -> bool:
    """Whether any duty of the plan is for one of the units, by their kind, line, name and place.

    Which attributes a unit has is not asked: a unit that lacks one today may have it tomorrow, and the plan is then
    its own.
    """
    whos = _list_whos(text)
    return any(who == Who() or selects(who, unit, tree) for unit in units for who in whos)


@lru_cache(maxsize=256)
def _list_whos(text: str) -> tuple[Who, ...]:
    plan, _ = read_plan_yaml(text)
    return tuple({replace(duty.who, attribute=()): None for duty in plan.duties if duty.who != Who()}) if plan else ()
