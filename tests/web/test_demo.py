"""The sample county in the database: everything, once, or nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.contrib.auth import authenticate

from wuzha.adapters.plan_yaml import check_plan_yaml
from wuzha.adapters.sample.book import end_of_work
from wuzha.adapters.sample.county import ROOT, make_tree
from wuzha.adapters.sample.ledger import make_records
from wuzha.adapters.sample.people import LOG_INS, PASSWORD
from wuzha.web.accounts.models import Attribute, AuditEntry, ComingChange, Post, Unit, UnitChange, User
from wuzha.web.accounts.queries import read_tree
from wuzha.web.campaign.demo import list_plan_years, load_sample_county
from wuzha.web.campaign.models import Document, PlanVersion, Record

TODAY = date(2026, 11, 21)
COUNT = 6_000

pytestmark = pytest.mark.django_db


class Interrupted(Exception):
    """Stands for whatever may end the loading half way."""


def load(progress: Callable[[int, int], None] = lambda done, total: None, today: date = TODAY) -> None:
    load_sample_county(today=today, now=end_of_work(today), progress=progress, count=COUNT)


def test_a_first_start_loads_units_people_plans_and_records_and_a_second_one_nothing() -> None:
    told: list[tuple[int, int]] = []
    load(lambda done, total: told.append((done, total)))
    assert (told[0], told[-1]) == ((0, COUNT), (COUNT, COUNT))
    check_units()
    check_people()
    check_plans()
    check_records()
    tables = (Unit, Attribute, User, Post, Document, PlanVersion, Record, AuditEntry)
    before = [table.objects.count() for table in tables]
    load(lambda done, total: pytest.fail("a second start loads nothing"))
    assert [table.objects.count() for table in tables] == before


def check_units() -> None:
    tree = make_tree(2026)
    assert Unit.objects.count() == len(tree.units)
    grid = Unit.objects.get(code="SQ030102")
    assert grid.path == "SQ/SQ03/SQ0301/SQ030102/"
    assert grid.to_core() == tree.by_code["SQ030102"].__class__("SQ030102", grid.name, "grid", "SQ0301")
    assert Attribute.objects.count() == sum(len(unit.attributes) for unit in tree.units)
    kept = {unit.code: unit.placements for unit in read_tree().units if unit.placements}
    assert kept == {unit.code: unit.placements for unit in tree.units if unit.placements}
    assert len(kept) == 1
    assert [change.kind for change in UnitChange.objects.order_by("happened_on")] == ["merged", "moved"]
    assert ComingChange.objects.get().happens_on == date(2027, 1, 1)


def check_people() -> None:
    for person in LOG_INS:
        user = authenticate(username=person.username, password=PASSWORD)
        assert isinstance(user, User)
        units = [person.unit, *(unit for unit, _role in person.more)] if person.unit else []
        assert sorted(post.unit.code for post in user.posts.all()) == sorted(units)
    assert authenticate(username="sq01", password=PASSWORD) is None


def check_plans() -> None:
    issued = PlanVersion.objects.get(state=PlanVersion.State.ISSUED)
    plan, problems = check_plan_yaml(issued.text)
    assert plan is not None
    assert problems == ()
    assert issued.document is not None
    assert all(duty.quote in issued.document.text for duty in plan.duties)
    assert issued.reading["duties"]
    draft = PlanVersion.objects.get(state=PlanVersion.State.DRAFT)
    assert draft.unit.code == "SQ03"
    assert draft.draft_duties.count() >= 8


def check_records() -> None:
    assert Record.objects.count() == COUNT
    assert Record.objects.filter(happened_on__gt=TODAY).count() == 0
    made = make_records(today=TODAY, now=end_of_work(TODAY), count=COUNT)
    for record in made[::150]:
        kept = Record.objects.select_related("unit", "author").get(pk=record.id)
        assert kept.author.username == record.author
        assert kept.to_core() == replace(record, author=str(kept.author))
    audit = AuditEntry.objects.get(action="demo.load")
    assert (audit.object_id, audit.details["records"]) == (ROOT, COUNT)


def test_what_is_interrupted_half_way_leaves_nothing_behind() -> None:
    def interrupt(done: int, total: int) -> None:
        if done > total // 2:
            raise Interrupted

    with pytest.raises(Interrupted):
        load(interrupt)
    assert not any(table.objects.exists() for table in (Unit, User, PlanVersion, Record, AuditEntry))


def test_a_database_that_has_units_is_left_as_it_is() -> None:
    Unit.objects.create(code="A", name="别的县", kind="county", path="A/")
    load()
    assert [unit.code for unit in Unit.objects.all()] == ["A"]
    assert not User.objects.exists()


def test_in_the_first_two_months_last_years_plan_is_there_too() -> None:
    assert list_plan_years(date(2027, 1, 2)) == (2026, 2027)
    assert list_plan_years(date(2028, 2, 29)) == (2027, 2028)
    assert list_plan_years(date(2027, 3, 1)) == (2027,)
