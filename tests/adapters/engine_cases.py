"""Plans of many duties, counties that change and ledgers of odd records, cast with dice for the engines.

A case is cast whole from one number: dense enough that most rules hang on some record of it, which a ledger drawn
record by record is not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from random import Random
from uuid import UUID

from tests.core.ledgers import CADENCES, CODES, TREE, YEAR, make_plan, void_some
from wuzha.adapters.columns.question import Question
from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment.assess import complete_duty
from wuzha.core.assessment.obligations import expand_windows, find_due_day
from wuzha.core.base.interval import DAY, Interval
from wuzha.core.base.unit import Attribute, Placement, Tree, Unit
from wuzha.core.base.windows import Rhythm
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.model import Due, Duty, Narrow, OnDayOff, Target, Waiver, Who
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
CHANGES = ("", "install", "install", "seen", "damage", "replace", "remove", "enrol", "check", "check", "close")
MEASURES = ("", "quantity", "people", "heads", "area_m2", "loss_yuan")
AMOUNTS = (None, Fraction(0), Fraction(1, 2), Fraction(7), Fraction(333, 100))
NARROWS = (
    *(Narrow(), Narrow(), Narrow(place=("集市",)), Narrow(place=("广场", "集市"), audience=("老人",))),
    *(Narrow(audience=("老", "O")), Narrow(place=("%", "_")), Narrow(place=("'",)), Narrow(grade="high")),
    Narrow(grade="never"),
)
WHOS = (
    *(Who(kind=("village",)), Who(kind=("town",)), Who(kind=("town", "village")), Who(kind=("grid",))),
    *(Who(kind=("all",)), Who(kind=("village", "community"), area=("T1",)), Who(kind=("county",))),
    *(Who(kind=("town", "village"), attribute=("venues",)), Who(attribute=("venues", "households"))),
)
STRETCHES = (YEAR, YEAR, Interval(date(2026, 2, 17), date(2026, 9, 9)))
COUNTS = (Fraction(1), Fraction(3), Fraction(5, 2))
OBJECTS = {
    **{"do": ("rally", "talk", "loss"), "file": ("progress_table",), "keep": ("banner", "wall_slogan")},
    **{"cover": ("household", "student", "resident"), "check": ("followup",), "space": ("advert",)},
    "attain": ("cases", "loss", "awareness"),
}
VERBS_DRAWN = ("do", "do", "do", "file", "cover", "cover", "keep", "keep", "check", "space", "attain")
FIRST, LAST = date(2025, 10, 1), date(2027, 3, 31)


@dataclass(frozen=True, slots=True)
class Case:
    ground: Question
    ledger: list[Record]


def make_case(seed: int, duties: int = 6, records: int = 400) -> Case:
    """One county on one day. Most records are of kinds that feed a duty, on days on which something hangs."""
    dice = Random(seed)
    plan = make_plan(*(cast_duty(dice, number) for number in range(dice.randrange(1, duties + 1))))
    ground = Question(plan, cast_tree(dice), load_kinds(), max(cast_day(dice), cast_day(dice)))
    feeding = [k for d in plan.duties for k in sorted(list_feeding_kinds(complete_duty(d, ground.kinds), ground.kinds))]
    kinds, days = (
        [*feeding * 6, *KINDS],
        [*list_edges(ground), *list_lives(ground.tree) * 3, *(YEAR.opens + DAY * n for n in range(0, 365, 5))],
    )
    ledger = [cast_record(dice, kinds, days) for _ in range(dice.randrange(records))]
    return Case(ground, void_often(ledger, dice))


def cast_day(dice: Random) -> date:
    return YEAR.opens + DAY * dice.randrange(365)


def cast_tree(dice: Random) -> Tree:
    """The county of the laws, in which units open, close, are renamed, become another kind and move."""
    return Tree(tuple(_move(dice, _limit(dice, unit)) for unit in TREE.units))


def _limit(dice: Random, known: Unit) -> Unit:
    """More households and pupils than records, so that no tally is cut off at its base."""
    many = tuple(replace(one, value=one.value * 50) for one in known.attributes)
    unit = replace(known, attributes=(*many, *_cast_venues(dice)))
    first, last = sorted((cast_day(dice), cast_day(dice)))
    if dice.random() < 0.4:
        unit = replace(unit, opens_on=first)
    return replace(unit, closes_on=last) if dice.random() < 0.5 else unit


def _cast_venues(dice: Random) -> list[Attribute]:
    """Venues that a unit gets and loses: what some duties ask for."""
    return [Attribute("venues", cast_day(dice), Fraction(dice.choice([0, 1, 3]))) for _ in range(dice.randrange(3))]


def _move(dice: Random, unit: Unit) -> Unit:
    above = {"village": ("T1", "T2"), "grid": ("V1", "V3")}
    if unit.kind not in above or dice.random() < 0.6:
        return unit
    kind = dice.choice(["village", "community"]) if unit.kind == "village" else "grid"
    return unit.change(Placement(cast_day(dice), unit.name, kind, dice.choice(above[unit.kind])))


def cast_duty(dice: Random, number: int) -> Duty:
    verb = dice.choice(VERBS_DRAWN)
    takes = VERBS[verb].takes
    rhythmic = verb == "check" or ("every" in takes and dice.random() < 0.7)
    return Duty(
        id=f"{verb}-{number}",
        verb=verb,
        object=dice.choice(OBJECTS[verb]),
        who=dice.choice(WHOS),
        valid=dice.choice(STRETCHES),
        target=_cast_target(dice, verb),
        rhythm=Rhythm(dice.choice(CADENCES), dice.choice([0, 0, 20])) if rhythmic else None,
        due=Due(dice.choice([0, 20, 31]), dice.choice(list(OnDayOff))) if "due" in takes else Due(),
        by=cast_day(dice) if dice.random() < 0.5 else None,
        narrow=dice.choice(NARROWS) if "where" in takes else Narrow(grade=dice.choice(["", "high"])),
        measure=dice.choice(MEASURES) if "sum" in takes else "",
        also=("banner",) if verb == "do" and dice.random() < 0.3 else (),
        along="main_road" if verb == "space" else "",
        seen_every_days=dice.choice([None, 30, 60]) if "seen_every" in takes else None,
        vague=dice.random() < 0.05,
        waivers=_cast_waivers(dice, f"{verb}-{number}"),
    )


def _cast_waivers(dice: Random, duty: str) -> tuple[Waiver, ...]:
    first, last = sorted((cast_day(dice), cast_day(dice)))
    given = Waiver(duty, frozenset(dice.sample(CODES, 2)), Interval(first, last), "修路")
    return (given,) if dice.random() < 0.3 else ()


def _cast_target(dice: Random, verb: str) -> Target | None:
    match verb:
        case "space":
            return Target("at_most", Fraction(200))
        case "attain":
            change = Target("at_most", Fraction(-1, 5), share=True, against=dice.choice(["last_year", "last_period"]))
            return dice.choice([Target("at_most", Fraction(3)), change, Target("at_least", Fraction(1, 2), share=True)])
        case "cover":
            return Target("at_least", dice.choice([Fraction(1, 500), Fraction(1, 100)]), share=True)
        case _:
            share = Target("at_least", Fraction(1, 30_000), of="population")
            return dice.choice([None, share, *(Target("at_least", amount) for amount in COUNTS)])


def cast_record(dice: Random, kinds: Sequence[str], days: Sequence[date]) -> Record:
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
    first = void_some(ledger, [dice.randrange(4) for _ in ledger[::3]])
    again = [
        replace(record, id=UUID(int=2**101 - 1 - number), replaces=record.id, happened_on=record.happened_on + DAY)
        for number, record in enumerate(first[len(ledger) :])
        if number % 3 == 0 and not record.withdrawn
    ]
    return [*first, *again]


def list_edges(ground: Question) -> list[date]:
    """The days on which a figure can change: the first and last ones of windows, due days, the day asked about."""
    edges = {ground.as_of, ground.as_of + DAY, *ground.tree.change_days}
    for duty in ground.plan.duties:
        windows = expand_windows(complete_duty(duty, ground.kinds), ground.plan.valid)
        for window in windows if len(windows) < 60 else windows[::20]:
            edges |= {window.opens, window.closes, find_due_day(duty, window) + DAY}
    return list_near(edges)


def list_lives(tree: Tree) -> list[date]:
    return list_near({day for unit in tree.units for day in (unit.opens_on, unit.closes_on)})


def list_near(edges: Iterable[date]) -> list[date]:
    return sorted({near for edge in edges if FIRST < edge < LAST for near in (edge - DAY, edge)})
