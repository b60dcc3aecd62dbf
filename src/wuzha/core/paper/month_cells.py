"""The figures of one unit: what the specification's own tallies say, column by column.

Each column that counts records is a duty without a demand. So nothing is counted here: who is credited, what voids a
record, what stands and what is unknown are as :mod:`wuzha.core.assessment` has them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from wuzha.core.assessment.assess import NO_STAYS, Past, end_stays
from wuzha.core.assessment.certainty import Certainty, find_certainty
from wuzha.core.assessment.model import Totals
from wuzha.core.base.interval import DAY, Interval
from wuzha.core.base.unit import Unit
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.kinds.attain import find_base_days
from wuzha.core.duty.kinds.check import list_wanted
from wuzha.core.duty.kinds.measure import list_ids
from wuzha.core.duty.model import Duty, Fact, Narrow, Question, Tally, Target, Who
from wuzha.core.ledger.credit import Crediting, give_credit, list_feeding_kinds
from wuzha.core.paper.column import (
    ChangeOf,
    Column,
    Columns,
    Counts,
    OfAttribute,
    OfCover,
    OfRecords,
    OfRegister,
    OfSites,
    OfStanding,
    OfTitles,
    ShareOf,
)
from wuzha.core.paper.month import Cell, Entries, MonthlyQuestion, MonthlyRow, State
from wuzha.core.paper.month_rows import fold_standings, is_closed, list_life, trace_rows

ALL = Who(kind=("all",))
ANY = Target("at_least", Fraction(0))
WHOLE = Target("at_least", Fraction(1), share=True)
NOT_THERE, NOT_ASKED, NO_FIGURE = "not-there", "not-asked", "no-figure"
NOT_IMPORTED, NOT_TYPED, NOTHING_OWED = "not-imported", "not-typed", "nothing-owed"
NO_REGISTER, NO_TITLES = "no-register", "no-titles"
AGAINST: Mapping[str, str] = MappingProxyType({"last_month": "last_period", "last_year": "last_year"})
NONE = Cell(State.NONE)
NO_PAST = Past((), ())
Tallied = OfRecords | OfSites | OfCover | OfRegister


@dataclass(frozen=True)
class Ledger:
    """The facts in effect, given to the lines that they belong to; each way of giving them is done once."""

    question: MonthlyQuestion
    crediting: Crediting
    by_kind: Mapping[str, Sequence[Fact]]
    _asks: dict[Counts, "Ask"] = field(default_factory=dict)
    _credited: dict[object, Mapping[str, list[Fact]]] = field(default_factory=dict)
    _nothing: dict[int, Tally] = field(default_factory=dict)
    _pasts: dict[object, Past] = field(default_factory=dict)

    @classmethod
    def of(cls, question: MonthlyQuestion, facts: Iterable[Fact]) -> "Ledger":
        by_kind: dict[str, list[Fact]] = {}
        for fact in facts:
            if fact.happened_on <= question.day:
                by_kind.setdefault(fact.kind, []).append(fact)
        return cls(question, trace_rows(question), by_kind)

    def open_ask(self, counts: Counts) -> "Ask":
        if counts not in self._asks:
            self._asks[counts] = Ask.of(counts, self.question)
        return self._asks[counts]

    def tally_nothing(self, ask: "Ask", unit: Unit, days: Interval) -> Tally:
        if id(ask) not in self._nothing:
            asked = Question(ask.plain, unit, days, (), days, days.last_day)
            self._nothing[id(ask)] = VERBS[ask.plain.verb].tally(asked)
        return self._nothing[id(ask)]

    def open_past(self, ask: "Ask", code: str) -> Past:
        """The facts that can feed the duty, of one line."""
        duty, kinds = ask.duty, ask.kinds
        asked = kinds, duty.verb
        if asked not in self._credited:
            facts = (fact for kind in sorted(kinds) for fact in self.by_kind.get(kind, ()))
            self._credited[asked] = give_credit(duty, self.crediting, facts)
        found = self._credited[asked].get(code, [])
        if not found:
            return NO_PAST
        if (asked, code) not in self._pasts:
            stays = end_stays(duty, self.question.tree, found, self.crediting.stays.get(code, NO_STAYS))
            self._pasts[asked, code] = Past.of(duty, found, stays)
        return self._pasts[asked, code]


@dataclass(frozen=True, slots=True)
class Ask:
    """A column as a duty. ``plain`` is what is tallied: of what must be told the duty without the earlier period.

    ``is_told``: somebody must report a figure, so that silence is not 0. ``stands``: it asks what is there on the day.
    """

    duty: Duty
    plain: Duty
    kinds: frozenset[str]
    is_told: bool
    stands: bool

    @classmethod
    def of(cls, counts: Counts, question: MonthlyQuestion) -> "Ask":
        duty = make_duty(counts, question)
        is_told = duty.verb == "attain"
        plain = replace(duty, target=ANY) if is_told else duty
        stands = VERBS[duty.verb].stands(duty) and not is_told
        return cls(duty, plain, list_feeding_kinds(duty, question.kinds), is_told, stands)


def list_fed_kinds(columns: Columns, question: MonthlyQuestion) -> frozenset[str]:
    """The record kinds that any of the columns counts."""
    counted = (one.counts for one in columns.values())
    return frozenset[str]().union(*(Ask.of(one, question).kinds for one in counted if isinstance(one, Tallied)))


def make_duty(counts: Counts, question: MonthlyQuestion) -> Duty:
    """The duty whose tally the column shows. Raises ValueError for a column that no duty could ask for."""
    valid = Interval(min(question.since, question.month.opens), question.month.closes)
    plain = Duty("column", "do", "", ALL, valid, rhythm=question.rhythm, target=ANY)
    match counts:
        case OfRecords(kinds=kinds, field=measure, audience=audience):
            first = question.kinds[kinds[0]]
            told = replace(
                plain, object=kinds[0], also=kinds[1:], measure=measure or first.counts, narrow=Narrow((), audience)
            )
            # Held against an earlier period a count is of one ground: who belongs to the unit on the last day.
            ground = replace(told, verb="attain", target=replace(ANY, against="last_year"))
            return ground if first.shape == "count" else told
        case OfSites(kinds=kinds):
            return replace(plain, verb="keep", object=kinds[0], also=kinds[1:], measure="quantity", rhythm=None)
        case OfCover(population=population):
            return replace(plain, verb="cover", object=population, target=WHOLE, rhythm=None)
        case OfRegister(kind=kind):
            return replace(plain, verb="check", object=kind, target=None)
        case _:
            raise ValueError(f"no duty counts {counts}")


def make_cell(column: Column, row: MonthlyRow, ledger: Ledger, entries: Entries) -> Cell:
    """What the column says of the unit, without what is made of other columns."""
    question, counts = ledger.question, column.counts
    match counts:
        case None:
            return read_entry(column, row, entries)
        case OfAttribute(name=name):
            return _read_attribute(name, row, question.day)
        case OfStanding():
            return _read_standing(counts, row, entries, question)
        case OfTitles():
            return _count_titles(counts, row, entries, question)
        case OfRecords() | OfSites() | OfCover() | OfRegister():
            return _count(counts, row, ledger)
        case _:
            return NONE


def read_entry(column: Column, row: MonthlyRow, entries: Entries) -> Cell:
    """What was typed or imported. Words that nobody wrote are no gap; a number that nobody gave is."""
    sources = {"typed": entries.typed, "signed": entries.signed, "imported": entries.imported}
    entry = sources[column.source].get((row.unit.code, column.code))
    if isinstance(entry, str) and column.is_text:
        return Cell(State.KNOWN, text=entry[: column.longest]) if entry else NONE
    if isinstance(entry, Fraction | int):
        return Cell(State.KNOWN, Fraction(entry))
    if column.is_text:
        return NONE
    reason = NOT_TYPED if column.source == "typed" else NOT_IMPORTED
    return Cell(State.UNKNOWN if row.has_base else State.NONE, reason=reason)


def _read_attribute(name: str, row: MonthlyRow, day: date) -> Cell:
    if not row.has_base:
        return Cell(State.NONE, reason=NOT_ASKED)
    found = row.unit.find_attribute(name, day)
    return Cell(State.UNKNOWN, reason=NO_FIGURE) if found is None else Cell(State.KNOWN, found.value, count=1)


def _read_standing(counts: OfStanding, row: MonthlyRow, entries: Entries, question: MonthlyQuestion) -> Cell:
    """Of the unit's own obligations and those of its grids."""
    wanted = [duty.id for duty in question.plan.duties if not counts.kinds or duty.object in counts.kinds]
    codes = _list_folded(question).get(row.unit.code, (row.unit.code,))
    found = [entries.standings[code, duty] for code in codes for duty in wanted if (code, duty) in entries.standings]
    totals = sum(found, Totals())
    if not totals.expected:
        return Cell(State.NONE, reason=NOTHING_OWED)
    number = totals.expected if counts.tells == "expected" else totals.met
    return Cell(State.KNOWN, Fraction(number), count=number)


