"""The units of the sample county with their dated denominators: 1 county, 12 towns, 180 villages and communities, 900
grids, and the schools, banks, hotels, clinics, police stations and departments beside them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from random import Random
from types import MappingProxyType

from wuzha.adapters.sample.name import COUNTY, STREETS, TOWNS, list_village_names, name_town
from wuzha.core.base.unit import Attribute, Placement, Tree, Unit

SEED = "石桥县"
ROOT = "SQ"
GRIDS = 900
VILLAGES = (17, 16, 18, 15, 14, 16, 13, 15, 14, 16, 13, 13)
"""Villages and communities of each town; together 180."""

CENSUS = "年度人口统计"
MID_YEAR = "年中核定"
FIRST_CHECK = "年初摸底"

POLICE = "石桥县公安局"
CRIMINAL_POLICE = "石桥县公安局刑侦大队"
DEPARTMENTS = (
    ("石桥县反诈联席办", "politics_law", 12),
    (POLICE, "police", 160),
    (CRIMINAL_POLICE, "police", 38),
    ("石桥县教育局", "education", 46),
    ("石桥县金融工作办公室", "finance", 11),
    ("石桥县卫生健康局", "health", 40),
    ("石桥县文化和旅游局", "tourism", 28),
    ("石桥县融媒体中心", "publicity", 52),
    ("石桥县市场监督管理局", "market", 66),
    ("石桥县住房和城乡建设局", "housing", 48),
    ("石桥县通信发展办公室", "telecom", 9),
    ("石桥县民政局", "civil", 24),
    ("石桥县妇女联合会", "youth_women", 10),
    ("石桥县经济和信息化局", "industry", 30),
)
BANKS = ("惠石银行", "溪禾银行", "石桥乡村信用社")
LINE_OF: Mapping[str, str] = MappingProxyType(
    {"station": "police", "school": "education", "bank": "finance", "hotel": "tourism", "clinic": "health"}
)


@dataclass(frozen=True, slots=True)
class Story:
    """What happened to the units in the year: a merger on 1 June, a village that went over to another town on 1 August,
    a school opened on 1 September, and the like."""

    year: int

    @property
    def base_on(self) -> date:
        """The day from which the first denominators are good: early enough for the ledger of the year before."""
        return date(self.year - 1, 1, 1)

    @property
    def merged_on(self) -> date:
        return date(self.year, 6, 1)

    @property
    def moved_on(self) -> date:
        return date(self.year, 8, 1)

    @property
    def school_opens_on(self) -> date:
        return date(self.year, 9, 1)

    @property
    def hotel_closes_on(self) -> date:
        return date(self.year, 8, 1)

    @property
    def bank_opens_on(self) -> date:
        return date(self.year, 4, 1)

    @property
    def census_on(self) -> date:
        return date(self.year, 7, 1)


MERGED = "SQ0415"
"""The village that was merged on 1 June; :data:`RECEIVING` took it in."""

RECEIVING = "SQ0402"
MOVED = "SQ0614"
"""The village that went over on 1 August from the town that its code still tells of to :data:`NEW_TOWN`."""

FORMER_TOWN, NEW_TOWN = "SQ06", "SQ04"
MERGING, MERGING_INTO = "SQ1213", "SQ1212"
"""Two villages of which it is known that they will be one from the next new year on."""

NEW_SCHOOL = "SQ02X04"
CLOSED_HOTEL = "SQ03H04"
NEW_BANK = "SQ06B03"
RECOUNTED = ("SQ0101", "SQ0105", "SQ0303", "SQ0708")
"""Villages and communities with a second population, counted in the middle of the year."""

COUNTED_AGAIN = frozenset({*RECOUNTED, *(code[:4] for code in RECOUNTED), ROOT})
"""These with the towns and the county above them, whose people are the sum of theirs."""


def find_town(code: str, on: date, today: date) -> str:
    """The code of the town in which a village, a grid or another body stands on that day; of a town its own."""
    has_moved = code.startswith(MOVED) and on >= Story(find_story_year(today)).moved_on
    return NEW_TOWN if has_moved else code[: len(NEW_TOWN)]


def find_story_year(today: date) -> int:
    """The latest year whose events all lie before today: this year from 1 September on, else the year before."""
    return today.year if today >= date(today.year, 9, 1) else today.year - 1


def make_tree(year: int) -> Tree:
    """The county's units, parents first, with the events of that year (see :class:`Story`)."""
    story = Story(year)
    areas = list(_make_areas(story))
    bodies = [unit for number in range(1, len(TOWNS) + 1) for unit in _make_bodies(story, number)]
    units = [_make_county(story, areas), *areas, *bodies, *_make_departments(story)]
    return Tree(tuple(_tell_events(story, units)))


