"""Whatever the tree, the posts and the things: nobody sees outside what a few plain sentences allow, and all inside it.

The sentences stand in ``Law`` below and in ``access_model``; none of them asks the site. What is drawn stands in
``access_scenes``: units that closed or moved and codes that begin as others do, posts of every role, by line, from and
to a day, standing in for others, and people who act as one of their posts.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from hypothesis import HealthCheck, Phase, example, given, settings

from tests.web.access_model import (
    ADMINISTRATOR,
    DRAFTING,
    LOOKING,
    OFFICER,
    PAGES,
    PUBLISHER,
    PUBLISHING,
    RECORDING,
    REVIEWER,
    REVIEWING,
    ROLES,
    SECRETARY,
    STAFFING,
    SUPERVISING,
    Held,
    Person,
    Place,
)
from tests.web.access_scenes import (
    EARLY,
    KEY,
    LOG,
    NAMES,
    Given,
    Made,
    Scene,
    Spot,
    Thing,
    build,
    draw_scenes,
    find_key_days,
)
from wuzha.web.accounts import access as people
from wuzha.web.accounts.models import Post, Unit, User
from wuzha.web.audit import access as log
from wuzha.web.audit.queries import Asked, list_all, list_page
from wuzha.web.campaign import access
from wuzha.web.campaign.models import IssuedPaper, Record
from wuzha.web.personal import access as personal


def lawful(examples: int) -> settings:
    """So many scenes. What fails names the person, the unit and the posts; to make it smaller would take minutes."""
    return settings(
        phases=(Phase.explicit, Phase.generate),
        max_examples=examples * MORE,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    )


# How many times as many scenes somebody looks at who has the time.
MORE = int(os.environ.get("WUZHA_LAWS", "1"))
pytestmark = pytest.mark.django_db
SENT = {"letter", "circular", "notice", "certificate"}
WIDE = {"circular", "notice", "score-table", "plan"}
CARDED = ("county", "town")
ISSUERS = ("county", "town", "department", "station")
INSPECTING = ("county", "town", "department", "station")


# --- what is said of access, in plain sentences -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Law:
    """Who may see what. A post opens the units at and below its own; one of a line only those of the line, and nothing
    that speaks of a whole area above them."""

    person: Person
    scene: Scene

    def sees(self, code: str, *roles: str) -> bool:
        return self.person.is_over(code, *roles)

    def is_around(self, code: str, *roles: str) -> bool:
        """What a unit issues is for those below it, too."""
        return self.person.is_over(code, *roles) or self.person.is_under(code, *roles)

    def sees_whole(self, code: str, *roles: str) -> bool:
        """The unit and everything below it, by posts that stand at it or above it."""
        over = [post for post in self.list_posts(*roles) if self.person.land.is_over(post.unit, code)]
        above = replace(self.person, posts=tuple(over))
        return all(above.is_over(one) for one in self.scene.find_units(lambda one: self.person.land.is_over(code, one)))

    def list_posts(self, *roles: str) -> list[Held]:
        return [post for post in self.person.posts if post.role in (roles or ROLES)]

    def stands_for(self, code: str, *roles: str) -> bool:
        """A post at the unit itself, in its name: one of a line speaks for units of that line alone."""
        return self.person.is_at(code, *roles)

    def plan(self, thing: Thing) -> bool:
        """Issued ones where they bind; drafts those who write and look again."""
        readers = PAGES["plans"]
        if self.sees(thing.unit, *DRAFTING):
            return True
        return thing.is_on and (self.is_around(thing.unit, *readers) or self._is_bound(thing, *readers))

    def _is_bound(self, thing: Thing, *roles: str) -> bool:
        """By their line: whether a unit of theirs stands below the issuer and is of the kind that the plan binds."""
        land = self.person.land
        below = self.scene.find_units(
            lambda one: land.is_over(thing.unit, one) and land.places[one].kind == thing.binds
        )
        return any(self.sees(one, *roles) for one in below)

    def record(self, thing: Thing) -> bool:
        return self.sees(thing.unit, *LOOKING)

    def held(self, thing: Thing) -> bool:
        return not thing.is_told and (thing.name == self.person.name or self.sees(thing.unit, OFFICER))

    def file(self, thing: Thing) -> bool:
        """For who sees the record, if the sender could record there on that day; else, for its sender."""
        land = self.person.land
        posts = [post for at, post in enumerate(self.scene.posts) if post.name == thing.name]
        held = [post.to_held() for post in posts if _was_in_force(post, self.scene, thing.age)]
        if Person(thing.name, tuple(held), land).is_over(thing.unit, *RECORDING):
            return self.record(thing)
        return thing.name == self.person.name

    def paper(self, thing: Thing) -> bool:
        """The office's officers, supervisors and publishers; those it was sent to and above; all in an area that it was
        written to, by one line only what names nobody."""
        readers = PAGES["papers"]
        if self.sees(thing.unit, *SUPERVISING, PUBLISHER):
            return True
        if thing.about and thing.form in SENT and self.sees(thing.about, *readers):
            return True
        if thing.form == "notice":
            return self.person.holds(lambda post: self.person.land.is_over(thing.where, post.unit), *readers)
        return thing.form in WIDE and self.person.is_under(thing.where, *readers)

    def draft_paper(self, thing: Thing) -> bool:
        """Officers; of a measure supervisors, too."""
        return self.sees(thing.unit, *(SUPERVISING if thing.is_on else (OFFICER,)))

    def card(self, thing: Thing) -> bool:
        return self.is_around(thing.unit)

    def draft_card(self, thing: Thing) -> bool:
        return self.sees(thing.unit, OFFICER)

    def round(self, thing: Thing) -> bool:
        """Who supervises its office; once it is over, those where it went, below and above."""
        return self.sees(thing.unit, *SUPERVISING) or (not thing.is_on and self.is_around(thing.where, *LOOKING))

    def office_round(self, thing: Thing) -> bool:
        return self.sees(thing.unit, *SUPERVISING)

    def walked_round(self, thing: Thing) -> bool:
        """Whoever stands for the office itself, or right above a department."""
        place = self.person.land.places[thing.unit]
        units = (thing.unit, place.above) if place.kind == "department" else (thing.unit,)
        return any(self.stands_for(one, *SUPERVISING) for one in units if one)

    def visit(self, thing: Thing) -> bool:
        """Who supervises the office; once it was made, who reads what happens at the unit."""
        return self.sees(thing.unit, *SUPERVISING) or (thing.is_told and self.sees(thing.where, *LOOKING))

    def entry(self, thing: Thing) -> bool:
        """Administrators of an area in every line: what was done to a unit there, or by who held a post there then."""
        done_by = [
            post.unit
            for post in self.scene.posts
            if thing.is_told and post.name == thing.name and _was_in_force(post, self.scene, thing.age)
        ]
        areas = [post.unit for post in self.list_posts(ADMINISTRATOR) if not post.line]
        return any(self.person.land.is_over(area, one) for area in areas for one in (thing.unit, *done_by))

    def reads_log(self) -> bool:
        """Whether there is any log for them."""
        return any(not post.line for post in self.list_posts(ADMINISTRATOR))

    def gives(self, code: str, role: str, line: str) -> bool:
        """Nobody gives more than is theirs, and nobody who stands in for somebody gives anything."""
        over = [
            post
            for post in self.list_posts(*STAFFING)
            if not post.stands_in
            and self.person.land.is_over(post.unit, code)
            and (not post.line or post.line == line == self.person.land.places[code].line)
        ]
        if role == ADMINISTRATOR:
            over = [one for one in over if one.role == ADMINISTRATOR or not (one.line or self._has_above(one.unit))]
        return bool(over)

    def closes(self, name: str) -> bool:
        """Who could give all the posts that somebody else holds or will hold; and looks after one that they had."""
        posts = [post for post in self.scene.posts if post.name == name]
        held = [post for post in posts if post.is_in_force(self.scene.posts) or post.days[0] > 0]
        ours = all(self.gives(post.unit, post.role, post.line) for post in held)
        own = replace(self.person, posts=tuple(post for post in self.person.posts if not post.stands_in))
        return name != self.person.name and ours and any(own.is_over(post.unit, *STAFFING) for post in posts)

    def rings(self, name: str) -> bool:
        """Oneself, and whoever has or had a post where one looks after people or looks again."""
        posts = [post.unit for post in self.scene.posts if post.name == name]
        return name == self.person.name or any(self.sees(one, OFFICER, REVIEWER, ADMINISTRATOR) for one in posts)

    def keeps(self) -> bool:
        """Personal data as a whole: officers and administrators of the root in every line."""
        return any(not (post.line or self._has_above(post.unit)) for post in self.list_posts(*STAFFING))

    def _has_above(self, code: str) -> bool:
        return bool(self.person.land.places[code].above)


def _was_in_force(post: Any, scene: Scene, ago: int) -> bool:
    """On the day so many days ago; whoever stands in only while the other one's post was in force."""
    own = bool(post.days[0] <= -ago < post.days[1])
    return own and (post.stands_for < 0 or _was_in_force(scene.posts[post.stands_for], scene, ago))


