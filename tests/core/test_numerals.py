"""Numbers as plans write them are read exactly."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.core.base.numerals import fold, parse_number, parse_ratio

HAN_DIGITS = "零一二三四五六七八九"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12), ("１２", 12), ("1,000", 1000), ("3万", 30000), ("1.5万", 15000), ("十", 10), ("十二", 12),
        ("两", 2), ("两百", 200), ("一百二十", 120), ("一百零八", 108), ("三千五百", 3500),
        ("三万五千", 35000), ("万", 10000),
        ("二〇二七", 2027), ("半", Fraction(1, 2)), ("0.5", Fraction(1, 2)), ("一亿二千万", 120_000_000),
        ("零点五", Fraction(1, 2)), ("一点二五", Fraction(5, 4)),
    ],
)  # fmt: skip
def test_a_number_is_read(text: str, value: Fraction | int) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("50%", Fraction(1, 2)), ("５０％", Fraction(1, 2)), ("1‰", Fraction(1, 1000)), ("千分之一", Fraction(1, 1000)),
        ("百分之五十", Fraction(1, 2)), ("百分之百", 1), ("三分之二", Fraction(2, 3)), ("万分之三", Fraction(3, 10000)),
        ("八成", Fraction(4, 5)), ("半数", Fraction(1, 2)), ("12.5%", Fraction(1, 8)), ("百分之12", Fraction(3, 25)),
        ("两成", Fraction(1, 5)), ("九成五", Fraction(19, 20)), ("两成半", Fraction(1, 4)),
        ("万分之零点五", Fraction(1, 20000)), ("百分之九十八点五", Fraction(197, 200)),
    ],
)  # fmt: skip
def test_a_share_is_read(text: str, value: Fraction | int) -> None:
    assert parse_ratio(text) == value


@pytest.mark.parametrize("text", ["", "若干", "几", "第三", "12个", "十x", "-", ".", "点五", "零点", "两点十"])
def test_what_is_no_number_gives_none(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize("text", ["", "50", "零分之一", "成", "分之", "%", "九成x"])
def test_what_is_no_share_gives_none(text: str) -> None:
    assert parse_ratio(text) is None


def write_han(number: int) -> str:
    """A number below 10,000 in Chinese, by the school rule."""
    words, zero = "", False
    for place, unit in zip((1000, 100, 10, 1), ("千", "百", "十", ""), strict=True):
        digit = number // place % 10
        if digit:
            words += ("零" if zero and words else "") + HAN_DIGITS[digit] + unit
        zero = digit == 0
    return words


@given(st.integers(min_value=1, max_value=9999))
def test_chinese_and_arabic_writing_of_a_number_agree(number: int) -> None:
    assert parse_number(write_han(number)) == number == parse_number(str(number))


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=0, max_value=100))
def test_full_width_digits_read_like_half_width_ones(number: int, percent: int) -> None:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    assert parse_number(str(number).translate(wide)) == number
    assert parse_ratio(f"{percent}％".translate(wide)) == Fraction(percent, 100)


@given(st.text())
def test_folding_keeps_the_length_of_any_text(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(alphabet="零〇一二两三四五六七八九十百千万亿半0123456789.,%‰成分之", max_size=30))
def test_any_mixture_of_signs_is_read_or_refused(text: str) -> None:
    for parse in (parse_number, parse_ratio):
        value = parse(text)
        assert value is None or value >= 0
