"""A record as the counting of many records wants it: a plain row, quickly made."""

from datetime import date
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID


class Row(NamedTuple):
    """A record as far as a duty can count it: a :class:`wuzha.core.duty.model.Fact`.

    ``unit`` is the code of the unit that made it.
    """

    id: UUID
    unit: str
    kind: str
    happened_on: date
    quantity: int
    people: int | None
    subject: str
    area_m2: Fraction | None
    at_m: int | None
    change: str
    grade: str
    place: str
    audience: str
    loss_yuan: Fraction | None
