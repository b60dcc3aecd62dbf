"""Sentences that a clerk could have written, and the duty each becomes (tests/core/placing/*.yaml)."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from wuzha.adapters.kinds import load_kinds
from wuzha.core.duty.sentence import render_duty
from wuzha.core.plan.build import build_plan
from wuzha.core.plan.check import check_plan
from wuzha.core.plan.place import draft_with_questions
from wuzha.core.plan.read import read_plan

FOLDER = Path(__file__).parent / "placing"
FRAME = "石桥县2027年反诈宣传工作方案\n一、工作措施\n{text}\n石桥县反诈联席办\n2027年1月5日\n"
SAYS_NOTHING = ("id", "clause", "quote", "span", "proof")


def list_examples() -> list[Any]:
    return [
        pytest.param(example, id=f"{file.stem}-{number}")
        for file in sorted(FOLDER.glob("*.yaml"))
        for number, example in enumerate(yaml.safe_load(file.read_text(encoding="utf-8")), start=1)
    ]


@pytest.mark.parametrize("example", list_examples())
def test_a_sentence_becomes_the_duty_of_its_example(example: dict[str, Any]) -> None:
    text = example["text"] if example.get("whole") else FRAME.format(text=example["text"])
    draft = draft_with_questions(read_plan(text), 2027)
    duties: Any = draft.mapping["duties"]
    wanted: Any = [{"vague": None, **duty} for duty in example["duties"]]
    given = [{key: duty.get(key) for key in keys} for duty, keys in zip(duties, wanted, strict=False)]
    rest = [{key: duty[key] for key in duty if key not in SAYS_NOTHING} for duty in duties[len(wanted) :]]
    assert (given, rest) == (wanted, [])
    asked = {code for duty_id, codes in draft.questions.items() if duty_id for code in codes}
    assert set(example.get("asks", ())) <= asked


@pytest.mark.parametrize("example", list_examples())
def test_every_drafted_duty_is_sound_and_reads_back_as_a_sentence(example: dict[str, Any]) -> None:
    text = example["text"] if example.get("whole") else FRAME.format(text=example["text"])
    kinds = load_kinds()
    plan, problems = build_plan(draft_with_questions(read_plan(text), 2027).mapping)
    assert plan is not None, problems
    errors = [problem for problem in check_plan(plan, kinds) if problem.severity == "error"]
    assert errors == []
    assert all(len(render_duty(duty, kinds)) > 4 for duty in plan.duties)