# --- how the site is asked --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Case:
    """Somebody at a page of some sort, as the site has them and as the sentences have them."""

    made: Made
    name: str
    user: User
    law: Law

    @property
    def today(self) -> date:
        return self.made.today

    @property
    def scene(self) -> Scene:
        return self.made.scene

    def __str__(self) -> str:
        held = ", ".join(f"{post.role}@{post.unit}/{post.line}" for post in self.law.person.posts)
        ways = {spot.place.code: spot.place.above for spot in self.scene.spots}
        lines = {spot.place.code: spot.place.line for spot in self.scene.spots if spot.place.line}
        return f"{self.name} at a page of {self.scene.page} with [{held}] in {ways}, lines {lines}"

    def keep(self, may: Callable[[Law, Thing], bool]) -> set[int]:
        return {number for number, thing in enumerate(self.scene.things, 1) if may(self.law, thing)}

    def find_units(self, may: Callable[[Law, str], bool]) -> set[str]:
        return {code for code in self.made.units if may(self.law, code)}

    def compare(self, what: str, found: Iterable[Any], expected: Iterable[Any]) -> None:
        found, expected = set(found), set(expected)
        told = [(one, self.scene.things[one - 1]) for one in found ^ expected if isinstance(one, int)]
        assert not found - expected, f"{what}: sees {found - expected}, which is not theirs. {self}. {told}"
        assert not expected - found, f"{what}: {expected - found} is theirs and not seen. {self}. {told}"


