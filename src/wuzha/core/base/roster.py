"""The roster: rows of raw text to the tree of units, with everything that is wrong told at once.

Problem codes and their parameters, each with the sheet, row and column it is about: ``roster.empty``;
``roster.code-missing``; ``roster.code-illegal`` (value); ``roster.code-duplicate`` (value, first_row);
``roster.name-missing``; ``roster.too-long`` (length, limit); ``roster.kind-missing`` (known); ``roster.kind-unknown``
(value, known); ``roster.line-unknown`` (value, known); ``roster.parent-missing`` (value); ``roster.cycle`` (members);
``roster.no-root``; ``roster.several-roots`` (first, first_row); ``roster.root-known`` (first); ``roster.too-deep``
(limit); ``roster.not-a-number`` (value); ``roster.number-negative`` (value); ``roster.number-too-large`` (value,
limit); ``roster.not-a-date`` (value); ``roster.closes-before-opening`` (opens_on, closes_on);
``roster.counted-on-missing``. As warnings: ``roster.code-alike`` (value, name, other); ``roster.closes-above-open``
(closes_on, number, units); ``roster.change-undated`` (before, after); ``roster.moves-along`` (since, number).
Errors of a change with a date: ``roster.changed-outside-life`` (changed_on, opens_on, closes_on);
``roster.changed-ahead`` (changed_on, today).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from wuzha.core.base.interval import DAY as ONE_DAY
from wuzha.core.base.problem import NOWHERE, Problem, Source, make_problem
from wuzha.core.base.unit import ATTRIBUTES, EARLIEST, LATEST, LINES, UNIT_KINDS, Attribute, Placement, Tree, Unit

# Field of a row → head of its column.
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "code": "编码",
        "name": "名称",
        "kind": "类型",
        "line": "条线",
        "parent": "上级编码",
        "opens_on": "成立日期",
        "closes_on": "撤销日期",
        **ATTRIBUTES,
        "counted_on": "基数日期",
        "source": "数据来源",
        "changed_on": "变更日期",
    }
)
REQUIRED = ("code", "name", "kind", "parent")

UNKNOWN = Unit("", "", "")

# What people write for a kind, beside its title and its code.
KIND_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **{title: code for code, title in UNIT_KINDS.items()},
        **{code: code for code in UNIT_KINDS},
        **dict.fromkeys(("区", "县级市", "市", "旗", "区县", "县（市、区）"), "county"),
        **dict.fromkeys(("乡镇", "镇", "乡", "街道", "街道办", "街道办事处", "办事处", "镇街"), "town"),
        **dict.fromkeys(("行政村", "村委会", "村庄"), "village"),
        **dict.fromkeys(("居委会", "社区居委会", "居"), "community"),
        **dict.fromkeys(("县直部门", "机关", "单位", "局"), "department"),
        **dict.fromkeys(("警务室", "公安派出所"), "station"),
        **dict.fromkeys(("中小学", "小学", "中学", "幼儿园"), "school"),
        **dict.fromkeys(("大学", "高等院校", "学院"), "university"),
        **dict.fromkeys(("银行", "网点", "信用社"), "bank"),
        **dict.fromkeys(("营业厅", "通信运营商", "运营商"), "carrier"),
        **dict.fromkeys(("酒店", "宾馆", "旅馆"), "hotel"),
        **dict.fromkeys(("医院", "卫生院", "卫生室", "诊所"), "clinic"),
        **dict.fromkeys(("小区", "物业"), "estate"),
        **dict.fromkeys(("公司", "工厂"), "company"),
        **dict.fromkeys(("商店", "门店", "个体户"), "merchant"),
    }
)
LINE_WORDS: Mapping[str, str] = MappingProxyType(
    {**{title: code for code, title in LINES.items()}, **{code: code for code in LINES}}
)

LONGEST_CODE = 32
LONGEST_NAME = 120
LONGEST_SOURCE = 200
LONGEST_PATH = 400
LARGEST = 10**11
CODE = re.compile(r"[0-9A-Za-z_-]{1,32}")
NUMBER = re.compile(r"-?\d+(\.\d{1,20})?")
DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]0{1,2}:00(?::00)?)?|(\d{4})(\d{2})(\d{2})"
)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One row as typed: raw text by field (see :data:`COLUMNS`), and the sheet and row it stands in.

    ``doubts`` are warnings that whoever read the row has about it: they do not keep it out.
    """

    cells: Mapping[str, str]
    place: Source = NOWHERE
    doubts: tuple[Problem, ...] = ()

    def read(self, name: str) -> str:
        """The cell without its margins, full-width letters and figures made plain; empty when there is none."""
        return unicodedata.normalize("NFKC", self.cells.get(name, "")).strip()

    def locate(self, name: str) -> Source:
        return replace(self.place, column=COLUMNS[name])


