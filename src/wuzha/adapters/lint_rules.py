"""The rules by which a plan is held against higher rules, read from ``core/plan/lint.yaml``."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from wuzha.core.base.unit import EARLIEST, LATEST
from wuzha.core.plan.lint.rule import CHECKS, LEVELS, Basis, Level, Rule, Rules

TEXTS = ("title", "title_en", "why", "why_en", "wording", "wording_en", "looks_for")
KNOWN_KEYS = frozenset(
    {*TEXTS, "level", "blocks", "cites", "touches", "finds", "unless", "where", "once", "check", "object"}
)
BASIS_KEYS = frozenset({"name", "name_en", "number", "from", "until"})


@cache
def load_rules() -> Rules:
    """Every rule by its code. Raises ``ValueError`` naming the entry when the file itself is wrong."""
    return parse_rules(files("wuzha.core.plan").joinpath("lint.yaml").read_text(encoding="utf-8"))


def parse_rules(text: str) -> Rules:
    """The rules that a YAML text lists. Raises ``ValueError``: a rule that is read wrongly would accuse wrongly."""
    data = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(data, Mapping) or not isinstance(data.get("rules"), Mapping):
        raise ValueError("lint.yaml: a mapping with bases, words and rules is wanted")
    bases = {str(key): _make_basis(str(key), entry) for key, entry in (data.get("bases") or {}).items()}
    words = {str(key): str(piece) for key, piece in (data.get("words") or {}).items()}
    made = (_make_rule(str(code), entry, bases, words) for code, entry in data["rules"].items())
    return MappingProxyType({rule.code: rule for rule in made})


def _make_basis(key: str, entry: object) -> Basis:
    if not isinstance(entry, Mapping) or set(entry) - BASIS_KEYS or not entry.get("name") or not entry.get("name_en"):
        raise ValueError(f"lint.yaml: basis {key} needs a name in both languages and knows {sorted(BASIS_KEYS)}")
    opens, closes = entry.get("from", EARLIEST), entry.get("until", LATEST)
    if not isinstance(opens, date) or not isinstance(closes, date) or closes <= opens:
        raise ValueError(f"lint.yaml: basis {key} is in force from {opens} until {closes}")
    return Basis(str(entry["name"]), str(entry["name_en"]), str(entry.get("number", "")), "", opens, closes)


def _make_rule(code: str, entry: object, bases: Mapping[str, Basis], words: Mapping[str, str]) -> Rule:
    if not isinstance(entry, Mapping):
        raise ValueError(f"lint.yaml: {code} must be a mapping")
    _check_entry(code, entry, bases)
    where = entry.get("where", {})
    return Rule(
        code=code,
        level=_read_level(entry),
        bases=tuple(_cite(bases[item["base"]], item.get("article", "")) for item in entry.get("cites", ())),
        blocks=bool(entry.get("blocks", False)),
        once=bool(entry.get("once", False)),
        check=str(entry.get("check", "")),
        object=str(entry.get("object", "")),
        touches=tuple(str(word) for word in entry.get("touches", ())),
        finds=_compile_all(code, entry.get("finds", ()), words),
        unless=_compile_all(code, entry.get("unless", ()), words),
        where_in=_compile(code, where["in"], words) if "in" in where else None,
        where_issuer=_compile(code, where["issuer"], words) if "issuer" in where else None,
        **{name: str(entry[name]) for name in TEXTS},
    )


def _check_entry(code: str, entry: Mapping[Any, Any], bases: Mapping[str, Basis]) -> None:
    missing = [name for name in (*TEXTS, "level") if not entry.get(name)]
    unknown = [str(key) for key in entry if key not in KNOWN_KEYS]
    strange = [str(item.get("base")) for item in entry.get("cites", ()) if item.get("base") not in bases]
    if missing or unknown or strange:
        raise ValueError(f"lint.yaml: {code} lacks {missing}, has unknown {unknown} and cites unknown {strange}")
    if entry["level"] not in LEVELS or entry.get("check", "") not in CHECKS:
        raise ValueError(f"lint.yaml: {code} has the unknown level or check {entry['level']} {entry.get('check')}")
    if bool(entry.get("finds")) == bool(entry.get("check")) or bool(entry.get("finds")) != bool(entry.get("touches")):
        raise ValueError(f"lint.yaml: {code} needs either a check, or patterns and the words that they touch")


def _read_level(entry: Mapping[Any, Any]) -> Level:
    return next(level for level in LEVELS if level == entry["level"])


def _cite(basis: Basis, article: object) -> Basis:
    return Basis(basis.name, basis.name_en, basis.number, str(article), basis.opens_on, basis.closes_on)


def _compile_all(code: str, patterns: Iterable[object], words: Mapping[str, str]) -> tuple[re.Pattern[str], ...]:
    return tuple(_compile(code, pattern, words) for pattern in patterns)


def _compile(code: str, pattern: object, words: Mapping[str, str]) -> re.Pattern[str]:
    """The pattern with the pieces that it names between <>; a group's own name (?P<...>) stays."""
    try:
        return re.compile(re.sub(r"(?<!\?P)<(\w+)>", lambda match: f"(?:{words[match[1]]})", str(pattern)))
    except (re.error, KeyError) as error:
        raise ValueError(f"lint.yaml: {code} has a pattern that cannot be read: {error}") from None
