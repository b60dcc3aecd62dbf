"""How units stand in the programmes of titles: counted from their steps, as of any day. Reads only."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import Q

from wuzha.core.assessment.model import Standing
from wuzha.core.base.interval import Interval
from wuzha.core.base.problem import Problem
from wuzha.core.base.unit import Tree
from wuzha.core.base.unit import Unit as CoreUnit
from wuzha.core.duty.who import find_bearers
from wuzha.core.ledger.record import find_limit
from wuzha.core.ledger.row import Row
from wuzha.core.title.criteria import (
    CriterionFinding,
    check_criteria,
    find_quiet_chance,
    is_about_cases,
    judge_criteria,
)
from wuzha.core.title.life import RENEWAL_DAYS, Title, Titles, collect_titles, recall
from wuzha.core.title.next import Ask, Next, find_next
from wuzha.core.title.share import Stage, TitleShare, count_titles, find_stage, list_candidates
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.models import IssuedPaper, PlanVersion, TitleCertificate, TitleCriteria, TitleProgram, TitleStep
from wuzha.web.campaign.queries.calendar import find_calendar
from wuzha.web.campaign.queries.ground import PlanInForce, load_bound_tree, load_plan, load_tree
from wuzha.web.campaign.queries.standings import list_unit_standings, open_facts

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class UnitTitle:
    """A unit in a programme on a day: its title up to then, where it stands, and what comes next."""

    program: TitleProgram
    unit: CoreUnit
    title: Title
    stage: Stage
    next: Next
    certificate: TitleCertificate | None = None

    @property
    def award(self) -> Interval | None:
        return self.title.award

    @property
    def is_renewing(self) -> bool:
        return self.stage in (Stage.HELD, Stage.PAUSED) and self.title.is_on_its_way


@dataclass(frozen=True, slots=True)
class ShareRow:
    """A unit with the share at and below it; ``stage`` is its own where it could hold the title itself."""

    unit: CoreUnit
    share: TitleShare
    has_children: bool
    stage: Stage | None = None


@dataclass(frozen=True, slots=True)
class SharePage:
    """The share at a unit and at each right below it; ``stages`` count the units at and below it by where they are."""

    whole: ShareRow
    rows: tuple[ShareRow, ...]
    stages: Mapping[Stage, int]

    @property
    def has_own_stages(self) -> bool:
        return any(row.stage for row in self.rows)


@dataclass(frozen=True, slots=True)
class Quiet:
    """What no case is worth: ``own`` cases of the unit in a year, those of the whole area, both populations, how many
    the unit would have at the area's rate, and how likely none would come by chance alone. Where nobody reports the
    cases of the unit, nobody knows how many they are, and ``own`` is none."""

    own: int | None
    area: int
    population: int
    area_population: int
    expected: float
    chance: float


def list_steps(
    program: TitleProgram, as_of: date, known_by: date | None = None, units: Iterable[int] = ()
) -> list[TitleStep]:
    """The steps up to the day, with ``known_by`` those entered by its end; of these units, by number, or of all."""
    rows = TitleStep.objects.filter(program=program, on__lte=as_of)
    if known_by is not None:
        rows = rows.filter(made_at__lte=find_limit(known_by))
    numbers = tuple(units)
    rows = rows.filter(unit__in=numbers) if numbers else rows
    return list(rows.select_related("unit", "by", "post_unit", "inspection_visit__round").order_by("unit_id", "place"))


def list_certificates(units: Iterable[int], as_of: date, programs: Iterable[int] = ()) -> list[TitleCertificate]:
    """The certificates that these units had been given by the day, in these programmes or in all, the last one first.

    Without the bytes of their papers.
    """
    rows = TitleCertificate.objects.filter(step__unit__in=list(units), step__on__lte=as_of)
    numbers = tuple(programs)
    rows = rows.filter(step__program__in=numbers) if numbers else rows
    bytes_of = ("paper__docx", "paper__pdf", "paper__xlsx", "paper__content")
    return list(rows.select_related("step", "paper").defer(*bytes_of).order_by("-step__place", "-pk"))


def load_titles(program: TitleProgram, as_of: date, known_by: date | None = None) -> Titles:
    """By unit, the titles as they stood at the end of the day."""
    return collect_titles(row.to_core(row.unit.code) for row in list_steps(program, as_of, known_by))


def make_title(code: str, steps: Iterable[TitleStep]) -> Title:
    return collect_titles(row.to_core(code) for row in steps).get(code, Title(code))


def find_criteria(program: TitleProgram, day: date) -> TitleCriteria | None:
    """The criteria in force on the day; before the first day those that came first."""
    rows = list_criteria(program)
    begun = [row for row in rows if row.since <= day]
    return begun[-1] if begun else next(iter(rows), None)


def list_criteria(program: TitleProgram) -> list[TitleCriteria]:
    """All that have ever been said, in the order of their days."""
    return list(program.criteria.select_related("version__unit", "program__unit", "made_by"))


def load_criteria(row: TitleCriteria, known_by: date | None = None) -> PlanInForce:
    """The criteria as a plan over the units of the programme; a text that was issued to nobody asks nobody else."""
    issued = row.version or PlanVersion(
        unit=row.program.unit, title=row.title, text=row.text, state=PlanVersion.State.ISSUED
    )
    loaded = load_plan(issued)
    return PlanInForce(loaded.version, loaded.plan, known_by)


def judge_unit(
    row: TitleCriteria, unit_code: str, as_of: date, known_by: date | None = None
) -> tuple[CriterionFinding, ...]:
    """How the unit stands in every criterion that it bears."""
    in_force = load_criteria(row, known_by)
    found: dict[str, list[Standing]] = {}
    for duty, standing in list_unit_standings(in_force=in_force, unit_code=unit_code, as_of=as_of):
        found.setdefault(duty.id, []).append(standing)
    return judge_criteria(in_force.plan, found, as_of, row.months)


def check_program(in_force: PlanInForce, kinds: Iterable[str], day: date) -> tuple[tuple[Problem, ...], list[str]]:
    """What is wrong with such criteria, and the kinds of unit of which they ask nothing."""
    tree = load_bound_tree(in_force)
    bearers = frozenset[str]().union(*(find_bearers(duty.who, tree, day) for duty in in_force.plan.duties))
    asked = {unit.kind for unit in tree.at(day).units if unit.code in bearers}
    return check_criteria(in_force.plan), [kind for kind in kinds if kind not in asked]


def has_case_criterion(in_force: PlanInForce) -> bool:
    return any(is_about_cases(duty) for duty in in_force.plan.duties)


# --- the share up the tree --------------------------------------------------------------------------------------------


def build_share(program: TitleProgram, code: str, as_of: date, known_by: date | None = None) -> SharePage | None:
    """The share at the unit and right below it on the tree of that day; none where the unit did not exist then."""
    tree = load_tree().at(as_of)
    if code not in tree.by_code:
        return None
    titles = load_titles(program, as_of, known_by)
    shares = count_titles(tree, titles, program.kinds, as_of)
    candidates = (unit.code for unit in list_candidates(tree, program.kinds, as_of, code))
    stages = {one: find_stage(titles.get(one, Title(one)), as_of) for one in candidates}

    def make_row(unit: CoreUnit) -> ShareRow:
        below = sum(shares[child.code].units for child in tree.list_children(unit.code))
        return ShareRow(unit, shares.get(unit.code, TitleShare()), below > 0, stages.get(unit.code))

    rows = tuple(row for row in map(make_row, tree.list_children(code)) if row.share.units)
    return SharePage(make_row(tree.by_code[code]), rows, Counter(stages.values()))


def list_units(
    program: TitleProgram, code: str, as_of: date, stage: str = "", known_by: date | None = None
) -> list[UnitTitle]:
    """The units at and below this one that could hold the title on that day, or those of them at one stage, in the
    order of the roster."""
    titles = load_titles(program, as_of, known_by)
    tree = load_tree().at(as_of)
    workdays = find_calendar(program.unit.path).workdays
    found = []
    for unit in list_candidates(tree, program.kinds, as_of, code):
        title = titles.get(unit.code, Title(unit.code))
        at = find_stage(title, as_of)
        if not stage or at == stage:
            found.append(UnitTitle(program, unit, title, at, find_next(title, as_of, workdays)))
    return found


def stand_unit(program: TitleProgram, unit: CoreUnit, title: Title, as_of: date) -> UnitTitle:
    workdays = find_calendar(program.unit.path).workdays
    then = recall(title, as_of)
    return UnitTitle(program, unit, then, find_stage(then, as_of), find_next(then, as_of, workdays))


def list_waiting(standings: Iterable[UnitTitle]) -> list[UnitTitle]:
    """Those of them that wait for an officer, what is due first before the rest."""
    found = [one for one in standings if one.title.events and not one.next.is_of_unit and one.next.ask is not Ask.WAIT]
    return sorted(found, key=lambda one: one.next.by or date.max)


# --- one unit, and what ends soon -------------------------------------------------------------------------------------


def list_programs_for(unit: Unit, as_of: date) -> list[TitleProgram]:
    """The programmes of the units that stood above this one on that day, or of itself."""
    above = [one.code for one in load_tree().at(as_of).walk_up(unit.code)]
    return list(TitleProgram.objects.filter(unit__code__in=above).select_related("unit"))


def find_certified(paper: IssuedPaper, as_of: date) -> tuple[UnitTitle, bool] | None:
    """How the title stands that a certificate is about, and whether it is the last one; none for another paper."""
    own = TitleCertificate.objects.filter(paper=paper).select_related("step__unit", "step__program__unit").first()
    then = load_tree().at(as_of).by_code.get(own.step.unit.code) if own else None
    if own is None or then is None:
        return None
    unit, program = own.step.unit, own.step.program
    title = make_title(unit.code, list_steps(program, as_of, units=(unit.pk,)))
    last = next(iter(list_certificates((unit.pk,), as_of, (program.pk,))), None)
    return stand_unit(program, then, title, as_of), last is not None and last.pk == own.pk


def list_unit_titles(unit: Unit, as_of: date) -> list[UnitTitle]:
    """How the unit stands in each programme that is for its kind, or in which it has taken steps. Three questions where
    there is no programme, one more for each that there is."""
    then = load_tree().at(as_of).by_code.get(unit.code)
    if then is None:
        return []
    found = []
    papers = {one.step.program_id: one for one in reversed(list_certificates((unit.pk,), as_of))}
    for program in list_programs_for(unit, as_of):
        steps = list_steps(program, as_of, units=(unit.pk,))
        if steps or (then.kind in program.kinds and as_of in then.life):
            standing = stand_unit(program, then, make_title(unit.code, steps), as_of)
            found.append(replace(standing, certificate=papers.get(program.pk)))
    return found


def list_ending(unit: Unit, as_of: date) -> list[UnitTitle]:
    """The titles at and below the unit that end within the days of their renewal, the soonest first."""
    tree = load_tree().at(as_of)
    around = {one.code for way in (tree.walk_up, tree.walk_down) for one in way(unit.code)}
    found: list[UnitTitle] = []
    for program in TitleProgram.objects.select_related("unit"):
        if program.unit.code in around:
            found += (one for one in list_units(program, unit.code, as_of) if ends_soon(one, as_of))
    return sorted(found, key=lambda one: one.award.closes if one.award else date.max)


def ends_soon(one: UnitTitle, as_of: date) -> bool:
    is_there = one.stage in (Stage.HELD, Stage.PAUSED) and one.award is not None
    return is_there and one.award is not None and (one.award.closes - as_of).days <= RENEWAL_DAYS


# --- what no case is worth --------------------------------------------------------------------------------------------


def find_quiet(program: TitleProgram, unit: CoreUnit, as_of: date) -> Quiet | None:
    """The cases of the last 365 days and what silence of so many people is worth; none where no cases are recorded in
    the programme's area or a population is not known."""
    tree = load_tree()
    facts = open_facts(tree, as_of)
    days = Interval(as_of - YEAR + timedelta(days=1), as_of + timedelta(days=1))
    own, area = (_count_cases(facts.list_rows((code,), ("cases",)), days) for code in (unit.code, program.unit.code))
    population, whole = (_find_population(tree, code, as_of) for code in (unit.code, program.unit.code))
    if not area or not population or not whole:
        return None
    expected = float(Fraction(area) * population / whole)
    return Quiet(own, area, int(population), int(whole), expected, find_quiet_chance(expected))


def _count_cases(rows: Sequence[Row], days: Interval) -> int | None:
    """None where no record tells of them; a record that tells of none is a count."""
    told = [row.quantity for row in rows if row.happened_on in days]
    return sum(told) if told else None


def _find_population(tree: Tree, code: str, as_of: date) -> Fraction:
    found = tree.by_code[code].find_attribute("population", as_of)
    return found.value if found else Fraction(0)


def list_plan_choices(unit: Unit, as_of: date) -> list[PlanVersion]:
    """The issued plans in force that could be criteria for units below this one: its own, and those from above."""
    codes = unit.path.strip("/").split("/")
    rows = PlanVersion.objects.filter(Q(unit__code__in=codes), state=PlanVersion.State.ISSUED, valid_to__gte=as_of)
    return list(rows.select_related("unit").order_by("unit__path", "-issued_at"))
