"""Standings for the pages: who owes what, how it stands on a day, and the records behind each figure.

What decides is the core; here the database counts and the tree adds up. Counts are kept by a stamp of the ledger, which
is exact because records are only added: a new record of one kind recounts the duties that this kind feeds, no others.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache

from django.db.models import Count, Max, Q, QuerySet

from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.plan_yaml import read_plan_yaml
from wuzha.core.assessment.assess import assess_unit, complete_duty
from wuzha.core.assessment.model import Standing, Status, Totals
from wuzha.core.assessment.obligations import expand_windows, find_due_day
from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import Attribute, Tree, Unit
from wuzha.core.base.windows import Window
from wuzha.core.duty.model import Due, Duty, Who
from wuzha.core.duty.who import list_bearers
from wuzha.core.ledger.credit import list_credits, list_feeding_kinds, map_nearest
from wuzha.core.plan.model import Plan
from wuzha.web.accounts import models as accounts
from wuzha.web.accounts.access import is_below
from wuzha.web.campaign.models import PlanVersion, Record
from wuzha.web.campaign.queries.counting import Counter, Counts, count_by_specification, lives_through
from wuzha.web.campaign.queries.tallies import (
    Codes,
    Reach,
    Row,
    Sums,
    list_rows,
    list_voided,
    load_reach,
    subtract_voided,
    sum_by_window,
)

# The verbs whose tally is a sum that the database can count.
SUMMED_VERBS = ("do", "file")


@dataclass(frozen=True)
class Ground:
    """The units as the pages need them: the tree, and the database's number for each code."""

    tree: Tree
    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """An issued version with what its text says, over the units that it can bind: its issuer's subtree."""

    version: PlanVersion
    plan: Plan


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One line of the matrix: totals by duty, none where the unit and all below it bear nothing of that duty."""

    unit: Unit
    cells: tuple[Totals | None, ...]
    total: Totals
    has_children: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """Units × duties. ``whole`` is the unit with everything below it: the sum of ``own`` and ``children``."""

    duties: tuple[Duty, ...]
    whole: MatrixRow
    own: MatrixRow | None
    children: tuple[MatrixRow, ...]


# --- the ground -------------------------------------------------------------------------------------------------------


def load_ground() -> Ground:
    """All units, open or closed; built anew only when the roster has changed."""
    return _load_ground(_stamp_roster())


def load_tree() -> Tree:
    return load_ground().tree


@dataclass(frozen=True, slots=True)
class Bearing:
    """Who bears a duty: the units, and for the database's number of every unit whom its records credit."""

    bearers: tuple[Unit, ...]
    nearest: Mapping[int, str]


@lru_cache(maxsize=2)
def _load_ground(stamp: str) -> Ground:
    attributes: dict[int, list[Attribute]] = {}
    for unit, name, valid_from, value, source in accounts.Attribute.objects.order_by("valid_from").values_list(
        "unit_id", "name", "valid_from", "value", "source"
    ):
        attributes.setdefault(unit, []).append(Attribute(name, valid_from, Fraction(value), source))
    rows = list(accounts.Unit.objects.order_by("path"))
    units = tuple(row.to_core(tuple(attributes.get(row.pk, ()))) for row in rows)
    return Ground(Tree(units), {row.code: row.pk for row in rows})


def _stamp_roster() -> str:
    """Changes whenever the roster does: every change of units or attributes leaves an audit entry."""
    entry = accounts.AuditEntry.objects.filter(object_type__in=("roster", "unit")).aggregate(last=Max("pk"))["last"]
    counts = (accounts.Unit.objects.count(), accounts.Attribute.objects.count())
    return f"{entry}:{counts}"


@lru_cache(maxsize=16)
def _load_bound(roster: str, issuer: str) -> Tree:
    """The units that a plan of this issuer can bind."""
    return cut_tree(_load_ground(roster).tree, issuer)


def cut_tree(tree: Tree, code: str) -> Tree:
    """The unit and everything below it, as a tree of its own."""
    top, *below = tree.walk_down(code)
    return Tree((replace(top, parent=""), *below))


