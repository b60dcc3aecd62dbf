"""What ``wuzha assess`` and ``wuzha why`` say beside the number: chance, pace, what was known, and why."""

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
  - id: homes
    clause: 二
    quote: 各村走访全部住户
    who: {kind: village}
    cover: household
    at_least: 100%
  - id: rally
    who: {kind: village}
    do: rally
    at_least: 1
    every: quarter
  - id: fall
    who: {kind: town}
    attain: cases
    change: {at_most: -20%, against: last_year}
"""
UNITS = (
    ("编码", "名称", "类型", "上级编码", "户数", "基数日期"),
    ("SQ", "石桥县", "县", "", "", ""),
    ("SQ01", "石桥镇", "乡镇", "SQ", "", ""),
    ("SQ0101", "东村", "村", "SQ01", 400, "2026-01-01"),
    ("SQ0102", "西村", "村", "SQ01", 300, "2026-01-01"),
)
CASES = (("SQ01", "cases", "2026-03-02", 12), ("SQ01", "cases", "2027-03-02", 7))
HEAD = ("单位编码", "类型", "日期", "数量")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    book = Workbook()
    assert book.active is not None
    for row in UNITS:
        book.active.append(row)
    book.save(tmp_path / "units.xlsx")
    return tmp_path


def write_records(folder: Path, *rows: tuple[object, ...], head: tuple[str, ...] = HEAD) -> None:
    with (folder / "records.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])


def run(command: str, desk: Path, *arguments: object) -> Result:
    files = ("--units", desk / "units.xlsx", "--records", desk / "records.csv", "--as-of", "2027-07-10")
    return CliRunner().invoke(cli, [str(one) for one in (command, desk / "plan.yaml", *files, *arguments)])


def read_standing(desk: Path, duty: str, unit: str, *arguments: object) -> dict[str, Any]:
    result = run("assess", desk, "--format", "json", *arguments)
    assert result.exit_code == 0, result.output
    found = [one for one in json.loads(result.stdout)["standings"] if (one["duty"], one["unit"]) == (duty, unit)]
    standing: dict[str, Any] = found[0]
    return standing


def test_an_indicator_carries_its_counts_its_interval_and_the_sentence_of_chance(desk: Path) -> None:
    write_records(desk, *CASES)
    certainty = read_standing(desk, "fall", "SQ01")["certainty"]

    assert (certainty["now"], certainty["of"], certainty["is_chance"]) == (7, 12, True)
    assert certainty["low"] < -0.4167 < certainty["high"]
    assert certainty["say"].endswith("人数少，这个变化分不清是好转还是偶然。")
    assert "certainty" not in read_standing(desk, "rally", "SQ0101")


def test_the_table_and_the_csv_say_it_too(desk: Path) -> None:
    write_records(desk, *CASES)

    assert "有 1 条指标人数少" in run("assess", desk).stdout
    assert "人数少，这个变化分不清是好转还是偶然" in run("assess", desk, "--format", "csv").stdout


def test_work_that_adds_up_says_its_pace_and_the_rest_has_none(desk: Path) -> None:
    visits = [("SQ0101", "visit", f"2027-{month:02}-{day:02}", 8) for month in (4, 5, 6) for day in (6, 13, 20, 27)]
    write_records(desk, *visits)
    pace = read_standing(desk, "homes", "SQ0101")["pace"]

    assert pace["expected"] == 400 * 191 // 365
    assert (pace["weeks"], pace["outlook"]) == (12, "too-late")
    assert "2027-12-31" < pace["first_on"] < pace["last_on"]
    assert pace["say"].startswith("匀着算，到今天应到 209，现在 96，慢了 113。按近12周的进度，大约")
    assert read_standing(desk, "homes", "SQ0102")["pace"]["say"].endswith("近12周没有新增，哪天能完成说不准。")
    assert "pace" not in read_standing(desk, "rally", "SQ0101")


def test_known_by_a_day_a_late_correction_does_not_count_and_its_original_does(desk: Path) -> None:
    head = ("编号", "单位编码", "类型", "日期", "数量", "接收时间", "更正编号")
    one, two = "018f0000-0000-7000-8000-000000000001", "018f0000-0000-7000-8000-000000000002"
    write_records(
        desk,
        (one, "SQ0101", "visit", "2027-05-03", 40, "2027-05-03 18:00", ""),
        (two, "SQ0101", "visit", "2027-05-03", 14, "2027-06-02 09:00", one),
        head=head,
    )

    assert read_standing(desk, "homes", "SQ0101")["value"] == 14
    assert read_standing(desk, "homes", "SQ0101", "--known-by", "2027-06-01")["value"] == 40
    assert read_standing(desk, "homes", "SQ0101", "--known-by", "2027-05-02")["value"] == 0
    assert "按 2027-06-01 及以前收到的记录" in run("assess", desk, "--known-by", "2027-06-01").stdout
