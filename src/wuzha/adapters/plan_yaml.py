"""Plan files: YAML text to plans and back. A file comes from outside, so only the plain part of YAML is let in.

Let in: mappings with text keys, lists, text, whole numbers, true and false, dates. Left out: anchors, aliases and tags,
which plans do not need and which can make a small file huge. ``1.5`` and ``50%`` stay text, so that no amount passes
through floating point.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)
from yaml.reader import Reader

from wuzha.adapters.calendar import load_calendar
from wuzha.adapters.kinds import load_kinds
from wuzha.core.base.problem import Problem, Source, has_errors, make_problem
from wuzha.core.base.unit import Tree
from wuzha.core.ledger.record import Kinds
from wuzha.core.plan.build import build_plan, sketch_plan
from wuzha.core.plan.calendar import bind_calendar
from wuzha.core.plan.check import check_sketch
from wuzha.core.plan.language import DUTY_KEYS, PHASE_KEYS, PLAN_KEYS, WHO_KEYS
from wuzha.core.plan.model import Plan
from wuzha.core.plan.node import Path, name_key

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 12
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

WHOLE = re.compile(r"[+-]?(?:0|[1-9]\d{0,14})")
DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
WORDS: Mapping[str, object] = MappingProxyType({"": None, "~": None, "null": None, "true": True, "false": False})


class _RefusedError(Exception):
    """Carries a problem out of the parser; never leaves this module."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@dataclass(slots=True)
class PlanFile:
    """The plain values of a file, the line of each key path, and what was wrong with the file as YAML."""

    name: str
    data: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def locate(self, path: Path) -> Source:
        """The line of the value; where the key is missing, the line of what it is missing from."""
        key = name_key(path[2:] if path[:1] in (("duties",), ("phases",)) else path)
        known = next((path[:end] for end in range(len(path), -1, -1) if path[:end] in self.lines), ())
        return Source(document=self.name, line=self.lines.get(known), key=key, clause=self._find_clause(path))

    def _list_duties(self) -> list[Mapping[str, object]]:
        duties = self.data.get("duties") if isinstance(self.data, Mapping) else None
        return [duty if isinstance(duty, Mapping) else {} for duty in duties] if isinstance(duties, list) else []

    def _find_clause(self, path: Path) -> str:
        match path:
            case ("duties", int(number), *_):
                duties = self._list_duties()
                return str(duties[number].get("clause") or "") if number < len(duties) else ""
            case _:
                return ""


def read_plan_yaml(text: str, name: str = "") -> tuple[Plan | None, tuple[Problem, ...]]:
    """The plan that the text says, or None; with what is wrong in the form of the file, each with its line.

    Due days move by the published calendar; a county's own days are bound to the plan afterwards.

    Whether the plan makes sense is not asked, so that an issued plan can be read for ever: see :func:`check_plan_yaml`.
    """
    file = parse_plan_file(text, name)
    if has_errors(file.problems):
        return None, tuple(file.problems)
    plan, problems = build_plan(file.data, file.locate)
    return plan and bind_calendar(plan, load_calendar()), problems


def check_plan_yaml(
    text: str, name: str = "", tree: Tree | None = None, kinds: Kinds | None = None
) -> tuple[Plan | None, tuple[Problem, ...]]:
    """The plan if nothing is wrong with it, and every mistake and doubt, of form and of sense, by lines.

    ``kinds`` are those that come with the package unless others are given.
    """
    file = parse_plan_file(text, name)
    if file.data is None:
        return None, tuple(file.problems)
    sketch = sketch_plan(file.data, file.locate)
    problems = [*file.problems, *check_sketch(sketch, load_kinds() if kinds is None else kinds, tree, file.locate)]
    problems.sort(key=lambda problem: problem.source.line or 0)
    return None if has_errors(problems) else bind_calendar(sketch.plan, load_calendar()), tuple(problems)