def list_cases(made: Made) -> Iterable[Case]:
    """Everybody, some as a page finds them and some as what runs without a page does: it makes no difference."""
    for number, name in enumerate(NAMES):
        law = Law(made.scene.make_person(name).narrow(made.scene.page), made.scene)
        yield Case(made, name, made.act(name, is_found=number % 2 == len(made.scene.posts) % 2), law)


def read_number(pk: Any) -> int:
    return int(pk.int if isinstance(pk, UUID) else pk)


def find_answer(ask: Callable[..., Any], *told: Any) -> int:
    """What a page would answer."""
    try:
        ask(*told)
    except Http404:
        return 404
    except PermissionDenied:
        return 403
    return 200


def find_gate(sees: bool, may: bool = True) -> int:
    return 404 if not sees else 200 if may else 403


# --- scenes that chance seldom makes ----------------------------------------------------------------------------------

# A town's plan for schools: it has none itself, but the town beside it has, and both have something of the line.
OTHER_TOWN = Scene(
    tuple(
        Spot(Place(code, above, kind, line), (-900, 900), "")
        for code, above, kind, line in (
            ("SQ", "", "county", ""),
            ("SQ1", "SQ", "town", ""),
            ("SQ10", "SQ", "town", ""),
            ("B", "SQ1", "department", "education"),
            ("Z", "SQ10", "school", "education"),
        )
    ),
    (Given("p0", "SQ", OFFICER, "education", (-30, 30), -1),),
    tuple(Thing(unit, "", "p1", True, True, "letter", "school", 0) for unit in ("SQ", "SQ1", "SQ10")),
    {},
    "people",
)


