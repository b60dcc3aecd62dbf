"""cover: reach a population — distinct subjects, or heads where no subject is named, out of the dated denominator."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import ceil
from types import MappingProxyType

from wuzha.core.base.unit import Unit
from wuzha.core.duty.kinds.measure import NO_BASE, add_up, is_counted, list_ids, make_unknown
from wuzha.core.duty.kinds.verb import Verb
from wuzha.core.duty.model import Duty, Question, Tally

# The population a plan names and the attribute of a unit that counts it.
BASES: Mapping[str, str] = MappingProxyType(
    {
        "household": "households",
        "resident": "population",
        "student": "students",
        "staff": "staff",
        "outlet": "outlets",
        "venue": "venues",
    }
)


# Populations of people: what reaches them is counted in heads. Households, outlets and venues are counted as such.
PERSONS = frozenset({"resident", "student", "staff"})


def tally_covered(question: Question) -> Tally:
    """``value`` is heads reached, never more than there are, ``of`` how many there are, ``goal`` how many to reach.

    A number is the recording unit's own: household 3 of one village is not household 3 of the next, although both count
    for the town above them.
    """
    duty = question.duty
    facts = [fact for fact in question.facts if fact.happened_on in question.days and is_counted(duty.narrow, fact)]
    named = {(fact.unit, fact.subject) for fact in facts if fact.subject}
    heads = len(named) + add_up((fact for fact in facts if not fact.subject), duty.measure)
    return replace(hold_reached(question, heads), records=list_ids(facts))


def hold_reached(question: Question, heads: Fraction) -> Tally:
    return make_head_tally(question.duty, question.unit, question.base_on, heads)


def make_head_tally(duty: Duty, unit: Unit, day: date, heads: Fraction) -> Tally:
    """The tally of so many heads, of as many as there are on that day; unknown when nobody knows how many."""
    base = unit.find_attribute(find_base_name(duty), day)
    if base is None or duty.target is None:
        return make_unknown(NO_BASE)
    goal = Fraction(ceil(duty.target.amount * base.value)) if duty.target.share else duty.target.amount
    return Tally(min(heads, base.value), goal, of=base.value)


def find_base_name(duty: Duty) -> str:
    return (duty.target.of if duty.target else "") or BASES.get(duty.object, "")


COVER = Verb(
    name="cover",
    shapes=frozenset(),
    takes=frozenset(
        {"at_least", "every", "month_ends", "due", "by", "from", "during", "through", "sum", "where", "for"}
    ),
    needs=frozenset({"at_least"}),
    tally=tally_covered,
    hold=hold_reached,
    feeds="population",
)
