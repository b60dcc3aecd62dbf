"""``wuzha supervise``: from a plan, a roster, a ledger and what was given already to proposals with their facts."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from wuzha.cli import cli

PLAN = """\
title: 石桥县反诈方案
valid: {from: 2027-01-01, to: 2027-12-31}
duties:
  - id: rally
    who: {kind: village}
    do: rally
    at_least: 1
    every: month
  - id: fall
    who: {kind: town}
    attain: cases
    change: {at_most: -20%, against: last_year}
    every: quarter
"""
UNITS = (
    ("编码", "名称", "类型", "上级编码"),
    ("SQ", "石桥县", "县", ""),
    ("SQ01", "石桥镇", "乡镇", "SQ"),
    ("SQ0101", "东村", "村", "SQ01"),
    ("SQ0102", "西村", "村", "SQ01"),
    ("SQ02", "桥西镇", "乡镇", "SQ"),
)
RECORDS = (
    ("单位编码", "类型", "日期", "数量"),
    *(("SQ0102", "rally", f"2027-0{month}-05", 1) for month in (1, 2, 3, 4)),
    ("SQ0101", "rally", "2027-01-05", 1),
    *(("SQ01", "cases", "2026-02-03", 4), ("SQ01", "cases", "2027-02-03", 5)),
    *(("SQ02", "cases", "2026-02-03", 10), ("SQ02", "cases", "2027-02-03", 60)),
)
GIVEN = """\
measures:
  - id: 石桥提示〔2027〕1号
    step: remind
    unit: SQ0101
    about:
      - {duty: rally, windows: [2027-02, 2027-03]}
    events:
      - {what: given, on: 2027-04-05, by: 石小桥, post: officer}
      - {what: answered, on: 2027-04-08, by: 桥东来, note: 人手不够，四月补上}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "given.yaml").write_text(GIVEN, encoding="utf-8")
    book = Workbook()
    assert book.active is not None
    for row in UNITS:
        book.active.append(row)
    book.save(tmp_path / "units.xlsx")
    with (tmp_path / "records.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(RECORDS)
    return tmp_path


def run(desk: Path, *options: str) -> Result:
    named = {"plan": "plan.yaml", "units": "units.xlsx", "records": "records.csv"}
    told = [word for name, file in named.items() for word in (f"--{name}", str(desk / file))]
    return CliRunner().invoke(cli, ["supervise", *told, "--as-of", "2027-05-10", *options])


def ask(desk: Path, *options: str) -> Any:
    result = run(desk, "--format", "json", *options)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_facts_of_the_day_stand_beside_each_proposal(desk: Path) -> None:
    told = ask(desk)

    village, town = told["proposals"][0], told["proposals"][1]
    assert (village["unit"], village["name"], village["step"]["code"]) == ("SQ0101", "东村", "remind")
    assert village["grounds"][0]["missed"][0] == {
        "window": "2027-02",
        "due_on": "2027-02-28",
        "value": 0,
        "goal": 1,
        "signal": None,
    }
    assert village["grounds"][0]["text"] == (
        "2027-02、2027-03、2027-04 共 3 期未完成，到现在连续 3 期，头一期 2027-02-28 到期，已过 71 天。"
    )
    assert (town["unit"], town["grounds"][0]["duty"], len(told["proposals"])) == ("SQ02", "fall", 2)


def test_an_indicator_is_proposed_with_its_interval_and_not_where_chance_explains_it(desk: Path) -> None:
    told = ask(desk)

    signal = told["proposals"][1]["grounds"][0]["missed"][0]["signal"]
    # Two towns and four quarters are looked at together.
    assert (signal["now"], signal["of"], signal["windows"]) == (60, 10, 8)
    assert 0 < signal["low"] < 5 < signal["high"]
    (held,) = told["withheld"]
    assert (held["unit"], held["duty"], held["why"]) == ("SQ01", "fall", "chance")
    assert held["missed"]["signal"]["low"] < 0 < held["missed"]["signal"]["high"]
    assert "单凭偶然也会这样，不提措施" in held["text"]


def test_what_was_given_is_followed_by_the_step_above_once_its_mending_day_has_passed(desk: Path) -> None:
    told = ask(desk, "--measures", str(desk / "given.yaml"))

    village = told["proposals"][0]
    assert (village["step"]["code"], village["grounds"][0]["follows"]) == ("circular", "石桥提示〔2027〕1号")
    assert told["measures"][0]["mend_by"] == "2027-04-20"
    assert told["measures"][0]["last"] == {"event": "answered", "on": "2027-04-08", "by": "桥东来"}


def test_the_table_says_that_a_person_gives_the_measure(desk: Path) -> None:
    result = run(desk, "--measures", str(desk / "given.yaml"))

    assert result.exit_code == 0
    assert "可以考虑的措施 2 条。只是建议，出具要由有权的人具名办理。" in result.stdout
    assert "东村" in result.stdout
    assert "正在办的措施" in result.stdout
    assert "答复，桥东来，2027-04-08；整改期限 2027-04-20" in result.stdout


def test_the_table_is_told_in_english_and_goes_to_a_file(desk: Path) -> None:
    result = run(desk, "--lang", "en", "-o", str(desk / "advice.txt"))

    text = (desk / "advice.txt").read_text(encoding="utf-8")
    assert result.exit_code == 0
    assert "2 measures to think about" in text
    assert "Reminder" in text
    assert "chance explains it" in text


def test_asking_for_one_unit_changes_no_interval(desk: Path) -> None:
    whole, part = ask(desk), ask(desk, "--unit", "桥西镇")

    assert part["proposals"] == [one for one in whole["proposals"] if one["unit"] == "SQ02"]
    assert part["withheld"] == []


def test_a_measure_without_a_person_has_no_effect_and_is_told(desk: Path) -> None:
    (desk / "given.yaml").write_text(GIVEN.replace("by: 石小桥, ", ""), encoding="utf-8")

    result = run(desk, "--format", "json", "--measures", str(desk / "given.yaml"))

    assert result.exit_code == 1
    assert "《given.yaml》第 8 行" in result.stderr
    assert "措施不能由系统自己出具" in result.stderr
    assert json.loads(result.stdout)["measures"] == []


def test_what_came_after_the_day_is_not_known_on_it(desk: Path) -> None:
    (desk / "given.yaml").write_text(GIVEN.replace("2027-04-0", "2027-06-0"), encoding="utf-8")

    assert ask(desk, "--measures", str(desk / "given.yaml"))["measures"] == []


def test_a_ladder_with_a_mistake_is_not_used(desk: Path) -> None:
    (desk / "ladder.yaml").write_text("title: 阶梯\nsteps:\n  - {code: remind, when: rank <= 3}\n", encoding="utf-8")

    result = run(desk, "--ladder", str(desk / "ladder.yaml"))

    assert result.exit_code == 1
    assert "《ladder.yaml》第 3 行" in result.stderr
    assert result.stdout == ""


def test_a_county_has_its_own_ladder(desk: Path) -> None:
    days = "answer_days: 3, mend_days: 5, appeal_days: 3"
    step = f"{{code: call, title: 电话提醒, title_en: Call, when: missed_in_a_row >= 4, {days}}}"
    (desk / "ladder.yaml").write_text(f"title: 石桥阶梯\nsteps:\n  - {step}\n", encoding="utf-8")

    told = ask(desk, "--ladder", str(desk / "ladder.yaml"))

    assert (told["ladder"], told["proposals"]) == ("石桥阶梯", [])


def test_a_measures_file_with_a_mistake_of_form_is_not_guessed_at(desk: Path) -> None:
    (desk / "given.yaml").write_text(GIVEN.replace("what: given", "what: done"), encoding="utf-8")

    result = run(desk, "--measures", str(desk / "given.yaml"))

    assert result.exit_code == 1
    assert "不认识“done”这件事" in result.stderr
    assert result.stdout == ""
