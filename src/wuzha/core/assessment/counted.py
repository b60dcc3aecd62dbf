"""What was counted elsewhere, held against what is owed: the waist between engines that count and what decides."""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction

from wuzha.core.assessment.assess import NOTHING, ask, decide, is_asked
from wuzha.core.assessment.model import Obligation, Standing
from wuzha.core.assessment.obligations import expand_obligations
from wuzha.core.base.unit import Unit
from wuzha.core.base.windows import Window
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.model import Duty, Tally

# By a window's opening day: what was counted by the day asked about, and by the due day if that came before it.
Amounts = Mapping[date, tuple[Fraction, Fraction]]
NONE = (Fraction(0), Fraction(0))


def stand_counted_unit(
    duty: Duty, unit: Unit, windows: tuple[Window, ...], amounts: Amounts, as_of: date
) -> Iterator[Standing]:
    """One unit's standings in one duty from what was counted; where nothing is named, nothing was."""
    for obligation in expand_obligations(duty, unit, windows):
        yield stand_counted(duty, unit, obligation, amounts.get(obligation.window.opens, NONE), as_of)


def stand_counted(
    duty: Duty, unit: Unit, obligation: Obligation, amounts: tuple[Fraction, Fraction], as_of: date
) -> Standing:
    """The standing that follows from two amounts. The tally names no records: who counted knows them."""
    if not is_asked(duty, obligation, as_of):
        return decide(duty, obligation, NOTHING, NOTHING, as_of)
    now = hold(duty, unit, obligation, amounts[0], as_of)
    at_due = now if as_of <= obligation.due_on else hold(duty, unit, obligation, amounts[1], obligation.due_on)
    return decide(duty, obligation, now, at_due, as_of)


def is_one_amount(duty: Duty) -> bool:
    """Whether the facts of the duty come down to one amount that can be counted elsewhere."""
    return VERBS[duty.verb].hold is not None


def hold(duty: Duty, unit: Unit, obligation: Obligation, amount: Fraction, day: date) -> Tally:
    """The tally of that amount at the end of that day. Raises ``ValueError`` for a verb that needs its facts."""
    verb = VERBS[duty.verb]
    if verb.hold is None:
        raise ValueError(f"{verb.name} is counted from its facts alone")
    return verb.hold(ask(duty, unit, obligation, day), amount)
