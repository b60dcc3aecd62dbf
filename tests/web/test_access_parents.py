"""Every address that names two things: a wrong parent, with a child that is really there, is no address at all.

The addresses are those of the URL configuration. Of each one thing after another is replaced by another of the same
sort, which is there and in sight: the child then belongs to another parent, and the answer is 404, to whoever sees both
as well. An address with an argument of a new name fails until it is said here what another one of that sort is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.web.access_ask import ADDRESSES, PERSONS, Asker, find_told, keep_world
from tests.web.access_table import LINES, Line
from tests.web.access_world import NUMBER, World
from tests.web.ledger import PLAN
from wuzha.adapters.title_yaml import write_criteria
from wuzha.core.paper.model import Paper
from wuzha.core.paper.wire import write_paper
from wuzha.web.accounts.models import Post
from wuzha.web.campaign.models import (
    DraftDuty,
    DraftScorecard,
    IssuedPaper,
    PlanVersion,
    Scorecard,
    TableCall,
    TitleCriteria,
    TitleProgram,
)
from wuzha.web.campaign.queries.scores import read_draft

OWN = NUMBER + 90
OWN_DRAFT = UUID(int=OWN)
OWN_PLAN = OWN + 1
# What 河口镇 has of each sort, by the name of the argument. A number is that of the outsider's own post.
OTHERS: Mapping[str, object] = {
    "code": "SQ0201",
    "plan": OWN_PLAN,
    "duty": OWN,
    "call": OWN,
    "draft": OWN_DRAFT,
    "card": OWN,
    "paper": OWN,
    "pk": OWN,
    "number": OWN,
}
# What names no thing by itself: a form of it, or a name and a number that stand within the thing before.
WITHIN = {"sort", "what", "act", "name", "version", "place", "item", "duty_id"}
# Who sees 青石镇 and 河口镇, and who sees 河口镇 alone.
ASKERS = ("officer", "outsider")
pytestmark = pytest.mark.django_db


# Of these an address names one of several forms, and not a thing within another.
FORMS = {"sort", "what", "act", "name"}


def names_two(names: Iterable[str]) -> bool:
    """Whether there are two things in the address, or one and what stands only within it."""
    return len([name for name in names if name not in FORMS]) > 1


# What is the county's own is over both towns, so that any of their units stands under it.
TWO = tuple(line for line in LINES if names_two(line.at) and "county" not in line.at.values())


def make_own(world: World) -> None:
    """A plan with a duty, cards, a paper, a title and a table of 河口镇, as the other town has them; no name within any
    of them is one of the other town's."""
    cast, now, day = world.cast, world.now, world.today
    by: dict[str, Any] = {"created_by": cast.outsider, "created_at": now}
    place = {"unit": cast.other_town}
    draft = PlanVersion.objects.create(pk=OWN_PLAN, title="河口镇方案", **place, **by)
    DraftDuty.objects.create(pk=OWN, version=draft, position=1, duty={"id": "fair", "do": "rally"})
    days = {"valid_from": date(day.year, 1, 1), "valid_to": date(day.year, 12, 31)}
    text = PLAN.replace("2026", str(day.year)).replace("id: rally", "id: fair")
    issued = {"state": "issued", "text": text, "issued_by": cast.outsider, "issued_at": now}
    plan = PlanVersion.objects.create(pk=OWN, title="河口镇工作方案", **place, **by, **days, **issued)
    Post.objects.create(pk=OWN, user=cast.outsider, unit=cast.units["SQ0201"], role=Post.Role.SECRETARY)
    make_own_card(world, plan)
    make_own_paper(world)
    program = TitleProgram.objects.create(pk=OWN, name="河口镇无诈村", kinds=["village"], **place, **by)
    _, text = write_criteria(day.year, "河口镇")
    told = {"text": text, "title": "河口镇创建标准", "months": 3, "since": day}
    TitleCriteria.objects.create(program=program, **told, made_by=cast.outsider, made_at=now)
    asked = {"version": plan, "month": f"{day:%Y-%m}", "due_on": day, "given_as": "河口镇", **place}
    TableCall.objects.create(pk=OWN, **asked, opened_by=cast.outsider, opened_at=now)


