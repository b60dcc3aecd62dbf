"""file: hand in a document — the first submission in the window counts, and it is late after the due day."""

from fractions import Fraction

from wuzha.core.duty.kinds.measure import list_ids
from wuzha.core.duty.kinds.verb import Verb
from wuzha.core.duty.model import Question, Tally


def tally_filed(question: Question) -> Tally:
    filed = sorted((fact for fact in question.facts if fact.happened_on in question.days), key=lambda f: f.happened_on)
    return Tally(Fraction(min(1, len(filed))), Fraction(1), records=list_ids(filed[:1]))


FILE = Verb(
    name="file",
    shapes=frozenset({"filing"}),
    takes=frozenset({"every", "month_ends", "due", "by", "from", "during"}),
    needs=frozenset(),
    tally=tally_filed,
)
