"""The invented county and the people in it, whom every test of a page borrows.

石桥县 › 青石镇 › 柳湾村 and 东社区, with a school, a police station and a bank; beside it 河口镇, where the outsider
works.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.auth.hashers import make_password

from wuzha.web.accounts.models import Attribute, Post, Unit, User

PASSWORD = "a-long-enough-password"
FAST = make_password(PASSWORD, hasher="pbkdf2_sha256")
CENSUS = date(2026, 1, 1)

UNITS = (
    # code, name, kind, line, parent
    ("SQ", "石桥县", "county", "", ""),
    ("SQ01", "青石镇", "town", "", "SQ"),
    ("SQ0101", "柳湾村", "village", "", "SQ01"),
    ("SQ0102", "东社区", "community", "", "SQ01"),
    ("SQ01S1", "青石镇中心小学", "school", "education", "SQ01"),
    ("SQ01P1", "青石派出所", "station", "police", "SQ01"),
    ("SQ01B1", "石桥农商行青石支行", "bank", "finance", "SQ01"),
    ("SQ02", "河口镇", "town", "", "SQ"),
    ("SQ0201", "渡头村", "village", "", "SQ02"),
)
ATTRIBUTES = (
    ("SQ", "population", "412000"),
    ("SQ", "main_road_m", "18000"),
    ("SQ01", "population", "36500"),
    ("SQ01", "main_road_m", "2400"),
    ("SQ0101", "population", "2140"),
    ("SQ0101", "households", "640"),
    ("SQ0102", "population", "4800"),
    ("SQ0102", "households", "1650"),
    ("SQ01S1", "students", "860"),
    ("SQ01S1", "staff", "52"),
    ("SQ0201", "population", "1730"),
    ("SQ0201", "households", "505"),
)
PEOPLE = (
    # user name, display name, unit, role
    ("officer", "县联席办专干", "SQ", Post.Role.OFFICER),
    ("town_officer", "青石镇平安办专干", "SQ01", Post.Role.OFFICER),
    ("secretary", "柳湾村网格员", "SQ0101", Post.Role.SECRETARY),
    ("supervisor", "县督导员", "SQ", Post.Role.SUPERVISOR),
    ("outsider", "河口镇平安办专干", "SQ02", Post.Role.OFFICER),
    ("reviewer", "县审核员", "SQ", Post.Role.REVIEWER),
    ("publisher", "县发布员", "SQ", Post.Role.PUBLISHER),
    ("analyst", "县分析员", "SQ", Post.Role.ANALYST),
    ("administrator", "县系统管理员", "SQ", Post.Role.ADMINISTRATOR),
    ("two_posts", "渡头村网格员兼青石镇督导员", "SQ0201", Post.Role.SECRETARY),
)


@dataclass(frozen=True)
class Cast:
    """Units by code and people by user name. Everybody's password is :data:`PASSWORD`."""

    units: dict[str, Unit]
    people: dict[str, User]

    @property
    def county(self) -> Unit:
        return self.units["SQ"]

    @property
    def town(self) -> Unit:
        return self.units["SQ01"]

    @property
    def village(self) -> Unit:
        return self.units["SQ0101"]

    @property
    def community(self) -> Unit:
        return self.units["SQ0102"]

    @property
    def school(self) -> Unit:
        return self.units["SQ01S1"]

    @property
    def station(self) -> Unit:
        return self.units["SQ01P1"]

    @property
    def bank(self) -> Unit:
        return self.units["SQ01B1"]

    @property
    def other_town(self) -> Unit:
        return self.units["SQ02"]

    @property
    def officer(self) -> User:
        return self.people["officer"]

    @property
    def town_officer(self) -> User:
        return self.people["town_officer"]

    @property
    def secretary(self) -> User:
        return self.people["secretary"]

    @property
    def supervisor(self) -> User:
        return self.people["supervisor"]

    @property
    def outsider(self) -> User:
        """An officer of another town: sees nothing of the county, of 青石镇 or below."""
        return self.people["outsider"]

    @property
    def line_officer(self) -> User:
        """An officer of the county in the line of education alone: sees the school and nothing else."""
        return self.people["line_officer"]

    @property
    def deputy(self) -> User:
        """Stands in for the officer of 青石镇, and holds no post of their own."""
        return self.people["deputy"]

    @property
    def reviewer(self) -> User:
        return self.people["reviewer"]

    @property
    def publisher(self) -> User:
        return self.people["publisher"]

    @property
    def analyst(self) -> User:
        return self.people["analyst"]

    @property
    def administrator(self) -> User:
        return self.people["administrator"]

    @property
    def two_posts(self) -> User:
        """Records for 渡头村 and supervises 青石镇."""
        return self.people["two_posts"]

    @property
    def nobody(self) -> User:
        """A person with an account and without any post."""
        return self.people["nobody"]


def make_cast() -> Cast:
    """Writes the county, its attributes and its people into the database."""
    units = make_units()
    Attribute.objects.bulk_create(
        Attribute(unit=units[code], name=name, value=Decimal(value), valid_from=CENSUS, source="2026年统计年报")
        for code, name, value in ATTRIBUTES
    )
    people = {name: User.objects.create(username=name, display_name=shown, password=FAST) for name, shown, *_ in PEOPLE}
    people["nobody"] = User.objects.create(username="nobody", display_name="尚未任职", password=FAST)
    Post.objects.bulk_create(Post(user=people[name], unit=units[code], role=role) for name, _, code, role in PEOPLE)
    make_unusual_posts(units, people)
    return Cast(units, people)


def make_unusual_posts(units: dict[str, Unit], people: dict[str, User]) -> None:
    """A post of one line, one that stands in for another, and the second post of a person."""
    for name, shown in (("line_officer", "县教育局专干"), ("deputy", "青石镇代理专干")):
        people[name] = User.objects.create(username=name, display_name=shown, password=FAST)
    officer = Post.Role.OFFICER
    Post.objects.create(user=people["line_officer"], unit=units["SQ"], role=officer, line="education")
    deputed = Post.objects.get(user=people["town_officer"])
    Post.objects.create(user=people["deputy"], unit=deputed.unit, role=officer, deputy_of=deputed)
    Post.objects.create(user=people["two_posts"], unit=units["SQ01"], role=Post.Role.SUPERVISOR)


def make_units() -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for code, name, kind, line, above in UNITS:
        parent = units.get(above)
        path = f"{parent.path if parent else ''}{code}/"
        units[code] = Unit.objects.create(code=code, name=name, kind=kind, line=line, parent=parent, path=path)
    return units
