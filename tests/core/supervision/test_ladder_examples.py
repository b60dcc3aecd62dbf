"""The ladder by examples: how windows stand, what was given, and what may be thought about."""

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from wuzha.adapters.plan_yaml import parse_plan_file
from wuzha.adapters.supervision_yaml import load_ladder, read_ladder_yaml
from wuzha.core.assessment.certainty import find_certainty
from wuzha.core.assessment.model import Obligation, Standing, Status
from wuzha.core.base.interval import Interval
from wuzha.core.base.windows import Cadence, Rhythm, Window, find_window
from wuzha.core.duty.model import Duty, Tally, Target, Who
from wuzha.core.supervision.life import Event, EventKind, Giving, History, Named, replay
from wuzha.core.supervision.model import Ladder, Word
from wuzha.core.supervision.propose import Advice, propose_measures

# Read as the county's own files are: to YAML at large a key "on" would be true.
EXAMPLES: Any = parse_plan_file((Path(__file__).parent / "ladder_examples.yaml").read_text("utf-8")).data
UNIT = "SQ0101"
UNCOUNTED = Tally(None, None)
MONTHS = Rhythm(Cadence.MONTH)
MEASURES = {"cases": "quantity", "losses": "loss_yuan"}


def make_ladder() -> Ladder:
    ladder, problems = read_ladder_yaml(yaml.safe_dump(EXAMPLES["ladder"], allow_unicode=True))
    assert problems == ()
    assert ladder is not None
    return ladder


def make_standing(duty: str, label: str, status: Status, tally: Tally = UNCOUNTED, unit: str = UNIT) -> Standing:
    year, month = map(int, label.split("-"))
    window: Window = find_window(MONTHS, date(year, month, 1))
    owed = Obligation(duty, unit, window, window.opens, window.interval.last_day)
    return Standing(owed, tally, status)


def make_change(duty: str, label: str, now: int, before: int, unit: str = UNIT) -> Standing:
    value = Fraction(now, before) - 1
    tally = Tally(value, Fraction(-1, 5), parts=(Fraction(now), Fraction(before)))
    return make_standing(duty, label, Status.MISSED if value > Fraction(-1, 5) else Status.MET, tally, unit)


def make_indicator(name: str) -> Duty:
    target = Target("at_most", Fraction(-1, 5), share=True, against="last_year")
    valid = Interval(date(2027, 1, 1), date(2028, 1, 1))
    return Duty(name, "attain", name, Who(kind=("town",)), valid, target=target, measure=MEASURES[name])


def advise(case: dict[str, Any]) -> Advice:
    plain = [
        make_standing(duty, label, Status(status))
        for duty, windows in case.get("duties", {}).items()
        for label, status in windows.items()
    ]
    told = [
        make_change(duty, label, one["now"], one["before"])
        for duty, windows in case.get("indicators", {}).items()
        for label, one in windows.items()
    ]
    told += [make_change("cases", "2027-04", 1, 10, f"T{n}") for n in range(case.get("others", 0))]
    certainties = {
        (one.obligation.duty, one.obligation.unit, one.obligation.window.label): find_certainty(
            make_indicator(one.obligation.duty), one.tally
        )
        for one in told
    }
    ladder = make_ladder()
    return propose_measures(ladder, [*plain, *told], certainties, make_history(case, ladder), case["as_of"])


def make_history(case: dict[str, Any], ladder: Ladder) -> History:
    events: list[Event] = []
    for one in case.get("given", ()):
        giving = Giving(one["step"], UNIT, (Named(one["duty"], tuple(one["windows"])),))
        events.append(Event(one["id"], EventKind.GIVEN, one["on"], "石小桥", "officer", "", giving))
        for number, what in enumerate(one.get("then", ()), start=1):
            on = one["on"] + timedelta(days=number)
            events.append(Event(one["id"], EventKind(what), on, "桥东来", note="见材料"))
    history, problems = replay(events, ladder, [UNIT])
    assert problems == ()
    return history


@pytest.mark.parametrize("case", [pytest.param(case, id=case["say"]) for case in EXAMPLES["cases"]])
def test_the_measure_is_proposed_as_written(case: dict[str, Any]) -> None:
    advice = advise(case)

    found = [
        {
            "step": proposal.step.code,
            "duty": ground.duty,
            "windows": [one.window for one in ground.missed],
            "in_a_row": ground.in_a_row,
            "overdue_days": ground.overdue_days,
            **({"follows": ground.follows} if ground.follows else {}),
        }
        for proposal in advice.proposals
        for ground in proposal.grounds
    ]
    held = [{"duty": one.duty, "window": one.missed.window, "why": one.why.value} for one in advice.withheld]
    assert found == case["expect"]
    assert held == case.get("withheld", [])
    assert len({(one.unit, one.step.code) for one in advice.proposals}) == len(advice.proposals)


def test_a_proposal_on_an_indicator_carries_its_counts_and_its_interval() -> None:
    case = next(case for case in EXAMPLES["cases"] if case["say"] == "从 8 起到 22 起，只看一个单位")

    signal = advise(case).proposals[0].grounds[0].missed[0].signal

    assert signal is not None
    assert (signal.certainty.now, signal.certainty.of, signal.asked) == (22, 8, 1)
    assert signal.low > 0
    assert signal.high is not None
    assert signal.high > Fraction(22, 8) - 1


def test_the_ladder_of_the_package_has_the_seven_steps_each_after_the_one_below() -> None:
    ladder = load_ladder()

    assert [step.title for step in ladder.steps] == ["提示", "通报", "督办", "约谈", "黄牌", "红牌", "挂牌"]
    assert [step.after for step in ladder.steps] == ["", *(step.code for step in ladder.steps[:-1])]
    assert {condition.word for step in ladder.steps for trigger in step.triggers for condition in trigger} <= set(Word)
