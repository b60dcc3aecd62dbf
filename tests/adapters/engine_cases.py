"""Plans of many duties, counties that change and ledgers of odd records, drawn for the engines."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from hypothesis import strategies as st

from tests.core.ledgers import DAYS, TREE, duties, make_plan, void_some
from wuzha.adapters.columns.assess import Ground
from wuzha.adapters.kinds import load_kinds
from wuzha.core.base.unit import Tree, Unit
from wuzha.core.duty.model import Duty, Narrow
from wuzha.core.ledger.record import Record

KINDS = (
    *("rally", "talk", "progress_table", "banner", "wall_slogan", "visit", "class_meeting", "letter_home"),
    *("followup", "advert", "cases", "loss"),
)
SUBJECTS = ("", "", "A", "B", "a", " A", "门牌 1号", "O'Brien")
PLACES = (
    "",
    "河东集市",
    "文化广场",
    "集 市",
    "大集市场%",
    "广场_东",
    "'; DROP TABLE record; --",
    "市集",
    "集\u0301市",
    "𠮷广场",
)
AUDIENCES = ("", "老人", "老年人", "年轻人、老人", "OLD")
CHANGES = ("", "install", "seen", "damage", "replace", "remove", "enrol", "check", "check", "close")
MEASURES = ("", "quantity", "people", "heads", "area_m2", "loss_yuan")
NARROWS = (
    Narrow(),
    Narrow(place=("集市",)),
    Narrow(place=("广场", "集市"), audience=("老人",)),
    Narrow(audience=("老", "O")),
    Narrow(place=("%", "_")),
    Narrow(place=("'",)),
    Narrow(grade="high"),
    Narrow(grade="never"),
)


@dataclass(frozen=True, slots=True)
class Case:
    ground: Ground
    ledger: list[Record]


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """The county of the laws; each unit may open or close some time in the year."""
    return Tree(tuple(_change(draw, unit) for unit in TREE.units))


def _change(draw: st.DrawFn, unit: Unit) -> Unit:
    days = sorted((draw(DAYS), draw(DAYS)))
    match draw(st.sampled_from(["as it is", "as it is", "opens", "closes", "both"])):
        case "opens":
            return replace(unit, opens_on=days[0])
        case "closes":
            return replace(unit, closes_on=days[1])
        case "both":
            return replace(unit, opens_on=days[0], closes_on=days[1])
        case _:
            return unit


@st.composite
def plain_duties(draw: st.DrawFn) -> Duty:
    """A duty of any verb; what it narrows and what it counts are drawn anew where the verb can."""
    duty: Duty = draw(duties)
    if duty.verb in ("do", "cover", "keep"):
        duty = replace(duty, narrow=draw(st.sampled_from(NARROWS)))
    if duty.verb in ("do", "keep"):
        duty = replace(duty, measure=draw(st.sampled_from(MEASURES)))
    if duty.verb == "cover":
        duty = replace(duty, measure=draw(st.sampled_from(["", "people", "quantity", "heads"])))
    return duty


amounts = st.none() | st.integers(0, 500).map(lambda hundredths: Fraction(hundredths, 100))


@st.composite
def odd_records(draw: st.DrawFn) -> Record:
    return Record(
        id=UUID(int=draw(st.integers(1, 2**128 - 2**101))),
        unit=draw(st.sampled_from([unit.code for unit in TREE.units])),
        kind=draw(st.sampled_from(KINDS)),
        happened_on=draw(st.dates(date(2025, 10, 1), date(2027, 1, 3)) | st.dates(date(2026, 2, 10), date(2026, 4, 2))),
        quantity=draw(st.integers(0, 4)),
        people=draw(st.none() | st.integers(0, 5)),
        subject=draw(st.sampled_from(SUBJECTS)),
        area_m2=draw(amounts),
        loss_yuan=draw(amounts),
        at_m=draw(st.none() | st.integers(0, 1000)),
        change=draw(st.sampled_from(CHANGES)),
        grade=draw(st.sampled_from(["", "high", "low"])),
        place=draw(st.sampled_from(PLACES)),
        audience=draw(st.sampled_from(AUDIENCES)),
    )


def _key(record: Record) -> UUID:
    return record.id


def _void(ledger: list[Record], choices: list[int]) -> list[Record]:
    """Corrections and withdrawals of some; a correction may be corrected again."""
    first = void_some(ledger, choices)
    again = [
        replace(record, id=UUID(int=2**101 - 1 - number), replaces=record.id, happened_on=record.happened_on + DAY)
        for number, record in enumerate(first[len(ledger) :])
        if number % 3 == 0 and not record.withdrawn
    ]
    return [*first, *again]


DAY = timedelta(days=1)


@st.composite
def cases(draw: st.DrawFn, duties_at_most: int = 5, records_at_most: int = 60) -> Case:
    chosen = draw(st.lists(plain_duties(), min_size=1, max_size=duties_at_most))
    numbered = [replace(duty, id=f"{duty.verb}-{number}") for number, duty in enumerate(chosen)]
    ledger = draw(st.lists(odd_records(), max_size=records_at_most, unique_by=_key))
    ledger = _void(ledger, draw(st.lists(st.integers(0, 3), max_size=12)))
    return Case(Ground(make_plan(*numbered), draw(trees()), load_kinds(), draw(DAYS)), ledger)
