"""The scorecard of the sample county, with a few things that its people did to a score, through the same doors."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from wuzha.adapters.sample.book import end_of_work
from wuzha.adapters.sample.county import ROOT
from wuzha.adapters.sample.people import TOWN
from wuzha.core.base.interval import make_inclusive
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.actions.scores import Act, add_event, add_figures, adopt_card, draft_card
from wuzha.web.campaign.models import PlanVersion, Record, Scorecard, ScoreEvent
from wuzha.web.campaign.queries.scores import load_template, write_content

TITLE = "石桥县反诈宣传工作评分表（{year}年）"
OFFICE, TOWN_OFFICE = "石桥县 · 专干", "葭浦镇 · 专干"
# Of the warnings of the year, so many were met in time; not every town has sent its figures yet.
MET = ((28, 31), (12, 12), (40, 47), (9, 11), (17, 20))
# Cases of the same days of three years together. Those of the year are the ones that the ledger holds.
EARLIER_CASES = (61, 42, 70, 45, 51)


def load_sample_scores(units: Mapping[str, Unit], users: Mapping[str, User], today: date, now: datetime) -> None:
    """This year's card, adopted on its first day; figures of some towns, a bonus, and an appeal that waits."""
    opens = date(today.year, 1, 1)
    card = _adopt(units[ROOT], users["officer"], opens, now)
    towns = [unit for code, unit in sorted(units.items()) if unit.kind == "town"]
    earlier, lately = (min(now, end_of_work(max(opens, today - timedelta(days=n)))) for n in (20, 3))
    office = Act(users["officer"], OFFICE, earlier)
    until = timezone.localdate(earlier)
    cases = [(_count_cases(town, opens, until), before) for town, before in zip(towns, EARLIER_CASES, strict=False)]
    for item, figures in (("met_in_time", MET), ("case_rate", cases)):
        told = [(town, Decimal(done), Decimal(asked)) for town, (done, asked) in zip(towns, figures, strict=False)]
        add_figures(act=office, card=card, item=item, text="县反诈中心统计表", told=told)
    place = units[TOWN]
    shared = "“小手拉大手”的做法被邻近两个镇照着办了"
    add_event(act=office, kind=ScoreEvent.Kind.BONUS, unit=place, item="reused", text=shared, card=card)
    said = "九月有两场集中宣传是和文艺演出一起办的，记录写在演出那一条里，请核对"
    town = Act(users["town"], TOWN_OFFICE, lately)
    add_event(act=town, kind=ScoreEvent.Kind.APPEAL, unit=place, item="tasks", text=said, card=card)


def _count_cases(town: Unit, opens: date, until: date) -> int:
    there = Record.objects.filter(unit=town, kind="cases", happened_on__range=(opens, until))
    return there.aggregate(all=Sum("quantity"))["all"] or 0


def _adopt(county: Unit, officer: User, opens: date, now: datetime) -> Scorecard:
    at = min(now, end_of_work(opens))
    plan = PlanVersion.objects.get(unit=county, valid_from=opens)
    period = make_inclusive(opens, date(opens.year, 12, 31))
    content = write_content(load_template(), period) | {"title": TITLE.format(year=opens.year)}
    draft = draft_card(actor=officer, unit=county, plan=plan, content=content, now=at)
    row, problems = adopt_card(act=Act(officer, OFFICE, at), draft=draft, revision=1)
    if row is None:
        raise ValueError(f"the sample card cannot be adopted: {[problem.code for problem in problems]}")
    return row
