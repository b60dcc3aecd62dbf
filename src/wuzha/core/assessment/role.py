"""What a record is to a standing: counted, beside what counts, or left out, and for which reason."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from wuzha.core.duty.kinds.keep import UP, list_standing
from wuzha.core.duty.kinds.measure import order_by_time
from wuzha.core.duty.model import Fact, Narrow, Question, SiteChange, Tally


class Role(StrEnum):
    """``counted`` and ``base`` make the figure, ``beside`` says of what counts that it is there; the rest is left out.

    ``base`` is a record of the period compared with. ``uncounted`` is left out because nothing is counted at all: the
    window has not begun, is not owed, or its denominator is not known.
    """

    COUNTED = "counted"
    BASE = "base"
    BESIDE = "beside"
    OTHER_KIND = "other-kind"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    NOT_RECEIVED = "not-received"
    AHEAD = "ahead"
    OTHER_DAY = "other-day"
    OTHER_UNIT = "other-unit"
    LEFT_BEHIND = "left-behind"
    NARROWED = "narrowed"
    REPEATED = "repeated"
    NOT_WANTED = "not-wanted"
    GONE = "gone"
    STALE = "stale"
    UNPLACED = "unplaced"
    UNCOUNTED = "uncounted"

    @property
    def is_left_out(self) -> bool:
        return self not in (Role.COUNTED, Role.BASE, Role.BESIDE)


@dataclass(frozen=True, slots=True)
class Cause:
    """A role with what it rests on: ``other`` is the record that stands instead, ``word`` a field or a unit's code."""

    role: Role
    other: UUID | None = None
    word: str = ""


COUNTED = Cause(Role.COUNTED)
Causes = Mapping[UUID, Cause]


def find_narrowed(narrow: Narrow, fact: Fact) -> str:
    """The field by which the duty's ``where``, ``for`` or ``grade`` leaves the fact out; empty when none does."""
    if narrow.place and not any(word in fact.place for word in narrow.place):
        return "place"
    if narrow.audience and not any(word in fact.audience for word in narrow.audience):
        return "audience"
    return "grade" if narrow.grade and fact.grade != narrow.grade else ""


def tell_roles(question: Question, tally: Tally) -> Causes:
    """The role of each fact that the verb was asked about and that is not narrowed out."""
    return ROLES.get(question.duty.verb, _tell_plain)(question, tally)


def _tell_plain(question: Question, tally: Tally) -> Causes:
    counted = set(tally.records)
    return {fact.id: COUNTED if fact.id in counted else Cause(Role.UNCOUNTED) for fact in question.facts}


def _tell_indicator(question: Question, tally: Tally) -> Causes:
    """What lies before the days asked about is the base of a change, or else only the past."""
    counted = set(tally.records)

    def tell(fact: Fact) -> Cause:
        if fact.happened_on in question.days:
            return COUNTED
        return Cause(Role.BASE if fact.id in counted else Role.OTHER_DAY)

    return {fact.id: tell(fact) for fact in question.facts}


def _tell_covered(question: Question, tally: Tally) -> Causes:
    """A number counts once, by its first record."""
    first: dict[tuple[str, str], UUID] = {}
    causes: dict[UUID, Cause] = {}
    for fact in sorted(question.facts, key=order_by_time):
        before = first.setdefault((fact.unit, fact.subject), fact.id) if fact.subject else fact.id
        causes[fact.id] = COUNTED if before == fact.id else Cause(Role.REPEATED, before)
    return causes


def _tell_filed(question: Question, tally: Tally) -> Causes:
    """The first submission counts."""
    first = tally.records[0] if tally.records else None
    return {fact.id: COUNTED if fact.id == first else Cause(Role.REPEATED, first) for fact in question.facts if first}


def _tell_checked(question: Question, tally: Tally) -> Causes:
    """Enrolments tell who is to be checked; of the checks of one file the first counts, if the file wanted one."""
    counted = set(tally.records)
    by_file = {(fact.unit, fact.subject): fact.id for fact in question.facts if fact.id in counted}

    def tell(fact: Fact) -> Cause:
        if fact.id in counted:
            return COUNTED
        if fact.change != SiteChange.CHECK:
            return Cause(Role.BESIDE)
        first = by_file.get((fact.unit, fact.subject))
        return Cause(Role.REPEATED, first) if first else Cause(Role.NOT_WANTED)

    return {fact.id: tell(fact) for fact in question.facts}


def _tell_kept(question: Question, tally: Tally) -> Causes:
    """Of each numbered site the record that put it up counts while it stands; what has no number counts as it comes."""
    day = question.days.last_day
    facts = sorted(question.facts, key=order_by_time)
    standing = {_name_site(fact): fact.id for fact in list_standing(question.duty, facts, day)}
    last = {_name_site(fact): fact for fact in facts if fact.subject}
    seen = {_name_site(fact): fact for fact in facts if not fact.subject and fact.change in UP}
    counted = set(tally.records)

    def tell(fact: Fact) -> Cause:
        if fact.id in counted:
            return COUNTED
        site = _name_site(fact)
        if not fact.subject and question.duty.verb == "keep":
            return Cause(Role.STALE, seen[site].id)
        if not fact.subject or standing.get(site) == fact.id:
            return Cause(Role.UNPLACED)
        if site in standing or (last[site].id == fact.id and _is_gone(fact)):
            return Cause(Role.BESIDE, standing.get(site))
        return Cause(Role.GONE, last[site].id) if _is_gone(last[site]) else Cause(Role.STALE, last[site].id)

    return {fact.id: tell(fact) for fact in facts}


def _name_site(fact: Fact) -> tuple[str, str, str]:
    return fact.unit, fact.kind, fact.subject


def _is_gone(fact: Fact) -> bool:
    return fact.change in (SiteChange.REMOVE, SiteChange.DAMAGE)


ROLES: Mapping[str, Callable[[Question, Tally], Causes]] = MappingProxyType(
    {
        "cover": _tell_covered,
        "file": _tell_filed,
        "check": _tell_checked,
        "keep": _tell_kept,
        "space": _tell_kept,
        "attain": _tell_indicator,
    }
)
# A paper is a paper wherever it was written, and a check is of its file whatever grade it tells.
NOT_NARROWED = ("file", "check")


def keep_narrow(question: Question) -> Iterable[tuple[Fact, str]]:
    """The facts with the field by which each is narrowed out, empty for those that count."""
    is_narrowed = question.duty.verb not in NOT_NARROWED
    return [(fact, find_narrowed(question.duty.narrow, fact) if is_narrowed else "") for fact in question.facts]
