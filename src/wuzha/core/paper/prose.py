"""Numbers that a person types into the free words of a paper, held against the figures that the paper has counted.

A number that is none of them is a doubt and never an error: it may stand for something that is not counted here.
"""

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from types import MappingProxyType

from wuzha.core.base.numerals import ARABIC, HAN, fold, parse_number
from wuzha.core.base.problem import Problem, Source, make_problem

MYRIADS = MappingProxyType({"万": 10**4, "亿": 10**8})
# How many characters of the sentence stand on each side of the number when its place is told.
AROUND = 8

_WHEN = r"(?:年|月|日|号|时|点(?!五)|分(?=[起前后至到、,。;）)]|$)|季度|周|天|个?工作日|小时|分钟|个月)"
_STRETCH = r"\s*(?:-|至|到|~|、|—)\s*"
# What is written in digits and counts nothing: days, spells of time, numbers of papers, clauses, items and telephones.
_ASIDE = re.compile(
    rf"""
      \d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}                # 2026-03-05
    | \d{{1,2}}:\d{{2}}                                 # 8:30
    | \d{{1,4}}(?:{_STRETCH}\d{{1,4}})*\s*{_WHEN}        # 2026年, 3至5月, 5个工作日
    | [〔\[]\d{{4}}[〕\]]\s*\d*                          # 〔2026〕12号
    | 第\s*(?:\d+(?:{_STRETCH}(?:第\s*)?\d+)*|{HAN})     # 第3期, 第1至3条, 第十二条
    | \(\d{{1,3}}\)                                     # （1）
    | (?:^|(?<=\n))\s*\d{{1,2}}(?:\.(?!\d)|、)           # 1. 2、
    | (?<!\d)(?:110|12381|96110|12321|12377|12345)(?!\d) # telephones of the state
    | (?<![\d.,])\d{{3,4}}-\d{{7,8}}(?!\d) | (?<![\d.,])1\d{{10}}(?!\d)
    | [A-Za-z][A-Za-z0-9_-]* | \d+[A-Za-z]+             # names: GB9704, 5G
    """,
    re.VERBOSE,
)
# Chinese numerals are words as often as figures (一线, 百姓, 十分); they count where something counted follows.
_COUNTERS = "户人名次场起件个条处份张家项辆台面块块元万亿村校站桩宗余多"
_TYPED = re.compile(rf"(?P<arabic>{ARABIC})(?P<share>%|‰)?|(?P<han>{HAN})(?=[{_COUNTERS}])|百分之(?P<part>{HAN})")
_UNITS = frozenset("十百千万亿")


def list_doubtful_numbers(text: str, readings: Iterable[str]) -> tuple[Problem, ...]:
    """The numbers of ``text`` that equal none of ``readings``, in the order of the text; each one once.

    ``readings`` are figures as the paper prints them: 1,204, 85%, 3.5万. A number rounded to 万 equals what rounds to
    it; a share equals its figure with or without the sign behind it. The problem's source holds the span and the
    line; both count in ``text``. Days, spells of time, numbers of papers and telephones are not looked at.
    """
    known = {value for reading in readings for value in _read_figures(reading)}
    told: set[str] = set()
    doubts = []
    for start, end, value, step in _list_numbers(text):
        word = text[start:end]
        if word not in told and not _is_known(value, step, known):
            told.add(word)
            doubts.append(_tell(text, start, end))
    return tuple(doubts)


def _read_figures(reading: str) -> Iterator[Fraction]:
    """What a printed figure comes to. 60 of 100 has two."""
    return (value for _, _, value, _ in _list_numbers(reading, aside=False))


def _list_numbers(text: str, *, aside: bool = True) -> Iterator[tuple[int, int, Fraction, Fraction]]:
    """Each number with its place, what it stands for, and by how much it is rounded."""
    folded = fold(text)
    if aside:
        folded = _ASIDE.sub(lambda found: "\n" * len(found[0]), folded)
    for found in _TYPED.finditer(folded):
        word = found["arabic"] or found["han"] or found["part"]
        value = parse_number(word)
        if value is None or (found["han"] and not _is_figure(word)):
            continue
        yield found.start(), found.end(), value, _find_step(word)


def _is_figure(word: str) -> bool:
    """二十, 一百零三 and 十二 are; 一, 百 and 千万 are words."""
    return len(word) > 1 and bool(set(word) & _UNITS) and bool(set(word) - _UNITS)


def _find_step(word: str) -> Fraction:
    """The last place that is written: 1.2万 is told to the thousand. Nothing is rounded without 万 or 亿."""
    unit = MYRIADS.get(word[-1])
    if unit is None or not word[0].isdecimal():
        return Fraction(0)
    return Fraction(unit, 10 ** len(word[:-1].partition(".")[2]))


def _is_known(value: Fraction, step: Fraction, known: Iterable[Fraction]) -> bool:
    return any(abs(value - one) <= step / 2 for one in known)


def _tell(text: str, start: int, end: int) -> Problem:
    before = text[max(0, start - AROUND) : start].rpartition("\n")[2]
    behind = text[end : end + AROUND].partition("\n")[0]
    source = Source(line=text.count("\n", 0, start) + 1, span=(start, end))
    word = text[start:end]
    return make_problem(
        "paper.doubtful-number", source, severity="warning", text=word, around=f"{before}{word}{behind}"
    )
