"""Laws of trees that remember: what must hold on every day, whatever was merged, moved or renamed, and when."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.core.ledgers import (
    CODES,
    DAYS,
    TREE,
    YEAR,
    asking_whos,
    attain_duties,
    change_tree,
    changes,
    do_duties,
    histories,
    ledgers,
    make_plan,
    questions,
    records,
    whos,
)
from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment.assess import assess
from wuzha.core.assessment.model import Standing, Totals
from wuzha.core.assessment.obligations import expand_windows
from wuzha.core.assessment.rollup import count_standings, roll_up
from wuzha.core.base.interval import DAY
from wuzha.core.base.unit import Placement, Tree, find_nearest
from wuzha.core.base.windows import Cadence, Rhythm
from wuzha.core.duty.kinds.measure import add_up, is_counted
from wuzha.core.duty.model import Duty, Target, Who
from wuzha.core.duty.who import find_bearers, find_bearing_day, list_bearers, list_turns
from wuzha.core.ledger.credit import list_credits, list_feeding_kinds, map_nearest, trace_nearest
from wuzha.core.ledger.record import Record, keep_in_effect

KINDS = load_kinds()
TOWNS = Who(kind=("town",))
KEEP = Duty("keep", "keep", "banner", TOWNS, YEAR, target=Target("at_least", Fraction(3)))
CHECK = Duty("check", "check", "followup", TOWNS, YEAR, rhythm=Rhythm(Cadence.WEEK))
Asked = tuple[Duty, list[Record]]


def assess_on(tree: Tree, asked: Asked, as_of: date) -> list[Standing]:
    duty, ledger = asked
    return assess(make_plan(duty), tree, ledger, KINDS, as_of)


def list_codes(tree: Tree, top: str) -> set[str]:
    return {unit.code for unit in tree.walk_down(top)}


@given(histories, DAYS)
def test_on_every_day_the_tree_is_a_tree(tree: Tree, day: date) -> None:
    there = tree.at(day)

    assert list_codes(there, "C") == set(CODES)
    assert sorted(unit.code for unit in there.units) == sorted(CODES)
    assert all(unit == next(one for one in tree.units if one.code == unit.code).at(day) for unit in there.units)


@given(histories, DAYS, st.sampled_from(CODES))
def test_a_cut_tree_holds_on_every_day_what_stood_below_then(tree: Tree, day: date, code: str) -> None:
    assert {unit.code for unit in tree.cut(code).at(day).units} == list_codes(tree.at(day), code)


@given(histories, whos | asking_whos, DAYS)
def test_the_bearers_of_a_day_are_those_of_its_tree_with_the_attributes_of_the_day(
    tree: Tree, who: Who, day: date
) -> None:
    for part in (tree, tree.cut("T1")):
        assert find_bearers(who, part, day) == {unit.code for unit in list_bearers(who, part.at(day), day)}


@given(histories, st.frozensets(st.sampled_from(CODES)), DAYS)
def test_credit_on_a_day_follows_the_tree_of_that_day(tree: Tree, bearers: frozenset[str], day: date) -> None:
    for part in (tree, tree.cut("T2")):
        crediting, nearest = trace_nearest(part, bearers), map_nearest(part.at(day), bearers)
        assert {code: crediting.find_bearer(code, day) for code in CODES} == {c: nearest.get(c) for c in CODES}


@given(histories, questions(), DAYS)
def test_a_parent_is_the_sum_of_its_children_as_of_the_day(tree: Tree, asked: Asked, as_of: date) -> None:
    standings, there = assess_on(tree, asked, as_of), tree.at(as_of)
    totals = roll_up(standings, there)

    for unit in there.units:
        parts = [totals.get((child.code, asked[0].id), Totals()) for child in there.list_children(unit.code)]
        own = count_standings(one for one in standings if one.obligation.unit == unit.code)
        assert sum(parts, own) == totals.get((unit.code, asked[0].id), Totals())


@given(histories, changes(), questions(), DAYS)
def test_a_change_touches_only_the_unit_and_what_lies_above_and_below_it(
    tree: Tree, made: tuple[str, Placement], asked: Asked, as_of: date
) -> None:
    after = change_tree(tree, [made])
    touched: set[str] = set()
    for known in (tree, after):
        for stretch in known.list_stretches():
            there = known.at(stretch.opens)
            touched |= list_codes(there, made[0]) | {unit.code for unit in there.walk_up(made[0])}

    assert keep_others(assess_on(tree, asked, as_of), touched) == keep_others(assess_on(after, asked, as_of), touched)


def keep_others(standings: Iterable[Standing], touched: set[str]) -> list[Standing]:
    return [standing for standing in standings if standing.obligation.unit not in touched]


@given(histories, changes(), questions(), DAYS)
def test_before_its_day_a_change_is_not_seen(
    tree: Tree, made: tuple[str, Placement], asked: Asked, as_of: date
) -> None:
    assume(as_of < made[1].since)
    assert assess_on(change_tree(tree, [made]), asked, as_of) == assess_on(tree, asked, as_of)


@given(questions(), DAYS, st.lists(DAYS, max_size=3))
def test_a_history_in_which_nothing_changed_gives_the_answers_of_a_tree_without_one(
    asked: Asked, as_of: date, days: list[date]
) -> None:
    still = [(u.code, Placement(day, u.name, u.kind, u.parent, u.line)) for u in TREE.units for day in days]

    assert assess_on(change_tree(TREE, still), asked, as_of) == assess_on(TREE, asked, as_of)


@given(histories, do_duties, ledgers, DAYS)
def test_each_window_counts_by_the_tree_of_its_middle_and_of_the_days_of_its_records(
    tree: Tree, duty: Duty, ledger: list[Record], as_of: date
) -> None:
    """Told once more, window by window and record by record."""
    feeding = list_feeding_kinds(duty, KINDS)
    facts = [fact for fact in keep_in_effect(ledger) if fact.kind in feeding and is_counted(duty.narrow, fact)]
    for standing in assess_on(tree, (duty, ledger), as_of):
        owed = standing.obligation
        there = tree.at(find_bearing_day(duty, owed.window.interval, as_of))
        bearers = frozenset(unit.code for unit in list_bearers(duty.who, there))
        life = tree.by_code[owed.unit].life.overlap(owed.window.interval)
        mine = [
            fact
            for fact in facts
            if fact.happened_on <= as_of
            and fact.happened_on in life
            and find_nearest(tree.at(fact.happened_on), fact.unit, bearers) == owed.unit
        ]
        assert owed.unit in bearers
        assert standing.tally.value is None or standing.tally.value == add_up(mine, duty.measure)


@given(histories, attain_duties, st.lists(records(("cases", "awareness")), max_size=25), DAYS)
def test_a_change_is_told_of_the_ground_of_its_last_day_as_if_nobody_had_ever_moved(
    tree: Tree, drawn: Duty, ledger: list[Record], as_of: date
) -> None:
    """Of towns, which no change makes anything else."""
    duty = replace(drawn, who=TOWNS, rhythm=None, by=None, valid=YEAR)
    assume(duty.target is not None and duty.target.against)

    found = assess_on(tree, (duty, ledger), as_of)

    assert found == assess_on(tree.at(as_of), (duty, ledger), as_of)


@st.composite
def standing_things(draw: st.DrawFn) -> Asked:
    """A duty of what stands, and a ledger half of which is the closed village's."""
    duty = draw(st.sampled_from([KEEP, CHECK]))
    ledger = draw(st.lists(records((duty.object,)), min_size=6, max_size=25))
    return duty, [replace(record, unit="V2") if n % 2 else record for n, record in enumerate(ledger)]


