"""The laws of access once more, asked through the pages, the files, the interface and the phone.

A person with random posts logs in, may choose one of them, and reads what random things in a random tree tell them:
each word on a page is of a thing that is theirs, and each thing that is theirs is there.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from pytest_django import Settings

from tests.web.access_ask import read_text
from tests.web.access_model import RECORDING, Person
from tests.web.access_scenes import KEY, NAMES, Made, Scene, Thing, build, draw_scenes, find_key_days
from tests.web.test_access_laws import Law, is_area, is_there, lawful
from wuzha.web.accounts.coming import note_day_begun
from wuzha.web.accounts.models import User
from wuzha.web.accounts.sight import CHOSEN
from wuzha.web.accounts.signin.sessions import Mark, to_epoch, write_mark

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ready(settings: Settings) -> None:
    settings.RATE_FACTOR = 0
    note_day_begun(timezone.localdate())


@dataclass(frozen=True, slots=True)
class Sort:
    """A list: where it stands, the sort of its page, how its things are told there, and whose they are."""

    address: str
    page: str
    told: str
    may: Callable[[Law, Thing], bool]
    by_area: bool = False
    """Whether it begins at an area of one's own, so that less than all stands there."""

    def find(self, text: str) -> set[int]:
        return {int(number, 16 if "-" in self.told else 10) for number in re.findall(self.told, text)}


LINK = r"/records/00000000-0000-0000-0000-0000000000(\w\w)/"
SORTS = (
    Sort("/records/", "records", LINK, Law.record),
    Sort("/records/export.csv", "records", r"台账(\d+)号", Law.record),
    Sort("/plans/", "plans", r"方案(\d+)号", Law.plan),
    Sort("/plans/?format=csv&table=plans", "plans", r"方案(\d+)号", Law.plan),
    Sort("/papers/", "papers", r"公文(\d+)号", Law.paper),
    Sort("/inspections/", "records", r"检查(\d+)号", Law.round),
    Sort("/titles/", "records", r"称号(\d+)号", Law.card, by_area=True),
    Sort("/records/held/?format=csv&table=held", "records", r"0{8}-0000-0000-0000-0{9}9(\w\w)", Law.held),
    Sort("/audit/?format=csv&table=audit", "people", r"日志(\d+)号", Law.entry),
    Sort("/audit/", "people", r"/audit/700(\d\d)/", Law.entry),
)


def log_in(made: Made, name: str) -> Client:
    """Just now, having proved who one is, and acting as the post that was chosen."""
    client, now = Client(), to_epoch(timezone.now())
    client.force_login(User.objects.get(username=name))
    session = client.session
    write_mark(session, Mark(0, began=now, seen=now, proved=now))
    if name in made.scene.chosen:
        session[CHOSEN] = made.posts[made.scene.chosen[name]].pk
    session.save()
    return client


def list_people(made: Made) -> list[tuple[str, Person, Client]]:
    """Those who hold a post today; whoever holds none is led out, which is tried elsewhere."""
    people = ((name, made.scene.make_person(name)) for name in NAMES if name != made.scene.closed)
    return [(name, person, log_in(made, name)) for name, person in people if person.posts]


@lawful(3)
@given(draw_scenes())
def test_every_list_and_file_tells_of_what_is_theirs_and_of_nothing_else(scene: Scene) -> None:
    with build(scene) as made:
        for name, person, client in list_people(made):
            for sort in SORTS:
                answer = client.get(sort.address)
                narrow = person.narrow(sort.page)
                law, text = Law(narrow, scene), read_text(answer)
                theirs = {number for number, thing in enumerate(scene.things, 1) if sort.may(law, thing)}
                # What people read here is written into the log after the things.
                found, said = (
                    sort.find(text) & {*range(1, len(scene.things) + 1)},
                    f"{sort.address} for {name}: {person.posts}",
                )
                if not narrow.posts or (sort.may == Law.entry and not law.reads_log()):
                    assert (answer.status_code, found) == (403, set()), said
                elif sort.by_area:
                    compare_by_area(law, theirs, found, said)
                else:
                    assert (answer.status_code, found) == (200, theirs), said


