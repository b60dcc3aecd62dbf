"""A ledger that grows in columns holds what the records say, however they came."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from fractions import Fraction
from sys import getswitchinterval, setswitchinterval
from threading import Event, Thread
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.ledgers import CODES, DAYS, TREE, YEAR, change_tree, histories, ledgers, make_plan, questions, void_some
from wuzha.adapters.columns.daily import add_up_days, adds_up
from wuzha.adapters.columns.ledger import NONE, TEXT_FIELDS, count_microseconds, make_columns
from wuzha.adapters.columns.live import TEXTS, Arrivals, LiveColumns
from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment.assess import assess_facts, complete_duty
from wuzha.core.assessment.model import Standing
from wuzha.core.base.unit import Attribute, Placement, Tree
from wuzha.core.duty.kinds.measure import order_by_time
from wuzha.core.duty.model import Duty, Target, Who
from wuzha.core.duty.who import trace_bearers
from wuzha.core.ledger.credit import list_feeding_kinds, trace_nearest
from wuzha.core.ledger.record import Record, find_limit, keep_in_effect, keep_known
from wuzha.core.ledger.row import Row

KINDS = load_kinds()
NUMBERS = {code: number for number, code in enumerate(CODES, start=7)}
NAMES = {number: code for code, number in NUMBERS.items()}
voids = st.lists(st.integers(0, 40), max_size=6)


def arrive(came: Sequence[Record]) -> Arrivals:
    def read(values: Sequence[int | None]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array([NONE if value is None else value for value in values], np.int64)

    return Arrivals(
        [record.id.bytes for record in came],
        {place: record.replaces.bytes for place, record in enumerate(came) if record.replaces},
        {name: [getattr(record, name) for record in came] for name in TEXTS},
        {
            "unit": read([NUMBERS[record.unit] for record in came]),
            "happened_on": read([record.happened_on.toordinal() for record in came]),
            "quantity": read([record.quantity for record in came]),
            "people": read([record.people for record in came]),
            "at_m": read([record.at_m for record in came]),
            "area": read([None if record.area_m2 is None else int(record.area_m2 * 100) for record in came]),
            "loss": read([None if record.loss_yuan is None else int(record.loss_yuan * 100) for record in came]),
            "received_at": read([count_microseconds(receive(record)) for record in came]),
        },
        np.array([record.withdrawn for record in came], np.bool_),
    )


def receive(record: Record) -> datetime:
    return record.received_at or datetime.combine(record.happened_on, time(12), UTC)


def list_facts(live: LiveColumns, *, until: date = date(2028, 1, 1), known_by: date | None = None) -> list[Row]:
    limit = None if known_by is None else count_microseconds(find_limit(known_by))
    rows = live.find_rows(list(KINDS), until.toordinal(), known_by=limit)
    columns = live.take(rows, NAMES)
    return list(columns.list_rows(range(columns.size)))


def tell(facts: Sequence[Record | Row]) -> list[tuple[object, ...]]:
    return [tuple(getattr(fact, name) for name in Row._fields) for fact in sorted(facts, key=order_by_time)]


def fill(ledger: Sequence[Record]) -> LiveColumns:
    live = LiveColumns()
    live.fill([arrive(ledger)] if ledger else [])
    return live


@given(ledgers, voids, DAYS)
def test_it_holds_what_is_in_effect_in_the_order_in_which_facts_hold(
    ledger: list[Record], choices: list[int], until: date
) -> None:
    ledger = void_some(ledger, choices)
    expected = [record for record in keep_in_effect(ledger) if record.happened_on <= until]
    found = list_facts(fill(ledger), until=until)
    assert tell(found) == tell(expected)
    assert [fact.id for fact in found] == [fact.id for fact in sorted(expected, key=order_by_time)]


@given(ledgers, voids, st.integers(1, 7), st.integers(0, 3))
def test_piece_by_piece_and_twice_over_it_holds_the_same(
    ledger: list[Record], choices: list[int], size: int, again: int
) -> None:
    ledger = void_some(ledger, choices)
    live = LiveColumns()
    for start in range(0, len(ledger), size):
        live.append(arrive(ledger[max(0, start - again) : start + size]))
    assert live.size == len(ledger)
    assert tell(list_facts(live)) == tell(list_facts(fill(ledger)))


@given(ledgers, voids, st.integers(1, 5))
def test_a_ledger_that_is_read_in_pieces_in_any_order_is_the_same(
    ledger: list[Record], choices: list[int], size: int
) -> None:
    ledger = void_some(ledger, choices)
    backwards = LiveColumns()
    backwards.fill(arrive(ledger[::-1][start : start + size]) for start in range(0, len(ledger), size))
    assert tell(list_facts(backwards)) == tell(keep_in_effect(ledger))


def test_whoever_reads_while_corrections_arrive_sees_each_fact_once() -> None:
    """The original or its correction, never both and never neither; the reader's thread is switched to very often."""
    count = 2_000
    came = [Record(UUID(int=number + 1), CODES[0], "rally", date(2026, 3, 1)) for number in range(count)]
    live = fill(came)
    found: list[int] = []
    stop = Event()

    def read() -> None:
        while not stop.is_set():
            found.append(len(live.find_rows(["rally"], date(2026, 12, 31).toordinal(), [NUMBERS[CODES[0]]])))

    before = getswitchinterval()
    setswitchinterval(1e-6)
    reader = Thread(target=read)
    reader.start()
    try:
        for number in range(300):
            mended = replace(came[number], id=UUID(int=count + number + 1), replaces=came[number].id)
            live.append(arrive([mended]))
    finally:
        stop.set()
        reader.join()
        setswitchinterval(before)
    assert set(found) == {count}


