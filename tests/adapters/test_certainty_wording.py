"""What cannot be told from chance is said in one plain sentence, and nothing is proposed."""

from datetime import date
from fractions import Fraction

import pytest

from wuzha.adapters.certainty_wording import SENTENCES, say_certainty, say_chance
from wuzha.core.base.interval import Interval
from wuzha.core.duty.model import Duty, Tally, Target, Who

YEAR = Interval(date(2026, 1, 1), date(2027, 1, 1))


def make_duty(target: Target) -> Duty:
    return Duty("x", "attain", "cases", Who(("county",)), YEAR, target=target, measure="quantity")


DOWN = make_duty(Target("at_most", Fraction(-1, 5), share=True, against="last_year"))
SHARE = make_duty(Target("at_least", Fraction(9, 10), share=True))
COUNT = make_duty(Target("at_most", Fraction(3)))


def change(now: int, then: int) -> Tally:
    return Tally(Fraction(now, then) - 1, Fraction(-1, 5), of=Fraction(then))


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
            Tally(Fraction(8, 10), Fraction(9, 10), of=Fraction(10)),
            "10 中有 8，真实的比例约在 44% 到 97% 之间。人数少，分不清到底有没有达到要求。",
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