def parse_plan_file(text: str, name: str = "") -> PlanFile:
    """The values of a plan file. ``data`` is None where the text is no YAML of the plain kind."""
    file = PlanFile(name)
    size = len(text.encode("utf-8", "replace"))
    try:
        if size > MAX_BYTES:
            _refuse("plan.too-large", file, size_kb=size // 1024, limit_kb=MAX_BYTES // 1024)
        if strange := Reader.NON_PRINTABLE.search(text):
            _refuse("plan.bad-character", file, text.count("\n", 0, strange.start()) + 1, sign=ascii(strange[0]))
        file.data = _Composer(file, yaml.parse(text, Loader=LOADER)).compose()
    except _RefusedError as refused:
        file.problems.append(refused.problem)
    except yaml.YAMLError as error:
        file.problems.append(_describe_yaml_error(file, error))
    return file


def _refuse(code: str, file: PlanFile, line: int | None = None, **params: str | int) -> None:
    raise _RefusedError(make_problem(code, Source(document=file.name, line=line), severity="error", **params))


def _find_line(event: Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _describe_yaml_error(file: PlanFile, error: yaml.YAMLError) -> Problem:
    """The parser's own words are English and technical; the line is what helps."""
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else None
    return make_problem("plan.not-yaml", Source(document=file.name, line=line), detail=getattr(error, "problem", ""))


class _Composer:
    """Builds values from the parser's events, one at a time, so that a hostile file is refused before it grows."""

    def __init__(self, file: PlanFile, events: Iterator[Event]) -> None:
        self.file, self.events = file, events

    def compose(self) -> object:
        for event in self.events:
            if isinstance(event, NodeEvent):
                value = self._compose_node(event, ())
                if value is None:
                    break
                return self._end(value)
        _refuse("plan.empty", self.file)
        return None

    def _end(self, value: object) -> object:
        """One file holds one plan; reading on also finds what is broken after it."""
        for event in self.events:
            if isinstance(event, NodeEvent):
                _refuse("plan.second-document", self.file, _find_line(event))
        return value

    def _compose_node(self, event: Event, path: Path) -> object:
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            _refuse("plan.alias", self.file, _find_line(event), anchor=getattr(event, "anchor", ""))
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            _refuse("plan.tag", self.file, _find_line(event), tag=tag)
        if len(path) > MAX_DEPTH:
            _refuse("plan.too-deep", self.file, _find_line(event), limit=MAX_DEPTH)
        self.file.lines.setdefault(path, _find_line(event))
        if isinstance(event, MappingStartEvent):
            return self._compose_mapping(path)
        if isinstance(event, SequenceStartEvent):
            return [self._compose_node(item, (*path, n)) for n, item in enumerate(self._iterate())]
        return resolve_scalar(event.value, plain=event.implicit[0]) if isinstance(event, ScalarEvent) else None

    def _iterate(self) -> Iterator[Event]:
        """The events that begin an item of the collection just opened."""
        for event in self.events:
            if isinstance(event, CollectionEndEvent):
                return
            yield event

    def _compose_mapping(self, path: Path) -> dict[str, object]:
        found: dict[str, object] = {}
        for event in self._iterate():
            if not isinstance(event, ScalarEvent):
                _refuse("plan.key-not-text", self.file, _find_line(event))
            key, line = str(getattr(event, "value", "")), _find_line(event)
            if key in found:
                self._tell_duplicate(key, line, self.file.lines[(*path, key)])
            self.file.lines.setdefault((*path, key), line)
            value = self._compose_node(next(self.events), (*path, key))
            found.setdefault(key, value)
        return found

    def _tell_duplicate(self, key: str, line: int, first_line: int) -> None:
        source = Source(document=self.file.name, line=line, key=key)
        self.file.problems.append(make_problem("plan.key-duplicate", source, key=key, first_line=first_line))


def resolve_scalar(text: str, *, plain: bool) -> object:
    """What a scalar means. Quoted text is text; unquoted may be a whole number, true or false, a date, or nothing.

    Dates must be real days: ``2027-02-30`` stays text, and whoever wants a date there will say so.
    """
    if not plain:
        return text
    if text in WORDS:
        return WORDS[text]
    if WHOLE.fullmatch(text):
        return int(text)
    return _parse_day(text) or text


def _parse_day(text: str) -> date | None:
    match = DAY.fullmatch(text)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


FLOW_KEYS = frozenset({"valid", "who", "at_least", "at_most", "change", "due", "span", "lead", "with"})
ORDER: Mapping[str, int] = MappingProxyType(
    {key: number for number, key in enumerate(dict.fromkeys((*PLAN_KEYS, *PHASE_KEYS, *DUTY_KEYS, *WHO_KEYS)))}
)


class _Writer(yaml.SafeDumper):
    """Writes lists indented under their key, never with aliases."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: object) -> bool:
        return True


def render_plan_yaml(plan: Mapping[str, object]) -> str:
    """The plan as a file that a person reads: keys in the order of the language, one short mapping a line."""
    blocks = [_write({key: plan[key]}) for key in _sort_keys(plan) if key != "duties"]
    duties = plan.get("duties")
    blocks.append(_write({"duties": duties}) if duties is not None else "")
    return "".join(blocks)


def _write(part: Mapping[str, object]) -> str:
    return str(yaml.serialize(_make_node(part, key=""), Dumper=_Writer, allow_unicode=True, width=10**9))


def _sort_keys(part: Mapping[str, object]) -> list[str]:
    return sorted((key for key in part if part[key] is not None), key=lambda key: ORDER.get(key, len(ORDER)))


def _make_node(value: object, key: str) -> yaml.Node:
    """Short mappings and lists in one line: those of ``FLOW_KEYS``, phases, and lists of words."""
    if isinstance(value, Mapping):
        pairs = [(_make_node(k, ""), _make_node(value[k], k)) for k in _sort_keys(value)]
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=key in FLOW_KEYS or key == "phases")
    if isinstance(value, Sequence) and not isinstance(value, str):
        items = [_make_node(item, key) for item in value]
        return yaml.SequenceNode("tag:yaml.org,2002:seq", items, flow_style=key not in ("duties", "phases"))
    return _make_scalar(value)


def _make_scalar(value: object) -> yaml.ScalarNode:
    """Plain where it reads back as the same value, quoted where it would not."""
    match value:
        case bool():
            return yaml.ScalarNode("tag:yaml.org,2002:bool", str(value).lower())
        case int():
            return yaml.ScalarNode("tag:yaml.org,2002:int", str(value))
        case date():
            return yaml.ScalarNode("tag:yaml.org,2002:timestamp", value.isoformat())
        case _:
            return _make_text(str(value))


def _make_text(text: str) -> yaml.ScalarNode:
    plain = text.isprintable() and resolve_scalar(text, plain=True) == text
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=None if plain else '"')