# What somebody did before they could stand in at the unit is no business of those who look after it.
STOOD_IN_LATER = replace(
    OTHER_TOWN,
    posts=(
        Given("p0", "SQ1", ADMINISTRATOR, "", (-30, 30), -1),
        Given("p1", "SQ1", OFFICER, "", (0, 30), -1),
        Given("p2", "SQ1", OFFICER, "", (-30, 30), 1),
    ),
    things=tuple(Thing("SQ10", "", "p2", True, True, "letter", "school", age) for age in (0, 1, 20)),
)

# A department below that is closed is inspected for by nobody; what a town has written itself it does not answer.
CLOSED_BELOW = replace(
    OTHER_TOWN,
    spots=(
        Spot(Place("SQ", "", "county"), (-900, 900), ""),
        Spot(Place("SQ1", "SQ", "town"), (-900, 900), ""),
        Spot(Place("B", "SQ1", "department"), (-900, 0), ""),
    ),
    posts=(Given("p0", "SQ1", OFFICER, "", (-30, 30), -1), Given("p1", "SQ1", SECRETARY, "", (-30, 30), -1)),
    things=tuple(Thing("SQ1", about, "p1", True, True, "letter", "school", 0) for about in ("B", "", "SQ")),
)


# --- lists of units ---------------------------------------------------------------------------------------------------


def find_kind(law: Law, code: str) -> str:
    return law.person.land.places[code].kind


def is_there(law: Law, code: str) -> bool:
    return next(spot.is_there for spot in law.scene.spots if spot.place.code == code)


def issues(law: Law, code: str) -> bool:
    """An officer's own unit, and the administrations below."""
    own = any(post.unit == code for post in law.list_posts(OFFICER))
    return law.sees(code, OFFICER) and (own or find_kind(law, code) in ISSUERS)


def is_area(law: Law, code: str, *roles: str) -> bool:
    """The unit of a post below which all is in sight."""
    own = [post for post in law.list_posts(*roles) if post.unit == code]
    return any(not post.line for post in own) or (bool(own) and law.sees_whole(code))


def inspects(law: Law, code: str) -> bool:
    place = law.person.land.places[code]
    if law.stands_for(code, OFFICER) and place.kind in INSPECTING:
        return True
    if place.kind != "department" or not is_there(law, code) or not place.above:
        return False
    return law.stands_for(place.above, OFFICER) and find_kind(law, place.above) in INSPECTING


FindUnits = Callable[[User, date], Iterable[Unit]]
UNITS: Mapping[str, tuple[FindUnits, Callable[[Law, str], bool]]] = {
    "units": (people.list_visible_units, lambda law, code: law.sees(code)),
    "managed": (people.list_managed_units, lambda law, code: law.sees(code, OFFICER)),
    "changing": (people.list_changing_units, lambda law, code: law.sees(code, *STAFFING)),
    "staffed": (people.list_staffed_units, lambda law, code: law.sees(code, *STAFFING)),
    "reviewed": (access.list_reviewed_units, lambda law, code: law.person.is_right_over(code, *REVIEWING)),
    "own": (access.list_own_units, lambda law, code: law.stands_for(code, *RECORDING)),
    "issuing": (access.list_issuing_units, issues),
    "with cards": (access.list_card_bodies, lambda law, code: issues(law, code) and find_kind(law, code) in CARDED),
    "recording": (access.list_recording_units, lambda law, code: law.sees(code, *RECORDING) and is_there(law, code)),
    "areas": (people.list_areas, lambda law, code: is_area(law, code, *ROLES)),
    "inspecting": (access.list_inspecting_offices, inspects),
}


