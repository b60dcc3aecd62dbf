"""Standings counted by status, duty by duty, for every bearing unit of a plan.

Counts are kept by a stamp of the ledger, which is exact because records are only added: a new record of one kind
recounts the duties that this kind feeds, no others.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from django.db.models import Count, Q

from wuzha.core.assessment.assess import assess_facts
from wuzha.core.assessment.model import Status
from wuzha.core.assessment.obligations import expand_windows, find_due_day
from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import Tree, Unit
from wuzha.core.base.windows import Window
from wuzha.core.duty.model import Due, Duty
from wuzha.core.duty.who import list_turns
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.core.ledger.row import Row
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.models import Record
from wuzha.web.campaign.queries.counting import Counter, Counts, is_waived, lives_through
from wuzha.web.campaign.queries.ground import PlanInForce, bound_of, forget_ground, ground_of, settle, stamp_roster
from wuzha.web.campaign.queries.tallies import (
    Codes,
    Reach,
    Sums,
    in_effect,
    list_rows,
    list_voided,
    load_reach,
    subtract_voided,
    sum_by_window,
)

# The verbs whose tally is a sum that the database can count.
SUMMED_VERBS = ("do", "file")


def count_plan(in_force: PlanInForce, as_of: date) -> list[Counts]:
    """For every duty of the plan: standings of each bearing unit by status."""
    stamps = _stamp_ledger()
    ground = Question(stamp_roster(), in_force.version.unit.code, in_force.plan.valid, as_of, in_force.known_by)
    return [_count_duty(ground, duty, _stamp_kinds(stamps, duty)) for duty in in_force.plan.duties]


def forget_counts() -> None:
    """Throw away what was counted; the next page counts again. For tests, whose ledgers come and go."""
    forget_ground()
    for kept in (_count_duty, _load_rows, _load_voided, _load_reach):
        kept.cache_clear()


@dataclass(frozen=True, slots=True)
class Question:
    """What one duty's counts depend on beside the duty and the ledger. The roster is named by its stamp."""

    roster: str
    issuer: str
    plan_valid: Interval
    as_of: date
    known_by: date | None = None