@dataclass(slots=True)
class _Reading:
    """One row on its way to a unit: what could be read, and what could not."""

    row: RosterRow
    problems: list[Problem] = field(default_factory=list)

    def tell(self, code: str, column: str, **params: object) -> None:
        shown = tuple(sorted((name, str(value)) for name, value in params.items()))
        self.problems.append(Problem(code, self.row.locate(column), shown))


def check_roster(rows: Iterable[RosterRow], known: Tree | None = None) -> tuple[Tree, tuple[Problem, ...]]:
    """The tree after these rows are taken in, and every problem of every row, in the order of the rows.

    ``known`` are the units already there: a row of the same code changes its unit, and its figures of a new day stand
    beside the older ones. Where there are problems the tree holds only what could be read, and must not be kept.
    """
    rows = list(rows)
    if not rows:
        return known or Tree(), (make_problem("roster.empty"),)
    readings = [_Reading(row) for row in rows]
    before = known.by_code if known else {}
    units = {unit.code: (unit, reading) for reading in readings if (unit := _read_unit(reading, before)) is not None}
    _find_duplicates(readings)
    whole = {**before, **{code: unit for code, (unit, _) in units.items()}}
    readers = {code: reading for code, (_, reading) in units.items()}
    typed = {reading.row.read("code") for reading in readings}
    _check_parents(readings, whole.keys() | typed)
    _check_roots(whole, readers)
    looping = _check_cycles(whole, readers)
    tree = Tree(tuple(_sort_downwards(whole, looping)))
    _check_depth(tree, readers)
    _check_former_cycles(whole, readers)
    problems = [problem for reading in readings for problem in reading.problems]
    return tree, (*problems, *_check_rootless(whole, readings, looping))


def _read_unit(reading: _Reading, before: Mapping[str, Unit]) -> Unit | None:
    """The unit of a row; none when it has no code to be known by. What cannot be read is left out and told."""
    code, name = _read_code(reading), reading.row.read("name")
    if not name:
        reading.tell("roster.name-missing", "name")
    _check_length(reading, "name", LONGEST_NAME)
    _check_length(reading, "source", LONGEST_SOURCE)
    kept = before.get(code, UNKNOWN)
    day = _read_day(reading, "changed_on") if kept.code else None
    then = kept.at(day) if day else kept
    kind, line = _read_kind(reading), _read_line(reading, then)
    opens_on, closes_on = _read_life(reading, kept)
    attributes = _merge_attributes(kept.attributes, _read_attributes(reading))
    known = replace(kept, code=code, opens_on=opens_on, closes_on=closes_on, attributes=attributes)
    said = Placement(day or EARLIEST, name, kind, reading.row.read("parent"), line)
    return _place(reading, known, said, day) if code else None


