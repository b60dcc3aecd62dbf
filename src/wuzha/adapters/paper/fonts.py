"""The type on this machine: what the standard names, what stands in for it, and which font has a sign at all."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import typst
import yaml
from fontTools.ttLib import TTFont, TTLibError

from wuzha.adapters.paper.layout import FONTS, Role
from wuzha.core.base.problem import Problem, make_problem

# Signs of these kinds have no picture of their own: they join, part or turn what stands beside them.
UNSEEN = frozenset({"Cf", "Zs", "Zl", "Zp"})
VARIATIONS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


@dataclass(frozen=True, slots=True)
class StandIn:
    """A font in the place of another; with ``signs``, for these alone, since the other lacks them."""

    wanted: str
    used: str
    signs: str = ""


@dataclass(frozen=True, slots=True)
class Type:
    """What a paper is set in: for each role the families in the order in which they are asked for a sign."""

    families: Mapping[Role, tuple[str, ...]]
    stand_ins: tuple[StandIn, ...]


@cache
def list_families() -> tuple[str, ...]:
    """The families of the machine, by name. Looked up once: a font that is installed later is found after a restart."""
    return tuple(sorted(typst.Fonts(include_embedded_fonts=False).families()))


def choose_type(families: Sequence[str], texts: Iterable[tuple[Role, str]]) -> tuple[Type | None, tuple[Problem, ...]]:
    """The type for these texts out of the families of a machine; no type where a role has none at all.

    Each sign that no font has is a problem: it would be printed as an empty box.
    """
    chosen = {role: _choose_family(role, families) for role in FONTS}
    lacking = tuple(_tell_lacking(role) for role, family in chosen.items() if family is None)
    if lacking:
        return None, lacking
    first = {role: family for role, family in chosen.items() if family}
    borrowed, problems = _borrow(first, families, texts)
    swaps = (StandIn(FONTS[role], family) for role, family in first.items() if family not in load_fonts()[role]["own"])
    order = {role: _order(family, families) for role, family in first.items()}
    return Type(MappingProxyType(order), (*swaps, *borrowed)), problems


@cache
def load_fonts() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """The table ``fonts.yaml``: for each role the names of its ``own`` family and those that may ``stand_in``."""
    text = files("wuzha.adapters.paper").joinpath("fonts.yaml").read_text(encoding="utf-8")
    return MappingProxyType(yaml.safe_load(text))


def _choose_family(role: Role, families: Sequence[str]) -> str | None:
    names = load_fonts()[role]
    return next((name for name in (*names["own"], *names["stand_in"]) if name in families), None)


def _tell_lacking(role: Role) -> Problem:
    return make_problem("paper.font-missing", wanted=FONTS[role], known="、".join(load_fonts()[role]["stand_in"]))


def _order(first: str, families: Sequence[str]) -> tuple[str, ...]:
    """The family itself, then those that stand in for others, then all, so that no sign is left to chance."""
    likely = [name for names in load_fonts().values() for name in (*names["own"], *names["stand_in"])]
    return tuple(dict.fromkeys((first, *(name for name in likely if name in families), *families)))


def _borrow(
    first: Mapping[Role, str], families: Sequence[str], texts: Iterable[tuple[Role, str]]
) -> tuple[list[StandIn], tuple[Problem, ...]]:
    """For each sign that the family of its role lacks the first that has it, or a problem."""
    found: dict[tuple[str, str], set[str]] = {}
    missing: set[str] = set()
    for role, signs in _gather(texts).items():
        for sign in sorted(signs - _list_signs(first[role])):
            other = _find_other(sign, _order(first[role], families))
            if other is None:
                missing.add(sign)
            else:
                found.setdefault((FONTS[role], other), set()).add(sign)
    borrowed = [StandIn(wanted, used, "".join(sorted(signs))) for (wanted, used), signs in sorted(found.items())]
    return borrowed, tuple(_tell_missing(sign) for sign in sorted(missing))


def _find_other(sign: str, families: Iterable[str]) -> str | None:
    """The first that has the sign. What a sign of private use looks like is each font's own affair."""
    if unicodedata.category(sign) == "Co":
        return None
    return next((name for name in families if sign in _list_signs(name)), None)


def _gather(texts: Iterable[tuple[Role, str]]) -> Mapping[Role, frozenset[str]]:
    """The signs of each role that need a picture."""
    gathered: dict[Role, set[str]] = {}
    for role, text in texts:
        gathered.setdefault(role, set()).update(sign for sign in text if _is_seen(sign))
    return {role: frozenset(signs) for role, signs in gathered.items()}


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign) not in UNSEEN and not any(ord(sign) in signs for signs in VARIATIONS)


def _tell_missing(sign: str) -> Problem:
    return make_problem("paper.sign-missing", sign=sign, number=f"U+{ord(sign):04X}")


@cache
def _list_files() -> Mapping[str, tuple[str, int]]:
    """For each family the file of its regular face, and which font of that file it is."""
    fonts = typst.Fonts(include_embedded_fonts=False).fonts()
    upright = sorted(fonts, key=lambda font: (font.style != "normal", abs(font.weight - 400), font.path or ""))
    return MappingProxyType({font.family: (font.path, font.index) for font in reversed(upright) if font.path})


@cache
def _list_signs(family: str) -> frozenset[str]:
    """Every sign that the family has a picture for; none where its file cannot be read."""
    place = _list_files().get(family)
    if place is None:
        return frozenset()
    try:
        with TTFont(place[0], fontNumber=place[1], lazy=True) as font:
            return frozenset(map(chr, font.getBestCmap() or ()))
    except (OSError, TTLibError):
        return frozenset()
