"""Who stands where to whom, in plain words and without the site's own code: what the site does is compared with this.

A post stands at a unit. It is "at or above" another unit when its own unit is that one or one of those over it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

OFFICER, SECRETARY, SUPERVISOR = "officer", "secretary", "supervisor"
REVIEWER, PUBLISHER, ANALYST, ADMINISTRATOR = "reviewer", "publisher", "analyst", "admin"
# Who does what. An officer does all of it but reading the whole log.
RECORDING = (OFFICER, SECRETARY)
SUPERVISING = (OFFICER, SUPERVISOR)
REVIEWING = (OFFICER, SUPERVISOR, REVIEWER)
DRAFTING = (OFFICER, REVIEWER)
STAFFING = (OFFICER, ADMINISTRATOR)
PUBLISHING = (OFFICER, PUBLISHER)
# Whose post counts for anything on a page of which sort. What tells who did something is for those who read records;
# figures and plans name no person.
LOOKING = (OFFICER, SECRETARY, SUPERVISOR, REVIEWER)
ROLES = (*LOOKING, PUBLISHER, ANALYST, ADMINISTRATOR)
PAGES = {
    "people": ROLES,
    "records": LOOKING,
    "figures": (*LOOKING, ANALYST),
    "plans": (*LOOKING, ANALYST),
    "papers": (*LOOKING, PUBLISHER),
}
SAID = {
    OFFICER: "专干",
    SECRETARY: "记录员",
    SUPERVISOR: "督导员",
    REVIEWER: "审核员",
    PUBLISHER: "发布员",
    ANALYST: "分析员",
    ADMINISTRATOR: "系统管理员",
}
FOREVER = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Place:
    """A unit: the code of the one over it, empty at the root; what it is, and its line."""

    code: str
    above: str
    kind: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A post. It is in force from ``opens`` up to the day before ``closes``; with a ``line`` it is of that line alone:
    it opens of the units below those of the line, and nothing that speaks of a whole area."""

    unit: str
    role: str
    line: str = ""
    opens: date = date(1, 1, 1)
    closes: date = FOREVER
    stands_in: bool = False

    def is_in_force(self, on: date) -> bool:
        return self.opens <= on < self.closes