@lawful(12)
@given(draw_scenes())
@example(CLOSED_BELOW)
def test_nobody_finds_a_unit_outside_their_posts_and_everybody_all_inside(scene: Scene) -> None:
    with build(scene) as made:
        for case in list_cases(made):
            for what, (find, may) in UNITS.items():
                found = {unit.code for unit in find(case.user, case.today)}
                case.compare(what, found, case.find_units(may))
            seen = people.list_codes_in_sight(case.user, [*made.units, "no-such"], case.today)
            case.compare("codes", seen, case.find_units(Law.sees))


ASKED_OF_UNITS: Mapping[str, tuple[Callable[..., bool], Callable[[Law, str], bool]]] = {
    "whole": (people.is_whole, lambda law, code: law.sees_whole(code)),
    "look": (people.may_look, lambda law, code: law.sees_whole(code, *LOOKING)),
    "manage": (people.may_manage, lambda law, code: law.sees(code, OFFICER)),
    "record": (people.may_record, lambda law, code: law.sees(code, *RECORDING)),
    "change": (people.may_change_unit, lambda law, code: law.sees(code, *STAFFING)),
    "appoint": (people.may_appoint, lambda law, code: law.sees(code, *STAFFING)),
    "review": (access.may_review_below, lambda law, code: law.sees(code, *SUPERVISING)),
    "reveal": (personal.may_reveal, lambda law, code: law.sees(code, OFFICER, REVIEWER)),
}
GATES: Mapping[str, tuple[Callable[..., Any], Callable[[Law, str], int]]] = {
    "unit": (people.get_unit, lambda law, code: find_gate(law.sees(code))),
    "area": (people.get_area, lambda law, code: find_gate(law.sees_whole(code))),
    "managed": (people.get_managed_unit, lambda law, code: find_gate(law.sees_whole(code), law.sees(code, OFFICER))),
    "staffed": (people.get_staffed_unit, lambda law, code: find_gate(law.sees(code), law.sees(code, *STAFFING))),
    "changing": (people.get_changing_unit, lambda law, code: find_gate(law.sees(code), law.sees(code, *STAFFING))),
    "recording": (people.get_recording_unit, lambda law, code: find_gate(law.sees(code), law.sees(code, *RECORDING))),
}


@lawful(5)
@given(draw_scenes())
def test_a_unit_opens_only_to_who_may_what_is_asked_there(scene: Scene) -> None:
    with build(scene) as made:
        for case in list_cases(made):
            for code, unit in made.units.items():
                for what, (ask, may) in ASKED_OF_UNITS.items():
                    answer = ask(case.user, unit, case.today)
                    assert answer == may(case.law, code), f"{what} at {code}: answered {answer}. {case}"
                for what, (get, gate) in GATES.items():
                    status = find_answer(get, case.user, code, case.today)
                    assert status == gate(case.law, code), f"{what} at {code}: answered {status}. {case}"
            assert find_answer(people.get_unit, case.user, "no-such", case.today) == 404


@lawful(8)
@given(draw_scenes())
def test_nobody_gives_a_post_or_ends_an_account_beyond_what_is_theirs(scene: Scene) -> None:
    with build(scene) as made:
        for case in list_cases(made):
            for code, unit in made.units.items():
                for role in (SECRETARY, ADMINISTRATOR):
                    for line in ("", "education", "police"):
                        answer = people.may_give(case.user, unit, case.today, role=role, line=line)
                        assert answer == case.law.gives(code, role, line), f"gives {role}/{line} at {code}. {case}"
            for name in NAMES:
                person = made.users[name]
                closes = people.may_close(case.user, person, case.today)
                assert closes == case.law.closes(name), f"ends the account of {name}: {closes}. {case}"
                status = find_answer(personal.get_person, case.user, person.pk, case.today)
                assert status == find_gate(case.law.rings(name)), f"rings {name}: {status}. {case}"
                subject = find_answer(personal.get_subject, case.user, person.pk, case.today)
                keeps = name == case.name or case.law.keeps()
                assert subject == find_gate(keeps), f"has what is kept of {name}: {subject}. {case}"


