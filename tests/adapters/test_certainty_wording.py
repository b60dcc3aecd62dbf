"""What cannot be told from chance is said in one plain sentence, and nothing is proposed."""

from datetime import date
from fractions import Fraction
from uuid import UUID

import pytest

from wuzha.adapters.wording.certainty import (
    SENTENCES,
    list_place_words,
    say_certainty,
    say_chance,
    say_comparison,
)
from wuzha.core.assessment.places import Comparison, compare_places
from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import Attribute, Tree, Unit
from wuzha.core.base.windows import Window
from wuzha.core.duty.model import Duty, Tally, Target, Who
from wuzha.core.ledger.record import Record

YEAR = Interval(date(2026, 1, 1), date(2027, 1, 1))


def make_duty(target: Target) -> Duty:
    return Duty("x", "attain", "cases", Who(("county",)), YEAR, target=target, measure="quantity")


DOWN = make_duty(Target("at_most", Fraction(-1, 5), share=True, against="last_year"))
UP = make_duty(Target("at_least", Fraction(1, 20), share=True, against="last_year"))
SHARE = make_duty(Target("at_least", Fraction(9, 10), share=True))
COUNT = make_duty(Target("at_most", Fraction(3)))


def change(now: int, then: int) -> Tally:
    value = Fraction(now, then) - 1 if then else None
    return Tally(value, Fraction(-1, 5), of=Fraction(then), parts=(Fraction(now), Fraction(then)))


def rated(*parts: int) -> Tally:
    """Of a survey: so many of so many asked, now and then."""
    hits, asked, before, asked_before = (Fraction(part) for part in parts)
    value = hits / asked / (before / asked_before) - 1
    return Tally(value, Fraction(1, 20), of=asked_before, parts=(hits, asked, before, asked_before))


@pytest.mark.parametrize(
    ("duty", "tally", "sentence"),
    [
        (
            DOWN,
            change(12, 16),
            "现在 12，去年同期 16；变化约在 −68% 到 +69% 之间。人数少，这个变化分不清是好转还是偶然。",
        ),
        (DOWN, change(3, 4), "现在 3，去年同期 4。人数少，这个变化分不清是好转还是偶然。"),
        (DOWN, change(5, 4), "现在 5，去年同期 4。人数少，这个变化分不清是变差还是偶然。"),
        (DOWN, change(4, 4), "现在 4，去年同期 4。人数少，有没有变化分不清。"),
        (DOWN, change(700, 1000), "现在 700，去年同期 1,000；变化约在 −37% 到 −23% 之间。"),
        (
            SHARE,
            Tally(Fraction(8, 10), Fraction(9, 10), of=Fraction(10), parts=(Fraction(8), Fraction(10))),
            "10 中有 8，真实的比例约在 44% 到 97% 之间。人数少，分不清到底有没有达到要求。",
        ),
        (DOWN, change(4, 0), "现在 4，去年同期 0。人数少，这个变化分不清是变差还是偶然。"),
        (DOWN, change(9, 0), "现在 9，去年同期 0。"),
        (DOWN, change(0, 0), "现在 0，去年同期 0。人数少，有没有变化分不清。"),
        (
            UP,
            rated(450, 500, 80, 100),
            "现在 500 人中有 450 人，去年同期 100 人中有 80 人；变化约在 +3% 到 +27% 之间。",
        ),
        (
            UP,
            rated(18, 20, 16, 20),
            "现在 20 人中有 18 人，去年同期 20 人中有 16 人；变化约在 −16% 到 +57% 之间。"
            "人数少，这个变化分不清是好转还是偶然。",
        ),
        (
            UP,
            rated(9, 20, 5, 20),
            "现在 20 人中有 9 人，去年同期 20 人中有 5 人。人数少，这个变化分不清是好转还是偶然。",
        ),
        (
            COUNT,
            Tally(Fraction(5), Fraction(3), of=Fraction(2)),
            "计 5；同样的情形，单凭偶然也会在 1.6 到 11.7 之间。",
        ),
        (COUNT, Tally(None, None, reason="no-data"), ""),
    ],
)
def test_an_indicator_says_its_counts_its_interval_and_whether_chance_could_have_made_it(
    duty: Duty, tally: Tally, sentence: str
) -> None:
    assert say_certainty(duty, tally) == sentence


