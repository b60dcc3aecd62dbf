"""The record kinds that come with the package, read from ``core/ledger/kinds.yaml``."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from wuzha.core.ledger.record import COUNTABLE, SHAPES, Detail, Kinds, RecordKind

TEXT_KEYS = ("title", "title_en", "shape", "covers", "reads", "sentence", "sentence_en")
KNOWN_KEYS = frozenset({*TEXT_KEYS, "asks", "counts", "details", "minutes", "grades"})


@cache
def load_kinds() -> Kinds:
    """Every record kind by its code. Raises ``ValueError`` naming the entry when the file itself is wrong."""
    text = files("wuzha.core.ledger").joinpath("kinds.yaml").read_text(encoding="utf-8")
    return parse_kinds(text)


def parse_kinds(text: str) -> Kinds:
    """The kinds that a YAML text lists. Raises ``ValueError``: a kind without its title would show as a code."""
    entries = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(entries, dict):
        raise ValueError("kinds.yaml: a mapping from code to kind is wanted")
    return MappingProxyType({str(code): _make_kind(str(code), entry) for code, entry in entries.items()})


def _make_kind(code: str, entry: object) -> RecordKind:
    if not isinstance(entry, Mapping):
        raise ValueError(f"kinds.yaml: {code} must be a mapping")
    _check_keys(code, entry)
    texts: dict[str, Any] = {key: str(entry[key]) for key in TEXT_KEYS if key in entry}
    countable = _read_countable(entry.get("counts", "quantity"))
    return RecordKind(
        code=code,
        counts=countable[0],
        countable=countable,
        details=tuple(_make_detail(str(name), titles) for name, titles in entry.get("details", {}).items()),
        asks=tuple(str(field) for field in entry["asks"]),
        minutes=int(entry.get("minutes", 0)),
        grades=tuple(str(grade) for grade in entry.get("grades", ())),
        **texts,
    )


def _read_countable(told: object) -> tuple[str, ...]:
    return tuple(str(name) for name in told) if isinstance(told, list) else (str(told),)


def _make_detail(code: str, titles: Sequence[str]) -> Detail:
    return Detail(code, str(titles[0]), str(titles[1]))


def _check_keys(code: str, entry: Mapping[object, object]) -> None:
    missing = [key for key in ("title", "title_en", "shape") if not entry.get(key)]
    if "asks" not in entry:
        missing.append("asks")
    unknown = [str(key) for key in entry if key not in KNOWN_KEYS]
    if missing or unknown:
        raise ValueError(f"kinds.yaml: {code} lacks {missing} and has unknown {unknown}")
    if entry["shape"] not in SHAPES:
        raise ValueError(f"kinds.yaml: {code} has the unknown shape {entry['shape']}")
    strange = [name for name in _read_countable(entry.get("counts", "quantity")) if name not in COUNTABLE]
    if strange:
        raise ValueError(f"kinds.yaml: {code} counts {strange}, which no duty can count")
