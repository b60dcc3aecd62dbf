"""What a burden is reckoned with: the built-in record kinds, minutes, and which records count for a duty."""

from datetime import date

from wuzha.adapters.kinds import load_kinds
from wuzha.core.duty.model import Duty
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.core.plan.burden.load import Costing, Registers
from wuzha.core.plan.burden.minutes import Minutes


def find_feeding_kinds(duty: Duty) -> frozenset[str]:
    """The kinds of record that count for the duty."""
    return list_feeding_kinds(duty, load_kinds())


def make_costing(minutes: Minutes, day: date, registers: Registers | None = None) -> Costing:
    return Costing(load_kinds(), minutes, find_feeding_kinds, day, registers or {})