def _count_titles(counts: OfTitles, row: MonthlyRow, entries: Entries, question: MonthlyQuestion) -> Cell:
    """Steps of the unit's own title and of those of its grids. Whoever can have no title has no such figure."""
    book, codes = entries.titles, _list_folded(question).get(row.unit.code, (row.unit.code,))
    if not book.kinds:
        return Cell(State.UNKNOWN if row.has_base else State.NONE, reason=NO_TITLES)
    days = question.days if counts.span == "month" else Interval(question.since, question.day + DAY)
    number = sum(day in days for code in codes for day in book.days.get((code, counts.tells), ()))
    if number or any(question.tree.by_code[code].kind in book.kinds for code in codes):
        return Cell(State.KNOWN, Fraction(number), count=number)
    return Cell(State.NONE, reason=NOT_ASKED)


def _list_folded(question: MonthlyQuestion) -> Mapping[str, Sequence[str]]:
    """By line, the units that stand in it."""
    asked = "monthly", "folded", question.day
    if asked not in question.tree.kept:
        found: dict[str, list[str]] = {}
        for code, bearer in fold_standings(question).items():
            found.setdefault(bearer, []).append(code)
        question.tree.kept[asked] = found
    kept: Mapping[str, Sequence[str]] = question.tree.kept[asked]
    return kept


