"""How standings are said: what is wanting, by when, and never a number where nothing is known."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment.model import Obligation, Standing, Status
from wuzha.core.base.interval import Interval
from wuzha.core.base.windows import Cadence, Rhythm, Window, find_window
from wuzha.core.duty.model import Duty, Narrow, Tally, Target, Who
from wuzha.web.campaign import wording

AS_OF = date(2026, 3, 25)
YEAR = Interval(date(2026, 1, 1), date(2027, 1, 1))
MARCH = Window(date(2026, 3, 1), date(2026, 4, 1), "2026-03")
RALLY = Duty("rally", "do", "rally", Who(("village",)), YEAR, measure="quantity", rhythm=Rhythm(Cadence.MONTH))


def make_standing(status: Status, value: int | None, goal: int | None, reason: str = "") -> Standing:
    tally = Tally(None if value is None else Fraction(value), None if goal is None else Fraction(goal), reason=reason)
    shortfall = None if value is None or goal is None else Fraction(max(0, goal - value))
    return Standing(Obligation("x", "V", MARCH, MARCH.opens, MARCH.interval.last_day), tally, status, shortfall, reason)


def say(duty: Duty, standing: Standing, as_of: date = AS_OF) -> str:
    return wording.say_standing(duty, standing, load_kinds(), as_of)


@pytest.mark.parametrize(
    ("standing", "sentence"),
    [
        (make_standing(Status.OPEN, 1, 3), "还差 2 次，3月31日前"),
        (make_standing(Status.MET, 3, 3), "已完成"),
        (make_standing(Status.LATE, 3, 3), "已完成，晚于 3月31日"),
        (make_standing(Status.UPCOMING, None, None), "3月1日开始"),
        (make_standing(Status.UNKNOWN, None, None, "no-base"), "缺少基数，算不出来。请在花名册里补上。"),
        (make_standing(Status.UNKNOWN, None, None, "vague"), "方案没有写明数量，只列出，不判断是否完成。"),
        (
            make_standing(Status.EXEMPT, None, None, "unit-short"),
            "单位在这一期里不足一半时间，或者过了截止日才设立，不作要求。",
        ),
    ],
)
def test_each_status_has_its_sentence(standing: Standing, sentence: str) -> None:
    assert say(RALLY, standing) == sentence


def test_a_missed_window_says_whether_it_can_still_be_made_good() -> None:
    missed = make_standing(Status.MISSED, 0, 1)
    early = replace(missed, obligation=replace(missed.obligation, due_on=date(2026, 3, 20)))

    assert say(RALLY, early) == "还差 1 次，3月20日已到期。3月31日前补上，记为逾期完成。"
    assert say(RALLY, missed, date(2026, 4, 2)) == "还差 1 次，3月31日已截止。当时做了没记的，可以补记。"


def test_a_day_of_another_year_tells_its_year() -> None:
    later = make_standing(Status.OPEN, 0, 1)
    later = replace(later, obligation=replace(later.obligation, due_on=date(2027, 1, 31)))

    assert say(RALLY, later) == "还差 1 次，2027年1月31日前"


def test_people_are_counted_as_people_and_households_as_households() -> None:
    cover = replace(RALLY, verb="cover", object="household")
    heads = replace(RALLY, measure="people")

    assert wording.say_tally(cover, make_standing(Status.OPEN, 41, 50), load_kinds()) == "41 / 50 户"
    assert wording.say_tally(heads, make_standing(Status.OPEN, 900, 1200), load_kinds()) == "900 / 1,200 人"


def test_what_is_not_known_is_no_number() -> None:
    assert wording.say_tally(RALLY, make_standing(Status.UNKNOWN, None, None, "no-base"), load_kinds()) == "无法判断"


def test_a_change_is_said_in_per_cent_with_its_sign_and_limit() -> None:
    duty = replace(
        RALLY, verb="attain", object="cases", target=Target("at_most", Fraction(-1, 5), True, against="last_year")
    )
    standing = replace(
        make_standing(Status.OPEN, 0, 0), tally=Tally(Fraction(-1, 8), Fraction(-1, 5)), shortfall=Fraction(3, 40)
    )

    assert say(duty, standing) == "现为 −12.5%，要求不高于 −20%，3月31日前"


def test_a_gap_is_said_in_metres() -> None:
    duty = replace(RALLY, verb="space", object="advert", target=Target("at_most", Fraction(200)))
    standing = replace(make_standing(Status.OPEN, 640, 200), shortfall=Fraction(440))

    assert say(duty, standing) == "最长空档 640 米，要求不超过 200 米，3月31日前"


@pytest.mark.parametrize(
    ("cadence", "name"),
    [
        (Cadence.DAY, "3月25日"),
        (Cadence.WEEK, "第13周（3月23日至3月29日）"),
        (Cadence.MONTH, "3月"),
        (Cadence.QUARTER, "第一季度"),
        (Cadence.HALF_YEAR, "上半年"),
        (Cadence.SEMESTER, "春季学期"),
        (Cadence.YEAR, "2026年"),
    ],
)
def test_a_window_is_named_as_people_name_it(cadence: Cadence, name: str) -> None:
    assert wording.say_window(find_window(Rhythm(cadence), AS_OF), AS_OF) == name


def test_a_window_of_another_year_tells_its_year() -> None:
    window = find_window(Rhythm(Cadence.MONTH), date(2025, 11, 3))

    assert wording.say_window(window, AS_OF) == "2025年11月"


def test_two_duties_of_one_kind_are_told_apart_by_what_they_count() -> None:
    losses = replace(RALLY, verb="attain", object="cases", measure="loss_yuan")
    checks = replace(RALLY, verb="check", object="followup", narrow=Narrow(grade="high"))

    assert wording.title_duty(losses, load_kinds()) == "发案（案损）"
    assert wording.title_duty(checks, load_kinds()) == "重点人员核查（高风险）"
