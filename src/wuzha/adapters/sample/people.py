"""Who logs in to the sample county: posts, no persons. Everybody who can log in has the one printed password."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from wuzha.adapters.sample.county import ROOT
from wuzha.adapters.sample.habit import SHOWN_VILLAGE
from wuzha.adapters.sample.name import TOWNS, name_town

PASSWORD = "shiqiao-demo"
SCHOOL = "SQ03X01"
STATION = "SQ03P01"
TOWN = "SQ03"


Role = Literal["officer", "secretary", "supervisor", "reviewer", "publisher", "analyst", "admin"]


@dataclass(frozen=True, slots=True)
class Person:
    """A log-in and the unit of its post; without a unit it has none, and no page lets it in.

    ``line`` narrows the post to one line; ``deputy_of`` is the log-in for which it stands in; ``more`` are further
    posts, each a unit and a role.
    """

    username: str
    name: str
    unit: str = ""
    role: Role = "secretary"
    line: str = ""
    deputy_of: str = ""
    more: tuple[tuple[str, Role], ...] = ()


LOG_INS = (
    Person("officer", "县联席办专干", ROOT, "officer"),
    Person("town", "葭浦镇平安办专干", TOWN, "officer"),
    Person("village", "村支部书记", SHOWN_VILLAGE),
    Person("school", "学校联络员", SCHOOL),
    Person("station", "派出所民警", STATION),
    Person("supervisor", "县督导员", ROOT, "supervisor"),
    Person("education", "县教育局专干", ROOT, "officer", line="education"),
    Person("deputy", "葭浦镇代理专干", TOWN, "officer", deputy_of="town"),
    Person("reviewer", "县审核员", ROOT, "reviewer"),
    Person("publisher", "县发布员", ROOT, "publisher"),
    Person("analyst", "县分析员", ROOT, "analyst"),
    Person("admin", "县系统管理员", ROOT, "admin"),
    Person("both", "校园联络员兼葭浦镇督导员", SCHOOL, more=((TOWN, "supervisor"),)),
    Person("outsider", "没有岗位的人"),
)

RECORDERS = tuple(
    Person(f"sq{number:02}", f"{name_town(number)}记录员", f"{ROOT}{number:02}") for number in range(1, len(TOWNS) + 1)
)
"""Those who wrote most of the ledger, one a town. They cannot log in."""

_OWN: Mapping[str, str] = MappingProxyType({SHOWN_VILLAGE: "village", SCHOOL: "school", STATION: "station"})


def find_author(code: str, town_code: str) -> str:
    """The user name of whoever writes for the unit: its own post, its town's recorder, or the county's officer."""
    if own := _OWN.get(code[: len(SHOWN_VILLAGE)]) or _OWN.get(code):
        return own
    town = town_code[2:4]
    return f"sq{town}" if town.isdigit() else "officer"
