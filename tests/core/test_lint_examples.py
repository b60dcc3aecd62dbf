"""Sentences that a clerk could have written, and whether a rule finds them (tests/core/lint/*.yaml)."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from wuzha.adapters.lint_rules import load_rules
from wuzha.core.plan.lint.lint import lint_plan
from wuzha.core.plan.lint.rule import Finding
from wuzha.core.plan.read import read_plan

FOLDER = Path(__file__).parent / "lint"
FRAME = "{issuer}反诈宣传工作方案\n\n一、工作措施\n（一）{text}\n"
DAY = date(2027, 1, 1)
# Sentences of any good plan, in which no rule finds anything.
ORDINARY = "ordinary"
# What is counted over a whole plan is tried in test_lint.py.
ELSEWHERE = {"plan.too-long", "plan.duplicate-report", "plan.above-base"}


def check_sentence(line: str) -> tuple[str, tuple[Finding, ...]]:
    """The document around a sentence, and what was found in it; ``{青石镇} …`` says who issues it."""
    given = re.match(r"\{(.+?)\} ?(.*)", line, re.DOTALL)
    issuer, sentence = (given[1], given[2]) if given else ("石桥县", line)
    text = FRAME.format(issuer=issuer, text=sentence)
    return text, lint_plan(text, read_plan(text), load_rules(), DAY)


def list_examples(key: str) -> list[Any]:
    return [
        pytest.param(f"plan.{file.stem}", line, id=f"{file.stem}-{number}")
        for file in sorted(FOLDER.glob("*.yaml"))
        for number, line in enumerate(yaml.safe_load(file.read_text(encoding="utf-8")).get(key, ()), start=1)
    ]


@pytest.mark.parametrize(("code", "line"), list_examples("finds"))
def test_a_sentence_that_asks_for_it_is_found_at_its_place(code: str, line: str) -> None:
    text, findings = check_sentence(line)
    found = [finding for finding in findings if finding.code == code]
    assert found
    for finding in found:
        assert finding.span is not None
        assert finding.clause == "一（一）"
        masked = load_rules()[code].check in ("identity", "phone", "account")
        assert masked or text[slice(*finding.span)] == finding.words


@pytest.mark.parametrize(("code", "line"), list_examples("leaves"))
def test_a_sentence_that_forbids_it_or_speaks_of_something_else_is_left_alone(code: str, line: str) -> None:
    found = check_sentence(line)[1]
    assert [item.words for item in found if code in (item.code, f"plan.{ORDINARY}")] == []


def test_every_rule_has_eight_sentences_of_each_sort() -> None:
    sizes = {
        f"plan.{file.stem}": [len(yaml.safe_load(file.read_text(encoding="utf-8"))[key]) for key in ("finds", "leaves")]
        for file in FOLDER.glob("*.yaml")
        if file.stem != ORDINARY
    }
    assert set(sizes) | ELSEWHERE == set(load_rules())
    assert not {code: size for code, size in sizes.items() if min(size) < 8}
