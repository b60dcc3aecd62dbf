"""How a finding stands after what was reported and said of it; and what may not stand on a checklist."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.adapters.checklist_yaml import load_checklist, read_checklist_yaml
from wuzha.adapters.lint_rules import load_rules
from wuzha.core.supervision.checklist import (
    Answer,
    Item,
    Verdict,
    Wording,
    check_answers,
    check_item,
    choose_items,
    count_minutes,
    count_most_minutes,
    count_verdicts,
)
from wuzha.core.supervision.inspection import draw_records
from wuzha.core.supervision.mending import (
    Event,
    Found,
    Mending,
    Report,
    State,
    Step,
    check_event,
    count_mendings,
    trace_mending,
)

FIRST = date(2027, 4, 8)
BY = FIRST + timedelta(days=15)
FOUND = Found(FIRST, "7", BY)


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def say(
    what: Step, day: date, *, by: str = "8", note: str = "看过", mend_by: date | None = None, hour: int = 10
) -> Event:
    return Event(what, at(day, hour), day, by, note, mend_by)


def report(day: date, hour: int = 9) -> Report:
    return Report(day, at(day, hour))


def test_nothing_reported_is_open_on_the_day_itself_and_overdue_the_day_after() -> None:
    assert trace_mending(FOUND, [], [], BY).state is State.OPEN
    assert trace_mending(FOUND, [], [], BY + timedelta(days=1)).state is State.OVERDUE


@pytest.mark.parametrize(("late", "days"), [(False, 15), (True, 16)])
def test_what_counts_is_the_day_of_the_report_and_not_of_the_closing(late: bool, days: int) -> None:
    told = FIRST + timedelta(days=days)
    closed = say(Step.CLOSED, BY + timedelta(days=30))

    now = trace_mending(FOUND, [report(told)], [closed], BY + timedelta(days=40))

    assert (now.state, now.mended_on, now.is_late) == (State.CLOSED, told, late)
    before = trace_mending(FOUND, [report(told)], [closed], BY + timedelta(days=20))
    assert before.state is State.REPORTED, "a past day shows how it stood then"


def test_closed_on_sight_without_a_report_is_mended_on_that_day() -> None:
    now = trace_mending(FOUND, [], [say(Step.CLOSED, BY)], BY)
    assert (now.mended_on, now.is_late) == (BY, False)


def test_opened_again_an_earlier_report_mends_nothing_any_more() -> None:
    later = BY + timedelta(days=10)
    again = say(Step.REOPENED, FIRST + timedelta(days=3), mend_by=later)
    first = report(FIRST + timedelta(days=2))

    now = trace_mending(FOUND, [first], [again], BY)
    assert (now.state, now.mend_by, now.reopened) == (State.OPEN, later, 1)
    now = trace_mending(FOUND, [first, report(FIRST + timedelta(days=3), hour=15)], [again], BY)
    assert now.state is State.REPORTED, "a report of the same day, received after it was opened again, counts"


def test_struck_out_is_owed_never_again_and_counts_nowhere() -> None:
    now = trace_mending(FOUND, [report(FIRST)], [say(Step.STRUCK, BY)], BY + timedelta(days=90))
    assert now.state is State.STRUCK
    assert count_mendings([now]).all == 0


@pytest.mark.parametrize(
    ("event", "now", "code"),
    [
        (say(Step.OBJECTED, BY, note=" "), Mending(State.OPEN, BY), "mending.reason-missing"),
        (say(Step.OBJECTED, BY), Mending(State.OPEN, BY, objection=say(Step.OBJECTED, BY)), "mending.objected-already"),
        (say(Step.CLOSED, BY), Mending(State.CLOSED, BY), "mending.closed-already"),
        (say(Step.CLOSED, BY), Mending(State.REPORTED, BY, objection=say(Step.OBJECTED, BY)), "mending.objection-open"),
        (say(Step.REOPENED, BY, mend_by=BY), Mending(State.CLOSED, BY), "mending.day-missing"),
        (say(Step.REOPENED, BY), Mending(State.CLOSED, BY), "mending.day-missing"),
        (say(Step.REOPENED, BY, mend_by=BY + timedelta(1)), Mending(State.OPEN, BY), "mending.open-already"),
        (say(Step.UPHELD, BY), Mending(State.OPEN, BY), "mending.no-objection"),
        (
            say(Step.UPHELD, BY, by="7"),
            Mending(State.OPEN, BY, objection=say(Step.OBJECTED, BY)),
            "mending.own-judge",
        ),
        (say(Step.STRUCK, BY), Mending(State.STRUCK, BY), "mending.struck"),
    ],
)
def test_what_is_out_of_order_is_told(event: Event, now: Mending, code: str) -> None:
    assert [problem.code for problem in check_event(event, FOUND, now)] == [code]


DAYS = st.integers(0, 60).map(lambda days: FIRST + timedelta(days=days))
EVENTS = st.builds(
    lambda what, day, more: say(what, day, mend_by=day + timedelta(days=more)),
    st.sampled_from(Step),
    DAYS,
    st.integers(1, 30),
)


@given(st.lists(EVENTS, max_size=6), st.lists(DAYS.map(report), max_size=4), DAYS)
def test_each_finding_is_counted_once_unless_it_was_struck_out(
    events: list[Event], reports: list[Report], as_of: date
) -> None:
    now = trace_mending(FOUND, reports, events, as_of)
    counts = count_mendings([now])
    assert counts.all == (now.state is not State.STRUCK)
    assert sum((counts.open, counts.overdue, counts.reported, counts.in_time, counts.late)) == counts.all
    later = [say(Step.CLOSED, as_of + timedelta(days=1))]
    assert trace_mending(FOUND, reports, [*events, *later], as_of) == now, "what is said later changes no earlier day"


# --- the checklist ---


def test_no_item_of_the_built_in_list_asks_for_what_the_rules_forbid() -> None:
    items = load_checklist()
    assert len(items) == 10
    assert [problem for item in items for problem in check_item(item, load_rules(), FIRST)] == []
    assert all(item.title_en and item.look_en for item in items)


@pytest.mark.parametrize(
    ("look", "words"),
    [
        ("看安装率够不够", "安装率"),
        ("看群众手机是否安装国家反诈中心APP", "是否安装国家反诈中心"),
        ("请村里提供入户截图", "截图"),
        ("看干部每天打卡没有", "打卡"),
        ("台账要有照片", "照片"),
        ("核对各村排名", "排名"),
    ],
)
def test_installs_screenshots_check_ins_photos_and_rankings_are_refused(look: str, words: str) -> None:
    found = check_item(Item("own", "一项", look, 5), load_rules(), FIRST)
    assert [problem.code for problem in found] == ["checklist.forbidden"]
    assert words in found[0].values["words"]


def test_an_item_wants_words_of_a_readable_length_and_minutes_within_reason() -> None:
    codes = {problem.code for problem in check_item(Item("own", " ", "看" * 301, 121), load_rules(), FIRST)}
    assert codes == {"checklist.empty", "checklist.too-long", "checklist.minutes"}


def test_what_a_county_says_of_an_item_holds_from_its_day_on() -> None:
    old, new = Item("sites", "阵地", "看一圈", 5), Item("sites", "新写法", "走一圈", 6)
    said = [Wording(new, FIRST), Wording(new, BY, is_dropped=True)]
    assert choose_items([old], said, FIRST - timedelta(days=1)) == (old,)
    assert choose_items([old], said, FIRST) == (new,)
    assert choose_items([old], said, BY) == ()


def test_a_list_of_another_form_is_refused_with_what_is_missing() -> None:
    assert read_checklist_yaml("- 不是清单")[1]
    assert read_checklist_yaml("sites: {title: 阵地, look: 看, minutes: 5}")[1]


def test_the_most_that_a_visit_costs_is_that_of_the_dearest_items() -> None:
    items = load_checklist()
    most = count_most_minutes(items, 3, 2)
    assert most >= max(count_minutes(items[start : start + 3], 2) for start in range(8))
    assert count_minutes(items[:1], 2) == items[0].minutes + 10


def test_a_finding_wants_words_and_a_later_day_and_every_item_an_answer() -> None:
    answers = [Answer("sites", Verdict.BAD, " ", FIRST), Answer("burden", Verdict.UNSEEN)]
    told = [problem.code for problem in check_answers(answers, ("sites", "burden", "privacy"), FIRST)]
    assert told == ["inspection.item-missing", "inspection.finding-empty", "inspection.no-time-to-mend"]
    assert count_verdicts(answers)["sites"][Verdict.BAD] == 1


@given(st.sets(st.text("abcdef0123456789", min_size=1), max_size=12), st.integers(0, 5))
def test_the_records_drawn_hang_on_the_seed_alone(ids: set[str], number: int) -> None:
    drawn = draw_records("1", "2027-Q2", "SQ01", ids, number)
    assert drawn == draw_records("1", "2027-Q2", "SQ01", sorted(ids, reverse=True), number)
    assert len(set(drawn)) == min(number, len(ids))
    assert set(drawn) <= ids