def _count(counts: Tallied, row: MonthlyRow, ledger: Ledger) -> Cell:
    question = ledger.question
    ask = ledger.open_ask(counts)
    days = find_days(counts, row.unit, question)
    if not days.days or (ask.stands and is_closed(row.unit, question)):
        return Cell(State.NONE, reason=NOT_THERE)
    if isinstance(counts, OfCover) and not row.has_base:
        return Cell(State.NONE, reason=NOT_ASKED)
    if isinstance(counts, OfSites) and not ledger.open_past(ask, row.unit.code).facts:
        # Nobody ever put one down: whether there are any, no register tells.
        return Cell(State.UNKNOWN if row.has_base else State.NONE, reason=NO_REGISTER)
    return _hold(counts, row, _tally(counts, row, days, ledger))


def find_days(counts: Counts, unit: Unit, question: MonthlyQuestion) -> Interval:
    """The days of the column while the unit was there."""
    span = counts.span if isinstance(counts, OfRecords) else ""
    if span == "year" or isinstance(counts, OfCover):
        return list_life(unit, Interval(question.since, question.day + DAY))
    if span not in AGAINST:
        return list_life(unit, question.days)
    # A unit that has closed is not cut short here: what happened then happened in the same town.
    since = max(question.days.opens, min(unit.opens_on, question.day))
    days = Interval(since, question.days.closes)
    asked = Question(make_duty(counts, question), unit, days, (), question.month.interval, question.day)
    return list_life(unit, find_base_days(asked, AGAINST[span]))


