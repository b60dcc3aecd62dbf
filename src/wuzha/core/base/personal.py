"""Numbers that lead to one person: mainland mobile numbers, identity numbers and bank cards in free text.

A masked text is as long as the text was, so that a span in one is the same span in the other, and the original is had
back by putting the stretches into their places. Masking what is masked changes nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

Span = tuple[int, int]

# What people put between the groups of a number. A line's end parts two numbers.
_BETWEEN = "[ \u00a0\u2000-\u200d\u202f\u2060\u3000\ufeff.\\-\u2010-\u2015\u2212\uff0d_~]{1,3}"
_RUN = re.compile(rf"[0-9]+(?:{_BETWEEN}[0-9]+)*")
_GROUP = re.compile("[0-9]+")
_ENOUGH = re.compile(r"(?:\d\D{0,3}){10}\d")
# How people write a mobile number, by the lengths of its groups.
_MOBILE_GROUPS = ((11,), (3, 4, 4), (3, 8), (7, 4), (4, 3, 4), (4, 4, 3), (5, 6), (3, 3, 5), (1,) * 11)
_MOBILE = re.compile("1[3-9][0-9]{9}")
_COUNTRY = re.compile("(?:0{0,2}86|0)(?=1[3-9][0-9]{9}$)")
_CARD_GROUPS = re.compile("4(?: 4){3}(?: [1-3])?|6 (?:10|12|13)|8 8|4 4 8|6 4 4 [2-5]")
_MOST_GROUPS = 19
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_OVER = "*"
_CROSSES = "xX\uff38\uff58\u00d7"


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
    if not _ENOUGH.search(text):
        return []
    plain = _write_digits_plainly(text)
    return [found for run in _RUN.finditer(plain) for found in _find_in_run(plain, run.start(), run.group())]


def _write_digits_plainly(text: str) -> str:
    """Digits of every script as 0 to 9, one sign for one, and ``×`` written for the check sign as it is meant."""
    if text.isascii():
        return text
    return "".join(map(_write_sign_plainly, text))


@lru_cache(maxsize=4096)
def _write_sign_plainly(sign: str) -> str:
    if sign in _CROSSES:  # full-width ones, and the sign of multiplication
        return "X"
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)


def _find_in_run(text: str, offset: int, run: str) -> Iterator[Find]:
    groups = [(match.start() + offset, match.end() + offset) for match in _GROUP.finditer(run)]
    at = 0
    while at < len(groups):
        found = _find_at(text, groups, at)
        if found is None:
            at += 1
            continue
        taken, find = found
        yield find
        at += taken


def _find_at(text: str, groups: Sequence[Span], at: int) -> tuple[int, Find] | None:
    """The longest number that begins with this group, and how many groups it takes."""
    for taken in range(min(_MOST_GROUPS, len(groups) - at), 0, -1):
        some = groups[at : at + taken]
        digits = "".join(text[start:end] for start, end in some)
        tail = text[some[-1][1] : some[-1][1] + 1]
        kind = _judge(digits, tuple(end - start for start, end in some), tail)
        if kind:
            end = some[-1][1] + (kind == "identity" and len(digits) == 17)
            return taken, Find(some[0][0], end, kind)
    return None


def _judge(digits: str, sizes: tuple[int, ...], tail: str) -> str:
    """What the digits of some groups are; empty for no number that leads to a person."""
    if len(digits) == 17 and tail in ("X", "x") and is_identity(f"{digits}X"):
        return "identity"
    if len(digits) == 18 and is_identity(digits):
        return "identity"
    if _is_card(digits, sizes):
        return "card"
    return "mobile" if _is_mobile(digits, sizes) else ""


def _is_mobile(digits: str, sizes: tuple[int, ...]) -> bool:
    country = _COUNTRY.match(digits)
    if country is None:
        return sizes in _MOBILE_GROUPS and _MOBILE.fullmatch(digits) is not None
    # The country's number stands alone, or right before the first group.
    ahead = country.end()
    rest = sizes[1:] if sizes[0] == ahead else (sizes[0] - ahead, *sizes[1:])
    return rest in _MOBILE_GROUPS


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
    places = [at for at in range(find.start, find.end) if signs[at].isdecimal() or signs[at] in _CROSSES]
    first, last = {"mobile": (len(places) - 8, 4), "identity": (3, 2), "card": (0, 4)}[find.kind]
    for at in places[first : len(places) - last]:
        signs[at] = _OVER


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
    digits = "".join(sign for sign in _write_digits_plainly(text).upper() if sign.isdecimal() or sign == "X")
    return _COUNTRY.sub("", digits)