def _value(story: Story, name: str, value: int, source: str = CENSUS) -> Attribute:
    return Attribute(name, story.base_on, Fraction(value), source)


def _read(unit: Unit, name: str) -> int:
    return sum(int(item.value) for item in unit.attributes if item.name == name)


def _make_county(story: Story, areas: Sequence[Unit]) -> Unit:
    towns = [unit for unit in areas if unit.kind == "town"]
    sums = tuple(_value(story, name, sum(_read(town, name) for town in towns)) for name in ("population", "households"))
    return Unit(ROOT, COUNTY, "county", attributes=sums)


def _make_areas(story: Story) -> Iterator[Unit]:
    """Towns, villages and grids. A town's people are the sum of its villages', and theirs the sum of their grids'."""
    names = iter(list_village_names(SEED))
    rng = Random(f"{SEED}/areas")
    sizes = [[_draw_households(rng, number) for _ in range(count)] for number, count in enumerate(VILLAGES, start=1)]
    grids = iter(_share_grids([size for town in sizes for size in town]))
    for number, households in enumerate(sizes, start=1):
        villages = [
            _make_village(story, number, place, next(names), size) for place, size in enumerate(households, start=1)
        ]
        yield _make_town(story, number, villages, rng)
        for village in villages:
            yield village
            yield from _make_grids(story, village, next(grids))


def _draw_households(rng: Random, town: int) -> int:
    """Households of one village; communities of the two sub-districts are larger."""
    return rng.randint(330, 540) if town <= STREETS else rng.randint(110, 360)


def _share_grids(sizes: Sequence[int]) -> list[int]:
    """900 grids over the villages by households, two at least, the rest to the largest remainders."""
    total = sum(sizes)
    spare = GRIDS - 2 * len(sizes)
    exact = [Fraction(size * spare, total) for size in sizes]
    counts = [2 + int(share) for share in exact]
    order = sorted(range(len(sizes)), key=lambda place: (int(exact[place]) - exact[place], place))
    for place in order[: GRIDS - sum(counts)]:
        counts[place] += 1
    return counts


def _make_village(story: Story, town: int, place: int, name: str, households: int) -> Unit:
    is_community = (town <= STREETS and place <= 12) or place == 1
    people = households * 29 // 10 + place % 7
    attributes = (_value(story, "population", people), _value(story, "households", households))
    kind, tail = ("community", "社区") if is_community else ("village", "村")
    return Unit(f"{ROOT}{town:02}{place:02}", name + tail, kind, f"{ROOT}{town:02}", attributes=attributes)


def _make_grids(story: Story, village: Unit, count: int) -> Iterator[Unit]:
    for place, (people, households) in enumerate(_split(village, count), start=1):
        attributes = (_value(story, "population", people), _value(story, "households", households))
        name = f"{village.name}第{place}网格"
        yield Unit(f"{village.code}{place:02}", name, "grid", village.code, attributes=attributes)


def _split(village: Unit, count: int) -> Iterator[tuple[int, int]]:
    people, households = _read(village, "population"), _read(village, "households")
    for place in range(count):
        yield (
            people * (place + 1) // count - people * place // count,
            households * (place + 1) // count - households * place // count,
        )


def _make_town(story: Story, number: int, villages: Sequence[Unit], rng: Random) -> Unit:
    people, households = (sum(_read(unit, name) for unit in villages) for name in ("population", "households"))
    attributes = [
        _value(story, "population", people),
        _value(story, "households", households),
        _value(story, "staff", rng.randint(42, 96), FIRST_CHECK),
        _value(story, "venues", rng.randint(8, 40), FIRST_CHECK),
        _value(story, "main_road_m", rng.randrange(2400, 6400, 100), FIRST_CHECK),
    ]
    hoarding_m2 = rng.randrange(600, 5200, 20)
    # One town has not measured its hoardings: what it owes there cannot be known, and the pages must say so.
    if number != 9:
        attributes.append(_value(story, "hoarding_m2", hoarding_m2, FIRST_CHECK))
    return Unit(f"{ROOT}{number:02}", name_town(number), "town", ROOT, attributes=tuple(attributes))


