"""Sentences that a clerk could have written, and what they ask for (tests/core/reading/*.yaml)."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from wuzha.core.plan.read import read_plan
from wuzha.core.plan.reading import reading_to_json

FOLDER = Path(__file__).parent / "reading"
FRAME = "石桥县反诈宣传工作方案\n{date}一、工作措施\n{text}\n"


def list_examples() -> list[Any]:
    return [
        pytest.param(example, id=f"{file.stem}-{number}")
        for file in sorted(FOLDER.glob("*.yaml"))
        for number, example in enumerate(yaml.safe_load(file.read_text(encoding="utf-8")), start=1)
    ]


@pytest.mark.parametrize("example", list_examples())
def test_a_sentence_gives_what_its_example_says(example: dict[str, Any]) -> None:
    date = f"石桥县反诈联席办\n{example['year']}年1月5日\n" if "year" in example else ""
    text = example["text"] if example.get("whole") else FRAME.format(date=date, text=example["text"])
    reading: dict[str, Any] = reading_to_json(read_plan(text))
    duties = [duty | {"inferred": list_sources(duty)} for duty in reading["duties"]]
    given = [{key: duty[key] for key in wanted} for duty, wanted in zip(duties, example["gives"], strict=False)]
    assert (given, [duty["quote"] for duty in duties[len(given) :]]) == (example["gives"], [])
    assert example.get("phases", list_phases(reading)) == list_phases(reading)
    assert example.get("valid", list_validity(reading)) == list_validity(reading)


def list_sources(place: dict[str, Any]) -> dict[str, str]:
    """What was inferred, and from where."""
    return {one["what"]: one["from"] for one in place["inferred"]}


def list_phases(reading: dict[str, Any]) -> list[list[str | None]]:
    return [[phase["name"], phase["window_start"], phase["deadline"]] for phase in reading["phases"]]


def list_validity(reading: dict[str, Any]) -> list[str | None]:
    """First and last day, and where they were taken from unless the paper says them of itself."""
    valid = reading["valid"]
    return [valid["from"], valid["to"], *list_sources(valid).values()]


def test_every_family_of_phrases_has_at_least_eight_examples() -> None:
    sizes = {file.stem: len(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in FOLDER.glob("*.yaml")}
    assert {name: size for name, size in sizes.items() if size < 8} == {}
