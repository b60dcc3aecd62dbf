"""Laws of proposals, of the life of a measure and of the lot."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tests.core.supervision.test_ladder_examples import UNIT, make_change, make_ladder, make_standing
from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment.assess import assess
from wuzha.core.assessment.certainty import Certainty, Sort
from wuzha.core.assessment.model import Standing, Status
from wuzha.core.base.chance import find_change_interval
from wuzha.core.base.problem import has_errors
from wuzha.core.base.unit import Tree, Unit
from wuzha.core.base.windows import find_window
from wuzha.core.duty.model import Duty
from wuzha.core.ledger.record import Record
from wuzha.core.plan.model import Plan
from wuzha.core.supervision.chance import is_explained, make_signal
from wuzha.core.supervision.inspection import (
    QUARTER,
    Draw,
    Finding,
    Visit,
    check_visit,
    check_visits,
    draw_inspection,
    make_mending_duties,
)
from wuzha.core.supervision.life import Event, EventKind, Giving, Named, check_event, merge_events, replay
from wuzha.core.supervision.propose import propose_measures
from wuzha.core.supervision.trigger import parse_trigger

AS_OF = date(2027, 9, 10)
LADDER = make_ladder()
LABELS = [f"2027-{month:02}" for month in range(1, 9)]
STATUSES = st.sampled_from([Status.MET, Status.LATE, Status.MISSED, Status.EXEMPT, Status.WAIVED, Status.UNKNOWN])
ROWS = st.lists(STATUSES, min_size=1, max_size=len(LABELS))
NAMES = st.sampled_from(["", "石小桥", "桥东来"])


def stand_in_row(statuses: list[Status], duty: str = "rally", unit: str = UNIT) -> list[Standing]:
    return [make_standing(duty, label, status, unit=unit) for label, status in zip(LABELS, statuses, strict=False)]


@given(ROWS, st.data())
def test_doing_one_more_never_brings_a_measure_nearer(statuses: list[Status], data: st.DataObject) -> None:
    before = propose_measures(LADDER, stand_in_row(statuses), {}, {}, AS_OF).proposals
    number = data.draw(st.integers(0, len(statuses) - 1))
    better = [Status.MET if n == number and s is Status.MISSED else s for n, s in enumerate(statuses)]

    after = propose_measures(LADDER, stand_in_row(better), {}, {}, AS_OF).proposals

    heights = [max((LADDER.heights[one.step.code] for one in found), default=-1) for found in (before, after)]
    assert heights[1] <= heights[0]


@given(ROWS, ROWS)
def test_what_one_unit_did_changes_nothing_for_another(mine: list[Status], others: list[Status]) -> None:
    alone = propose_measures(LADDER, stand_in_row(mine), {}, {}, AS_OF).proposals
    both = [*stand_in_row(others, unit="SQ0102"), *stand_in_row(mine)]

    together = propose_measures(LADDER, both, {}, {}, AS_OF).proposals

    assert tuple(one for one in together if one.unit == UNIT) == alone


@given(ROWS)
def test_every_window_that_a_proposal_names_was_missed(statuses: list[Status]) -> None:
    missed = {label for label, status in zip(LABELS, statuses, strict=False) if status is Status.MISSED}

    for proposal in propose_measures(LADDER, stand_in_row(statuses), {}, {}, AS_OF).proposals:
        for ground in proposal.grounds:
            assert {one.window for one in ground.missed} <= missed
            assert ground.in_a_row <= len(ground.missed)


@given(st.integers(0, 80), st.integers(1, 80), st.integers(1, 400), st.integers(1, 400))
def test_the_more_are_asked_at_once_the_more_chance_explains(now: int, then: int, few: int, more: int) -> None:
    low, high = find_change_interval(now, then)
    certainty = Certainty(Sort.CHANGE, now, then, low, high)
    signals = [make_signal(certainty, asked) for asked in sorted((few, few + more))]

    assert signals[1].low <= signals[0].low
    assert is_explained(signals[1], Fraction(-1, 5)) or not is_explained(signals[0], Fraction(-1, 5))


@given(st.integers(1, 60), st.integers(1, 60))
def test_an_indicator_within_its_interval_is_never_proposed(now: int, then: int) -> None:
    standing = make_change("cases", "2027-07", now, then)
    low, high = find_change_interval(now, then)
    certainties = {("cases", UNIT, "2027-07"): Certainty(Sort.CHANGE, now, then, low, high)}

    advice = propose_measures(LADDER, [standing], certainties, {}, AS_OF)

    inside = low <= 0 and (high is None or high >= 0)
    assert not (inside and advice.proposals)
    assert len(advice.withheld) + len(advice.proposals) <= 1


# --- the life of a measure --------------------------------------------------------------------------------------------

EVENT_KINDS = st.sampled_from(EventKind)


@st.composite
def lives(draw: st.DrawFn) -> list[Event]:
    """Events in any order, with and without persons, reasons and facts."""
    found: list[Event] = []
    for _ in range(draw(st.integers(1, 9))):
        kind, on = draw(EVENT_KINDS), date(2027, 5, 1) + timedelta(days=draw(st.integers(0, 40)))
        named = draw(st.sampled_from([(), (Named("rally", ("2027-03",)),), (Named("rally", ()),)]))
        step, unit = draw(st.sampled_from(["remind", "circular", "none"])), draw(st.sampled_from([UNIT, "张三"]))
        giving = Giving(step, unit, named) if kind is EventKind.GIVEN else None
        post, note = draw(st.sampled_from(["officer", "", "secretary"])), draw(st.sampled_from(["", "见材料"]))
        found.append(Event(draw(st.sampled_from("ab")), kind, on, draw(NAMES), post, note, giving))
    return found


@given(lives())
def test_nothing_is_in_force_without_a_named_person_facts_and_a_unit(events: list[Event]) -> None:
    history, _ = replay(events, LADDER, [UNIT])

    for measure in history.values():
        assert all(event.by for event in measure.events)
        assert measure.unit == UNIT
        assert measure.given.kind is EventKind.GIVEN
        assert measure.given.post in LADDER.by_code[measure.step].given_by
        assert all(one.windows for one in measure.giving.named)
        assert measure.giving.named


@given(lives())
def test_what_has_ended_stays_ended_and_days_never_run_back(events: list[Event]) -> None:
    history, problems = replay(events, LADDER, [UNIT])

    kept = sum(len(measure.events) for measure in history.values())
    refused = len(events) - kept
    assert refused <= len([problem for problem in problems if problem.severity == "error"])
    for measure in history.values():
        days = [event.on for event in measure.events]
        ends = [event.kind in (EventKind.LIFTED, EventKind.CLEARED) for event in measure.events]
        assert days == sorted(days)
        assert not any(ends[:-1])


def test_whoever_gave_a_measure_does_not_turn_down_the_appeal() -> None:
    giving = Giving("remind", UNIT, (Named("rally", ("2027-03",)),))
    given_it = Event("1号", EventKind.GIVEN, date(2027, 5, 10), "石小桥", "officer", "", giving)
    appealed = Event("1号", EventKind.APPEALED, date(2027, 5, 12), "桥东来", note="三月因大雪停办")
    history, _ = replay([given_it, appealed], LADDER, [UNIT])
    upheld = Event("1号", EventKind.UPHELD, date(2027, 5, 14), "石小桥", note="不成立")

    codes = [problem.code for problem in check_event(upheld, history, LADDER, [UNIT])]

    assert codes == ["supervision.own-judge"]
    assert check_event(replace(upheld, by="河西望"), history, LADDER, [UNIT]) == ()
    assert check_event(replace(upheld, kind=EventKind.LIFTED), history, LADDER, [UNIT]) == ()


def test_an_appeal_holds_up_graver_steps_that_follow_none() -> None:
    statuses = [Status.MISSED] * 8
    direct = replace(LADDER.by_code["talk"], after="")
    ladder = replace(LADDER, steps=(LADDER.steps[0], direct))
    named = (Named("rally", ("2027-08",)),)
    given_it = Event("1号", EventKind.GIVEN, date(2027, 9, 1), "石小桥", "officer", "", Giving("remind", UNIT, named))
    appealed = Event("1号", EventKind.APPEALED, date(2027, 9, 2), "桥东来", note="八月办过两场")

    waiting, _ = replay([given_it, appealed], ladder, [UNIT])
    plain, _ = replay([given_it], ladder, [UNIT])

    assert propose_measures(ladder, stand_in_row(statuses), {}, waiting, AS_OF).proposals == ()
    assert [one.step.code for one in propose_measures(ladder, stand_in_row(statuses), {}, plain, AS_OF).proposals] == [
        "talk"
    ]


def test_a_late_answer_is_kept_and_told() -> None:
    giving = Giving("remind", UNIT, (Named("rally", ("2027-03",)),))
    given_it = Event("1号", EventKind.GIVEN, date(2027, 5, 10), "石小桥", "officer", "", giving)
    answered = Event("1号", EventKind.ANSWERED, date(2027, 5, 16), "桥东来", note="四月起补办")

    history, problems = replay([given_it, answered], LADDER, [UNIT])

    assert [problem.code for problem in problems] == ["supervision.answer-late"]
    assert not has_errors(problems)
    assert history["1号"].has(EventKind.ANSWERED)


def test_the_step_above_is_not_given_before_the_mending_day_has_passed() -> None:
    named = (Named("rally", ("2027-03",)),)
    given_it = Event("1号", EventKind.GIVEN, date(2027, 5, 10), "石小桥", "officer", "", Giving("remind", UNIT, named))
    history, _ = replay([given_it], LADDER, [UNIT])
    above = Event("2号", EventKind.GIVEN, date(2027, 5, 25), "石小桥", "officer", "", Giving("circular", UNIT, named))

    assert [one.code for one in check_event(above, history, LADDER, [UNIT])] == ["supervision.step-below-missing"]
    assert check_event(replace(above, on=date(2027, 5, 26)), history, LADDER, [UNIT]) == ()


@given(st.lists(lives(), max_size=3))
def test_merged_events_keep_the_order_of_each_measure(found: list[list[Event]]) -> None:
    merged = list(merge_events(found))

    assert len(merged) == sum(map(len, found))
    for life in found:
        places = [next(n for n, one in enumerate(merged) if one is event) for event in life]
        assert places == sorted(places)


@given(st.text(max_size=40))
def test_any_text_is_a_trigger_or_a_problem(text: str) -> None:
    trigger, problems = parse_trigger(text)

    assert bool(problems) or bool(trigger)
    assert all(condition.least >= 1 for condition in trigger)


def test_a_trigger_by_rank_is_refused() -> None:
    codes = {parse_trigger(text)[1][0].code for text in ("rank <= 3", "排名 >= 3", "worst_towns >= 1")}

    assert codes == {"ladder.ranking"}


# --- the lot ----------------------------------------------------------------------------------------------------------

CODES = [f"V{number:02}" for number in range(30)]
ITEMS = ("台账", "宣传栏", "抽问群众", "整改", "信息保护")
DAY = date(2027, 5, 18)
SEEDS = st.text(min_size=1, max_size=12)
VISITS = st.lists(st.builds(Visit, st.sampled_from(CODES), st.dates(date(2027, 1, 1), date(2027, 12, 31))), max_size=12)


@given(SEEDS, st.permutations(CODES), st.integers(0, 8), VISITS)
def test_whoever_knows_the_seed_draws_the_same(seed: str, codes: list[str], number: int, history: list[Visit]) -> None:
    draw = Draw(DAY, number, 3)

    assert draw_inspection(seed, codes, ITEMS, history, draw) == draw_inspection(
        seed, CODES, ITEMS, history[::-1], draw
    )


@given(SEEDS, VISITS, st.integers(0, 30))
def test_nobody_is_visited_twice_a_quarter_without_a_reason(seed: str, history: list[Visit], number: int) -> None:
    drawn = draw_inspection(seed, CODES, ITEMS, history, Draw(DAY, number, 2))

    in_quarter = {one.unit for one in history if one.on in find_window(QUARTER, DAY).interval}
    assert not {one.unit for one in drawn.visits} & in_quarter
    assert set(drawn.spared) == in_quarter
    assert all(check_visit(one, history) == () for one in drawn.visits)
    assert all(len(one.items) == 2 and set(one.items) <= set(ITEMS) for one in drawn.visits)
    assert len(drawn.visits) == min(number, len(CODES) - len(in_quarter))


@given(SEEDS, st.sampled_from(CODES))
def test_a_unit_more_or_less_changes_nobody_elses_lot(seed: str, left_out: str) -> None:
    everybody = draw_inspection(seed, CODES, ITEMS, (), Draw(DAY, len(CODES), 2)).visits
    fewer = draw_inspection(seed, set(CODES) - {left_out}, ITEMS, (), Draw(DAY, len(CODES), 2)).visits

    assert tuple(one for one in everybody if one.unit != left_out) == fewer


def test_another_quarter_draws_anew() -> None:
    spring, summer = (
        [one.unit for one in draw_inspection("种子", CODES, ITEMS, (), Draw(day, 10, 1)).visits]
        for day in (date(2027, 5, 18), date(2027, 8, 18))
    )

    assert spring != summer


def test_every_unit_comes_about_equally_often() -> None:
    counts = dict.fromkeys(CODES, 0)
    for number in range(600):
        for visit in draw_inspection(f"{number}", CODES, ITEMS, (), Draw(DAY, 3, 1)).visits:
            counts[visit.unit] += 1

    # 600 draws of 3 of 30: 60 expected for each, with a standard deviation of 7.3
    assert min(counts.values()) > 60 - 5 * 8
    assert max(counts.values()) < 60 + 5 * 8


def test_a_second_visit_in_the_quarter_wants_its_reason() -> None:
    first, again = Visit("V01", date(2027, 4, 8)), Visit("V01", date(2027, 6, 1))
    drawn = draw_inspection("种子", ["V01"], ITEMS, [first], Draw(DAY, 1, 1, {"V01": "回头看"}))

    assert [problem.code for problem in check_visits([again, first], ["V01"])] == ["inspection.again-in-quarter"]
    assert [problem.code for problem in check_visits([first], ["V02"])] == ["inspection.not-a-unit"]
    assert check_visits([first, replace(again, reason="回头看")], ["V01"]) == ()
    assert [one.reason for one in drawn.visits] == ["回头看"]


def stand_on(duty: Duty, unit: Unit, reported_on: date | None, as_of: date) -> Status:
    """How the duty stands, if the unit sent its report on that day or not at all."""
    plan = Plan("整改", "县联席办", duty.valid, (), (duty,))
    sent = [] if reported_on is None else [Record(UUID(int=1), unit.code, duty.object, reported_on)]
    return assess(plan, Tree((unit,)), sent, load_kinds(), as_of)[0].status


def test_a_finding_becomes_a_duty_that_is_counted_like_any_other() -> None:
    village = Unit("V01", "东村", "village")
    found = Finding("V01", "宣传栏", date(2027, 5, 18), "宣传栏内容是前年的", date(2027, 6, 17))
    duty = make_mending_duties([found], {"V01": village})[0]

    assert (duty.quote, duty.by, duty.who.area) == (found.words, found.mend_by, ("V01",))
    assert stand_on(duty, village, None, date(2027, 6, 17)) is Status.OPEN
    assert stand_on(duty, village, None, date(2027, 6, 18)) is Status.MISSED
    assert stand_on(duty, village, date(2027, 6, 10), date(2027, 6, 18)) is Status.MET