# --- as which post somebody acts --------------------------------------------------------------------------------------

Acts = Callable[[Law, Held, str], bool]


def opens(law: Law, post: Held, code: str) -> bool:
    return law.person.is_opened(post, code)


def opens_from_above(law: Law, post: Held, code: str) -> bool:
    return opens(law, post, code) and post.unit != code


FindPost = Callable[[User, Unit, date], "Post | None"]
ACTING: Mapping[str, tuple[FindPost, tuple[str, ...], Acts]] = {
    "office": (access.find_office_post, (OFFICER,), opens),
    "visiting": (access.find_visiting_post, (OFFICER,), opens_from_above),
    "objecting": (access.find_objecting_post, SUPERVISING, opens_from_above),
    "line of a table": (access.find_line_post, RECORDING, opens),
    "calling": (access.find_calling_post, (OFFICER,), opens),
    "applying": (
        access.find_applying_post,
        RECORDING,
        lambda law, post, code: opens(law, post, code) and (post.role == SECRETARY or post.unit == code),
    ),
}


@lawful(5)
@given(draw_scenes())
def test_nobody_acts_for_a_unit_by_a_post_that_does_not_open_it(scene: Scene) -> None:
    with build(scene) as made:
        for case in list_cases(made):
            for code, unit in made.units.items():
                for what, (find, roles, acts) in ACTING.items():
                    found = find(case.user, unit, case.today)
                    theirs = [post for post in case.law.list_posts(*roles) if acts(case.law, post, code)]
                    assert (found is not None) == bool(theirs), f"{what} at {code}: {found}. {case}"
                    if found is not None:
                        nearest = max(len(case.law.person.land.list_up(post.unit)) for post in theirs)
                        assert any(is_same(post, found) for post in theirs), f"{what} at {code}: {found}. {case}"
                        depth = len(case.law.person.land.list_up(found.unit.code))
                        assert depth == nearest, f"{what} at {code}: {found} is not the nearest. {case}"
                compare_offices(case, code, unit)


def is_same(post: Held, found: Post) -> bool:
    told = found.unit.code, found.role, found.line, found.deputy_of_id is not None
    return (post.unit, post.role, post.line, post.stands_in) == told


def compare_offices(case: Case, code: str, unit: Unit) -> None:
    for is_above in (False, True):
        found = access.find_paper_office(case.user, unit, case.today, is_above=is_above)
        way = case.law.person.land.list_up(code)[is_above:]
        offices = [
            one
            for one in way
            if any(
                post.unit == one and opens(case.law, post, code) and opens(case.law, post, one)
                for post in case.law.list_posts(OFFICER)
            )
        ]
        told = found.code if found else None
        assert told == (offices[0] if offices else None), f"writes about {code}: {told}. {case}"
    role = access.find_inspecting_post(case.user, unit, case.today)
    thing = replace(case.scene.things[0], unit=code)
    assert bool(role) == case.law.walked_round(thing), f"inspects for {code}: {role}. {case}"


@lawful(12)
@given(draw_scenes())
def test_a_key_opens_what_its_post_opens_today_and_nothing_after_either_ends(scene: Scene) -> None:
    with build(scene) as made:
        land = scene.land
        for number, given_ in enumerate(scene.posts):
            opens_on, closes_on = find_key_days(number)
            token = people.find_token(KEY.format(number), made.today)
            is_open = given_.is_in_force(scene.posts) and opens_on <= 0 < closes_on and given_.name != scene.closed
            assert (token is not None) == is_open, f"the key of {given_}, {opens_on} to {closes_on}"
            if token is None:
                continue
            assert (token.post.pk, token.post.user.username) == (made.posts[number].pk, given_.name)
            person = Person(given_.name, (given_.to_held(),), land)
            law = Law(person, scene)
            case = Case(made, given_.name, token.post.user, law)
            for code in made.units:
                status = find_answer(people.get_token_unit, token.post, code)
                assert status == find_gate(person.is_over(code)), f"{code} by the key of {given_}"
            own = {read_number(pk) for pk in access.list_own_records(token.post).values_list("pk", flat=True)}
            case.compare(
                "own records", own, case.keep(lambda law, one: one.name == law.person.name and law.record(one))
            )


