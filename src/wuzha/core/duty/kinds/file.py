"""file: hand in a document — the first submission in the window counts, and it is late after the due day."""

from dataclasses import replace
from fractions import Fraction

from wuzha.core.duty.kinds.measure import list_ids, order_by_time
from wuzha.core.duty.kinds.verb import Verb
from wuzha.core.duty.model import Question, Tally


def tally_filed(question: Question) -> Tally:
    filed = sorted((fact for fact in question.facts if fact.happened_on in question.days), key=order_by_time)
    return replace(hold_filed(question, Fraction(len(filed))), records=list_ids(filed[:1]))


def hold_filed(question: Question, amount: Fraction) -> Tally:
    return Tally(min(Fraction(1), amount), Fraction(1))


FILE = Verb(
    name="file",
    shapes=frozenset({"filing"}),
    takes=frozenset({"every", "month_ends", "due", "by", "from", "during"}),
    needs=frozenset(),
    tally=tally_filed,
    hold=hold_filed,
)
