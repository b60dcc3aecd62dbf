"""Changes of the tree: units that move, are renamed, become another kind, merge, divide or close, each on its day.

What was stays: a change adds a placement from its day on, and a row that says who entered it, why and on what ground.
Access follows today's tree (``Unit.path``), so that a change is made on its day or later, never ahead; one that is
known before waits beside the tree (:mod:`wuzha.web.accounts.coming`). Each is made after those before it. Forms explain
this; the actions refuse the rest with ``ValueError``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from wuzha.core.base.roster import LONGEST_PATH
from wuzha.core.base.unit import EARLIEST
from wuzha.web.accounts.access import is_below
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import Placement, Unit, UnitChange, User

Kind = UnitChange.Kind
PLACED = ("name", "kind", "line", "parent")


@dataclass(frozen=True, slots=True)
class Ground:
    """Why the tree changes: on which day, for what reason, on what paper, and who enters it when.

    ``now`` is when it is made; ``entered_at`` when it was entered, where that was before its day.
    """

    on: date
    reason: str
    source: str
    actor: User
    now: datetime
    entered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What changes about a unit: the kind of change, the unit that it moves or goes over to, and what else is new."""

    kind: str
    target: Unit | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def make_change(unit: Unit, said: Said, ground: Ground) -> None:
    """Makes the change that was said. Raises ``ValueError`` when the tree does not allow it."""
    match said.kind, said.target:
        case Kind.MOVED, Unit() as above:
            move_unit(unit=unit, parent=above, ground=ground)
        case Kind.MERGED, Unit() as into:
            merge_units(units=[unit], into=into, ground=ground)
        case Kind.RENAMED, _:
            rename_unit(unit=unit, name=said.details["name"], ground=ground)
        case Kind.RECAST, _:
            recast_unit(unit=unit, kind=said.details["kind"], line=said.details["line"], ground=ground)
        case Kind.SPLIT, _:
            split_unit(unit=unit, parts=said.details["parts"], ground=ground)
        case Kind.CLOSED, _:
            close_unit(unit=unit, ground=ground)
        case _:
            raise ValueError(f"{said.kind} needs another unit")


def find_first_day(unit: Unit) -> date:
    """The first day on which a change of the unit can be entered: its last one's, and not before it opened."""
    last = unit.placements.order_by("-since").first()
    return max(last.since if last else EARLIEST, unit.opens_on)


@transaction.atomic
def move_unit(*, unit: Unit, parent: Unit, ground: Ground) -> None:
    """From that day on the unit, with everything below it, stands under another one."""
    unit = _lock(unit, ground)
    parent.refresh_from_db()
    if parent.path.startswith(unit.path) or not parent.opens_on <= ground.on < parent.closes_on:
        raise ValueError(f"{unit.code} cannot stand below {parent.code}")
    _place(unit, ground.on, {"parent": parent})
    _move_paths(unit, parent)
    _tell(unit, Kind.MOVED, ground, to=parent.code)


@transaction.atomic
def rename_unit(*, unit: Unit, name: str, ground: Ground) -> None:
    unit = _lock(unit, ground)
    _place(unit, ground.on, {"name": name})
    _tell(unit, Kind.RENAMED, ground, name=name)


@transaction.atomic
def recast_unit(*, unit: Unit, kind: str, line: str, ground: Ground) -> None:
    """A village becomes a community; a school is led by another line."""
    unit = _lock(unit, ground)
    _place(unit, ground.on, {"kind": kind, "line": line})
    _tell(unit, Kind.RECAST, ground, became=kind, led_by=line)


@transaction.atomic
def close_unit(*, unit: Unit, ground: Ground) -> None:
    """From that day on the unit is no more. What stands below it must have been closed or moved before."""
    unit = _lock(unit, ground)
    if _list_open_below(unit, ground.on):
        raise ValueError(f"units stand below {unit.code}")
    _close(unit, ground.on)
    _tell(unit, Kind.CLOSED, ground)


