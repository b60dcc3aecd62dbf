"""Measures for the pages: the ladder in force, what was given and what became of it, what may be given to a unit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from wuzha.adapters.supervision_yaml import load_ladder, read_ladder_yaml
from wuzha.adapters.wording.supervision import name_step, say_signal
from wuzha.core.assessment.model import Standing, Status
from wuzha.core.duty.model import Duty
from wuzha.core.supervision.chance import Signal, list_certainties
from wuzha.core.supervision.life import EventKind, History, Named
from wuzha.core.supervision.life import Measure as CoreMeasure
from wuzha.core.supervision.model import Ladder
from wuzha.core.supervision.propose import Advice, Ground, Missed, find_grounds, propose_measures
from wuzha.web.accounts.access import is_below
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign import wording
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.models import IssuedPaper, LadderVersion, Measure, PaperEvent
from wuzha.web.campaign.queries.ground import PlanInForce
from wuzha.web.campaign.queries.standings import list_unit_standings
from wuzha.web.campaign.queries.supervision import count_asked
from wuzha.web.campaign.queries.totals import count_plan
from wuzha.web.campaign.queries.work import find_plan

# What is told to a unit and wants its answer, with a measure or without.
ANSWERED_FORMS = ("letter", "supervise")
BYTES = ("docx", "pdf", "xlsx", "content")
PAPER_BYTES = tuple(f"paper__{name}" for name in BYTES)


@dataclass(frozen=True, slots=True)
class LadderInForce:
    """The ladder of a unit on a day; ``version`` is none for the one that comes with the package."""

    ladder: Ladder
    version: LadderVersion | None


def find_ladder(unit: Unit, as_of: date) -> LadderInForce:
    """The nearest ladder at the unit or above it, as it was on that day."""
    codes = unit.path.strip("/").split("/")
    rows = LadderVersion.objects.filter(unit__code__in=codes, starts_on__lte=as_of).select_related("made_by", "unit")
    version = rows.order_by("-unit__path", "-id").first()
    return LadderInForce(_read_ladder(version.text) if version else load_ladder(), version)


@lru_cache(maxsize=16)
def _read_ladder(text: str) -> Ladder:
    ladder, problems = read_ladder_yaml(text)
    if ladder is None:
        raise ValueError(f"a kept ladder cannot be read: {problems}")
    return ladder


def list_ladders(unit: Unit) -> QuerySet[LadderVersion]:
    """The unit's own ladders, the newest first."""
    return LadderVersion.objects.filter(unit=unit).select_related("made_by")


# --- what was given ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure as of a day: its row, and what its events have made of it."""

    row: Measure
    core: CoreMeasure
    as_of: date

    @property
    def state(self) -> str:
        """What is the case now, by the word of the page."""
        made = self.core
        if not made.is_live:
            return str(made.events[-1].kind)
        if made.is_under_appeal:
            return "appeal"
        if made.has(EventKind.MENDED):
            return "mended"
        if self.as_of > made.mend_by:
            return "run-out"
        if made.has(EventKind.ANSWERED):
            return "mending"
        return "silent" if self.as_of > made.answer_by else "waiting"

    @property
    def may_be_appealed(self) -> bool:
        made = self.core
        return made.is_live and not made.has(EventKind.APPEALED) and self.as_of <= made.appeal_by

    @property
    def waits_for_office(self) -> bool:
        return self.state in ("appeal", "mended", "run-out", "silent")


def list_measures(condition: Q, as_of: date) -> list[MeasureLine]:
    """Those given by that day, the latest first, each as it stood then."""
    rows = Measure.objects.filter(condition, given_on__lte=as_of)
    rows = rows.select_related("unit", "office", "version", "given_by", "paper").defer(*PAPER_BYTES)
    events = PaperEvent.objects.select_related("made_by", "unit").order_by("number")
    return [_tell_line(row, as_of) for row in rows.prefetch_related(Prefetch("paper__events", events))]


def _tell_line(row: Measure, as_of: date) -> MeasureLine:
    return MeasureLine(row, row.to_core(row.paper.events.all(), as_of), as_of)


def tell_measure(measure: Measure, as_of: date) -> MeasureLine:
    """One measure as of the day."""
    (line,) = list_measures(Q(pk=measure.pk), as_of)
    return line


def list_measures_below(area: Unit, as_of: date) -> list[MeasureLine]:
    return list_measures(is_below(area.path, "unit__path"), as_of)


def list_measures_of(unit: Unit, as_of: date) -> list[MeasureLine]:
    """Those in force on the unit, and those that ended within the days that the ladder looks back."""
    lines = list_measures(Q(unit=unit), as_of)
    return [one for one in lines if one.core.is_live or _is_recent(one)]