@lru_cache(maxsize=256)
def _load_bearing(roster: str, issuer: str, who: Who) -> Bearing:
    tree, numbers = _load_bound(roster, issuer), _load_ground(roster).numbers
    bearers = list_bearers(who, tree)
    return Bearing(bearers, {numbers[code]: bearer for code, bearer in map_nearest(tree, bearers).items()})


# --- plans ------------------------------------------------------------------------------------------------------------


def list_plans_in_force(unit: accounts.Unit, as_of: date) -> list[PlanInForce]:
    """The issued plans that bind this unit or a unit below it on that day, those of the highest issuer first."""
    codes = unit.path.strip("/").split("/")
    reaches = Q(unit__code__in=codes) | is_below(unit.path, "unit__path")
    found = PlanVersion.objects.filter(
        reaches, state=PlanVersion.State.ISSUED, valid_from__lte=as_of, valid_to__gte=as_of
    )
    return [load_plan(version) for version in found.select_related("unit").order_by("unit__path", "-issued_at")]


def load_plan(version: PlanVersion) -> PlanInForce:
    """The plan of an issued version. Raises ValueError for a draft, whose text may not be whole yet."""
    plan = _read_plan(version.text)
    if plan is None or version.state != PlanVersion.State.ISSUED:
        raise ValueError(f"plan version {version.pk} is not issued")
    return PlanInForce(version, plan)


@lru_cache(maxsize=64)
def _read_plan(text: str) -> Plan | None:
    plan, _ = read_plan_yaml(text)
    if plan is None:
        return None
    kinds = load_kinds()
    return replace(plan, duties=tuple(complete_duty(duty, kinds) for duty in plan.duties))


def _list_bound(in_force: PlanInForce) -> Tree:
    return _load_bound(_stamp_roster(), in_force.version.unit.code)


# --- totals -----------------------------------------------------------------------------------------------------------


def build_matrix(*, in_force: PlanInForce, unit_code: str, as_of: date) -> Matrix:
    """How the unit and each unit right below it stand in every duty of the plan."""
    tree = _list_bound(in_force)
    counts = count_plan(in_force, as_of)
    children = tree.list_children(unit_code)
    lines = _map_lines(tree, unit_code, children)
    rows = {code: [_add_counts(found, lines, code) for found in counts] for code in ("", *(c.code for c in children))}
    whole = [_sum_cells(cells) for cells in zip(*rows.values(), strict=True)]
    unit = tree.by_code[unit_code]
    own = _make_row(unit, rows[""], tree)
    return Matrix(
        in_force.plan.duties,
        _make_row(unit, whole, tree),
        own if any(own.cells) else None,
        tuple(_make_row(child, rows[child.code], tree) for child in children),
    )


def count_plan(in_force: PlanInForce, as_of: date) -> list[Counts]:
    """For every duty of the plan: standings of each bearing unit by status."""
    stamps = _stamp_ledger()
    ground = Question(_stamp_roster(), in_force.version.unit.code, in_force.plan.valid, as_of)
    return [_count_duty(ground, duty, _stamp_kinds(stamps, duty)) for duty in in_force.plan.duties]


def list_bearer_totals(
    *, in_force: PlanInForce, duty_id: str, unit_code: str, as_of: date
) -> list[tuple[Unit, Totals]]:
    """Each unit at or below this one that bears the duty, with its totals, in tree order."""
    duties = [duty.id for duty in in_force.plan.duties]
    counts = count_plan(in_force, as_of)[duties.index(duty_id)]
    below = _list_bound(in_force).walk_down(unit_code)
    return [(unit, Totals(counts[unit.code])) for unit in below if unit.code in counts]


def forget_counts() -> None:
    """Throw away what was counted; the next page counts again. For tests, whose ledgers come and go."""
    for kept in (
        _load_ground,
        _load_bound,
        _load_bearing,
        _read_plan,
        _count_duty,
        _load_rows,
        _load_voided,
        _load_reach,
    ):
        kept.cache_clear()


