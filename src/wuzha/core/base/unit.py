"""Units and their tree: who bears duties, under whom, since when, and with which denominators.

A unit opens and closes on a day; its name, kind, line and place, and each attribute, hold from their date on, until a
later one. So any question can be asked as of any day.
"""

from bisect import bisect_right
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from wuzha.core.base.interval import DAY, Interval
from wuzha.core.base.road import Road

UNIT_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "county": "县",
        "town": "乡镇（街道）",
        "village": "村",
        "community": "社区",
        "grid": "网格",
        "department": "部门",
        "station": "派出所",
        "school": "学校",
        "university": "高校",
        "bank": "银行网点",
        "carrier": "通信营业厅",
        "hotel": "酒店宾馆",
        "clinic": "医疗机构",
        "estate": "物业小区",
        "company": "企业",
        "merchant": "商户",
    }
)

LINES: Mapping[str, str] = MappingProxyType(
    {
        "education": "教育",
        "police": "公安",
        "finance": "金融",
        "health": "卫健",
        "tourism": "文旅",
        "publicity": "宣传",
        "market": "市场监管",
        "housing": "住建",
        "telecom": "通信",
        "politics_law": "政法",
        "civil": "民政",
        "youth_women": "群团",
        "industry": "经信",
    }
)

ATTRIBUTES: Mapping[str, str] = MappingProxyType(
    {
        "population": "常住人口",
        "households": "户数",
        "staff": "职工数",
        "students": "学生数",
        "outlets": "营业网点数",
        "venues": "重点场所数",
        "hoarding_m2": "工地围挡面积（平方米）",
        "main_road_m": "主要道路长度（米）",
    }
)

EARLIEST = date(1949, 10, 1)
LATEST = date(9999, 12, 31)


