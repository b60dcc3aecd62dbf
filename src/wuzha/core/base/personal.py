"""Numbers that lead to one person: mainland mobile numbers, identity numbers and bank cards in free text.

A masked text is as long as the text was, so that a span in one is the same span in the other, and the original is had
back by putting the stretches into their places. Masking what is masked changes nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import accumulate, pairwise
from types import MappingProxyType

Span = tuple[int, int]

# What people put between the groups of a number. A line's end parts two numbers.
_BETWEEN = (
    "[ \\t\u00a0\u00ad\u00b7\u2000-\u200f\u202f\u2060-\u2064\u3000\ufeff.\uff0e\\-\u2010-\u2015\u2212\uff0d"
    "_~/\uff0f()\uff08\uff09]{1,3}"
)
_RUN = re.compile(rf"[0-9]+(?:{_BETWEEN}[0-9]+)*")
_GROUP = re.compile("[0-9]+")
_ENOUGH = re.compile(r"(?:\d\D{0,3}){10}\d")
# How people write a mobile number, by the lengths of its groups.
_MOBILE_GROUPS = ((11,), (3, 4, 4), (3, 8), (7, 4), (4, 3, 4), (4, 4, 3), (5, 6), (3, 3, 5), (1,) * 11)
# Such groups are also what a row of figures has: they count where one and the same sign stands between all of them.
_RARE_GROUPS = ((3, 2, 2, 2, 2), (3, 4, 2, 2), (3, 2, 2, 4), (3, 3, 3, 2), (3, 3, 2, 3), (3, 2, 3, 3), (5, 3, 3))
_MOBILE = re.compile("1[3-9][0-9]{9}")
_COUNTRY = re.compile("(?:0{0,2}86|0)(?=1[3-9][0-9]{9}$)")
_CARD_GROUPS = re.compile("4(?: 4){3}(?: [1-3])?|6 (?:10|12|13)|8 8|4 4 8|6 4 4 [2-5]")
_MOST_GROUPS = 19
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_OVER = "*"
_CROSSES = "xX\uff38\uff58\u00d7"
# Digits written as words are a number where at least as many stand together as a mobile number has.
_SPOKEN: Mapping[str, str] = MappingProxyType(
    {**dict(zip("〇一二三四五六七八九", "0123456789", strict=True)), "零": "0", "○": "0", "幺": "1"}
    | dict(zip("壹贰叁肆伍陆柒捌玖", "123456789", strict=True))
)
_WORD = rf"[\d{''.join(_SPOKEN)}]"
_SPOKEN_RUN = re.compile(f"{_WORD}(?:{_BETWEEN.replace('{1,3}', '{0,3}')}{_WORD}){{10,}}")
# Ids of rows and digests hold long runs of digits by chance.
_ID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[0-9]{0,127}[a-f])[0-9a-f]{32,128}")
_MONEY = re.compile(r"(?:\.[0-9]{1,2})?[ \u3000]*[万亿]?元")
_PROVINCE = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_OLD_IDENTITY, _MOBILE_SIZE, _IDENTITY_SIZE = 15, 11, 18
# Longer than any number by itself; a run of several hundred digits is no text that somebody wrote.
_LONGEST, _MOST_JOINED = 19, 200


@dataclass(frozen=True, slots=True)
class Find:
    """A number in a text: where it stands, and whether it is a ``mobile``, an ``identity`` or a ``card``."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch that was masked: its place in the text, and what stood there."""

    start: int
    original: str
    kind: str

    @property
    def end(self) -> int:
        return self.start + len(self.original)


