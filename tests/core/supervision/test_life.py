"""The life of a measure: extended, appealed where nobody else can decide, and not given twice for the same."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from wuzha.adapters.supervision_yaml import load_ladder, read_measures_yaml
from wuzha.core.base.problem import has_errors
from wuzha.core.supervision.life import Event, EventKind, Giving, History, Named, apply_event, check_event, replay

DAY = date(2027, 5, 10)
UNITS = ("SQ0101",)
GIVEN = Event(
    "1",
    EventKind.GIVEN,
    DAY,
    "石小桥",
    "officer",
    "",
    Giving("remind", "SQ0101", (Named("rally", ("2027-03", "2027-04")),)),
)


def tell(kind: EventKind, days: int = 3, by: str = "桥东来", **more: object) -> Event:
    told = Event("1", kind, DAY + timedelta(days=days), by, note="见材料")
    return replace(told, **more)  # type: ignore[arg-type]  # fields of the event, by name


def live(*events: Event) -> History:
    history, problems = replay([GIVEN, *events], load_ladder(), UNITS)
    assert not has_errors(problems)
    return history


def find_codes(event: Event, history: History) -> list[str]:
    return [one.code for one in check_event(event, history, load_ladder(), UNITS)]


def test_an_extension_moves_the_day_of_mending_and_is_kept_in_the_life() -> None:
    until = DAY + timedelta(days=40)
    measure = live(tell(EventKind.EXTENDED, by="石小桥", until=until))["1"]

    assert measure.mend_by == until
    assert not measure.has_run_out(until)
    assert measure.has_run_out(until + timedelta(days=1))
    assert measure.has(EventKind.EXTENDED)


@pytest.mark.parametrize("days", [None, 0, 14, 15])
def test_an_extension_to_no_later_day_is_refused(days: int | None) -> None:
    until = None if days is None else DAY + timedelta(days=days)

    assert find_codes(tell(EventKind.EXTENDED, until=until), live()) == ["supervision.extension-short"]


def test_an_extension_wants_a_reason() -> None:
    event = tell(EventKind.EXTENDED, until=DAY + timedelta(days=40), note=" ")

    assert find_codes(event, live()) == ["supervision.reason-missing"]


def test_the_giver_refuses_an_appeal_only_where_nobody_else_can() -> None:
    history = live(tell(EventKind.APPEALED))
    own = tell(EventKind.UPHELD, 4, by="石小桥")

    assert find_codes(own, history) == ["supervision.own-judge"]
    assert find_codes(replace(own, is_alone=True), history) == []


def test_the_same_step_is_not_given_twice_for_the_same_window_while_it_is_open() -> None:
    again = replace(GIVEN, measure="2")
    other = replace(again, giving=Giving("remind", "SQ0101", (Named("rally", ("2027-05",)),)))

    assert find_codes(again, live()) == ["supervision.given-already"]
    assert find_codes(other, live()) == []
    assert find_codes(again, live(tell(EventKind.LIFTED, by="石小桥"))) == []


def test_an_extension_can_be_told_in_a_file() -> None:
    text = """
measures:
  - id: 石桥提示〔2027〕3号
    step: remind
    unit: SQ0101
    about: [{duty: rally, windows: [2027-03]}]
    events:
      - {what: given, on: 2027-05-10, by: 石小桥, post: officer}
      - {what: extended, on: 2027-05-12, by: 石小桥, until: 2027-07-01, note: 场地在修}
"""
    (events,), _visits, problems = read_measures_yaml(text)
    history, told = replay(events, load_ladder(), UNITS)

    assert (problems, told) == ((), ())
    assert history["石桥提示〔2027〕3号"].mend_by == date(2027, 7, 1)


def test_an_event_that_is_applied_leaves_the_history_before_as_it_was() -> None:
    before = live()
    apply_event(tell(EventKind.ANSWERED), before, load_ladder())

    assert not before["1"].has(EventKind.ANSWERED)