@dataclass(frozen=True, slots=True)
class Question:
    """What one duty's counts depend on beside the duty and the ledger. The roster is named by its stamp."""

    roster: str
    issuer: str
    plan_valid: Interval
    as_of: date


@dataclass(frozen=True, slots=True)
class Stamp:
    """As much of the ledger as a duty's counts depend on: records that replace another, and records of each kind."""

    replacing: int
    feeding: tuple[tuple[str, int], ...]


@lru_cache(maxsize=2048)
def _count_duty(question: Question, duty: Duty, ledger: Stamp) -> Counts:
    """The stamps are part of the question, so that an answer from an older ledger is never given."""
    windows = expand_windows(duty, question.plan_valid)
    bearing = _load_bearing(question.roster, question.issuer, duty.who)
    if not _is_summed(duty):
        return _count_slowly(question, duty, windows, bearing.bearers, ledger)
    lasting = [unit for unit in bearing.bearers if lives_through(unit, windows)]
    short = [unit for unit in bearing.bearers if not lives_through(unit, windows)]
    sums = _count_sums(question, duty, windows, bearing.nearest, ledger)
    counter = Counter(duty, windows, sums, question.as_of)
    counts = {unit.code: counter.count(unit) for unit in lasting}
    return counts | dict(_count_slowly(question, duty, windows, short, ledger))


def _is_summed(duty: Duty) -> bool:
    """Whether the database can count the duty. Heads are counted so only over one stretch, which is what plans ask."""
    return not duty.vague and (duty.verb in SUMMED_VERBS or (duty.verb == "cover" and duty.rhythm is None))


def _count_sums(question: Question, duty: Duty, windows: tuple[Window, ...], nearest: Codes, ledger: Stamp) -> Sums:
    feeding = list_feeding_kinds(duty, load_kinds())
    if duty.verb == "cover":
        reach = _load_reach(question.roster, question.issuer, _strip(duty), windows[0].opens, ledger)
        due = min(question.as_of, find_due_day(duty, windows[0]))
        bearers = set(nearest.values())
        return Sums(
            {(code, 0): reach.count(code, question.as_of) for code in bearers},
            {(code, 0): reach.count(code, due) for code in bearers},
        )
    sums = sum_by_window(duty, feeding, windows, question.as_of, nearest)
    voided = (row for row in _load_voided(question.roster, ledger.replacing) if row.kind in feeding)
    credited = _credit(voided, _by_code(question.roster, nearest))
    subtract_voided(sums, duty, credited, windows, question.as_of)
    return sums


def _count_slowly(
    question: Question, duty: Duty, windows: tuple[Window, ...], bearers: Sequence[Unit], ledger: Stamp
) -> Counts:
    """By the specification, over the records that feed the duty and credit one of these bearers."""
    if not bearers or duty.vague:
        return count_by_specification(duty, windows, bearers, {}, question.as_of)
    codes = frozenset(unit.code for unit in bearers)
    nearest = _load_bearing(question.roster, question.issuer, duty.who).nearest
    own = {number: code for number, code in nearest.items() if code in codes}
    feeding = list_feeding_kinds(duty, load_kinds())
    if _is_summed(duty):
        gone = {row.id for row in _load_voided(question.roster, ledger.replacing)}
        known = [row for row in list_rows(Q(kind__in=feeding, unit__in=own), own) if row.id not in gone]
    else:
        known = list(_credit(_load_rows(question.roster, feeding, ledger), _by_code(question.roster, own)))
    rows: dict[str, list[Row]] = {}
    for row in known:
        if row.happened_on <= question.as_of:
            rows.setdefault(row.unit, []).append(row)
    return count_by_specification(duty, windows, bearers, rows, question.as_of)


def _credit(rows: Iterable[Row], nearest: Mapping[str, str]) -> Iterator[Row]:
    """The rows under the codes of the bearers that they credit, without those that credit none."""
    for row in rows:
        bearer = nearest.get(row.unit)
        if bearer is not None:
            yield row if bearer == row.unit else row._replace(unit=bearer)


