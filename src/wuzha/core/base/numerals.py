"""Numbers as Chinese plans write them, read exactly: 12, １２, 1,000, 十二, 两百, 3万, 半数, 百分之五十, 50%, 1‰, 八成.

Everything comes back as a ``Fraction``: a tenth of a per mille must not become 0.000999.
"""

import re
from fractions import Fraction

_DIGITS = {
    "零": 0, "〇": 0, "一": 1, "壹": 1, "二": 2, "两": 2, "三": 3, "四": 4,
    "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_PARTS = {"百": 100, "千": 1000, "万": 10000, "十": 10}

FOLD = str.maketrans(
    "０１２３４５６７８９％，：；（）．－—–―～〜~　",
    "0123456789%,:;().-------" + " ",
)
"""Full-width forms to half-width ones, one character for one, so that offsets stay what they were."""

ARABIC = r"\d{1,12}(?:,\d{3}){0,3}(?:\.\d{1,6})?[万亿]?"
HAN = r"[零〇一二两三四五六七八九十百千万亿]{1,12}"
NUMBER = rf"(?:{ARABIC}|{HAN}|半(?=个?小时))"
RATIO = (
    rf"(?:\d{{1,6}}(?:\.\d{{1,6}})?[%‰]|[百千万]分之{NUMBER}|{HAN}分之{HAN}|[一二三四五六七八九\d]成(?![立为员果长年本品交])"
    r"|半数|一半|过半)"
)
"""Pieces for the patterns of the plan reader; they hold on folded text (see ``fold``) and never backtrack far."""


def fold(text: str) -> str:
    """The same text with half-width digits, percent signs, brackets, colons and dashes; its length does not change."""
    return text.translate(FOLD)


def parse_number(text: str) -> Fraction | None:
    """The number that ``text`` writes, or None if the whole of it is not one."""
    folded = fold(text).strip().replace(",", "")
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)([万亿]?)", folded):
        return Fraction(match[1]) * _MYRIADS.get(match[2], 1)
    if folded == "半":
        return Fraction(1, 2)
    return _parse_han(folded)


def parse_ratio(text: str) -> Fraction | None:
    """The share that ``text`` writes (50% is 1/2, 千分之一 is 1/1000), or None."""
    folded = fold(text).strip().replace(",", "")
    if folded in ("半数", "一半", "过半"):
        return Fraction(1, 2)
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)([%‰])", folded):
        return Fraction(match[1]) / (100 if match[2] == "%" else 1000)
    if match := re.fullmatch(r"(.{1,12}?)成", folded):
        return _divide(parse_number(match[1]), Fraction(10))
    if match := re.fullmatch(r"(.{1,12}?)分之(.{1,16})", folded):
        return _divide(parse_number(match[2]), _parse_base(match[1]))
    return None


def _parse_base(text: str) -> Fraction | None:
    return Fraction(_PARTS[text]) if text in _PARTS else parse_number(text)


def _divide(value: Fraction | None, base: Fraction | None) -> Fraction | None:
    return value / base if value is not None and base else None


def _parse_han(text: str) -> Fraction | None:
    if not text or any(sign not in _DIGITS and sign not in _TENS and sign not in _MYRIADS for sign in text):
        return None
    if all(sign in _DIGITS for sign in text):
        return Fraction(int("".join(str(_DIGITS[sign]) for sign in text)))
    return _add_up(text)


def _close_section(total: int, section: int, unit: int) -> int:
    """万 closes the figures since 亿, 亿 closes all before it: 一亿二千万 is 10**8 + 2000 × 10**4, 一万亿 is 10**12."""
    if unit == 10**8:
        return (total + section or 1) * unit
    return total + (section or (0 if total else 1)) * unit


def _add_up(text: str) -> Fraction | None:
    """``text`` by its units: 一百二十 is 1 × 100 + 2 × 10, 三万五千 is 3 × 10000 + 5 × 1000."""
    total = section = digit = 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _TENS:
            section += (digit or 1) * _TENS[sign]
            digit = 0
        else:
            total = _close_section(total, section + digit, _MYRIADS[sign])
            section = digit = 0
    return Fraction(total + section + digit)