@given(ledgers, voids, DAYS)
def test_as_known_then_it_holds_what_had_been_received_and_was_in_effect(
    ledger: list[Record], choices: list[int], known_by: date
) -> None:
    told = [replace(record, received_at=receive(record)) for record in void_some(ledger, choices)]
    expected = keep_in_effect(keep_known(told, known_by))
    assert tell(list_facts(fill(told), known_by=known_by)) == tell(expected)


@given(ledgers, voids, st.sets(st.sampled_from(CODES)), st.booleans())
def test_the_rows_of_some_units_are_theirs_whether_they_are_in_the_index_or_came_since(
    ledger: list[Record], choices: list[int], wanted: set[str], indexed: bool
) -> None:
    ledger = void_some(ledger, choices)
    live = fill(ledger) if indexed else LiveColumns()
    live.append(arrive(ledger)) if ledger else None
    rows = live.find_rows(list(KINDS), date(2028, 1, 1).toordinal(), [NUMBERS[code] for code in wanted])
    expected = [record for record in keep_in_effect(ledger) if record.unit in wanted]
    columns = live.take(rows, NAMES)
    assert tell(list(columns.list_rows(range(columns.size)))) == tell(expected)


@given(ledgers, ledgers)
def test_what_came_since_is_told_with_what_it_replaced(before: list[Record], after: list[Record]) -> None:
    known = {record.id for record in before}
    after = [record for record in after if record.id not in known]
    corrections = [
        replace(record, id=UUID(int=(1 << 127) + number), replaces=record.id)
        for number, record in enumerate(before[:2])
    ]
    live = fill(before)
    size = live.size
    live.append(arrive([*after, *corrections])) if after or corrections else None
    columns = live.take(live.list_since(size), NAMES)
    told = {columns.find_id(row) for row in range(columns.size)}
    assert told == {record.id for record in (*after, *corrections, *before[: len(corrections)])}


@given(ledgers, voids, st.integers(0, 5))
def test_the_latest_are_those_of_the_last_days_and_of_a_day_what_was_received_last(
    ledger: list[Record], choices: list[int], count: int
) -> None:
    told = [replace(record, received_at=receive(record)) for record in void_some(ledger, choices)]
    live = fill(told)
    found = live.list_latest(date(2028, 1, 1).toordinal(), list(NAMES), count)
    order = sorted(keep_in_effect(told), key=lambda r: (r.happened_on, receive(r), r.id), reverse=True)
    assert found == [record.id for record in order[:count]]


