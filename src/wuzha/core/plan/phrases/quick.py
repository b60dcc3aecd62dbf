"""Patterns that fail fast: each of the hundreds of expressions is tried on each clause, and nearly all of them fail.

``quick`` puts in front of a pattern the signs with which a match can begin, which the engine tests at each place
before it tries the alternatives one by one. ``Table`` leaves out those patterns of a list that need a sign which does
not stand in the words. Both are worked out from the pattern itself and change nothing in what is found, but that a
digit is one of the ten that folded text has.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from typing import Any, Generic, TypeVar

_parser: Any
try:
    _parser = import_module("re._parser")  # the parsed pattern has no public door
except ImportError:  # without it every pattern is compiled as it stands
    _parser = None

Rule = TypeVar("Rule")
Signs = frozenset[str] | None
"""Signs of which one must stand there; None where any might."""

_WIDEST = 400
"""A class of more signs (一-龥) tells nothing."""
_DIGITS = frozenset("0123456789")
_COMMON = frozenset("一不上下全在对有要人的为")
_DIGIT = re.compile("[0-9]")


def quick(pattern: str) -> re.Pattern[str]:
    """``re.compile(pattern)`` that looks first whether a match can begin with the next sign at all."""
    parsed = _parse(pattern)
    anchored, free = _part_anchored(parsed)
    first = _unite(_find_first(branch) for branch in free)
    if not first or _begins_plainly(parsed):
        return re.compile(pattern)
    ahead = f"(?=[{re.escape(''.join(sorted(first)))}])"
    return re.compile(f"(?:^|{ahead})(?:{pattern})" if anchored else f"{ahead}(?:{pattern})")


def list_signs(signs: str, behind: str = "") -> str:
    """``[年月]前`` written ``年前|月前``: alternatives that begin with plain signs are found fastest."""
    return "|".join(sign + behind for sign in signs)


class Table(Generic[Rule]):
    """Rules with a pattern each, of which :meth:`choose` gives those that can match in some words, in their order."""

    def __init__(self, rules: Iterable[tuple[str, Rule]]) -> None:
        self._rules = tuple((_list_needed(_parse(pattern)), rule) for pattern, rule in rules)
        self._signs = frozenset[str]().union(*(signs for needed, _ in self._rules for signs in needed)) - _DIGITS
        self._any = _write_guard([min(needed, key=_count_signs, default=None) for needed, _ in self._rules])
        self._choose = lru_cache(maxsize=4096)(self._list_rules)

    def can_match(self, words: str) -> bool:
        """Whether one of the signs stands there without which no rule matches."""
        return self._any is None or self._any.search(words) is not None

    def choose(self, words: str) -> tuple[Rule, ...]:
        if self._any is not None and not self._any.search(words):
            return ()
        return self._choose(self._signs.intersection(words), _DIGIT.search(words) is not None)

    def _list_rules(self, signs: frozenset[str], digit: bool) -> tuple[Rule, ...]:
        signs = signs | _DIGITS if digit else signs
        return tuple(rule for needed, rule in self._rules if not any(part.isdisjoint(signs) for part in needed))


def _begins_plainly(parsed: list[Any]) -> bool:
    """Whether the engine itself sees with which signs a match begins; it then runs to the next of them without trying,
    which is faster than looking ahead at each place."""
    if not parsed:
        return False
    op, value = str(parsed[0][0]), parsed[0][1]
    if op == "SUBPATTERN":
        return _begins_plainly([*value[3]])
    if op == "BRANCH":
        return all(branch and str(branch[0][0]) == "LITERAL" for branch in value[1])
    return op in ("LITERAL", "IN")


def _count_signs(signs: frozenset[str]) -> tuple[int, int]:
    """How little a part that holds one of the signs tells: the common ones stand in every other clause."""
    return len(signs & _COMMON), len(signs)


def _write_guard(needed: list[Signs]) -> re.Pattern[str] | None:
    """One sign of those without which no rule can match; None where a rule needs none."""
    signs = _unite(needed)
    return re.compile(f"[{re.escape(''.join(sorted(signs)))}]") if signs else None


def find_last(pattern: str) -> Signs:
    """The signs with which a match can end; None where any might, or where it may hold nothing."""
    return _find_first(_parse(pattern), back=True)


def _parse(pattern: str) -> list[Any]:
    """The parts of a pattern; none where they cannot be known, and then nothing is told of it."""
    return [*_parser.parse(pattern)] if _parser else []


def _part_anchored(parsed: list[Any]) -> tuple[bool, list[list[Any]]]:
    """Whether some of the alternatives hold at the beginning of the words alone, and those that do not."""
    if len(parsed) != 1 or str(parsed[0][0]) != "BRANCH":
        return False, [parsed]
    branches = [[*branch] for branch in parsed[0][1][1]]
    free = [branch for branch in branches if not branch or str(branch[0][1]) != "AT_BEGINNING"]
    return len(free) < len(branches), free


def _list_needed(parsed: list[Any]) -> list[frozenset[str]]:
    """For each part that no match goes without, the signs of which it holds one."""
    return [signs for op, value in parsed for signs in _need_one(str(op), value)]


def _need_one(op: str, value: Any) -> list[frozenset[str]]:
    if op == "SUBPATTERN":
        return _list_needed([*value[3]])
    if op == "ASSERT":
        return _list_needed([*value[1]])
    if op in ("MAX_REPEAT", "MIN_REPEAT"):
        return _list_needed([*value[2]]) if value[0] else []
    if op == "BRANCH":
        narrowest = (min(_list_needed([*branch]), key=_count_signs, default=None) for branch in value[1])
        signs = _unite(narrowest)
    else:
        signs = _read_sign(op, value)
    return [] if signs is None else [signs]


def _find_first(parsed: list[Any], *, back: bool = False) -> Signs:
    """The signs with which a match can begin, or going ``back`` end; None too where it may hold nothing."""
    signs, may_lack = _begin_branch(parsed, back)
    return None if may_lack else signs


def _begin_one(op: str, value: Any, back: bool) -> tuple[Signs, bool]:
    """The signs with which a part begins, and whether the part may be left out."""
    if op == "SUBPATTERN":
        return _begin_branch([*value[3]], back)
    if op in ("MAX_REPEAT", "MIN_REPEAT"):
        signs, may_lack = _begin_branch([*value[2]], back)
        return signs, may_lack or not value[0]
    if op == "BRANCH":
        parts = [_begin_branch([*branch], back) for branch in value[1]]
        return _unite(signs for signs, _ in parts), any(may_lack for _, may_lack in parts)
    return _read_sign(op, value), False


def _begin_branch(parsed: list[Any], back: bool) -> tuple[Signs, bool]:
    found: frozenset[str] = frozenset()
    for op, value in reversed(parsed) if back else parsed:
        if str(op) in ("ASSERT", "ASSERT_NOT", "AT"):
            continue
        signs, may_lack = _begin_one(str(op), value, back)
        if signs is None:
            return None, False
        found |= signs
        if not may_lack:
            return found, False
    return found, True


def _unite(parts: Iterable[Signs]) -> Signs:
    united: frozenset[str] = frozenset()
    for signs in parts:
        if signs is None:
            return None
        united |= signs
    return united


def _read_sign(op: str, value: Any) -> Signs:
    """One sign, or a class of them that is not too wide."""
    if op == "LITERAL":
        return frozenset(chr(value))
    if op != "IN":
        return None
    found: frozenset[str] = frozenset()
    for part, inner in value:
        if str(part) == "LITERAL":
            found |= {chr(inner)}
        elif str(part) == "RANGE" and inner[1] - inner[0] < _WIDEST:
            found |= {chr(code) for code in range(inner[0], inner[1] + 1)}
        elif str(part) == "CATEGORY" and str(inner) == "CATEGORY_DIGIT":
            found |= _DIGITS
        else:
            return None
    return found
