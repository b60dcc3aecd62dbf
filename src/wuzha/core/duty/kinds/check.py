"""check: look at every file of a register in each window — files on it, and those of them that were checked."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from wuzha.core.base.interval import Interval
from wuzha.core.duty.kinds.measure import list_ids, order_by_time
from wuzha.core.duty.kinds.verb import Verb
from wuzha.core.duty.model import Fact, Question, SiteChange, Tally

NO_SUBJECTS = "no-subjects"


@dataclass(frozen=True, slots=True)
class _File:
    """One file of the register as its facts tell it."""

    grade: str
    opened_on: date
    closed_on: date | None
    checks: tuple[Fact, ...]


def tally_checked(question: Question) -> Tally:
    """``of`` and ``goal`` are the files that wanted a check, ``value`` those that had one.

    A file wants a check when it was on the register, in the duty's grade, for at least half of the days asked about.
    """
    days = question.days
    files = [_read_file(facts, days) for facts in _group_by_subject(question).values()]
    grade = question.duty.narrow.grade
    wanted = [file for file in files if file and grade in ("", file.grade) and _is_on(file, days)]
    checked = [file.checks[0] for file in wanted if file.checks]
    if not wanted:
        return Tally(Fraction(0), Fraction(0), of=Fraction(0), reason=NO_SUBJECTS)
    return Tally(Fraction(len(checked)), Fraction(len(wanted)), of=Fraction(len(wanted)), records=list_ids(checked))


def _group_by_subject(question: Question) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for fact in sorted(question.facts, key=order_by_time):
        if fact.subject and fact.happened_on < question.days.closes:
            found.setdefault(fact.subject, []).append(fact)
    return found


def _read_file(facts: list[Fact], days: Interval) -> _File | None:
    """The file as of the end of the days; none when it was never put on the register."""
    enrolments = [fact for fact in facts if fact.change == SiteChange.ENROL]
    if not enrolments:
        return None
    closed = [fact.happened_on for fact in facts if fact.change == SiteChange.CLOSE]
    checks = tuple(fact for fact in facts if fact.change == SiteChange.CHECK and fact.happened_on in days)
    return _File(enrolments[-1].grade, enrolments[0].happened_on, closed[-1] if closed else None, checks)


def _is_on(file: _File, days: Interval) -> bool:
    life = Interval(file.opened_on, file.closed_on or days.closes)
    return 2 * life.overlap(days).days >= days.days > 0


def _is_about_register(fact: Fact) -> bool:
    """Who is on the register is settled by its past; a check counts in its own window only."""
    return fact.change != SiteChange.CHECK


CHECK = Verb(
    name="check",
    shapes=frozenset({"check"}),
    takes=frozenset({"grade", "every", "month_ends", "due", "from", "during"}),
    needs=frozenset({"every"}),
    tally=tally_checked,
    remembers=_is_about_register,
)
