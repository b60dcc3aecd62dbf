"""How word processors and web pages write the number of an item: 一, 甲, ①, iv."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

_DIGITS = "〇一二三四五六七八九"
_LEGAL = str.maketrans("〇零一二三四五六七八九十百千", "零零壹贰叁肆伍陆柒捌玖拾佰仟")
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def write_numeral(number: int, style: str) -> str:
    """The number in a style by its name in Word; in figures where the style is unknown or has no such number."""
    return _STYLES.get(style, str)(number)


def _in_han(number: int) -> str:
    """Ten as 十, 105 as 一百零五; digit by digit from ten thousand on."""
    if not 0 < number < 10_000:
        return _in_digits(number)
    written, owes_zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            written += ("零" if owes_zero and written else "") + _DIGITS[digit] + name
        owes_zero = not digit
    return written.removeprefix("一") if written.startswith("一十") else written


def _in_counting(number: int) -> str:
    """Word's 一、二、三: from a hundred on digit by digit."""
    return _in_han(number) if number < 100 else _in_digits(number)


def _in_digits(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number)) if number >= 0 else str(number)


def _in_roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    written = ""
    for value, letters in _ROMAN:
        written += letters * (number // value)
        number %= value
    return written


def _in_letters(number: int) -> str:
    """a to z, then aa to zz as Word does; beyond three in figures."""
    return chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number <= 78 else str(number)


def _from(first: str, count: int) -> Callable[[int], str]:
    """Signs that stand one behind the other in Unicode."""
    return lambda number: chr(ord(first) + number - 1) if 0 < number <= count else str(number)


def _among(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if 0 < number <= len(signs) else str(number)


def _circle(number: int) -> str:
    for first, start, end in (("①", 1, 20), ("㉑", 21, 35), ("㊱", 36, 50)):
        if start <= number <= end:
            return chr(ord(first) + number - start)
    return str(number)


_STYLES: Mapping[str, Callable[[int], str]] = MappingProxyType(
    {
        **dict.fromkeys(("chineseCounting", "taiwaneseCounting", "ideographDigital"), _in_counting),
        **dict.fromkeys(("chineseCountingThousand", "taiwaneseCountingThousand", "japaneseCounting"), _in_han),
        **dict.fromkeys(
            ("chineseLegalSimplified", "ideographLegalTraditional"), lambda number: _in_han(number).translate(_LEGAL)
        ),
        "japaneseDigitalTenThousand": _in_digits,
        "taiwaneseDigital": _in_digits,
        "ideographTraditional": _among("甲乙丙丁戊己庚辛壬癸"),
        "ideographZodiac": _among("子丑寅卯辰巳午未申酉戌亥"),
        **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _circle),
        "ideographEnclosedCircle": _from("㊀", 10),
        "decimalEnclosedParen": _from("⑴", 20),
        "decimalEnclosedFullstop": _from("⒈", 20),
        "decimalFullWidth": lambda number: str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        "decimalZero": lambda number: f"{number:02d}",
        "lowerRoman": _in_roman,
        "upperRoman": lambda number: _in_roman(number).upper(),
        "lowerLetter": _in_letters,
        "upperLetter": lambda number: _in_letters(number).upper(),
    }
)
