"""Pace in a sentence: where the unit should be today, where it is, and when it will be done at its own rate."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from wuzha.adapters.wording.duty import MONTHS
from wuzha.adapters.wording.words import Language
from wuzha.core.assessment.pace import Outlook, Pace

SENTENCES: Mapping[str, Mapping[Language, str]] = MappingProxyType(
    {
        "behind": {
            "zh": "匀着算，到今天应到 {expected}{counter}，现在 {value}，慢了 {behind}。",
            "en": "Evenly spread it should be at {expected}{counter} today; it is at {value}, {behind} behind.",
        },
        "abreast": {
            "zh": "匀着算，到今天应到 {expected}{counter}，现在 {value}，跟得上。",
            "en": "Evenly spread it should be at {expected}{counter} today; it is at {value}, abreast of it.",
        },
        "in-time": {
            "zh": "按近{weeks}周的进度，大约{days}完成，赶得上。",
            "en": "At the rate of the last {weeks} weeks done about {days}, in time.",
        },
        "doubtful": {
            "zh": "按近{weeks}周的进度，大约{days}完成，不一定赶得上{due}。",
            "en": "At the rate of the last {weeks} weeks done about {days}, perhaps not by {due}.",
        },
        "too-late": {
            "zh": "按近{weeks}周的进度，大约{days}完成，赶不上{due}。",
            "en": "At the rate of the last {weeks} weeks done about {days}, not by {due}.",
        },
        "past-due": {
            "zh": "按近{weeks}周的进度，大约{days}完成。",
            "en": "At the rate of the last {weeks} weeks done about {days}.",
        },
        "open-end": {
            "zh": "按近{weeks}周的进度，最早也要到{first}，到底哪天说不准。",
            "en": "At the rate of the last {weeks} weeks not before {first}; the day cannot be told.",
        },
        "never": {
            "zh": "按近{weeks}周的进度，两年内完不成。",
            "en": "At the rate of the last {weeks} weeks not within two years.",
        },
        "few": {
            "zh": "记录还少，哪天能完成说不准。",
            "en": "Too few records yet to say when it will be done.",
        },
        "idle": {
            "zh": "近{weeks}周没有新增，哪天能完成说不准。",
            "en": "Nothing was added in the last {weeks} weeks; when it will be done cannot be told.",
        },
    }
)


def say_pace(pace: Pace, due_on: date, as_of: date, language: Language = "zh", counter: str = "") -> str:
    """Both sentences. ``counter`` is the counting word of the duty, where the page has one."""
    head = "behind" if pace.is_behind else "abreast"
    words = {
        "expected": _say_number(pace.expected),
        "value": _say_number(pace.value),
        "behind": _say_number(pace.expected - pace.value),
        "counter": f" {counter}" if counter else "",
    }
    gap = "" if language == "zh" else " "
    return SENTENCES[head][language].format(**words) + gap + say_outlook(pace, due_on, as_of, language)


def say_outlook(pace: Pace, due_on: date, as_of: date, language: Language = "zh") -> str:
    """When it will be done at its own rate, or that this cannot be told."""
    words = {
        "weeks": str(pace.weeks),
        "days": _say_days(pace, as_of, language),
        "first": _say_day(pace.first_on, as_of, language) if pace.first_on else "",
        "due": _say_day(due_on, as_of, language),
    }
    return SENTENCES[_choose_sentence(pace, due_on, as_of)][language].format(**words)


def _choose_sentence(pace: Pace, due_on: date, as_of: date) -> str:
    if pace.outlook in (Outlook.FEW, Outlook.IDLE):
        return pace.outlook.value
    if pace.first_on is None:
        return "never"
    if pace.last_on is None:
        return "open-end"
    return "past-due" if as_of > due_on else pace.outlook.value


def _say_days(pace: Pace, as_of: date, language: Language) -> str:
    """12月10日至20日; one day where both are the same."""
    first, last = pace.first_on, pace.last_on
    if first is None or last is None:
        return ""
    told = _say_day(first, as_of, language)
    if first == last:
        return told
    if language == "en":
        return f"{told} to {_say_day(last, as_of, language)}"
    is_one_month = (first.year, first.month) == (last.year, last.month)
    return f"{told}至{last.day}日" if is_one_month else f"{told}至{_say_day(last, first, language)}"


def _say_day(day: date, beside: date, language: Language) -> str:
    """With its year when that is not the year of ``beside``."""
    has_year = day.year != beside.year
    if language == "en":
        return f"{day.day} {MONTHS[day.month - 1]}{f' {day.year}' if has_year else ''}"
    return f"{f'{day.year}年' if has_year else ''}{day.month}月{day.day}日"


def _say_number(value: Fraction) -> str:
    return f"{int(value):,}" if value.denominator == 1 else f"{float(value):,.1f}"