def is_identity(number: str) -> bool:
    """Whether 18 signs are an identity number by their day of birth and their check sign (GB 11643)."""
    if not _is_birthday(number[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECKS[total % 11] == number[17]


def _is_birthday(digits: str) -> bool:
    try:
        return 1900 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= 2100
    except ValueError:
        return False


def passes_luhn(digits: str) -> bool:
    """Whether the check digit of a card number is right; the same digit over and over is no number."""
    if len(set(digits)) == 1:
        return False
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def find_numbers(text: str) -> list[Find]:
    """Every number in the text, in order; none lies in another."""
    if not _ENOUGH.search(text) and not _is_spoken(text):
        return []
    plain = _ID.sub(lambda found: "." * len(found.group()), _write_digits_plainly(text))
    return [found for run in _RUN.finditer(plain) for found in _find_in_run(plain, run.start(), run.group())]


def _is_spoken(text: str) -> bool:
    return not text.isascii() and sum(sign in _SPOKEN for sign in text) > 0 and bool(_SPOKEN_RUN.search(text))


def _write_digits_plainly(text: str) -> str:
    """Digits of every script as 0 to 9, one sign for one, and ``×`` written for the check sign as it is meant.

    Chinese words for digits are digits only where many stand together: elsewhere they count paragraphs and plans.
    """
    if text.isascii():
        return text
    plain = "".join(map(_write_sign_plainly, text))
    return _SPOKEN_RUN.sub(lambda found: "".join(_SPOKEN.get(sign, sign) for sign in found.group()), plain)


@lru_cache(maxsize=4096)
def _write_sign_plainly(sign: str) -> str:
    if sign in _CROSSES:  # full-width ones, and the sign of multiplication
        return "X"
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)


def _find_in_run(text: str, offset: int, run: str) -> Iterator[Find]:
    matches = _GROUP.finditer(text, offset, offset + len(run))
    groups = [piece for match in matches for piece in _part(text, match.start(), match.end())]
    at = 0
    while at < len(groups):
        found = _find_at(text, groups, at)
        if found is None:
            at += 1
            continue
        taken, find = found
        yield find
        at += taken


def _part(text: str, start: int, end: int) -> list[Span]:
    """Where one group begins and ends; several where it is nothing but whole numbers, one behind the other."""
    sizes: tuple[int, ...] = ()
    if _LONGEST < end - start <= _MOST_JOINED:
        digits, tail = text[start:end], text[end : end + 1].upper()
        sizes = _list_joined(digits) or (_list_joined(digits + tail) if tail == "X" else ())
    ends = accumulate(sizes, initial=start) if sizes else (start, end)
    return list(pairwise(min(one, end) for one in ends))


def _list_joined(digits: str) -> tuple[int, ...]:
    """The lengths of the mobile and identity numbers that make the digits up to the last one; empty where none do."""
    if not digits:
        return ()
    if _MOBILE.match(digits) and (len(digits) == _MOBILE_SIZE or _list_joined(digits[_MOBILE_SIZE:])):
        return (_MOBILE_SIZE, *_list_joined(digits[_MOBILE_SIZE:]))
    if len(digits) < _IDENTITY_SIZE or not is_identity(digits[:_IDENTITY_SIZE]):
        return ()
    rest = _list_joined(digits[_IDENTITY_SIZE:])
    return (_IDENTITY_SIZE, *rest) if rest or len(digits) == _IDENTITY_SIZE else ()


def _find_at(text: str, groups: Sequence[Span], at: int) -> tuple[int, Find] | None:
    """The longest number that begins with this group, and how many groups it takes."""
    sizes = [end - start for start, end in groups[at : at + _MOST_GROUPS]]
    counts = list(accumulate(sizes))
    for taken in range(len(sizes), 0, -1):
        if not _MOBILE_SIZE <= counts[taken - 1] <= _LONGEST:
            continue
        some = groups[at : at + taken]
        kind = _judge(_Written.read(text, some))
        if kind:
            end = some[-1][1] + (kind == "identity" and counts[taken - 1] == _IDENTITY_SIZE - 1)
            return taken, Find(some[0][0], end, kind)
    return None


@dataclass(frozen=True, slots=True)
class _Written:
    """Some groups of digits as they are written: ``sizes`` of each, the signs in the ``gaps``, what stands around."""

    digits: str
    sizes: tuple[int, ...]
    gaps: tuple[str, ...]
    before: str
    after: str

    @classmethod
    def read(cls, text: str, groups: Sequence[Span]) -> "_Written":
        digits = "".join(text[start:end] for start, end in groups)
        gaps = tuple(text[one[1] : other[0]] for one, other in pairwise(groups))
        start, end = groups[0][0], groups[-1][1]
        return cls(
            digits,
            tuple(end - start for start, end in groups),
            gaps,
            text[max(start - 1, 0) : start],
            text[end : end + 8],
        )


def _judge(one: _Written) -> str:
    """What the digits of some groups are; empty for no number that leads to a person."""
    if len(one.digits) == 17 and one.after[:1] in ("X", "x") and is_identity(f"{one.digits}X"):
        return "identity"
    if (len(one.digits) == 18 and is_identity(one.digits)) or _is_old_identity(one):
        return "identity"
    if _is_card(one.digits, one.sizes):
        return "card"
    return "mobile" if _is_mobile(one) and not _MONEY.match(one.after) else ""


def _is_old_identity(one: _Written) -> bool:
    """15 digits as they were given out until 1999: a province, a day of birth; none of them within a word."""
    if len(one.digits) != _OLD_IDENTITY or one.sizes not in ((15,), (6, 6, 3)) or not _PROVINCE.match(one.digits):
        return False
    around = one.before + one.after[:1]
    return _is_birthday(f"19{one.digits[6:12]}") and not re.search("[A-Za-z]", around)


def _is_mobile(one: _Written) -> bool:
    digits, sizes = one.digits, one.sizes
    country = _COUNTRY.match(digits)
    if country is None:
        return _is_grouped(sizes, one.gaps) and _MOBILE.fullmatch(digits) is not None
    # The country's number stands alone, or right before the first group.
    ahead = country.end()
    if sizes[0] == ahead:
        return _is_grouped(sizes[1:], one.gaps[1:])
    return _is_grouped((sizes[0] - ahead, *sizes[1:]), one.gaps)


def _is_grouped(sizes: tuple[int, ...], gaps: tuple[str, ...]) -> bool:
    return sizes in _MOBILE_GROUPS or (sizes in _RARE_GROUPS and len(set(gaps)) == 1)


def _is_card(digits: str, sizes: tuple[int, ...]) -> bool:
    if not 16 <= len(digits) <= 19 or not passes_luhn(digits):
        return False
    return len(sizes) == 1 or (digits[0] in "34569" and _CARD_GROUPS.fullmatch(" ".join(map(str, sizes))) is not None)


def mask_numbers(text: str) -> tuple[str, tuple[Part, ...]]:
    """The text with every number masked, and the stretches that were. The masked text is as long as the text."""
    signs, spans = list(text), []
    # What stays readable of one number may, with its neighbour, read as another.
    while found := find_numbers("".join(signs)):
        for find in found:
            spans.append((find.start, find.end, find.kind))
            _cover(signs, find)
    return "".join(signs), tuple(Part(start, text[start:end], kind) for start, end, kind in _join(spans))


def mask_text(text: str) -> str:
    """The text with every number masked."""
    return mask_numbers(text)[0]


def unmask(masked: str, parts: Iterable[Part]) -> str:
    """The text as it was."""
    signs = list(masked)
    for part in parts:
        signs[part.start : part.end] = part.original
    return "".join(signs)


def _cover(signs: list[str], find: Find) -> None:
    """Of a mobile number three digits and four stay readable, of an identity number three and two, of a card four."""
    places = [at for at in range(find.start, find.end) if _is_digit(signs[at]) or signs[at] in _CROSSES]
    first, last = {"mobile": (len(places) - 8, 4), "identity": (3, 2), "card": (0, 4)}[find.kind]
    for at in places[first : len(places) - last]:
        signs[at] = _OVER


def _is_digit(sign: str) -> bool:
    return sign.isdecimal() or sign in _SPOKEN


def _join(spans: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Stretches that overlap as one, of the kind of the first."""
    joined: list[tuple[int, int, str]] = []
    for start, end, kind in sorted(spans):
        if joined and start < joined[-1][1]:
            before = joined.pop()
            joined.append((before[0], max(end, before[1]), before[2]))
        else:
            joined.append((start, end, kind))
    yield from joined


def tell_number(text: str) -> str:
    """The number alone, however it was written: its digits, without the country's before a mobile number."""
    plain = "".join(_SPOKEN.get(sign, sign) for sign in _write_digits_plainly(text)).upper()
    digits = "".join(sign for sign in plain if sign.isdecimal() or sign == "X")
    return _COUNTRY.sub("", digits)