@lawful(3)
@given(draw_scenes())
def test_a_unit_is_found_shown_and_counted_for_those_who_see_it_and_not_even_named_to_others(scene: Scene) -> None:
    with build(scene) as made:
        for name, person, client in list_people(made):
            names = {unit.name: code for code, unit in made.units.items()}
            theirs = {unit for unit, code in names.items() if person.is_over(code)}
            for address in ("/units/?words=单位", "/units/?words=单位&format=csv&table=units"):
                answer = client.get(address)
                told = set(re.findall(r"单位\d+号", read_text(answer)))
                said = f"{address} for {name}: {person.posts}"
                assert answer.status_code == 200, said
                assert theirs <= told, said
                assert all(person.is_named(names[one]) for one in told), said
            for code in made.units:
                compare_unit(client, code, person, scene)


def compare_by_area(law: Law, theirs: set[int], found: set[int], said: str) -> None:
    """One's own area, if there is one, stands there with what those above it ask of it; what has no unit that is there
    today is not told of."""
    areas = [post.unit for post in law.list_posts() if is_area(law, post.unit)]
    above = {
        number
        for number, thing in enumerate(law.scene.things, 1)
        if any(law.person.land.is_over(thing.unit, area) for area in areas)
    }
    assert found <= theirs | above, said


# What of one unit stands at which address, and for which sort of page.
OF_UNIT: tuple[tuple[str, str, Callable[[Law, str], bool]], ...] = (
    ("/units/{}/", "people", Law.sees),
    ("/standings/{}/", "figures", Law.sees_whole),
    ("/records/?unit={}", "records", Law.sees_whole),
)


def compare_unit(client: Client, code: str, person: Person, scene: Scene) -> None:
    """The pages of a unit, which tell of no unit beside it and are not there for others."""
    names = {f"单位{number}号": spot.place.code for number, spot in enumerate(scene.spots)}
    for way, page, may in OF_UNIT:
        address, narrow = way.format(quote(code)), person.narrow(page)
        answer = client.get(address)
        expected = 200 if may(Law(narrow, scene), code) else 404 if narrow.posts else 403
        told = set(re.findall(r"单位\d+号", read_text(answer)))
        said = f"{address} for {person.name}: {person.posts}"
        assert answer.status_code == expected, said
        assert all(person.is_named(names[one]) for one in told), f"{said} tells of {told}"


@lawful(4)
@given(draw_scenes())
def test_a_phone_and_a_program_take_along_what_is_theirs_and_nothing_else(scene: Scene) -> None:
    with build(scene) as made:
        for name, person, client in list_people(made):
            state = client.get("/phone/state/")
            law, said = Law(person, scene), f"{name}: {person.posts}"
            if state.status_code == 200:
                recording = {code for code in made.units if law.sees(code, *RECORDING) and is_there(law, code)}
                assert {unit["code"] for unit in state.json()["units"]} == recording, said
            else:
                assert not law.list_posts(*RECORDING), said
            walked = {thing.where for thing in scene.things if law.walked_round(thing)}
            # Whoever was inspected reads by which office.
            walked |= {thing.unit for thing in scene.things if law.visit(thing)}
            told = set(re.findall(r"单位\d+号", read_text(state)))
            named = {unit.name for code, unit in made.units.items() if person.is_named(code) or code in walked}
            assert told <= named, f"{said} reads {told - named}"
        for number in range(len(made.posts)):
            compare_key(made, number)


def compare_key(made: Made, number: int) -> None:
    """A program with the key of the post, whatever its holder has chosen."""
    scene, post = made.scene, made.scene.posts[number]
    opens_on, closes_on = find_key_days(number)
    is_open = post.is_in_force(scene.posts) and opens_on <= 0 < closes_on and post.name != scene.closed
    law = Law(Person(post.name, (post.to_held(),), scene.land), scene)
    headers = {"Authorization": f"Bearer {KEY.format(number)}"}
    answer = Client().get("/api/v1/records/", headers=headers)
    said = f"the key of {post}: {answer.content.decode()[:300]}"
    assert answer.status_code == (200 if is_open else 401), said
    if is_open:
        found = {UUID(one["id"]).int for one in answer.json()["records"]}
        things = enumerate(scene.things, 1)
        assert found == {at for at, thing in things if thing.name == post.name and law.record(thing)}, said
