"""do: hold, give, send — records of a kind in the window, counted or summed."""

from dataclasses import replace
from fractions import Fraction

from wuzha.core.duty.kinds.measure import NO_BASE, add_up, find_goal, is_counted, list_ids, make_unknown
from wuzha.core.duty.kinds.verb import Verb
from wuzha.core.duty.model import Question, Tally


def tally_done(question: Question) -> Tally:
    duty = question.duty
    facts = [fact for fact in question.facts if fact.happened_on in question.days and is_counted(duty.narrow, fact)]
    tally = hold_done(question, add_up(facts, duty.measure))
    return tally if tally.value is None else replace(tally, records=list_ids(facts))


def hold_done(question: Question, amount: Fraction) -> Tally:
    goal = find_goal(question.duty, question.unit, question.base_on)
    return make_unknown(NO_BASE) if goal is None else Tally(amount, goal)


DO = Verb(
    name="do",
    shapes=frozenset({"event", "visit", "handout", "pledge", "posting", "count"}),
    takes=frozenset({"at_least", "every", "month_ends", "due", "by", "from", "during", "sum", "where", "for"}),
    needs=frozenset({"at_least"}),
    tally=tally_done,
    hold=hold_done,
)
