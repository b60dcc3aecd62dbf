"""Units and their tree: who bears duties, under whom, since when, and with which denominators.

A unit opens and closes on a day; an attribute holds from its date on, until a later one. So any question can be asked
as of any day.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType

from wuzha.core.base.interval import Interval
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


@dataclass(frozen=True, slots=True)
class Unit:
    """A body that bears duties. ``parent`` is the code of the unit above it in the area tree, empty at the root.

    ``roads`` are those whose line is known; of the others only the length is, as an attribute.
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

    @property
    def life(self) -> Interval:
        """From the opening day up to, not including, the closing day."""
        return Interval(self.opens_on, self.closes_on)

    def find_attribute(self, name: str, as_of: date) -> Attribute | None:
        """The attribute in force on that day; none when nothing was known yet."""
        known = [item for item in self.attributes if item.name == name and item.valid_from <= as_of]
        return max(known, key=lambda item: item.valid_from, default=None)


@dataclass(frozen=True)
class Tree:
    """Units by code, parents before children, with the way up and down.

    Built from units that :func:`wuzha.core.base.roster.check_roster` accepted: no cycles, no unknown parents.
    """

    units: tuple[Unit, ...] = field(default=())

    @cached_property
    def by_code(self) -> Mapping[str, Unit]:
        return {unit.code: unit for unit in self.units}

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