def _place(reading: _Reading, unit: Unit, said: Placement, day: date | None) -> Unit:
    """The unit as the row says it is: from its day of change on, or, without one, since whenever it was what it is."""
    if day is None:
        since = unit.placements[-1].since if unit.placements else EARLIEST
        changed = unit.change(replace(said, since=since))
        return changed if unit.placements else replace(changed, placements=())
    if _read_placing(unit.at(day)) == _read_placing(said):
        return unit
    if not unit.opens_on < day <= unit.closes_on:
        life = {"opens_on": unit.opens_on, "closes_on": unit.closes_on}
        reading.tell("roster.changed-outside-life", "changed_on", changed_on=day, **life)
        return unit
    return unit.change(said)


def _read_placing(one: Unit | Placement) -> tuple[str, str, str, str]:
    return one.name, one.kind, one.parent, one.line


def _read_code(reading: _Reading) -> str:
    code = reading.row.read("code")
    if not code:
        reading.tell("roster.code-missing", "code")
    elif not CODE.fullmatch(code):
        reading.tell("roster.code-illegal", "code", value=code, limit=LONGEST_CODE)
        return ""
    return code


def _check_length(reading: _Reading, column: str, limit: int) -> None:
    length = len(reading.row.read(column))
    if length > limit:
        reading.tell("roster.too-long", column, length=length, limit=limit)


def _read_kind(reading: _Reading) -> str:
    # The titles have full-width brackets, which reading makes plain, so the words are compared in plain form too.
    typed, known = reading.row.read("kind"), "、".join(UNIT_KINDS.values())
    code = _PLAIN_KINDS.get(typed, "")
    if not typed:
        reading.tell("roster.kind-missing", "kind", known=known)
    elif not code:
        reading.tell("roster.kind-unknown", "kind", value=typed, known=known)
    return code


_PLAIN_KINDS: Mapping[str, str] = MappingProxyType(
    {unicodedata.normalize("NFKC", word): code for word, code in KIND_WORDS.items()}
)


def _read_line(reading: _Reading, kept: Unit) -> str:
    """A sheet without the column says nothing about it: what was known stays. An empty cell clears it."""
    if "line" not in reading.row.cells:
        return kept.line
    typed = reading.row.read("line")
    code = LINE_WORDS.get(typed, LINE_WORDS.get(typed.removesuffix("条线").removesuffix("系统"), ""))
    if typed and not code:
        reading.tell("roster.line-unknown", "line", value=typed, known="、".join(LINES.values()))
    return code


def _read_life(reading: _Reading, kept: Unit) -> tuple[date, date]:
    cells = reading.row.cells
    opens_on = (_read_day(reading, "opens_on") or EARLIEST) if "opens_on" in cells else kept.opens_on
    closes_on = (_read_day(reading, "closes_on") or LATEST) if "closes_on" in cells else kept.closes_on
    if closes_on <= opens_on:
        reading.tell("roster.closes-before-opening", "closes_on", opens_on=opens_on, closes_on=closes_on)
        return EARLIEST, LATEST
    return opens_on, closes_on


def _read_day(reading: _Reading, column: str) -> date | None:
    text = reading.row.read(column)
    if not text:
        return None
    day = parse_day(text)
    if day is None:
        reading.tell("roster.not-a-date", column, value=text)
    return day


@lru_cache(maxsize=4096)
def parse_day(text: str) -> date | None:
    """2026-03-20, 2026/3/20, 2026.3.20, 2026年3月20日 or 20260320; none for anything else."""
    match = DAY.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _read_attributes(reading: _Reading) -> list[Attribute]:
    """The figures of the row on its day. Figures without a day are refused: they would be good for ever."""
    figures = {name: value for name in ATTRIBUTES if (value := _read_number(reading, name)) is not None}
    day = _read_day(reading, "counted_on")
    if figures and not reading.row.read("counted_on"):
        reading.tell("roster.counted-on-missing", "counted_on")
    source = reading.row.read("source")
    return [Attribute(name, day, value, source) for name, value in figures.items()] if day else []