def _is_recent(line: MeasureLine) -> bool:
    return (line.as_of - line.core.events[-1].on).days <= line.row.look_back_days


def make_histories(lines: Iterable[MeasureLine]) -> dict[int, History]:
    """The measures by plan, as the core asks for them."""
    found: dict[int, dict[str, CoreMeasure]] = {}
    for line in lines:
        found.setdefault(line.row.version_id, {})[line.core.id] = line.core
    return dict(found)


def name_measures(lines: Iterable[MeasureLine]) -> dict[str, str]:
    """The number of the paper that gave each."""
    return {line.core.id: line.row.paper.number for line in lines}


def group_by_unit(lines: Iterable[MeasureLine]) -> dict[str, list[MeasureLine]]:
    """What each unit, by its code, was given already."""
    found: dict[str, list[MeasureLine]] = {}
    for line in lines:
        found.setdefault(line.row.unit.code, []).append(line)
    return found


def list_waiting(units: Iterable[Unit], today: date) -> list[IssuedPaper]:
    """What was sent to these units and waits for them: letters to answer, and measures that are not at an end."""
    asked = Q(form__in=ANSWERED_FORMS) | Q(measure__isnull=False)
    papers = IssuedPaper.objects.filter(asked, addressee__in=list(units)).defer(*BYTES)
    events = PaperEvent.objects.order_by("number")
    rows = papers.select_related("unit", "addressee", "measure").prefetch_related(Prefetch("events", events))
    return [paper for paper in rows if _waits(paper)]


def _waits(paper: IssuedPaper) -> bool:
    kinds = {event.kind for event in paper.events.all()}
    if find_measure(paper) is None:
        return "answered" not in kinds
    return not kinds & {"lifted", "cleared"}


def list_events(paper: IssuedPaper) -> QuerySet[PaperEvent]:
    """What happened to the paper since it went out."""
    return PaperEvent.objects.filter(paper=paper).select_related("made_by", "unit").order_by("number")


def find_measure(paper: IssuedPaper) -> Measure | None:
    """The measure that the paper gave, if it gave one."""
    found: Measure | None = getattr(paper, "measure", None)
    return found


# --- what may be given ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WindowCase:
    """One missed window of a duty, and what is kept of it with a measure. ``held`` says why it can be no ground."""

    label: str
    said: str
    facts: Mapping[str, Any]
    held: str = ""


@dataclass(frozen=True, slots=True)
class DutyCase:
    duty: Duty
    title: str
    windows: tuple[WindowCase, ...]


@dataclass(frozen=True, slots=True)
class UnitCase:
    """What stands against a unit in a plan on a day, what is proposed for it, and what it was given before."""

    in_force: PlanInForce
    unit: Unit
    ladder: LadderInForce
    duties: tuple[DutyCase, ...]
    advice: Advice
    lines: tuple[MeasureLine, ...]
    as_of: date

    @property
    def history(self) -> History:
        return {line.core.id: line.core for line in self.lines}

    def find_window(self, duty: str, label: str) -> WindowCase | None:
        """The window, where it can be a ground."""
        found = (window for one in self.duties if one.duty.id == duty for window in one.windows)
        return next((window for window in found if window.label == label and not window.held), None)

    def is_proposed(self, step: str, named: Sequence[Named]) -> bool:
        """Whether the step is proposed for every duty named."""
        duties = {
            one.duty for proposal in self.advice.proposals if proposal.step.code == step for one in proposal.grounds
        }
        return bool(named) and all(one.duty in duties for one in named)


def find_case(unit: Unit, plan_pk: int, as_of: date) -> UnitCase | None:
    """None where the plan does not bind the unit on that day."""
    in_force = find_plan(unit, plan_pk, as_of)
    if in_force is None:
        return None
    told = list_unit_standings(in_force=in_force, unit_code=unit.code, as_of=as_of)
    lines = tuple(list_measures(Q(unit=unit, version=in_force.version), as_of))
    history = {line.core.id: line.core for line in lines}
    ladder = find_ladder(unit, as_of)
    standings = [standing for _, standing in told]
    certainties = list_certainties(in_force.plan, load_kinds(), standings)
    asked = count_asked(in_force, count_plan(in_force, as_of))
    grounds, withheld = find_grounds(ladder.ladder, standings, certainties, history, as_of, asked)
    advice = propose_measures(ladder.ladder, standings, certainties, history, as_of, asked)
    held = {(one.duty, one.missed.window): one.missed for one in withheld}
    duties = tuple(_list_duty_cases(told, {duty: one for (_, duty), one in grounds.items()}, held, as_of))
    return UnitCase(in_force, unit, ladder, duties, advice, lines, as_of)


