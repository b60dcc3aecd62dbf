"""What one record of a kind costs, in minutes: dated figures, so that an old day keeps its old figure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Protocol

from wuzha.core.base.unit import EARLIEST

MOST = 7 * 24 * 60
"""A record cannot cost more than a week has minutes."""


class CostedKind(Protocol):
    """What of a record kind its cost hangs on. ``minutes`` is the estimate that comes with the kind."""

    @property
    def shape(self) -> str: ...
    @property
    def counts(self) -> str: ...
    @property
    def minutes(self) -> int: ...


CostedKinds = Mapping[str, CostedKind]


@dataclass(frozen=True, slots=True)
class MinuteFigure:
    """Minutes a record, good from ``valid_from`` until a later one. ``reason`` is empty for the built-in estimate."""

    minutes: int
    valid_from: date = EARLIEST
    reason: str = ""


Minutes = Mapping[str, tuple[MinuteFigure, ...]]


def make_minutes(kinds: CostedKinds, own: Iterable[tuple[str, MinuteFigure]] = ()) -> Minutes:
    """Every kind's figures: the built-in one first, then the county's own in the order in which they were entered."""
    found = {code: [MinuteFigure(kind.minutes)] for code, kind in kinds.items()}
    for code, figure in own:
        found.setdefault(code, []).append(figure)
    return MappingProxyType({code: tuple(figures) for code, figures in found.items()})


def find_minutes(minutes: Minutes, kind: str, day: date) -> MinuteFigure | None:
    """The figure in force on that day; of two from the same day the one entered later. None for an unknown kind."""
    found: MinuteFigure | None = None
    for figure in minutes.get(kind, ()):
        if figure.valid_from <= day and (found is None or figure.valid_from >= found.valid_from):
            found = figure
    return found
