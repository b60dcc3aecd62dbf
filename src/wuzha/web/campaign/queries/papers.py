"""What papers are made of and which there are: facts counted for a letter, and drafts and issued papers for the lists.

A figure is counted as the page is that its address leads to, so that both always say the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode

from wuzha.adapters.wording.certainty import say_certainty
from wuzha.adapters.wording.duty import render_duty
from wuzha.core.assessment.model import Standing, Status, Totals
from wuzha.core.base.problem import Problem, make_problem
from wuzha.core.base.unit import Tree
from wuzha.core.base.unit import Unit as CoreUnit
from wuzha.core.duty.model import Duty
from wuzha.core.paper.letter import (
    UNIT_FORMS,
    Counted,
    DutyFacts,
    Facts,
    Lapse,
    Said,
    UnitFacts,
    read_all,
    write_letter,
)
from wuzha.core.paper.model import FormCode, Paper, say_day
from wuzha.core.paper.restate import FigureChange, compare_figures
from wuzha.core.paper.wire import read_paper
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign import wording
from wuzha.web.campaign.forms.papers import Choices
from wuzha.web.campaign.forms.standings import write_moment
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.models import DraftPaper, IssuedPaper, PlanVersion
from wuzha.web.campaign.queries.ground import PlanInForce, load_bound_tree, load_tree
from wuzha.web.campaign.queries.standings import list_unit_standings
from wuzha.web.campaign.queries.totals import PlanCounts, count_plan
from wuzha.web.campaign.queries.work import find_plan, list_binding_plans

CHINESE = "zh-hans"
# The verbs whose windows are told as so many done of so many asked.
COUNTING = ("do", "keep", "cover", "file")


@dataclass(frozen=True, slots=True)
class Days:
    """The day a paper speaks of, and the day by whose end records must have come to be in it.

    ``counted_at`` is the instant at which it was counted where that is this very day, of which more may come: then what
    had come by then is in it, and its links say so.
    """

    as_of: date
    known_by: date
    counted_at: datetime | None = None

    @property
    def known(self) -> str:
        """As an address carries it."""
        return self.known_by.isoformat() if self.counted_at is None else write_moment(self.counted_at)

    def say_known(self) -> str:
        """As the sheet of sources says it."""
        clock = "" if self.counted_at is None else f"{timezone.localtime(self.counted_at):%H:%M}"
        return f"{say_day(self.known_by)}{clock}以前收到的记录"


@dataclass(frozen=True, slots=True)
class Recount:
    """A paper counted now: none where there is nothing to tell, with why. ``readings`` are all its possible figures."""

    paper: Paper | None
    readings: Mapping[str, str]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where the figures of a paper are counted."""

    in_force: PlanInForce
    counts: PlanCounts
    tree: Tree
    days: Days

    def count(self, code: str) -> Totals:
        """All duties of the unit and of all below it."""
        found = (self.counts.find_below(place, code) for place in self._places)
        return sum((totals for totals in found if totals), Totals())

    def count_own(self, code: str) -> Totals:
        """All duties that the unit itself bears."""
        return sum((Totals(self.counts.find(place, code)) for place in self._places), Totals())

    @property
    def _places(self) -> range:
        return range(len(self.in_force.plan.duties))

    def tell(self, *words: str) -> str:
        """What was looked at, as the sheet of sources says it."""
        days = f"截至{say_day(self.days.as_of)}；{self.days.say_known()}"
        return "；".join((f"《{self.in_force.version.title}》", *words, days))

    def find_cell(self, code: str, duty: str = "", **query: str) -> str:
        args = (code, self.in_force.version.pk, duty) if duty else (code, self.in_force.version.pk)
        return self.join(reverse("campaign:cell", args=args), query)

    def join(self, path: str, query: Mapping[str, str]) -> str:
        """The address with both days in it, so that it opens later what was printed."""
        days = {"as_of": self.days.as_of.isoformat(), "known": self.days.known}
        return f"{path}?{urlencode({**days, **query})}"


def gather_facts(subject: Unit, plan_pk: int, days: Days, today: date) -> Facts | None:
    """How the unit and all below it stand in the plan; none when that does not bind it on the day.

    ``days.known_by`` of today or later asks for everything that is known.
    """
    known = days.known_by if days.known_by < today else None
    in_force = find_plan(subject, plan_pk, days.as_of, known)
    tree = load_bound_tree(in_force).at(days.as_of) if in_force else None
    if in_force is None or tree is None or subject.code not in tree.by_code:
        return None
    with translation.override(CHINESE):
        return _gather(Place(in_force, count_plan(in_force, days.as_of), tree, days), tree.by_code[subject.code])