# --- lists and single things ------------------------------------------------------------------------------------------

Find = Callable[[User, date], Iterable[Any]]
LISTS: Mapping[str, tuple[Find, Callable[[Law, Thing], bool]]] = {
    "plans": (access.list_visible_plans, Law.plan),
    "records": (access.list_visible_records, Law.record),
    "held corrections": (access.list_visible_held, Law.held),
    "papers": (access.list_visible_papers, Law.paper),
    "drafts of papers": (access.list_draft_papers, Law.draft_paper),
    "scorecards": (access.list_visible_scorecards, Law.card),
    "drafts of scorecards": (access.list_draft_scorecards, Law.draft_card),
    "titles": (access.list_visible_programs, Law.card),
    "monthly tables": (access.list_table_calls, Law.card),
    "rounds": (access.list_visible_rounds, Law.round),
    "rounds of the offices": (access.list_inspected_rounds, Law.office_round),
    "rounds to walk": (access.list_walked_rounds, Law.walked_round),
    "visits": (access.list_visible_visits, Law.visit),
    "findings": (access.list_visible_findings, Law.visit),
}


@lawful(14)
@given(draw_scenes())
@example(OTHER_TOWN)
@example(STOOD_IN_LATER)
def test_nobody_finds_a_thing_outside_what_the_sentences_allow_and_everybody_all_inside(scene: Scene) -> None:
    with build(scene) as made:
        for case in list_cases(made):
            for what, (find, may) in LISTS.items():
                found = {read_number(one.pk) for one in find(case.user, case.today)}
                case.compare(what, found, case.keep(may))
            compare_log(case)


def compare_log(case: Case) -> None:
    """The page of the log, the file of it, and each entry."""
    theirs = case.keep(Law.entry)
    for number in range(1, len(case.scene.things) + 1):
        status = find_answer(log.get_entry, case.user, LOG + number, case.today)
        assert status == find_gate(number in theirs), f"entry {number} is answered {status}. {case}"
    scope = log.find_scope(case.user, case.today)
    if scope is not None:
        case.compare("page of the log", (one.pk - LOG for one in list_page(scope, Asked()).entries), theirs)
        case.compare("file of the log", (one.pk - LOG for one in list_all(scope, Asked())), theirs)
    else:
        assert not theirs, f"the log is closed. {case}"


def by_officer(may: Callable[[Law, Thing], bool], *roles: str) -> Callable[[Law, Thing], int]:
    """Who sees it, and of these who may change it at its unit."""
    return lambda law, one: find_gate(may(law, one), law.sees(one.unit, *(roles or (OFFICER,))))


