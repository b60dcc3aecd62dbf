"""Which records count for which cell: found in arrays, so that every figure can name what it is the sum of."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wuzha.adapters.columns.ledger import Ints
from wuzha.adapters.columns.tables import AUDIENCE, PLACE, Demand, Tables, read_ints


@dataclass(frozen=True, slots=True)
class Hits:
    """Arrays of equal length, in the order of time: the record's row, the bearer it counts for, the window, and whether
    it came in time (1 or 0)."""

    record: Ints
    bearer: Ints
    win: Ints
    in_time: Ints


def find_hits(tables: Tables, demand: Demand) -> Hits:
    """The records in effect that count for the demand, each with where it counts."""
    own = {name: int(read_ints(tables.duty, name)[demand.number]) for name in ("bearers", "calendar")}
    numbers = np.flatnonzero(_find_counting(tables, demand))
    days = tables.columns.happened_on[numbers]
    opened = np.flatnonzero(tables.day["calendar"] == own["calendar"])
    at = np.searchsorted(tables.day["day"][opened], days)
    inside = at < len(opened)
    inside[inside] = tables.day["day"][opened[at[inside]]] == days[inside]
    numbers, window = numbers[inside], opened[at[inside]]
    rows, credit = _match_credit(tables, own["bearers"], numbers)
    windows = window[rows]
    return Hits(
        numbers[rows],
        read_ints(tables.credit, "bearer")[credit],
        read_ints(tables.day, "win")[windows],
        read_ints(tables.day, "in_time")[windows],
    )


def _find_counting(tables: Tables, demand: Demand) -> NDArray[np.bool_]:
    columns, duty = tables.columns, tables.duty
    kinds = tables.feed["kind"][tables.feed["duty"] == demand.number]
    counting = columns.in_effect & np.isin(columns.codes["kind"], kinds)
    grade = read_ints(duty, "grade")[demand.number]
    if grade >= 0:
        counting &= columns.codes["grade"] == grade
    for number, field in ((PLACE, "place"), (AUDIENCE, "audience")):
        if duty[field][demand.number]:
            counting &= _fits(tables, demand.number, number)[columns.codes[field]]
    return counting


def _fits(tables: Tables, duty: int, field: int) -> NDArray[np.bool_]:
    """For each text, whether a word that the duty wants in that field stands in it."""
    chosen = (tables.word["duty"] == duty) & (tables.word["field"] == field)
    words = [tables.word["word"][number] for number in np.flatnonzero(chosen)]
    return np.array([any(word in text for word in words) for text in tables.columns.texts], dtype=np.bool_)


def _match_credit(tables: Tables, group: int, numbers: Ints) -> tuple[Ints, Ints]:
    """For each record and each row of ``credit`` that makes it somebody's: the place among ``numbers``, the row."""
    mine = np.flatnonzero(tables.credit["bearers"] == group)
    mine = mine[np.argsort(tables.credit["unit"][mine], kind="stable")]
    units = tables.record["unit"][numbers]
    first, last = (np.searchsorted(tables.credit["unit"][mine], units, side=side) for side in ("left", "right"))
    rows = np.repeat(np.arange(len(numbers)), last - first)
    starts = np.repeat(np.cumsum(last - first) - (last - first), last - first)
    credit = mine[np.repeat(first, last - first) + np.arange(len(rows)) - starts]
    days = tables.columns.happened_on[numbers][rows]
    held = (tables.credit["opens"][credit] <= days) & (days < tables.credit["closes"][credit])
    return rows[held], credit[held]