@dataclass(frozen=True, slots=True)
class Land:
    """All units by code."""

    places: Mapping[str, Place]

    def list_up(self, code: str) -> tuple[str, ...]:
        """The unit itself, the one over it, and so on to the root."""
        found = [code]
        while above := self.places[found[-1]].above:
            found.append(above)
        return tuple(found)

    def is_over(self, upper: str, lower: str) -> bool:
        """Whether the one is the other, or stands over it."""
        return upper in self.list_up(lower)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with the posts that are in force on the day. ``name`` is empty for who has not logged in."""

    name: str
    posts: tuple[Held, ...]
    land: Land

    def holds(self, test: Callable[[Held], bool], *roles: str) -> bool:
        return any(test(post) for post in self.posts if post.role in (roles or ROLES))

    def narrow(self, page: str) -> "Person":
        """The person as far as their posts count on a page of that sort."""
        return replace(self, posts=tuple(post for post in self.posts if post.role in PAGES[page]))

    def is_opened(self, post: Held, code: str) -> bool:
        return self.land.is_over(post.unit, code) and post.line in ("", self.land.places[code].line)

    def is_over(self, code: str, *roles: str) -> bool:
        """A post at the unit or above it."""
        return self.holds(lambda post: self.is_opened(post, code), *roles)

    def is_over_in_own_name(self, code: str, *roles: str) -> bool:
        """The same, by a post in which one stands in for nobody."""
        return self.holds(lambda post: not post.stands_in and self.is_opened(post, code), *roles)

    def is_right_over(self, code: str, *roles: str) -> bool:
        """A post above the unit, not at it."""
        return self.holds(lambda post: post.unit != code and self.is_opened(post, code), *roles)

    def is_at(self, code: str, *roles: str) -> bool:
        return self.holds(lambda post: post.unit == code and self.is_opened(post, code), *roles)

    def is_under(self, code: str, *roles: str) -> bool:
        """A post at the unit or below it, in every line."""
        return self.holds(lambda post: not post.line and self.land.is_over(code, post.unit), *roles)

    def is_named(self, code: str) -> bool:
        """Whether the person may read the unit's name: of one that a post opens, and of those over it."""
        opened = (one for one in self.land.places if self.is_over(one))
        return any(self.land.is_over(code, one) for one in opened) or self.holds(
            lambda post: self.land.is_over(code, post.unit)
        )

    def is_between(self, upper: str, lower: str, *roles: str) -> bool:
        """A post at the lower unit or above it, and below the upper one."""
        return self.holds(
            lambda post: self.is_opened(post, lower) and post.unit != upper and self.land.is_over(upper, post.unit),
            *roles,
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """A relation that a person has or has not, with the words for it that an official would use."""

    said: str
    holds: Callable[[Person], bool]

    def __or__(self, other: "Rule") -> "Rule":
        return Rule(f"{self.said}；{other.said}", lambda person: self.holds(person) or other.holds(person))


EVERYBODY = Rule("任何人，不登录也可以", lambda person: True)
NO_ONE = Rule("只有它自己的主人", lambda person: False)
ACCOUNT = Rule("登录的人，只见自己职务范围内的内容", lambda person: bool(person.name))
HOLDER = Rule("有职务的人", lambda person: bool(person.posts))
ROOT_OFFICER = Rule(
    "最高一级单位的专干或系统管理员",
    lambda person: person.holds(lambda post: not (person.land.places[post.unit].above or post.line), *STAFFING),
)
COUNTY_OFFICER = Rule(
    "县级及以上单位的专干",
    lambda person: person.holds(lambda post: not post.line and person.land.places[post.unit].kind == "county", OFFICER),
)


def some(*roles: str) -> Rule:
    """A post in one of the roles, wherever."""
    return Rule(f"有{_say(roles)}职务的人", lambda person: person.holds(lambda post: True, *roles))


def some_whole(*roles: str) -> Rule:
    """The same in every line: who has one line alone is asked for nothing that speaks of an area."""
    said = f"有{_say(roles)}职务（不限条线）的人"
    return Rule(said, lambda person: person.holds(lambda post: not post.line, *roles))


def _say(roles: tuple[str, ...]) -> str:
    return "或".join(SAID[role] for role in roles) if roles else "任职人员"


@dataclass(frozen=True, slots=True)
class Where:
    """A unit that a thing belongs to, and what it is to the thing: 所属单位, 制发单位."""

    code: str
    said: str

    def _make(self, words: str, test: Callable[..., bool], *roles: str) -> Rule:
        return Rule(words.format(here=self.said, who=_say(roles)), partial(_ask, test, self.code, roles))

    def over(self, *roles: str) -> Rule:
        return self._make("{here}及其上级的{who}", Person.is_over, *roles)

    def over_in_own_name(self, *roles: str) -> Rule:
        return self._make("{here}及其上级的{who}（代理的人除外）", Person.is_over_in_own_name, *roles)

    def right_over(self, *roles: str) -> Rule:
        return self._make("{here}上级的{who}", Person.is_right_over, *roles)

    def at(self, *roles: str) -> Rule:
        return self._make("{here}自己的{who}", Person.is_at, *roles)

    def under(self, *roles: str) -> Rule:
        return self._make("{here}及其下级的{who}", Person.is_under, *roles)

    def along(self) -> Rule:
        """At the unit, above or below it: whom what it issues binds, and who looks after it."""
        return Rule(
            f"{self.said}及其上级、下级的任职人员",
            lambda person: person.is_over(self.code) or person.is_under(self.code),
        )

    def below_of(self, upper: "Where", *roles: str) -> Rule:
        return Rule(
            f"{self.said}的{_say(roles)}（或{upper.said}以下、{self.said}以上各级的）",
            lambda person: person.is_between(upper.code, self.code, *roles),
        )


def _ask(test: Callable[..., bool], code: str, roles: tuple[str, ...], person: Person) -> bool:
    return test(person, code, *roles)
