"""A title of the sample county, with villages at every place on the way to it. Days are counted back from today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from wuzha.adapters.plan_yaml import render_plan_yaml
from wuzha.core.title.life import ROAD, Kind

NAME = "石桥县无诈村（社区）"
CRITERIA_TITLE = "石桥县无诈村（社区）创建标准"
KINDS = ("village", "community")
OFFICER = "officer"
NOTES = MappingProxyType(
    {
        "objected": "有群众反映走访只到了村口几户，请核实。",
        "settled": "调走访记录抽了十户，都说去过，异议不成立。",
        "paused": "本月有一户被骗，案件正在倒查，查清以前暂停。",
        "refused": "宣讲记录和实际场次对不上，补齐以后可以再申请。",
    }
)


@dataclass(frozen=True, slots=True)
class SampleStep:
    """``by`` is the user name of who took it; a village's own steps are taken by its town's recorder."""

    unit: str
    kind: Kind
    on: date
    by: str
    note: str = ""


# By village: each event with how many days ago it was. Those at the top of the list go the usual road.
STORIES: Sequence[tuple[str, Sequence[tuple[Kind, int]]]] = (
    ("SQ0101", ((Kind.APPLIED, 12),)),
    ("SQ0102", (*zip(ROAD, (260, 250, 240, 230), strict=True), (Kind.AWARDED, 215))),
    ("SQ0201", ((Kind.APPLIED, 20), (Kind.SELF_CHECKED, 8))),
    ("SQ0203", ((Kind.APPLIED, 40), (Kind.SELF_CHECKED, 31), (Kind.VISITED, 9))),
    ("SQ0308", (*zip(ROAD, (410, 400, 390, 380), strict=True), (Kind.AWARDED, 365 - 45 - 2))),
    ("SQ0303", (*zip(ROAD, (50, 41, 30, 16), strict=True),)),
    ("SQ0304", (*zip(ROAD, (50, 41, 30, 1), strict=True),)),
    ("SQ0305", (*zip(ROAD, (48, 41, 30, 16), strict=True), (Kind.OBJECTED, 2))),
    ("SQ0306", (*zip(ROAD, (190, 180, 170, 160), strict=True), (Kind.AWARDED, 145), (Kind.PAUSED, 6))),
    ("SQ0307", (*zip(ROAD, (470, 460, 450, 440), strict=True), (Kind.AWARDED, 425))),
    (
        "SQ0403",
        (
            *zip(ROAD, (160, 150, 140, 130), strict=True),
            *((Kind.OBJECTED, 125), (Kind.SETTLED, 122), (Kind.AWARDED, 115)),
        ),
    ),
    ("SQ0402", ((Kind.APPLIED, 70), (Kind.SELF_CHECKED, 65), (Kind.REFUSED, 50))),
)


def criteria_text(year: int, issuer: str) -> str:
    """The criteria of that year in the plan language: what a village does, and nothing of cases."""
    who = {"kind": list(KINDS)}
    duties = (
        ("talk", "一", "每月至少组织一次有针对性的反诈宣讲", {"do": "talk", "at_least": 1, "every": "month"}),
        ("homes", "二", "年内走访一半以上住户", {"cover": "household", "at_least": "50%", "by": date(year, 12, 31)}),
        ("boards", "三", "固定宣传栏、版面不少于四块", {"keep": "board", "at_least": 4}),
    )
    written = [{"id": id_, "clause": clause, "quote": quote, "who": who, **keys} for id_, clause, quote, keys in duties]
    valid = {"from": date(year, 1, 1), "to": date(year, 12, 31)}
    return render_plan_yaml({"title": CRITERIA_TITLE, "issuer": issuer, "valid": valid, "duties": written})


def list_title_steps(today: date) -> list[SampleStep]:
    """Every step, unit by unit in the order of its days."""
    return [_make_step(unit, kind, today - timedelta(days)) for unit, events in STORIES for kind, days in events]


def _make_step(unit: str, kind: Kind, on: date) -> SampleStep:
    is_own = kind in ROAD[:2]
    by = f"sq{unit[2:4]}" if is_own else OFFICER
    return SampleStep(unit, kind, on, by, NOTES.get(kind.value, ""))