def _read_number(reading: _Reading, column: str) -> Fraction | None:
    """The figure, to two decimals as the database keeps it; thousands may be set off by commas."""
    text = reading.row.read(column)
    if not text:
        return None
    plain = text.replace(",", "").replace(" ", "")
    if not NUMBER.fullmatch(plain):
        reading.tell("roster.not-a-number", column, value=text[:40])
    elif plain.startswith("-"):
        reading.tell("roster.number-negative", column, value=text[:40])
    elif len(plain.split(".")[0]) > len(str(LARGEST)) or Fraction(plain) > LARGEST:
        reading.tell("roster.number-too-large", column, value=text[:40], limit=LARGEST)
    else:
        return Fraction(round(Fraction(plain) * 100), 100)
    return None


def _merge_attributes(kept: Sequence[Attribute], new: Sequence[Attribute]) -> tuple[Attribute, ...]:
    merged = {(item.name, item.valid_from): item for item in (*kept, *new)}
    return tuple(merged[key] for key in sorted(merged))


def _find_duplicates(readings: Sequence[_Reading]) -> None:
    first: dict[str, int | None] = {}
    for reading in readings:
        code = reading.row.read("code")
        if code and code in first:
            reading.tell("roster.code-duplicate", "code", value=code, first_row=first[code])
        elif code:
            first[code] = reading.row.place.row


def _check_parents(readings: Iterable[_Reading], codes: set[str]) -> None:
    """A parent that is itself in a bad row is not told again as missing."""
    for reading in readings:
        parent = reading.row.read("parent")
        if parent and parent not in codes:
            reading.tell("roster.parent-missing", "parent", value=parent)


def _check_roots(units: Mapping[str, Unit], readers: Mapping[str, _Reading]) -> None:
    """There is exactly one unit without a parent; every further one is told."""
    roots = [unit for unit in units.values() if not unit.parent]
    for unit in roots[1:]:
        if unit.code in readers:
            _tell_root(readers[unit.code], roots[0], readers.get(roots[0].code))


def _tell_root(reading: _Reading, first: Unit, reader: _Reading | None) -> None:
    """The unit that is on top already stands in this sheet, or was there before it."""
    named = f"{first.code} {first.name}"
    if reader is None:
        reading.tell("roster.root-known", "parent", first=named)
    else:
        reading.tell("roster.several-roots", "parent", first=named, first_row=reader.row.place.row)


def _check_rootless(units: Mapping[str, Unit], readings: Sequence[_Reading], looping: set[str]) -> tuple[Problem, ...]:
    """No unit on top: told once for the whole sheet, unless a cycle has already said so."""
    if looping or not units or any(not unit.parent for unit in units.values()):
        return ()
    return (make_problem("roster.no-root", replace(readings[0].row.place, row=None)),)


def _check_cycles(units: Mapping[str, Unit], readers: Mapping[str, _Reading]) -> set[str]:
    """The members of all cycles; each cycle is told once, at its first row, with its members in order."""
    looping: set[str] = set()
    done: set[str] = set()
    for start in units:
        trail = _follow_up(start, units, done)
        again = units[trail[-1]].parent if trail else ""
        if again in trail:
            members = trail[trail.index(again) :]
            looping.update(members)
            _tell_cycle(members, readers)
        done.update(trail)
    return looping


def _check_former_cycles(units: Mapping[str, Unit], readers: Mapping[str, _Reading]) -> None:
    """The same for every day before the last change, where these rows tell of a change at all."""
    if any(reading.row.read("changed_on") for reading in readers.values()):
        for stretch in Tree(tuple(units.values())).list_stretches()[:-1]:
            _check_cycles({code: unit.at(stretch.opens) for code, unit in units.items()}, readers)


def _follow_up(start: str, units: Mapping[str, Unit], done: set[str]) -> list[str]:
    """From a unit up, until the root, an unknown parent, a unit already seen to, or one met on this way."""
    trail: list[str] = []
    met: set[str] = set()
    code = start
    while code in units and code not in done and code not in met:
        trail.append(code)
        met.add(code)
        code = units[code].parent
    return trail


