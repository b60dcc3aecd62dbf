"""do: hold, give, send — records of a kind in the window, counted or summed."""

from wuzha.core.duty.kinds.measure import NO_BASE, add_up, find_goal, is_counted, list_ids, make_unknown
from wuzha.core.duty.kinds.verb import Verb
from wuzha.core.duty.model import Question, Tally


def tally_done(question: Question) -> Tally:
    duty = question.duty
    facts = [fact for fact in question.facts if fact.happened_on in question.days and is_counted(duty.narrow, fact)]
    goal = find_goal(duty, question.unit, question.base_on)
    if goal is None:
        return make_unknown(NO_BASE)
    return Tally(add_up(facts, duty.measure), goal, records=list_ids(facts))


DO = Verb(
    name="do",
    shapes=frozenset({"event", "visit", "handout", "pledge", "posting", "count"}),
    takes=frozenset({"at_least", "every", "month_ends", "due", "by", "from", "during", "sum", "where", "for"}),
    needs=frozenset({"at_least"}),
    tally=tally_done,
)
