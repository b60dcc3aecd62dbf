"""What lies on a post's desk, and how the units of one line stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from wuzha.core.assessment.model import Totals
from wuzha.core.base.unit import Unit as CoreUnit
from wuzha.web.accounts.access import has_power, may_appoint, opens_unit
from wuzha.web.accounts.models import ApiToken, Post, Unit, User
from wuzha.web.accounts.roles import Power
from wuzha.web.campaign.access import (
    list_draft_papers,
    list_draft_scorecards,
    list_visible_held,
    list_visible_plans,
    list_visible_visits,
)
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.models import DraftPaper, DraftScorecard, HeldRecord, InspectionVisit, PlanVersion
from wuzha.web.campaign.queries.ground import PlanInForce, list_begun_plans
from wuzha.web.campaign.queries.work import Task, list_bearers, list_work
from wuzha.web.campaign.wording import say_window, title_duty

# More of one kind than anybody reads on that page.
MOST = 20
# What is not handed on, but ends.
ENDING = ("keys", "deputies")


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing on the desk: what it is called, and the address at which the person who asks may open it."""

    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Pile:
    """All of one kind on a desk: how many, and of these the ones that the person who asks may read of."""

    kind: str
    number: int
    things: Sequence[Thing] = ()

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.number - len(self.things) if self.things else 0


def list_open_work(post: Post, user: User, on: date) -> Sequence[Pile]:
    """What is under work where the post is, kind by kind, as far as ``user`` may open it; nothing of what is not
    there. What such a kind holds that they may not read is counted and not named."""
    found = (_pile_duties, _pile_plans, _pile_papers, _pile_cards, _pile_held, _pile_visits, _pile_ending)
    return [pile for make in found for pile in make(post, user, on) if pile.number]


def _pile_duties(post: Post, user: User, on: date) -> Iterator[Pile]:
    """What the unit owes and has not done. Whoever holds one line of a unit does not answer for what all of it owes."""
    if post.line not in ("", post.unit.line):
        return
    work = list_work(post.unit, on)
    tasks = [*work.overdue, *work.open]
    shown = tasks[:MOST] if has_power(user, post.unit, on, Power.FIGURES) else []
    yield Pile("duties", len(tasks), [_name_task(task, post.unit, on) for task in shown])


def _name_task(task: Task, unit: Unit, on: date) -> Thing:
    window = task.standing.obligation.window
    title = f"{title_duty(task.duty, load_kinds())} {say_window(window, on)}"
    address = reverse("campaign:cell", args=[unit.code, task.in_force.version.pk, task.duty.id])
    return Thing(title, f"{address}?{urlencode({'window': window.label})}")


def _pile_plans(post: Post, user: User, on: date) -> Iterator[Pile]:
    rows = PlanVersion.objects.filter(state=PlanVersion.State.DRAFT, unit=post.unit)
    seen = list_visible_plans(user, on).filter(pk__in=rows)[:MOST]
    named = [Thing(row.title, reverse("campaign:plan-review", args=[row.pk])) for row in seen]
    yield Pile("plans", rows.count(), named)


def _pile_papers(post: Post, user: User, on: date) -> Iterator[Pile]:
    rows = DraftPaper.objects.filter(unit=post.unit)
    seen = list_draft_papers(user, on).filter(pk__in=rows)[:MOST]
    yield Pile(
        "papers", rows.count(), [Thing(row.title, reverse("campaign:paper-draft", args=[row.pk])) for row in seen]
    )


def _pile_cards(post: Post, user: User, on: date) -> Iterator[Pile]:
    rows = DraftScorecard.objects.filter(unit=post.unit)
    seen = list_draft_scorecards(user, on).filter(pk__in=rows)[:MOST]
    named = [Thing(row.content.get("title", ""), reverse("campaign:score-draft", args=[row.pk])) for row in seen]
    yield Pile("scorecards", rows.count(), named)


def _pile_held(post: Post, user: User, on: date) -> Iterator[Pile]:
    rows = HeldRecord.objects.filter(opens_unit(post, "unit"), applied_at=None)
    seen = list_visible_held(user, on).filter(pk__in=rows)[:MOST]
    yield Pile("held", rows.count(), [Thing(row.unit.name, reverse("campaign:records-held")) for row in seen])


def _pile_visits(post: Post, user: User, on: date) -> Iterator[Pile]:
    rows = InspectionVisit.objects.filter(
        round__unit=post.unit, report__isnull=True, called_off__isnull=True, round__last_on__gte=on
    )
    seen = list_visible_visits(user, on).filter(pk__in=rows)[:MOST]
    yield Pile(
        "visits",
        rows.count(),
        [Thing(str(row.unit), reverse("campaign:inspection-visit", args=[row.pk])) for row in seen],
    )


def _pile_ending(post: Post, user: User, on: date) -> Iterator[Pile]:
    """What ends with the hand-over: the keys of the post and of who stands in for it, and who stands in."""
    deputies = post.deputies.filter(closes_on__gt=on).select_related("user").order_by("opens_on", "pk")
    keys = ApiToken.objects.filter(Q(post=post) | Q(post__deputy_of=post), closes_on__gt=on).order_by("name")
    held = may_appoint(user, post.unit, on)
    places = {"keys": reverse("accounts:tokens", args=[post.unit.code])} if held else {}
    places |= {"deputies": reverse("accounts:people", args=[post.unit.code])} if held else {}
    names = {"keys": [key.name for key in keys], "deputies": [str(one.user) for one in deputies]}
    for kind, told in names.items():
        yield Pile(kind, len(told), [Thing(name, places[kind]) for name in told[:MOST]] if kind in places else ())


def list_line_units(post: Post, as_of: date) -> list[str]:
    """The codes of the units that the post opens, of those that exist on the day."""
    units = Unit.objects.filter(opens_unit(post), opens_on__lte=as_of, closes_on__gt=as_of)
    return list(units.values_list("code", flat=True))


def list_line_plans(post: Post, as_of: date) -> list[PlanInForce]:
    """The plans begun by that day under which a unit of the post owes anything, the highest issuer's first."""
    return [plan for plan in list_begun_plans(post.unit, as_of) if count_line(post, plan, as_of)]


def count_line(post: Post, in_force: PlanInForce, as_of: date) -> Sequence[tuple[CoreUnit, Totals]]:
    """How each unit of the post's line stands in the plan: nothing of any other unit is in it."""
    codes = frozenset(list_line_units(post, as_of))
    return [row for row in list_bearers(in_force, post.unit.code, "", as_of) if row[0].code in codes]
