"""Plans of many duties, counties that change and ledgers of odd records, drawn for the engines."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from random import Random
from uuid import UUID

from hypothesis import strategies as st

from tests.core.ledgers import (
    CODES,
    DAYS,
    TREE,
    cover_duties,
    do_duties,
    duties,
    file_duties,
    keep_duties,
    make_plan,
    void_some,
)
from wuzha.adapters.columns.assess import Ground
from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment.assess import complete_duty
from wuzha.core.assessment.obligations import expand_windows, find_due_day
from wuzha.core.base.interval import DAY
from wuzha.core.base.unit import Tree, Unit
from wuzha.core.duty.model import Duty, Narrow
from wuzha.core.ledger.credit import list_feeding_kinds
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
AMOUNTS = (None, Fraction(0), Fraction(1, 2), Fraction(7), Fraction(333, 100))
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


def _change(draw: st.DrawFn, known: Unit) -> Unit:
    """More households and pupils than records, so that no tally is cut off at its base."""
    unit = replace(known, attributes=tuple(replace(one, value=one.value * 50) for one in known.attributes))
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
    duty: Duty = draw(st.one_of(do_duties, cover_duties, file_duties, do_duties, cover_duties, keep_duties, duties))
    if duty.verb in ("do", "cover", "keep"):
        duty = replace(duty, narrow=draw(st.sampled_from(NARROWS)))
    if duty.verb in ("do", "keep"):
        duty = replace(duty, measure=draw(st.sampled_from(MEASURES)))
    if duty.verb == "cover":
        duty = replace(duty, measure=draw(st.sampled_from(["", "people", "quantity", "heads"])))
    return duty


def draw_record(dice: Random, kinds: Sequence[str], days: Sequence[date]) -> Record:
    return Record(
        id=UUID(int=dice.randrange(1, 2**128 - 2**101)),
        unit=dice.choice(CODES),
        kind=dice.choice(kinds),
        happened_on=dice.choice(days),
        quantity=dice.randrange(5),
        people=dice.choice([None, 0, 1, 5]),
        subject=dice.choice(SUBJECTS),
        area_m2=dice.choice(AMOUNTS),
        loss_yuan=dice.choice(AMOUNTS),
        at_m=dice.choice([None, 0, 250, 999]),
        change=dice.choice(CHANGES),
        grade=dice.choice(["", "high", "low"]),
        place=dice.choice(PLACES),
        audience=dice.choice(AUDIENCES),
    )


def void_often(ledger: list[Record], dice: Random) -> list[Record]:
    """Corrections and withdrawals of some; a correction may be corrected again, and on another day."""
    first = void_some(ledger, [dice.randrange(4) for _ in ledger[::2]])
    again = [
        replace(record, id=UUID(int=2**101 - 1 - number), replaces=record.id, happened_on=record.happened_on + DAY)
        for number, record in enumerate(first[len(ledger) :])
        if number % 3 == 0 and not record.withdrawn
    ]
    return [*first, *again]


def list_edges(ground: Ground) -> list[date]:
    """The days on which a figure can change: the first and last ones of windows and lives, due days, the day asked."""
    edges = {ground.as_of, ground.as_of + DAY}
    for unit in ground.tree.units:
        edges |= {unit.opens_on, unit.closes_on}
    for duty in ground.plan.duties:
        for window in expand_windows(complete_duty(duty, ground.kinds), ground.plan.valid):
            edges |= {window.opens, window.closes, find_due_day(duty, window) + DAY}
    found = {edge - DAY for edge in edges} | edges
    return sorted(day for day in found if date(2025, 10, 1) <= day <= date(2027, 3, 31))


@st.composite
def cases(draw: st.DrawFn, duties_at_most: int = 5, records_at_most: int = 400) -> Case:
    """A dense case: most records are of kinds that feed a duty, on days on which something hangs. The records are cast
    with dice whose seed is drawn, since drawing hundreds one by one takes longer than counting them."""
    chosen = draw(st.lists(plain_duties(), min_size=1, max_size=duties_at_most))
    plan = make_plan(*(replace(duty, id=f"{duty.verb}-{number}") for number, duty in enumerate(chosen)))
    ground = Ground(plan, draw(trees()), load_kinds(), draw(DAYS))
    dice = Random(draw(st.integers(0, 2**32)))
    feeding = [k for d in plan.duties for k in sorted(list_feeding_kinds(complete_duty(d, ground.kinds), ground.kinds))]
    kinds, days = [*feeding * 3, *KINDS], [*list_edges(ground), *(date(2026, 1, 1) + DAY * n for n in range(0, 365, 3))]
    ledger = [draw_record(dice, kinds, days) for _ in range(draw(st.integers(0, records_at_most)))]
    return Case(ground, void_often(ledger, dice))
