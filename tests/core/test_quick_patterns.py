"""Patterns that fail fast find what they would find without it."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from wuzha.core.base.numerals import fold
from wuzha.core.plan.phrases import cadence, deadline, totality
from wuzha.core.plan.phrases.quick import Table, find_last, quick

PATTERNS = (
    r"每月|按周",
    r"(?<!第)一个?(天|周)",
    r"(?:在|于)?(年[终末])",
    r"(?=[半两])半?年",
    r"^(?:全体|所有)",
    r"\d{1,2}月(?:底)?",
    r"[^,]{2}完成",
    r"(?:要|应)*确保",
    r"(?P<who>[一-龥]{2})(?:局|办)",
    r"(?:天|年)?",
    r"x(?!y)|y(?<=y)",
)
SIGNS = "每月按周第一个天在于年终末半两全体所有1204底完成要应确保县局办xy,，"
LISTS = (cadence._PATTERNS, deadline._RULES, totality._TOTAL, totality._ZERO)


def list_clauses() -> list[str]:
    files = sorted((Path(__file__).parent / "reading").glob("*.yaml"))
    texts = [example["text"] for file in files for example in yaml.safe_load(file.read_text(encoding="utf-8"))]
    return [clause for text in texts for clause in re.split(r"[,。;\n]", fold(text)) if clause]


@pytest.mark.parametrize("pattern", PATTERNS)
@given(words=st.text(SIGNS, max_size=12))
def test_a_quick_pattern_finds_what_the_plain_one_finds(pattern: str, words: str) -> None:
    plain, fast = ([match.span() for match in one.finditer(words)] for one in (re.compile(pattern), quick(pattern)))
    assert plain == fast


@given(words=st.text(SIGNS, max_size=12))
def test_no_pattern_that_matches_is_left_out_of_a_table(words: str) -> None:
    chosen = Table((pattern, pattern) for pattern in PATTERNS).choose(words)
    assert [pattern for pattern in PATTERNS if re.search(pattern, words)] == [
        pattern for pattern in chosen if re.search(pattern, words)
    ]


@pytest.mark.parametrize("rules", LISTS)
def test_the_tables_of_the_reader_leave_out_nothing_in_the_clauses_of_the_examples(
    rules: tuple[tuple[str, object], ...],
) -> None:
    patterns = [rule[0] for rule in rules]
    table = Table((pattern, pattern) for pattern in patterns)
    compiled = [(pattern, re.compile(pattern)) for pattern in patterns]
    for clause in list_clauses():
        matching = {pattern for pattern, one in compiled if one.search(clause)}
        assert matching <= set(table.choose(clause))


def test_a_table_leaves_out_what_cannot_match() -> None:
    table = Table([(r"每月", 1), (r"(?:在)?年底", 2), (r"[^,]+", 3)])
    assert table.choose("加强宣传") == (3,)
    assert table.choose("每天") == (3,)
    assert table.choose("每天，一月") == (1, 3)


@pytest.mark.parametrize("pattern", PATTERNS)
@given(words=st.text(SIGNS, max_size=12))
def test_a_match_ends_with_one_of_the_signs_that_the_pattern_can_end_with(pattern: str, words: str) -> None:
    last = find_last(pattern)
    for match in re.finditer(pattern, words):
        assert last is None or match[0][-1] in last


def test_the_signs_with_which_a_pattern_ends_are_no_more_than_they_need_be() -> None:
    assert find_last(r"[^,]{2}(?:局|办(?:公室)?)") == frozenset("局办室")
    assert find_last(r"局?") is None


def test_without_the_parser_of_the_language_patterns_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wuzha.core.plan.phrases.quick._parser", None)
    assert quick(r"每月|按周").findall("每月按周") == ["每月", "按周"]
    assert find_last("局") is None
    assert Table([(r"每月", 1)]).choose("每天") == (1,)
