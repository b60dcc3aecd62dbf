"""What the reader inferred, in a sentence: 原文没写年份，依据方案标题定为2027年.

The words stand in ``inference.yaml``, one entry a code of ``wuzha.core.plan.reading``.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

from wuzha.adapters.wording.words import Language, Sentences
from wuzha.core.plan.phrases.cadence import COUNTS
from wuzha.core.plan.reading import Inference, parse_inference

ODD = re.compile(r"every (\w+) (minutes|hours|days|weeks|months|semesters|years)")
DAY = re.compile(r"(20\d\d|XXXX)-(\d\d)-(\d\d)")


@cache
def load_inference_words() -> Mapping[str, Sentences]:
    """The tables ``what``, ``open``, ``from``, ``cadence``, ``measure`` and ``day``, each from a code to its words."""
    text = files("wuzha.adapters.wording").joinpath("inference.yaml").read_text(encoding="utf-8")
    return MappingProxyType(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def describe_inference(inference: Inference | Mapping[str, str] | str, language: Language = "zh") -> str:
    """Why a value stands in the reading, as one sentence without its full stop.

    Takes an :class:`Inference` or an entry of ``inferred`` in a reading's JSON: ``{"what", "from", "value"}``, or the
    English words that readings stored by older versions hold, which are put into the same sentences. What is not known
    is given back as it stands.
    """
    one = inference if isinstance(inference, Inference) else parse_inference(inference)
    source = _find_words("from", one.source, language)
    sentence = _find_words("what" if one.value else "open", one.what, language)
    if not source or not sentence:
        return " ".join(part for part in (one.what, one.source, one.value) if part)
    return sentence.format(source=source, value=_say_value(one, language))


def describe_cadence(code: str, language: Language = "zh") -> str:
    """A cadence as demands have it: 每月, 每15天; a code that is not known as it stands."""
    words = _find_words("cadence", code, language)
    odd = ODD.fullmatch(code)
    if words or odd is None:
        return words or code
    count = COUNTS.index(odd[1]) if odd[1] in COUNTS else odd[1]
    return _find_words("measure", odd[2], language).format(count=count if language == "zh" else odd[1])


def _find_words(table: str, code: str, language: Language) -> str:
    words = load_inference_words()[table].get(code)
    return words[language] if words else ""


def _say_value(one: Inference, language: Language) -> str:
    """Days and cadences in words; whatever else (the words of an actor, 活动结束后5日内) as it stands."""
    if one.what == "cadence":
        return describe_cadence(one.value, language)
    if one.what == "unit":
        return one.value.removeprefix("ratio of ")
    if one.what in ("window", "deadline", "valid"):
        return _say_days(one.value, language)
    return one.value


def _say_days(value: str, language: Language) -> str:
    opens, slash, last = value.partition("/")
    if slash:
        days = {"opens": _say_days(opens, language), "last": _say_days(last, language)}
        return _find_words("day", "stretch", language).format(**days)
    if value.startswith("about "):
        return _find_words("day", "about", language).format(day=_say_days(value.removeprefix("about "), language))
    match = DAY.fullmatch(value)
    if match is None:
        return value.removeprefix("relative: ")
    code = "open" if match[1] == "XXXX" else "full"
    return _find_words("day", code, language).format(year=match[1], month=int(match[2]), day=int(match[3]))