@dataclass(frozen=True, slots=True, order=True)
class Attribute:
    """A denominator of a unit, good from ``valid_from`` until a later one of the same name. ``source`` says whose."""

    name: str
    valid_from: date
    value: Fraction
    source: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Placement:
    """What a unit was called, what it was and what it stood under, from ``since`` until its next placement."""

    since: date
    name: str
    kind: str
    parent: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A body that bears duties. ``parent`` is the code of the unit above it in the area tree, empty at the root.

    ``roads`` are those whose line is known; of the others only the length is, as an attribute.

    Name, kind, parent and line are the latest. ``placements`` is empty for a unit that never changed; otherwise it is
    the whole history, the oldest first: the first holds for all days before it too, the last says what the unit's own
    fields say.
    """

    code: str
    name: str
    kind: str
    parent: str = ""
    line: str = ""
    opens_on: date = EARLIEST
    closes_on: date = LATEST
    attributes: tuple[Attribute, ...] = ()
    roads: tuple[Road, ...] = ()
    placements: tuple[Placement, ...] = ()

    @property
    def life(self) -> Interval:
        """From the opening day up to, not including, the closing day."""
        return Interval(self.opens_on, self.closes_on)

    def find_attribute(self, name: str, as_of: date) -> Attribute | None:
        """The attribute in force on that day; none when nothing was known yet."""
        known = [item for item in self.attributes if item.name == name and item.valid_from <= as_of]
        return max(known, key=lambda item: item.valid_from, default=None)

    def at(self, day: date) -> "Unit":
        """The unit as it was on that day, without its history."""
        if not self.placements:
            return self
        known = [one for one in self.placements if one.since <= day]
        return self._placed(known[-1] if known else self.placements[0], ())

    def change(self, placement: Placement) -> "Unit":
        """The unit with this placement from its day on, until the next one known. One of the same day is replaced."""
        history = self.placements or (Placement(EARLIEST, self.name, self.kind, self.parent, self.line),)
        kept = (one for one in history if one.since != placement.since)
        merged = tuple(sorted((*kept, placement)))
        return self._placed(merged[-1], merged)

    def _placed(self, now: Placement, history: tuple[Placement, ...]) -> "Unit":
        return replace(self, name=now.name, kind=now.kind, parent=now.parent, line=now.line, placements=history)


@dataclass(frozen=True)
class Tree:
    """Units by code, parents before children, with the way up and down.

    Built from units that :func:`wuzha.core.base.roster.check_roster` accepted: no cycles, no unknown parents, on any
    day. The tree itself shows the latest; :meth:`at` shows it as it stood.
    """

    units: tuple[Unit, ...] = field(default=())

    @cached_property
    def change_days(self) -> tuple[date, ...]:
        """The days on which a unit was renamed, moved or became another kind; between two of them nothing changes."""
        return tuple(sorted({one.since for unit in self.units for one in unit.placements[1:]}))

    @cached_property
    def _snapshots(self) -> dict[int, "Tree"]:
        return {}

    @cached_property
    def kept(self) -> dict[Hashable, Any]:
        """Answers about this tree that took long to find, by what was asked: a tree never changes."""
        return {}

    def find_stretch(self, day: date) -> int:
        """The number of the stretch between two changes in which the day lies; 0 before the first change."""
        return bisect_right(self.change_days, day)

    def list_stretches(self) -> list[Interval]:
        """All days, cut at each change. One stretch for a tree without changes."""
        edges = (date.min, *self.change_days, date.max)
        return [Interval(opens, closes) for opens, closes in pairwise(edges)]

    def at(self, day: date) -> "Tree":
        """The tree as it stood on that day: every unit, open or closed, with what it was then. Kept by stretch.

        Of a tree that was cut (:meth:`cut`) only what stood inside it on that day.
        """
        if not self.change_days:
            return self
        number = self.find_stretch(day)
        if number not in self._snapshots:
            found = Tree(tuple(unit.at(day) for unit in self.units))
            tops = found.list_children("")
            self._snapshots[number] = Tree(tuple(unit for top in tops for unit in found.walk_down(top.code)))
        return self._snapshots[number]

    def cut(self, code: str) -> "Tree":
        """The unit with everything that stands, or ever stood, below it, as a tree of its own with its history.

        Of the unit that always was on top this is the whole tree.
        """
        top = self.by_code[code]
        if self.units[0] == top and not (top.parent or any(one.parent for one in top.placements)):
            return self
        inside = self.list_ever_below(code) - {code}
        history = tuple(replace(one, parent="") for one in top.placements)
        return Tree(
            (replace(top, parent="", placements=history), *(unit for unit in self.units if unit.code in inside))
        )

    def list_ever_below(self, code: str) -> frozenset[str]:
        """The unit and everything that stands, or ever stood, below it, by their codes."""
        trees = (self.at(stretch.opens) for stretch in self.list_stretches())
        return frozenset(unit.code for tree in trees for unit in tree.walk_down(code))

    def list_changed(self, day: date) -> tuple[str, ...]:
        """The units that another way up leads from since that day, by their codes: those that changed on it and all
        below them, parents before children; last those that the tree has no more."""
        if day not in self._changed:
            top = [unit.code for unit in self.units if any(one.since == day for one in unit.placements[1:])]
            there, before = self.at(day), self.at(day - DAY)
            moved = [unit.code for tree in (there, before) for code in top for unit in tree.walk_down(code)]
            self._changed[day] = tuple(dict.fromkeys(moved))
        return self._changed[day]

    @cached_property
    def _changed(self) -> dict[date, tuple[str, ...]]:
        return {}

    @cached_property
    def by_code(self) -> Mapping[str, Unit]:
        return {unit.code: unit for unit in self.units}

    def list_units(self, codes: Collection[str]) -> list[Unit]:
        """Those of the codes that the tree has, in its order."""
        return [self.units[place] for place in sorted(self._places[code] for code in codes if code in self._places)]

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {unit.code: place for place, unit in enumerate(self.units)}

    @cached_property
    def children(self) -> Mapping[str, tuple[Unit, ...]]:
        found: dict[str, list[Unit]] = {}
        for unit in self.units:
            found.setdefault(unit.parent, []).append(unit)
        return {code: tuple(units) for code, units in found.items()}

    def list_children(self, code: str) -> tuple[Unit, ...]:
        return self.children.get(code, ())

    def walk_up(self, code: str) -> Iterator[Unit]:
        """The unit itself, then its parent, and so on to the root. Nothing for an unknown code."""
        unit = self.by_code.get(code)
        while unit is not None:
            yield unit
            unit = self.by_code.get(unit.parent)

    def walk_down(self, code: str) -> Iterator[Unit]:
        """The unit itself and everything below it, parents before children."""
        unit = self.by_code.get(code)
        stack = [unit] if unit else []
        while stack:
            unit = stack.pop()
            yield unit
            stack.extend(reversed(self.list_children(unit.code)))


def find_nearest(tree: Tree, code: str, bearers: Iterable[str]) -> str | None:
    """The unit itself or the closest one above it that bears the duty.

    A record credits this one only, so that one fact is never counted twice up the tree.
    """
    wanted = bearers if isinstance(bearers, set | frozenset) else frozenset(bearers)
    return next((unit.code for unit in tree.walk_up(code) if unit.code in wanted), None)