def _by_code(roster: str, nearest: Codes) -> Mapping[str, str]:
    codes = {number: code for code, number in _load_ground(roster).numbers.items()}
    return {codes[number]: bearer for number, bearer in nearest.items()}


def _strip(duty: Duty) -> Duty:
    """Only what decides which records reach whom, so that two targets over one population share one count."""
    return replace(duty, id="", quote="", clause="", span=None, target=None, by=None, due=Due(), rhythm=None, proof=())


@lru_cache(maxsize=32)
def _load_reach(roster: str, issuer: str, duty: Duty, opens: date, ledger: Stamp) -> Reach:
    """The ledger's stamp is part of the question, so that the answer is never from an older ledger."""
    nearest = _load_bearing(roster, issuer, duty.who).nearest
    return load_reach(duty, list_feeding_kinds(duty, load_kinds()), opens, nearest)


@lru_cache(maxsize=32)
def _load_rows(roster: str, kinds: frozenset[str], ledger: Stamp) -> tuple[Row, ...]:
    """Every record in effect of these kinds, under the code of its own unit."""
    codes = {number: code for code, number in _load_ground(roster).numbers.items()}
    gone = {row.id for row in _load_voided(roster, ledger.replacing)}
    return tuple(row for row in list_rows(Q(kind__in=kinds), codes) if row.id not in gone)


@lru_cache(maxsize=8)
def _load_voided(roster: str, replacing: int) -> tuple[Row, ...]:
    """Every record that counts no longer. ``replacing`` is how many records replace another, and so the stamp."""
    return tuple(list_voided({number: code for code, number in _load_ground(roster).numbers.items()}))


def _stamp_ledger() -> Mapping[str, int]:
    """How many records there are of each kind, and under ``""`` how many replace another.

    Records are only added, so equal numbers mean the same ledger.
    """
    counts = dict(Record.objects.order_by().values_list("kind").annotate(n=Count("kind")))
    return counts | {"": Record.objects.filter(replaces__isnull=False).count()}


def _stamp_kinds(ledger: Mapping[str, int], duty: Duty) -> Stamp:
    feeding = sorted(list_feeding_kinds(duty, load_kinds()))
    return Stamp(ledger[""], tuple((kind, ledger.get(kind, 0)) for kind in feeding))


def _map_lines(tree: Tree, unit_code: str, children: Iterable[Unit]) -> Mapping[str, str]:
    """For every unit below, the child under whose line it is counted; the unit itself stands under ``""``."""
    lines = {unit_code: ""}
    for child in children:
        lines.update((unit.code, child.code) for unit in tree.walk_down(child.code))
    return lines


def _add_counts(counts: Counts, lines: Mapping[str, str], line: str) -> Totals | None:
    """The totals of one duty over the units of one line; none when none of them bears it."""
    found: dict[Status, int] = {}
    for code, by_status in counts.items():
        if lines.get(code) == line:
            for status, n in by_status.items():
                found[status] = found.get(status, 0) + n
    return Totals(found) if found else None


def _sum_cells(cells: Sequence[Totals | None]) -> Totals | None:
    known = [cell for cell in cells if cell is not None]
    return sum(known, Totals()) if known else None


def _make_row(unit: Unit, cells: Sequence[Totals | None], tree: Tree) -> MatrixRow:
    total = _sum_cells(cells) or Totals()
    return MatrixRow(unit, tuple(cells), total, bool(tree.list_children(unit.code)))


# --- one unit, one figure, one record ---------------------------------------------------------------------------------


def list_unit_standings(*, in_force: PlanInForce, unit_code: str, as_of: date) -> list[tuple[Duty, Standing]]:
    """Every obligation that the unit itself bears, duty by duty, window by window, by the specification itself."""
    tree = _list_bound(in_force)
    if unit_code not in tree.by_code:
        return []
    unit = tree.by_code[unit_code]
    duties = [duty for duty in in_force.plan.duties if unit in list_bearers(duty.who, tree)]
    rows = _list_rows_below(tree, unit, duties, as_of)
    found: list[tuple[Duty, Standing]] = []
    for duty in duties:
        windows = expand_windows(duty, in_force.plan.valid)
        credited = _credit_to(duty, unit, tree, rows)
        found.extend((duty, standing) for standing in assess_unit(duty, unit, windows, credited, as_of))
    return found