def _gather(place: Place, unit: CoreUnit) -> Facts:
    children = place.tree.list_children(unit.code)
    total = Counted(place.count(unit.code), place.tell(_name(place, unit)), place.find_cell(unit.code))
    return Facts(
        plan=place.in_force.version.title,
        subject=unit.name,
        as_of=place.days.as_of,
        total=total,
        duties=tuple(_list_duties(place, unit)),
        units=tuple(_list_units(place, children or (unit,))),
        bearers=tuple(_list_bearers(place, unit)),
        is_area=bool(children),
        matrix=place.join(reverse("campaign:standings", args=(unit.code,)), {"plan": str(place.in_force.version.pk)}),
    )


def _name(place: Place, unit: CoreUnit) -> str:
    return f"{unit.name}及下级单位" if place.tree.list_children(unit.code) else unit.name


def _list_units(place: Place, units: Iterable[CoreUnit]) -> Iterator[UnitFacts]:
    """Each unit with all below it, unless nothing is owed there."""
    for unit in units:
        totals = place.count(unit.code)
        if totals.expected:
            counted = Counted(totals, place.tell(_name(place, unit)), place.find_cell(unit.code))
            yield UnitFacts(unit.code, unit.name, counted)


def _list_bearers(place: Place, unit: CoreUnit) -> Iterator[UnitFacts]:
    for one in place.tree.walk_down(unit.code):
        totals = place.count_own(one.code)
        if totals.expected:
            counted = Counted(totals, place.tell(f"{one.name}本身"), place.find_cell(one.code, own="1"))
            yield UnitFacts(one.code, one.name, counted)


def _list_duties(place: Place, unit: CoreUnit) -> Iterator[DutyFacts]:
    kinds = load_kinds()
    own: dict[str, list[tuple[Duty, Standing]]] = {}
    for case in list_unit_standings(in_force=place.in_force, unit_code=unit.code, as_of=place.days.as_of):
        own.setdefault(case[0].id, []).append(case)
    for number, duty in enumerate(place.in_force.plan.duties):
        totals = place.counts.find_below(number, unit.code)
        if totals is None or not totals.expected:
            continue
        title = wording.title_duty(duty, kinds)
        words = place.tell(_name(place, unit), f"任务：{title}")
        yield DutyFacts(
            id=duty.id,
            title=title,
            sentence=render_duty(duty, kinds),
            clause=duty.clause,
            quote=duty.quote,
            counted=Counted(totals, words, place.find_cell(unit.code, duty.id)),
            lapses=tuple(_list_lapses(place, unit, own.get(duty.id, ()))),
            note=_find_note(own.get(duty.id, ())),
        )


def _list_lapses(place: Place, unit: CoreUnit, cases: Iterable[tuple[Duty, Standing]]) -> Iterator[Lapse]:
    """The windows that the unit itself bears and that have begun, with the records behind each."""
    kinds, as_of = load_kinds(), place.days.as_of
    for duty, standing in cases:
        value, goal, window = standing.tally.value, standing.tally.goal, standing.obligation.window
        if duty.verb not in COUNTING or value is None or goal is None or standing.obligation.begins_on > as_of:
            continue
        said = wording.say_window(window, as_of)
        query = {"plan": str(place.in_force.version.pk), "duty": duty.id, "unit": unit.code, "window": window.label}
        yield Lapse(
            id=f"{duty.id}.{window.label}",
            window=said,
            value=wording.say_value(duty, value),
            goal=wording.say_value(duty, goal),
            counter=wording.count_duty(duty, kinds, goal),
            is_missed=standing.status == Status.MISSED,
            records=len(standing.tally.records),
            filter=place.tell(f"{unit.name}本身", f"任务：{wording.title_duty(duty, kinds)}", said),
            address=place.join(reverse("campaign:records"), query),
        )


def _find_note(cases: Iterable[tuple[Duty, Standing]]) -> str:
    """How sure an indicator is that the unit itself has missed; empty for what is no indicator."""
    missed = [(duty, standing) for duty, standing in cases if standing.status == Status.MISSED]
    return say_certainty(missed[-1][0], missed[-1][1].tally, "zh") if missed else ""


# --- counting a paper -----------------------------------------------------------------------------------------------


