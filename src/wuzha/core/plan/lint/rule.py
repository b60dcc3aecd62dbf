"""A rule by which a plan is held against higher rules (合规体检), and what it finds. They stand in plan/lint.yaml."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from wuzha.core.base.unit import EARLIEST, LATEST
from wuzha.core.plan.reading import Span

Level = Literal["error", "warning", "note"]
LEVELS: tuple[Level, ...] = ("error", "warning", "note")
CHECKS = frozenset({"", "length", "duplicates", "sample", "share", "base", "identity", "phone", "account"})
"""What a rule may have counted in code instead of sought by patterns."""


@dataclass(frozen=True, slots=True)
class Basis:
    """A law or a rule of the state, with the article cited. In force on ``opens_on`` and until before ``closes_on``."""

    name: str
    name_en: str
    number: str = ""
    article: str = ""
    opens_on: date = EARLIEST
    closes_on: date = LATEST

    def holds_on(self, day: date) -> bool:
        return self.opens_on <= day < self.closes_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. Without any basis it is a proposal of this project, and must be shown as one.

    ``finds`` are tried on a sentence in half-width signs without blanks that holds one of ``touches``; ``where_in`` and
    ``where_issuer`` narrow it: where one is given, one must match. A plan that a rule ``blocks`` should not be issued.
    """

    code: str
    title: str
    title_en: str
    level: Level
    why: str
    why_en: str
    wording: str
    wording_en: str
    looks_for: str
    bases: tuple[Basis, ...] = ()
    blocks: bool = False
    once: bool = False
    check: str = ""
    object: str = ""
    touches: tuple[str, ...] = ()
    finds: tuple[re.Pattern[str], ...] = ()
    unless: tuple[re.Pattern[str], ...] = ()
    where_in: re.Pattern[str] | None = None
    where_issuer: re.Pattern[str] | None = None

    @property
    def is_proposal(self) -> bool:
        return not self.bases

    def list_bases(self, day: date) -> tuple[Basis, ...]:
        """What it rests on that day."""
        return tuple(basis for basis in self.bases if basis.holds_on(day))

    def applies_on(self, day: date) -> bool:
        return self.is_proposal or bool(self.list_bases(day))


Rules = Mapping[str, Rule]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One place in a plan that meets a rule.

    ``span`` is half-open in characters of the document's text, None for the document as a whole and for a plan without
    a document. ``words`` are what stands there, personal data masked. ``demands`` are ids of demands of the reading or
    of duties of the plan. ``params`` fill the rule's sentences.
    """

    code: str
    level: Level
    words: str = ""
    span: Span | None = None
    clause: str = ""
    demands: tuple[str, ...] = ()
    params: tuple[tuple[str, str], ...] = ()

    @property
    def values(self) -> dict[str, str]:
        return dict(self.params)


def choose_day(first: date | None, last: date | None, today: date) -> date:
    """The day of a plan's validity nearest to today: the rules of that day hold for it.

    A coming plan meets the rules of its first day, one in force those of today, an ended one those of its last day.
    """
    day = max(today, first) if first else today
    return min(day, last) if last else day
