"""Three measures of the sample county in different states, given and answered through the same doors as any other."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from wuzha.adapters.sample.book import end_of_work
from wuzha.adapters.sample.county import ROOT
from wuzha.adapters.sample.habit import SHOWN_VILLAGE
from wuzha.adapters.sample.people import TOWN as SHOWN_TOWN
from wuzha.core.supervision.life import EventKind, Named
from wuzha.web.accounts.models import Post, Unit, User
from wuzha.web.campaign.actions.measures import Said, tell_event
from wuzha.web.campaign.actions.papers import draft_paper, issue_paper
from wuzha.web.campaign.models import IssuedPaper
from wuzha.web.campaign.queries.measures import UnitCase, find_case
from wuzha.web.campaign.queries.totals import forget_counts
from wuzha.web.campaign.queries.work import list_binding_plans
from wuzha.web.campaign.writers.measure import draw_measure

# The town whose villages the first two are given to, and who writes for them.
TOWN, RECORDER = "SQ04", "sq04"
# All are given on one day, so that the county is counted once.
AGO = timedelta(days=4)
MOST_NAMED = 4
# What the units and the office said, in the order of days; a day is counted from the giving.
CLEARED = (
    (1, EventKind.ANSWERED, "收到提示后查了台账，这几期确实没有办，没有人盯着。"),
    (2, EventKind.MENDED, "过去的几期补不回来了。村里定了专人，从这一期起按期办、当天登记。"),
    (3, EventKind.CLEARED, "专人已经落实。过去几期还是没有完成，照记；提示销号。"),
)
APPEALED = ((2, EventKind.APPEALED, "那几周村里在防汛，人员都在堤上，请予核实。"),)

LIVES = ((TOWN, CLEARED), (TOWN, APPEALED), (SHOWN_TOWN, ()))


def load_sample_measures(units: Mapping[str, Unit], users: Mapping[str, User], today: date) -> None:
    """One that is cleared, one under appeal, one that waits for its answer; fewer where nobody was behind."""
    given: set[str] = set()
    for town, life in LIVES:
        villages = [unit for code, unit in sorted(units.items()) if code.startswith(town) and unit.kind == "village"]
        left = [unit for unit in villages if unit.code not in (*given, SHOWN_VILLAGE)]
        case = next(_list_proposed(units[ROOT], left, today - AGO), None)
        if case is not None:
            given.add(case.unit.code)
            paper = _give(case, users["officer"], units[ROOT])
            for days, kind, note in life:
                _tell(paper, users, Said(kind, note), case.as_of + timedelta(days=days))
    forget_counts()  # what was counted on the way is not kept, should the loading be given up


def _find(county: Unit, unit: Unit, day: date) -> UnitCase | None:
    plan = next(iter(list_binding_plans(county, day)), None)
    return find_case(unit, plan.version.pk, day) if plan else None


def _list_proposed(county: Unit, villages: list[Unit], day: date) -> Iterator[UnitCase]:
    for unit in villages:
        case = _find(county, unit, day)
        if case is not None and case.advice.proposals:
            yield case


def _give(case: UnitCase, officer: User, office: Unit) -> IssuedPaper:
    """The step that is proposed, for the windows that were missed last."""
    proposal = case.advice.proposals[0]
    named = [
        Named(ground.duty, tuple(missed.window for missed in ground.missed)[-MOST_NAMED:])
        for ground in proposal.grounds
    ]
    now = end_of_work(case.as_of)
    drawn, problems = draw_measure(case, proposal.step, named, "", office)
    if drawn is None:
        raise ValueError(f"the sample measure cannot be drawn: {[problem.code for problem in problems]}")
    draft = draft_paper(actor=officer, unit=office, addressee=case.unit, drawn=drawn, now=now)
    return issue_paper(actor=officer, draft=draft, now=now)


def _tell(paper: IssuedPaper, users: Mapping[str, User], said: Said, day: date) -> None:
    name = "supervisor" if said.kind == EventKind.CLEARED else RECORDER
    post = Post.objects.select_related("unit").get(user=users[name])
    at: datetime = end_of_work(day)
    row, problems = tell_event(actor=users[name], paper=paper, said=said, post=post, now=at)
    if row is None:
        raise ValueError(f"the sample measure goes wrong: {[problem.code for problem in problems]}")
