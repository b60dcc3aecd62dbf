"""How sure an indicator is, in a sentence: the counts, the interval, and whether chance alone could have made it.

It names no consequence. What follows from a small number is for people to weigh.
"""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from wuzha.adapters.wording import Language
from wuzha.core.assessment.certainty import Certainty, Sort, find_certainty
from wuzha.core.duty.model import Duty, Tally

SENTENCES: Mapping[str, Mapping[Language, str]] = MappingProxyType(
    {
        "count": {
            "zh": "计 {now}；同样的情形，单凭偶然也会在 {low} 到 {high} 之间。",
            "en": "Counted {now}; chance alone would give {low} to {high} in the same circumstances.",
        },
        "share": {
            "zh": "{of} 中有 {now}，真实的比例约在 {low} 到 {high} 之间。",
            "en": "{now} of {of}; the true share lies about between {low} and {high}.",
        },
        "change": {
            "zh": "现在 {now}，{then} {of}；变化约在 {low} 到 {high} 之间。",
            "en": "Now {now}, {then} {of}; the change lies about between {low} and {high}.",
        },
        "change-open": {
            "zh": "现在 {now}，{then} {of}；{then}太少，变化最多多少说不准。",
            "en": "Now {now}, {then} {of}; too few then to say how far it may have risen.",
        },
        "change-small": {"zh": "现在 {now}，{then} {of}。", "en": "Now {now}, {then} {of}."},
        "last_year": {"zh": "去年同期", "en": "in the same days of last year"},
        "last_period": {"zh": "上一期", "en": "in the period before"},
        "chance-share": {
            "zh": "人数少，分不清到底有没有达到要求。",
            "en": "Too few to tell whether the demand is really reached.",
        },
        "chance-better": {
            "zh": "人数少，这个变化分不清是好转还是偶然。",
            "en": "The numbers are small: this change cannot be told from chance.",
        },
        "chance-worse": {
            "zh": "人数少，这个变化分不清是变差还是偶然。",
            "en": "The numbers are small: this rise cannot be told from chance.",
        },
        "chance-none": {
            "zh": "人数少，有没有变化分不清。",
            "en": "The numbers are small: whether anything changed cannot be told.",
        },
    }
)


def say_certainty(duty: Duty, tally: Tally, language: Language = "zh") -> str:
    """The counts with their interval and, where it is so, that chance alone could have made them; empty for others."""
    found = find_certainty(duty, tally)
    if found is None:
        return ""
    told = _say_interval(duty, found, language)
    verdict = say_chance(duty, tally, language)
    return f"{told}{'' if language == 'zh' or not verdict else ' '}{verdict}"


def say_chance(duty: Duty, tally: Tally, language: Language = "zh") -> str:
    """The one sentence for what cannot be told from chance; empty where it can."""
    found = find_certainty(duty, tally)
    if found is None or not found.is_chance:
        return ""
    return SENTENCES[f"chance-{_find_direction(duty, tally, found)}"][language]


def _find_direction(duty: Duty, tally: Tally, found: Certainty) -> str:
    """Whether what is seen would be better or worse, by the side that the plan asks for."""
    if found.sort is Sort.SHARE:
        return "share"
    value = tally.value or Fraction(0)
    if value == 0:
        return "none"
    is_fall_good = duty.target is not None and duty.target.side == "at_most"
    return "better" if (value < 0) == is_fall_good else "worse"


def _say_interval(duty: Duty, found: Certainty, language: Language) -> str:
    against = duty.target.against if duty.target else ""
    words = {
        "now": f"{found.now:,}",
        "of": f"{found.of or 0:,}",
        "then": SENTENCES[against][language] if against else "",
        "low": _say_bound(found, found.low),
        "high": "" if found.high is None else _say_bound(found, found.high),
    }
    return SENTENCES[_choose_sentence(found)][language].format(**words)


def _choose_sentence(found: Certainty) -> str:
    if found.is_small:
        return "change-small"
    return "change-open" if found.high is None else found.sort.value


def _say_bound(found: Certainty, bound: Fraction) -> str:
    if found.sort is Sort.COUNT:
        return f"{float(bound):,.1f}"
    sign = "+" if found.sort is Sort.CHANGE and bound > 0 else ""
    return f"{sign}{float(bound * 100):.0f}%".replace("-", "−")
