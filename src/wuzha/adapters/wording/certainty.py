"""How sure an indicator is, in a sentence: the counts, the interval, and whether chance alone could have made it.

It names no consequence. What follows from a small number is for people to weigh.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from wuzha.adapters.wording.words import Language
from wuzha.core.assessment.certainty import Certainty, Sort, find_certainty
from wuzha.core.assessment.places import PER, Apart, Comparison, Place
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
        "rated": {
            "zh": "现在 {asked} 人中有 {now} 人，{then} {asked_then} 人中有 {of} 人；变化约在 {low} 到 {high} 之间。",
            "en": "Now {now} of {asked}, {then} {of} of {asked_then}; the change lies about between {low} and {high}.",
        },
        "rated-small": {
            "zh": "现在 {asked} 人中有 {now} 人，{then} {asked_then} 人中有 {of} 人。",
            "en": "Now {now} of {asked}, {then} {of} of {asked_then}.",
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
        "places-chance": {
            "zh": "凭这些数字分不出高低：各地差这么多，单凭偶然也会有。",
            "en": "These numbers do not tell the places apart: chance alone would make them differ so much.",
        },
        "places-some": {
            "zh": "各地合起来看，差别不全是偶然；可是凭这些数字，分不出是哪一处高、哪一处低。",
            "en": "Together the places differ by more than chance; which of them are higher cannot be told.",
        },
        "places-above": {
            "zh": "{names}比其余各地高，不像是偶然",
            "en": "{names}: higher than the others by more than chance",
        },
        "places-below": {
            "zh": "{names}比其余各地低，不像是偶然",
            "en": "{names}: lower than the others by more than chance",
        },
        "places-rest": {
            "zh": "剩下的凭这些数字分不出高低",
            "en": "these numbers do not tell the rest apart",
        },
        "places-unrecorded": {
            "zh": "下面各地都没有这类记录，没有可比的。",
            "en": "No place below has such a record: there is nothing to compare.",
        },
        "places-no-base": {
            "zh": "不知道各地的常住人口，算不出每千人多少，比不了高低。",
            "en": "The residents of these places are not known, so their rates cannot be told or compared.",
        },
        "places-few": {
            "zh": "数量和常住人口都知道的不到两处，比不了高低。",
            "en": "Fewer than two places have both a number and known residents: nothing can be compared.",
        },
        "missing-no-record": {"zh": "没有记录，不当作 0", "en": "No record, which is not a 0"},
        "missing-no-base": {"zh": "不知道常住人口", "en": "Residents not known"},
        "missing-not-throughout": {"zh": "这段时间里设立或撤销", "en": "Opened or closed in these days"},
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
    value = tally.value if tally.value is not None else Fraction(found.now - (found.of or 0))
    if value == 0:
        return "none"
    is_fall_good = duty.target is not None and duty.target.side == "at_most"
    return "better" if (value < 0) == is_fall_good else "worse"


def _say_interval(duty: Duty, found: Certainty, language: Language) -> str:
    against = duty.target.against if duty.target else ""
    words = {
        "now": f"{found.now:,}",
        "of": f"{found.of or 0:,}",
        "asked": f"{found.asked[0]:,}" if found.asked else "",
        "asked_then": f"{found.asked[1]:,}" if found.asked else "",
        "then": SENTENCES[against][language] if against else "",
        "low": _say_bound(found, found.low),
        "high": "" if found.high is None else _say_bound(found, found.high),
    }
    return SENTENCES[_choose_sentence(found)][language].format(**words)


def _choose_sentence(found: Certainty) -> str:
    if found.is_small:
        return f"{found.sort}-small"
    return "change-open" if found.high is None else found.sort.value


def _say_bound(found: Certainty, bound: Fraction) -> str:
    if found.sort is Sort.COUNT:
        return f"{float(bound):,.1f}"
    sign = "+" if found.sort in (Sort.CHANGE, Sort.RATED) and bound > 0 else ""
    return f"{sign}{float(bound * 100):.0f}%".replace("-", "−")


# --- places beside each other -----------------------------------------------------------------------------------------

JOINTS: Mapping[Language, tuple[str, str, str]] = MappingProxyType({"zh": ("、", "；", "。"), "en": (", ", "; ", ".")})
# As many decimals as show one case more or less: those of the smallest of these that the rate of all reaches.
DECIMALS = ((Fraction(10), 1), (Fraction(1, 10), 2), (Fraction(1, 100), 3))
MOST_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """One place as a table says it. Rates are per 1,000 and empty where ``missing`` says why there are none."""

    code: str
    name: str
    count: str
    base: str
    base_on: date | None
    rate: str
    interval: str
    shrunk: str
    shrunk_interval: str
    missing: str


def say_comparison(found: Comparison, language: Language = "zh") -> str:
    """What the numbers tell of the places: who differs by more than chance, or that they tell nothing apart."""
    if not found.compared:
        return SENTENCES[f"places-{_find_lack(found)}"][language]
    if found.is_chance:
        return SENTENCES["places-chance"][language]
    _, semicolon, stop = JOINTS[language]
    parts = [_name_apart(found, side, language) for side in Apart]
    if not any(parts):
        return SENTENCES["places-some"][language]
    if any(place.apart is None for place in found.compared):
        parts.append(SENTENCES["places-rest"][language])
    told = semicolon.join(part for part in parts if part)
    return f"{told}{stop}"


def _find_lack(found: Comparison) -> str:
    if not found.has_records:
        return "unrecorded"
    return "few" if any(place.base is not None for place in found.places) else "no-base"


def _name_apart(found: Comparison, side: Apart, language: Language) -> str:
    names = JOINTS[language][0].join(place.unit.name for place in found.compared if place.apart == side)
    return SENTENCES[f"places-{side}"][language].format(names=names) if names else ""


def list_place_words(found: Comparison, language: Language = "zh") -> list[PlaceWords]:
    """The places in the order of the roster."""
    decimals = _find_decimals(found)
    return [_word_place(place, decimals, language) for place in found.places]


def _find_decimals(found: Comparison) -> int:
    cases = sum(place.count or 0 for place in found.compared)
    people = sum((place.base.value for place in found.compared if place.base), Fraction(0))
    rate = cases * PER / people if people else Fraction(0)
    return next((decimals for least, decimals in DECIMALS if rate >= least), MOST_DECIMALS)


def _word_place(place: Place, decimals: int, language: Language) -> PlaceWords:
    shrunk = place.shrunk
    return PlaceWords(
        code=place.unit.code,
        name=place.unit.name,
        count="" if place.count is None else f"{place.count:,}",
        base="" if place.base is None else f"{float(place.base.value):,.0f}",
        base_on=place.base.valid_from if place.base else None,
        rate="" if place.rate is None else f"{place.rate:.{decimals}f}",
        interval=_say_rates(place.low, place.high, decimals),
        shrunk="" if shrunk is None else f"{shrunk.mean:.{decimals}f}",
        shrunk_interval="" if shrunk is None else _say_rates(shrunk.low, shrunk.high, decimals),
        missing="" if place.missing is None else SENTENCES[f"missing-{place.missing}"][language],
    )


def _say_rates(low: float | None, high: float | None, decimals: int) -> str:
    return "" if low is None or high is None else f"{low:.{decimals}f}–{high:.{decimals}f}"
