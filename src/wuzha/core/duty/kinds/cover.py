"""cover: reach a population — distinct subjects, or heads where no subject is named, out of the dated denominator."""

from fractions import Fraction
from math import ceil

from wuzha.core.duty.kinds.measure import NO_BASE, add_up, is_counted, list_ids, make_unknown
from wuzha.core.duty.kinds.verb import Verb
from wuzha.core.duty.model import Question, Tally

# The population a plan names and the attribute of a unit that counts it.
BASES = {
    "household": "households",
    "resident": "population",
    "student": "students",
    "staff": "staff",
    "outlet": "outlets",
    "venue": "venues",
}


def tally_covered(question: Question) -> Tally:
    """``value`` is heads reached, never more than there are, ``of`` how many there are, ``goal`` how many to reach."""
    duty, day = question.duty, question.days.last_day
    facts = [fact for fact in question.facts if fact.happened_on in question.days and is_counted(duty.narrow, fact)]
    base = question.unit.find_attribute(find_base_name(question), day)
    if base is None or duty.target is None:
        return make_unknown(NO_BASE)
    named = {fact.subject for fact in facts if fact.subject}
    heads = len(named) + add_up((fact for fact in facts if not fact.subject), duty.measure)
    goal = Fraction(ceil(duty.target.amount * base.value)) if duty.target.share else duty.target.amount
    return Tally(min(heads, base.value), goal, of=base.value, records=list_ids(facts))


def find_base_name(question: Question) -> str:
    duty = question.duty
    return (duty.target.of if duty.target else "") or BASES.get(duty.object, "")


COVER = Verb(
    name="cover",
    shapes=frozenset(),
    takes=frozenset(
        {"at_least", "every", "month_ends", "due", "by", "from", "during", "through", "sum", "where", "for"}
    ),
    needs=frozenset({"at_least"}),
    tally=tally_covered,
    feeds="population",
)