def test_what_can_be_told_from_chance_has_no_sentence_of_chance() -> None:
    assert say_chance(DOWN, change(700, 1000)) == ""


def test_no_sentence_speaks_of_measures_on_anybody() -> None:
    said = "".join(words for pair in SENTENCES.values() for words in pair.values())
    assert not [word for word in ("通报", "约谈", "问责", "督办", "红牌", "黄牌", "排名") if word in said]


def test_it_is_said_in_english_too() -> None:
    assert say_certainty(DOWN, change(3, 4), "en") == (
        "Now 3, in the same days of last year 4. The numbers are small: this change cannot be told from chance."
    )


def compare(*towns: tuple[int | None, int]) -> Comparison:
    """Towns 甲, 乙, 丙 … by their cases, none for no record, and their residents, 0 for not known."""
    units = [Unit("C", "石桥县", "county")]
    records = []
    for number, (name, (cases, people)) in enumerate(zip("甲乙丙丁", towns, strict=False)):
        known = (Attribute("population", YEAR.opens, Fraction(people)),) if people else ()
        units.append(Unit(f"T{number}", name, "town", "C", attributes=known))
        if cases is not None:
            records.append(Record(UUID(int=number + 1), f"T{number}", "cases", date(2026, 3, 1), quantity=cases))
    window = Window(YEAR.opens, YEAR.closes, "2026")
    found = compare_places(DOWN, window, Tree(tuple(units)), "C", records, date(2026, 12, 31))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (compare((3, 1000), (7, 1000)), "凭这些数字分不出高低：各地差这么多，单凭偶然也会有。"),
        (compare((0, 1000), (0, 1000)), "凭这些数字分不出高低：各地差这么多，单凭偶然也会有。"),
        (compare((1, 1000), (9, 1000)), "乙比其余各地高，不像是偶然；甲比其余各地低，不像是偶然。"),
        (
            compare((34, 1000), (14, 1000), (5, 1000), (34, 1000)),
            "甲、丁比其余各地高，不像是偶然；丙比其余各地低，不像是偶然；剩下的凭这些数字分不出高低。",
        ),
        (
            compare((10, 1000), (20, 1000), (23, 1000), (8, 1000)),
            "各地合起来看，差别不全是偶然；可是凭这些数字，分不出是哪一处高、哪一处低。",
        ),
        (compare((3, 0), (7, 0)), "不知道各地的常住人口，算不出每千人多少，比不了高低。"),
        (compare((3, 1000), (7, 0)), "数量和常住人口都知道的不到两处，比不了高低。"),
        (compare((None, 1000), (None, 1000)), "下面各地都没有这类记录，没有可比的。"),
    ],
)
def test_a_comparison_says_who_differs_by_more_than_chance_or_that_the_numbers_do_not_tell(
    found: Comparison, sentence: str
) -> None:
    assert say_comparison(found) == sentence


def test_a_place_is_worded_with_its_base_and_as_many_decimals_as_show_one_case() -> None:
    few, many, unknown = list_place_words(compare((1, 40_000), (2, 60_000), (4, 0)))
    assert (few.name, few.count, few.base, few.base_on) == ("甲", "1", "40,000", YEAR.opens)
    # Garwood's interval of 1 is 0.0253 to 5.5717, over 40 thousand.
    assert (few.rate, few.interval, many.rate) == ("0.025", "0.001–0.139", "0.033")
    assert (few.shrunk, many.shrunk) == ("0.030", "0.030")
    assert (unknown.count, unknown.rate, unknown.interval, unknown.missing) == ("4", "", "", "不知道常住人口")