def list_standing_records(
    *, in_force: PlanInForce, duty_id: str, unit_code: str, window_label: str | None, as_of: date
) -> QuerySet[Record]:
    """The records behind a figure: of one unit and window, or of everything at and below a unit."""
    duty = in_force.plan.find_duty(duty_id)
    if duty is None:
        return Record.objects.none()
    if window_label is not None:
        standings = list_unit_standings(in_force=in_force, unit_code=unit_code, as_of=as_of)
        ids = [
            record
            for found, standing in standings
            if found.id == duty_id and standing.obligation.window.label == window_label
            for record in standing.tally.records
        ]
        return Record.objects.filter(pk__in=ids)
    return _list_feeding(in_force, duty, unit_code, as_of)


def list_record_credits(record: Record, as_of: date) -> list[tuple[PlanVersion, Duty, Unit]]:
    """The duties that this record serves in the plans of its day, each with the unit whose obligation it credits."""
    found: list[tuple[PlanVersion, Duty, Unit]] = []
    if record.withdrawn or Record.objects.filter(replaces=record).exists() or record.happened_on > as_of:
        return found
    fact = record.to_core()
    for in_force in list_plans_in_force(record.unit, record.happened_on):
        tree = _list_bound(in_force)
        for credit in list_credits(fact, in_force.plan.duties, tree, load_kinds()):
            duty = in_force.plan.find_duty(credit.duty)
            if duty is not None and record.happened_on in duty.valid:
                found.append((in_force.version, duty, tree.by_code[credit.unit]))
    return found


def _list_rows_below(tree: Tree, unit: Unit, duties: Iterable[Duty], as_of: date) -> list[Row]:
    """The records in effect at and below the unit that could feed one of the duties, under their own units' codes."""
    numbers = load_ground().numbers
    codes = {numbers[below.code]: below.code for below in tree.walk_down(unit.code)}
    kinds = frozenset[str]().union(*(list_feeding_kinds(duty, load_kinds()) for duty in duties))
    condition = Q(unit__in=codes, kind__in=kinds, happened_on__lte=as_of, replaced_by__isnull=True, withdrawn=False)
    return list_rows(condition, codes)


def _credit_to(duty: Duty, unit: Unit, tree: Tree, rows: Iterable[Row]) -> list[Row]:
    feeding = list_feeding_kinds(duty, load_kinds())
    nearest = map_nearest(tree, list_bearers(duty.who, tree))
    return [row for row in rows if row.kind in feeding and nearest.get(row.unit) == unit.code]


def _list_feeding(in_force: PlanInForce, duty: Duty, unit_code: str, as_of: date) -> QuerySet[Record]:
    """Everything in effect at or below the unit that counts for the duty while the duty is in force."""
    tree, numbers = _list_bound(in_force), load_ground().numbers
    below = {unit.code for unit in tree.walk_down(unit_code)}
    nearest = map_nearest(tree, list_bearers(duty.who, tree))
    units = [numbers[code] for code, bearer in nearest.items() if bearer in below]
    condition = Q(unit__in=units, kind__in=list_feeding_kinds(duty, load_kinds()), happened_on__lte=as_of)
    if duty.verb in ("do", "file", "cover"):
        condition &= Q(happened_on__gte=duty.valid.opens, happened_on__lt=duty.valid.closes)
    for column, words in (("place", duty.narrow.place), ("audience", duty.narrow.audience)):
        if words:
            condition &= Q(*(Q(**{f"{column}__contains": word}) for word in words), _connector=Q.OR)
    if duty.narrow.grade and duty.verb != "check":
        condition &= Q(grade=duty.narrow.grade)
    return Record.objects.filter(condition, replaced_by__isnull=True, withdrawn=False)
