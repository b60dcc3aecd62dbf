"""The columns of the monthly table that come with the package, read from ``core/paper/monthly.yaml``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, get_args

import yaml

from wuzha.adapters.kinds import load_kinds
from wuzha.core.base.unit import ATTRIBUTES, UNIT_KINDS
from wuzha.core.duty.kinds.cover import BASES
from wuzha.core.ledger.record import Kinds
from wuzha.core.paper.column import (
    MOST_TYPED,
    ChangeOf,
    Column,
    Columns,
    ColumnSource,
    Counts,
    Derived,
    OfAttribute,
    OfCover,
    OfRecords,
    OfRegister,
    OfSites,
    OfStanding,
    OfTitles,
    ShareOf,
    Span,
    list_kinds,
    list_named,
)

PAIRS = ("title", "group", "says")
KNOWN_KEYS = frozenset({*PAIRS, "source", "measure", "counts", "longest"})
# By what a column counts: the keys that must be there, and those that may.
SHAPES: Mapping[str, tuple[frozenset[str], frozenset[str]]] = MappingProxyType(
    {
        "attribute": (frozenset(), frozenset()),
        "records": (frozenset({"window"}), frozenset({"field", "for", "at"})),
        "sites": (frozenset(), frozenset()),
        "covers": (frozenset(), frozenset()),
        "register": (frozenset({"tells"}), frozenset()),
        "standing": (frozenset(), frozenset({"of"})),
        "titles": (frozenset({"window"}), frozenset()),
        "share": (frozenset({"of", "per"}), frozenset()),
        "change": (frozenset({"against"}), frozenset()),
    }
)
TELLS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"register": ("wanted", "checked"), "standing": ("expected", "met"), "titles": ("applied", "awarded")}
)


@cache
def load_columns() -> Columns:
    """Every column by its code, in the order of the table. Raises ``ValueError`` when the file itself is wrong."""
    text = files("wuzha.core.paper").joinpath("monthly.yaml").read_text(encoding="utf-8")
    return parse_columns(text, load_kinds())


def parse_columns(text: str, kinds: Kinds) -> Columns:
    """The columns that a YAML text lists. Raises ``ValueError`` naming the entry: a column that counts something else
    than its head says would go unseen."""
    entries = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(entries, dict):
        raise ValueError("monthly.yaml: a mapping from code to column is wanted")
    columns: dict[str, Column] = {}
    for code, entry in entries.items():
        column = _make_column(str(code), entry)
        _check_names(column, columns, kinds)
        columns[column.code] = _complete(column, columns)
    typed = [column.code for column in columns.values() if column.source == "typed"]
    if len(typed) > MOST_TYPED:
        raise ValueError(f"monthly.yaml: {typed} are typed; {MOST_TYPED} at most may be")
    return MappingProxyType({code: _part(column, columns) for code, column in columns.items()})


def _part(column: Column, columns: Columns) -> Column:
    """Of columns under one head that stand for where people are, with the words of all the others."""
    match column.counts:
        case OfRecords(home=home, audience=own) as counts if home:
            beside = (one.counts for one in columns.values() if one.group == column.group and one is not column)
            words = (word for one in beside if isinstance(one, OfRecords) for word in one.audience)
            return replace(column, counts=replace(counts, elsewhere=tuple(word for word in words if word not in own)))
        case _:
            return column


def _complete(column: Column, before: Columns) -> Column:
    """A change with what its two columns are counted in."""
    match column.counts:
        case ChangeOf(now=now) as change:
            return replace(column, counts=replace(change, measure=before[now].measure))
        case _:
            return column


def _make_column(code: str, entry: object) -> Column:
    if not isinstance(entry, Mapping):
        raise ValueError(f"monthly.yaml: {code} must be a mapping")
    unknown = [str(key) for key in entry if key not in KNOWN_KEYS]
    lacking = [key for key in (*PAIRS, "source") if not entry.get(key)]
    if unknown or lacking or entry["source"] not in get_args(ColumnSource):
        raise ValueError(f"monthly.yaml: {code} lacks {lacking}, has unknown {unknown} or an unknown source")
    if (entry["source"] == "computed") != ("counts" in entry):
        raise ValueError(f"monthly.yaml: {code} is computed and says not what it counts, or the other way round")
    pairs = {key: _read_pair(code, key, entry[key]) for key in PAIRS}
    measure = _read_pair(code, "measure", entry.get("measure", ("", "")))
    return Column(
        code=code,
        title=pairs["title"][0],
        title_en=pairs["title"][1],
        group=pairs["group"][0],
        group_en=pairs["group"][1],
        source=entry["source"],
        says=pairs["says"][0],
        says_en=pairs["says"][1],
        measure=measure[0],
        measure_en=measure[1],
        counts=_read_counts(code, entry["counts"]) if "counts" in entry else None,
        longest=int(entry.get("longest", 0)),
    )


def _read_pair(code: str, key: str, told: object) -> tuple[str, str]:
    """Chinese, then English."""
    if not isinstance(told, Sequence) or isinstance(told, str) or len(told) != 2:
        raise ValueError(f"monthly.yaml: {code} needs {key} in Chinese and English")
    return str(told[0]), str(told[1])


def _read_counts(code: str, told: object) -> Counts | Derived:
    if not isinstance(told, Mapping):
        raise ValueError(f"monthly.yaml: {code}: counts must be a mapping")
    shape = next((name for name in SHAPES if name in told), "")
    must, may = SHAPES.get(shape, (frozenset(), frozenset()))
    strange, lacking = set(told) - {shape} - must - may, must - set(told)
    if not shape or strange or lacking:
        raise ValueError(f"monthly.yaml: {code} counts {list(told)}: lacks {lacking}, has unknown {strange}")
    _check_word(code, told.get("window", "month"), get_args(Span))
    if shape in TELLS:
        _check_word(code, told["tells"] if shape == "register" else told[shape], TELLS[shape])
    return MAKERS[shape](told)


def _make_records(told: Mapping[Any, Any]) -> OfRecords:
    words, home = _read_words(told.get("for", ())), _read_words(told.get("at", ()))
    return OfRecords(_read_words(told["records"]), str(told.get("field", "")), told["window"], words, home)


MAKERS: Mapping[str, Callable[[Mapping[Any, Any]], Counts | Derived]] = MappingProxyType(
    {
        "attribute": lambda told: OfAttribute(str(told["attribute"])),
        "records": _make_records,
        "sites": lambda told: OfSites(_read_words(told["sites"])),
        "covers": lambda told: OfCover(str(told["covers"])),
        "register": lambda told: OfRegister(str(told["register"]), told["tells"]),
        "standing": lambda told: OfStanding(told["standing"], _read_words(told.get("of", ()))),
        "titles": lambda told: OfTitles(told["titles"], told["window"]),
        "share": lambda told: ShareOf(str(told["share"]), str(told["of"]), Fraction(told["per"])),
        "change": lambda told: ChangeOf(str(told["change"]), str(told["against"])),
    }
)


def _read_words(told: Sequence[object]) -> tuple[str, ...]:
    return tuple(str(word) for word in told)


def _check_word(code: str, word: object, known: Sequence[str]) -> None:
    if word not in known:
        raise ValueError(f"monthly.yaml: {code} says {word}; it may say {list(known)}")


def _check_names(column: Column, before: Columns, kinds: Kinds) -> None:
    """Every kind, field, attribute and earlier column that it names is there, and of the right sort."""
    strange = [*_list_strange_kinds(column, kinds), *_list_strange_columns(column, before)]
    match column.counts:
        case OfAttribute(name=name) if name not in ATTRIBUTES:
            strange.append(name)
        case OfCover(population=population) if population not in BASES:
            strange.append(population)
        case OfRecords(home=home):
            strange += [kind for kind in home if kind not in UNIT_KINDS]
        case _:
            pass
    if strange or (column.source == "computed" and not column.measure):
        raise ValueError(f"monthly.yaml: {column.code} names unknown {strange}, or has no measure")


def _list_strange_kinds(column: Column, kinds: Kinds) -> list[str]:
    named, counts = list_kinds(column), column.counts
    unknown = [code for code in named if code not in kinds]
    if unknown or (not named and isinstance(counts, OfRecords | OfSites)):
        return unknown or ["no kind"]
    shapes = {kinds[code].shape for code in named}
    match counts:
        case OfRecords(field=field, span=span):
            # What is reported and what is done are counted in two ways; only what is reported is held against then.
            is_told = "count" in shapes
            mixed = bool(shapes & {"site", "check", "filing"}) or (is_told and len(shapes) > 1)
            strange = [field] if field and not all(kinds[code].may_count(field) for code in named) else []
            return [*strange, *([span] if span.startswith("last") and not is_told else []), *(named if mixed else ())]
        case OfSites():
            return [] if shapes == {"site"} else list(named)
        case OfRegister():
            return [] if shapes == {"check"} else list(named)
        case _:
            return []


def _list_strange_columns(column: Column, before: Columns) -> list[str]:
    """Columns that a share or a change is made of stand before it and add up themselves.

    A change is that of a number of things: how sure it is can be told of nothing else.
    """
    named = list_named(column)
    strange = [code for code in named if code not in before or not before[code].adds_up]
    if strange or not isinstance(column.counts, ChangeOf):
        return strange
    return [code for code in named if not _is_number_of_things(before[code].counts)]


def _is_number_of_things(counts: Counts | Derived | None) -> bool:
    return isinstance(counts, OfRecords) and counts.field in ("", "quantity")