def _make_bodies(story: Story, number: int) -> Iterator[Unit]:
    """What lies in a town beside its villages, each with its line."""
    rng = Random(f"{SEED}/bodies/{number}")
    town, short = f"{ROOT}{number:02}", TOWNS[number - 1]

    def make(code: str, name: str, kind: str, **values: int) -> Unit:
        attributes = tuple(_value(story, key, value, FIRST_CHECK) for key, value in values.items())
        return Unit(f"{town}{code}", name, kind, town, LINE_OF[kind], attributes=attributes)

    yield make("P01", f"{short}派出所", "station", staff=rng.randint(9, 24))
    for place, name in enumerate(_list_schools(number, short), start=1):
        students = rng.randint(900, 1900) if "中学" in name else rng.randint(240, 980)
        yield make(f"X{place:02}", name, "school", students=students, staff=students // 14)
    for place, bank in enumerate(BANKS, start=1):
        yield make(f"B{place:02}", f"{bank}{short}支行", "bank", staff=rng.randint(6, 18), outlets=1)
    for place, tail in enumerate(("宾馆", "迎客旅馆", "临河客栈", "驿站酒店"), start=1):
        yield make(f"H{place:02}", short + tail, "hotel", staff=rng.randint(3, 40))
    for place, tail in enumerate(("卫生院", "便民诊所", "口腔诊所"), start=1):
        yield make(f"C{place:02}", short + tail, "clinic", staff=rng.randint(2, 60))


def _list_schools(number: int, short: str) -> list[str]:
    names = [f"{short}中心小学", f"{short}初级中学", f"{short}第二小学"]
    if number <= STREETS:
        names.append(f"石桥县第{'一二'[number - 1]}高级中学")
    return names


def _make_departments(story: Story) -> Iterator[Unit]:
    for place, (name, line, staff) in enumerate(DEPARTMENTS, start=1):
        attributes = (_value(story, "staff", staff, FIRST_CHECK),)
        yield Unit(f"{ROOT}D{place:02}", name, "department", ROOT, line, attributes=attributes)


def _tell_events(story: Story, units: Sequence[Unit]) -> Iterator[Unit]:
    """The units with the year's events: closings, openings, and second counts from the middle of the year."""
    by_code = {unit.code: unit for unit in units}
    for unit in units:
        yield _tell_event(story, unit, by_code)


def _tell_event(story: Story, unit: Unit, by_code: Mapping[str, Unit]) -> Unit:
    if MERGED in (unit.code, unit.parent):
        return replace(unit, closes_on=story.merged_on)
    if unit.code == RECEIVING:
        return _grow(unit, story.merged_on, "撤并后核定", by_code[MERGED])
    if unit.code in (MOVED, FORMER_TOWN, NEW_TOWN):
        return _move(unit, story.moved_on, by_code[MOVED])
    if unit.code in COUNTED_AGAIN:
        return _recount(unit, story.census_on, by_code)
    if unit.code == CLOSED_HOTEL:
        return replace(unit, closes_on=story.hotel_closes_on)
    opens_on = {NEW_SCHOOL: story.school_opens_on, NEW_BANK: story.bank_opens_on}.get(unit.code)
    return replace(unit, opens_on=opens_on, attributes=_start(unit, opens_on)) if opens_on else unit


def _start(unit: Unit, opens_on: date) -> tuple[Attribute, ...]:
    return tuple(replace(item, valid_from=opens_on, source="开办登记") for item in unit.attributes)


def _grow(unit: Unit, on: date, source: str, other: Unit) -> Unit:
    """The unit with another's people and households added from that day on."""
    grown = tuple(Attribute(item.name, on, item.value + _read(other, item.name), source) for item in unit.attributes)
    return replace(unit, attributes=unit.attributes + grown)


def _move(town: Unit, on: date, village: Unit) -> Unit:
    """From that day on the village in its new town, and each town with its people and households, or without them."""
    if town.code == village.code:
        return village.change(Placement(on, village.name, village.kind, NEW_TOWN, village.line))
    sign = 1 if town.code == NEW_TOWN else -1
    counted = tuple(
        Attribute(item.name, on, item.value + sign * _read(village, item.name), "区划调整后核定")
        for item in town.attributes
        if item.name in ("population", "households")
    )
    return replace(town, attributes=town.attributes + counted)


def _recount(unit: Unit, on: date, by_code: Mapping[str, Unit]) -> Unit:
    """The unit with its second count: the first, and those who moved into the recounted villages under it."""
    below = [by_code[code] for code in RECOUNTED if code.startswith(unit.code)]
    counted = tuple(
        Attribute(item.name, on, item.value + sum(_read(village, item.name) // 25 for village in below), MID_YEAR)
        for item in unit.attributes
        if item.name in ("population", "households")
    )
    return replace(unit, attributes=unit.attributes + counted)