BearerSets = frozenset[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Ground:
    """Who may bear a window of a duty; more than one set only where units changed."""

    roster: str
    issuer: str
    sets: BearerSets


@dataclass(frozen=True, slots=True)
class Stamp:
    """As much of the ledger as a duty's counts depend on: records that replace another, and records of each kind."""

    replacing: int
    feeding: tuple[tuple[str, int], ...]


@lru_cache(maxsize=2048)
def _count_duty(question: Question, duty: Duty, ledger: Stamp) -> Counts:
    """The stamps are part of the question, so that an answer from an older ledger is never given."""
    windows = expand_windows(duty, question.plan_valid)
    tree = bound_of(question.roster, question.issuer)
    sets = frozenset(turn.bearers for turn in list_turns(duty, tree, windows, question.as_of))
    borne = frozenset[str]().union(*sets)
    bearers = [unit for unit in tree.units if unit.code in borne]
    if not _is_summed(duty) or not sets or question.known_by is not None:
        return _count_slowly(question, duty, bearers, ledger)
    nearest = settle(question.roster, question.issuer, sets)
    settled = set(nearest.values())
    lasting = [
        unit for unit in bearers if unit.code in settled and lives_through(unit, windows) and not is_waived(duty, unit)
    ]
    sums = _count_sums(question, duty, windows, sets, ledger)
    counter = Counter(duty, windows, sums, question.as_of)
    counts = {unit.code: counter.count(unit) for unit in lasting}
    short = [unit for unit in bearers if unit.code not in counts]
    return counts | dict(_count_slowly(question, duty, short, ledger))


def _is_summed(duty: Duty) -> bool:
    """Whether the database can count the duty. Heads are counted so only over one stretch, which is what plans ask."""
    return duty.fed and not duty.vague and (duty.verb in SUMMED_VERBS or (duty.verb == "cover" and duty.rhythm is None))


def _count_sums(question: Question, duty: Duty, windows: tuple[Window, ...], sets: BearerSets, ledger: Stamp) -> Sums:
    feeding = list_feeding_kinds(duty, load_kinds())
    nearest = settle(question.roster, question.issuer, sets)
    if duty.verb == "cover":
        reach = _load_reach(Ground(question.roster, question.issuer, sets), _strip(duty), windows[0].opens, ledger)
        day = min(question.as_of, windows[0].interval.last_day)
        due = min(day, find_due_day(duty, windows[0]))
        bearers = set(nearest.values())
        return Sums(
            {(code, 0): reach.count(code, day) for code in bearers},
            {(code, 0): reach.count(code, due) for code in bearers},
        )
    sums = sum_by_window(duty, feeding, windows, question.as_of, nearest)
    voided = (row for row in _load_voided(question.roster, ledger.replacing) if row.kind in feeding)
    credited = _credit(voided, _by_code(question.roster, nearest))
    subtract_voided(sums, duty, credited, windows, question.as_of)
    return sums


def _count_slowly(question: Question, duty: Duty, bearers: Sequence[Unit], ledger: Stamp) -> Counts:
    """By the specification, over the records that feed the duty and could credit one of these bearers."""
    tree = bound_of(question.roster, question.issuer)
    codes = frozenset(unit.code for unit in bearers)
    facts = _list_facts(question, duty, tree, codes, ledger) if codes and duty.fed and not duty.vague else []
    counts: dict[str, dict[Status, int]] = {code: {} for code in codes}
    for standing in assess_facts(duty, question.plan_valid, tree, facts, question.as_of, codes):
        found = counts[standing.obligation.unit]
        found[standing.status] = found.get(standing.status, 0) + 1
    return counts


def _list_facts(question: Question, duty: Duty, tree: Tree, codes: frozenset[str], ledger: Stamp) -> list[Row]:
    """The records in effect, up to the day, of every unit that stands or ever stood below one of the bearers."""
    feeding = list_feeding_kinds(duty, load_kinds())
    if question.known_by is not None:
        return _list_known(question, feeding)
    if not _is_summed(duty):
        return [row for row in _load_rows(question.roster, feeding, ledger) if row.happened_on <= question.as_of]
    below = frozenset[str]().union(*(tree.list_ever_below(code) for code in codes))
    own = {number: code for number, code in _list_codes(question.roster).items() if code in below}
    gone = {row.id for row in _load_voided(question.roster, ledger.replacing)}
    asked = list_rows(Q(kind__in=feeding, unit__in=own, happened_on__lte=question.as_of), own)
    return [row for row in asked if row.id not in gone]


def _list_known(question: Question, feeding: frozenset[str]) -> list[Row]:
    """What had been received by then and was in effect then. Nothing of it is kept from the counts of now."""
    condition = Q(kind__in=feeding, happened_on__lte=question.as_of) & in_effect(question.known_by)
    return list_rows(condition, _list_codes(question.roster))


def _credit(rows: Iterable[Row], nearest: Mapping[str, str]) -> Iterator[tuple[str, Row]]:
    """The rows, each with the code of the bearer that it credits, without those that credit none."""
    for row in rows:
        bearer = nearest.get(row.unit)
        if bearer is not None:
            yield bearer, row


def _by_code(roster: str, nearest: Codes) -> Mapping[str, str]:
    codes = _list_codes(roster)
    return {codes[number]: bearer for number, bearer in nearest.items()}


def _list_codes(roster: str) -> Codes:
    """The code of every unit by the database's number."""
    return {number: code for code, number in ground_of(roster).numbers.items()}


def _strip(duty: Duty) -> Duty:
    """Only what decides which records reach whom, so that two targets over one population share one count."""
    plain = replace(duty, id="", quote="", clause="", span=None, target=None, by=None, rhythm=None, proof=())
    return replace(plain, due=Due(), waivers=())


@lru_cache(maxsize=32)
def _load_reach(ground: Ground, duty: Duty, opens: date, ledger: Stamp) -> Reach:
    """The ledger's stamp is part of the question, so that the answer is never from an older ledger."""
    nearest = settle(ground.roster, ground.issuer, ground.sets)
    return load_reach(duty, list_feeding_kinds(duty, load_kinds()), opens, nearest)


@lru_cache(maxsize=32)
def _load_rows(roster: str, kinds: frozenset[str], ledger: Stamp) -> tuple[Row, ...]:
    """Every record in effect of these kinds, under the code of its own unit."""
    codes = _list_codes(roster)
    gone = {row.id for row in _load_voided(roster, ledger.replacing)}
    return tuple(row for row in list_rows(Q(kind__in=kinds), codes) if row.id not in gone)


@lru_cache(maxsize=8)
def _load_voided(roster: str, replacing: int) -> tuple[Row, ...]:
    """Every record that counts no longer. ``replacing`` is how many records replace another, and so the stamp."""
    return tuple(list_voided(_list_codes(roster)))


def _stamp_ledger() -> Mapping[str, int]:
    """How many records there are of each kind, and under ``""`` how many replace another.

    Records are only added, so equal numbers mean the same ledger.
    """
    counts = dict(Record.objects.order_by().values_list("kind").annotate(n=Count("kind")))
    return counts | {"": Record.objects.filter(replaces__isnull=False).count()}


def _stamp_kinds(ledger: Mapping[str, int], duty: Duty) -> Stamp:
    feeding = sorted(list_feeding_kinds(duty, load_kinds()))
    return Stamp(ledger[""], tuple((kind, ledger.get(kind, 0)) for kind in feeding))
