"""Whatever the reader infers has a sentence in both languages, and readings stored before it was data have one too."""

import itertools
import re
from typing import Any

import pytest

from wuzha.adapters.wording.inference import describe_cadence, describe_inference, load_inference_words
from wuzha.adapters.wording.words import Language
from wuzha.core.plan.phrases.cadence import CADENCE_CODES, MEASURES
from wuzha.core.plan.reading import INFERRED, INFERRED_FROM, Inference

LANGUAGES: tuple[Language, ...] = ("zh", "en")


@pytest.mark.parametrize("what", INFERRED)
@pytest.mark.parametrize("source", INFERRED_FROM)
@pytest.mark.parametrize("value", ["2027", ""])
def test_every_inference_has_a_sentence_in_both_languages(what: str, source: str, value: str) -> None:
    for language in LANGUAGES:
        said = describe_inference(Inference(what, source, value), language)
        assert value in said
        assert bool(re.search(r"[一-龥]", said)) == (language == "zh")
        assert not re.search(r"[{}_]", said)


def test_no_two_inferences_are_said_alike() -> None:
    pairs = itertools.product(INFERRED, INFERRED_FROM)
    said = [describe_inference(Inference(what, source), language) for what, source in pairs for language in LANGUAGES]
    assert len(said) == len(set(said))


def test_every_entry_of_the_table_is_a_code_that_the_reader_knows() -> None:
    table = load_inference_words()
    known = {
        "what": INFERRED, "open": INFERRED, "from": INFERRED_FROM, "cadence": CADENCE_CODES,
        "measure": [*MEASURES.values()],
    }  # fmt: skip
    assert {name: set(table[name]) for name in known} == {name: set(codes) for name, codes in known.items()}


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("monthly", "每月", "monthly"),
        ("every three weeks", "每3周", "every three weeks"),
        ("every 15 minutes", "每15分钟", "every 15 minutes"),
        ("every full moon", "every full moon", "every full moon"),
    ],
)
def test_a_cadence_is_said_in_plain_words(code: str, zh: str, en: str) -> None:
    assert [describe_cadence(code, language) for language in LANGUAGES] == [zh, en]


@pytest.mark.parametrize(
    ("inference", "zh", "en"),
    [
        (
            Inference("year", "title", "2027"),
            "原文没写年份，依据方案标题定为2027年",
            "The year is not written here; taken from the title, 2027",
        ),
        (
            {"what": "window", "from": "phase", "value": "2027-03-01/2027-03-15"},
            "原文没写起止日期，依据所在阶段定为2027年3月1日至2027年3月15日",
            "The days are not written here; taken from the phase it stands in, 1/3/2027 to 15/3/2027",
        ),
        (
            {"what": "deadline", "from": "limit", "value": "XXXX-05-31"},
            "原文没写期限，依据本条注明的完成时限定为5月31日",
            "The deadline is not written here; taken from the time limit noted for this item, 31/5",
        ),
        (
            Inference("cadence", "same_sentence", "monthly"),
            "原文没写多久一次，依据同一句前面的话定为每月",
            "How often is not written here; taken from an earlier part of the sentence, monthly",
        ),
        (
            Inference("deadline", "same_sentence", "relative: 活动结束后5日内"),
            "原文没写期限，依据同一句前面的话定为活动结束后5日内",
            "The deadline is not written here; taken from an earlier part of the sentence, 活动结束后5日内",
        ),
        (
            "year 2027 from date of the paper",
            "原文没写年份，依据落款日期定为2027年",
            "The year is not written here; taken from the date at the foot, 2027",
        ),
        (
            "window from phase",
            "原文没写起止日期，依据所在阶段推定",
            "The days are not written here; taken from the phase it stands in",
        ),
        ("something else", "something else", "something else"),
    ],
)  # fmt: skip
def test_an_inference_is_said_in_plain_words(inference: Any, zh: str, en: str) -> None:
    assert [describe_inference(inference, language) for language in LANGUAGES] == [zh, en]