def count_letter(form: FormCode, facts: Facts | None, said: Said) -> Recount:
    if facts is None:
        return Recount(None, {}, (make_problem("paper.plan-gone"),))
    paper, problems = write_letter(form, facts, said)
    return Recount(paper, read_all(facts), problems)


def list_changes(paper: DraftPaper | IssuedPaper, now: Recount) -> tuple[FigureChange, ...]:
    """Which figures come out otherwise now."""
    return compare_figures(read_paper(paper.content), now.paper, now.readings)


def find_moment(paper: IssuedPaper) -> datetime | None:
    """When the paper was counted, where more records may have come on that same day."""
    return paper.counted_at if timezone.localdate(paper.counted_at) == paper.known_by else None


def read_content(paper: DraftPaper | IssuedPaper) -> Paper:
    return read_paper(paper.content)


# --- the lists --------------------------------------------------------------------------------------------------------


def find_next_serial(unit: Unit, form: str, year: int) -> int:
    """The number that the office's next paper of the form gets in that year."""
    found = IssuedPaper.objects.filter(unit=unit, form=form, year=year).aggregate(last=Max("serial"))
    return (found["last"] or 0) + 1


def find_office_words(office: Unit, form: str, plan_pk: int | None = None) -> dict[str, str]:
    """By what name the office signs, and which mark stands before its numbers: as in its last paper of the form.

    Before there is one it signs as the issuer of its plan, of this one or else of its last, and has no mark.
    """
    said = IssuedPaper.objects.filter(unit=office, form=form).values_list("said", flat=True).first()
    said = said or DraftPaper.objects.filter(unit=office, form=form).values_list("said", flat=True).first()
    if said:
        return {"signed_by": said["signed_by"], "mark": said.get("mark", "")}
    plans = PlanVersion.objects.filter(unit=office, state=PlanVersion.State.ISSUED)
    plans = plans.order_by("-issued_at") if plan_pk is None else plans.filter(pk=plan_pk)
    issuer = plans.values_list("issuer", flat=True).first()
    return {"signed_by": issuer or office.name, "mark": ""}


def filter_papers(papers: QuerySet[IssuedPaper], told: Mapping[str, Any]) -> QuerySet[IssuedPaper]:
    """Those of a form, a year and with these words in their title or number."""
    if told.get("form"):
        papers = papers.filter(form=told["form"])
    if told.get("year"):
        papers = papers.filter(year=told["year"])
    if words := told.get("words"):
        papers = papers.filter(title__contains=words) | papers.filter(number__contains=words)
    return papers.defer("docx", "pdf", "xlsx", "content")


def list_choices(home: Unit, today: date) -> Choices:
    """The plans at work where the person is at home, and the units right below."""
    tree = load_tree().at(today)
    plans = tuple((one.version.pk, one.version.title) for one in list_binding_plans(home, today))
    below = tree.list_children(home.code) if home.code in tree.by_code else ()
    return Choices(plans, tuple((unit.code, unit.name) for unit in below))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit to which a letter may be due: what it has missed in the plan, and the last letter it was written."""

    plan: PlanInForce
    unit: CoreUnit
    totals: Totals
    last: IssuedPaper | None


def list_candidates(area: Unit, as_of: date, most: int) -> list[Candidate]:
    """The units right below the area that have missed most in a plan at work, with the last letter to each."""
    found: list[tuple[PlanInForce, CoreUnit, Totals]] = []
    for in_force in list_binding_plans(area, as_of):
        tree = load_bound_tree(in_force).at(as_of)
        place = Place(in_force, count_plan(in_force, as_of), tree, Days(as_of, as_of))
        found += [(in_force, unit, place.count(unit.code)) for unit in tree.list_children(area.code)]
    behind = sorted((one for one in found if one[2].missed), key=lambda one: -one[2].missed)[:most]
    letters = _list_last_letters(area, [unit.code for _, unit, _ in behind])
    return [Candidate(plan, unit, totals, letters.get(unit.code)) for plan, unit, totals in behind]


def _list_last_letters(area: Unit, codes: Iterable[str]) -> dict[str, IssuedPaper]:
    papers = IssuedPaper.objects.filter(unit=area, form__in=UNIT_FORMS, addressee__code__in=tuple(codes))
    papers = papers.select_related("addressee").defer("docx", "pdf", "xlsx", "content").order_by("issued_at")
    return {paper.addressee.code: paper for paper in papers if paper.addressee}
