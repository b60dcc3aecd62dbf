"""Which units a duty is for."""

from collections.abc import Iterable
from datetime import date

from wuzha.core.base.unit import LATEST, Tree, Unit
from wuzha.core.duty.model import ALL, Who


def selects(who: Who, unit: Unit, tree: Tree, as_of: date = LATEST) -> bool:
    """Whether the unit bears the duty. Every filled part must agree; a selector with no part selects nobody."""
    if who == Who():
        return False
    return (
        _fits(who.kind, unit.kind)
        and _fits(who.line, unit.line)
        and _fits(who.name, unit.name)
        and all(_has_attribute(unit, name, as_of) for name in who.attribute)
        and _lies_in(who.area, unit, tree)
    )


def list_bearers(who: Who, tree: Tree, as_of: date = LATEST) -> tuple[Unit, ...]:
    return tuple(unit for unit in tree.units if selects(who, unit, tree, as_of))


def _fits(wanted: Iterable[str], value: str) -> bool:
    wanted = tuple(wanted)
    if not wanted:
        return True
    return value in wanted or (ALL in wanted and value != "")


def _lies_in(areas: tuple[str, ...], unit: Unit, tree: Tree) -> bool:
    return not areas or any(above.code in areas for above in tree.walk_up(unit.code))


def _has_attribute(unit: Unit, name: str, as_of: date) -> bool:
    attribute = unit.find_attribute(name, as_of)
    return attribute is not None and attribute.value > 0
