"""The columns of the monthly table: what stands in their heads, where their figures come from and what they count.

They are data, ``monthly.yaml``; a county's own table is another such file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

ColumnSource = Literal["computed", "typed", "imported", "signed"]
Span = Literal["month", "year", "last_month", "last_year"]
# More than this nobody is asked to type for one table.
MOST_TYPED = 3


@dataclass(frozen=True, slots=True)
class OfAttribute:
    """A dated figure of the unit itself, on the last day."""

    name: str


@dataclass(frozen=True, slots=True)
class OfRecords:
    """What records of these kinds add up to in a stretch of days. ``audience`` as a duty's ``for``; empty is any.

    ``home``: what units of these kinds hold counts as well, unless its audience has one of the words ``elsewhere``.
    """

    kinds: tuple[str, ...]
    field: str = ""
    span: Span = "month"
    audience: tuple[str, ...] = ()
    home: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()

    def takes(self, audience: str) -> bool:
        """Whether an event of a unit at home here, for that audience, counts here."""
        return any(word in audience for word in self.audience) or not any(word in audience for word in self.elsewhere)


@dataclass(frozen=True, slots=True)
class OfSites:
    """What of these kinds stands on the last day."""

    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfCover:
    """How much of a population was reached since the start."""

    population: str


@dataclass(frozen=True, slots=True)
class OfRegister:
    """The files of a register that want a check in the month, or those of them that were checked."""

    kind: str
    tells: Literal["wanted", "checked"]


@dataclass(frozen=True, slots=True)
class OfStanding:
    """The plan's obligations: those that have opened, or those that are met. Without ``kinds`` of all duties."""

    tells: Literal["expected", "met"]
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfTitles:
    """The steps that the office's titles took in a stretch of days: applications, or awards without renewals."""

    tells: Literal["applied", "awarded"]
    span: Span = "month"


@dataclass(frozen=True, slots=True)
class ShareOf:
    """One column over another, ``per`` so many: of 100 it is per cent."""

    top: str
    base: str
    per: Fraction


@dataclass(frozen=True, slots=True)
class ChangeOf:
    """One column against an earlier one: ``now / then - 1``; ``measure`` is what both are counted in."""

    now: str
    then: str
    measure: str = ""


Counts = OfAttribute | OfRecords | OfSites | OfCover | OfRegister | OfStanding | OfTitles
Derived = ShareOf | ChangeOf


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``counts`` is none for what is typed or imported; ``longest`` is 0 for a number."""

    code: str
    title: str
    title_en: str
    group: str
    group_en: str
    source: ColumnSource
    says: str
    says_en: str
    measure: str = ""
    measure_en: str = ""
    counts: Counts | Derived | None = None
    longest: int = 0

    @property
    def is_text(self) -> bool:
        return self.longest > 0

    @property
    def is_derived(self) -> bool:
        return isinstance(self.counts, Derived)

    @property
    def adds_up(self) -> bool:
        """Whether the figure of a town is the sum of its rows."""
        return not (self.is_text or self.is_derived)


Columns = Mapping[str, Column]


def list_named(column: Column) -> tuple[str, ...]:
    """The other columns that this one is made of."""
    match column.counts:
        case ShareOf(top=top, base=base):
            return top, base
        case ChangeOf(now=now, then=then):
            return now, then
        case _:
            return ()


def list_kinds(column: Column) -> tuple[str, ...]:
    """The record kinds that it names itself."""
    match column.counts:
        case OfRecords(kinds=kinds) | OfSites(kinds=kinds) | OfStanding(kinds=kinds):
            return kinds
        case OfRegister(kind=kind):
            return (kind,)
        case _:
            return ()