@transaction.atomic
def merge_units(*, units: Sequence[Unit], into: Unit, ground: Ground) -> None:
    """The units close, and what stands below them goes over to the one that takes them in."""
    into.refresh_from_db()
    if not into.opens_on <= ground.on < into.closes_on:
        raise ValueError(f"{into.code} does not exist on {ground.on}")
    for unit in units:
        merged = _lock(unit, ground)
        if into.path.startswith(merged.path):
            raise ValueError(f"{merged.code} cannot go over to a unit below itself")
        for below in _list_open_below(merged, ground.on):
            move_unit(unit=below, parent=into, ground=ground)
        _close(merged, ground.on)
        _tell(merged, Kind.MERGED, ground, into=into.code).into.set([into])


@transaction.atomic
def split_unit(*, unit: Unit, parts: Mapping[str, str], ground: Ground) -> list[Unit]:
    """The unit closes; new ones of its kind open in its place on the same day. ``parts`` names them by their codes."""
    unit = _lock(unit, ground)
    if _list_open_below(unit, ground.on):
        raise ValueError(f"units stand below {unit.code}")
    above = unit.path.removesuffix(f"{unit.code}/")
    same = {"kind": unit.kind, "line": unit.line, "parent": unit.parent, "opens_on": ground.on}
    made = [Unit.objects.create(code=code, name=name, path=f"{above}{code}/", **same) for code, name in parts.items()]
    _close(unit, ground.on)
    _tell(unit, Kind.SPLIT, ground, into=sorted(parts)).into.set(made)
    return made


def _lock(unit: Unit, ground: Ground) -> Unit:
    """The unit as it stands now, held until the change is made. Raises ``ValueError`` for a day that will not do."""
    found = Unit.objects.select_for_update().get(pk=unit.pk)
    is_ahead = ground.on > timezone.localdate(ground.now)
    if is_ahead or not find_first_day(found) <= ground.on < found.closes_on:
        raise ValueError(f"{ground.on} will not do for a change of {found.code}")
    return found


def _place(unit: Unit, on: date, new: Mapping[str, Any]) -> None:
    before = {name: getattr(unit, name) for name in PLACED}
    if not unit.placements.exists():
        Placement.objects.create(unit=unit, since=EARLIEST, **before)
    Placement.objects.update_or_create(unit=unit, since=on, defaults=before | dict(new))
    for name, value in new.items():
        setattr(unit, name, value)
    unit.save(update_fields=list(new))


def _move_paths(unit: Unit, parent: Unit) -> None:
    """The paths of the unit and of everything below it, so that from today those above it see it, and no others."""
    old, new = unit.path, f"{parent.path}{unit.code}/"
    rows = list(Unit.objects.select_for_update().filter(is_below(old)))
    for row in rows:
        row.path = new + row.path.removeprefix(old)
        if len(row.path) > LONGEST_PATH:
            raise ValueError(f"the path of {row.code} would be too long")
    Unit.objects.bulk_update(rows, ["path"], batch_size=100)
    unit.path = new


def _list_open_below(unit: Unit, on: date) -> list[Unit]:
    """The units right below it that go on after that day."""
    return list(Unit.objects.filter(parent=unit, closes_on__gt=on))


def _close(unit: Unit, on: date) -> None:
    """It existed for a day at least, which the database asks too."""
    if on <= unit.opens_on:
        raise ValueError(f"{unit.code} opened only on {unit.opens_on}")
    unit.closes_on = on
    unit.save(update_fields=["closes_on"])


def _tell(unit: Unit, kind: str, ground: Ground, **details: object) -> UnitChange:
    told: dict[str, Any] = {"reason": ground.reason, "source": ground.source, "made_by": ground.actor}
    told["made_at"] = ground.entered_at or ground.now
    change = UnitChange.objects.create(unit=unit, kind=kind, happened_on=ground.on, **told)
    said = {"code": unit.code, "on": str(ground.on), "reason": ground.reason, "source": ground.source}
    write_audit(action=f"unit.{kind}", actor=ground.actor, target=unit, at=ground.now, **said, **details)
    return change