DOORS: Mapping[str, tuple[Callable[..., Any], type, Callable[[Law, Thing], int]]] = {
    "plan": (access.get_plan, int, lambda law, one: find_gate(law.plan(one))),
    "managed plan": (access.get_managed_plan, int, by_officer(Law.plan)),
    "record": (access.get_record, UUID, lambda law, one: find_gate(law.record(one))),
    "mendable record": (access.get_mendable_record, UUID, by_officer(Law.record, *RECORDING)),
    "evidence": (access.get_evidence, UUID, lambda law, one: find_gate(law.file(one))),
    "paper": (access.get_issued_paper, int, lambda law, one: find_gate(law.paper(one))),
    "restatable paper": (access.get_restatable_paper, int, by_officer(Law.paper)),
    "publishable paper": (access.get_publishable_paper, int, by_officer(Law.paper, *PUBLISHING)),
    "draft of a paper": (access.get_draft_paper, UUID, lambda law, one: find_gate(law.draft_paper(one))),
    "measure": (access.get_measure, int, lambda law, one: find_gate(law.paper(one))),
    "scorecard": (access.get_scorecard, int, lambda law, one: find_gate(law.card(one))),
    "managed scorecard": (access.get_managed_scorecard, int, by_officer(Law.card)),
    "draft of a scorecard": (access.get_draft_scorecard, UUID, lambda law, one: find_gate(law.draft_card(one))),
    "title": (access.get_title_program, int, lambda law, one: find_gate(law.card(one))),
    "round": (access.get_round, int, lambda law, one: find_gate(law.round(one))),
    "visit": (access.get_visit, int, lambda law, one: find_gate(law.visit(one))),
    "finding": (access.get_finding, int, lambda law, one: find_gate(law.visit(one))),
    "table": (access.get_table_call, int, lambda law, one: find_gate(law.card(one))),
    "called office": (access.get_called_office, int, by_officer(Law.card)),
}


@lawful(3)
@given(draw_scenes())
@example(CLOSED_BELOW)
def test_every_door_to_one_thing_opens_to_those_who_may_and_to_nobody_else(scene: Scene) -> None:
    with build(scene) as made:
        for case in list_cases(made):
            for number, thing in enumerate(scene.things, 1):
                for what, (get, kind, gate) in DOORS.items():
                    key: Any = UUID(int=number) if kind is UUID else number
                    status = find_answer(get, case.user, key, case.today)
                    assert status == gate(case.law, thing), f"{what} of {thing}: answered {status}. {case}"
                compare_files(case, number, thing)
                compare_acting(case, number, thing)


def compare_files(case: Case, number: int, thing: Thing) -> None:
    """A file that waits for its record is its sender's alone; a file is sent for what one may mend."""
    early = UUID(int=EARLY + number)
    status = find_answer(access.get_evidence, case.user, early, case.today)
    assert status == find_gate(thing.name == case.name), f"a file that waits: answered {status}. {case}"
    record = Record.objects.get(pk=UUID(int=number))
    assert access.may_see_record(case.user, record, case.today) == case.law.record(thing), f"{thing}. {case}"
    inspected = thing.is_told and thing.name == case.name
    expected = inspected or case.law.sees(thing.unit, *RECORDING) if case.law.record(thing) else None
    try:
        answer: bool | None = access.may_attach(case.user, record.pk, case.today)
    except Http404:
        answer = None
    assert answer == expected, f"attaches to {thing}: {answer}. {case}"
    assert access.may_attach(case.user, UUID(int=901), case.today) == bool(case.law.list_posts(*RECORDING)), f"{case}"


def compare_acting(case: Case, number: int, thing: Thing) -> None:
    """Who answers for a unit, who decides for an office, whose word it is at a scored unit."""
    paper = IssuedPaper.objects.select_related("unit", "addressee").get(pk=number)
    land = case.law.person.land
    answering = access.find_answering_post(case.user, paper, case.today) is not None
    below = [
        post
        for post in case.law.list_posts(*RECORDING)
        if thing.about
        and thing.about != thing.unit
        and opens(case.law, post, thing.about)
        and not land.is_over(post.unit, thing.unit)
    ]
    assert answering == bool(below), f"answers {thing}: {answering}. {case}"
    deciding = access.find_deciding_post(case.user, paper, case.today) is not None
    assert deciding == case.law.sees(thing.unit, *SUPERVISING), f"decides on {thing}. {case}"
    get: Callable[..., Any] = access.get_draft_duty
    for plan in (number, number % len(case.scene.things) + 1):
        one = case.scene.things[plan - 1]
        may = find_gate(case.law.plan(one), case.law.sees(one.unit, OFFICER))
        status = find_answer(get, case.user, plan, number, case.today)
        assert status == (may if plan == number or may != 200 else 404), f"duty {number} of plan {plan}. {case}"
