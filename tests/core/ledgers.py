"""Small counties, plans and ledgers for the laws, drawn by Hypothesis."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from hypothesis import strategies as st

from wuzha.adapters.calendar import load_calendar
from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import EARLIEST, LATEST, Attribute, Placement, Tree, Unit
from wuzha.core.base.windows import Cadence, Rhythm
from wuzha.core.duty.model import Due, Duty, Narrow, OnDayOff, Target, Waiver, Who
from wuzha.core.ledger.record import Record
from wuzha.core.plan.check import BELOW_A_MONTH
from wuzha.core.plan.model import Plan

YEAR = Interval(date(2026, 1, 1), date(2027, 1, 1))
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
GRADES = ("high", "low")


# Got and lost, got late, and always there: some duties ask for it.
VENUES = {
    "V1": (Attribute("venues", date(2026, 1, 5), Fraction(2)), Attribute("venues", date(2026, 5, 20), Fraction(0))),
    "V3": (Attribute("venues", date(2026, 8, 3), Fraction(1)),),
    "T2": (Attribute("venues", EARLIEST, Fraction(4)),),
}


def _make_unit(code: str, kind: str, parent: str, opens_on: date = EARLIEST, closes_on: date = LATEST) -> Unit:
    attributes = (
        Attribute("population", EARLIEST, Fraction(2_100)),
        Attribute("households", EARLIEST, Fraction(20)),
        Attribute("households", date(2026, 7, 1), Fraction(25)),
        Attribute("students", EARLIEST, Fraction(30)),
        Attribute("main_road_m", EARLIEST, Fraction(1000)),
        *(VENUES.get(code, ())),
    )
    return Unit(code, code, kind, parent, "", opens_on, closes_on, attributes if kind != "grid" else ())


TREE = Tree(
    (
        _make_unit("C", "county", ""),
        _make_unit("T1", "town", "C"),
        _make_unit("T2", "town", "C"),
        _make_unit("V1", "village", "T1"),
        _make_unit("V2", "village", "T1", closes_on=date(2026, 6, 18)),
        _make_unit("V3", "village", "T2", opens_on=date(2026, 3, 12)),
        _make_unit("G1", "grid", "V1"),
        _make_unit("G2", "grid", "V3"),
    )
)
CODES = [unit.code for unit in TREE.units]

PLACES = {"T1": ("C",), "T2": ("C",), "V1": ("T1", "T2"), "V2": ("T1", "T2"), "V3": ("T1", "T2", "C")}
PLACES |= {"G1": ("V1", "V3", "T2"), "G2": ("V3", "V2")}


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, Placement]:
    """A unit is renamed, moved or becomes another kind on a day; nothing ever comes to stand below itself."""
    code = draw(st.sampled_from(sorted(PLACES)))
    kinds = ("grid",) if code.startswith("G") else ("town",) if code.startswith("T") else ("village", "community")
    name, kind = draw(st.sampled_from([code, f"新{code}"])), draw(st.sampled_from(kinds))
    since, parent = draw(st.dates(date(2026, 1, 10), date(2026, 11, 20))), draw(st.sampled_from(PLACES[code]))
    return code, Placement(since, name, kind, parent, draw(st.sampled_from(["", "civil"])))


def change_tree(tree: Tree, made: Iterable[tuple[str, Placement]]) -> Tree:
    units = {unit.code: unit for unit in tree.units}
    for code, placement in made:
        units[code] = units[code].change(placement)
    return Tree(tuple(units.values()))


histories = st.lists(changes(), max_size=5).map(lambda made: change_tree(TREE, made))

whos = st.sampled_from(
    [
        Who(kind=("village",)),
        Who(kind=("town",)),
        Who(kind=("town", "village")),
        Who(kind=("grid",)),
        Who(kind=("all",)),
        Who(kind=("village",), area=("T1",)),
        Who(kind=("community", "town")),
        Who(line=("civil",)),
        Who(name=("V1", "新V1", "新T2")),
    ]
)
# Whom they mean changes with what the units have, though no unit moves.
asking_whos = st.sampled_from([Who(attribute=("venues",)), Who(kind=("town", "village"), attribute=("venues",))])
# Days are drawn seldom: a year of them costs as much as all other cadences together.
CADENCES = [cadence for cadence in Cadence if cadence is not Cadence.DAY] * 3 + [Cadence.DAY]
rhythms = st.builds(Rhythm, st.sampled_from(CADENCES), st.sampled_from([0, 0, 20]))
targets = st.sampled_from(
    [
        Target("at_least", Fraction(1)),
        Target("at_least", Fraction(3)),
        Target("at_least", Fraction(1, 1000), of="population"),
    ]
)
narrows = st.sampled_from(
    [Narrow(), Narrow(), Narrow(place=("集市",)), Narrow(place=("广场", "集市"), audience=("老人",))]
)
WORKDAYS = load_calendar().workdays
dues = st.sampled_from(
    [
        *(Due(), Due(20), Due(31)),
        *(Due(20, OnDayOff.NEXT, WORKDAYS), Due(0, OnDayOff.NEXT, WORKDAYS), Due(31, OnDayOff.PREVIOUS, WORKDAYS)),
    ]
)


def fit_due(duty: Duty) -> Duty:
    """Only months and longer have a day of the month that can move."""
    short = duty.rhythm is not None and duty.rhythm.cadence in BELOW_A_MONTH
    return replace(duty, due=Due()) if short and duty.due.on_day_off else duty


stretches = st.sampled_from([YEAR, YEAR, Interval(date(2026, 2, 17), date(2026, 9, 9))])

do_duties = st.builds(
    Duty,
    id=st.just("do"),
    verb=st.just("do"),
    object=st.just("rally"),
    who=whos,
    valid=stretches,
    target=targets,
    rhythm=st.none() | rhythms,
    due=dues,
    narrow=narrows,
    measure=st.sampled_from(["quantity", "people"]),
    also=st.sampled_from([(), ("talk",)]),
).map(fit_due)
file_duties = st.builds(
    Duty,
    id=st.just("file"),
    verb=st.just("file"),
    object=st.just("progress_table"),
    who=whos,
    valid=stretches,
    rhythm=st.none() | rhythms,
    due=dues,
    by=st.none() | DAYS,
).map(fit_due)
keep_duties = st.builds(
    Duty,
    id=st.just("keep"),
    verb=st.just("keep"),
    object=st.just("banner"),
    who=whos,
    valid=stretches,
    target=targets,
    by=st.none() | DAYS,
    seen_every_days=st.none() | st.just(60),
)
cover_duties = st.builds(
    Duty,
    id=st.just("cover"),
    verb=st.just("cover"),
    object=st.sampled_from(["household", "student"]),
    who=whos,
    valid=stretches,
    target=st.sampled_from(
        [Target("at_least", Fraction(1, 2), share=True), Target("at_least", Fraction(1), share=True)]
    ),
    by=st.none() | DAYS,
)
check_duties = st.builds(
    Duty,
    id=st.just("check"),
    verb=st.just("check"),
    object=st.just("followup"),
    who=whos,
    valid=stretches,
    rhythm=rhythms,
    narrow=st.sampled_from([Narrow(), Narrow(grade="high")]),
)
space_duties = st.builds(
    Duty,
    id=st.just("space"),
    verb=st.just("space"),
    object=st.just("advert"),
    who=whos,
    valid=stretches,
    target=st.just(Target("at_most", Fraction(200))),
    along=st.just("main_road"),
)
attain_duties = st.builds(
    Duty,
    id=st.just("attain"),
    verb=st.just("attain"),
    object=st.sampled_from(["cases", "cases", "awareness"]),
    who=whos,
    valid=stretches,
    target=st.sampled_from(
        [
            Target("at_most", Fraction(3)),
            Target("at_most", Fraction(-1, 5), share=True, against="last_year"),
            Target("at_most", Fraction(-1, 5), share=True, against="last_period"),
        ]
    ),
    rhythm=st.none() | rhythms,
    by=st.none() | DAYS,
)
duties = st.one_of(do_duties, file_duties, keep_duties, cover_duties, check_duties, space_duties, attain_duties)


waivers = st.builds(
    Waiver,
    duty=st.sampled_from(["do", "file", "keep", "cover", "check", "space", "attain"]),
    units=st.frozensets(st.sampled_from(CODES), max_size=3),
    days=st.builds(lambda first, days: Interval(first, first + timedelta(days=days)), DAYS, st.integers(1, 200)),
    reason=st.sampled_from(["修路", "汛期"]),
)


def make_plan(*chosen: Duty) -> Plan:
    return Plan("方案", "县联席办", YEAR, (), chosen)


ALL_KINDS = ("rally", "talk", "progress_table", "banner", "visit", "followup", "advert", "cases")
TAUGHT = ("class_meeting", "letter_home")


@st.composite
def records(draw: st.DrawFn, kinds: tuple[str, ...] = ALL_KINDS) -> Record:
    kind = draw(st.sampled_from(kinds))
    happened_on = draw(st.dates(date(2025, 10, 1), date(2026, 12, 31)))
    changes = {"banner": ["install", "seen", "remove", "damage", "replace"], "advert": ["install", "remove", "replace"]}
    return Record(
        id=UUID(int=draw(st.integers(1, 2**60))),
        unit=draw(st.sampled_from(CODES)),
        kind=kind,
        happened_on=happened_on,
        quantity=draw(st.integers(0, 4)),
        people=draw(st.none() | st.integers(0, 5)),
        subject=draw(st.sampled_from(["A", "B", "C"] if kind in ("followup", "advert") else ["", "", "A", "B"])),
        at_m=draw(st.integers(0, 1000)) if kind == "advert" else None,
        change=draw(st.sampled_from(changes.get(kind, ["enrol", "check", "check", "close"])))
        if kind in ("banner", "advert", "followup")
        else "",
        grade=draw(st.sampled_from(GRADES)) if kind == "followup" else "",
        place=draw(st.sampled_from(["", "河东集市", "文化广场"])),
        audience=draw(st.sampled_from(["", "老人"])),
    )


def _key(record: Record) -> UUID:
    return record.id


ledgers = st.lists(records(), max_size=25, unique_by=_key)


@st.composite
def questions(draw: st.DrawFn) -> tuple[Duty, list[Record]]:
    """A duty with a ledger most of whose records can feed it, some of them corrected or withdrawn."""
    duty = draw(duties)
    reaching = ("visit",) if duty.object == "household" else TAUGHT
    feeding = reaching if duty.verb == "cover" else (duty.object, *duty.also)
    kinds = feeding * 5 + ALL_KINDS[:2]
    ledger = draw(st.lists(records(kinds), max_size=25, unique_by=_key))
    return duty, void_some(ledger, draw(st.lists(st.integers(0, 3), max_size=8)))


def void_some(ledger: list[Record], choices: list[int]) -> list[Record]:
    """The ledger with corrections and withdrawals of some of its records added."""
    added = []
    for number, record in enumerate(ledger[: len(choices)]):
        if choices[number]:
            correction = Record(
                id=UUID(int=2**100 + number),
                unit=record.unit,
                kind=record.kind,
                happened_on=record.happened_on + timedelta(days=choices[number] - 1),
                quantity=record.quantity + 1,
                subject=record.subject,
                change=record.change,
                grade=record.grade,
                at_m=record.at_m,
                replaces=record.id,
                withdrawn=choices[number] == 3,
            )
            added.append(correction)
    return [*ledger, *added]
