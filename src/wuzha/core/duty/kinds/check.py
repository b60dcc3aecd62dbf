"""check: look at every file of a register in each window — files on it, and those of them that were checked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import LATEST
from wuzha.core.duty.kinds.measure import list_ids, order_by_time
from wuzha.core.duty.kinds.verb import Verb, always
from wuzha.core.duty.model import Fact, Question, SiteChange, Tally
from wuzha.core.duty.who import find_bearing_day

NO_SUBJECTS = "no-subjects"


@dataclass(frozen=True, slots=True)
class _Stay:
    """A stretch in which a file was on the register in one grade; open at the end while it still is."""

    grade: str
    days: Interval


def tally_checked(question: Question) -> Tally:
    """``of`` and ``goal`` are the files that wanted a check, ``value`` those that had one.

    A file wants a check when it was on the register, in the duty's grade, for at least half of the window: what was
    raised on a Sunday is checked by its new grade from Monday on. The register is that of the due day: what is raised
    or closed after it undoes no check that is missing. A number is the recording unit's own. Of a unit that moved the
    files are wanted of whom it belonged to in the window's middle, as the window itself is.
    """
    files = [facts for facts in _group_by_subject(question).values() if _wants_check(question, facts)]
    checked = [check for check in (_find_check(question, facts) for facts in files) if check is not None]
    if not files:
        return Tally(Fraction(0), Fraction(0), of=Fraction(0), reason=NO_SUBJECTS)
    return Tally(Fraction(len(checked)), Fraction(len(files)), of=Fraction(len(files)), records=list_ids(checked))


def list_wanted(question: Question) -> list[Fact]:
    """For each file that wanted a check, the record that put it on the register last."""
    files = [facts for facts in _group_by_subject(question).values() if _wants_check(question, facts)]
    known = ([fact for fact in facts if fact.happened_on <= question.base_on] for facts in files)
    return [[fact for fact in facts if fact.change == SiteChange.ENROL][-1] for facts in known]


def _group_by_subject(question: Question) -> dict[tuple[str, str], list[Fact]]:
    found: dict[tuple[str, str], list[Fact]] = {}
    for fact in sorted(question.facts, key=order_by_time):
        if fact.subject and fact.happened_on < question.days.closes:
            found.setdefault((fact.unit, fact.subject), []).append(fact)
    return found


def _wants_check(question: Question, facts: Iterable[Fact]) -> bool:
    """At least half of the window on the register in the grade, as the register was on the due day."""
    grade, window = question.duty.narrow.grade, question.window
    known = (fact for fact in facts if fact.happened_on <= question.base_on)
    stays = [stay for stay in _list_stays(known) if grade in ("", stay.grade)]
    return 2 * sum(stay.days.overlap(window).days for stay in stays) >= window.days


def _list_stays(facts: Iterable[Fact]) -> Iterator[_Stay]:
    """The stays of one file, from its facts in order of time. A new enrolment ends one stay and opens another."""
    since: Fact | None = None
    for fact in facts:
        if since is not None and fact.change in (SiteChange.ENROL, SiteChange.CLOSE):
            yield _Stay(since.grade, Interval(since.happened_on, fact.happened_on))
        if fact.change in (SiteChange.ENROL, SiteChange.CLOSE):
            since = fact if fact.change == SiteChange.ENROL else None
    if since is not None:
        yield _Stay(since.grade, Interval(since.happened_on, LATEST))


def _find_check(question: Question, facts: Iterable[Fact]) -> Fact | None:
    checks = (fact for fact in facts if fact.change == SiteChange.CHECK and fact.happened_on in question.days)
    return next(checks, None)


def _is_about_register(fact: Fact) -> bool:
    """Who is on the register is settled by its past; a check counts in its own window only."""
    return fact.change != SiteChange.CHECK


def _find_middle(question: Question) -> date:
    """The day that decides whose the files of a unit are: that which decides who bears the window."""
    return find_bearing_day(question.duty, question.window, question.base_on)


CHECK = Verb(
    name="check",
    shapes=frozenset({"check"}),
    takes=frozenset({"grade", "every", "month_ends", "due", "from", "during"}),
    needs=frozenset({"every"}),
    tally=tally_checked,
    remembers=_is_about_register,
    stands=always,
    stands_on=_find_middle,
)