def make_own_card(world: World, plan: PlanVersion) -> None:
    cast, now, year = world.cast, world.now, world.today.year
    item = {"code": "fairs", "block": "work", "title": "集市宣传", "title_en": "Fairs", "points": 10}
    item["duties"] = {"id": ["fair"]}
    content: dict[str, Any] = {"title": "河口镇评分表", "from": f"{year}-01-01", "to": f"{year}-12-31", "points": 10}
    content |= {"items": [item], "blocks": {"work": ["工作", "Work"]}, "appeal_days": 10, "hear_days": 5}
    place = {"unit": cast.other_town, "plan": plan}
    acts = {"changed_by": cast.outsider, "changed_at": now, "created_by": cast.outsider, "created_at": now}
    draft = DraftScorecard.objects.create(pk=OWN_DRAFT, content=content, **place, **acts)
    text, card, problems = read_draft(draft)
    assert card is not None, problems
    days = {"opens_on": card.period.opens, "last_on": card.period.last_day, "adopted_on": card.period.opens}
    rules = {"version": 1, "title": "河口镇评分表", "text": text, "digest": card.digest, "draft": OWN_DRAFT}
    by = {"adopted_by": cast.outsider, "adopted_as": "河口镇 · 专干", "adopted_at": now}
    Scorecard.objects.create(pk=OWN, **place, **days, **rules, **by)


def make_own_paper(world: World) -> None:
    """A briefing without a picture and without a public copy."""
    cast, now, today = world.cast, world.now, world.today
    content = write_paper(Paper("briefing", "河口镇简报", ()))
    days = {"as_of": today, "known_by": today, "counted_at": now}
    shown = {"form": "briefing", "unit": cast.other_town, "addressee": cast.other_town, "title": "河口镇简报"}
    number = {"draft": OWN_DRAFT, "year": today.year, "serial": 1, "number": "第1期"}
    made = {"docx": b"PK", "docx_sha256": "0" * 64, "issued_by": cast.outsider, "issued_at": now}
    IssuedPaper.objects.create(pk=OWN, content=content, **shown, **days, **number, **made)


@pytest.fixture(scope="module")
def asker(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asker]:
    """One world for all tests here; no request leaves anything in it."""
    with keep_world(django_db_blocker, tmp_path_factory.mktemp("evidence")) as kept:
        make_own(kept.world)
        yield kept


def list_wrong(line: Line) -> Iterator[tuple[str, Line]]:
    """The address with one thing after another replaced, by its name."""
    for name in line.at:
        if name not in WITHIN:
            assert name in OTHERS, (
                f"say in OTHERS of {__name__} what another {name} is, or in WITHIN that it names none"
            )
            yield name, replace(line, at={**line.at, name: str(OTHERS[name])})


def name_line(line: Line) -> str:
    return f"{line.name}({' '.join(f'{name}={value}' for name, value in line.at.items())})"


@pytest.mark.parametrize("line", TWO, ids=name_line)
def test_a_child_of_somebody_else_stands_under_no_other_parent(asker: Asker, line: Line) -> None:
    opened = []
    for name, wrong in list_wrong(line):
        for who in ASKERS:
            for method in ("get", "post"):
                answer = asker.send(who, method, wrong)
                if answer.status not in (404, 405):
                    opened.append(f"{who} is answered {answer.status} to {method} with another {name}")
                opened += [f"{who} reads {word}" for word in find_told(answer.text, PERSONS[who]) if who == "outsider"]
                opened += [f"{who} has written {sql}" for sql in answer.wrote]
    assert not opened, f"{name_line(line)}: {'; '.join(opened)}"


def test_each_of_these_addresses_opens_with_its_own_parent(asker: Asker) -> None:
    """Else the test above would prove nothing."""
    tried = ((line, method, who) for line in TWO for method in ("get", "post") for who in ("town_officer", "officer"))
    opened = {line.name for line, method, who in tried if asker.send(who, method, line).status not in (404, 405)}

    assert {line.name for line in TWO} - opened == set()
    assert len(opened) > 20


def test_every_address_that_names_two_things_is_asked() -> None:
    assert {line.address for line in TWO} == {address for address in ADDRESSES if names_two(address[1])}


OWN_PAGES = (
    ("campaign:plan-review", {"plan": OWN_PLAN}),
    ("campaign:plan-review", {"plan": OWN}),
    ("campaign:score-card", {"card": OWN}),
    ("campaign:score-draft", {"draft": OWN_DRAFT}),
    ("campaign:paper", {"paper": OWN}),
    ("campaign:title", {"pk": OWN}),
    ("campaign:table", {"call": OWN}),
    ("accounts:unit", {"code": "SQ0201"}),
)


@pytest.mark.parametrize(("name", "own"), OWN_PAGES)
def test_the_other_parents_are_there_and_in_sight(asker: Asker, name: str, own: dict[str, object]) -> None:
    line = Line(name, "", at={key: str(value) for key, value in own.items()})

    assert [asker.send(who, "get", line).status for who in ASKERS] == [200, 200]