@given(histories, standing_things(), DAYS)
def test_what_stood_in_the_name_of_a_closed_village_is_in_no_figure_of_its_town(
    tree: Tree, asked: Asked, as_of: date
) -> None:
    """V2 closes on 18 June: what it had told makes no difference to any later day, nor to any later window."""
    duty, ledger = asked
    closed = tree.by_code["V2"].closes_on
    rest = [record for record in ledger if record.unit != "V2"]
    for one, other in zip(assess_on(tree, asked, as_of), assess_on(tree, (duty, rest), as_of), strict=True):
        if as_of >= closed and (duty.rhythm is None or one.obligation.window.opens >= closed):
            assert one.tally.value == other.tally.value


@given(histories, do_duties, DAYS)
def test_the_turns_of_a_duty_hold_each_of_its_windows_once(tree: Tree, duty: Duty, as_of: date) -> None:
    windows = expand_windows(duty, make_plan(duty).valid)

    assert tuple(window for turn in list_turns(duty, tree, windows, as_of) for window in turn.windows) == windows


@given(histories, do_duties, ledgers, DAYS)
def test_however_units_move_a_record_is_counted_once(tree: Tree, duty: Duty, ledger: list[Record], as_of: date) -> None:
    behind = [record for one in assess_on(tree, (duty, ledger), as_of) for record in one.tally.records]

    assert len(behind) == len(set(behind))


@given(histories, questions(), DAYS)
def test_what_makes_a_standing_knows_that_it_serves_it(tree: Tree, asked: Asked, as_of: date) -> None:
    duty, ledger = asked
    forward = {(record, one.obligation.unit) for one in assess_on(tree, asked, as_of) for record in one.tally.records}
    backward = {
        (record.id, credit.unit) for record in ledger for credit in list_credits(record, [duty], tree, KINDS, as_of)
    }

    assert forward <= backward


def test_a_middle_of_an_even_month_belongs_to_what_comes() -> None:
    """16 June: fifteen days lie before it and fifteen after."""
    june = Placement(date(2026, 6, 16), "V1", "community", "T1")
    tree = change_tree(TREE, [("V1", june)])
    duty = Duty("d", "do", "rally", Who(kind=("village",)), make_plan().valid)

    assert "V1" in find_bearers(duty.who, tree, june.since - DAY)
    assert find_bearing_day(duty, make_plan().valid, date(2027, 1, 1)) == date(2026, 7, 2)
    assert "V1" not in find_bearers(duty.who, tree, june.since)


def test_a_new_census_leaves_the_past_as_it_was() -> None:
    found = [TREE.by_code["V1"].find_attribute("households", day) for day in (date(2026, 6, 30), date(2026, 7, 1))]

    assert [item.value for item in found if item] == [Fraction(20), Fraction(25)]
