"""Facts added up day by day: no more than there are days, with the same tallies.

A county bears duties that every village's records serve. To ask the specification of half a million facts takes
seconds; of what they come to on each day it takes none, and its answer is the same, but for the ids behind it.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import numpy as np

from wuzha.adapters.columns.dense import Ledger
from wuzha.adapters.columns.ledger import HUNDRED, Columns, Ints
from wuzha.core.base.unit import Unit
from wuzha.core.duty.model import Duty
from wuzha.core.ledger.row import Row

# Stands for the day on which somebody opens who is not there.
NOBODY = 1 << 40


def adds_up(duty: Duty) -> bool:
    """Whether the tally of the duty is the sum of what its facts come to day by day.

    A subject is reached once in a window, so that days add up only where the duty has a single one.
    """
    return duty.verb == "do" or (duty.verb == "cover" and duty.rhythm is None)


def add_up_days(duty: Duty, columns: Columns, bearers: Mapping[str, Unit]) -> list[Row]:
    """A fact for each unit and day, of those facts in the columns that the duty lets count.

    ``columns`` hold facts in effect in the order of their days; of a population none from before the duty's window.
    ``bearers`` names whom a unit's facts credit on every day; theirs are put together, all others stay with their unit.
    """
    ledger = Ledger(columns, date.max, {text: number for number, text in enumerate(columns.texts)}, (duty.narrow,))
    rows = np.flatnonzero(ledger.fits[duty.narrow])
    alone = np.zeros(0, np.int64)
    if duty.verb == "cover":
        rows, alone = _part(columns, rows, bearers)
    amounts = ledger.read_amount(duty.measure)[rows]
    if duty.verb == "cover":
        amounts = np.where(columns.codes["subject"][rows] > 0, _find_first(columns, rows), amounts)
    names, credited = _name_credited(columns, bearers)
    whose = credited[columns.codes["unit"][rows]]
    keys = np.stack((whose, columns.happened_on[rows]))
    _, first, group = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    sums = np.zeros(len(first), np.int64)
    np.add.at(sums, group.ravel(), amounts)
    found = columns.list_rows(rows[first].tolist())
    units = [names[number] for number in whose[first].tolist()]
    added = [_write(row, unit, duty.measure, sum_) for row, unit, sum_ in zip(found, units, sums.tolist(), strict=True)]
    return [*added, *columns.list_rows(alone.tolist())]


def _part(columns: Columns, rows: Ints, bearers: Mapping[str, Unit]) -> tuple[Ints, Ints]:
    """The facts that can be put together, and those that must stand alone.

    A subject is reached when it is first reached for the bearer. So facts from outside the bearer's own days are left
    out, which count for nobody; and where the bearer of a unit changed, each fact is asked about by itself.
    """
    lives = [_find_life(bearers.get(text)) for text in columns.texts]
    opens, closes = (np.array(days, np.int64)[columns.codes["unit"][rows]] for days in zip(*lives, strict=True))
    day = columns.happened_on[rows]
    return rows[(opens <= day) & (day < closes)], rows[opens == NOBODY]


def _find_life(bearer: Unit | None) -> tuple[int, int]:
    return (NOBODY, 0) if bearer is None else (bearer.opens_on.toordinal(), bearer.closes_on.toordinal())


def _find_first(columns: Columns, rows: Ints) -> Ints:
    """1 for the first fact of each subject, whose number is its unit's own, 0 for every later one."""
    keys = np.stack((columns.codes["unit"][rows], columns.codes["subject"][rows]))
    _, first = np.unique(keys, axis=1, return_index=True)
    found = np.zeros(len(rows), np.int64)
    found[first] = 1
    return found


def _name_credited(columns: Columns, bearers: Mapping[str, Unit]) -> tuple[tuple[str, ...], Ints]:
    """Whom a unit's facts go to, by the number of the unit's text: the bearer's place among the names, or its own."""
    places: dict[str, int] = {}
    codes = (bearers[text].code if text in bearers else text for text in columns.texts)
    credited = [places.setdefault(code, len(places)) for code in codes]
    return tuple(places), np.array(credited, np.int64)


def _write(row: Row, unit: str, measure: str, total: int) -> Row:
    """The first of the day's facts, with what all of them come to."""
    row = row._replace(unit=unit, subject="")
    match measure:
        case "people" | "heads":
            return row._replace(people=total)
        case "area_m2":
            return row._replace(area_m2=Fraction(total, HUNDRED))
        case "loss_yuan":
            return row._replace(loss_yuan=Fraction(total, HUNDRED))
        case _:
            return row._replace(quantity=total)