def _tell_cycle(members: Sequence[str], readers: Mapping[str, _Reading]) -> None:
    teller = next((readers[code] for code in members if code in readers), None)
    if teller is not None:
        teller.tell("roster.cycle", "parent", members=" → ".join((*members, members[0])))


def _sort_downwards(units: Mapping[str, Unit], looping: set[str]) -> Iterator[Unit]:
    """Parents before children, otherwise in the given order; what hangs on nothing is left out."""
    children: dict[str, list[Unit]] = {}
    for unit in units.values():
        if unit.code not in looping:
            children.setdefault(unit.parent, []).append(unit)
    stack = list(reversed(children.get("", ())))
    while stack:
        unit = stack.pop()
        yield unit
        stack.extend(reversed(children.get(unit.code, ())))


def _check_depth(tree: Tree, readers: Mapping[str, _Reading]) -> None:
    """The codes from the root down, each closed by a slash, must fit the column that holds them."""
    for code, path in list_paths(tree).items():
        if len(path) > LONGEST_PATH and code in readers:
            readers[code].tell("roster.too-deep", "parent", limit=LONGEST_PATH)


def list_paths(tree: Tree) -> dict[str, str]:
    """The path of each unit: the codes from the root down to it, each closed by a slash."""
    paths: dict[str, str] = {}
    for unit in tree.units:
        paths[unit.code] = f"{paths.get(unit.parent, '')}{unit.code}/"
    return paths


def list_doubts(rows: Iterable[RosterRow], after: Tree) -> tuple[Problem, ...]:
    """Warnings about rows that can be taken in: a person should look, and may well go on.

    ``after`` is the tree with these rows in it, as :func:`check_roster` gives it.
    """
    rows = list(rows)
    read = [doubt for row in rows for doubt in row.doubts]
    return (*read, *_doubt_codes(rows, after), *_doubt_closings(rows, after), *_doubt_moves(rows, after))


def list_undated(rows: Iterable[RosterRow], before: Tree, after: Tree) -> tuple[Problem, ...]:
    """Rows that make a unit that was there another one without saying since when: taken as if it had always been so."""
    found: list[Problem] = []
    for row in rows:
        was, now = before.by_code.get(row.read("code")), after.by_code.get(row.read("code"))
        if was and now and not row.read("changed_on") and _read_placing(was) != _read_placing(now):
            shown = {"before": _show_placing(was, now), "after": _show_placing(now, was)}
            found.append(make_problem("roster.change-undated", row.locate("changed_on"), severity="warning", **shown))
    return tuple(found)


def date_rows(rows: Iterable[RosterRow], before: Tree, after: Tree, day: date) -> tuple[RosterRow, ...]:
    """The rows, those that :func:`list_undated` tells of with this day of change."""
    rows = tuple(rows)
    places = {problem.source for problem in list_undated(rows, before, after)}
    dated = {"changed_on": day.isoformat()}
    return tuple(
        replace(row, cells={**row.cells, **dated}) if row.locate("changed_on") in places else row for row in rows
    )


def check_ahead(rows: Iterable[RosterRow], today: date) -> tuple[Problem, ...]:
    """Changes of days to come, which a site does not take in: who sees what follows the tree of today."""
    days = ((row, parse_day(row.read("changed_on"))) for row in rows)
    return tuple(
        make_problem("roster.changed-ahead", row.locate("changed_on"), changed_on=day, today=today)
        for row, day in days
        if day is not None and day > today
    )


def _show_placing(unit: Unit, other: Unit) -> str:
    """What of the unit differs from the other one."""
    titles = {"name": unit.name, "kind": UNIT_KINDS.get(unit.kind, ""), "parent": unit.parent}
    titles["line"] = LINES.get(unit.line, "—")
    return "、".join(title for name, title in titles.items() if getattr(unit, name) != getattr(other, name))