def _list_duty_cases(
    told: Sequence[tuple[Duty, Standing]],
    grounds: Mapping[str, Ground],
    held: Mapping[tuple[str, str], Missed],
    as_of: date,
) -> Iterator[DutyCase]:
    """Each duty with the windows that stand against the unit, those that chance explains beside them."""
    for duty in {duty.id: duty for duty, _ in told}.values():
        missed = {one.window: one for one in grounds[duty.id].missed} if duty.id in grounds else {}
        windows = tuple(
            _make_window(duty, standing, missed.get(label), held.get((duty.id, label)), as_of)
            for one, standing in told
            if one.id == duty.id and ((label := standing.obligation.window.label) in missed or (duty.id, label) in held)
        )
        if windows:
            yield DutyCase(duty, wording.title_duty(duty, load_kinds()), windows)


def _make_window(duty: Duty, standing: Standing, missed: Missed | None, held: Missed | None, as_of: date) -> WindowCase:
    found = missed or held
    signal = found.signal if found else None
    facts = tell_standing(duty, standing, as_of) | {"signal": _tell_signal(found, signal)}
    said = facts["said"]
    return WindowCase(standing.obligation.window.label, said, facts, "held" if held else "")


def _tell_signal(missed: Missed | None, signal: Signal | None) -> dict[str, str]:
    """Of an indicator its number with the interval by which it was judged, in both languages."""
    if missed is None or signal is None:
        return {}
    return {"zh": say_signal(missed, signal, "zh"), "en": say_signal(missed, signal, "en")}


def tell_standing(duty: Duty, standing: Standing, as_of: date) -> dict[str, Any]:
    """A window as it stands, as text and numbers that can be kept."""
    owed, tally = standing.obligation, standing.tally
    return {
        "duty": duty.id,
        "title": wording.title_duty(duty, load_kinds()),
        "window": owed.window.label,
        "said": wording.say_window(owed.window, as_of),
        "due_on": owed.due_on.isoformat(),
        "status": str(standing.status),
        "told": wording.say_tally(duty, standing, load_kinds()),
        "records": [str(record) for record in tally.records],
    }


# --- then and now -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FactLine:
    """A window that a measure names: as it stood when it was given, and as it stands now, none where it cannot be
    told any more."""

    then: Mapping[str, Any]
    now: Mapping[str, Any] | None

    @property
    def is_made_good(self) -> bool:
        return self.now is not None and self.now["status"] in (Status.MET, Status.LATE)


def compare_facts(measure: Measure, as_of: date) -> list[FactLine]:
    """What the measure rests on, then and now."""
    in_force = find_plan(measure.unit, measure.version_id, as_of)
    told = list_unit_standings(in_force=in_force, unit_code=measure.unit.code, as_of=as_of) if in_force else []
    now = {(duty.id, one.obligation.window.label): tell_standing(duty, one, as_of) for duty, one in told}
    return [FactLine(one, now.get((one["duty"], one["window"]))) for one in measure.facts]


def list_latest(measure: Measure, as_of: date) -> list[dict[str, Any]]:
    """Of each duty named the last window that is settled or open: how the duty itself stands now."""
    in_force = find_plan(measure.unit, measure.version_id, as_of)
    duties = {one["duty"] for one in measure.about}
    found: dict[str, dict[str, Any]] = {}
    for duty, one in (
        list_unit_standings(in_force=in_force, unit_code=measure.unit.code, as_of=as_of) if in_force else ()
    ):
        if duty.id in duties and one.status != Status.UPCOMING:
            found[duty.id] = tell_standing(duty, one, as_of)
    return list(found.values())


# --- what can be chosen -----------------------------------------------------------------------------------------------


def list_steps(case: UnitCase) -> list[tuple[str, str]]:
    """The steps of the unit's ladder, each with its name."""
    return [(step.code, name_step(step, wording.language())) for step in case.ladder.ladder.steps]


def list_windows(case: UnitCase) -> list[tuple[str, str]]:
    """The windows that can be a ground, each with its duty and how it stands."""
    return [
        (f"{one.duty.id}|{window.label}", f"{one.title} {window.said} {window.facts['told']}")
        for one in case.duties
        for window in one.windows
        if not window.held
    ]


def propose_giving(case: UnitCase, step: str) -> dict[str, Any]:
    """What is ticked at first: the step asked for or the one proposed, with its windows; without a proposal all."""
    proposals = [one for one in case.advice.proposals if not step or one.step.code == step]
    grounds = [ground for one in proposals[:1] for ground in one.grounds]
    about = [f"{ground.duty}|{missed.window}" for ground in grounds for missed in ground.missed]
    chosen = proposals[0].step.code if proposals else step or case.ladder.ladder.steps[0].code
    return {"step": chosen, "about": about or [key for key, _said in list_windows(case)]}