def _tally(counts: Tallied, row: MonthlyRow, days: Interval, ledger: Ledger) -> Tally:
    is_home = isinstance(counts, OfRecords) and row.unit.kind in counts.home
    ask = ledger.open_ask(replace(counts, audience=()) if isinstance(counts, OfRecords) and is_home else counts)
    duty, past = ask.plain, ledger.open_past(ask, row.unit.code)
    if not past.facts and duty.verb != "cover":
        # Without facts it is the same for every unit; most cells of a table have none.
        return ledger.tally_nothing(ask, row.unit, days)
    window = ledger.question.month.interval if duty.verb == "check" else days
    if ask.is_told:
        facts = past.within(days, stands_on=ledger.question.day)
    else:
        facts = past.answer(Question(duty, row.unit, days, (), window, days.last_day))
    if isinstance(counts, OfRecords) and is_home:
        facts = tuple(fact for fact in facts if counts.takes(fact.audience))
    asked = Question(duty, row.unit, days, facts, window, days.last_day)
    tally = VERBS[duty.verb].tally(asked)
    if isinstance(counts, OfRegister) and counts.tells == "wanted":
        return replace(tally, records=list_ids(list_wanted(asked)))
    return tally


def _hold(counts: Counts, row: MonthlyRow, tally: Tally) -> Cell:
    if isinstance(counts, OfRegister) and counts.tells == "wanted":
        return Cell(State.KNOWN, tally.of, count=len(tally.records), records=tally.records)
    if tally.value is not None:
        return Cell(State.KNOWN, tally.value, count=len(tally.records), records=tally.records)
    # Only whom nothing smaller divides is asked to report; who stands above may, and need not.
    state = State.UNKNOWN if row.has_base or isinstance(counts, OfCover) else State.NONE
    return Cell(state, reason=tally.reason if state is State.UNKNOWN else NOT_ASKED)


# --- what is made of two columns --------------------------------------------------------------------------------------


def derive(derived: ShareOf | ChangeOf, first: Cell, second: Cell, row: MonthlyRow, question: MonthlyQuestion) -> Cell:
    """A share or a change of one unit's own figures; unknown where one of them is."""
    unknown = next((cell for cell in (first, second) if cell.is_unknown), None)
    if unknown is not None:
        return Cell(State.UNKNOWN, reason=unknown.reason)
    is_cut = isinstance(derived, ChangeOf) and is_closed(row.unit, question)
    if is_cut or not (first.is_known and second.is_known):
        return Cell(State.NONE, reason=NOT_THERE if is_cut else NOT_ASKED)
    return divide(derived, first.value or Fraction(0), second.value or Fraction(0))


def divide(derived: ShareOf | ChangeOf, first: Fraction, second: Fraction) -> Cell:
    """``per`` times the first over the second, or how far the first is from it."""
    parts = first, second
    if isinstance(derived, ChangeOf):
        value = first / second - 1 if second else None
        return Cell(State.KNOWN, value, parts=parts, certainty=_judge_change(first, second))
    if not second:
        return Cell(State.NONE, reason=NOTHING_OWED, parts=parts)
    return Cell(State.KNOWN, derived.per * first / second, parts=parts)


@lru_cache(maxsize=10_000)
def _judge_change(now: Fraction, then: Fraction) -> Certainty | None:
    """Small counts come again and again, and their interval takes long to find."""
    day = Interval(date.min, date.max)
    duty = Duty("change", "attain", "", ALL, day, target=Target("at_most", Fraction(0), against="last_period"))
    return find_certainty(duty, Tally(None, None, parts=(now, then)))