def _doubt_moves(rows: Iterable[RosterRow], after: Tree) -> Iterator[Problem]:
    """A unit that moves takes along what stands below it: told with how many."""
    for row in rows:
        day, unit = parse_day(row.read("changed_on")), after.by_code.get(row.read("code"))
        if day is None or unit is None or not any(one.since == day for one in unit.placements):
            continue
        number = sum(1 for _ in after.at(day).walk_down(unit.code)) - 1
        if number and unit.at(day).parent != unit.at(day - ONE_DAY).parent:
            place = row.locate("parent")
            yield make_problem("roster.moves-along", place, severity="warning", since=day, number=number)


LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
NAMED = 5


def _simplify_code(code: str) -> str:
    """What is left of a code when a spreadsheet has eaten its zeros and somebody its capitals."""
    return LEADING_ZEROS.sub("", code.upper())


def _doubt_codes(rows: Iterable[RosterRow], after: Tree) -> Iterator[Problem]:
    """Two codes that look like one: told once, at the later row."""
    typed = {row.read("code"): row for row in rows}
    groups: dict[str, list[Unit]] = {}
    # Units that were there come first, so that a row is told beside them and not they beside it.
    for unit in sorted(after.units, key=lambda unit: (typed[unit.code].place.row or 0) if unit.code in typed else -1):
        groups.setdefault(_simplify_code(unit.code), []).append(unit)
    for first, *others in groups.values():
        for unit in others:
            if unit.code in typed:
                place, other = typed[unit.code].locate("code"), f"{first.code} {first.name}"
                values = {"value": unit.code, "name": unit.name, "other": other}
                yield make_problem("roster.code-alike", place, severity="warning", **values)


def _doubt_closings(rows: Iterable[RosterRow], after: Tree) -> Iterator[Problem]:
    """A unit that closes while units below it go on: they would stand under nothing."""
    for row in rows:
        unit = after.by_code.get(row.read("code"))
        if unit is None or unit.closes_on == LATEST:
            continue
        left = [child for child in after.list_children(unit.code) if child.closes_on > unit.closes_on]
        if left:
            yield make_problem(
                "roster.closes-above-open",
                row.locate("closes_on"),
                severity="warning",
                closes_on=unit.closes_on,
                number=len(left),
                units="、".join(f"{child.code} {child.name}" for child in left[:NAMED]),
            )


@dataclass(frozen=True, slots=True)
class RosterChange:
    """What a roster does to one unit: ``before`` is none for a new one."""

    after: Unit
    before: Unit | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """Which of the unit's own fields differ, as names of columns in :data:`COLUMNS`."""
        if self.before is None:
            return ()
        names = ("name", "kind", "line", "parent", "opens_on", "closes_on")
        return tuple(name for name in names if getattr(self.before, name) != getattr(self.after, name))

    @property
    def since(self) -> tuple[date, ...]:
        """The days from which on something new is said of what the unit was, or where it stood."""
        known = self.before.placements if self.before else ()
        said = self.after.placements if self.before else ()
        return tuple(one.since for one in said if one not in known and one.since != EARLIEST)

    @property
    def figures(self) -> tuple[tuple[Attribute, Attribute | None], ...]:
        """The figures that are new or differ, each with what stood for the same day."""
        old = {(item.name, item.valid_from): item for item in (self.before.attributes if self.before else ())}
        pairs = ((item, old.get((item.name, item.valid_from))) for item in self.after.attributes)
        return tuple((new, known) for new, known in pairs if new != known)


def compare_rosters(before: Tree, after: Tree) -> tuple[RosterChange, ...]:
    """One change for each unit that is new or not the same, in tree order. Nothing ever goes: a unit is closed."""
    pairs = (RosterChange(unit, before.by_code.get(unit.code)) for unit in after.units)
    return tuple(change for change in pairs if change.before is None or change.fields or change.since or change.figures)
