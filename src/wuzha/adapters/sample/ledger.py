"""The records of the sample county: about the last year's, exactly as many as asked, on whatever day it starts."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType

from wuzha.adapters.sample.body import (
    write_bank,
    write_clinic,
    write_department,
    write_hotel,
    write_school,
    write_station,
)
from wuzha.adapters.sample.book import Book, Writer, make_writer
from wuzha.adapters.sample.county import SEED, find_story_year, make_tree
from wuzha.adapters.sample.town import write_town
from wuzha.adapters.sample.village import write_grid, write_village
from wuzha.core.ledger.record import Record

COUNT = 100_000

Write = Callable[[Book, Writer], None]
WORK: Mapping[str, Write] = MappingProxyType(
    {
        "town": write_town,
        "village": write_village,
        "community": write_village,
        "grid": write_grid,
        "school": write_school,
        "bank": write_bank,
        "hotel": write_hotel,
        "clinic": write_clinic,
        "station": write_station,
        "department": write_department,
    }
)
"""What each kind of unit writes. The county itself writes nothing: its figures come from below."""


def make_records(*, today: date, now: datetime, count: int = COUNT) -> list[Record]:
    """The ``count`` latest records as known at ``now``, oldest first; the same for the same arguments.

    What stands, what is on the register and what is compared with the year before is kept however far back it lies.
    """
    book = Book(today, now)
    for unit in make_tree(find_story_year(today)).units:
        if unit.kind in WORK:
            WORK[unit.kind](book, make_writer(SEED, unit))
    return book.take(count)