def test_a_unit_that_has_no_code_yet_is_nobodys() -> None:
    record = Record(UUID(int=1), CODES[0], "rally", date(2026, 3, 1))
    live = fill([record])
    columns = live.take(np.array([0]), {})
    assert [row.unit for row in columns.list_rows([0])] == [""]


# --- added up day by day ---


@given(questions(), histories, DAYS)
def test_facts_added_up_day_by_day_have_the_tallies_of_all(
    question: tuple[Duty, list[Record]], tree: Tree, as_of: date
) -> None:
    duty, ledger = question
    duty = complete_duty(duty, KINDS)
    feeding = list_feeding_kinds(duty, KINDS)
    facts = [r for r in keep_in_effect(ledger) if r.kind in feeding and r.happened_on <= as_of]
    if not adds_up(duty) or duty.vague or len(set(trace_bearers(duty.who, tree))) > 1:
        return
    plan = make_plan(duty)
    columns = make_columns([fact for fact in facts if duty.verb == "do" or fact.happened_on >= duty.valid.opens])
    (bearers,) = set(trace_bearers(duty.who, tree))
    nearest = trace_nearest(tree, bearers).nearest
    added = add_up_days(duty, columns, {unit: tree.by_code[code] for unit, code in nearest.items()})
    assert list(map(say, assess_facts(duty, plan.valid, tree, added, as_of))) == list(
        map(say, assess_facts(duty, plan.valid, tree, facts, as_of))
    )


def say(standing: Standing) -> tuple[object, ...]:
    return standing.obligation, standing.status, standing.tally.value, standing.tally.goal, standing.shortfall


def test_a_thousand_villages_facts_come_to_one_fact_a_day_for_the_town_above_them() -> None:
    duty = Duty("do", "do", "talk", Who(kind=("town",)), YEAR)
    came = [
        Record(UUID(int=number + 1), ("V1", "V2", "G1")[number % 3], "talk", date(2026, 3, 1 + number % 5), quantity=2)
        for number in range(60)
    ]
    town = TREE.by_code["T1"]
    added = add_up_days(duty, make_columns(came), {"V1": town, "V2": town, "G1": town})
    assert [(fact.unit, fact.happened_on.day, fact.quantity) for fact in added] == [
        ("T1", day, 24) for day in range(1, 6)
    ]


def test_every_field_of_text_is_kept() -> None:
    assert {*TEXTS, "unit"} == set(TEXT_FIELDS)


@pytest.mark.parametrize(
    ("kind", "unit"), [("town", "V1"), ("village", "V3")], ids=["over to another town", "opened in March"]
)
def test_a_household_visited_before_and_after_a_change_is_reached_for_whom_the_unit_serves_then(
    kind: str, unit: str
) -> None:
    moved = Placement(date(2026, 4, 1), "河东村", "village", "T2", "")
    tree = change_tree(TREE, [("V1", moved)])
    target = Target("at_least", Fraction(1))
    duty = Duty("homes", "cover", "household", Who(kind=(kind,)), YEAR, target=target, by=date(2026, 12, 31))
    duty = complete_duty(duty, KINDS)
    for code in ("V1", "V3", "T1", "T2"):
        base = Attribute("households", date(2020, 1, 1), Fraction(100))
        tree = Tree(tuple(replace(u, attributes=(*u.attributes, base)) if u.code == code else u for u in tree.units))
    came = [
        Record(UUID(int=n), unit, "visit", day, subject="3")
        for n, day in enumerate((date(2026, 2, 1), date(2026, 5, 1)), start=1)
    ]
    bearers = frozenset[str]().union(*trace_bearers(duty.who, tree))
    nearest = trace_nearest(tree, bearers).nearest
    added = add_up_days(duty, make_columns(came), {one: tree.by_code[code] for one, code in nearest.items()})
    asked = [list(map(say, assess_facts(duty, YEAR, tree, facts, date(2026, 6, 30)))) for facts in (added, came)]
    assert asked[0] == asked[1]
    assert any(value == 1 for _, _, value, *_ in asked[1])
