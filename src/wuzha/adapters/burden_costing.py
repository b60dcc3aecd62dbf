"""What a burden is reckoned with: the built-in record kinds, minutes, and which records count for a duty."""

from datetime import date

from wuzha.adapters.kinds import load_kinds
from wuzha.core.duty.model import Duty
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.core.ledger.record import Kinds
from wuzha.core.plan.burden.load import Costing, Registers
from wuzha.core.plan.burden.minutes import Minutes


def find_feeding_kinds(duty: Duty) -> frozenset[str]:
    """The kinds of record that count for the duty."""
    return list_feeding_kinds(duty, load_kinds())


def make_costing(
    minutes: Minutes, day: date, registers: Registers | None = None, kinds: Kinds | None = None
) -> Costing:
    """``kinds`` are those that come with the package unless others are given."""
    known = load_kinds() if kinds is None else kinds
    return Costing(known, minutes, lambda duty: list_feeding_kinds(duty, known), day, registers or {})
