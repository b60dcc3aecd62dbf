"""What an engine gives: two amounts for each duty, bearing unit and window in which there is anything to count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np

from wuzha.adapters.columns.ledger import HUNDRED, Ints
from wuzha.adapters.columns.tables import HUNDREDTHS, Demand, Tables

COLUMNS = ("duty", "unit", "win", "now", "at_due")


@dataclass(frozen=True, slots=True)
class Counted:
    """Arrays of equal length: the numbers of duty, bearer and window in the tables; what was counted by the day asked
    about, and of that by the due day. Areas and money are in hundredths. What is not named is nothing."""

    duty: Ints
    unit: Ints
    win: Ints
    now: Ints
    at_due: Ints


def make_counted(rows: Iterable[tuple[int, ...]]) -> Counted:
    """From rows in the order of :data:`COLUMNS`."""
    table = np.array([[int(value) for value in row] for row in rows], dtype=np.int64).reshape(-1, len(COLUMNS))
    return Counted(*(np.ascontiguousarray(column) for column in table.T))


def index_amounts(
    counted: Counted, demand: Demand, tables: Tables
) -> Mapping[str, Mapping[date, tuple[Fraction, Fraction]]]:
    """The amounts of one duty by the bearer's code and the window's opening day."""
    scale = HUNDRED if demand.duty.verb != "file" and demand.duty.measure in HUNDREDTHS else 1
    mine = counted.duty == demand.number
    found: dict[str, dict[date, tuple[Fraction, Fraction]]] = {}
    columns = (column[mine].tolist() for column in (counted.unit, counted.win, counted.now, counted.at_due))
    for unit, win, now, at_due in zip(*columns, strict=True):
        amounts = Fraction(now, scale), Fraction(at_due, scale)
        found.setdefault(tables.codes[unit], {})[demand.windows[win].opens] = amounts
    return found
