"""Numbers as Chinese plans write them, read exactly: 12, １２, 1,000, 十二, 两百, 3万, 半数, 百分之五十, 50%, 1‰, 八成.

Everything comes back as a ``Fraction``: a tenth of a per mille must not become 0.000999.
"""

import re
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

_DIGITS = MappingProxyType({
    "零": 0, "〇": 0, "一": 1, "壹": 1, "二": 2, "两": 2, "三": 3, "四": 4,
    "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
})  # fmt: skip
_TENS = MappingProxyType({"十": 10, "百": 100, "千": 1000})
_MYRIADS = MappingProxyType({"万": 10**4, "亿": 10**8})
_SHARES = MappingProxyType({
    "半数": Fraction(1, 2), "一半": Fraction(1, 2), "过半": Fraction(1, 2), "百分百": Fraction(1), "双百": Fraction(1),
})  # fmt: skip
_PARTS = MappingProxyType({"百": 100, "千": 1000, "万": 10000, "十": 10})

_FULL, _HALF = "０１２３４５６７８９％，：；（）．－—–―～〜~　", "0123456789%,:;().------- "
_FOLD = MappingProxyType(dict(zip(_FULL, _HALF, strict=True)))
"""Full-width forms to half-width ones, one character for one, so that offsets stay what they were."""
_LONG = 500
_FOLDED = re.compile(f"[{_FULL}]")

_FIGURES = re.compile(r"(\d+(?:\.\d+)?)([万亿]?)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)([%‰])")
_SLASH = re.compile(r"(\d)/(\d{1,2})")
_TENTHS = re.compile(r"(.{1,12}?)成(.?)")
_PART_OF = re.compile(r"(.{1,12}?)分之(.{1,16})")

ARABIC = r"\d{1,12}(?:,\d{3}){0,3}(?:\.\d{1,6})?[万亿]?"
HAN = r"[零〇一二两三四五六七八九十百千万亿]{1,12}"
_TAIL = r"点[零〇一二三四五六七八九]{1,6}(?![十分刻时半])"
NUMBER = rf"(?:{ARABIC}|[一两二三]个半(?=小时|月|学时)|{HAN}(?:{_TAIL})?|半(?=个?小时))"
RATIO = (
    rf"(?:\d{{1,6}}(?:\.\d{{1,6}})?[%‰]|[百千万]分之{NUMBER}|{HAN}分之{HAN}"
    r"|[一二两三四五六七八九十\d](?:\.\d)?成[一二三四五六七八九半]?(?![立为员果长年本品交个])"
    r"|半数|一半|(?<!时间)(?<!任务)过半|百分百|(?<=率)双百|(?<=率“)双百|(?<=率\")双百|(?<!\d)[1-9]/\d{1,2}(?=及?以上|的|[,、;。)]|$))"
)
"""Pieces for the patterns of the plan reader; they hold on folded text (see ``fold``) and never backtrack far."""


def fold(text: str) -> str:
    """The same text with half-width digits, percent signs, brackets, colons and dashes; its length does not change."""
    if not _FOLDED.search(text):  # most words are folded already, or hold none of them
        return text
    # a text holds few of them: looking each character up would cost most, and in a long one so would listing them
    for sign in {*_FOLDED.findall(text)} if len(text) < _LONG else _FOLD:
        text = text.replace(sign, _FOLD[sign])
    return text


@lru_cache(maxsize=1024)  # a text writes the same few numbers (1, 两, 10, 100%) over and over
def parse_number(text: str) -> Fraction | None:
    """The number that ``text`` writes, or None if the whole of it is not one."""
    if text in _DIGITS:
        return Fraction(_DIGITS[text])
    folded = fold(text).strip().replace(",", "")
    if folded.isdecimal() and folded.isascii():
        return Fraction(int(folded))
    if match := _FIGURES.fullmatch(folded):
        return Fraction(match[1]) * _MYRIADS.get(match[2], 1)
    if folded == "半":
        return Fraction(1, 2)
    if folded.endswith("个半"):
        return _DIGITS[folded[0]] + Fraction(1, 2) if folded[0] in _DIGITS and len(folded) == 3 else None
    whole, point, tail = folded.partition("点")
    return _parse_point(whole, tail) if point else _parse_han(folded)


@lru_cache(maxsize=1024)  # as above
def parse_ratio(text: str) -> Fraction | None:
    """The share that ``text`` writes (50% is 1/2, 千分之一 is 1/1000), or None."""
    folded = fold(text).strip().replace(",", "")
    if folded in _SHARES:
        return _SHARES[folded]
    if match := _PERCENT.fullmatch(folded):
        base = 100 if match[2] == "%" else 1000
        return Fraction(int(match[1]), base) if match[1].isdecimal() else Fraction(match[1]) / base
    if match := _SLASH.fullmatch(folded):
        return _divide(Fraction(match[1]), Fraction(match[2]))
    if match := _TENTHS.fullmatch(folded):
        return _parse_tenths(match[1], match[2])
    if match := _PART_OF.fullmatch(folded):
        return _divide(parse_number(match[2]), _parse_base(match[1]))
    return None


def _parse_tenths(tenths: str, hundredths: str) -> Fraction | None:
    """九成 is 9/10, 九成五 is 95/100, 两成半 is 25/100."""
    whole = parse_number(tenths)
    rest = Fraction(5) if hundredths == "半" else parse_number(hundredths or "零")
    return None if whole is None or rest is None else whole / 10 + rest / 100


def _parse_base(text: str) -> Fraction | None:
    return Fraction(_PARTS[text]) if text in _PARTS else parse_number(text)


def _divide(value: Fraction | None, base: Fraction | None) -> Fraction | None:
    return value / base if value is not None and base else None


def _parse_point(whole: str, tail: str) -> Fraction | None:
    """零点五 is 1/2: the signs behind 点 are digits one by one."""
    before = _parse_han(whole)
    if before is None or not tail or any(sign not in _DIGITS for sign in tail):
        return None
    digits = "".join(str(_DIGITS[sign]) for sign in tail)
    return before + Fraction(int(digits), 10 ** len(digits))


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
